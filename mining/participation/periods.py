"""Periods as people write them: read as years, halves, quarters, months or days, and put into the order of time.

A table of figures names its periods in any wording; participation against performance has to know which came first,
and that “Q1 2025” and “2025-Q1” are one. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
YEAR = r"(?:')?(?P<year>(?:19|20)\d\d|\d\d)"
LONG_YEAR = r"(?P<year>(?:19|20)\d\d)"
MONTH = rf"(?P<name>{'|'.join(MONTHS)})[a-z]*\.?"
FORMS = (
    ("year", rf"(?:fy|year)?\s*{LONG_YEAR}"),
    ("year", r"fy\s*'?(?P<year>\d\d)"),
    ("season", rf"(?:fy)?\s*{LONG_YEAR}\s*[/–]\s*(?P<next>(?:19|20)?\d\d)"),
    ("quarter", rf"q(?P<part>[1-4])\s*[-/ ]?\s*{YEAR}"),
    ("quarter", rf"(?P<part>[1-4])q\s*[-/ ]?\s*{YEAR}"),
    ("quarter", rf"{LONG_YEAR}\s*[-/ ]?\s*q(?P<part>[1-4])"),
    ("half", rf"h(?P<part>[12])\s*[-/ ]?\s*{YEAR}"),
    ("half", rf"{LONG_YEAR}\s*[-/ ]?\s*h(?P<part>[12])"),
    ("month", rf"{LONG_YEAR}\s*[-/.]\s*(?P<part>\d\d?)"),
    ("month", rf"(?P<part>\d\d?)\s*[-/.]\s*{LONG_YEAR}"),
    ("month", rf"{MONTH}\s*[-/ ]?\s*{YEAR}"),
    ("day", rf"{LONG_YEAR}-(?P<part>\d\d?)-(?P<day>\d\d?)"),
    ("day", rf"(?P<day>\d\d?)\.\s?(?P<part>\d\d?)\.\s?{LONG_YEAR}"),
    ("day", rf"(?P<day>\d\d?)\.?\s+{MONTH}\s+{LONG_YEAR}"),
)
MOST = {"year": 0, "quarter": 4, "half": 2, "month": 12, "day": 12}
"""The highest number that a part may have."""
NUMBERED = re.compile(r"(?P<word>[^\d]*?)\s*(?P<number>\d{1,6})")

Key = tuple[str | int, ...]
"""What periods are compared by: the kind first, then numbers of which the smaller came earlier."""


@dataclass(frozen=True)
class Ordered:
    """`words` says how the order was found."""

    labels: tuple[str, ...]
    words: str


def period_key(label: str) -> Key:
    """Two labels with the same key are the same period."""
    plain = " ".join(label.casefold().split())
    for kind, form in FORMS:
        found = re.fullmatch(form, plain)
        if found and (when := _when(kind, found.groupdict())):
            return when
    if found := NUMBERED.fullmatch(plain):
        return (f"numbered {found['word']}", int(found["number"]))
    return ("words", plain)


def in_order(labels: Sequence[str]) -> Ordered:
    """Labels (each period once) by time or number (“cycle 2”), where all are of one kind; else as they came."""
    keys = {label: period_key(label) for label in labels}
    kinds = {str(key[0]) for key in keys.values()}
    if len(kinds) == 1 and "words" not in kinds:
        ordered = tuple(sorted(labels, key=lambda label: keys[label][1:]))
        return Ordered(ordered, "in the order of their numbers" if kinds.pop().startswith("numbered") else "by time")
    return Ordered(tuple(labels), "in the order of the file, because they are not all dates of one kind")


def _when(kind: str, found: dict[str, str | None]) -> Key | None:
    year = _full(found["year"] or "")
    if kind == "season":
        return (kind, year) if int(found["next"] or 0) % 100 == (year + 1) % 100 else None
    name = found.get("name")
    part = MONTHS.index(name) + 1 if name else int(found.get("part") or 0)
    day = int(found.get("day") or 0)
    if part > MOST[kind] or (part < 1) != (kind == "year") or day > 31 or (day < 1) != (kind != "day"):
        return None
    return (kind, year, part, day)


def _full(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)
