"""How each group speaks of a theme, as against the others: its own words, the passage that is most its own, who is
silent, and the passage on which all come closest to each other.

Pure, after the themes are found: what `themes` describes and pages show. Groups that do not raise a theme have no
perspective on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from mining.describing.bertopic_keywords import Term, distinct, terms_of
from mining.describing.contrast import contrasts
from mining.embedding.embedder import Vectors

KEYWORDS = 6
QUOTES = 3
QUOTABLE = 25
"""Words a quote should have."""
FEW, SHORT = 3, 90.0
"""Fewer passages, or less talk (seconds), are a sample too small to speak of a group's view."""
FLOOR = 0.75
"""Share of its theme's median strength from which a passage is surely about the theme."""
TYPICAL = 2.0
"""Passages of the theme's average that are added to each group's own before its centre is told, so that one passage
does not pass for a group's whole way of speaking."""
APART = 0.1
"""Cosine by which a passage must be closer to its group than to the others to be called distinctive. Measured: with a
theme's passages dealt out by chance one group in ten has such a passage, in real talk half to two thirds."""
SAYING = 0.15
"""What holding all of the group's own phrases is worth beside that cosine."""


class Said(Protocol):
    """One passage: whose it is, how long (seconds), how many words, and its text as it was embedded."""

    @property
    def group(self) -> int: ...
    @property
    def seconds(self) -> float: ...
    @property
    def words(self) -> int: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Perspective:
    """`keywords` are what only this group says; where nothing stands out there are none.

    `quotes` are indices of passages, most central first. `distinctive` is the passage that is most this group's own;
    None where the group has none that differs, or too little talk to tell. `seconds` of talk on the theme; `thin` where
    they are too little for a view.
    """

    group: int
    keywords: tuple[str, ...]
    quotes: tuple[int, ...]
    distinctive: int | None = None
    seconds: float = 0.0
    passages: int = 0
    thin: bool = False


@dataclass(frozen=True)
class ThemeViews:
    """`views` has one perspective per group of the theme, most talk first; `silent` the groups that have none.

    `shared` is the passage that comes closest to all groups' ways of saying it; None in a theme of one group.
    """

    views: tuple[Perspective, ...]
    shared: int | None = None
    silent: tuple[int, ...] = ()


def is_thin(passages: int, seconds: float) -> bool:
    """Whether so much talk of one group is an example rather than the group's view."""
    return passages < FEW or seconds < SHORT


def perspectives_of(
    talk: Sequence[Said],
    vectors: Vectors,
    numbers: Sequence[int],
    order: Mapping[int, Sequence[int]],
    terms: Sequence[Sequence[str]] | None = None,
) -> dict[int, ThemeViews]:
    """{theme: how its groups speak of it}, for every theme in `order`.

    `vectors` has shape (n, d), rows of length 1; `numbers` gives each passage's theme, 0 for none; `order` the passages
    of each theme from the most central on. `terms` are those of each passage (`terms_of`), where they are known.
    """
    groups = [each.group for each in talk]
    said = [terms_of(each.text) for each in talk] if terms is None else terms
    own = contrasts(said, numbers, groups)
    heard = sorted(set(groups))
    found = {}
    for theme, members in order.items():
        phrases = {group: own.get((theme, group), []) for group in {groups[i] for i in members}}
        found[theme] = _Theme(talk, vectors, said, list(members), phrases).views(heard)
    return found


@dataclass
class _Theme:
    """One theme at work. `order` are its passages, most central first; everything else follows that order."""

    talk: Sequence[Said]
    vectors: Vectors
    said: Sequence[Sequence[str]]
    order: list[int]
    phrases: Mapping[int, Sequence[Term]]
    groups: list[int] = field(init=False)
    row: npt.NDArray[np.int64] = field(init=False)
    """Which of `groups` each passage is of."""

    def __post_init__(self) -> None:
        self.groups = sorted(self.phrases)
        at = {group: place for place, group in enumerate(self.groups)}
        self.row = np.array([at[self.talk[i].group] for i in self.order], np.int64)

    def views(self, heard: Sequence[int]) -> ThemeViews:
        chosen: dict[int, int] = {}
        shared = None
        if len(self.groups) > 1:
            chosen, shared = self._choose()
        seconds = dict.fromkeys(self.groups, 0.0)
        own: dict[int, list[int]] = {group: [] for group in self.groups}
        for i in self.order:
            seconds[self.talk[i].group] += self.talk[i].seconds
            own[self.talk[i].group].append(i)
        views = tuple(
            Perspective(
                group=group,
                keywords=tuple(distinct(self.phrases[group], KEYWORDS)),
                quotes=tuple(own[group][:QUOTES]),
                distinctive=chosen.get(group),
                seconds=round(seconds[group], 3),
                passages=len(own[group]),
                thin=is_thin(len(own[group]), seconds[group]),
            )
            for group in sorted(self.groups, key=lambda group: (-seconds[group], group))
        )
        return ThemeViews(views, shared, tuple(group for group in heard if group not in own))

    def _choose(self) -> tuple[dict[int, int], int | None]:
        """{group: its distinctive passage} and the shared one."""
        vectors = self.vectors[self.order].astype(np.float64)
        total = vectors.sum(axis=0)
        typical = TYPICAL * _unit(total)
        sums = np.zeros((len(self.groups), vectors.shape[1]))
        np.add.at(sums, self.row, vectors)
        # A passage is never compared with itself: of a group of two or three it would be half the centre.
        own = (vectors * _unit(sums[self.row] - vectors + typical)).sum(axis=1)
        others = (vectors * _unit(total - sums[self.row] + typical)).sum(axis=1)
        closeness = vectors @ _unit(sums + typical).T
        closeness[np.arange(len(vectors)), self.row] = own
        strengths = vectors @ _unit(total)
        fits = strengths >= FLOOR * np.median(strengths)
        fits &= np.array([self.talk[i].words >= QUOTABLE for i in self.order])
        common = np.round(np.where(fits, closeness.min(axis=1), -2.0), 6)
        shared = self.order[int(common.argmax())] if fits.any() else None
        return self._distinctive(own - others, fits), shared

    def _distinctive(self, apart: npt.NDArray[np.float64], fits: npt.NDArray[np.bool_]) -> dict[int, int]:
        """Best by meaning and own phrases together; one that has neither is none. `apart`, `fits` have shape (n,)."""
        weights = {group: {term.text: term.weight for term in self.phrases[group]} for group in self.groups}
        best: dict[int, tuple[float, int]] = {}
        for place, i in enumerate(self.order):
            group = self.talk[i].group
            mine = weights[group]
            held = sum(mine[term] for term in mine.keys() & set(self.said[i])) / max(sum(mine.values()), 1e-9)
            score = round(float(apart[place]) + SAYING * held, 6)
            differs = held > 0 or apart[place] >= APART
            if fits[place] and differs and (group not in best or score > best[group][0]):
                best[group] = score, i
        return {group: i for group, (_, i) in best.items()}


def _unit(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9))
