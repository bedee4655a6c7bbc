"""An event's roster: who took part, from where, in which groups, and who wants to be brought together with others.

A file becomes participants (whose names are masked in all talk), roster entries and attendances; peer groups are made
from them. Nobody's answer to "may we bring you together?" is guessed: what is missing or unclear is no.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session, joinedload

from capture.errors import NotFound
from capture.events import clean_name
from capture.models import Attendance, Event, Group, Participant, Person, RosterEntry
from capture.names import fold, same_name
from capture.roster_files import Line, Roster
from capture.transcripts import register_people

MANY = 5
"""More lines than this are counted instead of named."""


@dataclass(frozen=True)
class Imported:
    """What became of a file. `problems` are plain sentences; `masked` says that stored talk was masked anew, so that
    themes have to be looked for again."""

    added: int = 0
    changed: int = 0
    same: int = 0
    masked: bool = False
    problems: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        if not self.added and not self.changed:
            return f"Nothing changed: all {self.same} people are on the roster as the file has them."
        parts = [(self.added, "added"), (self.changed, "changed"), (self.same, "as before")]
        return f"{', '.join(f'{n} {what}' for n, what in parts if n)}."


@dataclass(frozen=True)
class Listed:
    """A line of the roster as organisers see it. `groups` are names; `invited`: whether a person may sign in for it."""

    entry_id: int
    number: int
    name: str
    email: str | None
    organisation: str
    department: str
    opt_in: bool
    answered: bool
    invited: bool
    groups: tuple[str, ...] = field(default=())


def import_roster(session: Session, event: Event, roster: Roster) -> Imported:
    """Adds and updates; whoever is on the roster already and not in the file stays. Importing again changes nothing.

    People are known by their e-mail address, and by their name where they have none.
    """
    masked = register_people(session, event.id, [line.name for line in roster.lines])
    book = _Book(session, event)
    problems = list(roster.problems)
    counts = {"added": 0, "changed": 0, "same": 0}
    for line in roster.lines:
        entry, ambiguous = book.find(line)
        if ambiguous:
            problems.append(f"Line {line.line} was left out: several people are called {line.name}. Give the e-mail.")
            continue
        counts[book.write(line, entry, roster.columns)] += 1
    problems += book.unknown_groups()
    if "groups" in roster.columns:
        problems += _without_group([line for line in roster.lines if not book.known(line)])
    link_people(session, event.id)
    return Imported(**counts, masked=masked, problems=tuple(sorted(problems, key=_line_of)))


def _line_of(problem: str) -> float:
    """So that what is wrong with a line stands together, in the order of the file; what holds for all of it last."""
    found = re.match(r"Line (\d+)", problem)
    return int(found[1]) if found else math.inf


def roster_of(session: Session, event_id: int) -> list[Listed]:
    """By name."""
    seats: dict[int, list[str]] = {}
    query = (
        select(Attendance.entry_id, Group.name)
        .join(Group, Group.id == Attendance.group_id)
        .where(Group.event_id == event_id)
        .order_by(Group.position, Group.id)
    )
    for entry_id, name in session.execute(query):
        seats.setdefault(entry_id, []).append(name)
    rows = _entries(session, event_id)
    listed = [
        Listed(
            row.id,
            row.participant.number,
            row.participant.name,
            row.email,
            row.organisation,
            row.department,
            row.opt_in,
            row.answered,
            row.person_id is not None,
            tuple(seats.get(row.id, ())),
        )
        for row in rows
    ]
    return sorted(listed, key=lambda each: (fold(each.name), each.entry_id))


def get_entry(session: Session, event_id: int, entry_id: int) -> RosterEntry:
    """Raises NotFound where it is not on the event's roster."""
    entry = session.get(RosterEntry, entry_id)
    if entry is None or entry.event_id != event_id:
        raise NotFound("This person is not on the roster any more.")
    return entry


def entry_of(session: Session, event_id: int, person_id: int) -> RosterEntry | None:
    """The line of somebody who is signed in; None where they are not on the roster."""
    query = select(RosterEntry).where(RosterEntry.event_id == event_id, lines_of(person_id))
    query = query.options(joinedload(RosterEntry.participant))
    return session.scalar(query.order_by(RosterEntry.person_id.is_(None), RosterEntry.id).limit(1))


def lines_of(person_id: int) -> ColumnElement[bool]:
    """Which lines of rosters are somebody who signs in: those noted as theirs, and those with their e-mail address that
    are noted as nobody's."""
    email = select(Person.email).where(Person.id == person_id).scalar_subquery()
    return or_(RosterEntry.person_id == person_id, RosterEntry.person_id.is_(None) & (RosterEntry.email == email))


def remove_entry(session: Session, event_id: int, entry_id: int) -> str:
    """Takes somebody off the roster, with their wishes, picks and seats; returns the name. Their name stays masked in
    talk. Raises NotFound."""
    entry = get_entry(session, event_id, entry_id)
    name = entry.participant.name
    session.delete(entry)
    session.flush()
    return name


def link_people(session: Session, event_id: int) -> None:
    """Lets whoever may sign in find themselves on the roster, by the same e-mail address."""
    query = select(RosterEntry, Person.id).join(Person, Person.email == RosterEntry.email)
    for entry, person_id in session.execute(query.where(RosterEntry.event_id == event_id)):
        entry.person_id = person_id
    session.flush()


