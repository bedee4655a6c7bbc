"""The words themselves beside their meaning: tf-idf of stretches of talk, condensed (LSA, Deerwester et al. 1990).

Names and terms that the embedder does not know tell subjects apart. Words are counted once per unit of talk; how the
units are put together to stretches may then change as often as it likes.
"""

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np

from mining.clustering.communities import Labels, Matrix, unit
from mining.words import names_subject, words_of

DIMENSIONS = 100
FEW = DIMENSIONS + 10
"""Stretches up to which sampling directions finds all of them anyway, so that exact singular vectors are the same."""
OVERSAMPLED, POWERS = 10, 5
"""Directions sampled beyond those kept, and how often they are turned towards the largest singular values."""
NOISE = 1e-4
COMMON = 0.3
"""Words in more than this share of the stretches tell none of them apart."""


class LatentWords:
    """Counts of content words in each of n units of talk."""

    def __init__(self, texts: Sequence[str], dtype: type[np.floating[Any]] = np.float64) -> None:
        """`dtype` is that of the rows which `of` gives."""
        self._counts = _counted(texts, dtype)

    def of(self, stretches: Labels) -> Matrix | None:
        """Rows (m, up to DIMENSIONS) of length 1 or 0 for the m stretches that units belong to, by number from 0.

        None where too few words are shared to tell anything. Words count by 1 + log of how often they are said.
        """
        import scipy.sparse as sp

        if self._counts is None:
            return None
        m = int(stretches.max()) + 1
        ones = np.ones(len(stretches), self._counts.dtype)
        where = sp.csr_matrix((ones, (stretches, np.arange(len(stretches)))))
        counts = (where @ self._counts).tocsc()
        seen = counts.getnnz(axis=0)
        kept = counts[:, (seen >= 2) & (seen <= max(2, COMMON * m))].tocsr()
        if min(kept.shape) < 3:
            return None
        rows = _condensed(_weighed(kept), min(DIMENSIONS, min(kept.shape) - 1))
        # Rows had length 1 or 0: what is left of one that lies outside the dimensions kept is noise of rounding.
        rows[np.linalg.norm(rows, axis=1) < NOISE] = 0
        return unit(rows)


def _weighed(counts: Any) -> Any:
    """Tf-idf of a sparse (m, words), rows of length 1 or 0: bit for bit what scikit-learn's TfidfTransformer gives with
    `sublinear_tf`, without the second that importing scikit-learn takes."""
    import scipy.sparse as sp

    m, words = counts.shape
    seen = np.bincount(counts.indices, minlength=words).astype(counts.dtype) + 1
    rarity = np.log(np.full_like(seen, m + 1) / seen) + 1
    weights = (np.log(counts.data) + 1) * rarity[counts.indices]
    row = np.repeat(np.arange(m), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(row, weights * weights, minlength=m))
    unit_weights = (weights / lengths[row]).astype(counts.dtype)
    return sp.csr_matrix((unit_weights, counts.indices, counts.indptr), shape=counts.shape)


def _condensed(weights: Any, dimensions: int) -> Matrix:
    """(m, dimensions) of a sparse (m, words): its singular vectors times its largest singular values."""
    if weights.shape[0] > FEW:
        return _sampled(weights, dimensions)
    # So few rows are compared with each other directly: exact, and five times as fast as sampling directions.
    squares, vectors = np.linalg.eigh((weights @ weights.T).toarray().astype(np.float64))
    condensed = vectors[:, -dimensions:] * np.sqrt(np.clip(squares[-dimensions:], 0, None))
    return np.asarray(condensed[:, ::-1], weights.dtype)


def _sampled(weights: Any, dimensions: int) -> Matrix:
    """As _condensed, by sampling directions (Halko et al. 2011, algorithms 4.3 and 5.1), always the same: bit for bit
    what scikit-learn's TruncatedSVD gives."""
    from scipy import linalg

    wide = weights.shape[0] < weights.shape[1]
    tall = weights.T if wide else weights
    basis = np.random.RandomState(0).normal(size=(tall.shape[1], dimensions + OVERSAMPLED)).astype(weights.dtype)
    for _ in range(POWERS):
        basis = linalg.lu(tall @ basis, permute_l=True, check_finite=False)[0]
        basis = linalg.lu(tall.T @ basis, permute_l=True, check_finite=False)[0]
    basis = linalg.qr(tall @ basis, mode="economic", check_finite=False)[0]
    left, _, right = linalg.svd(basis.T @ tall, full_matrices=False, check_finite=False)
    directions = ((basis @ left).T if wide else right)[:dimensions]
    # The sign of a direction means nothing; fixed, it does not depend on the library that found it.
    signs = np.sign(np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, None], axis=1))
    rows: Matrix = weights @ (directions * signs).T
    return rows


def _counted(texts: Sequence[str], dtype: type[np.floating[Any]]) -> Any:
    """Sparse (n, words that may name a subject, by alphabet), how often each is said; None where there is no such word.

    As scikit-learn's CountVectorizer, in a third of its time: whether a word may name a subject is asked once.
    """
    import scipy.sparse as sp

    numbers = _Numbers()
    said, ends = array("l"), [0]
    for text in texts:
        said.extend(map(numbers.__getitem__, words_of(text)))
        ends.append(len(said))
    if not numbers.kept:
        return None
    found = np.frombuffer(said, np.dtype("l"))
    place = np.empty(len(numbers.kept), np.int32)
    place[np.argsort(np.array(numbers.kept))] = np.arange(len(place))
    rows, columns = np.repeat(np.arange(len(texts)), np.diff(ends))[found >= 0], place[found[found >= 0]]
    return sp.csr_matrix((np.ones(len(columns), dtype), (rows, columns)), shape=(len(texts), len(place)))


class _Numbers(dict[str, int]):
    """{word: its number from 0 on}, -1 for a word that names no subject."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self.kept) if names_subject(word) else -1
        if number >= 0:
            self.kept.append(word)
        return number
