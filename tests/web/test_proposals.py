"""Proposals in the browser: the list, what others say, the answer; for each role what is theirs."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from capture.database import Database
from capture.events import get_event
from capture.models import Event, ProposalMode
from capture.programmes import ensure_programme
from mining.suggestion_models import Draft, Endorsement, Proposal, ProposalQuestion, ProposalState
from tests.factories import BRIEF, make_person, make_proposal
from tests.mining.crowd import SECRETS, THEMES, Crowd
from tests.mining.proposing import make_understood
from tests.web.conftest import Page, SignedInAs, Spring, browser_of, queries, read, words

START = "/events/spring/proposals"
REASON = "Three groups spoke of it."


@dataclass(frozen=True)
class Proposed:
    """A proposal of Ann's in the spring event, and her browser."""

    row: Proposal
    ann: FlaskClient

    @property
    def page(self) -> str:
        return f"{START}/{self.row.id}"


@pytest.fixture
def proposed(spring: Spring, database: Database, app) -> Proposed:
    with database.writing() as session:
        event = session.get_one(Event, spring.event.id)
        person = make_person(session, event, "alumnus", name="Ann")
        row = make_proposal(session, event, person)
    return Proposed(row, browser_of(app, person))


def settle(database: Database, slug: str = "spring", mode: ProposalMode = ProposalMode.CURATED) -> None:
    with database.writing() as session:
        ensure_programme(session, get_event(session, slug)).mode = mode


def stored(database: Database, row: Proposal) -> Proposal:
    with database.reading() as session:
        return session.get_one(Proposal, row.id)


def post(client: FlaskClient, path: str, status: int = 200, **form: object) -> Page:
    answer = client.post(path, data=form, follow_redirects=True)
    assert answer.status_code == status, answer.text[:800]
    return Page(answer.text)


def test_an_empty_list_invites_alumni_and_not_sponsors(spring: Spring, signed_in_as: SignedInAs) -> None:
    page = read(signed_in_as("alumnus"), START)
    assert "Nobody has proposed anything yet." in page.text and page.all("//a[@href='/events/spring/proposals/new']")
    assert page.all("//form[@role='search']") == []
    assert not read(signed_in_as("sponsor"), START).all("//a[contains(@href, '/new')]")


def test_a_list_says_who_decides(spring: Spring, database: Database, signed_in_as: SignedInAs) -> None:
    alumnus = signed_in_as("alumnus")
    assert "The organisers decide which of them become modules" in read(alumnus, START).text
    signed_in_as("designer", name="Pat", panel=True)
    signed_in_as("organiser", name="Zoe", panel=True)
    assert "Pat and Zoe decide which" in read(alumnus, START).text
    settle(database, mode=ProposalMode.OPEN)
    assert "Everybody in the programme may work on the text" in read(alumnus, START).text


def test_two_hundred_proposals_are_paged_and_searched(
    spring: Spring, database: Database, signed_in_as: SignedInAs
) -> None:
    with database.writing() as session:
        event = session.get_one(Event, spring.event.id)
        for n in range(200):
            make_proposal(session, event, title=f"Topic {n}", state=ProposalState.OPEN)
        make_proposal(session, event, title="Needle in it", state=ProposalState.ADOPTED)
    alumnus = signed_in_as("alumnus")
    read(alumnus, START)
    with queries(database) as sent:
        page = read(alumnus, START)
    assert len(page.all("//ol[@class='proposals']/li")) == 50 and "Page 1 of 5" in page.text
    assert len(sent) < 25
    assert len(read(alumnus, f"{START}?page=99").all("//ol[@class='proposals']/li")) == 1
    assert [words(h) for h in read(alumnus, f"{START}?search=needle").all("//li//h2")] == ["Needle in it"]
    assert [words(h) for h in read(alumnus, f"{START}?state=adopted").all("//li//h2")] == ["Needle in it"]
    assert "No proposal holds all of “<b>”" in read(alumnus, f"{START}?search=<b>").text
    read(alumnus, f"{START}?state=nonsense&page=x")


