"""`harvest catalogue` as a user runs it."""

import json
from pathlib import Path

import pytest

from tests.conftest import SAMPLES
from tests.mining.test_cli import Run, refused, runner


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(tmp_path / "data", monkeypatch)


def test_modules_come_from_a_file_and_go_round_without_a_change(run: Run, tmp_path: Path) -> None:
    assert run("catalogue", "import", SAMPLES / "catalogue.csv").stdout == "Modules: 26 new.\n"
    for name, format_ in (("c.csv", "csv"), ("c.json", "json"), ("folder", "md"), ("c.zip", "md")):
        target = tmp_path / name
        said = run("catalogue", "export", "--format", format_, "-o", target).stdout
        assert said == f"Wrote 26 modules to {target}\n"
        assert run("catalogue", "import", target).stdout == "Modules: 26 unchanged.\n", name
    assert len(list((tmp_path / "folder").iterdir())) == 26


def test_modules_are_listed_found_shown_and_removed(run: Run, tmp_path: Path) -> None:
    assert "The catalogue is empty" in run("catalogue", "list").stdout
    file = tmp_path / "c.csv"
    rows = [
        "title,author,mindset,summary,questions",
        "One,Ada,,Knowing your own moods and habits.,Why? | When?",
        "Two,,action",
    ]
    file.write_text("\n".join(rows), "utf-8")
    done = run("catalogue", "import", file).stdout
    assert done.startswith("Modules: 2 new.\n") and "The mindset of 1 was missing and is guessed" in done
    listed = run("catalogue", "list").stdout.splitlines()
    assert listed[0].split() == ["1", "One", "reflection?", "Ada"] and listed[1].split() == ["2", "Two", "action"]
    assert run("catalogue", "list", "--search", "zeppelin").stdout == "None of 2 modules is like that.\n"
    found = json.loads(run("catalogue", "list", "--mindset", "action", "--json").stdout)
    assert [module["title"] for module in found["modules"]] == ["Two"] and found["in_all"] == 2
    assert "## Page 2\n\nQuestion: When?" in run("catalogue", "show", "one").stdout
    shown = json.loads(run("catalogue", "show", "1", "--json").stdout)
    assert shown["inferred"] is True and shown["pages"][0]["question"] == "Why?" and shown["source"] == "c.csv, line 2"
    assert run("catalogue", "export").stdout.startswith("title,author,mindset,inferred,since,summary,questions")
    assert (shown["since"], found["modules"][0]["since"]) == (None, None)
    file.write_text("title,since\nOne,2025-11\n", "utf-8")
    assert run("catalogue", "import", file).stdout == "Modules: 1 changed.\n"
    listed = run("catalogue", "list").stdout.splitlines()
    assert listed[0].split() == ["1", "One", "reflection?", "2025-11-01", "Ada"]
    assert listed[1].split() == ["2", "Two", "action"]
    assert json.loads(run("catalogue", "show", "1", "--json").stdout)["since"] == "2025-11-01"
    assert run("catalogue", "remove", "one").stdout == "Removed “One”.\n"
    assert "There is no module “one”" in refused(run("catalogue", "show", "one"))


def test_an_import_in_json_holds_what_was_done_and_what_was_wrong(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("title,mindset\nOne,flying\n,action\n", "utf-8")
    done = json.loads(run("catalogue", "import", file, "--json").stdout)
    assert (done["new"], done["skipped"], len(done["problems"])) == (1, 1, 2)


def test_what_cannot_be_is_one_line(run: Run, tmp_path: Path) -> None:
    assert "There is no file or folder" in refused(run("catalogue", "import", tmp_path / "missing.csv"))
    (tmp_path / "a.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    assert "a.csv is not text" in refused(run("catalogue", "import", tmp_path / "a.csv"))
    assert "cannot be written" in refused(run("catalogue", "export", "-o", tmp_path / "no" / "c.csv"))
