"""What a module draft is made of: lines that carry their passages, on pages that take their minutes.

Pure values and their stored form (`Draft.body`). A line's text holds `{0}`, `{1}`, ... where somebody's words go; the
words themselves stand in no draft: they are read from the transcript by the line's citations each time it is shown.
In forms a place for words looks like ⟦quote 1⟧.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from capture.errors import Refused

LONG, SHORT = 90, 60
"""Minutes of a session, and of one for which too little can be quoted."""
ENOUGH, LEAST = 5, 3
"""Pages of a whole guide at least, and of a short one."""
MOST = 8
LONGEST_LINE, LONGEST_TITLE, LONGEST_PAGE = 1500, 160, 90
"""Characters."""
MINDSETS = ("reflection", "analysis", "worldliness", "collaboration", "action")

_PLACE = re.compile(r"\{(\d{1,2})\}")
_TOKEN = re.compile(r"⟦\s*quote\s*(\d{1,2})\s*⟧", re.I)
_LIKE_TOKEN = re.compile(r"⟦[^⟧]*⟧?|⟧")

Citation = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One or two sentences. `role`: why, purpose, framing, question, step, near. `citations` as `mining.citations`
    makes them; those without a place in the text are what it rests on. `worded` is whether a language model wrote it,
    `edited` whether a designer did."""

    id: str
    role: str
    text: str
    citations: tuple[Citation, ...] = ()
    worded: bool = False
    edited: bool = False


@dataclass(frozen=True)
class Page:
    """`role`: opening, challenge, contrast, lesson, question, action, exercise, takeaway."""

    id: str
    role: str
    title: str
    minutes: int
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Near:
    """A module on offer that comes close, and how this guide differs from it."""

    module: int
    line: Line


@dataclass(frozen=True)
class Body:
    """A whole draft. `spare` cites statements that were good enough and not needed. `notes` are sentences about the
    draft itself. `target` is the minutes that its pages should add up to."""

    pages: tuple[Page, ...]
    why: tuple[Line, ...] = ()
    purpose: tuple[Line, ...] = ()
    near: tuple[Near, ...] = ()
    spare: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()
    target: int = LONG
    theme: str = ""
    """What the theme was called."""
    sources: Mapping[str, Any] = field(default_factory=dict)
    """What the draft was made from: {"theme": number, "analysis": stamp}."""

    @property
    def minutes(self) -> int:
        return sum(page.minutes for page in self.pages)

    @property
    def lines(self) -> tuple[Line, ...]:
        """In reading order."""
        own = [line for page in self.pages for line in page.lines]
        return (*self.why, *self.purpose, *own, *(near.line for near in self.near))

    def stored(self) -> dict[str, Any]:
        """As the database gives it back, so that what did not change compares as equal."""
        stored: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return stored | {"v": 1}


def body_of(stored: Mapping[str, Any]) -> Body:
    """From its stored form."""
    return Body(
        pages=tuple(Page(**{**page, "lines": _lines(page["lines"])}) for page in stored["pages"]),
        why=_lines(stored["why"]),
        purpose=_lines(stored["purpose"]),
        near=tuple(Near(each["module"], _lines([each["line"]])[0]) for each in stored["near"]),
        spare=tuple(stored["spare"]),
        notes=tuple(stored["notes"]),
        target=stored["target"],
        theme=stored["theme"],
        sources=stored["sources"],
    )


def _lines(stored: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(Line(**{**line, "citations": tuple(line["citations"])}) for line in stored)


def with_lines(body: Body, changed: Mapping[str, Line]) -> Body:
    """The same draft with the lines of these ids in place of its own."""

    def put(lines: Sequence[Line]) -> tuple[Line, ...]:
        return tuple(changed.get(line.id, line) for line in lines)

    pages = tuple(replace(page, lines=put(page.lines)) for page in body.pages)
    near = tuple(replace(each, line=put([each.line])[0]) for each in body.near)
    return replace(body, pages=pages, why=put(body.why), purpose=put(body.purpose), near=near)


def pieces(line: Line) -> list[str | int]:
    """A line's text as it is read: strings, and the index of the citation whose words stand in between."""
    found: list[str | int] = []
    at = 0
    for match in _PLACE.finditer(line.text):
        index = int(match[1])
        if index < len(line.citations):
            found += [line.text[at : match.start()], index]
            at = match.end()
    return [piece for piece in [*found, line.text[at:]] if piece != ""]


def places(line: Line) -> list[int]:
    """Indices of the citations whose words stand in the text."""
    return [piece for piece in pieces(line) if isinstance(piece, int)]


def editable(line: Line) -> str:
    """The text as it stands in a form."""
    return "".join(f"⟦quote {piece + 1}⟧" if isinstance(piece, int) else piece for piece in pieces(line))


def typed(line: Line, text: str) -> Line:
    """The line with what a designer typed; its citations stay. Raises Refused for a token of no quote of this line, and
    for a text that is too long."""
    clean = "\n".join(" ".join(row.split()) for row in _plain(text).splitlines()).strip()
    if len(clean) > LONGEST_LINE:
        raise Refused(f"A line may have {LONGEST_LINE:,} characters; this one has {len(clean):,}. Shorten it.")
    for match in _LIKE_TOKEN.finditer(clean):
        token = _TOKEN.fullmatch(match.group())
        if not token or not 1 <= int(token[1]) <= len(line.citations):
            raise Refused(f"“{match.group()[:20]}” is no quote of this line. {_possible(line)}")
    made = _TOKEN.sub(lambda match: f"{{{int(match[1]) - 1}}}", clean)
    return line if made == line.text else replace(line, text=made, edited=True)


def _possible(line: Line) -> str:
    if not line.citations:
        return "It has none."
    names = [f"⟦quote {number}⟧" for number in range(1, len(line.citations) + 1)]
    return f"It has {', '.join(names)}."


def _plain(text: str) -> str:
    """Without control characters and direction marks, which could make a page say something else than is stored."""
    return "".join(c for c in text.replace("\r\n", "\n") if c == "\n" or (c.isprintable() and c not in _TURNING))


_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
