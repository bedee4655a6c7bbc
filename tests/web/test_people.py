from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from capture.access import people_of
from capture.database import Database
from capture.invitations import invite
from capture.models import Access, Invitation, Participant, Person, Programme, ProposalMode, Role, RosterEntry
from capture.programmes import ensure_programme
from capture.settings import CaptureSettings
from mining.settings import MiningSettings
from tests.factories import make_event, make_person
from tests.web.conftest import Noted, Page, SignedInAs, Spring, browser_of, read, words
from web.app import create_app
from web.auth import SignIn
from web.settings import WebSettings

PEOPLE = "/events/spring/people"


def ada(database: Database, spring: Spring, role: Role = Role.ALUMNUS) -> int:
    with database.writing() as session:
        programme = ensure_programme(session, spring.event)
        return invite(session, programme, role, "me", 14, name="Ada", email="ada@example.org").person.id


def shown_link(page: Page) -> str:
    return urlsplit(page.one("//label[@class='link-line']/input").get("value")).path


def test_an_empty_programme_says_who_has_access_and_what_to_do(client: FlaskClient, spring: Spring) -> None:
    page = read(client, PEOPLE)
    assert "always remains; nobody else is organiser here" in page.text
    assert "Nobody but the host has access" in page.text
    assert page.one("//a[text()='Bring the roster first']").get("href") == "/events/spring/roster"
    assert "Nobody has a link that holds now" in read(client, f"{PEOPLE}/sheet").text
    assert client.get(f"{PEOPLE}/sheet.csv").data.decode("utf-8-sig").count("\r\n") == 1


def test_inviting_leads_to_the_link_which_signs_in(app: Flask, client: FlaskClient, spring: Spring) -> None:
    form = {"name": "Ada", "email": "Ada@example.org", "role": "designer"}
    answer = client.post(PEOPLE, data=form, follow_redirects=True)
    page = Page(answer.text)
    assert "Ada is invited as designer." in page.text
    assert "not used yet" in page.text
    browser = app.test_client()
    browser.post(shown_link(page))
    read(browser, "/events/spring/decisions")
    row = words(read(client, PEOPLE).one("//tbody/tr")).replace("\u00a0", " ")
    assert row.startswith("Adaada@example.org Designer used 1 time holds until ")
    assert "never" not in row


def test_the_mail_that_can_be_sent_holds_the_link_and_nothing_of_a_hostile_name_gets_out(
    client: FlaskClient, spring: Spring
) -> None:
    client.post(PEOPLE, data={"name": "A&B?bcc=x@evil.example\r\n", "email": "a&b=c?d@example.org", "role": "alumnus"})
    page = read(client, read(client, PEOPLE).one("//tbody//a").get("href"))
    mail = urlsplit(page.one("//a[starts-with(@href, 'mailto:')]").get("href"))
    assert (mail.scheme, unquote(mail.path)) == ("mailto", "a&b=c?d@example.org")
    fields = parse_qs(mail.query)
    assert fields.keys() == {"subject", "body"}
    assert page.one("//label[@class='link-line']/input").get("value") in fields["body"][0]


def test_what_is_wrong_is_said_beside_the_form_and_nothing_typed_is_lost(client: FlaskClient, spring: Spring) -> None:
    for form, said in (
        ({"name": "Ada", "email": "ada", "role": "designer"}, "“ada” is not an e-mail address"),
        ({"name": "Ada", "role": "emperor"}, "“emperor” is not a role"),
        ({"name": "Ada"}, "Choose a role"),
        ({"name": " ", "role": "sponsor"}, "Give a name or an e-mail address"),
    ):
        answer = client.post(PEOPLE, data=form)
        assert answer.status_code == 422
        page = Page(answer.text)
        assert said in words(page.one("//section[@aria-labelledby='one']//*[@role='alert']"))
        assert (page.one("//input[@name='name']").get("value") or "").strip() == form["name"].strip()
        checked = page.all("//input[@name='role'][@checked]")
        assert [each.get("value") for each in checked] == [r for r in [form.get("role")] if r in list(Role)]


def test_the_same_address_again_says_that_the_role_changed(
    client: FlaskClient, spring: Spring, database: Database
) -> None:
    ada(database, spring)
    again = {"email": "ADA@example.org", "role": "sponsor"}
    assert "Ada was alumnus here and is sponsor now" in client.post(PEOPLE, data=again, follow_redirects=True).text
    with database.reading() as session:
        assert session.query(Person).filter_by(host=False).count() == 1


