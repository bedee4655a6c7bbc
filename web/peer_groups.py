"""The pages of peer groups: organisers draw, wish, lock, move people and set dates; everybody on the roster finds their
own group, picks themes and says whether they want to be brought together.

Plain forms that lead back to the page. What may be done is in `mining.peers.groups` and `mining.peers.changes`; this
only asks and shows. The solver runs within the request, for LONGEST_HERE at most; larger events have the command.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from capture.errors import HarvestError, NotFound, Refused
from capture.events import get_event
from capture.models import Event, RosterEntry
from capture.roster import entry_of
from mining.peers import changes
from mining.peers.co_coaching import Match, match, organisations_of
from mining.peers.groups import Options, patience, prepare, solve, store
from mining.peers.meeting_dates import propose_dates
from mining.peers.reading import as_csv, document, group_of_member, peer_groups_of
from mining.peers.themes import peers_of, shared_challenges
from mining.peers.words import figures_sentence
from mining.privacy.discretion import shown_strands
from web.access import standing, viewer
from web.house import TOP, house
from web.proposal_themes import mark_of

bp = Blueprint("peer_groups", __name__, url_prefix="/events/<slug>/peer-groups")

LONGEST_HERE = 20
"""Seconds a draw may take on the page."""
TOLD = "peer groups"
"""In the cookie: [event, sentence] that the next page tells."""

NONE = 0
"""No theme's number: what a mark in a form stands for that nobody was given."""


@dataclass(frozen=True)
class Offered:
    """A theme that somebody may pick. `mark` names it in the form and says nothing (`web.proposal_themes`)."""

    mark: str
    label: str
    picked: bool


@bp.get("")
def show(slug: str) -> ResponseReturnValue:
    return _page(slug)


@bp.post("/draw")
def draw(slug: str) -> ResponseReturnValue:
    form = request.form
    try:
        sizes, seed = (_number("smallest", 3), _number("largest", 6)), _number("seed", 1)
        with house().database.reading() as db:
            event = get_event(db, slug)
            seconds = min(_number("seconds", LONGEST_HERE), LONGEST_HERE, round(patience(len(peers_of(db, event)))))
            options = Options(*sizes, float(seconds), seed, not form.get("any_department"))
            prepared = prepare(db, event, options)
        drawn = solve(prepared)
        with house().database.writing() as db:
            store(db, get_event(db, slug), prepared, drawn, viewer().name)
    except Refused as refused:
        return _page(slug, "draw", refused)
    return _told(slug, "People were seated.")


@bp.post("/wishes")
def wish(slug: str) -> ResponseReturnValue:
    def make(db: Session, event: Event) -> str:
        one, other = _chosen("one", "Choose the first person."), _chosen("other", "Choose the second person.")
        if request.form.get("kind") not in ("together", "apart"):
            raise Refused("Choose whether they sit together or apart.")
        changes.wish(db, event, one, other, request.form["kind"] == "together", viewer().name)
        return "The wish is noted; it holds from the next draw on."

    return _change(slug, "wish", make)


@bp.post("/wishes/<int:wish_id>/remove")
def unwish(slug: str, wish_id: int) -> ResponseReturnValue:
    def make(db: Session, event: Event) -> str:
        changes.remove_wish(db, event.id, wish_id)
        return "The wish is gone."

    return _change(slug, "wish", make)


@bp.post("/<int:number>/lock")
def lock(slug: str, number: int) -> ResponseReturnValue:
    locked = request.form.get("locked") == "yes"

    def make(db: Session, event: Event) -> str:
        changes.lock(db, event.id, number, locked)
        return f"Group {number} is {'locked: it stays when you draw again' if locked else 'unlocked'}."

    return _change(slug, "lock", make)


@bp.post("/move")
def move(slug: str) -> ResponseReturnValue:
    def make(db: Session, event: Event) -> str:
        entry = _chosen("entry", "Choose the person to move.")
        to = request.form.get("to", "")
        kind, _, rest = to[:20].partition("-")
        if to == "none":
            changes.move(db, event, entry, None)
        elif kind == "group" and rest.isdecimal():
            changes.move(db, event, entry, int(rest))
        elif kind == "person" and rest.isdecimal():
            changes.swap(db, event, entry, int(rest))
        else:
            raise Refused("Choose where to, or with whom they change places.")
        return "Done: the groups are as you moved them."

    return _change(slug, "move", make)


@bp.post("/dates")
def dates(slug: str) -> ResponseReturnValue:
    """For all groups, or the one whose number the form gives."""

    def make(db: Session, event: Event) -> str:
        number = request.form.get("number", type=int)
        when = changes.Dates(_time("first"), _time("second"), request.form.get("place", "").strip())
        changes.set_dates(db, event.id, number, when)
        return f"The dates of {f'group {number}' if number else 'the groups'} are set."

    return _change(slug, f"dates-{request.form.get('number', '')}", make)


@bp.post("/<int:number>/outcome")
def outcome(slug: str, number: int) -> ResponseReturnValue:
    def make(db: Session, event: Event) -> str:
        changes.set_outcome(db, event.id, number, request.form.get("outcome") or None)
        return f"Noted what came of group {number}."

    return _change(slug, f"outcome-{number}", make)


@bp.get("/table.csv")
def table(slug: str) -> ResponseReturnValue:
    with house().database.reading() as db:
        text = as_csv(peer_groups_of(db, get_event(db, slug)))
    headers = {"Content-Disposition": f'attachment; filename="{slug}-peer-groups.csv"'}
    return Response("\ufeff" + text, mimetype="text/csv", headers=headers)


