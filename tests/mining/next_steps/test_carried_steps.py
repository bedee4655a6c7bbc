from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.database import Database
from capture.errors import NotFound, Refused
from capture.events import delete_event
from capture.models import Event, Utterance
from capture.transcripts import register_people
from mining.citations import cite
from mining.next_steps import next_steps as steps
from mining.next_steps.carried_steps import answer_again, carry_on, carry_over, earlier_event, step_before, told_at
from mining.next_steps.step_finding import find_commitments
from mining.next_steps.step_reader import Reader
from mining.suggestion_models import NextStep, StepState
from tests.factories import make_event, make_group, make_next_step, make_recording, make_utterances

PROGRAMME = "Side by Side"


def _event(session: Session, slug: str, month: int | None, programme: str | None = PROGRAMME) -> Event:
    return make_event(session, slug, programme=programme, held_on=month and date(2026, month, 1))


def _two(session: Session) -> tuple[Event, Event]:
    return _event(session, "spring", 3), _event(session, "autumn", 9)


def test_the_event_before_is_the_programmes_latest_one_held_earlier(session: Session) -> None:
    winter, spring, autumn = _event(session, "winter", 1), _event(session, "spring", 3), _event(session, "autumn", 9)
    alone = _event(session, "alone", 5, None)
    _event(session, "elsewhere", 8, "Another")
    assert earlier_event(session, autumn) is spring
    assert earlier_event(session, spring) is winter
    assert earlier_event(session, winter) is None
    assert earlier_event(session, alone) is None


def test_what_was_confirmed_last_time_is_asked_for_and_counted(session: Session) -> None:
    spring, autumn = _two(session)
    for state in StepState:
        make_next_step(session, spring, text=state.value, state=state)
    last = carry_over(session, autumn)
    assert last
    assert last.event.slug == "spring"
    assert [step.text for step in last.open] == ["confirmed"]
    assert {step.text for step in last.answered} == {"done", "not done", "dropped"}
    assert last.counts == {"confirmed": 1, "done": 1, "not done": 1, "dropped": 1}
    assert carry_over(session, spring) is None


def test_where_nothing_was_confirmed_nothing_is_asked(session: Session) -> None:
    spring, autumn = _two(session)
    make_next_step(session, spring, state=StepState.FOUND)
    assert carry_over(session, autumn) is None


def test_a_step_that_is_carried_on_stands_at_the_new_event_with_its_words_and_group(session: Session) -> None:
    spring, autumn = _two(session)
    group = make_group(session, spring, "Finance")
    there = make_group(session, autumn, "Finance")
    [said] = make_utterances(session, make_recording(session, group), ["I'll ask the auditors by March."])
    old = make_next_step(session, spring, group, text=None, citation=cite(said, 0, 31), due_on=date(2026, 3, 31))
    new = carry_on(session, autumn, old, "Ana")
    assert old.state == StepState.NOT_DONE
    assert (new.carried_from, new.group_id, new.due_on, new.state) == (old.id, there.id, None, StepState.CONFIRMED)
    [shown] = steps.steps_of(session, autumn)
    assert (shown.words, shown.carried, shown.group) == ("I'll ask the auditors by March.", True, "Finance")
    last = carry_over(session, autumn)
    assert last and last.carried == {old.id} and last.counts == {"carried on": 1}
    assert carry_on(session, autumn, old, "Ana") is new
    session.delete(session.scalars(select(Utterance)).one())
    session.flush()
    assert steps.steps_of(session, autumn)[0].gone


def test_an_answer_can_be_taken_back_and_takes_along_what_was_carried_on(session: Session) -> None:
    spring, autumn = _two(session)
    old = make_next_step(session, spring)
    carry_on(session, autumn, old, "Ana")
    answer_again(session, autumn, old, "Ana")
    assert old.state == StepState.CONFIRMED
    assert steps.steps_of(session, autumn) == []
    new = carry_on(session, autumn, old, "Ana")
    steps.settle(session, new, StepState.DONE, "Ben")
    answer_again(session, autumn, old, "Ana")
    assert session.get(NextStep, new.id), "people went on with it"


def test_what_is_done_is_not_carried_on(session: Session) -> None:
    spring, autumn = _two(session)
    done = make_next_step(session, spring, state=StepState.DONE)
    with pytest.raises(Refused, match="done"):
        carry_on(session, autumn, done, "Ana")


def test_only_confirmed_steps_of_the_event_before_can_be_answered(session: Session) -> None:
    spring, autumn = _two(session)
    winter = _event(session, "winter", 1)
    good = make_next_step(session, spring)
    assert step_before(session, autumn, good.id) is good
    forged = [
        make_next_step(session, spring, state=StepState.FOUND),
        make_next_step(session, spring, state=StepState.DISMISSED),
        make_next_step(session, winter),
        make_next_step(session, autumn),
    ]
    for step in forged:
        with pytest.raises(NotFound):
            step_before(session, autumn, step.id)
    with pytest.raises(NotFound):
        step_before(session, winter, good.id)


def test_the_step_that_goes_on_stays_when_the_event_it_comes_from_is_deleted(database: Database) -> None:
    with database.writing() as session:
        spring, autumn = _two(session)
        new = carry_on(session, autumn, make_next_step(session, spring), "Ana").id
        session.delete(spring)
    with database.reading() as session:
        left = session.get_one(NextStep, new)
        assert (left.carried_from, left.text) == (None, "Write one page about the experiment pot.")


