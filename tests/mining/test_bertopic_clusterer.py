"""BERTopic's own UMAP and HDBSCAN: the second adapter."""

import numpy as np
import pytest

from mining.bertopic_clusterer import BERTopicClusterer


@pytest.mark.parametrize("n", [0, 1, 3, 10, 15])
def test_too_few_passages_are_left_out_with_a_note(n: int) -> None:
    found = BERTopicClusterer().cluster(np.ones((n, 8), np.float32), ["budget"] * n, [0] * n, 1)
    assert (found.labels == -1).all() and found.labels.shape == (n,)
    assert f"here are {n}" in found.notes[0]


@pytest.mark.filterwarnings("ignore")  # umap and numba warn about themselves
def test_clear_subjects_are_found_and_a_seed_repeats_them() -> None:
    rng = np.random.default_rng(5)
    rows = np.repeat(rng.normal(size=(3, 16)), 25, axis=0) + 0.1 * rng.normal(size=(75, 16))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    texts = [f"{('budget', 'friends', 'meetings')[i // 25]} number{i}" for i in range(75)]
    first, again = (BERTopicClusterer().cluster(rows, texts, [0] * 75, seed=3).labels for _ in range(2))
    assert np.array_equal(first, again)
    assert all(len(set(first[i * 25 : (i + 1) * 25])) == 1 for i in range(3)) and len(set(first)) == 3
