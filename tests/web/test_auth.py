import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer

from capture.database import Database, utcnow
from capture.invitations import invite, new_link
from capture.models import Invitation, Person, Role
from capture.programmes import ensure_programme
from capture.settings import CaptureSettings
from mining.settings import MiningSettings
from tests.factories import make_event
from tests.web.conftest import Noted, Page, Spring, read
from tests.web.roles import address
from web.app import create_app
from web.auth import PUBLIC, SignIn, local_path
from web.settings import WebSettings


def test_a_stranger_reaches_nothing_but_the_public_endpoints(app: Flask, stranger: FlaskClient, spring: Spring) -> None:
    closed = 0
    for rule in app.url_map.iter_rules():
        path = address(rule)
        for method in rule.methods - {"OPTIONS", "HEAD"}:
            with stranger.open(path, method=method) as answer:
                to = urlsplit(answer.headers.get("Location", "")).path
            if rule.endpoint in PUBLIC:
                assert to != "/sign-in", rule
            else:
                closed += 1
                assert (answer.status_code, to) == (303, "/sign-in"), rule
    assert closed >= 15
    assert stranger.get("/events/spring/nowhere").status_code == 303


def test_the_public_set_is_what_it_says(app: Flask) -> None:
    assert {"auth.sign_in", "auth.open_link", "auth.use_link", "notices.feed", "static"} == PUBLIC
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= PUBLIC


def test_looking_at_the_link_does_not_use_it_up_and_the_button_does(app: Flask, sign_in: SignIn) -> None:
    link = sign_in.new_link("http://localhost/")
    preview, browser, late = app.test_client(), app.test_client(), app.test_client()
    assert "Sign in" in preview.get(link).text
    answer = browser.post(link)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert browser.get("/").status_code == 200
    used = late.post(link)
    assert used.status_code == 410
    assert "This link was used already" in used.text
    assert late.get("/").status_code == 303


def test_an_unknown_link_says_where_to_find_the_right_one(stranger: FlaskClient) -> None:
    answer = stranger.get("/sign-in/never-made")
    assert answer.status_code == 410
    assert "not known here" in answer.text


def test_signing_in_leads_on_to_the_page_that_was_asked_for(app: Flask, sign_in: SignIn, spring: Spring) -> None:
    browser = app.test_client()
    asked = browser.get("/events/spring?group=2")
    assert asked.headers["Location"] == "/sign-in?next=/events/spring?group%3D2"
    link = sign_in.new_link("http://localhost")
    form = Page(browser.get(link + "?next=/events/spring").text)
    assert form.one("//form//input[@name='next']").get("value") == "/events/spring"
    assert browser.post(link, data={"next": "/events/spring"}).headers["Location"] == "/events/spring"


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", None])
def test_a_next_that_leads_elsewhere_is_ignored(app: Flask, path: str | None) -> None:
    with app.test_request_context():
        assert local_path(path) == "/"


def test_signing_out_ends_it(client: FlaskClient) -> None:
    assert client.get("/").status_code == 200
    client.post("/sign-out")
    assert client.get("/").status_code == 303


