"""Tables for spreadsheets: what pages and commands give along as CSV, beside the same as JSON. All that leaves as
CSV is written here; tables that come in are read by `tables`.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from capture.console import show_json, write_file
from capture.errors import HarvestError

MARK = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""
Cell = str | int | float | None
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def as_table(head: Sequence[str], rows: Iterable[Sequence[Cell]], mark: str = MARK) -> str:
    """CSV with a line for `head`, `mark` before it. What is None is an empty cell; no text is taken for a formula."""
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(head)
    for row in rows:
        table.writerow([guarded(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])
    return mark + out.getvalue()


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (CSV injection): an apostrophe before it, as OWASP advises."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The text of a cell that was written so."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def as_text(document: Mapping[str, Any]) -> str:
    """JSON as it is written to files."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def give(
    document: Mapping[str, Any], table: str, lines: Iterable[str], output: Path | None, as_json: bool, what: str = ""
) -> None:
    """How a command with -o and --json answers: the file alone, the document alone, both, or else `lines` to read.
    `what` says what was written. Raises HarvestError."""
    if output is not None:
        write_either(output, document, table)
    if as_json:
        show_json(document)
    elif output is not None:
        click.echo(f"Wrote {what} to {output}" if what else f"Wrote {output}")
    else:
        for line in lines:
            click.echo(line)


def write_either(output: Path, document: Mapping[str, Any], table: str) -> None:
    """The one or the other, as the file's name ends. Raises HarvestError."""
    kind = output.suffix.lower()
    if kind not in (".csv", ".json"):
        raise HarvestError(f"{output} ends in neither .csv nor .json; it is written as one of these.")
    write_file(output, table if kind == ".csv" else as_text(document))
