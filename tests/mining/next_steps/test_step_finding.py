from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.database import Database, utcnow
from capture.events import delete_event
from capture.models import Event, Participant, Recording, Utterance
from capture.redaction import Masker
from mining.models import Strand
from mining.next_steps import next_steps as steps
from mining.next_steps.next_steps import steps_of
from mining.next_steps.step_finding import Looked, find_commitments, finds_in, state_of_talk
from mining.suggestion_models import NextStep, StepState
from tests.factories import (
    make_analysis,
    make_event,
    make_group,
    make_passage,
    make_recording,
    make_theme,
    make_utterances,
)

SAID = [
    "The review takes longer than the project, everybody knows that.",
    "I'll ask Anna Berg about it before Easter. She is new here.",
    "We agreed last year to change the form and nothing happened.",
    "So let's send one letter to the board together, with all our names.",
]


def _event(session: Session, **values: object) -> Event:
    event = make_event(session, **{"held_on": date(2026, 3, 19), **values})
    make_utterances(session, make_recording(session, make_group(session, event)), SAID)
    return event


def _rows(session: Session) -> list[NextStep]:
    return list(session.scalars(select(NextStep).order_by(NextStep.id)))


def _mask(session: Session, name: str, number: int) -> None:
    session.add(Participant(event_id=1, name=name, number=number))
    masker = Masker({name: number})
    for utterance in session.scalars(select(Utterance)):
        utterance.text, _ = masker.text_and_words(utterance.text, ())
    session.flush()


def test_what_people_said_they_would_do_is_listed_with_owner_and_day(database: Database) -> None:
    with database.writing() as session:
        event = _event(session)
        assert find_commitments(session, event) == Looked(found=2, fresh=2, gone=0)
        first, second = steps_of(session, event)
    assert first.quote and first.quote.text == "I'll ask Anna Berg about it before Easter."
    assert (first.owner, first.due_on, first.due_said) == ("person 2", date(2026, 4, 4), "before Easter")
    assert (second.owner, second.due_on, second.group, second.state) == ("the group", None, "Room 1", StepState.FOUND)


def test_looking_again_changes_nothing_and_respects_what_people_decided(database: Database) -> None:
    with database.writing() as session:
        event = _event(session)
        find_commitments(session, event)
        first, second = _rows(session)
        steps.settle(session, first, StepState.DISMISSED, "Ana")
        steps.edit(session, second, "Ana", text="Write to the board", owner="Ben", due_on=date(2026, 5, 1))
        assert find_commitments(session, event) == Looked(found=2, fresh=0, gone=0)
        assert [(row.state, row.owner) for row in _rows(session)] == [
            (StepState.DISMISSED, "person 2"),
            (StepState.CONFIRMED, "Ben"),
        ]


def test_no_words_of_talk_are_stored(database: Database) -> None:
    with database.writing() as session:
        find_commitments(session, _event(session))
        for row in _rows(session):
            assert row.text is None
            assert "letter" not in str(vars(row)) and "Anna" not in str(vars(row))


def test_withdrawn_talk_takes_found_steps_along_and_leaves_confirmed_ones_without_the_words(database: Database) -> None:
    with database.writing() as session:
        event = _event(session)
        find_commitments(session, event)
        steps.edit(session, _rows(session)[1], "Ana", text="Write to the board", owner="", due_on=None)
        session.delete(session.scalars(select(Recording)).one())
        session.flush()
        [before_looking] = steps_of(session, event)
        assert find_commitments(session, event) == Looked(found=0, fresh=0, gone=1)
        [left] = steps_of(session, event)
    assert before_looking == left
    assert (left.quote, left.gone, left.words) == (None, True, "Write to the board")


def test_a_name_that_is_masked_later_is_shown_nowhere_and_a_confirmed_step_follows_its_words(
    database: Database,
) -> None:
    with database.writing() as session:
        event = _event(session)
        find_commitments(session, event)
        first, _ = _rows(session)
        steps.settle(session, first, StepState.CONFIRMED, "Ana")
        _mask(session, "Anna Berg", 9)
        assert [step.quote for step in steps_of(session, event) if step.id == first.id] == [None]
        assert find_commitments(session, event) == Looked(found=2, fresh=0, gone=0)
        [followed] = [step for step in steps_of(session, event) if step.id == first.id]
    assert followed.quote and followed.quote.text == "I'll ask [person 9] about it before Easter."
    assert followed.state == StepState.CONFIRMED


