"""Tables that a spreadsheet opens as they are meant."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from capture.errors import HarvestError
from capture.spreadsheets import as_table, give, write_either


def test_no_cell_is_taken_for_a_formula_and_numbers_stay_numbers() -> None:
    hostile = ["=1+1", "+49 30", "-x", "@sum(A1)", "\tx", "'=1", "plain, “quoted”", 'a "b"']
    text = as_table(["a", "b"], [[cell, -0.5] for cell in hostile] + [[None, 3]])
    assert text.startswith("\ufeffa,b\r\n")
    rows = list(csv.reader(StringIO(text[1:], newline="")))
    assert [row[0] for row in rows[1:]] == [f"'{cell}" for cell in hostile[:6]] + [*hostile[6:], ""]
    assert {row[1] for row in rows[1:-1]} == {"-0.5"} and rows[-1][1] == "3"


def test_lines_within_a_cell_stay_in_it() -> None:
    rows = list(csv.reader(StringIO(as_table(["a", "b"], [["one\ntwo", "x"]])[1:], newline="")))
    assert rows == [["a", "b"], ["one\ntwo", "x"]]


def test_the_ending_chooses_what_is_written(tmp_path: Path) -> None:
    document, table = {"a": "ü"}, as_table(["a"], [["ü"]])
    write_either(tmp_path / "x.JSON", document, table)
    assert json.loads((tmp_path / "x.JSON").read_text("utf-8")) == document
    write_either(tmp_path / "x.csv", document, table)
    assert (tmp_path / "x.csv").read_bytes() == table.encode()
    with pytest.raises(HarvestError, match=r"ends in neither \.csv nor \.json"):
        write_either(tmp_path / "x.xls", document, table)
    with pytest.raises(HarvestError, match="cannot be written"):
        write_either(tmp_path / "nowhere" / "x.csv", document, table)


def test_a_command_gives_a_file_a_document_both_or_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "x.csv"

    def said(output: Path | None, as_json: bool, what: str = "") -> str:
        give({"a": 1}, as_table(["a"], [[1]]), ["a line", "another"], output, as_json, what)
        return capsys.readouterr().out

    assert said(None, False) == "a line\nanother\n"
    assert json.loads(said(None, True)) == {"a": 1} and not out.exists()
    assert said(out, False) == f"Wrote {out}\n" and out.exists()
    assert said(out, False, "one thing") == f"Wrote one thing to {out}\n"
    assert json.loads(said(tmp_path / "x.json", True)) == json.loads((tmp_path / "x.json").read_text("utf-8"))
