"""Decisions replayed over hand-made passages; what they do to real talk is tested with `deciding`."""

from typing import Any

import numpy as np

from mining.curating.curation import Curated, Heard, Made, apply
from mining.curating.lineage import Body

# Two rooms of six passages of ten seconds: strands 1, 1, 1, 2, 2, 3 in each.
HEARD = [Heard(room, 10.0 * i, 10.0 * i + 10, strand) for room in (1, 2) for i, strand in enumerate((1, 1, 1, 2, 2, 3))]


def replayed(*log: tuple[str, dict[str, Any]], heard: list[Heard] = HEARD, **more: Any) -> Curated:
    made = [Made(verb, details, "ann") for verb, details in log]
    return apply(made, heard, more.get("vectors"), more.get("parts", {}))


def test_without_decisions_everything_is_as_it_was_found() -> None:
    curated = replayed()
    assert curated.shown == [1, 1, 1, 2, 2, 3] * 2
    assert (curated.aside, curated.named) == (set(), {})


def test_a_merge_moves_all_talk_and_keeps_one_name() -> None:
    curated = replayed(
        ("rename", {"strand": 2, "label": "Other"}),
        ("rename", {"strand": 1, "label": "Kept"}),
        ("merge", {"keep": 1, "others": [2, 3]}),
    )
    assert curated.shown == [1] * 12
    assert curated.named == {1: ("Kept", "ann")}


def test_merging_there_and_back_is_no_circle() -> None:
    log = [("merge", {"keep": 1, "others": [2]}), ("merge", {"keep": 2, "others": [1]})]
    assert replayed(*log).shown == [2, 2, 2, 2, 2, 3] * 2
    there = ("move", {"recording": 1, "start": 50, "end": 60, "to": 1})
    assert replayed(*log, there).shown[5] == 2


def test_a_name_belongs_to_the_theme_that_was_given_it_last() -> None:
    twice = [("rename", {"strand": 1, "label": "Money"}), ("rename", {"strand": 2, "label": "money"})]
    assert replayed(*twice).named == {2: ("money", "ann")}
    absent = [*twice, ("rename", {"strand": 99, "label": "Money"})]
    assert replayed(*absent).named == {2: ("money", "ann")}, "a theme that is not there takes no name away"
    again = [*twice, ("rename", {"strand": 1, "label": "Gold"}), ("rename", {"strand": 1, "label": "Money"})]
    assert replayed(*again).named == {1: ("Money", "ann")}


def test_parts_are_known_by_their_talk_and_what_is_new_by_its_meaning() -> None:
    axis = np.eye(2, dtype=np.float32)
    parts = {8: Body(8, ((1, 0.0, 12.0),), axis[0]), 9: Body(9, ((1, 12.0, 30.0),), axis[1])}
    vectors = np.vstack([axis[1]] * 6 + [axis[0], axis[1], axis[0]] + [axis[0]] * 3)
    curated = replayed(("split", {"strand": 1, "into": [8, 9]}), vectors=vectors, parts=parts)
    assert curated.shown == [8, 9, 9, 2, 2, 3, 8, 9, 8, 2, 2, 3]
    assert curated.parts == {8: [0, 6, 8], 9: [1, 2, 7]}


def test_a_part_can_be_named_merged_and_hidden_like_any_theme() -> None:
    parts = {8: Body(8, ((1, 0.0, 30.0),)), 9: Body(9, ((2, 0.0, 30.0),))}
    curated = replayed(
        ("split", {"strand": 1, "into": [8, 9]}),
        ("rename", {"strand": 9, "label": "Room two's"}),
        ("merge", {"keep": 9, "others": [3]}),
        ("hide", {"strand": 8, "reason": "off-topic"}),
        parts=parts,
    )
    assert curated.shown == [None, None, None, 2, 2, 9, 9, 9, 9, 2, 2, 9]
    assert curated.aside == {0, 1, 2}
    assert curated.named == {9: ("Room two's", "ann")}


def test_a_move_takes_the_passages_that_stand_mostly_in_its_seconds() -> None:
    curated = replayed(("move", {"recording": 2, "start": 4, "end": 26, "to": 3}))
    assert curated.shown == [1, 1, 1, 2, 2, 3, 3, 3, 3, 2, 2, 3]
    out = replayed(("move", {"recording": 1, "start": 0, "end": 10, "to": None}))
    assert (out.shown[0], out.aside) == (None, {0})


def test_what_was_moved_back_is_no_longer_set_aside() -> None:
    out = ("move", {"recording": 1, "start": 0, "end": 10, "to": None})
    back = ("move", {"recording": 1, "start": 0, "end": 10, "to": 2})
    curated = replayed(out, back)
    assert (curated.shown[0], curated.aside) == (2, set())


def test_a_move_follows_a_theme_into_the_one_it_was_merged_into() -> None:
    moved = ("move", {"recording": 1, "start": 50, "end": 60, "to": 1})
    assert replayed(("merge", {"keep": 2, "others": [1]}), moved).shown[5] == 2


def test_a_passage_that_clustering_set_aside_can_be_moved_in() -> None:
    heard = [Heard(1, 0, 10, 1), Heard(1, 10, 20, None)]
    curated = replayed(("move", {"recording": 1, "start": 10, "end": 20, "to": 1}), heard=heard)
    assert curated.shown == [1, 1]


def test_strands_that_are_not_found_any_more_have_no_effect() -> None:
    curated = replayed(
        ("rename", {"strand": 99, "label": "Gone"}),
        ("merge", {"keep": 1, "others": [99]}),
        ("split", {"strand": 99, "into": [100, 101]}),
        ("split", {"strand": 1, "into": [100, 101]}),
        ("hide", {"strand": 99, "reason": "off-topic"}),
        ("move", {"recording": 1, "start": 0, "end": 10, "to": 99}),
        ("move", {"recording": 77, "start": 0, "end": 10, "to": 1}),
    )
    assert curated == Curated([1, 1, 1, 2, 2, 3] * 2)
