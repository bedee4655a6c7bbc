import json
from dataclasses import replace
from pathlib import Path

from capture.console import Console
from capture.settings import CaptureSettings
from mining.schema import migrate
from tests.conftest import harvest
from web.doctor import examine


def test_everything_the_main_job_needs_is_usable_here(tmp_path: Path) -> None:
    done = harvest(tmp_path, "doctor", "--json")
    findings = {finding["what"]: finding for finding in json.loads(done.stdout)}
    assert done.returncode == 0
    assert [what for what, finding in findings.items() if finding["needed"] and not finding["usable"]] == []
    assert {"database", "audio formats", "PocketSphinx", "Whisper", "embedder", "themes"} <= set(findings)


def test_what_is_missing_comes_with_its_remedy(settings: CaptureSettings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    console = Console(replace(settings, database=f"sqlite:///{tmp_path}/file/all.sqlite3"), migrate)
    findings = {finding.what: finding for finding in examine(console)}
    assert not findings["database"].usable and "--data" in findings["database"].remedy
    assert all(finding.usable or finding.remedy for finding in findings.values())
