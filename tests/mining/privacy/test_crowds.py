from itertools import product

import pytest

from mining.privacy.crowds import common, levelled, literal, masked, named_in, names_told, phrase, subjects, told, used


def test_a_number_of_groups_is_exact_where_enough_are_silent_and_a_least_number_where_not() -> None:
    assert told(4, 10, 3) == (4, True)
    assert told(6, 10, 3) == (6, True)
    assert [told(breadth, 10, 3) for breadth in (7, 8, 9, 10)] == [(7, False)] * 4
    assert [told(breadth, 4, 3) for breadth in (3, 4)] == [(3, False)] * 2


@pytest.mark.parametrize("quorum", [2, 3, 4])
def test_nobody_who_knows_fewer_groups_than_the_quorum_learns_of_another_group(quorum: int) -> None:
    """Every theme of every event of up to nine groups, read by members of up to k - 1 of them: of each other group both
    remain possible, that it raised the theme and that it did not."""
    for groups in range(2 * quorum, 10):
        for breadth in range(quorum, groups + 1):
            published = told(breadth, groups, quorum)
            possible = [b for b in range(quorum, groups + 1) if told(b, groups, quorum) == published]
            for known in range(1, quorum):
                for raised in range(max(0, known - (groups - breadth)), known + 1):
                    others = groups - known
                    left = [b - raised for b in possible if 0 <= b - raised <= others]
                    assert any(b > 0 for b in left)
                    assert any(b < others for b in left), (groups, breadth, known, raised)


def test_shares_never_betray_which_of_two_open_themes_fewer_groups_raise() -> None:
    for shares in product((0.1, 0.2, 0.3), repeat=4):
        for open_ in product((True, False), repeat=4):
            even = levelled(shares, open_)
            assert sum(even) == pytest.approx(sum(shares))
            for i in range(3):
                if open_[i] and open_[i + 1]:
                    assert even[i] >= even[i + 1] - 1e-12
    assert levelled([0.1, 0.5, 0.4], [False, False, False]) == [0.1, 0.5, 0.4]
    assert levelled([0.2, 0.4, 0.4], [True, True, False]) == pytest.approx([0.3, 0.3, 0.4])


def test_words_count_as_used_by_their_groups_in_any_form() -> None:
    said = [
        (1, "I say no to the director."),
        (1, "Saying no again."),
        (2, "They said no."),
        (3, "The finance reviews took a month."),
        (4, "Finance has a review"),
    ]
    wanted = [phrase("saying no"), phrase("finance review"), phrase("finance"), phrase("director")]
    assert used(wanted, said, 2) == {phrase("saying no"), phrase("finance")}


def test_it_is_read_no_further_than_needed() -> None:
    def endless():
        yield 1, "the budget"
        yield 2, "our budgets"
        raise AssertionError

    assert used([phrase("budget")], endless(), 2) == {("budget",)}


def test_what_a_name_is_about_are_its_subject_words_or_all_of_it() -> None:
    assert subjects("Saying no upstairs") == [phrase("upstairs")]
    assert subjects("Promoted to team leader") == [("promote",), ("team",), ("leader",)]
    assert subjects("Before and after") == [phrase("before and after")]


def test_people_lose_their_numbers() -> None:
    assert masked("So [person 3] rang [person 12] at [telephone].") == "So [person] rang [person] at [telephone]."


def test_rooms_are_found_by_their_whole_name_numbers_included() -> None:
    names = [literal("Room 1"), literal("Finance gate"), literal("–")]
    assert named_in(names, "As we said in room 1, the gate of finance") == {("room", "1")}
    assert named_in(names, "room 12 and the FINANCE-GATE") == {("finance", "gate")}


def test_a_rooms_name_that_enough_groups_say_is_nobodys() -> None:
    said = [
        (1, "The sixth meeting ended."),
        (2, "After the sixth meeting."),
        (2, "the finance gate"),
        (2, "Finance gate"),
    ]
    assert common([literal("sixth meeting"), literal("Finance gate")], said, 2) == {("sixth", "meeting")}


def test_names_are_told_by_capitals_and_masks_and_not_by_how_a_sentence_begins() -> None:
    assert names_told("So I met Hester in Lindale. Reviews are slow, and I'm tired.") == 2
    assert names_told("Alice said so to [person 3].") == 2
    assert names_told("We speak English on Monday. There is no time, and It is so.") == 0
