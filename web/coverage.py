"""What the catalogue answers of an event, and what it does not: each verdict with the passages that show it.

Reads vectors that were made before (`web.catalogue` has them made); what is near enough is in
`mining.catalogue.answering`.
"""

from collections.abc import Sequence

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from capture.errors import HarvestError
from capture.events import get_event
from mining.catalogue.answering import COVERED, PARTLY, RIGHT, Verdict
from mining.catalogue.coverage import Coverage, ThemeCoverage, coverage_of
from mining.quotes import Quote, excerpt, quotes_of
from mining.reading import EXCERPT_WORDS
from web.catalogue import study_soon
from web.house import house

bp = Blueprint("coverage", __name__, url_prefix="/events/<slug>/coverage")


@bp.get("")
def show(slug: str) -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        found = coverage_of(db, event)
        quotes = _quotes(db, found)
    return render_template(
        "coverage/show.html",
        event=event,
        found=found,
        quotes=quotes,
        verdicts=Verdict,
        right=RIGHT,
        limits={"covered": COVERED, "partly": PARTLY},
        widest=max((max(side.talk, side.offered) for side in found.balance.sides), default=1.0) if found.balance else 1,
        drafts="drafts.make" in current_app.view_functions,
    )


@bp.post("/study")
def study(slug: str) -> ResponseReturnValue:
    """Learns what the modules are about that nobody has studied yet with this event's model."""
    with house().database.reading() as db:
        found = coverage_of(db, get_event(db, slug))
    if found.model and (said := study_soon(house(), found.model)) and "still" not in said:
        raise HarvestError(said)
    return redirect(url_for("coverage.show", slug=slug), 303)


def _quotes(db: Session, found: Coverage) -> dict[int, list[Quote]]:
    """{theme: the passages that show its verdict, cut to what bears on it}. Two queries."""
    if found.analysis_id is None:
        return {}
    said = quotes_of(db, found.analysis_id, [number for theme in found.themes for number in theme.passages])
    return {theme.number: _cut(theme, [said[n] for n in theme.passages if n in said]) for theme in found.themes}


def _cut(theme: ThemeCoverage, quotes: Sequence[Quote]) -> list[Quote]:
    return [excerpt(quote, theme.keywords, EXCERPT_WORDS) for quote in quotes]
