import json
from pathlib import Path

from tests.capture.test_cli import Run, run, transcript

__all__ = ["run"]


def test_what_rooms_agreed_to_is_shown_noted_and_taken_back(run: Run, tmp_path: Path) -> None:
    run("events", "create", "spring", "--title", "Spring")
    transcript(tmp_path / "in", "Green room.vtt", "We never look back at anything we did.")
    transcript(tmp_path / "in", "Red room.vtt", "Nobody asks about the budget.")
    run("add", "spring", tmp_path / "in", "--consent", "all agreed")
    assert run("consent", "spring").output == "Green room: all agreed\nRed room: all agreed\n"
    back = run("consent", "spring", "green room", "--withdraw")
    assert back.exit_code == 0
    assert "“Green room” is quoted to nobody outside it any more" in back.output and "It was: all agreed" in back.output
    rooms = json.loads(run("consent", "spring", "--json").output)["rooms"]
    assert [(each["room"], each["noted"]) for each in rooms] == [("Green room", False), ("Red room", True)]
    assert run("consent", "spring", "Green room", "--undo").output == "Green room: all agreed\n"
    assert "Nothing was taken back" in run("consent", "spring", "Green room", "--undo").output
    assert run("consent", "spring", "Green room", "--note", "agreed after all").output == (
        "Green room: agreed after all\n"
    )


def test_a_question_that_is_not_clear_is_not_guessed_at(run: Run, tmp_path: Path) -> None:
    run("events", "create", "spring", "--title", "Spring")
    for asked in (
        ["--withdraw"],
        ["--note", "x"],
        ["A", "--note", "x", "--withdraw"],
        ["--undo"],
        ["A", "--withdraw", "--undo"],
    ):
        assert run("consent", "spring", *asked).exit_code == 2
    assert "There is no room “A”" in run("consent", "spring", "A", "--withdraw").output
