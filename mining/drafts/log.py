"""What designers do to a draft: edit, accept, reject, open again, undo. Each is one entry in a history that only grows.

Every change names the version that the designer saw: one made from an older version changes nothing, so that nobody's
work is written over. Functions never commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from capture.errors import Refused
from capture.events import clean_name
from mining.drafts.lines import (
    LONGEST_PAGE,
    LONGEST_TITLE,
    MINDSETS,
    Body,
    Line,
    Page,
    body_of,
    typed,
    with_lines,
)
from mining.suggestion_models import Draft, DraftChange, DraftState

MOST_MINUTES = 480
LONGEST_REASON = 1000
UNDONE = "undone"


class Outdated(Refused):
    """Somebody changed the draft since the page was made."""


class Unfit(Refused):
    """`problems` says for each field of a form, by its name, what is wrong with it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Edit:
    """What a designer wants to be different; what is not named stays. `texts` by line, `titles` and `minutes` by page;
    `out` are pages to leave out; `swaps` gives lines another of the draft's spare statements, by its place there."""

    title: str | None = None
    mindset: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    minutes: Mapping[str, str] = field(default_factory=dict)
    out: frozenset[str] = frozenset()
    swaps: Mapping[str, int] = field(default_factory=dict)


def edit(session: Session, draft: Draft, version: int, wanted: Edit, by: str) -> None:
    """Raises Outdated, and Unfit with what is wrong in which field: `title`, `mindset`, a line's or page's id. Outdated
    comes first: what was typed has to be merged (`draft_merging`) before it is looked at."""
    if draft.version != version:
        raise Outdated(_outdated(session, draft))
    problems: dict[str, str] = {}
    title = draft.title if wanted.title is None else clean_name(wanted.title)
    if not any(character.isalnum() for character in title):
        problems["title"] = "A guide needs a title."
    elif wanted.title is not None and len(" ".join(wanted.title.split())) > LONGEST_TITLE:
        problems["title"] = f"A title may have {LONGEST_TITLE} characters; this one has {len(wanted.title.strip()):,}."
    mindset = draft.mindset if wanted.mindset is None else wanted.mindset or None
    if mindset is not None and mindset not in MINDSETS:
        problems["mindset"] = f"Choose one of: {', '.join(MINDSETS)}."
    body = _edited(body_of(draft.body), wanted, problems)
    if draft.state != DraftState.DRAFTED:
        problems["title"] = "This draft was answered already. Open it again before you change it."
    if problems:
        raise Unfit(problems)
    after = {"title": title, "mindset": mindset, "body": body.stored()}
    if any(getattr(draft, name) != value for name, value in after.items()):
        _note(session, draft, version, by, "edited", after)


def accept(session: Session, draft: Draft, version: int, by: str, reason: str = "") -> None:
    _answer(session, draft, version, by, DraftState.ACCEPTED, reason)


def reject(session: Session, draft: Draft, version: int, by: str, reason: str) -> None:
    """Raises Unfit without a reason: the next one who looks at the theme has to know."""
    if not reason.strip():
        raise Unfit({"reason": "Say in a few words why not: whoever looks at this theme next will want to know."})
    _answer(session, draft, version, by, DraftState.REJECTED, reason)


def reopen(session: Session, draft: Draft, version: int, by: str) -> None:
    if draft.state == DraftState.DRAFTED:
        raise Refused("This draft is open already.")
    _note(session, draft, version, by, "reopened", {"state": DraftState.DRAFTED.value, "reason": ""})


def reworded(session: Session, draft: Draft, version: int, by: str, body: Body, model: str, dropped: int) -> None:
    """Takes over what a language model made of the draft's lines."""
    if draft.state != DraftState.DRAFTED:
        raise Refused("This draft was answered already. Open it again before you have it worded.")
    after = {"body": body.stored(), "wording": model[:200], "dropped": dropped}
    _note(session, draft, version, by, "worded", after)


def undo(session: Session, draft: Draft, version: int, by: str) -> DraftChange:
    """Takes back the latest change that stands; the change and its undoing stay in the history. Raises Refused where
    nothing is left to undo."""
    standing = to_undo(draft)
    if standing is None or standing.before is None:
        raise Refused("There is nothing to undo: the draft is as it was written.")
    _note(session, draft, version, by, UNDONE, {**standing.before, "of": standing.id})
    return standing


