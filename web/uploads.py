"""The event desk: files come in here, and every room's way to a transcript can be watched, stopped and tried again.

Works as plain forms; upload.js and desk.js add a bar per file and rows that renew themselves, with the same URLs.
"""

import errno
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from capture.desk import Desk, desk
from capture.errors import HarvestError, Refused, StorageFull
from capture.events import get_event
from capture.jobs import latest_job, request_cancel
from capture.models import Event, Group, Job, JobState, Recording, RecordingKind
from capture.recordings import accept, get_recording, is_last, remove, seated
from mining.analyses import forget_analyses, latest_analysis
from mining.next_steps.next_steps import kept_in
from web.house import house, wants_json

bp = Blueprint("uploads", __name__, url_prefix="/events/<slug>")
UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True)
class Arrived:
    """What became of one uploaded file."""

    name: str
    stored: bool
    message: str


@dataclass(frozen=True)
class Search:
    """The search for themes, as the desk shows it: `busy` while a job waits or runs."""

    busy: bool = False
    progress: float = 0.0
    note: str = ""
    error: str | None = None
    found: bool = False


@dataclass(frozen=True)
class Left:
    """What a room has besides a recording: whether that is its `last`, how many people on the roster sat in it, and how
    many next steps are people's own work. With either it stays when its last recording goes."""

    last: bool
    seats: int
    steps: int

    @property
    def stays(self) -> bool:
        return bool(self.seats or self.steps)


@bp.get("/rooms")
def rooms(slug: str) -> ResponseReturnValue:
    with house().database.reading() as session:
        event = get_event(session, slug)
        return render_template("uploads/rooms.html", event=event, **_state(session, event))


@bp.get("/rooms.json")
def rooms_json(slug: str) -> ResponseReturnValue:
    """The moving parts of the desk for desk.js: {"busy", "summary", "search", "rows": [[id, html], ...]}."""
    with house().database.reading() as session:
        event = get_event(session, slug)
        state = _state(session, event)
    shown: Desk = state["desk"]
    return jsonify(
        busy=state["busy"],
        summary=render_template("uploads/_summary.html", event=event, **state),
        search=render_template("uploads/_search.html", event=event, **state),
        rows=[
            [row.recording_id, render_template("uploads/_row.html", event=event, row=row, **state)]
            for row in shown.rows
        ],
    )


@bp.post("/rooms")
def upload(slug: str) -> ResponseReturnValue:
    """Takes any number of files. One that is no good does not stop the others: each gets its own answer."""
    request.max_content_length = house().settings.max_upload_mb << 20
    with house().database.reading() as session:
        event = get_event(session, slug)
    files = [file for file in _files() if file.filename]
    group, consent = request.form.get("group", "").strip(), request.form.get("consent", "").strip()
    arrived = [_take(event.id, file, group or None, consent or None) for file in files]
    if wants_json():
        return jsonify(files=[vars(each) for each in arrived])
    refused = any(not each.stored for each in arrived)
    return render_template("uploads/arrived.html", event=event, arrived=arrived), 422 if refused else 200


@bp.post("/mine")
def mine(slug: str) -> ResponseReturnValue:
    with house().database.reading() as session:
        event = get_event(session, slug)
        if not desk(session, event).summary.ready:
            raise Refused("No room is transcribed yet, so there is nothing to find themes in.")
    house().start("mine", event.id, event.id)
    return _back(slug)


@bp.post("/recordings/<int:recording_id>/retry")
def retry(slug: str, recording_id: int) -> ResponseReturnValue:
    with house().database.reading() as session:
        event = get_event(session, slug)
        if get_recording(session, event, recording_id).kind != RecordingKind.AUDIO:
            raise Refused("This is a transcript already; there is nothing to transcribe.")
        job = latest_job(session, "transcribe", recording_id)
    if job and job.state in (JobState.FAILED, JobState.CANCELLED):
        house().retry(job)
    else:
        house().start("transcribe", event.id, recording_id)
    return _back(slug)


@bp.post("/recordings/<int:recording_id>/stop")
def stop(slug: str, recording_id: int) -> ResponseReturnValue:
    with house().database.writing() as session:
        get_recording(session, get_event(session, slug), recording_id)
        job = latest_job(session, "transcribe", recording_id)
        if job:
            request_cancel(session, job.id)
    return _back(slug)


@bp.get("/recordings/<int:recording_id>/remove")
def confirm_remove(slug: str, recording_id: int) -> ResponseReturnValue:
    with house().database.reading() as session:
        event = get_event(session, slug)
        recording = get_recording(session, event, recording_id)
        room = recording.group
        left = Left(is_last(session, recording), seated(session, room.id), kept_in(session, room.id))
    return render_template("uploads/remove.html", event=event, recording=recording, group=room.name, left=left)


@bp.post("/recordings/<int:recording_id>/remove")
def remove_recording(slug: str, recording_id: int) -> ResponseReturnValue:
    with house().database.writing() as session:
        event = get_event(session, slug)
        recording = get_recording(session, event, recording_id)
        had_themes = forget_analyses(session, event.id)
        stored = remove(session, recording, keep_group=kept_in(session, recording.group_id) > 0)
        talk_is_left = desk(session, event).summary.ready > 0
    house().media.delete(stored)
    if had_themes and talk_is_left:
        house().start("mine", event.id, event.id)
    return _back(slug)


def _files() -> list[FileStorage]:
    try:
        return request.files.getlist("files")
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise StorageFull(
            "The disk is full, so this upload was not stored. Nothing that was here before is lost: make room and "
            "send the files again."
        ) from None


def _take(event_id: int, file: FileStorage, group: str | None, consent: str | None) -> Arrived:
    name = file.filename or "unnamed file"
    try:
        accepted = accept(house().database, house().media, event_id, file.stream, name, group=group, consent=consent)
    except HarvestError as error:
        return Arrived(name, False, str(error))
    if accepted.kind == RecordingKind.AUDIO and not accepted.duplicate:
        house().start("transcribe", event_id, accepted.recording_id)
    return Arrived(name, True, accepted.message)


def _state(session: Session, event: Event) -> dict[str, Any]:
    shown = desk(session, event)
    search = _search(latest_job(session, "mine", event.id), latest_analysis(session, event.id) is not None)
    busy = search.busy or any(row.job_id is not None for row in shown.rows)
    return {
        "desk": shown,
        "search": search,
        "busy": busy,
        "empty": _without_recordings(session, event),
    }


def _without_recordings(session: Session, event: Event) -> list[tuple[int, str]]:
    """(id, name) of the rooms that are kept for what people wrote about them, in order."""
    rooms = select(Group.id, Group.name).outerjoin(Recording, Recording.group_id == Group.id)
    empty = rooms.where(Group.event_id == event.id, Recording.id.is_(None)).order_by(Group.position)
    return [(key, name) for key, name in session.execute(empty)]


def _search(job: Job | None, found: bool) -> Search:
    if job is None:
        return Search(found=found)
    return Search(job.state in UNFINISHED, job.progress, job.note, job.error, found)


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("uploads.rooms", slug=slug), 303)
