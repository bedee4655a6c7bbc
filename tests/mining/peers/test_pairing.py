"""The best one-to-one pairing."""

from mining.peers.pairing import best_pairs


def test_the_sum_counts_not_the_best_single_pair() -> None:
    assert best_pairs([[10, 9], [9, 1]]) == [(0, 1), (1, 0)]


def test_sides_may_differ_in_size_and_pairs_without_points_are_left_out() -> None:
    assert best_pairs([[0, 5, 2]]) == [(0, 1)]
    assert best_pairs([[0], [0]]) == []
    assert best_pairs([]) == [] == best_pairs([[]])
