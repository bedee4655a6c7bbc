import pytest
from flask.testing import FlaskClient

from tests.web.conftest import Spring
from web.security import comes_from_here, is_trusted

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
    "Cache-Control": "no-store",
}


@pytest.mark.parametrize("path", ["/", "/events/spring", "/events/spring/rooms.json", "/events/nowhere", "/sign-in/x"])
def test_every_page_leaves_with_exactly_these_headers(client: FlaskClient, spring: Spring, path: str) -> None:
    answer = client.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert set(answer.headers.keys()) <= {*HEADERS, "Content-Type", "Content-Length", "Vary", "Set-Cookie"}


def test_an_address_that_is_not_ours_is_refused_against_dns_rebinding(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "HARVEST_HOSTS" in answer.text


@pytest.mark.parametrize(
    ("host", "trusted"),
    [
        ("localhost:8765", True),
        ("127.0.0.1:8765", True),
        ("[::1]:8765", True),
        ("192.168.0.7:8765", True),
        ("harvest.example.org", True),
        ("HARVEST.example.org.:80", True),
        ("harvest.example.org.evil.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example:8765", False),
        ("", False),
    ],
)
def test_trusted_are_loopback_names_plain_addresses_and_what_was_configured(host: str, trusted: bool) -> None:
    assert is_trusted(host, frozenset({"harvest.example.org", "localhost"})) is trusted


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
    ],
)
def test_a_form_sent_from_another_site_changes_nothing(client: FlaskClient, spring: Spring, headers: dict) -> None:
    answer = client.post("/events/spring/delete", headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text
    assert client.get("/events/spring").status_code == 200


@pytest.mark.parametrize(
    ("site", "origin"), [("same-origin", "http://h"), ("none", None), (None, "http://localhost:1"), (None, None)]
)
def test_our_own_pages_and_programs_may_change_things(site: str | None, origin: str | None) -> None:
    assert comes_from_here(site, origin, "localhost:1")
