"""Numbers of spreadsheets from different countries."""

import pytest

from mining.participation.kpi_numbers import is_missing, looks_like_number, number, style_of, whole


@pytest.mark.parametrize(
    ("cell", "decimal", "value"),
    [
        ("1,234.5", ".", 1234.5),
        ("1.234,5", ",", 1234.5),
        ("1 234,5", ",", 1234.5),
        ("1\u202f234\u202f567", ",", 1234567),
        ("1'234.5", ".", 1234.5),
        ("1,234,567", ".", 1234567),
        ("12 %", ".", 12),
        ("12,5%", ",", 12.5),
        ("€ 1.200", ",", 1200),
        ("-3.5", ".", -3.5),
        ("−3", ".", -3),
        ("+.5", ".", 0.5),
        ("1.2E+05", ".", 120000),
        ("0", ".", 0),
    ],
)
def test_a_number_is_read_by_its_decimal_sign(cell: str, decimal: str, value: float) -> None:
    assert number(cell, decimal) == pytest.approx(value)


@pytest.mark.parametrize(
    "cell",
    ["", "abc", "1,23,4", "12.34.5", "1e999", "1e300", "12a", "--3", "1 23", "%", ".", "12,5 12", "٣x", "inf", "nan"],
)
def test_what_is_no_number_is_none(cell: str) -> None:
    assert number(cell, ".") is None


@pytest.mark.parametrize(
    ("cells", "decimal"),
    [
        (["1.234", "12,5"], ","),
        (["1,234", "12.5"], "."),
        (["1.234.567"], ","),
        (["0.123"], "."),
        (["1234.567"], "."),
        (["1.234,5"], ","),
        (["1 234.567"], "."),
        (["12", "13"], None),
        (["1.234", "2.345"], None),
        (["1.5", "1,5"], None),
    ],
)
def test_a_column_tells_its_decimal_sign_or_leaves_it_open(cells: list[str], decimal: str | None) -> None:
    assert style_of(cells).decimal == decimal


def test_what_a_column_leaves_open_or_contradicts_is_kept_as_an_example() -> None:
    assert style_of(["12", "1.234"]).open == "1.234"
    assert style_of(["1.5", "text", "1,5"]).examples == {".": "1.5", ",": "1,5"}
    mixed = style_of(["12 %", "0.5"])
    assert mixed.percent and mixed.bare


@pytest.mark.parametrize(
    ("cell", "value"),
    [("12", 12), ("1,234", 1234), ("1.234", 1234), ("12.0", 12), ("1 234", 1234), ("12.5", None), ("-1", None)]
    + [("twelve", None), ("12 %", None), ("", None), ("1e3", 1000)],
)
def test_people_are_counted_in_whole_numbers(cell: str, value: int | None) -> None:
    assert whole(cell) == value


def test_the_ways_to_leave_a_cell_empty_are_known() -> None:
    assert all(is_missing(cell) for cell in ("", " ", "-", "n/a", "N/A", "#N/A", "NaN", "–", "k.A."))
    assert not any(is_missing(cell) for cell in ("0", "none of it", "no"))
    assert looks_like_number("1.234,5") and not looks_like_number("high")
