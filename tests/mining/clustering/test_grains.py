"""How stretches are merged to themes, by both ways to grow the tree, and themes to what belongs together."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from mining.clustering import grains
from mining.clustering.communities import Labels, Matrix, unit
from mining.clustering.grains import (
    HEIGHT,
    LEAST_THEMES,
    MANY,
    groups_of_themes,
    merged,
    stretch_features,
    theme_height,
)
from mining.embedding.embedder import Vectors
from mining.embedding.sentence_embedder import SentenceEmbedder
from tests.mining.talk import SUBJECTS

SENTENCES = [
    (subject, sentence)
    for subject, (_, said) in enumerate(SUBJECTS.items())
    for exchange in said
    for sentence in exchange.split(". ")
    if len(sentence.split()) > 4
]


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return SentenceEmbedder().embed([sentence for _, sentence in SENTENCES])


def stretches(vectors: Vectors, count: int) -> tuple[Matrix, Labels]:
    """Features of stretches of ten sentences on one subject each, and the subjects."""
    chance = np.random.default_rng(5)
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    subjects = np.array([subject for subject, _ in SENTENCES])
    truth = np.arange(count) % len(SUBJECTS)
    sums = [centred[chance.choice(np.flatnonzero(subjects == subject), 10)].sum(axis=0) for subject in truth]
    return stretch_features(np.array(sums), None, 0.5), truth


def test_stretches_on_planted_subjects_are_merged_to_those(vectors: Vectors) -> None:
    features, truth = stretches(vectors, 60)
    assert adjusted_rand_score(truth, merged(features, theme_height(60))) > 0.95


@pytest.mark.parametrize("height", [HEIGHT, 2.5, 4.0])
def test_both_trees_find_about_the_same(vectors: Vectors, height: float, monkeypatch: pytest.MonkeyPatch) -> None:
    features, truth = stretches(vectors, 600)
    whole = merged(features, height)
    monkeypatch.setattr(grains, "WHOLE_TREE", 100)
    sparse = merged(features, height)
    for found in (whole, sparse):
        assert all(len(np.unique(truth[found == part])) == 1 for part in np.unique(found))
    assert len(np.unique(sparse)) == pytest.approx(len(np.unique(whole)), rel=0.2)
    assert adjusted_rand_score(whole, sparse) > 0.6


@pytest.mark.parametrize("limit", [0, 10_000])
def test_equal_stretches_are_one_theme_by_either_tree(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grains, "WHOLE_TREE", limit)
    same = np.tile(unit(np.ones((1, 8))), (80, 1))
    assert merged(same, HEIGHT).tolist() == [0] * 80


def test_islands_that_nothing_joins_are_merged_without_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grains, "WHOLE_TREE", 10)
    islands = np.repeat(np.eye(4, 8), 50, axis=0)
    assert len(np.unique(merged(islands, HEIGHT))) == 4


def test_a_lower_cut_gives_finer_themes_within_the_coarser_ones(vectors: Vectors) -> None:
    features, _ = stretches(vectors, 80)
    coarse, fine = merged(features, 2.0), merged(features, 1.0)
    assert len(np.unique(fine)) > len(np.unique(coarse))
    assert all(len(np.unique(coarse[fine == part])) == 1 for part in np.unique(fine))


@pytest.mark.parametrize("m", [0, 1, 2, 3])
def test_hardly_any_stretches_are_merged_without_an_error(m: int) -> None:
    assert merged(np.eye(m, 4), HEIGHT).shape == (m,)


def test_the_height_grows_only_with_large_events_and_slowly() -> None:
    assert theme_height(3) == theme_height(MANY) == HEIGHT
    assert theme_height(16 * MANY) == pytest.approx(2 * HEIGHT)


def test_words_stand_beside_meaning_with_their_weight() -> None:
    meaning, words = np.array([[3.0, 0.0]]), np.array([[0.0, 1.0]])
    found = stretch_features(meaning, words, 0.5)
    assert found.tolist() == [pytest.approx((np.array([1, 0, 0, 0.5]) / np.sqrt(1.25)).tolist())]
    assert stretch_features(meaning, None, 0.5).tolist() == [[1, 0]]


# --- what themes have to do with each other -------------------------------------------------------------------------

RELATED = [
    *("the finance committee rejects the budget", "approval of the yearly budget by finance"),
    *("promoted to boss over my old friends", "leading a team of former colleagues and friends"),
    "the press that only retired operators understand",
    "a canteen without vegetarian food",
]


def centred_themes(texts: list[str]) -> Matrix:
    vectors = SentenceEmbedder().embed(texts)
    return unit((vectors - vectors.mean(axis=0)).astype(np.float64))


def test_related_themes_are_grouped_and_unrelated_ones_stand_alone() -> None:
    group = groups_of_themes(centred_themes(RELATED))
    assert group == {0: 0, 1: 0, 2: 1, 3: 1}


def test_fewer_themes_than_one_can_see_at_once_are_not_grouped() -> None:
    assert len(RELATED) == LEAST_THEMES
    assert groups_of_themes(centred_themes(RELATED[:-1])) == {}
    assert groups_of_themes(np.zeros((0, 4))) == {}


def test_themes_that_are_all_the_same_are_one_group_and_those_without_direction_are_in_none() -> None:
    assert groups_of_themes(np.tile(np.eye(1, 4), (8, 1))) == dict.fromkeys(range(8), 0)
    assert groups_of_themes(np.zeros((8, 4))) == {}