@bp.get("/document.json")
def as_json(slug: str) -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        return jsonify(document(event, peer_groups_of(db, event)))


@bp.get("/mine")
def mine(slug: str) -> ResponseReturnValue:
    return _mine(slug)


@bp.post("/mine/picks")
def pick(slug: str) -> ResponseReturnValue:
    def make(db: Session, event: Event, entry: RosterEntry) -> str:
        there = {mark_of(strand): strand for strand in shown_strands(db, event, standing().quorum).values()}
        strands = [there.get(mark, NONE) for mark in request.form.getlist("theme")]
        changes.pick(db, event, entry.id, strands, standing().quorum)
        return "Your picks are noted; they count when people are seated next."

    return _own(slug, "picks", make)


@bp.post("/mine/agree")
def agree(slug: str) -> ResponseReturnValue:
    yes = request.form.get("opt_in") == "yes"

    def make(db: Session, event: Event, entry: RosterEntry) -> str:
        changes.agree(db, event.id, entry.id, yes)
        if yes:
            return "You can be brought together with others when people are seated next."
        return "You are in no peer group any more, and nobody is shown your name or address."

    return _own(slug, "agree", make)


def _page(slug: str, asked: str = "", problem: HarvestError | None = None) -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        groups = peer_groups_of(db, event)
        places = organisations_of(db, event)
        co, co_problem = _match(db, event)
        entry = entry_of(db, event.id, viewer().person_id)
    page = render_template(
        "peer_groups/show.html",
        event=event,
        groups=groups,
        places=places,
        co=co,
        co_problem=co_problem,
        quality=figures_sentence(groups.figures) if groups.figures.get("groups") else "",
        proposed=propose_dates(event.held_on),
        outcomes=changes.OUTCOMES,
        seconds=min(LONGEST_HERE, round(patience(len(groups.peers)))),
        too_many=patience(len(groups.peers)) > LONGEST_HERE,
        calendar="next_steps.calendar" in current_app.view_functions,
        asked=asked,
        problem=problem and str(problem),
        typed=request.form if problem else {},
        told=_heard(slug),
        on_roster=entry is not None,
    )
    return page, 422 if problem or co_problem else 200


def _mine(slug: str, asked: str = "", problem: HarvestError | None = None) -> ResponseReturnValue:
    quorum = standing().quorum
    with house().database.reading() as db:
        event = get_event(db, slug)
        entry = entry_of(db, event.id, viewer().person_id)
        group = group_of_member(db, event, entry.id, quorum) if entry else None
        own = peers_of(db, event).get(entry.id) if entry else None
        themes = [
            Offered(mark_of(theme.strand), theme.label, own is not None and theme.strand in own.picks)
            for theme in shared_challenges(db, event, quorum).values()
        ]
    page = render_template(
        "peer_groups/mine.html",
        event=event,
        entry=entry,
        group=group,
        themes=themes,
        asked=asked,
        problem=problem and str(problem),
        told=_heard(slug),
        calendar="next_steps.calendar" in current_app.view_functions,
    )
    return page, 422 if problem else 200


def _change(slug: str, asked: str, make: Callable[[Session, Event], str]) -> ResponseReturnValue:
    """Does it and goes back to the page; what cannot be is said beside the form, with what was typed."""
    try:
        with house().database.writing() as db:
            told = make(db, get_event(db, slug))
    except Refused as refused:
        return _page(slug, asked, refused)
    return _told(slug, told)


def _own(slug: str, asked: str, make: Callable[[Session, Event, RosterEntry], str]) -> ResponseReturnValue:
    """The same for whoever is signed in, about themselves alone."""
    try:
        with house().database.writing() as db:
            event = get_event(db, slug)
            entry = entry_of(db, event.id, viewer().person_id)
            if entry is None:
                raise NotFound("You are not on the roster of this event. Ask an organiser if you should be.")
            told = make(db, event, entry)
    except Refused as refused:
        return _mine(slug, asked, refused)
    session[TOLD] = [slug, told]
    return redirect(url_for("peer_groups.mine", slug=slug, _anchor=TOP), 303)


def _told(slug: str, sentence: str) -> ResponseReturnValue:
    session[TOLD] = [slug, sentence]
    return redirect(url_for("peer_groups.show", slug=slug, _anchor=TOP), 303)


def _heard(slug: str) -> str:
    told = session.pop(TOLD, None)
    return str(told[1]) if told and told[0] == slug else ""


def _match(db: Session, event: Event) -> tuple[Match | None, str]:
    """Co-coaching pairs where the address names two organisations, or what is wrong with them."""
    one, other = request.args.get("one", ""), request.args.get("other", "")
    if not one and not other:
        return None, ""
    try:
        return match(db, event, one, other), ""
    except HarvestError as problem:
        return None, str(problem)


def _number(field: str, usual: int) -> int:
    typed = request.form.get(field, "").strip()
    if not typed:
        return usual
    if not typed.isdecimal() or len(typed) > 9:
        raise Refused(f"“{typed[:20]}” is no whole number.")
    return int(typed)


def _chosen(field: str, remedy: str) -> int:
    found = request.form.get(field, type=int)
    if found is None:
        raise Refused(remedy)
    return found


def _time(field: str) -> datetime | None:
    """As a form's date and time says it, in this machine's time zone."""
    typed = request.form.get(field, "").strip()
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise Refused(f"“{typed[:30]}” is no date and time; write for example 2026-04-09 10:00.") from None
