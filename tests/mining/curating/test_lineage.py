"""Lineage by hand-made spans, on real talk with rooms left out, and through the database."""

import numpy as np
import pytest

from mining.curating.lineage import Body, compare, movement, overlaps, recognise

ROOMS = {1: 10, 2: 20, 3: 30, 4: 40}
"""{recording: group}"""


def body(key: int, *spans: tuple[int, float, float], **more: object) -> Body:
    return Body(key, spans, **more)


def states(now: list[Body], before: list[Body]) -> dict[int, str]:
    """With the keys that recognising gives; fresh ones as they are."""
    known = recognise(now, before)
    shown = [Body(known.get(each.key, each.key), each.spans) for each in now]
    talk, was = sum(each.seconds for each in now), sum(each.seconds for each in before)
    return {key: change.state for key, change in compare(shown, before, talk, was, ROOMS)[0].items()}


def test_seconds_in_common_are_counted_per_recording() -> None:
    now = [body(0, (1, 0, 60), (1, 90, 120)), body(1, (2, 0, 60))]
    before = [body(7, (1, 30, 100)), body(8, (2, 50, 200), (3, 0, 50)), body(9, (1, 60, 90))]
    assert overlaps(now, before).tolist() == [[40, 0, 0], [0, 10, 0]]


def test_the_same_talk_is_the_same_theme_whatever_its_number() -> None:
    now = [body(0, (2, 0, 100)), body(1, (1, 0, 100))]
    before = [body(7, (1, 0, 100)), body(8, (2, 5, 95))]
    assert recognise(now, before) == {0: 8, 1: 7}
    assert states(now, before) == {7: "continued", 8: "continued"}


def test_talk_that_is_new_does_not_count_against_a_theme() -> None:
    now = [body(0, (1, 0, 60), (2, 0, 900), (3, 0, 900))]
    assert recognise(now, [body(7, (1, 0, 60))]) == {0: 7}


def test_a_theme_of_which_little_is_left_is_another_one() -> None:
    assert recognise([body(0, (1, 0, 30))], [body(7, (1, 0, 100))]) == {}
    assert recognise([body(0, (1, 0, 40))], [body(7, (1, 0, 100))]) == {0: 7}
    many = [body(key, (1, 20.0 * key, 20.0 * key + 20)) for key in range(5)]
    assert recognise([body(0, (1, 0, 100))], many) == {}, "a fifth of it each: it is none of them"


def test_a_theme_that_split_is_known_by_its_larger_part_and_both_say_so() -> None:
    now = [body(-1, (1, 0, 40)), body(-2, (1, 40, 100))]
    assert states(now, [body(7, (1, 0, 100))]) == {7: "split", -1: "split"}
    assert recognise(now, [body(7, (1, 0, 100))]) == {-2: 7}


def test_a_theme_that_took_in_another_has_merged_and_the_other_has_ended() -> None:
    before = [body(7, (1, 0, 100)), body(8, (2, 0, 60)), body(9, (3, 0, 50))]
    now = [body(7, (1, 0, 100), (2, 0, 60))]
    changes, ended = compare(now, before, 160, 210, ROOMS)
    assert (changes[7].state, changes[7].strands) == ("merged", (7, 8))
    assert (changes[7].share_before, changes[7].share) == (pytest.approx(160 / 210, abs=1e-6), 1.0)
    assert [(each.key, each.into) for each in ended] == [(8, (7,)), (9, ())]


def test_growing_fading_and_new_are_told_by_seconds_and_groups() -> None:
    before = [body(5, (1, 0, 100)), body(6, (1, 100, 200)), body(7, (1, 200, 300), (2, 0, 100)), body(8, (3, 0, 100))]
    now = [
        body(5, (1, 0, 100), (4, 0, 20)),
        body(6, (1, 100, 170)),
        body(7, (1, 200, 300), (2, 0, 95)),
        body(8, (3, 0, 110)),
        body(-1, (4, 50, 300)),
    ]
    expected = {5: "grew", 6: "faded", 7: "continued", 8: "continued", -1: "new"}
    assert {key: c.state for key, c in compare(now, before, 700, 500, ROOMS)[0].items()} == expected
    assert compare(now, before, 700, 500, ROOMS)[0][5].breadth == 2


def test_talk_decides_where_it_and_breadth_disagree() -> None:
    assert movement(1.0, 1.5) == "grew"
    assert movement(0.9, 1.5) == "continued"
    assert movement(1.3, 0.5) == "grew"
    assert movement(1.0, 0.5) == "faded"
    assert movement(0.7, 2.0) == "faded"


def test_a_strand_that_was_not_there_last_time_comes_back() -> None:
    """Found apart, then as one, then apart again: both names are there again."""
    dormant = body(8, (2, 0, 90), live=False)
    both = body(7, (1, 0, 100), (2, 0, 90))
    assert recognise([body(0, (1, 0, 100)), body(1, (2, 0, 90))], [both, dormant]) == {0: 7, 1: 8}
    assert recognise([body(0, (1, 0, 100), (2, 0, 90))], [both, dormant]) == {0: 7}


def test_a_strand_whose_recordings_were_taken_out_is_known_by_its_meaning_when_they_return() -> None:
    axis = np.eye(3, dtype=np.float32)
    before = [body(7, centre=axis[0]), body(8, (1, 0, 100), centre=axis[1])]
    near = (axis[0] * 0.95 + axis[2] * 0.31).astype(np.float32)
    now = [body(0, (1, 0, 100), centre=axis[1]), body(1, (4, 0, 100), centre=near)]
    assert recognise(now, before) == {0: 8, 1: 7}
    assert recognise([body(1, (4, 0, 100), centre=axis[2])], before) == {}


def test_nothing_before_and_nothing_now_are_no_trouble() -> None:
    assert recognise([], [body(7, (1, 0, 9))]) == {} == recognise([body(0, (1, 0, 9))], [])
    changes, ended = compare([], [body(7, (1, 0, 9))], 0, 9, ROOMS)
    assert (changes, [each.key for each in ended]) == ({}, [7])
    assert compare([body(1, (1, 0, 9))], [], 9, 0, ROOMS)[0][1].state == "new"
