"""Puts the viewer together: one blueprint per page family, sign-in and headers before all of them, errors in words."""

import hashlib
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from flask import Flask, Request, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from capture.carrier import Carrier
from capture.database import Database
from capture.errors import HarvestError, NotFound, StorageFull
from capture.media import MediaFolder
from web import audio, auth, birds_eye, charts, curation, events, groups, lineage, security, themes, uploads
from web.auth import SignIn
from web.formats import FILTERS
from web.house import KEY, House, house, wants_json
from web.settings import WebSettings

SMALL_FORM = 1 << 20
"""Bytes a request may have anywhere but at the upload."""
STATIC_DAYS = 365
SAID = {
    400: ("That was not understood", "The address or the form holds something this page cannot use."),
    403: ("Not from here", "This request came from somewhere else, so nothing was done."),
    404: ("Nothing is here", "The page does not exist, or what it showed was removed."),
    405: ("Not this way", "This address does not do that. Go back and use the page's own buttons."),
    413: ("Too large", "This upload is larger than the viewer takes at once."),
    500: (
        "Something went wrong here",
        "Nothing that was stored is lost. “harvest serve” printed what happened.",
    ),
}


class BigRequest(Request):
    """Uploads are written to the disk that the recordings go to: never into memory, nor into a small /tmp."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return TemporaryFile("rb+", dir=house().media.incoming)


def create_app(settings: WebSettings, database: Database, carrier: Carrier, sign_in: SignIn) -> Flask:
    """The viewer as a WSGI application. The database has its tables already."""
    app = Flask(__name__)
    app.request_class = BigRequest
    app.secret_key = sign_in.secret_key
    app.config.update(
        MAX_CONTENT_LENGTH=SMALL_FORM,
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.session_days),
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=STATIC_DAYS),
        SESSION_COOKIE_NAME="harvest",
        SESSION_REFRESH_EACH_REQUEST=False,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(asset=asset, dot_radius=charts.dot_radius)
    app.extensions[KEY] = House(settings, database, MediaFolder(settings.capture.media_dir), carrier, sign_in)
    security.guard(app, settings)
    auth.require_sign_in(app, settings.session_days)
    for family in (auth, events, uploads, birds_eye, themes, curation, lineage, groups, audio):
        app.register_blueprint(family.bp)
    app.register_error_handler(HarvestError, _said)
    app.register_error_handler(HTTPException, _http)
    return app


def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so that browsers may keep it for a year."""
    return url_for("static", filename=name, v=_hash(Path(current_app.static_folder or "") / name))


@lru_cache(maxsize=64)
def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def error_page(status: int, heading: str, message: str) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error=message), status
    return render_template("error.html", heading=heading, message=message), status


def _said(error: HarvestError) -> ResponseReturnValue:
    if isinstance(error, NotFound):
        return error_page(404, SAID[404][0], str(error))
    if isinstance(error, StorageFull):
        return error_page(507, "The disk is full", str(error))
    return error_page(400, "That cannot be done", str(error))


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error
    heading, message = SAID.get(code, SAID[400] if code < 500 else SAID[500])
    if isinstance(error, RequestEntityTooLarge):
        message = f"One upload may have {house().settings.max_upload_mb:,} MB at most. Send fewer files at once."
    elif code in (400, 403) and error.description != type(error).description:
        message = error.description or message
    return error_page(code, heading, message)
