"""Who may call what, written out: the expectation of tests/web/test_access.py. Whoever adds an endpoint adds its line.

Not imported from web/access.py on purpose: a role that is let in there by mistake must fail here. Grouped by page
family. For an address with `<slug>` the role is the one in that event's programme, for others the one in any programme.
"""

from werkzeug.routing import Rule
from werkzeug.routing.converters import NumberConverter

ORGANISER, DESIGNER, ALUMNUS, SPONSOR = "organiser", "designer", "alumnus", "sponsor"
EVERYONE = {ORGANISER, DESIGNER, ALUMNUS, SPONSOR}
STAFF = {ORGANISER, DESIGNER}
ORGANISERS = {ORGANISER}
ALUMNI_TOO = STAFF | {ALUMNUS}
SPONSORS_TOO = STAFF | {SPONSOR}
SIGNED_IN = EVERYONE | {"nobody"}
"""`nobody`: signed in, without a role anywhere."""
STRANGERS = SIGNED_IN | {"stranger"}

REACHED_BY: dict[str, set[str]] = {
    "static": STRANGERS,
    "auth.sign_in": STRANGERS,
    "auth.open_link": STRANGERS,
    "auth.use_link": STRANGERS,
    "auth.sign_out": SIGNED_IN,
    "account.show": SIGNED_IN,
    "account.device": SIGNED_IN,
    "account.sign_out_everywhere": SIGNED_IN,
    "events.index": SIGNED_IN,
    "events.create": ORGANISERS,
    "events.confirm_delete": ORGANISERS,
    "events.delete": ORGANISERS,
    "people.show": ORGANISERS,
    "people.invite": ORGANISERS,
    "people.invite_roster": ORGANISERS,
    "people.sheet": ORGANISERS,
    "people.sheet_table": ORGANISERS,
    "people.settle": ORGANISERS,
    "people.person": ORGANISERS,
    "people.change": ORGANISERS,
    "people.new_link": ORGANISERS,
    "people.end_link": ORGANISERS,
    "people.sign_out": ORGANISERS,
    "people.remove": ORGANISERS,
    "kpi.show": SPONSORS_TOO,
    "kpi.example": SPONSORS_TOO,
    "roster.show": ORGANISERS,
    "roster.upload": ORGANISERS,
    "roster.confirm_remove": ORGANISERS,
    "roster.remove": ORGANISERS,
    "peer_groups.show": ORGANISERS,
    "peer_groups.draw": ORGANISERS,
    "peer_groups.wish": ORGANISERS,
    "peer_groups.unwish": ORGANISERS,
    "peer_groups.lock": ORGANISERS,
    "peer_groups.move": ORGANISERS,
    "peer_groups.dates": ORGANISERS,
    "peer_groups.outcome": ORGANISERS,
    "peer_groups.table": ORGANISERS,
    "peer_groups.as_json": ORGANISERS,
    "peer_groups.mine": ALUMNI_TOO,
    "peer_groups.pick": ALUMNI_TOO,
    "peer_groups.agree": ALUMNI_TOO,
    "uploads.rooms": ORGANISERS,
    "uploads.rooms_json": ORGANISERS,
    "uploads.upload": ORGANISERS,
    "uploads.mine": ORGANISERS,
    "uploads.retry": ORGANISERS,
    "uploads.stop": ORGANISERS,
    "uploads.confirm_remove": ORGANISERS,
    "uploads.remove_recording": ORGANISERS,
    "groups.confirm_remove": ORGANISERS,
    "groups.remove": ORGANISERS,
    "consent.show": ORGANISERS,
    "consent.note": ORGANISERS,
    "consent.withdraw": ORGANISERS,
    "consent.put_back": ORGANISERS,
    "birds_eye.show": EVERYONE,
    "themes.show": EVERYONE,
    "groups.show": STAFF,
    "audio.listen": STAFF,
    "audio.transcript": STAFF,
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
    "next_steps.show": ALUMNI_TOO,
    "next_steps.add": ALUMNI_TOO,
    "next_steps.one": ALUMNI_TOO,
    "next_steps.edit": ALUMNI_TOO,
    "next_steps.settle": ALUMNI_TOO,
    "next_steps.undo": ALUMNI_TOO,
    "next_steps.answer": ALUMNI_TOO,
    "next_steps.calendar": ALUMNI_TOO,
    "next_steps.listing": ALUMNI_TOO,
    "clips.listen": EVERYONE,
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
    "drafts.index": STAFF,
    "drafts.make": STAFF,
    "drafts.show": STAFF,
    "drafts.edit_form": STAFF,
    "drafts.edit": STAFF,
    "drafts.accept": STAFF,
    "drafts.reject": STAFF,
    "drafts.reopen": STAFF,
    "drafts.undo": STAFF,
    "drafts.word": STAFF,
    "drafts.export": STAFF,
    "drafts.publish": STAFF,
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
    "notices.show": SIGNED_IN,
    "notices.read": SIGNED_IN,
    "reports.show": EVERYONE,
    "reports.style": EVERYONE,
    "reports.sponsor": SPONSORS_TOO,
    "reports.sponsor_file": SPONSORS_TOO,
    "reports.proceedings_page": EVERYONE,
    "reports.proceedings_file": EVERYONE,
    "notices.outbox": STAFF,
    "notices.passed": STAFF,
    "notices.undo": STAFF,
    "notices.feed": STRANGERS,
}


def address(rule: Rule, slug: str = "spring") -> str:
    """An address of the route about the event; every number in it is 1, every choice the first one."""
    values: dict[str, object] = dict(rule.defaults or {})
    for name, converter in rule._converters.items():
        choices = sorted(getattr(converter, "items", ()))
        plain = choices[0] if choices else {"slug": slug, "filename": "style.css"}.get(name, "x")
        values[name] = 1 if isinstance(converter, NumberConverter) else plain
    built = rule.build(values)
    assert built
    return built[1]
