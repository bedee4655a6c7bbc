"""The themes that somebody may connect a proposal with: for staff all of an event, for others those that enough groups
raised. Between `discretion` and the forms.

A form names a theme by a mark: its strand's, signed so that nobody can read from it how many themes are hidden, and
which stays the same when themes are looked for again.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app
from sqlalchemy.orm import Session

from capture.models import Event
from mining.analyses import latest_analysis
from mining.privacy.discretion import shared_view, shown_strands
from mining.reading import themes_of
from web.access import standing

KEEP = "keep"
"""In a form: the theme that was chosen before, which this viewer may not see."""


@dataclass(frozen=True)
class Choice:
    """A theme to choose. `strand` is for storing it, `mark` for the form; `raised_by` is in words."""

    mark: str
    strand: int
    number: int
    label: str
    raised_by: str


def choices(session: Session, event: Event) -> list[Choice]:
    """What the viewer may see, in the themes' order."""
    if not standing().staff:
        strands = shown_strands(session, event, standing().quorum)
        view = shared_view(session, event, standing().quorum)
        return [
            Choice(mark_of(strands[each.number]), strands[each.number], each.number, each.label, each.raised_by)
            for each in view.themes
            if each.number in strands
        ]
    analysis = latest_analysis(session, event.id)
    return [
        Choice(
            mark_of(theme.strand_id),
            theme.strand_id,
            theme.number,
            theme.label,
            f"{theme.breadth} group{'' if theme.breadth == 1 else 's'}",
        )
        for theme in (themes_of(session, analysis.id) if analysis else [])
        if theme.strand_id is not None
    ]


def by_mark(among: Iterable[Choice], mark: str) -> Choice | None:
    return next((each for each in among if hmac.compare_digest(each.mark.encode(), mark.encode())), None)


def strand_of(among: Iterable[Choice], said: str, before: int | None = None) -> int | None:
    """What a form chose: a theme by its mark, KEEP for the one it had `before`, else none."""
    if said == KEEP:
        return before
    found = by_mark(among, said)
    return found.strand if found else None


def mark_of(strand: int) -> str:
    key = current_app.secret_key
    assert isinstance(key, bytes)
    return hmac.digest(key, f"theme {strand}".encode(), "sha256").hex()[:20]
