"""Choosing a clusterer by name."""

import pytest

from capture.errors import Refused
from mining.clusterer import NAMES, choose_clusterer


@pytest.mark.parametrize("name", NAMES)
def test_every_name_gives_the_clusterer_of_that_name(name: str) -> None:
    assert choose_clusterer(name).name == name


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refused, match="Take one of: graph, bertopic"):
        choose_clusterer("magic")
