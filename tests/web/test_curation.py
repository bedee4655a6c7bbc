"""Putting themes right in the browser, on themes that were really mined; every form works without scripts."""

import re
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select, update

from capture.carrier import Carrier
from capture.events import get_event
from capture.models import Role
from capture.settings import CaptureSettings
from capture.transcripts import register_people
from mining.clustering.clusterer import Clustering, Units
from mining.models import Analysis, Theme
from mining.settings import MiningSettings
from tests.factories import make_person
from tests.mining.conftest import mined  # noqa: F401  (a fixture)
from tests.mining.curated import (  # noqa: F401  (fixtures)
    Planted,
    Spring,
    mine_planted,
    part_by_room,
    planted,
    spring,
    spring_data,
    subject_in,
)
from tests.web.conftest import Noted, Page, browser_of, read, words
from web.app import create_app
from web.auth import SignIn
from web.curation import Choice, Curating
from web.settings import WebSettings

DECISIONS = "/events/spring/decisions"


@pytest.fixture
def talk(spring: Spring) -> Spring:  # noqa: F811
    return spring


@pytest.fixture
def viewer(talk: Spring, spring_data) -> Iterator[Flask]:  # noqa: F811
    carrier: Carrier = Noted()
    web = WebSettings(capture=CaptureSettings(data=str(spring_data)), mining=MiningSettings(), max_upload_mb=8)
    app = create_app(web, talk.database, carrier, SignIn(spring_data))
    app.testing = True
    yield app


@pytest.fixture
def browser(viewer: Flask, spring_data) -> FlaskClient:  # noqa: F811
    browser = viewer.test_client()
    browser.post(SignIn.new_link(viewer.extensions["harvest"].sign_in, "http://localhost"))
    return browser


def sent(browser: FlaskClient, verb: str, **form: object) -> tuple[str, Page]:
    """Sends a form and follows it: (where it led, what is there)."""
    answer = browser.post(f"{DECISIONS}/{verb}", data=form)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"], read(browser, answer.headers["Location"])


def analysis_of(talk: Spring) -> int:
    with talk.database.reading() as session:
        return session.scalars(select(Analysis)).one().stamp


class AsOne(Planted):
    """Finds friends and budget to be one theme."""

    def cluster(self, units: Units, seed: int) -> Clustering:
        subjects = [subject_in(text) for text in units.texts]
        subjects = ["friends" if subject == "budget" else subject for subject in subjects]
        return Clustering(np.array([list(self.subjects).index(subject) for subject in subjects], np.int64))


def notice(page: Page) -> str:
    return words(page.one("//div[contains(@class, 'decided')]/p"))


def undo(browser: FlaskClient, page: Page) -> tuple[str, Page]:
    """Presses the notice's button."""
    form = page.one("//div[contains(@class, 'decided')]/form")
    fields = {field.get("name"): field.get("value") for field in form.xpath("./input")}
    return sent(browser, form.get("action").removeprefix(f"{DECISIONS}/"), **fields)


def test_a_themes_page_offers_what_can_be_put_right(browser: FlaskClient, talk: Spring) -> None:
    theme = talk.on("budget")
    page = read(browser, f"/events/spring/themes/{theme.number}")
    section = page.one("//section[@aria-labelledby='put-right']")
    assert [words(s) for s in section.xpath(".//summary")] == [
        "Give it a name",
        "Merge another theme into it",
        "Set it aside as off-topic",
        "What you decide is noted as made by somebody signed in here",
    ]
    assert section.xpath(".//input[@name='label']")[0].get("value") == theme.label
    assert len(section.xpath(".//select[@name='other']/option")) == 1 + len(talk.themes()) - 1
    for field in section.xpath(".//input[not(@type='hidden')] | .//select"):
        assert section.xpath(f".//label[@for='{field.get('id')}']"), "every field has a label"
    assert section.xpath(".//a[@href='/events/spring/decisions']")
    assert read(browser, "/events/spring").all("//a[@href='/events/spring/decisions']")


