"""From an adopted proposal to the draft of its module. For commands and views, after the answer is stored: where no
draft can be written the proposal stays adopted, and it is said why.
"""

from dataclasses import dataclass

from capture.database import Database
from capture.errors import NotFound, Refused
from capture.models import Event
from mining.drafts.drafting import draft_theme
from mining.proposals.answers import draft_of
from mining.settings import MiningSettings
from mining.suggestion_models import Proposal, ProposalState


@dataclass(frozen=True)
class Drafted:
    """`draft_id` in the event `slug`; None with the reason why there is none."""

    draft_id: int | None
    slug: str = ""
    why_none: str = ""


def draft_adopted(database: Database, settings: MiningSettings, proposal_id: int, by: str) -> Drafted:
    """Writes the draft, or finds the one that was written before. Raises NotFound for a proposal that is not there,
    Refused for one that is not adopted."""
    with database.reading() as session:
        proposal = session.get(Proposal, proposal_id)
        if proposal is None:
            raise NotFound(f"There is no proposal {proposal_id}.")
        if proposal.state != ProposalState.ADOPTED:
            raise Refused(f"“{proposal.title}” is not adopted, so no draft is written from it.")
        there = draft_of(session, proposal)
        event = session.get(Event, proposal.event_id) if proposal.event_id else None
    if event is None:
        return Drafted(None, why_none="The event it was written beside is gone, and its talk with it.")
    if there is not None:
        return Drafted(there.id, event.slug)
    if proposal.strand_id is None:
        return Drafted(None, why_none="No theme is chosen for it, so there is no talk to write from.")
    try:
        return Drafted(draft_theme(database, settings, event.slug, by=by, proposal_id=proposal.id), event.slug)
    except (NotFound, Refused) as refused:
        return Drafted(None, why_none=str(refused))
