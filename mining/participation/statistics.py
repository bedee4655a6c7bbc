"""The statistics of participation against performance, by numpy and scipy: rank correlation with a bootstrap interval
over units, levels of units over unbalanced periods, and the difference of two halves.

An adapter: arrays and scipy's objects stay here. Every function is deterministic; its random numbers are its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
SEED = 20_260_319
CONFIDENCE = 0.95
BLOCK = 1 << 20
"""Numbers held at once while resampling."""
HELD = 64 << 20
"""Bytes of resamples that are kept for further figures of the same table."""

Array = NDArray[np.float64]
Times = NDArray[np.uint8]


@dataclass(frozen=True)
class Correlation:
    """Spearman's rho in -1..1 and its percentile interval. `undefined`: share of resamples in which all units had the
    same value, so that there was nothing to correlate."""

    value: float
    low: float
    high: float
    undefined: float


@dataclass(frozen=True)
class Difference:
    """Mean of the first minus mean of the others, with Welch's interval."""

    value: float
    low: float
    high: float


def rank_correlation(
    x: Sequence[float], y: Sequence[float], resampled: "Resampled | None" = None
) -> Correlation | None:
    """One x and y for each unit. None where either is the same everywhere. Ties share their mean rank. Whoever asks for
    several gives `resampled`, so that what was drawn for as many units is used again.

    The interval is the percentile bootstrap over units. For normal data with 8, 12, 20 and 40 units it held the true
    value in 94-98 of 100 samples; BCa was not better (93-97) and is harder to say in words.
    """
    first, second = _groups(np.asarray(x, float)), _groups(np.asarray(y, float))
    whole = _rho(first, second, np.ones((len(first), 1), np.uint8))[0]
    if np.isnan(whole):
        return None
    rhos = _rho(first, second, (resampled or Resampled()).times(len(first)))
    known = rhos[~np.isnan(rhos)]
    undefined = 1 - len(known) / len(rhos)
    edge = (1 - CONFIDENCE) / 2
    low, high = np.quantile(known, [edge, 1 - edge]) if len(known) else (-1.0, 1.0)
    return Correlation(_clipped(whole), _clipped(low), _clipped(high), float(undefined))


class Resampled:
    """Which units are drawn how often. The same for every pair of figures of as many units, so it is drawn once and
    held, as far as HELD goes, by whoever studies a table."""

    def __init__(self, resamples: int = RESAMPLES) -> None:
        self._resamples = resamples
        self._held: dict[int, Times] = {}

    def times(self, units: int) -> Times:
        """(units, resamples): how often each unit is in each resample."""
        if units in self._held:
            return self._held[units]
        drawn = self._drawn(units)
        if drawn.nbytes + sum(each.nbytes for each in self._held.values()) <= HELD:
            self._held[units] = drawn
        return drawn

    def _drawn(self, units: int) -> Times:
        draws = np.random.default_rng(SEED)
        found = np.empty((units, self._resamples), np.uint8)
        step = max(1, BLOCK // units)
        for start in range(0, self._resamples, step):
            rows = min(step, self._resamples - start)
            drawn = draws.integers(0, units, (rows, units)) + np.arange(rows)[:, None] * units
            counts = np.bincount(drawn.ravel(), minlength=rows * units).reshape(rows, units)
            found[:, start : start + rows] = counts.T
        return found


def levels(units: Sequence[int], periods: Sequence[int], values: Sequence[float]) -> list[float] | None:
    """One level for each unit (0, 1, ...), free of what all units share in a period.

    Where every unit is there in every period this is its mean (up to a constant); where some are missing, a unit that
    is known only in a good year is not taken for a good one: least squares of unit + period. None where the periods
    share so few units that they cannot be compared.
    """
    of_unit, of_period, given = np.asarray(units), np.asarray(periods), np.asarray(values, float)
    there = np.zeros((of_unit.max() + 1, of_period.max() + 1))
    there[of_unit, of_period] = 1
    sums = np.zeros_like(there)
    sums[of_unit, of_period] = given
    share = there / there.sum(axis=1, keepdims=True)
    # Units taken out, the periods' effects remain to be solved for: a small system, however many units there are.
    normal = np.diag(there.sum(axis=0)) - there.T @ share
    effects, _, rank, _ = np.linalg.lstsq(normal, sums.sum(axis=0) - share.T @ sums.sum(axis=1), rcond=1e-9)
    if rank < there.shape[1] - 1:
        return None
    found = sums.sum(axis=1) / there.sum(axis=1) - share @ effects
    scale = max(float(np.abs(given).max()), 1e-300)
    # What is equal must stay equal: ranks would make much of the last digit.
    return [float(each) for each in np.round(found / scale, 9)]


def difference(first: Sequence[float], others: Sequence[float]) -> Difference | None:
    """At least two each. None where nothing varies in either half, so that no interval can be had (Welch 1947)."""
    from scipy import stats

    a, b = np.asarray(first, float), np.asarray(others, float)
    errors = np.array([a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)])
    last_digits = 1e-12 * max(float(np.abs(a).max()), float(np.abs(b).max()))
    value = float(a.mean() - b.mean())
    if errors.sum() <= last_digits**2:
        return None
    value = 0.0 if abs(value) <= last_digits else value
    freedom = errors.sum() ** 2 / (errors**2 / (np.array([len(a), len(b)]) - 1)).sum()
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom) * np.sqrt(errors.sum()))
    return Difference(value, value - reach, value + reach)


