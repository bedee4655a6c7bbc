"""What becomes of a proposal: adopted, merged into another, not now, or open again; always with a reason that the
proposer sees.

In a curated programme only the panel answers, or organisers while nobody is on it, in an open one staff does
(`proposal_rights`). An answer may be changed. What is adopted becomes a draft in `proposal_drafts`.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.database import utcnow
from capture.errors import NotFound, Refused
from capture.models import ProposalMode
from mining.proposals.briefs import clean_text, count_words
from mining.proposals.notices import joiners, tell_of_answer, tell_of_merging
from mining.proposals.proposals import Outdated, get_proposal
from mining.proposals.rights import Actor, may_decide
from mining.suggestion_models import Draft, Proposal, ProposalState

LONGEST_REASON = 2000
"""Characters."""
SHORTEST_REASON = 3
"""Words."""
ANSWERABLE = (ProposalState.OPEN, ProposalState.ADOPTED, ProposalState.MERGED, ProposalState.NOT_NOW)
INTO = (ProposalState.OPEN, ProposalState.ADOPTED)
"""What another proposal may be merged into."""


def adopt(
    session: Session,
    mode: ProposalMode,
    proposal: Proposal,
    actor: Actor,
    reason: str,
    version: int | None,
    strand_id: int | None,
) -> None:
    """`strand_id` is the theme that a draft can be written from; None: none fits.

    Raises Refused where this actor may not, without a reason, Outdated where something changed since `version`.
    """
    _answer(session, mode, proposal, actor, reason, version, ProposalState.ADOPTED)
    proposal.strand_id = strand_id
    session.flush()
    _tell(session, proposal, actor)


def merge(
    session: Session,
    mode: ProposalMode,
    proposal: Proposal,
    actor: Actor,
    reason: str,
    version: int | None,
    into_id: int | None,
) -> Proposal:
    """Its voices and questions count there from now on, and here again when the answer is taken back.

    Raises as `adopt` does, and Refused for a proposal that nothing can be merged into.
    """
    if into_id is None:
        raise Refused("Choose the proposal that it goes on in.")
    try:
        into = get_proposal(session, proposal.programme_id, into_id)
    except NotFound:
        raise Refused("Choose the proposal that it goes on in: the one you chose is not here any more.") from None
    if into.id == proposal.id:
        raise Refused("A proposal cannot be merged into itself. Choose another one.")
    if into.state not in INTO:
        raise Refused(f"“{into.title}” is closed itself. Choose one that is open or adopted.")
    _answer(session, mode, proposal, actor, reason, version, ProposalState.MERGED)
    proposal.merged_into = into.id
    session.flush()
    _tell(session, proposal, actor, into)
    tell_of_merging(session, proposal, into, actor.person_id)
    return into


def not_now(
    session: Session, mode: ProposalMode, proposal: Proposal, actor: Actor, reason: str, version: int | None
) -> None:
    """Raises as `adopt` does."""
    _answer(session, mode, proposal, actor, reason, version, ProposalState.NOT_NOW)
    session.flush()
    _tell(session, proposal, actor)


def reopen(
    session: Session, mode: ProposalMode, proposal: Proposal, actor: Actor, reason: str, version: int | None
) -> None:
    """Takes the answer back, with a reason as well. A draft that was written stays. Raises as `adopt` does."""
    if proposal.state == ProposalState.OPEN:
        raise Refused("It is open already.")
    _answer(session, mode, proposal, actor, reason, version, ProposalState.OPEN)
    session.flush()
    _tell(session, proposal, actor)


def mergeable(session: Session, proposal: Proposal) -> list[Proposal]:
    """What it can be merged into, by title."""
    query = select(Proposal).where(
        Proposal.programme_id == proposal.programme_id, Proposal.state.in_(INTO), Proposal.id != proposal.id
    )
    return sorted(session.scalars(query), key=lambda each: (each.title.casefold(), each.id))


def draft_of(session: Session, proposal: Proposal) -> Draft | None:
    """The newest draft that was written from it."""
    return session.scalar(select(Draft).where(Draft.proposal_id == proposal.id).order_by(Draft.id.desc()).limit(1))


def _answer(
    session: Session,
    mode: ProposalMode,
    proposal: Proposal,
    actor: Actor,
    reason: str,
    version: int | None,
    state: ProposalState,
) -> None:
    if not may_decide(mode, actor):
        who = "organisers and designers"
        if mode == ProposalMode.CURATED:
            who = "the panel of this programme, or by organisers while nobody is on it"
        raise Refused(f"Proposals are answered by {who}.")
    if proposal.state not in ANSWERABLE:
        raise Refused("It was withdrawn, so there is nothing to answer.")
    reason = clean_text(reason)
    if count_words(reason) < SHORTEST_REASON:
        raise Refused("Give a reason: the person who proposed it reads it, and so does everybody here.")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"A shorter reason, please: {LONGEST_REASON:,} characters at most. This has {len(reason):,}.")
    if version != proposal.version:
        raise Outdated("It was changed or answered since you opened this page. Read it again before you answer.")
    proposal.state = state
    proposal.reason = reason
    proposal.merged_into = None
    proposal.answered_by, proposal.answered_at = actor.name, utcnow()
    proposal.version += 1


def _tell(session: Session, proposal: Proposal, actor: Actor, into: Proposal | None = None) -> None:
    told = ({proposal.person_id} | joiners(session, proposal.id)) - {actor.person_id}
    tell_of_answer(session, proposal, told, into)
