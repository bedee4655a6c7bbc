"""Signing in on one's own machine: `harvest serve` prints a link that works once; a signed cookie holds afterwards.

Opening the link shows a page with one button, because previews of mail and chat programs open links too. Full roles
come later: whoever has the link may do everything.
"""

import hashlib
import os
import secrets
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from web.house import house
from web.security import SAFE_METHODS

bp = Blueprint("auth", __name__)

PUBLIC = frozenset({"auth.sign_in", "auth.open_link", "auth.use_link", "static"})
"""Endpoints a stranger may see. Everything else asks for a sign-in first."""
KEY_FILE = "web-secret-key"
WHO, WHEN = "who", "when"


class SignIn:
    """One-time links, kept in memory as hashes, and the key that signs cookies, kept in the data folder."""

    def __init__(self, data: Path) -> None:
        self.secret_key = _secret_key(data)
        self._lock = threading.Lock()
        self._fresh: set[str] = set()
        self._used: set[str] = set()

    def new_link(self, base_url: str) -> str:
        """A link that signs in one browser once. It holds until it is used or the viewer stops."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._fresh.add(_hash(token))
        return f"{base_url.rstrip('/')}/sign-in/{token}"

    def state(self, token: str) -> str:
        """`fresh`, `used` or `unknown`; looking does not use it up."""
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


def _hash(token: str) -> str:
    # Looked up by hash: how long a look-up takes tells nothing about the token itself.
    return hashlib.sha256(token.encode()).hexdigest()


def _secret_key(data: Path) -> bytes:
    """The key from the data folder, readable by its owner only; made on first use, by whoever comes first."""
    path = data / KEY_FILE
    data.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{KEY_FILE}-{secrets.token_hex(8)}")
    if not path.exists():
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            os.link(fresh, path)  # never replaces the key of another process that was quicker
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()


def require_sign_in(app: Flask, days: int) -> None:
    """Default deny: every endpoint that is not in PUBLIC sends strangers to the sign-in page."""

    @app.before_request
    def check() -> ResponseReturnValue | None:
        if request.endpoint in PUBLIC or signed_in(days):
            return None
        if request.method not in SAFE_METHODS:
            return redirect(url_for("auth.sign_in"), 303)
        return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")), 303)

    @app.context_processor
    def who() -> dict[str, object]:
        return {"signed_in": signed_in(days)}


def signed_in(days: int) -> bool:
    return bool(session.get(WHO)) and time.time() - session.get(WHEN, 0) < days * 86_400


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
    return render_template("auth/sign_in.html", state="none"), 200 if request.args.get("next") is None else 401


@bp.get("/sign-in/<token>")
def open_link(token: str) -> ResponseReturnValue:
    state = house().sign_in.state(token)
    return render_template("auth/sign_in.html", state=state, token=token), 200 if state == "fresh" else 410


@bp.post("/sign-in/<token>")
def use_link(token: str) -> ResponseReturnValue:
    if not house().sign_in.consume(token):
        return render_template("auth/sign_in.html", state=house().sign_in.state(token), token=token), 410
    session.clear()
    session.permanent = True
    session[WHO], session[WHEN] = "host", time.time()
    return redirect(local_path(request.form.get("next")), 303)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    session.clear()
    return redirect(url_for("auth.sign_in"), 303)
