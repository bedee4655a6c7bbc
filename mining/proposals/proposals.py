"""Proposals of a programme: made, changed by one or many hands, put back, withdrawn.

What pages and commands call; `proposal_support` is what others say to them, `proposal_answers` what becomes of them,
`proposal_reading` what is shown. Functions never commit. Every change counts up `version`: a form that was made from an
older one changes nothing.
"""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.database import utcnow
from capture.errors import NotFound, Refused
from capture.models import Event, Programme, ProposalMode
from mining.proposals.briefs import Brief
from mining.proposals.notices import joiners, tell_deciders, tell_of_edits, tell_of_withdrawal
from mining.proposals.rights import Actor, may_edit, may_withdraw, may_write
from mining.suggestion_models import Proposal, ProposalChange, ProposalState

MOST_OPEN = 20
"""Proposals that one person may have waiting for an answer."""
TWICE = timedelta(minutes=1)
"""The same text by the same person within this time is a button that was pressed twice."""


class Outdated(Refused):
    """Somebody else was quicker; nothing was changed."""


def propose(
    session: Session, programme: Programme, event: Event, actor: Actor, brief: Brief, strand_id: int | None = None
) -> Proposal:
    """`strand_id` is the theme of `event` that it answers. The same once more within a minute is the same proposal.

    Raises Incomplete for a brief that is not fit, Refused for sponsors and where too many of theirs are open.
    """
    may_write(actor)
    brief.check()
    mine = select(Proposal).where(Proposal.programme_id == programme.id, Proposal.person_id == actor.person_id)
    recent = mine.where(Proposal.made_at > utcnow() - TWICE, Proposal.state == ProposalState.OPEN)
    for made in session.scalars(recent):
        if brief_of(made) == brief:
            return made
    is_open = select(func.count()).select_from(mine.where(Proposal.state == ProposalState.OPEN).subquery())
    if (session.scalar(is_open) or 0) >= MOST_OPEN:
        raise Refused(
            f"{MOST_OPEN} of your proposals are open already. Withdraw one that matters less, or wait for an answer."
        )
    proposal = Proposal(
        programme_id=programme.id,
        event_id=event.id,
        strand_id=strand_id,
        person_id=actor.person_id,
        state=ProposalState.OPEN,
        **brief.said,
    )
    session.add(proposal)
    session.flush()
    tell_deciders(session, programme, proposal, actor.person_id)
    return proposal


def get_proposal(session: Session, programme_id: int | None, proposal_id: int) -> Proposal:
    """Raises NotFound; a proposal of another programme is not there."""
    proposal = session.get(Proposal, proposal_id) if proposal_id < 1 << 31 else None
    if proposal is None or programme_id is None or proposal.programme_id != programme_id:
        raise NotFound(f"There is no proposal {proposal_id} here.")
    return proposal


def brief_of(proposal: Proposal) -> Brief:
    return Brief(proposal.title, proposal.challenge, proposal.matters, proposal.success)


def edit(
    session: Session,
    mode: ProposalMode,
    proposal: Proposal,
    actor: Actor,
    brief: Brief,
    version: int | None,
    strand_id: int | None,
) -> bool:
    """Whether anything is different now. Raises Refused where this actor may not, Incomplete for a brief that is not
    fit, Outdated where it was changed since `version`."""
    _editable(mode, proposal, actor)
    brief.check()
    if version != proposal.version:
        raise Outdated("Somebody changed this while you were writing. What stands there now is shown beside yours.")
    return _write(session, proposal, actor, brief.said, strand_id)


def restore(
    session: Session, mode: ProposalMode, proposal: Proposal, actor: Actor, change_id: int | None, version: int | None
) -> bool:
    """Puts the text back as it was before that change, which is a change of its own. Raises as `edit` does."""
    _editable(mode, proposal, actor)
    change = session.get(ProposalChange, change_id) if change_id else None
    if change is None or change.proposal_id != proposal.id:
        raise NotFound("That change is not in the history of this proposal.")
    if version != proposal.version:
        raise Outdated("Somebody changed this meanwhile. Look at the history again before you put anything back.")
    return _write(session, proposal, actor, Brief.of(change.before).said, proposal.strand_id)


def withdraw(session: Session, proposal: Proposal, actor: Actor) -> None:
    """By whoever proposed it, while nobody has answered; those who joined hear of it. Raises Refused."""
    if proposal.state == ProposalState.WITHDRAWN and proposal.person_id == actor.person_id:
        return
    if not may_withdraw(proposal, actor):
        raise Refused("Only whoever proposed it can withdraw it, and only while nobody has answered.")
    _set_state(proposal, ProposalState.WITHDRAWN)
    tell_of_withdrawal(session, proposal, joiners(session, proposal.id) - {actor.person_id})


def bring_back(session: Session, proposal: Proposal, actor: Actor) -> None:
    """Opens again what the same person withdrew. Raises Refused."""
    if proposal.state != ProposalState.WITHDRAWN or proposal.person_id != actor.person_id:
        raise Refused("Only whoever withdrew it can bring it back.")
    _set_state(proposal, ProposalState.OPEN)


def _set_state(proposal: Proposal, state: ProposalState) -> None:
    proposal.state = state
    proposal.version += 1


def _editable(mode: ProposalMode, proposal: Proposal, actor: Actor) -> None:
    may_write(actor)
    if may_edit(mode, proposal, actor):
        return
    if proposal.state != ProposalState.OPEN:
        raise Refused("It was answered meanwhile, so its text stays as it is.")
    raise Refused("In this programme only whoever proposed a topic changes its text. Add a question instead.")


def _write(session: Session, proposal: Proposal, actor: Actor, said: Mapping[str, str], strand_id: int | None) -> bool:
    before = brief_of(proposal).said
    if said == before and strand_id == proposal.strand_id:
        return False
    for name, value in said.items():
        setattr(proposal, name, value)
    proposal.strand_id = strand_id
    proposal.version += 1
    if said != before:
        change = ProposalChange(
            proposal_id=proposal.id, person_id=actor.person_id, before=before, after=dict(said), at=utcnow()
        )
        session.add(change)
        tell_of_edits(session, proposal, actor)
    session.flush()
    return True
