"""Names in what people type: asked about once, and then done as they say."""

import pytest

from capture.database import Database
from capture.models import Participant
from capture.redaction import Masker
from capture.typed_names import KEEP, MASK, NamesTyped, settled
from tests.factories import make_event

TEXT = "Odile Marchetti never asks. Write to odile@example.org or call +49 170 1234567, says Odile."


@pytest.fixture
def event(session):
    event = make_event(session, programme="Leaders")
    other = make_event(session, "autumn", programme="Leaders")
    strange = make_event(session, "elsewhere", programme="Another")
    for number, (where, name) in enumerate(
        ((event, "Odile Marchetti"), (other, "Bo Lindqvist"), (strange, "Wanda Petrowska")), 1
    ):
        session.add(Participant(event_id=where.id, name=name, number=number))
    session.flush()
    return event


def test_what_names_somebody_comes_back_once_with_what_was_found(session, event) -> None:
    with pytest.raises(NamesTyped) as asked:
        settled(session, event, {"challenge": TEXT, "title": "About Lindqvist"}, "")
    assert asked.value.found == ("odile@example.org", "+49 170 1234567", "Odile Marchetti", "Odile", "Lindqvist")
    assert "“Odile Marchetti”" in str(asked.value)


def test_then_it_is_masked_with_nobodys_number_or_kept_as_it_was_typed(session, event) -> None:
    typed = {"challenge": TEXT, "title": "Meetings"}
    assert settled(session, event, typed, KEEP) == typed
    assert settled(session, event, typed, MASK) == {
        "challenge": "[person] never asks. Write to [e-mail] or call [telephone], says [person].",
        "title": "Meetings",
    }


def test_nobody_is_asked_about_what_names_nobody_or_stood_there_before(session, event) -> None:
    plain = {"title": "Boss of my friends", "challenge": "Wanda Petrowska took part in another programme."}
    assert settled(session, event, plain, "") == plain
    before = {"challenge": TEXT, "title": "Old"}
    typed = {"challenge": TEXT.replace(" ", "\r\n", 1), "title": "New"}
    assert settled(session, event, typed, "", before) == typed
    assert settled(session, event, typed, MASK, before) == typed
    assert settled(session, event, {"title": ""}, "") == {"title": ""}


def test_what_is_found_is_what_would_be_masked() -> None:
    masker = Masker({"Odile Marchetti": 1})
    assert masker.found("We marched on.") == ()
    assert masker.found("marchetti and MARCHETTI") == ("marchetti", "MARCHETTI")


def test_an_event_may_be_a_programme_by_itself(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        session.add(Participant(event_id=event.id, name="Odile Marchetti", number=1))
        session.flush()
        with pytest.raises(NamesTyped):
            settled(session, event, {"label": "Odile"}, "something else")
