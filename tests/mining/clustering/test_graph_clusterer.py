"""The default clusterer on real embeddings of talk with planted subjects, and on very little of it."""

import subprocess
import sys
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from mining.clustering import graph_clusterer as module
from mining.clustering.clusterer import Clustering, Units
from mining.clustering.communities import Labels
from mining.clustering.graph_clusterer import LEAST_UNITS, GraphClusterer, fair_shares, pooled
from mining.embedding.embedder import Vectors
from mining.embedding.sentence_embedder import SentenceEmbedder
from mining.passages import WORDS
from tests.conftest import ROOT
from tests.mining.talk import BUDGET, FRIENDS, HANDOVER, MEETINGS

SUBJECTS = (BUDGET, FRIENDS, MEETINGS, HANDOVER)
SEQUENCES = ((0, 1, 2), (3, 2, 1), (0, 3, 1), (2, 0, 3), (1, 2, 0), (3, 0, 2))
"""What the rooms of the planted event talk about, one after the other."""
MINUTES = 6
"""Units of each subject in a room."""


@cache
def pieces(subject: int) -> tuple[str, ...]:
    """Units of talk on one subject: two sentences each."""
    sentences = [s.strip(" .") + "." for said in SUBJECTS[subject] for s in said.split(". ")]
    return tuple(f"{a} {b}" for a, b in zip(sentences[::2], sentences[1::2], strict=False))


@cache
def vector_of() -> dict[str, Vectors]:
    texts = [text for subject in range(4) for text in pieces(subject)]
    return dict(zip(texts, SentenceEmbedder().embed(texts), strict=True))


def units_of(rooms: list[list[str]]) -> Units:
    texts = [text for room in rooms for text in room]
    vectors = np.vstack([vector_of()[text] for text in texts])
    words = np.array([len(text.split()) for text in texts])
    return Units(vectors, texts, words, np.repeat(np.arange(len(rooms)), [len(room) for room in rooms]))


def planted(sequences: tuple[tuple[int, ...], ...] = SEQUENCES, each: int = MINUTES) -> tuple[Units, Labels]:
    """Rooms that go through these subjects, and the true subject of each unit."""
    chance = np.random.default_rng(2)
    rooms = [
        [text for subject in its for text in chance.choice(pieces(subject), each, replace=each > len(pieces(subject)))]
        for its in sequences
    ]
    return units_of(rooms), np.repeat([subject for its in sequences for subject in its], each)