def test_hostile_words_stay_words(proposed: Proposed, database: Database, signed_in_as: SignedInAs) -> None:
    bad = "<script>alert(1)</script>"
    with database.writing() as session:
        row = session.get_one(Proposal, proposed.row.id)
        row.title = row.challenge = row.matters = row.success = row.reason = f"{bad} {{{{ 7 * 7 }}}} \" onload='x'"
        row.answered_at = row.made_at
        session.add(ProposalQuestion(proposal_id=row.id, text=bad))
    alumnus = signed_in_as("alumnus", name=bad)
    post(alumnus, f"{proposed.page}/join")
    for path in (START, proposed.page):
        page = read(alumnus, path)
        assert page.all("//script[not(@src)]") == [] and page.all("//*[@onload]") == []
        assert bad in page.text and "{{ 7 * 7 }}" in page.text


def test_having_it_too_is_counted_and_nobody_is_named(
    proposed: Proposed, database: Database, signed_in_as: SignedInAs
) -> None:
    bob = signed_in_as("alumnus", name="Bob Builder")
    assert "nobody sees that it was you" in read(bob, proposed.page).text
    page = post(bob, f"{proposed.page}/endorse")
    assert "You have this too." in page.text and "One other has this too" in page.text
    post(bob, f"{proposed.page}/endorse")
    for client in (proposed.ann, signed_in_as("designer"), signed_in_as("sponsor")):
        page = read(client, proposed.page)
        assert "One other has this too" in page.text and "Bob Builder" not in page.text
    assert "Nobody else has said so yet" in post(bob, f"{proposed.page}/endorse", back="1").text


def test_whoever_joins_is_told_before_that_their_name_is_shown(proposed: Proposed, signed_in_as: SignedInAs) -> None:
    bob = signed_in_as("alumnus", name="Bob Builder")
    assert "Your name then stands here, for everybody in the programme." in read(bob, proposed.page).text
    post(bob, f"{proposed.page}/join")
    assert "One person wants to work on it: Bob Builder." in read(proposed.ann, proposed.page).text
    post(bob, f"{proposed.page}/join", back="1")
    assert "Bob Builder" not in read(proposed.ann, proposed.page).text


def test_questions_are_added_and_taken_back_and_a_bad_one_keeps_what_was_typed(
    proposed: Proposed, database: Database, signed_in_as: SignedInAs
) -> None:
    bob = signed_in_as("alumnus", name="Bob Builder")
    page = post(bob, f"{proposed.page}/questions", question="When did you last say no?")
    assert "When did you last say no?" in page.text and "Bob Builder" not in page.text
    page = post(bob, f"{proposed.page}/questions", 422, question="Why <now>?")
    field = page.one("//textarea[@id='question']")
    assert field.text.strip() == "Why <now>?" and "question-problem" in field.get("aria-describedby")
    assert "at least" in words(page.one("//p[@id='question-problem']"))
    [number] = page.all("//button[@name='remove']/@value")
    assert read(proposed.ann, proposed.page).all("//button[@name='remove']") == []
    post(bob, f"{proposed.page}/questions", remove=number)
    with database.reading() as session:
        assert session.scalars(select(ProposalQuestion)).all() == []


def test_a_sponsor_reads_and_cannot_do_anything(proposed: Proposed, signed_in_as: SignedInAs) -> None:
    sponsor = signed_in_as("sponsor")
    page = read(sponsor, proposed.page)
    assert BRIEF["challenge"] in page.text and page.all("//main//form | //main//textarea") == []
    for what in ("endorse", "join", "questions", "withdraw", "answer", "restore", "edit"):
        assert sponsor.post(f"{proposed.page}/{what}").status_code == 403
    assert sponsor.get(f"{START}/new").status_code == 403


