import json
from pathlib import Path

import pytest

from capture.console import Console
from capture.errors import NotFound
from capture.settings import CaptureSettings
from tests.conftest import SAMPLES, Demo, harvest
from web.demo import run_demo


@pytest.fixture(scope="module")
def export(demo: Demo) -> dict[str, list[dict[str, object]]]:
    done = harvest(demo.data, "export", "spring-open-space", "--format", "json")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_the_demo_prints_its_themes_and_how_to_export_them(demo: Demo, export: dict[str, list[dict]]) -> None:
    for theme in export["themes"]:
        assert str(theme["label"]) in demo.output
    assert "The whole picture as data: harvest export spring-open-space --format json\n" in demo.output


def test_the_demo_leaves_no_file_of_talk_that_would_stay_when_talk_is_removed(demo: Demo) -> None:
    kept = {path.name for path in demo.data.iterdir() if path.is_file()}
    assert kept and not {name for name in kept if not name.startswith(("harvest.sqlite3", "."))}


def test_all_ten_rooms_are_in_the_picture(export: dict[str, list[dict]]) -> None:
    described = json.loads((SAMPLES / "event.json").read_text())
    assert sorted(g["name"] for g in export["groups"]) == sorted(room["group"] for room in described["rooms"])
    assert {p["group"] for p in export["passages"]} == {g["id"] for g in export["groups"]}


def test_most_themes_cross_the_groups_and_most_talk_is_in_one(export: dict[str, list[dict]]) -> None:
    themes = [theme for theme in export["themes"] if not theme["coarse"]]
    assert 5 <= len(themes) <= 14
    assert sum(theme["breadth"] >= 3 for theme in themes) >= 5
    assert sum(p["theme"] is not None for p in export["passages"]) >= 0.85 * len(export["passages"])
    assert all(p["aside"] for p in export["passages"] if p["theme"] is None), "left out without a reason"


def test_a_second_run_finds_everything_done(demo: Demo) -> None:
    again = harvest(demo.data, "demo", "--no-serve")
    assert again.returncode == 0
    assert "already" in again.stdout and "Transcribing" not in again.stdout + again.stderr


def test_names_and_addresses_of_the_sample_are_masked(export: dict[str, list[dict]]) -> None:
    talk = " ".join(p["text"] for p in export["passages"])
    assert "[e-mail]" in talk and "[telephone]" in talk and "@example" not in talk


def test_without_the_samples_the_demo_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=str(tmp_path)):
        run_demo(Console(CaptureSettings(data=str(tmp_path)), lambda database: None), tmp_path)
