"""The diagnosis on the page: figures with their ranges, what is missing, and what sponsors see of it."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import delete

from capture.database import Database
from capture.events import get_event
from capture.models import RosterEntry
from capture.settings import CaptureSettings
from mining.models import Passage
from mining.privacy.discretion import shared_view
from mining.suggestion_models import Module, NextStep
from tests.factories import make_event
from tests.mining.programme import copied, programme_data  # noqa: F401  (fixture)
from tests.web.conftest import SignedInAs, queries, read, words
from web.cli import harvest

PAGE = "/events/spring/diagnosis"


@pytest.fixture
def settings(programme_data: Path, tmp_path: Path) -> CaptureSettings:  # noqa: F811
    """Two mined events of one programme; of spring there is a roster."""
    copied(programme_data, tmp_path / "data")
    return CaptureSettings(data=str(tmp_path / "data"))


def figures(client: FlaskClient) -> dict[str, str]:
    """{what a figure is: its value and range in words}"""
    rows = read(client, PAGE).all("//table[@class='figures']//tr[th[@scope='row']]")
    return {row.xpath("th/text()")[0].strip(): words(row.xpath("td[last()]")[0]) for row in rows}


def test_every_figure_stands_with_its_count_and_its_range(client: FlaskClient) -> None:
    page = read(client, PAGE)
    shown = {name: text.replace("\u00a0", " ") for name, text in figures(client).items()}
    for name in ("Lesson and action talk", "a module covers", "Reach across departments"):
        value, _, rest = shown[name].partition(" % ")
        assert value.isdigit() and " % to " in rest, shown[name]
    assert " an hour " in shown["Commitments found"] and shown["Commitments confirmed"] == "none"
    rows = page.all("//table[@class='figures']//tr[.//svg]")
    assert len(rows) >= 6 and all(row.xpath("th/small") for row in rows)
    assert "two in three in whole conversations" in page.text


def test_marks_lie_on_their_scale(client: FlaskClient) -> None:
    for mark in read(client, PAGE).all("//svg[@class='mark']"):
        assert 6 <= float(mark.xpath("circle/@cx")[0]) <= 234
        for path in mark.xpath("path[@class='range']/@d"):
            low, high = path[1:].replace(" 11H", " ").split()
            assert 6 <= float(low) <= float(mark.xpath("circle/@cx")[0]) <= float(high) <= 234


def test_what_comes_next_stands_first_and_its_rule_on_the_page(client: FlaskClient) -> None:
    page = read(client, PAGE)
    assert "cannot be told yet" in words(page.all("//main//h2")[0])
    assert "grows outwards first" in page.text and len(page.all("//section[@aria-labelledby='rule']//ol/li")) == 4


def test_closed_gaps_and_departments_are_listed(client: FlaskClient) -> None:
    page = read(client, PAGE)
    assert "Boss of My Friends, since 15 January 2026" in page.text and "Raised here again" in page.text
    heads = [words(th) for th in page.all("//table[@class='spread']/thead//th")]
    assert [head.split()[0] for head in heads] == ["Theme", "Engineering", "Finance", "Sales", "All"] or "2" in heads[1]
    assert "E-I index" in page.text and "as chance would have it" in page.text


def test_commitments_are_looked_for_before_they_are_counted(client: FlaskClient, database: Database) -> None:
    read(client, PAGE)
    with database.reading() as session:
        event = get_event(session, "spring")
        assert session.query(NextStep).filter_by(event_id=event.id).count() > 0


def test_headings_are_in_order_and_the_page_is_offered_after_coverage(client: FlaskClient) -> None:
    page = read(client, PAGE)
    levels = [int(each.tag[1]) for each in page.all("//main//*[self::h1 or self::h2 or self::h3]")]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert page.one("//nav//a[@aria-current='page']").get("href") == PAGE
    ways = [words(a) for a in page.all("//nav//a")]
    assert ways.index("Coverage") + 1 == ways.index("Diagnosis") == ways.index("Compare") - 1


def test_what_is_missing_is_said_with_what_to_do(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        session.execute(delete(RosterEntry))
        session.execute(delete(Module))
        make_event(session, "new")
    page = read(client, PAGE)
    assert "harvest roster import spring FILE" in page.text and not page.all("//table[@class='spread']")
    assert "The catalogue is empty" in page.text
    assert "Themes have not been looked for yet" in read(client, "/events/new/diagnosis").text


def test_one_group_has_no_figures_but_the_rule_that_it_is_too_few(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        first = get_event(session, "spring").groups[0].id
        session.execute(delete(Passage).where(Passage.group_id != first))
    page = read(client, PAGE)
    assert "Too little data: 1 group talked, and it takes 5." in page.text
    assert not page.all("//svg[@class='mark']")


def test_sponsors_see_the_whole_and_no_group(signed_in_as: SignedInAs, database: Database) -> None:
    sponsor = signed_in_as("sponsor")
    page = read(sponsor, PAGE)
    assert "Only themes that at least three groups raised are counted." in page.text
    with database.reading() as session:
        event = get_event(session, "spring")
        rooms = [group.name for group in event.groups]
        shown = {theme.number for theme in shared_view(session, event, 3).themes}
    assert not any(room in page.text for room in rooms)
    assert "What each group adds" not in page.text and "/groups/" not in page.tree.text_content()
    links = {a.get("href") for a in page.all("//main//a[contains(@href, '/themes/')]")}
    assert links <= {f"/events/spring/themes/{number}" for number in shown}
    for link in {a.get("href") for a in page.all("//main//a[@href]")}:
        assert sponsor.get(link).status_code == 200, link
    assert "by fewer than 3 people: not shown" in page.text and "steps of five percent" in page.text


def test_alumni_do_not_reach_it(signed_in_as: SignedInAs) -> None:
    read(signed_in_as("alumnus"), PAGE, 403)
    read(signed_in_as("alumnus"), "/events/spring/compare", 403)


def test_the_page_asks_little_of_the_database(client: FlaskClient, database: Database) -> None:
    read(client, PAGE)
    with queries(database) as sent:
        read(client, PAGE)
    assert len(sent) <= 45, len(sent)


def test_the_figures_can_be_taken_along_as_they_are_printed(
    client: FlaskClient, database: Database, tmp_path: Path
) -> None:
    page = read(client, PAGE)
    links = [a.get("href") for a in page.all("//main//a[@download]")]
    assert links == [f"{PAGE}/export.csv", f"{PAGE}/export.json"]
    table, data = (client.get(link) for link in links)
    assert table.content_type == "text/csv; charset=utf-8" and data.content_type == "application/json"
    assert data.headers["Content-Disposition"] == 'attachment; filename="spring-diagnosis.json"'
    printed = CliRunner().invoke(harvest, ["--data", str(tmp_path / "data"), "diagnose", "spring", "--json"])
    assert data.text == printed.stdout
    assert table.text.startswith("\ufeffpart,figure,unit,value,low,high,counts,sentence\r\nagency,")
    read(client, f"{PAGE}/export.html", 404)


def test_sponsors_take_along_what_their_page_shows(
    client: FlaskClient, signed_in_as: SignedInAs, database: Database
) -> None:
    with database.writing() as session:
        event = get_event(session, "spring")
        rooms = [group.name for group in event.groups]
        make_event(session, "new")
    sponsor = signed_in_as("sponsor")
    links = [a.get("href") for a in read(sponsor, PAGE).all("//main//a[@download]")]
    for link in links:
        told, whole = sponsor.get(link), client.get(link)
        assert told.status_code == 200 and told.data != whole.data
        assert not any(room in told.text for room in rooms)
    document = sponsor.get(links[1]).json
    assert document["quorum"] == 3 and document["by_group"] is None
    assert not read(client, "/events/new/diagnosis").all("//a[@download]")
    assert client.get("/events/new/diagnosis/export.json").status_code == 404
    assert signed_in_as("alumnus").get(links[1]).status_code == 403


def test_a_sponsor_of_too_few_groups_gets_no_file(signed_in_as: SignedInAs, database: Database) -> None:
    with database.writing() as session:
        few = [group.id for group in get_event(session, "spring").groups[:3]]
        session.execute(delete(Passage).where(Passage.group_id.not_in(few)))
    sponsor = signed_in_as("sponsor")
    assert "Too little data" in read(sponsor, PAGE).text
    for format_ in ("csv", "json"):
        answer = sponsor.get(f"{PAGE}/export.{format_}")
        assert answer.status_code == 404 and "There are no figures of this event yet." in answer.text
