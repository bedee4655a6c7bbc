"""How far a figure of an event could lie elsewhere had other groups come: ranges by bootstrap over groups.

Groups, not passages, are what is drawn anew: what is said in one room hangs together. Pure numpy and seeded, so that
the same input gives the same range in every process. Used by the diagnosis and the comparison of events.

Percentiles of a bootstrap are too narrow with few groups; they are taken further out as Hesterberg proposes ("What
teachers should know about the bootstrap", The American Statistician 69, 2015: the expanded percentile interval).
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

DRAWS = 2000
LEVEL = 0.9
"""Share of ranges that should hold the true figure."""
SEED = 20260319
LEAST_GROUPS = 5
"""Groups with talk below which there is no range: the few combinations of fewer groups say nothing."""
BLOCK = 4_000_000
"""Numbers that are held at once while departments are shuffled."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A figure with the range in which it lies for LEVEL of all draws. `value` is None where there is nothing to count
    by; `low` and `high` are None where there are too few groups, or all are alike (then `little` says so)."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    little: str | None = None

    @property
    def ranged(self) -> bool:
        return self.low is not None and self.high is not None


@dataclass(frozen=True)
class Shuffled:
    """What chance alone gives: the mean and the range (LEVEL) of all shuffles, and which share (0..1) of them lies as
    low as what was seen, or lower, and as high, or higher."""

    mean: float
    low: float
    high: float
    as_low: float
    as_high: float


def estimate(top: npt.ArrayLike, bottom: npt.ArrayLike) -> Estimate:
    """Sum of `top` over sum of `bottom`, one number of each per group: a share, or a rate. Groups that count for
    nothing in `bottom` (no talk) are left out."""
    tops, bottoms = np.asarray(top, float), np.asarray(bottom, float)
    there = bottoms > 0
    tops, bottoms = tops[there], bottoms[there]
    if not len(bottoms):
        return Estimate(little="There is nothing to count.")
    value = float(tops.sum() / bottoms.sum())
    if len(bottoms) < LEAST_GROUPS:
        return Estimate(value, little=f"No range: only {len(bottoms)} of at least {LEAST_GROUPS} groups.")
    if np.ptp(tops / bottoms) < 1e-12:
        return Estimate(value, little="No range: it is the same in every group.")
    low, high = _range(_ratios(tops, bottoms, SEED), len(bottoms))
    return Estimate(value, low, high)


def difference(
    before: tuple[npt.ArrayLike, npt.ArrayLike], after: tuple[npt.ArrayLike, npt.ArrayLike]
) -> tuple[float, float] | None:
    """The range of how much a ratio (top, bottom) changed from one event to another, whose groups are drawn apart.
    None where either has too few groups."""
    drawn = []
    fewest = 1 << 30
    for serial, (top, bottom) in enumerate((before, after)):
        tops, bottoms = np.asarray(top, float), np.asarray(bottom, float)
        there = bottoms > 0
        fewest = min(fewest, int(there.sum()))
        if fewest < LEAST_GROUPS:
            return None
        drawn.append(_ratios(tops[there], bottoms[there], SEED + serial))
    return _range(drawn[1] - drawn[0], fewest)


def mixing(ties: Numbers, mix: Numbers) -> Estimate:
    """How often two people, one of each of two groups that have a tie, are of different departments (0..1).

    `ties` (groups, groups), symmetric with nothing on its diagonal, counts what two groups share; `mix` (groups,
    departments) holds each group's shares of departments, which sum to 1. A group drawn twice has no tie to itself.
    """
    apart = ties * (1 - mix @ mix.T)
    whole = ties.sum()
    if not whole:
        return Estimate(little="No two groups share a theme.")
    value = float(apart.sum() / whole)
    if len(ties) < LEAST_GROUPS:
        return Estimate(value, little=f"No range: only {len(ties)} of at least {LEAST_GROUPS} groups.")
    times = _times(len(ties), SEED).astype(float)
    with threadpool_limits(1):
        tops, bottoms = ((times @ each * times).sum(axis=1) for each in (apart, ties))
    low, high = _range(tops[bottoms > 0] / bottoms[bottoms > 0], len(ties))
    return Estimate(value, max(low, 0.0), min(high, 1.0))


def shuffled(ties: Numbers, mix: Numbers) -> Shuffled:
    """`mixing` where each group keeps its people and its place is dealt out by chance, DRAWS times: what the same ties
    would give if departments had nothing to do with what is talked about (Krackhardt & Stern 1988)."""
    rng = np.random.default_rng(SEED)
    groups, departments = mix.shape
    seen = 1 - float((ties * (mix @ mix.T)).sum() / ties.sum())
    at_once = max(1, min(DRAWS, BLOCK // (groups * departments)))
    found: list[Numbers] = []
    with threadpool_limits(1):
        for start in range(0, DRAWS, at_once):
            many = min(at_once, DRAWS - start)
            dealt = mix[rng.permuted(np.tile(np.arange(groups), (many, 1)), axis=1)]
            tied = ties @ dealt.transpose(1, 0, 2).reshape(groups, -1)
            within = (tied.reshape(groups, many, departments).transpose(1, 0, 2) * dealt).sum(axis=(1, 2))
            found.append(1 - within / ties.sum())
    values = np.concatenate(found)
    low, high = np.quantile(values, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Shuffled(
        mean=float(values.mean()),
        low=float(low),
        high=float(high),
        as_low=float((values <= seen + 1e-9).mean()),
        as_high=float((values >= seen - 1e-9).mean()),
    )


def _times(groups: int, seed: int) -> npt.NDArray[np.int64]:
    """(DRAWS, groups): how often each group is drawn."""
    return np.random.default_rng(seed).multinomial(groups, np.full(groups, 1 / groups), size=DRAWS)


def _ratios(tops: Numbers, bottoms: Numbers, seed: int) -> Numbers:
    times = _times(len(bottoms), seed)
    return np.asarray(times @ tops / (times @ bottoms), float)


def _range(drawn: Numbers, groups: int) -> tuple[float, float]:
    tail = outer_tail(groups)
    low, high = np.quantile(drawn, (tail, 1 - tail))
    return float(low), float(high)


def outer_tail(groups: int, level: float = LEVEL) -> float:
    """The share of draws to leave out at either end, so that a range over so few groups holds the truth as often as
    `level` says: the normal tail at sqrt(n / (n - 1)) times Student's t."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    return NormalDist().cdf(-sqrt(groups / (groups - 1)) * student(z, groups - 1))


def student(z: float, freedom: int) -> float:
    """The quantile of Student's t that belongs to the normal quantile `z`, to 1 % from 4 degrees of freedom on
    (Cornish-Fisher expansion; Abramowitz & Stegun 26.7.5)."""
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )
