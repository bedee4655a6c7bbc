"""One's own account: who one is here, a link for another device, signing out here or everywhere."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from capture.access import sign_out_everywhere as end_everything
from capture.models import Person, Programme
from capture.programmes import title_of
from web.access import viewer
from web.auth import device_cookie, end_browser
from web.house import house
from web.links import DEVICE_MINUTES

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
def show() -> ResponseReturnValue:
    with house().database.reading() as db:
        person = db.get_one(Person, viewer().person_id)
        programmes = db.scalars(select(Programme).where(Programme.id.in_(viewer().roles)))
        roles = sorted((title_of(db, each), viewer().roles[each.id], each.id in viewer().panel) for each in programmes)
    return render_template("account/show.html", person=person, roles=roles)


@bp.get("/device")
def device() -> ResponseReturnValue:
    """A link that is written anew each time this page is opened, and stored nowhere."""
    address = house().settings.public_address or request.url_root.rstrip("/")
    token = house().sign_in.links.of_device(device_cookie())
    return render_template("account/device.html", link=f"{address}/sign-in/{token}", minutes=DEVICE_MINUTES)


@bp.post("/sign-out-everywhere")
def sign_out_everywhere() -> ResponseReturnValue:
    """Ends every browser's way, this one's too, into the programmes that are open here, and every link to them; for the
    host every browser and every link. Whoever invited somebody to one programme holds a link that lets them in as that
    person: they must not end what the person does in others."""
    with house().database.writing() as db:
        end_everything(db, viewer().person_id, None if viewer().host else viewer().roles)
    end_browser()
    return redirect(url_for("auth.sign_in", out="everywhere"), 303)