def test_hostile_names_stay_text_on_every_page(client: FlaskClient, spring: Spring) -> None:
    hostile = "<script>alert(1)</script>\u202e" + "x" * 10_000
    client.post(PEOPLE, data={"name": hostile, "role": "organiser"})
    client.post(PEOPLE, data={"name": "{{ 7*191 }}", "role": "sponsor"})
    paths = [a.get("href") for a in read(client, PEOPLE).all("//tbody//a")]
    for path in [PEOPLE, f"{PEOPLE}/sheet", *paths]:
        answer = client.get(path)
        assert "<script>alert" not in answer.text and "1337" not in answer.text and "\u202e" not in answer.text
    assert f"<script>alert(1)</script> {'x' * 174}" in read(client, PEOPLE).text


def test_a_role_and_the_panel_are_changed_by_a_form(client: FlaskClient, spring: Spring, database: Database) -> None:
    path = f"{PEOPLE}/{ada(database, spring)}"
    form = {"name": "Ada Byron", "role": "designer", "panel": "yes"}
    assert client.post(path, data=form).headers["Location"] == path
    page = read(client, path)
    assert page.one("//h1").text_content() == "Ada Byron"
    assert page.one("//input[@name='role'][@checked]").get("value") == "designer"
    assert page.all("//input[@name='panel'][@checked]")
    assert "a panel decides: Ada Byron" in read(client, PEOPLE).text
    answer = client.post(path, data={"name": " ", "role": "sponsor"})
    assert answer.status_code == 422 and "needs a name" in answer.text
    assert Page(answer.text).one("//input[@name='role'][@checked]").get("value") == "sponsor"
    with database.reading() as session:
        assert session.query(Access).one().role is Role.DESIGNER


def test_a_link_is_replaced_or_ended_and_the_browser_it_let_in_stays(
    app: Flask, client: FlaskClient, spring: Spring, database: Database
) -> None:
    path = f"{PEOPLE}/{ada(database, spring)}"
    first = shown_link(read(client, path))
    browser = app.test_client()
    browser.post(first)
    client.post(f"{path}/link")
    second = shown_link(read(client, path))
    assert app.test_client().post(first).status_code == 410
    assert app.test_client().get(second).status_code == 200
    client.post(f"{path}/link/end")
    assert app.test_client().post(second).status_code == 410
    page = read(client, path)
    assert not page.all("//label[@class='link-line']") and "ended" in page.text
    read(browser, "/events/spring")


def test_ending_all_sessions_counts_at_once_here_and_nowhere_else(
    app: Flask, client: FlaskClient, spring: Spring, database: Database
) -> None:
    person_id = ada(database, spring)
    with database.writing() as session:
        elsewhere = ensure_programme(session, make_event(session, "autumn"))
        invite(session, elsewhere, Role.ALUMNUS, "them", 14, email="ada@example.org")
        person = session.get_one(Person, person_id)
    browser = browser_of(app, person)
    read(browser, "/events/spring")
    answer = client.post(f"{PEOPLE}/{person_id}/sign-out", follow_redirects=True)
    assert "Signed out of this programme on every browser" in answer.text
    read(browser, "/events/spring", 404)
    read(browser, "/events/autumn")
    client.post(f"{PEOPLE}/{person_id}/link")
    browser.post(shown_link(read(client, f"{PEOPLE}/{person_id}")))
    read(browser, "/events/spring")


def test_access_is_taken_away_at_once_and_the_list_says_so(
    app: Flask, client: FlaskClient, spring: Spring, database: Database
) -> None:
    person_id = ada(database, spring)
    with database.reading() as session:
        browser = browser_of(app, session.get_one(Person, person_id))
    link = shown_link(read(client, f"{PEOPLE}/{person_id}"))
    gone = client.post(f"{PEOPLE}/{person_id}/remove", follow_redirects=True)
    assert "Ada has no access any more. What they proposed and decided stays" in gone.text
    read(browser, "/events/spring", 404)
    assert browser.post(link).status_code == 410
    read(client, f"{PEOPLE}/{person_id}", 404)
    for act in ("", "/link", "/link/end", "/sign-out", "/remove"):
        assert client.post(f"{PEOPLE}/{person_id}{act}", data={"role": "sponsor", "name": "x"}).status_code == 404


