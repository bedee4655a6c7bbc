"""Whom passages stand near: neighbours, the graph of them, and its communities."""

import numpy as np
import pytest

from mining.clustering import communities as module
from mining.clustering.communities import (
    BLOCK,
    CELLS,
    LONG,
    Matrix,
    communities,
    conversational,
    nearest,
    neighbour_graph,
    unit,
)


def random_rows(n: int, dimension: int = 24, seed: int = 3) -> Matrix:
    return unit(np.random.default_rng(seed).normal(size=(n, dimension)))


def subjects(each: int, count: int, spread: float = 0.08) -> Matrix:
    return unit(np.repeat(random_rows(count), each, axis=0) + spread * random_rows(each * count, seed=4))


def by_sorting(x: Matrix, k: int) -> list[set[int]]:
    cosines = x @ x.T
    np.fill_diagonal(cosines, -np.inf)
    return [set(np.argsort(-row)[:k].tolist()) for row in cosines]


# --- nearest --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "k"), [(2, 1), (5, 4), (40, 7), (300, 15), (400, 3)])
def test_the_nearest_are_those_that_sorting_finds(n: int, k: int) -> None:
    x = random_rows(n)
    columns, cosines = nearest(x, k)
    assert [set(row) for row in columns.tolist()] == by_sorting(x, k)
    assert np.allclose(cosines, np.take_along_axis(x @ x.T, columns, axis=1))


@pytest.mark.parametrize("cells", [1, 300 * 7, CELLS])
def test_blocks_of_any_height_find_the_same(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    x = random_rows(300)
    monkeypatch.setattr(module, "CELLS", cells)
    assert [set(row) for row in nearest(x, 6)[0].tolist()] == by_sorting(x, 6)


def test_ruling_out_columns_first_loses_none_of_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    x = random_rows(LONG * 5 * 3)
    assert [set(row) for row in nearest(x, 5)[0].tolist()] == by_sorting(x, 5)
    monkeypatch.setattr(module, "LONG", 10**9)
    assert [set(row) for row in nearest(x, 5)[0].tolist()] == by_sorting(x, 5)


def test_many_equal_rows_have_as_many_neighbours_as_others() -> None:
    x = np.vstack([np.tile(random_rows(1), (900, 1)), random_rows(300, seed=8)])
    columns, cosines = nearest(x, 4)
    assert all(len(set(row)) == 4 and place not in row for place, row in enumerate(columns.tolist()))
    assert np.allclose(cosines[:900], 1)


# --- the graph ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(12))
def test_any_small_number_of_rows_makes_a_symmetric_graph_and_communities(n: int) -> None:
    graph = neighbour_graph(random_rows(n))
    assert graph.shape == (n, n) and abs(graph - graph.T).sum() == 0
    assert (graph.data > 0).all() and graph.diagonal().sum() == 0
    assert communities(graph, 2.5, seed=1).shape == (n,)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 30, 200])
@pytest.mark.parametrize("row", [np.ones((1, 6)), np.zeros((1, 6))])
def test_equal_rows_and_rows_of_zeros_make_no_trouble(n: int, row: Matrix) -> None:
    graph = neighbour_graph(np.tile(unit(row), (n, 1)))
    assert np.isfinite(graph.data).all()
    assert communities(graph, 2.5, seed=1).shape == (n,)


def test_opposite_rows_have_edges_of_hardly_any_weight() -> None:
    graph = neighbour_graph(np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]])).toarray()
    assert 0 < graph[0, 1] < 0.002


def test_edges_weigh_cosine_times_the_share_of_common_neighbours() -> None:
    x = random_rows(60)
    graph = neighbour_graph(x).toarray()
    near = [group | {i} for i, group in enumerate(by_sorting(x, 15))]
    for i, j in zip(*np.nonzero(graph), strict=True):
        jaccard = len(near[i] & near[j]) / len(near[i] | near[j])
        assert graph[i, j] == pytest.approx(max(x[i] @ x[j], 1e-3) * jaccard, abs=2e-6)


def test_edges_are_counted_in_blocks_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    x = random_rows(120)
    whole = neighbour_graph(x)
    monkeypatch.setattr(module, "EDGES", 17)
    assert abs(neighbour_graph(x) - whole).sum() == 0


# --- communities ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_clear_subjects_are_communities_in_either_precision(precision: type) -> None:
    x = subjects(40, 5).astype(precision)
    labels = communities(neighbour_graph(x), 1.0, seed=1)
    assert [len(set(labels[i * 40 : (i + 1) * 40])) for i in range(5)] == [1] * 5 and len(set(labels)) == 5


def test_more_rows_than_one_block() -> None:
    each = (BLOCK + 60) // 6 + 1
    labels = communities(neighbour_graph(subjects(each, 6)), 0.5, seed=1)
    assert [len(set(labels[i * each : (i + 1) * each])) for i in range(6)] == [1] * 6


def test_a_seed_gives_the_same_communities_again_and_large_seeds_are_seeds_too() -> None:
    graph = neighbour_graph(random_rows(150))
    assert np.array_equal(communities(graph, 2.5, seed=5), communities(graph, 2.5, seed=5))
    assert communities(graph, 2.5, seed=2**31).shape == (150,)


# --- what is borrowed -----------------------------------------------------------------------------------------------


def test_passages_borrow_from_neighbours_of_their_own_conversation_only() -> None:
    rows = unit(np.eye(4, 8) + 0.5)
    rows[3] = unit(rows[2] + 0.2 * np.eye(4, 8)[0])
    apart = conversational(rows, None, np.array([0, 1, 2, 3]))
    joined = conversational(rows, None, np.array([0, 1, 2, 2]))
    assert np.allclose(apart, rows)
    assert np.allclose(joined[:2], rows[:2])
    assert joined[2] @ joined[3] > rows[2] @ rows[3] + 0.005


def test_words_stand_beside_meaning() -> None:
    rows, words = unit(np.ones((3, 4))), unit(np.eye(3))
    found = conversational(rows, words, np.arange(3))
    assert found.shape == (3, 7) and np.allclose(np.linalg.norm(found, axis=1), 1)
    assert found[0] @ found[1] == pytest.approx(1 / 1.25)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_very_few_passages_borrow_without_an_error(n: int) -> None:
    assert conversational(unit(np.ones((n, 4))), None, np.zeros(n, np.int64)).shape == (n, 4)


def test_rows_of_zeros_stay_and_precision_too() -> None:
    found = unit(np.array([[0, 0], [3, 4]], np.float32))
    assert found.tolist() == [[0, 0], pytest.approx([0.6, 0.8])] and found.dtype == np.float32
