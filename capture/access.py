"""People who may sign in, and their roles in programmes. For views and commands; who *spoke* is never looked up here.

A role counts in a browser only where a link of the same programme let it in: whoever may invite people to one programme
writes such links, and must not get into another programme as somebody who is known there, nor learn what they are
called there, nor sign them out of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, union, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from capture.database import utcnow
from capture.errors import NotFound, Refused
from capture.events import clean_name
from capture.models import Access, Invitation, Person, Programme, ProposalMode, Role

HOST = "the host"
QUORA = range(2, 21)
"""What the k of k-anonymity may be: with 1 it protects nobody, with more than 20 hardly anything is ever shown."""


@dataclass(frozen=True)
class Known:
    """Somebody whose cookie was read, with every role they have, and what they are called where, by programme id."""

    person: Person
    access: tuple[Access, ...]
    names: Mapping[int, str]

    def since(self, let_in: Mapping[int, float]) -> list[Access]:
        """The roles that count in a browser which links of these programmes (by id) let in at these times, in seconds
        since 1970."""
        return [each for each in self.access if _counts(each, let_in.get(each.programme_id, 0.0))]

    def is_out(self, let_in: Mapping[int, float]) -> bool:
        """Whether such a browser is signed out of all it was let into."""
        mine = [each for each in self.access if each.programme_id in let_in]
        return any(each.signed_out_at for each in mine) and not self.since(let_in)


@dataclass(frozen=True)
class Member:
    """Somebody with a role in a programme, as organisers see them. `invitation` is their newest link, `uses` and
    `last_used` count all of them; `elsewhere` is whether another programme named them, so that the name stays."""

    person_id: int
    name: str
    email: str | None
    role: Role
    panel: bool
    granted_at: datetime
    granted_by: str
    elsewhere: bool
    invitation: Invitation | None
    uses: int
    last_used: datetime | None


PANEL = Access.panel & (Access.role != Role.SPONSOR)
"""Who is on the panel: sponsors only read, whatever a row says."""


def host_person(session: Session) -> Person:
    """Whoever opened the link that `serve` prints: one row for all of them, made at the first time."""
    host = session.scalar(select(Person).where(Person.host).order_by(Person.id))
    if host is None:
        host = Person(name=HOST, host=True)
        session.add(host)
        session.flush()
    return host


def known_by_key(session: Session, key: str) -> Known | None:
    """By what a cookie holds; one query, because every page asks."""
    with_roles = select(Person, Access, called(Access.programme_id)).outerjoin(Access, Access.person_id == Person.id)
    rows = session.execute(with_roles.where(Person.key == key)).all()
    if not rows:
        return None
    held = [(access, name) for _, access, name in rows if access is not None]
    return Known(rows[0][0], tuple(access for access, _ in held), {each.programme_id: name for each, name in held})


def called(programme_id: int | InstrumentedAttribute[int] | None) -> ColumnElement[str]:
    """What a Person of the query is called in that programme: the name given there, else the person's own."""
    link = aliased(Invitation)
    given = select(link.name).where(link.person_id == Person.id, link.programme_id == programme_id)
    newest = given.where(link.name.is_not(None)).order_by(link.id.desc()).limit(1)
    return func.coalesce(newest.correlate(Person, Access, Invitation).scalar_subquery(), Person.name)


def names_in(session: Session, programme_id: int | None, people: Iterable[int | None]) -> dict[int, str]:
    """What these persons are called in the programme, by id; also those whose role was taken away."""
    wanted = {each for each in people if each is not None}
    rows = session.execute(select(Person.id, called(programme_id)).where(Person.id.in_(wanted)))
    return {key: name for key, name in rows}


def access_of(session: Session, programme: Programme, person_id: int) -> Access:
    """Raises NotFound where the person has no role in the programme, whatever they are elsewhere."""
    found = _access(session, programme, person_id)
    if found is None:
        raise NotFound("This person has no role in this programme any more.")
    return found


def grant(session: Session, programme: Programme, person: Person, role: Role, by: str, name: str = "") -> Access:
    """Gives the person the role, instead of the one they had. Without an invitation `name` is what they are called
    here, where that is not their own name: an ended link holds it."""
    access = _access(session, programme, person.id)
    if access is None:
        access = Access(person_id=person.id, programme_id=programme.id, role=role, granted_by=by)
        session.add(access)
    if name and name != person.name:
        ids = {"person_id": person.id, "programme_id": programme.id}
        session.add(Invitation(**ids, name=name, made_by=by, expires_at=utcnow(), ended_at=utcnow()))
    access.role = role
    access.panel = bool(access.panel) and role is not Role.SPONSOR
    session.flush()
    return access


def change(session: Session, programme: Programme, person_id: int, role: Role, *, panel: bool, name: str) -> Access:
    """What an organiser can put right about somebody. The name counts in this programme: what other programmes call the
    person stays. Whoever becomes a sponsor leaves the panel.

    Raises NotFound without a role here, Refused without a name, and for a sponsor who is put on the panel.
    """
    access = access_of(session, programme, person_id)
    if panel and role is Role.SPONSOR and not access.panel:
        raise Refused("Sponsors read proposals and cannot be on the panel that decides about them.")
    access.role, access.panel = role, panel and role is not Role.SPONSOR
    name = clean_name(name)
    if not name:
        raise Refused("Everybody here needs a name: others see it beside what they decide or propose.")
    rename(session, programme, person_id, name)
    session.flush()
    return access


