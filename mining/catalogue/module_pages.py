"""What a module is, read from whatever file: its fields, its pages, and the plain text in which a page is written.

One form serves Markdown files and cells of a table: a heading with the timing in brackets, what is read out, and the
question. `page_text` and `pages_of` undo each other. Pure; `module_files` reads by it, `module_writing` writes.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from capture.events import BIDI
from capture.names import fold

MINDSETS = ("reflection", "analysis", "worldliness", "collaboration", "action")
"""Managing oneself, organisations, context, relationships and change, after Gosling & Mintzberg (2003)."""
LONGEST_TITLE = 200
LONGEST_TEXT = 15_000
"""Letters of a summary or a page: what is read from a cell of a table has to fit into one again."""
MOST_PAGES = 60
MOST_MINUTES = 600
EARLIEST = date(1950, 1, 1)
AHEAD = timedelta(days=366)
"""How long before it is on offer a module may be announced; what is further off is a slip."""

_STEMS = {"reflect": "reflection", "analy": "analysis", "worldl": "worldliness", "collab": "collaboration"}
_MANAGING = {
    "self": 0,
    "oneself": 0,
    "organisation": 1,
    "organization": 1,
    "context": 2,
    "relationship": 3,
    "change": 4,
}
_MINUTES = re.compile(r"\s*[(\[]\s*(?:about |ca\.? )?(\d{1,3})\s*(?:min(?:ute)?s?\b\.?|['′])\s*[)\]]", re.IGNORECASE)
_NUMBER = re.compile(r"\s*\d{1,4}\s*")  # longer ones are no minutes, and Python refuses to read very long ones
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2})(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?)?)?")
_NAMELESS = re.compile(r"page \d+", re.IGNORECASE)
HEADING = re.compile(r"(#{1,6})(?:\s+(.*))?")
_ASKED = re.compile(r"(?:\*\*|__)?questions?(?:\*\*|__)?:(?:\*\*|__)?[ \t]*(.*)", re.IGNORECASE)
_UNSEEN = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff{BIDI}]")
_MARKS = re.compile(r"(?m)^(\\*)(#|>)")
_ESCAPED = re.compile(r"(?m)^\\(\\*)(#|>)")


@dataclass(frozen=True)
class Page:
    """`minutes` is None where no timing is given."""

    title: str = ""
    text: str = ""
    question: str = ""
    minutes: int | None = None

    def __bool__(self) -> bool:
        return bool(self.title or self.text or self.question)


@dataclass(frozen=True)
class ReadModule:
    """A module as a file has it. None is what the file does not say, so that it stays as it was."""

    title: str
    source: str
    """The file, and the line or the place in it."""
    author: str | None = None
    mindset: str | None = None
    inferred: bool = False
    """Whether the file says that the mindset was the software's guess."""
    summary: str | None = None
    pages: tuple[Page, ...] | None = None
    offered_on: date | None = None
    """The first day it was on offer."""

    @property
    def key(self) -> str:
        return key_of(self.title)


def key_of(title: str) -> str:
    """How titles are compared: without case and accents, single spaces."""
    return " ".join(fold(title).split())[:LONGEST_TITLE]


def page_of(title: str = "", text: str = "", question: str = "", minutes: object = None) -> Page:
    """A page as it is stored. The timing may stand in the title or the question. Raises ValueError for minutes that are
    none."""
    title, said = _without_minutes(_unclosed(one_line(title)))
    question = one_line(question)
    if minutes in (None, "") and said is None:
        question, said = _without_minutes(question)
    if minutes in (None, ""):
        minutes = said
    elif isinstance(minutes, bool) or not _NUMBER.fullmatch(str(minutes)) or int(str(minutes)) > MOST_MINUTES:
        raise ValueError(f"“{one_line(str(minutes)[:20])}” is no number of minutes")
    title = "" if _NAMELESS.fullmatch(title) else title
    return Page(title, clean_text(text), question, None if minutes is None else int(str(minutes)))


def _unclosed(heading: str) -> str:
    """A heading without the signs that may close it: `Two ## #` is `Two`. From the end, because a pattern that looks
    for them from the start takes ever longer."""
    while heading.endswith("#") and (shorter := heading.rstrip("#")).endswith(" "):
        heading = shorter.rstrip(" ")
    return heading


def one_line(text: str) -> str:
    """Single spaces, nothing that cannot be seen."""
    return " ".join(_UNSEEN.sub(" ", unicodedata.normalize("NFC", text)).split())


