"""The list of next steps of an event: what was found in talk, confirmed or set aside by people, or written by hand.

Found by `mining.next_steps.step_finding`, shown and changed by pages and the command, carried to the next event by
`mining.next_steps.carried_steps`. Every change keeps what was there before, and can be undone.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.database import utcnow
from capture.errors import NotFound, Refused
from capture.models import Event, Group
from mining.analyses import latest_analysis
from mining.citations import Cited, read
from mining.models import Theme
from mining.next_steps.step_reader import Reader
from mining.suggestion_models import NextStep, StepState

LONGEST_TEXT = 300
"""Characters of what people call a step."""
LONGEST_OWNER = 80
FIRST_YEAR, LAST_YEAR = 2000, 2099

OPEN = StepState.CONFIRMED
SETTLED = (StepState.DONE, StepState.NOT_DONE, StepState.DROPPED)
OUTDATED = "Somebody changed this step since the page was made. Look at it as it is now, and try again."


@dataclass(frozen=True)
class StepTheme:
    """The theme that a step belongs to, in the newest analysis."""

    number: int
    label: str


@dataclass(frozen=True)
class Step:
    """A next step as it is shown. `quote` is what was said, None where it was written by hand, where (`gone`) the words
    are no longer there, or where (`withheld`) the reader was not there; `said_at` is the short name of the event it was
    said at, None where the reader may not open it. `text` is what people call it. `stamp` tells whether it was changed
    since."""

    id: int
    event_id: int
    group_id: int | None
    group: str | None
    theme: StepTheme | None
    state: StepState
    quote: Cited | None
    gone: bool
    withheld: bool
    said_at: str | None
    text: str | None
    owner: str | None
    due_on: date | None
    due_said: str | None
    score: float
    carried: bool
    changed_at: datetime
    changed_by: str | None
    changes: int
    stamp: int

    @property
    def words(self) -> str | None:
        """What it is called: by people, else as it was said; None where neither is there."""
        return self.text or (self.quote.text if self.quote else None)

    @property
    def by_hand(self) -> bool:
        return self.quote is None and not self.gone and not self.withheld

    def late(self, today: date) -> bool:
        return self.state == OPEN and self.due_on is not None and self.due_on < today


def steps_of(session: Session, event: Event, reader: Reader | None = None) -> list[Step]:
    """Every step, in the order of groups and of talk; for a `reader` who is not staff only those of the groups they sat
    in. What was only found and whose words are gone is not among them."""
    query = select(NextStep).where(NextStep.event_id == event.id)
    if reader is not None and reader.groups is not None:
        query = query.where(NextStep.group_id.in_(reader.groups))
    return shown(session, event, session.scalars(query).all(), reader)


def shown(session: Session, event: Event, rows: Sequence[NextStep], reader: Reader | None = None) -> list[Step]:
    """Rows of one event as they are shown to `reader`; None: to whoever sits at the machine. Four queries at most."""
    quotes = read(session, [row.citation for row in rows])
    places = session.execute(select(Group.id, Group.name, Group.position).where(Group.event_id == event.id))
    groups: dict[int | None, tuple[int, str | None]] = {key: (position, name) for key, name, position in places}
    themes = _themes(session, event.id)
    steps = []
    for row, quote in zip(rows, quotes, strict=True):
        if quote is None and row.citation is not None and row.state in (StepState.FOUND, StepState.DISMISSED):
            continue
        position, name = groups.get(row.group_id, (len(groups), None))
        said = (quote.recording_id, quote.position, quote.first) if quote else (1 << 31, row.id, 0)
        steps.append((position, said, _shown(row, quote, name, themes.get(row.strand_id), reader)))
    return [step for _, _, step in sorted(steps, key=lambda each: each[:2])]


def get_step(session: Session, event_id: int, step_id: int, groups: Collection[int] | None = None) -> NextStep:
    """Raises NotFound where the event, or the groups that are given, have no such step."""
    step = session.get(NextStep, step_id)
    if step is None or step.event_id != event_id or (groups is not None and step.group_id not in groups):
        raise NotFound(f"There is no next step {step_id} here.")
    return step


def kept_in(session: Session, group_id: int) -> int:
    """How many next steps of a group are people's work, which has to outlive what was said there: confirmed, settled or
    written by them; not what is merely found, or was set aside without being put into words."""
    aside = (NextStep.state == StepState.DISMISSED) & NextStep.text.is_(None)
    query = select(func.count(NextStep.id)).where(NextStep.group_id == group_id, NextStep.state != StepState.FOUND)
    return session.scalar(query.where(~aside)) or 0


def settle(session: Session, step: NextStep, state: StepState, by: str, stamp: int | None = None) -> None:
    """Says what became of a step: confirmed (or open again), done, not done, dropped, or no commitment after all.
    Raises Refused where it was changed since `stamp`, whatever is wanted: an old page does not show what is there."""
    if state == StepState.FOUND:
        raise Refused("A step that people dealt with cannot become a mere suggestion; undo what was done instead.")
    check_stamp(step, stamp)
    if state == step.state:
        return
    _note(step, by, stamp)
    step.state = state
    session.flush()


def edit(
    session: Session,
    step: NextStep,
    by: str,
    *,
    text: str,
    owner: str,
    due_on: date | None,
    stamp: int | None = None,
) -> None:
    """Writes what people say a step is, whose and by when, and confirms it where it was only found. Without `text` it
    stands as it was said. Raises Refused where there would be nothing left to read."""
    text, owner = checked_text(text), checked_owner(owner)
    if not text and step.citation is None:
        raise Refused("Write what is to be done.")
    due_on = checked_day(due_on)
    _note(step, by, stamp)
    step.text, step.owner = text or None, owner or None
    if due_on != step.due_on:
        step.due_on, step.due_said = due_on, None
    if step.state in (StepState.FOUND, StepState.DISMISSED):
        step.state = StepState.CONFIRMED
    session.flush()


def add(
    session: Session, event: Event, by: str, *, text: str, owner: str = "", due_on: date | None, group_id: int | None
) -> NextStep:
    """Writes a step by hand; it is confirmed. Raises Refused without words, NotFound for a group of another event."""
    text = checked_text(text)
    if not text:
        raise Refused("Write what is to be done.")
    if group_id is not None and session.scalar(select(Group.event_id).where(Group.id == group_id)) != event.id:
        raise NotFound("The group is not one of this event.")
    step = NextStep(
        event_id=event.id,
        group_id=group_id,
        fingerprint=secrets.token_hex(32),
        text=text,
        owner=checked_owner(owner) or None,
        due_on=checked_day(due_on),
        state=StepState.CONFIRMED,
        changed_by=by,
        history=[],
    )
    session.add(step)
    session.flush()
    return step


def undo(session: Session, step: NextStep, by: str, stamp: int | None = None) -> None:
    """Takes the last change back. Raises Refused where there was none."""
    check_stamp(step, stamp)
    if not step.history:
        raise Refused("Nothing was changed here that could be undone.")
    *earlier, last = step.history
    step.state = StepState(last["state"])
    step.text, step.owner, step.due_said = last["text"], last["owner"], last["due_said"]
    step.due_on = date.fromisoformat(last["due_on"]) if last["due_on"] else None
    step.history = earlier
    step.changed_at, step.changed_by = utcnow(), by
    session.flush()


def checked_text(text: str) -> str:
    """One line without control characters. Raises Refused where it is too long."""
    return _line(text, LONGEST_TEXT, "A next step")


def checked_owner(owner: str) -> str:
    return _line(owner, LONGEST_OWNER, "Whoever does it")


def checked_day(day: date | None) -> date | None:
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(f"The year {day.year} cannot be meant; choose a day from {FIRST_YEAR} to {LAST_YEAR}.")
    return day


def _line(text: str, longest: int, what: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(line) > longest:
        raise Refused(f"{what} has {len(line):,} characters; {longest} is the most. Say it in a line.")
    return line


def stamp_of(step: NextStep) -> int:
    """Changes with every change. Microseconds."""
    return round(step.changed_at.timestamp() * 1e6)


def check_stamp(step: NextStep, stamp: int | None) -> None:
    """Raises Refused where the step was changed since the page with that stamp was made."""
    if stamp is not None and stamp != stamp_of(step):
        raise Refused(OUTDATED)


def _note(step: NextStep, by: str, stamp: int | None) -> None:
    """Keeps what the step was before a change."""
    check_stamp(step, stamp)
    now = utcnow()
    before: dict[str, Any] = {
        "at": now.isoformat(),
        "by": by,
        "state": step.state.value,
        "owner": step.owner,
        "due_on": step.due_on.isoformat() if step.due_on else None,
        "due_said": step.due_said,
        "text": step.text,
    }
    step.history = [*step.history, before]
    step.changed_at, step.changed_by = now, by


def _themes(session: Session, event_id: int) -> dict[int | None, StepTheme]:
    analysis = latest_analysis(session, event_id)
    if analysis is None:
        return {}
    rows = session.execute(
        select(Theme.strand_id, Theme.number, Theme.label).where(
            Theme.analysis_id == analysis.id, Theme.strand_id.is_not(None)
        )
    )
    return {strand: StepTheme(number, label) for strand, number, label in rows}


def _shown(
    row: NextStep, quote: Cited | None, group: str | None, theme: StepTheme | None, reader: Reader | None
) -> Step:
    withheld = quote is not None and reader is not None and not reader.hears(quote)
    return Step(
        id=row.id,
        event_id=row.event_id,
        group_id=row.group_id,
        group=group,
        theme=theme,
        state=row.state,
        quote=None if withheld else quote,
        gone=quote is None and row.citation is not None,
        withheld=withheld,
        said_at=reader.events.get(quote.event_id) if quote is not None and reader is not None else None,
        text=row.text,
        owner=row.owner,
        due_on=row.due_on,
        due_said=row.due_said,
        score=row.score,
        carried=row.carried_from is not None,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        changes=len(row.history),
        stamp=stamp_of(row),
    )
