import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from capture.console import Console
from capture.database import Database
from capture.settings import CaptureSettings
from mining.next_steps.cli import next_steps
from mining.schema import migrate
from tests.factories import make_event, make_group, make_next_step, make_recording, make_utterances

SAID = ["I'll ask the auditors before Easter.", "The form is too long.", "Let's send one letter to the board together."]
Run = Callable[..., Result]


@pytest.fixture
def run(settings: CaptureSettings) -> Run:
    console = Console(settings, migrate)
    with console.database().writing() as session:
        event = make_event(session, held_on=date(2026, 3, 19))
        make_utterances(session, make_recording(session, make_group(session, event, "Finance gate")), SAID)
        make_event(session, "empty")
        make_event(session, "herbst", language="de")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(next_steps, list(arguments), obj=console)

    return run


def _data(run: Run, *arguments: str) -> list[dict]:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)["steps"]


def test_the_list_shows_what_was_said_by_group_and_how_to_confirm_it(run: Run) -> None:
    done = run("spring")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "Finance gate",
        "    1  found      “I'll ask the auditors before Easter.” (person 1; by 4 April 2026 (“before Easter”))",
        "    2  found      “Let's send one letter to the board together.” (the group)",
        "2 of 2 wait to be confirmed: harvest next-steps spring confirm STEP",
    ]


def test_steps_are_confirmed_edited_settled_and_undone(run: Run) -> None:
    assert "undo 1" in run("spring").stdout or run("spring", "confirm", "1").exit_code == 0
    run("spring", "edit", "2", "--text", "Write to the board", "--owner", "Ben", "--due", "2026-05-01")
    run("spring", "done", "1")
    run("spring", "add", "--text", "Print the list", "--group", "Finance gate")
    steps = {step["id"]: step for step in _data(run, "spring")}
    assert [(step["state"], step["text"]) for step in steps.values()] == [
        ("done", None),
        ("confirmed", "Write to the board"),
        ("confirmed", "Print the list"),
    ]
    assert (steps[2]["owner"], steps[2]["due_on"]) == ("Ben", "2026-05-01")
    assert steps[1]["said"] == "I'll ask the auditors before Easter."
    kept = {step["id"]: step for step in _data(run, "spring", "edit", "2", "--owner", "Cem")}
    assert (kept[2]["text"], kept[2]["owner"], kept[2]["due_on"]) == ("Write to the board", "Cem", "2026-05-01")
    assert "Step 1 is as it was before: confirmed." in run("spring", "undo", "1").stderr
    run("spring", "dismiss", "3")
    assert [step["id"] for step in _data(run, "spring")] == [1, 2]


def test_the_list_is_written_as_markdown_json_or_calendar(run: Run, tmp_path: Path) -> None:
    run("spring", "confirm", "1") if run("spring").exit_code == 0 else None
    for name, begin in (("x.md", "# Next steps"), ("x.json", "{"), ("x.ics", "BEGIN:VCALENDAR")):
        assert run("spring", "-o", str(tmp_path / name)).stdout == f"Wrote {tmp_path / name}\n"
        assert (tmp_path / name).read_text("utf-8").startswith(begin)
    assert "VALUE=DATE:20260404" in (tmp_path / "x.ics").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["spring", "confirm"], 2, "Which step?"),
        (["spring", "confirm", "0"], 2, "Which step?"),
        (["spring", "list", "3"], 2, "What about step 3?"),
        (["spring", "add", "3", "--text", "x"], 2, "leave 3 out"),
        (["spring", "confirm", "99"], 1, "no next step 99"),
        (["spring", "add"], 1, "Write what is to be done"),
        (["spring", "add", "--text", "x" * 10_000], 1, "10,000 characters"),
        (["spring", "add", "--text", "x", "--group", "Nowhere"], 1, "There are: Finance gate"),
        (["spring", "-o", "list.xlsx"], 1, "name it .md, .json or .ics"),
        (["spring", "add", "--text", "x", "--due", "March"], 2, "March"),
        (["nowhere"], 1, "no event"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, arguments: list[str], code: int, message: str) -> None:
    done = run(*arguments)
    assert done.exit_code == code if code == 2 else done.exception
    assert message in (done.output if code == 2 else str(done.exception))


def test_an_event_without_talk_or_in_another_language_says_why_nothing_is_listed(run: Run) -> None:
    assert "Nobody was heard" in run("empty").stdout
    assert "English talk only" in run("herbst").stdout


def test_without_the_events_date_the_list_says_what_is_missing(run: Run, settings: CaptureSettings) -> None:
    with Database(settings.database_url).writing() as session:
        event = make_event(session, "undated")
        make_utterances(session, make_recording(session, make_group(session, event)), ["I'll write to them next week."])
    assert "undated has no date" in run("undated").stdout


def test_what_is_still_open_from_last_time_is_listed_and_carried_on(run: Run, settings: CaptureSettings) -> None:
    with Database(settings.database_url).writing() as session:
        old = make_event(session, "one", programme="Side by Side", held_on=date(2026, 3, 19))
        make_event(session, "two", programme="Side by Side", held_on=date(2026, 9, 24))
        step = make_next_step(session, old).id
    assert "From last time, still open in one" in run("two").stdout
    document = json.loads(run("two", "--json").stdout)
    assert document["from_last_time"] == {"event": "one", "counts": {"confirmed": 1}, "open": [step]}
    assert "goes on here" in run("two", "carry", str(step)).stderr
    assert [each["carried"] for each in _data(run, "two")] == [True]
    assert "From last time" not in run("two").stdout
    assert "no next step 99" in str(run("two", "carry", "99").exception)
