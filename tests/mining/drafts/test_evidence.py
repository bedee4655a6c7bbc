"""What a draft is written from."""

import pytest
from sqlalchemy import update

from capture.errors import NotFound, Refused
from capture.models import Event, Utterance
from mining.citations import read
from mining.drafts.evidence import Evidence, citation_of, cited_words, evidence_of, theme_of
from tests.factories import make_event
from tests.mining.drafted import Drafted


def test_figures_are_those_of_the_theme(drafted: Drafted, evidence: Evidence) -> None:
    with drafted.database.reading() as session:
        theme = theme_of(session, session.get_one(Event, 1), number=1)
        assert evidence.breadth == theme.breadth == len(evidence.groups)
        assert evidence.depth == theme.depth
        assert evidence.heard == 3
        assert sum(part.passages for part in evidence.groups) == evidence.passages
        assert evidence.kind in theme.kinds


def test_every_saying_can_be_read_back_from_its_citation(drafted: Drafted, evidence: Evidence) -> None:
    with drafted.database.reading() as session:
        cited = read(session, [citation_of(each) for each in evidence.sayings])
    assert [each.text for each in cited if each] == [each.text for each in evidence.sayings]


def test_words_of_a_group_are_cited_where_it_says_them(drafted: Drafted, evidence: Evidence) -> None:
    with drafted.database.reading() as session:
        for part in evidence.groups:
            for cited in read(session, part.words):
                assert cited
                assert cited.group_id == part.group
        [found] = read(session, cited_words(evidence, ["unheard of", evidence.keywords[0].split()[0]])[:1])
    assert found
    assert found.text.lower() == evidence.keywords[0].split()[0]


def test_what_the_recogniser_doubted_is_not_read_out(drafted: Drafted) -> None:
    with drafted.database.writing() as session:
        session.execute(update(Utterance).values(doubt="unsure"))
    with drafted.database.reading() as session:
        event = session.get_one(Event, 1)
        assert evidence_of(session, event, theme_of(session, event, number=1), None).sayings == ()


def test_a_theme_is_found_by_number_or_strand_or_not_at_all(drafted: Drafted) -> None:
    with drafted.database.writing() as session:
        event = session.get_one(Event, 1)
        theme = theme_of(session, event, number=2)
        assert theme_of(session, event, strand=theme.strand_id).number == 2
        with pytest.raises(NotFound, match="no theme 99"):
            theme_of(session, event, number=99)
        with pytest.raises(NotFound, match="no such theme any more"):
            theme_of(session, event, strand=999)
        with pytest.raises(Refused, match="harvest mine autumn"):
            theme_of(session, make_event(session, "autumn"), number=1)
