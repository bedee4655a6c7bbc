"""Tables as spreadsheets write them: encodings, delimiters, quotes, and what is wrong with them."""

import tracemalloc

import pytest

from capture.errors import UnreadableFile
from capture.tables import read_table

ALIASES = {"email": ("mail", "E-Mail address")}


def read(data: bytes, longest: int = 1000):  # type: ignore[no-untyped-def]
    return read_table(data, "people.csv", ("name",), ("email", "groups"), ALIASES, longest)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_same_table_is_read_from_every_encoding_and_delimiter(codec: str, delimiter: str) -> None:
    text = f"Name{delimiter}E-Mail{delimiter}Groups\r\nLucía{delimiter}l@x.org{delimiter}A | B\r\n"
    table = read(text.encode(codec))
    assert table.problems == []
    assert [(row.line, row.values) for row in table.rows] == [
        (2, {"name": "Lucía", "email": "l@x.org", "groups": "A | B"})
    ]


def test_an_old_encoding_is_read_and_said() -> None:
    table = read("name;mail\nJürgen Groß;j@x.org\n".encode("cp1252"))
    assert table.rows[0].values["name"] == "Jürgen Groß"
    assert "Windows-1252" in table.problems[0]


def test_a_row_says_the_line_it_begins_in_and_keeps_what_nobody_asked_for() -> None:
    table = read(b'name,Likes,mail\n"Anna\nWeber",tea,a@x.org\n\n , ,\nBo,,b@x.org\n')
    assert [(row.line, row.values["email"], row.others) for row in table.rows] == [
        (2, "a@x.org", {"Likes": "tea"}),
        (6, "b@x.org", {}),
    ]
    assert table.rows[1].others["Likes"] == ""
    assert table.columns == ("name", "email") and table.others == ("Likes",)


def test_short_rows_are_filled_and_long_ones_are_said() -> None:
    table = read(b"name,mail\nAnna\nBo,b@x.org,and more\n")
    assert [row.values["email"] for row in table.rows] == ["", "b@x.org"]
    assert "Line 3 has more cells" in table.problems[0]


def test_a_cell_of_three_megabytes_leaves_out_its_row_alone() -> None:
    table = read(b"name,mail\nAnna,a@x.org\n" + b"x" * (3 << 20) + b",b@x.org\nCy,c@x.org\n")
    assert [row.values["name"] for row in table.rows] == ["Anna", "Cy"]
    assert table.problems[0].startswith("Line 3 was left out: one of its cells has 3,145,728 letters")


def test_a_quotation_mark_that_is_never_closed_is_said() -> None:
    table = read(b'name,mail\nAnna,a@x.org\n"Bo,b@x.org\nCy,c@x.org\n')
    assert table.rows[0].values["name"] == "Anna"
    assert "never closed" in table.problems[-1]


def test_the_line_that_a_spreadsheet_writes_about_its_delimiter_is_obeyed() -> None:
    assert read(b"sep=|\nname|mail\nAnna|a@x.org\n").rows[0].values["email"] == "a@x.org"


def test_two_headers_for_one_column_are_said_and_the_first_counts() -> None:
    table = read(b"name,mail,E-MAIL ADDRESS\nAnna,a@x.org,b@x.org\n")
    assert table.rows[0].values["email"] == "a@x.org"
    assert "mean the same" in table.problems[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"mail,groups\na@x.org,A\n", "has no column “name”; its first line has “mail”, “groups”"),
        (b"PK\x03\x04rest", "Save the table as CSV"),
        (b"name\n\x00\x01\x02", "is not text"),
        (b"\xff\xfen\x00a", "is damaged"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_with_the_remedy(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as refused:
        read(data)
    assert str(refused.value).startswith("people.csv")


def test_a_small_file_with_many_columns_stays_small_and_says_so() -> None:
    header = "name," + ",".join(f"c{number}" for number in range(4000))
    data = f"{header}\n".encode() + b"x\n" * 4000
    tracemalloc.start()
    table = read(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000, f"{most:,} bytes for {len(data):,}"  # 300 MB before
    assert len(table.rows) == 4000 and table.rows[-1].values["name"] == "x"
    assert table.problems == ["The first line has 4,001 columns; the first 200 were read."]
    assert len(table.others) == 199 and table.rows[0].others["c7"] == ""


def test_of_two_columns_with_one_header_the_last_counts() -> None:
    assert read(b"name,x,x\nAnna,1,2\n").rows[0].others == {"x": "2"}


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_more_lines_than_any_table_has_are_refused_before_they_are_read(end: bytes) -> None:
    with pytest.raises(UnreadableFile, match="has 1,000,001 lines"):
        read(b"name" + end * 1_000_001)
