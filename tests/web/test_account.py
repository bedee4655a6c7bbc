from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from capture.access import remove
from capture.database import Database
from capture.events import get_event
from capture.invitations import invite, link_of
from capture.models import Person, Role
from capture.programmes import ensure_programme
from mining.suggestion_models import Notice
from tests.factories import make_event, make_person
from tests.web.conftest import SignedInAs, Spring, browser_of, read, words
from web.auth import SignIn


def test_it_says_who_one_is_and_what_in_which_programme(
    app: Flask, database: Database, spring: Spring, signed_in_as: SignedInAs
) -> None:
    page = read(signed_in_as("alumnus", name="Ada", email="ada@example.org", panel=True), "/account")
    assert "signed in as Ada (ada@example.org)" in page.text
    assert words(page.one("//tbody/tr")) == "Spring open spaceAlumnus on the panel for proposals"
    with database.writing() as session:
        person = make_person(session, spring.event, Role.SPONSOR)
        programme = ensure_programme(session, make_event(session, "autumn"))
        invite(session, programme, Role.DESIGNER, "me", 14, email="x@example.org")
    assert [words(row) for row in read(browser_of(app, person), "/account").all("//tbody/tr")] == [
        "Spring open spaceSponsor"
    ]


def test_the_host_is_told_that_they_are(client: FlaskClient) -> None:
    assert "You are the host" in read(client, "/account").text


def test_somebody_whose_roles_are_gone_can_still_see_that_and_sign_out(signed_in_as: SignedInAs) -> None:
    browser = signed_in_as(None)
    assert "No programme is open to you in this browser" in read(browser, "/account").text
    assert browser.post("/sign-out").status_code == 303
    assert browser.get("/account").status_code == 303


def test_signing_out_everywhere_ends_every_browser_and_every_link(
    app: Flask, database: Database, spring: Spring
) -> None:
    with database.writing() as session:
        programme = ensure_programme(session, spring.event)
        person = invite(session, programme, Role.ALUMNUS, "me", 14, name="Ada").person
        other = make_person(session, spring.event, Role.ALUMNUS)
    here, there, stays = browser_of(app, person), browser_of(app, person), browser_of(app, other)
    answer = here.post("/account/sign-out-everywhere")
    assert answer.headers["Location"] == "/sign-in?out=everywhere"
    assert "You are signed out everywhere" in here.get(answer.headers["Location"]).text
    assert here.get("/").status_code == there.get("/").status_code == 303
    read(stays, "/events/spring")
    with database.reading() as session:
        assert link_of(session, programme, person.id) is None
    read(browser_of(app, person), "/events/spring", 200)  # a later sign-in counts


def test_the_host_signs_out_everywhere_as_well_and_comes_back_by_a_new_link(
    app: Flask, client: FlaskClient, sign_in, database: Database
) -> None:
    second = app.test_client()
    second.post(sign_in.new_link("http://localhost"))
    client.post("/account/sign-out-everywhere")
    assert client.get("/").status_code == second.get("/").status_code == 303
    second.post(sign_in.new_link("http://localhost"))
    read(second, "/")
    with database.reading() as session:
        assert session.query(Person).one().host


def let_in(app: Flask, database: Database, sign_in: SignIn, slug: str, **values: object) -> FlaskClient:
    """A browser that a link of that event's programme, made by its organisers, let in."""
    with database.writing() as session:
        programme = ensure_programme(session, get_event(session, slug))
        link = invite(session, programme, Role.ALUMNUS, "them", 14, **values).invitation
    browser = app.test_client()
    browser.post(f"/sign-in/{sign_in.links.of_invitation(link.nonce)}")
    return browser


def test_a_link_of_one_programme_does_nothing_in_another_and_tells_no_name(
    app: Flask, database: Database, sign_in: SignIn, spring: Spring
) -> None:
    """Whoever organises one programme can make themselves a link in anybody's name."""
    with database.writing() as session:
        make_event(session, "autumn", programme="Far away")
    victim = let_in(app, database, sign_in, "autumn", name="Ada Secret", email="ada@example.org")
    intruder = let_in(app, database, sign_in, "spring", email="ada@example.org")
    with database.writing() as session:
        person = session.query(Person).filter_by(email="ada@example.org").one()
        there = ensure_programme(session, get_event(session, "autumn"))
        notice = Notice(programme_id=there.id, person_id=person.id, text="News from far away.")
        session.add(notice)
    intruder.post("/notices", data={"id": notice.id})
    assert read(victim, "/notices").all("//*[@class='fresh']")
    for path in ("/account", "/events/spring", "/notices", "/events/spring/proposals/new", "/account/device"):
        answer = intruder.get(path)
        assert answer.status_code in (200, 404) and "Secret" not in answer.text, path
    assert "signed in as ada (ada@example.org)" in read(intruder, "/account").text
    assert "Programmes that are not open in this browser are not touched" in read(intruder, "/account").text
    intruder.post("/account/sign-out-everywhere")
    assert intruder.get("/account").status_code == 303
    read(victim, "/events/autumn")
    assert "signed in as Ada Secret" in read(victim, "/account").text
    with database.reading() as session:
        assert link_of(session, there, person.id) is not None


def test_a_name_stays_hidden_when_the_access_is_taken_away(
    app: Flask, database: Database, sign_in: SignIn, spring: Spring
) -> None:
    with database.writing() as session:
        make_event(session, "autumn", programme="Far away")
    let_in(app, database, sign_in, "autumn", name="Ada Secret", email="ada@example.org")
    intruder = let_in(app, database, sign_in, "spring", email="ada@example.org")
    with database.writing() as session:
        person = session.query(Person).filter_by(email="ada@example.org").one()
        remove(session, ensure_programme(session, get_event(session, "spring")), person.id)
    page = read(intruder, "/account").text
    assert "signed in as ada (" in page and "Secret" not in page


def test_one_browser_with_two_programmes_signs_out_of_both(
    app: Flask, database: Database, sign_in: SignIn, spring: Spring
) -> None:
    with database.writing() as session:
        make_event(session, "autumn", programme="Far away")
    other = let_in(app, database, sign_in, "autumn", name="Ada", email="ada@example.org")
    let_in(app, database, sign_in, "spring", email="ada@example.org")
    with database.reading() as session:
        both = browser_of(app, session.query(Person).filter_by(email="ada@example.org").one())
    assert "to the programmes above" in read(both, "/account").text
    both.post("/account/sign-out-everywhere")
    assert other.get("/").status_code == both.get("/").status_code == 303


def test_a_link_for_another_device_ends_when_its_browser_signs_out(
    app: Flask, database: Database, sign_in: SignIn, spring: Spring
) -> None:
    first = let_in(app, database, sign_in, "spring", name="Ada", email="ada@example.org")
    link, again = (urlsplit(read(first, "/account/device").one("//input/@value")).path for _ in range(2))
    second = app.test_client()
    assert second.post(link).status_code == 303
    further = urlsplit(read(second, "/account/device").one("//input/@value")).path
    first.post("/sign-out")
    for ended in (link, again):
        page = app.test_client().get(ended)
        assert page.status_code == 410 and "only while you are signed in where it comes from" in page.text
        assert app.test_client().post(ended).status_code == 410
    read(second, "/events/spring")  # what it has signed in stays
    assert app.test_client().post(further).status_code == 303
    third = let_in(app, database, sign_in, "spring", name="Ada", email="ada@example.org")
    link = urlsplit(read(third, "/account/device").one("//input/@value")).path
    third.post(sign_in.new_link(""))  # somebody else signs in there
    assert app.test_client().post(link).status_code == 410