def test_a_name_is_given_marked_and_taken_back(browser: FlaskClient, talk: Spring) -> None:
    theme = talk.on("budget")
    where, page = sent(browser, "rename", strand=theme.strand, label="Money & power")
    assert where == f"/events/spring/themes/{theme.number}"
    assert words(page.one("//h1")) == "Money & power"
    assert notice(page).startswith("Done: named a theme “Money & power”.")
    named = page.one("//p[contains(@class, 'named')]")
    assert re.match(r"Named by somebody signed in here, \d+ \w+ \d{4}, \d\d:\d\d$", words(named))
    [entry] = named.xpath("./a/@href")
    assert words(read(browser, DECISIONS).one(f"//*[@id='{entry.split('#')[1]}']/div/p[1]")).startswith("Named a theme")
    assert not read(browser, where).all("//div[contains(@class, 'decided')]"), "told once"
    where, page = sent(browser, "rename", strand=theme.strand, label="Gold")
    where, page = undo(browser, page)
    assert words(page.one("//h1")) == "Money & power"
    assert notice(page).startswith("Undone: somebody signed in here named a theme “Gold”.")
    assert not page.all("//div[contains(@class, 'decided')]//form")


def test_merging_leads_to_the_theme_that_stays(browser: FlaskClient, talk: Spring) -> None:
    keep, other = talk.on("handover"), talk.on("friends")
    where, page = sent(browser, "merge", strand=keep.strand, other=other.strand)
    assert where == f"/events/spring/themes/{talk.themes()[keep.strand].number}"
    assert words(page.one("//h1")) == keep.label
    assert f"merged “{other.label}” into “{keep.label}”" in notice(page)
    undo(browser, page)
    assert other.strand in talk.themes()


def test_splitting_shows_its_parts_first_and_leads_to_the_largest(browser: FlaskClient, talk: Spring) -> None:
    part_by_room(talk, "friends")
    theme = talk.on("friends")
    page = read(browser, f"/events/spring/themes/{theme.number}")
    form = page.one("//form[contains(@action, '/split')]")
    items = [words(li) for li in form.xpath(".//li")]
    assert len(items) == 2
    assert all(re.match(r"2.passages from \d.groups?, 1.min, such as: ", item) for item in items), items
    where, page = sent(browser, "split", strand=theme.strand)
    assert theme.strand not in talk.themes()
    assert where.startswith("/events/spring/themes/")
    undo(browser, page)
    assert talk.themes()[theme.strand].passages == theme.passages


def test_what_is_set_aside_disappears_and_comes_back(browser: FlaskClient, talk: Spring) -> None:
    theme = talk.on("meetings")
    where, page = sent(browser, "hide", strand=theme.strand)
    assert where == "/events/spring"
    assert theme.label not in words(page.one("//section[@aria-labelledby='matrix']"))
    where, page = undo(browser, page)
    assert where == f"/events/spring/themes/{talk.on('meetings').number}"


def test_a_passage_is_moved_where_it_stands(browser: FlaskClient, talk: Spring) -> None:
    theme, to = talk.on("budget"), talk.on("friends")
    page = read(browser, f"/events/spring/themes/{theme.number}")
    forms = page.all("//article//figcaption/details[@class='move']/form")
    passages = {int(form.xpath("./input[@name='passage']/@value")[0]) for form in forms}
    assert passages == theme.passages, "each of them, and none without"
    form = forms[0]
    fields = {field.get("name"): field.get("value") for field in form.xpath("./input")}
    choices = [option.get("value") for option in form.xpath(".//option")]
    assert choices == ["", *(str(strand) for strand in _in_order(talk) if strand != theme.strand), "none"]
    number = int(fields["passage"])
    where, page = sent(browser, "move", **fields, to=to.strand)
    assert where == f"/events/spring/themes/{talk.themes()[theme.strand].number}"
    assert number in talk.themes()[to.strand].passages
    where, _ = undo(browser, page)
    assert where == f"/events/spring/themes/{talk.on('budget').number}", "one stays on the theme one looks at"
    sent(browser, "move", **fields, to="none")
    assert talk.asides() == {number: "set aside by a person"}


