"""The pipeline where evenings are less tidy than a test: two recordings in a room, people who talk over each other,
rooms that arrive late, talk that is withdrawn meanwhile, and names in every sentence."""

import random
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.database import Base, Database, utcnow
from capture.errors import NotFound
from capture.events import delete_event
from capture.models import Event, Group, Recording, RecordingState, Utterance
from capture.speech import Spoken
from capture.transcripts import store_utterances, utterances_of
from mining.analyses import latest_analysis
from mining.material import LEAST
from mining.models import Analysis, Embedding, Passage, Theme
from mining.pipeline import MiningResult, mine
from mining.settings import MiningSettings
from tests.factories import make_event, make_group, make_recording, make_utterances
from tests.mining.conftest import Command, Mined, document_of, opened
from tests.mining.describing.test_language import FOREIGN
from tests.mining.talk import BUDGET, FRIENDS, HANDOVER, MEETINGS, ROOMS, SUBJECTS, make_talk

SETTINGS = MiningSettings()


def sentences(exchange: str) -> list[str]:
    return re.split(r"(?<=\.) ", exchange)


def turned(exchange: str) -> str:
    """The same sentences, last one first: talk that nobody has embedded yet."""
    return " ".join(sentences(exchange)[::-1])


def stored(database: Database) -> list[Passage]:
    with database.reading() as session:
        return list(session.scalars(select(Passage).order_by(Passage.number)))


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, int]]:
    """“North” has two recordings, the first longer than its talk, the second without a length; “East” one that is
    transcribed, with what a recogniser made up, and one that is not; “West” said nothing."""
    database = opened(tmp_path_factory.mktemp("evening"))
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        event = make_event(session)
        north, east, _ = (make_group(session, event, name) for name in ("North", "East", "West"))
        first = make_recording(session, north, position=0, seconds=1000.0)
        second = make_recording(session, north, position=1, seconds=None)
        third = make_recording(session, east, seconds=700.0)
        make_recording(session, east, position=1, state=RecordingState.WAITING, seconds=30.0)
        _overlapping(session, first, [*BUDGET[:2], *MEETINGS[:2]])
        _overlapping(session, second, [*FRIENDS[:2], *HANDOVER[:2]])
        at = len(_overlapping(session, third, [*BUDGET[2:], *FRIENDS[2:], *MEETINGS[2:]]))
        made_up = [("la la la la", "no speech"), *[("Thanks for watching this film.", None)] * 3]
        session.add_all(
            Utterance(recording_id=third.id, position=at + i, start=600.0 + i, end=600.5 + i, text=text, doubt=doubt)
            for i, (text, doubt) in enumerate(made_up)
        )
    mine(database, event.id, SETTINGS)
    yield database, event.id
    database.close()


def _overlapping(session: Session, recording: Recording, exchanges: list[str]) -> list[Utterance]:
    """Every sentence an utterance of 8 seconds, most beginning before the last one is over."""
    chance = random.Random(recording.position)
    rows = make_utterances(session, recording, [s for said in exchanges for s in sentences(said)], seconds=8.0)
    for row in rows[1:]:
        row.start -= chance.uniform(0, 3)
    return rows


def test_every_passage_is_a_verbatim_slice_of_one_recording(evening: tuple[Database, int]) -> None:
    database, _ = evening
    passages = stored(database)
    assert max(p.last - p.first for p in passages) > 1, "no passage of several utterances: the test shows nothing"
    with database.reading() as session:
        for p in passages:
            said = utterances_of(session, p.recording_id)[p.first : p.last + 1]
            assert p.text == " ".join(u.text for u in said)
            assert p.words == len(p.text.split())
            assert set(p.speakers) == {u.speaker for u in said}


def test_passages_of_a_group_stand_on_one_scale_and_do_not_overlap(evening: tuple[Database, int]) -> None:
    database, event_id = evening
    by_group: dict[int, list[Passage]] = defaultdict(list)
    for p in stored(database):
        by_group[p.group_id].append(p)
    lengths = {group["id"]: group["seconds"] for group in document_of(database, event_id)["groups"]}
    assert len(by_group) == 2
    for group, its in by_group.items():
        assert all(0 <= p.start < p.end <= lengths[group] for p in its)
        assert all(a.end <= b.start for a, b in pairwise(its))


