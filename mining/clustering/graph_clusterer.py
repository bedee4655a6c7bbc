"""Adapter: themes of conversation. Made for talk, where people stay with a subject for a while.

Segmentation and themes inform each other. Passages of some 85 words are grouped by whom they stand near in a graph
(communities.py); each conversation is then read as a path through those groups, in which every change costs something
(segments.py); the stretches between changes are long enough to be compared as a whole and are merged to themes
(grains.py); with those the boundaries are looked for once more. Nothing is thrown away as noise.
"""

from itertools import pairwise
from typing import Any

import numpy as np

from mining.clustering.clusterer import Clustering, Units, empty
from mining.clustering.communities import LEXICAL, Labels, Matrix, communities, conversational, neighbour_graph, unit
from mining.clustering.grains import HEIGHT, merged, stretch_features, theme_height
from mining.clustering.latent_words import LatentWords
from mining.clustering.segments import CHANGE, ROUNDS, centres_of, segments, settle, sums_of
from mining.passages import UNIT, WORDS

RESOLUTION = 2.5
"""Of the first grouping: rather too fine. Two subjects in one group hide the change between them."""
FIRST_ROUNDS, LOOPS = 3, 2
LEAST_UNITS = 3
"""Units a theme must have: about a minute of talk."""
LEAST_PASSAGES = 3
"""Passages among which groups are looked for."""
EXACT = 2500
"""Units up to which numbers have double precision. More take half the time and memory in single precision."""
LONG = 4.0
"""A conversation so many times as long as most others is grouped by itself first, and counts as no longer than that in
the middle of all talk. Measured by adding six hours to small events: themes of the small rooms stay as they were to
0.79 (ARI), without it 0.69."""
MOST, SHORT = 0.75, 400
"""Share of conversations that are "most others"; words below which one is a fragment and not asked."""
FACET_HEIGHT, FACET_UNITS = 0.8, 5
"""Where a theme falls into parts, as a share of the height that tells themes apart; units such a part must have."""


class GraphClusterer:
    """A `Clusterer`. Its parameters were chosen on simulated events, and held on real ones."""

    name = "graph"

    def cluster(self, units: Units, seed: int) -> Clustering:
        # Only what is loaded by then is limited, so everything that brings threads of its own comes first.
        import scipy.linalg  # noqa: F401
        import sknetwork.clustering  # noqa: F401
        from threadpoolctl import threadpool_limits

        if len(units) < LEAST_UNITS:
            return Clustering(empty(len(units)))
        # These matrices are small: on a busy machine BLAS threads waiting for each other took 4.5 s for 0.05 s of work.
        with threadpool_limits(1):
            return _Search(units, seed).clustering()


