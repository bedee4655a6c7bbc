"""A draft as it is read: every line with people's words in their places, taken from the transcript at this moment.

Between stored drafts and pages, commands and files. A line whose words are gone says so, and the draft says that it
needs care; what a language model made of words that are gone is not shown. Who was not in the rooms reads only the
words that may be quoted to them at this moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from capture.models import Event
from capture.programmes import quorum_of
from mining.citations import Cited, read
from mining.drafts.lines import Body, Citation, Line, Page, body_of, pieces
from mining.drafts.telling import too_few
from mining.privacy.discretion import quotable
from mining.suggestion_models import Draft, DraftState

GONE = "words that are no longer in the transcript"
WITHHELD = "words that may not be handed round"


@dataclass(frozen=True)
class Receipt:
    """Where words of a draft were said. `number` counts from 1 through the whole draft; `cited` is None where they are
    gone, or `withheld` from whoever reads."""

    number: int
    cited: Cited | None
    withheld: bool = False

    @property
    def text(self) -> str:
        """The words, or in their place why they are not there."""
        return self.cited.text if self.cited else f"[{WITHHELD if self.withheld else GONE}]"


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
            return next(receipt.text for receipt in self.receipts if receipt.cited is None)
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)


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
    """`care` counts the lines that rest on words which are gone. `spare` are statements that were not needed. `few` is
    whether those who were not there must not be told that its theme was spoken of; known where it is read for them."""

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
    few: bool = False

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
    def withheld(self) -> int:
        return sum(receipt.withheld for receipt in self.receipts)

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        return tuple(sorted({r for line in self.lines for r in line.receipts}, key=lambda receipt: receipt.number))


def shown(session: Session, draft: Draft, heard: bool = True) -> ShownDraft:
    """Two queries, whatever its length; without `heard` as those may read it who were not there, for a few more."""
    body = body_of(draft.body)
    shelf = _Shelf(session, body, None if heard else session.get_one(Event, draft.event_id))
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
        few=not heard and too_few(session, draft),
    )


class _Shelf:
    """Everything that a draft cites, read at once, and numbered in the order in which it is met. With `discreet`, an
    event, only what may be quoted to those who were not there."""

    def __init__(self, session: Session, body: Body, discreet: Event | None = None) -> None:
        wanted = [citation for line in body.lines for citation in line.citations] + list(body.spare)
        self._found = {_key(each): cited for each, cited in zip(wanted, read(session, wanted), strict=True)}
        said = frozenset(cited for cited in self._found.values() if cited)
        quorum = quorum_of(session, discreet) if discreet else 0
        self._withheld = said - quotable(session, discreet, quorum, said) if discreet else frozenset()
        self._numbers: dict[tuple[object, ...], int] = {}

    def cited(self, citation: Citation) -> Cited | None:
        cited = self._found[_key(citation)]
        return None if cited in self._withheld else cited

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
        return Receipt(number, self.cited(citation), self._found[key] in self._withheld)


def _key(citation: Citation) -> tuple[object, ...]:
    return tuple(citation.get(name) for name in ("recording", "position", "start", "end", "sha256"))
