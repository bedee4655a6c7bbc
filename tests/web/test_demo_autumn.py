"""The sample's first event as `harvest demo` leaves it: mined, its steps confirmed, and looked back on from spring."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.console import Console
from capture.database import Database
from capture.errors import NotFound
from capture.events import get_event
from capture.models import Participant, RosterEntry
from capture.settings import CaptureSettings
from mining.diagnosis.comparison import comparison_of
from mining.next_steps.carried_steps import carry_over
from mining.next_steps.next_steps import get_step, settle, steps_of
from mining.schema import migrate
from mining.suggestion_models import NextStep, StepState
from tests.conftest import Demo
from tests.factories import make_event, make_group, make_recording, make_roster_entry, make_utterances
from web.demo_autumn import confirm_steps

AUTUMN, SPRING = "autumn-open-space", "spring-open-space"


@pytest.fixture
def session(demo: Demo) -> Iterator[Session]:
    database = Database(f"sqlite:///{demo.data / 'harvest.sqlite3'}")
    with database.reading() as session:
        yield session
    database.close()


def test_the_groups_of_autumn_have_confirmed_some_of_what_was_found(demo: Demo, session: Session) -> None:
    steps = steps_of(session, get_event(session, AUTUMN))
    assert Counter(step.state.value for step in steps) == {
        "found": 18,
        "confirmed": 10,
        "done": 2,
        "not done": 2,
        "dismissed": 1,
    }
    assert "Autumn open space of the peer-coaching alumni: 7 themes, and 14 next steps that" in demo.output
    done = [step.quote.text for step in steps if step.state == StepState.DONE and step.quote]
    assert any("ask for a module for people who are new in a job" in text for text in done)


def test_each_step_was_confirmed_by_somebody_of_its_group(session: Session) -> None:
    event = get_event(session, AUTUMN)
    people = session.scalars(
        select(Participant.name)
        .join(RosterEntry, RosterEntry.participant_id == Participant.id)
        .where(RosterEntry.event_id == event.id)
    )
    steps = session.scalars(select(NextStep).where(NextStep.event_id == event.id)).all()
    dealt_with = [step for step in steps if step.state != StepState.FOUND]
    assert {step.changed_by for step in dealt_with} <= set(people)
    assert len({(step.group_id, step.changed_by) for step in dealt_with}) == 6


def test_in_spring_people_are_asked_what_became_of_it(session: Session) -> None:
    last = carry_over(session, get_event(session, SPRING))
    assert last is not None and last.event.slug == AUTUMN
    assert (len(last.open), last.counts["done"], last.counts["not done"]) == (10, 2, 2)
    assert {step.group for step in last.open} >= {"Finance gate", "Time to reflect"}, "which are there again in spring"


def test_themes_stay_grow_fade_come_and_go_from_autumn_to_spring_and_one_was_answered(session: Session) -> None:
    found = comparison_of(session, get_event(session, SPRING))
    assert [event.slug for event in found.events] == [AUTUMN, SPRING] and not found.unknown
    states = {state: [line.label for line in found.having(state)] for state in ("grew", "about the same", "faded")}
    assert states["grew"] == ["Finance review"] and len(states["about the same"]) == 1 and len(states["faded"]) == 2
    assert found.having("new") and not found.having("perhaps the same")
    gone = {line.label: [module.title for each in line.answered for module in each.modules] for line in found.lines}
    assert [label for label, answers in gone.items() if answers == ["The First Monday"]] == [
        line.label for line in found.having("gone") if line.points[0] and line.points[0].breadth == 4
    ]


def test_steps_that_somebody_has_dealt_with_are_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(CaptureSettings(data=str(tmp_path)), migrate)
    said = ["I'll ask the auditors before Christmas.", "I'll bring the list on Friday.", "I'll write to them tomorrow."]
    with console.database().writing() as session:
        event = make_event(session, "autumn", held_on=date(2025, 10, 16))
        group = make_group(session, event)
        make_utterances(session, make_recording(session, group), said)
        make_roster_entry(session, event, "Zoe Park", [group])
    (tmp_path / "next_steps.json").write_text('{"confirmed": ["write to them"], "done": ["bring the list"]}', "utf-8")

    confirm_steps(console, "autumn", tmp_path)
    assert "Autumn: 0 themes, and 2 next steps that its groups confirmed." in capsys.readouterr().out
    with console.database().writing() as session:
        asked, brought, wrote = steps_of(session, get_event(session, "autumn"))
        assert [step.state.value for step in (asked, brought, wrote)] == ["found", "done", "confirmed"]
        assert (wrote.changed_by, wrote.changes, brought.changes) == ("Zoe Park", 1, 2)
        settle(session, get_step(session, brought.event_id, brought.id), StepState.DROPPED, "Ada")

    confirm_steps(console, "autumn", tmp_path)
    with console.database().reading() as session:
        again = steps_of(session, get_event(session, "autumn"))
        assert [(step.state.value, step.changed_by) for step in again] == [
            ("found", None),
            ("dropped", "Ada"),
            ("confirmed", "Zoe Park"),
        ]
    with pytest.raises(NotFound):
        confirm_steps(console, "nowhere", tmp_path)