def test_while_nobody_is_on_the_panel_organisers_answer(
    proposed: Proposed, database: Database, signed_in_as: SignedInAs
) -> None:
    signed_in_as("sponsor", name="Sue", panel=True)
    organiser = signed_in_as("organiser")
    for browser in (signed_in_as("designer"), proposed.ann):
        page = read(browser, proposed.page)
        assert page.all("//*[@id='answer']") == [] and "Organisers answer it" in page.text
        page = post(browser, f"{proposed.page}/answer", 422, answer="not now", reason=REASON, version=1)
        assert "or by organisers while nobody is on it" in whole(page)
    assert read(organiser, proposed.page).all("//*[@id='answer']")
    post(organiser, f"{proposed.page}/answer", answer="not now", reason=REASON, version=1)
    assert stored(database, proposed.row).state == ProposalState.NOT_NOW


def test_only_the_panel_and_the_host_are_offered_the_answer(
    proposed: Proposed, database: Database, signed_in_as: SignedInAs, client: FlaskClient
) -> None:
    pat = signed_in_as("designer", name="Pat", panel=True)
    others = [signed_in_as("organiser"), signed_in_as("alumnus"), proposed.ann]
    for browser in others:
        page = read(browser, proposed.page)
        assert page.all("//*[@id='answer']") == [] and "Pat answers it." in page.text
        page = post(browser, f"{proposed.page}/answer", 422, answer="not now", reason=REASON, version=1)
        assert "Proposals are answered by the panel" in whole(page)
    assert stored(database, proposed.row).state == ProposalState.OPEN
    for browser in (pat, client):
        assert read(browser, proposed.page).all("//*[@id='answer']")
    settle(database, mode=ProposalMode.OPEN)
    assert read(others[0], proposed.page).all("//*[@id='answer']")
    assert read(others[1], proposed.page).all("//*[@id='answer']") == []


def whole(page: Page) -> str:
    return words(page.one("//body"))


def test_an_answer_without_a_reason_is_said_beside_the_form_with_what_was_chosen(
    proposed: Proposed, client: FlaskClient
) -> None:
    page = post(client, f"{proposed.page}/answer", 422, answer="not now", reason="  ", version=1)
    assert "Give a reason" in words(page.one("//p[@id='answer-problem']"))
    assert page.one("//input[@value='not now']").get("checked") is not None
    page = post(client, f"{proposed.page}/answer", 422, reason=REASON, version=1)
    assert "Choose an answer" in words(page.one("//p[@id='answer-problem']"))
    assert page.one("//textarea[@id='reason']").text.strip() == REASON


def test_an_answer_to_a_page_that_is_out_of_date_changes_nothing(
    proposed: Proposed, database: Database, client: FlaskClient
) -> None:
    post(client, f"{proposed.page}/answer", answer="not now", reason="Not in this year.", version=1)
    page = post(client, f"{proposed.page}/answer", 422, answer="adopted", reason=REASON, version=1)
    assert (
        "Read it again before you answer" in page.text
        and page.one("//section[@id='answer']//input[@name='version']").get("value") == "2"
    )
    assert stored(database, proposed.row).state == ProposalState.NOT_NOW


def test_the_proposer_reads_the_reason_and_the_answer_can_be_opened_again(
    proposed: Proposed, client: FlaskClient, database: Database
) -> None:
    post(client, f"{proposed.page}/answer", answer="not now", reason="Not in this year.", version=1)
    page = read(proposed.ann, proposed.page)
    assert "Not in this year." in page.text and "The host" in page.text
    assert page.all("//a[contains(@href, '/edit')]") == []
    post(client, f"{proposed.page}/answer", answer="open", reason="We have more room now.", version=2)
    assert "Open again" in read(proposed.ann, proposed.page).text
    assert read(proposed.ann, proposed.page).all("//a[contains(@href, '/edit')]")


def test_adopting_without_a_theme_says_why_there_is_no_draft(
    proposed: Proposed, client: FlaskClient, database: Database
) -> None:
    page = post(client, f"{proposed.page}/answer", answer="adopted", reason=REASON, version=1, theme="")
    assert "Adopted, without a draft. No theme is chosen for it" in page.text
    assert stored(database, proposed.row).state == ProposalState.ADOPTED
    assert "no draft of its module yet" in page.text
    assert "no draft" not in read(proposed.ann, proposed.page).text


