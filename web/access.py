"""Who the viewer is and what their role lets them open. Between sign-in and every view.

Default deny twice: an endpoint that has no line in POLICY is for organisers, and a programme in which somebody has no
role does not exist for them (404, so that an address tells nothing).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask import Flask, abort, g, request

from capture.access import decides
from capture.errors import NotFound
from capture.events import get_event
from capture.models import Role
from capture.programmes import QUORUM, programme_of
from web.house import house

EVERYONE = frozenset(Role)
STAFF = frozenset({Role.ORGANISER, Role.DESIGNER})
ORGANISERS = frozenset({Role.ORGANISER})
ALUMNI_TOO = STAFF | {Role.ALUMNUS}
SPONSORS_TOO = STAFF | {Role.SPONSOR}

SIGNED_IN = frozenset(
    {"events.index", "auth.sign_out", "account.show", "account.device", "account.sign_out_everywhere"}
    | {"notices.show", "notices.read"}
)
"""Endpoints for whoever is signed in, even somebody whose last role was taken away."""

POLICY: Mapping[str, frozenset[Role]] = {
    "birds_eye.show": EVERYONE,
    "themes.show": EVERYONE,
    "clips.listen": EVERYONE,
    "groups.show": STAFF,
    "audio.listen": STAFF,
    "audio.transcript": STAFF,
    "catalogue.index": EVERYONE,
    "catalogue.show": EVERYONE,
    "catalogue.ask": STAFF,
    "catalogue.bring": STAFF,
    "catalogue.export": STAFF,
    "catalogue.confirm_remove": STAFF,
    "catalogue.remove": STAFF,
    "coverage.show": STAFF,
    "coverage.study": STAFF,
    "diagnosis.show": SPONSORS_TOO,
    "diagnosis.export": SPONSORS_TOO,
    "comparison.show": SPONSORS_TOO,
    "comparison.export": SPONSORS_TOO,
    "curation.log": STAFF,
    "curation.who": STAFF,
    "curation.theme": STAFF,
    "curation.passage": STAFF,
    "curation.rename": STAFF,
    "curation.merge": STAFF,
    "curation.split": STAFF,
    "curation.hide": STAFF,
    "curation.move": STAFF,
    "curation.undo": STAFF,
    "drafts.index": STAFF,
    "drafts.make": STAFF,
    "drafts.show": STAFF,
    "drafts.edit": STAFF,
    "drafts.edit_form": STAFF,
    "drafts.accept": STAFF,
    "drafts.reject": STAFF,
    "drafts.reopen": STAFF,
    "drafts.undo": STAFF,
    "drafts.word": STAFF,
    "drafts.export": STAFF,
    "drafts.publish": STAFF,
    "peer_groups.mine": ALUMNI_TOO,
    "peer_groups.pick": ALUMNI_TOO,
    "peer_groups.agree": ALUMNI_TOO,
    "kpi.show": SPONSORS_TOO,
    "kpi.example": SPONSORS_TOO,
    "next_steps.show": ALUMNI_TOO,
    "next_steps.add": ALUMNI_TOO,
    "next_steps.one": ALUMNI_TOO,
    "next_steps.edit": ALUMNI_TOO,
    "next_steps.settle": ALUMNI_TOO,
    "next_steps.undo": ALUMNI_TOO,
    "next_steps.answer": ALUMNI_TOO,
    "next_steps.calendar": ALUMNI_TOO,
    "next_steps.listing": ALUMNI_TOO,
    "proposals.index": EVERYONE,
    "proposals.show": EVERYONE,
    "proposals.export": EVERYONE,
    "proposals.export_one": EVERYONE,
    "proposals.endorse": ALUMNI_TOO,
    "proposals.join": ALUMNI_TOO,
    "proposals.question": ALUMNI_TOO,
    "proposals.withdraw": ALUMNI_TOO,
    "proposals.restore": ALUMNI_TOO,
    "proposals.answer": ALUMNI_TOO,
    "proposing.new": ALUMNI_TOO,
    "proposing.propose": ALUMNI_TOO,
    "proposing.near": ALUMNI_TOO,
    "proposing.edit": ALUMNI_TOO,
    "proposing.change": ALUMNI_TOO,
    "reports.show": EVERYONE,
    "reports.style": EVERYONE,
    "reports.sponsor": SPONSORS_TOO,
    "reports.sponsor_file": SPONSORS_TOO,
    "reports.proceedings_page": EVERYONE,
    "reports.proceedings_file": EVERYONE,
    "notices.outbox": STAFF,
    "notices.passed": STAFF,
    "notices.undo": STAFF,
}
"""Which roles may call an endpoint: in the programme of the event that the address names, or, where it names none, in
any programme. What is listed neither here nor in SIGNED_IN is for organisers."""


@dataclass(frozen=True)
class Viewer:
    """Whoever is signed in. `roles`, `panel` and `names` are by programme id, of the programmes that this browser was
    let into; the host is organiser of everything. `name` is what they are called in the programme of the page, else in
    the one that let them in last."""

    person_id: int
    name: str
    host: bool
    roles: Mapping[int, Role]
    panel: frozenset[int] = frozenset()
    names: Mapping[int, str] = field(default_factory=dict)

    def called_in(self, programme_id: int | None) -> "Viewer":
        return replace(self, name=self.names.get(programme_id or 0, self.name))

    def role_in(self, programme_id: int | None) -> Role | None:
        return Role.ORGANISER if self.host else self.roles.get(programme_id) if programme_id else None

    def any_of(self, allowed: frozenset[Role]) -> bool:
        return self.host or bool(allowed & set(self.roles.values()))


@dataclass(frozen=True)
class Standing:
    """What the viewer is in the programme of the event that the address names. `quorum` is its k; `panel` is whether
    they decide about proposals where a panel does."""

    role: Role
    programme_id: int | None
    quorum: int
    panel: bool

    @property
    def staff(self) -> bool:
        """Whether everything may be shown; otherwise only what enough groups raised (`mining.privacy.discretion`)."""
        return self.role in STAFF


def viewer() -> Viewer:
    """Whoever makes the current request; only behind the sign-in."""
    found = g.viewer
    assert isinstance(found, Viewer)
    return found


def standing() -> Standing:
    """The viewer's standing where the address names an event."""
    found = g.standing
    assert isinstance(found, Standing)
    return found


