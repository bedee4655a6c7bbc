"""What stands before every page: whom the request is addressed to, where it comes from, and the headers it leaves with.

Candid talk is in here, so a page of another site must not be able to read, send or embed anything: names are checked
against DNS rebinding, changes against cross-site requests (Fetch Metadata, else Origin), and scripts, styles and
media come from this address alone. Cookies are for HTTPS only where pages come by it, and whoever tries links that do
not hold has to slow down.
"""

import ipaddress
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask.sessions import SecureCookieSessionInterface
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from web.settings import WebSettings

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""On every answer. Referrers stay within the site; without any, browsers would send forms with `Origin: null`."""
PAGE_CACHE = "no-store"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
DEAD_LINKS = "20 per minute"
"""How many links that do not hold one address may try."""


def guard(app: Flask, settings: WebSettings) -> None:
    """Hangs the checks before, and the headers behind, every request of the app."""
    trusted = settings.trusted_hosts | LOOPBACK

    @app.before_request
    def check_host() -> None:
        if not is_trusted(request.host, trusted):
            abort(400, "This address is not one of this viewer's names. Add it to HARVEST_HOSTS if it should be.")

    @app.before_request
    def check_origin() -> None:
        if request.method not in SAFE_METHODS and not comes_from_here(
            request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin"), request.host
        ):
            abort(403, "This form was sent from another site, so nothing was changed. Open the page here.")

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", PAGE_CACHE)
        return response


def limit_sign_in(app: Flask, holds: Callable[[], bool]) -> None:
    """Lets an address try DEAD_LINKS. After the blueprints are registered; each app counts for itself, in memory.

    Only links that do not hold are counted, and only they are refused: `holds` tells whether the one of the current
    request lets somebody in. The limit goes by the address that connects: behind a proxy, or in one company's network,
    everybody shares it, and one who tries must not lock out two hundred who were invited. Guessing a link is hopeless
    anyway; this keeps a script from trying all day.
    """
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", strategy="moving-window")
    dead = limiter.shared_limit(
        DEAD_LINKS, scope="sign-in", exempt_when=holds, deduct_when=lambda answer: answer.status_code == 410
    )
    views: Any = app.view_functions
    for endpoint in ("auth.open_link", "auth.use_link"):
        views[endpoint] = dead(views[endpoint])


class Cookies(SecureCookieSessionInterface):
    """Marks cookies `Secure` where the page came by HTTPS. A proxy that ends HTTPS is known by the public address that
    was set: the request says `http` then, but is addressed to that name."""

    def __init__(self, settings: WebSettings) -> None:
        self._public = urlsplit(settings.public_address)

    def get_cookie_secure(self, app: Flask) -> bool:
        behind_proxy = self._public.scheme == "https" and request.host.lower() == self._public.netloc.lower()
        return request.is_secure or behind_proxy


def is_trusted(host: str, trusted: frozenset[str]) -> bool:
    """Whether `host` (with or without port) is one of ours. A plain IP address always is: rebinding needs a name."""
    name = (urlsplit(f"//{host}").hostname or "").rstrip(".").lower()
    if name in trusted:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def comes_from_here(fetch_site: str | None, origin: str | None, host: str) -> bool:
    """Whether a changing request was made by one of our own pages, or by a program that is no browser.

    Browsers send Sec-Fetch-Site over HTTPS and to this machine, and Origin always; programs send neither.
    """
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()
