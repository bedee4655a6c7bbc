"""A draft as it is read: every line with people's words in their places, taken from the transcript at this moment.

Between stored drafts and pages, commands and files. A line whose words are gone says so, and the draft says that it
needs care; what a language model made of words that are gone is not shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mining.citations import Cited, read
from mining.drafts.lines import Body, Citation, Line, Page, body_of, pieces
from mining.suggestion_models import Draft, DraftState

GONE = "words that are no longer in the transcript"


@dataclass(frozen=True)
class Receipt:
    """Where words of a draft were said. `number` counts from 1 through the whole draft; `cited` is None where they are
    gone."""

    number: int
    cited: Cited | None


@dataclass(frozen=True)
class ShownLine:
    """`parts` are texts and, where somebody's words stand, receipts. `receipts` are all it rests on, in order.

    `hidden` is whether a language model wrote it from words that are gone, so that nothing of it is shown."""

    id: str
    role: str
    parts: tuple[str | Receipt, ...]
    receipts: tuple[Receipt, ...]
    worded: bool = False
    edited: bool = False

    @property
    def gone(self) -> bool:
        return any(receipt.cited is None for receipt in self.receipts)

    @property
    def hidden(self) -> bool:
        return self.worded and self.gone

    @property
    def text(self) -> str:
        """In one string, as terminals and files show it."""
        if self.hidden:
            return f"[{GONE}]"
        return "".join(part if isinstance(part, str) else _said(part) for part in self.parts)


@dataclass(frozen=True)
class ShownPage:
    id: str
    role: str
    title: str
    minutes: int
    lines: tuple[ShownLine, ...]

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """Each once."""
        return tuple(dict.fromkeys(receipt for line in self.lines for receipt in line.receipts))


@dataclass(frozen=True)
class ShownNear:
    module: int
    line: ShownLine


@dataclass(frozen=True)
class ShownDraft:
    """`care` counts the lines that rest on words which are gone. `spare` are statements that were not needed."""

    id: int
    title: str
    mindset: str | None
    state: DraftState
    reason: str
    wording: str
    dropped: int
    made_by: str
    made_at: datetime
    version: int
    theme: str
    target: int
    why: tuple[ShownLine, ...]
    purpose: tuple[ShownLine, ...]
    pages: tuple[ShownPage, ...]
    near: tuple[ShownNear, ...]
    spare: tuple[Cited, ...]
    notes: tuple[str, ...]

    @property
    def minutes(self) -> int:
        return sum(page.minutes for page in self.pages)

    @property
    def lines(self) -> tuple[ShownLine, ...]:
        own = [line for page in self.pages for line in page.lines]
        return (*self.why, *self.purpose, *own, *(near.line for near in self.near))

    @property
    def care(self) -> int:
        return sum(line.gone for line in self.lines)

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        return tuple(sorted({r for line in self.lines for r in line.receipts}, key=lambda receipt: receipt.number))


def shown(session: Session, draft: Draft) -> ShownDraft:
    """Two queries, whatever its length."""
    body = body_of(draft.body)
    shelf = _Shelf(session, body)
    return ShownDraft(
        id=draft.id,
        title=draft.title,
        mindset=draft.mindset,
        state=draft.state,
        reason=draft.reason,
        wording=draft.wording,
        dropped=draft.dropped,
        made_by=draft.made_by,
        made_at=draft.made_at,
        version=draft.version,
        theme=body.theme,
        target=body.target,
        why=shelf.lines(body.why),
        purpose=shelf.lines(body.purpose),
        pages=tuple(shelf.page(page) for page in body.pages),
        near=tuple(ShownNear(each.module, shelf.line(each.line)) for each in body.near),
        spare=tuple(cited for each in body.spare if (cited := shelf.cited(each))),
        notes=body.notes,
    )


class _Shelf:
    """Everything that a draft cites, read at once, and numbered in the order in which it is met."""

    def __init__(self, session: Session, body: Body) -> None:
        wanted = [citation for line in body.lines for citation in line.citations] + list(body.spare)
        self._found = {_key(each): cited for each, cited in zip(wanted, read(session, wanted), strict=True)}
        self._numbers: dict[tuple[object, ...], int] = {}

    def cited(self, citation: Citation) -> Cited | None:
        return self._found[_key(citation)]

    def page(self, page: Page) -> ShownPage:
        return ShownPage(page.id, page.role, page.title, page.minutes, self.lines(page.lines))

    def lines(self, lines: Sequence[Line]) -> tuple[ShownLine, ...]:
        return tuple(self.line(line) for line in lines)

    def line(self, line: Line) -> ShownLine:
        receipts = tuple(self._receipt(citation) for citation in line.citations)
        parts = tuple(receipts[piece] if isinstance(piece, int) else piece for piece in pieces(line))
        return ShownLine(line.id, line.role, parts, tuple(dict.fromkeys(receipts)), line.worded, line.edited)

    def _receipt(self, citation: Citation) -> Receipt:
        key = _key(citation)
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        return Receipt(number, self._found[key])


def _key(citation: Citation) -> tuple[object, ...]:
    return tuple(citation.get(name) for name in ("recording", "position", "start", "end", "sha256"))


def _said(receipt: Receipt) -> str:
    return receipt.cited.text if receipt.cited else f"[{GONE}]"
