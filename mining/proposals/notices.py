"""What people should hear of: written when something happens to a proposal, read on a page and in a feed, passed on by
an organiser from the outbox. No mail server is needed, and nothing here sends anything.

Notices hold titles, answers and names of those who agreed to be named; never words from a conversation. What happens
often (somebody has it too, a question, a change) is bundled: one notice until it was seen or passed on.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from capture.access import PANEL, called
from capture.database import utcnow
from capture.models import Access, Person, Programme, ProposalMode, Role
from mining.proposals.rights import Actor
from mining.suggestion_models import Endorsement, Notice, Proposal, ProposalQuestion, ProposalState

MOST_SHOWN = 100
MOST_TAKEN_BACK = 20
"""How often something was passed on that the outbox still shows, the last first."""
MOST_PASSED = 10_000
"""Notices that are marked at once: a statement takes only so many values."""
REASON = 400
"""Characters of an answer's reason that a notice repeats."""


class NoticeKind(StrEnum):
    NEW = "new"
    ENDORSED = "endorsed"
    JOINED = "joined"
    QUESTION = "question"
    EDITED = "edited"
    ANSWERED = "answered"


BUNDLED = (NoticeKind.ENDORSED, NoticeKind.JOINED, NoticeKind.QUESTION, NoticeKind.EDITED)
"""Of which one waits at most, and says how it stands now."""

ANSWERS = {
    ProposalState.OPEN: "is open again",
    ProposalState.ADOPTED: "was adopted",
    ProposalState.MERGED: "was merged into another one",
    ProposalState.NOT_NOW: "was answered: not now",
    ProposalState.WITHDRAWN: "was withdrawn",
}


@dataclass(frozen=True)
class Waiting:
    """Somebody who was not told yet, and of what; oldest first."""

    person_id: int
    name: str
    email: str | None
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class Passed:
    """What was noted as passed on to somebody at once, and they have not seen themselves since."""

    person_id: int
    name: str
    at: datetime
    notices: tuple[Notice, ...]


def tell_deciders(session: Session, programme: Programme, proposal: Proposal, but: int | None) -> None:
    """A new proposal: to the panel, or to organisers where nobody is on it; to staff where everybody decides together.
    To the host where there is none of these."""
    members = select(Access.person_id).where(Access.programme_id == programme.id)
    if programme.mode == ProposalMode.CURATED:
        told = set(session.scalars(members.where(PANEL)))
        told = told or set(session.scalars(members.where(Access.role == Role.ORGANISER)))
    else:
        told = set(session.scalars(members.where(Access.role.in_((Role.ORGANISER, Role.DESIGNER)))))
    told = told or set(session.scalars(select(Person.id).where(Person.host)))
    _tell(session, proposal, told - {but}, NoticeKind.NEW, f"A new proposal: “{proposal.title}”.")


def tell_how_it_stands(session: Session, proposal: Proposal, kind: NoticeKind) -> None:
    """How many have it too, want to work on it or ask something: where none does any more, an unseen notice goes."""
    session.flush()
    _bundle(session, proposal, kind, _said_now(session, proposal, kind))


def tell_of_edits(session: Session, proposal: Proposal, by: Actor) -> None:
    """The proposer hears of others' changes, not of their own."""
    if proposal.person_id != by.person_id:
        _bundle(session, proposal, NoticeKind.EDITED, f"{by.name} changed the text of “{proposal.title}”.")


def tell_of_answer(session: Session, proposal: Proposal, told: Set[int | None], into: Proposal | None = None) -> None:
    """The answer with its reason, to each of `told`."""
    text = f"“{proposal.title}” {ANSWERS[proposal.state]}{f', “{into.title}”' if into else ''}."
    if proposal.reason:
        shortened = proposal.reason if len(proposal.reason) <= REASON else f"{proposal.reason[:REASON].rstrip()} …"
        text = f"{text} {shortened}"
    _tell(session, proposal, told, NoticeKind.ANSWERED, text)


def tell_of_merging(session: Session, merged: Proposal, into: Proposal, but: int | None) -> None:
    """The proposer of the one that goes on."""
    text = f"“{merged.title}” was merged into yours, “{into.title}”: its voices and questions count here now."
    _tell(session, into, {into.person_id} - {but, merged.person_id}, NoticeKind.ANSWERED, text)


