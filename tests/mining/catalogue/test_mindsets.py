"""The mindset of a guide for which nobody has said one."""

import numpy as np

from mining.catalogue.answering import common, unit
from mining.catalogue.mindsets import DESCRIBED, GUIDES, mindsets
from mining.catalogue.module_pages import MINDSETS
from tests.benchmarks.coverage import bench, told_mindsets


def test_the_five_are_described_by_as_many_texts_each() -> None:
    assert tuple(DESCRIBED) == MINDSETS
    assert {len(texts) for texts in DESCRIBED.values()} == {len(GUIDES) // 5}


def test_what_is_told_is_mostly_right_and_what_is_not_clear_is_not_told() -> None:
    told = told_mindsets(bench())
    sure = [(true, guess) for true, guess in told if guess]
    assert 15 <= len(sure) < len(told)
    assert sum(true == guess for true, guess in sure) / len(sure) >= 0.9


def test_a_text_between_two_mindsets_has_none() -> None:
    guides = bench().guides
    usual = guides.mean(axis=0)
    two = unit(np.vstack([guides[0:4].mean(axis=0), guides[16:20].mean(axis=0)]) - usual)
    both = usual + np.vstack([two, two.mean(axis=0)])
    assert mindsets(both, usual, guides) == ["reflection", "action", None]
    assert mindsets(np.empty((0, 384), np.float32), guides.mean(axis=0), guides) == []


def test_a_single_module_is_told_too() -> None:
    measured = bench()
    own = measured.vectors["Ten Minutes With a Pencil"]
    centre = unit(own.mean(axis=0))[None]
    assert mindsets(centre, common([own], measured.guides), measured.guides) == ["reflection"]
