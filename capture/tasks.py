"""The job of this package: one recording becomes utterances, stretch by stretch, and goes on where it was cut off."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from statistics import fmean
from typing import Any

from sqlalchemy import update

from capture.audio import DecodeReport, stretches
from capture.errors import Refused
from capture.jobs import Handler, JobRun
from capture.media import MediaFolder
from capture.models import Event, JobStep, Recording, RecordingState
from capture.settings import CaptureSettings
from capture.speech import Spoken, Word, clock
from capture.transcriber import Choice, Transcribed, choose, mark_loops
from capture.transcripts import mask_spoken, store_utterances


def transcribe_handler(settings: CaptureSettings) -> Handler:
    """The handler of the route `transcribe`; a job's `options` may name another transcriber or number of processes."""

    def handle(run: JobRun) -> str:
        return transcribe(run, settings)

    return handle


def transcribe(run: JobRun, settings: CaptureSettings) -> str:
    """Stores each finished stretch as a step, already masked, and all of them as utterances at the end.

    Raises what the transcriber and the decoder raise; finished steps stay for the next try.
    """
    with run.database.reading() as session:
        recording = session.get(Recording, run.subject_id)
        if recording is None:
            raise Refused("The recording was removed before its turn came.")
        if recording.state == RecordingState.READY:
            return "It is transcribed already."
        event = session.get_one(Event, recording.event_id)
    path = MediaFolder(settings.media_dir).path(recording.stored_name)
    done = list(run.steps.values())
    # A recording is never transcribed half by one engine and half by another.
    wanted = done[0]["asked"] if done else run.options.get("transcriber")
    jobs = run.options.get("jobs")
    choice = choose(settings, wanted, language=event.language, vocabulary=event.vocabulary, jobs=jobs)
    report = DecodeReport(**done[-1]["report"]) if done else DecodeReport()
    try:
        _listen(run, recording, choice, path, report)
    finally:
        choice.transcriber.close()
    return _store(run, choice.transcriber.name, report)


def _listen(run: JobRun, recording: Recording, choice: Choice, path: Path, report: DecodeReport) -> None:
    """Transcribes what no step holds yet."""
    start = max((step["end"] for step in run.steps.values()), default=0.0)
    length = recording.seconds or 0.0
    run.progress(start / length if length else 0.0, f"Listening with {choice.transcriber.name}.")
    for heard in choice.transcriber.transcribe(stretches(path, start, report)):
        with run.database.reading() as session:
            masked = mask_spoken(session, run.event_id, heard.utterances)
        fraction = heard.end / length if length else 0.0
        note = f"{clock(heard.end)} of {clock(length)} heard" if length else f"{clock(heard.end)} heard"
        run.store_step(f"{heard.start:.3f}", _step(heard, masked, choice.asked, report), fraction, note)


def _step(heard: Transcribed, masked: Sequence[Spoken], asked: str, report: DecodeReport) -> dict[str, Any]:
    spoken = [asdict(utterance) for utterance in masked]
    return {"end": heard.end, "asked": asked, "report": report.as_of(heard.end), "utterances": spoken}


def _store(run: JobRun, engine: str, report: DecodeReport) -> str:
    """All steps become the recording's utterances, in the same transaction that checks this run's lease."""
    spoken = mark_loops([_spoken(u) for step in run.steps.values() for u in step["utterances"]])
    sure = [u.confidence for u in spoken if u.confidence is not None and not u.doubt]
    with run.database.writing() as session:
        run.fence(session)
        recording = session.get_one(Recording, run.subject_id)
        store_utterances(session, recording, spoken)
        recording.engine = engine
        recording.seconds = report.decoded or recording.seconds
        recording.silence = report.silence
        recording.confidence = fmean(sure) if sure else None
        recording.warnings = report.warnings()
        recording.state = RecordingState.READY
        # The words now live in one place only, so that one deletion removes them.
        session.execute(update(JobStep).where(JobStep.job_id == run.id).values(result={}))
    words = sum(len(u.text.split()) for u in spoken)
    return f"{words:,} words heard in {clock(report.decoded)} with {engine}."


def _spoken(stored: dict[str, Any]) -> Spoken:
    spoken = Spoken(**{**stored, "words": ()})
    return replace(spoken, words=tuple(Word(**word) for word in stored["words"]))
