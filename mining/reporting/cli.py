"""`harvest report`: the report for the sponsor, or the book of proceedings, as an HTML file or a PDF.

Nothing heavy is imported before the command needs it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from capture.console import Console, write_file
from capture.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from capture.models import Event

KINDS = ("sponsor", "proceedings")
SUFFIXES = (".html", ".pdf")


@click.command()
@click.argument("event")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="sponsor",
    show_default=True,
    help="`sponsor`: the whole diagnosis. `proceedings`: a book for those who took part.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Where to write it, as FILE.html or FILE.pdf; default: EVENT-KIND.html here.",
)
@click.option("--paper", type=click.Choice(["A4", "Letter"]), default="A4", show_default=True, help="Paper of the PDF.")
@click.option("--contact", default="", help="Whom to ask to have words removed (proceedings); default: the organisers.")
@click.pass_obj
def report(console: Console, event: str, kind: str, output: Path | None, paper: str, contact: str) -> None:
    """Write a report of EVENT to hand round. It holds only what enough groups raised, and names none of them."""
    from capture.events import get_event

    output = output or Path(f"{event}-{kind}.html")
    suffix = output.suffix.lower()
    if suffix not in SUFFIXES:
        raise Refused(f"{output} tells no format: let it end in .html or .pdf.")
    if output.is_dir():
        raise Refused(f"{output} is a folder: name the file to write.")
    with console.database().reading() as session:
        html = _html(session, get_event(session, event), kind, contact)
    if suffix == ".pdf":
        from mining.reporting.pdf import as_pdf

        write_file(output, as_pdf(html, paper))
    else:
        write_file(output, html)
    click.echo(f"Wrote {output}")


def _html(session: "Session", event: "Event", kind: str, contact: str) -> str:
    from capture.database import utcnow
    from mining.reporting.html import proceedings_html, sponsor_html
    from mining.reporting.proceedings import proceedings
    from mining.reporting.sponsor_report import sponsor_report

    today = utcnow().date()
    if kind == "sponsor":
        return sponsor_html(sponsor_report(session, event, today))
    return proceedings_html(proceedings(session, event, today, contact))
