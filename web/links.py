"""Links that sign people in, signed with the key of the data folder: whoever does not have it can write none.

For sign-in, the people page and `harvest invite`. What a link leads to is looked up anew each time it is used.
"""

import os
import secrets
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer

from capture.errors import Refused

KEY_FILE = "web-secret-key"
DEVICE_MINUTES = 60
"""How long a link for another device of one's own holds."""


class Links:
    """Writes and reads the part of an address that stands behind /sign-in/."""

    def __init__(self, key: bytes) -> None:
        self._invitations = URLSafeSerializer(key, salt="harvest-invitation")
        self._devices = URLSafeTimedSerializer(key, salt="harvest-device")

    def of_invitation(self, nonce: str) -> str:
        """The same one each time."""
        return str(self._invitations.dumps(nonce))

    def invitation(self, token: str) -> str | None:
        """The nonce; None where the link is not one of ours, or not whole."""
        try:
            nonce = self._invitations.loads(token)
        except BadData:
            return None
        return nonce if isinstance(nonce, str) else None

    def of_device(self, cookie: dict[str, Any]) -> str:
        """Holds what one browser's cookie says about who is signed in, for another browser of the same person."""
        return str(self._devices.dumps(cookie))

    def device(self, token: str) -> tuple[dict[str, Any], bool] | None:
        """What the cookie said, and whether the link still holds; None where it is not one of ours."""
        try:
            cookie, made_at = self._devices.loads(token, return_timestamp=True)
        except BadData:
            return None
        young = time.time() - made_at.timestamp() < DEVICE_MINUTES * 60
        return (cookie, young) if isinstance(cookie, dict) else None


def clean_address(text: str) -> str:
    """What links begin with, without a slash at the end. Raises Refused for what is no address of a viewer."""
    address = text.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and parts.hostname and not parts.path and address.isprintable()
        _ = parts.port
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username or " " in address:
        raise Refused(f"“{address[:80]}” is not the address of a viewer; write it like https://harvest.example.org.")
    return address


def secret_key(data: Path) -> bytes:
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
