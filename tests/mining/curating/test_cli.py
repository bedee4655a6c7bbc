"""`harvest curate` as a user runs it."""

import getpass
import json
from pathlib import Path

import pytest

from capture.console import who_sits_here
from tests.mining.curated import Spring, part_by_room
from tests.mining.test_cli import Run, refused, runner


@pytest.fixture
def change(spring_data: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(spring_data, monkeypatch)


def test_every_decision_says_in_one_sentence_what_was_done(change: Run, spring: Spring) -> None:
    budget, friends, meetings = (spring.on(subject) for subject in ("budget", "friends", "meetings"))
    part_by_room(spring, "friends")
    undo = "To take it back: harvest curate spring undo\n"
    assert change("curate", "spring", "rename", budget.number, "Money").stdout == f"Named a theme “Money”. {undo}"
    merged = change("curate", "spring", "merge", spring.on("budget").number, spring.on("meetings").number)
    assert merged.stdout == f"Merged “{meetings.label}” into “Money”. {undo}"
    said = change("curate", "spring", "split", spring.themes()[friends.strand].number).stdout
    assert said.startswith(f"Split “{friends.label}” into “")
    number = min(spring.on("handover").passages)
    assert "out of its theme." in change("curate", "spring", "move", number, "none").stdout
    hidden = spring.on("handover")
    assert f"Set “{hidden.label}” aside as off-topic." in change("curate", "spring", "hide", hidden.number).stdout
    assert hidden.strand not in spring.themes()
    assert f"set “{hidden.label}” aside as off-topic." in change("curate", "spring", "undo").stdout
    assert hidden.strand in spring.themes()


def test_the_log_is_a_table_or_one_document(change: Run, spring: Spring) -> None:
    assert "Nobody has decided anything yet" in change("curate", "spring", "log").stdout
    change("curate", "spring", "rename", spring.on("budget").number, "Money")
    change("curate", "spring", "undo")
    who = getpass.getuser()
    [line] = change("curate", "spring", "log").stdout.splitlines()
    assert f"{who} named a theme “Money” (undone by {who}, 20" in line
    document = json.loads(change("curate", "spring", "log", "--json").stdout)
    [entry] = document["decisions"]
    assert (entry["verb"], entry["made_by"], entry["undone_by"], entry["latest"]) == ("rename", who, who, False)
    assert entry["made_at"] < entry["undone_at"]


def test_what_cannot_be_is_one_line_and_changes_nothing(change: Run) -> None:
    assert "There is no theme 99" in refused(change("curate", "spring", "rename", 99, "Money"))
    assert "needs at least one letter" in refused(change("curate", "spring", "rename", 1, "  "))
    assert "merged with another one only" in refused(change("curate", "spring", "merge", 1, 1))
    assert "nothing to undo" in refused(change("curate", "spring", "undo"))
    assert "There is no event" in refused(change("curate", "summer", "undo"))
    wrong = change("curate", "spring", "move", 1, "somewhere")
    assert wrong.exit_code == 2
    assert "“somewhere” is neither the number of a theme nor “none”." in wrong.stderr


def test_who_decides_is_known_without_an_account_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError("No username set in the environment")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert who_sits_here() == "the command line"