def _entries(session: Session, event_id: int) -> list[RosterEntry]:
    query = select(RosterEntry).where(RosterEntry.event_id == event_id).options(joinedload(RosterEntry.participant))
    return list(session.scalars(query.order_by(RosterEntry.id)))


def _without_group(lines: Sequence[Line]) -> list[str]:
    if not lines:
        return []
    named = ", ".join(f"{line.name} (line {line.line})" for line in lines[:MANY])
    more = f" and {len(lines) - MANY} more" if len(lines) > MANY else ""
    return [f"In no group: {named}{more}. Only their own picks of themes count for peer groups."]


class _Book:
    """The roster while a file is read into it."""

    def __init__(self, session: Session, event: Event) -> None:
        self._session, self._event_id = session, event.id
        people = session.execute(
            select(Participant.name, Participant.id)
            .where(Participant.event_id == event.id)
            .order_by(Participant.number)
        )
        self._participants = {same_name(name): key for name, key in reversed(people.all())}
        groups = session.execute(select(Group.name, Group.id).where(Group.event_id == event.id)).all()
        self._names = [name for name, _ in groups]
        self._groups = {_plain(name): key for name, key in groups}
        self._unknown: dict[str, list[int]] = {}
        self._by_email: dict[str, RosterEntry] = {}
        self._by_name: dict[str, list[RosterEntry]] = {}
        self._seats: dict[int, set[int]] = {}
        for entry in _entries(session, event.id):
            self._note(entry, same_name(entry.participant.name))
        attended = select(Attendance.entry_id, Attendance.group_id).join(RosterEntry)
        for entry_id, group_id in session.execute(attended.where(RosterEntry.event_id == event.id)):
            self._seats.setdefault(entry_id, set()).add(group_id)

    def _note(self, entry: RosterEntry, name: str) -> None:
        if entry.email:
            self._by_email[entry.email] = entry
        if entry not in self._by_name.setdefault(name, []):
            self._by_name[name].append(entry)

    def find(self, line: Line) -> tuple[RosterEntry | None, bool]:
        """Whom the line is about, None where they are new; and whether that cannot be told."""
        called = self._by_name.get(same_name(line.name), [])
        if line.email:
            if line.email in self._by_email:
                return self._by_email[line.email], False
            called = [entry for entry in called if not entry.email]
        return (called[0], False) if len(called) == 1 else (None, len(called) > 1)

    def known(self, line: Line) -> list[int]:
        """Ids of the groups that the line names and the event has."""
        found = {self._groups[_plain(name)] for name in self._split(line) if _plain(name) in self._groups}
        return sorted(found)

    def _split(self, line: Line) -> tuple[str, ...]:
        """The group names; a whole cell that is one (“a | b”) stays whole, and a semicolon parts where it must."""
        if _plain(line.groups) in self._groups:
            return (line.groups,)
        parts = [part for part in line.groups.split("|") if part.strip()]
        semicolons = [part for part in line.groups.split(";") if part.strip()]
        if len(parts) == 1 and len(semicolons) > 1 and any(_plain(part) in self._groups for part in semicolons):
            parts = semicolons
        return tuple(clean_name(part) for part in parts)

    def write(self, line: Line, entry: RosterEntry | None, columns: Iterable[str]) -> str:
        """`added`, `changed` or `same`. Columns that the file lacks keep what they hold."""
        for name in self._split(line):
            if _plain(name) not in self._groups:
                self._unknown.setdefault(name, []).append(line.line)
        values: dict[str, object] = {"participant_id": self._participants[same_name(line.name)]}
        values |= {column: getattr(line, column) for column in ("organisation", "department") if column in columns}
        values |= {"email": line.email} if line.email else {}
        fresh = entry is None
        if entry is None:
            entry = RosterEntry(event_id=self._event_id, opt_in=line.opt_in, **values)
            self._session.add(entry)
        elif "opt_in" in columns and not entry.answered:
            values["opt_in"] = line.opt_in
        differs = [key for key, value in values.items() if getattr(entry, key) != value]
        for key in differs:
            setattr(entry, key, values[key])
        self._session.flush()
        self._note(entry, same_name(line.name))
        seats = set(self.known(line))
        moved = (fresh or "groups" in columns) and seats != self._seats.get(entry.id, set())
        if moved:
            self._session.execute(delete(Attendance).where(Attendance.entry_id == entry.id))
            self._session.add_all(Attendance(entry_id=entry.id, group_id=group) for group in sorted(seats))
            self._seats[entry.id] = seats
        self._session.flush()
        return "added" if fresh else "changed" if differs or moved else "same"

    def unknown_groups(self) -> list[str]:
        said = []
        for name, lines in self._unknown.items():
            near = get_close_matches(name, self._names, n=1, cutoff=0.6)
            hint = f" Did you mean “{near[0]}”?" if near else ""
            where = f"line {lines[0]}" if len(lines) == 1 else f"{len(lines)} lines, the first is {lines[0]}"
            said.append(f"The event has no group “{name}” ({where}).{hint}")
        return said


def _plain(name: str) -> str:
    return fold(" ".join(name.replace("’", "'").split()))
