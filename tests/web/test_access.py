import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from capture.access import known_by_key, remove
from capture.database import Database
from capture.models import Access, Role
from capture.programmes import ensure_programme
from tests.factories import make_event, make_group, make_person
from tests.web.conftest import SignedInAs, Spring, browser_of, read, words
from tests.web.roles import ORGANISER, REACHED_BY, address
from web.auth import LET_IN

WHO = ("host", *Role, "other", "nobody", "stranger")
"""`other` organises another programme; `nobody` is signed in without any role."""


@pytest.fixture
def people(
    app: Flask, database: Database, client: FlaskClient, stranger: FlaskClient, signed_in_as: SignedInAs, spring: Spring
) -> dict[str, FlaskClient]:
    with database.writing() as session:
        make_group(session, make_event(session, "elsewhere", programme="Another"))
    return {
        "host": client,
        **{role: signed_in_as(role) for role in Role},
        "other": signed_in_as(ORGANISER, "elsewhere"),
        "nobody": signed_in_as(None),
        "stranger": stranger,
    }


def expected(endpoint: str, about_spring: bool, who: str) -> str:
    reached = REACHED_BY[endpoint]
    if "stranger" in reached:
        return "in"
    if who == "stranger":
        return "to sign in"
    if who in ("other", "nobody") and about_spring:
        return "no such event"
    role = ORGANISER if who == "other" else who
    return "in" if role == "host" or role in reached else "refused"


def outcome(client: FlaskClient, path: str, method: str) -> str:
    answer = client.open(path, method=method, headers={"Accept": "application/json"})
    if answer.status_code == 303 and answer.headers["Location"].partition("?")[0] == "/sign-in":
        return "to sign in"
    said = answer.json["error"] if answer.is_json else ""
    if answer.status_code == 404 and said == "There is no event “spring” here.":
        return "no such event"
    if answer.status_code == 403 and said.startswith("Your role here does not reach this page."):
        return "refused"
    return "in" if answer.status_code == 204 else f"{answer.status_code} {said}"


