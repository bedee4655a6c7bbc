"""Signing in, without passwords: the host by a link that `harvest serve` prints and that works once, everybody else by
the link in their invitation, or by one they made for another device of theirs. A signed cookie holds afterwards.

Opening a link shows a page with one button, because previews of mail and chat programs open links too.
"""

import hashlib
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from flask import Blueprint, Flask, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from capture.access import Known, host_person, known_by_key, names_in
from capture.invitations import find, note_use
from capture.models import Invitation, Role
from capture.programmes import title_of
from web.access import Viewer
from web.house import house
from web.links import Links, secret_key
from web.security import SAFE_METHODS

bp = Blueprint("auth", __name__)

PUBLIC = frozenset({"auth.sign_in", "auth.open_link", "auth.use_link", "notices.feed", "static"})
"""Endpoints a stranger may see. Everything else asks for a sign-in first."""
WHO, WHEN, LET_IN, BROWSER = "who", "when", "in", "browser"
"""In the cookie: the person's key, when they signed in (seconds since 1970), and when links let them into programmes,
by id: {"7": 1774000000.0}. A role in a programme counts only in browsers that a link of that programme let in. And a
number for this sign-in, by which links for other devices end with it."""
State = Literal["fresh", "open", "device", "used", "expired", "ended", "old", "unknown"]


