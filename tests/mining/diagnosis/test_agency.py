import pytest
from sqlalchemy import update

from capture.database import Database
from capture.events import get_event
from capture.models import Role
from mining.diagnosis.agency import Agency, agency_of
from mining.diagnosis.ground import ground_of
from mining.models import Passage
from mining.next_steps.step_finding import find_commitments
from mining.suggestion_models import NextStep, Proposal, ProposalState, StepState
from tests.factories import make_next_step, make_person
from tests.mining.programme import programme, programme_data  # noqa: F401  (fixtures)


def found(database: Database) -> Agency:
    with database.reading() as session:
        event = get_event(session, "spring")
        ground = ground_of(session, event)
        assert ground
        return agency_of(session, event, ground)


def test_lesson_and_action_talk_is_set_against_challenge_talk_in_seconds(programme: Database) -> None:  # noqa: F811
    agency = found(programme)
    seconds = {each.kind: each.seconds for each in agency.kinds}
    forward = seconds.get("lesson", 0) + seconds.get("action", 0)
    assert agency.forward and agency.forward.ranged
    assert agency.forward.value == pytest.approx(forward / (forward + seconds["challenge"]))
    assert agency.seconds == pytest.approx(forward + seconds["challenge"])
    assert sum(each.share.value for each in agency.kinds) == pytest.approx(1)


def test_without_kinds_or_with_few_passages_of_them_nothing_is_said(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        session.execute(update(Passage).values(kind="other"))
    few = found(programme)
    assert few.forward is None and few.little == "Too little data: 0 passages are of these kinds, and it takes 20."
    with programme.writing() as session:
        session.execute(update(Passage).values(kind=None))
    assert "Look for themes again" in (found(programme).little or "")


def test_commitments_are_counted_as_found_and_as_confirmed_per_hour(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        event = get_event(session, "spring")
        find_commitments(session, event)
        steps = session.query(NextStep).all()
        assert len(steps) >= 4
        steps[0].state, steps[1].state, steps[2].state = StepState.CONFIRMED, StepState.DONE, StepState.DISMISSED
        make_next_step(session, event)
    made = found(programme).commitments
    assert (made.found, made.confirmed, made.done, made.written) == (len(steps) - 1, 2, 1, 1)
    assert made.found_rate and made.confirmed_rate
    assert made.found_rate.value == pytest.approx(made.found / 2 * made.confirmed_rate.value)
    with programme.reading() as session:
        hours = sum(row.end - row.start for row in session.query(Passage).join(Passage.analysis)) / 3600
    assert made.found_rate.value > made.found / hours  # the hours of spring alone


def test_commitments_are_not_told_of_talk_in_another_language(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        get_event(session, "spring").language = "de"
    made = found(programme).commitments
    assert made.found_rate is None and "English" in (made.little or "")


def test_proposals_are_counted_without_those_withdrawn_beside_who_was_invited(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        event = get_event(session, "spring")
        people = [make_person(session, event, Role.ALUMNUS) for _ in range(4)]
        make_person(session, event, Role.DESIGNER)
        from capture.programmes import ensure_programme

        mine = {"programme_id": ensure_programme(session, event).id, "event_id": event.id}
        words = {"title": "T", "challenge": "c", "matters": "m", "success": "s"}
        for who, state in ((0, "open"), (0, "adopted"), (1, "open"), (2, "withdrawn")):
            session.add(Proposal(**mine, **words, person_id=people[who].id, state=ProposalState(state)))
    told = found(programme).proposals
    assert (told.made, told.people, told.invited) == (3, 2, 4)