def clean_text(text: str) -> str:
    """Plain lines: nothing that cannot be seen, no trailing spaces, at most one empty line in a row."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    lines = "\n".join(line.rstrip() for line in _UNSEEN.sub("", text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def escaped(text: str) -> str:
    """Text in which no line is taken for a heading or a quotation when it is read again."""
    return _MARKS.sub(r"\\\1\2", text)


def unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1\2", text)


def mindset_of(word: str) -> str | None:
    """One of MINDSETS, from the ways people write them: “Reflective mindset”, “managing change”. None if it is none."""
    said = fold(word).strip()
    for stem, mindset in _STEMS.items():
        if said.startswith((stem, f"the {stem}")):
            return mindset
    if re.match(r"(the )?acti(on|ve)\b", said):
        return "action"
    managed = re.match(r"managing (?:\w+ )??(\w+?)s?$", said)
    return MINDSETS[_MANAGING[managed[1]]] if managed and managed[1] in _MANAGING else None


def day_of(said: str, today: date) -> date:
    """The first day a module was on offer, from `2025-11-03`, `2025-11` or `2025`. Of a month or a year it is the first
    day: what may have been there already is not called new. Raises ValueError saying what is wrong."""
    found = _DAY.fullmatch(said)
    try:
        day = date(*(int(part or 1) for part in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"“{said[:40]}” is no day such as 2025-11-03 (2025-11 and 2025 will do)")
    if not EARLIEST <= day <= today + AHEAD:
        near = f"is before {EARLIEST.year}" if day < EARLIEST else "lies more than a year ahead"
        raise ValueError(f"“{said[:40]}” {near}")
    return day


def page_text(page: Page, number: int | None = None) -> str:
    """The page in writing. The question always comes last, under its own word, so that reading finds it again.

    With a `number` there is always a heading, for pages that follow each other; `Page 3` is no title of its own."""
    minutes = "" if page.minutes is None else f"({page.minutes} min)"
    title = page.title or (f"Page {number}" if number else "")
    parts = [" ".join(part for part in ("##", title, minutes) if part)] if title or minutes else []
    parts += [escaped(page.text)] if page.text else []
    return "\n\n".join([*parts, f"Question: {page.question}".rstrip()])


def pages_of(text: str, level: int = 2) -> list[Page]:
    """The pages in a text: each begins with a heading of this level or above; without any, the text is one page. Of too
    many for a module only one too many is read."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in clean_text(text).split("\n"):
        heading = HEADING.fullmatch(line)
        if heading and len(heading[1]) <= level:
            parts.append((heading[2] or "", []))
        else:
            parts[-1][1].append(line)
    pages = (_page(title, lines) for title, lines in parts)
    return list(islice((page for page in pages if page), MOST_PAGES + 1))


def _page(title: str, lines: list[str]) -> Page:
    """The question is what stands behind “Question:”, else what is quoted, else the last line that asks something."""
    asked = [i for i, line in enumerate(lines) if _ASKED.fullmatch(line)]
    quoted = [i for i, line in enumerate(lines) if line.startswith(">")]
    asking = [i for i, line in enumerate(lines) if line.rstrip("*_ ").endswith("?")]
    if asked:
        chosen = [asked[-1]]
        said = _ASKED.fullmatch(lines[asked[-1]])
        question = said[1] if said else ""
    elif quoted:
        chosen = quoted
        question = " ".join(lines[i].lstrip("> ") for i in quoted)
    else:
        chosen = asking[-1:]
        question = re.sub(r"^[-*+\d.)\s]+", "", lines[chosen[0]]).strip("*_ ") if chosen else ""
    text = unescaped("\n".join(line for i, line in enumerate(lines) if i not in chosen))
    return page_of(title, text, question)


def _without_minutes(text: str) -> tuple[str, int | None]:
    """The text without its timings, and the last of them."""
    found = [int(minutes) for minutes in _MINUTES.findall(text) if int(minutes) <= MOST_MINUTES]
    return (one_line(_MINUTES.sub(" ", text)), found[-1]) if found else (text, None)


def stored_pages(pages: Iterable[Page]) -> list[dict[str, Any]]:
    """As the column `Module.pages` holds them; `module_reading` reads them back."""
    return [{"title": p.title, "text": p.text, "question": p.question, "minutes": p.minutes} for p in pages]
