"""From clusters of passages to themes: rank, label, key words, shares of talk, quotes, neighbours, place on the map.

Pure: texts, times and vectors in, values out. A theme's centre is the mean vector of its passages; how central a
passage is, its cosine to that centre.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mining.bertopic_keywords import class_terms, distinct
from mining.embedder import Vectors
from mining.labels import Embed, name_themes
from mining.perspectives import Perspective, perspectives

KEYWORDS = 10
TERMS = 200
"""Terms of a theme that labels are judged by."""
QUOTES = (3, 5)
"""At least, at most: the best passage of each of five groups, filled up where fewer groups raise the theme."""
QUOTABLE = 25
"""Words a quote should have; shorter ones come last."""
NEIGHBOURS = 3
CLOSEST = 0.08
"""Distance themes keep on the map, on its scale of -1..1."""


@dataclass(frozen=True)
class Talk:
    """One passage as themes see it: whose, how long (seconds), how many words, and its text as it was embedded."""

    group: int
    seconds: float
    words: int
    text: str


@dataclass(frozen=True)
class FoundTheme:
    """As `mining.models.Theme`, with indices of passages (from 0) in `members`, `quotes` and perspectives."""

    number: int
    label: str
    keywords: tuple[str, ...]
    members: tuple[int, ...]
    breadth: int
    depth: float
    by_group: dict[int, float]
    quotes: tuple[int, ...]
    perspectives: tuple[Perspective, ...]
    neighbours: tuple[int, ...]
    x: float
    y: float


@dataclass(frozen=True)
class Described:
    """`strengths` has shape (n,): cosine of each passage to its theme's centre, cut at 0; 0 where it has none."""

    themes: tuple[FoundTheme, ...]
    strengths: npt.NDArray[np.float64]


def describe(talk: Sequence[Talk], vectors: Vectors, labels: Sequence[int], embed: Embed) -> Described:
    """Themes of the clusters `labels` (-1: none) over `vectors` (n, d). `embed` gives vectors for possible labels."""
    numbers = _ranked(talk, labels)
    members = {
        t: tuple(i for i, number in enumerate(numbers) if number == t) for t in range(1, max(numbers, default=0) + 1)
    }
    if not members:
        return Described((), np.zeros(len(talk)))
    centres = {theme: _unit(vectors[list(its)].mean(axis=0)) for theme, its in members.items()}
    strengths = np.array([max(0.0, float(vectors[i] @ centres[t])) if t else 0.0 for i, t in enumerate(numbers)])
    terms = {t: found for t, found in class_terms([each.text for each in talk], numbers, TERMS).items() if t > 0}
    names = name_themes([each.text for each in talk], numbers, [each.group for each in talk], terms, centres, embed)
    stacked = np.vstack([centres[theme] for theme in members])
    places = _map(stacked)
    seconds = _seconds(talk, range(len(talk)))
    themes = []
    for theme, its in members.items():
        own = _seconds(talk, its)
        order = _central(talk, strengths, its)
        themes.append(
            FoundTheme(
                number=theme,
                label=names[theme],
                keywords=tuple(distinct(terms[theme], KEYWORDS)),
                members=its,
                breadth=len(own),
                depth=sum(own.values()) / max(sum(seconds.values()), 1e-9),
                by_group={group: share / max(seconds[group], 1e-9) for group, share in own.items()},
                quotes=_quotes(talk, order),
                perspectives=perspectives([(talk[i].group, talk[i].text) for i in its], its, order, own),
                neighbours=_neighbours(stacked, theme - 1),
                x=places[theme - 1][0],
                y=places[theme - 1][1],
            )
        )
    return Described(tuple(themes), strengths)


def _ranked(talk: Sequence[Talk], labels: Sequence[int]) -> list[int]:
    """Each passage's theme number: 1 for the theme that most groups raise, then by talk time; 0 for none."""

    def rank(label: int) -> tuple[int, float, int]:
        own = _seconds(talk, [i for i, its in enumerate(labels) if its == label])
        return -len(own), -round(sum(own.values()), 6), list(labels).index(label)

    order = sorted({label for label in labels if label >= 0}, key=rank)
    number = {label: place for place, label in enumerate(order, 1)}
    return [number.get(label, 0) for label in labels]


def _seconds(talk: Sequence[Talk], members: Sequence[int] | range) -> dict[int, float]:
    """{group: seconds of talk} of the given passages."""
    found: dict[int, float] = {}
    for i in members:
        found[talk[i].group] = found.get(talk[i].group, 0.0) + talk[i].seconds
    return found


def _central(talk: Sequence[Talk], strengths: npt.NDArray[np.float64], members: Sequence[int]) -> list[int]:
    """Members from the one that stands best for the theme on; those too short to be quoted last."""
    return sorted(members, key=lambda i: (talk[i].words < QUOTABLE, -round(float(strengths[i]), 6), i))


def _quotes(talk: Sequence[Talk], order: Sequence[int]) -> tuple[int, ...]:
    """The most central passages: one of each group first. No text twice."""
    least, most = QUOTES
    chosen: list[int] = []
    said: set[str] = set()
    for anew in (False, True):
        groups = {talk[i].group for i in chosen}
        for i in order:
            full = len(chosen) >= (least if anew else most)
            if full or i in chosen or talk[i].text in said or (not anew and talk[i].group in groups):
                continue
            chosen.append(i)
            said.add(talk[i].text)
            groups.add(talk[i].group)
    return tuple(chosen)


def _neighbours(centres: Vectors, own: int) -> tuple[int, ...]:
    """Numbers of the themes whose centres are nearest, nearest first."""
    cosines = np.round(centres @ centres[own], 6)
    return tuple(int(i) + 1 for i in np.argsort(-cosines, kind="stable") if i != own)[:NEIGHBOURS]


def _map(centres: Vectors) -> list[tuple[float, float]]:
    """Places in -1..1: the plane that keeps most of the distances between centres (classical scaling)."""
    n = len(centres)
    points = np.zeros((n, 2))
    centred = centres.astype(np.float64) - centres.mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    for axis in range(min(2, len(sizes))):
        column = left[:, axis] * sizes[axis]
        # The sign of an axis means nothing; fixed, the same themes are always drawn the same way round.
        points[:, axis] = column * (np.sign(column[np.argmax(np.abs(column))]) or 1.0)
    points /= max(float(np.abs(points).max()), 1e-9)
    return [(round(float(x), 4), round(float(y), 4)) for x, y in _apart(points)]


def _apart(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Pushes points that lie closer than CLOSEST away from each other, a hundred times at most."""
    n = len(points)
    # A minute spiral gives points that coincide a direction to part in.
    turn = np.arange(n) * 2.4
    points = np.clip(points + 1e-3 * np.column_stack([np.cos(turn), np.sin(turn)]), -1, 1) if n > 1 else points
    for _ in range(100):
        way = points[:, None, :] - points[None, :, :]
        distance = np.linalg.norm(way, axis=2) + np.eye(n)
        push = np.clip(CLOSEST * 1.05 - distance, 0, None)
        if not push.any():
            break
        points = np.clip(points + (way / distance[:, :, None] * push[:, :, None] / 2).sum(axis=1), -1, 1)
    return points


def _unit(vector: Vectors) -> Vectors:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)