def test_an_organiser_cannot_shut_themselves_out_but_may_end_their_other_sessions(
    app: Flask, spring: Spring, database: Database
) -> None:
    with database.writing() as session:
        person = make_person(session, spring.event, Role.ORGANISER, name="Olga", email="olga@example.org")
    here, there = browser_of(app, person), browser_of(app, person)
    path = f"{PEOPLE}/{person.id}"
    assert "Take their access away" not in read(here, path).text
    for answer in (
        here.post(path, data={"role": "alumnus", "name": "Olga"}),
        here.post(f"{path}/remove"),
        here.post(PEOPLE, data={"email": "olga@example.org", "role": "sponsor"}),
    ):
        assert answer.status_code == 422 and "another organiser" in answer.text
    assert here.post(path, data={"role": "organiser", "name": "Olga B"}).status_code == 303
    here.post(f"{path}/sign-out")
    read(here, PEOPLE)
    assert there.get(PEOPLE).status_code == 303  # signed out of all it was let into


def test_people_of_another_programme_are_out_of_reach_whatever_a_form_says(
    client: FlaskClient, spring: Spring, database: Database, signed_in_as: SignedInAs
) -> None:
    with database.writing() as session:
        elsewhere = make_event(session, "elsewhere", programme="Another")
        programme = ensure_programme(session, elsewhere)
        theirs = invite(session, programme, Role.SPONSOR, "them", 14, email="theirs@example.org").person.id
    organiser = signed_in_as("organiser")
    read(organiser, f"{PEOPLE}/{theirs}", 404)
    forged = {"programme_id": programme.id, "programme": "Another", "role": "organiser", "name": "Mallory"}
    for act in ("", "/link", "/link/end", "/sign-out", "/remove"):
        assert organiser.post(f"{PEOPLE}/{theirs}{act}", data=forged).status_code == 404
    organiser.post(PEOPLE, data={**forged, "email": "mallory@example.org"})
    organiser.post(f"{PEOPLE}/settings", data={**forged, "quorum": "2", "mode": "open"})
    with database.reading() as session:
        assert [member.role for member in people_of(session, programme)] == [Role.SPONSOR]
        assert session.query(Invitation).filter_by(programme_id=programme.id, ended_at=None).count() == 1
        assert {each.name: each.quorum for each in session.query(Programme)} == {"Another": 3, None: 2}


def test_a_link_for_somebody_who_organises_another_programme_does_not_lead_there(
    app: Flask, spring: Spring, database: Database, signed_in_as: SignedInAs
) -> None:
    with database.writing() as session:
        elsewhere = ensure_programme(session, make_event(session, "elsewhere", programme="Another"))
        invite(session, elsewhere, Role.ORGANISER, "them", 14, name="Olga", email="olga@example.org")
    organiser = signed_in_as("organiser")
    page = Page(
        organiser.post(PEOPLE, data={"email": "olga@example.org", "role": "alumnus"}, follow_redirects=True).text
    )
    mallory = app.test_client()
    mallory.post(shown_link(page))
    read(mallory, "/events/spring")
    read(mallory, "/events/elsewhere", 404)


@pytest.mark.parametrize("quorum", ["1", "21", "0", "-3", "three", "", "9" * 400])
def test_a_quorum_out_of_range_is_refused_beside_the_field(
    client: FlaskClient, spring: Spring, database: Database, quorum: str
) -> None:
    answer = client.post(f"{PEOPLE}/settings", data={"quorum": quorum, "mode": "open"})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "from 2 to 20" in words(page.one("//section[@aria-labelledby='holds']//*[@role='alert']"))
    assert page.one("//input[@name='quorum']").get("aria-invalid") == "true"
    with database.reading() as session:
        assert all(programme.quorum == 3 for programme in session.query(Programme))


def test_what_holds_for_the_programme_is_set(client: FlaskClient, spring: Spring, database: Database) -> None:
    answer = client.post(f"{PEOPLE}/settings", data={"quorum": "5", "mode": "open"})
    assert answer.location.endswith("#main"), "where the page says so, not at the form below the list"
    page = read(client, PEOPLE)
    assert page.one("//input[@name='quorum']").get("value") == "5"
    assert page.one("//input[@name='mode'][@checked]").get("value") == "open"
    with database.reading() as session:
        programme = session.query(Programme).one()
    assert (programme.quorum, programme.mode) == (5, ProposalMode.OPEN)


