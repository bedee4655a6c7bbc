import errno
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from capture.database import Database
from capture.errors import StorageFull
from capture.media import MediaFolder
from capture.models import Recording
from tests.factories import (
    make_analysis,
    make_event,
    make_group,
    make_passage,
    make_recording,
    make_theme,
    make_utterances,
)
from tests.web import roles
from tests.web.conftest import Page, Spring, read
from web.app import Id

HOSTILE = [
    "<script>alert(1)</script>",
    "X" * 200,
    "🎈 party of managers",
    "\u05de\u05d4 \u05d0\u05e0\u05d7\u05e0\u05d5 \u05dc\u05d0",
    "a & b < c > \"d\" 'e' {{ 7*191 }}",
]
PAGES = ["/", "/events/{}", "/events/{}/rooms", "/events/{}/themes/1", "/events/{}/groups/{}", "/events/{}/delete"]


@pytest.fixture
def hostile(database: Database) -> list[str]:
    """Paths of every page of an event in which everything a user can write is hostile."""
    with database.writing() as session:
        event = make_event(session, "hostile", title=HOSTILE[0], programme=HOSTILE[4])
        groups = [make_group(session, event, name) for name in HOSTILE]
        recordings = [
            make_recording(session, group, original_name=f"{group.name}.vtt", warnings=[HOSTILE[0]]) for group in groups
        ]
        analysis = make_analysis(
            session, event, notes=[HOSTILE[0]], left_out=[{"reason": HOSTILE[0], "utterances": 1, "words": 2}]
        )
        theme = make_theme(
            session,
            analysis,
            label=f"</title>{HOSTILE[0]}",
            keywords=HOSTILE,
            breadth=5,
            by_group={str(group.id): 0.5 for group in groups},
            perspectives=[{"group": g.id, "keywords": HOSTILE, "quotes": [i]} for i, g in enumerate(groups, 1)],
            neighbours=[1],
        )
        for number, (recording, text) in enumerate(zip(recordings, HOSTILE, strict=True), 1):
            make_utterances(session, recording, [text])
            make_passage(session, analysis, recording, number, theme, first=0, last=0, text=text)
        removal = f"/events/hostile/recordings/{recordings[0].id}/remove"
        return [removal, *(page.format("hostile", groups[0].id) for page in PAGES)]


def test_whatever_people_write_stays_text_on_every_page(client: FlaskClient, hostile: list[str]) -> None:
    for path in hostile:
        answer = client.get(path)
        assert answer.status_code == 200, path
        page = Page(answer.text)
        assert not page.all("//script[not(@src)]"), path
        assert "<script>alert" not in answer.text, path
        assert "1337" not in page.text, path
        assert HOSTILE[0] in page.text, path


def test_no_page_carries_inline_script_style_or_another_host(
    client: FlaskClient, hostile: list[str], spring: Spring
) -> None:
    recording, group = spring.recordings[0].id, spring.groups[0].id
    own = ["/events/spring", "/events/spring/themes/1", f"/events/spring/groups/{group}", "/events/spring/rooms"]
    for path in [*hostile, *own, f"/events/spring/recordings/{recording}/remove", "/sign-in"]:
        page = read(client, path)
        assert not page.all("//style | //@style | //*[@*[starts-with(name(), 'on')]]"), path
        for address in page.all("//@src | //@href | //@action"):
            assert not re.match(r"[a-z]+:|//", address), (path, address)


def test_every_page_has_one_heading_a_language_a_title_and_a_way_past_the_menu(
    client: FlaskClient, hostile: list[str]
) -> None:
    for path in hostile:
        page = read(client, path)
        assert len(page.all("//h1")) == 1, path
        assert page.one("//html").get("lang") == "en"
        assert page.one("//head/title").text.endswith(" · Harvest")
        assert page.one("//a[@class='skip']").get("href") == "#main"
        assert page.one("//main").get("id") == "main"
        ids = page.all("//@id")
        assert len(ids) == len(set(ids)), path
        for field in page.all("//input[not(@type='hidden')] | //select"):
            assert field.get("aria-label") or field.xpath("ancestor::label"), path


def test_static_files_may_be_kept_for_a_year_because_their_address_follows_their_content(client: FlaskClient) -> None:
    page = read(client, "/")
    style = page.one("//link[@rel='stylesheet']").get("href")
    assert re.fullmatch(r"/static/style\.css\?v=[0-9a-f]{12}", style)
    with client.get(style) as answer:
        assert answer.status_code == 200
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert answer.mimetype == "text/css"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/events/nowhere", "There is no event “nowhere”"),
        ("/nowhere", "Nothing is here"),
        ("/events/spring/themes/99", "There is no theme 99"),
        ("/events/spring/groups/9999", "no such group"),
        ("/events/spring/recordings/9999/audio", "no recording 9999"),
        ("/events/spring/recordings/9999/remove", "no recording 9999"),
    ],
)
def test_what_is_not_there_is_said_in_words(client: FlaskClient, spring: Spring, path: str, words: str) -> None:
    assert words in read(client, path, 404).text


