"""Proposals as data: one JSON document, and a table with a line for each. What `harvest proposals` prints and writes,
and what the pages give along: to everybody what their page shows, read by the same `reading` for the same actor.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.models import Event
from capture.spreadsheets import as_table
from mining.analyses import latest_analysis
from mining.privacy.discretion import shared_view, shown_strands
from mining.proposals.reading import Shown, all_shown, matching, proposals_of
from mining.proposals.rights import Actor
from mining.reading import themes_of
from mining.suggestion_models import Proposal

HEAD = (
    *("number", "title", "state", "proposed by", "on", "theme", "what is the challenge", "why it matters"),
    *("what would be a success", "others who have this too", "want to work on it", "questions it should ask"),
    *("answer", "answered by", "answered on", "merged into", "merged into this"),
)
Themes = Mapping[int, str]
"""{proposal: name of the theme that it answers}"""


def listed(session: Session, programme_id: int | None, actor: Actor, state: str = "", search: str = "") -> list[Shown]:
    """Those that the list shows the actor, in its order, each with everything that its own page shows them."""
    if programme_id is None:
        return []
    found = matching(proposals_of(session, programme_id, actor), state, search)
    query = select(Proposal).where(Proposal.programme_id == programme_id)
    rows = {row.id: row for row in session.scalars(query)}
    return all_shown(session, [rows[each.id] for each in found], actor)


def themes_answered(session: Session, pages: Iterable[Shown], quorum: int | None) -> dict[int, str]:
    """By the names they have for whoever looks: for staff (`quorum` None) all of them, for others those that enough
    groups raised."""
    wanted = {page.row.event_id for page in pages if page.row.strand_id is not None}
    names = {
        strand: label
        for key in sorted(key for key in wanted if key is not None)
        if (event := session.get(Event, key)) is not None
        for strand, label in _themes(session, event, quorum)
    }
    chosen = ((page.row.id, page.row.strand_id) for page in pages)
    return {key: names[strand] for key, strand in chosen if strand in names}


def list_document(slug: str, pages: Iterable[Shown], themes: Themes) -> dict[str, Any]:
    return {"event": slug, "proposals": [_proposal(page, themes) for page in pages]}


def one_document(slug: str, page: Shown, themes: Themes) -> dict[str, Any]:
    return {"event": slug, **_proposal(page, themes)}


def table(pages: Iterable[Shown], themes: Themes) -> str:
    """CSV; several names, or questions, stand in one cell, a line each."""
    return as_table(HEAD, (_row(page, themes) for page in pages))


def _themes(session: Session, event: Event, quorum: int | None) -> list[tuple[int, str]]:
    """(strand, name) of each theme of the event."""
    if quorum is not None:
        strands = shown_strands(session, event, quorum)
        shown = shared_view(session, event, quorum).themes
        return [(strands[each.number], each.label) for each in shown if each.number in strands]
    analysis = latest_analysis(session, event.id)
    themes = themes_of(session, analysis.id) if analysis else []
    return [(theme.strand_id, theme.label) for theme in themes if theme.strand_id is not None]


def _proposal(page: Shown, themes: Themes) -> dict[str, Any]:
    row = page.row
    return {
        **{name: getattr(row, name) for name in ("id", "title", "challenge", "matters", "success")},
        "theme": themes.get(row.id),
        "state": row.state.value,
        "proposer": page.proposer,
        "made_at": row.made_at.isoformat(),
        "voices": page.voices,
        "joined": list(page.workers),
        "questions": [each.text for each in page.questions],
        "reason": row.reason,
        "answered_by": row.answered_by,
        "answered_at": row.answered_at.isoformat() if row.answered_at else None,
        "merged_into": page.into[0] if page.into else None,
        "merged": [{"id": key, "title": title} for key, title in page.merged],
        "changes": len(page.changes),
        "history": [
            {
                "at": each.at.isoformat(),
                "by": each.by,
                "fields": [
                    {"label": field.label, "pieces": [asdict(piece) for piece in field.pieces]} for field in each.fields
                ],
            }
            for each in page.changes
        ],
    }


def _row(page: Shown, themes: Themes) -> Sequence[str | int | None]:
    row = page.row
    answer = (row.reason, row.answered_by, row.answered_at.date().isoformat()) if row.answered_at else (None,) * 3
    return (
        *(row.id, row.title, row.state.value, page.proposer, row.made_at.date().isoformat(), themes.get(row.id)),
        *(row.challenge, row.matters, row.success, page.voices),
        *("\n".join(page.workers), "\n".join(each.text for each in page.questions)),
        *answer,
        page.into[1] if page.into else None,
        "\n".join(title for _, title in page.merged),
    )
