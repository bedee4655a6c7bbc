"""The whole of mining on a small event of real talk, with the real embedder and clusterer."""

import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from capture.database import Database
from capture.errors import NotFound, Refused
from capture.models import Event, RecordingState, Utterance
from mining import pipeline
from mining.models import Analysis, Embedding, Passage, Theme
from mining.pipeline import mine
from mining.reporting.export import export_json
from mining.settings import MiningSettings
from tests.factories import make_event, make_group, make_recording, make_utterances
from tests.mining.talk import BUDGET, FRIENDS, ROOMS, make_talk, subject_of

SETTINGS = MiningSettings()


@pytest.fixture
def database(spare: Database) -> Database:
    """Without events, but with the vectors of the planted talk: what is tested here is not the embedder."""
    with spare.writing() as session:
        session.execute(delete(Event))
    return spare


def event_with(database: Database, rooms: dict[str, list[str]] = ROOMS) -> int:
    with database.writing() as session:
        return make_talk(session, rooms).id


def exported(database: Database, event_id: int) -> dict[str, Any]:
    """The export without what differs from run to run."""
    with database.reading() as session:
        document = export_json(session, session.get_one(Event, event_id))
    for name in ("id", "created_at", "seconds", "since"):
        del document["analysis"][name]
    for theme in document["themes"]:
        del theme["change"]
    return document


def test_planted_subjects_become_themes_across_groups(database: Database) -> None:
    event_id = event_with(database)
    result = mine(database, event_id, SETTINGS)
    assert 3 <= result.themes <= 5 and result.passages == 15 and not result.unchanged
    with database.reading() as session:
        passages = session.scalars(select(Passage).order_by(Passage.number)).all()
        found = [(subject_of(passage.text), passage.theme_id) for passage in passages]
        assert [passage.number for passage in passages] == list(range(1, 16))
        for subject in ("budget", "friends", "meetings"):
            most = Counter(theme for its, theme in found if its == subject).most_common(1)[0][1]
            assert most >= 3, (subject, found)
        widest = session.scalar(select(Theme).where(Theme.number == 1))
        assert widest and widest.breadth == max(session.scalars(select(Theme.breadth)))


def test_every_passage_is_a_slice_of_the_stored_transcript(database: Database) -> None:
    event_id = event_with(database)
    mine(database, event_id, SETTINGS)
    with database.reading() as session:
        for passage in session.scalars(select(Passage)):
            said = session.scalars(
                select(Utterance.text)
                .where(Utterance.recording_id == passage.recording_id)
                .where(Utterance.position.between(passage.first, passage.last))
                .order_by(Utterance.position)
            )
            assert passage.text == " ".join(said)


def test_shares_of_a_group_add_up_and_depths_too(database: Database) -> None:
    event_id = event_with(database)
    mine(database, event_id, SETTINGS)
    document = exported(database, event_id)
    for group in document["groups"]:
        assert sum(t["by_group"].get(str(group["id"]), 0) for t in document["themes"]) == pytest.approx(1, abs=1e-4)
    assert sum(theme["depth"] for theme in document["themes"]) == pytest.approx(1, abs=1e-4)


def test_mining_again_changes_nothing_and_says_so(database: Database) -> None:
    event_id = event_with(database)
    first = mine(database, event_id, SETTINGS)
    again = mine(database, event_id, SETTINGS)
    assert again.unchanged and again.analysis_id == first.analysis_id
    assert (again.themes, again.passages) == (first.themes, first.passages)


