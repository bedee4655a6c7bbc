"""The best one-to-one pairing of two sides: scipy's `linear_sum_assignment` (shortest augmenting paths, after Crouse
2016), behind a function of plain numbers. For `co_coaching`."""

from collections.abc import Sequence


def best_pairs(points: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """(row, column) of a pairing with the most points in all, by row; pairs without points are left out. `points` has
    one row for each of one side, of the same length each; higher is better."""
    from scipy.optimize import linear_sum_assignment

    if not points or not points[0]:
        return []
    rows, columns = linear_sum_assignment(points, maximize=True)
    return [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if points[r][c] > 0]
