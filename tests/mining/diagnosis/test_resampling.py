import numpy as np
import pytest
from scipy.stats import t

from mining.diagnosis.resampling import DRAWS, LEVEL, Estimate, difference, estimate, mixing, shuffled, student


def rooms(groups: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(seconds of one kind, seconds of talk): rooms of very different length and leaning."""
    talk = rng.lognormal(6, 0.5, groups)
    return talk * rng.beta(3, 4, groups), talk


@pytest.mark.parametrize("groups", [5, 8, 20])
def test_a_range_holds_the_truth_about_as_often_as_it_says_even_with_few_groups(groups: int) -> None:
    rng = np.random.default_rng(1)
    top, bottom = rooms(200_000, rng)
    truth = top.sum() / bottom.sum()
    found = [estimate(*rooms(groups, rng)) for _ in range(300)]
    held = np.mean([each.low <= truth <= each.high for each in found])  # measured: 0.87, 0.88, 0.88 of 1,500
    assert LEVEL - 0.08 <= held <= LEVEL + 0.06


def test_the_same_groups_give_the_same_range_and_the_figure_lies_in_it() -> None:
    first, again = (estimate([30, 20, 60, 10, 5], [100, 40, 90, 80, 20]) for _ in range(2))
    assert first == again and first.value == pytest.approx(125 / 330)
    assert 0 <= first.low < first.value < first.high <= 1


def test_few_groups_have_a_figure_and_no_range_and_say_so() -> None:
    found = estimate([1, 2, 3, 0], [4, 4, 4, 0])
    assert found == Estimate(0.5, little="No range: only 3 of at least 5 groups.")
    assert estimate([0, 0], [0, 0]).value is None


def test_groups_that_are_all_alike_have_no_range_rather_than_one_of_no_width() -> None:
    found = estimate([0] * 6, [10, 20, 30, 40, 50, 60])
    assert (found.value, found.ranged) == (0.0, False) and "the same in every group" in (found.little or "")


def test_a_change_between_events_is_told_from_chance() -> None:
    low = ([5, 6, 4, 7, 5, 6], [100] * 6)
    high = ([50, 40, 60, 55, 45, 52], [100] * 6)
    rose = difference(low, high)
    assert rose and rose[0] > 0.3 and rose[1] < 0.6
    same = difference(low, ([6, 5, 5, 6, 7, 4], [100] * 6))
    assert same and same[0] < 0 < same[1]
    assert difference(low, ([1, 2], [3, 3])) is None


def test_students_quantiles_come_near_enough_to_the_exact_ones() -> None:
    for freedom in (4, 7, 30):
        assert student(1.6448536, freedom) == pytest.approx(t.ppf(0.95, freedom), rel=0.01)


def departments(*of: int) -> np.ndarray:
    return np.eye(max(of) + 1)[list(of)]


def tied(groups: int, *pairs: tuple[int, int]) -> np.ndarray:
    ties = np.zeros((groups, groups))
    for i, j in pairs:
        ties[i, j] += 1
        ties[j, i] += 1
    return ties


def test_mixing_is_the_chance_that_two_people_of_tied_groups_are_of_different_departments() -> None:
    ties = tied(5, (0, 1), (0, 1), (0, 2), (3, 4))
    assert mixing(ties, departments(0, 0, 1, 1, 2)).value == pytest.approx(2 / 4)
    half = np.array([[0.5, 0.5], [1, 0], [1, 0], [1, 0], [1, 0]])
    assert mixing(tied(5, (0, 1)), half).value == pytest.approx(0.5)
    assert mixing(tied(5), departments(0, 0, 1, 1, 2)).value is None


def test_ties_within_departments_are_rare_by_chance_and_ties_across_them_too() -> None:
    of = (0, 0, 0, 1, 1, 1, 2, 2, 2)
    within = tied(9, *((i, j) for i in range(9) for j in range(i) if of[i] == of[j]))
    across = tied(9, *((i, j) for i in range(9) for j in range(i) if of[i] != of[j]))
    assert shuffled(within, departments(*of)).as_low < 0.02
    assert shuffled(across, departments(*of)).as_high < 0.02
    whatever = shuffled(within + across, departments(*of))
    assert whatever.as_low == whatever.as_high == 1.0


def test_chance_is_what_any_two_groups_give_and_large_events_are_shuffled_in_parts() -> None:
    rng = np.random.default_rng(3)
    mix = rng.dirichlet([0.4] * 6, 300)
    ties = tied(300, *(tuple(rng.choice(300, 2, replace=False)) for _ in range(800)))
    pairs = 1 - mix @ mix.T
    expected = (pairs.sum() - np.trace(pairs)) / (300 * 299)
    found = shuffled(ties, mix)
    assert found.mean == pytest.approx(expected, abs=0.002) and found.low < found.mean < found.high
    assert found.as_low + found.as_high == pytest.approx(1, abs=2 / DRAWS)
