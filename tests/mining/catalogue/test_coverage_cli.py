"""`harvest coverage` as a user runs it."""

import json
from pathlib import Path

import pytest

from mining.catalogue.answering import COVERED
from tests.mining.test_cli import Run, refused, runner


@pytest.fixture
def run(spare_data: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(spare_data, monkeypatch)


@pytest.fixture
def modules(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "c.csv"
    friends = "You are promoted and lead your former colleagues: friendships that change and the first appraisal."
    file.write_text(f"title,summary\nBoss of My Friends,{friends}\nGuests,Cultures abroad.\n", "utf-8")
    run("catalogue", "import", file)


def test_themes_come_with_their_verdict_and_what_is_missing_first(run: Run, modules: None) -> None:
    lines = run("coverage", "spring").stdout.splitlines()
    assert "no module" in lines[0] and "nearest: " in lines[0]
    [covered] = [line for line in lines if " covered " in line]
    assert "/3 groups" in covered and "Boss of My Friends (0." in covered
    assert any(line.startswith("Nobody spoke of what 1 of 2 modules are about: Guests") for line in lines)
    assert any(line.startswith("Mindsets: Too little data") for line in lines)


def test_the_document_holds_scores_thresholds_and_passages(run: Run, modules: None) -> None:
    document = json.loads(run("coverage", "spring", "--json").stdout)
    assert document["thresholds"]["covered"] == COVERED and document["modules"] == 2
    [theme] = [theme for theme in document["themes"] if theme["verdict"] == "covered"]
    best = theme["modules"][0]
    assert best["title"] == "Boss of My Friends" and best["score"] >= COVERED and best["passages"]
    assert theme["groups_without_answer"] == 0 and len(document["mindsets"]["sides"]) == 5


def test_modules_that_nobody_studied_are_studied_first(run: Run, spare_data: Path) -> None:
    from tests.factories import make_module
    from tests.mining.conftest import opened

    database = opened(spare_data)
    with database.writing() as session:
        make_module(session, "Boss of My Friends", summary="You are promoted and lead your former colleagues.")
    database.close()
    assert "Boss of My Friends" in run("coverage", "spring").stdout


def test_what_has_to_be_done_first_is_said(run: Run) -> None:
    assert "harvest catalogue import FILE" in refused(run("coverage", "spring"))
    run("events", "create", "empty", "--title", "Empty")
    assert "harvest mine empty" in refused(run("coverage", "empty"))
    assert "There is no event" in refused(run("coverage", "nowhere"))