def _clipped(value: float) -> float:
    return float(min(1.0, max(-1.0, value)))


def _groups(values: Array) -> NDArray[np.intp]:
    """For each value the place of its group of equals, from small to large."""
    return np.unique(values, return_inverse=True)[1]


def _rho(first: NDArray[np.intp], second: NDArray[np.intp], times: Times) -> Array:
    """Spearman's rho of every resample; nan where one of the two is constant.

    No resample is sorted: units are walked through once from small to large, all resamples side by side. Up to the
    last division everything is a whole number, and so exact.
    """
    size, resamples = times.shape
    weighted = np.empty(times.shape, np.int32)
    ties, shared = [np.zeros(resamples), np.zeros(resamples)], np.zeros(resamples)
    for members, drawn, rank in _walk(second, times):
        weighted[members] = drawn * rank if isinstance(members, int) else times[members] * rank
        ties[1] += drawn * (drawn * drawn - 1)
    for members, drawn, rank in _walk(first, times):
        shared += rank * (weighted[members] if isinstance(members, int) else weighted[members].sum(axis=0))
        ties[0] += drawn * (drawn * drawn - 1)
    # Ranks are doubled and counted from their middle; t equal ones take t ** 3 - t from a sum of squares.
    squares = [(float(size) ** 3 - size - each) / 12 for each in ties]
    scale = np.sqrt(squares[0] * squares[1])
    found: Array = np.full(resamples, np.nan)
    np.divide(shared / 4, scale, out=found, where=scale > 1e-9)
    return found


def _walk(groups: NDArray[np.intp], times: Times) -> Iterator[tuple[int | NDArray[np.intp], Array, Array]]:
    """From the smallest value to the largest: the unit (or units) that have it, how often they were drawn together, and
    their rank in each resample, doubled and counted from the middle."""
    order = np.argsort(groups, kind="stable")
    ends = np.flatnonzero(np.diff(groups[order], append=-1)) + 1
    twice, start = np.full(times.shape[1], -float(len(groups))), 0
    for end in ends.tolist():
        members = int(order[start]) if end - start == 1 else order[start:end]
        drawn = times[members].astype(float) if isinstance(members, int) else times[members].sum(axis=0, dtype=float)
        rank = twice + drawn
        yield members, drawn, rank
        twice, start = rank + drawn, end
