"""`harvest invite` and `harvest people` as a user runs them."""

import csv
import json
import re
import stat
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from capture.database import Database, utcnow
from capture.models import Access, Event, Invitation, Participant, Role, RosterEntry
from capture.settings import CaptureSettings
from mining.schema import migrate
from mining.settings import MiningSettings
from tests.factories import make_event
from tests.mining.test_cli import Run, refused, runner
from tests.web.conftest import Noted, read
from web.app import create_app
from web.auth import SignIn
from web.settings import WebSettings


@pytest.fixture
def stored(tmp_path: Path) -> Database:
    database = Database(CaptureSettings(data=str(tmp_path)).database_url)
    migrate(database)
    with database.writing() as session:
        make_event(session, "spring", programme="Side by Side")
    return database


@pytest.fixture
def run(stored: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("HARVEST_ADDRESS", "HARVEST_INVITATION_DAYS"):
        monkeypatch.delenv(name, raising=False)
    return runner(tmp_path, monkeypatch)


@pytest.fixture
def viewer(stored: Database, tmp_path: Path) -> Flask:
    """A viewer beside the command, on the same data."""
    web = WebSettings(capture=CaptureSettings(data=str(tmp_path)), mining=MiningSettings())
    return create_app(web, stored, Noted(), SignIn(tmp_path))


def bring(database: Database, *people: tuple[str, str | None]) -> None:
    with database.writing() as session:
        event = session.query(Event).one()
        for number, (name, email) in enumerate(people, 1):
            participant = Participant(event_id=event.id, name=name, number=number)
            session.add(participant)
            session.flush()
            session.add(RosterEntry(event_id=event.id, participant_id=participant.id, email=email))


def test_the_link_that_is_printed_signs_in_at_the_viewer(run: Run, viewer: Flask) -> None:
    printed = run("invite", "spring", "--role", "designer", "--name", "Ada").stdout
    assert printed.startswith("Ada is invited as designer.\nAda: http://127.0.0.1:8765/sign-in/")
    assert "this machine only" in printed
    browser = viewer.test_client()
    browser.post(urlsplit(re.findall(r"http://\S+", printed)[0]).path)
    read(browser, "/events/spring/decisions")


def test_links_begin_with_the_address_that_is_given_or_set(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    one = ("invite", "spring", "--role", "sponsor", "--name", "Ada")
    assert "Ada: https://h.example.org/sign-in/" in run(*one, "--address", "https://h.example.org/").stdout
    monkeypatch.setenv("HARVEST_ADDRESS", "https://talk.example.org")
    printed = run(*one).stdout
    assert "Ada: https://talk.example.org/sign-in/" in printed and "this machine" not in printed
    assert "is not the address of a viewer" in refused(run(*one, "--address", "h.example.org"))
    monkeypatch.setenv("HARVEST_ADDRESS", "talk")
    assert "“talk” is not the address" in refused(run(*one))


def test_a_whole_roster_becomes_a_file_for_its_owner_only(run: Run, stored: Database, tmp_path: Path) -> None:
    bring(stored, ("Bo", "bo@example.org"), ("Cy", None))
    run("invite", "spring", "--role", "organiser", "--name", "Olga")
    sheet = tmp_path / "links.csv"
    printed = run("invite", "spring", "--from-roster", "-o", sheet, "--days", 30).stdout
    assert printed.startswith("2 of 2 people on the roster have a new link.\nWrote 2 links to ")
    assert "sign-in" not in printed
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["name"], row["email"], row["role"]) for row in rows] == [
        ("Bo", "bo@example.org", "alumnus"),
        ("Cy", "", "alumnus"),
    ]
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    with stored.reading() as session:
        links = session.query(Invitation).filter(Invitation.person_id.in_([2, 3])).all()
        assert all(timedelta(days=29) < link.expires_at - utcnow() <= timedelta(days=30) for link in links)
    assert "2 keep the link they have" in run("invite", "spring", "--from-roster").stdout


def test_a_sheet_that_was_open_to_others_is_not_any_more(run: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "links.csv"
    sheet.write_text("old")
    sheet.chmod(0o644)
    with sheet.open() as reader:  # somebody who has it open reads on in the old one
        run("invite", "spring", "--role", "sponsor", "--name", "Ada", "-o", sheet)
        assert reader.read() == "old"
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600 and "sign-in" in sheet.read_text("utf-8-sig")
    assert [each.name for each in tmp_path.glob("*links.csv*")] == ["links.csv"]


def test_json_is_one_document_and_nothing_else(run: Run) -> None:
    document = json.loads(run("invite", "spring", "--role", "alumnus", "--email", "ada@example.org", "--json").stdout)
    [invited] = document["invited"]
    assert (document["event"], invited["name"], invited["role"]) == ("spring", "ada", "alumnus")
    assert invited["link"].startswith("http://127.0.0.1:8765/sign-in/")
    listed = json.loads(run("people", "spring", "--json").stdout)
    assert [(each["email"], each["uses"], each["last_used"]) for each in listed["people"]] == [
        ("ada@example.org", 0, None)
    ]
    assert "sign-in" not in json.dumps(listed)


def test_the_list_of_people_shows_roles_and_states_and_no_links(run: Run, stored: Database) -> None:
    assert "Nobody but the host." in run("people", "spring").stdout
    run("invite", "spring", "--role", "designer", "--name", "Ada", "--email", "ada@example.org")
    with stored.writing() as session:
        session.query(Access).one().panel = True
    first, second = run("people", "spring").stdout.splitlines()
    assert first == "designer   Ada <ada@example.org>, on the panel"
    assert re.fullmatch(r" +link: until \d{4}-\d\d-\d\d, not used yet", second)
    with stored.writing() as session:
        session.query(Invitation).one().expires_at = utcnow()
    assert "link: expired, not used yet" in run("people", "spring").stdout


def test_the_same_person_again_gets_the_new_role(run: Run, stored: Database) -> None:
    run("invite", "spring", "--role", "alumnus", "--email", "ada@example.org")
    again = run("invite", "spring", "--role", "organiser", "--email", "ADA@example.org").stdout
    assert "ada was alumnus here and is organiser now. The link they have still holds." in again
    with stored.reading() as session:
        assert session.query(Access).one().role is Role.ORGANISER


def test_what_cannot_be_is_one_line_and_invites_nobody(
    run: Run, stored: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = ("invite", "spring", "--role", "sponsor")
    assert "no event “nowhere”" in refused(run("invite", "nowhere", "--role", "sponsor", "--name", "Ada"))
    assert "Give a name or an e-mail address" in refused(run(*one))
    assert "“ada” is not an e-mail address" in refused(run(*one, "--email", "ada"))
    assert "from 1 to 365 days" in refused(run(*one, "--name", "Ada", "--days", 0))
    assert "should end in .csv" in refused(run(*one, "--name", "Ada", "-o", tmp_path / "links.txt"))
    monkeypatch.setenv("HARVEST_INVITATION_DAYS", "many")
    assert "HARVEST_INVITATION_DAYS is “many”" in refused(run(*one, "--name", "Ada"))
    for wrong in (("--role", "emperor"), (), ("--from-roster", "--name", "Ada")):
        assert run("invite", "spring", *wrong).exit_code == 2
    with stored.reading() as session:
        assert session.query(Invitation).count() == 0


def test_a_sheet_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    there = tmp_path / "no" / "links.csv"
    done = run("invite", "spring", "--role", "sponsor", "--name", "Ada", "-o", there)
    assert done.exit_code == 1 and str(there) in done.stderr
