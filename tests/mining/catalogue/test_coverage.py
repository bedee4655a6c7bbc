"""The themes of a mined event beside modules, with real embeddings."""

import pytest
from sqlalchemy import delete, update

from capture.database import Database
from capture.events import get_event
from mining.catalogue.answering import COVERED, PARTLY, Verdict
from mining.catalogue.coverage import Coverage, coverage_of
from mining.catalogue.module_study import study
from mining.embedding.embedder import BUNDLED
from mining.models import Analysis, Passage
from mining.quotes import quotes_of
from mining.suggestion_models import Module
from tests.factories import make_module, make_theme
from tests.mining.talk import subject_of

MODULES = {
    "budget": ("Thirty Pages for a Euro", "What a finance review of budgets does to ideas. Participants take one "
               "business case apart: which figures the committee reads, and what the approval costs."),
    "friends": ("Boss of My Friends", "You are promoted and lead your former colleagues. We talk about the friendships "
                "that change, the first appraisal, and how to say aloud that it is strange."),
    "meetings": ("An Empty Calendar", "You look at the meetings and video calls in your calendar, decline the ones "
                 "without an agenda, and find out what would be missed."),
    "far": ("Guests at Other Tables", "Politeness and silence mean different things in other cultures. Participants "
            "tell of a misunderstanding abroad."),
}  # fmt: skip


def found(database: Database) -> Coverage:
    with database.reading() as session:
        return coverage_of(session, get_event(session, "spring"))


def subjects(database: Database) -> dict[int, str]:
    """{number of theme: its planted subject}"""
    with database.reading() as session:
        rows = session.query(Passage).filter(Passage.theme_id.is_not(None)).all()
        return {row.theme.number: subject_of(row.text) for row in rows}


@pytest.fixture
def covered(spare: Database) -> Coverage:
    with spare.writing() as session:
        for title, summary in MODULES.values():
            make_module(session, title, summary=summary, mindset="analysis")
    study(spare, BUNDLED)
    return found(spare)


def test_a_theme_is_covered_by_its_module_and_a_gap_without_one(spare: Database, covered: Coverage) -> None:
    of = subjects(spare)
    assert {of[theme.number] for theme in covered.having(Verdict.GAP)} == {"handover"}
    for theme in covered.having(Verdict.COVERED):
        assert theme.answers[0].title == MODULES[of[theme.number]][0]
        assert theme.score == pytest.approx(theme.answers[0].score, abs=0.001) and theme.score >= COVERED
        assert theme.answers[0].says in MODULES[of[theme.number]][1]
    assert [module.title for module in covered.unneeded] == ["Guests at Other Tables"]
    assert (covered.modules, covered.waiting, covered.groups, covered.missing) == (4, 0, 3, None)


def test_what_most_groups_are_left_alone_with_comes_first(covered: Coverage) -> None:
    assert covered.themes[0].verdict == Verdict.GAP and covered.themes[0].open == covered.themes[0].groups
    assert [theme.open for theme in covered.themes] == sorted((t.open for t in covered.themes), reverse=True)
    rest = [theme for theme in covered.themes if not theme.open]
    assert [theme.groups for theme in rest] == sorted((theme.groups for theme in rest), reverse=True)


def test_a_verdict_is_shown_by_its_own_passages_of_different_groups(spare: Database, covered: Coverage) -> None:
    with spare.reading() as session:
        for theme in covered.themes:
            rows = session.query(Passage).filter(Passage.number.in_(theme.passages)).all()
            assert {row.theme.number for row in rows} == {theme.number} and 1 <= len(rows) <= 3
            assert len({row.group_id for row in rows}) == min(theme.groups, len(rows))
            quotes = quotes_of(session, covered.analysis_id or 0, theme.passages)
            assert all(quotes[row.number].lines[0].text in row.text for row in rows)


def test_near_modules_are_named_where_none_answers(covered: Coverage) -> None:
    gap = covered.having(Verdict.GAP)[0]
    assert gap.answers == () and 1 <= len(gap.near) <= 3
    assert all(each.score < PARTLY and each.passages for each in gap.near)


def test_talk_that_is_covered_is_counted_by_its_share(covered: Coverage) -> None:
    own = sum(theme.depth for theme in covered.having(Verdict.COVERED))
    assert covered.talk_covered == pytest.approx(own / sum(theme.depth for theme in covered.themes))
    assert 0.5 < covered.talk_covered < 1


def test_the_same_catalogue_and_talk_give_the_same_coverage(spare: Database, covered: Coverage) -> None:
    assert found(spare) == covered


def test_what_has_to_be_done_first_is_said(spare: Database) -> None:
    assert found(spare).missing == "modules"
    with spare.writing() as session:
        make_module(session)
    waiting = found(spare)
    assert (waiting.missing, waiting.modules, waiting.waiting, waiting.model) == ("study", 1, 1, BUNDLED)
    with spare.writing() as session:
        session.execute(delete(Analysis))
    assert found(spare).missing == "analysis"


def test_a_module_that_came_later_waits_and_the_others_are_compared(spare: Database, covered: Coverage) -> None:
    with spare.writing() as session:
        make_module(session, "Late")
    later = found(spare)
    assert (later.waiting, later.modules) == (1, 5)
    assert later.themes == covered.themes


def test_a_theme_without_stored_meaning_has_no_verdict(spare: Database, covered: Coverage) -> None:
    lost = covered.themes[0].number
    with spare.writing() as session:
        theme_id = session.query(Passage).filter(Passage.number == covered.themes[0].passages[0]).one().theme_id
        session.execute(update(Passage).where(Passage.theme_id == theme_id).values(vector=None))
    theme = next(theme for theme in found(spare).themes if theme.number == lost)
    assert (theme.verdict, theme.answers, theme.open) == (None, (), 0.0)


def test_coarse_themes_are_not_compared_for_they_hold_no_talk(spare: Database, covered: Coverage) -> None:
    with spare.writing() as session:
        make_theme(session, session.query(Analysis).one(), 99, coarse=True)
    assert 99 not in [theme.number for theme in found(spare).themes]


def test_taking_the_answer_out_leaves_a_gap(spare: Database, covered: Coverage) -> None:
    lost, *others = covered.having(Verdict.COVERED)
    assert others
    with spare.writing() as session:
        session.execute(delete(Module).where(Module.id.in_([answer.module_id for answer in lost.answers])))
    verdicts = {theme.number: theme.verdict for theme in found(spare).themes}
    assert verdicts[lost.number] == Verdict.GAP
    assert all(verdicts[theme.number] == Verdict.COVERED for theme in others)
