"""Where a theme comes from, on its page: what became of it since themes were last looked for, and at other events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from sqlalchemy import select

from capture.models import Event
from mining.curating.decision_log import labels_known
from mining.curating.kin import Elsewhere, Held, Since, kin
from mining.models import Analysis, Theme
from web.formats import count, percent
from web.house import house

bp = Blueprint("lineage", __name__)

BEFORE = "when themes were last looked for"
NAMING = ("split", "merged")
"""Changes that are told with the names of other themes."""


@dataclass(frozen=True)
class Origin:
    """`change` is a sentence, None in the first analysis, `took_in` are names of themes that have ended and of whose
    talk most is in this one now. `since` compares with the event `earlier`, if there is one; `elsewhere` are the same
    theme at other events of the programme, oldest first."""

    change: str | None
    took_in: tuple[str, ...]
    earlier: Held | None
    since: Since | None
    elsewhere: tuple[Elsewhere, ...]


@bp.app_context_processor
def offered() -> dict[str, object]:
    return {"origin_of": origin_of}


def origin_of(event: Event, analysis: int, number: int) -> Origin:
    """Of the theme with that number in the event's newest analysis, which is given by its id."""
    with house().database.reading() as db:
        query = select(Theme.change, Theme.strand_id).where(Theme.analysis_id == analysis, Theme.number == number)
        change, strand = db.execute(query).one()
        ended = db.scalar(select(Analysis.lineage["ended"]).where(Analysis.id == analysis)) if change else None
        labels = labels_known(db, event.id) if ended or (change and change["state"] in NAMING) else {}
        family = kin(db, event)
    told = set(change["strands"]) if change else set()
    took_in = [labels[key] for key, into in ended or () if strand in into and key in labels and key not in told]
    return Origin(
        change=in_words(change, strand, labels) if change else None,
        took_in=tuple(took_in),
        earlier=family.earlier,
        since=family.since.get(number),
        elsewhere=family.elsewhere.get(number, ()),
    )


def in_words(change: dict[str, Any], strand: int | None, labels: Mapping[int, str]) -> str:
    """A stored `mining.curating.lineage.Change` of the theme `strand` as a sentence with its figures. `labels` are
    {strand: what it is or was called}."""
    if change["state"] == "new":
        return f"New: it was not there {BEFORE}."
    shares = f"{percent(change['share_before'])} of all talk then, {percent(change['share'])} now"
    groups = f"{count(change['breadth_before'], 'group')} then, {change['breadth']} now"
    said = {
        "continued": f"It was there {BEFORE}, much the same",
        "grew": "It has grown since themes were last looked for",
        "faded": "It has faded since themes were last looked for",
        "split": _split(change, strand, labels),
        "merged": _merged(change, labels),
    }[change["state"]]
    return f"{said}: {shares}; {groups}."


def _split(change: dict[str, Any], strand: int | None, labels: Mapping[int, str]) -> str:
    whole = next(iter(change["strands"]), 0)
    if whole == strand:
        return f"It was larger {BEFORE}; a part of it is a theme of its own now"
    return f"It was part of {f'“{labels[whole]}”' if whole in labels else 'one larger theme'} {BEFORE}"


def _merged(change: dict[str, Any], labels: Mapping[int, str]) -> str:
    names = [f"“{labels[strand]}”" for strand in change["strands"] if strand in labels]
    if len(names) < len(change["strands"]):
        return f"It was {len(change['strands'])} themes {BEFORE}"
    return f"It was {', '.join(names[:-1])} and {names[-1]}, themes of their own, {BEFORE}"