def test_among_very_many_themes_a_passage_is_moved_on_a_page_of_its_own(
    viewer: Flask, browser: FlaskClient, talk: Spring
) -> None:
    theme = talk.on("budget")
    number = min(theme.passages)
    with viewer.test_request_context("/"):
        macro = '{% from "curation/_move.html" import move_form %}{{ move_form("spring", number, putting) }}'
        here = Curating(theme.strand, 1, "", None, None, None, analysis_of(talk), (Choice(1, 1, ""),) * 16, ())
        link = html.fromstring(render_template_string(macro, number=number, putting=here))
    assert words(link) == "Move this passage"
    page = read(browser, link.get("href"))
    quote = words(page.one("//blockquote"))
    fields = {field.get("name"): field.get("value") for field in page.all("//form[contains(@action, '/move')]/input")}
    where, _ = sent(browser, "move", **fields, to="none")
    assert where == f"/events/spring/themes/{talk.themes()[theme.strand].number}"
    assert talk.asides() == {number: "set aside by a person"}
    assert quote not in words(read(browser, where).one("//section[@aria-labelledby='voices']"))
    for wrong in (
        f"passage/9999?analysis={analysis_of(talk)}&strand={theme.strand}",
        f"passage/{number}",
        "passage/1?x=1",
    ):
        read(browser, f"{DECISIONS}/{wrong}", 404)


def _in_order(talk: Spring) -> list[int]:
    return [theme.strand for theme in sorted(talk.themes().values(), key=lambda theme: theme.number)]


def test_a_form_that_is_older_than_the_analysis_moves_nothing(browser: FlaskClient, talk: Spring) -> None:
    theme = talk.on("budget")
    talk.add_room()
    talk.mine()
    form = {"strand": theme.strand, "analysis": 999, "passage": 1, "to": "none"}
    answer = browser.post(f"{DECISIONS}/move", data=form)
    assert answer.status_code == 422
    assert "Themes were looked for again since this page was made" in Page(answer.text).text


@pytest.mark.parametrize("label", ["", "–", "x" * 81, "{other}"])
def test_a_name_that_cannot_be_is_said_beside_the_field_with_what_was_typed(
    browser: FlaskClient, talk: Spring, label: str
) -> None:
    theme = talk.on("budget")
    typed = label.format(other=talk.on("friends").label)
    answer = browser.post(f"{DECISIONS}/rename", data={"strand": theme.strand, "label": typed})
    assert answer.status_code == 422
    page = Page(answer.text)
    field = page.one("//input[@name='label']")
    assert field.get("value") == typed
    assert field.get("aria-invalid") == "true"
    assert words(page.one(f"//*[@id='{field.get('aria-describedby')}']"))
    assert page.one("//details[@open]//input[@name='label']") is field
    assert talk.on("budget").label == theme.label


def test_what_cannot_be_merged_or_split_is_said_beside_its_form(browser: FlaskClient, talk: Spring) -> None:
    strand = talk.on("budget").strand
    for verb, form in (("merge", {"other": strand}), ("merge", {}), ("move", {"passage": 1, "analysis": 1, "to": ""})):
        answer = browser.post(f"{DECISIONS}/{verb}", data={"strand": strand, **form})
        assert answer.status_code == 422, verb
        assert len(Page(answer.text).all("//p[@role='alert']")) == 1, verb
    answer = browser.post(f"{DECISIONS}/split", data={"strand": strand})
    assert answer.status_code == 422
    assert "does not fall into parts" in answer.text


def test_a_passage_that_cannot_be_moved_is_shown_with_the_reason_beside_the_list(
    browser: FlaskClient, talk: Spring
) -> None:
    strand, number = talk.on("budget").strand, min(talk.on("budget").passages)
    form = {"strand": strand, "passage": number, "analysis": analysis_of(talk)}
    for to, said in (("", "Choose where the passage belongs."), (strand, "already")):
        answer = browser.post(f"{DECISIONS}/move", data={**form, "to": to})
        assert answer.status_code == 422
        field = Page(answer.text).one("//select[@name='to'][@aria-invalid='true']")
        assert said in words(Page(answer.text).one(f"//*[@id='{field.get('aria-describedby')}']"))
        assert Page(answer.text).one("//blockquote") is not None
    assert talk.asides() == {}


def test_a_form_from_before_the_event_was_mined_again_moves_nothing(browser: FlaskClient, talk: Spring) -> None:
    """Databases give the id of the analysis that was replaced again; passage 1 may be another one by then."""
    strand, number = talk.on("budget").strand, min(talk.on("budget").passages)
    form = {"strand": strand, "passage": number, "analysis": analysis_of(talk), "to": ""}
    form["to"] = str(talk.on("friends").strand)
    talk.mine(seed=7)
    answer = browser.post(f"{DECISIONS}/move", data=form)
    assert answer.status_code == 422
    assert number in talk.on("budget").passages


