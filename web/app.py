"""Puts the viewer together: one blueprint per page family, sign-in and headers before all of them, errors in words."""

import hashlib
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from flask import Flask, Request, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter, Map

from capture.carrier import Carrier
from capture.database import Database
from capture.errors import HarvestError, NotFound, StorageFull
from capture.media import MediaFolder
from web import (
    access,
    account,
    audio,
    auth,
    birds_eye,
    catalogue,
    charts,
    clips,
    comparison,
    consent,
    coverage,
    curation,
    diagnosis,
    drafts,
    events,
    groups,
    kpi,
    lineage,
    navigation,
    next_steps,
    notices,
    peer_groups,
    people,
    proposals,
    proposing,
    reports,
    roster,
    security,
    themes,
    uploads,
)
from web.auth import SignIn
from web.formats import FILTERS
from web.house import KEY, House, house, wants_json
from web.settings import WebSettings

FAMILIES = (
    auth,
    account,
    people,
    navigation,
    events,
    uploads,
    consent,
    birds_eye,
    themes,
    curation,
    drafts,
    lineage,
    groups,
    audio,
    clips,
    next_steps,
    catalogue,
    coverage,
    roster,
    peer_groups,
    proposals,
    proposing,
    notices,
    reports,
    kpi,
    diagnosis,
    comparison,
)
"""The page families, each a blueprint `bp`."""
SMALL_FORM = 1 << 20
"""Bytes a request may have anywhere but at the upload."""
STATIC_DAYS = 365
SAID = {
    400: ("That was not understood", "The address or the form holds something this page cannot use."),
    403: ("Not allowed", "This request came from somewhere else, so nothing was done."),
    404: ("Nothing is here", "The page does not exist, or what it showed was removed."),
    405: ("Not this way", "This address does not do that. Go back and use the page's own buttons."),
    429: (
        "Too many links that do not hold",
        "From this address too many links were tried that are not known here. Wait a minute, then open the link again.",
    ),
    413: ("Too large", "This upload is larger than the viewer takes at once."),
    500: (
        "Something went wrong here",
        "Nothing that was stored is lost. “harvest serve” printed what happened.",
    ),
}


BIGGEST_ID = 2**63 - 1
"""The largest number a column of the database holds."""


class Fields(ImmutableMultiDict[str, Any]):
    """What an address or a form holds. A whole number that is asked for by `type=int` and that no column could hold
    counts as none, like a word that is no number."""

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]
        return super().get(key, default, _whole if type is int else type)

    def getlist(self, key: str, type: Any = None) -> list[Any]:
        return super().getlist(key, _whole if type is int else type)


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) > BIGGEST_ID:
        raise ValueError(f"{text[:20]}… is larger than any number here")
    return number


class Id(IntegerConverter):
    """`<int:...>` in an address: what no row can have as its number leads nowhere (404)."""

    regex = "[0-9]{1,19}"

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": BIGGEST_ID, **options})


class BigRequest(Request):
    """Uploads are written to the disk that the recordings go to: never into memory, nor into a small /tmp."""

    parameter_storage_class = Fields

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
    app.session_interface = security.Cookies(settings)
    security.guard(app, settings)
    auth.require_sign_in(app)
    access.check_roles(app)
    app.url_map.converters["int"] = Id
    for family in FAMILIES:
        app.register_blueprint(family.bp)
    security.limit_sign_in(app, auth.link_holds)
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
