import numpy as np
import pytest
from sqlalchemy import func, select

from capture.database import utcnow
from capture.models import Recording
from mining.curating import decisions
from mining.curating.lineage import Body
from mining.curating.strands import labels_of, read_past, version_of, write_strands
from mining.models import Strand
from tests.mining.curated import Spring

MODEL = "all-MiniLM-L6-v2"


def test_the_past_holds_what_the_last_analysis_found_and_where(spring: Spring) -> None:
    with spring.database.reading() as session:
        past = read_past(session, spring.event_id, MODEL)
        seconds = {r.id: r.seconds for r in session.scalars(select(Recording))}
    assert {body.key for body in past.strands} == set(spring.themes())
    assert all(body.live and body.centre is not None for body in past.strands)
    assert past.talk == pytest.approx(seconds, abs=1)
    assert sum(body.seconds for body in past.strands) == pytest.approx(sum(seconds.values()), abs=2)
    assert past.labels == {strand: theme.label for strand, theme in spring.themes().items()}
    assert len(set(past.rooms.values())) == 3


def test_names_of_people_are_no_suggestions(spring: Spring) -> None:
    spring.decide(decisions.rename, spring.on("budget").strand, "Money")
    with spring.database.reading() as session:
        past = read_past(session, spring.event_id, MODEL)
        assert "Money" not in past.labels.values()
        assert past.version == 1 == version_of(session, spring.event_id)
    spring.undo()
    with spring.database.reading() as session:
        past = read_past(session, spring.event_id, MODEL)
    assert (past.version, past.decisions) == (2, ())


def test_centres_of_another_embedder_are_not_compared(spring: Spring) -> None:
    with spring.database.reading() as session:
        assert {body.centre for body in read_past(session, spring.event_id, "another").strands} == {None}


def test_a_removed_recordings_number_given_to_other_talk_brings_nothing_back(spring: Spring) -> None:
    """SQLite gives the highest number again."""
    with spring.database.reading() as session:
        last = session.scalar(select(func.max(Recording.id)))
        assert last
        assert any(
            span[0] == last for body in read_past(session, spring.event_id, MODEL).strands for span in body.spans
        )
    spring.decide(decisions.move, max(spring.on("handover").passages), None)
    spring.remove_room(last)
    assert spring.add_room() == last
    with spring.database.reading() as session:
        past = read_past(session, spring.event_id, MODEL)
    assert all(span[0] != last for body in past.strands for span in body.spans)
    assert past.decisions == (), "the passage that was moved is not there any more"
    spring.mine()
    with spring.database.reading() as session:
        rows = session.scalars(select(Strand)).all()
        assert any(span[0] == last for row in rows for span in row.spans), "the new talk counts from now on"


def test_spans_of_recordings_that_are_gone_are_dropped_when_strands_are_written(spring: Spring) -> None:
    with spring.database.reading() as session:
        last = session.scalar(select(func.max(Recording.id)))
        assert last
    spring.remove_room(last)
    when = utcnow()
    centre = np.eye(1, 384, dtype=np.float32)[0]
    with spring.database.writing() as session:
        ids = write_strands(session, spring.event_id, MODEL, when, [Body(-1, ((1, 0.0, 9.0),), centre)], [])
    with spring.database.reading() as session:
        rows = {row.id: row for row in session.scalars(select(Strand))}
        assert all(span[0] != last for row in rows.values() for span in row.spans)
        assert (rows[ids[-1]].seen_at, rows[ids[-1]].spans) == (when, [[1, 0.0, 9.0]])
        live = [body.key for body in read_past(session, spring.event_id, MODEL).strands if body.live]
    assert live == [ids[-1]]


def test_labels_are_by_strand(spring: Spring) -> None:
    with spring.database.reading() as session:
        labels = labels_of(session, 1)
    assert labels == {strand: theme.label for strand, theme in spring.themes().items()}
