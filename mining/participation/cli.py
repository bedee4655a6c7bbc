"""`harvest kpi`: participation against performance from a table of figures, printed or written down. Stores nothing.

Nothing heavy is imported before the command needs it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capture.console import show_json, write_file
from capture.errors import HarvestError

if TYPE_CHECKING:
    from mining.participation.findings import Study

WIDEST = 32
MOST_LINES = 200
FORMATS = {".html": "as_html", ".htm": "as_html", ".md": "as_markdown", ".markdown": "as_markdown"}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lower-is-better", "lower", multiple=True, metavar="COLUMN", help="A figure of which less is better.")
@click.option("--for-sponsors", is_flag=True, help="Take out units so small that single persons could be told.")
@click.option(
    "--quorum",
    type=click.IntRange(2, 100),
    default=3,
    show_default=True,
    help="With --for-sponsors: how many have to stand behind a figure.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write a report: .html (with charts) or .md.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
def kpi(
    file: Path, lower: tuple[str, ...], for_sponsors: bool, quorum: int, output: Path | None, as_json: bool
) -> None:
    """Compare how many of each unit took part with its figures, and say what that cannot show.

    FILE is a CSV with the columns unit, period, headcount and participants, and one or more columns of figures. Under
    eight units nothing is said. Nothing is stored.
    """
    from mining.participation import kpi_report

    if output is not None and output.suffix.lower() not in FORMATS:
        raise HarvestError(f"{output} ends in neither .html nor .md; a report is written as one of these.")
    study = studied(file, lower, quorum if for_sponsors else None)
    if output is not None:
        write_file(output, getattr(kpi_report, FORMATS[output.suffix.lower()])(study))
    if as_json:
        show_json(kpi_report.document(study))
    elif output is not None:
        click.echo(f"Wrote {study.told} of {len(study.statements)} statements to {output}")
    else:
        for line in report(study):
            click.echo(line)


def studied(file: Path, lower: tuple[str, ...], quorum: int | None) -> "Study":
    """`quorum` None: for those who may see every unit."""
    from mining.participation.findings import study
    from mining.participation.participation import read_panel
    from mining.participation.small_units import discreet

    try:
        data = file.read_bytes()
    except OSError as error:
        raise HarvestError(f"{file} cannot be read: {error.strerror or error}.") from None
    panel = read_panel(data, file.name, lower)
    return study(panel if quorum is None else discreet(panel, quorum))


def report(study: "Study") -> Iterator[str]:
    """The lines that are printed."""
    from mining.participation.kpi_report import LIMITS, PROBLEMS, facts

    yield from facts(study)
    for name in study.panel.kpis:
        yield f"\n{name}"
        yield from (f"  {statement.words}" for statement in study.about(name))
    yield f"\n{LIMITS}"
    yield from (f"  {limit}" for limit in study.limits)
    if study.panel.problems:
        yield f"\n{PROBLEMS}"
        yield from (f"  {problem.words}" for problem in study.panel.problems)
    yield "\nThe figures"
    yield from _table(study)


def _table(study: "Study") -> Iterator[str]:
    from mining.participation.kpi_report import figures, header

    shown = study.panel.cells[:MOST_LINES]
    rows = [header(study), *([cell.unit, cell.period, *figures(study, cell)] for cell in shown)]
    widths = [min(WIDEST, max(len(row[i]) for row in rows)) for i in range(len(rows[0]))]
    for row in rows:
        cut = [each if len(each) <= WIDEST else f"{each[: WIDEST - 1]}…" for each in row]
        names = [each.ljust(width) for each, width in zip(cut[:2], widths[:2], strict=True)]
        numbers = [each.rjust(width) for each, width in zip(cut[2:], widths[2:], strict=True)]
        yield "  ".join([*names, *numbers])
    if len(study.panel.cells) > len(shown):
        yield f"… and {len(study.panel.cells) - len(shown):,} rows more; --json has them all."
