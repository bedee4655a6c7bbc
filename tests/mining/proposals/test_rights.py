"""Who may do what: a panel where it is curated, staff where it is open, proposers with their own, sponsors nothing."""

import pytest

from capture.models import ProposalMode
from mining.proposals.rights import Actor, may_decide, may_edit, may_read, may_support, may_withdraw
from mining.suggestion_models import Proposal, ProposalState

OPEN, CURATED = ProposalMode.OPEN, ProposalMode.CURATED
PROPOSER, ALUMNA, STAFF = Actor(1, "P"), Actor(2, "A"), Actor(3, "S", staff=True)
PANEL, SPONSOR = Actor(4, "J", panel=True), Actor(5, "B", writes=False)
EVERYBODY = (PROPOSER, ALUMNA, STAFF, PANEL, SPONSOR)


def proposal(state: ProposalState = ProposalState.OPEN) -> Proposal:
    return Proposal(person_id=1, state=state)


def test_the_panel_decides_in_a_curated_programme_and_staff_in_an_open_one() -> None:
    assert [who.name for who in EVERYBODY if may_decide(CURATED, who)] == ["J"]
    assert [who.name for who in EVERYBODY if may_decide(OPEN, who)] == ["S"]
    assert not may_decide(CURATED, Actor(6, "B", panel=True, writes=False))


def test_everybody_edits_in_an_open_programme_and_only_the_proposer_in_a_curated_one() -> None:
    assert [who.name for who in EVERYBODY if may_edit(OPEN, proposal(), who)] == ["P", "A", "S", "J"]
    assert [who.name for who in EVERYBODY if may_edit(CURATED, proposal(), who)] == ["P"]


@pytest.mark.parametrize("state", [state for state in ProposalState if state != ProposalState.OPEN])
def test_the_text_of_what_is_answered_stays(state: ProposalState) -> None:
    assert not any(may_edit(OPEN, proposal(state), who) or may_withdraw(proposal(state), who) for who in EVERYBODY)


def test_support_goes_to_what_is_not_merged_or_withdrawn() -> None:
    taking = {state for state in ProposalState if may_support(proposal(state), ALUMNA)}
    assert taking == {ProposalState.OPEN, ProposalState.ADOPTED, ProposalState.NOT_NOW}
    assert not may_support(proposal(), SPONSOR)


def test_what_was_withdrawn_is_read_by_those_who_had_to_do_with_it() -> None:
    gone = proposal(ProposalState.WITHDRAWN)
    assert [who.name for who in EVERYBODY if may_read(gone, who, joined=False)] == ["P", "S", "J"]
    assert may_read(gone, ALUMNA, joined=True)
