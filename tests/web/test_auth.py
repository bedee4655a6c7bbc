import stat
import time
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from capture.settings import CaptureSettings
from tests.web.conftest import Page, Spring
from web.auth import KEY_FILE, PUBLIC, SignIn, local_path


def test_a_stranger_reaches_nothing_but_the_public_endpoints(app: Flask, stranger: FlaskClient, spring: Spring) -> None:
    values = {"slug": "spring", "number": 1, "group_id": 1, "recording_id": 1, "token": "x", "filename": "style.css"}
    values |= {"strand": 1, "decision_id": 1}
    closed = 0
    for rule in app.url_map.iter_rules():
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
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
    assert {"auth.sign_in", "auth.open_link", "auth.use_link", "static"} == PUBLIC
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


def test_the_key_is_made_once_and_only_its_owner_reads_it(settings: CaptureSettings) -> None:
    first, again = SignIn(settings.data_dir), SignIn(settings.data_dir)
    path = settings.data_dir / KEY_FILE
    assert first.secret_key == again.secret_key
    assert len(first.secret_key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in settings.data_dir.iterdir() if "key" in each.name] == [KEY_FILE]


def test_a_forged_cookie_is_worth_nothing(stranger: FlaskClient) -> None:
    stranger.set_cookie("harvest", "eyJ3aG8iOiJob3N0In0.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert stranger.get("/").status_code == 303
