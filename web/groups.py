"""A group's page: its whole conversation with a player that follows, and the themes marked where they come up.

A group that has no recording any more can be removed from the event desk, which asks first.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from capture.events import get_event
from mining.conversation import GroupPage, group_page
from mining.next_steps.empty_rooms import empty_room, remove_room
from mining.quotes import anchor
from web.house import house

bp = Blueprint("groups", __name__)


@bp.get("/events/<slug>/groups/<int:group_id>")
def show(slug: str, group_id: int) -> ResponseReturnValue:
    """`?t=SECONDS` (of the first recording, or of `&recording=ID`) marks a line; `#u-RECORDING-LINE` jumps to one."""
    with house().database.reading() as session:
        event = get_event(session, slug)
        page = group_page(session, event, group_id)
    at = request.args.get("t", type=float)
    return render_template("groups/show.html", event=event, page=page, marked=_line_at(page, at), at=at)


@bp.get("/events/<slug>/groups/<int:group_id>/remove")
def confirm_remove(slug: str, group_id: int) -> ResponseReturnValue:
    with house().database.reading() as session:
        event = get_event(session, slug)
        room = empty_room(session, event, group_id)
    return render_template("groups/remove.html", event=event, room=room)


@bp.post("/events/<slug>/groups/<int:group_id>/remove")
def remove(slug: str, group_id: int) -> ResponseReturnValue:
    with house().database.writing() as session:
        remove_room(session, get_event(session, slug), group_id)
    return redirect(url_for("uploads.rooms", slug=slug), 303)


def _line_at(page: GroupPage, seconds: float | None) -> str | None:
    """The anchor of the line spoken at that time."""
    wanted = request.args.get("recording", type=int)
    part = next((part for part in page.parts if wanted is None or part.id == wanted), None)
    if part is None or seconds is None:
        return None
    before = [line for line in part.lines if line.start <= seconds] or part.lines[:1]
    return anchor(part.id, before[-1].position) if before else None
