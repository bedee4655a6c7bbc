"""The pages of peer groups: drawing and changing for organisers, one's own group for everybody on the roster."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from capture.database import Database, utcnow
from capture.models import Person, Recording
from mining.models import Analysis, Passage, Theme
from mining.suggestion_models import PeerGroup, PeerGroupMember, PeerWish, Pick
from tests.factories import make_passage, make_person
from tests.mining.gathering import HIDDEN, Gathering, gathering  # noqa: F401  (a fixture)
from tests.mining.peers.test_groups import drawn
from tests.web.conftest import Page, SignedInAs, browser_of, read, words

PAGE = "/events/spring/peer-groups"
SECRETS = (HIDDEN, "hidden.example", "Secretariat", "Nowhere Ltd")


@pytest.fixture
def anna(app: Flask, database: Database, gathering: Gathering) -> FlaskClient:  # noqa: F811
    """Anna Weber's browser: an alumna on the roster."""
    return browser_of(app, alumnus(database, gathering, "anna@spring.example", gathering.entries["Anna Weber"]))


def alumnus(database: Database, gathering: Gathering, email: str, entry_id: int) -> Person:  # noqa: F811
    with database.writing() as session:
        person = make_person(session, gathering.event(session), "alumnus", email=email)
        from capture.roster import get_entry

        get_entry(session, gathering.event_id, entry_id).person_id = person.id
    return person


def post(client: FlaskClient, path: str, status: int = 303, **form: object) -> Page:
    answer = client.post(f"{PAGE}{path}", data=form)
    assert answer.status_code == status, answer.text[:600]
    return Page(client.get(answer.headers["Location"]).text if status == 303 else answer.text)


def test_people_are_seated_by_a_button(client: FlaskClient, gathering: Gathering) -> None:  # noqa: F811
    assert "12 so far" in read(client, PAGE).text
    page = post(client, "/draw", smallest="3", largest="4", seconds="2", seed="1")
    assert "People were seated." in page.text
    assert len(page.all("//article")) == 4 and "names from a hat" in page.text
    assert sorted(words(b) for b in page.all("//article//ul[@class='members']//bdi")) == sorted(gathering.entries)


def test_what_cannot_be_drawn_is_said_beside_the_form_with_what_was_typed(
    client: FlaskClient,
    gathering: Gathering,  # noqa: F811
) -> None:
    page = post(client, "/draw", 422, smallest="6", largest="3")
    field = page.one("//input[@name='smallest']")
    assert (field.get("value"), field.get("aria-describedby")) == ("6", "draw-problem")
    assert "Groups of 6 to 3 cannot be" in words(page.one("//*[@id='draw-problem']"))
    assert "no whole number" in post(client, "/draw", 422, smallest="three").text


def test_wishes_are_noted_shown_and_removed(client: FlaskClient, database: Database, gathering: Gathering) -> None:  # noqa: F811
    one, other = (gathering.entries[name] for name in ("Anna Weber", "Bo Lind"))
    assert (
        "Anna Weber and Bo Lind must not sit together"
        in post(client, "/wishes", one=one, other=other, kind="apart").text
    )
    page = post(client, "/wishes", 422, one=one, other=other, kind="together")
    assert page.one("//select[@name='one']/option[@selected]").get("value") == str(one)
    assert "Remove that wish first" in words(page.one("//*[@id='wish-problem']"))
    with database.reading() as session:
        wish = session.scalars(select(PeerWish.id)).one()
    assert "The wish is gone." in post(client, f"/wishes/{wish}/remove").text
    assert (
        client.post(f"{PAGE}/wishes", data={"one": one, "other": gathering.hidden, "kind": "apart"}).status_code == 404
    )


def test_groups_are_locked_moved_dated_and_closed(
    client: FlaskClient,
    database: Database,
    gathering: Gathering,  # noqa: F811
) -> None:
    groups = drawn(database, gathering).groups
    first, second = groups[0].members[0], groups[1].members[0]
    assert "Group 2 is locked" in post(client, "/2/lock", locked="yes").text
    assert "Group 2 is locked" in post(client, "/move", 422, entry=first.entry_id, to="group-2").text
    post(client, "/2/lock", locked="no")
    page = post(client, "/move", entry=first.entry_id, to=f"person-{second.entry_id}")
    assert second.name in words(page.one("//article[@aria-labelledby='group-1']"))
    assert "Choose where to" in post(client, "/move", 422, entry=first.entry_id, to="up").text
    when = {"first": "2026-04-09T10:00", "second": "2026-05-14T10:00"}
    assert "9 April 2026, 10:00" in post(client, "/dates", **when).text
    page = post(client, "/dates", 422, number=1, first="2026-05-09T10:00", second="2026-05-01T10:00")
    assert page.one("//article[1]//input[@name='first']").get("value") == "2026-05-09T10:00"
    assert "no date and time" in post(client, "/dates", 422, first="soon").text
    assert "Became a project" in post(client, "/1/outcome", outcome="project").text
    with database.reading() as session:
        assert session.scalars(select(PeerGroup.outcome).where(PeerGroup.number == 1)).one() == "project"


def test_two_organisations_are_matched_on_the_page(client: FlaskClient, gathering: Gathering) -> None:  # noqa: F811
    page = read(client, f"{PAGE}?one=Harrow&other=Ellerby")
    assert len(page.all("//section[@aria-labelledby='co']//tbody/tr")) == 3
    assert "Nobody of “Mars”" in read(client, f"{PAGE}?one=Mars&other=Ellerby", 422).text


