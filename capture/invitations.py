"""Inviting people to a programme: one by one or a whole roster, by links that the organiser sends. Between the roster,
the people page and sign-in.

A link holds an invitation's nonce, signed (`web.links`). It lets its person in, on as many browsers as they have,
until it expires, is ended, is replaced by a newer one, or the person signs out everywhere.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Select, or_, select, union, update
from sqlalchemy.orm import Session, joinedload

from capture.access import Member, called, end_links, grant, names_in, people_of, rename
from capture.database import utcnow
from capture.errors import Refused
from capture.events import BIDI, clean_name
from capture.models import Access, Event, Invitation, Person, Programme, Role, RosterEntry
from capture.programmes import ensure_programme, events_of
from capture.roster import link_people

LONGEST_EMAIL = 254
DAYS = range(1, 366)
"""How long a link may hold."""
EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\.]+(\.[^@\s<>,;:\"()\[\]\\.]+)*")
State = Literal["open", "expired", "ended"]


@dataclass(frozen=True)
class Invited:
    """What became of one invitation. `name` is what the person is called in this programme, `was` the role they had in
    it before; `fresh`: whether the link is new."""

    person: Person
    name: str
    role: Role
    was: Role | None
    invitation: Invitation
    fresh: bool

    @property
    def words(self) -> str:
        """One or two sentences for the organiser."""
        link = "A new link is made for them." if self.fresh else "The link they have still holds."
        if self.was is None:
            return f"{self.name} is invited as {self.role}."
        if self.was is self.role:
            return f"{self.name} was invited as {self.role} before. {link}"
        return f"{self.name} was {self.was} here and is {self.role} now. {link}"


@dataclass(frozen=True)
class Opened:
    """What a link leads to. `name` is what the person is called in the programme."""

    invitation: Invitation
    person: Person
    name: str
    programme: Programme
    role: Role | None
    state: State


@dataclass(frozen=True)
class RosterInvited:
    """What became of a roster: how many people got a new link, how many keep one that still holds, and the names of
    those whose role was taken away before and who therefore were not invited again."""

    fresh: int
    kept: int
    left_out: tuple[str, ...]

    @property
    def words(self) -> str:
        if not self.fresh + self.kept + len(self.left_out):
            return "There is nobody on the roster yet. Bring it first, then invite everybody on it."
        said = [f"{self.fresh} of {self.fresh + self.kept} people on the roster have a new link."]
        if self.kept:
            said.append(f"{self.kept} keep the link they have, because it still holds.")
        if self.left_out:
            names = ", ".join(self.left_out[:5]) + (" and others" if len(self.left_out) > 5 else "")
            said.append(f"Not invited, because their role was taken away before: {names}. Invite them one by one.")
        return " ".join(said)


def state_of(invitation: Invitation, now: datetime | None = None) -> State:
    if invitation.ended_at is not None:
        return "ended"
    return "open" if (now or utcnow()) < invitation.expires_at else "expired"


def clean_email(text: str | None) -> str | None:
    """In small letters; None where nothing is given. Raises Refused for what is no e-mail address."""
    email = (text or "").strip().lower()
    if not email:
        return None
    if len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email) or not email.isprintable() or set(email) & set(BIDI):
        raise Refused(f"“{clean_name(email)[:60]}” is not an e-mail address; write it like ada@example.org.")
    return email


def invite(
    session: Session,
    programme: Programme,
    role: Role,
    by: str,
    days: int,
    *,
    name: str = "",
    email: str | None = None,
    acting: int | None = None,
) -> Invited:
    """Gives somebody a role and a link. Who is known by the e-mail address, or where none is given by the name among
    the people here who have none, gets the role instead of the one they had. Somebody who is known in other programmes
    only is called here by the name that is given, else by their address: not as they are called there.

    `acting` is the id of whoever invites: nobody changes their own role by accident. Raises Refused.
    """
    name, email = clean_name(name), clean_email(email)
    if not name and email is None:
        raise Refused("Give a name or an e-mail address, so that you know whose link it is.")
    person = _by_email(session, email) if email else _by_name(session, programme, name)
    here = person is None or _is_known(session, programme, person.id)
    said = name or clean_name((email or "").partition("@")[0])
    if person is None:
        person = Person(name=said, email=email)
        session.add(person)
        session.flush()
    access = session.scalar(select(Access).where(Access.person_id == person.id, Access.programme_id == programme.id))
    was = access.role if access else None
    if person.id == acting and was is not role:
        raise Refused("This is your own e-mail address. Ask another organiser to change your role.")
    if name and here:
        rename(session, programme, person.id, name)
    grant(session, programme, person, role, by)
    for event in events_of(session, programme) if email else ():
        link_people(session, event.id)  # they find themselves on the rosters that are here already
    open_one = link_of(session, programme, person.id)
    link = open_one or _replace(session, programme, person.id, by, days, None if here else said)
    return Invited(person, names_in(session, programme.id, [person.id])[person.id], role, was, link, open_one is None)


def link_of(session: Session, programme: Programme, person_id: int) -> Invitation | None:
    """The link with which the person can come in now."""
    return session.scalar(_open(programme).where(Invitation.person_id == person_id).order_by(Invitation.id.desc()))


def new_link(session: Session, programme: Programme, person_id: int, by: str, days: int) -> Invitation:
    """Replaces the links the person has to this programme. Raises Refused for a length that makes no sense."""
    links = select(Invitation.name).where(Invitation.person_id == person_id, Invitation.programme_id == programme.id)
    name = session.scalar(links.where(Invitation.name.is_not(None)).order_by(Invitation.id.desc()).limit(1))
    return _replace(session, programme, person_id, by, days, name)


def find(session: Session, nonce: str) -> Opened | None:
    """What a link whose signature is right leads to; None where it is gone with its person or programme."""
    row = session.execute(
        select(Invitation, Person, called(Invitation.programme_id), Programme, Access.role)
        .join(Person, Person.id == Invitation.person_id)
        .join(Programme, Programme.id == Invitation.programme_id)
        .outerjoin(
            Access, (Access.person_id == Invitation.person_id) & (Access.programme_id == Invitation.programme_id)
        )
        .where(Invitation.nonce == nonce)
    ).one_or_none()
    if row is None:
        return None
    invitation, person, name, programme, role = row
    return Opened(invitation, person, name, programme, role, state_of(invitation) if role else "ended")


def note_use(session: Session, invitation_id: int) -> None:
    """Counts somebody in."""
    used = update(Invitation).where(Invitation.id == invitation_id)
    session.execute(used.values(uses=Invitation.uses + 1, used_at=utcnow()))


def sheet(session: Session, programme: Programme, *, roster: Event | None = None, unused: bool = False) -> list[Member]:
    """Everybody whose link holds now, by name; of the event's `roster` only, and with `unused` only those who never
    used one."""
    of_roster = select(RosterEntry.person_id).where(RosterEntry.event_id == roster.id) if roster else None
    wanted = None if of_roster is None else set(session.scalars(of_roster))
    return [
        member
        for member in people_of(session, programme)
        if member.invitation
        and state_of(member.invitation) == "open"
        and not (unused and member.uses)
        and (wanted is None or member.person_id in wanted)
    ]


def invite_roster(session: Session, event: Event, by: str, days: int) -> RosterInvited:
    """Makes everybody on the event's roster a person with a link, alumnus where they have no role yet, and notes on the
    roster who they are. Links that hold stay, so that it can be done again when the roster grows. Raises Refused."""
    programme = ensure_programme(session, event)
    expiry = _expiry(days)
    entries = session.scalars(
        select(RosterEntry).where(RosterEntry.event_id == event.id).options(joinedload(RosterEntry.participant))
    ).all()
    here = set(session.scalars(select(Access.person_id).where(Access.programme_id == programme.id)))
    reachable = set(session.scalars(_open(programme).with_only_columns(Invitation.person_id)))
    invited = set(session.scalars(select(Invitation.person_id).where(Invitation.programme_id == programme.id)))
    people = _people_on(session, entries)
    names = names_in(session, programme.id, here | invited)
    for entry in entries:  # the first of two lines counts
        names.setdefault(people[entry.id].id, clean_name(entry.participant.name))
    fresh, kept, left_out = 0, 0, []
    for person in dict.fromkeys(people[entry.id] for entry in entries):
        name = names[person.id]
        if person.id not in here:
            if person.id in invited:
                left_out.append(name)
                continue
            session.add(Access(person_id=person.id, programme_id=programme.id, role=Role.ALUMNUS, granted_by=by))
        if person.id in reachable:
            kept += 1
        else:
            _link(session, programme, person.id, by, expiry, name if name != person.name else None)
            fresh += 1
    session.flush()
    return RosterInvited(fresh, kept, tuple(left_out))


def _people_on(session: Session, entries: Sequence[RosterEntry]) -> dict[int, Person]:
    """Who each entry is, by entry id: by e-mail address, else the person noted there. Made where nobody is found, and
    noted on the entry. Never by name: two people of one name would get one link, and read of each other's groups."""
    emails = {entry.email for entry in entries if entry.email}
    noted = {entry.person_id for entry in entries if entry.person_id}
    known = session.scalars(select(Person).where(or_(Person.email.in_(emails), Person.id.in_(noted)))).all()
    by_id = {person.id: person for person in known}
    by_email = {person.email: person for person in known if person.email}
    found: dict[int, Person] = {}
    for entry in entries:
        person = by_email.get(entry.email or "") or by_id.get(entry.person_id or 0)
        if person is None:
            person = Person(name=clean_name(entry.participant.name), email=entry.email)
            session.add(person)
            if entry.email:
                by_email[entry.email] = person
        elif entry.email and person.email is None:
            person.email = entry.email  # a newer roster tells it
            by_email[entry.email] = person
        found[entry.id] = person
    session.flush()
    for entry in entries:
        entry.person_id = found[entry.id].id
    return found


