import stat
import time

import pytest

from capture.errors import Refused
from capture.settings import CaptureSettings
from web.links import KEY_FILE, Links, clean_address, secret_key

KEY = b"k" * 32


def test_a_link_is_the_same_each_time_and_tells_its_nonce_only_with_the_key() -> None:
    links = Links(KEY)
    token = links.of_invitation("0123456789abcdef")
    assert token == Links(KEY).of_invitation("0123456789abcdef")
    assert links.invitation(token) == "0123456789abcdef"
    assert Links(b"j" * 32).invitation(token) is None
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_links_of_one_purpose_are_worth_nothing_for_the_other() -> None:
    links = Links(KEY)
    assert links.device(links.of_invitation("0123456789abcdef")) is None
    assert links.invitation(links.of_device({"who": "x"})) is None
    assert links.invitation("") is links.device("") is None


def test_a_device_link_tells_whether_its_hour_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    links, now = Links(KEY), time.time()
    token = links.of_device({"who": "x", "when": 1.5})
    assert links.device(token) == ({"who": "x", "when": 1.5}, True)
    monkeypatch.setattr("web.links.time.time", lambda: now + 3601)
    assert links.device(token) == ({"who": "x", "when": 1.5}, False)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://harvest.example.org/", "https://harvest.example.org"),
        (" http://192.168.0.7:8765 ", "http://192.168.0.7:8765"),
        ("http://[::1]:8765", "http://[::1]:8765"),
    ],
)
def test_an_address_is_kept_without_its_last_slash(text: str, address: str) -> None:
    assert clean_address(text) == address


@pytest.mark.parametrize(
    "text",
    ["harvest.example.org", "ftp://x.org", "https://", "javascript:alert(1)", "https://x.org/path", "https://x.org?a"]
    + ["https://user@x.org", "https://x.org:port", "https://x .org", "https://[::1", "https://x.org\n"[:-1] + "\u202e"],
)
def test_what_is_no_address_of_a_viewer_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="is not the address of a viewer"):
        clean_address(text)


def test_the_key_is_made_once_and_only_its_owner_reads_it(settings: CaptureSettings) -> None:
    first, again = secret_key(settings.data_dir), secret_key(settings.data_dir)
    path = settings.data_dir / KEY_FILE
    assert first == again
    assert len(first) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in settings.data_dir.iterdir() if "key" in each.name] == [KEY_FILE]