def rename(session: Session, programme: Programme, person_id: int, name: str) -> None:
    """Calls the person so in this programme, and everywhere where no other programme named them."""
    links = update(Invitation).where(Invitation.person_id == person_id, Invitation.programme_id == programme.id)
    session.execute(links.values(name=name))
    if not _elsewhere(session, programme, [person_id]):
        session.get_one(Person, person_id).name = name


def remove(session: Session, programme: Programme, person_id: int) -> None:
    """Takes the role away and ends the links. What the person proposed or decided stays, under their name."""
    session.delete(access_of(session, programme, person_id))
    end_links(session, programme.id, person_id)


def sign_out_of(session: Session, programme: Programme, person_id: int) -> None:
    """Ends every browser's way into this programme, and the links to it; other programmes are not touched."""
    access_of(session, programme, person_id).signed_out_at = utcnow()
    end_links(session, programme.id, person_id)


def sign_out_everywhere(session: Session, person_id: int, programmes: Iterable[int] | None = None) -> None:
    """Ends every browser's way into these programmes (ids), and the links to them: what a browser does reaches as far
    as it was let in. None: every browser of the person, and every link. They need a new link to come back."""
    if programmes is None:
        session.get_one(Person, person_id).signed_out_at = utcnow()
        end_links(session, None, person_id)
        return
    for each in sorted(programmes):
        sign_out_of(session, session.get_one(Programme, each), person_id)


def decides(session: Session, programme: Programme, role: Role, named: bool) -> bool:
    """Whether somebody of this role, `named` for the panel or not, decides where a panel does: while nobody is on it,
    organisers do."""
    if named or role is not Role.ORGANISER:
        return named and role is not Role.SPONSOR
    on_it = select(Access.id).where(Access.programme_id == programme.id, PANEL)
    return session.scalar(on_it.limit(1)) is None


def end_links(session: Session, programme_id: int | None, person_id: int) -> None:
    """Ends the person's links to the programme, to all where that is None. Browsers they let in stay signed in."""
    mine = update(Invitation).where(Invitation.person_id == person_id, Invitation.ended_at.is_(None))
    session.execute(
        mine.where(Invitation.programme_id == programme_id).values(ended_at=utcnow())
        if programme_id
        else mine.values(ended_at=utcnow())
    )


def people_of(session: Session, programme: Programme) -> list[Member]:
    """Who has a role in the programme, by name; three queries in all."""
    rows = session.execute(
        select(Person, Access, called(programme.id).label("name"))
        .join(Access, Access.person_id == Person.id)
        .where(Access.programme_id == programme.id)
        .order_by(func.lower(called(programme.id)), Person.id)
    ).all()
    links = select(Invitation).where(Invitation.programme_id == programme.id).order_by(Invitation.id)
    newest: dict[int, Invitation] = {}
    used: dict[int, tuple[int, datetime | None]] = {}
    for link in session.scalars(links):
        newest[link.person_id] = link
        uses, last = used.get(link.person_id, (0, None))
        used[link.person_id] = (uses + link.uses, max(filter(None, (last, link.used_at)), default=None))
    elsewhere = _elsewhere(session, programme, [person.id for person, _, _ in rows]) - newest.keys()
    return [
        Member(
            person_id=person.id,
            name=name,
            email=person.email,
            role=access.role,
            panel=access.panel and access.role is not Role.SPONSOR,
            granted_at=access.granted_at,
            granted_by=access.granted_by,
            elsewhere=person.id in elsewhere,
            invitation=newest.get(person.id),
            uses=used.get(person.id, (0, None))[0],
            last_used=used.get(person.id, (0, None))[1],
        )
        for person, access, name in rows
    ]


def settle(programme: Programme, quorum: int | None, mode: str) -> None:
    """Sets what holds for the programme. Raises Refused for a k that protects nobody or hides everything."""
    if quorum is None or quorum not in QUORA:
        raise Refused(f"Give a whole number of groups from {QUORA.start} to {QUORA.stop - 1}.")
    if mode not in list(ProposalMode):
        raise Refused("Choose whether a panel decides about proposals or everybody works on them.")
    programme.quorum, programme.mode = quorum, ProposalMode(mode)


def role_named(text: str) -> Role:
    """Raises Refused, naming the roles there are."""
    try:
        return Role(text.strip().lower())
    except ValueError:
        said = clean_name(text)[:40]
        there = ", ".join(Role)
        raise Refused(f"“{said}” is not a role. Choose one of: {there}." if said else "Choose a role.") from None


def _counts(access: Access, let_in: float) -> bool:
    ended = access.signed_out_at
    return access.granted_at.timestamp() <= let_in and (ended is None or ended.timestamp() < let_in)


def _access(session: Session, programme: Programme, person_id: int) -> Access | None:
    return session.scalar(select(Access).where(Access.person_id == person_id, Access.programme_id == programme.id))


def _elsewhere(session: Session, programme: Programme, people: list[int]) -> set[int]:
    """Those of `people` who have, or had, a way into another programme, too."""
    ways = (
        select(each.person_id).where(each.person_id.in_(people), each.programme_id != programme.id)
        for each in (Access, Invitation)
    )
    return set(session.scalars(union(*ways)))
