"""What there is to hand round: the report for the sponsor and the book of proceedings, to read here, to take as one
HTML file, or as a PDF. Both are the same for whoever may open them: they hold nothing but what may be shared.

A page here may carry no styles of its own (see `security`), so what is read here takes them from an address, and the
file that is taken away has them in it.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from capture.database import utcnow
from capture.errors import Refused
from capture.events import get_event
from capture.models import Event
from mining.reporting.html import proceedings_html, sponsor_html, stylesheet
from mining.reporting.pdf import PAPERS, as_pdf, pdf_offered
from mining.reporting.proceedings import proceedings
from mining.reporting.sponsor_report import checked_view, sponsor_report
from web.access import may
from web.house import house

bp = Blueprint("reports", __name__, url_prefix="/events/<slug>/reports")

FILES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


@dataclass(frozen=True)
class Offered:
    """A document that the viewer may open. `read` and `take` are endpoints."""

    name: str
    about: str
    read: str
    take: str


OFFERED = (
    Offered(
        "Report for the sponsor",
        "The themes and what the catalogue answers, what is under way, agency, responsiveness and connectivity with "
        "their ranges, what changed, what people do next, and how far to trust it. About five pages.",
        "reports.sponsor",
        "reports.sponsor_file",
    ),
    Offered(
        "Book of proceedings",
        "For everybody who took part: the themes with what was said on each, the questions that new modules ask, and "
        "the topics that were proposed.",
        "reports.proceedings_page",
        "reports.proceedings_file",
    ),
)


@bp.get("")
def show(slug: str) -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        problem = None
        try:
            checked_view(db, event)
        except Refused as refused:
            problem = _without_command(str(refused))
    return render_template(
        "reports/show.html",
        event=event,
        offered=[each for each in OFFERED if may(each.read)],
        problem=problem,
        pdf=pdf_offered(),
        papers=PAPERS,
    )


@bp.get("/style.css")
def style(slug: str) -> ResponseReturnValue:
    answer = Response(stylesheet(), mimetype="text/css")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


@bp.get("/sponsor")
def sponsor(slug: str) -> ResponseReturnValue:
    return Response(_sponsor(slug, here=True), mimetype="text/html")


@bp.get("/sponsor.<any(html, pdf):format_>")
def sponsor_file(slug: str, format_: str) -> ResponseReturnValue:
    return _file(_sponsor(slug, here=False), f"{slug}-report", format_)


@bp.get("/proceedings")
def proceedings_page(slug: str) -> ResponseReturnValue:
    return Response(_proceedings(slug, here=True), mimetype="text/html")


@bp.get("/proceedings.<any(html, pdf):format_>")
def proceedings_file(slug: str, format_: str) -> ResponseReturnValue:
    return _file(_proceedings(slug, here=False), f"{slug}-proceedings", format_)


def _sponsor(slug: str, here: bool) -> str:
    with house().database.reading() as db:
        event = get_event(db, slug)
        found = sponsor_report(db, event, utcnow().date())
    return sponsor_html(found, *_ways(event, here))


def _proceedings(slug: str, here: bool) -> str:
    with house().database.reading() as db:
        event = get_event(db, slug)
        found = proceedings(db, event, utcnow().date())
    return proceedings_html(found, *_ways(event, here))


def _ways(event: Event, here: bool) -> tuple[str, str]:
    """Addresses of the styles and of the way back, for a page; nothing for a file that is taken away."""
    return (url_for("reports.style", slug=event.slug), url_for("reports.show", slug=event.slug)) if here else ("", "")


def _file(html: str, name: str, format_: str) -> Response:
    data = as_pdf(html, request.args.get("paper", PAPERS[0])) if format_ == "pdf" else html.encode()
    answer = Response(data, content_type=FILES[format_])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{format_}"'
    return answer


def _without_command(text: str) -> str:
    """What a page says: alumni and sponsors have no terminal."""
    return text.partition(" Look for them first:")[0]
