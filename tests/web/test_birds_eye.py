import re
import time

import pytest
from flask.testing import FlaskClient

from capture.database import Database
from capture.models import Job
from tests.factories import make_analysis, make_event, make_group, make_passage, make_recording, make_utterances
from tests.web.conftest import Spring, queries, read, words


def test_the_title_says_what_it_is_and_five_facts_say_how_much(client: FlaskClient, spring: Spring) -> None:
    page = read(client, "/events/spring")
    assert words(page.one("//h1")) == "Spring open space: What ten groups talked about"
    facts = [" ".join(map(words, fact)) for fact in page.all("//dl[@class='facts']/div")]
    assert len(facts) == 5
    assert facts[0] == "10 of 10 rooms transcribed"
    assert "30 passages" in facts[1].replace("\u00a0", " ")
    assert facts[3].replace("\u00a0", " ") == "43 % of talk in a theme"
    assert facts[4].startswith("not measured")


def test_every_cell_leads_to_that_groups_own_words(client: FlaskClient, spring: Spring) -> None:
    page = read(client, "/events/spring")
    cells = page.all("//div[contains(@class,'matrix')]//a[@class='cell']/@href")
    assert len(cells) == 8 + 4 + 1
    for address in cells:
        path, fragment = address.split("#")
        card = read(client, path).one(f"//article[@id='{fragment}']")
        name = next(g.name for g in spring.groups if fragment == f"group-{g.id}")
        assert f"{name} says sentence" in words(card.xpath(".//blockquote")[0])


def test_rows_are_ranked_and_silence_is_said(client: FlaskClient, spring: Spring) -> None:
    page = read(client, "/events/spring")
    rows = page.all("//div[contains(@class,'matrix')]//tbody/tr")
    assert [words(row.xpath("th//a")[0]) for row in rows] == [
        "Finance says no late",
        "No time to reflect",
        "The shop floor hears it last",
    ]
    assert [words(row.xpath("td")[0]) for row in rows] == ["8/10", "4/10", "1/10"]
    assert [words(row.xpath("th//span[contains(@class,'rank')]")[0]) for row in rows] == ["1", "2", "3"]
    assert "one group only" in words(rows[2])
    assert [words(cell) for cell in rows[0].xpath("td")[-2:]] == ["silent", "silent"]
    heads = page.all("//th[contains(@class,'g')]/a/@href")
    assert heads == [f"/events/spring/groups/{group.id}" for group in spring.groups]
    assert len(page.all("//ol[@class='ranked']/li//*[name()='svg'][@role='img']")) == 3


def test_looking_from_one_group_greys_out_the_rest_and_removes_nothing(client: FlaskClient, spring: Spring) -> None:
    whole = read(client, "/events/spring")
    page = read(client, f"/events/spring?group={spring.groups[0].id}")
    cells = "//div[contains(@class,'matrix')]//td//a"
    assert page.all(f"{cells}/@href") == whole.all(f"{cells}/@href")
    assert len(page.all("//th[contains(@class,'g dim')]")) == 9
    assert [row.get("class") for row in page.all("//div[contains(@class,'matrix')]//tbody/tr")] == [None, None, "dim"]
    assert page.one("//option[@selected]").text == "Room 1"
    assert not read(client, "/events/spring?group=999").all("//*[contains(@class,'dim')]")


def test_the_widest_theme_is_heard_from_several_groups_and_the_silent_ones_are_named(
    client: FlaskClient, spring: Spring
) -> None:
    page = read(client, "/events/spring")
    views = page.all("//div[@class='views']//figure")
    assert len(views) == 3
    assert "word" in page.text
    silent = page.one("//section[@aria-labelledby='views']/p")
    assert [words(a) for a in silent.xpath("a")] == ["Room 9", "Room 10"]
    assert re.search(r"Room 9 \(2.min of talk\)", words(silent))


def test_the_map_is_also_a_table(client: FlaskClient, spring: Spring) -> None:
    page = read(client, "/events/spring")
    drawn = page.all("//*[name()='svg'][contains(@class,'map wide')]//*[name()='a']/@href")
    listed = page.all("//section[@aria-labelledby='map']//table//a/@href")
    assert sorted(drawn) == sorted(listed) == [f"/events/spring/themes/{n}" for n in (1, 2, 3)]


def test_what_was_left_out_and_how_far_to_trust_it_is_said(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    with database.writing() as session:
        late = make_group(session, spring.event, "Late room")
        make_recording(session, late, state="failed", consent="agreed")
    page = read(client, "/events/spring")
    left = words(page.one("//section[@aria-labelledby='left']")).replace("\u00a0", " ")
    assert "19 utterances, 14 % of all words" in left
    assert "19 recogniser unsure" in left
    trust = words(page.one("//section[@aria-labelledby='trust']"))
    assert "A note." in trust
    assert "One room was transcribed by the demonstration engine; expect many wrong words in Room 1." in trust
    assert "Not transcribed, so not heard here: Late room." in trust
    assert "not measured yet" in trust


@pytest.mark.parametrize("slug", ["empty", "waiting", "unmined", "little"])
def test_where_there_is_nothing_to_draw_the_page_says_why(client: FlaskClient, database: Database, slug: str) -> None:
    with database.writing() as session:
        event = make_event(session, slug)
        if slug == "waiting":
            make_recording(session, make_group(session, event), state="waiting")
        if slug in ("unmined", "little"):
            recording = make_recording(session, make_group(session, event))
            make_utterances(session, recording, ["We never look back.", "Not once."])
        if slug == "little":
            analysis = make_analysis(session, event, notes=["1 passage is too little."])
            make_passage(session, analysis, recording, 1, first=0, last=1, text="We never look back. Not once.")
    page = read(client, f"/events/{slug}")
    said = {
        "empty": "No room has handed anything in yet",
        "waiting": "none is transcribed yet",
        "unmined": "There are no themes to show yet",
        "little": "Too little talk for themes",
    }
    assert said[slug] in page.text
    assert not page.all("//table | //*[name()='svg']")
    assert ("We never look back." in page.text) is (slug == "little")


def test_while_themes_are_looked_for_the_page_says_so(client: FlaskClient, database: Database, spring: Spring) -> None:
    with database.writing() as session:
        session.add(
            Job(route="mine", event_id=spring.event.id, subject_id=spring.event.id, key=f"mine:{spring.event.id}")
        )
    page = read(client, "/events/spring")
    assert "shows the last result" in page.text
    assert page.all("//noscript/meta[@http-equiv='refresh']")


def test_ten_rooms_and_sixty_cost_the_same_few_queries(client: FlaskClient, database: Database, spring: Spring) -> None:
    with queries(database) as ten:
        read(client, "/events/spring")
    with database.writing() as session:
        for number in range(50):
            make_recording(session, make_group(session, spring.event, f"More {number}"))
    with queries(database) as sixty:
        read(client, "/events/spring")
    selects = [each for each in ten if each.startswith("SELECT")]
    assert len(selects) <= 9
    assert len([each for each in sixty if each.startswith("SELECT")]) == len(selects)


def test_a_page_of_the_ten_room_event_takes_under_50_ms(client: FlaskClient, spring: Spring) -> None:
    read(client, "/events/spring")
    times = []
    for _ in range(5):
        began = time.perf_counter()
        client.get("/events/spring")
        times.append(time.perf_counter() - began)
    assert min(times) < 0.05