def test_a_confirmed_step_does_not_follow_to_other_words_of_a_replaced_transcript(database: Database) -> None:
    with database.writing() as session:
        event = _event(session)
        find_commitments(session, event)
        first, _ = _rows(session)
        steps.settle(session, first, StepState.CONFIRMED, "Ana")
        said = session.scalars(select(Utterance).where(Utterance.position == 1)).one()
        said.text = "I'll write to the press about it tomorrow."
        session.flush()
        assert find_commitments(session, event).fresh == 1
        [old] = [step for step in steps_of(session, event) if step.id == first.id]
    assert old.gone


def test_days_are_worked_out_once_the_events_date_is_known(database: Database) -> None:
    with database.writing() as session:
        event = _event(session, held_on=None)
        find_commitments(session, event)
        assert [(row.due_on, row.due_said) for row in _rows(session)] == [(None, "before Easter"), (None, None)]
        event.held_on = date(2026, 3, 19)
        find_commitments(session, event)
        assert _rows(session)[0].due_on == date(2026, 4, 4)


def test_steps_know_the_theme_their_passage_belongs_to(database: Database) -> None:
    with database.writing() as session:
        event = _event(session)
        recording = session.scalars(select(Recording)).one()
        strand = Strand(event_id=event.id, spans=[], embedder="m", centre=b"")
        session.add(strand)
        session.flush()
        analysis = make_analysis(session, event)
        theme = make_theme(session, analysis, 4, label="The form", strand_id=strand.id)
        make_passage(session, analysis, recording, theme=theme, first=0, last=2)
        find_commitments(session, event)
        first, second = steps_of(session, event)
    assert first.theme and (first.theme.number, first.theme.label) == (4, "The form")
    assert second.theme is None


def test_unsound_talk_and_talk_in_other_languages_is_not_looked_through(database: Database) -> None:
    with database.writing() as session:
        event = _event(session)
        for utterance in session.scalars(select(Utterance)):
            utterance.doubt = "repeats itself"
        assert find_commitments(session, event).found == 0
        german = _event(session, slug="herbst", language="de")
        assert find_commitments(session, german).found == 0
        assert finds_in(event) and not finds_in(german)


def test_the_state_of_talk_tells_when_to_look_again(database: Database) -> None:
    with database.writing() as session:
        event = _event(session)
        states = [state_of_talk(session, event), state_of_talk(session, event)]
        make_analysis(session, event)
        states.append(state_of_talk(session, event))
        event.retracted_at = utcnow()
        states.append(state_of_talk(session, event))
        make_utterances(session, make_recording(session, make_group(session, event, "Room 2")), ["Hello."])
        states.append(state_of_talk(session, event))
    assert states[0] == states[1]
    assert len(set(states)) == 4


def test_an_event_that_is_made_again_with_the_same_numbers_is_looked_through_again(database: Database) -> None:
    states = []
    for _ in range(2):
        with database.writing() as session:
            states.append(state_of_talk(session, event := _event(session)))
            states[-1] = (event.id, states[-1])
            delete_event(session, event)
    assert states[0][0] == states[1][0], "the numbers are used again"
    assert states[0] != states[1]


def test_a_confirmed_step_finds_its_words_when_the_recording_is_removed_and_brought_again(database: Database) -> None:
    with database.writing() as session:
        event = _event(session)
        find_commitments(session, event)
        first, _ = _rows(session)
        steps.settle(session, first, StepState.CONFIRMED, "Ana")
        old = session.scalars(select(Recording)).one()
        group, sha256 = old.group, old.sha256
        make_recording(session, group)  # so that the number is not used again
        session.delete(old)
        session.flush()
        find_commitments(session, event)
        make_utterances(session, make_recording(session, group, sha256=sha256), SAID)
        find_commitments(session, event)
        [back] = [step for step in steps_of(session, event) if step.id == first.id]
    assert back.quote and back.state == StepState.CONFIRMED