def test_who_decides_says_so_once_and_is_remembered_until_they_sign_out(browser: FlaskClient, talk: Spring) -> None:
    strand = talk.on("budget").strand
    page = read(browser, f"/events/spring/themes/{talk.on('budget').number}")
    assert len(page.all("//input[@name='by']")) == 4, "in three forms and on its own"
    for field in page.all("//input[@name='by']"):
        assert page.one(f"//label[@for='{field.get('id')}']") is not None
    _, page = sent(browser, "rename", strand=strand, label="Money", by="  Ann <b>\u202e ")
    assert "Named by Ann <b>," in page.text
    assert len(page.all("//input[@name='by']")) == 1, "asked once"
    sent(browser, "hide", strand=talk.on("friends").strand)
    makers = [words(each) for each in read(browser, DECISIONS).all("//ol/li/div/p[2]/bdi")]
    assert makers == ["Ann <b>", "Ann <b>"]
    where, page = sent(browser, "who", by="x" * 300, next="/events/spring/themes/1")
    assert where == "/events/spring/themes/1"
    assert page.one("//input[@name='by']").get("value") == "x" * 60
    _, page = sent(browser, "who", by=" ", next="https://elsewhere.example/")
    assert _ == "/"
    assert "made by somebody signed in here" in read(browser, "/events/spring/themes/1").text
    sent(browser, "who", by="Ann", next="/")
    browser.post("/sign-out")
    with browser.session_transaction() as cookie:
        assert dict(cookie) == {}


def test_whoever_was_invited_decides_under_their_own_name_and_is_not_asked(viewer: Flask, talk: Spring) -> None:
    with talk.database.writing() as session:
        designer = make_person(session, get_event(session, "spring"), Role.DESIGNER, name="Ada")
    browser = browser_of(viewer, designer)
    page = read(browser, f"/events/spring/themes/{talk.on('budget').number}")
    assert "noted as made by Ada." in page.text and not page.all("//input[@name='by']")
    sent(browser, "rename", strand=talk.on("budget").strand, label="Money", by="Somebody else")
    sent(browser, "who", by="Somebody else", next="/events/spring/decisions")
    assert [words(each) for each in read(browser, DECISIONS).all("//ol/li/div/p[2]/bdi")] == ["Ada"]


def test_a_theme_that_somebody_else_merged_meanwhile_is_not_found(browser: FlaskClient, talk: Spring) -> None:
    keep, other = talk.on("budget"), talk.on("friends")
    sent(browser, "merge", strand=keep.strand, other=other.strand)
    answer = browser.post(f"{DECISIONS}/rename", data={"strand": other.strand, "label": "Friends"})
    assert answer.status_code == 404
    assert "somebody merged, split or set it aside" in answer.text
    assert browser.post(f"{DECISIONS}/rename", data={"label": "Friends"}).status_code == 400
    assert read(browser, f"{DECISIONS}/theme/{keep.strand}").all("//input[@name='label']")
    read(browser, f"{DECISIONS}/theme/{other.strand}", 404)


def test_a_hostile_name_is_only_text_everywhere(browser: FlaskClient, talk: Spring) -> None:
    label = '<script>alert(1)</script>" onx="'
    _, page = sent(browser, "rename", strand=talk.on("budget").strand, label=label)
    number = talk.on("budget").number
    paths = [f"/events/spring/themes/{number}", "/events/spring", DECISIONS, "/events/spring/groups/1"]
    paths += [f"/events/spring/themes/{talk.on('friends').number}"]
    for path in paths:
        text = browser.get(path).text
        assert "<script>alert" not in text
        assert not Page(text).all("//*[@onx]")
    assert label in page.text


