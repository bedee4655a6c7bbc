"""The links to send as a table for mail merges. For the people page and `harvest invite`."""

from collections.abc import Iterable

from capture.access import Member
from capture.spreadsheets import as_table

COLUMNS = ("name", "email", "role", "link", "holds until")


def sheet_csv(lines: Iterable[tuple[Member, str]]) -> str:
    """One line for each person with their link. Dates are like 2026-04-30, in this machine's time zone."""
    rows = []
    for member, link in lines:
        until = member.invitation.expires_at.astimezone().date().isoformat() if member.invitation else ""
        rows.append((member.name, member.email, member.role, link, until))
    return as_table(COLUMNS, rows, mark="")
