"""Tables that people bring: CSV as any spreadsheet writes it, in whatever encoding and with whatever delimiter.

Rosters, catalogues and figures arrive as such files. What is wrong with a row is said with its line and the row left
out; what is wrong with the file as a whole is raised. Pure: bytes in, values out.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

from capture.errors import UnreadableFile

BIGGEST = 32 << 20
"""Bytes of a file."""
LONGEST_CELL = 20_000
"""Letters of a cell: four times what a module's summary has. What is longer is a mistake, mostly an open quote."""
MOST_LINES = 100_000
"""Of a file, empty ones included."""
MOST_COLUMNS = 200
DELIMITERS = (",", ";", "\t", "|")
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
NOT_TABLES = {b"%PDF": "a PDF", b"PK\x03\x04": "a workbook", b"\xd0\xcf\x11\xe0": "an old workbook", b"{\\rtf": "RTF"}
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")


class Cells(dict[str, str]):
    """Cells by header. Empty ones are not kept and read as "": a file must not grow while it is read."""

    def __missing__(self, header: str) -> str:
        return ""


@dataclass(frozen=True)
class Row:
    """`line` is where the row begins in the file, counted from 1, the header included."""

    line: int
    values: dict[str, str]
    """By the caller's names of the columns, every one of them; without spaces around; "" where nothing stands."""
    others: Cells = field(default_factory=Cells)
    """The file's other columns, by the header as it is written; of two with the same header the last."""


@dataclass(frozen=True)
class Table:
    rows: list[Row]
    problems: list[str] = field(default_factory=list)
    """Plain sentences on what was left out, or has to be checked."""
    columns: tuple[str, ...] = ()
    """Which of the caller's columns the file has."""
    others: tuple[str, ...] = ()
    """The headers of its other columns, in order."""


def read_table(
    data: bytes,
    name: str,
    required: Iterable[str] = (),
    optional: Iterable[str] = (),
    aliases: Mapping[str, Iterable[str]] | None = None,
    longest: int = LONGEST_CELL,
) -> Table:
    """Reads a CSV file. `name` is the file's name as the user knows it; `aliases` gives other headers for a column.

    Headers are compared without case, spaces, accents and signs ("E-Mail", "e_mail" and "EMAIL" are one). Raises
    UnreadableFile where the file is empty, too big, too long or no text, or lacks a required column; the message says
    which. Of more than MOST_COLUMNS columns the first are read, and that is said.
    """
    required, optional = tuple(required), tuple(optional)
    text, problems = _decoded(data, name)
    known = _headers((*required, *optional), aliases or {})
    text, delimiter = _delimiter(text, known)
    lines = _rows(text, delimiter)
    first = next(lines, None)
    if first is None:
        raise UnreadableFile(f"{name} is empty. Was it still being written? Save it again.")
    header = [_clean(cell) for cell in first[1][:MOST_COLUMNS]]
    if len(first[1]) > MOST_COLUMNS:
        problems.append(f"The first line has {len(first[1]):,} columns; the first {MOST_COLUMNS} were read.")
    places = _places(header, known, problems)
    if missing := [column for column in required if column not in places]:
        raise UnreadableFile(
            f"{name} has no column {_quoted(missing)}; its first line has {_quoted(h[:40] for h in header[:12] if h)}. "
            "Put the names of the columns into the first line."
        )
    columns = tuple(column for column in (*required, *optional) if column in places)
    others = {i: title for i, title in enumerate(header) if title and i not in places.values()}
    cut = MOST_COLUMNS if len(first[1]) > MOST_COLUMNS else None
    lines = ((line, cells[:cut]) for line, cells in lines)
    rows = list(_read(lines, places, others, (*required, *optional), longest, problems))
    if text.count('"') % 2:
        problems.append("A quotation mark is opened and never closed: check the last rows that were read.")
    return Table(rows, problems, columns, tuple(others.values()))


def count_lines(data: bytes) -> int:
    """Roughly how many lines there are, whatever ends them; quick."""
    return max(data.count(b"\n"), data.count(b"\r"))


def header_key(title: str) -> str:
    """How a header is compared."""
    folded = unicodedata.normalize("NFKD", title).casefold()
    return "".join(c for c in folded if c.isalnum())


