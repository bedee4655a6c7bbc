"""What a room agreed to, for organisers: noted, or taken back while its transcript stays for the staff.

The page is the question before it is taken back; afterwards it offers, for as long as nothing else is noted, to put
back for each recording what was noted there.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from capture.consent import LONGEST_CONSENT, consent_of, note_consent, put_back_consent, withdraw_consent
from capture.errors import Refused
from capture.events import get_event
from web.access import standing
from web.house import house

bp = Blueprint("consent", __name__, url_prefix="/events/<slug>/groups/<int:group_id>/consent")


@bp.get("")
def show(slug: str, group_id: int) -> ResponseReturnValue:
    return _page(slug, group_id)


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
        withdraw_consent(db, get_event(db, slug), group_id)
    return redirect(url_for("consent.show", slug=slug, group_id=group_id), 303)


@bp.post("/put-back")
def put_back(slug: str, group_id: int) -> ResponseReturnValue:
    try:
        with house().database.writing() as db:
            put_back_consent(db, get_event(db, slug), group_id)
    except Refused as refused:
        return _page(slug, group_id, str(refused))
    return redirect(url_for("consent.show", slug=slug, group_id=group_id), 303)


def _page(slug: str, group_id: int, problem: str | None = None) -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        found = consent_of(db, event, group_id)
    # What does not hold for the whole room is not offered to be noted for all of it.
    whole = found.said[0] if found.noted and len(found.said) == 1 else ""
    page = render_template(
        "consent/show.html",
        event=event,
        found=found,
        problem=problem,
        typed=request.form.get("consent", "") if problem else whole,
        longest=LONGEST_CONSENT,
        quorum=standing().quorum,
    )
    return page, 422 if problem else 200
