"""First grouping of passages, by whom they stand near: communities of a graph of alike passages. Pure.

A passage borrows from its neighbours in the same conversation as far as they speak alike; each is joined to its
nearest ones across all groups, weighted by how many neighbours two passages share (Jarvis & Patrick 1973); Louvain
(Blondel et al. 2008, as in scikit-network) finds the communities. Nothing is thrown away as noise.

Why not Leiden: scikit-network's draws from the C library's `rand()`, which no seed reaches, so that a worker found
other themes each time it mined. The best of ten Louvain runs scores the same (measured: ARI within 0.002).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.floating[Any]]
"""Rows of float64, or of float32 in events so large that halving time and memory counts."""
Labels = npt.NDArray[np.int64]

RADIUS = 2
"""Passages before and after that a passage borrows from."""
BORROW = 2.0
"""Weight of a neighbour that says the same; none for one that is no more alike than two passages at random."""
LEXICAL = 0.5
"""Weight of the words themselves (LSA) beside the meaning: names and terms that the embedder does not know."""
NEAREST = 15
RUNS = 10
"""Runs of which the one with the best modularity is kept: the same themes from seed to seed."""
BLOCK = 1024
"""Rows of the similarity matrix held at once, as long as it has no more than CELLS cells."""
CELLS = 1 << 24
EDGES = 1 << 14
"""Edges whose neighbourhoods are compared at once."""
LONG = 64
"""Columns per nearest one from which on most columns are ruled out before the nearest are looked for."""
LEFT = 16
"""Columns per nearest one that may be left then; more are left where many rows are equal."""


def conversational(vectors: Matrix, words: Matrix | None, conversations: Labels) -> Matrix:
    """(n, d) meaning and (n, w) latent words, or None -> (n, d + w): what is said, in its context."""
    n = len(vectors)
    # Mean cosine of two different passages: rows have length 1, so the sum of all pairs is the squared sum's length.
    total = vectors.sum(axis=0, dtype=np.float64)
    chance = min(float(total @ total - n) / max(n * (n - 1), 1), 0.999)

    def beyond_chance(cosine: Matrix) -> Matrix:
        beyond: Matrix = BORROW * np.clip((cosine - chance) / (1 - chance), 0, None)
        return beyond

    dense = _smooth(vectors, conversations, RADIUS, beyond_chance)
    if words is None:
        return dense
    lexical = _smooth(words, conversations, 1, lambda cosine: np.full_like(cosine, 0.5))
    return unit(np.hstack([dense, LEXICAL * lexical]))


def neighbour_graph(x: Matrix) -> Any:
    """Sparse (n, n), symmetric: an edge to each of the nearest, of weight cosine times Jaccard of neighbourhoods."""
    import scipy.sparse as sp

    n = len(x)
    k = min(NEAREST, max(4, n // 4), n - 1)
    if k < 1:
        return sp.csr_matrix((n, n))
    columns, cosines = nearest(x, k)
    rows = np.repeat(np.arange(n), k)
    likeness = np.clip(cosines.ravel().astype(np.float64), 1e-3, None)
    similarity = sp.csr_matrix((likeness, (rows, columns.ravel())), shape=(n, n))
    similarity = similarity.maximum(similarity.T).tocoo()
    shared = _shared(columns, similarity.row, similarity.col)
    jaccard = shared / (2 * (k + 1) - shared)
    # Two passages may be near without sharing a neighbour; a trace of an edge keeps the graph connected there.
    weights = np.round(similarity.data * jaccard + 1e-6, 9)  # the last bits differ with the number of threads
    return sp.csr_matrix((weights, (similarity.row, similarity.col)), shape=(n, n))


def _shared(columns: Labels, rows: Labels, others: Labels) -> Matrix:
    """How many neighbours each of `rows` shares with each of `others`; everybody is a neighbour of itself.

    Counted edge by edge: a product of the whole graph with itself grows with the square of its most popular passages.
    """
    near = np.hstack([columns, np.arange(len(columns))[:, None]]).astype(np.int32)
    shared = np.empty(len(rows))
    for start in range(0, len(rows), EDGES):
        block = slice(start, start + EDGES)
        shared[block] = (near[rows[block], :, None] == near[others[block], None, :]).sum(axis=(1, 2))
    return shared


def nearest(x: Matrix, k: int) -> tuple[Labels, Matrix]:
    """Of each row of x (n, d) the k others of highest cosine, in no order: their indices and cosines, (n, k) each."""
    n = len(x)
    block = min(BLOCK, max(1, CELLS // max(n, 1)))
    columns, cosines = np.empty((n, k), np.int64), np.empty((n, k), x.dtype)
    for start in range(0, n, block):
        similar = x[start : start + block] @ x.T
        own = np.arange(len(similar))
        similar[own, own + start] = -np.inf
        found = _highest(similar, k)
        columns[start : start + block] = found
        cosines[start : start + block] = np.take_along_axis(similar, found, axis=1)
    return columns, cosines


def _highest(similar: Matrix, k: int) -> Labels:
    """(rows, k) columns of the highest values of each row, in no order.

    Where rows are long, most columns are ruled out first: k columns reach the k-th highest of the maxima of groups of
    columns, so none below it is among the highest. Five times as fast as partitioning whole rows.
    """
    rows, n = similar.shape
    width = n // (LONG * k)
    if width > 1:
        groups = n // width
        highest = similar[:, : width * groups].reshape(rows, width, groups).max(axis=1)
        least = np.partition(highest, groups - k, axis=1)[:, groups - k]
        row, column = np.divmod(np.flatnonzero(similar >= least[:, None]), n)
        if len(row) < LEFT * k * rows:
            order = np.lexsort((column, -similar[row, column], row))
            first = np.searchsorted(row, np.arange(rows))
            return np.asarray(column[order][first[:, None] + np.arange(k)], np.int64)
    return np.argpartition(-similar, k - 1, axis=1)[:, :k]


def communities(graph: Any, resolution: float, seed: int) -> Labels:
    """The best of RUNS partitions by modularity, the earliest of equals."""
    from sknetwork.clustering import Louvain, get_modularity

    best, height = np.zeros(graph.shape[0], np.int64), -np.inf
    if not graph.nnz:
        return best
    for run in range(RUNS):
        louvain = Louvain(
            resolution=resolution,
            random_state=(seed * RUNS + run) % 2**32,
            shuffle_nodes=True,
            return_probs=False,
            return_aggregate=False,
        )
        labels = louvain.fit_predict(graph)
        found = float(get_modularity(graph, labels, resolution=resolution))
        if found > height + 1e-9:
            best, height = np.asarray(labels, np.int64), found
    return best


def unit(x: Matrix) -> Matrix:
    """Rows of length 1; rows of zeros stay."""
    rows: Matrix = x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12)
    return rows


def _smooth(x: Matrix, conversations: Labels, radius: int, weight: Callable[[Matrix], Matrix]) -> Matrix:
    """Adds to each row its neighbours of the same conversation, times weight(cosine)."""
    smoothed = x.copy()
    for distance in range(1, min(radius, len(x) - 1) + 1):
        here, there = x[:-distance], x[distance:]
        share = weight(np.einsum("ij,ij->i", here, there)) * (conversations[:-distance] == conversations[distance:])
        smoothed[:-distance] += share[:, None] * there
        smoothed[distance:] += share[:, None] * here
    return unit(smoothed)
