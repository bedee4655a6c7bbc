"""An event's first page: what all its groups talked about, at a glance, every mark a way to somebody's words."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from capture.events import get_event
from capture.jobs import latest_job
from capture.models import JobState
from mining.reading import Area, BirdsEye, Room, ThemeRow, birds_eye
from mining.trust import verdict
from web import shared
from web.charts import Placed, Spot, place
from web.house import house

bp = Blueprint("birds_eye", __name__)

WIDE, NARROW = (1200, 450), (350, 420)
"""Sizes of the map on a screen and on a phone, in CSS pixels."""
NEARLY_ALL = 0.8
FEW_COLUMNS = 16
"""With more groups than this the matrix does not fit a printed page; the list with its strips is printed instead."""


@bp.get("/events/<slug>")
def show(slug: str) -> ResponseReturnValue:
    if shared.discreetly():
        return shared.show_event(slug)
    with house().database.reading() as session:
        event = get_event(session, slug)
        view = birds_eye(session, event)
        job = latest_job(session, "mine", event.id)
    heard = [room for room in view.rooms if room.talk]
    by_area = bool(view.areas) and request.args.get("by") == "area"
    wanted = request.args.get("group", type=int)
    only = next((room for room in heard if room.id == wanted), None)
    return render_template(
        "birds_eye/show.html",
        event=event,
        view=view,
        heard=heard,
        only=only,
        by_area=by_area,
        blocks=_by_area(view) if by_area else [(None, view.themes)],
        steady=_steady(view),
        only_themes=_raised_by(view, only) if only else set(),
        labels={theme.number: theme.label for theme in view.themes},
        crossing=sum(theme.breadth > 1 for theme in view.themes),
        everywhere=sum(theme.breadth >= NEARLY_ALL * len(heard) for theme in view.themes) if len(heard) > 2 else 0,
        widest=max((theme.depth for theme in view.themes), default=1.0) or 1.0,
        wide=_map(view, WIDE, len(heard)),
        narrow=_map(view, NARROW, len(heard)),
        sizes={"wide": WIDE, "narrow": NARROW},
        many=len(heard) > FEW_COLUMNS,
        busy=job is not None and job.state in (JobState.QUEUED, JobState.RUNNING),
        untold=[room for room in view.rooms if not room.transcribed],
        demonstration=[room for room in view.rooms if room.demonstration],
        unconsented=[room for room in view.rooms if not room.consented],
    )


def _map(view: BirdsEye, size: tuple[int, int], groups: int) -> list[Placed]:
    spots = [Spot(t.number, t.label, t.x, t.y, t.breadth / max(groups, 1)) for t in view.themes]
    return place(spots, *size)


def _by_area(view: BirdsEye) -> list[tuple[Area | None, tuple[ThemeRow, ...]]]:
    """Themes under what they have in common, the widest area first; those that stand alone at the end."""
    alone = tuple(theme for theme in view.themes if theme.parent is None)
    return [*((area, area.themes) for area in view.areas), *([(None, alone)] if alone else [])]


def _steady(view: BirdsEye) -> str | None:
    """The fact in a word or two; the sentence stands further down."""
    return verdict(view.run.stability).split(":")[0] if view.run and view.run.stability is not None else None


def _raised_by(view: BirdsEye, room: Room) -> set[int]:
    return {theme.number for theme in view.themes for cell in theme.cells if cell.room.id == room.id and cell.share}
