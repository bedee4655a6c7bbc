import pytest
from sqlalchemy.orm import Session

from capture.database import Database
from capture.models import Participant, Recording, Utterance
from capture.redaction import Masker
from mining.citations import Cited, cite, read
from tests.factories import make_event, make_group, make_recording, make_utterances
from tests.web.conftest import queries

SAID = ["We waited for the gate.", "I’ll ask Anna Berg about it. Nobody else will.", "Fine."]


def _talk(session: Session, **values: object) -> list[Utterance]:
    event = make_event(session, str(values.pop("slug", "spring")))
    return make_utterances(session, make_recording(session, make_group(session, event), **values), SAID)


def test_a_citation_is_read_back_as_the_very_words_with_the_place_to_hear_them(database: Database) -> None:
    with database.writing() as session:
        said = _talk(session, kind="audio", engine="sphinx")
        citation = cite(said[1], 0, 28)
    with database.reading() as session:
        [cited] = read(session, [citation])
    assert isinstance(cited, Cited)
    assert (cited.text, cited.first, cited.last) == ("I’ll ask Anna Berg about it.", 0, 28)
    assert (cited.position, cited.start, cited.end) == (1, 10.0, 19.8)
    assert (cited.group_name, cited.speaker, cited.audio, cited.demonstration) == ("Room 1", "person 2", True, True)


def test_a_citation_itself_holds_none_of_the_words(database: Database) -> None:
    with database.writing() as session:
        citation = cite(_talk(session)[1], 0, 28)
    assert set(citation) == {"recording", "position", "start", "end", "sha256"}
    assert "Anna" not in str(citation)


def test_words_that_were_masked_since_are_not_shown_but_the_others_of_the_utterance_are(database: Database) -> None:
    with database.writing() as session:
        said = _talk(session)
        named, after = cite(said[1], 0, 28), cite(said[0], 0, 23)
        session.add(Participant(event_id=1, name="Anna Berg", number=7))
        said[1].text, _ = Masker({"Anna Berg": 7}).text_and_words(said[1].text, ())
        session.flush()
        assert "[person 7]" in said[1].text
        first, second = read(session, [named, after])
    assert first is None
    assert second and second.text == "We waited for the gate."


def test_a_transcript_that_was_replaced_shows_nothing_of_what_was_cited_from_the_one_before(database: Database) -> None:
    with database.writing() as session:
        said = _talk(session)
        citations = [cite(said[0], 0, 23), cite(said[2], 0, 5)]
        session.delete(said[2])
        said[0].text = "We waited for the bus, all of us."
        session.flush()
        assert read(session, citations) == [None, None]
        session.delete(session.get_one(Recording, said[0].recording_id))
        session.flush()
        assert read(session, citations) == [None, None]


@pytest.mark.parametrize(
    "broken",
    [
        None,
        {},
        {"recording": 1},
        {"recording": "1", "position": 0, "start": 0, "end": 5, "sha256": "x"},
        {"recording": 1, "position": 0, "start": 5, "end": 5, "sha256": "x"},
        {"recording": 1, "position": 0, "start": 0, "end": 9_999, "sha256": "x"},
        {"recording": 1 << 70, "position": 0, "start": 0, "end": 5, "sha256": "x"},
        {"recording": True, "position": 0, "start": 0, "end": 5, "sha256": "x"},
    ],
)
def test_what_is_no_citation_shows_nothing(database: Database, broken: dict | None) -> None:
    with database.writing() as session:
        good = cite(_talk(session)[0], 0, 2)
        first, second = read(session, [broken, good])
    assert first is None
    assert second and second.text == "We"


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (0, 999), (5, 2)])
def test_characters_that_an_utterance_does_not_have_cannot_be_cited(database: Database, start: int, end: int) -> None:
    with database.writing() as session, pytest.raises(ValueError, match="characters"):
        cite(_talk(session)[0], start, end)


def test_a_hundred_citations_of_several_recordings_take_two_queries(database: Database) -> None:
    with database.writing() as session:
        said = [*_talk(session), *_talk(session, slug="autumn")]
        citations = [cite(each, 0, 5) for each in said] * 20
    with database.reading() as session, queries(database) as sent:
        assert [cited.text for cited in read(session, citations) if cited] == [each.text[:5] for each in said] * 20
    assert len([statement for statement in sent if statement.startswith("SELECT")]) == 2