def test_the_whole_roster_becomes_a_sheet_to_print_or_to_send(
    app: Flask, client: FlaskClient, spring: Spring, database: Database
) -> None:
    assert "nobody on the roster" in client.post(f"{PEOPLE}/roster", follow_redirects=True).text
    designer = ada(database, spring, Role.DESIGNER)
    with database.writing() as session:
        for number, (name, email) in enumerate([("=Bo", "bo@example.org"), ("Cy", None)], 1):
            participant = Participant(event_id=spring.event.id, name=name, number=number)
            session.add(participant)
            session.flush()
            session.add(RosterEntry(event_id=spring.event.id, participant_id=participant.id, email=email))
    assert "Two people are on the roster" in read(client, PEOPLE).text
    page = Page(client.post(f"{PEOPLE}/roster", follow_redirects=True).text)
    assert "2 of 2 people on the roster have a new link." in page.text
    assert [words(row.xpath("th/bdi")[0]) for row in page.all("//tbody/tr")] == ["=Bo", "Cy"]
    links = [urlsplit(code.text).path for code in page.all("//tbody//code")]
    table = client.get(page.one("//a[contains(@href, 'sheet.csv')]").get("href"))
    assert table.mimetype == "text/csv"
    assert table.headers["Content-Disposition"] == 'attachment; filename="spring-links.csv"'
    lines = table.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 3 and lines[1].startswith("'=Bo,bo@example.org,alumnus,http://localhost/sign-in/")
    for link in links:
        browser = app.test_client()
        browser.post(link)
        read(browser, "/events/spring")
    assert "Everybody with a link that holds has used it" in read(client, f"{PEOPLE}/sheet?unused=&roster=").text
    everybody = read(client, f"{PEOPLE}/sheet").all("//tbody/tr")
    assert len(everybody) == 3 and designer


def test_links_that_only_this_machine_can_open_are_marked_and_the_public_address_is_used(
    app: Flask, client: FlaskClient, spring: Spring, database: Database
) -> None:
    path = f"{PEOPLE}/{ada(database, spring)}"
    for page in (PEOPLE, path, f"{PEOPLE}/sheet"):
        assert "which only this machine can open" in read(client, page).text
    client.set_cookie("harvest", client.get_cookie("harvest").value, domain="192.168.0.7")
    page = Page(client.get(path, base_url="http://192.168.0.7:8765").text)
    assert page.one("//label[@class='link-line']/input").get("value").startswith("http://192.168.0.7:8765/sign-in/")
    assert "only this machine" not in page.text


def test_the_address_that_was_set_stands_in_every_link(
    settings: CaptureSettings, database: Database, carrier: Noted, sign_in: SignIn, spring: Spring
) -> None:
    web = WebSettings(capture=settings, mining=MiningSettings(), address="https://harvest.example.org/")
    client = create_app(web, database, carrier, sign_in).test_client()
    client.post(sign_in.new_link(""))
    path = f"{PEOPLE}/{ada(database, spring)}"
    begin = "https://harvest.example.org/sign-in/"
    page = read(client, path)
    assert page.one("//label[@class='link-line']/input").get("value").startswith(begin)
    assert quote(begin, safe="") in page.one("//a[starts-with(@href, 'mailto:')]").get("href").replace("/", "%2F")
    assert begin in read(client, "/account/device").one("//input[@readonly]").get("value")
    assert "only this machine" not in page.text


def test_a_sponsor_is_not_put_on_the_panel(client: FlaskClient, spring: Spring, database: Database) -> None:
    path = f"{PEOPLE}/{ada(database, spring)}"
    assert "not for sponsors" in read(client, path).text
    assert client.post(path, data={"name": "Ada", "role": "sponsor"}).status_code == 303
    answer = client.post(path, data={"name": "Ada", "role": "sponsor", "panel": "yes"})
    assert answer.status_code == 422 and "Sponsors read proposals and cannot be on the panel" in answer.text
    assert "nobody is on it yet, so organisers decide" in read(client, PEOPLE).text
