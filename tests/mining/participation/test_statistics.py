"""The statistics against scipy, against themselves, and against what is known of them."""

import numpy as np
import pytest
from scipy import stats

from mining.participation.statistics import Resampled, difference, levels, rank_correlation


def test_the_correlation_is_scipys_ties_included() -> None:
    draws = np.random.default_rng(3)
    for size in (8, 13, 40):
        x, y = draws.integers(0, 6, size).astype(float), draws.normal(size=size).round(1)
        found = rank_correlation(x.tolist(), y.tolist(), Resampled(50))
        assert found and found.value == pytest.approx(stats.spearmanr(x, y).statistic)


def test_the_interval_is_the_plain_bootstraps() -> None:
    draws = np.random.default_rng(5)
    x = draws.normal(size=15)
    y = x + draws.normal(size=15)
    found = rank_correlation(x.tolist(), y.tolist())
    theirs = stats.bootstrap(
        (x, y),
        lambda a, b: stats.spearmanr(a, b).statistic,
        paired=True,
        vectorized=False,
        method="percentile",
        n_resamples=2000,
        rng=np.random.default_rng(1),
    ).confidence_interval
    assert (
        found
        and found.low == pytest.approx(theirs.low, abs=0.06)
        and found.high == pytest.approx(theirs.high, abs=0.06)
    )
    assert found == rank_correlation(x.tolist(), y.tolist())


def test_the_interval_holds_the_truth_in_about_95_of_100_samples() -> None:
    draws = np.random.default_rng(7)
    true, held, tried = 6 / np.pi * np.arcsin(0.5 / 2), 0, 200
    for _ in range(tried):
        x = draws.normal(size=12)
        y = 0.5 * x + np.sqrt(0.75) * draws.normal(size=12)
        found = rank_correlation(x.tolist(), y.tolist(), Resampled(600))
        held += bool(found and found.low <= true <= found.high)
    assert 0.90 <= held / tried <= 1.0


def test_a_constant_has_no_correlation_and_a_nearly_constant_one_is_marked() -> None:
    assert rank_correlation([1.0] * 9, list(range(9))) is None
    found = rank_correlation([0.0] * 9 + [1.0], [float(i) for i in range(10)])
    assert found and found.undefined == pytest.approx(0.9**10, abs=0.05)


def test_every_resample_is_scipys_and_what_was_drawn_before_changes_nothing() -> None:
    draws = np.random.default_rng(11)
    x, y = draws.integers(0, 5, 30).astype(float), draws.normal(size=30).round(1)
    resampled = Resampled(200)
    times = resampled.times(30)
    assert times.shape == (30, 200) and (times.sum(axis=0) == 30).all()
    each = [stats.spearmanr(np.repeat(x, drawn), np.repeat(y, drawn)).statistic for drawn in times.T]
    expected = np.quantile(each, [0.025, 0.975])
    for _ in range(2):
        found = rank_correlation(x.tolist(), y.tolist(), resampled)
        assert found and (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-12)
        rank_correlation(y.tolist()[:20], x.tolist()[:20], resampled)
    assert resampled.times(30) is times


def test_resamples_are_held_only_as_long_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mining.participation.statistics.HELD", 2_500)
    resampled = Resampled(100)
    first, second = resampled.times(20), resampled.times(10)
    assert resampled.times(20) is first and resampled.times(10) is not second
    assert (resampled.times(10) == second).all()


def test_levels_of_a_full_table_are_the_units_means() -> None:
    values = [1.0, 5.0, 3.0, 11.0, 15.0, 13.5]
    found = levels([0, 1, 2, 0, 1, 2], [0, 0, 0, 1, 1, 1], values)
    assert found is not None
    means = [(values[i] + values[i + 3]) / 2 for i in range(3)]
    assert np.diff(found) * 15 == pytest.approx(np.diff(means))


def test_a_unit_known_only_in_a_good_year_is_not_taken_for_a_good_one() -> None:
    # Unit 2 is there only in the second period, in which everybody has 100 more; it is the weakest all the same.
    found = levels([0, 1, 0, 1, 2], [0, 0, 1, 1, 1], [5, 6, 105, 106, 103])
    assert found is not None and found[2] < found[0] < found[1]


def test_equal_levels_stay_equal() -> None:
    found = levels([0, 1, 0, 1], [0, 0, 1, 1], [0.1, 0.3, 0.3, 0.1])
    assert found is not None and found[0] == found[1]


def test_periods_without_units_in_common_cannot_be_compared() -> None:
    assert levels([0, 1, 2, 3], [0, 0, 1, 1], [1, 2, 3, 4]) is None


def test_the_difference_has_welchs_interval() -> None:
    a, b = [1.0, 2.0, 4.0, 3.5], [0.5, 0.7, 0.2, 1.1, 0.9]
    found, theirs = difference(a, b), stats.ttest_ind(a, b, equal_var=False).confidence_interval()
    assert found and found.value == pytest.approx(np.mean(a) - np.mean(b))
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high))
    assert difference([1.0, 1.0], [0.3, 0.3]) is None
