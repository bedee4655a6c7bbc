"""Who has access to an event's programme: inviting, roles, links to send, ending sessions, and what holds for all.

For organisers. Everything here is about the programme of the event in the address; a person's id in an address or a
form counts only where that person has a role in it. No mail is sent: the organiser sends the links, one by one or from
the sheet.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, flash, get_flashed_messages, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture import access, invitations
from capture.access import Member, people_of
from capture.errors import NotFound, Refused
from capture.events import get_event
from capture.invitations import State, state_of
from capture.models import Event, Programme, ProposalMode, Role, RosterEntry
from capture.programmes import QUORUM, ensure_programme, programme_of, title_of
from web.access import viewer
from web.auth import let_in
from web.formats import day
from web.house import TOP, house
from web.sheet import sheet_csv

bp = Blueprint("people", __name__, url_prefix="/events/<slug>/people")

SAID = "people"
"""The category of what the next page tells."""
ROLES = {
    Role.ORGANISER: "brings recordings, invites people, deletes: everything",
    Role.DESIGNER: "reads everything, puts themes right, writes modules, answers proposals",
    Role.ALUMNUS: "reads what enough groups raised, proposes topics, meets peers",
    Role.SPONSOR: "reads what enough groups raised, and figures",
}


@dataclass(frozen=True)
class Row:
    """Somebody in the list. `link` is what to send them while it holds, `mail` opens a mail program with it."""

    member: Member
    state: State | None
    link: str | None
    mail: str | None
    me: bool


@bp.get("")
def show(slug: str) -> ResponseReturnValue:
    return _page(slug)


@bp.post("")
def invite(slug: str) -> ResponseReturnValue:
    form = request.form
    try:
        with house().database.writing() as db:
            invited = invitations.invite(
                db,
                ensure_programme(db, get_event(db, slug)),
                access.role_named(form.get("role", "")),
                viewer().name,
                _days(),
                name=form.get("name", ""),
                email=form.get("email"),
                acting=viewer().person_id,
            )
    except Refused as refused:
        return _page(slug, str(refused), "invite")
    flash(invited.words, SAID)
    return redirect(url_for("people.person", slug=slug, person_id=invited.person.id), 303)


@bp.post("/roster")
def invite_roster(slug: str) -> ResponseReturnValue:
    try:
        with house().database.writing() as db:
            done = invitations.invite_roster(db, get_event(db, slug), viewer().name, _days())
    except Refused as refused:
        return _page(slug, str(refused), "roster")
    flash(done.words, SAID)
    if not done.fresh + done.kept:
        return redirect(url_for("people.show", slug=slug, _anchor=TOP), 303)
    return redirect(url_for("people.sheet", slug=slug, roster=""), 303)


@bp.get("/sheet")
def sheet(slug: str) -> ResponseReturnValue:
    """The links to send, to be printed or copied; `?roster` leaves out who is not on it, `?unused` who used theirs."""
    with house().database.reading() as db:
        event = get_event(db, slug)
        rows, title = _sheet(db, event)
    return render_template(
        "people/sheet.html",
        event=event,
        programme=title,
        rows=rows,
        roster="roster" in request.args,
        unused="unused" in request.args,
        told=_told(),
        reach=_reach(),
    )


@bp.get("/sheet.csv")
def sheet_table(slug: str) -> ResponseReturnValue:
    with house().database.reading() as db:
        rows, _ = _sheet(db, get_event(db, slug))
    text = sheet_csv((row.member, row.link or "") for row in rows)
    name = {"Content-Disposition": f'attachment; filename="{slug}-links.csv"'}
    return Response(text.encode("utf-8-sig"), mimetype="text/csv", headers=name)


@bp.post("/settings")
def settle(slug: str) -> ResponseReturnValue:
    try:
        with house().database.writing() as db:
            programme = ensure_programme(db, get_event(db, slug))
            access.settle(programme, request.form.get("quorum", type=int), request.form.get("mode", ""))
    except Refused as refused:
        return _page(slug, str(refused), "settings")
    flash("What holds for the programme was set. It counts from the next page on that anybody opens.", SAID)
    return redirect(url_for("people.show", slug=slug, _anchor=TOP), 303)


@bp.get("/<int:person_id>")
def person(slug: str, person_id: int) -> ResponseReturnValue:
    return _person(slug, person_id)


@bp.post("/<int:person_id>")
def change(slug: str, person_id: int) -> ResponseReturnValue:
    form = request.form
    try:
        with house().database.writing() as db:
            programme = _programme(db, slug)
            role = access.role_named(form.get("role", ""))
            if person_id == viewer().person_id and role is not access.access_of(db, programme, person_id).role:
                raise Refused("Nobody changes their own role. Ask another organiser, or the host.")
            access.change(db, programme, person_id, role, panel="panel" in form, name=form.get("name", ""))
    except Refused as refused:
        return _person(slug, person_id, str(refused))
    flash("Changed. It counts at once, in every browser they are signed in with.", SAID)
    return redirect(url_for("people.person", slug=slug, person_id=person_id), 303)


@bp.post("/<int:person_id>/link")
def new_link(slug: str, person_id: int) -> ResponseReturnValue:
    with house().database.writing() as db:
        programme = _programme(db, slug)
        access.access_of(db, programme, person_id)
        invitations.new_link(db, programme, person_id, viewer().name, _days())
    flash("Here is the new link. The ones before do not work any more.", SAID)
    return redirect(url_for("people.person", slug=slug, person_id=person_id), 303)


@bp.post("/<int:person_id>/link/end")
def end_link(slug: str, person_id: int) -> ResponseReturnValue:
    with house().database.writing() as db:
        programme = _programme(db, slug)
        access.access_of(db, programme, person_id)
        access.end_links(db, programme.id, person_id)
    flash("The link does not work any more. Browsers it let in stay signed in.", SAID)
    return redirect(url_for("people.person", slug=slug, person_id=person_id), 303)


@bp.post("/<int:person_id>/sign-out")
def sign_out(slug: str, person_id: int) -> ResponseReturnValue:
    """Ends somebody's way into this programme, on every browser. One's own browser stays."""
    with house().database.writing() as db:
        programme = _programme(db, slug)
        access.sign_out_of(db, programme, person_id)
    if person_id == viewer().person_id:
        let_in(programme.id)
    flash("Signed out of this programme on every browser, and the link is ended. Make a new one to let them in.", SAID)
    return redirect(url_for("people.person", slug=slug, person_id=person_id), 303)


@bp.post("/<int:person_id>/remove")
def remove(slug: str, person_id: int) -> ResponseReturnValue:
    try:
        with house().database.writing() as db:
            if person_id == viewer().person_id:
                raise Refused("Nobody takes away their own access. Ask another organiser, or the host.")
            programme = _programme(db, slug)
            name = next((each.name for each in people_of(db, programme) if each.person_id == person_id), "")
            access.remove(db, programme, person_id)
    except Refused as refused:
        return _person(slug, person_id, str(refused))
    flash(f"{name} has no access any more. What they proposed and decided stays, under their name.", SAID)
    return redirect(url_for("people.show", slug=slug), 303)


def _page(slug: str, problem: str | None = None, where: str = "") -> ResponseReturnValue:
    """The list and its forms; `problem` is shown beside the form named `where`, with what was typed."""
    with house().database.reading() as db:
        event = get_event(db, slug)
        programme = programme_of(db, event)
        rows = [_row(member, "") for member in people_of(db, programme)] if programme else []
        on_roster = db.scalar(select(func.count()).select_from(RosterEntry).where(RosterEntry.event_id == event.id))
        title = title_of(db, programme) if programme else event.programme or event.title
    shown = render_template(
        "people/show.html",
        event=event,
        programme=title,
        quorum=programme.quorum if programme else QUORUM,
        curated=programme is None or programme.mode is ProposalMode.CURATED,
        rows=rows,
        links=sum(row.link is not None for row in rows),
        panel=[row.member.name for row in rows if row.member.panel],
        organisers=sum(row.member.role is Role.ORGANISER for row in rows),
        on_roster=on_roster or 0,
        roles=ROLES,
        days=_days(),
        quora=access.QUORA,
        problem=problem,
        where=where,
        typed=request.form,
        told=_told(),
        reach=_reach(),
    )
    return shown, 422 if problem else 200


def _person(slug: str, person_id: int, problem: str | None = None) -> ResponseReturnValue:
    with house().database.reading() as db:
        event, programme = get_event(db, slug), _programme(db, slug)
        access.access_of(db, programme, person_id)
        title = title_of(db, programme)
        row = next(_row(each, title) for each in people_of(db, programme) if each.person_id == person_id)
    shown = render_template(
        "people/person.html",
        event=event,
        programme=title,
        row=row,
        member=row.member,
        roles=ROLES,
        days=_days(),
        problem=problem,
        typed=request.form if problem else {},
        told=_told(),
        reach=_reach(),
    )
    return shown, 422 if problem else 200


def _programme(db: Session, slug: str) -> Programme:
    """Raises NotFound where nobody was ever invited."""
    programme = programme_of(db, get_event(db, slug))
    if programme is None:
        raise NotFound("Nobody was invited here yet.")
    return programme


def _sheet(db: Session, event: Event) -> tuple[list[Row], str]:
    programme = programme_of(db, event)
    if programme is None:
        return [], event.programme or event.title
    title = title_of(db, programme)
    roster = event if "roster" in request.args else None
    members = invitations.sheet(db, programme, roster=roster, unused="unused" in request.args)
    return [_row(member, title) for member in members], title


def _row(member: Member, programme: str) -> Row:
    state = state_of(member.invitation) if member.invitation else None
    link = None
    if member.invitation and state == "open":
        token = house().sign_in.links.of_invitation(member.invitation.nonce)
        link = f"{_address()}/sign-in/{token}"
    mail = _mail(member, link, programme) if link and member.email else None
    return Row(member, state, link, mail, member.person_id == viewer().person_id)


def _mail(member: Member, link: str, programme: str) -> str:
    """Opens the organiser's own mail program with the letter written."""
    assert member.invitation
    lines = (
        f"Hello {member.name},",
        f"this link lets you in to what “{programme}” brought forth:",
        link,
        f"It holds until {day(member.invitation.expires_at)} and is meant for you alone: please do not pass it on.",
    )
    subject, body = quote(f"Your invitation: {programme}"), quote("\r\n\r\n".join(lines))
    return f"mailto:{quote(member.email or '', safe='@+')}?subject={subject}&body={body}"


def _address() -> str:
    """What links begin with: the address that was set, else the one that this page was asked for at."""
    return house().settings.public_address or request.url_root.rstrip("/")


def _reach() -> str | None:
    """Where links lead to, where only this machine can follow them; None where others can."""
    name = urlsplit(_address()).hostname or ""
    try:
        here = name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        here = False
    return _address() if here else None


def _days() -> int:
    return house().settings.invitation_days


def _told() -> list[str]:
    return [str(said) for said in get_flashed_messages(category_filter=[SAID])]
