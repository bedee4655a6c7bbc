"""What pages and commands show of proposals: the list with counts, and one with everything that belongs to it.

Where a proposal was merged into another, voices and questions count there: of each person once. Endorsers are a number
for everybody; whoever joined agreed to be named. A handful of queries, however many proposals there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.access import PANEL, called, names_in
from capture.models import Access, Person, Programme
from capture.names import fold
from mining.proposals.changes import Change, history
from mining.proposals.proposals import brief_of
from mining.proposals.rights import Actor, may_read
from mining.suggestion_models import Endorsement, Proposal, ProposalChange, ProposalQuestion, ProposalState

EXCERPT = 220
"""Characters of the challenge that the list shows."""


@dataclass(frozen=True)
class Listed:
    """A proposal in the list. `voices` counts people who have it too, without its proposer; `joined` those of them who
    want to work on it."""

    id: int
    title: str
    challenge: str
    state: ProposalState
    proposer: str | None
    mine: bool
    made_at: datetime
    answered_at: datetime | None
    voices: int
    joined: int
    questions: int
    into: int | None
    event_id: int | None
    strand_id: int | None


@dataclass(frozen=True)
class Asked:
    """A question that the module should ask. `through` is the merged proposal it was added to."""

    id: int
    text: str
    mine: bool
    through: str | None


@dataclass(frozen=True)
class Shown:
    """One proposal with everything. `has_too` and `joined` are the viewer's own; `through` names a merged proposal by
    which they have it too already."""

    row: Proposal
    proposer: str | None
    mine: bool
    voices: int
    workers: tuple[str, ...]
    questions: tuple[Asked, ...]
    merged: tuple[tuple[int, str], ...]
    into: tuple[int, str] | None
    has_too: bool
    joined: bool
    through: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class _Crowd:
    """A programme's proposals by id, in families: {id: the proposals that count there, itself first}."""

    rows: Mapping[int, Proposal]
    families: Mapping[int, Sequence[Proposal]]
    voices: Mapping[int, Mapping[int, bool]]
    """{proposal: {person: joined}}"""

    def joined(self, proposal: Proposal, actor: Actor) -> bool:
        return self.voices.get(proposal.id, {}).get(actor.person_id, False)

    def people(self, proposal: Proposal) -> dict[int, bool]:
        """{person: joined} of all who have it too, whoever proposed it aside."""
        found: dict[int, bool] = {}
        for each in self.families[proposal.id]:
            for person, joined in self.voices.get(each.id, {}).items():
                found[person] = found.get(person, False) or joined
            if each.id != proposal.id and each.person_id is not None:
                found.setdefault(each.person_id, False)
        found.pop(proposal.person_id or 0, None)
        return found


def proposals_of(session: Session, programme_id: int | None, actor: Actor) -> list[Listed]:
    """Those the actor may see: open ones by voices, then the newest; the others after them, last answered first."""
    if programme_id is None:
        return []
    crowd = _crowd(session, programme_id)
    counts = select(ProposalQuestion.proposal_id, func.count()).group_by(ProposalQuestion.proposal_id)
    questions = {key: count for key, count in session.execute(counts)}
    names = names_in(session, programme_id, (row.person_id for row in crowd.rows.values()))
    found = []
    for row in crowd.rows.values():
        people = crowd.people(row)
        if not may_read(row, actor, crowd.joined(row, actor)):
            continue
        asked = sum(questions.get(each.id, 0) for each in crowd.families[row.id])
        found.append(_listed(row, names, people, asked, actor))
    return sorted(found, key=_order)


def matching(listed: Iterable[Listed], state: str = "", search: str = "") -> list[Listed]:
    """`state` is a state, `mine`, or empty for all; `search` words of which each must stand in title or challenge."""
    words = fold(search).split()
    return [
        each
        for each in listed
        if (not state or each.state == state or (state == "mine" and each.mine))
        and all(word in fold(f"{each.title} {each.challenge} {each.proposer or ''}") for word in words)
    ]


def shown(session: Session, proposal: Proposal, actor: Actor) -> Shown | None:
    """None where the actor may not see it."""
    return next(iter(all_shown(session, [proposal], actor)), None)


def all_shown(session: Session, proposals: Sequence[Proposal], actor: Actor) -> list[Shown]:
    """Those of one programme's proposals that the actor may see, in the order given; as many queries as for one."""
    if not proposals:
        return []
    programme_id = proposals[0].programme_id
    crowd = _crowd(session, programme_id)
    seen = [each for each in proposals if may_read(each, actor, crowd.joined(each, actor))]
    wanted = [each.id for each in seen]
    changes: dict[int, list[ProposalChange]] = defaultdict(list)
    query = select(ProposalChange).where(ProposalChange.proposal_id.in_(wanted)).order_by(ProposalChange.id)
    for change in session.scalars(query):
        changes[change.proposal_id].append(change)
    asked: dict[int, list[ProposalQuestion]] = defaultdict(list)
    families = {each.id for key in wanted for each in crowd.families[key]}
    of_all = select(ProposalQuestion).where(ProposalQuestion.proposal_id.in_(families)).order_by(ProposalQuestion.id)
    for question in session.scalars(of_all):
        asked[question.proposal_id].append(question)
    changed = (change.person_id for each in changes.values() for change in each)
    people = {person for each in seen for person in (each.person_id, *crowd.people(each))}
    names = names_in(session, programme_id, [*people, *changed])
    return [_shown(each, crowd, names, asked, changes[each.id], actor) for each in seen]


