"""Adapter: communities of a graph of alike passages. Made for conversation, where a subject lasts for a while.

A passage borrows from its neighbours in the same conversation as far as they speak alike; each is joined to its
nearest ones across all groups, weighted by how many neighbours two passages share (Jarvis & Patrick 1973); Louvain
(Blondel et al. 2008, as in scikit-network) finds the communities. Nothing is thrown away as noise.

Why not Leiden: scikit-network's draws from the C library's `rand()`, which no seed reaches, so that a worker found
other themes each time it mined. The best of ten Louvain runs scores the same (measured: ARI within 0.002).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from mining.clusterer import Clustering, Labels, empty
from mining.embedder import Vectors
from mining.words import content_words

RADIUS = 2
"""Passages before and after that a passage borrows from."""
BORROW = 2.0
"""Weight of a neighbour that says the same; none for one that is no more alike than two passages at random."""
LEXICAL = 0.5
"""Weight of the words themselves (LSA) beside the meaning: names and terms that the embedder does not know."""
LSA_DIMENSIONS = 100
COMMON = 0.3
"""Words in more than this share of the passages tell none of them apart."""
NEAREST = 15
FEW, MANY = 60, 5000
"""Below FEW passages communities are kept coarse and may have two members; above MANY, resolution is raised."""
RUNS = 10
"""Runs of which the one with the best modularity is kept: the same themes from seed to seed."""
BLOCK = 1024
"""Rows of the similarity matrix held at once."""

Matrix = npt.NDArray[np.float64]


class GraphClusterer:
    """A `Clusterer`. Parameters follow from the number of passages; they held on events they were not chosen on."""

    name = "graph"

    def cluster(self, vectors: Vectors, texts: Sequence[str], groups: Sequence[int], seed: int) -> Clustering:
        from threadpoolctl import threadpool_limits

        n = len(texts)
        if n < 3:
            return Clustering(empty(n), {})
        k = min(NEAREST, max(4, n // 4), n - 1)
        resolution = 1.0 if n < FEW else 1.6 if n <= MANY else 3.0
        smallest = 2 if n < FEW else 3
        # These matrices are small: on a busy machine BLAS threads waiting for each other took 4.5 s for 0.05 s of work.
        with threadpool_limits(1):
            rows = conversational(vectors.astype(np.float64), texts, np.asarray(groups))
            labels, modularity = _communities(_graph(rows, k), resolution, seed)
        parameters: dict[str, Any] = {"k": k, "resolution": resolution, "smallest": smallest, "radius": RADIUS}
        parameters |= {"borrow": BORROW, "lexical": LEXICAL, "modularity": round(modularity, 4)}
        return Clustering(_merge_small(rows, labels, smallest), parameters)


def conversational(vectors: Matrix, texts: Sequence[str], groups: npt.NDArray[Any]) -> Matrix:
    """(n, d) meaning -> (n, d + up to LSA_DIMENSIONS): what is said, by meaning and by words, in its context."""
    n = len(vectors)
    # Mean cosine of two different passages: rows have length 1, so the sum of all pairs is the squared sum's length.
    total = vectors.sum(axis=0)
    chance = min(float(total @ total - n) / (n * (n - 1)), 0.999)

    def beyond_chance(cosine: Matrix) -> Matrix:
        return BORROW * np.clip((cosine - chance) / (1 - chance), 0, None)

    dense = _smooth(vectors, groups, RADIUS, beyond_chance)
    words = _latent_words(texts)
    if words is None:
        return dense
    return _unit(np.hstack([dense, LEXICAL * _smooth(words, groups, 1, lambda cosine: np.full_like(cosine, 0.5))]))


def _smooth(x: Matrix, groups: npt.NDArray[Any], radius: int, weight: Callable[[Matrix], Matrix]) -> Matrix:
    """Adds to each row its neighbours of the same conversation, times weight(cosine)."""
    smoothed = x.copy()
    for distance in range(1, min(radius, len(x) - 1) + 1):
        here, there = x[:-distance], x[distance:]
        share = weight(np.einsum("ij,ij->i", here, there)) * (groups[:-distance] == groups[distance:])
        smoothed[:-distance] += share[:, None] * there
        smoothed[distance:] += share[:, None] * here
    return _unit(smoothed)


def _latent_words(texts: Sequence[str]) -> Matrix | None:
    """(n, up to LSA_DIMENSIONS) rows of length 1 or 0; None where too few words are shared to tell anything."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    said = [content_words(text) for text in texts]
    if not any(said):
        return None
    tfidf = TfidfVectorizer(analyzer=list, sublinear_tf=True, norm=None).fit_transform(said).tocsc()
    seen = tfidf.getnnz(axis=0)
    kept = tfidf[:, (seen >= 2) & (seen <= max(2, COMMON * len(texts)))].tocsr()
    if min(kept.shape) < 3:
        return None
    reduce = TruncatedSVD(min(LSA_DIMENSIONS, min(kept.shape) - 1), random_state=0)
    return _unit(reduce.fit_transform(normalize(kept)))


