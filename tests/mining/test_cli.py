"""`harvest mine`, `themes` and `export` as a user runs them."""

import csv
import gc
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from capture.database import Database
from capture.models import RecordingState
from mining.cli import RARELY, _collecting_rarely
from mining.schema import migrate
from tests.conftest import harvest
from tests.factories import make_event, make_group, make_recording
from tests.mining.conftest import Command, Mined, opened
from tests.mining.taken_away import make_areas
from web.cli import main

Run = Callable[..., Result]


def runner(data: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `harvest ARGUMENTS` as a user would, errors turned into exit codes."""
    import click

    @click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
    @click.pass_context
    def command(context: click.Context) -> None:
        monkeypatch.setattr("sys.argv", ["harvest", "--data", str(data), *context.args])
        main()

    return lambda *arguments: CliRunner().invoke(command, [str(a) for a in arguments])


@pytest.fixture
def run(mined: Mined, monkeypatch: pytest.MonkeyPatch) -> Run:
    """On the mined event, to look at it only."""
    return runner(mined.data, monkeypatch)


@pytest.fixture
def change(spare_data: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """On a copy of the mined event."""
    return runner(spare_data, monkeypatch)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """“spring” is not transcribed yet."""
    database: Database = opened(tmp_path / "bare")
    migrate(database)
    with database.writing() as session:
        make_recording(session, make_group(session, make_event(session)), state=RecordingState.WAITING)
    database.close()
    return runner(tmp_path / "bare", monkeypatch)


def refused(result: Result, code: int = 1) -> str:
    """The one line on stderr that says what is wrong."""
    assert result.exit_code == code
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert line.startswith("harvest: ")
    return line


def test_mine_says_in_one_sentence_what_it_found(mined_by_command: Command) -> None:
    themes = len(mined_by_command.document["themes"])
    assert themes > 2
    assert mined_by_command.done.stdout == f"{themes} themes in 15 passages.\n"
    assert "Traceback" not in mined_by_command.done.stderr


def test_mine_again_says_that_nothing_changed(change: Run) -> None:
    result = change("mine", "spring")
    assert result.exit_code == 0
    assert result.stdout.endswith("in 15 passages. Nothing has changed since it was last mined.\n")


def test_mine_takes_a_seed(change: Run) -> None:
    assert "Nothing has changed" not in change("mine", "spring", "--seed", "4").stdout
    assert json.loads(change("themes", "spring", "--json").stdout)["analysis"]["seed"] == 4


def test_the_theme_table_has_a_line_for_each_theme_in_order(run: Run, mined: Mined) -> None:
    result = run("themes", "spring")
    lines = result.stdout.splitlines()
    assert (result.exit_code, result.stderr) == (0, "")
    assert lines[mined.result.themes :] == mined.document()["analysis"]["remarks"]
    for line, theme in zip(lines, mined.document()["themes"], strict=False):
        assert re.match(rf" *{theme['id']}  {re.escape(theme['label'])} ", line)
        assert f" {theme['breadth']}/3 groups " in line and f"{theme['depth']:.0%}".rstrip("%") + " %" in line
        assert f"  {', '.join(theme['keywords'][:6])}" in line


def test_the_theme_table_tells_what_changed_what_is_shaky_and_what_belongs_together(bare: Run, tmp_path: Path) -> None:
    database = opened(tmp_path / "bare")
    with database.writing() as session:
        make_areas(session, "areas")
    database.close()
    lines = bare("themes", "areas").stdout.splitlines()
    assert [line.split("review", 1)[1] for line in lines[:3]] == [
        *(" · new · borders shift", "", " · may not come out again"),
    ]
    assert lines[3:5] == [
        "Belong together as Money (2/2 groups, 70 %): 1, 3.",
        "Since themes were last looked for, one is new.",
    ]
    assert lines[5].startswith("Looked for four more times")


def test_themes_with_json_prints_one_document_and_nothing_else(mined: Mined) -> None:
    done = harvest(mined.data, "themes", "spring", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document.keys() == {"event", "analysis", "groups", "themes"}
    assert document["themes"] == mined.document()["themes"]


@pytest.mark.parametrize("format_", ["json", "csv", "md", "html"])
def test_export_writes_the_file_or_the_same_to_the_terminal(
    run: Run, mined: Mined, tmp_path: Path, format_: str
) -> None:
    path = tmp_path / f"spring.{format_}"
    written = run("export", "spring", "--format", format_, "-o", path)
    assert (written.exit_code, written.output) == (0, f"Wrote {path}\n")
    assert path.read_bytes().decode("utf-8") == mined.rendered(format_)
    printed = run("export", "spring", "--format", format_)
    assert (printed.exit_code, printed.stderr) == (0, "")
    assert printed.stdout_bytes.decode("utf-8") == mined.rendered(format_)


def test_an_exported_table_is_read_back_by_the_csv_module(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "spring.csv"
    run("export", "spring", "--format", "csv", "-o", path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 16 and {len(row) for row in rows} == {13}


def test_a_path_that_cannot_be_written_is_named_in_one_line(run: Run, tmp_path: Path) -> None:
    missing = tmp_path / "no such folder" / "spring.json"
    line = refused(run("export", "spring", "--format", "json", "-o", missing))
    assert line == f"harvest: {missing} cannot be written: No such file or directory. Choose another place."
    line = refused(run("export", "spring", "--format", "html", "-o", tmp_path))
    assert line == f"harvest: {tmp_path} cannot be written: Is a directory. Choose another place."


def test_an_unknown_event_ends_with_one_line_and_1(run: Run) -> None:
    for arguments in (["mine", "nowhere"], ["themes", "nowhere"], ["export", "nowhere", "--format", "md"]):
        assert refused(run(*arguments)).startswith("harvest: There is no event “nowhere”.")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["mine", "spring", "--clusterer", "parrot"], "parrot"),
        (["mine", "spring", "--seed", "many"], "many"),
        (["mine"], "EVENT"),
        (["export", "spring", "--format", "pdf"], "pdf"),
        (["export", "spring"], "--format"),
    ],
)
def test_a_wrong_question_ends_with_2(run: Run, arguments: list[str], named: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "") and named in result.stderr


def test_a_clusterer_in_the_environment_that_does_not_exist_is_refused(
    change: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARVEST_CLUSTERER", "parrot")
    assert "There is no clusterer “parrot”" in refused(change("mine", "spring"))


def test_a_model_that_is_not_there_is_refused_in_one_line(change: Run, tmp_path: Path) -> None:
    assert str(tmp_path / "model") in refused(change("mine", "spring", "--embedder", tmp_path / "model"))


def test_nothing_transcribed_names_the_command_that_helps(bare: Run) -> None:
    assert refused(bare("mine", "spring")).endswith("Run: harvest transcribe spring")


def test_nothing_mined_names_the_command_that_helps(bare: Run) -> None:
    for arguments in (["themes", "spring"], ["themes", "spring", "--json"], ["export", "spring", "--format", "csv"]):
        assert refused(bare(*arguments)).endswith("Run: harvest mine spring")


def test_looking_for_garbage_rarely_ends_with_the_command(bare: Run) -> None:
    before = gc.get_threshold()
    with _collecting_rarely():
        assert gc.get_threshold()[0] == RARELY
    refused(bare("mine", "spring"))
    assert gc.get_threshold() == before
