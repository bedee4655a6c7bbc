"""What concerns the viewer: a page, a private feed for feed readers, and for staff the outbox of what somebody has to
be told because they have not looked.

The feed's address holds, signed, whose it is, since when, and for which programmes: those that the browser which asked
for it was let into. Signing out everywhere ends it, and so does signing the person out of a programme, for that one.
"""

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, Response, abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from capture.access import known_by_key
from capture.events import get_event
from capture.models import Event, Person, Programme
from capture.programmes import events_of, title_of
from mining.proposals.notices import Waiting, count_unread, mark_read, notices_of, pass_on, passed_on, undo_passing
from mining.proposals.notices import outbox as waiting_in
from mining.suggestion_models import Notice, Proposal
from web.access import standing, viewer
from web.feeds import Entry, atom
from web.house import house

bp = Blueprint("notices", __name__)

PASSED = "passed_on"
NOTHING_WAITS = (
    "It does not wait any more: they read it meanwhile, it is undone, a newer notice says it, or it is not so any more."
)
"""In the cookie: [event, what was done, the person for whom it can be undone or None] that the next page tells of."""
LONGEST_MAIL = 1500
"""Characters of a prefilled message: mail programs refuse long addresses."""


@dataclass(frozen=True)
class Line:
    """A notice on the page. `page` is where what it speaks of stands."""

    notice: Notice
    programme: str
    page: str | None


@bp.app_context_processor
def offered() -> dict[str, object]:
    return {"unread_notices": unread}


def unread() -> int:
    """How many notices the viewer has not seen; looked up once a request."""
    if g.get("viewer") is None:
        return 0
    if "unread" not in g:
        with house().database.reading() as db:
            g.unread = count_unread(db, viewer().person_id, _programmes())
    return int(g.unread)


@bp.get("/notices")
def show() -> ResponseReturnValue:
    with house().database.reading() as db:
        lines = _lines(db, notices_of(db, viewer().person_id, _programmes()), url_for)
        person = db.get_one(Person, viewer().person_id)
    token = _serializer().dumps([person.key, time.time(), None if viewer().host else sorted(viewer().roles)])
    return render_template("notices/show.html", lines=lines, feed=_outside("notices.feed", token=token))


@bp.post("/notices")
def read() -> ResponseReturnValue:
    """Marks as read what the page showed."""
    with house().database.writing() as db:
        mark_read(db, viewer().person_id, _programmes(), request.form.getlist("id", type=int))
    return redirect(url_for("notices.show"), 303)


@bp.get("/events/<slug>/outbox")
def outbox(slug: str) -> ResponseReturnValue:
    """Who has to be told of what."""
    with house().database.reading() as db:
        event = get_event(db, slug)
        programme_id = standing().programme_id
        people = waiting_in(db, programme_id) if programme_id else []
        done = passed_on(db, programme_id) if programme_id else []
        programme = db.get(Programme, programme_id) if programme_id else None
        title = title_of(db, programme) if programme else event.title
    told = session.pop(PASSED, None)
    told = told if told and told[0] == slug else None
    return render_template(
        "notices/outbox.html",
        event=event,
        programme=title,
        people=[(each, _mail(each, title)) for each in people],
        done=done,
        told=told and told[1],
        undo=next((each for each in done if told and each.person_id == told[2]), None),
    )


@bp.post("/events/<slug>/outbox")
def passed(slug: str) -> ResponseReturnValue:
    """Marks what the page showed of one person as passed on."""
    person, ids = request.form.get("person", type=int), request.form.getlist("id", type=int)
    if person is None or standing().programme_id is None:
        abort(400)
    with house().database.writing() as db:
        count = pass_on(db, standing().programme_id or 0, person, ids)
    said = "Noted as passed on." if count else "Somebody had passed that on already."
    session[PASSED] = [slug, said, person if count else None]
    return redirect(url_for("notices.outbox", slug=slug), 303)


