"""What the catalogue answers, on the page: verdicts with the words that show them."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from capture.database import Database
from capture.settings import CaptureSettings
from mining.catalogue.module_study import study
from mining.embedding.embedder import BUNDLED
from mining.pipeline import mine
from mining.settings import MiningSettings
from tests.factories import make_event, make_module
from tests.mining.talk import make_talk
from tests.web.conftest import Page, queries, read, words

FRIENDS = "You are promoted and lead your former colleagues: friendships that change and the first appraisal."


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The talk of three rooms, mined once."""
    from capture.database import Base

    data = tmp_path_factory.mktemp("coverage")
    database = Database(CaptureSettings(data=str(data)).database_url)
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        event_id = make_talk(session).id
    mine(database, event_id, MiningSettings())
    database.close()
    return data


@pytest.fixture
def settings(stored: Path, tmp_path: Path) -> CaptureSettings:
    settings = CaptureSettings(data=str(tmp_path / "data"))
    settings.data_dir.mkdir(parents=True)
    source = sqlite3.connect(CaptureSettings(data=str(stored)).database_url[10:])
    target = sqlite3.connect(settings.database_url[10:])
    source.backup(target)
    source.close()
    target.close()
    for folder in stored.iterdir():
        if folder.is_dir():
            shutil.copytree(folder, settings.data_dir / folder.name)
    return settings


@pytest.fixture
def modules(database: Database) -> None:
    with database.writing() as session:
        make_module(session, "Boss of <i>My</i> Friends", summary=FRIENDS, mindset="reflection")
        make_module(session, "Guests at Other Tables", summary="Politeness and silence in other cultures.")
    study(database, BUNDLED)


def test_what_is_open_comes_first_with_its_passages(client: FlaskClient, modules: None) -> None:
    page = read(client, "/events/spring/coverage")
    first, *_ = page.all("//ol[@class='coverage']/li")
    assert words(first.xpath(".//span[contains(@class, 'pill')]")[0]) == "no module"
    assert "No module comes near enough. Nearest: " in words(first)
    quotes = first.xpath(".//figure//blockquote")
    assert 2 <= len(quotes) <= 3 and not first.xpath(".//details")
    sources = [each.get("href") for each in first.xpath(".//figcaption//a[@class='words']")]
    [draft] = first.xpath(".//form[@class='draft']")
    assert draft.get("action") == "/events/spring/drafts" and draft.xpath(".//input[@name='strand']/@value")
    assert all(source.startswith("/events/spring/groups/") and "#u-" in source for source in sources)


def test_a_covered_theme_names_its_module_and_what_in_it_answers(client: FlaskClient, modules: None) -> None:
    page = read(client, "/events/spring/coverage")
    [covered] = [li for li in page.all("//ol[@class='coverage']/li") if li.xpath(".//span[@class='pill good']")]
    assert "Answered by Boss of <i>My</i> Friends (nearness 0." in words(covered)
    assert f"“{FRIENDS}”" in words(covered)
    assert "passages that show it" in words(covered.xpath(".//summary")[0])
    assert covered.xpath(".//a[starts-with(@href, '/catalogue/')]")
    assert "Modules nobody needed" in page.text and "Guests at Other Tables" in page.text
    assert "Too little data" in page.text and not page.all("//table[@class='balance']")


def test_headings_are_in_order_and_the_page_is_offered(client: FlaskClient, modules: None) -> None:
    page = read(client, "/events/spring/coverage")
    levels = [int(each.tag[1]) for each in page.all("//main//*[self::h1 or self::h2 or self::h3]")]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert page.one("//nav//a[@aria-current='page']").get("href") == "/events/spring/coverage"


def test_mindsets_stand_side_by_side_where_there_is_enough(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        for number, mindset in enumerate(["action", "analysis", "reflection", "action", "worldliness"]):
            make_module(session, f"Module {number}", summary="Something else.", mindset=mindset)
    study(database, BUNDLED)
    page = read(client, "/events/spring/coverage")
    told = [words(row) for row in page.all("//table[@class='balance']/tbody/tr")]
    assert len(told) == 5 or "Too little data" in page.text
    if told:
        assert told[4].startswith("action") and "40 % (2 modules)" in told[4].replace("\u00a0", " ")


def test_without_modules_or_themes_the_page_says_what_to_do(client: FlaskClient, database: Database) -> None:
    empty = read(client, "/events/spring/coverage")
    assert empty.one("//main//a[text()='Bring modules']").get("href") == "/catalogue/import"
    with database.writing() as session:
        make_event(session, "new")
        make_module(session)
    assert "Themes have not been looked for yet" in read(client, "/events/new/coverage").text


def test_modules_that_were_never_studied_are_studied_on_demand(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        make_module(session, "Boss of My Friends", summary=FRIENDS)
    page = read(client, "/events/spring/coverage")
    form = page.one("//main//form")
    assert "has not been learned yet with all-MiniLM-L6-v2" in page.text
    answer = client.post(form.get("action"))
    assert (answer.status_code, answer.location) == (303, "/events/spring/coverage")
    assert "Answered by Boss of My Friends" in read(client, "/events/spring/coverage").text
    with database.writing() as session:
        make_module(session, "Late")
    assert "1 module of 2 is not compared yet" in read(client, "/events/spring/coverage").text.replace("\u00a0", " ")


def test_a_model_that_is_missing_is_said(client: FlaskClient, database: Database) -> None:
    from sqlalchemy import update

    from mining.models import Analysis

    with database.writing() as session:
        make_module(session)
        session.execute(update(Analysis).values(embedder="/no/such/model"))
    answer = client.post("/events/spring/coverage/study")
    assert answer.status_code == 400 and "could not be learned" in Page(answer.text).text


def test_the_page_asks_little_of_the_database(client: FlaskClient, database: Database, modules: None) -> None:
    with queries(database) as sent:
        read(client, "/events/spring/coverage")
    assert len(sent) <= 20
