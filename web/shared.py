"""The pages of an event for alumni and sponsors, made of `mining.privacy.discretion` and of nothing else. The same
addresses as for staff, who may look at them too: `?as=alumnus`.
"""

from dataclasses import dataclass

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from capture.events import get_event
from capture.models import Event, Role
from mining.privacy.discretion import shared_theme, shared_view
from web.access import may, standing
from web.house import house

PREVIEW = {"as": "alumnus"}
WAYS = (
    ("proposing.new", "Propose a topic"),
    ("proposals.index", "What others proposed"),
    ("peer_groups.mine", "Find people to work on it with"),
)
"""What somebody who has found their problem here may want to do next."""


@dataclass(frozen=True)
class Seen:
    """Who looks. `keep` goes into every address, so that staff who look as an alumnus stay on these pages."""

    preview: bool
    sponsor: bool
    keep: dict[str, str]


def discreetly() -> bool:
    """Whether the viewer is shown what may be shared, rather than everything."""
    return not standing().staff or request.args.get("as") == PREVIEW["as"]


def show_event(slug: str) -> ResponseReturnValue:
    with house().database.reading() as session:
        event = get_event(session, slug)
        view = shared_view(session, event, standing().quorum)
    return render_template("shared/birds_eye.html", event=event, view=view, seen=_seen(), onwards=_onwards(event))


def show_theme(slug: str, number: int) -> ResponseReturnValue:
    """Raises NotFound alike for a theme that is hidden and for one that is not there."""
    with house().database.reading() as session:
        event = get_event(session, slug)
        theme = shared_theme(session, event, standing().quorum, number)
    return render_template("shared/theme.html", event=event, theme=theme, seen=_seen(), onwards=_onwards(event))


def _seen() -> Seen:
    preview = standing().staff
    return Seen(preview, standing().role == Role.SPONSOR, PREVIEW if preview else {})


def _onwards(event: Event) -> list[tuple[str, str]]:
    """(label, address) of what is there and open to the viewer."""
    there = current_app.view_functions
    return [(label, url_for(name, slug=event.slug)) for name, label in WAYS if name in there and may(name)]
