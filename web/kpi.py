"""Participation against performance in the browser: a table comes in, a page goes out, and nothing is stored.

For staff and sponsors. Sponsors get the table without units so small that single persons could be told; staff may ask
for the same, to pass the page on.
"""

import re
from pathlib import Path

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from capture.errors import HarvestError, Refused
from mining.participation.charts import charts_of, numbers_of
from mining.participation.findings import FEWEST, Study, study
from mining.participation.kpi_report import facts, figures
from mining.participation.participation import MOST_ROWS, Panel, Problem, read_panel
from mining.participation.scatter import Chart, as_svg
from mining.participation.small_units import QUORUM, discreet
from web.access import STAFF, viewer

bp = Blueprint("kpi", __name__, url_prefix="/participation")

BIGGEST = 33 << 20
"""Bytes of a request: what a table may have, and the form around it."""
EXAMPLE = Path(__file__).parent.parent / "samples" / "participation.csv"
MOST_SHOWN = 600
"""Rows of the table on the page."""


@bp.route("", methods=["GET", "POST"])
def show() -> ResponseReturnValue:
    """The form; posted with a file, what the file says above it. The answer is the only copy."""
    if request.method == "GET":
        return _page()
    request.max_content_length = BIGGEST
    try:
        panel = _sent()
    except HarvestError as problem:
        return _page(problem=str(problem)), 422
    return _page(study(discreet(panel, QUORUM) if _hides() else panel))


@bp.get("/example.csv")
def example() -> Response:
    """An invented table to try with, or to write over."""
    headers = {"Content-Disposition": 'attachment; filename="participation.csv"'}
    return Response(EXAMPLE.read_bytes(), mimetype="text/csv", headers=headers)


def _sent() -> Panel:
    file = request.files.get("table")
    if file is None:
        raise Refused("Choose a CSV file first.")
    with file.stream as stream:
        data = stream.read()
    if not file.filename:
        raise Refused("Choose a CSV file first.")
    panel = read_panel(data, file.filename, _names(request.form.get("lower", "")))
    if not panel.cells:
        why = " ".join(Problem(problem.what).words if _hides() else problem.words for problem in panel.problems[:3])
        raise Refused(f"No row of {file.filename} could be used. {why}")
    return panel


def _hides() -> bool:
    """Sponsors never see single small units; staff chooses."""
    return not viewer().any_of(STAFF) or "discreet" in request.form


def _names(typed: str) -> list[str]:
    return [name.strip() for name in re.split(r"[,;|\n]", typed) if name.strip()]


def _page(found: Study | None = None, problem: str | None = None) -> str:
    charts = charts_of(found) if found else {}
    return render_template(
        "kpi/show.html",
        study=found,
        facts=facts(found) if found else [],
        charts={statement: _drawn(chart) for statement, chart in charts.items()},
        numbers=numbers_of(found) if found else {},
        rows=[(cell, figures(found, cell)) for cell in found.panel.cells[:MOST_SHOWN]] if found else [],
        problem=problem,
        lower=request.form.get("lower", ""),
        discreet="discreet" in request.form,
        hidden=found is not None and _hides(),
        staff=viewer().any_of(STAFF),
        fewest=FEWEST,
        most_rows=MOST_ROWS,
        k=QUORUM,
    )


def _drawn(chart: Chart) -> Markup:
    """Twice, for wide and narrow screens; every word in it was escaped where it was drawn."""
    return Markup(as_svg(chart, 560, 380, "wide") + as_svg(chart, 350, 340, "narrow"))  # noqa: S704