def made_up(n: int, dimension: int = 32, rooms: int = 1) -> Units:
    rows = np.random.default_rng(3).normal(size=(n, dimension)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    texts = [f"word{i % 40} other{i % 7}" for i in range(n)]
    return Units(rows, texts, np.full(n, 40), np.arange(n) * rooms // max(n, 1))


def cluster(units: Units, seed: int = 1) -> Clustering:
    return GraphClusterer().cluster(units, seed)


# --- what is found --------------------------------------------------------------------------------------------------


def test_planted_subjects_are_found_across_rooms() -> None:
    units, truth = planted()
    labels = cluster(units).labels
    assert adjusted_rand_score(truth, labels) > 0.9
    assert len(set(labels.tolist())) == 4


def test_a_change_of_subject_in_mid_room_is_found_within_one_unit() -> None:
    units, truth = planted()
    labels = cluster(units).labels
    for room in range(len(SEQUENCES)):
        own = np.flatnonzero(units.conversations == room)
        planted_at, found = (own[1:][np.diff(x[own]) != 0] for x in (truth, labels))
        assert len(found) == len(planted_at)
        assert np.abs(found - planted_at).max() <= 1


def test_every_seed_finds_the_same_themes() -> None:
    units, _ = planted()
    found = [cluster(units, seed).labels for seed in range(6)]
    assert min(adjusted_rand_score(a, b) for a, b in combinations(found, 2)) > 0.97


def test_most_themes_come_out_again_when_a_tenth_of_the_talk_is_missing() -> None:
    units, _ = planted()
    whole = cluster(units).labels
    for seed in range(4):
        kept = np.random.default_rng(seed).random(len(units)) > 0.1
        assert adjusted_rand_score(whole[kept], cluster(units.taken(kept)).labels) > 0.85


def test_single_precision_finds_the_same_themes(monkeypatch: pytest.MonkeyPatch) -> None:
    units, _ = planted()
    exact = cluster(units)
    monkeypatch.setattr(module, "EXACT", 0)
    single = cluster(units)
    assert adjusted_rand_score(exact.labels, single.labels) == 1
    assert exact.facets is not None and single.facets is not None
    assert adjusted_rand_score(exact.facets, single.facets) == 1


def test_a_room_of_six_hours_does_not_swallow_the_themes_of_the_small_ones() -> None:
    """The long room speaks of two subjects only, in long stretches; five small ones of all four."""
    long = (0, 2) * 9
    small = ((1, 3), (3, 1), (1, 0), (2, 3), (3, 1))
    chance = np.random.default_rng(6)
    rooms = [[text for s in long for text in chance.choice(pieces(s), 60)]]
    rooms += [[text for s in its for text in chance.choice(pieces(s), MINUTES)] for its in small]
    truth = np.concatenate([np.repeat(long, 60), *[np.repeat(its, MINUTES) for its in small]])
    units = units_of(rooms)
    labels = cluster(units).labels
    in_small = units.conversations > 0
    assert adjusted_rand_score(truth[in_small], labels[in_small]) > 0.8
    for subject in (1, 3):
        theme = np.bincount(labels[in_small & (truth == subject)]).argmax()
        assert (truth[labels == theme] == subject).mean() > 0.8


def test_facets_are_parts_of_one_theme_and_large_enough() -> None:
    units, _ = planted(SEQUENCES * 3)
    found = cluster(units)
    assert found.facets is not None and found.facets.shape == found.labels.shape
    assert found.facets.min() >= 0
    for theme in np.unique(found.labels):
        parts, sizes = np.unique(found.facets[found.labels == theme], return_counts=True)
        assert parts.tolist() in ([0], list(range(1, len(parts) + 1)))
        assert len(parts) != 1 or parts[0] == 0
        assert len(parts) == 1 or sizes.min() >= module.FACET_UNITS


def test_what_different_rooms_say_on_one_theme_are_its_facets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Merged far too high, four subjects of twelve rooms make one theme, whose parts they are."""
    monkeypatch.setattr(module, "theme_height", lambda stretches: 20.0)
    monkeypatch.setattr(module, "FACET_HEIGHT", module.HEIGHT / 20.0)
    units, truth = planted(((0,), (1,), (2,), (3,)) * 3)
    found = cluster(units)
    assert set(found.labels.tolist()) == {0} and found.facets is not None
    assert adjusted_rand_score(truth, found.facets) > 0.8


# --- the same again -------------------------------------------------------------------------------------------------

AGAIN = """
import numpy as np
from tests.mining.clustering.test_graph_clusterer import cluster, made_up
found = cluster(made_up(400, rooms=9), seed=7)
print(found.labels.tolist(), found.facets.tolist())
"""


def test_the_same_seed_gives_the_same_labels_in_every_process() -> None:
    found = cluster(made_up(400, rooms=9), seed=7)
    for salt in ("1", "2"):
        environment = {"PYTHONHASHSEED": salt, "OMP_NUM_THREADS": salt}
        done = subprocess.run(
            [sys.executable, "-c", AGAIN],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert found.facets is not None
        assert done.stdout.strip() == f"{found.labels.tolist()} {found.facets.tolist()}"


def test_what_a_result_rests_on_is_said() -> None:
    units, _ = planted()
    assert set(cluster(units).parameters) == {"unit", "resolution", "change", "height", "lexical"}


# --- very little, and always the same -------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(41))
def test_any_small_number_of_units_is_clustered_without_an_error(n: int) -> None:
    for rooms in {1, max(1, n // 5), max(1, n)}:
        found = cluster(made_up(n, rooms=rooms))
        assert found.labels.shape == (n,)
        assert (found.labels >= 0).all() if n >= LEAST_UNITS else (found.labels == -1).all()
        assert found.facets is None or found.facets.shape == (n,)


@pytest.mark.parametrize("n", [3, 10, 40, 70, 3000])
def test_identical_units_are_one_theme(n: int) -> None:
    one = made_up(1)
    same = Units(np.tile(one.vectors, (n, 1)), ["the budget was cut"] * n, np.full(n, 40), np.arange(n) // 12)
    assert cluster(same).labels.tolist() == [0] * n


def test_texts_without_any_content_word_are_clustered_by_meaning_alone() -> None:
    units, truth = planted()
    dull = Units(units.vectors, ["and so it goes"] * len(units), units.words, units.conversations)
    assert adjusted_rand_score(truth, cluster(dull).labels) > 0.8


def test_no_unit_is_left_out_and_no_theme_is_tiny() -> None:
    labels = cluster(made_up(300, rooms=20)).labels
    assert (labels >= 0).all()
    assert np.unique(labels, return_counts=True)[1].min() >= LEAST_UNITS


def test_units_without_words_or_direction_make_no_trouble() -> None:
    n = 30
    nothing = Units(np.zeros((n, 16), np.float32), [""] * n, np.ones(n, np.int64), np.zeros(n, np.int64))
    assert cluster(nothing).labels.shape == (n,)


def test_a_room_counts_as_no_longer_than_four_times_most_others() -> None:
    rooms, words = np.repeat([3, 8, 1, 9, 4], [20, 20, 20, 400, 1]), np.full(461, 40)
    fair = fair_shares(rooms, words)
    assert fair[:60].tolist() == [1] * 60 and fair[-1] == 1
    assert fair[60:460].tolist() == [pytest.approx(0.2)] * 400


@pytest.mark.parametrize("lengths", [[50], [10, 10], [20, 60, 70, 30], [1] * 500, [2] * 90 + [60] * 9, []])
def test_rooms_of_usual_length_all_count_in_full(lengths: list[int]) -> None:
    rooms = np.repeat(np.arange(len(lengths)), lengths)
    assert (fair_shares(rooms, np.full(len(rooms), 40)) == 1).all()


# --- passages before any theme is known -----------------------------------------------------------------------------


def test_pooled_passages_have_the_wanted_words_and_stay_within_a_conversation() -> None:
    words = np.random.default_rng(1).integers(20, 70, 200)
    conversations = np.repeat([5, 2, 9], [90, 3, 107])
    numbers = pooled(conversations, words)
    assert (np.diff(numbers) >= 0).all() and set(np.diff(numbers)) == {0, 1} and numbers[0] == 0
    assert all(len(set(conversations[numbers == number])) == 1 for number in range(numbers[-1] + 1))
    assert np.bincount(numbers, words).mean() == pytest.approx(WORDS, rel=0.1)


def test_of_nothing_there_are_no_passages() -> None:
    assert pooled(np.zeros(0, np.int64), np.zeros(0, np.int64)).tolist() == []
