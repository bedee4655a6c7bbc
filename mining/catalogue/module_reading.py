"""A module as it is read: its pages, with people's words put into their places from the transcript at this moment.

The one way from a stored module to its text, for pages, files, search, study and coverage. A module that was brought by
a file holds its whole text; one that was a draft holds templates with citations, as the draft did, and no word of talk.
What it quotes is asked for anew at each reading, by the rule of that moment: consent may have been withdrawn since.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.models import Event
from capture.programmes import quorum_of
from mining.catalogue.module_pages import Page, clean_text, one_line
from mining.catalogue.talk_figures import without_figures
from mining.citations import Cited, read
from mining.drafts.lines import Line, pieces, places
from mining.privacy.crowds import masked
from mining.privacy.discretion import quotable
from mining.suggestion_models import Module

WITHDRAWN = "(words that were withdrawn)"
"""Stands where words were that are gone (their talk was removed, a name in it was masked, the event is deleted), or
that the reader may not read now: their room's consent is not noted any more, or too few groups raise their theme."""
_ANY = "anywordsthatarequoted"
"""Stands where words are, while two texts are compared but for the words."""

Hears = Callable[[int], bool]
"""Whether whoever reads may read all that was said at an event (its id), as its staff may."""


def nobody(event_id: int) -> bool:
    """Reads as alumni and sponsors do, and the staff of other programmes."""
    return False


def everybody(event_id: int) -> bool:
    """Reads as whoever sits at the machine does."""
    return True


def read_pages(session: Session, modules: Iterable[Module], hears: Hears = nobody) -> dict[int, tuple[Page, ...]]:
    """By module id. No query where none of them quotes talk; else two, and those of the rule for each event whose talk
    is quoted to somebody who was not there."""
    modules = list(modules)
    found = iter(_may_read(session, read(session, [each for module in modules for each in _cited(module)]), hears))
    return {module.id: tuple(_page(page, found) for page in module.pages) for module in modules}


def withheld(session: Session, module: Module) -> int:
    """How many of its quotations stand in the transcript and are not shown to alumni and sponsors now."""
    found = read(session, _cited(module))
    return sum(
        there is not None and shown is None for there, shown in zip(found, _may_read(session, found), strict=True)
    )


def quotes_talk(module: Module) -> bool:
    """Whether people's words stand in it, which must be copied nowhere."""
    return any(line.citations for page in module.pages for line in _lines(page))


def stored_lines(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """What `Module.pages` holds of lines in which people's words stand."""
    return [
        {"role": line.role, "text": line.text, "citations": list(line.citations), "worded": line.worded}
        for line in lines
    ]


def says_the_same(module: Module, pages: Sequence[Page]) -> bool:
    """Whether `pages` are the module's. Where it quotes talk, whatever stands in the place of the words, as long as it
    is no longer than they are: a file that was written when they could still be read, or could not be read any more, is
    no other text."""
    return len(pages) == len(module.pages) and all(map(_alike, module.pages, pages))


def _alike(stored: Mapping[str, Any], page: Page) -> bool:
    said = [
        (line, [_longest(line)] if _hides(line) else [_length(line, n) for n in places(line)])
        for line in _lines(stored)
    ]
    own = _put(stored, [(line.role, _ANY if _hides(line) else _said_as(line, lambda _: _ANY)) for line, _ in said])
    if (own.title, own.minutes) != (page.title, page.minutes):
        return False
    text = [most for line, lengths in said if line.role != "question" for most in lengths]
    question = [most for line, lengths in said if line.role == "question" for most in lengths]
    return _fits(own.text, text, _told(page.text)) and _fits(own.question, question, page.question)


def _hides(line: Line) -> bool:
    """Whether the whole of it stands or falls with the words."""
    return bool(line.worded and line.citations)


def _length(line: Line, place: int) -> int:
    """Characters that may stand in this place of it."""
    cited = line.citations[place]
    return max(int(cited["end"]) - int(cited["start"]), len(WITHDRAWN))


def _longest(line: Line) -> int:
    return max(len(line.text) + sum(_length(line, place) for place in places(line)), len(WITHDRAWN))


def _fits(ours: str, longest: Sequence[int], theirs: str) -> bool:
    """Whether `theirs` is `ours` with some words, of no more than `longest` characters each, in the places of _ANY.

    Place by place it keeps all ends that are possible so far, in order: a pattern would try each with each."""
    first, *rest = ours.split(_ANY)
    if not rest:
        return ours == theirs
    ends = [len(first)] if theirs.startswith(first) else []
    for number, (piece, most) in enumerate(zip(rest, longest, strict=True), 1):
        last = len(theirs) - len(piece)
        starts = _found(piece, theirs) if number < len(rest) else [last] if theirs.endswith(piece) else []
        ends = [at + len(piece) for at in starts if _between(ends, at - most, at - 1)]
    return bool(ends)


def _found(piece: str, text: str) -> list[int]:
    """Where it stands, in order, also where it overlaps itself."""
    found = []
    at = text.find(piece)
    while at >= 0:
        found.append(at)
        at = text.find(piece, at + 1)
    return found


def _between(numbers: Sequence[int], least: int, most: int) -> bool:
    """Whether one of these, in order, is."""
    at = bisect_left(numbers, least)
    return at < len(numbers) and numbers[at] <= most


def _cited(module: Module) -> list[dict[str, Any]]:
    """In reading order."""
    return [each for page in module.pages for line in _lines(page) for each in line.citations]


def _may_read(session: Session, found: Sequence[Cited | None], hears: Hears = nobody) -> list[Cited | None]:
    """None in the place of what may not be read."""
    asked: dict[int, set[Cited]] = defaultdict(set)
    for each in found:
        if each and not hears(each.event_id):
            asked[each.event_id].add(each)
    held: set[Cited] = set()
    for event in session.scalars(select(Event).where(Event.id.in_(asked))) if asked else ():
        held |= asked[event.id] - quotable(session, event, quorum_of(session, event), asked[event.id])
    return [None if each in held else each for each in found]


def _lines(page: Mapping[str, Any]) -> list[Line]:
    return [
        Line("", each["role"], each["text"], tuple(each["citations"]), each["worded"]) for each in page.get("lines", ())
    ]


def _page(page: Mapping[str, Any], found: Iterable[Cited | None]) -> Page:
    """`found` gives what is cited, in the order of the citations."""
    return _put(page, [(line.role, _text(line, [next(iter(found)) for _ in line.citations])) for line in _lines(page)])


def _put(page: Mapping[str, Any], lines: Sequence[tuple[str, str]]) -> Page:
    """`lines` are (role, text). Figures about an event are for nobody to read in a module."""
    title, text, question = (page.get(name, "") for name in ("title", "text", "question"))
    if lines:
        text = clean_text("\n\n".join(said for role, said in lines if role != "question"))
        question = one_line(" ".join(said for role, said in lines if role == "question"))
    return Page(title, _told(text), question, page.get("minutes"))


def _told(text: str) -> str:
    told = without_figures(text)
    return text if told == text else clean_text(told)


def _text(line: Line, found: list[Cited | None]) -> str:
    """What a language model made of words that are gone is not shown either."""
    if line.worded and None in found:
        return WITHDRAWN
    return _said_as(line, lambda place: _said(found[place]))


def _said_as(line: Line, words: Callable[[int], str]) -> str:
    return "".join(piece if isinstance(piece, str) else words(piece) for piece in pieces(line))


def _said(cited: Cited | None) -> str:
    return masked(cited.text) if cited else WITHDRAWN
