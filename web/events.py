"""The list of events: what there is, how far each one is, and a form for the next."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from capture.errors import Refused
from capture.events import create_event, delete_event, get_event, slug_of
from mining.overview import EventLine, overview
from web.formats import count
from web.house import house

bp = Blueprint("events", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    return _page(), 200


@bp.post("/events")
def create() -> ResponseReturnValue:
    form = request.form
    title = form.get("title", "").strip()
    try:
        with house().database.writing() as session:
            event = create_event(
                session,
                form.get("slug", "").strip() or slug_of(title),
                title,
                held_on=_date(form.get("held_on", "")),
                programme=form.get("programme", "").strip() or None,
                language=form.get("language", "").strip() or "en",
                vocabulary=form.get("vocabulary", ""),
            )
    except Refused as refused:
        return _page(str(refused)), 400
    return redirect(url_for("uploads.rooms", slug=event.slug), 303)


@bp.get("/events/<slug>/delete")
def confirm_delete(slug: str) -> ResponseReturnValue:
    with house().database.reading() as session:
        event = get_event(session, slug)
        line = next(line for line in overview(session) if line.slug == slug)
    return render_template("events/delete.html", event=event, line=line)


@bp.post("/events/<slug>/delete")
def delete(slug: str) -> ResponseReturnValue:
    with house().database.writing() as session:
        names = delete_event(session, get_event(session, slug))
    for name in names:
        house().media.delete(name)
    return redirect(url_for("events.index"), 303)


def state_in_words(line: EventLine) -> str:
    """How far an event is, for somebody who wants to know whether there is something to read."""
    if not line.recordings:
        return "no recordings yet"
    if line.busy:
        return f"at work: {line.ready} of {count(line.recordings, 'recording')} transcribed"
    if line.themes:
        return count(line.themes, "theme") + " found"
    if line.ready < line.recordings:
        return f"{line.ready} of {count(line.recordings, 'recording')} transcribed"
    if line.themes == 0:
        return "too little talk for themes"
    return "transcribed; no themes yet"


def _page(problem: str | None = None) -> str:
    with house().database.reading() as session:
        lines = overview(session)
    return render_template(
        "events/index.html",
        lines=[(line, state_in_words(line)) for line in lines],
        problem=problem,
        form=request.form,
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f"“{text}” is not a date; write it like 2026-03-19.") from None
