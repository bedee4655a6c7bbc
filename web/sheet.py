"""The links to send as a table for mail merges. For the people page and `harvest invite`."""

import csv
from collections.abc import Iterable
from io import StringIO

from capture.access import Member

COLUMNS = ("name", "email", "role", "link", "holds until")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with: spreadsheets would run it."""


def sheet_csv(lines: Iterable[tuple[Member, str]]) -> str:
    """One line for each person with their link. Dates are like 2026-04-30, in this machine's time zone."""
    text = StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for member, link in lines:
        until = member.invitation.expires_at.astimezone().date().isoformat() if member.invitation else ""
        table.writerow([_safe(cell) for cell in (member.name, member.email or "", member.role, link, until)])
    return text.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULAS) else cell
