"""A recording's sound, in ranges so that players can seek, and its transcript as a file."""

from flask import Blueprint, Response, send_file
from flask.typing import ResponseReturnValue

from capture.errors import NotFound
from capture.events import get_event, slug_of
from capture.models import RecordingKind
from capture.recordings import get_recording
from capture.transcript_files import write_vtt
from web.house import house

bp = Blueprint("audio", __name__, url_prefix="/events/<slug>/recordings/<int:recording_id>")

MIME_TYPES = {
    "aac": "audio/aac",
    "aiff": "audio/aiff",
    "amr": "audio/amr",
    "avi": "video/x-msvideo",
    "caf": "audio/x-caf",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "matroska": "video/x-matroska",
    "mkv": "video/x-matroska",
    "mov": "video/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "mpeg": "video/mpeg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "webm": "video/webm",
    "wma": "audio/x-ms-wma",
}
"""By the suffix we gave the stored file, which follows its content."""
PRIVATE = "private, no-store"


@bp.get("/audio")
def listen(slug: str, recording_id: int) -> ResponseReturnValue:
    with house().database.reading() as session:
        recording = get_recording(session, get_event(session, slug), recording_id)
    if recording.kind != RecordingKind.AUDIO:
        raise NotFound(f"{recording.original_name} is a transcript; there is no sound to it.")
    path = house().media.path(recording.stored_name)
    if not path.is_file():
        raise NotFound(f"The sound of {recording.original_name} is no longer on this machine; its transcript is.")
    mime = MIME_TYPES.get(path.suffix.lstrip("."), "application/octet-stream")
    response = send_file(path, mimetype=mime, conditional=True, etag=recording.sha256)
    response.headers["Cache-Control"] = PRIVATE
    return response


@bp.get("/transcript.vtt")
def transcript(slug: str, recording_id: int) -> ResponseReturnValue:
    with house().database.reading() as session:
        recording = get_recording(session, get_event(session, slug), recording_id)
        text = write_vtt(recording.utterances)
        name = f"{slug_of(recording.group.name)}-{recording_id}.vtt"
    response = Response(text, mimetype="text/vtt")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
