import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import FIXTURES
from web.cli import main

Run = Callable[..., Result]
ENGINE = f"whisper:{FIXTURES / 'tiny-whisper' / 'model'}"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `harvest ARGUMENTS` as a user would, errors turned into exit codes."""
    import click

    @click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
    @click.pass_context
    def command(context: click.Context) -> None:
        monkeypatch.setattr("sys.argv", ["harvest", "--data", str(tmp_path / "data"), *context.args])
        main()

    return lambda *arguments: CliRunner().invoke(command, [str(a) for a in arguments])


def transcript(folder: Path, name: str, line: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"WEBVTT\n\n00:01.000 --> 00:05.000\n<v Ann Lee>{line}\n", "utf-8")
    return path


def test_an_event_is_made_listed_shown_and_deleted(run: Run) -> None:
    made = run("events", "create", "spring", "--title", "Spring", "--held-on", "2026-03-14")
    assert (made.exit_code, made.output) == (0, "Made the event “spring”. Next: harvest add spring FOLDER\n")
    assert json.loads(run("events", "list", "--json").output)[0]["held_on"] == "2026-03-14"
    assert "Spring: 0 rooms" in run("events", "show", "spring").output
    assert "Deleted “Spring”" in run("events", "delete", "spring", "--yes").output
    assert "no events yet" in run("events", "list").output


def test_an_unknown_event_ends_with_one_line_and_1(run: Run, tmp_path: Path) -> None:
    for arguments in (["add", "nowhere", tmp_path], ["transcribe", "nowhere"], ["events", "show", "nowhere"]):
        result = run(*arguments)
        assert result.exit_code == 1
        assert result.output.startswith("harvest: There is no event “nowhere”.")
        assert len(result.output.splitlines()) == 1


def test_a_day_that_is_none_is_a_wrong_question_and_ends_with_2(run: Run) -> None:
    result = run("events", "create", "spring", "--title", "T", "--held-on", "yesterday")
    assert result.exit_code == 2 and "write it as 2026-03-14" in result.output


def test_of_forty_files_with_three_bad_ones_37_arrive_and_3_are_named(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "rooms"
    for number in range(37):
        transcript(folder, f"room-{number:02}.vtt", f"We talked about subject number {number} at length.")
    (folder / "empty.mp3").write_bytes(b"")
    (folder / "list.mp3").write_text("milk, bread, and other things to buy\n" * 9)
    (folder / "broken.m4a").write_bytes(bytes(range(256)) * 40)
    run("events", "create", "spring", "--title", "Spring")
    result = run("add", "spring", folder)
    assert result.exit_code == 1
    refused = [line for line in result.output.splitlines() if line.startswith("Not added: ")]
    assert [line.split()[2].strip("“”") for line in refused] == ["broken.m4a", "empty.mp3", "list.mp3"]
    assert "37 added, 3 refused." in result.output
    assert json.loads(run("events", "show", "spring", "--json").output)["summary"]["ready"] == 37


def test_adding_the_same_folder_again_changes_nothing_and_says_so(run: Run, tmp_path: Path) -> None:
    transcript(tmp_path / "rooms", "a.vtt", "Hello again.")
    run("events", "create", "spring", "--title", "Spring")
    assert "1 added." in run("add", "spring", tmp_path / "rooms").output
    again = run("add", "spring", tmp_path / "rooms")
    assert (again.exit_code, "0 added, 1 already there." in again.output) == (0, True)


def test_a_path_that_does_not_exist_is_named(run: Run, tmp_path: Path) -> None:
    run("events", "create", "spring", "--title", "Spring")
    result = run("add", "spring", tmp_path / "nothing.mp3")
    assert result.exit_code == 1 and f"{tmp_path}/nothing.mp3 cannot be read" in result.output


def test_transcribe_turns_waiting_audio_into_words_and_then_has_nothing_to_do(run: Run, tmp_path: Path) -> None:
    run("events", "create", "spring", "--title", "Spring")
    run("add", "spring", FIXTURES / "speech" / "slt.ogg", "--group", "Gate")
    result = run("transcribe", "spring", "--transcriber", ENGINE)
    assert result.exit_code == 0 and "words heard in" in result.output
    [row] = json.loads(run("events", "show", "spring", "--json").output)["recordings"]
    assert (row["state"], row["engine"], row["group_name"]) == ("ready", "whisper:model", "Gate")
    assert "Nothing is waiting" in run("transcribe", "spring").output


def test_an_engine_that_does_not_exist_is_refused_before_anything_is_queued(run: Run, tmp_path: Path) -> None:
    run("events", "create", "spring", "--title", "Spring")
    run("add", "spring", FIXTURES / "speech" / "kal16.mp3")
    result = run("transcribe", "spring", "--transcriber", "parrot")
    assert result.exit_code == 1 and "parrot" in result.output
    [row] = json.loads(run("events", "show", "spring", "--json").output)["recordings"]
    assert (row["state"], row["job_id"]) == ("waiting", None)