class SignIn:
    """The host's one-time links, kept in memory as hashes, and the key that signs cookies and all other links."""

    def __init__(self, data: Path) -> None:
        self.secret_key = secret_key(data)
        self.links = Links(self.secret_key)
        self._lock = threading.Lock()
        self._fresh: set[str] = set()
        self._used: set[str] = set()
        self._lending: set[str] = set()

    def new_link(self, base_url: str) -> str:
        """A link that signs in one browser once. It holds until it is used or the viewer stops."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._fresh.add(_hash(token))
        return f"{base_url.rstrip('/')}/sign-in/{token}"

    def state(self, token: str) -> Literal["fresh", "used", "unknown"]:
        """Looking does not use it up."""
        digest = _hash(token)
        with self._lock:
            return "fresh" if digest in self._fresh else "used" if digest in self._used else "unknown"

    def consume(self, token: str) -> bool:
        """Uses the token up; False where that was done before or it never was one."""
        digest = _hash(token)
        with self._lock:
            if digest not in self._fresh:
                return False
            self._fresh.remove(digest)
            self._used.add(digest)
            return True

    def lend(self, browser: str) -> None:
        """From now on links for other devices, made in this sign-in of a browser, hold. Kept in memory: with the viewer
        they end as well."""
        with self._lock:
            self._lending.add(browser)

    def lends(self, browser: object) -> bool:
        with self._lock:
            return browser in self._lending

    def end_lending(self, browser: str | None) -> None:
        """The browser was signed out."""
        with self._lock:
            self._lending.discard(browser or "")


@dataclass(frozen=True)
class Ticket:
    """What a link to sign in with is worth. `cookie` is what it puts into the browser; the rest is said on the page."""

    state: State
    cookie: dict[str, Any] | None = None
    name: str = ""
    person_id: int | None = None
    role: Role | None = None
    programme: str = ""
    expires_at: datetime | None = None
    invitation_id: int | None = None

    @property
    def opens(self) -> bool:
        return self.state in ("fresh", "open", "device")


def _hash(token: str) -> str:
    # Looked up by hash: how long a look-up takes tells nothing about the token itself.
    return hashlib.sha256(token.encode()).hexdigest()


def require_sign_in(app: Flask) -> None:
    """Default deny: every endpoint that is not in PUBLIC sends strangers to the sign-in page."""

    @app.before_request
    def check() -> ResponseReturnValue | None:
        if request.endpoint in PUBLIC or signed_in():
            return None
        if request.method not in SAFE_METHODS:
            return redirect(url_for("auth.sign_in"), 303)
        return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")), 303)

    @app.context_processor
    def who() -> dict[str, object]:
        return {"signed_in": signed_in()}


def signed_in() -> bool:
    """Whether the cookie is one of ours, young enough, and its person has not signed out of it all since. Looked up
    once a request; `web.access.viewer` is who it is."""
    if "viewer" not in g:
        with house().database.reading() as db:
            g.viewer = _viewer(db, dict(session))
    return g.viewer is not None


def _viewer(db: Session, cookie: dict[str, Any]) -> Viewer | None:
    key, since = cookie.get(WHO), cookie.get(WHEN, 0)
    oldest = time.time() - house().settings.session_days * 86_400
    if not key or since <= oldest:
        return None
    known = known_by_key(db, key)
    if known is None or (known.person.signed_out_at and known.person.signed_out_at.timestamp() >= since):
        return None
    young = {int(programme): at for programme, at in cookie.get(LET_IN, {}).items() if at > oldest}
    if not known.person.host and known.is_out(young):
        return None
    counting = known.since(young)
    roles = {each.programme_id: each.role for each in counting}
    return Viewer(
        known.person.id,
        _name(db, known, {key: at for key, at in young.items() if key in roles} or young),
        known.person.host,
        roles,
        frozenset(each.programme_id for each in counting if each.panel),
        {key: known.names[key] for key in roles},
    )


def _name(db: Session, known: Known, let_in: dict[int, float]) -> str:
    """As the programme calls them that let this browser in last, even where they have no role in it any more: whoever
    wrote its link must not learn more."""
    if not let_in:
        return known.person.name
    last = max(let_in, key=lambda key: let_in[key])
    return known.names[last] if last in known.names else names_in(db, last, [known.person.id])[known.person.id]


def local_path(text: str | None) -> str:
    """`text` where it is a path of this viewer, else the list of events: a link must not lead elsewhere."""
    parts = urlsplit(text or "")
    if (
        text
        and not parts.scheme
        and not parts.netloc
        and text.startswith("/")
        and text[1:2] != "/"
        and not set("\\\t\r\n") & set(text)
    ):
        return text
    return url_for("events.index")


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    state = "out" if "out" in request.args else "none"
    return render_template("auth/sign_in.html", state=state), 200 if request.args.get("next") is None else 401


@bp.get("/sign-in/<token>")
def open_link(token: str) -> ResponseReturnValue:
    with house().database.reading() as db:
        return _page(_ticket(db, token), token)


@bp.post("/sign-in/<token>")
def use_link(token: str) -> ResponseReturnValue:
    with house().database.writing() as db:
        ticket = _ticket(db, token)
        if not ticket.opens or (ticket.state == "fresh" and not house().sign_in.consume(token)):
            return _page(_ticket(db, token), token)
        cookie = ticket.cookie or {WHO: host_person(db).key, WHEN: time.time()}
        if ticket.invitation_id:
            note_use(db, ticket.invitation_id)
    browser = session.get(BROWSER) if session.get(WHO) == cookie[WHO] else None
    if browser is None:
        end_browser()
    session.clear()
    session.permanent = True
    session.update({**cookie, BROWSER: browser or secrets.token_hex(8)})
    return redirect(local_path(request.form.get("next")), 303)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    end_browser()
    return redirect(url_for("auth.sign_in"), 303)


def let_in(programme_id: int) -> None:
    """Lets this browser into a programme that its person was just given a role in."""
    session[LET_IN] = {**session.get(LET_IN, {}), str(programme_id): time.time()}


def device_cookie() -> dict[str, Any]:
    """What a link for another device holds: who is signed in here and since when, so that the other browser is signed
    out everywhere when this one is; and in which sign-in it was made, with which the link ends."""
    browser = session.setdefault(BROWSER, secrets.token_hex(8))
    house().sign_in.lend(browser)
    return {key: session[key] for key in (WHO, WHEN, LET_IN, BROWSER) if key in session}


def end_browser() -> None:
    """Signs this browser out; links for other devices that were made in it do not hold any more."""
    house().sign_in.end_lending(session.get(BROWSER))
    session.clear()


def link_holds() -> bool:
    """Whether the link that is being opened lets somebody in. Signatures are compared in constant time, and the rest is
    looked up by hash or by what was signed."""
    with house().database.reading() as db:
        return _ticket(db, str((request.view_args or {}).get("token", ""))).opens


def _page(ticket: Ticket, token: str) -> ResponseReturnValue:
    here = g.viewer if signed_in() else None
    page = render_template("auth/sign_in.html", state=ticket.state, ticket=ticket, token=token, here=here)
    return page, 200 if ticket.opens else 410


def _ticket(db: Session, token: str) -> Ticket:
    """What the link is worth now; asking changes nothing."""
    own = house().sign_in.state(token)
    if own != "unknown":
        return Ticket(own)
    links = house().sign_in.links
    nonce = links.invitation(token)
    if nonce is not None:
        return _invitation(db, nonce)
    device = links.device(token)
    if device is None:
        return Ticket("unknown")
    cookie, young = device
    holds = young and house().sign_in.lends(cookie.pop(BROWSER, None))
    who = _viewer(db, cookie) if holds else None
    return Ticket("device", cookie, who.name, who.person_id) if who else Ticket("old")


def _invitation(db: Session, nonce: str) -> Ticket:
    found = find(db, nonce)
    if found is None:
        return Ticket("ended")
    invitation = found.invitation
    return Ticket(
        found.state,
        _let_in(db, found.person.key, invitation),
        found.name,
        found.person.id,
        found.role,
        title_of(db, found.programme),
        invitation.expires_at,
        invitation.id,
    )


def _let_in(db: Session, key: str, invitation: Invitation) -> dict[str, Any]:
    """The cookie for whoever the invitation lets in; what this browser was let into before as the same person stays."""
    now = time.time()
    same = session.get(WHO) == key and _viewer(db, dict(session)) is not None
    before = session.get(LET_IN, {}) if same else {}
    return {WHO: key, WHEN: now, LET_IN: {**before, str(invitation.programme_id): now}}