def test_the_second_recording_of_a_group_begins_where_the_first_one_ends(evening: tuple[Database, int]) -> None:
    database, _ = evening
    offsets: dict[int, set[float]] = defaultdict(set)
    with database.reading() as session:
        spoken = {number: utterances_of(session, number) for number in session.scalars(select(Recording.id))}
    for p in stored(database):
        offsets[p.recording_id].add(p.offset)
        said = spoken[p.recording_id][p.first : p.last + 1]
        # A passage may begin later where the one before it still spoke, and end with the answers to it.
        assert said[0].start - 0.01 <= p.start - p.offset <= said[0].end
        assert said[-1].start <= p.end - p.offset
    assert [offsets[number] for number in sorted(offsets)] == [{0.0}, {1000.0}, {0.0}]


def test_what_was_not_mined_is_counted_by_reason_and_never_quoted(evening: tuple[Database, int]) -> None:
    database, event_id = evening
    assert document_of(database, event_id)["analysis"]["left_out"] == [
        {"reason": "recogniser repeated itself", "utterances": 3, "words": 15, "aside": False},
        {"reason": "backchannels and fillers", "utterances": 3, "words": 4, "aside": False},
        {"reason": "no speech", "utterances": 1, "words": 4, "aside": False},
    ]
    assert not [p for p in stored(database) if "la la la" in p.text or "watching" in p.text]


def test_what_is_missing_from_the_picture_is_said(evening: tuple[Database, int]) -> None:
    database, event_id = evening
    assert document_of(database, event_id)["analysis"]["notes"] == [
        "1 recording is not transcribed yet and not in this picture.",
        "Without talk that could be mined: “West”.",
    ]


# --- mining again ---------------------------------------------------------------------------------------------------


def test_the_whole_command_finds_in_its_own_process_what_was_found_here(
    mined: Mined, mined_by_command: Command
) -> None:
    here, there = mined.document(), mined_by_command.document
    for changing in ("id", "created_at", "seconds"):
        assert here["analysis"].pop(changing) and there["analysis"][changing]
    assert here == {**there, "analysis": {k: v for k, v in there["analysis"].items() if k in here["analysis"]}}


def test_where_nothing_changed_nothing_is_written(spare: Database, mined: Mined) -> None:
    watcher = sqlite3.connect(spare.engine.url.database or "")

    def version() -> int:
        """Changes whenever another connection has written."""
        return int(watcher.execute("PRAGMA data_version").fetchone()[0])

    before = version()
    result = mine(spare, mined.event_id, SETTINGS)
    assert version() == before
    assert result == MiningResult(mined.result.analysis_id, mined.result.themes, 15, 0, True, ())
    assert not mine(spare, mined.event_id, SETTINGS, seed=2).unchanged
    assert version() != before, "the watch itself does not work"
    watcher.close()


def test_mined_anew_nothing_of_the_analysis_before_stays(spare: Database, mined: Mined) -> None:
    result = mine(spare, mined.event_id, SETTINGS, seed=2)
    with spare.reading() as session:
        assert [analysis.seed for analysis in session.scalars(select(Analysis))] == [2]
        assert session.scalar(select(func.count()).select_from(Passage)) == 15
        assert session.scalar(select(func.count()).select_from(Theme)) == result.themes


def test_after_one_word_was_changed_that_passage_is_embedded_again(spare: Database, mined: Mined) -> None:
    with spare.writing() as session:
        said = session.scalars(select(Utterance).limit(1)).one()
        said.text = said.text.replace("finance committee", "board")
    result = mine(spare, mined.event_id, SETTINGS)
    assert (result.unchanged, result.fresh_texts) == (False, 1)


def test_of_one_more_room_only_what_was_never_said_is_embedded(spare: Database, mined: Mined) -> None:
    with spare.writing() as session:
        group = make_group(session, session.get_one(Event, mined.event_id), "Yellow room")
        said = [turned(FRIENDS[0]), turned(MEETINGS[3]), BUDGET[0]]
        make_utterances(session, make_recording(session, group, seconds=90.0), said, seconds=30.0)
    result = mine(spare, mined.event_id, SETTINGS)
    assert (result.passages, result.fresh_texts, result.unchanged) == (18, 2, False)


