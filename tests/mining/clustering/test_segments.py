"""Paths through themes: whether they are the best ones, however conversations are laid side by side."""

from itertools import product

import numpy as np
import pytest

from mining.clustering import segments as module
from mining.clustering.communities import Labels, Matrix, unit
from mining.clustering.segments import CHANGE, _Frame, centres_of, segments, settle, sums_of


def gains_of(n: int, k: int, seed: int) -> Matrix:
    return np.random.default_rng(seed).uniform(0, 1, size=(n, k))


def rooms(*lengths: int) -> Labels:
    """Conversations of these many units, with numbers that are not in order."""
    return np.repeat(np.array([7 * (i + 1) % 11 for i in range(len(lengths))]), lengths).astype(np.int64)


def worth(gains: Matrix, path: tuple[int, ...], change: float) -> float:
    changes = sum(a != b for a, b in zip(path, path[1:], strict=False))
    return float(gains[np.arange(len(path)), list(path)].sum() - change * changes)


@pytest.mark.parametrize("change", [0.0, 0.2, 0.75])
@pytest.mark.parametrize(("n", "k"), [(1, 3), (2, 2), (5, 3), (7, 2), (6, 4)])
def test_the_path_is_the_best_of_all(n: int, k: int, change: float) -> None:
    for seed in range(5):
        gains = gains_of(n, k, seed)
        found = tuple(_Frame(rooms(n)).best_paths(gains, change).tolist())
        best = max(worth(gains, path, change) for path in product(range(k), repeat=n))
        assert worth(gains, found, change) == pytest.approx(best)


def test_rooms_of_unequal_length_side_by_side_are_read_as_each_alone() -> None:
    lengths = (1, 30, 4, 1, 17, 3, 200, 2)
    gains = gains_of(sum(lengths), 5, 1)
    together = _Frame(rooms(*lengths)).best_paths(gains, CHANGE)
    at = 0
    for length in lengths:
        alone = _Frame(rooms(length)).best_paths(gains[at : at + length], CHANGE)
        assert np.array_equal(together[at : at + length], alone)
        at += length


@pytest.mark.parametrize("cells", [1, 10, 60, 110])
def test_small_batches_give_the_same_as_one(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths = (9, 1, 40, 40, 3, 25, 8)
    gains = gains_of(sum(lengths), 4, 2)
    whole = _Frame(rooms(*lengths)).best_paths(gains, CHANGE)
    monkeypatch.setattr(module, "CELLS", cells)
    frame = _Frame(rooms(*lengths))
    assert len(frame._batches) > 1
    assert np.array_equal(frame.best_paths(gains, CHANGE), whole)


def test_a_passing_remark_changes_no_theme_but_a_stretch_does() -> None:
    """Units of theme 0, save one in the middle of the first room and six in the second."""
    theme = np.zeros(40, np.int64)
    theme[10] = theme[28:34] = 1
    vectors = unit(np.eye(2)[theme] + 0.3)
    found = settle(vectors, np.ones(40), rooms(20, 20), theme)
    assert (found[:28] == 0).all() and (found[28:34] == 1).all() and (found[34:] == 0).all()


def test_long_units_weigh_more_than_short_ones() -> None:
    gains = np.array([[1.0, 0.0], [0.0, 0.5], [1.0, 0.0]])
    light, heavy = (_Frame(rooms(3)).best_paths(gains * np.array([[1], [w], [1]]), 0.75) for w in (1, 4))
    assert light.tolist() == [0, 0, 0] and heavy.tolist() == [0, 1, 0]


def test_themes_that_nobody_wants_are_gone_and_the_others_keep_their_numbers() -> None:
    vectors = unit(np.repeat(np.eye(2, 8), 20, axis=0) + 0.3 * gains_of(40, 8, 4))
    labels = np.repeat([5, 9], 20)
    labels[3] = 7
    found = settle(vectors, np.ones(40), rooms(40), labels)
    assert found.tolist() == [5] * 20 + [9] * 20


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_settling_keeps_the_precision_it_is_given(precision: type) -> None:
    vectors, weights = unit(gains_of(30, 6, 3)).astype(precision), np.ones(30, precision)
    assert sums_of(vectors, weights, np.arange(30) % 4).dtype == precision
    assert centres_of(vectors, weights, np.arange(30) % 4, 6).dtype == precision
    assert settle(vectors, weights, rooms(10, 20), np.arange(30) % 4).shape == (30,)


def test_sums_and_centres_of_numbers_that_nobody_has_are_zero() -> None:
    sums = sums_of(np.eye(3), np.array([1.0, 2.0, 3.0]), np.array([0, 0, 2]), 4)
    assert sums.tolist() == [[1, 2, 0], [0, 0, 0], [0, 0, 3], [0, 0, 0]]
    centres = centres_of(np.eye(3), np.ones(3), np.array([0, 0, 2]), 4)
    assert np.linalg.norm(centres, axis=1).tolist() == pytest.approx([1, 0, 1, 0])


def test_segments_are_counted_anew_where_theme_or_conversation_changes() -> None:
    found = segments(np.array([1, 1, 2, 2, 2, 1]), np.array([0, 0, 0, 0, 3, 3]))
    assert found.tolist() == [0, 0, 1, 1, 2, 3]
    assert segments(np.zeros(0, np.int64), np.zeros(0, np.int64)).tolist() == []


def test_no_units_at_all_are_settled() -> None:
    none = np.zeros(0, np.int64)
    assert settle(np.zeros((0, 4)), np.zeros(0), none, none).shape == (0,)