def test_a_sign_in_ends_after_the_days_that_were_set(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    later = time.time() + 14 * 86_400 + 60
    monkeypatch.setattr("web.auth.time.time", lambda: later)
    assert client.get("/").status_code == 303


def invited(database: Database, sign_in: SignIn, spring: Spring, **values: object) -> tuple[str, Invitation]:
    """The path of a link for Ada, alumna of the spring event's programme, and its invitation."""
    with database.writing() as session:
        programme = ensure_programme(session, spring.event)
        given = {"name": "Ada", "email": "ada@example.org", **values}
        link = invite(session, programme, Role.ALUMNUS, "me", 14, **given).invitation
    return f"/sign-in/{sign_in.links.of_invitation(link.nonce)}", link


def test_an_invitation_signs_in_as_many_browsers_as_its_person_has_and_counts_them(
    app: Flask, database: Database, sign_in: SignIn, spring: Spring
) -> None:
    path, _ = invited(database, sign_in, spring)
    for _ in range(3):
        preview, browser = app.test_client(), app.test_client()
        page = read(preview, path)
        assert "Hello Ada" in page.text and "“Spring open space” as alumnus" in page.text
        assert browser.post(path, data={"next": "/events/spring"}).headers["Location"] == "/events/spring"
        read(browser, "/events/spring")
        assert "signed in as Ada (ada@example.org)" in read(browser, "/account").text
    with database.reading() as session:
        assert session.query(Invitation).one().uses == 3


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: t[:20], lambda t: t + "x", lambda t: "A" + t[1:]])
def test_a_link_that_is_cut_or_changed_is_not_known(
    app: Flask, database: Database, sign_in: SignIn, spring: Spring, spoil: Callable[[str], str]
) -> None:
    path, _ = invited(database, sign_in, spring)
    spoilt = "/sign-in/" + spoil(path.removeprefix("/sign-in/"))
    browser = app.test_client()
    assert "only a part of the link was copied" in read(browser, spoilt, 410).text
    assert browser.post(spoilt).status_code == 410
    assert browser.get("/").status_code == 303


def test_a_link_signed_with_another_key_or_for_another_purpose_is_not_known(
    app: Flask, database: Database, sign_in: SignIn, spring: Spring, tmp_path: Path
) -> None:
    _, link = invited(database, sign_in, spring)
    foreign = SignIn(tmp_path / "other").links.of_invitation(link.nonce)
    unsigned = URLSafeSerializer(b"", salt="harvest-invitation").dumps(link.nonce)
    for token in (foreign, unsigned, sign_in.links.of_device({"who": "x"}), link.nonce):
        assert app.test_client().post(f"/sign-in/{token}").status_code == 410


def test_a_link_that_has_expired_was_ended_or_replaced_says_so(
    app: Flask, database: Database, sign_in: SignIn, spring: Spring
) -> None:
    path, link = invited(database, sign_in, spring)
    with database.writing() as session:
        session.get_one(Invitation, link.id).expires_at = utcnow() - timedelta(seconds=1)
    page = read(app.test_client(), path, 410)
    assert "has expired" in page.text and "“Spring open space”" in page.text
    assert app.test_client().post(path).status_code == 410
    path, link = invited(database, sign_in, spring)
    with database.writing() as session:
        new_link(session, ensure_programme(session, spring.event), link.person_id, "me", 14)
    assert "does not work any more" in read(app.test_client(), path, 410).text
    assert app.test_client().post(path).status_code == 410
    with database.writing() as session:
        session.query(Person).filter_by(email="ada@example.org").delete()
    assert "does not work any more" in read(app.test_client(), path, 410).text


def test_a_link_opens_only_the_programme_it_was_made_for(
    app: Flask, database: Database, sign_in: SignIn, spring: Spring
) -> None:
    """Whoever organises one programme can write links for anybody's address, and must not get into another with it."""
    path, link = invited(database, sign_in, spring)
    with database.writing() as session:
        elsewhere = ensure_programme(session, make_event(session, "elsewhere", programme="Far away"))
        there = invite(session, elsewhere, Role.ORGANISER, "them", 14, email="ada@example.org").invitation
    browser = app.test_client()
    browser.post(path)
    read(browser, "/events/spring")
    read(browser, "/events/elsewhere", 404)
    assert "Far away" not in read(browser, "/").text + read(browser, "/account").text
    browser.post(f"/sign-in/{sign_in.links.of_invitation(there.nonce)}")  # with both, both are open
    read(browser, "/events/elsewhere/people")
    read(browser, "/events/spring")
    assert link.programme_id != there.programme_id