def _by_email(session: Session, email: str) -> Person | None:
    return session.scalar(select(Person).where(Person.email == email))


def _by_name(session: Session, programme: Programme, name: str) -> Person | None:
    """Raises Refused where several are called so: one of them must not get the other's link."""
    nameless = select(Person).join(Access, Access.person_id == Person.id)
    found = session.scalars(
        nameless.where(Access.programme_id == programme.id, Person.email.is_(None), called(programme.id) == name)
    ).all()
    if len(found) > 1:
        raise Refused(f"{len(found)} people here are called {name}. Change the role of the one you mean in the list.")
    return found[0] if found else None


def _is_known(session: Session, programme: Programme, person_id: int) -> bool:
    """Whether the person has, or had, a way into the programme."""
    ways = (
        select(each.person_id).where(each.person_id == person_id, each.programme_id == programme.id)
        for each in (Access, Invitation)
    )
    return session.execute(union(*ways)).first() is not None


def _open(programme: Programme) -> Select[Invitation]:
    links = select(Invitation).where(Invitation.programme_id == programme.id)
    return links.where(Invitation.ended_at.is_(None), Invitation.expires_at > utcnow())


def _expiry(days: int) -> datetime:
    if days not in DAYS:
        raise Refused(f"A link can hold from {DAYS.start} to {DAYS.stop - 1} days, not {days}.")
    return utcnow() + timedelta(days=days)


def _replace(
    session: Session, programme: Programme, person_id: int, by: str, days: int, name: str | None
) -> Invitation:
    expiry = _expiry(days)
    end_links(session, programme.id, person_id)
    link = _link(session, programme, person_id, by, expiry, name)
    session.flush()
    return link


def _link(
    session: Session, programme: Programme, person_id: int, by: str, expires_at: datetime, name: str | None
) -> Invitation:
    ids = {"person_id": person_id, "programme_id": programme.id}
    link = Invitation(**ids, made_by=by, expires_at=expires_at, name=name)
    session.add(link)
    return link
