"""Who may do what to a proposal. Pure; before every change in `proposals`, `proposal_support` and `proposal_answers`.

In a curated programme a named panel decides, or organisers while nobody is on it, and only the proposer changes the
text; in an open one everybody in the programme works on the text, and staff answers.
"""

from dataclasses import dataclass

from capture.errors import Refused
from capture.models import ProposalMode
from mining.suggestion_models import Proposal, ProposalState

SUPPORTABLE = (ProposalState.OPEN, ProposalState.ADOPTED, ProposalState.NOT_NOW)
"""What others may still say something to."""
READ_ONLY = "Sponsors read proposals; writing them is for those who were there."


@dataclass(frozen=True)
class Actor:
    """Somebody who does something to proposals of one programme. `writes` is false for sponsors; `panel` is whether
    they decide where a panel does: they are on it, or organisers while nobody is, or the host."""

    person_id: int
    name: str
    staff: bool = False
    panel: bool = False
    writes: bool = True


def may_decide(mode: ProposalMode, actor: Actor) -> bool:
    return actor.writes and (actor.panel if mode == ProposalMode.CURATED else actor.staff)


def may_edit(mode: ProposalMode, proposal: Proposal, actor: Actor) -> bool:
    if proposal.state != ProposalState.OPEN or not actor.writes:
        return False
    return mode == ProposalMode.OPEN or proposal.person_id == actor.person_id


def may_withdraw(proposal: Proposal, actor: Actor) -> bool:
    return actor.writes and proposal.state == ProposalState.OPEN and proposal.person_id == actor.person_id


def may_support(proposal: Proposal, actor: Actor) -> bool:
    """Whether they may say that they have it too, join, or add a question."""
    return actor.writes and proposal.state in SUPPORTABLE


def may_write(actor: Actor) -> None:
    """Raises Refused."""
    if not actor.writes:
        raise Refused(READ_ONLY)


def may_read(proposal: Proposal, actor: Actor, joined: bool) -> bool:
    """What was withdrawn is seen only by those who had to do with it."""
    if proposal.state != ProposalState.WITHDRAWN:
        return True
    return actor.staff or actor.panel or joined or proposal.person_id == actor.person_id
