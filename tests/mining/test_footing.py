"""The sentences on trust: what they say, of whom, and what they pass over."""

from typing import Any

import pytest

from mining.footing import NAMED, Footing, Named, Remark, Standing, counted, percent, remarks

ROOMS = {1: ("Red room", 1200.0), 2: ("Blue room", 900.0), 3: ("Green room", 95.0), 4: ("Hall", 20.4)}
WELL = {"runs": 4, "without_theme": 0.0, "thin": [], "weak": []}


def footing(**values: Any) -> Footing:
    themes = [Standing(1, "Finance says no", 4, 0.97), Standing(2, "No time", 2, 0.9)]
    return Footing(**{"stability": 0.91, "trust": WELL, "themes": themes, "rooms": ROOMS, **values})


def said(**values: Any) -> list[str]:
    return [str(each) for each in remarks(footing(**values))]


def test_where_all_is_well_one_remark_says_so() -> None:
    assert said() == [
        "Looked for four more times, each time without a tenth of the talk, the themes are steady: much the same ones "
        "come out again (agreement 91 %, where 0 % would be chance). Every room talked enough, and no transcript is "
        "weak."
    ]


@pytest.mark.parametrize(
    ("stability", "words"), [(0.75, "the themes are fairly steady: "), (0.3, "the themes are shaky: ")]
)
def test_the_whole_comes_first_with_its_verdict(stability: float, words: str) -> None:
    [first] = said(stability=stability)
    assert words in first and f"agreement {stability:.0%}".replace("%", " %") in first


def test_less_agreement_than_chance_is_not_a_figure_below_nothing() -> None:
    assert "agreement 0 %" in said(stability=-0.04)[0]


def test_shaky_themes_are_named_the_most_fleeting_first() -> None:
    themes = [Standing(1, "A", 3, 0.9), Standing(2, "B", 3, 0.6), Standing(3, "C", 3, 0.2), Standing(4, "D", 2, 0.7)]
    first, second = remarks(footing(themes=themes))[1:]
    assert first == Remark("One theme may not come out again", (Named("C", theme=3),))
    assert str(second) == "Two themes may come out with other borders: B, D."


def test_a_theme_that_a_person_made_is_said_not_to_be_measured() -> None:
    themes = [Standing(1, "A", 3, 0.9), Standing(2, "B", 3, None)]
    assert said(themes=themes)[1] == "One theme came from a decision, so how steady it is was not measured: B."


def test_talk_without_a_theme_is_told_with_the_reasons() -> None:
    assert said(without=0.08, asides={"technical trouble": 0.03, "arrangements": 0.002})[1] == (
        "8 % of the talk is in no theme: near none of them (5 %), technical trouble (3 %), arrangements (under 1 %)."
    )
    assert said(without=0.03, asides={"technical trouble": 0.03})[1] == (
        "3 % of the talk is in no theme: technical trouble (3 %)."
    )
    assert len(said(without=0.004)) == 1


def test_themes_of_one_group_are_named_where_there_are_more_than_two_groups() -> None:
    themes = [Standing(1, "A", 2, 0.9), Standing(2, "B", 1, 0.9), Standing(3, "C", 1, 0.9)]
    assert said(themes=themes)[1] == "Two themes are raised by one group only: B, C."
    assert len(said(themes=themes, rooms={1: ROOMS[1], 2: ROOMS[2]})) == 1


def test_thin_and_weak_rooms_are_named_unless_they_are_silent_or_gone() -> None:
    rooms = {**ROOMS, 5: ("Silent", 0.0)}
    first, second = remarks(footing(trust={**WELL, "thin": [3, 4, 5, 99], "weak": [2]}, rooms=rooms))[1:]
    assert str(first) == (
        "Under 3 minutes of talk, which says little of the group, in two rooms: Green room (2 min), Hall (20 s)."
    )
    assert [each.room for each in first.names] == [3, 4]
    assert str(second) == "More than 15 % of the words in doubt, so a weak transcript, in one room: Blue room."


def test_of_many_rooms_the_first_are_named_and_the_rest_counted() -> None:
    rooms = {n: (f"Room {n}", 60.0) for n in range(60)}
    [_, thin] = remarks(footing(trust={**WELL, "thin": list(rooms)}, rooms=rooms))
    assert len(thin.names) == NAMED and "in 60 rooms: Room 0 (1 min), " in str(thin)
    assert str(thin).endswith(f"Room {NAMED - 1} (1 min) and {60 - NAMED} more.")


def test_what_was_not_measured_is_said_with_the_reason() -> None:
    themes = [Standing(1, "A", 3, None)]
    assert "an earlier Harvest found them" in said(stability=None, trust={}, themes=themes)[0]
    [large] = said(stability=None, trust={**WELL, "runs": 0}, themes=themes)
    assert large == "How steady the themes are was not measured: so much talk takes too long to look through again."
    assert said(stability=None, trust={**WELL, "runs": 0}, themes=[], without=1.0) == [
        "How steady the themes are was not measured, as there are none."
    ]


def test_figures_are_written_as_people_write_them() -> None:
    assert [percent(s) for s in (0, 0.0049, 0.194, 1)] == ["0 %", "under 1 %", "19 %", "100 %"]
    assert [counted(1, "room"), counted(12, "room"), counted(1300, "room"), counted(4)] == [
        *("one room", "twelve rooms", "1,300 rooms", "four"),
    ]
