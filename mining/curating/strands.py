"""What is kept of themes from one analysis to the next, read and written: strands, and the log of decisions.

The database's side of `mining.curating.lineage` and `mining.curating.curation`, for `mining.conclusion`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.models import Recording
from mining.analyses import latest_analysis
from mining.curating.curation import Made
from mining.curating.lineage import Body, Span
from mining.embedding.embedder import Vectors
from mining.models import Decision, Passage, Strand, Theme


@dataclass(frozen=True)
class Past:
    """What is known of an event's themes before it is described anew.

    `version` counts decisions and undoings: as long as it is the same, so are the decisions. `parts` are the strands
    that people split off, `rooms` is {recording: group}. `labels` are what the software called themes last, by
    strand, and `talk` {recording: seconds mined} by the analysis before; empty where there is none that may be shown.
    """

    strands: tuple[Body, ...] = ()
    decisions: tuple[Made, ...] = ()
    version: int = 0
    parts: frozenset[int] = frozenset()
    rooms: Mapping[int, int] = field(default_factory=dict)
    labels: Mapping[int, str] = field(default_factory=dict)
    talk: Mapping[int, float] = field(default_factory=dict)

    @property
    def split_off(self) -> dict[int, Body]:
        return {body.key: body for body in self.strands if body.key in self.parts}


def read_past(session: Session, event_id: int, embedder: str) -> Past:
    """The event's past as the next description needs it. Centres are left out where another embedder made them."""
    added = {
        recording: (group, when)
        for recording, group, when in session.execute(
            select(Recording.id, Recording.group_id, Recording.added_at).where(Recording.event_id == event_id)
        )
    }
    rows = session.scalars(select(Strand).where(Strand.event_id == event_id).order_by(Strand.id)).all()
    last = max((row.seen_at for row in rows if row.seen_at), default=None)
    # A database may give a removed recording's number to a new one; what was found before that is not of it.
    valid = {recording for recording, (_, when) in added.items() if last is None or when <= last}
    made, parts = _decisions(session, event_id, {recording: when for recording, (_, when) in added.items()})
    newest = latest_analysis(session, event_id)
    talk: dict[int, float] = {}
    labels: dict[int, str] = {}
    if newest is not None:
        seconds = select(Passage.recording_id, func.sum(Passage.end - Passage.start)).group_by(Passage.recording_id)
        talk = {
            recording: total for recording, total in session.execute(seconds.where(Passage.analysis_id == newest.id))
        }
        labels = {int(strand): label for strand, label in newest.lineage.get("labels", {}).items()}
        labels |= labels_of(session, newest.id, suggested=True)
    return Past(
        strands=tuple(
            Body(
                row.id,
                tuple((int(r), start, end) for r, start, end in row.spans if r in valid),
                np.frombuffer(row.centre, "<f4") if row.centre and row.embedder == embedder else None,
                live=row.seen_at is not None and row.seen_at == last,
            )
            for row in rows
        ),
        decisions=made,
        version=version_of(session, event_id),
        parts=parts,
        rooms={recording: group for recording, (group, _) in added.items()},
        labels=labels,
        talk=talk,
    )


def version_of(session: Session, event_id: int) -> int:
    """Decisions and undoings there are for the event; it only ever grows."""
    count = select(func.count(Decision.id) + func.count(Decision.undone_at)).where(Decision.event_id == event_id)
    return session.scalar(count) or 0


def labels_of(session: Session, analysis_id: int, suggested: bool = False) -> dict[int, str]:
    """{strand: label} of the themes that are shown; of those alone that nobody has named, if only suggestions count."""
    query = select(Theme.strand_id, Theme.label).where(Theme.analysis_id == analysis_id)
    if suggested:
        query = query.where(Theme.named_by.is_(None))
    return {strand: label for strand, label in session.execute(query) if strand is not None}


def _decisions(
    session: Session, event_id: int, added: Mapping[int, datetime]
) -> tuple[tuple[Made, ...], frozenset[int]]:
    """The decisions in force, oldest first, and every strand that was ever split off."""
    rows = session.scalars(select(Decision).where(Decision.event_id == event_id).order_by(Decision.id)).all()
    parts = frozenset(part for row in rows if row.verb == "split" for part in row.details["into"])
    made = []
    for row in rows:
        gone = row.verb == "move" and not (
            row.details["recording"] in added and added[row.details["recording"]] <= row.made_at
        )
        if row.undone_at is None and not gone:
            made.append(Made(row.verb, row.details, row.made_by))
    return tuple(made), parts


def write_strands(
    session: Session, event_id: int, embedder: str, when: datetime, found: Iterable[Body], parts: Iterable[Body]
) -> dict[int, int]:
    """Notes where the strands that an analysis found stand now; returns {key: strand id}, made anew for keys below 0.

    `parts` are what split-off strands consist of now. `when` is the time of the analysis.
    """
    ids = {}
    rows = {row.id: row for row in session.scalars(select(Strand).where(Strand.event_id == event_id))}
    recordings = select(Recording.id, Recording.added_at).where(Recording.event_id == event_id)
    added = {key: at for key, at in session.execute(recordings)}
    for row in rows.values():
        # What points at talk that was removed goes; its number may have been given to other talk by now.
        since = row.seen_at or row.created_at
        row.spans = [span for span in row.spans if span[0] in added and added[int(span[0])] <= since]
    for body, seen in [*((body, True) for body in found), *((body, False) for body in parts)]:
        strand = rows.get(body.key) or Strand(event_id=event_id, created_at=when)
        strand.spans = stored_spans(body.spans)
        strand.embedder, strand.centre = embedder, stored_vector(body.centre)
        strand.seen_at = when if seen else strand.seen_at
        session.add(strand)
        session.flush()
        ids[body.key] = strand.id
    return ids


def stored_spans(spans: Iterable[Span]) -> list[list[float]]:
    return [[recording, round(start, 3), round(end, 3)] for recording, start, end in spans]


def stored_vector(vector: Vectors | None) -> bytes:
    return b"" if vector is None else np.asarray(vector, "<f4").tobytes()
