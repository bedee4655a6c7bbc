import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from capture.database import Database
from capture.models import Job
from mining.models import Analysis, Passage, Theme
from tests.factories import (
    make_analysis,
    make_event,
    make_group,
    make_passage,
    make_recording,
    make_theme,
    make_utterances,
)
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
    cells = page.all("//div[contains(@class,'matrix')]//td[@class='c']/a/@href")
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
    rows = page.all("//div[contains(@class,'matrix')]//tbody/tr")
    assert [row.get("class") for row in rows] == ["theme-1", "theme-2", "theme-3 dim"]
    assert len(page.all("//table[@class='seen']//td[contains(@class,'chosen')]")) == 3
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
    assert "How steady the themes are was not measured" in trust
    assert "One theme is raised by one group only: The shop floor hears it last." in trust
    assert "57 % of the talk is in no theme: near none of them (57 %)." in trust.replace("\u00a0", " ")


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
    assert len(selects) <= 14  # four of them tell who looks and what is new for them
    assert len([each for each in sixty if each.startswith("SELECT")]) == len(selects)


def _weighed(database: Database, **changes: dict) -> None:
    """The three themes of spring in two areas, the analysis measured, and what became of each theme."""
    with database.writing() as session:
        analysis = session.query(Analysis).one()
        analysis.stability, analysis.trust = 0.91, {"runs": 4, "without_theme": 0.57, "thin": [], "weak": []}
        figures = {"strands": [], "share_before": 0.1, "share": 0.1, "breadth_before": 2, "breadth": 4}
        for theme in session.query(Theme).all():
            theme.stability, theme.parent = (0.95, 0.6, 0.3)[theme.number - 1], (5, 4, 5)[theme.number - 1]
            theme.kinds = {"challenge": 0.8, "other": 0.2}
            theme.change = {"state": ("continued", "grew", "new")[theme.number - 1], **figures}
        make_theme(session, analysis, 4, label="Time <i>", coarse=True, breadth=4, depth=0.25)
        make_theme(session, analysis, 5, label="Being heard", coarse=True, breadth=9, depth=0.66)


def plain(element) -> str:
    return words(element).replace("\u00a0", " ")


