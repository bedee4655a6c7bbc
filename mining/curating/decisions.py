"""What people may decide about themes, each checked and noted in a log that only grows: rename, merge, split, move a
passage, set a theme aside, undo.

Themes are meant by their strands, which outlive numbers. Functions note one decision and return it; they are called
through `mining.curating.deciding.decide`, which works it in. What decisions do is in `mining.curating.curation`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from capture.database import utcnow
from capture.errors import NotFound, Refused
from capture.events import clean_name
from capture.models import Event
from mining.analyses import latest_analysis
from mining.conclusion import centre_of
from mining.curating.lineage import Span
from mining.curating.strands import stored_spans, stored_vector
from mining.describing.themes import Talk, describe
from mining.models import Analysis, Decision, Passage, Strand, Theme

LONGEST_LABEL = 80
"""Characters of a name: what a heading and the map have room for."""
LEAST_PART = 2
"""Passages of the smallest part that a theme falls into."""
OFF_TOPIC = "off-topic"


@dataclass(frozen=True)
class Piece:
    """What a theme would fall into: `passages` are their numbers, the most typical first, `seconds` is talk."""

    passages: tuple[int, ...]
    groups: int
    seconds: float


def rename(session: Session, event_id: int, strand: int, label: str, by: str) -> Decision:
    """Raises NotFound for a theme that is not there, Refused for a name that cannot be one, or is another theme's."""
    themes = themes_by_strand(session, event_id)
    theme = _theme(themes, strand)
    name = clean_name(label)
    if not any(character.isalnum() for character in name):
        raise Refused("A theme's name needs at least one letter or digit.")
    if len(" ".join(label.split())) > LONGEST_LABEL:
        raise Refused(f"A theme's name may have {LONGEST_LABEL} characters; this one has {len(label.strip())}.")
    same = next((t for t in themes.values() if t.label.casefold() == name.casefold()), None)
    if same is not None and same is not theme:
        raise Refused(f"Theme {same.number} is called “{same.label}” already. Choose another name, or merge the two.")
    if same is theme and theme.named_by and theme.label == name:
        raise Refused(f"Theme {theme.number} is called “{name}” already.")
    return _note(session, event_id, by, "rename", {"strand": strand, "label": name})


def merge(session: Session, event_id: int, keep: int, others: Sequence[int], by: str) -> Decision:
    """The talk of `others` becomes talk of `keep`, whose name stays. Raises NotFound, Refused."""
    themes = themes_by_strand(session, event_id)
    for strand in (keep, *others):
        _theme(themes, strand)
    if not others or keep in others:
        raise Refused("A theme can be merged with another one only. Choose which.")
    return _note(session, event_id, by, "merge", {"keep": keep, "others": list(dict.fromkeys(others))})


def split(session: Session, event_id: int, strand: int, by: str) -> Decision:
    """Makes a strand of every part that the theme falls into. Raises NotFound, and Refused where it does not."""
    theme = _theme(themes_by_strand(session, event_id), strand)
    pieces = pieces_of(session, theme)
    if not pieces:
        raise Refused(f"“{theme.label}” does not fall into parts that differ. Move single passages instead.")
    analysis = session.get_one(Analysis, theme.analysis_id)
    query = select(Passage).where(Passage.theme_id == theme.id).options(undefer(Passage.vector))
    rows = {row.number: row for row in session.scalars(query)}
    parts = []
    for piece in pieces:
        members = [rows[number] for number in sorted(piece.passages)]
        vectors = np.vstack([np.frombuffer(row.vector or b"", "<f4") for row in members])
        part = Strand(
            event_id=event_id,
            spans=stored_spans(_span(row) for row in members),
            embedder=analysis.embedder,
            centre=stored_vector(centre_of(vectors)),
        )
        session.add(part)
        parts.append(part)
    session.flush()
    return _note(session, event_id, by, "split", {"strand": strand, "into": [part.id for part in parts]})


def move(session: Session, event_id: int, passage: int, to: int | None, by: str) -> Decision:
    """Puts the passage of that number into the theme `to`, or into none. Raises NotFound, Refused."""
    themes = themes_by_strand(session, event_id)
    target = _theme(themes, to) if to is not None else None
    analysis = _analysis(session, event_id)
    row = session.scalar(select(Passage).where(Passage.analysis_id == analysis.id, Passage.number == passage))
    if row is None:
        raise NotFound(f"There is no passage {passage}. Passages are numbered anew when themes are looked for again.")
    if row.theme_id == (target.id if target else None):
        where = f"in “{target.label}”" if target else "in no theme"
        raise Refused(f"Passage {passage} is {where} already.")
    recording, start, end = _span(row)
    details = {"recording": recording, "start": round(start, 3), "end": round(end, 3), "to": to}
    return _note(session, event_id, by, "move", details)


def hide(session: Session, event_id: int, strand: int, by: str, reason: str = OFF_TOPIC) -> Decision:
    """Sets the theme aside: its talk is in no theme any more. Raises NotFound."""
    _theme(themes_by_strand(session, event_id), strand)
    return _note(session, event_id, by, "hide", {"strand": strand, "reason": reason})


