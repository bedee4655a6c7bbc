"""The roster's page, for organisers alone."""

from flask.testing import FlaskClient
from sqlalchemy import select

from capture.database import Database
from capture.models import RosterEntry
from mining.analyses import latest_analysis
from mining.suggestion_models import Draw
from tests.web.conftest import Page, SignedInAs, Spring, read, words

PAGE = "/events/spring/roster"


def bring(client: FlaskClient, data: bytes, status: int = 200, name: str = "people.csv") -> Page:
    # Written out: werkzeug's own form writer leaves a file open for large ones.
    head = f'--x\r\nContent-Disposition: form-data; name="roster"; filename="{name}"\r\n\r\n'.encode()
    body = head + data + b"\r\n--x--\r\n"
    answer = client.post(PAGE, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == status, answer.text[:400]
    return Page(answer.text)


def test_an_empty_roster_says_what_to_do(client: FlaskClient, spring: Spring) -> None:
    assert "Nobody is on it yet" in read(client, PAGE).text


def test_a_file_is_read_and_what_is_doubtful_is_said(client: FlaskClient, spring: Spring) -> None:
    page = bring(client, b"name;e-mail;rooms;opt-in\nAnna <b>;a@x.org;Room 1;yes\nBo Li;b@x.org;Rom 2;\nBo;b@x.org;;\n")
    assert "2 added." in page.text
    said = [words(each) for each in page.all("//h2[@id='said']/following-sibling::ul/li")]
    assert said[0].startswith("Line 4 was left out: b@x.org stands in line 3")
    assert "no group “Rom 2” (line 3). Did you mean “Room 2”?" in said[1]
    rows = [words(row) for row in page.all("//tbody/tr")]
    assert len(rows) == 2 and "Anna <b>" in rows[0] and "Room 1" in rows[0]
    assert "2 people, 1 of them want to be brought together; 1 in no group" in page.text.replace("\xa0", " ")


def test_names_in_talk_are_masked_and_the_page_says_that_themes_are_stale(
    client: FlaskClient, spring: Spring, database: Database
) -> None:
    page = bring(client, b"name\nTalk Sentence\n")
    assert "Look for themes again" in page.text
    with database.reading() as session:
        assert latest_analysis(session, spring.event.id) is None


def test_what_cannot_be_read_is_said_beside_the_field(client: FlaskClient, spring: Spring) -> None:
    page = bring(client, b"e-mail\na@x.org\n", 422)
    field = page.one("//input[@name='roster']")
    assert field.get("aria-invalid") == "true"
    assert "people.csv has no column “name”" in words(page.one("//*[@id='roster-problem']"))
    assert "Choose a CSV file first" in Page(client.post(PAGE).text).text


def test_a_cell_of_three_megabytes_is_one_line_of_complaint(client: FlaskClient, spring: Spring) -> None:
    assert "Line 2 was left out" in bring(client, b"name\n" + b"x" * (3 << 20) + b"\nAnna\n").text


def test_somebody_is_taken_off_after_a_question(client: FlaskClient, spring: Spring, database: Database) -> None:
    bring(client, b"name,email\nAnna Weber,a@x.org\n")
    with database.writing() as session:
        entry = session.scalars(select(RosterEntry.id)).one()
        left = [{"entry": entry, "reason": "Nobody shares a theme with Anna."}]
        session.add(Draw(event_id=spring.event.id, made_by="x", parameters={}, figures={}, left_over=left))
    assert "Take Anna Weber off the roster?" in read(client, f"{PAGE}/{entry}/remove").text
    assert client.post(f"{PAGE}/{entry}/remove").status_code == 303
    page = read(client, PAGE)
    assert "Anna Weber was taken off" in page.text and not page.all("//tbody/tr")
    read(client, f"{PAGE}/{entry}/remove", 404)
    with database.reading() as session:
        assert session.scalars(select(Draw.left_over)).one() == []


def test_others_than_organisers_see_nothing_of_it(signed_in_as: SignedInAs, spring: Spring) -> None:
    for role in ("designer", "alumnus", "sponsor"):
        read(signed_in_as(role), PAGE, 403)
