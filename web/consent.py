"""What a room agreed to, for organisers: noted, or taken back while its transcript stays for the staff.

The page is the question before it is taken back; the words that were noted stand in its field again afterwards, so that
noting them again undoes it.
"""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from capture.consent import LONGEST_CONSENT, consent_of, note_consent, withdraw_consent
from capture.errors import Refused
from capture.events import get_event
from web.access import standing
from web.house import house

bp = Blueprint("consent", __name__, url_prefix="/events/<slug>/groups/<int:group_id>/consent")

TOLD = "consent"
"""In the cookie: [event, room's id, what was noted until it was taken back]."""


@bp.get("")
def show(slug: str, group_id: int) -> ResponseReturnValue:
    told = session.pop(TOLD, None)
    return _page(slug, group_id, taken_back=told[2] if told and told[:2] == [slug, group_id] else None)


@bp.post("")
def note(slug: str, group_id: int) -> ResponseReturnValue:
    try:
        with house().database.writing() as db:
            note_consent(db, get_event(db, slug), group_id, request.form.get("consent", ""))
    except Refused as refused:
        return _page(slug, group_id, str(refused))
    return redirect(url_for("consent.show", slug=slug, group_id=group_id), 303)


@bp.post("/withdraw")
def withdraw(slug: str, group_id: int) -> ResponseReturnValue:
    with house().database.writing() as db:
        before = withdraw_consent(db, get_event(db, slug), group_id)
    session[TOLD] = [slug, group_id, "; ".join(before.said)[:LONGEST_CONSENT]]
    return redirect(url_for("consent.show", slug=slug, group_id=group_id), 303)


def _page(slug: str, group_id: int, problem: str | None = None, taken_back: str | None = None) -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        found = consent_of(db, event, group_id)
    typed = request.form.get("consent", "") if problem else taken_back or "; ".join(found.said)
    page = render_template(
        "consent/show.html",
        event=event,
        found=found,
        problem=problem,
        taken_back=taken_back is not None,
        typed=typed,
        longest=LONGEST_CONSENT,
        quorum=standing().quorum,
    )
    return page, 422 if problem else 200
