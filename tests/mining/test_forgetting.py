"""What was made of removed talk goes with it, from every table and every file of the data folder."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from capture.database import Database
from capture.errors import NotFound
from capture.events import delete_event
from capture.media import MediaFolder
from capture.models import Event, Group, Recording, Utterance
from capture.recordings import accept, remove
from capture.settings import CaptureSettings
from capture.transcripts import register_people, utterances_of
from mining.citations import cite
from mining.drafts.lines import body_of
from mining.embedding.embedder import load_embedder
from mining.embedding.embeddings import embed_texts, key_of
from mining.models import Analysis, Embedding, Passage, Strand
from mining.pipeline import mine
from mining.schema import migrate
from mining.settings import MiningSettings
from mining.suggestion_models import Draft, Module, NextStep
from tests.factories import make_draft, make_event, make_module, make_next_step
from tests.mining.talk import ROOMS

SETTINGS = MiningSettings()
ROOM = "Green room"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def database(data: Path):
    """Real files of every room, taken in and mined."""
    settings = CaptureSettings(data=str(data))
    database, media = Database(settings.database_url), MediaFolder(settings.media_dir)
    migrate(database)
    with database.writing() as session:
        event = Event(slug="spring", title="Spring")
        session.add(event)
        session.flush()
    for room, said in ROOMS.items():
        path = data.parent / f"{room}.txt"
        path.write_text("".join(f"Ann Lee: {each}\n" for each in said), "utf-8")
        with path.open("rb") as file:
            accept(database, media, event.id, file, path.name, group=room, consent="all agreed")
    mine(database, event.id, SETTINGS)
    yield database
    database.close()


def the_event(session: Session) -> Event:
    return session.scalars(select(Event)).one()


def recording_of(session: Session, room: str) -> Recording:
    return session.scalars(select(Recording).join(Group).where(Group.name == room)).one()


def own_words(room: str) -> set[str]:
    """Words that are said in this room and in no other one."""
    said = {name: " ".join(texts).lower() for name, texts in ROOMS.items()}
    others = " ".join([*(text for name, text in said.items() if name != room), "department"])  # a column's name, too
    return {word for word in re.findall(r"[a-z]{8,}", said[room]) if word not in others}


def files_with(data: Path, words: set[str]) -> dict[str, set[str]]:
    """{file: which of the words stand in it}, whatever kind of file it is."""
    found = {}
    for path in sorted(data.rglob("*")):
        if path.is_file():
            held = path.read_bytes().lower()
            found[path.name] = {word for word in words if word.encode() in held}
    return {name: held for name, held in found.items() if held}


def by_recording(database: Database, data: Path) -> None:
    with database.writing() as session:
        stored = remove(session, recording_of(session, ROOM))
    MediaFolder(data / "media").delete(stored)


def by_event(database: Database, data: Path) -> None:
    with database.writing() as session:
        names = delete_event(session, the_event(session))
    for name in names:
        MediaFolder(data / "media").delete(name)


@pytest.mark.parametrize("removed", [by_recording, by_event])
def test_after_removing_the_words_of_a_room_are_in_no_file_of_the_data_folder(
    database: Database, data: Path, removed: Callable[[Database, Path], None]
) -> None:
    """While the database is open, as it is where the viewer runs: its log is there as well."""
    words = own_words(ROOM)
    assert len(words) > 10
    assert {"harvest.sqlite3"} <= {name.removesuffix("-wal") for name in files_with(data, words)}
    assert (data / "harvest.sqlite3-wal").exists()
    removed(database, data)
    assert files_with(data, words) == {}


def test_without_overwriting_the_words_would_stay_in_the_file(
    database: Database, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the test above can see it; how SQLite was built decides where nobody says it."""
    database.close()
    monkeypatch.setattr("capture.database.PRAGMAS", ("journal_mode=WAL", "foreign_keys=ON", "secure_delete=OFF"))
    careless = Database(database.url)
    by_recording(careless, data)
    assert files_with(data, own_words(ROOM))
    careless.close()


def test_while_somebody_reads_the_log_stays_and_is_emptied_later(database: Database, data: Path) -> None:
    with database.reading() as reader:
        reader.scalar(select(func.count()).select_from(Event))
        by_recording(database, data)
    assert set(files_with(data, own_words(ROOM))) <= {"harvest.sqlite3-wal", "harvest.sqlite3"}
    assert database.clean()
    assert files_with(data, own_words(ROOM)) == {}


def test_a_name_that_is_masked_later_is_in_no_file_either(database: Database, data: Path) -> None:
    with database.writing() as session:
        assert register_people(session, the_event(session).id, ["Odile Wedding"])
        assert session.scalar(select(func.count()).select_from(Analysis)) == 0
    held = b"".join(path.read_bytes() for path in data.glob("harvest.sqlite3*"))
    assert b"Wedding" in held, "in the list of names that are masked"
    assert b"wedding" not in held


def vectors(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(Embedding.content_hash)))


def mined_texts(database: Database, room: str | None = None) -> set[str]:
    with database.reading() as session:
        query = select(Passage.mined).join(Group, Group.id == Passage.group_id)
        return set(session.scalars(query.where(Group.name == room) if room else query))


