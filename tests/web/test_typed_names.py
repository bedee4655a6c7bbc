"""Every form whose text is read outside the room asks once about names in it, and does what it is told. No scripts."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from capture.database import Database
from capture.models import Participant, Utterance
from mining.suggestion_models import Draft, Proposal, ProposalQuestion
from tests.factories import BRIEF, make_draft, make_proposal
from tests.web.conftest import Page, SignedInAs, Spring

START = "/events/spring/proposals"
NAMED = {**BRIEF, "challenge": f"{BRIEF['challenge']} Marchetti is one of them, odile@example.org."}


@pytest.fixture
def alumnus(spring: Spring, database: Database, signed_in_as: SignedInAs) -> FlaskClient:
    with database.writing() as session:
        session.add(Participant(event_id=spring.event.id, name="Odile Marchetti", number=99))
    return signed_in_as("alumnus")


def asked(client: FlaskClient, path: str, form: dict[str, str]) -> Page:
    answer = client.post(path, data=form)
    assert answer.status_code == 422, answer.text[:500]
    page = Page(answer.text)
    assert [each.get("value") for each in page.all("//input[@name='names']")] == ["mask", "keep"]
    assert "Marchetti" in page.one("//fieldset[.//input[@name='names']]/legend").text_content()
    return page


@pytest.mark.parametrize(
    ("choice", "stored"), [("keep", NAMED["challenge"]), ("mask", "[person] is one of them, [e-mail].")]
)
def test_a_brief_that_names_somebody_comes_back_once(
    alumnus: FlaskClient, database: Database, choice: str, stored: str
) -> None:
    page = asked(alumnus, f"{START}/new", NAMED)
    assert "Marchetti is one of them" in page.one("//textarea[@name='challenge']").text
    with database.reading() as session:
        assert session.scalars(select(Proposal)).all() == []
    assert alumnus.post(f"{START}/new", data={**NAMED, "names": choice}).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Proposal)).one().challenge.endswith(stored)
    # what stands there already is not asked about when something else is changed
    changed = {**NAMED, "title": "Boss of old friends", "version": "1"}
    with database.reading() as session:
        changed["challenge"] = session.scalars(select(Proposal)).one().challenge
    assert alumnus.post(f"{START}/1/edit", data=changed).status_code == 303
    asked(alumnus, f"{START}/1/edit", {**changed, "version": "2", "matters": f"{BRIEF['matters']} Marchetti knows."})


def test_other_problems_are_said_first_and_plain_text_is_taken_at_once(
    alumnus: FlaskClient, database: Database
) -> None:
    short = alumnus.post(f"{START}/new", data={**NAMED, "title": "One"})
    assert short.status_code == 422 and 'name="names"' not in short.text
    assert alumnus.post(f"{START}/new", data=BRIEF).status_code == 303


def test_a_question_that_names_somebody_comes_back_once(
    alumnus: FlaskClient, database: Database, spring: Spring
) -> None:
    with database.writing() as session:
        path = f"{START}/{make_proposal(session, spring.event).id}/questions"
    page = asked(alumnus, path, {"question": "What would Odile Marchetti say?"})
    assert "What would Odile Marchetti say?" in page.one("//textarea[@name='question']").text
    assert alumnus.post(path, data={"question": "What would Odile Marchetti say?", "names": "mask"}).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(ProposalQuestion.text)).one() == "What would [person] say?"


@pytest.mark.parametrize(("choice", "who"), [("keep", "Odile Marchetti"), ("mask", "[person]")])
def test_the_reason_of_an_answer_that_names_somebody_comes_back_once(
    alumnus: FlaskClient, client: FlaskClient, database: Database, spring: Spring, choice: str, who: str
) -> None:
    with database.writing() as session:
        path = f"{START}/{make_proposal(session, spring.event).id}/answer"
    form = {"answer": "not now", "reason": "We heard that Odile Marchetti is against it this year.", "version": "1"}
    page = asked(client, path, form)
    assert "Odile Marchetti is against it" in page.one("//textarea[@name='reason']").text
    assert page.one("//input[@value='not now']").get("checked") is not None
    refused = alumnus.post(path, data=form)  # who may not answer learns nothing of who took part
    assert refused.status_code >= 400 and 'name="names"' not in refused.text
    assert client.post(path, data={**form, "names": choice}).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Proposal.reason)).one() == f"We heard that {who} is against it this year."


def test_a_line_of_a_draft_that_names_somebody_comes_back_once(
    alumnus: FlaskClient, client: FlaskClient, database: Database, spring: Spring
) -> None:
    with database.writing() as session:
        said = session.scalars(select(Utterance).order_by(Utterance.id)).first()
        draft = make_draft(session, spring.event, [said])
        path = f"/events/spring/drafts/{draft.id}/edit"
    form = {"version": "1", "p1-question": "⟦quote 1⟧ What would Marchetti say?", "p1-title": "Page 1"}
    page = asked(client, path, form)
    assert "What would Marchetti say?" in page.one("//textarea[@name='p1-question']").text
    assert client.post(path, data={**form, "names": "mask"}).status_code == 303
    with database.reading() as session:
        [draft] = session.scalars(select(Draft))
        assert draft.body["pages"][0]["lines"][1]["text"] == "{0} What would [person] say?"
        assert "Marchetti" not in str(draft.body)