def tell_of_withdrawal(session: Session, proposal: Proposal, told: Set[int]) -> None:
    _tell(session, proposal, told, NoticeKind.ANSWERED, f"“{proposal.title}” was withdrawn by whoever proposed it.")


def joiners(session: Session, proposal_id: int) -> set[int]:
    """Persons who want to work on it."""
    query = select(Endorsement.person_id).where(Endorsement.proposal_id == proposal_id, Endorsement.joined)
    return set(session.scalars(query))


def notices_of(session: Session, person_id: int, programmes: Set[int] | None, most: int = MOST_SHOWN) -> list[Notice]:
    """The newest first, of these programmes; None: of all."""
    query = _own(person_id, programmes).order_by(Notice.at.desc(), Notice.id.desc())
    return list(session.scalars(query.limit(most)))


def count_unread(session: Session, person_id: int, programmes: Set[int] | None) -> int:
    unread = _own(person_id, programmes).where(Notice.read_at.is_(None)).subquery()
    return session.scalar(select(func.count()).select_from(unread)) or 0


def mark_read(session: Session, person_id: int, programmes: Set[int] | None, ids: Iterable[int]) -> None:
    """Those of `ids` that are this person's own, in these programmes; None: in all. MOST_SHOWN at most."""
    own = update(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    unread = own if programmes is None else own.where(Notice.programme_id.in_(sorted(programmes)))
    session.execute(unread.where(Notice.id.in_(list(ids)[:MOST_SHOWN])).values(read_at=utcnow()))


def outbox(session: Session, programme_id: int) -> list[Waiting]:
    """Who has not seen what, and was not told by an organiser either, by name. Not the host: they sit in front of it,
    nor anybody who has no role in the programme any more."""
    query = (
        _unseen(programme_id)
        .where(Notice.sent_at.is_(None))
        .order_by(func.lower(called(programme_id)), Person.id, Notice.at, Notice.id)
    )
    people: dict[int, tuple[str, str | None, list[Notice]]] = {}
    for notice, person, name in session.execute(query):
        people.setdefault(person.id, (name, person.email, []))[2].append(notice)
    return [Waiting(key, name, email, tuple(own)) for key, (name, email, own) in people.items()]


def pass_on(session: Session, programme_id: int, person_id: int, ids: Iterable[int]) -> int:
    """Marks these notices of the person as passed on; returns how many were not before."""
    mine = update(Notice).where(
        Notice.programme_id == programme_id, Notice.person_id == person_id, Notice.sent_at.is_(None)
    )
    chosen = mine.where(Notice.id.in_(list(ids)[:MOST_PASSED]))
    done = session.execute(chosen.values(sent_at=utcnow()).returning(Notice.id))
    return len(done.all())


def passed_on(session: Session, programme_id: int) -> list[Passed]:
    """What can be taken back: the last first, MOST_TAKEN_BACK at most."""
    query = (
        _unseen(programme_id)
        .where(Notice.sent_at.is_not(None))
        .order_by(Notice.sent_at.desc(), Person.id, Notice.at, Notice.id)
        .limit(MOST_PASSED)
    )
    done: dict[tuple[datetime, int], tuple[str, list[Notice]]] = {}
    for notice, person, name in session.execute(query):
        assert notice.sent_at
        done.setdefault((notice.sent_at, person.id), (name, []))[1].append(notice)
    found = [Passed(key, name, at, tuple(own)) for (at, key), (name, own) in done.items()]
    return found[:MOST_TAKEN_BACK]


def undo_passing(session: Session, programme_id: int, person_id: int, ids: Iterable[int]) -> int:
    """They were not told after all: these notices wait again, and how many do is returned. Not what they have read
    meanwhile. What is bundled waits as it stands now: not at all where nothing of it is so any more, or where a newer
    notice of its kind was read or passed on."""
    theirs = _own(person_id, {programme_id}).where(Notice.read_at.is_(None), Notice.sent_at.is_not(None))
    undone = session.scalars(theirs.where(Notice.id.in_(list(ids)[:MOST_PASSED]))).all()
    bundles: dict[tuple[int, NoticeKind], list[Notice]] = {}
    for notice in undone:
        if notice.kind in BUNDLED and notice.proposal_id is not None:
            bundles.setdefault((notice.proposal_id, NoticeKind(notice.kind)), []).append(notice)
        else:
            notice.sent_at = None
    single = len(undone) - sum(map(len, bundles.values()))
    return single + sum(_undo_bundled(session, key, kind, rows) for (key, kind), rows in bundles.items())


def _undo_bundled(session: Session, proposal_id: int, kind: NoticeKind, undone: Sequence[Notice]) -> bool:
    """The newest of the kind says all that older ones do, so of `undone` no other is kept; whether it waits now."""
    same = _own(undone[0].person_id, None).where(Notice.proposal_id == proposal_id, Notice.kind == kind)
    newest = session.scalars(same.order_by(Notice.id.desc()).limit(1)).one()
    for notice in undone:
        if notice is newest:
            notice.sent_at = None
        else:
            session.delete(notice)
    if newest.read_at or newest.sent_at:
        return False
    session.flush()
    proposal = session.get_one(Proposal, proposal_id)
    text = newest.text if kind == NoticeKind.EDITED else _said_now(session, proposal, kind)
    _bundle(session, proposal, kind, text)
    return text is not None


def _unseen(programme_id: int) -> Select[Notice, Person, str]:
    """Notices of those who have a role here, with the person and what they are called."""
    return (
        select(Notice, Person, called(programme_id))
        .join(Person, Person.id == Notice.person_id)
        .join(Access, (Access.person_id == Person.id) & (Access.programme_id == Notice.programme_id))
        .where(Notice.programme_id == programme_id, Notice.read_at.is_(None))
    )


def _own(person_id: int, programmes: Set[int] | None) -> Select[Notice]:
    query = select(Notice).where(Notice.person_id == person_id)
    return query if programmes is None else query.where(Notice.programme_id.in_(sorted(programmes)))


def _tell(session: Session, proposal: Proposal, told: Set[int | None], kind: NoticeKind, text: str) -> None:
    for person_id in sorted(each for each in told if each is not None):
        session.add(_notice(proposal, person_id, kind, text))


def _said_now(session: Session, proposal: Proposal, kind: NoticeKind) -> str | None:
    """What a notice of a kind that is counted says at this moment; None: nothing of it is so."""
    if kind == NoticeKind.JOINED:
        return _joined(proposal, _names_of_joiners(session, proposal))
    table = Endorsement if kind == NoticeKind.ENDORSED else ProposalQuestion
    others = or_(table.person_id.is_(None), table.person_id != proposal.person_id)
    count = session.scalar(select(func.count()).select_from(table).where(table.proposal_id == proposal.id, others))
    if not count:
        return None
    if kind == NoticeKind.ENDORSED:
        return f"“{proposal.title}”: {'one other person has' if count == 1 else f'{count} others have'} this too."
    return f"“{proposal.title}”: {'a question was' if count == 1 else f'{count} questions were'} added."


def _names_of_joiners(session: Session, proposal: Proposal) -> list[str]:
    """Of those who want to work on it: by joining they agreed that they are named."""
    query = (
        select(called(proposal.programme_id))
        .select_from(Person)
        .join(Endorsement, Endorsement.person_id == Person.id)
        .where(Endorsement.proposal_id == proposal.id, Endorsement.joined)
        .order_by(Endorsement.at, Person.id)
    )
    return list(session.scalars(query))


def _joined(proposal: Proposal, names: list[str]) -> str | None:
    rest = len(names) - 3
    listed = [*names[:3], f"{rest} more"] if rest > 0 else names
    said = " and ".join(part for part in (", ".join(listed[:-1]), listed[-1]) if part) if names else ""
    verb = "wants" if len(names) == 1 else "want"
    return f"{said} {verb} to work on “{proposal.title}”." if names else None


def _bundle(session: Session, proposal: Proposal, kind: NoticeKind, text: str | None) -> None:
    """One for the proposer that says how it stands now; None: an unseen one goes."""
    if proposal.person_id is None:
        return
    waiting = session.scalar(
        _own(proposal.person_id, None).where(
            Notice.proposal_id == proposal.id,
            Notice.kind == kind,
            Notice.read_at.is_(None),
            Notice.sent_at.is_(None),
        )
    )
    if text is None:
        if waiting is not None:
            session.delete(waiting)
    elif waiting is None:
        session.add(_notice(proposal, proposal.person_id, kind, text))
    elif waiting.text != text:
        waiting.text, waiting.at = text, utcnow()


def _notice(proposal: Proposal, person_id: int, kind: NoticeKind, text: str) -> Notice:
    return Notice(
        programme_id=proposal.programme_id,
        person_id=person_id,
        proposal_id=proposal.id,
        kind=kind.value,
        text=text,
        at=utcnow(),
    )