def test_vectors_of_removed_talk_go_at_once_and_those_that_are_asked_for_again_come_back(
    database: Database, data: Path
) -> None:
    gone = {key_of(text) for text in mined_texts(database, ROOM)}
    assert gone & vectors(database), "a unit of talk that is a passage by itself"
    by_recording(database, data)
    assert vectors(database) == set()
    with database.reading() as session:
        event_id = the_event(session).id
    mine(database, event_id, SETTINGS)
    after = vectors(database)
    assert after and not gone & after
    assert mine(database, event_id, SETTINGS, seed=9).fresh_texts == 0


def test_after_mining_only_what_was_asked_for_is_kept(database: Database) -> None:
    """Of talk that was masked, or that a worker had begun with before it was killed."""
    with database.reading() as session:
        event_id = the_event(session).id
        [name] = session.scalars(select(Embedding.model).distinct())
    embed_texts(database, name, lambda: load_embedder(SETTINGS.embedder), ["Odile shouted at me."], lambda f, n: None)
    assert key_of("Odile shouted at me.") in vectors(database)
    mine(database, event_id, SETTINGS, seed=9)
    assert key_of("Odile shouted at me.") not in vectors(database)


def test_words_that_were_copied_out_of_talk_go_with_it(database: Database) -> None:
    with database.writing() as session:
        event, recording = the_event(session), recording_of(session, ROOM)
        said = utterances_of(session, recording.id)[0]
        room = session.get_one(Group, recording.group_id)
        step = make_next_step(
            session,
            event,
            room,
            text="Ask",
            citation=cite(said, 0, 10),
            due_said="before the wedding",
            history=[{"due_said": "before the wedding"}],
        )
        draft = make_draft(session, event, [said])
        body = body_of(draft.body).stored()
        body["pages"][0]["lines"][1] |= {"text": "A wedding was spoiled.", "worded": True}
        draft.body = body
        lonely = Strand(event_id=event.id, spans=[[recording.id, 0, 9]], embedder="x", centre=b"1234")
        many = Strand(event_id=event.id, spans=[[recording.id, n, n + 1] for n in range(9)], embedder="x", centre=b"1")
        session.add_all([lonely, many])
        session.flush()
        ids = step.id, draft.id, lonely.id, many.id
        remove(session, recording, keep_group=True)
    with database.reading() as session:
        step, draft = session.get_one(NextStep, ids[0]), session.get_one(Draft, ids[1])
        assert (step.due_said, step.history, step.text) == (None, [{"due_said": None}], "Ask")
        assert "wedding" not in json.dumps(draft.body)
        assert body_of(draft.body).pages[0].lines[1].citations, "it still says that its words are gone"
        assert [session.get_one(Strand, key).centre for key in ids[2:]] == [b"", b"1"]


def _worded(session: Session, said: Utterance) -> Module:
    page = {"title": "t", "lines": [{"role": "framing", "text": "A wedding was spoiled.", "worded": True}]}
    page["lines"][0]["citations"] = [cite(said, 0, len(said.text))]
    return make_module(session, "A day off", pages=[page])


def test_with_an_event_go_the_words_that_outlive_it_elsewhere(database: Database) -> None:
    with database.writing() as session:
        event, said = the_event(session), utterances_of(session, recording_of(session, ROOM).id)[0]
        later = make_event(session, "autumn")
        carried = make_next_step(session, later, None, citation=cite(said, 0, 10), due_said="before the wedding")
        ids = carried.id, _worded(session, said).id
        delete_event(session, event)
    with database.reading() as session:
        assert session.get_one(NextStep, ids[0]).due_said is None
        assert "wedding" not in json.dumps(session.get_one(Module, ids[1]).pages)


def test_what_a_model_made_of_words_with_a_name_goes_when_the_event_is_mined_after_masking(database: Database) -> None:
    with database.writing() as session:
        event_id = the_event(session).id
        said = utterances_of(session, recording_of(session, ROOM).id)[0]
        module = _worded(session, said).id
        name = next(word for word in said.text.split() if len(word) > 4).strip(".,?!").title()
        assert register_people(session, event_id, [f"{name} Wedding"])
        said.text = "[person 9] said something."
    mine(database, event_id, SETTINGS)
    with database.reading() as session:
        assert "wedding" not in json.dumps(session.get_one(Module, module).pages)


def test_an_event_that_is_deleted_while_it_is_mined_leaves_no_vectors(database: Database) -> None:
    with database.writing() as session:
        event_id = the_event(session).id
        session.execute(delete(Analysis))
        session.execute(delete(Embedding))

    def progress(fraction: float, note: str) -> None:
        with database.writing() as session:
            if fraction > 0.7 and (event := session.get(Event, event_id)):
                delete_event(session, event)

    with pytest.raises(NotFound, match="deleted while"):
        mine(database, event_id, SETTINGS, progress=progress)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Embedding)) == 0
        assert session.scalar(select(func.count()).select_from(Analysis)) == 0
