"""What sponsors see of small units: nothing that tells of single persons, neither shown nor to be calculated back."""

import json

import pytest

from mining.participation.findings import study
from mining.participation.kpi_report import as_html, as_markdown, document
from mining.participation.participation import Panel
from mining.participation.small_units import discreet, is_too_small
from tests.mining.figures import panel_of, units

BIG = units([4, 6, 9, 12, 15, 18, 20, 22, 25], [3, 4, 5, 5, 6, 7, 6, 8, 9])
SMALL = ["Tiny,2024,4,3,91.75", "Nook,2024,30,2,92.25", "Crew,2024,31,30,93.5"]


@pytest.mark.parametrize(
    ("headcount", "participants", "small"),
    [(4, 0, True), (5, 0, False), (30, 1, True), (30, 2, True), (30, 3, False), (30, 28, True), (30, 27, False)]
    + [(30, 30, False), (5, 3, True)],
)
def test_a_unit_is_too_small_where_few_took_part_or_few_did_not(headcount: int, participants: int, small: bool) -> None:
    assert is_too_small(headcount, participants) is small


def test_k_may_be_larger() -> None:
    assert is_too_small(30, 4, k=5) and not is_too_small(30, 5, k=5) and is_too_small(7, 0, k=8)


def test_enough_small_units_become_one_that_is_safe() -> None:
    panel = discreet(panel_of(*BIG, *SMALL))
    [merged] = [cell for cell in panel.cells if cell.unit in panel.merged]
    assert panel.units[-1] == merged.unit == "3 small units together"
    assert (merged.headcount, merged.participants) == (65, 35)
    assert merged.kpis["score"] == pytest.approx((4 * 91.75 + 30 * 92.25 + 31 * 93.5) / 65)


def test_too_few_small_units_are_left_out_of_everything() -> None:
    with_small, without = discreet(panel_of(*BIG, *SMALL[:2])), discreet(panel_of(*BIG))
    assert with_small.cells == without.cells and with_small.merged == ()
    assert study(with_small).statements == study(without).statements
    assert "2 units are too small to be shown" in with_small.problems[0].words


def test_small_units_that_are_too_small_even_together_are_left_out() -> None:
    panel = discreet(panel_of(*BIG, "A,2024,2,1,1", "B,2024,2,0,1", "C,2024,3,1,1"))
    assert panel.merged == () and len(panel.units) == len(BIG)


def test_a_unit_that_is_small_once_is_hidden_always_and_shown_together_only_where_all_are_there() -> None:
    later = [line.replace("2024", "2025") for line in (*BIG, "Tiny,2024,40,20,7", *SMALL[1:2])]
    panel = discreet(panel_of(*BIG, *SMALL, *later))
    assert {cell.period for cell in panel.cells if cell.unit in panel.merged} == {"2024"}
    assert not {"Tiny", "Nook", "Crew"} & {cell.unit for cell in panel.cells}


def test_a_missing_value_of_one_is_a_missing_value_of_all() -> None:
    panel = discreet(panel_of(*BIG, *SMALL[:2], "Crew,2024,31,30,"))
    assert [cell.kpis for cell in panel.cells if cell.unit in panel.merged] == [{}]


@pytest.mark.parametrize("small", [SMALL, SMALL[:1]])
def test_no_output_names_a_small_unit_or_its_figures(small: list[str]) -> None:
    bad = ["Tiny,2025,4,9,5", "Nook,2025,30,two,5", "Crew,2025,31,1,secretly"]
    found = study(discreet(panel_of(*BIG, *small, *bad)))
    for text in (json.dumps(document(found)), as_html(found), as_markdown(found)):
        for secret in ("Tiny", "Nook", "Crew", "91.75", "92.25", "93.5", "9 of 4", "two”", "secretly"):
            assert secret not in text


def test_nothing_is_said_of_small_units_where_there_are_none() -> None:
    panel: Panel = panel_of(*BIG)
    assert discreet(panel) == panel


def test_where_every_unit_is_too_small_that_is_said() -> None:
    found = study(discreet(panel_of(*SMALL[:2])))
    assert [each.words for each in found.statements] == ["No statement is made on score: no unit is left to compare."]
    assert "2 units are too small" in as_html(found) and document(found)["rows"] == []
