"""Next steps of an event in the browser: what was said that somebody will do, confirmed and answered by the people who
were in the room.

Staff see every group; alumni those they sat in, by the roster, without the way into the whole conversation. Plain
forms: every change leads back to the list with a notice and a way to undo it.
"""

from collections import Counter
from datetime import date
from itertools import groupby

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.database import utcnow
from capture.errors import NotFound, Refused
from capture.events import get_event
from capture.models import Event, Group
from capture.roster import entry_of
from mining.next_steps import next_steps as steps
from mining.next_steps.calendar import calendar_of, steps_calendar
from mining.next_steps.carried_steps import answer_again, carry_on, carry_over, step_before, told_at
from mining.next_steps.next_steps import OPEN, SETTLED, Step
from mining.next_steps.step_files import as_markdown
from mining.next_steps.step_finding import find_commitments, finds_in, state_of_talk
from mining.next_steps.step_reader import WITHHELD, Reader, reader_of
from mining.suggestion_models import Draw, NextStep, PeerGroup, PeerGroupMember, StepState
from web.access import standing, viewer
from web.house import house

bp = Blueprint("next_steps", __name__, url_prefix="/events/<slug>")

CHANGED = "stepped"
"""In the cookie: [event, step, what was done] that the next page tells of."""
ANSWERS = {"done": StepState.DONE, "not done": StepState.NOT_DONE, "dropped": StepState.DROPPED}

_looked: dict[tuple[str, int], tuple[object, ...]] = {}
"""{(database, event): what its transcripts were when this process last looked for commitments in them}"""


@bp.get("/next-steps")
def show(slug: str) -> ResponseReturnValue:
    return _page(slug)


@bp.post("/next-steps")
def add(slug: str) -> ResponseReturnValue:
    form = request.form
    try:
        day = _day(form.get("due_on", ""))
        group = form.get("group", type=int)
        with house().database.writing() as db:
            event = get_event(db, slug)
            allowed = _reader(db, event).groups
            if allowed is not None and group not in allowed:
                raise Refused("Choose the group this is a step of.")
            step = steps.add(
                db,
                event,
                viewer().name,
                text=form.get("text", ""),
                owner=form.get("owner", ""),
                due_on=day,
                group_id=group,
            )
    except Refused as refused:
        return _page(slug, str(refused)), 422
    return _told(slug, step.id, "written down")


@bp.get("/next-steps/<int:step_id>")
def one(slug: str, step_id: int) -> ResponseReturnValue:
    return _form(slug, step_id)


@bp.post("/next-steps/<int:step_id>")
def edit(slug: str, step_id: int) -> ResponseReturnValue:
    form = request.form
    try:
        day = _day(form.get("due_on", ""))
        with house().database.writing() as db:
            step = _own(db, slug, step_id)
            steps.edit(
                db,
                step,
                viewer().name,
                text=form.get("text", ""),
                owner=form.get("owner", ""),
                due_on=day,
                stamp=form.get("stamp", type=int),
            )
    except Refused as refused:
        return _form(slug, step_id, str(refused))
    return _told(slug, step_id, "changed")


@bp.post("/next-steps/<int:step_id>/state")
def settle(slug: str, step_id: int) -> ResponseReturnValue:
    wanted = request.form.get("state", "")
    if wanted not in {state.value for state in (OPEN, *SETTLED, StepState.DISMISSED)}:
        raise Refused("The form does not say what became of the step.")
    try:
        with house().database.writing() as db:
            step = _own(db, slug, step_id)
            steps.settle(db, step, StepState(wanted), viewer().name, request.form.get("stamp", type=int))
    except Refused as refused:
        return _page(slug, None, str(refused)), 422
    return _told(slug, step_id, "set aside" if wanted == StepState.DISMISSED else wanted)


@bp.post("/next-steps/<int:step_id>/undo")
def undo(slug: str, step_id: int) -> ResponseReturnValue:
    try:
        with house().database.writing() as db:
            steps.undo(db, _own(db, slug, step_id), viewer().name, request.form.get("stamp", type=int))
    except Refused as refused:
        return _page(slug, None, str(refused)), 422
    return redirect(url_for("next_steps.show", slug=slug) + f"#step-{step_id}", 303)


@bp.post("/next-steps/<int:step_id>/answer")
def answer(slug: str, step_id: int) -> ResponseReturnValue:
    """What became of a step of the event before: done, not done, dropped, carried on, or open again."""
    wanted, stamp, by = request.form.get("answer", ""), request.form.get("stamp", type=int), viewer().name
    try:
        with house().database.writing() as db:
            event = get_event(db, slug)
            step = step_before(db, event, step_id, _reader(db, event).groups)
            if wanted == "carry":
                carry_on(db, event, step, by, stamp)
            elif wanted == "undo":
                answer_again(db, event, step, by, stamp)
            elif wanted in ANSWERS:
                steps.settle(db, step, ANSWERS[wanted], by, stamp)
            else:
                raise Refused("The form does not say what became of the step.")
    except Refused as refused:
        return _page(slug, None, str(refused)), 422
    return redirect(url_for("next_steps.show", slug=slug) + "#last-time", 303)


