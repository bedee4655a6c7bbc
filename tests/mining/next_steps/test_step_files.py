import json
from datetime import date

from capture.database import Database
from mining.citations import cite
from mining.next_steps.next_steps import steps_of
from mining.next_steps.step_files import as_data, as_markdown
from mining.next_steps.step_reader import Reader
from mining.suggestion_models import StepState
from tests.factories import make_event, make_group, make_next_step, make_recording, make_utterances


def test_the_list_goes_by_group_with_what_is_confirmed_before_what_waits(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session, title="Spring", held_on=date(2026, 3, 19))
        group = make_group(session, event, "Finance gate")
        said = make_utterances(
            session, make_recording(session, group), ["I'll ask the auditors by March.", "I'll come."]
        )
        make_next_step(
            session, event, group, text=None, citation=cite(said[0], 0, 31), due_said="by March", state=StepState.FOUND
        )
        make_next_step(session, event, group, owner="Ben", due_on=date(2026, 4, 3), state=StepState.DONE)
        make_next_step(session, event, group, text=None, citation=cite(said[1], 0, 10), state=StepState.DISMISSED)
        make_next_step(session, event, None, text="Print the list", due_on=date(2026, 5, 1), due_said="in May")
        steps = steps_of(session, event)
    assert as_markdown(event, steps) == (
        "# Next steps: Spring\n\n## Finance gate\n\n"
        "- [x] Write one page about the experiment pot. (Ben; by 3 April 2026; done)\n\n"
        "Waiting to be confirmed:\n\n- “I'll ask the auditors by March.” (“by March”)\n\n"
        "## Everybody\n\n- [ ] Print the list (by 1 May 2026 (“in May”))\n"
    )
    document = json.loads(json.dumps(as_data(event, steps)))
    assert document["event"] == {"slug": "spring", "title": "Spring", "held_on": "2026-03-19"}
    assert [(step["group"], step["state"], step["said"]) for step in document["steps"]] == [
        ("Finance gate", "found", "I'll ask the auditors by March."),
        ("Finance gate", "done", None),
        (None, "confirmed", None),
    ]


def test_a_confirmed_step_whose_words_are_gone_says_so(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        lost = {"recording": 99, "position": 0, "start": 0, "end": 4, "sha256": "x"}
        make_next_step(session, event, None, text=None, citation=lost)
        steps = steps_of(session, event)
    assert "(the words are no longer there)" in as_markdown(event, steps)
    assert as_data(event, steps)["steps"][0]["gone"] is True


def test_an_event_without_steps_has_a_list_that_says_so(database: Database) -> None:
    with database.writing() as session:
        assert "There are none yet." in as_markdown(make_event(session), [])


def test_words_that_the_reader_was_not_there_to_hear_are_in_no_list(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        group = make_group(session, event)
        [said] = make_utterances(session, make_recording(session, group), ["I'll ask the auditors by March."])
        make_next_step(session, event, make_group(session, event, "Room 2"), text=None, citation=cite(said, 0, 31))
        steps = steps_of(session, event, Reader({event.id: event.slug}, frozenset({group.id, group.id + 1})))
        assert "auditors" in as_markdown(event, steps)
        [step] = steps_of(session, event, Reader({event.id: event.slug}, frozenset({group.id + 1})))
    assert "(a step from last time; its words are shown to those who were in the room)" in as_markdown(event, [step])
    assert "auditors" not in json.dumps(as_data(event, [step]))