def to_undo(draft: Draft) -> DraftChange | None:
    """The change that would be taken back next."""
    taken_back = {(change.after or {}).get("of") for change in draft.changes if change.what == UNDONE}
    standing = (change for change in reversed(draft.changes) if change.what != UNDONE and change.id not in taken_back)
    return next(standing, None)


def _answer(session: Session, draft: Draft, version: int, by: str, state: DraftState, reason: str) -> None:
    if len(reason) > LONGEST_REASON:
        raise Unfit({"reason": f"A reason may have {LONGEST_REASON:,} characters; this one has {len(reason):,}."})
    if draft.state != DraftState.DRAFTED:
        raise Outdated(f"This draft was {draft.state.value} already. Open it again to answer anew.")
    said = " ".join(reason.split())
    _note(session, draft, version, by, state.value, {"state": state.value, "reason": said})


def _note(session: Session, draft: Draft, version: int, by: str, what: str, after: Mapping[str, Any]) -> None:
    """Changes the draft and writes down what it was. The version is compared in the database: of two who save at the
    same moment, one wins and the other is told."""
    names = [name for name in after if name != "of"]
    before = {name: getattr(draft, name) for name in names}
    before = {name: value.value if isinstance(value, DraftState) else value for name, value in before.items()}
    query = update(Draft).where(Draft.id == draft.id, Draft.version == version).values(version=version + 1)
    done = session.execute(query.execution_options(synchronize_session=False))
    if not getattr(done, "rowcount", 0):
        session.refresh(draft)
        raise Outdated(_outdated(session, draft))
    session.refresh(draft)
    for name in names:
        setattr(draft, name, DraftState(after[name]) if name == "state" else after[name])
    draft.changes.append(DraftChange(made_by=by, what=what, before=before, after=dict(after)))
    session.flush()


def _outdated(session: Session, draft: Draft) -> str:
    query = select(DraftChange.made_by).where(DraftChange.draft_id == draft.id).order_by(DraftChange.id.desc()).limit(1)
    who = session.scalar(query) or "somebody"
    return (
        f"{who} changed this draft since you opened it, so nothing was saved. What you typed is still here: "
        "compare it with the draft as it is now, then save again."
    )


def _edited(body: Body, wanted: Edit, problems: dict[str, str]) -> Body:
    body = _swapped(body, wanted.swaps, problems)
    changed: dict[str, Line] = {}
    for line in body.lines:
        if line.id in wanted.texts:
            try:
                changed[line.id] = typed(line, wanted.texts[line.id])
            except Refused as refused:
                problems[line.id] = str(refused)
    body = with_lines(body, changed)
    pages = tuple(_page(page, wanted, problems) for page in body.pages if page.id not in wanted.out)
    if not pages:
        problems["title"] = "A guide needs at least one page."
    return replace(body, pages=pages)


def _page(page: Page, wanted: Edit, problems: dict[str, str]) -> Page:
    minutes, title = page.minutes, page.title
    if (said := wanted.minutes.get(page.id)) is not None:
        text = said.strip()
        if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= MOST_MINUTES):
            problems[f"{page.id}-minutes"] = f"Give whole minutes, 0 to {MOST_MINUTES}; this is “{text[:20]}”."
        else:
            minutes = int(text)
    if (said := wanted.titles.get(page.id)) is not None:
        title = clean_name(said)
        if not title or len(said) > LONGEST_PAGE:
            problems[f"{page.id}-title"] = f"A page needs a title of up to {LONGEST_PAGE} characters."
    return replace(page, minutes=minutes, title=title)


def _swapped(body: Body, swaps: Mapping[str, int], problems: dict[str, str]) -> Body:
    """With other statements in place of the first of these lines; what they held becomes spare. Steps and framings of
    the page that rest on the same statement change with it."""
    spare = list(body.spare)
    for line_id, place in swaps.items():
        line = next((line for line in body.lines if line.id == line_id and line.citations), None)
        if line is None or not 0 <= place < len(spare):
            problems[line_id] = "This statement is not at choice any more. Choose another one."
            continue
        old, new = line.citations[0], spare[place]
        spare[place] = old
        page = line_id.split("-")[0]
        changed = {
            each.id: replace(each, citations=tuple(new if cited == old else cited for cited in each.citations))
            for each in body.lines
            if each.id.split("-")[0] == page
        }
        body = with_lines(body, changed)
    return replace(body, spare=tuple(spare))
