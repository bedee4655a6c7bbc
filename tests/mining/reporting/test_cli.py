"""`harvest report` as a user runs it."""

from pathlib import Path

import pytest

from tests.mining.test_cli import Run, refused, runner


@pytest.fixture
def run(spare_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    return runner(spare_data, monkeypatch)


def test_without_a_name_an_html_file_is_written_here_and_named(run: Run, tmp_path: Path) -> None:
    done = run("report", "spring")
    assert done.stdout == "Wrote spring-sponsor.html\n", done.stderr
    assert "Report for the sponsor" in (tmp_path / "spring-sponsor.html").read_text("utf-8")
    assert run("report", "spring", "--kind", "proceedings").stdout == "Wrote spring-proceedings.html\n"


def test_the_suffix_says_the_format_and_the_contact_stands_in_the_book(run: Run, tmp_path: Path) -> None:
    run("report", "spring", "-o", "R.PDF", "--paper", "Letter")
    assert (tmp_path / "R.PDF").read_bytes().startswith(b"%PDF-")
    run("report", "spring", "--kind", "proceedings", "-o", "b.html", "--contact", "the <desk>")
    assert "ask <bdi>the &lt;desk&gt;</bdi>" in (tmp_path / "b.html").read_text("utf-8")


def test_what_cannot_be_written_is_said_and_nothing_is_left_behind(run: Run, tmp_path: Path) -> None:
    assert "let it end in .html or .pdf" in refused(run("report", "spring", "-o", "r.docx"))
    assert "let it end in .html or .pdf" in refused(run("report", "spring", "-o", "report"))
    assert "cannot be written" in refused(run("report", "spring", "-o", tmp_path / "no" / "r.html"))
    (tmp_path / "folder.html").mkdir()
    assert "is a folder" in refused(run("report", "spring", "-o", "folder.html"))
    assert "There is no event" in refused(run("report", "nowhere"))
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


def test_an_event_that_was_not_mined_says_what_to_do_first(run: Run) -> None:
    run("events", "create", "later", "--title", "Later")
    assert "harvest mine later" in refused(run("report", "later"))
    assert run("report", "spring", "--kind", "novel").exit_code == 2
