import re
from typing import Any

from flask.testing import FlaskClient

from capture.database import Database
from mining.models import Theme
from tests.web.conftest import Page, Spring, queries, read, words


def change(database: Database, number: int, **values: Any) -> None:
    with database.writing() as session:
        theme = session.query(Theme).filter_by(number=number).one()
        for name, value in values.items():
            setattr(theme, name, value)


def sections(page: Page) -> list[str]:
    return page.all("//main//section/@aria-labelledby")


def card(page: Page, group_id: int) -> Any:
    return page.one(f"//article[@id='group-{group_id}']")


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
    assert len(one) == len(eight) <= 23


def test_the_page_reads_from_what_all_share_over_each_group_to_who_is_silent(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    change(database, 1, shared=4, kinds={"challenge": 0.6, "other": 0.4})
    page = read(client, "/events/spring/themes/1")
    assert sections(page) == ["shared", "voices", "silent", "kinds", "near"]
    shared = page.one("//section[@aria-labelledby='shared']")
    assert "comes closest to what all eight groups say" in words(shared)
    assert "Room 2 says sentence 0" in words(shared.xpath(".//blockquote")[0])
    change(database, 1, shared=None, kinds={})
    assert sections(read(client, "/events/spring/themes/1")) == ["voices", "silent", "near"]


def test_what_a_group_says_differently_is_on_its_card_with_the_seconds_to_hear_it(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    group = spring.groups[0].id
    view = {"group": group, "keywords": ["wall chart"], "quotes": [3], "distinctive": 2}
    change(database, 2, perspectives=[view])
    shown = card(read(client, "/events/spring/themes/2"), group)
    assert words(shown.xpath(".//p[@class='own']")[0]) == "Own words: wall chart"
    (quote,) = shown.xpath("./figure")
    assert "Room 1 says sentence 4" in words(quote)
    assert quote.xpath(".//*[@data-play]/@data-start") == ["40.00"]


def test_a_small_sample_says_so_and_a_group_without_words_of_its_own_too(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    """Every room has one passage of 40 seconds in the theme; then the first one has three, of two minutes in all."""
    group = spring.groups[0].id
    change(database, 1, perspectives=[{"group": group, "keywords": [], "quotes": [1], "distinctive": None}])
    little = words(card(read(client, "/events/spring/themes/1"), group)).replace("\u00a0", " ")
    assert "Only one passage, 40 s of talk: read it as an example, not as this group’s view." in little
    assert "stands out" not in little
    with database.writing() as session:
        theme = session.query(Theme).filter_by(number=1).one()
        for passage in theme.analysis.passages[:3]:
            passage.theme = theme
    much = words(card(read(client, "/events/spring/themes/1"), group))
    assert "read it as an example" not in much
    assert "Nothing in its words stands out against the other groups’." in much
    assert "More from this group: 2" in much


def test_a_theme_is_stated_in_somebodys_words_with_the_way_to_them(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    said = {"passage": 2, "position": 5, "start": 7, "end": 22, "text": "says sentence 5"}
    change(database, 2, statement=said)
    stated = read(client, "/events/spring/themes/2").one("//div[@class='stated one']")
    assert words(stated.xpath(".//blockquote")[0]) == "says sentence 5"
    recording = spring.recordings[0].id
    assert stated.xpath(".//*[@data-play]/@data-start") == ["50.00"]
    assert stated.xpath(".//a[@class='words']/@href") == [
        f"/events/spring/groups/{spring.groups[0].id}#u-{recording}-5"
    ]


def test_kinds_are_a_bar_and_a_table_that_names_each_of_its_parts(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    change(database, 1, kinds={"other": 0.2, "challenge": 0.5, "lesson": 0.3, "action": 0.0})
    page = read(client, "/events/spring/themes/1")
    rows = [[words(cell) for cell in row] for row in page.all("//div[@class='kinds']//tbody/tr")]
    assert rows == [["Challenges", "50 %"], ["Lessons", "30 %"], ["Other talk", "20 %"]]
    parts = page.all("//*[name()='svg'][@class='parts']/*[name()='rect']")
    assert [part.get("class") for part in parts] == ["challenge", "lesson", "other"]
    ends = [(float(part.get("x")), float(part.get("x")) + float(part.get("width"))) for part in parts]
    assert [start for start, _ in ends] == [0, 50, 80]
    assert all(end <= start for (_, end), (start, _) in zip(ends, ends[1:], strict=False)) and ends[-1][1] <= 100


def test_a_theme_of_one_group_is_not_compared_with_anybody(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    change(database, 3, shared=30)
    page = read(client, "/events/spring/themes/3")
    assert "shared" not in sections(page)
    assert words(page.one("//h2[@id='voices']")) == "What this group says"
    assert "In bold" not in page.text


def test_hostile_names_and_words_stay_text(client: FlaskClient, database: Database, spring: Spring) -> None:
    hostile = "<img src=x onerror=alert(1)>\"'&"
    with database.writing() as session:
        group = session.merge(spring.groups[0])
        group.name = hostile
    change(database, 1, shared=1, kinds={"challenge": 1.0, hostile: 0.5})
    view = {"group": spring.groups[0].id, "keywords": [hostile], "quotes": [1], "distinctive": 1}
    change(database, 1, perspectives=[view])
    page = read(client, "/events/spring/themes/1")
    assert not page.all("//img | //*[@onerror]")
    shown = card(page, spring.groups[0].id)
    assert words(shown.xpath(".//h3")[0]) == hostile and hostile in words(shown.xpath(".//p[@class='own']")[0])
