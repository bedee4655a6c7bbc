"""Modules that come near a draft."""

from sqlalchemy.orm import Session

from mining.catalogue.answering import Verdict
from mining.catalogue.coverage import Answer, ThemeCoverage
from mining.citations import read
from mining.drafts.evidence import Evidence
from mining.drafts.lines import places
from mining.drafts.near import near_modules
from tests.factories import make_module
from tests.mining.drafted import Drafted


def beside(session: Session, evidence: Evidence, verdict: Verdict, **module: object) -> ThemeCoverage:
    row = make_module(session, **module)
    passages = tuple(dict.fromkeys(s.said.passage for s in evidence.sayings))[:2]
    answer = Answer(row.id, row.title, None, False, 0.3, verdict, passages, "When did you {last} have lunch alone?")
    near = {"answers": (), "near": (answer,)} if verdict == Verdict.GAP else {"answers": (answer,), "near": ()}
    return ThemeCoverage(1, 1, "x", (), 2, 0.1, verdict, 0.3, passages=(), mindset=None, **near)


def test_a_near_module_says_how_the_guide_differs(drafted: Drafted, evidence: Evidence) -> None:
    with drafted.database.writing() as session:
        covered = beside(session, evidence, Verdict.PARTLY, title="Lunch Alone", summary="Of lunch.")
        [near] = near_modules(session, evidence, covered)
        assert near.line.text.startswith(
            "“Lunch Alone” answers part of this. What comes nearest in it: When did you last"
        )
        assert "It says nothing of “{0}”" in near.line.text
        words = [
            cited.text.lower() for place in places(near.line) if (cited := read(session, near.line.citations)[place])
        ]
        assert words
        assert all(word in evidence.keywords for word in words)
        assert len(near.line.citations) > len(words), "and the passages it was compared with"


def test_words_that_the_module_has_too_are_no_difference(drafted: Drafted, evidence: Evidence) -> None:
    with drafted.database.writing() as session:
        said = " ".join(evidence.keywords)
        [near] = near_modules(
            session, evidence, beside(session, evidence, Verdict.GAP, title="All of it", summary=said)
        )
        assert "says nothing" not in near.line.text
        assert "is near, but answers something else" in near.line.text


def test_a_module_that_quotes_talk_is_not_repeated(drafted: Drafted, evidence: Evidence) -> None:
    """What a draft repeated could not be withdrawn any more."""
    line = {"role": "question", "text": "“{0}”", "citations": [{"recording": 1}], "worded": False}
    pages = [{"title": "A", "text": "", "question": "", "minutes": 5, "lines": [line]}]
    with drafted.database.writing() as session:
        covered = beside(session, evidence, Verdict.PARTLY, title="Lunch Alone", pages=pages)
        [near] = near_modules(session, evidence, covered)
    assert near.line.text.startswith("“Lunch Alone” answers part of this.")
    assert "What comes nearest" not in near.line.text


def test_without_a_catalogue_nothing_is_near(drafted: Drafted, evidence: Evidence) -> None:
    with drafted.database.reading() as session:
        assert near_modules(session, evidence, None) == ()
