"""BERTopic's own UMAP and HDBSCAN: the second adapter."""

import numpy as np
import pytest

from mining.clustering.bertopic_clusterer import BERTopicClusterer
from mining.clustering.clusterer import Units


@pytest.mark.parametrize(("n", "passages"), [(0, 0), (1, 1), (3, 1), (10, 5), (30, 14)])
def test_too_few_passages_are_left_out_with_a_note(n: int, passages: int) -> None:
    units = Units(np.ones((n, 8), np.float32), ["budget"] * n, np.full(n, 40), np.zeros(n, np.int64))
    found = BERTopicClusterer().cluster(units, 1)
    assert (found.labels == -1).all() and found.labels.shape == (n,)
    assert found.notes[0].endswith(f"here are {passages}.")


@pytest.mark.filterwarnings("ignore")  # umap and numba warn about themselves
def test_clear_subjects_are_found_and_a_seed_repeats_them() -> None:
    """Two units of some forty words to a passage."""
    rng = np.random.default_rng(5)
    rows = np.repeat(rng.normal(size=(3, 16)), 50, axis=0) + 0.1 * rng.normal(size=(150, 16))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    texts = [f"{('budget', 'friends', 'meetings')[i // 50]} number{i}" for i in range(150)]
    units = Units(rows, texts, np.full(150, 43), np.repeat(np.arange(15), 10))
    first, again = (BERTopicClusterer().cluster(units, seed=3).labels for _ in range(2))
    assert np.array_equal(first, again) and first.shape == (150,)
    assert all(len(set(first[i * 50 : (i + 1) * 50])) == 1 for i in range(3)) and len(set(first)) == 3
    assert all(a == b for a, b in zip(first[::2], first[1::2], strict=True)), "a passage lies on one theme"