def test_themes_are_ranked_unless_they_are_asked_for_by_area(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    _weighed(database)
    ranked = read(client, "/events/spring")
    link = ranked.one("//p[contains(@class,'arranged')]/a")
    assert len(ranked.all("//div[contains(@class,'matrix')]//tbody")) == 1
    assert not ranked.all("//tr[@class='area']")
    page = read(client, link.get("href"))
    areas = [[plain(cell) for cell in row[:3]] for row in page.all("//tr[@class='area']")]
    assert areas == [["Time <i>", "4/10", "25 %"], ["Being heard", "9/10", "66 %"]]
    rows = page.all("//div[contains(@class,'matrix')]//tbody/tr[not(@class='area')]")
    assert [words(row.xpath("th//a")[0]) for row in rows] == [
        *("No time to reflect", "Finance says no late", "The shop floor hears it last"),
    ]
    cells = "//div[contains(@class,'matrix')]//td//a/@href"
    assert sorted(page.all(cells)) == sorted(ranked.all(cells))
    assert [words(each) for each in page.all("//h3[@class='ranked-area']/span")] == ["Time <i>", "Being heard"]
    assert words(page.one("//dl[@class='facts']/div[3]/dt")).replace("\u00a0", " ") == "3 themes"


def test_looking_from_one_group_keeps_the_areas(client: FlaskClient, database: Database, spring: Spring) -> None:
    _weighed(database)
    page = read(client, f"/events/spring?by=area&group={spring.groups[0].id}")
    assert page.one("//form[@class='filter']/input").get("value") == "area"
    assert len(page.all("//tr[@class='area']")) == 2
    assert page.one("//p[contains(@class,'arranged')]/a").get("href").endswith(f"?group={spring.groups[0].id}")
    [everybody] = [a for a in page.all("//a[@class='go']") if words(a) == "Show all groups"]
    assert everybody.get("href").endswith("?by=area")


def test_themes_alone_come_last_and_without_areas_there_is_nothing_to_arrange(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    assert not read(client, "/events/spring?by=area").all("//*[contains(@class,'area') or contains(@class,'arranged')]")
    _weighed(database)
    with database.writing() as session:
        session.query(Theme).filter_by(number=3).one().parent = None
    assert [plain(row) for row in read(client, "/events/spring?by=area").all("//tr[@class='area']")][-1] == (
        "On their own"
    )


def test_beside_a_theme_stands_what_became_of_it_and_how_shaky_it_is(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    _weighed(database)
    page = read(client, "/events/spring")
    for place in ("//div[contains(@class,'matrix')]//tbody/tr", "//ol[@class='ranked']/li"):
        notes = [[words(note) for note in row.xpath(".//span[@class='note']")] for row in page.all(place)]
        assert notes == [[], ["grew from 2 to 4 groups", "borders shift"], ["new", "may not come out again", *ONE]]
    assert "Since themes were last looked for, one is new, one grew and one is much the same." in page.text
    assert "mostly challenges" in page.text


ONE = ["one group only"]


def test_how_far_to_trust_it_leads_to_the_themes_and_rooms_it_names(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    _weighed(database)
    with database.writing() as session:
        session.query(Analysis).one().trust = {"runs": 4, "thin": [spring.groups[1].id], "weak": [spring.groups[0].id]}
    page = read(client, "/events/spring")
    [fact] = page.all("//dl[@class='facts']/div[5]")
    assert plain(fact.xpath("dt")[0]) == "steady" and plain(fact.xpath("dd")[0]).startswith("91 % agreement")
    trust = page.one("//section[@aria-labelledby='trust']")
    said = [plain(each) for each in trust.xpath("ul/li")]
    assert said[0].startswith("Looked for four more times") and "(agreement 91 %, where 0 %" in said[0]
    assert said[1] == "One theme may not come out again: The shop floor hears it last."
    assert "Under 3 minutes of talk, which says little of the group, in one room: Room 2 (2 min)." in said
    assert "More than 15 % of the words in doubt, so a weak transcript, in one room: Room 1." in said
    links = trust.xpath(".//a/@href")
    assert "/events/spring/themes/3" in links and f"/events/spring/groups/{spring.groups[1].id}" in links


def test_what_was_set_aside_is_told_from_what_was_not_understood(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    with database.writing() as session:
        aside = session.query(Passage).filter(Passage.theme_id.is_(None)).first()
        aside.aside = "greetings and goodbyes"
    left = plain(read(client, "/events/spring").one("//section[@aria-labelledby='left']"))
    assert "4 greetings and goodbyes (12 words; understood, but no subject)" in left
    assert "23 utterances, 17 % of all words, were left out" in left


def test_a_large_event_is_a_small_page_that_comes_fast(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        event = make_event(session, "large")
        groups = [make_group(session, event, f"A room with a longer name {n}") for n in range(60)]
        recordings = [make_recording(session, group, consent="agreed") for group in groups]
        every = [group.id for group in groups]
        analysis = make_analysis(session, event, stability=0.8, trust={"runs": 4, "thin": every, "weak": every})
        number = 0
        for place in range(1, 41):
            raised = [i for i in range(60) if (i * 7 + place) % 3]
            theme = make_theme(
                session,
                analysis,
                place,
                label=f"Something that people said about work {place}",
                keywords=["delegation", "finance review", "late night calls", "hierarchy"],
                breadth=len(raised),
                by_group={str(groups[i].id): 0.05 for i in raised},
                parent=41 + place % 8,
                stability=0.6,
                kinds={"challenge": 0.6, "other": 0.4},
                change={
                    **{"state": "grew", "strands": [], "share_before": 0.1, "share": 0.2},
                    **{"breadth_before": 3, "breadth": len(raised)},
                },
            )
            for i in raised:
                number += 1
                make_passage(session, analysis, recordings[i], number, theme)
        for place in range(41, 49):
            make_theme(session, analysis, place, coarse=True, label=f"Work in general {place}", breadth=60)
    for address in ("/events/large", "/events/large?by=area", f"/events/large?group={every[0]}"):
        answer = client.get(address)
        assert answer.status_code == 200 and len(answer.data) < 300_000
    page = read(client, "/events/large")
    assert len(page.all("//td[@class='c']")) == 60 * 40 and len(page.all("//td[@class='c']/a")) == 60 * 40 * 2 // 3
    [drawn] = page.one("//ol[@class='ranked']/li[1]").xpath(".//*[name()='path'][not(@class)]/@d")
    assert sum((int(run) + 4) / 14 for run in re.findall(r"h(\d+)", drawn)) == 40


def test_rows_of_an_earlier_harvest_still_make_a_page(client: FlaskClient, database: Database, spring: Spring) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE theme SET kinds = '{}', stability = NULL, \"change\" = NULL, parent = NULL"))
        session.execute(text("UPDATE analysis SET trust = '{}', lineage = '{}', stability = NULL"))
    page = read(client, "/events/spring")
    assert "an earlier Harvest found them" in page.text and "mostly" not in page.text
    assert not page.all("//p[contains(@class,'arranged')]")