def test_the_log_tells_who_did_what_and_undoes_it_there(browser: FlaskClient, talk: Spring) -> None:
    assert "Nothing yet: the themes are as they were found" in read(browser, DECISIONS).text
    theme = talk.on("budget")
    sent(browser, "rename", strand=theme.strand, label="Money")
    sent(browser, "hide", strand=talk.on("friends").strand)
    page = read(browser, DECISIONS)
    entries = page.all("//ol[@class='decisions']/li")
    assert len(entries) == 2
    assert words(entries[1]).startswith("Named a theme “Money” Somebody signed in here,")
    form = entries[1].xpath(".//form")[0]
    assert words(form.xpath("./button")[0]) == "Undo: named a theme “Money”"
    answer = browser.post(form.get("action"), data={"back": "log"})
    assert answer.headers["Location"] == DECISIONS
    undone = read(browser, DECISIONS).all("//ol[@class='decisions']/li")[1]
    assert "undone by somebody signed in here" in words(undone)
    assert undone.xpath(".//del") and not undone.xpath(".//form")
    assert talk.on("budget").label == theme.label
    again = browser.post(form.get("action"), data={"back": "log"})
    assert again.status_code == 400 and "undone already, by somebody signed in here" in again.text


def test_the_log_tells_where_the_talk_of_themes_went_that_are_gone(browser: FlaskClient, talk: Spring) -> None:
    assert not read(browser, DECISIONS).all("//section[@aria-labelledby='gone']")
    budget, friends = talk.on("budget"), talk.on("friends")
    sent(browser, "rename", strand=budget.strand, label="<i>Money")
    mine_planted(talk.database, talk.event_id, AsOne(), seed=2)
    [stays] = [theme for strand, theme in talk.themes().items() if strand in (budget.strand, friends.strand)]
    page = read(browser, DECISIONS)
    [item] = page.all("//section[@aria-labelledby='gone']//li")
    gone = "<i>Money" if stays.strand == friends.strand else friends.label
    assert re.match(rf"{gone} \(\d.min of talk\): 100.% now in {re.escape(stays.label)}\.$", words(item))
    assert item.xpath(".//a/@href") == [f"/events/spring/themes/{stays.number}"]


def test_the_first_page_with_forms_gets_the_viewer_ready_to_decide(
    browser: FlaskClient, talk: Spring, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = threading.Event()
    monkeypatch.setattr("web.curation._ready", threading.Event())
    monkeypatch.setattr("mining.curating.decisions.get_ready", called.set)
    read(browser, "/events/spring")
    assert not called.is_set()
    read(browser, "/events/spring/themes/1")
    assert called.wait(5)


def test_nothing_is_changed_from_another_site_or_by_a_stranger(
    viewer: Flask, browser: FlaskClient, talk: Spring
) -> None:
    form = {"strand": talk.on("budget").strand, "label": "Money"}
    elsewhere = browser.post(f"{DECISIONS}/rename", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    assert viewer.test_client().post(f"{DECISIONS}/rename", data=form).headers["Location"] == "/sign-in"
    assert browser.get(f"{DECISIONS}/rename").status_code == 405
    assert talk.on("budget").label != "Money"


def test_themes_of_an_older_harvest_show_no_forms(browser: FlaskClient, talk: Spring) -> None:
    with talk.database.writing() as session:
        session.execute(update(Theme).values(strand_id=None))
    page = read(browser, "/events/spring/themes/1")
    assert not page.all("//section[@aria-labelledby='put-right']")
    answer = browser.post(f"{DECISIONS}/rename", data={"strand": 1, "label": "Money"})
    assert (answer.status_code, "Mine this event again first" in answer.text) == (400, True)


def test_a_name_that_names_somebody_comes_back_once(talk: Spring, browser: FlaskClient) -> None:
    theme = talk.on("budget")
    with talk.database.writing() as session:
        register_people(session, talk.event_id, ["Odile Marchetti"])
    form = {"strand": theme.strand, "label": "What Marchetti decides"}
    answer = browser.post(f"{DECISIONS}/rename", data=form)
    page = Page(answer.text)
    assert answer.status_code == 422 and "This names somebody: “Marchetti”" in words(page.one("//p[@role='alert']"))
    assert page.one("//input[@name='label']").get("value") == "What Marchetti decides"
    assert [each.get("value") for each in page.all("//input[@name='names']")] == ["mask", "keep"]
    for choice, label in (("mask", "What [person] decides"), ("keep", "What Marchetti decides")):
        assert browser.post(f"{DECISIONS}/rename", data={**form, "names": choice}).status_code == 303
        assert talk.on("budget").label == label