def test_every_route_has_its_line_in_the_table_and_every_line_its_route(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert sorted(endpoints - REACHED_BY.keys()) == [], "add these to tests/web/roles.py"
    assert sorted(REACHED_BY.keys() - endpoints) == [], "these are gone"


def test_every_route_lets_in_exactly_the_roles_that_the_table_says(app: Flask, people: dict[str, FlaskClient]) -> None:
    # What stands before the views is tried for each route, method and person; the views themselves would change things.
    for endpoint in app.view_functions:
        app.view_functions[endpoint] = lambda **_: ("", 204)
    wrong, tried = [], 0
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            path = address(rule)
            for who in WHO:
                tried += 1
                want = expected(rule.endpoint, "slug" in rule.arguments, who)
                found = outcome(people[who], path, method)
                if found != want:
                    wrong.append(f"{method} {path} as {who}: {found}, not {want}")
    assert wrong == []
    assert tried > 400


@pytest.mark.parametrize("role", Role)
def test_no_page_that_a_role_reaches_fails(app: Flask, people: dict[str, FlaskClient], role: Role) -> None:
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and role in REACHED_BY[rule.endpoint]:
            with people[role].get(address(rule)) as answer:
                assert answer.status_code in (200, 303, 400, 404, 410), f"{rule}: {answer.status_code}"


def test_what_is_numbered_in_one_event_cannot_be_read_or_changed_through_another(
    app: Flask, database: Database, people: dict[str, FlaskClient], spring: Spring
) -> None:
    """Whoever organises one programme writes the numbers of another into addresses of their own."""

    def stored() -> list[str]:
        with database.reading() as session:
            return list(session.connection().connection.driver_connection.iterdump())

    before, tried = stored(), 0
    for rule in app.url_map.iter_rules():
        if "slug" in rule.arguments and rule.arguments - {"slug"}:
            path = address(rule, "elsewhere")
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                tried += 1
                with people["other"].open(path, method=method) as answer:
                    assert "says sentence" not in answer.text, rule
                assert stored() == before, f"{method} {path}"
    assert tried >= 20


def test_a_role_that_is_too_low_is_told_in_words_and_the_way_is_not_offered(
    signed_in_as: SignedInAs, spring: Spring
) -> None:
    alumnus = signed_in_as("alumnus")
    page = read(alumnus, "/events/spring/people", 403)
    assert page.one("//h1").text == "Not allowed"
    assert "Ask an organiser" in page.text
    ways = {words(a) for a in read(alumnus, "/events/spring").all("//header//nav/a")}
    assert "Bird’s-eye" in ways and not ways & {"Rooms", "People", "Roster"}


def test_an_event_of_another_programme_is_as_absent_as_one_that_never_was(people: dict[str, FlaskClient]) -> None:
    there, never = people["other"].get("/events/spring"), people["other"].get("/events/nothing")
    assert (there.status_code, never.status_code) == (404, 404)
    assert there.text.replace("spring", "nothing") == never.text
    assert "elsewhere" in people["host"].get("/events/nothing").text  # the host is told what there is


def test_a_role_that_is_changed_or_taken_away_counts_from_the_next_request_on(
    app: Flask, database: Database, spring: Spring
) -> None:
    with database.writing() as session:
        person = make_person(session, spring.event, Role.ORGANISER)
    browser = browser_of(app, person)
    read(browser, "/events/spring/people")
    with database.writing() as session:
        session.query(Access).one().role = Role.ALUMNUS
    read(browser, "/events/spring/people", 403)
    with database.writing() as session:
        remove(session, ensure_programme(session, spring.event), person.id)
    read(browser, "/events/spring", 404)


def test_a_role_counts_only_where_a_link_of_its_programme_let_the_browser_in(
    app: Flask, database: Database, spring: Spring
) -> None:
    with database.writing() as session:
        elsewhere = make_event(session, "elsewhere", programme="Another")
        person = make_person(session, elsewhere, Role.ORGANISER)
    browser = browser_of(app, person)  # let into the one programme, where they are known
    with database.writing() as session:
        programme = ensure_programme(session, spring.event)
        session.add(Access(person_id=person.id, programme_id=programme.id, role=Role.ORGANISER, granted_by="me"))
    read(browser, "/events/elsewhere/people")
    read(browser, "/events/spring", 404)
    with browser.session_transaction() as cookie:
        cookie[LET_IN] = {**cookie[LET_IN], str(programme.id): time.time()}
    read(browser, "/events/spring/people")


def test_a_role_that_was_taken_away_and_given_again_does_not_bring_old_browsers_back(
    app: Flask, database: Database, spring: Spring
) -> None:
    with database.writing() as session:
        person = make_person(session, spring.event, Role.DESIGNER)
    old = browser_of(app, person)
    with database.writing() as session:
        programme = ensure_programme(session, spring.event)
        remove(session, programme, person.id)
        session.add(Access(person_id=person.id, programme_id=programme.id, role=Role.DESIGNER, granted_by="me"))
    read(old, "/events/spring", 404)
    with database.reading() as session:
        assert len(known_by_key(session, person.key).access) == 1


def test_the_panel_and_the_quorum_are_those_of_the_programme(
    app: Flask, database: Database, spring: Spring, signed_in_as: SignedInAs
) -> None:
    from web.access import standing

    with database.writing() as session:
        ensure_programme(session, spring.event).quorum = 5
    seen = []
    app.view_functions["birds_eye.show"] = lambda slug: (seen.append(standing()), ("", 204))[1]
    for browser in (signed_in_as("alumnus", panel=True), signed_in_as("alumnus"), signed_in_as("designer")):
        browser.get("/events/spring")
    assert [(each.panel, each.quorum, each.staff) for each in seen] == [
        (True, 5, False),
        (False, 5, False),
        (False, 5, True),
    ]
