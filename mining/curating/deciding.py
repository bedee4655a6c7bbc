"""A decision from the wish to the page: noted, and the newest analysis described again in its light.

For commands and views. A decision is stored before its effect is worked out, so a process that dies in between loses
nothing: whoever decides, or mines, next works it in first. Nothing is clustered or embedded anew.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from capture.database import Database
from capture.errors import Refused
from capture.models import Utterance
from capture.transcripts import utterances_of
from mining.analyses import latest_analysis
from mining.conclusion import Clustered, Conclusion, Lineage, conclude_known
from mining.curating.strands import Past, read_past, version_of
from mining.describing.kinds import Kind
from mining.embedding.embedder import Vectors
from mining.embedding.embeddings import recalled_texts
from mining.models import Analysis, Decision, Passage, Theme
from mining.storing import replace_themes

TRIES = 8
"""How often a description is begun anew because somebody else decided meanwhile."""
CROWDED = "Others are deciding about the same themes right now. Nothing is lost: load the page again in a moment."


@dataclass(frozen=True)
class _Stored:
    """The newest analysis as it lies in the database."""

    analysis: Analysis
    passages: tuple[int, ...]
    clustered: tuple[Clustered, ...]
    vectors: Vectors
    past: Past
    lineage: Lineage
    labels: dict[int, str]


def decide(database: Database, event_id: int, make: Callable[[Session], Decision]) -> Decision:
    """Stores what `make` (a function of `mining.curating.decisions`) makes and works it into the newest analysis.

    What others decided before is worked in first: `make` always sees its effect. Raises what `make` raises.
    """
    for _ in range(TRIES):
        conclude_again(database, event_id)
        with database.writing() as session:
            analysis = latest_analysis(session, event_id)
            if analysis is not None and analysis.concluded != version_of(session, event_id):
                continue
            made = make(session)
        conclude_again(database, event_id)
        return made
    raise Refused(CROWDED)


def conclude_again(database: Database, event_id: int) -> bool:
    """Describes the newest analysis anew where decisions were made, or undone, that it does not respect yet; returns
    whether that was so. Passages keep their numbers, the analysis its id. Raises Refused where others keep deciding."""
    for _ in range(TRIES):
        with database.reading() as session:
            stored = _read(session, event_id)
        if stored is None:
            return False
        concluded = _conclude(database, stored)
        with database.writing() as session:
            analysis = latest_analysis(session, event_id)
            if analysis is None or analysis.stamp != stored.analysis.stamp:
                continue
            if analysis.concluded >= concluded.version:
                return True  # somebody else was quicker
            if version_of(session, event_id) == concluded.version:
                replace_themes(session, analysis, stored.passages, concluded)
                return True
    raise Refused(CROWDED)


def _read(session: Session, event_id: int) -> _Stored | None:
    """None where there is nothing to do."""
    analysis = latest_analysis(session, event_id)
    if analysis is None or not analysis.lineage or analysis.concluded == version_of(session, event_id):
        return None
    lineage = Lineage.read(analysis.lineage)
    rows = session.scalars(
        select(Passage)
        .where(Passage.analysis_id == analysis.id)
        .order_by(Passage.number)
        .options(undefer(Passage.vector), undefer(Passage.mined))
    ).all()
    spoken = _spoken(session, rows)
    suggested = select(Theme.strand_id, Theme.label).where(Theme.analysis_id == analysis.id, Theme.named_by.is_(None))
    return _Stored(
        analysis=analysis,
        passages=tuple(row.id for row in rows),
        clustered=tuple(_clustered(row, lineage, spoken[row.number]) for row in rows),
        vectors=_vectors(rows),
        past=read_past(session, event_id, analysis.embedder),
        lineage=lineage,
        labels={**lineage.labels, **{strand: label for strand, label in session.execute(suggested) if strand}},
    )


def _clustered(row: Passage, lineage: Lineage, spoken: Sequence[Utterance]) -> Clustered:
    aside = lineage.asides.get(row.number - 1, row.aside if row.found is None else None)
    return Clustered(
        group=row.group_id,
        recording=row.recording_id,
        start=row.start - row.offset,
        end=row.end - row.offset,
        words=row.words,
        mined=row.mined,
        found=row.found,
        facet=row.facet,
        aside=aside,
        kind=Kind(row.kind) if row.kind else None,
        spoken=spoken,
    )


def _spoken(session: Session, rows: Sequence[Passage]) -> dict[int, Sequence[Utterance]]:
    """{passage's number: its utterances, in order}."""
    said = {recording: utterances_of(session, recording) for recording in {row.recording_id for row in rows}}
    positions = {recording: [each.position for each in its] for recording, its in said.items()}
    found: dict[int, Sequence[Utterance]] = {}
    for row in rows:
        own = positions[row.recording_id]
        found[row.number] = said[row.recording_id][bisect_left(own, row.first) : bisect_right(own, row.last)]
    return found


def _vectors(rows: Sequence[Passage]) -> Vectors:
    if not rows:
        return np.empty((0, 0), np.float32)
    return np.vstack([np.frombuffer(row.vector or b"", "<f4") for row in rows])


def _conclude(database: Database, stored: _Stored) -> Conclusion:
    """Names come from phrases whose meaning is known already: a page must not wait for a language model."""
    from threadpoolctl import threadpool_limits

    dimension = stored.vectors.shape[1]

    def recall(phrases: Sequence[str]) -> Vectors:
        return recalled_texts(database, stored.analysis.embedder, phrases, dimension, stored.analysis.event_id)

    with threadpool_limits(1):
        return conclude_known(stored.clustered, stored.vectors, stored.past, stored.lineage, recall, stored.labels)
