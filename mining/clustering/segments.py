"""Where the talk of a conversation changes its subject: segments, found together with the themes they belong to. Pure.

People stay with a subject for a while. So a unit of talk (some forty words) is given not simply to the theme it is
nearest to, but so that the whole conversation reads best when every change of theme costs something: the most likely
path through a hidden Markov model with equal costs for all changes (Viterbi 1967), which is change-point detection by
dynamic programming with the themes' centres as the means that a stretch may have.
"""

import numpy as np
import numpy.typing as npt

from mining.clustering.communities import Labels, Matrix, unit

CHANGE = 0.75
"""What a change of theme costs, in cosine times units of talk: to leave a theme and come back, a stretch of 200
words must be nearer to the other one by 0.3. Measured: 0.45 to 0.9 score alike, below that boundaries multiply."""
ROUNDS = 6
"""Rounds of centres and paths at most; most events settle in three."""
CELLS = 1 << 15
"""Units, padding included, whose paths are looked for at once: bounds memory to some 50 MB for 100 themes."""


def segments(labels: Labels, conversations: Labels) -> Labels:
    """Numbers from 0 of the stretches of one theme in one conversation, for each unit, in order."""
    if not len(labels):
        return labels.copy()
    changes = (labels[1:] != labels[:-1]) | (conversations[1:] != conversations[:-1])
    return np.concatenate([[0], np.cumsum(changes)]).astype(np.int64)


def settle(
    vectors: Matrix,
    weights: Matrix,
    conversations: Labels,
    labels: Labels,
    *,
    change: float = CHANGE,
    rounds: int = ROUNDS,
) -> Labels:
    """Themes of n units of talk once centres and boundaries agree, from a first guess `labels` (n,), all 0 or above.

    `vectors` (n, d) of length 1; `weights` (n,) are the units' words as multiples of a usual unit. Conversations stand
    together, in order of time. A theme that no unit wants any more is gone; labels keep their numbers.
    """
    frame = _Frame(conversations)
    for _ in range(rounds):
        themes, own = np.unique(labels, return_inverse=True)
        centres = centres_of(vectors, weights, own, len(themes))
        paths = frame.best_paths((vectors @ centres.T) * weights[:, None], change)
        settled = themes[paths]
        if np.array_equal(settled, labels):
            break
        labels = settled
    return labels


def centres_of(vectors: Matrix, weights: Matrix, own: Labels, count: int) -> Matrix:
    """(count, d) mean directions of the units of each number 0..count-1, of length 1 or 0."""
    return unit(sums_of(vectors, weights, own, count))


def sums_of(vectors: Matrix, weights: Matrix, own: Labels, count: int | None = None) -> Matrix:
    """(count, d) weighted sums of the rows of each number below `count` in `own` (n,); None: below the highest + 1."""
    import scipy.sparse as sp

    shape = (int(own.max()) + 1 if count is None else count, len(own))
    sums: Matrix = sp.csr_matrix((weights, (own, np.arange(len(own)))), shape=shape) @ vectors
    return sums


class _Frame:
    """Conversations side by side, those of like length together, so that many paths are found in one pass."""

    def __init__(self, conversations: Labels) -> None:
        self._n = len(conversations)
        starts = np.flatnonzero(np.append(True, conversations[1:] != conversations[:-1])[: self._n])
        lengths = np.diff(np.append(starts, self._n))
        self._batches: list[tuple[Labels, Labels]] = []
        order, first = np.argsort(lengths, kind="stable"), 0
        while first < len(order):
            last = first + 1
            while last < len(order) and lengths[order[last]] * (last + 1 - first) <= CELLS:
                last += 1
            own = order[first:last]
            self._batches.append((starts[own], lengths[own]))
            first = last

    def best_paths(self, gains: Matrix, change: float) -> Labels:
        """(n,) column of each unit on the path of the highest sum of `gains` (n, k) less `change` per change."""
        paths = np.empty(self._n, np.int64)
        for starts, lengths in self._batches:
            rows = starts[None, :] + np.arange(int(lengths.max()))[:, None]
            inside = np.arange(len(rows))[:, None] < lengths
            found = _paths(gains, np.minimum(rows, self._n - 1), inside, change)
            paths[rows[inside]] = found[inside]
        return paths


def _paths(gains: Matrix, rows: Labels, inside: npt.NDArray[np.bool_], change: float) -> Labels:
    """(steps, rooms) columns for units `rows`; where not `inside`, a room has ended and its path stays as it is."""
    steps, rooms = rows.shape
    k = gains.shape[1]
    came = np.empty((steps, rooms, k), np.int32)
    score, stay, each = gains[rows[0]], np.arange(k, dtype=np.int32), np.arange(rooms)
    for step in range(1, steps):
        best = score.argmax(axis=1)
        switch = (score[each, best] - change)[:, None]
        on = inside[step][:, None]
        came[step] = np.where(on & (score < switch), best[:, None], stay)
        score = np.where(on, np.maximum(score, switch) + gains[rows[step]], score)
    path = np.empty((steps, rooms), np.int64)
    path[-1] = score.argmax(axis=1)
    for step in range(steps - 1, 0, -1):
        path[step - 1] = came[step, each, path[step]]
    return path
