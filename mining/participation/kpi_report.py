"""Participation against performance as something to pass on: JSON, Markdown, or one page of HTML with its charts.

Written from a study alone; `harvest kpi` prints and saves it. The same sentences, table and limits as on the page.
"""

import html
import re
from collections.abc import Iterator
from typing import Any

from mining.participation.charts import charts_of, numbers_of
from mining.participation.findings import Statement, Study, plain
from mining.participation.participation import Cell
from mining.participation.scatter import as_svg, percent

TITLE = "Participation against performance"
LIMITS = "What this cannot show"
PROBLEMS = "Look at these in the file"


def document(study: Study) -> dict[str, Any]:
    """The JSON document: `harvest.kpi/1`. `density` is a share 0..1; intervals hold 95 %."""
    panel = study.panel
    return {
        "schema": "harvest.kpi/1",
        "file": panel.name,
        "units": len(panel.units),
        "periods": list(panel.periods),
        "order": panel.order,
        "kpis": [{"name": kpi, "lower_is_better": kpi in panel.lower} for kpi in panel.kpis],
        "resamples": study.resamples,
        "statements": [_stated(statement) for statement in study.statements],
        "rows": [
            {
                "unit": cell.unit,
                "period": cell.period,
                "headcount": cell.headcount,
                "participants": cell.participants,
                "density": round(cell.density, 4),
                "kpis": cell.kpis,
            }
            for cell in panel.cells
        ],
        "cannot_show": study.limits,
        "problems": [problem.words for problem in panel.problems],
    }


def _stated(statement: Statement) -> dict[str, Any]:
    figures = {name: getattr(statement, name) for name in ("value", "low", "high")}
    return {
        "kpi": statement.kpi,
        "kind": statement.kind,
        "scope": statement.scope,
        "units": statement.units,
        "refused": statement.refused,
        **{name: None if value is None else round(value, 6) for name, value in figures.items()},
        "words": statement.words,
    }


def facts(study: Study) -> list[str]:
    """What was read, and how, in sentences."""
    panel = study.panel
    units = f"{len(panel.units)} unit{'' if len(panel.units) == 1 else 's'}"
    periods = f"{len(panel.periods)} period{'' if len(panel.periods) == 1 else 's'}"
    order = f" ({', '.join(panel.periods[:8])}{', …' if len(panel.periods) > 8 else ''}; {panel.order})"
    return [
        f"From {panel.name}: {units}, {periods}{order if len(panel.periods) > 1 else ''}.",
        "The share is participants divided by headcount. A rank correlation of 1 means that the unit with the larger "
        "share always has the higher figure, −1 the lower, 0 that the two have no order in common. For the interval, "
        f"units are drawn again {study.resamples:,} times, the same way on every run.",
    ]


def figures(study: Study, cell: Cell) -> list[str]:
    """A row of the table: people, took part, share, and each KPI; a dash where nothing is known."""
    known = [plain(cell.kpis[kpi], digits=6) if kpi in cell.kpis else "–" for kpi in study.panel.kpis]
    return [f"{cell.headcount:,}", f"{cell.participants:,}", percent(cell.density), *known]


def header(study: Study) -> list[str]:
    return ["Unit", "Period", "People", "Took part", "Share", *study.panel.kpis]


def as_markdown(study: Study) -> str:
    lines = [f"# {TITLE}", ""]
    for fact in facts(study):
        lines += [_md(fact), ""]
    for kpi in study.panel.kpis:
        lines += [f"## {_md(kpi)}", "", *(f"- {_md(each.words)}" for each in study.about(kpi)), ""]
    lines += [f"## {LIMITS}", "", *(f"- {_md(each)}" for each in study.limits), ""]
    lines += ["## The figures", "", f"| {' | '.join(_md(title) for title in header(study))} |"]
    lines += [f"|---|---|{'---:|' * (len(header(study)) - 2)}"]
    for cell in study.panel.cells:
        lines.append(f"| {' | '.join(_md(each) for each in (cell.unit, cell.period, *figures(study, cell)))} |")
    if study.panel.problems:
        lines += ["", f"## {PROBLEMS}", "", *(f"- {_md(each.words)}" for each in study.panel.problems)]
    return "\n".join([*lines, ""])


def _md(text: str) -> str:
    """Text that Markdown shows as it stands, on one line."""
    plain_text = " ".join(text.split())
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", plain_text)


def as_html(study: Study) -> str:
    """One page that needs nothing beside it: no scripts, made to be printed."""
    body = [f"<h1>{TITLE}</h1>", *(f"<p>{html.escape(fact)}</p>" for fact in facts(study))]
    charts = charts_of(study)
    for kpi in study.panel.kpis:
        body.append(f"<h2>{html.escape(kpi)}</h2>")
        for statement in study.about(kpi):
            body.append(f"<p>{html.escape(statement.words)}</p>")
            if statement in charts:
                body.append(f"<figure>{as_svg(charts[statement], 640, 420)}</figure>")
    body += _html_list(LIMITS, study.limits)
    body += ["<h2>The figures</h2>", *_html_table(study)]
    body += _html_list(PROBLEMS, [problem.words for problem in study.panel.problems])
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{TITLE}</title>'
        f"<style>{_STYLE}</style>"
    )
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n' + "\n".join(body) + "\n</body></html>\n"


def _html_list(heading: str, said: list[str]) -> list[str]:
    items = "".join(f"<li>{html.escape(each)}</li>" for each in said)
    return [f"<h2>{heading}</h2><ul>{items}</ul>"] if said else []


def _html_table(study: Study) -> Iterator[str]:
    numbers = numbers_of(study)
    heads = "".join(f'<th scope="col">{html.escape(title)}</th>' for title in header(study))
    yield f"<table><thead><tr>{heads}</tr></thead><tbody>"
    for cell in study.panel.cells:
        unit = f"{numbers[cell.unit]} {cell.unit}"
        rest = "".join(f'<td class="n">{html.escape(each)}</td>' for each in figures(study, cell))
        yield f'<tr><th scope="row">{html.escape(unit)}</th><td>{html.escape(cell.period)}</td>{rest}</tr>'
    yield "</tbody></table>"


_STYLE = (
    "body{font:16px/1.5 Georgia,serif;max-width:46em;margin:2em auto;padding:0 1em;color:#222;background:#fff}"
    "h1,h2,table{font-family:system-ui,sans-serif}svg{font-family:'Helvetica Neue','Liberation Sans',Arial,sans-serif}"
    "table{border-collapse:collapse;width:100%;font-size:.9em}"
    "th,td{text-align:left;padding:.3em .6em;border-bottom:1px solid #ddd;font-weight:400}.n{text-align:right}"
    "figure{margin:1em 0;break-inside:avoid}svg{max-width:100%;height:auto}.scatter circle{fill:#2a6684}"
    ".scatter text{font-size:12px;fill:#222}.scatter .tick,.scatter .axis{fill:#555}"
    ".scatter .rail{stroke:#ddd;fill:none}.scatter .zero{stroke:#888}h2,th{break-after:avoid}tr{break-inside:avoid}"
)
