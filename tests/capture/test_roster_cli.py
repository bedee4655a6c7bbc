"""`harvest roster` as a user runs it."""

import json
from pathlib import Path

import pytest

from tests.mining.conftest import mined, spare_data  # noqa: F401  (fixtures)
from tests.mining.test_cli import refused, runner


def test_a_roster_is_brought_and_shown(spare_data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # noqa: F811
    run = runner(spare_data, monkeypatch)
    assert "The roster is empty" in run("roster", "list", "spring").stdout
    file = tmp_path / "people.csv"
    file.write_text("name;email;department;rooms;opt-in\nAnna Weber;a@x.org;Sales;Room 1;yes\nBo Li;;;;no\n", "utf-8")
    said = run("roster", "import", "spring", str(file)).stdout
    assert said.startswith("2 added.") and "In no group" in said
    again = json.loads(run("roster", "import", "spring", str(file), "--json").stdout)
    assert (again["same"], again["added"]) == (2, 0)
    assert run("roster", "list", "spring").stdout.splitlines()[-1] == "2 people, 1 of them want to be brought together."
    people = json.loads(run("roster", "list", "spring", "--json").stdout)["people"]
    assert [(p["name"], p["opt_in"]) for p in people] == [("Anna Weber", True), ("Bo Li", False)]


def test_what_cannot_be_read_is_one_line(spare_data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # noqa: F811
    run = runner(spare_data, monkeypatch)
    assert "cannot be read" in refused(run("roster", "import", "spring", str(tmp_path / "missing.csv")))
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    assert "is empty" in refused(run("roster", "import", "spring", str(empty)))
