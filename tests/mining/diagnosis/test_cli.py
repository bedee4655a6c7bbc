"""`harvest diagnose` and `harvest compare` as a user runs them."""

import json
from pathlib import Path

import pytest

from tests.mining.programme import copied, programme_data  # noqa: F401  (fixture)
from tests.mining.test_cli import Run, refused, runner


@pytest.fixture
def run(programme_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:  # noqa: F811
    copied(programme_data, tmp_path / "data")
    return runner(tmp_path / "data", monkeypatch)


def test_the_diagnosis_is_told_in_sentences_with_figures(run: Run) -> None:
    lines = run("diagnose", "spring").stdout.splitlines()
    assert lines[0].startswith("Spring: 6 groups talked, ")
    assert [line for line in lines if line in ("Agency", "Responsiveness", "Connectivity", "What comes next")]
    text = "\n".join(lines)
    assert "commitments found in talk, in" in text and "Since Autumn: 2 of " in text and "The rule: " in text


def test_the_diagnosis_as_data_holds_counts_and_ranges_and_no_talk(run: Run) -> None:
    document = json.loads(run("diagnose", "spring", "--json").stdout)
    assert document["ranges"] == {"level": 0.9, "draws": 2000, "over": "groups"}
    forward = document["agency"]["forward"]
    assert 0 <= forward["low"] < forward["value"] < forward["high"] <= 1
    assert document["event"]["day"] == "2026-03-19" and "coverage" not in document["responsiveness"]
    assert len(document["by_group"]) == 6 and document["connectivity"]["bridging"]["chance"]["as_low"] > 0
    assert document["agency"]["commitments"]["found"] > 0


def test_a_missing_roster_and_an_event_without_themes_are_said_with_what_to_do(run: Run) -> None:
    assert "harvest roster import autumn FILE" in run("diagnose", "autumn").stdout
    run("events", "create", "empty", "--title", "Empty")
    assert "harvest mine empty" in refused(run("diagnose", "empty"))
    assert "There is no event" in refused(run("diagnose", "nowhere"))


def test_events_are_compared_in_sentences_and_as_data(run: Run) -> None:
    text = run("compare", "spring").stdout
    assert text.startswith("Events: Autumn (2025-10-09); Spring (2026-03-19).")
    assert "\nNew\n" in text and "\nGone\n" in text and "Answered by “Boss of My Friends” (2026-01-15)." in text
    assert text == run("compare", "autumn", "spring").stdout
    document = json.loads(run("compare", "spring", "autumn", "--json").stdout)
    states = {line["state"] for line in document["lines"]}
    assert {"new", "gone"} < states and document["arcs"][1]["agency"]["low"] is not None


def test_a_single_event_cannot_be_compared(run: Run) -> None:
    run("events", "create", "alone", "--title", "Alone")
    said = refused(run("compare", "alone"))
    assert "two mined events of one programme" in said and "--programme NAME" in said
    assert "no event of this programme" in refused(run("compare", "spring", "alone"))


def test_figures_are_written_to_a_file_that_is_what_the_document_says(run: Run, tmp_path: Path) -> None:
    table, data = tmp_path / "d.csv", tmp_path / "c.json"
    assert run("diagnose", "spring", "-o", str(table)).stdout == f"Wrote {table}\n"
    assert table.read_text("utf-8").startswith("\ufeffpart,figure,unit,value,low,high,counts,sentence")
    printed = run("compare", "spring", "--json", "-o", str(data)).stdout
    assert json.loads(printed) == json.loads(data.read_text("utf-8"))
    assert "ends in neither .csv nor .json" in refused(run("compare", "spring", "-o", str(tmp_path / "x.txt")))
