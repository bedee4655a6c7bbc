"""A table of figures as people bring it: read, checked by line, refused in words."""

import pytest

from capture.errors import Refused, UnreadableFile
from mining.participation.participation import MOST_KPIS, MOST_PERIODS, MOST_ROWS, Panel, read_panel
from tests.conftest import SAMPLES
from tests.mining.figures import HEAD, panel_of, table


def said(panel: Panel) -> str:
    return "\n".join(problem.words for problem in panel.problems)


def test_the_sample_is_read_without_a_problem() -> None:
    panel = read_panel((SAMPLES / "participation.csv").read_bytes(), "participation.csv", ["Days Lost"])
    assert panel.problems == ()
    assert len(panel.units) == 17 and panel.periods == ("2023", "2024", "2025") and len(panel.cells) == 51
    assert panel.kpis == ("engagement", "days lost") and panel.lower == {"days lost"}
    first = panel.of("2023")[0]
    assert (first.unit, first.headcount, first.participants) == ("Assembly, Kestrel Road", 64, 6)
    assert first.density == pytest.approx(6 / 64)
    assert sum("days lost" not in cell.kpis for cell in panel.cells) == 1


def test_rows_that_cannot_be_used_are_named_by_line_value_and_what_was_expected() -> None:
    panel = panel_of(
        "Ash,2024,10,3,5",
        "Beech,2024,10,12,5",
        "Cedar,2024,0,0,5",
        "Dogwood,2024,-4,1,5",
        "Elm,2024,ten,1,5",
        ",2024,10,1,5",
        "Fir,2024,10,,5",
        "Gorse,2024,10,1,high",
    )
    assert [cell.unit for cell in panel.cells] == ["Ash", "Gorse"]
    assert [problem.words for problem in panel.problems] == [
        "Line 3 was left out: more participants than people (12 of 10).",
        "Line 4 was left out: a headcount of 0 has no share of participants.",
        "Line 5 was left out: expected a whole number in headcount, found “-4”.",
        "Line 6 was left out: expected a whole number in headcount, found “ten”.",
        "Line 7 was left out: its unit is empty.",
        "Line 8 was left out: expected a whole number in participants, found nothing.",
        "Line 9, column “score”: expected a number; the row counts as without a value there (found “high”).",
    ]
    assert panel.cells[1].kpis == {}


def test_a_unit_and_period_that_is_given_twice_is_used_only_where_both_rows_agree() -> None:
    panel = panel_of("Ash,Q1 2024,10,3,5", "ash,2024-Q1,10,4,5", "Elm,Q1 2024,10,3,5", "Elm ,q1 2024,10,3,5")
    assert [cell.unit for cell in panel.cells] == ["Elm"]
    assert "Lines 2, 3 give the same unit and period; which is right cannot be known" in said(panel)
    assert "Lines 4, 5 give the same unit and period; they say the same" in said(panel)


def test_decimal_commas_and_points_are_told_apart_by_column() -> None:
    head = "Unit;Period;Head count;Took part;a;b;c"
    panel = panel_of("Ash;2024;1.234;40;1.234,5;12 %;1.234", "Elm;2024;14;4;0,5;13,5 %;2.345", head=head)
    assert panel.cells[0].headcount == 1234
    assert panel.cells[0].kpis == {"a": 1234.5, "b": 12, "c": 1234}
    assert "“c” does not tell its decimal sign; it was read like the file's other columns" in said(panel)


def test_a_column_that_mixes_points_and_commas_is_not_used() -> None:
    panel = panel_of("Ash;2024;10;4;2.5;1", "Elm;2024;14;4;2,5;2", head=f"{HEAD};ok".replace(",", ";"))
    assert panel.kpis == ("ok",)
    assert "“score” was not used: it mixes decimal points and decimal commas (“2.5” and “2,5”)" in said(panel)


def test_a_column_that_nothing_settles_is_named_and_not_guessed() -> None:
    panel = panel_of('Ash,2024,10,3,"1.234",7', 'Elm,2024,10,4,"2.345",8', head=f"{HEAD},whole")
    assert panel.kpis == ("whole",)
    assert "“score” was not used: its numbers can be read with a thousands separator" in said(panel)


def test_bare_fractions_among_percents_are_not_taken_for_percents() -> None:
    panel = panel_of("Ash,2024,10,3,12 %", "Elm,2024,10,4,0.12", "Fir,2024,10,4,15")
    assert [cell.kpis for cell in panel.cells] == [{"score": 12}, {}, {"score": 15}]
    assert "Line 3, column “score”: expected a percent sign" in said(panel)


def test_columns_of_text_empty_ones_and_too_many_are_said() -> None:
    numbers = ",".join(f"k{i}" for i in range(MOST_KPIS + 2))
    panel = panel_of(
        "Ash,2024,10,3" + ",1" * (MOST_KPIS + 2) + ",red,",
        head=f"unit,period,headcount,participants,{numbers},colour,bare",
    )
    assert len(panel.kpis) == MOST_KPIS
    assert "“colour” was not used: it holds text" in said(panel) and "“bare” was not used: it holds nothing" in said(
        panel
    )
    assert f"without “k{MOST_KPIS}”, “k{MOST_KPIS + 1}”" in said(panel)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"unit,period,people\na,2024,3\n", "no column “participants”"),
        (b"unit,headcount,participants\na,3,1\n", "no column “period”; its first line has “unit”, “headcount”"),
        (b"unit,period,headcount,participants\na,2024,3,1\n", "no column of figures"),
        (b"unit,period,headcount,participants,note\na,2024,3,1,fine\n", "it has “note”"),
        (b"%PDF-1.7 nothing", "is a PDF"),
    ],
)
def test_a_table_that_cannot_be_used_at_all_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match="figures.csv") as refused:
        read_panel(data, "figures.csv")
    assert why in str(refused.value)


def test_a_table_that_is_too_long_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="rows"):
        panel_of(*(f"u{i},2024,10,3,5" for i in range(MOST_ROWS + 1)))
    with pytest.raises(UnreadableFile, match="periods"):
        panel_of(*(f"Ash,{1900 + i},10,3,5" for i in range(MOST_PERIODS + 1)))


def test_a_cell_of_three_megabytes_costs_its_row_only() -> None:
    panel = read_panel(table("Ash,2024,10,3,5", f"Elm,2024,10,3,{'9' * 3_000_000}"), "figures.csv")
    assert [cell.unit for cell in panel.cells] == ["Ash"] and "Line 3 was left out" in said(panel)


def test_other_encodings_are_read() -> None:
    text = f"{HEAD}\nKüche,2024,10,3,5"
    assert read_panel(text.encode("utf-16"), "f.csv").units == ("Küche",)
    old = read_panel(text.encode("cp1252"), "f.csv")
    assert old.units == ("Küche",) and "old encoding" in said(old)


def test_a_column_said_to_be_better_lower_has_to_be_there() -> None:
    with pytest.raises(Refused, match="no column of figures “scores”; it has “score”"):
        panel_of("Ash,2024,10,3,5", lower=["scores"])


def test_periods_are_put_in_order_however_the_rows_come() -> None:
    panel = panel_of("Ash,Q2 2024,10,4,6", "Ash,Q1 2024,10,3,5")
    assert panel.periods == ("Q1 2024", "Q2 2024") and [cell.kpis["score"] for cell in panel.cells] == [5, 6]