def _decoded(data: bytes, name: str) -> tuple[str, list[str]]:
    if len(data) > BIGGEST:
        raise UnreadableFile(f"{name} is too big for a table ({len(data) >> 20} MB). Leave out what is not needed.")
    if (lines := count_lines(data)) > MOST_LINES:
        raise UnreadableFile(f"{name} has {lines:,} lines ({MOST_LINES:,} at most). Leave out what is not needed.")
    for magic, kind in NOT_TABLES.items():
        if data.startswith(magic):
            raise UnreadableFile(f"{name} is {kind}, which cannot be read. Save the table as CSV and add that.")
    problems: list[str] = []
    encoding = next((codec for bom, codec in BOMS.items() if data.startswith(bom)), None) or _wide(data) or "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise UnreadableFile(f"{name} is damaged: its letters cannot be read. Save it again as CSV.") from None
        text = data.decode("cp1252", errors="replace")
        problems.append("The letters are in an old encoding (Windows-1252): check names with accents.")
    text = unicodedata.normalize("NFC", text.lstrip("\ufeff"))
    if CONTROLS.search(text):
        raise UnreadableFile(f"{name} is not text, so it cannot be read as a table. Save the table as CSV.")
    if not text.strip():
        raise UnreadableFile(f"{name} is empty. Was it still being written? Save it again.")
    return text, problems


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of the first line is zero."""
    head = data[:200]
    if len(head) < 8 or len(data) % 2 or b"\0" not in head:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    return "utf-16-le" if odd > len(head) // 4 and not even else "utf-16-be" if even > len(head) // 4 else None


def _headers(columns: Iterable[str], aliases: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Compared header -> column."""
    known = {header_key(column): column for column in columns}
    for column, others in aliases.items():
        for other in others:
            known.setdefault(header_key(other), column)
    return known


def _delimiter(text: str, known: Mapping[str, str]) -> tuple[str, str]:
    """The text without the line that some spreadsheets write first (`sep=;`), and what parts its cells: what makes the
    most of its first line known, then what makes the most cells of it."""
    if told := re.match(r"\"?sep=(.)\"?\r?\n", text, re.IGNORECASE):
        return text[told.end() :], told[1]
    head = text.lstrip("\r\n")[:LONGEST_CELL]

    def worth(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader(StringIO(head, newline=""), delimiter=delimiter), [])
        return sum(header_key(cell) in known for cell in cells), len(cells)

    return text, max(DELIMITERS, key=worth)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of every row that is not empty."""
    # The limit is the process's: it only ever grows, and the cells are measured by `longest`.
    csv.field_size_limit(max(csv.field_size_limit(), BIGGEST))
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _places(header: Sequence[str], known: Mapping[str, str], problems: list[str]) -> dict[str, int]:
    """Column -> place in a row. The first of two headers for one column counts."""
    places: dict[str, int] = {}
    for i, title in enumerate(header):
        column = known.get(header_key(title))
        if column is None:
            continue
        if column in places:
            problems.append(f"The columns “{header[places[column]]}” and “{title}” mean the same; the first was read.")
        else:
            places[column] = i
    return places


def _read(
    lines: Iterable[tuple[int, list[str]]],
    places: Mapping[str, int],
    others: Mapping[int, str],
    columns: Sequence[str],
    longest: int,
    problems: list[str],
) -> Iterator[Row]:
    width = max((*places.values(), *others, 0)) + 1
    for line, cells in lines:
        long = max((len(cell) for cell in cells), default=0)
        if long > longest:
            problems.append(
                f"Line {line} was left out: one of its cells has {long:,} letters ({longest:,} at most). "
                "Is a quotation mark not closed?"
            )
            continue
        if any(cell.strip() for cell in cells[width:]):
            problems.append(f"Line {line} has more cells than the first line: check for a delimiter within a cell.")
        values = {c: _clean(cells[places[c]]) if c in places and places[c] < len(cells) else "" for c in columns}
        rest = ((others[i], said) for i, cell in enumerate(cells) if i in others and (said := _clean(cell)))
        yield Row(line, values, Cells(rest))


def _clean(cell: str) -> str:
    return cell.replace("\u00a0", " ").strip()


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
