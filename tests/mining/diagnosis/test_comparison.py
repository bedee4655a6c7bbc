from datetime import date

import pytest
from sqlalchemy import delete, update

from capture.database import Database
from capture.errors import NotFound
from capture.events import get_event
from mining.diagnosis.comparison import Comparison, comparison_of
from mining.diagnosis.theme_lines import GONE, NEW, Line
from mining.models import Analysis, Theme
from mining.suggestion_models import Module
from tests.factories import make_event
from tests.mining.programme import programme, programme_data  # noqa: F401  (fixtures)


def found(database: Database, *chosen: str) -> Comparison:
    with database.reading() as session:
        return comparison_of(session, get_event(session, "spring"), chosen)


def about(result: Comparison, *words: str) -> Line:
    [line] = [line for line in result.lines if any(word in line.label.lower() for word in words)]
    return line


def test_subjects_that_went_are_gone_new_ones_are_new_and_the_others_go_on(programme: Database) -> None:  # noqa: F811
    result = found(programme)
    assert [each.slug for each in result.events] == ["autumn", "spring"]
    assert about(result, "operator", "machine").state == NEW
    assert {about(result, "soup").state, about(result, "shift").state} == {GONE}
    for words in (("budget",), ("promoted", "leader"), ("meeting",)):
        line = about(result, *words)
        assert line.state not in (NEW, GONE) and all(line.points)
    assert sum(len(result.having(state)) for state in {line.state for line in result.lines}) == len(result.lines)


def test_counts_and_shares_are_those_of_each_event(programme: Database) -> None:  # noqa: F811
    line = about(found(programme), "budget")
    with programme.reading() as session:
        for point in line.points:
            assert point
            theme = session.query(Theme).join(Analysis).filter(
                Theme.number == point.number, Analysis.event_id == get_event(session, point.event).id
            ).one()  # fmt: skip
            assert (point.breadth, point.groups) == (theme.breadth, 6)
            assert point.share.value == pytest.approx(theme.depth, abs=0.001) and point.share.ranged


def test_a_module_that_came_in_between_answers_and_one_that_came_later_does_not(programme: Database) -> None:  # noqa: F811
    result = found(programme)
    [answered] = about(result, "promoted", "leader").answered
    assert (answered.since, answered.by) == ("autumn", "spring")
    assert [module.title for module in answered.modules] == ["Boss of My Friends"]
    assert about(result, "meeting").answered == () == about(result, "budget").answered
    assert result.covered and result.unknown == ()


def test_a_catalogue_younger_than_the_events_answers_nothing_and_says_so(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        for module in session.query(Module):
            module.added_at = module.added_at.replace(year=2026, month=2)
    result = found(programme)
    assert result.unknown == ("Autumn",) and not any(line.answered for line in result.lines)
    assert "with a column “since”" in result.remedy
    with programme.writing() as session:
        for module in session.query(Module):
            module.offered_on = module.added_at.date().replace(year=2025)  # before autumn
    assert (found(programme).unknown, found(programme).remedy) == ((), "")
    with programme.writing() as session:
        session.query(Module).filter(Module.title == "Boss of My Friends").one().offered_on = date(2026, 1, 15)
    [answered] = about(found(programme), "promoted", "leader").answered
    assert [(module.title, module.day) for module in answered.modules] == [("Boss of My Friends", date(2026, 1, 15))]
    with programme.writing() as session:
        session.execute(delete(Module))
    assert not found(programme).covered


def test_arc_is_there_for_every_event_with_its_ranges(programme: Database) -> None:  # noqa: F811
    autumn, spring = found(programme).arcs
    assert (autumn.event.slug, spring.event.slug, spring.groups) == ("autumn", "spring", 6)
    assert spring.agency and spring.agency.ranged and spring.responsiveness and spring.responsiveness.ranged
    assert spring.connectivity and autumn.connectivity is None  # autumn has no roster


def test_events_mined_with_another_model_stand_apart_and_say_why(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        autumn = get_event(session, "autumn").id
        session.execute(update(Analysis).where(Analysis.event_id == autumn).values(embedder="another"))
    result = found(programme)
    assert [each.slug for each in result.events] == ["spring"] and result.lines == ()
    [(apart, why)] = result.apart
    assert apart.slug == "autumn" and "mined with another, not with all-MiniLM-L6-v2" in why
    assert len(result.arcs) == 2


def test_events_are_chosen_by_name_and_only_from_the_programme(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        make_event(session, "winter", programme="Managers talk", held_on=date(2026, 1, 1))
        make_event(session, "elsewhere", programme="Another")
    result = found(programme, "spring")
    assert ([arc.event.slug for arc in result.arcs], result.lines) == (["spring"], ())
    assert [each.slug for each in result.choice] == ["autumn", "spring"]
    assert [each.slug for each in found(programme).waiting] == ["winter"]
    with pytest.raises(NotFound, match="“elsewhere” is no event of this programme"):
        found(programme, "spring", "elsewhere")
