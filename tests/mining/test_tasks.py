"""Mining as a job: through the real ledger, on the event with planted subjects."""

import pytest
from sqlalchemy import select

from capture.database import Database
from capture.jobs import JobRun, Ledger, enqueue, request_cancel
from capture.models import Job, JobState, Recording, RecordingState, Utterance
from mining.models import Analysis
from mining.settings import MiningSettings
from mining.suggestion_models import NextStep
from mining.tasks import mine_handler, outcome
from tests.factories import make_event, make_group, make_recording
from tests.mining.conftest import Mined

HANDLE = mine_handler(MiningSettings())


def queue(database: Database, event_id: int, **options: object) -> int:
    with database.writing() as session:
        return enqueue(session, "mine", event_id, event_id, options).id


def job_of(database: Database, job_id: int) -> Job:
    with database.reading() as session:
        return session.get_one(Job, job_id)


def seeds(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(Analysis.seed)))


def test_the_job_mines_its_event_and_closes_with_what_came_out(spare: Database, mined: Mined) -> None:
    job_id = queue(spare, mined.event_id, seed=5)
    assert Ledger(spare, {"mine": HANDLE}, 60).run(job_id) == JobState.DONE
    with spare.reading() as session:
        analysis = session.scalars(select(Analysis)).one()
        themes = len(analysis.themes)
    assert (analysis.seed, analysis.clusterer) == (5, "graph")
    job = job_of(spare, job_id)
    assert (job.note, job.progress, job.error) == (f"{themes} themes in 15 passages.", 1.0, None)


def test_without_a_change_the_job_says_so(spare: Database, mined: Mined) -> None:
    job_id = queue(spare, mined.event_id)
    assert Ledger(spare, {"mine": HANDLE}, 60).run(job_id) == JobState.DONE
    assert job_of(spare, job_id).note.endswith("in 15 passages. Nothing has changed since it was last mined.")


def test_next_steps_are_found_along_with_the_themes_and_each_once(spare: Database, mined: Mined) -> None:
    with spare.writing() as session:
        recording = session.scalars(select(Recording).where(Recording.event_id == mined.event_id)).first()
        assert recording is not None
        last = session.scalars(select(Utterance).where(Utterance.recording_id == recording.id)).all()[-1]
        last.text = "I will ask the director about the calendar by Friday."
    kept = []
    for _ in range(2):
        assert Ledger(spare, {"mine": HANDLE}, 60).run(queue(spare, mined.event_id)) == JobState.DONE
        with spare.reading() as session:
            kept.append(list(session.scalars(select(NextStep.id).where(NextStep.group_id == recording.group_id))))
    assert len(kept[0]) >= 1 and kept[0] == kept[1]


def test_options_left_empty_are_those_of_the_settings(spare: Database, mined: Mined) -> None:
    handle = mine_handler(MiningSettings(seed=9))
    job_id = queue(spare, mined.event_id, seed=None, clusterer=None, embedder=None)
    assert Ledger(spare, {"mine": handle}, 60).run(job_id) == JobState.DONE
    assert seeds(spare) == [9]


@pytest.mark.parametrize("options", [{"clusterer": "parrot"}, {"embedder": "/no/such/model"}])
def test_a_wrong_option_fails_the_job_and_keeps_what_was_found_before(
    spare: Database, mined: Mined, options: dict[str, str]
) -> None:
    job_id = queue(spare, mined.event_id, **options)
    assert Ledger(spare, {"mine": HANDLE}, 60).run(job_id) == JobState.FAILED
    assert next(iter(options.values())) in (job_of(spare, job_id).error or "")
    assert seeds(spare) == [1]


def test_an_event_without_a_transcript_fails_in_a_sentence_and_is_not_tried_again(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        make_recording(session, make_group(session, event), state=RecordingState.WAITING)
    job_id = queue(database, event.id)
    assert Ledger(database, {"mine": HANDLE}, 60).run(job_id) == JobState.FAILED
    job = job_of(database, job_id)
    assert (job.attempts, job.error) == (
        1,
        "Nothing of “Spring” is transcribed yet. Run: harvest transcribe spring",
    )


def test_a_lease_lost_at_the_very_end_stores_nothing(spare: Database, mined: Mined) -> None:
    """After the last progress was reported only the fence inside the writing transaction can tell."""
    job_id = queue(spare, mined.event_id, seed=2)
    reported: list[float] = []

    def handle(run: JobRun) -> str:
        report = run.progress

        def progress(fraction: float, note: str) -> None:
            report(fraction, note)
            reported.append(fraction)
            if note == "Storing.":
                with spare.writing() as session:
                    session.get_one(Job, job_id).token = "somebody else"

        run.progress = progress  # type: ignore[method-assign]
        return HANDLE(run)

    assert Ledger(spare, {"mine": handle}, 60).run(job_id) is None
    assert max(reported) == 0.98, "the lease was lost before the last step"
    assert seeds(spare) == [1]
    assert job_of(spare, job_id).state == JobState.RUNNING


def test_a_job_that_is_stopped_stores_nothing(spare: Database, mined: Mined) -> None:
    job_id = queue(spare, mined.event_id, seed=2)

    def handle(run: JobRun) -> str:
        with spare.writing() as session:
            request_cancel(session, job_id)
        return HANDLE(run)

    assert Ledger(spare, {"mine": handle}, 60).run(job_id) == JobState.CANCELLED
    assert seeds(spare) == [1]


def test_the_closing_sentence_counts_in_english() -> None:
    assert outcome(0, 3, False) == "No themes in 3 passages."
    assert outcome(1, 1, False) == "1 theme in 1 passage."
    assert outcome(12, 1234, False) == "12 themes in 1,234 passages."
    assert outcome(4, 15, True) == "4 themes in 15 passages. Nothing has changed since it was last mined."
