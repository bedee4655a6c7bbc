"""The statistics of participation against performance, by numpy and scipy: rank correlation with a bootstrap interval
over units, levels of units over unbalanced periods, and the difference of two halves.

An adapter: arrays and scipy's objects stay here. Every function is deterministic; its random numbers are its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
SEED = 20_260_319
CONFIDENCE = 0.95
BLOCK = 1 << 20
"""Numbers held at once while resampling."""

Array = NDArray[np.float64]


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


def rank_correlation(x: Sequence[float], y: Sequence[float], resamples: int = RESAMPLES) -> Correlation | None:
    """One x and y for each unit. None where either is the same everywhere. Ties share their mean rank.

    The interval is the percentile bootstrap over units. For normal data with 8, 12, 20 and 40 units it held the true
    value in 94-98 of 100 samples; BCa was not better (93-97) and is harder to say in words.
    """
    first, second = _groups(np.asarray(x, float)), _groups(np.asarray(y, float))
    size = len(first)
    whole = _rho(first, second, np.ones((1, size)))[0]
    if np.isnan(whole):
        return None
    draws = np.random.default_rng(SEED)
    found = []
    step = max(1, BLOCK // size)
    for start in range(0, resamples, step):
        rows = min(step, resamples - start)
        drawn = draws.integers(0, size, (rows, size)) + np.arange(rows)[:, None] * size
        counts = np.bincount(drawn.ravel(), minlength=rows * size).reshape(rows, size)
        found.append(_rho(first, second, counts.astype(float)))
    rhos = np.concatenate(found)
    known = rhos[~np.isnan(rhos)]
    undefined = 1 - len(known) / resamples
    edge = (1 - CONFIDENCE) / 2
    low, high = np.quantile(known, [edge, 1 - edge]) if len(known) else (-1.0, 1.0)
    return Correlation(_clipped(whole), _clipped(low), _clipped(high), float(undefined))


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


def _ranks(groups: NDArray[np.intp], counts: Array) -> Array:
    """Mean ranks in every resample, without sorting each: `counts` says how often a unit was drawn."""
    if groups.max() + 1 == len(groups):
        order = np.argsort(groups)
        sorted_ = counts[:, order]
    else:
        sorted_ = np.zeros((len(counts), groups.max() + 1))
        for unit, group in enumerate(groups):
            sorted_[:, group] += counts[:, unit]
    means: Array = np.cumsum(sorted_, axis=1) - (sorted_ - 1) / 2
    return means[:, groups]


def _rho(first: NDArray[np.intp], second: NDArray[np.intp], counts: Array) -> Array:
    """Spearman's rho of every resample; nan where one of the two is constant."""
    x, y = _ranks(first, counts), _ranks(second, counts)
    middle = (counts.sum(axis=1, keepdims=True) + 1) / 2
    x, y = x - middle, y - middle
    scale = np.sqrt((counts * x * x).sum(axis=1) * (counts * y * y).sum(axis=1))
    found: Array = np.full(len(counts), np.nan)
    np.divide((counts * x * y).sum(axis=1), scale, out=found, where=scale > 1e-9)
    return found
