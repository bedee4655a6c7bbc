from capture import retraction
from capture.database import Database
from capture.recordings import remove
from capture.retraction import ERASED, Retraction
from capture.transcripts import register_people
from tests.factories import make_event, make_group, make_recording, make_utterances


def test_whoever_derives_from_talk_hears_what_goes_before_it_goes(database: Database, monkeypatch) -> None:
    heard = []
    monkeypatch.setattr(retraction, "_forgetting", [lambda session, what: heard.append(what)])
    with database.writing() as session:
        event = make_event(session)
        recording = make_recording(session, make_group(session, event))
        make_utterances(session, recording, ["Odile never looks back."])
        register_people(session, event.id, ["Nobody Else"])
        assert heard == [], "nothing that is stored changed"
        register_people(session, event.id, ["Odile Marchetti"])
        assert heard == [Retraction(event.id, masked=True)] and session.info[ERASED]
        number = recording.id
        remove(session, recording)
        assert heard[1:] == [Retraction(event.id, number)]
        session.refresh(event)
        assert event.retracted_at is not None