def test_nobody_who_did_not_agree_appears_anywhere(
    client: FlaskClient,
    anna: FlaskClient,
    database: Database,
    gathering: Gathering,  # noqa: F811
) -> None:
    drawn(database, gathering)
    post(client, "/dates", first="2026-04-09T10:00", second="2026-05-14T10:00")
    shown = [client.get(f"{PAGE}{path}") for path in ("", "?one=Harrow&other=Ellerby", "/table.csv", "/document.json")]
    shown += [client.get(f"{PAGE}/{number}/meetings.ics") for number in range(1, 5)]
    shown += [anna.get(f"{PAGE}/mine")]
    assert [answer.status_code for answer in shown] == [200] * len(shown)
    assert all("Anna" in answer.text for answer in (*shown[:4], shown[-1]))
    for answer in shown:
        for secret in SECRETS:
            assert secret not in answer.text


def test_a_member_sees_their_own_group_and_nothing_of_the_others(
    anna: FlaskClient,
    database: Database,
    gathering: Gathering,  # noqa: F811
) -> None:
    groups = drawn(database, gathering).groups
    own = next(group for group in groups if "Anna Weber" in [peer.name for peer in group.members])
    page = read(anna, f"{PAGE}/mine")
    members = [peer.name for peer in own.members]
    assert [words(b) for b in page.all("//ul[@class='members']//bdi")] == members
    assert all(peer.email in page.text for peer in own.members if peer.email)
    assert not any(name in page.text for name in set(gathering.entries) - set(members))
    for path in ("", "/table.csv", "/document.json"):
        read(anna, f"{PAGE}{path}", 403)


def test_a_member_picks_themes_that_enough_groups_raised(
    anna: FlaskClient,
    database: Database,
    gathering: Gathering,  # noqa: F811
) -> None:
    offered = [words(label) for label in read(anna, f"{PAGE}/mine").all("//fieldset/label")]
    assert offered == ["Finance review", "Quiet hour", "Picking up the phone", "Boss of my friends"]
    quiet = gathering.strands["Quiet hour"]
    marks = read(anna, f"{PAGE}/mine").all("//input[@name='theme']/@value")
    page = post(anna, "/mine/picks", theme=[marks[1]])
    assert page.one("//input[@checked]").get("value") == marks[1]
    assert not any(mark.isdecimal() for mark in marks), "nobody reads from a form how many themes are hidden"
    for wrong in (gathering.strands["Empty chair"], quiet, "é", ""):
        assert "not offered" in post(anna, "/mine/picks", 422, theme=[wrong]).text
    with database.reading() as session:
        assert session.scalars(select(Pick.strand_id)).all() == [quiet]


def test_a_member_who_withdraws_is_gone_from_everywhere_at_once(
    client: FlaskClient,
    anna: FlaskClient,
    database: Database,
    gathering: Gathering,  # noqa: F811
) -> None:
    drawn(database, gathering)
    page = post(anna, "/mine/agree", opt_in="no")
    assert "You are in no peer group any more" in page.text and not page.all("//ul[@class='members']")
    for path in ("", "/table.csv", "/document.json"):
        assert "Anna" not in client.get(f"{PAGE}{path}").text
    assert "You are in no group yet" in post(anna, "/mine/agree", opt_in="yes").text
    assert "Anna Weber" in read(client, PAGE).text


def test_whoever_is_not_on_the_roster_is_told_so(signed_in_as: SignedInAs, gathering: Gathering) -> None:  # noqa: F811
    stray = signed_in_as("alumnus")
    assert "You are not on the roster" in read(stray, f"{PAGE}/mine").text
    assert stray.post(f"{PAGE}/mine/agree", data={"opt_in": "yes"}).status_code == 404
    read(signed_in_as("sponsor"), f"{PAGE}/mine", 403)


def test_whoever_did_not_agree_finds_only_the_question(app: Flask, database: Database, gathering: Gathering) -> None:  # noqa: F811
    drawn(database, gathering)
    shy = browser_of(app, alumnus(database, gathering, "wilhelmina@hidden.example", gathering.hidden))
    page = read(shy, f"{PAGE}/mine")
    assert "You have not agreed" in page.text
    assert not any(name in page.text for name in gathering.entries)
    assert shy.post(f"{PAGE}/mine/picks", data={"theme": "1"}).status_code == 404


def test_a_theme_that_alumni_may_not_see_is_not_named_to_its_members_anywhere(
    anna: FlaskClient,
    database: Database,
    gathering: Gathering,  # noqa: F811
) -> None:
    """Three groups have passages of it, but only one is clearly about it."""
    drawn(database, gathering)
    with database.writing() as session:
        group = session.scalars(
            select(PeerGroup).join(PeerGroup.members).where(PeerGroupMember.entry_id == gathering.entries["Anna Weber"])
        ).one()
        group.first_on = utcnow()
        theme = session.scalars(select(Theme).where(Theme.strand_id == group.strand_id)).one()
        theme.label = "Kestrel merger"
        weak = session.scalars(select(Passage).where(Passage.theme_id == theme.id)).all()
        for each in weak[1:]:
            each.strength = 0.01
        recording = session.get_one(Recording, weak[0].recording_id)
        for number in range(900, 908):
            make_passage(session, session.get_one(Analysis, theme.analysis_id), recording, number, theme, strength=0.9)
        number = group.number
    read(anna, f"/events/spring/themes/{theme.number}", 404)
    page = read(anna, f"{PAGE}/mine")
    entries = anna.get(f"{PAGE}/{number}/meetings.ics").text.replace("\r\n ", "")
    for text in (page.text, entries):
        assert "a theme you share" in text
        assert "Kestrel" not in text and "Room " not in text and "few groups" not in text
    assert len(page.all("//input[@name='theme']")) == 3