def test_a_recording_that_waits_again_is_not_read(spare: Database, mined: Mined) -> None:
    with spare.writing() as session:
        green = session.scalars(select(Recording).join(Group).where(Group.name == "Green room")).one()
        green.state = RecordingState.WAITING
    result = mine(spare, mined.event_id, SETTINGS)
    assert (result.passages, result.fresh_texts) == (10, 0)
    assert result.notes[0] == "1 recording is not transcribed yet and not in this picture."


def test_of_talk_withdrawn_while_it_is_mined_nothing_is_kept(spare: Database, mined: Mined) -> None:
    def withdraw(fraction: float, note: str) -> None:
        if note.startswith("Looking"):
            with spare.writing() as session:
                session.get_one(Event, mined.event_id).retracted_at = utcnow()

    assert not mine(spare, mined.event_id, SETTINGS, seed=3, progress=withdraw).unchanged
    with spare.reading() as session:
        assert latest_analysis(session, mined.event_id) is None
        for table in (Analysis, Passage, Theme, Embedding):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_an_event_that_was_mined_and_deleted_is_not_found_and_leaves_nothing(spare: Database, mined: Mined) -> None:
    with spare.writing() as session:
        delete_event(session, session.get_one(Event, mined.event_id))
    with pytest.raises(NotFound, match="deleted before it could be mined"):
        mine(spare, mined.event_id, SETTINGS)
    with spare.reading() as session:
        for table in (Analysis, Theme, Passage):
            assert session.scalar(select(func.count()).select_from(table)) == 0


# --- very little, and always the same -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "passages", "note"),
    [
        ([BUDGET[0]], 1, f"Too little talk for themes: 1 passage, where at least {LEAST} are needed."),
        (["Yeah.", "Okay."], 0, "Nothing was said that could be mined: silence, backchannels or doubtful text only."),
    ],
)
def test_one_passage_and_none_are_mined_and_explained(
    spare: Database, said: list[str], passages: int, note: str
) -> None:
    with spare.writing() as session:
        event_id = make_talk(session, {"Only room": said}, "small").id
    result = mine(spare, event_id, SETTINGS)
    assert (result.themes, result.passages, result.fresh_texts) == (0, passages, passages)
    assert note in result.notes
    assert [(p["theme"], p["strength"]) for p in document_of(spare, event_id)["passages"]] == [(None, 0)] * passages


def test_where_everybody_says_the_very_same_it_is_quoted_once(spare: Database) -> None:
    with spare.writing() as session:
        event_id = make_talk(session, {f"Room {i}": [BUDGET[0]] for i in range(12)}, "echo").id
    result = mine(spare, event_id, SETTINGS)
    assert (result.passages, result.fresh_texts) == (12, 1) and result.themes >= 1
    for theme in document_of(spare, event_id)["themes"]:
        assert theme["label"] and len(theme["quotes"]) == 1


def test_a_sentence_from_each_of_500_rooms_is_mined_and_called_rough(spare: Database) -> None:
    chance = random.Random(3)
    pool = [(subject, s) for subject in SUBJECTS for said in SUBJECTS[subject] for s in sentences(said)]
    pool = [(subject, sentence) for subject, sentence in pool if len(sentence.split()) > 4]
    with spare.writing() as session:
        event = make_event(session, "crowd")
        for i in range(500):
            subject, sentence = chance.choice(pool)
            recording = make_recording(session, make_group(session, event, f"Room {i} on {subject}"), seconds=8.0)
            make_utterances(session, recording, [sentence], seconds=8.0)
    result = mine(spare, event.id, SETTINGS)
    assert result.passages == 500 and 3 <= result.themes < 100
    assert any(note.startswith("Themes are rough: ") for note in result.notes)
    document = document_of(spare, event.id)
    rooms = {group["id"]: group["name"] for group in document["groups"]}
    assert len(rooms) == 500
    for theme in document["themes"]:
        assert theme["label"] and (theme["quotes"] or theme["coarse"])


def test_talk_in_another_language_is_mined_with_a_warning(spare: Database) -> None:
    rooms = {f"Raum {i}": [turned(text) for text in FOREIGN.values()] * 2 for i in range(2)}
    with spare.writing() as session:
        event_id = make_talk(session, rooms, "herbst").id
    result = mine(spare, event_id, SETTINGS)
    assert result.passages >= LEAST
    assert [note[:46] for note in result.notes] == ["The talk does not seem to be in English, but t"]
    assert "HARVEST_EMBEDDER" in result.notes[0]


