"""The newest analysis of an event as a file: `harvest.event/1` JSON, or CSV; `reports` writes what is read.

`export_json` gathers everything once; every other format is written from it, so that they cannot disagree.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.errors import Refused
from capture.models import Event, Group
from capture.spreadsheets import as_table
from capture.transcripts import group_timeline, utterances_of
from mining.account import Account, account_of
from mining.analyses import latest_analysis
from mining.models import Analysis, Passage, Theme
from mining.quotes import quotes_of, stated
from mining.reporting.reports import as_html, as_markdown

SCHEMA = "harvest.event/1"
FORMATS = ("json", "csv", "md", "html")


def export_json(session: Session, event: Event) -> dict[str, Any]:
    """The document of `"schema": "harvest.event/1"`. Raises Refused for an event that was not mined yet.

    Passages, themes and quotes are named by their numbers, which count from 1 within the analysis. Themes with
    `coarse` hold others and no passages: a passage's `theme` is always a fine one.
    """
    analysis = latest(session, event)
    themes = session.scalars(select(Theme).where(Theme.analysis_id == analysis.id).order_by(Theme.number)).all()
    passages = session.scalars(select(Passage).where(Passage.analysis_id == analysis.id).order_by(Passage.number)).all()
    numbers = {theme.id: theme.number for theme in themes}
    groups = _groups(session, event)
    talk: dict[int, float] = defaultdict(float)
    for passage in passages:
        talk[passage.group_id] += passage.end - passage.start
    rooms = {group.id: (group.name, talk[group.id]) for group in groups if talk[group.id]}
    said = _statements(session, analysis.id, themes, passages)
    account = account_of(session, analysis, [theme for theme in themes if not theme.coarse], rooms)
    return {
        "schema": SCHEMA,
        "event": {
            "slug": event.slug,
            "title": event.title,
            "programme": event.programme,
            "held_on": event.held_on.isoformat() if event.held_on else None,
            "language": event.language,
        },
        "analysis": _analysis(analysis, account, passages),
        "groups": [_group(session, group) for group in groups],
        "passages": [_passage(passage, numbers) for passage in passages],
        "themes": [_theme(theme, account, said) for theme in themes],
    }


def render(session: Session, event: Event, format: str) -> str:
    """The export in one of FORMATS, as text. Raises Refused for another format, and where nothing was mined yet."""
    writers: dict[str, Callable[[dict[str, Any]], str]] = {
        "json": _as_json,
        "csv": _as_csv,
        "md": as_markdown,
        "html": as_html,
    }
    if format not in writers:
        raise Refused(f"There is no format “{format}”. Take one of: {', '.join(FORMATS)}.")
    return writers[format](export_json(session, event))


def latest(session: Session, event: Event) -> Analysis:
    """Raises Refused for an event that was not mined yet."""
    found = latest_analysis(session, event.id)
    if found is None:
        raise Refused(f"“{event.title}” has not been mined yet. Run: harvest mine {event.slug}")
    return found


# --- the document ---------------------------------------------------------------------------------------------------


def _analysis(analysis: Analysis, account: Account, passages: Sequence[Passage]) -> dict[str, Any]:
    """`trust` as it was measured, but for the share of words without a theme, which decisions change; {} where an
    earlier Harvest mined. `remarks` say the same in sentences, `since` what became of the themes."""
    words = sum(passage.words for passage in passages)
    without = sum(passage.words for passage in passages if passage.theme_id is None)
    trust = {**analysis.trust, "without_theme": round(without / max(words, 1), 4)} if analysis.trust else {}
    return {
        "id": analysis.id,
        "created_at": analysis.created_at.isoformat(),
        "seed": analysis.seed,
        "embedder": analysis.embedder,
        "clusterer": analysis.clusterer,
        "parameters": analysis.parameters,
        "seconds": analysis.seconds,
        "stability": analysis.stability,
        "trust": trust,
        "remarks": [str(each) for each in account.trust],
        "since": str(account.since) if account.since else None,
        "left_out": [
            {"reason": each.reason, "utterances": each.utterances, "words": each.words, "aside": each.aside}
            for each in account.left_out
        ],
        "notes": analysis.notes,
    }


def _groups(session: Session, event: Event) -> list[Group]:
    return list(session.scalars(select(Group).where(Group.event_id == event.id).order_by(Group.position, Group.id)))


def _group(session: Session, group: Group) -> dict[str, Any]:
    """Seconds of its recordings end to end, and all words said in them, mined or not."""
    seconds, words = 0.0, 0
    for recording, offset in group_timeline(session, group.id):
        said = utterances_of(session, recording.id)
        words += sum(len(utterance.text.split()) for utterance in said)
        seconds = offset + max(recording.seconds or 0.0, max((u.end for u in said), default=0.0))
    return {"id": group.id, "name": group.name, "seconds": round(seconds, 3), "words": words}


def _passage(passage: Passage, themes: dict[int, int]) -> dict[str, Any]:
    return {
        "id": passage.number,
        "group": passage.group_id,
        "start": passage.start,
        "end": passage.end,
        "words": passage.words,
        "text": passage.text,
        "speakers": passage.speakers,
        "kind": passage.kind,
        "theme": themes.get(passage.theme_id) if passage.theme_id else None,
        "strength": passage.strength,
        "aside": passage.aside,
    }


def _statements(
    session: Session, analysis_id: int, themes: Sequence[Theme], passages: Sequence[Passage]
) -> dict[int, dict[str, Any]]:
    """{theme's number: its statement, with the `seconds` of its utterance on the scale of the passages}."""
    offsets = {passage.number: passage.offset for passage in passages}
    statements = {theme.number: theme.statement for theme in themes if theme.statement}
    quotes = quotes_of(session, analysis_id, [said["passage"] for said in statements.values()])
    found = {}
    for number, said in statements.items():
        quote = quotes.get(said["passage"])
        if quote and (line := stated(quote, said)):
            offset = offsets[said["passage"]]
            found[number] = {**said, "seconds": [round(line.start + offset, 3), round(line.end + offset, 3)]}
    return found


def _theme(theme: Theme, account: Account, said: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    """`change` has the strands it was before (see `strand`), and the `words` for it where there are any."""
    change = {**theme.change, "words": account.beside.get(theme.number)} if theme.change else None
    return {
        "id": theme.number,
        "label": theme.label,
        "named_by": theme.named_by,
        "coarse": theme.coarse,
        "keywords": theme.keywords,
        "parent": theme.parent,
        "breadth": theme.breadth,
        "depth": round(theme.depth, 6),
        "stability": theme.stability,
        "by_group": theme.by_group,
        "kinds": theme.kinds or None,
        "statement": said.get(theme.number),
        "shared": theme.shared,
        "change": change,
        "strand": theme.strand_id,
        "quotes": theme.quotes,
        "perspectives": theme.perspectives,
        "neighbours": theme.neighbours,
    }


# --- formats --------------------------------------------------------------------------------------------------------


def _as_json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _as_csv(document: dict[str, Any]) -> str:
    """One row per passage."""
    names = {group["id"]: group["name"] for group in document["groups"]}
    labels = {theme["id"]: theme["label"] for theme in document["themes"]}
    areas = {theme["id"]: labels.get(theme["parent"], "") for theme in document["themes"]}
    said = ["area", "kind", "set_aside", "strength", "speakers", "text"]
    rows = []
    for p in document["passages"]:
        where = [p["id"], names[p["group"]], f"{p['start']:.2f}", f"{p['end']:.2f}", p["words"]]
        theme = [p["theme"] or "", *(known.get(p["theme"], "") for known in (labels, areas))]
        rows.append([*where, *theme, p["kind"], p["aside"], p["strength"], ", ".join(p["speakers"]), p["text"]])
    return as_table(["passage", "group", "start", "end", "words", "theme", "theme_label", *said], rows, mark="")
