from flask.testing import FlaskClient

from tests.web.conftest import SignedInAs, Spring, read, words


def test_the_ways_of_an_event_are_offered_on_its_pages_and_the_one_that_is_shown_is_marked(
    client: FlaskClient, spring: Spring
) -> None:
    page = read(client, "/events/spring")
    ways = {words(a): a for a in page.all("//header//nav/a")}
    assert {"Harvest", "Bird’s-eye", "Rooms"} <= set(ways)
    assert [name for name, a in ways.items() if a.get("aria-current")] == ["Bird’s-eye"]
    for name in set(ways) - {"Harvest"}:
        assert client.get(ways[name].get("href")).status_code == 200, name


def test_everybody_is_offered_what_their_role_reaches_and_can_open_it(
    signed_in_as: SignedInAs, client: FlaskClient, spring: Spring
) -> None:
    offered = {}
    browsers = {role: signed_in_as(role) for role in ("designer", "alumnus", "sponsor")}
    for who, browser in {"host": client, **browsers}.items():
        ways = read(browser, "/events/spring").all("//header//nav/a")
        offered[who] = {words(way) for way in ways}
        assert [browser.get(way.get("href")).status_code for way in ways] == [200] * len(ways), who
    assert {"Rooms", "People", "Peer groups"} <= offered["host"] and "My group" not in offered["host"]
    assert offered["designer"] & {"Rooms", "People", "Roster"} == set()
    assert {"Bird’s-eye", "Proposals", "Next steps", "My group"} <= offered["alumnus"]
    assert offered["alumnus"] & {"Coverage", "Drafts", "Peer groups", "Roster"} == set()
    assert offered["sponsor"] & {"Next steps", "My group", "Rooms"} == set()


def test_a_stranger_is_offered_nothing(stranger: FlaskClient) -> None:
    assert [words(a) for a in read(stranger, "/sign-in").all("//header//nav/a")] == ["Harvest"]


def test_the_outbox_counts_as_a_page_of_the_proposals_and_not_of_ones_own_notices(
    client: FlaskClient, spring: Spring
) -> None:
    page = read(client, "/events/spring/outbox")
    assert [words(a) for a in page.all("//header//nav/a[@aria-current]")] == ["Proposals"]
