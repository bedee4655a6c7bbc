"""What a roster file says, line by line: a table becomes people, with whatever is doubtful said. Pure.

`roster` stores them. Headers and answers are understood in the spellings that sign-up forms and spreadsheets use.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from capture.events import clean_name
from capture.names import fold, full_name, same_name
from capture.tables import Row, read_table

ALIASES = {
    "name": ("full name", "participant", "person", "alumnus", "display name", "teilnehmer", "nom"),
    "email": ("e-mail", "mail", "email address", "e-mail address", "mailadresse"),
    "organisation": ("organization", "company", "employer", "firm", "org", "unternehmen", "organisatie"),
    "department": ("team", "unit", "dept", "division", "function", "business unit", "abteilung", "afdeling"),
    "groups": ("groups attended", "group", "room", "rooms", "rooms attended", "breakout", "breakouts", "sessions"),
    "opt_in": ("opt in", "opted in", "consent", "peer group", "peer groups", "wants a peer group", "bring together"),
}
YES = frozenset({"yes", "y", "true", "t", "1", "x", "on", "ok", "ja", "j", "oui", "si", "✓", "✔", "☑", "opted in"})
NO = frozenset({"no", "n", "false", "f", "0", "off", "nein", "nee", "non", "-", "–", "✗", "✘", "☐", "opted out"})
EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+")
LONGEST_EMAIL = 320
LONGEST_PART = 200


@dataclass(frozen=True)
class Line:
    """A person as the file has them. `groups` is the cell as it stands; `email` is in small letters, None without."""

    line: int
    name: str
    email: str | None
    organisation: str
    department: str
    groups: str
    opt_in: bool


@dataclass(frozen=True)
class Roster:
    """`columns` are those the file has, by the names of `Line`."""

    lines: tuple[Line, ...]
    columns: tuple[str, ...]
    problems: tuple[str, ...]


def read_roster(data: bytes, name: str) -> Roster:
    """Reads a CSV. Raises UnreadableFile where it is none, or has no column of names."""
    table = read_table(data, name, ("name",), ("email", "organisation", "department", "groups", "opt_in"), ALIASES)
    problems = list(table.problems)
    lines = [line for row in table.rows if (line := _line(row, problems))]
    lines = _once(lines, problems)
    if not lines:
        problems.append(f"{name} names nobody.")
    if "opt_in" not in table.columns:
        problems.append("The file has no column “opt_in”: nobody new is taken to have agreed to be brought together.")
    return Roster(tuple(lines), table.columns, tuple(problems))


def _line(row: Row, problems: list[str]) -> Line | None:
    name = clean_name(full_name(row.values["name"]))
    if not any(c.isalpha() for c in name):
        problems.append(f"Line {row.line} was left out: it names nobody.")
        return None
    email = row.values["email"].lower().removeprefix("mailto:")
    if email and not (EMAIL.fullmatch(email) and len(email) <= LONGEST_EMAIL):
        problems.append(
            f"Line {row.line}: “{clean_name(email)[:60]}” is no e-mail address; {name} is kept without one."
        )
        email = ""
    return Line(
        row.line,
        name,
        email or None,
        clean_name(row.values["organisation"])[:LONGEST_PART],
        clean_name(row.values["department"])[:LONGEST_PART],
        row.values["groups"],
        _agreed(row, name, problems),
    )


def _agreed(row: Row, name: str, problems: list[str]) -> bool:
    answer = fold(row.values["opt_in"].strip(" .!"))
    if answer in YES:
        return True
    if answer and answer not in NO:
        said = clean_name(row.values["opt_in"])[:60]
        problems.append(f"Line {row.line}: “{said}” is neither yes nor no; {name} is taken not to have agreed.")
    return False


def _once(lines: Iterable[Line], problems: list[str]) -> list[Line]:
    """Without people who stand in the file twice: the first line stays. The same name with different e-mail addresses
    is two people."""
    by_email: dict[str, Line] = {}
    by_name: dict[str, Line] = {}
    kept = []
    for line in sorted(lines, key=lambda line: (line.email is None, line.line)):
        name = same_name(line.name)
        first = by_email.get(line.email) if line.email else by_name.get(name)
        if first is None:
            kept.append(line)
            by_name.setdefault(name, line)
            if line.email:
                by_email[line.email] = line
            continue
        why = f"{line.email or line.name} stands in line {first.line} already"
        if not line.email:
            why += ", and without an e-mail address nobody can tell them apart"
        problems.append(f"Line {line.line} was left out: {why}.")
    return sorted(kept, key=lambda line: line.line)
