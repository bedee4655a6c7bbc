"""The default clusterer on real embeddings of talk with planted subjects, and on very little of it."""

import numpy as np
import pytest

from mining.embedder import Vectors
from mining.graph_clusterer import BLOCK, GraphClusterer
from mining.sentence_embedder import SentenceEmbedder
from tests.mining.talk import ROOMS, subject_of

TEXTS = [text for said in ROOMS.values() for text in said]
ROOM_OF = [room for room, said in enumerate(ROOMS.values()) for _ in said]


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return SentenceEmbedder().embed(TEXTS)


def random_vectors(n: int, dimension: int = 32) -> Vectors:
    rows = np.random.default_rng(3).normal(size=(n, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_planted_subjects_are_found_across_rooms(vectors: Vectors) -> None:
    labels = GraphClusterer().cluster(vectors, TEXTS, ROOM_OF, seed=1).labels
    subjects = [subject_of(text) for text in TEXTS]
    together = [(subjects[i] == subjects[j], labels[i] == labels[j]) for i in range(15) for j in range(i)]
    assert np.mean([a == b for a, b in together]) > 0.85
    assert len(set(labels)) in (3, 4, 5)


def test_the_same_seed_gives_the_same_labels_and_parameters(vectors: Vectors) -> None:
    first, again = (GraphClusterer().cluster(vectors, TEXTS, ROOM_OF, seed=7) for _ in range(2))
    assert np.array_equal(first.labels, again.labels) and first.parameters == again.parameters


@pytest.mark.parametrize("n", range(31))
def test_any_small_number_of_passages_is_clustered_without_an_error(n: int) -> None:
    labels = GraphClusterer().cluster(random_vectors(n), [f"word{i} other{i}" for i in range(n)], [0] * n, 1).labels
    assert labels.shape == (n,)


@pytest.mark.parametrize("n", [3, 10, 40, 70])
def test_identical_passages_make_no_trouble(n: int) -> None:
    same = np.tile(random_vectors(1), (n, 1))
    labels = GraphClusterer().cluster(same, ["the budget was cut"] * n, [0] * n, 1).labels
    assert labels.shape == (n,) and (labels >= 0).all()


def test_texts_without_any_content_word_are_clustered_by_meaning_alone() -> None:
    labels = GraphClusterer().cluster(random_vectors(20), ["and so it goes"] * 20, [0] * 20, 1).labels
    assert (labels >= 0).all()


def test_no_passage_is_left_out_and_no_theme_is_tiny() -> None:
    n = 300
    labels = GraphClusterer().cluster(random_vectors(n), [f"w{i % 40} x{i % 7}" for i in range(n)], [0] * n, 1).labels
    assert (labels >= 0).all()
    assert np.unique(labels, return_counts=True)[1].min() >= 3


def test_passages_borrow_from_neighbours_of_their_own_conversation_only() -> None:
    from mining.graph_clusterer import conversational

    rows = np.eye(4, 8) + 0.5
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows[3] = rows[2]
    apart = conversational(rows, ["x"] * 4, np.array([0, 1, 2, 3]))
    joined = conversational(rows, ["x"] * 4, np.array([0, 1, 2, 2]))
    assert np.allclose(apart, rows)
    assert np.allclose(joined[:2], rows[:2])


def test_more_passages_than_one_block() -> None:
    n = BLOCK + 50
    centres = random_vectors(6)
    rows = np.repeat(centres, n // 6 + 1, axis=0)[:n] + 0.05 * random_vectors(n)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    texts = [f"subject{i // (n // 6 + 1)}" for i in range(n)]
    labels = GraphClusterer().cluster(rows.astype(np.float32), texts, list(range(n)), 1).labels
    assert all(len(set(labels[i * (n // 6 + 1) : (i + 1) * (n // 6 + 1)])) == 1 for i in range(6))
