"""My notices, the private feed, and the outbox for staff."""

import time
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import etree

from capture.access import remove, sign_out_everywhere, sign_out_of
from capture.database import Database, utcnow
from capture.models import Event, Person
from capture.programmes import ensure_programme
from mining.proposals.rights import Actor
from mining.proposals.support import endorse
from mining.suggestion_models import Notice
from tests.factories import make_event, make_person, make_proposal
from tests.web.conftest import Page, SignedInAs, Spring, browser_of, read, words
from web.feeds import ATOM

OUTBOX = "/events/spring/outbox"


@pytest.fixture
def ann(spring: Spring, database: Database) -> Person:
    """Somebody whose proposal another one endorsed."""
    with database.writing() as session:
        event = session.get_one(Event, spring.event.id)
        ann = make_person(session, event, "alumnus", name="Ann", email="ann+x@example.org")
        bob = make_person(session, event, "alumnus", name="Bob")
        endorse(session, make_proposal(session, event, ann), Actor(bob.id, "Bob"))
        return ann


@pytest.fixture
def browser(ann: Person, app) -> FlaskClient:
    return browser_of(app, ann)


def feed_of(browser: FlaskClient) -> str:
    return urlsplit(read(browser, "/notices").one("//input[@id='address']").get("value")).path


def test_a_notice_is_new_until_it_is_marked_as_read(browser: FlaskClient, app, database: Database) -> None:
    page = read(browser, "/notices")
    assert "one other person has this too" in page.text and "new" in page.text
    assert page.all("//a[contains(@href, '/events/spring/proposals/')]")
    ids = page.all("//form[@class='mark-read']//input/@value")
    assert browser.post("/notices", data={"id": ids}).status_code == 303
    page = read(browser, "/notices")
    assert page.all("//*[@class='fresh']") == [] and page.all("//form[@class='mark-read']") == []
    assert browser.post("/notices", data={"id": ["x", "99"]}).status_code == 303


def test_nobody_reads_or_marks_what_is_somebody_elses(
    browser: FlaskClient, signed_in_as: SignedInAs, database: Database
) -> None:
    other = signed_in_as("alumnus")
    assert "Nothing yet." in read(other, "/notices").text
    ids = read(browser, "/notices").all("//form[@class='mark-read']//input/@value")
    other.post("/notices", data={"id": ids})
    assert read(browser, "/notices").all("//*[@class='fresh']")


def test_the_feed_needs_no_cookie_and_holds_the_notices(browser: FlaskClient, stranger: FlaskClient) -> None:
    answer = stranger.get(feed_of(browser))
    assert answer.status_code == 200 and answer.mimetype == "application/atom+xml"
    feed = etree.fromstring(answer.data)
    [entry] = feed.findall(f"{{{ATOM}}}entry")
    assert "one other person has this too" in entry.findtext(f"{{{ATOM}}}content")
    assert entry.find(f"{{{ATOM}}}link").get("href").startswith("http://localhost/events/spring/proposals/")
    assert "Set-Cookie" not in answer.headers and b"Bob" not in answer.data


def test_an_address_that_was_changed_or_guessed_leads_nowhere(browser: FlaskClient, stranger: FlaskClient) -> None:
    path = feed_of(browser)
    token = path.removeprefix("/feeds/").removesuffix(".atom")
    for wrong in (token[:-3] + "AAA", token.replace(".", "x"), "x", "WzFd.x", "é"):
        assert stranger.get(f"/feeds/{wrong}.atom").status_code == 404


def test_signing_out_everywhere_ends_the_feed(
    browser: FlaskClient, stranger: FlaskClient, ann: Person, database: Database
) -> None:
    path = feed_of(browser)
    time.sleep(0.01)
    with database.writing() as session:
        sign_out_everywhere(session, ann.id)
    assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("ended", [sign_out_of, remove])
def test_a_feed_loses_a_programme_in_which_its_person_has_no_say_any_more(
    browser: FlaskClient, stranger: FlaskClient, ann: Person, database: Database, spring: Spring, ended
) -> None:
    path = feed_of(browser)
    time.sleep(0.01)
    with database.writing() as session:
        ended(session, ensure_programme(session, session.get_one(Event, spring.event.id)), ann.id)
    answer = stranger.get(path)
    assert answer.status_code == 200 and b"<entry>" not in answer.data and b":entry" not in answer.data