def test_merging_leads_to_the_other_one(proposed: Proposed, client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        other = make_proposal(session, session.get_one(Event, proposed.row.event_id), title="Goes on here")
    post(client, f"{proposed.page}/answer", answer="merged", reason=REASON, version=1, into=other.id)
    page = read(proposed.ann, proposed.page)
    assert page.one(f"//section[@class='reply']//a[@href='{START}/{other.id}']").text_content() == "Goes on here"
    page = read(proposed.ann, f"{START}/{other.id}")
    assert "One other has this too" in page.text and "You are counted already" in page.text


def test_withdrawing_asks_once_and_hides_it_from_others(
    proposed: Proposed, signed_in_as: SignedInAs, database: Database
) -> None:
    other = signed_in_as("alumnus")
    assert read(other, proposed.page).all("//form[contains(@action, 'withdraw')]") == []
    assert read(proposed.ann, proposed.page).all("//details//form[contains(@action, 'withdraw')]")
    post(other, f"{proposed.page}/withdraw", 422)
    post(proposed.ann, f"{proposed.page}/withdraw")
    read(other, proposed.page, 404)
    assert "Nobody has proposed anything yet." in read(other, START).text
    assert other.post(f"{proposed.page}/endorse").status_code == 404
    post(proposed.ann, f"{proposed.page}/withdraw", back="1")
    read(other, proposed.page)


def test_history_can_be_read_and_put_back_where_everybody_may_write(
    proposed: Proposed, database: Database, signed_in_as: SignedInAs
) -> None:
    settle(database, mode=ProposalMode.OPEN)
    bob = signed_in_as("alumnus", name="Bob Builder")
    post(bob, f"{proposed.page}/edit", **{**BRIEF, "title": "Boss of my old friends"}, version=1)
    page = read(proposed.ann, proposed.page)
    assert words(page.one("//section[@id='history']//ins")) == "old" and "Bob Builder" in page.text
    [change] = page.all("//section[@id='history']//button/@value")
    page = post(proposed.ann, f"{proposed.page}/restore", 422, change=change, version=1)
    assert "Look at the history again" in page.text
    post(proposed.ann, f"{proposed.page}/restore", change=change, version=2)
    assert stored(database, proposed.row).title == BRIEF["title"]


def test_proposals_of_another_programme_are_not_there(
    proposed: Proposed, database: Database, signed_in_as: SignedInAs
) -> None:
    with database.writing() as session:
        make_understood(session)
    stranger = signed_in_as("organiser", "crowd")
    for path in (f"/events/crowd/proposals/{proposed.row.id}", f"/events/crowd/proposals/{proposed.row.id}/edit"):
        read(stranger, path, 404)
    assert stranger.post(f"/events/crowd/proposals/{proposed.row.id}/join").status_code == 404
    read(stranger, proposed.page, 404)
    with database.reading() as session:
        assert session.scalars(select(Endorsement)).all() == []


@pytest.fixture
def crowd(database: Database) -> Crowd:
    with database.writing() as session:
        return make_understood(session)


@pytest.mark.parametrize("number", [3, 4])
def test_the_theme_is_shown_to_alumni_only_where_enough_groups_raised_it(
    crowd: Crowd, database: Database, signed_in_as: SignedInAs, number: int
) -> None:
    with database.writing() as session:
        row = make_proposal(session, crowd.event, strand_id=crowd.themes[number].strand_id)
    label = THEMES[number][0]
    for role in ("alumnus", "sponsor"):
        page = read(signed_in_as(role, "crowd"), f"/events/crowd/proposals/{row.id}")
        assert (label in page.text, SECRETS[number] in page.text) == (number == 3, number == 3)
    panelist = read(signed_in_as("alumnus", "crowd", panel=True), f"/events/crowd/proposals/{row.id}")
    options = [words(option) for option in panelist.all("//select[@id='theme']/option")]
    assert any(label in option for option in options) == (number == 3)
    assert ("the one that was chosen before" in options) == (number == 4)
    staff = read(signed_in_as("designer", "crowd"), f"/events/crowd/proposals/{row.id}")
    assert label in staff.text and (SECRETS[number] in staff.text) == (number == 3)


def test_a_panelist_who_may_not_see_the_theme_can_keep_it(
    crowd: Crowd, database: Database, signed_in_as: SignedInAs
) -> None:
    hidden = crowd.themes[4].strand_id
    with database.writing() as session:
        row = make_proposal(session, crowd.event, strand_id=hidden)
    panelist = signed_in_as("alumnus", "crowd", panel=True)
    path = f"/events/crowd/proposals/{row.id}/answer"
    post(panelist, path, answer="adopted", reason=REASON, version=1, theme="keep")
    assert stored(database, row).strand_id == hidden
    with database.reading() as session:
        assert [draft.proposal_id for draft in session.scalars(select(Draft))] == [row.id]


def test_the_list_can_be_taken_along_as_it_was_searched(
    proposed: Proposed, database: Database, client: FlaskClient, signed_in_as: SignedInAs
) -> None:
    with database.writing() as session:
        event = session.get_one(Event, proposed.row.event_id)
        make_proposal(session, event, title="=Another topic", state=ProposalState.NOT_NOW)
        make_proposal(session, event, title="Taken back", state=ProposalState.WITHDRAWN)
    bob = signed_in_as("alumnus", name="Bob Builder")
    post(bob, f"{proposed.page}/endorse")

    def links(browser: FlaskClient, query: str = "") -> list[str]:
        return [a.get("href") for a in read(browser, START + query).all("//main//a[@download]")]

    assert links(bob, "?state=open&search=boss")[0] == f"{START}/export.csv?state=open&search=boss"
    table, data = (bob.get(link) for link in links(bob))
    assert table.content_type == "text/csv; charset=utf-8" and "\r\n2,'=Another topic,not now," in table.text
    assert data.headers["Content-Disposition"] == 'attachment; filename="spring-proposals.json"'
    listed = {each["title"] for each in data.json["proposals"]}
    assert listed == {proposed.row.title, "=Another topic"} and "Bob Builder" not in data.text + table.text
    assert [each["title"] for each in bob.get(f"{START}/export.json?search=boss").json["proposals"]] == [
        proposed.row.title
    ]
    assert len(client.get(f"{START}/export.json").json["proposals"]) == 3
    [one] = [each for each in data.json["proposals"] if each["id"] == proposed.row.id]
    for link in [a.get("href") for a in read(bob, proposed.page).all("//main//a[@download]")]:
        assert bob.get(link).status_code == 200
    assert bob.get(f"{proposed.page}/export.json").json == {"event": "spring", **one}
    assert bob.get(f"{START}/3/export.json").status_code == 404


def test_an_empty_list_offers_no_file(spring: Spring, client: FlaskClient) -> None:
    assert not read(client, START).all("//a[@download]")
    assert client.get(f"{START}/export.json").json == {"event": "spring", "proposals": []}


def test_a_file_names_a_theme_only_to_whom_the_page_names_it(database: Database, signed_in_as: SignedInAs) -> None:
    with database.writing() as session:
        crowd = make_understood(session)
        rows = {n: make_proposal(session, crowd.event, strand_id=crowd.themes[n].strand_id) for n in (1, 4)}
    for role, named in (("designer", (1, 4)), ("alumnus", (1,)), ("sponsor", (1,))):
        browser = signed_in_as(role, "crowd")
        listed = {each["id"]: each for each in browser.get("/events/crowd/proposals/export.json").json["proposals"]}
        table = browser.get("/events/crowd/proposals/export.csv").text
        for number, row in rows.items():
            page, label = f"/events/crowd/proposals/{row.id}", THEMES[number][0]
            assert (label in read(browser, page).text) == (listed[row.id]["theme"] is not None) == (number in named)
            assert (label in table) == (label in browser.get(f"{page}/export.csv").text) == (number in named)
