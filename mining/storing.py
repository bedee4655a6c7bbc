"""Writes what was concluded: a whole analysis in place of the one before, or only its themes after a decision.

The last stage of the pipeline. Called within the writing transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from mining.conclusion import Clustered, Conclusion
from mining.curating.lineage import Change
from mining.curating.strands import stored_vector, write_strands
from mining.describing.perspectives import Perspective
from mining.describing.themes import CoarseTheme, FoundTheme
from mining.embedding.embedder import Vectors
from mining.material import Placed
from mining.models import Analysis, Passage, Theme


def replace_analysis(
    session: Session,
    analysis: Analysis,
    placed: Sequence[Placed],
    clustered: Sequence[Clustered],
    vectors: Vectors,
    concluded: Conclusion,
    stability: Mapping[int, float],
) -> None:
    """Stores the analysis with its passages, themes and strands, and deletes the event's earlier ones.

    `stability` is what was measured of clusters, by their numbers."""
    session.execute(delete(Analysis).where(Analysis.event_id == analysis.event_id))
    found, parts = concluded.bodies, concluded.parts
    ids = write_strands(session, analysis.event_id, analysis.embedder, analysis.created_at, found, parts)
    analysis.concluded = concluded.version
    analysis.lineage = concluded.lineage.stored(ids)
    session.add(analysis)
    session.flush()
    known = {
        concluded.lineage.found[cluster]: value
        for cluster, value in stability.items()
        if cluster in concluded.lineage.found
    }
    themes = _add_themes(session, analysis.id, concluded, ids, known)
    rows = [
        {
            "analysis_id": analysis.id,
            "group_id": each.group,
            "recording_id": each.recording,
            "number": i + 1,
            "offset": each.offset,
            "speakers": list(each.draft.speakers),
            "start": round(each.draft.start + each.offset, 3),
            "end": round(each.draft.end + each.offset, 3),
            **{name: getattr(each.draft, name) for name in ("first", "last", "words", "text", "mined")},
            "found": its.found,
            "facet": its.facet,
            "vector": stored_vector(vectors[i]),
            "kind": its.kind and its.kind.value,
            **_place(concluded, i, themes),
        }
        for i, (each, its) in enumerate(zip(placed, clustered, strict=True))
    ]
    if rows:
        session.execute(insert(Passage), rows)


def replace_themes(session: Session, analysis: Analysis, passages: Sequence[int], concluded: Conclusion) -> None:
    """Stores the themes anew and where the passages (their ids, in the order of their numbers) belong now. The
    analysis and its passages stay, and so does what was measured of each theme's stability."""
    before = session.query(Theme).filter(Theme.analysis_id == analysis.id).all()
    # Also of themes that a decision took away for a while: undone, it brings them back as they were measured.
    stability = {int(strand): value for strand, value in analysis.lineage.get("stability", {}).items()}
    stability |= {t.strand_id: t.stability for t in before if t.strand_id is not None and t.stability is not None}
    suggested = {theme.strand_id: theme.label for theme in before if not theme.named_by and theme.strand_id is not None}
    session.execute(delete(Theme).where(Theme.analysis_id == analysis.id).execution_options(synchronize_session=False))
    session.expunge_all()
    themes = _add_themes(session, analysis.id, concluded, {}, stability)
    lineage = concluded.lineage.stored({})
    lineage["labels"] = {**lineage["labels"], **{str(strand): label for strand, label in suggested.items()}}
    lineage["stability"] = {str(strand): value for strand, value in stability.items()}
    values = {"lineage": lineage, "concluded": concluded.version}
    session.execute(update(Analysis).where(Analysis.id == analysis.id).values(values))
    if passages:
        session.execute(update(Passage), [{"id": id, **_place(concluded, i, themes)} for i, id in enumerate(passages)])


def _place(concluded: Conclusion, i: int, themes: Mapping[int, int]) -> dict[str, object]:
    """What a decision may change about a passage."""
    return {
        "theme_id": themes.get(i),
        "aside": concluded.asides[i],
        "strength": round(min(1.0, float(concluded.described.strengths[i])), 4),
    }


def _add_themes(
    session: Session,
    analysis_id: int,
    concluded: Conclusion,
    ids: Mapping[int, int],
    stability: Mapping[int, float | None],
) -> dict[int, int]:
    """Adds the themes' rows; returns {passage's index: id of its theme}."""
    described = concluded.described.themes
    rows = []
    each = zip(described, concluded.strands, concluded.changes, concluded.named_by, strict=True)
    for theme, key, change, named_by in each:
        row = _theme_row(analysis_id, theme, change)
        row.strand_id, row.named_by = ids.get(key, key), named_by
        row.stability = stability.get(key)
        rows.append(row)
    coarse = [_coarse_row(analysis_id, theme) for theme in concluded.described.coarse]
    session.add_all([*rows, *coarse])
    session.flush()
    return {i: row.id for theme, row in zip(described, rows, strict=True) for i in theme.members}


def _theme_row(analysis_id: int, theme: FoundTheme, change: Change | None) -> Theme:
    return Theme(
        analysis_id=analysis_id,
        number=theme.number,
        label=theme.label,
        keywords=list(theme.keywords),
        parent=theme.parent,
        change=change and change.stored(),
        breadth=theme.breadth,
        depth=theme.depth,
        by_group={str(group): round(share, 6) for group, share in theme.by_group.items()},
        quotes=[i + 1 for i in theme.quotes],
        perspectives=[_perspective(each) for each in theme.perspectives],
        neighbours=list(theme.neighbours),
        x=theme.x,
        y=theme.y,
        shared=None if theme.shared is None else theme.shared + 1,
        statement=None
        if theme.statement is None
        else {**asdict(theme.statement), "passage": theme.statement.passage + 1},
        kinds={kind: round(share, 6) for kind, share in (theme.kinds or {}).items()},
    )


def _perspective(each: Perspective) -> dict[str, Any]:
    return {
        "group": each.group,
        "keywords": list(each.keywords),
        "quotes": [i + 1 for i in each.quotes],
        "distinctive": None if each.distinctive is None else each.distinctive + 1,
        "seconds": round(each.seconds, 3),
        "passages": each.passages,
        "thin": each.thin,
    }


def _coarse_row(analysis_id: int, theme: CoarseTheme) -> Theme:
    return Theme(
        analysis_id=analysis_id,
        number=theme.number,
        label=theme.label,
        keywords=list(theme.keywords),
        parent=None,
        coarse=True,
        breadth=theme.breadth,
        depth=theme.depth,
        by_group={str(group): round(share, 6) for group, share in theme.by_group.items()},
        quotes=[],
        perspectives=[],
        neighbours=[],
        x=0.0,
        y=0.0,
    )
