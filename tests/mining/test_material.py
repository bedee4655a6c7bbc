"""What an event offers to mine, read from the database, and what is said of what is missing."""

from itertools import pairwise

import pytest
from sqlalchemy.orm import Session

from capture.errors import NotFound, Refused
from capture.models import Event, RecordingState, Utterance
from mining.embedding.embedder import BUNDLED
from mining.material import LEAST, left_out, read_material
from tests.factories import make_event, make_group, make_recording, make_utterances
from tests.mining.describing.test_language import FOREIGN
from tests.mining.talk import BUDGET, FRIENDS, HANDOVER, MEETINGS, make_talk


def spoken(exchanges: list[str]) -> list[str]:
    return [sentence for said in exchanges for sentence in said.split(". ")]


def make_room(session: Session, event: Event, name: str, exchanges: list[str], **values: object) -> None:
    recording = make_recording(session, make_group(session, event, name), **values)
    make_utterances(session, recording, spoken(exchanges), seconds=6.0)


def test_units_stand_together_by_recording_in_order_of_groups_and_time(session: Session) -> None:
    event = make_event(session)
    group = make_group(session, event, "First")
    for position in (1, 0):
        recording = make_recording(session, group, position=position, seconds=200.0)
        make_utterances(session, recording, spoken(BUDGET if position else FRIENDS), seconds=6.0)
    make_room(session, event, "Second", MEETINGS)
    given = read_material(session, event.id)
    assert [said.offset for said in given.recordings] == [0.0, 200.0, 0.0]
    order = [recording for recording, _ in given.units]
    assert list(dict.fromkeys(order)) == [said.recording for said in given.recordings]
    assert sum(a != b for a, b in pairwise(order)) == 2
    assert given.units[0][1].text.startswith(FRIENDS[0][:20])


def test_passages_cover_the_units_of_all_recordings_once_with_their_place_and_words(session: Session) -> None:
    event = make_event(session)
    make_room(session, event, "First", BUDGET)
    make_room(session, event, "Second", FRIENDS)
    given = read_material(session, event.id)
    n = len(given.units)
    for themes in (None, [0] * n, [i // 3 % 2 for i in range(n)]):
        placed, ranges = given.passages(themes)
        assert [i for own in ranges for i in own] == list(range(n))
        for each, own in zip(placed, ranges, strict=True):
            assert {given.units[i][0] for i in own} == {each.recording}
            assert themes is None or len({themes[i] for i in own}) == 1
            assert each.draft.text == " ".join(u.text for u in each.spoken)
    assert len(given.passages([i % 2 for i in range(n)])[0]) == n


def test_another_word_another_offset_and_another_group_change_the_digest(session: Session) -> None:
    event = make_talk(session)
    digest = read_material(session, event.id).digest.hexdigest()
    assert read_material(session, event.id).digest.hexdigest() == digest
    said = session.query(Utterance).first()
    assert said
    said.text = said.text.replace("finance", "money", 1)
    session.flush()
    changed = read_material(session, event.id).digest.hexdigest()
    make_room(session, event, "One more", HANDOVER)
    assert len({digest, changed, read_material(session, event.id).digest.hexdigest()}) == 3


def test_an_empty_room_among_others_is_named_and_does_no_harm(session: Session) -> None:
    event = make_talk(session)
    make_recording(session, make_group(session, event, "Empty room"))
    make_group(session, event, "Never recorded")
    given = read_material(session, event.id)
    assert given.notes == ["Without talk that could be mined: “Empty room”, “Never recorded”."]
    assert given.ready == 4 and len(given.recordings) == 4
    (empty,) = [said for said in given.recordings if not said.cut.units]
    assert empty.recording not in {place.recording for place in given.passages()[0]}


def test_many_silent_rooms_are_counted(session: Session) -> None:
    event = make_talk(session)
    for i in range(8):
        make_group(session, event, f"Empty {i}")
    (note,) = read_material(session, event.id).notes
    assert note.endswith("“Empty 4” and 3 more.")


def test_what_is_not_mined_is_counted_over_all_recordings_most_words_first(session: Session) -> None:
    event = make_event(session)
    for name in ("First", "Second"):
        recording = make_recording(session, make_group(session, event, name))
        make_utterances(session, recording, [BUDGET[0], "Yeah.", "Okay.", "a b c d e f"])[3].doubt = "no speech"
    session.flush()
    assert left_out(read_material(session, event.id)) == [
        {"reason": "no speech", "utterances": 2, "words": 12},
        {"reason": "backchannels and fillers", "utterances": 4, "words": 4},
    ]


@pytest.mark.parametrize(("said", "count"), [([BUDGET[0]], "1 passage"), (BUDGET[:3], "3 passages")])
def test_too_little_talk_is_said_with_how_much_there_is(session: Session, said: list[str], count: str) -> None:
    event = make_talk(session, {"Room": said})
    assert read_material(session, event.id).notes == [
        f"Too little talk for themes: {count}, where at least {LEAST} are needed."
    ]


def test_a_sentence_from_each_of_many_rooms_makes_rough_themes(session: Session) -> None:
    sentences = [sentence for sentence in spoken([*BUDGET, *FRIENDS]) if len(sentence.split()) > 5]
    event = make_talk(session, {f"Room {i}": [sentence] for i, sentence in enumerate(sentences[:20])})
    (note,) = read_material(session, event.id).notes
    assert note.startswith("Themes are rough: people said about ") and "words at a time, where some 85" in note


def test_another_language_is_said_only_of_a_model_that_does_not_know_it(session: Session) -> None:
    event = make_talk(session, {f"Raum {i}": [FOREIGN["German"], FOREIGN["Dutch"]] * 2 for i in range(3)})
    (note,) = read_material(session, event.id, BUNDLED).notes
    assert note.startswith("The talk does not seem to be in English")
    assert read_material(session, event.id, "paraphrase-multilingual-MiniLM-L12-v2").notes == []
    assert read_material(session, event.id).notes == []


def test_nothing_transcribed_and_nothing_there_are_refused(session: Session) -> None:
    event = make_event(session)
    make_recording(session, make_group(session, event), state=RecordingState.WAITING)
    with pytest.raises(Refused, match="Run: harvest transcribe spring"):
        read_material(session, event.id)
    with pytest.raises(NotFound, match="deleted before"):
        read_material(session, 4711)


def test_recordings_that_wait_are_counted_and_not_read(session: Session) -> None:
    event = make_talk(session)
    for position in range(2):
        recording = make_recording(
            session, make_group(session, event, f"Late {position}"), state=RecordingState.WAITING
        )
        make_utterances(session, recording, BUDGET)
    given = read_material(session, event.id)
    assert given.notes[0] == "2 recordings are not transcribed yet and not in this picture."
    assert given.ready == 3


def test_how_well_each_room_was_understood(session: Session) -> None:
    event = make_event(session)
    recording = make_recording(session, make_group(session, event))
    rows = make_utterances(session, recording, [BUDGET[0], "Yeah.", "la la la la", FRIENDS[0]])
    rows[2].doubt = "no speech"
    session.flush()
    (room,) = read_material(session, event.id).rooms
    assert (room.group, room.words, room.doubted) == (recording.group_id, len(f"{BUDGET[0]} {FRIENDS[0]}".split()), 4)