def panel_of(session: Session, programme_id: int | None) -> list[str]:
    """Names of those who are on the panel."""
    query = (
        select(called(programme_id))
        .select_from(Person)
        .join(Access, Access.person_id == Person.id)
        .where(Access.programme_id == programme_id, PANEL)
        .order_by(func.lower(called(programme_id)))
    )
    return list(session.scalars(query))


def programme_by_id(session: Session, programme_id: int | None) -> Programme | None:
    return session.get(Programme, programme_id) if programme_id else None


def _crowd(session: Session, programme_id: int) -> _Crowd:
    query = select(Proposal).where(Proposal.programme_id == programme_id).order_by(Proposal.id)
    rows = {row.id: row for row in session.scalars(query)}
    voices: dict[int, dict[int, bool]] = defaultdict(dict)
    said = select(Endorsement.proposal_id, Endorsement.person_id, Endorsement.joined).where(
        Endorsement.proposal_id.in_(select(Proposal.id).where(Proposal.programme_id == programme_id))
    )
    for proposal_id, person_id, joined in session.execute(said.order_by(Endorsement.at)):
        voices[proposal_id][person_id] = joined
    families: dict[int, list[Proposal]] = {key: [row] for key, row in rows.items()}
    for row in rows.values():
        seen, above = {row.id}, row.merged_into
        while above in rows and above not in seen:
            families[above].append(row)
            seen.add(above)
            above = rows[above].merged_into
    return _Crowd(rows, families, voices)


def _shown(
    proposal: Proposal,
    crowd: _Crowd,
    names: Mapping[int, str],
    asked: Mapping[int, Sequence[ProposalQuestion]],
    changes: Sequence[ProposalChange],
    actor: Actor,
) -> Shown:
    family, own, people = crowd.families[proposal.id], crowd.voices.get(proposal.id, {}), crowd.people(proposal)
    workers = [names[person] for person, joined in people.items() if joined and person in names]
    through = next(
        (
            e.title
            for e in family[1:]
            if actor.person_id in crowd.voices.get(e.id, {}) or e.person_id == actor.person_id
        ),
        None,
    )
    into = crowd.rows.get(proposal.merged_into or 0)
    return Shown(
        row=proposal,
        proposer=names.get(proposal.person_id or 0),
        mine=proposal.person_id == actor.person_id,
        voices=len(people),
        workers=tuple(sorted(workers, key=str.casefold)),
        questions=tuple(_questions(proposal, family, asked, actor)),
        merged=tuple((each.id, each.title) for each in family[1:]),
        into=(into.id, into.title) if into and may_read(into, actor, joined=False) else None,
        has_too=actor.person_id in own,
        joined=own.get(actor.person_id, False),
        through=through if actor.person_id not in own else None,
        changes=tuple(history(changes, names, brief_of(proposal).said)),
    )


def _listed(row: Proposal, names: Mapping[int, str], people: Mapping[int, bool], asked: int, actor: Actor) -> Listed:
    text = " ".join(row.challenge.split())
    return Listed(
        id=row.id,
        title=row.title,
        challenge=text if len(text) <= EXCERPT else f"{text[:EXCERPT].rsplit(' ', 1)[0]} …",
        state=row.state,
        proposer=names.get(row.person_id or 0),
        mine=row.person_id == actor.person_id,
        made_at=row.made_at,
        answered_at=row.answered_at,
        voices=len(people),
        joined=sum(people.values()),
        questions=asked,
        into=row.merged_into,
        event_id=row.event_id,
        strand_id=row.strand_id,
    )


def _order(each: Listed) -> tuple[bool, int, float, int]:
    if each.state == ProposalState.OPEN:
        return False, -each.voices, -each.made_at.timestamp(), -each.id
    return True, 0, -(each.answered_at or each.made_at).timestamp(), -each.id


def _questions(
    proposal: Proposal, family: Sequence[Proposal], asked: Mapping[int, Sequence[ProposalQuestion]], actor: Actor
) -> Iterable[Asked]:
    titles = {each.id: each.title for each in family}
    for row in sorted((row for key in titles for row in asked.get(key, ())), key=lambda row: row.id):
        through = titles[row.proposal_id] if row.proposal_id != proposal.id else None
        yield Asked(row.id, row.text, row.person_id == actor.person_id, through)
