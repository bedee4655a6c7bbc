"""The tables are attacked by linear programming: everything published is given, every hidden figure is minimised and
maximised."""

import random

import numpy as np
import pytest
from scipy.optimize import linprog

from mining.privacy.suppression import Published, suppress

LEAST = 3


def whole(table: dict) -> Published:
    """The table with nothing hidden."""
    columns = list(next(iter(table.values())))
    return Published(
        cells=table,
        rows={row: sum(own.values()) for row, own in table.items()},
        columns={column: sum(own[column] for own in table.values()) for column in columns},
        total=sum(sum(own.values()) for own in table.values()),
    )


def figures_of(published: Published) -> dict[tuple, int | None]:
    cells = {(row, column): count for row, own in published.cells.items() for column, count in own.items()}
    rows = {(row, "all"): count for row, count in published.rows.items()}
    columns = {("all", column): count for column, count in published.columns.items()}
    return cells | rows | columns | {("all", "all"): published.total}


def attack(published: Published) -> dict[tuple, tuple[int, int | None]]:
    """{hidden figure: (smallest, largest value that it can have)}; None: no limit."""
    rows, columns = list(published.rows), list(published.columns)
    places = {(row, column): i for i, (row, column) in enumerate((r, c) for r in rows for c in columns)}

    def summed(row, column) -> np.ndarray:
        wanted = [i for (r, c), i in places.items() if row in (r, "all") and column in (c, "all")]
        return np.isin(np.arange(len(places)), wanted).astype(float)

    known = {key: count for key, count in figures_of(published).items() if count is not None}
    equal = [summed(*key) for key in known] or None
    right = list(known.values()) or None
    found = {}
    for key, count in figures_of(published).items():
        if count is None:
            low = linprog(summed(*key), A_eq=equal, b_eq=right)
            high = linprog(-summed(*key), A_eq=equal, b_eq=right)
            assert low.status == 0 and high.status in (0, 3)
            found[key] = (round(low.fun), None if high.status == 3 else round(-high.fun))
    return found


def random_table(seed: int) -> dict[str, dict[str, int]]:
    chance = random.Random(seed)
    rows, columns = chance.randint(1, 6), chance.randint(1, 6)
    most = chance.choice([2, 4, 8, 30])
    return {
        f"r{i}": {f"c{j}": chance.choice([0, chance.randint(0, most)]) for j in range(columns)} for i in range(rows)
    }


def given_away(table: dict, published: Published, least: int) -> list[tuple]:
    """Hidden figures that can be told too well."""
    true, bad = figures_of(whole(table)), []
    for key, (low, high) in attack(published).items():
        assert low <= true[key] and (high is None or true[key] <= high)
        if true[key] < least:
            safe = low == 0 and (high is None or high >= least - 1)
        else:
            safe = high is None or high - low >= least
        if not safe:
            bad.append((key, low, high))
    return bad


@pytest.mark.parametrize("seed", range(15))
def test_no_hidden_figure_of_a_random_table_can_be_worked_out(seed: int) -> None:
    table = random_table(seed)
    for least in (2, 3, 5):
        published = suppress(table, least)
        assert given_away(table, published, least) == []
        for key, count in figures_of(published).items():
            assert count is None or (count == figures_of(whole(table))[key] and count >= least)


def test_hiding_small_cells_alone_would_give_them_away_and_the_attack_sees_it() -> None:
    table = {"sales": {"money": 1, "meetings": 5}, "plant": {"money": 6, "meetings": 7}}
    full = whole(table)
    naive = Published({**table, "sales": {"money": None, "meetings": 5}}, full.rows, full.columns, full.total)
    assert given_away(table, naive, LEAST) == [(("sales", "money"), 1, 1)]
    assert given_away(table, suppress(table, LEAST), LEAST) == []


def test_two_hidden_cells_whose_sum_is_small_are_given_away_too() -> None:
    """1 and 0 hidden beside a total that leaves 1 for both: somebody is there, so more has to go."""
    table = {"sales": {"a": 1, "b": 0, "c": 9}, "plant": {"a": 9, "b": 9, "c": 9}}
    full = whole(table)
    hidden = {"sales": {"a": None, "b": None, "c": 9}, "plant": {"a": None, "b": None, "c": 9}}
    assert given_away(table, Published(hidden, full.rows, full.columns, full.total), LEAST)
    assert given_away(table, suppress(table, LEAST), LEAST) == []


def test_a_table_without_small_counts_is_shown_whole() -> None:
    table = {"sales": {"money": 4, "meetings": 5}, "plant": {"money": 6, "meetings": 7}}
    assert figures_of(suppress(table, LEAST)) == figures_of(whole(table))


def test_a_single_small_cell_costs_a_rectangle_or_its_totals_and_no_more() -> None:
    table = {f"r{i}": {f"c{j}": 10 + i + j for j in range(5)} for i in range(5)}
    table["r2"]["c2"] = 1
    hidden = [key for key, count in figures_of(suppress(table, LEAST)).items() if count is None]
    assert ("r2", "c2") in hidden
    assert len(hidden) == 4
    assert all("all" not in key for key in hidden)


def test_where_cells_cannot_protect_each_other_the_totals_are_hidden() -> None:
    published = suppress({"sales": {"money": 1, "meetings": 8}}, LEAST)
    assert published.cells["sales"]["money"] is None
    assert published.columns["money"] is None
    assert published.rows["sales"] is None or published.cells["sales"]["meetings"] is None


def test_missing_cells_count_as_none_and_a_count_below_nothing_is_refused() -> None:
    published = suppress({"a": {"x": 5}, "b": {"y": 5}}, LEAST)
    assert published.cells["a"]["y"] is None
    with pytest.raises(ValueError, match="negative"):
        suppress({"a": {"x": -1}}, LEAST)


def test_an_empty_table_stays_empty() -> None:
    assert suppress({}, LEAST).cells == {}