def _graph(x: Matrix, k: int) -> Any:
    """Sparse (n, n), symmetric: an edge to each of the k nearest, of weight cosine times Jaccard of neighbourhoods."""
    import scipy.sparse as sp

    n = len(x)
    rows = np.repeat(np.arange(n), k)
    columns, cosines = np.empty((n, k), np.int64), np.empty((n, k))
    for start in range(0, n, BLOCK):
        similar = x[start : start + BLOCK] @ x.T
        own = np.arange(len(similar))
        similar[own, own + start] = -np.inf
        nearest = np.argpartition(-similar, k - 1, axis=1)[:, :k]
        columns[start : start + BLOCK] = nearest
        cosines[start : start + BLOCK] = np.take_along_axis(similar, nearest, axis=1)
    similarity = sp.csr_matrix((np.clip(cosines.ravel(), 1e-3, None), (rows, columns.ravel())), shape=(n, n))
    similarity = similarity.maximum(similarity.T).tocoo()
    near = sp.csr_matrix((np.ones(n * k), (rows, columns.ravel())), shape=(n, n)) + sp.identity(n, format="csr")
    shared = np.asarray((near @ near.T).tocsr()[similarity.row, similarity.col]).ravel()
    jaccard = shared / (2 * (k + 1) - shared)
    # Two passages may be near without sharing a neighbour; a trace of an edge keeps the graph connected there.
    weights = np.round(similarity.data * jaccard + 1e-6, 9)  # the last bits differ with the number of threads
    return sp.csr_matrix((weights, (similarity.row, similarity.col)), shape=(n, n))


def _communities(graph: Any, resolution: float, seed: int) -> tuple[Labels, float]:
    """The best of RUNS partitions by modularity, the earliest of equals, with its modularity."""
    from sknetwork.clustering import Louvain, get_modularity

    best, height = empty(graph.shape[0]), -np.inf
    for run in range(RUNS):
        louvain = Louvain(resolution=resolution, random_state=(seed * RUNS + run) % 2**32, shuffle_nodes=True)
        labels = louvain.fit_predict(graph)
        found = float(get_modularity(graph, labels, resolution=resolution))
        if found > height + 1e-9:
            best, height = np.asarray(labels, np.int64), found
    return best, height


def _merge_small(x: Matrix, labels: Labels, smallest: int) -> Labels:
    """Passages of communities below `smallest` members join the nearest other one."""
    found, sizes = np.unique(labels, return_counts=True)
    large = found[sizes >= smallest]
    if len(large) in (0, len(found)):
        return labels
    centres = _unit(np.vstack([x[labels == label].mean(axis=0) for label in large]))
    lone = ~np.isin(labels, large)
    merged = labels.copy()
    merged[lone] = large[np.argmax(x[lone] @ centres.T, axis=1)]
    return merged


def _unit(x: Matrix) -> Matrix:
    """Rows of length 1; rows of zeros stay."""
    rows: Matrix = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    return rows
