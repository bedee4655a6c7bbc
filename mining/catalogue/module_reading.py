"""A module as it is read: its pages, with people's words put into their places from the transcript at this moment.

The one way from a stored module to its text, for pages, files, search, study and coverage. A module that was brought by
a file holds its whole text; one that was a draft holds templates with citations, as the draft did, and no word of talk.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from mining.catalogue.module_pages import Page, clean_text, one_line
from mining.citations import Cited, read
from mining.drafts.lines import Line, pieces
from mining.privacy.crowds import masked
from mining.suggestion_models import Module

WITHDRAWN = "(words that were withdrawn)"
"""Stands where words were that are gone: their talk was removed, a name in it was masked, or the event is deleted."""


def read_pages(session: Session, modules: Iterable[Module]) -> dict[int, tuple[Page, ...]]:
    """By module id. Two queries for all of them where any of them quotes talk, none otherwise."""
    modules = list(modules)
    wanted = [each for module in modules for page in module.pages for line in _lines(page) for each in line.citations]
    found = iter(read(session, wanted))
    return {module.id: tuple(_page(page, found) for page in module.pages) for module in modules}


def quotes_talk(module: Module) -> bool:
    """Whether people's words stand in it, which must be copied nowhere."""
    return any(line.citations for page in module.pages for line in _lines(page))


def stored_lines(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """What `Module.pages` holds of lines in which people's words stand."""
    return [
        {"role": line.role, "text": line.text, "citations": list(line.citations), "worded": line.worded}
        for line in lines
    ]


def _lines(page: Mapping[str, Any]) -> list[Line]:
    return [
        Line("", each["role"], each["text"], tuple(each["citations"]), each["worded"]) for each in page.get("lines", ())
    ]


def _page(page: Mapping[str, Any], found: Iterable[Cited | None]) -> Page:
    """`found` gives what is cited, in the order of the citations."""
    read_lines = [(line.role, _text(line, [next(iter(found)) for _ in line.citations])) for line in _lines(page)]
    title, text, question = (page.get(name, "") for name in ("title", "text", "question"))
    if read_lines:
        text = clean_text("\n\n".join(said for role, said in read_lines if role != "question"))
        question = one_line(" ".join(said for role, said in read_lines if role == "question"))
    return Page(title, text, question, page.get("minutes"))


def _text(line: Line, found: list[Cited | None]) -> str:
    """What a language model made of words that are gone is not shown either."""
    if line.worded and None in found:
        return WITHDRAWN
    return "".join(piece if isinstance(piece, str) else _said(found[piece]) for piece in pieces(line))


def _said(cited: Cited | None) -> str:
    return masked(cited.text) if cited else WITHDRAWN