def test_an_empty_room_among_others_changes_no_theme(spare: Database, mined: Mined) -> None:
    with spare.writing() as session:
        event = session.get_one(Event, mined.event_id)
        make_recording(session, make_group(session, event, "Empty room"), seconds=600.0)
        make_group(session, event, "Never used")
    result = mine(spare, mined.event_id, SETTINGS)
    assert (result.unchanged, result.fresh_texts, result.themes) == (False, 0, mined.result.themes)
    assert result.notes == ("Without talk that could be mined: “Empty room”, “Never used”.",)
    before = {theme["id"]: theme["quotes"] for theme in mined.document()["themes"]}
    after = {theme["id"]: theme["quotes"] for theme in document_of(spare, mined.event_id)["themes"]}
    assert len(before) == len(after) and sorted(before.values()) == sorted(after.values())


def test_a_room_of_six_hours_does_not_swallow_the_themes_of_small_ones(spare: Database) -> None:
    """The long room speaks of budgets and meetings all day; what small ones say of friends and retiring stays apart."""
    chance = random.Random(5)
    pools = {subject: [s for said in SUBJECTS[subject] for s in sentences(said)] for subject in SUBJECTS}

    def stretch(subject: str, count: int) -> list[str]:
        return [chance.choice(pools[subject]) for _ in range(count)]

    with spare.writing() as session:
        event = make_event(session, "long-day")
        rooms = {"All day": [s for _ in range(9) for subject in ("budget", "meetings") for s in stretch(subject, 120)]}
        for i in range(5):
            rooms[f"Small {i}"] = stretch("friends", 12) + stretch("handover" if i % 2 else "budget", 12)
        for name, said in rooms.items():
            recording = make_recording(session, make_group(session, event, name), seconds=10.0 * len(said))
            make_utterances(session, recording, said, seconds=10.0)
    mine(spare, event.id, SETTINGS)
    document = document_of(spare, event.id)
    most = {subject: Counter[int]() for subject in SUBJECTS}
    for p in document["passages"]:
        for subject, its in pools.items():
            most[subject][p["theme"]] += sum(s in p["text"] for s in its)
    home = {subject: themes.most_common(1)[0] for subject, themes in most.items()}
    assert len({theme for theme, _ in home.values()}) == 4, most
    for subject in ("friends", "handover"):
        theme, said_there = home[subject]
        assert said_there > 0.8 * most[subject].total()
        assert said_there > 0.8 * sum(most[other][theme] for other in SUBJECTS)


# --- people ---------------------------------------------------------------------------------------------------------


def test_neither_a_name_nor_its_mask_names_a_theme(spare: Database) -> None:
    """The name stands in every passage, where it would be the most frequent word of all."""
    with spare.writing() as session:
        event = make_event(session, "people")
        for room, said in ROOMS.items():
            recording = make_recording(session, make_group(session, event, room), seconds=150.0)
            spoken = [
                Spoken(
                    30.0 * i, 30.0 * i + 29, f"Ask Aurelia Stone. {text} I will ask Aurelia Stone, Aurelia knows.", who
                )
                for i, (text, who) in enumerate(zip(said, ["Aurelia Stone", "Tom Berg"] * 3, strict=False))
            ]
            store_utterances(session, recording, spoken)
    result = mine(spare, event.id, SETTINGS)
    document = document_of(spare, event.id)
    assert result.themes >= 3
    assert all("[person 1]" in p["text"] for p in document["passages"])
    for theme in document["themes"]:
        own = [word for view in theme["perspectives"] for word in view["keywords"]]
        shown = " ".join([theme["label"], *theme["keywords"], *own]).lower()
        assert not re.search(r"aurelia|\bstone\b|\btom\b|\bberg\b|\bperson\b|\[", shown), shown
    assert "Aurelia" not in str(document) and "Stone" not in str(document)


def test_vectors_are_kept_under_a_hash_and_not_under_the_text(mined: Mined) -> None:
    with mined.database.reading() as session:
        rows = session.scalars(select(Embedding)).all()
    assert len(rows) > 15, "passages, and possible labels"
    assert all(re.fullmatch("[0-9a-f]{64}", row.content_hash) and len(row.vector) == 384 * 4 for row in rows)
