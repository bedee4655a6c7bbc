"""Events side by side on the page, for staff and for sponsors."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import update

from capture.database import Database
from capture.events import get_event
from capture.settings import CaptureSettings
from mining.models import Analysis, Theme
from mining.privacy.discretion import shared_view
from tests.factories import make_event, make_module
from tests.mining.curating.test_kin import themed
from tests.mining.programme import copied, programme_data  # noqa: F401  (fixture)
from tests.web.conftest import SignedInAs, read, words
from web.cli import harvest

PAGE = "/events/spring/compare"


@pytest.fixture
def settings(programme_data: Path, tmp_path: Path) -> CaptureSettings:  # noqa: F811
    copied(programme_data, tmp_path / "data")
    return CaptureSettings(data=str(tmp_path / "data"))


def test_themes_are_small_multiples_under_what_became_of_them(client: FlaskClient) -> None:
    page = read(client, PAGE)
    cards = page.all("//ul[@class='multiples']/li")
    assert len(cards) == 6
    for card in cards:
        [drawn] = card.xpath(".//svg")
        label = drawn.get("aria-label")
        assert label.startswith("Autumn: ") and "; Spring: " in label
        bars = drawn.xpath("rect[not(@class)]")
        assert len(bars) == label.count(" of ") and all(0 < float(bar.get("height")) <= 46 for bar in bars)
    heads = [words(h3).split()[0] for h3 in page.all("//section[@aria-labelledby='lines']/h3")]
    assert heads[0] == "New" and heads[-1] == "Gone"


def test_the_same_stands_in_a_table_with_counts_and_ranges(client: FlaskClient) -> None:
    rows = read(client, PAGE).all("//details//tbody/tr")
    assert len(rows) == 6
    text = " ".join(words(row) for row in rows).replace("\u00a0", " ")
    assert " of 6 groups" in text and " % of talk (" in text and "answered" in text


def test_a_module_in_between_is_named_and_what_answered_means_is_said(client: FlaskClient) -> None:
    page = read(client, PAGE)
    [answered] = page.all("//p[@class='answered-by']")
    assert words(answered).startswith("Answered in between: Boss of My Friends (15 January 2026)")
    assert "That it was used" in page.text


def test_arc_stands_beside_itself_over_time(client: FlaskClient) -> None:
    tables = read(client, PAGE).all("//div[@class='arcs']//table")
    assert [table.get("aria-labelledby") for table in tables] == [
        "arc-agency",
        "arc-responsiveness",
        "arc-connectivity",
    ]
    for table in tables:
        assert [bdi.text for bdi in table.xpath("tbody/tr/th/bdi")] == ["Autumn", "Spring"]
    assert "Too little data" in words(tables[2])  # autumn has no roster


def test_three_events_are_chosen_by_ticking(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        themed(session, "winter", date(2026, 1, 1), {"Snow": ([1] + [0] * 383, 0.5)})
        get_event(session, "winter").programme = "Managers talk"
    page = read(client, PAGE)
    assert [box.get("value") for box in page.all("//input[@name='event'][@checked]")] == ["autumn", "winter", "spring"]
    two = read(client, f"{PAGE}?event=autumn&event=spring")
    assert [box.get("value") for box in two.all("//input[@name='event'][@checked]")] == ["autumn", "spring"]
    assert not two.all("//h4//a[text()='Snow']") and page.all("//h4//a[text()='Snow']")
    one = read(client, f"{PAGE}?event=autumn")
    assert "Choose at least two events." in one.text and not one.all("//ul[@class='multiples']")
    read(client, f"{PAGE}?event=nowhere", 404)


def test_a_single_mined_event_says_that_it_takes_two(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        make_event(session, "alone")
        session.query(Analysis).filter_by(event_id=get_event(session, "autumn").id).delete()
    alone = read(client, "/events/alone/compare")
    assert "It takes two mined events of one programme" in alone.text and "belongs to no programme" in alone.text
    assert "there is only Spring so far. Not mined yet: Autumn." in read(client, PAGE).text


def test_another_model_is_said_instead_of_compared(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        autumn = get_event(session, "autumn").id
        session.execute(update(Analysis).where(Analysis.event_id == autumn).values(embedder="another"))
    page = read(client, PAGE)
    assert "Autumn cannot be compared by theme: it was mined with another" in page.text
    assert not page.all("//ul[@class='multiples']") and page.all("//div[@class='arcs']")


def test_sponsors_see_only_what_is_shown_at_each_event(signed_in_as: SignedInAs, database: Database) -> None:
    sponsor = signed_in_as("sponsor")
    page = read(sponsor, PAGE)
    with database.reading() as session:
        told = {}
        for slug in ("autumn", "spring"):
            event = get_event(session, slug)
            shown = {theme.number for theme in shared_view(session, event, 3).themes}
            analysis = session.query(Analysis).filter_by(event_id=event.id).one()
            rows = session.query(Theme).filter(Theme.analysis_id == analysis.id, Theme.number.not_in(shown)).all()
            told |= {row.label: slug for row in rows}
    assert told and not any(label in page.text for label in told)
    heads = {words(h3) for h3 in page.all("//section[@aria-labelledby='lines']/h3")}
    assert not any(head.startswith(("New", "Gone")) for head in heads)
    for link in {a.get("href") for a in page.all("//main//a[@href]")}:
        assert sponsor.get(link).status_code == 200, link
    assert "% of talk" not in page.text.replace("\u00a0", " ")


def test_headings_are_in_order_and_markup_in_names_is_text(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        make_module(session, "Late")
        session.execute(update(Theme).values(label="<b>Bold</b>"))
    page = read(client, PAGE)
    levels = [int(each.tag[1]) for each in page.all("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert not page.all("//main//h4//b") and "<b>Bold</b>" in page.text


def test_the_comparison_can_be_taken_along_with_the_events_that_were_chosen(
    client: FlaskClient, signed_in_as: SignedInAs, database: Database, tmp_path: Path
) -> None:
    def links(query: str = "") -> list[str]:
        return [a.get("href") for a in read(client, PAGE + query).all("//main//a[@download]")]

    table, data = (client.get(link) for link in links())
    assert table.content_type == "text/csv; charset=utf-8" and table.text.startswith("\ufeffwhat,name,change,event,")
    assert data.headers["Content-Disposition"] == 'attachment; filename="spring-comparison.json"'
    printed = CliRunner().invoke(harvest, ["--data", str(tmp_path / "data"), "compare", "spring", "--json"])
    assert data.text == printed.stdout
    with database.writing() as session:
        themed(session, "winter", date(2026, 1, 1), {"Snow": ([1] + [0] * 383, 0.5)})
        get_event(session, "winter").programme = "Managers talk"
    assert links("?event=autumn&event=spring")[1] == f"{PAGE}/export.json?event=autumn&event=spring"
    assert len(client.get(links()[1]).json["arcs"]) == 3
    assert len(client.get(f"{PAGE}/export.json?event=autumn&event=spring").json["arcs"]) == 2
    assert links("?event=autumn") == [] and client.get(f"{PAGE}/export.csv?event=autumn").status_code == 404
    assert client.get(f"{PAGE}/export.csv?event=nowhere").status_code == 404


def test_sponsors_take_along_only_what_is_shown_at_each_event(
    client: FlaskClient, signed_in_as: SignedInAs, database: Database
) -> None:
    sponsor = signed_in_as("sponsor")
    shown = {words(a) for a in read(sponsor, PAGE).all("//h4/a")}
    data = sponsor.get(f"{PAGE}/export.json").json
    assert {line["label"] for line in data["lines"]} == shown and data["quorum"] == 3
    assert all(point["share"]["value"] is None for line in data["lines"] for point in line["points"] if point)
    hidden = {line["label"] for line in client.get(f"{PAGE}/export.json").json["lines"]} - shown
    table = sponsor.get(f"{PAGE}/export.csv").text
    assert hidden and not any(label in table for label in hidden)
