"""Choosing a clusterer by name, and the units it is given."""

import numpy as np
import pytest

from capture.errors import Refused
from mining.clustering.clusterer import NAMES, Units, choose_clusterer, empty


@pytest.mark.parametrize("name", NAMES)
def test_every_name_gives_the_clusterer_of_that_name(name: str) -> None:
    assert choose_clusterer(name).name == name


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refused, match="Take one of: graph, bertopic"):
        choose_clusterer("magic")


def test_units_can_be_taken_without_some_of_them() -> None:
    units = Units(np.eye(3, dtype=np.float32), ["a", "b", "c"], np.array([40, 30, 20]), np.array([1, 1, 2]))
    taken = units.taken(np.array([True, False, True]))
    assert len(units) == 3 and len(taken) == 2
    assert (taken.texts, taken.words.tolist(), taken.conversations.tolist()) == (["a", "c"], [40, 20], [1, 2])
    assert taken.vectors.tolist() == [[1, 0, 0], [0, 0, 1]]


def test_empty_labels_leave_everything_out() -> None:
    assert empty(3).tolist() == [-1, -1, -1] and empty(0).shape == (0,)
