"""The roster's page, for organisers: bring the list of who took part, see who is on it, take somebody off.

The file is read and stored by `capture.roster`; a new name is masked in all talk, and then the page says that themes
have to be looked for again.
"""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from capture.errors import HarvestError, Refused
from capture.events import get_event
from capture.roster import Imported, get_entry, import_roster, roster_of
from capture.roster_files import read_roster
from mining.peers.changes import take_off
from web.house import house

bp = Blueprint("roster", __name__, url_prefix="/events/<slug>/roster")

BIGGEST = 33 << 20
"""Bytes of a request with a roster: what a table may have, and the form around it."""
REMOVED = "removed from roster"
"""In the cookie: [event, name] that the next page tells of."""


@bp.get("")
def show(slug: str) -> ResponseReturnValue:
    return _page(slug)


@bp.post("")
def upload(slug: str) -> ResponseReturnValue:
    request.max_content_length = BIGGEST
    file = request.files.get("roster")
    try:
        if file is None or not file.filename:
            raise Refused("Choose a CSV file first.")
        with file.stream:
            roster = read_roster(file.stream.read(), file.filename)
        with house().database.writing() as db:
            done = import_roster(db, get_event(db, slug), roster)
    except HarvestError as problem:
        return _page(slug, problem=problem)
    return _page(slug, done=done)


@bp.get("/<int:entry_id>/remove")
def confirm_remove(slug: str, entry_id: int) -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        entry = get_entry(db, event.id, entry_id)
        name = entry.participant.name
    return render_template("roster/remove.html", event=event, entry=entry, name=name)


@bp.post("/<int:entry_id>/remove")
def remove(slug: str, entry_id: int) -> ResponseReturnValue:
    with house().database.writing() as db:
        name = take_off(db, get_event(db, slug), entry_id)
    session[REMOVED] = [slug, name]
    return redirect(url_for("roster.show", slug=slug), 303)


def _page(slug: str, problem: HarvestError | None = None, done: Imported | None = None) -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        people = roster_of(db, event.id)
    told = session.pop(REMOVED, None)
    page = render_template(
        "roster/show.html",
        event=event,
        people=people,
        problem=problem and str(problem),
        done=done,
        removed=told[1] if told and told[0] == slug else None,
    )
    return page, 422 if problem else 200
