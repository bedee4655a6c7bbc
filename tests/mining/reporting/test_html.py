"""Both files as whoever gets them reads them: they need nothing beside them, are valid, and tell of nothing hidden."""

import io
import re

import pytest
from lxml import html as lxml_html
from tinyhtml5.parser import HTMLParser

from capture.database import Database
from capture.events import get_event
from capture.programmes import ensure_programme
from mining.catalogue.coverage import coverage_of
from mining.catalogue.module_study import study
from mining.diagnosis.words import RANGES
from mining.reporting.html import kinds_words, percent, proceedings_html, sponsor_html, stylesheet
from mining.reporting.proceedings import proceedings
from mining.reporting.sponsor_report import sponsor_report
from mining.settings import MiningSettings
from tests.factories import BRIEF, make_module
from tests.mining.crowd import THEMES, make_crowd
from tests.mining.drafted import Drafted
from tests.mining.reported import DAY, make_reported, make_seated, told_of_hidden

HOSTILE = "</style></title><script>alert('x')</script> & “ü” " + "W" * 120
KINDS = ("sponsor", "proceedings")


def written(session, crowd, kind: str, **ways: str) -> str:
    if kind == "sponsor":
        return sponsor_html(sponsor_report(session, crowd.event, DAY), **ways)
    return proceedings_html(proceedings(session, crowd.event, DAY), **ways)


@pytest.fixture
def both(database: Database) -> dict[str, str]:
    with database.writing() as session:
        crowd = make_reported(session)
        make_seated(session, crowd, 4)
        return {kind: written(session, crowd, kind) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("quorum", [3, 4, 6])
def test_nothing_of_what_is_hidden_is_in_the_file(database: Database, kind: str, quorum: int) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        make_seated(session, crowd, 7)
        ensure_programme(session, crowd.event).quorum = quorum
        text = written(session, crowd, kind)
        assert told_of_hidden(text, session, crowd) == []
        for label, _, groups in THEMES.values():
            assert (label in text) == (groups >= quorum)


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_loads_nothing_and_runs_nothing(both: dict[str, str], kind: str) -> None:
    tree = lxml_html.fromstring(both[kind])
    assert tree.xpath("//script | //img | //iframe | //object | //link[not(@href='data:,')] | //*[@style]") == []
    assert tree.xpath("//@*[starts-with(name(), 'on')]") == []
    addresses = tree.xpath("//@href | //@src | //@xlink:href", namespaces={"xlink": "http://www.w3.org/1999/xlink"})
    assert all(address == "data:," or address.startswith("#") for address in addresses)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids)) and {a[1:] for a in addresses if a.startswith("#")} <= set(ids)
    assert not re.search(r"url\(|@import|https?://", both[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_is_valid_and_in_order(both: dict[str, str], kind: str) -> None:
    parser = HTMLParser()
    parser.parse(io.BytesIO(both[kind].encode()))
    assert parser.errors == []
    tree = lxml_html.fromstring(both[kind])
    assert tree.get("lang") == "en" and tree.xpath("//head/title/text()")
    levels = [int(each.tag[1]) for each in tree.xpath("//h1 | //h2 | //h3 | //h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert all(th.get("scope") for th in tree.xpath("//th"))
    assert all(table.xpath("caption") for table in tree.xpath("//table"))
    assert all(svg.get("role") == "img" and svg.get("aria-label") for svg in tree.xpath("//svg"))
    named = {each for attribute in tree.xpath("//@aria-labelledby") for each in attribute.split()}
    assert named <= set(tree.xpath("//@id"))


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_titles_stay_text(database: Database, kind: str) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        crowd.event.title = crowd.themes[1].label = HOSTILE
        crowd.themes[1].named_by = "ann"
        text = written(session, crowd, kind)
    tree = lxml_html.fromstring(text)
    assert tree.xpath("//script") == [] and len(tree.xpath("//style")) == 1
    assert tree.xpath("//h1")[0].text_content() == HOSTILE
    assert HOSTILE in tree.xpath("//title")[0].text_content()


def test_a_page_takes_its_styles_from_an_address_and_leads_back(database: Database) -> None:
    with database.writing() as session:
        text = written(session, make_reported(session), "sponsor", style="/s.css", back="/back")
    tree = lxml_html.fromstring(text)
    assert tree.xpath("//style") == []
    assert tree.xpath("//link[@rel='stylesheet']/@href") == ["/s.css"]
    assert tree.xpath("//p[contains(@class, 'screen')]/a/@href") == ["/back"]
    assert "@page" in stylesheet()


def test_the_sponsors_report_says_facts_with_their_counts(both: dict[str, str]) -> None:
    text = re.sub(r"\s+", " ", lxml_html.fromstring(both["sponsor"]).text_content())
    assert "Seven groups talked. Three themes were raised by at least three of them" in text
    assert "at least 4 of 7 groups" in text
    assert "Twelve people who agreed to it sit in four peer groups" in text
    assert "Written down by groups: 3 open, done, not done or dropped." in text
    assert "None of three themes has been named by a person; all carry a name that the software suggests." in text
    assert "What the catalogue answers: the catalogue is empty." in text
    for word in ("causes", "because of the programme", "proves", "impact"):
        assert word not in text


def test_the_book_says_how_it_came_about_and_whom_to_ask(both: dict[str, str]) -> None:
    text = re.sub(r"\s+", " ", lxml_html.fromstring(both["proceedings"]).text_content())
    assert "ask Olga Organiser to have them removed" in text
    assert "e-mail addresses and telephone numbers were replaced before anything was looked for" in text
    assert BRIEF["success"] in text and "proposed by Ada Alum" in text
    assert "Do you feel like that sometimes?" in text


def test_an_event_without_shared_themes_gives_both_files_and_says_so(database: Database) -> None:
    with database.writing() as session:
        crowd = make_crowd(session, groups=4, themes={4: 2})
        for kind in KINDS:
            assert "No theme was raised by three" in written(session, crowd, kind)


def test_really_mined_talk_gets_its_answers_and_its_figures(drafted: Drafted) -> None:
    with drafted.database.writing() as session:
        friends = "You are promoted and lead your former colleagues: friendships that change and the first appraisal."
        make_module(session, "Boss of My Friends", summary=friends, mindset="collaboration")
        make_module(session, "Guests", summary="Cultures abroad.", mindset="worldliness")
    study(drafted.database, "all-MiniLM-L6-v2", MiningSettings().embedding_engine)
    with drafted.database.reading() as session:
        event = get_event(session, "spring")
        assert not coverage_of(session, event).missing
        report = sponsor_report(session, event, DAY)
        text = sponsor_html(report)
    assert {each.verdict for each in report.themes} and None not in {each.verdict for each in report.themes}
    assert "What the catalogue answers, and what it does not" in text
    assert "Boss of My Friends" in text
    assert (RANGES.replace(" %", "\u00a0%") in text) == (report.diagnosis is not None)


def test_kinds_are_told_in_words_and_few_groups_are_not(database: Database) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        report = sponsor_report(session, crowd.event, DAY)
    assert kinds_words(report.themes[2].theme) == (
        "As groups spoke of it: three as a challenge; other ways are those of fewer than three groups, or of none."
    )
    assert percent(0.28) == "28\u00a0%"
