"""The history of a proposal's text, readable: who changed what, word by word. Pure.

Between the stored changes and the page; `proposals.restore` puts an earlier text back.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from mining.proposals.briefs import QUESTIONS
from mining.suggestion_models import ProposalChange

WORD = re.compile(r"\s+|[^\s]+")
AROUND = 12
"""Unchanged words that stay beside a change; what lies between is left out."""


@dataclass(frozen=True)
class Piece:
    """`how` is same, gone, new, or cut where unchanged words are left out."""

    how: str
    text: str


@dataclass(frozen=True)
class Field:
    """One question of the brief in which something changed."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Change:
    id: int
    by: str | None
    at: datetime
    fields: tuple[Field, ...]
    now: bool
    """Whether what stood before it is what stands there now, so that putting it back would change nothing."""


def history(changes: Sequence[ProposalChange], names: Mapping[int, str], now: Mapping[str, str]) -> list[Change]:
    """The latest first. `names` are people's by id; `now` is the text as it stands."""
    return [
        Change(each.id, names.get(each.person_id or 0), each.at, _fields(each), dict(each.before) == dict(now))
        for each in reversed(changes)
    ]


def compare(before: str, after: str) -> tuple[Piece, ...]:
    """What became of a text, by words (difflib: Ratcliff and Obershelp 1988). Pieces joined give both texts again,
    but for what is cut."""
    old, new = WORD.findall(before), WORD.findall(after)
    pieces = [
        piece
        for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        for piece in _pieces(how, "".join(old[a:b]), "".join(new[c:d]))
    ]
    return tuple(part for i, piece in enumerate(pieces) for part in _shortened(piece, i == 0, i == len(pieces) - 1))


def _fields(change: ProposalChange) -> tuple[Field, ...]:
    pairs = ((q.label, str(change.before.get(q.name, "")), str(change.after.get(q.name, ""))) for q in QUESTIONS)
    return tuple(Field(label, compare(before, after)) for label, before, after in pairs if before != after)


def _pieces(how: str, old: str, new: str) -> Iterator[Piece]:
    if how == "equal":
        yield Piece("same", old)
        return
    if old:
        yield Piece("gone", old)
    if new:
        yield Piece("new", new)


def _shortened(piece: Piece, first: bool, last: bool) -> Iterator[Piece]:
    words = WORD.findall(piece.text)
    most = AROUND * 2  # words and the spaces between them
    if piece.how != "same" or len(words) <= 2 * most + 2:
        yield piece
        return
    if not first:
        yield Piece("same", "".join(words[:most]))
    yield Piece("cut", " … ")
    if not last:
        yield Piece("same", "".join(words[-most:]))
