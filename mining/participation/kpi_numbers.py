"""Numbers as spreadsheets of different countries write them: 1.234,5 and 1,234.5, with percent and currency signs.

One number alone often leaves open which sign is the decimal one; a column mostly settles it. Pure; used where a table
of figures is read (`mining.participation.participation`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

MISSING = frozenset(
    ("", "-", "–", "—", "--", ".", "..", "…", "?", "n/a", "na", "n.a.", "#n/a", "#na", "nan", "none", "null", "missing")
    + ("unknown", "k.a.", "k. a.", "x")
)
"""How an empty cell is written, in small letters."""
CURRENCY = "€$£"
SPACES = " \u00a0\u202f\u2009'’"
"""What may part thousands beside the point and the comma."""
BODY = re.compile(r"[+-]?[\d.,]*\d[.,]?")
BIGGEST = 1e15


@dataclass
class Style:
    """What a column's cells say about its decimal sign: an example of each kind. `open` could be read either way."""

    examples: dict[str, str] = field(default_factory=dict)
    open: str = ""
    percent: bool = False
    bare: bool = False
    """Whether a cell has no percent sign."""

    @property
    def decimal(self) -> str | None:
        """`.` or `,`; None where the column has both, or nothing that settles it."""
        return next(iter(self.examples)) if len(self.examples) == 1 else None


def is_missing(cell: str) -> bool:
    return cell.strip().casefold() in MISSING


def looks_like_number(cell: str) -> bool:
    return any(number(cell, sign) is not None for sign in ".,")


def style_of(cells: Iterable[str]) -> Style:
    """Of the cells that look like numbers; the others are somebody else's matter."""
    style = Style()
    for cell in cells:
        if not looks_like_number(cell):
            continue
        style.percent |= cell.strip().endswith("%")
        style.bare |= not cell.strip().endswith("%")
        told = _told(cell)
        if told in (".", ","):
            style.examples.setdefault(told, cell)
        elif told:
            style.open = style.open or cell
    return style


def number(cell: str, decimal: str) -> float | None:
    """The number where `decimal` is the decimal sign, a percent sign left aside; None where it is none."""
    body, exponent = _body(cell)
    other = "," if decimal == "." else "."
    plain = rf"[+-]?(?:\d+|\d{{1,3}}(?:{re.escape(other)}\d{{3}})+)?(?:{re.escape(decimal)}\d*)?"
    if not BODY.fullmatch(body) or not re.fullmatch(plain, body):
        return None
    value = float(body.replace(other, "").replace(decimal, ".") + exponent)
    return value if abs(value) < BIGGEST else None


def whole(cell: str) -> int | None:
    """A whole number, 0 or more: `1234`, `1,234`, `1.234`, `1 234`, `12.0`; None for anything else."""
    if cell.strip().endswith("%"):
        return None
    found = {value for sign in ".," if (value := number(cell, sign)) is not None and value >= 0 and value % 1 == 0}
    # “1.234” is 1234 or 1.234, and only one is whole; of “1.000” the larger is meant: nobody counts in thousandths
    return int(max(found)) if found else None


def _told(cell: str) -> str:
    """The decimal sign that the cell gives away, `open` where it could be either, nothing where it has no sign."""
    grouped = any(space in cell.strip().strip(CURRENCY + "% ") for space in SPACES)
    body = _body(cell)[0].lstrip("+-")
    signs = [letter for letter in body if letter in ".,"]
    if not signs:
        return ""
    last = signs[-1]
    if len(set(signs)) == 2:
        return last
    if len(signs) > 1:
        return "," if last == "." else "."
    head, tail = body.split(last)
    if grouped or len(tail) != 3 or len(head) > 3 or head == "" or head.startswith("0"):
        return last
    return "open"


def _body(cell: str) -> tuple[str, str]:
    """The number's digits and signs, and its exponent as Python writes it."""
    text = cell.strip().replace("\u2212", "-").rstrip("%").strip().strip(CURRENCY).strip()
    if found := re.fullmatch(r"(.*\d[.,]?)[eE]([+-]?\d{1,3})", text):
        return found[1], f"e{found[2]}"
    if any(space in text for space in SPACES):
        parts = re.split(f"[{SPACES}]", text)
        tail = re.split(r"[.,]", parts[-1])[0]
        if len(parts[0].lstrip("+-")) > 3 or len(tail) != 3 or any(len(part) != 3 for part in parts[1:-1]):
            return "", ""
        text = "".join(parts)
    return text, ""
