"""Putting themes right in the browser: the forms on a theme's page, what they do, and what was decided so far.

Plain forms; every change leads back to a page with a notice and a way to undo it. What may be decided and how it works
is in `mining.curating.decisions`; this only asks and shows. Whoever was invited decides under their own name. The host,
who may be several people, says who they are if they like: the log takes their word for it.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from capture.errors import HarvestError, NotFound, Refused
from capture.events import clean_name, get_event
from capture.models import Event
from capture.typed_names import NamesTyped, settled
from mining.curating import decisions
from mining.curating.deciding import decide
from mining.curating.decision_log import Entry, decision_log, entry_of
from mining.curating.endings import endings_of
from mining.models import Decision, Theme
from mining.quotes import Quote, excerpt, quotes_of
from web.access import viewer
from web.auth import local_path
from web.house import house

bp = Blueprint("curation", __name__, url_prefix="/events/<slug>/decisions")

DECIDED = "decided"
"""In the cookie: [event, decision] that the next page tells of."""
NAME = "name"
"""In the cookie: what the person who decides wants to be called."""
SOMEBODY = "somebody signed in here"
"""Who decided, where nobody said: all that a link to sign in with tells."""
LONGEST_NAME = 60
OUTDATED = "Themes were looked for again since this page was made. Find the passage on the new page."
PIECE_WORDS = 25
"""About how long the first quote of a part is, where it is said what a theme would fall into."""


@dataclass(frozen=True)
class Choice:
    """A theme to choose: by its strand, which stays when numbers change."""

    strand: int
    number: int
    label: str


@dataclass(frozen=True)
class Curating:
    """What the forms on a theme's page need. `pieces` is what it would fall into, each with its first quote.

    `naming` is the decision that gave it its name and `named_at` its time, where a person named it.
    """

    strand: int
    number: int
    label: str
    named_by: str | None
    naming: int | None
    named_at: datetime | None
    analysis: int
    """The stamp of the analysis that the page shows."""
    others: tuple[Choice, ...]
    pieces: tuple[tuple[decisions.Piece, Quote | None], ...]


@bp.app_context_processor
def offered() -> dict[str, object]:
    return {
        "curating": curating,
        "decided": decided,
        "deciding_as": deciding_as,
        "somebody": SOMEBODY,
        "longest": {"label": decisions.LONGEST_LABEL, "name": LONGEST_NAME},
    }


def curating(event: Event, number: int) -> Curating | None:
    """For the theme with that number; None where its analysis is too old to be put right. Looked up once a request."""
    known: dict[int, Curating | None] = g.setdefault("curating", {})
    if number not in known:
        with house().database.reading() as db:
            known[number] = _curating(db, event, number)
        _get_ready()
    return known[number]


def deciding_as() -> str | None:
    """Under which name decisions are noted; None where the host has not said."""
    return session.get(NAME) if viewer().host else viewer().name


def decided() -> tuple[str, Entry] | None:
    """The event's short name and what was decided on the page before this one; told once."""
    told = session.pop(DECIDED, None)
    if told is None:
        return None
    slug, decision_id = told
    with house().database.reading() as db:
        try:
            entry = entry_of(db, get_event(db, slug).id, decision_id)
        except NotFound:
            return None
    return (slug, entry) if entry else None


@bp.get("")
def log(slug: str) -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        entries = decision_log(db, event.id)
        gone = endings_of(db, event)
    return render_template("curation/log.html", event=event, entries=entries, gone=gone)


@bp.post("/who")
def who(slug: str) -> ResponseReturnValue:
    """Remembers what the host wants to be called, or forgets it where they say nothing. Nobody else is asked."""
    if viewer().host:
        _introduced(request.form.get("by", "")) or session.pop(NAME, None)
    return redirect(local_path(request.form.get("next")), 303)


@bp.get("/theme/<int:strand>")
def theme(slug: str, strand: int) -> ResponseReturnValue:
    """The forms on a page of their own; where the theme's own page led to before numbers changed, too."""
    return _forms(slug, strand)


@bp.get("/passage/<int:number>")
def passage(slug: str, number: int) -> ResponseReturnValue:
    """The form to move one passage, on a page of its own. `?analysis=STAMP&strand=ID` are as on the page before."""
    return _passage(slug, request.args.get("strand", type=int), request.args.get("analysis", type=int), number)


@bp.post("/rename")
def rename(slug: str) -> ResponseReturnValue:
    label, choice = request.form.get("label", ""), request.form.get("names", "")

    def make(db: Session, event: int, strand: int, by: str) -> Decision:
        named = settled(db, db.get_one(Event, event), {"label": label}, choice)["label"]
        return decisions.rename(db, event, strand, named, by)

    return _change(slug, make)


@bp.post("/merge")
def merge(slug: str) -> ResponseReturnValue:
    other = request.form.get("other", type=int)
    others = [] if other is None else [other]
    return _change(slug, lambda db, event, strand, by: decisions.merge(db, event, strand, others, by))


@bp.post("/split")
def split(slug: str) -> ResponseReturnValue:
    return _change(slug, decisions.split)


@bp.post("/hide")
def hide(slug: str) -> ResponseReturnValue:
    return _change(slug, decisions.hide)


@bp.post("/move")
def move(slug: str) -> ResponseReturnValue:
    form = request.form
    passage, analysis = form.get("passage", type=int), form.get("analysis", type=int)
    to = None if form.get("to") == "none" else form.get("to", type=int)

    def make(db: Session, event: int, strand: int, by: str) -> Decision:
        here = decisions.themes_by_strand(db, event)
        if strand not in here or here[strand].analysis.stamp != analysis:
            raise Refused(OUTDATED)
        if passage is None or (to is None and form.get("to") != "none"):
            raise Refused("Choose where the passage belongs.")
        return decisions.move(db, event, passage, to, by)

    def again(strand: int, refused: Refused) -> ResponseReturnValue:
        outdated = passage is None or str(refused) == OUTDATED
        return _forms(slug, strand, refused) if outdated else _passage(slug, strand, analysis, passage, refused)

    return _change(slug, make, again)