class _Search:
    """One event's units on their way to themes: what every step needs, computed once."""

    def __init__(self, units: Units, seed: int) -> None:
        self.units, self.seed = units, seed
        precision = np.float64 if len(units) <= EXACT else np.float32
        self.vectors: Matrix = units.vectors.astype(precision)
        self.weights: Matrix = (units.words / UNIT).astype(precision)
        self.words = LatentWords(units.texts, precision)
        self.fair = fair_shares(units.conversations, units.words)
        middle = np.average(self.vectors, axis=0, weights=self.weights * self.fair)
        self.centred = self.vectors - middle.astype(precision)
        self._compared: tuple[Labels, Matrix] = empty(0), self.vectors[:0]

    def clustering(self) -> Clustering:
        labels = self._settled(self._communities(), FIRST_ROUNDS)
        for _ in range(LOOPS):
            stretches = self._stretches(labels)
            features = self._features(stretches)
            labels = self._settled(merged(features, theme_height(len(features)))[stretches])
        labels = self._without_tiny(np.unique(labels, return_inverse=True)[1])
        return Clustering(labels, _parameters(), facets=self._facets(labels))

    def _communities(self) -> Labels:
        passages = pooled(self.units.conversations, self.units.words)
        first = np.unique(passages, return_index=True)[1]
        vectors = unit(sums_of(self.vectors, self.weights, passages))
        words, conversations = self.words.of(passages), self.units.conversations[first]
        # 0: all conversations of usual length together; the others one by one.
        apart = np.unique(np.where(self.fair[first] < 1, conversations + 1, 0), return_inverse=True)[1]
        found, done = np.zeros(len(first), np.int64), 0
        for pool in range(int(apart.max()) + 1):
            own = apart == pool
            if own.sum() >= LEAST_PASSAGES:
                rows = conversational(vectors[own], None if words is None else words[own], conversations[own])
                found[own] = communities(neighbour_graph(rows), RESOLUTION, self.seed)
            found[own] += done
            done = int(found.max()) + 1
        return found[passages]

    def _settled(self, labels: Labels, rounds: int = ROUNDS) -> Labels:
        return settle(self.vectors, self.weights, self.units.conversations, labels, rounds=rounds)

    def _stretches(self, labels: Labels) -> Labels:
        return segments(labels, self.units.conversations)

    def _features(self, stretches: Labels) -> Matrix:
        known, features = self._compared
        if not np.array_equal(known, stretches):
            words = self.words.of(stretches)
            features = stretch_features(sums_of(self.centred, self.weights, stretches), words, LEXICAL)
            self._compared = stretches, features
        return features

    def _without_tiny(self, labels: Labels) -> Labels:
        """Themes of fewer than LEAST_UNITS units join the nearest other one."""
        sizes = np.bincount(labels)
        large = np.flatnonzero(sizes >= LEAST_UNITS)
        if len(large) in (0, len(sizes)):
            return labels
        centres = centres_of(self.vectors, self.weights, labels, len(sizes))
        return _joined(labels, centres, large)

    def _facets(self, labels: Labels) -> Labels:
        """(n,) parts of each theme from 1, by merging its stretches less far; 0 where it is of one piece."""
        stretches = self._stretches(labels)
        features, facets = self._features(stretches), np.zeros(len(labels), np.int64)
        height = theme_height(len(features)) * FACET_HEIGHT
        for theme in range(int(labels.max()) + 1):
            rows = np.flatnonzero(labels == theme)
            own, place = np.unique(stretches[rows], return_inverse=True)
            parts = _large_parts(features[own], merged(features[own], height), np.bincount(place))
            if parts.max() > 0:
                facets[rows] = parts[place] + 1
        return facets


def fair_shares(conversations: Labels, words: Labels) -> Matrix:
    """(n,) what each unit counts: 1, less in a conversation that is more than LONG times as long as most others."""
    place = np.unique(conversations, return_inverse=True)[1]
    lengths = np.bincount(place, words)
    asked = lengths[lengths >= SHORT]
    if not len(asked):
        return np.ones(len(words))
    usual = np.quantile(asked, MOST, method="lower")
    return np.minimum(1.0, LONG * usual / np.maximum(lengths, 1))[place]


def pooled(conversations: Labels, words: Labels, wanted: int = WORDS) -> Labels:
    """Numbers from 0 of equal passages of about `wanted` words, for each unit: what is known before any theme is."""
    numbers = np.empty(len(words), np.int64)
    done = 0
    starts = np.flatnonzero(np.append(True, conversations[1:] != conversations[:-1])[: len(words)])
    for first, end in pairwise([*starts.tolist(), len(words)]):
        own = words[first:end]
        whole = int(own.sum())
        count = max(1, round(whole / wanted))
        middle = np.cumsum(own) - own / 2
        place = np.minimum((middle / max(whole, 1) * count).astype(np.int64), count - 1)
        numbers[first:end] = np.unique(place, return_inverse=True)[1] + done
        done = int(numbers[end - 1]) + 1
    return numbers


def _large_parts(features: Matrix, parts: Labels, sizes: Labels) -> Labels:
    """`parts` of stretches with `sizes` in units, those that are too small put to the nearest; numbers from 0."""
    units = np.bincount(parts, sizes)
    large = np.flatnonzero(units >= FACET_UNITS)
    if len(large) < 2:
        return np.zeros(len(parts), np.int64)
    centres = centres_of(features, sizes.astype(np.float64), parts, len(units))
    return _joined(parts, centres, large)


def _joined(labels: Labels, centres: Matrix, large: Labels) -> Labels:
    """`labels` with every group that is not among the `large` ones put to the nearest of those; numbers from 0."""
    nearest = large[(centres @ centres[large].T).argmax(axis=1)]
    nearest[large] = large
    return np.unique(nearest[labels], return_inverse=True)[1].astype(np.int64)


def _parameters() -> dict[str, Any]:
    return {"unit": UNIT, "resolution": RESOLUTION, "change": CHANGE, "height": HEIGHT, "lexical": LEXICAL}
