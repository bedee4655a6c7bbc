"""`harvest kpi` as a user runs it."""

import json
from pathlib import Path

import pytest

from tests.conftest import SAMPLES
from tests.mining.figures import table, units
from tests.mining.test_cli import Run, refused, runner

SAMPLE = SAMPLES / "participation.csv"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(tmp_path / "data", monkeypatch)


def test_the_sentences_the_limits_and_the_table_are_printed(run: Run, tmp_path: Path) -> None:
    said = run("kpi", SAMPLE, "--lower-is-better", "days lost").stdout
    assert "Over all 3 periods, each unit counted once, units with a larger share" in said
    assert "tended to have lower days lost, the better side" in said
    assert "What this cannot show" in said and "No cause." in said
    assert ["Bakery", "school", "2025", "4", "2", "50", "%", "7.9", "4.2"] in [
        line.split() for line in said.splitlines()
    ]
    assert not (tmp_path / "data").exists()


def test_json_is_one_document(run: Run) -> None:
    told = json.loads(run("kpi", SAMPLE, "--json").stdout)
    assert told["units"] == 17 and told["periods"] == ["2023", "2024", "2025"]


def test_for_sponsors_small_units_are_not_told(run: Run) -> None:
    told = json.loads(run("kpi", SAMPLE, "--for-sponsors", "--json").stdout)
    names = {row["unit"] for row in told["rows"]}
    assert "Bakery school" not in names and "3 small units together" in names and "Bakery school" not in str(told)
    more = json.loads(run("kpi", SAMPLE, "--for-sponsors", "--quorum", "6", "--json").stdout)
    assert more["units"] < told["units"]


def test_a_report_is_written_in_the_format_that_its_name_tells(run: Run, tmp_path: Path) -> None:
    page, text = tmp_path / "report.html", tmp_path / "report.md"
    assert run("kpi", SAMPLE, "-o", page).stdout == f"Wrote 10 of 10 statements to {page}\n"
    run("kpi", SAMPLE, "-o", text)
    assert page.read_text("utf-8").startswith("<!doctype html>") and text.read_text("utf-8").startswith(
        "# Participation"
    )
    assert "neither .html nor .md" in refused(run("kpi", SAMPLE, "-o", tmp_path / "report.pdf"))
    assert "cannot be written" in refused(run("kpi", SAMPLE, "-o", tmp_path / "nowhere" / "report.md"))


def test_few_units_and_bad_rows_are_said_in_words(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "figures.csv"
    file.write_bytes(table(*units([1, 2, 3], [4, 5, 6]), "Oak,2024,10,12,5"))
    said = run("kpi", file).stdout
    assert "3 units have both figures, and under 8 chance decides" in said
    assert "Line 5 was left out: more participants than people (12 of 10)." in said


def test_what_cannot_be_read_is_said_in_words(run: Run, tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refused(run("kpi", tmp_path / "none.csv"))
    assert "cannot be read" in refused(run("kpi", tmp_path))
    assert "has no column" in refused(run("kpi", SAMPLES / "roster.csv"))
    assert "no column of figures “rework”" in refused(run("kpi", SAMPLE, "--lower-is-better", "rework"))
