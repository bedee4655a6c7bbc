"""Why these people, in one line of facts."""

import pytest

from mining.peers.themes import Challenge, Peer
from mining.peers.words import figures_sentence, listed, why

REVIEW = Challenge(7, 1, "Finance review", 4)


def peer(
    key: int, department: str, organisation: str = "E", fits: dict[int, int] | None = None, pick: bool = False
) -> Peer:
    known = {7: 40} if fits is None else fits
    return Peer(key, f"P{key}", None, organisation, department, known, frozenset({7} if pick else ()), ())


FOUR = [peer(1, "Engineering"), peer(2, "Sales"), peer(3, "Finance"), peer(4, "Sales")]


def test_the_line_says_what_they_share_where_they_come_from_and_that_they_have_not_met() -> None:
    assert why(FOUR, REVIEW, {}) == (
        "All four live with “Finance review”; they come from Engineering, Sales and Finance and have not sat together."
    )


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([*FOUR[:2], peer(5, "IT", fits={})], "Two of the three live with"),
        ([*FOUR[:2], peer(5, "IT", fits={3: 20})], "Two of the three live with"),
        ([FOUR[0], peer(5, "IT", pick=True)], "Both live with “Finance review”, which one of them picked;"),
        ([peer(1, "Sales"), peer(2, "Sales")], "all of them come from Sales and"),
        ([peer(1, "Sales"), peer(2, "Sales", "F")], "they come from E and F and"),
        ([peer(1, "Sales"), peer(2, "IT", "F")], "they come from Sales and IT of E and F and"),
        ([peer(1, "", ""), peer(2, "", "")], "where they come from is not known and"),
        ([], "Nobody is in this group any more."),
    ],
)
def test_nothing_is_said_that_is_not_so(members: list[Peer], said: str) -> None:
    assert said in why(members, REVIEW, {})


def test_who_met_is_named_to_organisers_and_counted_for_members() -> None:
    met = {frozenset(pair): "“Room 1”" for pair in ((1, 2), (1, 3), (2, 3))}
    assert why(FOUR, REVIEW, met).endswith(
        "Finance, but P1 and P2 sat together in “Room 1”, P1 and P3 sat together in “Room 1” and so did one other pair."
    )
    assert why(FOUR, REVIEW, met, named=False).endswith("and three pairs of them have sat together before.")


def test_a_theme_that_must_not_be_told_is_not_told() -> None:
    assert "Finance review" not in why(FOUR, None, {})
    told = why([*FOUR[:2], peer(5, "IT", fits={})], REVIEW, {}, named=False)
    assert told.startswith("What brings this group together is “Finance review”; they come from")
    assert "Two of" not in told, "members are not told whose group did not raise it"
    assert why(FOUR, None, {}, named=False).startswith("What brings this group together is a theme you share;")
    assert listed(["A", "B", "C"]) == "A, B and C"


def test_how_good_a_draw_is_says_when_time_ran_out_or_hands_were_at_work() -> None:
    figures = {"seated": 9, "groups": 3, "value": 4000, "bound": 4100, "gap": 0.1, "cut_short": True, "by_hand": True}
    said = figures_sentence(figures | {"greedy": {"value": 3900}, "random": {"value": 3000}})
    for part in (
        "Nine people in three groups, worth 4,000",
        "more than 4,100",
        "10 %",
        "3,900",
        "3,000",
        "time limit",
        "by hand",
    ):
        assert part in said
