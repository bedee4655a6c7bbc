"""Writes an analysis with its passages and themes, in place of the one before. The last stage of the pipeline."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from mining.material import Placed
from mining.models import Analysis, Passage, Theme
from mining.themes import Described, FoundTheme


def replace_analysis(session: Session, analysis: Analysis, placed: Sequence[Placed], described: Described) -> None:
    """Stores the analysis with its passages and themes, and deletes the event's earlier ones."""
    session.execute(delete(Analysis).where(Analysis.event_id == analysis.event_id))
    session.add(analysis)
    session.flush()
    themes = [_theme_row(analysis.id, theme) for theme in described.themes]
    session.add_all(themes)
    session.flush()
    ids = {i: row.id for theme, row in zip(described.themes, themes, strict=True) for i in theme.members}
    session.add_all(
        Passage(
            analysis_id=analysis.id,
            group_id=each.group,
            recording_id=each.recording,
            theme_id=ids.get(i),
            number=i + 1,
            offset=each.offset,
            kind=None,
            strength=round(min(1.0, float(described.strengths[i])), 4),
            speakers=list(each.draft.speakers),
            start=round(each.draft.start + each.offset, 3),
            end=round(each.draft.end + each.offset, 3),
            **{name: getattr(each.draft, name) for name in ("first", "last", "words", "text")},
        )
        for i, each in enumerate(placed)
    )


def _theme_row(analysis_id: int, theme: FoundTheme) -> Theme:
    return Theme(
        analysis_id=analysis_id,
        number=theme.number,
        label=theme.label,
        keywords=list(theme.keywords),
        parent=None,
        breadth=theme.breadth,
        depth=theme.depth,
        stability=None,
        by_group={str(group): round(share, 6) for group, share in theme.by_group.items()},
        quotes=[i + 1 for i in theme.quotes],
        perspectives=[
            {"group": each.group, "keywords": list(each.keywords), "quotes": [i + 1 for i in each.quotes]}
            for each in theme.perspectives
        ],
        neighbours=list(theme.neighbours),
        x=theme.x,
        y=theme.y,
    )
