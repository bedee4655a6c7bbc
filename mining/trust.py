"""How far an analysis can be trusted: whether the same themes come out again when a tenth of the talk is left out, and
what the picture rests on. After clustering; pages say it in words, exports give the figures.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from mining.clustering.clusterer import Clusterer, Clustering, Labels, Units

Weights = npt.NDArray[np.float64]

RUNS = 4
LEFT_OUT = 0.1
MOST = 12_000
"""Units above which mining again would take too long; nothing is said about stability then."""
THIN = 180.0
"""Seconds of mined talk below which a room says little about its group."""
WEAK = 0.15
"""Share of a room's words in stretches that the recogniser doubted, from which its transcript is weak."""
STEADY, LOOSE = 0.85, 0.7
"""Agreement (adjusted Rand index) from which themes are steady, and below which they are shaky."""
FIRM, FRAIL = 0.75, 0.5
"""The same for one theme (Jaccard coefficient), after Hennig (2007)."""
SHIFTING, FLEETING = "borders shift", "may not come out again"
"""What is said of a theme below FIRM, and below FRAIL."""


@dataclass(frozen=True)
class Steadiness:
    """`whole`: mean adjusted Rand index against the runs on 90 % of the talk, 1 at most. `themes`: {label: mean best
    Jaccard coefficient, 0..1} (Hennig 2007, "Cluster-wise assessment of cluster stability"). Both count words."""

    whole: float | None = None
    themes: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Trust:
    """What is stored of a run. Shares are 0..1 of words; rooms are group ids."""

    runs: int
    without_theme: float
    thin: tuple[int, ...]
    weak: tuple[int, ...]

    def stored(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


@dataclass(frozen=True)
class RoomTalk:
    """Of one group: seconds of talk that was mined, words that were, and words that the recogniser doubted."""

    group: int
    seconds: float
    words: int
    doubted: int


def steadiness(engine: Clusterer, units: Units, found: Clustering, seed: int) -> Steadiness:
    """Clusters RUNS times, each time without another random tenth of the units, and compares."""
    if not 0 < len(units) <= MOST or not (found.labels >= 0).any():
        return Steadiness()
    draw = np.random.default_rng(seed)
    agreements: list[float] = []
    alike: dict[int, list[float]] = defaultdict(list)
    for _ in range(RUNS):
        kept = draw.random(len(units)) >= LEFT_OUT
        if not units.words[kept].any():
            continue
        again = engine.cluster(units.taken(kept), seed).labels
        themes, others, table = _table(found.labels[kept], again, units.words[kept].astype(np.float64))
        agreements.append(_adjusted_rand(table))
        for theme, value in _best_jaccards(themes, others, table).items():
            alike[theme].append(value)
    if not agreements:
        return Steadiness()
    per_theme = {theme: round(float(np.mean(values)), 4) for theme, values in sorted(alike.items())}
    return Steadiness(round(float(np.mean(agreements)), 4), per_theme)


def trust_of(rooms: Sequence[RoomTalk], words: int, without_theme: int, measured: bool) -> Trust:
    """`words` of all mined talk, of which `without_theme` stand in no theme."""
    return Trust(
        runs=RUNS if measured else 0,
        without_theme=round(without_theme / words, 4) if words else 0.0,
        thin=tuple(room.group for room in rooms if room.seconds < THIN),
        weak=tuple(room.group for room in rooms if room.doubted > WEAK * (room.words + room.doubted)),
    )


def verdict(stability: float) -> str:
    """What the agreement of a whole run says of its themes: to follow "the themes are"."""
    if stability >= STEADY:
        return "steady: much the same ones come out again"
    if stability >= LOOSE:
        return "fairly steady: the large ones come out again, borders between neighbouring ones shift"
    return "shaky: others come out each time, so take these as one possible reading"


def theme_verdict(stability: float | None) -> str | None:
    """In words what it means for one theme; None for a theme that is firm, or where nothing was measured."""
    if stability is None or stability >= FIRM:
        return None
    return SHIFTING if stability >= FRAIL else FLEETING


def _table(one: Labels, other: Labels, weights: Weights) -> tuple[list[int], list[int], Weights]:
    """The labels of both, and what weighs in each pair of them: (labels of `one`, labels of `other`)."""
    rows, row = np.unique(one, return_inverse=True)
    columns, column = np.unique(other, return_inverse=True)
    table = np.zeros((len(rows), len(columns)))
    np.add.at(table, (row, column), weights)
    return rows.tolist(), columns.tolist(), table


def _adjusted_rand(table: Weights) -> float:
    """Hubert & Arabie (1985), from a table of weights: as if every word were given a theme by itself. What has no
    theme counts as one more. 1 where no other agreement is possible, such as a single theme both times."""
    total = float(table.sum())
    if total < 2:
        return 1.0
    pairs, rows, columns = (float((x * (x - 1) / 2).sum()) for x in (table, table.sum(axis=1), table.sum(axis=0)))
    expected = rows * columns / (total * (total - 1) / 2)
    highest = (rows + columns) / 2
    return 1.0 if np.isclose(highest, expected) else (pairs - expected) / (highest - expected)


def _best_jaccards(themes: Sequence[int], others: Sequence[int], table: Weights) -> dict[int, float]:
    """{theme: highest Jaccard coefficient with any of `others`}. Nothing for a theme without words in the table."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    found = {}
    for i, theme in enumerate(themes):
        if theme < 0 or not rows[i]:
            continue
        either = rows[i] + columns - table[i]
        found[theme] = max(
            (float(table[i, j] / either[j]) for j, other in enumerate(others) if other >= 0), default=0.0
        )
    return found
