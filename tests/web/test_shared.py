"""An alumnus opens every page there is, at every quorum, and puts together what they show."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from capture.database import Database
from capture.models import Event, Group
from capture.programmes import ensure_programme
from capture.transcripts import utterances_of
from mining.citations import cite
from tests.factories import make_next_step
from tests.mining.crowd import ROOMS, SECRETS, THEMES, Crowd, make_crowd
from tests.web.conftest import Page, read, words

SignedInAs = Callable[..., FlaskClient]
STAFF_ONLY = ("/groups/", "/recordings/", "/decisions", "/rooms", "#u-", "#group-")


@pytest.fixture
def crowd(database: Database) -> Crowd:
    """With a commitment that was found in a hidden theme."""
    with database.writing() as session:
        crowd = make_crowd(session, sound=7)
        first = crowd.recordings[0]
        said = next(u for u in utterances_of(session, first.id) if SECRETS[5] in u.text)
        group = session.get_one(Group, first.group_id)
        make_next_step(session, crowd.event, group, citation=cite(said, 0, len(said.text)))
        return crowd


def with_quorum(database: Database, quorum: int) -> None:
    with database.writing() as session:
        event = session.scalars(select(Event).where(Event.slug == "crowd")).one()
        ensure_programme(session, event).quorum = quorum


def every_page(client: FlaskClient, start: str = "/", but: tuple[str, ...] = ()) -> dict[str, str]:
    """{address: text} of all that can be reached by links and sources, `but` what ends so; what is refused counts as it
    reads."""
    waiting, found = [start, "/events/crowd"], dict[str, str]()
    while waiting:
        address = waiting.pop().split("#")[0]
        if address in found or not address.startswith("/") or address.startswith("/static") or address.endswith(but):
            continue
        with client.get(address) as answer:
            found[address] = answer.text if answer.mimetype.startswith("text") else f"{answer.headers}"
        waiting += re.findall(r'(?:href|src|action)="([^"]+)"', found[address])
    return found


@pytest.mark.parametrize(("role", "quorum"), [("alumnus", 2), ("alumnus", 3), ("alumnus", 5), ("sponsor", 3)])
def test_all_pages_together_hold_nothing_of_a_hidden_theme_nor_of_a_group(
    signed_in_as: SignedInAs, database: Database, crowd: Crowd, role: str, quorum: int
) -> None:
    with_quorum(database, quorum)
    pages = every_page(signed_in_as(role, "crowd", name="Alex"))
    shown = [number for number, (_, _, groups) in THEMES.items() if groups >= quorum]
    assert {f"/events/crowd/themes/{number}" for number in shown} <= set(pages)
    assert sum(".wav" in address for address in pages) >= 2 * len(shown)
    everything = "\n".join([*pages, *pages.values()]).lower()
    for number, (label, own, _) in THEMES.items():
        if number not in shown:
            assert label.lower() not in everything and SECRETS[number] not in everything
            assert [word for word in own.split() if re.search(rf"\b{word}\b", everything)] == []
    for room in ROOMS:
        assert room.lower() not in everything
    assert "area of the lyon" not in everything
    assert not any(way in address for way in STAFF_ONLY for address in pages)
    assert not re.search(r"person \d", everything)
    for recording in crowd.recordings:
        assert recording.stored_name not in everything and recording.original_name not in everything


def test_hidden_and_missing_themes_are_refused_in_the_same_bytes(
    signed_in_as: SignedInAs, database: Database, crowd: Crowd
) -> None:
    alumnus = signed_in_as("alumnus", "crowd")
    said = set()
    for number in (4, 5, 9, 12):
        page = alumnus.get(f"/events/crowd/themes/{number}")
        assert page.status_code == 404
        said.add(page.text.replace(f"theme {number} ", "theme N "))
    assert len(said) == 1


def test_nothing_that_only_staff_may_open_can_be_opened(signed_in_as: SignedInAs, crowd: Crowd) -> None:
    recording = crowd.recordings[0]
    alumnus = signed_in_as("alumnus", "crowd")
    for address in (
        f"/events/crowd/groups/{recording.group_id}",
        f"/events/crowd/recordings/{recording.id}/audio",
        f"/events/crowd/recordings/{recording.id}/transcript.vtt",
        "/events/crowd/decisions",
        "/events/crowd/rooms",
    ):
        assert alumnus.get(address).status_code == 403


def test_the_first_page_tells_of_themes_and_of_how_many_groups(signed_in_as: SignedInAs, crowd: Crowd) -> None:
    page = read(signed_in_as("alumnus", "crowd"), "/events/crowd")
    assert [link.text_content() for link in page.all("//ol//h3/a")] == [THEMES[n][0] for n in (1, 2, 3)]
    assert "at least 4 of 7 groups" in page.text and "3 of 7 groups" in page.text
    squares = [len(strip.xpath("rect")) for strip in page.all("//ol//svg[@role='img']")]
    assert squares == [7, 7, 7]
    filled = [len(strip.xpath("rect[not(@class)]")) for strip in page.all("//ol//svg[@role='img']")]
    assert filled == [4, 4, 3]
    assert page.all("//ol//svg[@role='img']//title") == []
    assert "Whatever fewer than three groups raised, and how many such themes there are." in page.text


def test_a_theme_page_has_quotes_that_can_be_heard_and_says_what_is_left_out(
    signed_in_as: SignedInAs, crowd: Crowd
) -> None:
    page = read(signed_in_as("sponsor", "crowd"), "/events/crowd/themes/3")
    assert len(page.all("//figure//blockquote")) == 3
    for link in page.all("//a[@data-play]"):
        assert re.fullmatch(r"/events/crowd/themes/3/said/[0-9a-f]{20}\.wav", link.get("href"))
        assert (link.get("data-title"), link.get("data-start"), link.get("data-end")) == ("A quote", "0", "1.8")
    assert "Each quote is from another one of the three groups, in no order." in page.text
    told = {words(row[0]): words(row[1]) for row in page.all("//tbody/tr")}
    assert told["as a challenge"] == "3"
    assert told["with a question"] == "fewer than three, or none"
    assert "Which groups these are, who spoke, and when." in page.text


def test_empty_pages_say_why(signed_in_as: SignedInAs, database: Database, client: FlaskClient) -> None:
    with database.writing() as session:
        make_crowd(session, groups=4, themes={4: 2})
    alumnus = signed_in_as("alumnus", "crowd")
    assert "No theme was raised by three groups or more." in read(alumnus, "/events/crowd").text
    with_quorum(database, 5)
    assert "Fewer than five groups talked so far." in read(alumnus, "/events/crowd").text
    client.post("/events", data={"title": "Later"})
    assert "Themes were not looked for yet." in read(signed_in_as("alumnus", "later"), "/events/later").text


def test_staff_see_everything_and_may_look_as_an_alumnus(client: FlaskClient, crowd: Crowd) -> None:
    assert "Closing of the Lyon site" in read(client, "/events/crowd").text
    page = read(client, "/events/crowd?as=alumnus")
    assert "This is what alumni and sponsors see here." in page.text
    assert "Closing of the Lyon site" not in page.text
    [theme] = [link.get("href") for link in page.all("//ol//a") if link.text_content() == THEMES[3][0]]
    shared = read(client, theme)
    assert "This is what alumni and sponsors see here." in shared.text
    assert not any(room in shared.text for room in ROOMS)
    assert client.get("/events/crowd/themes/5").status_code == 200
    assert client.get("/events/crowd/themes/5?as=alumnus").status_code == 404


def test_an_alumnus_cannot_ask_to_see_as_somebody_else(signed_in_as: SignedInAs, crowd: Crowd) -> None:
    alumnus = signed_in_as("alumnus", "crowd")
    for asked in ("?as=organiser", "?as=", "?as=alumnus", "?group=1", "?by=area"):
        page = read(alumnus, f"/events/crowd{asked}")
        assert "Lyon" not in page.text and "This is what alumni" not in page.text


def test_a_person_of_another_programme_sees_no_event_at_all(app: Flask, signed_in_as: SignedInAs, crowd: Crowd) -> None:
    assert signed_in_as(None).get("/events/crowd").status_code == 404


def test_names_people_gave_themes_and_what_they_write_stays_text(
    signed_in_as: SignedInAs, database: Database, crowd: Crowd
) -> None:
    with database.writing() as session:
        theme = session.merge(crowd.themes[1])
        theme.label, theme.named_by = "<script>alert(1)</script>", "Ann"
    answer = signed_in_as("alumnus", "crowd").get("/events/crowd")
    assert "<script>alert" not in answer.text
    assert "<script>alert(1)</script>" in Page(answer.text).text


def test_only_who_may_propose_is_asked_to_and_everybody_finds_what_others_proposed(
    signed_in_as: SignedInAs, crowd: Crowd
) -> None:
    def ways(role: str) -> set[str]:
        return {words(a) for a in read(signed_in_as(role, "crowd"), "/events/crowd").all("//p[@class='onwards']/a")}

    assert "Propose a topic" in ways("alumnus")
    assert ways("sponsor") == {"What others proposed"}