def test_a_wrong_method_and_a_form_too_large_are_said_in_words(client: FlaskClient, spring: Spring) -> None:
    assert client.post("/events/spring").status_code == 405
    answer = client.post("/events", data={"title": "x" * (2 << 20)})
    assert answer.status_code == 413
    assert "8 MB at most" in answer.text


def _raising(error: Exception) -> Callable[[], str]:
    def view() -> str:
        raise error

    return view


def test_a_fault_is_logged_and_the_page_shows_no_traceback(app: Flask, client: FlaskClient) -> None:
    app.testing = False
    app.view_functions["events.index"] = _raising(ZeroDivisionError("secret detail"))
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "secret detail" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_full_disk_is_told_as_such_to_pages_and_scripts(app: Flask, client: FlaskClient) -> None:
    app.view_functions["events.index"] = _raising(StorageFull("The disk is full; make room."))
    assert client.get("/").status_code == 507
    answer = client.get("/", headers={"Accept": "application/json"})
    assert answer.json == {"error": "The disk is full; make room."}


def test_a_disk_that_fills_up_during_an_upload_is_told(
    client: FlaskClient, spring: Spring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("web.app.TemporaryFile", lambda *a, **k: full())
    answer = client.post("/events/spring/rooms", data={"files": (__file__, "x.vtt")})
    assert answer.status_code == 507
    assert "disk is full" in answer.text


def test_uploads_are_spooled_to_the_disk_of_the_media_folder(app: Flask, media: MediaFolder) -> None:
    with app.test_request_context(), request._get_file_stream(None, None) as stream:
        stream.write(b"x")
        assert str(media.incoming) in str(Path(f"/proc/self/fd/{stream.fileno()}").readlink())


def test_a_refused_upload_leaves_nothing_behind(
    client: FlaskClient, spring: Spring, media: MediaFolder, database: Database
) -> None:
    damaged = BytesIO(b"\x00\xff\xfe\x01" * 5000)
    answer = client.post("/events/spring/rooms", data={"files": (damaged, "room.m4a")})
    assert answer.status_code == 422
    assert list(media.incoming.iterdir()) == []
    with database.reading() as session:
        assert session.query(Recording).count() == 10


@pytest.mark.parametrize("number", ["9223372036854775807", "9223372036854775808", "9" * 20, "9" * 5000])
def test_a_number_that_no_row_can_have_leads_nowhere_at_any_address(
    client: FlaskClient, app: Flask, spring: Spring, number: str
) -> None:
    app.testing = False
    tried = 0
    for rule in app.url_map.iter_rules():
        whole = any(type(converter) is Id for converter in rule._converters.values())
        path = re.sub(r"/1(?=[/.]|$)", f"/{number}", roles.address(rule)) if whole else ""
        assert not whole or number in path
        for method in rule.methods - {"OPTIONS", "HEAD"} if whole else ():
            answer = client.open(path, method=method)
            tried += 1
            assert answer.status_code < 500, (rule, method)
            assert len(number) == 19 or answer.status_code == 404, (rule, method)
    assert tried >= 50


@pytest.mark.parametrize("number", ["9" * 20, "-" + "9" * 20, "9" * 5000, "½", ""])
def test_a_number_in_a_form_or_behind_a_question_mark_that_none_can_be_counts_as_none(app: Flask, number: str) -> None:
    with app.test_request_context("/", method="POST", data={"id": ["7", number]}, query_string={"id": number}):
        assert request.form.getlist("id", type=int) == [7]
        assert request.args.get("id", type=int) is None and request.args.get("id", -1, type=int) == -1
        assert request.args.get("id") == request.args["id"] == number


def test_forms_with_such_numbers_are_answered_in_words(client: FlaskClient, app: Flask, spring: Spring) -> None:
    app.testing = False
    big = "9" * 20
    for path, form in (
        ("/notices", {"id": big}),
        ("/events/spring/outbox", {"person": big, "id": big}),
        ("/events/spring/next-steps", {"text": "Write it down.", "group": big}),
        ("/events/spring/peer-groups/move", {"entry": big, "to": f"group-{big}"}),
        ("/events/spring/people/settings", {"quorum": big, "mode": "open"}),
        ("/events/spring/drafts", {"theme": big, "strand": big}),
    ):
        assert client.post(path, data=form).status_code < 500, path
    for path in ("/events/spring?group=", "/catalogue?page=", "/events/spring/groups/1?recording="):
        assert client.get(path + big).status_code < 500, path


def test_what_is_not_there_leads_back_to_its_event_and_a_stranger_nowhere_they_may_not_go(
    client: FlaskClient, stranger: FlaskClient, spring: Spring
) -> None:
    def ways(browser: FlaskClient, path: str) -> list[str]:
        return [a.get("href") for a in Page(browser.get(path).text).all("//main//a")]

    assert ways(client, "/events/spring/proposals/999") == ["/events/spring", "/"]
    assert ways(client, "/events/nowhere") == ["/"]
    for number in range(25):
        last = f"/sign-in/wrong{number}"
        stranger.get(last)
    assert stranger.get(last).status_code == 429 and ways(stranger, last) == []