@bp.post("/events/<slug>/outbox/undo")
def undo(slug: str) -> ResponseReturnValue:
    """What was noted as passed on to one person was not, after all."""
    person, ids = request.form.get("person", type=int), request.form.getlist("id", type=int)
    if person is None or standing().programme_id is None:
        abort(400)
    with house().database.writing() as db:
        count = undo_passing(db, standing().programme_id or 0, person, ids)
    said = "Undone: it waits again." if count else NOTHING_WAITS
    session[PASSED] = [slug, said, None]
    return redirect(url_for("notices.outbox", slug=slug), 303)


@bp.get("/feeds/<token>.atom")
def feed(token: str) -> Response:
    """Without a cookie: whoever has the address reads it, as with any private feed."""
    found = _reader(token)
    if found is None:
        abort(404, "This feed does not exist, or it was ended by signing out everywhere.")
    person, programmes = found
    with house().database.reading() as db:
        lines = _lines(db, notices_of(db, person.id, programmes), _outside)
    key = hashlib.sha256(f"feed {person.key}".encode()).hexdigest()
    entries = [Entry(str(line.notice.id), line.notice.text, line.notice.at, line.page) for line in lines]
    data = atom(
        key,
        "Harvest: your notices",
        _outside("notices.feed", token=token),
        _outside("notices.show"),
        person.created_at,
        entries,
    )
    return Response(data, content_type="application/atom+xml; charset=utf-8")


def _reader(token: str) -> tuple[Person, frozenset[int] | None] | None:
    """Whose feed it is, and of which programmes now; None: of all, as for the host."""
    try:
        key, issued, programmes = _serializer().loads(token)
    except (BadData, ValueError, TypeError):
        return None
    with house().database.reading() as db:
        known = known_by_key(db, key)
    if known is None or (known.person.signed_out_at and known.person.signed_out_at.timestamp() >= issued):
        return None
    if programmes is None:
        return (known.person, None) if known.person.host else None
    counting = known.since(dict.fromkeys(programmes, issued))
    return known.person, frozenset(access.programme_id for access in counting)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(house().sign_in.secret_key, salt="harvest-feed")


def _programmes() -> frozenset[int] | None:
    return None if viewer().host else frozenset(viewer().roles)


def _outside(endpoint: str, **values: object) -> str:
    """An address for a mail or a feed reader, which are elsewhere."""
    address = house().settings.public_address or request.url_root.rstrip("/")
    return f"{address}{url_for(endpoint, **values)}"  # type: ignore[arg-type]


def _lines(db: Session, notices: Iterable[Notice], address: Callable[..., str]) -> list[Line]:
    """With the programme's title, and a page in one of its events."""
    titles: dict[int, tuple[str, list[Event]]] = {}
    lines = []
    for notice in notices:
        if notice.programme_id not in titles:
            programme = db.get_one(Programme, notice.programme_id)
            titles[notice.programme_id] = (title_of(db, programme), events_of(db, programme))
        title, events = titles[notice.programme_id]
        proposal = db.get(Proposal, notice.proposal_id) if notice.proposal_id else None
        own = next((each for each in events if proposal and each.id == proposal.event_id), next(iter(events), None))
        page = address("proposals.show", slug=own.slug, proposal_id=proposal.id) if own and proposal else None
        lines.append(Line(notice, title, page))
    return lines


def _mail(waiting: Waiting, programme: str) -> str | None:
    """A mailto: address with the message in it; None without an e-mail address."""
    if not waiting.email:
        return None
    said = "\n".join(f"- {notice.text}" for notice in waiting.notices)
    if len(said) > LONGEST_MAIL:
        said = f"{said[:LONGEST_MAIL].rstrip()} …"
    body = f"Hello {waiting.name},\n\n{said}\n\nRead it here, once you are signed in: {_outside('notices.show')}\n"
    return f"mailto:{quote(waiting.email, safe='@')}?subject={quote(f'News on {programme}')}&body={quote(body)}"
