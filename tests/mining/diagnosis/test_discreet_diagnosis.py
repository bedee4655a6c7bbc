"""What sponsors may see: no group, no theme of few groups, and no count from which one could be worked out."""

import random
from dataclasses import asdict
from itertools import product

import pytest
from sqlalchemy import delete

from capture.database import Database
from capture.events import get_event
from mining.diagnosis.connectivity import Spread
from mining.diagnosis.discreet_diagnosis import SharedDiagnosis, SharedSpread, discreet_table, shared_diagnosis
from mining.models import Analysis, Passage, Theme
from mining.next_steps.step_finding import find_commitments
from mining.privacy.discretion import SharedTheme, shared_view
from mining.suggestion_models import NextStep, StepState
from tests.mining.programme import programme, programme_data  # noqa: F401  (fixtures)

QUORUM = 3


def found(database: Database, quorum: int = QUORUM) -> SharedDiagnosis:
    with database.reading() as session:
        result = shared_diagnosis(session, get_event(session, "spring"), quorum)
    assert result
    return result


def test_no_group_and_no_theme_of_few_groups_is_in_it(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        event = get_event(session, "spring")
        analysis = session.query(Analysis).filter_by(event_id=event.id).one()
        narrow = session.query(Theme).filter_by(analysis_id=analysis.id, number=1).one()
        keep = [group.id for group in event.groups[:2]]
        session.execute(delete(Passage).where(Passage.theme_id == narrow.id, Passage.group_id.not_in(keep)))
        narrow.breadth, hidden = 2, narrow.label
        names = [group.name for group in event.groups]
        shown = {theme.number for theme in shared_view(session, event, QUORUM).themes}
        assert narrow.number not in shown
    result = found(programme)
    text = repr(asdict(result))
    assert hidden not in text and not any(name in text for name in names)
    assert result.diagnosis and result.diagnosis.by_group == () and result.diagnosis.connectivity.table == ()
    told = result.diagnosis.responsiveness
    assert sum(each.themes for each in told.shares) == len(shown)


def test_shares_that_rest_on_themes_come_in_steps_and_without_seconds(programme: Database) -> None:  # noqa: F811
    told = found(programme).diagnosis
    assert told and told.responsiveness.seconds == 0 and told.connectivity.bridging
    figures = [each.share for each in told.responsiveness.shares] + [told.connectivity.bridging.value]
    for figure in figures:
        for value in (figure.value, figure.low, figure.high):
            assert value is None or round(value * 20, 6) == round(value * 20)
    assert told.connectivity.bridging.ties == 0 and told.connectivity.shared is None


def test_counts_of_fewer_groups_than_the_quorum_are_not_told(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        find_commitments(session, get_event(session, "spring"))
        steps = session.query(NextStep).order_by(NextStep.group_id).all()
        assert len({step.group_id for step in steps}) >= QUORUM
        steps[0].state = StepState.CONFIRMED
    made = found(programme).diagnosis.agency.commitments
    assert made.found == len(steps) and made.confirmed is None and made.confirmed_rate is None and made.groups == 0
    all_of_it = found(programme, quorum=6).diagnosis.agency
    assert all_of_it.commitments.found is None or len({step.group_id for step in steps}) == 6
    assert found(programme).diagnosis.agency.proposals.made is None


def test_with_fewer_groups_than_it_takes_nothing_is_told_not_even_how_many(programme: Database) -> None:  # noqa: F811
    assert found(programme, quorum=7) == SharedDiagnosis(None, 7)
    with programme.writing() as session:
        session.execute(delete(Analysis))
        assert shared_diagnosis(session, get_event(session, "spring"), 3) is None


def theme(number: int) -> SharedTheme:
    return SharedTheme(number, f"Theme {number}", (), 3, 9, True, 0.1, QUORUM)


def published(rows: list[tuple[int, ...]], sizes: list[int]) -> tuple[SharedSpread, ...]:
    table = [Spread(i, f"Theme {i}", sum(row), row, None) for i, row in enumerate(rows)]
    return discreet_table(table, sizes, {i: theme(i) for i in range(len(rows))}, QUORUM)


def possible(row: SharedSpread, total: int, sizes: list[int]) -> list[tuple[int, ...]]:
    """Every row of counts that agrees with what is published, how many groups each department has, and with how many
    raise the theme, which is told elsewhere."""

    def choices(cell: int | None, exactly: bool, size: int) -> range:
        return range(size + 1) if cell is None else range(cell, cell + 1) if exactly else range(cell, size + 1)

    options = (choices(*each) for each in zip(row.cells, row.exactly, sizes, strict=True))
    return [counts for counts in product(*options) if sum(counts) == total]


@pytest.mark.parametrize("seed", range(60))
def test_a_hidden_count_can_not_be_worked_out_from_the_rest_of_its_row(seed: int) -> None:
    chance = random.Random(seed)
    sizes = [chance.choice([1, 2, 3, 5, 7, 9]) for _ in range(chance.randint(1, 4))]
    rows = [tuple(chance.randint(0, size) for size in sizes) for _ in range(chance.randint(1, 5))]
    for row in published(rows, sizes):
        counts = rows[row.number]
        left = possible(row, sum(counts), sizes)
        assert counts in left
        if all(cell is None for cell in row.cells):
            continue  # nothing beyond what is told elsewhere
        for i, cell in enumerate(row.cells):
            if cell is None:
                assert {each[i] for each in left} >= set(range(min(sizes[i], QUORUM - 1) + 1))


def test_large_counts_are_shown_and_nearly_all_is_a_least_number() -> None:
    [row] = published([(6, 9, 1, 1, 2)], [12, 9, 4, 4, 4])
    assert row.cells == (6, 6, None, None, None) and row.exactly[:2] == (True, False)
    assert published([(1, 2), (0, 1)], [2, 2]) == ()
    assert published([(3, 3)], [3, 5]) == ()  # “at least 3 of 3” would be all
