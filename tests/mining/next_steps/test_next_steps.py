from datetime import date

import pytest
from sqlalchemy.orm import Session

from capture.database import Database
from capture.errors import NotFound, Refused
from capture.models import Event
from mining.citations import cite
from mining.next_steps import next_steps as steps
from mining.next_steps.step_reader import Reader
from mining.suggestion_models import NextStep, StepState
from tests.factories import (
    make_event,
    make_group,
    make_next_step,
    make_recording,
    make_utterances,
)

DAY = date(2026, 5, 1)


def _found(session: Session, event: Event) -> NextStep:
    group = make_group(session, event)
    [said] = make_utterances(session, make_recording(session, group), ["I'll ask the auditors by March."])
    cited = {"citation": cite(said, 0, 31), "text": None, "owner": "person 1", "due_said": "by March"}
    return make_next_step(session, event, group, state=StepState.FOUND, score=0.8, **cited)


def test_every_change_can_be_undone_back_to_what_was_found(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        step = _found(session, event)
        start = steps.shown(session, event, [step])[0]
        steps.settle(session, step, StepState.CONFIRMED, "Ana")
        steps.edit(session, step, "Ben", text=" Ask\tthe \u202eauditors ", owner="Ben", due_on=DAY)
        steps.settle(session, step, StepState.DONE, "Ana")
        now = steps.shown(session, event, [step])[0]
        assert (now.state, now.text, now.owner, now.due_on) == (StepState.DONE, "Ask the auditors", "Ben", DAY)
        assert now.due_said is None
        assert [(each["by"], each["state"]) for each in step.history] == [
            ("Ana", "found"),
            ("Ben", "confirmed"),
            ("Ana", "confirmed"),
        ]
        for left in (2, 1, 0):
            steps.undo(session, step, "Ana")
            assert len(step.history) == left
        end = steps.shown(session, event, [step])[0]
        with pytest.raises(Refused, match="Nothing was changed"):
            steps.undo(session, step, "Ana")
    same = ("state", "text", "owner", "due_on", "due_said", "quote")
    assert [getattr(end, name) for name in same] == [getattr(start, name) for name in same]


def test_a_change_made_on_an_outdated_page_is_refused_and_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        step = _found(session, make_event(session))
        old = steps.stamp_of(step)
        steps.settle(session, step, StepState.CONFIRMED, "Ana", old)
        for change in (
            lambda: steps.settle(session, step, StepState.DROPPED, "Ben", old),
            lambda: steps.edit(session, step, "Ben", text="x", owner="", due_on=None, stamp=old),
            lambda: steps.undo(session, step, "Ben", old),
        ):
            with pytest.raises(Refused, match="Somebody changed"):
                change()
        assert (step.state, step.text, step.changed_by) == (StepState.CONFIRMED, None, "Ana")


def test_editing_confirms_and_without_text_the_step_stands_as_it_was_said(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        step = _found(session, event)
        steps.edit(session, step, "Ana", text="", owner="", due_on=None)
        [shown] = steps.steps_of(session, event)
    assert (shown.state, shown.words) == (StepState.CONFIRMED, "I'll ask the auditors by March.")
    assert (shown.owner, shown.due_said) == (None, "by March")


def test_a_step_written_by_hand_needs_words_of_a_line_and_a_group_of_the_event(database: Database) -> None:
    with database.writing() as session:
        event, other = make_event(session), make_event(session, "autumn")
        foreign = make_group(session, other)
        with pytest.raises(Refused, match="Write what"):
            steps.add(session, event, "Ana", text=" \n ", due_on=None, group_id=None)
        with pytest.raises(Refused, match="10,000 characters"):
            steps.add(session, event, "Ana", text="x" * 10_000, due_on=None, group_id=None)
        with pytest.raises(Refused, match="1,000 characters"):
            steps.add(session, event, "Ana", text="x", owner="y" * 1_000, due_on=None, group_id=None)
        with pytest.raises(Refused, match="year 3026"):
            steps.add(session, event, "Ana", text="x", due_on=date(3026, 1, 1), group_id=None)
        with pytest.raises(NotFound):
            steps.add(session, event, "Ana", text="x", due_on=None, group_id=foreign.id)
        made = steps.add(session, event, "Ana", text="Print\nthe list", due_on=DAY, group_id=None)
        with pytest.raises(Refused, match="Write what"):
            steps.edit(session, made, "Ana", text="", owner="", due_on=None)
        [shown] = steps.steps_of(session, event)
    assert (shown.words, shown.by_hand, shown.state) == ("Print the list", True, StepState.CONFIRMED)


def test_steps_come_by_group_and_in_the_order_of_talk(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        first, second = make_group(session, event, "B"), make_group(session, event, "A")
        said = make_utterances(session, make_recording(session, first), ["I'll go there.", "I'll come with you."])
        make_next_step(session, event, None, text="everybody's")
        make_next_step(session, event, second, text="room two's")
        make_next_step(session, event, first, text="by hand")
        make_next_step(session, event, first, text=None, citation=cite(said[1], 0, 5))
        make_next_step(session, event, first, text=None, citation=cite(said[0], 0, 5))
        words = [
            (step.group, step.quote.position if step.quote else step.text) for step in steps.steps_of(session, event)
        ]
        spring = {event.id: event.slug}
        assert len(steps.steps_of(session, event, Reader(spring, frozenset({second.id})))) == 1
        assert steps.steps_of(session, event, Reader(spring, frozenset())) == []
    assert words == [("B", 0), ("B", 1), ("B", "by hand"), ("A", "room two's"), (None, "everybody's")]


def test_a_step_of_another_event_or_of_another_group_is_not_found(database: Database) -> None:
    with database.writing() as session:
        event, other = make_event(session), make_event(session, "autumn")
        step = make_next_step(session, event, make_group(session, event))
        everybodys = make_next_step(session, event)
        assert steps.get_step(session, event.id, step.id, {step.group_id}) is step
        for event_id, step_id, groups in (
            (other.id, step.id, None),
            (event.id, 9_999, None),
            (event.id, step.id, {step.group_id + 1}),
            (event.id, step.id, set()),
            (event.id, everybodys.id, {step.group_id}),
        ):
            with pytest.raises(NotFound):
                steps.get_step(session, event_id, step_id, groups)


def test_a_step_is_late_from_the_day_after_it_was_due_while_it_is_open(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        make_next_step(session, event, due_on=DAY)
        make_next_step(session, event, due_on=DAY, state=StepState.DONE)
        late = [[step.late(day) for step in steps.steps_of(session, event)] for day in (DAY, date(2026, 5, 2))]
    assert late == [[False, False], [True, False]]


def test_nobody_can_turn_a_step_back_into_a_suggestion(database: Database) -> None:
    with database.writing() as session:
        step = make_next_step(session, make_event(session))
        with pytest.raises(Refused):
            steps.settle(session, step, StepState.FOUND, "Ana")


def test_an_outdated_page_is_told_so_even_where_it_wants_what_is_there_already(database: Database) -> None:
    with database.writing() as session:
        step = _found(session, make_event(session))
        old = steps.stamp_of(step)
        steps.settle(session, step, StepState.CONFIRMED, "Ana", old)
        with pytest.raises(Refused, match="Somebody changed"):
            steps.settle(session, step, StepState.CONFIRMED, "Ben", old)


def test_what_people_confirmed_settled_or_wrote_is_their_work_and_what_was_only_found_is_not(
    database: Database,
) -> None:
    with database.writing() as session:
        event = make_event(session)
        step = _found(session, event)
        assert steps.kept_in(session, step.group_id) == 0
        steps.settle(session, step, StepState.DISMISSED, "Ana")
        assert steps.kept_in(session, step.group_id) == 0
        steps.settle(session, step, StepState.CONFIRMED, "Ana")
        make_next_step(session, event, other := make_group(session, event, "Room 2"))
        make_next_step(session, event, other, state=StepState.DISMISSED)
        assert (steps.kept_in(session, step.group_id), steps.kept_in(session, other.id)) == (1, 2)