def undo(session: Session, event_id: int, by: str, decision: int | None = None) -> Decision:
    """Marks the decision of that id, or the latest one that is in force, as undone. It stays in the log.

    Raises NotFound where there is no such decision, Refused where it was undone before or nothing is left to undo.
    """
    _analysis(session, event_id)
    query = select(Decision).where(Decision.event_id == event_id).order_by(Decision.id.desc())
    if decision is None:
        made = session.scalar(query.where(Decision.undone_at.is_(None)).limit(1))
        if made is None:
            raise Refused("There is nothing to undo: nobody has decided anything that still holds.")
    else:
        made = session.scalar(query.where(Decision.id == decision))
        if made is None:
            raise NotFound("This decision is not in the log of this event.")
        if made.undone_at is not None:
            raise Refused(f"This was undone already, by {made.undone_by}.")
    made.undone_at, made.undone_by = utcnow(), clean_name(by) or "somebody"
    session.flush()
    return made


def naming_of(session: Session, event_id: int, strand: int, label: str) -> Decision | None:
    """The decision by which the theme got the name it has; None where it is the software's suggestion."""
    query = select(Decision).where(
        Decision.event_id == event_id, Decision.verb == "rename", Decision.undone_at.is_(None)
    )
    details = {"strand": strand, "label": label}
    return next((made for made in session.scalars(query.order_by(Decision.id.desc())) if made.details == details), None)


def themes_by_strand(session: Session, event_id: int) -> dict[int, Theme]:
    """{strand: theme} of the newest analysis, in the order of their numbers. Raises Refused where there is none, or
    where it was made by a Harvest that did not know themes again."""
    analysis = _analysis(session, event_id)
    query = select(Theme).where(Theme.analysis_id == analysis.id, Theme.coarse.is_(False)).order_by(Theme.number)
    rows = session.scalars(query).all()
    if any(theme.strand_id is None for theme in rows):
        slug = session.get_one(Event, event_id).slug
        raise Refused(f"These themes were found by an older Harvest. Mine this event again first: harvest mine {slug}")
    return {theme.strand_id: theme for theme in rows if theme.strand_id is not None}


def strand_of(session: Session, event_id: int, number: int) -> int:
    """The strand of the theme with that number. Raises NotFound, Refused."""
    for strand, theme in themes_by_strand(session, event_id).items():
        if theme.number == number:
            return strand
    raise NotFound(f"There is no theme {number}. harvest themes lists them with their numbers.")


def get_ready() -> None:
    """Loads what working a decision in needs, by describing a few words: seconds of imports, once in a process. For a
    viewer to call beforehand, aside from its requests, so that the first decision need not wait for them."""
    words = ("early", "late", "long", "short", "slow", "open")
    said = [f"{word} meetings need answers. Nobody reads {word} reports." for word in words]
    talk = [Talk(group, 60.0, 8, text) for group, text in enumerate(said * 2)]
    vectors = np.tile(np.eye(len(said), dtype=np.float32), (2, 1))
    describe(talk, vectors, [i % len(said) for i in range(len(talk))], lambda texts: vectors[[0] * len(texts)])


def pieces_of(session: Session, theme: Theme) -> tuple[Piece, ...]:
    """What a theme falls into, largest first: the finer clusters within it, or what people merged into it; empty where
    it does not fall apart. Single stray passages go with the largest."""
    query = (
        select(Passage.number, Passage.found, Passage.facet, Passage.group_id, Passage.end - Passage.start)
        .where(Passage.theme_id == theme.id)
        .order_by(Passage.strength.desc(), Passage.number)
    )
    parts: dict[tuple[int | None, int | None], list[tuple[int, int, float]]] = defaultdict(list)
    for number, found, facet, group, seconds in session.execute(query):
        parts[found, facet].append((number, group, seconds))
    large = sorted((its for its in parts.values() if len(its) >= LEAST_PART), key=lambda its: (-len(its), its[0]))
    if len(large) < 2:
        return ()
    large[0] = large[0] + [each for its in parts.values() if len(its) < LEAST_PART for each in its]
    return tuple(
        Piece(tuple(number for number, _, _ in its), len({g for _, g, _ in its}), sum(s for _, _, s in its))
        for its in large
    )


def _analysis(session: Session, event_id: int) -> Analysis:
    analysis = latest_analysis(session, event_id)
    if analysis is None:
        event = session.get_one(Event, event_id)
        raise Refused(f"“{event.title}” has no themes to decide about. Run: harvest mine {event.slug}")
    return analysis


def _theme(themes: dict[int, Theme], strand: int) -> Theme:
    if strand not in themes:
        raise NotFound("This theme is not there any more: somebody merged, split or set it aside, or mined again.")
    return themes[strand]


def _note(session: Session, event_id: int, by: str, verb: str, details: Mapping[str, object]) -> Decision:
    made = Decision(
        event_id=event_id, made_at=utcnow(), made_by=clean_name(by) or "somebody", verb=verb, details=dict(details)
    )
    session.add(made)
    session.flush()
    return made


def _span(row: Passage) -> Span:
    return row.recording_id, row.start - row.offset, row.end - row.offset