@bp.post("/<int:decision_id>/undo")
def undo(slug: str, decision_id: int) -> ResponseReturnValue:
    with house().database.reading() as db:
        event_id = get_event(db, slug).id
    by = _who()
    made = decide(house().database, event_id, lambda db: decisions.undo(db, event_id, by, decision_id))
    session[DECIDED] = [slug, made.id]
    if request.form.get("back") == "log":
        return redirect(url_for("curation.log", slug=slug), 303)
    return _to_theme(slug, event_id, made, request.form.get("strand", type=int))


def _change(
    slug: str,
    make: Callable[[Session, int, int, str], Decision],
    again: Callable[[int, Refused], ResponseReturnValue] | None = None,
) -> ResponseReturnValue:
    """Decides about the theme that the form names, and goes to where its effect shows. What cannot be is said beside
    the form, with what was typed: by `again`, or beside the theme's own forms."""
    strand = request.form.get("strand", type=int)
    if strand is None:
        raise Refused("The form does not say which theme it is about. Open the theme's page and try again.")
    with house().database.reading() as db:
        event_id = get_event(db, slug).id
    by = _who()
    try:
        made = decide(house().database, event_id, lambda db: make(db, event_id, strand, by))
    except Refused as refused:
        return again(strand, refused) if again else _forms(slug, strand, refused)
    session[DECIDED] = [slug, made.id]
    return _to_theme(slug, event_id, made, strand)


def _forms(slug: str, strand: int, problem: HarvestError | None = None) -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        theme = decisions.themes_by_strand(db, event.id).get(strand)
        if theme is None:
            raise NotFound(str(problem) if problem else "This theme is not there any more; the log says why.")
        page = _curating(db, event, theme.number)
    shown = render_template(
        "curation/theme.html",
        event=event,
        putting=page,
        problem=problem and str(problem),
        names=problem.found if isinstance(problem, NamesTyped) else (),
        typed=request.form,
    )
    return shown, 422 if problem else 200


def _passage(
    slug: str, strand: int | None, analysis: int | None, number: int | None, problem: HarvestError | None = None
) -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        theme = decisions.themes_by_strand(db, event.id).get(strand or 0)
        if theme is None or number is None or theme.analysis.stamp != analysis:
            raise NotFound(OUTDATED)
        said = quotes_of(db, theme.analysis_id, [number]).get(number)
        if said is None:
            raise NotFound(f"There is no passage {number}. They are numbered anew when themes are looked for again.")
        putting = _curating(db, event, theme.number)
    shown = render_template(
        "curation/passage.html",
        event=event,
        putting=putting,
        said=said,
        problem=problem and str(problem),
        typed=request.form,
    )
    return shown, 422 if problem else 200


def _to_theme(slug: str, event_id: int, made: Decision, here: int | None = None) -> ResponseReturnValue:
    """To the first theme there is of: the page one came from, what the decision speaks of, or all of them."""
    details = made.details
    wanted = [here, details.get("strand"), details.get("keep"), *details.get("into", ()), details.get("to")]
    with house().database.reading() as db:
        themes = decisions.themes_by_strand(db, event_id)
    for strand in wanted:
        if strand in themes:
            return redirect(url_for("themes.show", slug=slug, number=themes[strand].number), 303)
    return redirect(url_for("birds_eye.show", slug=slug), 303)


def _curating(db: Session, event: Event, number: int) -> Curating | None:
    try:
        themes = decisions.themes_by_strand(db, event.id)
    except Refused:
        return None
    own = next(((strand, theme) for strand, theme in themes.items() if theme.number == number), None)
    if own is None:
        return None
    strand, theme = own
    naming = decisions.naming_of(db, event.id, strand, theme.label) if theme.named_by else None
    return Curating(
        strand=strand,
        number=theme.number,
        label=theme.label,
        named_by=theme.named_by,
        naming=naming.id if naming else None,
        named_at=naming.made_at if naming else None,
        analysis=theme.analysis.stamp,
        others=tuple(Choice(key, other.number, other.label) for key, other in themes.items() if key != strand),
        pieces=_pieces(db, theme),
    )


def _pieces(db: Session, theme: Theme) -> tuple[tuple[decisions.Piece, Quote | None], ...]:
    pieces = decisions.pieces_of(db, theme)
    quotes = quotes_of(db, theme.analysis_id, [piece.passages[0] for piece in pieces]) if pieces else {}
    said = (quotes.get(piece.passages[0]) for piece in pieces)
    return tuple(
        (piece, excerpt(quote, theme.keywords, PIECE_WORDS) if quote else None)
        for piece, quote in zip(pieces, said, strict=True)
    )


def _who() -> str:
    """Who decides: as they are known, and the host as they say in this form or said before."""
    if not viewer().host:
        return viewer().name
    return _introduced(request.form.get("by", "")) or str(session.get(NAME) or SOMEBODY)


def _introduced(said: str) -> str:
    """The name that somebody gave, remembered until they sign out; empty where they gave none."""
    name = clean_name(said)[:LONGEST_NAME].strip()
    if name:
        session[NAME] = name
    return name


_ready = threading.Event()


def _get_ready() -> None:
    """Has a thread do the imports of the first decision while the page with the forms is read. Once in a process."""
    if not _ready.is_set():
        _ready.set()
        threading.Thread(target=decisions.get_ready, name="decisions-get-ready", daemon=True).start()
