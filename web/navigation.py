"""The ways from page to page: what stands at the top of each, for whoever looks. A page that the viewer's role does not
reach is not offered."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, g, request, url_for

from capture.models import Event
from web.access import may
from web.notices import unread

bp = Blueprint("navigation", __name__)

OF_AN_EVENT = (
    ("birds_eye.show", "Bird’s-eye"),
    ("uploads.rooms", "Rooms"),
    ("coverage.show", "Coverage"),
    ("diagnosis.show", "Diagnosis"),
    ("comparison.show", "Compare"),
    ("drafts.index", "Drafts"),
    ("proposals.index", "Proposals"),
    ("next_steps.show", "Next steps"),
    ("peer_groups.show", "Peer groups"),
    ("peer_groups.mine", "My group"),
    ("roster.show", "Roster"),
    ("reports.show", "Report"),
    ("people.show", "People"),
)
"""Endpoints in reading order, with what they are called."""
STANDS_IN = {"peer_groups.mine": "peer_groups.show"}
"""Pages that are offered to those who may not open the other one."""
BELONGS = {"notices.outbox": "proposals.index"}
"""Pages that belong to another family than the one whose name they bear."""
OF_THE_HOUSE = (
    ("catalogue.index", "Catalogue"),
    ("kpi.show", "Participation"),
    ("notices.show", "Notices"),
    ("account.show", "Account"),
)


@dataclass(frozen=True)
class Way:
    """A link. `here` is whether it leads to the page, or the family of pages, that is shown; `counts` is how much
    unseen lies there."""

    label: str
    address: str
    here: bool
    counts: int = 0


@bp.app_context_processor
def offered() -> dict[str, object]:
    return {"ways_of_an_event": ways_of_an_event, "ways_of_the_house": ways_of_the_house}


def ways_of_an_event(event: Event) -> list[Way]:
    """What the viewer may open of it."""
    return _ways(OF_AN_EVENT, slug=event.slug)


def ways_of_the_house() -> list[Way]:
    """What belongs to no event."""
    return _ways(OF_THE_HOUSE)


def _ways(wanted: tuple[tuple[str, str], ...], **values: Any) -> list[Way]:
    """Nothing for a stranger."""
    if g.get("viewer") is None:
        return []
    reached = {name: label for name, label in wanted if name in current_app.view_functions and may(name)}
    ways = []
    for name, label in reached.items():
        if STANDS_IN.get(name) not in reached:
            address = url_for(name, **values)
            ways.append(Way(label, address, _is_here(name, address), unread() if name == "notices.show" else 0))
    return ways


def _is_here(endpoint: str, address: str) -> bool:
    """Whether the page is of that family, or lies below its first page: all of an event's do below the bird's-eye page,
    which therefore stands for itself alone."""
    shown = BELONGS.get(request.endpoint or "", request.endpoint or "")
    same = shown.split(".")[0] == endpoint.split(".")[0]
    return same or (endpoint != "birds_eye.show" and request.path.startswith(f"{address}/"))
