"""An accepted draft becomes a module of the catalogue, on offer to every programme.

A module is read by people who were not there. So it may quote only what alumni of the event may read, and it holds no
copy of that: its lines keep their citations, and `module_reading` reads the words from the transcript each time, where
the same rule still allows it. Nor does it tell how much was said, or, where few groups raise its theme, that anything
was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.database import utcnow
from capture.errors import Refused
from capture.models import Event
from capture.programmes import quorum_of
from mining.catalogue.module_pages import LONGEST_TITLE, clean_text, key_of, page_of, stored_pages
from mining.catalogue.module_reading import stored_lines
from mining.citations import Cited
from mining.drafts.lines import Body, Line, Page, body_of, places
from mining.drafts.reading import ShownDraft
from mining.drafts.telling import body_outside, too_few
from mining.privacy.discretion import quotable, quotable_rooms
from mining.suggestion_models import Draft, DraftState, Module

REMEDY = "Open the draft again and take people's words out of"
CALLED = {"framing": "what is read out", "question": "the question", "step": "a step", "purpose": "the purpose"}


@dataclass(frozen=True)
class _Quoting:
    """A line of a draft in which people's words stand, or that a language model made of them."""

    where: str
    cited: frozenset[Cited]


def publish(session: Session, draft: ShownDraft, author: str) -> Module:
    """Raises Refused for a draft that is not accepted, that needs care, that quotes what alumni may not read, or whose
    title is taken."""
    if draft.state != DraftState.ACCEPTED:
        raise Refused("Only an accepted draft goes into the catalogue. Accept it first.")
    if draft.care:
        raise Refused(
            "Some of its lines rest on words that are gone. Open it again and mend or remove these lines first."
        )
    row = session.get_one(Draft, draft.id)
    body = body_outside(body_of(row.body), too_few(session, row))
    _check_quotes(session, row, _quoting(body, draft))
    title = draft.title[:LONGEST_TITLE]
    if session.scalar(select(Module.id).where(Module.key == key_of(title))) is not None:
        raise Refused(f"There is a module called “{title}” already. Open the draft again and give it another title.")
    quoting = [line for line in body.purpose if _rests_on_words(line)]
    plain = [line.text for line in body.purpose if not _rests_on_words(line)]
    now = utcnow()
    module = Module(
        key=key_of(title),
        title=title,
        author=author,
        mindset=draft.mindset,
        summary=clean_text(" ".join(plain)),
        pages=[_stored(page, () if number else quoting) for number, page in enumerate(body.pages)],
        source=f"draft {draft.id}",
        added_at=now,
        offered_on=now.date(),
    )
    session.add(module)
    session.flush()
    return module


def published(session: Session, draft_id: int) -> Module | None:
    """The module that this draft became, as long as it is in the catalogue. Numbers of deleted drafts are given again:
    a module is not that of a draft that was made after it."""
    made_at = session.scalar(select(Draft.made_at).where(Draft.id == draft_id))
    query = select(Module).where(Module.source == f"draft {draft_id}", Module.added_at >= made_at)
    return session.scalar(query.limit(1)) if made_at else None


def _stored(page: Page, before: Sequence[Line]) -> dict[str, Any]:
    """With citations where people's words stand on it, else as text. `before` are lines that come first; a summary has
    no place for citations."""
    lines = [*before, *page.lines]
    head = page_of(page.title, minutes=page.minutes)
    if any(_rests_on_words(line) for line in lines):
        kept = [line if _rests_on_words(line) else Line(line.id, line.role, line.text) for line in lines]
        return {**stored_pages([head])[0], "lines": stored_lines(kept)}
    text = "\n\n".join(line.text for line in lines if line.role != "question")
    question = " ".join(line.text for line in lines if line.role == "question")
    return stored_pages([page_of(head.title, text, question, page.minutes)])[0]


def _rests_on_words(line: Line) -> bool:
    return bool(places(line) or (line.worded and line.citations))


def _quoting(body: Body, draft: ShownDraft) -> list[_Quoting]:
    """What a language model wrote counts until a designer put it in their own words."""
    named = [(line, CALLED["purpose"]) for line in body.purpose]
    named += [(line, f"“{page.title}”, {CALLED[line.role]}") for page in body.pages for line in page.lines]
    return [
        _Quoting(where, _cited(line, draft))
        for line, where in named
        if places(line) or (line.worded and line.citations and not line.edited)
    ]


def _lines(body: Body) -> list[Line]:
    return [line for page in body.pages for line in page.lines]


def _cited(line: Line, draft: ShownDraft) -> frozenset[Cited]:
    """What the line quotes."""
    shown = next(each for each in draft.lines if each.id == line.id)
    receipts = shown.receipts if line.worded else [part for part in shown.parts if not isinstance(part, str)]
    return frozenset(receipt.cited for receipt in receipts if receipt.cited)


def _check_quotes(session: Session, draft: Draft, quoting: Sequence[_Quoting]) -> None:
    """Raises Refused, naming the lines."""
    if not quoting:
        return
    event = session.get_one(Event, draft.event_id)
    quorum = quorum_of(session, event)
    rooms = quotable_rooms(session, event, quorum, draft.strand_id) if draft.strand_id else None
    if rooms is None:
        raise Refused(
            f"Every programme reads the catalogue, and fewer than {quorum} groups clearly raise the theme of this "
            f"draft: quotes would tell what single groups said. {REMEDY} {_named(quoting)}."
        )
    said = frozenset[Cited]().union(*(each.cited for each in quoting))
    silent = [each for each in quoting if any(cited.group_id not in rooms for cited in each.cited)]
    if silent and not rooms:
        raise Refused(
            f"Every programme reads the catalogue, and fewer than {quorum} of the groups that raise the theme of this "
            f"draft have a noted consent to be quoted. Note it at their recordings. Or: {REMEDY} {_named(quoting)}."
        )
    if silent:
        names = sorted({cited.group_name for cited in said if cited.group_id not in rooms})
        raise Refused(
            f"Every programme reads the catalogue, and no consent to be quoted is noted for {', '.join(names)}. Note "
            f"it at every recording there. Or: {REMEDY} {_named(silent)}."
        )
    may = quotable(session, event, quorum, said)
    if held := [each for each in quoting if not each.cited <= may]:
        raise Refused(
            "Every programme reads the catalogue, and some of what is quoted names a room, or belongs to no theme now "
            f"that alumni may read. {REMEDY} {_named(held)}."
        )


def _named(quoting: Sequence[_Quoting]) -> str:
    return "; ".join(dict.fromkeys(each.where for each in quoting))