def test_another_seed_replaces_the_analysis_without_embedding_anything(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    event_id = event_with(database)
    mine(database, event_id, SETTINGS)
    kept = _embeddings(database)

    def refuse(self: pipeline._Loader) -> None:
        raise AssertionError("the embedder was loaded though every text was known")

    monkeypatch.setattr(pipeline._Loader, "__call__", refuse)
    second = mine(database, event_id, SETTINGS, seed=2)
    assert second.fresh_texts == 0 and not second.unchanged
    assert _embeddings(database) == kept
    with database.reading() as session:
        assert session.scalars(select(Analysis.seed)).all() == [2]
        assert session.scalar(select(func.count()).select_from(Passage)) == 15


def test_a_worker_that_mined_other_things_meanwhile_finds_the_same_again(database: Database) -> None:
    event_id = event_with(database)
    mine(database, event_id, SETTINGS)
    first = exported(database, event_id)
    mine(database, event_id, SETTINGS, seed=9)
    mine(database, event_id, SETTINGS)
    assert exported(database, event_id) == first


def test_too_little_talk_for_themes_still_shows_its_passages(database: Database) -> None:
    event_id = event_with(database, {"Only room": [*BUDGET[:2], FRIENDS[0]]})
    result = mine(database, event_id, SETTINGS)
    assert (result.themes, result.passages) == (0, 3)
    assert result.notes == ("Too little talk for themes: 3 passages, where at least 10 are needed.",)
    document = exported(database, event_id)
    assert [passage["theme"] for passage in document["passages"]] == [None] * 3 and document["themes"] == []


def test_ten_times_the_same_passage_is_no_error(database: Database) -> None:
    event_id = event_with(database, {f"Room {i}": [BUDGET[0]] for i in range(10)})
    assert mine(database, event_id, SETTINGS).passages == 10


def test_an_event_with_nothing_transcribed_is_refused_with_what_to_do(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        make_recording(session, make_group(session, event), state=RecordingState.WAITING)
        event_id = event.id
    with pytest.raises(Refused, match="Run: harvest transcribe spring"):
        mine(database, event_id, SETTINGS)


def test_an_event_that_is_gone_is_named(database: Database) -> None:
    with pytest.raises(NotFound, match="was deleted"):
        mine(database, 4711, SETTINGS)


def test_an_unknown_clusterer_is_refused(database: Database) -> None:
    with pytest.raises(Refused, match="no clusterer “magic”"):
        mine(database, 1, SETTINGS, clusterer="magic")


def test_nothing_but_backchannels_is_said_and_counted(database: Database) -> None:
    event_id = event_with(database, {"Quiet room": ["Yeah.", "Mm-hm.", "Okay."]})
    result = mine(database, event_id, SETTINGS)
    assert (result.themes, result.passages) == (0, 0)
    assert "Without talk that could be mined: “Quiet room”." in result.notes
    left_out = exported(database, event_id)["analysis"]["left_out"]
    assert left_out == [{"reason": "backchannels and fillers", "utterances": 3, "words": 3, "aside": False}]


def test_recordings_that_wait_are_mentioned_and_ignored(database: Database) -> None:
    event_id = event_with(database)
    with database.writing() as session:
        late = make_group(session, session.get_one(Event, event_id), "Late room")
        make_recording(session, late, state=RecordingState.WAITING)
    notes = mine(database, event_id, SETTINGS).notes
    assert notes == (
        "1 recording is not transcribed yet and not in this picture.",
        "Without talk that could be mined: “Late room”.",
    )


def test_recordings_of_one_group_are_laid_end_to_end(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        group = make_group(session, event)
        for position in range(2):
            recording = make_recording(session, group, position=position, seconds=100.0)
            make_utterances(session, recording, BUDGET[2 * position : 2 * position + 2], seconds=30.0)
        event_id = event.id
    mine(database, event_id, SETTINGS)
    with database.reading() as session:
        passages = session.scalars(select(Passage).order_by(Passage.number)).all()
        assert [(p.start, p.offset) for p in passages] == [(0, 0), (30, 0), (100, 100), (130, 100)]
        assert all(a.end <= b.start for a, b in zip(passages, passages[1:], strict=False))


def test_storing_and_finishing_a_job_are_one_transaction(database: Database) -> None:
    class Lost(Exception):
        pass

    def fence(session: Session) -> None:
        raise Lost

    event_id = event_with(database)
    first = mine(database, event_id, SETTINGS)
    with pytest.raises(Lost):
        mine(database, event_id, SETTINGS, seed=2, store=fence)
    with database.reading() as session:
        assert session.scalars(select(Analysis.id)).all() == [first.analysis_id]


def test_progress_only_rises_and_says_what_happens(database: Database) -> None:
    seen: list[tuple[float, str]] = []
    mine(database, event_with(database), SETTINGS, progress=lambda part, note: seen.append((part, note)))
    assert [part for part, _ in seen] == sorted(part for part, _ in seen)
    assert seen[0][1] == "Reading the transcripts." and all(0 <= part <= 1 and note for part, note in seen)


def test_seconds_of_every_stage_are_kept(database: Database) -> None:
    event_id = event_with(database)
    mine(database, event_id, SETTINGS)
    with database.reading() as session:
        seconds = session.scalars(select(Analysis.seconds)).one()
    assert set(seconds) == {"passages", "embed", "cluster", "trust", "describe", "total"}
    assert sum(seconds.values()) - seconds["total"] == pytest.approx(seconds["total"], abs=0.05)


def test_what_is_no_subject_is_set_aside_with_its_reason_and_counted(database: Database) -> None:
    logistics = (
        "Can you hear me? I cannot hear you, you are on mute. Now I can hear you. Can you share the screen, please? "
        "I cannot see the screen yet. Wait, my microphone does not work. Can everybody hear me now?"
    )
    rooms = {room: list(said) for room, said in ROOMS.items()}
    first = next(iter(rooms))
    rooms[first] = [logistics, *rooms[first]]
    event_id = event_with(database, rooms)
    mine(database, event_id, SETTINGS)
    with database.reading() as session:
        apart = session.scalars(select(Passage).where(Passage.aside.is_not(None))).all()
        left_out = session.scalars(select(Analysis.left_out)).one()
    assert [(p.text, p.aside, p.theme_id, p.found) for p in apart] == [(logistics, "technical trouble", None, None)]
    assert {"reason": "technical trouble", "utterances": 1, "words": len(logistics.split())} in left_out


def test_every_passage_has_a_kind_and_every_theme_shares_of_them(database: Database) -> None:
    mine(database, event_with(database), SETTINGS)
    with database.reading() as session:
        assert all(session.scalars(select(Passage.kind)))
        assert all(
            sum(shares.values()) == pytest.approx(1, abs=1e-4) for shares in session.scalars(select(Theme.kinds))
        )


def test_how_steady_the_themes_are_is_measured_and_kept(database: Database) -> None:
    mine(database, event_with(database), SETTINGS)
    with database.reading() as session:
        analysis = session.scalars(select(Analysis)).one()
        fine = session.scalars(select(Theme.stability).where(Theme.coarse.is_(False))).all()
    assert analysis.stability is not None and -1 <= analysis.stability <= 1 and analysis.trust["runs"] > 1
    assert fine and all(value is not None and 0 <= value <= 1 for value in fine)


def test_what_somebody_said_stands_for_a_theme_word_for_word(database: Database) -> None:
    mine(database, event_with(database), SETTINGS)
    with database.reading() as session:
        said = [theme.statement for theme in session.scalars(select(Theme)) if theme.statement]
        assert said
        for each in said:
            passage = session.scalars(select(Passage).where(Passage.number == each["passage"])).one()
            words = session.scalars(
                select(Utterance.text)
                .where(Utterance.recording_id == passage.recording_id)
                .where(Utterance.position == each["position"])
            ).one()
            assert passage.first <= each["position"] <= passage.last
            assert words[each["start"] : each["end"]] == each["text"]


def _embeddings(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Embedding)) or 0


def test_a_room_in_which_nobody_spoke_is_no_reason_to_transcribe_it_again(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        make_recording(session, make_group(session, event))
    result = mine(database, event.id, MiningSettings())
    assert (result.themes, result.passages) == (0, 0)
    assert any("Nothing was said that could be mined" in note for note in result.notes)


@pytest.mark.parametrize(("engine", "loaded"), [("openvino", True), ("torch", False)])
def test_what_later_stages_import_is_loaded_meanwhile_beside_openvino_only(engine: str, loaded: bool) -> None:
    code = (
        "import sys\n"
        "from mining.pipeline import LATER, _loading\n"
        "from mining.settings import MiningSettings\n"
        f"with _loading(MiningSettings(embedding_engine={engine!r})):\n"
        "    pass\n"
        "print([name in sys.modules for name in LATER])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([loaded] * len(pipeline.LATER))
