import re

from flask.testing import FlaskClient

from capture.database import Database
from tests.web.conftest import Spring, queries, read, words


def test_each_group_has_a_card_with_its_words_and_a_way_to_where_they_were_said(
    client: FlaskClient, spring: Spring
) -> None:
    page = read(client, "/events/spring/themes/2")
    cards = page.all("//article")
    assert [words(card.xpath(".//h3")[0]) for card in cards] == ["Room 1", "Room 2", "Room 3", "Room 4"]
    assert "25 % of its talk" in words(cards[0]).replace("\u00a0", " ")
    assert f"word{spring.groups[0].id}" in words(cards[0])
    group, recording = spring.groups[1].id, spring.recordings[1].id
    assert cards[1].xpath(".//figcaption//a/@href") == [f"/events/spring/groups/{group}#u-{recording}-4"]
    assert "transcript only" in words(cards[1])
    assert read(client, f"/events/spring/groups/{group}").all(f"//*[@id='u-{recording}-4']")


def test_a_quote_of_sound_plays_its_exact_seconds(client: FlaskClient, spring: Spring) -> None:
    page = read(client, "/events/spring/themes/2")
    play = page.one(f"//article[@id='group-{spring.groups[0].id}']/figure//*[@data-play]")
    source = f"/events/spring/recordings/{spring.recordings[0].id}/audio"
    assert (play.get("data-src"), play.get("data-start"), play.get("data-end")) == (source, "40.00", "79.80")
    assert play.get("href") == f"{source}#t=40.00,79.80"
    assert words(play) == "▶ Play 00:40"


def test_speakers_are_told_apart_in_a_quote(client: FlaskClient, spring: Spring) -> None:
    page = read(client, "/events/spring/themes/3")
    turns = [words(p) for p in page.all("//blockquote/p")]
    assert turns[0] == "person 1 Room 10 says sentence 8 of its talk."
    assert turns[1] == "person 2 Room 10 says sentence 9 of its talk."


def test_facts_silent_groups_and_neighbours_are_named(client: FlaskClient, spring: Spring) -> None:
    page = read(client, "/events/spring/themes/1")
    assert re.search(r"Eight groups of ten raise it, in 8.passages", page.text)
    silent = page.one("//section[@aria-labelledby='silent']")
    assert [words(a) for a in silent.xpath(".//a")] == ["Room 9", "Room 10"]
    near = page.all("//section[@aria-labelledby='near']//a/@href")
    assert near == ["/events/spring/themes/2", "/events/spring/themes/3"]
    alone = read(client, "/events/spring/themes/3")
    assert "One group is a small sample" in alone.text


def test_the_page_costs_a_few_queries_however_many_groups_raise_the_theme(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    with queries(database) as one:
        read(client, "/events/spring/themes/3")
    with queries(database) as eight:
        read(client, "/events/spring/themes/1")
    assert len(one) == len(eight) <= 12
