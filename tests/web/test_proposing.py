"""The form in which a topic is proposed: with and without scripts, whatever is typed, by whomever."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect, sync_playwright
from sqlalchemy import func, select

from capture.database import Database
from capture.events import get_event
from capture.models import Event, ProposalMode
from capture.programmes import ensure_programme
from capture.settings import CaptureSettings
from mining.schema import migrate
from mining.suggestion_models import Endorsement, Proposal, ProposalState
from tests.factories import BRIEF, make_person, make_proposal
from tests.mining.crowd import ROOMS, SECRETS, THEMES, Crowd
from tests.mining.proposing import DELEGATION, HARASSMENT, LYON, make_understood
from tests.web.conftest import Page, SignedInAs, browser_of, read, words
from tests.web.running import Viewer
from web.house import KEY

START = "/events/crowd/proposals"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture
def crowd(database: Database) -> Crowd:
    with database.writing() as session:
        return make_understood(session)


@pytest.fixture
def alumna(crowd: Crowd, signed_in_as: SignedInAs) -> FlaskClient:
    return signed_in_as("alumnus", "crowd", name="Ines")


def post(client: FlaskClient, path: str, status: int, **form: object) -> Page:
    answer = client.post(path, data=form)
    assert answer.status_code == status, answer.text[:800]
    return Page(answer.text or "<main></main>")


def typed(page: Page) -> dict[str, str]:
    fields = {field.get("name"): (field.text or "").removeprefix("\n") for field in page.all("//form//textarea")}
    return {"title": page.one("//input[@id='title']").get("value"), **fields}


def proposals(database: Database) -> list[Proposal]:
    with database.reading() as session:
        return list(session.scalars(select(Proposal).order_by(Proposal.id)))


def test_the_form_asks_three_questions_with_help_and_says_who_reads_it(alumna: FlaskClient) -> None:
    page = read(alumna, f"{START}/new")
    assert "Your name stands with it, and everybody in the programme can read it, sponsors too." in page.text
    for name in BRIEF:
        field = page.one(f"//*[@name='{name}']")
        assert page.one(f"//label[@for='{name}']") is not None
        assert "words." in words(page.one(f"//*[@id='{field.get('aria-describedby')}']"))
    assert "Write a sentence or two" in page.text


def test_what_was_typed_is_kept_and_each_problem_stands_beside_its_field(
    alumna: FlaskClient, database: Database
) -> None:
    said = {**BRIEF, "challenge": "Too <b>short</b>", "success": ""}
    page = post(alumna, f"{START}/new", 422, **said)
    assert typed(page) == said and proposals(database) == []
    assert "at least 10 words" in words(page.one("//p[@id='challenge-problem']"))
    assert page.one("//textarea[@id='success']").get("aria-invalid") == "true"
    assert "two answers need another look" in page.text


def test_proposing_twice_makes_one_and_leads_to_it(alumna: FlaskClient, database: Database) -> None:
    first = alumna.post(f"{START}/new", data=BRIEF)
    again = alumna.post(f"{START}/new", data=BRIEF)
    [row] = proposals(database)
    assert first.status_code == again.status_code == 303
    assert first.location == again.location == f"{START}/{row.id}"
    assert "Your proposal is there" in read(alumna, first.location).text


def test_without_scripts_a_button_shows_what_others_said(alumna: FlaskClient, database: Database) -> None:
    said = {**BRIEF, "challenge": DELEGATION, "title": "x"}
    page = post(alumna, f"{START}/new", 200, **said, see="1")
    assert typed(page) == said and proposals(database) == []
    assert "Delegation to the team" in page.text and page.all("//blockquote")


def test_the_theme_that_was_chosen_stays_chosen_and_is_stored(
    alumna: FlaskClient, database: Database, crowd: Crowd
) -> None:
    page = post(alumna, f"{START}/new", 200, **{**BRIEF, "challenge": DELEGATION}, see="1")
    mark = page.all("//input[@name='theme' and @value!='']/@value")[0]
    assert str(crowd.themes[2].strand_id) != mark
    page = post(alumna, f"{START}/new", 422, **{**BRIEF, "challenge": "short"}, theme=mark)
    assert page.one("//input[@name='theme' and @checked]").get("value") == mark
    assert alumna.post(f"{START}/new", data={**BRIEF, "theme": mark}).status_code == 303
    assert proposals(database)[0].strand_id == crowd.themes[2].strand_id


def test_a_theme_page_can_lead_here_with_its_theme_chosen_but_not_a_hidden_one(alumna: FlaskClient) -> None:
    page = read(alumna, f"{START}/new?theme=3")
    assert THEMES[3][0] in words(page.one("//fieldset")) and page.all(
        "//input[@name='theme' and @value!='' and @checked]"
    )
    for number in (4, 5, 77):
        page = read(alumna, f"{START}/new?theme={number}")
        assert page.all("//fieldset") == [] and f"{THEMES.get(number, ['none such'])[0]}" not in page.text


@pytest.mark.parametrize("role", ["alumnus", "designer"])
@pytest.mark.parametrize(("text", "number"), [(LYON, 5), (HARASSMENT, 4)])
def test_evidence_holds_nothing_of_a_hidden_theme_nor_of_a_group(
    crowd: Crowd, signed_in_as: SignedInAs, role: str, text: str, number: int
) -> None:
    client = signed_in_as(role, "crowd")
    for path in ("near", "new"):
        answer = client.post(f"{START}/{path}", data={"title": "", "challenge": text, "matters": "", "see": "1"}).text
        told = answer.replace(text, "")
        assert THEMES[number][0] not in told and SECRETS[number] not in told
        assert not any(room in told for room in ROOMS)


def test_a_mark_that_was_made_up_chooses_nothing(alumna: FlaskClient, database: Database, crowd: Crowd) -> None:
    for n, wrong in enumerate((str(crowd.themes[2].strand_id), "keep", "é" * 20)):
        alumna.post(f"{START}/new", data={**BRIEF, "title": f"Topic number {n}", "theme": wrong})
    assert [row.strand_id for row in proposals(database)] == [None, None, None]


def test_endorsing_a_near_one_instead_keeps_what_was_typed(
    alumna: FlaskClient, database: Database, crowd: Crowd
) -> None:
    with database.writing() as session:
        row = make_proposal(session, crowd.event)
    said = {**BRIEF, "title": "Leading old friends"}
    page = post(alumna, f"{START}/new", 200, **said, see="1")
    assert page.one("//button[@name='endorse']").get("value") == str(row.id)
    page = post(alumna, f"{START}/new", 200, **said, endorse=row.id)
    assert typed(page) == said and "you have “Boss of my friends” too" in page.text
    assert page.all("//button[@name='endorse']") == [] and "You said that you have this too." in page.text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Endorsement)) == 1
    page = post(alumna, f"{START}/new", 422, **said, endorse=9999)
    assert typed(page) == said


@pytest.mark.parametrize("wrong", [{"embedding_engine": "magic"}, {"embedder": "/nowhere/no-model"}])
def test_without_a_model_one_can_propose_all_the_same(
    app: Flask, alumna: FlaskClient, database: Database, wrong: dict[str, str]
) -> None:
    house = app.extensions[KEY]
    mining = replace(house.settings.mining, **wrong)
    app.extensions[KEY] = replace(house, settings=replace(house.settings, mining=mining))
    assert read(alumna, f"{START}/new").one("//textarea[@name='challenge']") is not None
    assert "You can propose it all the same." in alumna.post(f"{START}/near", data=BRIEF).text
    assert alumna.post(f"{START}/new", data=BRIEF).status_code == 303
    assert len(proposals(database)) == 1


def test_hostile_and_huge_texts_are_answered_in_words(alumna: FlaskClient, database: Database) -> None:
    huge = {name: "<script>x</script> " * 600 for name in BRIEF}
    page = post(alumna, f"{START}/new", 422, **huge)
    assert page.all("//script[not(@src)]") == [] and typed(page)["matters"].startswith("<script>")
    nasty = {
        **BRIEF,
        "title": "Boss\u202e of my\x00 friends",
        "challenge": BRIEF["challenge"] + "\r\n\r\n</textarea><b>",
    }
    assert alumna.post(f"{START}/new", data=nasty).status_code == 303
    [row] = proposals(database)
    assert row.title == "Boss of my friends" and row.challenge.endswith("\n\n</textarea><b>")
    assert typed(read(alumna, f"{START}/{row.id}/edit")) == {**BRIEF, "challenge": row.challenge}


def test_two_who_edit_at_once_see_both_texts_and_nothing_is_lost(
    alumna: FlaskClient, crowd: Crowd, database: Database, signed_in_as: SignedInAs
) -> None:
    with database.writing() as session:
        ensure_programme(session, get_event(session, "crowd")).mode = ProposalMode.OPEN
        row = make_proposal(session, crowd.event)
    bob = signed_in_as("alumnus", "crowd", name="Bob")
    path = f"{START}/{row.id}/edit"
    assert bob.post(path, data={**BRIEF, "title": "Bob was quicker", "version": 1}).status_code == 303
    mine = {**BRIEF, "title": "Ines was slower"}
    page = post(alumna, path, 409, **mine, version=1)
    assert typed(page) == mine and [words(each) for each in page.all("//section[@aria-labelledby='newer']//ins")] == [
        "Bob",
        "quicker",
    ]
    assert proposals(database)[0].title == "Bob was quicker"
    version = page.one("//input[@name='version']").get("value")
    assert alumna.post(path, data={**mine, "version": version}).status_code == 303
    assert proposals(database)[0].title == "Ines was slower"
    page = post(alumna, path, 422, **{**mine, "matters": ""}, version=3)
    assert typed(page) == {**mine, "matters": ""}


def test_changing_it_shows_evidence_too_and_not_itself(alumna: FlaskClient, database: Database) -> None:
    alumna.post(f"{START}/new", data=BRIEF)
    [row] = proposals(database)
    said = {**BRIEF, "challenge": DELEGATION}
    page = post(alumna, f"{START}/{row.id}/edit", 200, **said, version=1, see="1")
    assert typed(page) == said and "Delegation to the team" in page.text
    assert page.all("//button[@name='endorse']") == [] and page.all(f"//aside//a[@href='{START}/{row.id}']") == []
    with database.writing() as session:
        session.get_one(Proposal, row.id).state = ProposalState.NOT_NOW
    assert "not any more" in words(Page(alumna.get(f"{START}/{row.id}/edit").text).one("//main"))


def test_a_hidden_theme_stays_when_the_text_is_changed(crowd: Crowd, app, database: Database) -> None:
    with database.writing() as session:
        person = make_person(session, session.get_one(Event, crowd.event.id), "alumnus")
        row = make_proposal(session, crowd.event, person, strand_id=crowd.themes[4].strand_id)
    proposer = browser_of(app, person)
    page = read(proposer, f"{START}/{row.id}/edit")
    assert page.one("//input[@name='theme' and @checked]").get("value") == "keep"
    assert THEMES[4][0] not in page.text
    proposer.post(f"{START}/{row.id}/edit", data={**BRIEF, "title": "Said better", "theme": "keep", "version": 1})
    [stored] = proposals(database)
    assert (stored.title, stored.strand_id) == ("Said better", crowd.themes[4].strand_id)


@pytest.fixture(scope="module")
def viewer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    data: Path = tmp_path_factory.mktemp("proposing")
    database = Database(CaptureSettings(data=str(data)).database_url)
    migrate(database)
    with database.writing() as session:
        make_proposal(session, make_understood(session).event)
    database.close()
    viewer = Viewer(data)
    yield viewer
    viewer.stop()


@pytest.mark.browser
def test_evidence_comes_while_one_types_and_by_a_button_without_scripts(viewer: Viewer) -> None:
    if not CHROMIUM:
        reason = "no chromium on this machine (Debian: apt install chromium)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    address, troubles = f"{viewer.address}{START}/new", list[str]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        live = browser.new_context()
        page = live.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.goto(viewer.link)
        page.get_by_role("button", name="Sign in").click()
        page.goto(address)
        expect(page.get_by_role("button", name="See what others said")).to_be_hidden()
        page.get_by_label("What is the challenge?").fill(DELEGATION)
        choice = page.get_by_role("radio", name=re.compile("Yes, this is my theme.*Delegation to the team"))
        choice.check(timeout=20_000)
        expect(page.get_by_role("status").filter(has_text="Near to it")).to_have_count(1)
        page.get_by_label("What is the challenge?").fill(BRIEF["challenge"])
        expect(page.get_by_role("button", name="Endorse that instead")).to_be_visible(timeout=20_000)
        expect(page.get_by_role("radio", name=re.compile("This is my theme", re.I))).to_be_checked()
        expect(page.get_by_label("What is the challenge?")).to_be_focused()
        plain = browser.new_context(java_script_enabled=False, storage_state=live.storage_state()).new_page()
        plain.goto(address)
        plain.get_by_label("What is the challenge?").fill(DELEGATION)
        plain.get_by_role("button", name="See what others said").click()
        expect(plain.get_by_text("Delegation to the team", exact=False).first).to_be_visible()
        expect(plain.get_by_label("What is the challenge?")).to_have_value(DELEGATION)
        browser.close()
    assert troubles == []
