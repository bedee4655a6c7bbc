"""`harvest peer-groups` and `harvest match` as a user runs them, on themes that were really mined."""

import csv
import json
from pathlib import Path

import pytest

from capture.events import get_event
from tests.factories import make_roster_entry
from tests.mining.conftest import opened
from tests.mining.test_cli import Run, refused, runner


@pytest.fixture
def run(spare_data: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    database = opened(spare_data)
    with database.writing() as session:
        event = get_event(session, "spring")
        for i, group in enumerate(event.groups * 3):
            where = {"department": ("Sales", "IT", "Finance")[i % 3], "organisation": "AB"[i % 2]}
            make_roster_entry(session, event, f"Guest{i} Surname{i}", [group], **where)
        secret = {"department": "Secretariat", "email": "shy@hidden.example"}
        make_roster_entry(session, event, "Wilhelmina Zebrowski", event.groups, opt_in=False, **secret)
    database.close()
    return runner(spare_data, monkeypatch)


def test_groups_are_drawn_shown_and_written(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "groups.csv"
    said = run("peer-groups", "spring", "--size", "3-5", "--time-limit", "2", "-o", str(file)).stdout
    assert "live with “" in said and f"Wrote {file}" in said and "names from a hat" in said
    shown = json.loads(run("peer-groups", "spring", "--show", "--json").stdout)
    assert shown["parameters"]["largest"] == 5 and shown["groups"]
    with file.open(encoding="utf-8", newline="") as rows:
        people = {row["name"] for row in csv.DictReader(rows)}
    assert people == {p["name"] for g in shown["groups"] for p in g["members"]} | {
        p["name"] for p in shown["left_over"]
    }
    assert run("peer-groups", "spring", "--show", "--json", "-o", str(tmp_path / "g.json")).exit_code == 0
    everything = said + json.dumps(shown) + file.read_text("utf-8") + (tmp_path / "g.json").read_text("utf-8")
    for secret in ("Zebrowski", "hidden.example", "Secretariat"):
        assert secret not in everything


def test_organisations_are_matched(run: Run) -> None:
    assert "live with “" in run("match", "spring", "--organisations", "A", "B").stdout
    document = json.loads(run("match", "spring", "--organisations", "a", "B", "--json").stdout)
    assert document["organisations"] == ["A", "B"] and document["matched"]
    assert "Organisations with people who do: “A” and “B”" in refused(
        run("match", "spring", "--organisations", "A", "C")
    )


def test_what_cannot_be_is_one_line(run: Run) -> None:
    assert "No peer groups were drawn yet" in run("peer-groups", "spring", "--show").stdout
    assert "Groups of 9 to 4 cannot be" in refused(run("peer-groups", "spring", "--size", "9-4"))
    assert "is no size" in run("peer-groups", "spring", "--size", "many").stderr
    assert "A time limit of 0" in refused(run("peer-groups", "spring", "--time-limit", "0"))