def test_somebody_who_is_signed_in_already_is_warned_before_that_ends(
    client: FlaskClient, database: Database, sign_in: SignIn, spring: Spring
) -> None:
    path, _ = invited(database, sign_in, spring)
    assert "You are signed in here as the host" in read(client, path).text
    client.post(path)
    assert "signed in here" not in read(client, path).text
    other, _ = invited(database, sign_in, spring, name="Bo", email=None)
    assert "You are signed in here as Ada" in read(client, other).text
    read(client, "/events/spring/people", 403)


def test_no_invitation_makes_anybody_the_host(app: Flask, database: Database, sign_in: SignIn, spring: Spring) -> None:
    path, _ = invited(database, sign_in, spring, name="the host", email=None)
    browser = app.test_client()
    browser.post(path)
    read(browser, "/events/spring/people", 403)


def test_a_device_link_signs_in_the_same_person_for_an_hour(
    app: Flask, database: Database, sign_in: SignIn, spring: Spring, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = invited(database, sign_in, spring)
    first = app.test_client()
    first.post(path)
    link = urlsplit(read(first, "/account/device").one("//input[@readonly]").get("value")).path
    second = app.test_client()
    assert "Hello Ada" in read(second, link).text
    second.post(link)
    read(second, "/events/spring")
    now = time.time()
    monkeypatch.setattr("web.links.time.time", lambda: now + 3601)
    assert "for one hour" in read(app.test_client(), link, 410).text
    assert app.test_client().post(link).status_code == 410


def test_a_device_link_ends_with_the_sign_in_it_comes_from(
    app: Flask, client: FlaskClient, sign_in: SignIn, spring: Spring
) -> None:
    link = urlsplit(read(client, "/account/device").one("//input[@readonly]").get("value")).path
    second = app.test_client()
    second.post(link)
    read(second, "/events/spring/people")  # the host's, too
    client.post("/account/sign-out-everywhere")
    assert second.get("/").status_code == 303
    assert app.test_client().post(link).status_code == 410


def test_twenty_dead_links_a_minute_are_enough_and_good_ones_are_not_counted(
    app: Flask, database: Database, sign_in: SignIn, spring: Spring
) -> None:
    path, _ = invited(database, sign_in, spring)
    for _ in range(30):  # a whole company behind one address
        assert app.test_client().post(path).status_code == 303
    guesser = app.test_client()
    tried = [guesser.open(f"/sign-in/guess-{n}", method="POST" if n % 2 else "GET").status_code for n in range(25)]
    assert tried == [410] * 20 + [429] * 5
    page = read(guesser, "/sign-in/guess", 429)
    assert page.one("//h1").text == "Too many links that do not hold"
    assert "Wait a minute" in page.text
    for link in (path, sign_in.new_link("")):  # who shares the address with a guesser is not locked out
        assert app.test_client().get(link).status_code == 200
        assert app.test_client().post(link).status_code == 303
        assert app.test_client().post(path + "x").status_code == 429
    other = guesser.get("/sign-in/guess", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 410


def test_cookies_are_for_https_only_where_the_page_came_by_it(
    settings: CaptureSettings, database: Database, carrier: Noted, sign_in: SignIn
) -> None:
    web = WebSettings(capture=settings, mining=MiningSettings(), address="https://harvest.example.org/")
    app = create_app(web, database, carrier, sign_in)

    def cookie(base: str) -> str:
        return app.test_client().post(sign_in.new_link(""), base_url=base).headers["Set-Cookie"]

    assert "Secure" not in cookie("http://127.0.0.1:8765")
    assert "Secure" in cookie("https://127.0.0.1:8765")
    assert "Secure" in cookie("http://harvest.example.org")  # as a proxy that ends HTTPS passes it on


def test_a_forged_cookie_is_worth_nothing(stranger: FlaskClient) -> None:
    stranger.set_cookie("harvest", "eyJ3aG8iOiJob3N0In0.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert stranger.get("/").status_code == 303