SAID = "I will ask Anna Berg about the budget before Easter."


def _found(session: Session, event: Event) -> NextStep:
    """A confirmed step in the words of Room 1."""
    make_utterances(session, make_recording(session, make_group(session, event)), [SAID])
    find_commitments(session, event)
    step = session.scalars(select(NextStep).where(NextStep.event_id == event.id)).one()
    steps.settle(session, step, StepState.CONFIRMED, "Ana")
    return step


def test_carrying_on_again_leaves_what_people_made_of_it_since(session: Session) -> None:
    spring, autumn = _two(session)
    old = make_next_step(session, spring, text="Old words")
    new = carry_on(session, autumn, old, "Ana")
    steps.edit(session, new, "Zoe", text="New words", owner="Zoe", due_on=date(2026, 10, 1))
    assert carry_on(session, autumn, old, "Ana") is new
    assert (new.text, new.owner, new.due_on, new.changed_by) == ("New words", "Zoe", date(2026, 10, 1), "Zoe")
    steps.settle(session, new, StepState.DISMISSED, "Zoe")
    assert carry_on(session, autumn, old, "Ana") is new
    assert (new.text, new.state, len(new.history)) == ("New words", StepState.CONFIRMED, 3)


def test_a_page_made_before_the_step_was_carried_on_carries_nothing(session: Session) -> None:
    spring, autumn = _two(session)
    old = make_next_step(session, spring)
    stamp = steps.stamp_of(old)
    carry_on(session, autumn, old, "Ana", stamp)
    with pytest.raises(Refused, match="Somebody changed"):
        carry_on(session, autumn, old, "Ben", stamp)
    assert len(session.scalars(select(NextStep)).all()) == 2


def test_a_carried_step_follows_its_words_when_a_name_in_them_is_masked(session: Session) -> None:
    spring, autumn = _two(session)
    later = make_event(session, "later", programme=PROGRAMME, held_on=date(2027, 3, 1))
    old = _found(session, spring)
    new = carry_on(session, autumn, old, "Ana")
    newest = carry_on(session, later, new, "Ana")
    assert register_people(session, spring.id, ["Anna Berg"])
    assert [each.slug for each in told_at(session, later)] == ["spring", "autumn"]
    for event in told_at(session, later):
        find_commitments(session, event)
    for event, step in ((spring, old), (autumn, new), (later, newest)):
        [shown] = steps.shown(session, event, [step])
        assert shown.words == "I will ask [person 1] about the budget before Easter.", event.slug
    assert carry_on(session, autumn, old, "Ana") is new, "it is still known as the same step"


def test_where_the_event_before_is_made_again_from_the_same_files_the_step_is_known_again(session: Session) -> None:
    spring, autumn = _two(session)
    new = carry_on(session, autumn, _found(session, spring), "Ana")
    delete_event(session, spring)
    session.expire_all()
    assert new.carried_from is None
    again = _event(session, "spring", 3)
    recording = make_recording(session, make_group(session, again))
    recording.sha256 = f"{1:064d}"
    make_utterances(session, recording, [SAID])
    find_commitments(session, again)
    step = session.scalars(select(NextStep).where(NextStep.event_id == again.id)).one()
    made = carry_on(session, autumn, step, "Ana")
    assert made.carried_from == step.id
    assert carry_over(session, autumn).counts == {"carried on": 1}


def test_words_are_withheld_from_those_who_were_not_in_the_old_room(session: Session) -> None:
    spring, autumn = _two(session)
    there = make_group(session, autumn, "Room 1")
    old = _found(session, spring)
    new = carry_on(session, autumn, old, "Ana")
    both = {spring.id: "spring", autumn.id: "autumn"}
    stranger, witness = Reader(both, frozenset({there.id})), Reader(both, frozenset({there.id, old.group_id}))
    [shown] = steps.steps_of(session, autumn, stranger)
    assert (shown.id, shown.quote, shown.words, shown.withheld, shown.gone, shown.by_hand) == (
        *(new.id, None, None, True, False, False),
    )
    [heard] = steps.steps_of(session, autumn, witness)
    assert (heard.words, heard.said_at, heard.withheld) == (SAID, "spring", False)
    steps.edit(session, new, "Zoe", text="Ask about the budget", owner="", due_on=None)
    assert steps.steps_of(session, autumn, stranger)[0].words == "Ask about the budget"


def test_what_was_carried_on_to_the_event_before_is_withheld_on_the_list_of_last_time_too(session: Session) -> None:
    spring, autumn = _two(session)
    later = make_event(session, "later", programme=PROGRAMME, held_on=date(2027, 3, 1))
    there = make_group(session, autumn, "Room 1")
    carry_on(session, autumn, _found(session, spring), "Ana")
    events = {spring.id: "spring", autumn.id: "autumn", later.id: "later"}
    last = carry_over(session, later, Reader(events, frozenset({there.id})))
    assert last
    assert [(step.words, step.withheld) for step in last.open] == [(None, True)]
    assert carry_over(session, later, Reader(events, frozenset())) is None
