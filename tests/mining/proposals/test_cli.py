"""`harvest proposals` as somebody at a terminal uses it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from capture.errors import NotFound, Refused
from capture.models import Role
from mining.proposals.briefs import Incomplete
from tests.factories import BRIEF, make_event, make_person
from tests.mining.conftest import opened
from web.cli import harvest


def run(data: Path, *words: str) -> Result:
    result = CliRunner().invoke(harvest, ["--data", str(data), "proposals", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def data(tmp_path: Path) -> Path:
    from mining.schema import migrate

    database = opened(tmp_path)
    migrate(database)
    with database.writing() as session:
        make_person(session, make_event(session), Role.ALUMNUS, name="Ann", email="ann@example.org")
    database.close()
    return tmp_path


ASKED = [word for name, said in BRIEF.items() for word in (f"--{name}", said)]


def test_a_topic_is_added_listed_shown_and_answered(data: Path) -> None:
    assert "Nobody has proposed" in run(data, "list", "spring").output
    assert "Proposal 1," in run(data, "add", "spring", *ASKED, "--by", "Ann@Example.org").output
    assert "Boss of my friends  (Ann)" in run(data, "list", "spring").output
    assert "Challenge: I was promoted" in run(data, "show", "spring", "1").output
    said = run(data, "answer", "spring", "1", "not-now", "--reason", "Not in this year, sadly.").output
    assert "“Boss of my friends”: not now." in said
    assert run(data, "list", "spring", "--state", "open").output == "None.\n"
    assert "Not in this year, sadly." in run(data, "show", "spring", "1").output
    assert (
        "No draft was written." in run(data, "answer", "spring", "1", "adopted", "--reason", "After all we do.").output
    )


def test_json_is_one_document(data: Path) -> None:
    number = json.loads(run(data, "add", "spring", *ASKED, "--json").output)["id"]
    other = json.loads(run(data, "add", "spring", *ASKED[:1], "Second topic", *ASKED[2:], "--json").output)["id"]
    run(data, "answer", "spring", str(other), "merged", "--into", str(number), "--reason", "They are the same.")
    listed = json.loads(run(data, "list", "spring", "--json").output)["proposals"]
    assert [(each["id"], each["state"], each["merged_into"]) for each in listed] == [
        (number, "open", None),
        (other, "merged", number),
    ]
    page = json.loads(run(data, "show", "spring", str(number), "--json").output)
    assert page["challenge"] == BRIEF["challenge"] and page["merged"] == [{"id": other, "title": "Second topic"}]


def test_the_list_is_written_to_a_file(data: Path, tmp_path: Path) -> None:
    run(data, "add", "spring", *ASKED, "--by", "ann@example.org")
    out = tmp_path / "all.csv"
    assert run(data, "list", "spring", "-o", str(out)).output == f"Wrote one proposal to {out}\n"
    assert BRIEF["success"] in out.read_text("utf-8")
    listed = json.loads(run(data, "list", "spring", "--json", "-o", str(tmp_path / "all.json")).output)
    assert listed == json.loads((tmp_path / "all.json").read_text("utf-8"))
    one = json.loads(run(data, "show", "spring", "1", "--json").output)
    assert listed["proposals"] == [{key: value for key, value in one.items() if key != "event"}]


def test_what_cannot_be_is_said(data: Path) -> None:
    with pytest.raises(Incomplete, match="at least 10 words"):
        run(data, "add", "spring", *ASKED[:3], "Too short", *ASKED[4:])
    with pytest.raises(NotFound, match="nobody@example.org"):
        run(data, "add", "spring", *ASKED, "--by", "nobody@example.org")
    with pytest.raises(NotFound, match="no proposal 7"):
        run(data, "show", "spring", "7")
    run(data, "add", "spring", *ASKED)
    with pytest.raises(Refused, match="Give a reason"):
        run(data, "answer", "spring", "1", "adopted", "--reason", "")