def may(endpoint: str) -> bool:
    """Whether the viewer may call it here: what pages ask before they show a link or a form."""
    if endpoint in SIGNED_IN:
        return True
    allowed = POLICY.get(endpoint, ORGANISERS)
    here: Standing | None = g.get("standing")
    return here.role in allowed if here else viewer().any_of(allowed)


def check_roles(app: Flask) -> None:
    """Behind the sign-in: refuses what the viewer's role does not reach."""

    @app.before_request
    def check() -> None:
        if g.get("viewer") is None or request.endpoint is None:
            return
        slug = (request.view_args or {}).get("slug")
        if slug is not None:
            g.standing = _standing(slug)
            g.viewer = viewer().called_in(g.standing.programme_id)
        if not may(request.endpoint):
            abort(403, "Your role here does not reach this page. Ask an organiser if it should.")

    @app.context_processor
    def offered() -> dict[str, object]:
        return {"may": may, "viewer": g.get("viewer"), "standing": g.get("standing")}


def _standing(slug: str) -> Standing:
    missing = NotFound(f"There is no event “{slug}” here.")
    with house().database.reading() as session:
        try:
            event = get_event(session, slug)
        except NotFound as unknown:
            raise unknown if viewer().host else missing from None  # which events there are is not everybody's business
        programme = programme_of(session, event)
        role = viewer().role_in(programme.id if programme else None)
        if role is None:
            raise missing
        named = programme is not None and programme.id in viewer().panel
        panel = viewer().host or (programme is not None and decides(session, programme, role, named))
    return Standing(role, programme.id if programme else None, programme.quorum if programme else QUORUM, panel)