def test_a_feed_made_in_a_browser_of_one_programme_shows_nothing_of_another(
    ann: Person, app, stranger: FlaskClient, database: Database
) -> None:
    browser = browser_of(app, ann)
    path = feed_of(browser)
    with database.writing() as session:
        event = make_event(session, "autumn")
        programme = ensure_programme(session, event)
        row = make_proposal(session, event, ann, title="Elsewhere")
        session.add(Notice(programme_id=programme.id, person_id=ann.id, proposal_id=row.id, text="“Elsewhere”."))
    for text in (stranger.get(path).text, browser.get("/notices").text):
        assert "Elsewhere" not in text and "has this too" in text


def test_the_outbox_offers_a_mail_and_a_mark(
    browser: FlaskClient, client: FlaskClient, signed_in_as: SignedInAs
) -> None:
    page = read(signed_in_as("designer"), OUTBOX)
    mail = urlsplit(page.one("//a[starts-with(@href, 'mailto:')]").get("href"))
    assert unquote(mail.path) == "ann+x@example.org"
    said = parse_qs(mail.query)
    assert said["subject"] == ["News on Spring open space"]
    assert "Hello Ann," in said["body"][0] and "http://localhost/notices" in said["body"][0]
    form = {name: page.all(f"//form//input[@name='{name}']/@value") for name in ("person", "id")}
    answer = client.post(OUTBOX, data=form, follow_redirects=True)
    assert "Noted as passed on." in answer.text and "Nobody is waiting for news" in answer.text
    assert "Somebody had passed that on already." in client.post(OUTBOX, data=form, follow_redirects=True).text
    assert read(browser, "/notices").all("//*[@class='fresh']")


def test_passing_on_can_be_undone_at_once_and_later(ann: Person, client: FlaskClient, browser: FlaskClient) -> None:
    def form(page: Page, where: str) -> dict[str, list[str]]:
        found = page.one(where)
        return {name: found.xpath(f".//input[@name='{name}']/@value") for name in ("person", "id")}

    waiting = form(read(client, OUTBOX), "//ol[@class='outbox']//form")
    assert not read(client, OUTBOX).all("//details")
    page = Page(client.post(OUTBOX, data=waiting, follow_redirects=True).text)
    assert "Ann has been told." in page.text
    assert form(page, "//div[@role='status']//form") == waiting == form(page, "//details//form")
    assert words(page.one("//div[@role='status']//button")) == "Undo: not passed on to Ann"
    later = read(client, OUTBOX)
    assert not later.all("//div[@role='status']") and form(later, "//details//form") == waiting
    page = Page(client.post(f"{OUTBOX}/undo", data=waiting, follow_redirects=True).text)
    assert "Undone: it waits again." in page.text and form(page, "//ol[@class='outbox']//form") == waiting
    assert "It does not wait any more" in client.post(f"{OUTBOX}/undo", data=waiting, follow_redirects=True).text
    assert client.post(f"{OUTBOX}/undo", data={"person": "x"}).status_code == 400
    assert read(browser, "/notices").all("//*[@class='fresh']")  # for Ann nothing of it has changed


def test_a_mail_stays_short_and_breaks_out_of_nothing(
    ann: Person, client: FlaskClient, database: Database, spring: Spring
) -> None:
    with database.writing() as session:
        session.get_one(Person, ann.id).email = 'a"?bcc=evil@example.org&x@example.org'
        programme = ensure_programme(session, session.get_one(Event, spring.event.id))
        for n in range(60):
            text = f"“<b>{n}</b>” & more " + "word " * 60
            notice = Notice(programme_id=programme.id, person_id=ann.id, text=text, at=utcnow() + timedelta(seconds=n))
            session.add(notice)
    page = read(client, OUTBOX)
    mail = page.one("//a[starts-with(@href, 'mailto:')]").get("href")
    assert set(parse_qs(urlsplit(mail).query)) == {"subject", "body"} and len(mail) < 4000
    assert page.all("//main//b") == [] and "<b>3</b>" in page.text


def test_somebody_without_an_address_has_to_be_told(ann: Person, client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        session.get_one(Person, ann.id).email = None
    page = read(client, OUTBOX)
    assert "no e-mail address is known" in page.text and page.all("//a[starts-with(@href, 'mailto:')]") == []


def test_the_outbox_is_for_staff(ann: Person, signed_in_as: SignedInAs) -> None:
    for role in ("alumnus", "sponsor"):
        assert signed_in_as(role).get(OUTBOX).status_code == 403
        assert signed_in_as(role).post(OUTBOX, data={"person": ann.id}).status_code == 403


def test_pages_can_say_how_many_are_unread(browser: FlaskClient, app) -> None:
    from web.notices import unread

    with app.test_request_context("/"):
        assert unread() == 0  # a stranger
    with browser:
        browser.get("/notices")
        assert unread() == 1
        assert words(Page(browser.get("/notices").text).one("//h1")) == "Notices"
