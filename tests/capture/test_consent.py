"""What rooms agreed to: one note for all that was recorded there, taken back as a whole."""

import pytest

from capture.consent import (
    consent_named,
    consent_of,
    consents_of,
    note_consent,
    put_back_consent,
    withdraw_consent,
)
from capture.database import Database
from capture.errors import NotFound, Refused
from capture.models import Utterance
from tests.factories import make_event, make_group, make_recording, make_utterances


def test_a_room_agreed_where_all_of_its_recordings_have_a_note(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        for name, notes in (("A", ("yes", "yes")), ("B", ("yes", "")), ("C", ()), ("D", (None, None))):
            room = make_group(session, event, name)
            for note in notes:
                make_recording(session, room, consent=note)
        found = consents_of(session, event)
        assert [(c.room, c.noted, c.recordings, c.without, c.said) for c in found] == [
            ("A", True, 2, 0, ("yes",)),
            ("B", False, 2, 1, ("yes",)),
            ("C", False, 0, 0, ()),
            ("D", False, 2, 2, ()),
        ]
        assert consent_named(session, event, " b ") == found[1]


def test_it_is_taken_back_for_the_whole_room_and_noted_again_and_the_talk_stays(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        room, other = make_group(session, event, "A"), make_group(session, event, "B")
        for _ in range(2):
            make_utterances(session, make_recording(session, room, consent="all agreed"), ["We never look back."])
        make_recording(session, other, consent="all agreed")
        assert withdraw_consent(session, event, room.id).said == ("all agreed",)
        assert [c.noted for c in consents_of(session, event)] == [False, True]
        assert session.query(Utterance).count() == 2
        assert event.retracted_at is None  # themes and figures stay as they are
        note_consent(session, event, room.id, "  all agreed \n after all")
        assert consent_of(session, event, room.id).said == ("all agreed after all",)


def test_what_was_taken_back_is_put_back_for_each_recording_as_it_was(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        room = make_group(session, event, "A")
        rows = [make_recording(session, room, consent=note) for note in ("form 12", None, "aloud")]

        def notes() -> list[str | None]:
            return [row.consent for row in rows]

        for _ in range(2):  # a second time takes nothing more
            withdraw_consent(session, event, room.id)
            assert notes() == [None, None, None]
            assert consent_of(session, event, room.id).withdrawn == ("form 12", "aloud")
        rows[2].consent = "aloud, on tape"  # noted since
        assert consent_of(session, event, room.id).withdrawn == ("form 12",)
        assert put_back_consent(session, event, room.id).said == ("form 12", "aloud, on tape")
        assert notes() == ["form 12", None, "aloud, on tape"]
        withdraw_consent(session, event, room.id)
        note_consent(session, event, room.id, "agreed anew")
        with pytest.raises(Refused, match="Nothing was taken back"):
            put_back_consent(session, event, room.id)
        assert notes() == ["agreed anew"] * 3


def test_what_cannot_be_is_refused_in_words(database: Database) -> None:
    with database.writing() as session:
        event, other = make_event(session), make_event(session, "autumn")
        room, empty = make_group(session, event, "A"), make_group(session, event, "B")
        make_recording(session, room)
        for said, problem in ((" \n", "Write what"), ("x" * 1001, "1,001 characters")):
            with pytest.raises(Refused, match=problem):
                note_consent(session, event, room.id, said)
        with pytest.raises(Refused, match="Nothing is recorded"):
            note_consent(session, event, empty.id, "yes")
        with pytest.raises(NotFound):
            withdraw_consent(session, other, room.id)
        with pytest.raises(NotFound, match="There are: “A”, “B”"):
            consent_named(session, event, "C")
