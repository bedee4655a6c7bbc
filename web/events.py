"""The list of events: what there is for whoever looks, how far each one is, and a form for the next.

Who organises some programmes makes events in these, or one that stands alone and that they organise then; any other
programme is the host's to choose, or its organiser would find themselves shut out of what they made.
"""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.access import grant
from capture.errors import Refused
from capture.events import create_event, delete_event, get_event, slug_of
from capture.models import Event, Person, Programme, Role
from capture.programmes import ensure_programme, programme_by_event
from mining.overview import EventLine, overview
from web.access import STAFF, viewer
from web.auth import let_in
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
            programme = _programme(session, form.get("programme", "").strip() or None)
            event = create_event(
                session,
                _slug(session, title, form.get("slug", "").strip()),
                title,
                held_on=_date(form.get("held_on", "")),
                programme=programme,
                language=form.get("language", "").strip() or "en",
                vocabulary=form.get("vocabulary", ""),
            )
            if not viewer().host and programme is None:
                _let_in(session, event)
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


@dataclass(frozen=True)
class Line:
    """An event in the list, for somebody with that role there."""

    event: EventLine
    role: Role

    @property
    def staff(self) -> bool:
        return self.role in STAFF

    @property
    def organiser(self) -> bool:
        return self.role is Role.ORGANISER

    @property
    def state(self) -> str:
        """Counts only for those who see everything: how many themes there are would tell how many are not shown."""
        if self.staff:
            return state_in_words(self.event)
        return "ready to read" if self.event.themes else "nothing to read yet"


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
        lines = [Line(line, role) for line, role in _visible(session)]
        organised = [] if viewer().host else _organised(session)
    return render_template(
        "events/index.html",
        lines=lines,
        staff=any(line.staff for line in lines),
        organised=organised,
        problem=problem,
        form=request.form,
    )


def _visible(session: Session) -> list[tuple[EventLine, Role]]:
    """The events of the viewer's programmes, each with what they are there."""
    if viewer().host:
        return [(line, Role.ORGANISER) for line in overview(session)]
    mine = programme_by_event(session, viewer().roles) if viewer().roles else {}
    lines = overview(session) if mine else []
    return [(line, viewer().roles[mine[line.slug]]) for line in lines if line.slug in mine]


def _organised(session: Session) -> list[str]:
    """Names of the programmes that the viewer may make events in."""
    ids = [programme for programme, role in viewer().roles.items() if role is Role.ORGANISER]
    named = select(Programme.name).where(Programme.id.in_(ids), Programme.name.is_not(None))
    return [name for name in session.scalars(named.order_by(Programme.name)) if name]


def _programme(session: Session, wanted: str | None) -> str | None:
    """Raises Refused for a programme that is not the viewer's to choose, whether it exists or not."""
    if wanted and not viewer().host and wanted not in _organised(session):
        raise Refused("Choose one of the programmes that you organise, or none.")
    return wanted


def _slug(session: Session, title: str, asked: str) -> str:
    """The short name that was asked for, or that the title gives. Where an event has it that the viewer does not see,
    with a number: that it is taken would tell them of it."""
    slug = asked or slug_of(title)
    if viewer().host or slug in {line.slug for line, _ in _visible(session)}:
        return slug
    taken = set(session.scalars(select(Event.slug).where(Event.slug.startswith(slug[:70], autoescape=True))))
    names = [slug, *(f"{slug[:70]}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _let_in(session: Session, event: Event) -> None:
    """Makes the viewer, in this browser, organiser of the event that stands alone."""
    programme = ensure_programme(session, event)
    me = viewer()
    grant(session, programme, session.get_one(Person, me.person_id), Role.ORGANISER, me.name, me.name)
    let_in(programme.id)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f"“{text}” is not a date; write it like 2026-03-19.") from None