@bp.get("/next-steps.ics", defaults={"number": None})
@bp.get("/peer-groups/<int:number>/meetings.ics")
def calendar(slug: str, number: int | None) -> ResponseReturnValue:
    """The open steps with their days; with `number`, the two meetings of that peer group of the newest draw."""
    with house().database.reading() as db:
        event = get_event(db, slug)
        if number is None:
            page = url_for("next_steps.show", slug=slug, _external=True)
            data = steps_calendar(event, steps.steps_of(db, event, _reader(db, event)), page)
            name = f"{slug}-next-steps.ics"
        else:
            data = calendar_of(db, event, [_peer_group(db, event, number)], people=True)
            name = f"{slug}-peer-group-{number}.ics"
    return _file(data, "text/calendar; charset=utf-8", name)


@bp.get("/next-steps.md")
def listing(slug: str) -> ResponseReturnValue:
    """The list as Markdown."""
    with house().database.reading() as db:
        event = get_event(db, slug)
        text = as_markdown(event, steps.steps_of(db, event, _reader(db, event)))
    return _file(text.encode(), "text/markdown; charset=utf-8", f"{slug}-next-steps.md")


def _file(data: bytes, kind: str, name: str) -> Response:
    return Response(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _reader(db: Session, event: Event) -> Reader:
    """What the viewer may read of the event and of those before it."""
    return reader_of(db, event, viewer().person_id, standing().staff)


def _own(db: Session, slug: str, step_id: int) -> NextStep:
    event = get_event(db, slug)
    return steps.get_step(db, event.id, step_id, _reader(db, event).groups)


def _peer_group(db: Session, event: Event, number: int) -> PeerGroup:
    """Of the newest draw; for alumni only one they are a member of."""
    draw = db.scalar(select(Draw).where(Draw.event_id == event.id).order_by(Draw.id.desc()).limit(1))
    group = next((each for each in draw.groups if each.number == number), None) if draw else None
    if group is not None and not standing().staff:
        mine = entry_of(db, event.id, viewer().person_id)
        group = group if mine and db.get(PeerGroupMember, (group.id, mine.id)) else None
    if group is None:
        raise NotFound(f"There is no peer group {number} here.")
    return group


def _look(slug: str) -> None:
    """Looks for commitments where the talk, or the themes, are others than when this process last looked; also at the
    events from which steps were carried on, whose words may have been masked anew."""
    database = house().database
    with database.reading() as db:
        event = get_event(db, slug)
        states = {each.slug: (each.id, state_of_talk(db, each)) for each in (*told_at(db, event), event)}
    for name, (key, state) in states.items():
        if _looked.get((database.url, key)) != state:
            with database.writing() as db:
                find_commitments(db, get_event(db, name))
            _looked[database.url, key] = state


def _page(slug: str, problem: str | None = None, refused: str | None = None) -> str:
    """`problem` is said beside the form for a new step, `refused` at the top."""
    _look(slug)
    with house().database.reading() as db:
        event = get_event(db, slug)
        reader = _reader(db, event)
        found = steps.steps_of(db, event, reader)
        last = carry_over(db, event, reader)
        rows = db.execute(select(Group.id, Group.name).where(Group.event_id == event.id).order_by(Group.position))
        groups = [(key, name) for key, name in rows if reader.groups is None or key in reader.groups]
    told = _telling(slug, found)
    just = told[0].id if told else None  # what was set aside a moment ago stays in its place once more, to be undone
    listed = [step for step in found if step.state != StepState.DISMISSED or step.id == just]
    today = utcnow().date()
    return render_template(
        "next_steps/show.html",
        event=event,
        rooms=[(name, list(own)) for name, own in groupby(listed, key=lambda step: step.group)],
        aside=[step for step in found if step.state == StepState.DISMISSED and step.id != just],
        counts=Counter(step.state.value for step in listed),
        late=sum(step.late(today) for step in listed),
        dated=any(step.state == OPEN and step.due_on for step in listed),
        today=today,
        withheld=WITHHELD,
        last=last,
        groups=groups,
        told=told,
        english=finds_in(event),
        problem=problem,
        refused=refused,
        typed=request.form if problem else {},
        longest={"text": steps.LONGEST_TEXT, "owner": steps.LONGEST_OWNER},
    )


def _form(slug: str, step_id: int, problem: str | None = None) -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        shown = steps.shown(db, event, [_own(db, slug, step_id)], _reader(db, event))
    if not shown:
        raise NotFound("The words that this step was found in are no longer there.")
    page = render_template(
        "next_steps/edit.html",
        event=event,
        step=shown[0],
        withheld=WITHHELD,
        problem=problem,
        typed=request.form if problem else _as_typed(shown[0]),
        longest={"text": steps.LONGEST_TEXT, "owner": steps.LONGEST_OWNER},
    )
    return page, 422 if problem else 200


def _as_typed(step: Step) -> dict[str, str]:
    return {
        "text": step.text or "",
        "owner": step.owner or "",
        "due_on": step.due_on.isoformat() if step.due_on else "",
    }


def _day(text: str) -> date | None:
    """Raises Refused where it is no day."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"“{text[:40]}” is not a day; write it as 2026-04-10.") from None


def _told(slug: str, step_id: int, what: str) -> ResponseReturnValue:
    session[CHANGED] = [slug, step_id, what]
    return redirect(url_for("next_steps.show", slug=slug) + f"#step-{step_id}", 303)


def _telling(slug: str, found: list[Step]) -> tuple[Step, str] | None:
    """What was changed on the page before this one; told once."""
    told = session.pop(CHANGED, None)
    if told is None or told[0] != slug:
        return None
    step = next((each for each in found if each.id == told[1]), None)
    return (step, told[2]) if step else None
