"""The page of what can be handed round, and the files behind it, for each role."""

import pytest
from flask.testing import FlaskClient

from capture.database import Database
from mining.reporting import pdf as report_pdf
from tests.factories import make_event
from tests.mining.crowd import Crowd, make_crowd
from tests.mining.reported import make_reported, told_of_hidden
from tests.web.conftest import Page, SignedInAs, read, words

PAGE = "/events/crowd/reports"


@pytest.fixture
def crowd(database: Database) -> Crowd:
    with database.writing() as session:
        return make_reported(session)


def test_a_sponsor_is_offered_both_and_an_alumnus_the_book(signed_in_as: SignedInAs, crowd: Crowd) -> None:
    sponsor = read(signed_in_as("sponsor", "crowd"), PAGE)
    assert [words(h) for h in sponsor.all("//main//h2")] == ["Report for the sponsor", "Book of proceedings"]
    alumnus = signed_in_as("alumnus", "crowd")
    page = read(alumnus, PAGE)
    assert [words(h) for h in page.all("//main//h2")] == ["Book of proceedings"]
    assert "Report" in {words(a) for a in page.all("//header//nav/a")}
    for refused in ("/sponsor", "/sponsor.html", "/sponsor.pdf"):
        assert alumnus.get(PAGE + refused).status_code == 403


@pytest.mark.parametrize("kind", ["sponsor", "proceedings"])
def test_every_link_gives_its_file_and_none_tells_of_what_is_hidden(
    signed_in_as: SignedInAs, database: Database, crowd: Crowd, kind: str
) -> None:
    client = signed_in_as("sponsor", "crowd")
    page = read(client, PAGE)
    links = [a.get("href") for a in page.all("//main//a") if f"/{kind}" in a.get("href")]
    assert len(links) == 4
    here = client.get(f"{PAGE}/{kind}")
    assert "default-src 'none'" in here.headers["Content-Security-Policy"]
    assert "unsafe" not in here.headers["Content-Security-Policy"]
    tree = Page(here.text)
    assert tree.all("//style | //script | //*[@style]") == []
    [style] = tree.all("//link[@rel='stylesheet']/@href")
    answer = client.get(style)
    assert answer.mimetype == "text/css" and "@page" in answer.text
    assert tree.all("//p[contains(@class, 'screen')]/a/@href") == [PAGE]
    file = client.get(f"{PAGE}/{kind}.html")
    assert file.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "<style>" in file.text and "stylesheet" not in file.text
    pdf = client.get(f"{PAGE}/{kind}.pdf?paper=Letter")
    assert pdf.mimetype == "application/pdf" and pdf.data.startswith(b"%PDF-")
    assert pdf.headers["Content-Disposition"].endswith('.pdf"')
    with database.reading() as session:
        assert told_of_hidden(here.text + file.text, session, crowd) == []


def test_what_there_is_nothing_to_report_on_is_said(
    signed_in_as: SignedInAs, client: FlaskClient, database: Database
) -> None:
    with database.writing() as session:
        make_event(session, "later", title="Later")
        make_crowd(session, groups=2)
    said = read(signed_in_as("alumnus", "later"), "/events/later/reports").text
    assert "have not been looked for yet" in said and "harvest mine" not in said
    assert "Fewer than 3 groups talked" in read(client, PAGE).text
    assert client.get(f"{PAGE}/proceedings.html").status_code == 400


def test_wrong_paper_and_wrong_format_are_refused(client: FlaskClient, crowd: Crowd) -> None:
    assert client.get(f"{PAGE}/proceedings.pdf?paper=A0").status_code == 400
    assert client.get(f"{PAGE}/proceedings.docx").status_code == 404


def test_without_weasyprint_the_html_is_offered_and_it_is_said_why(
    client: FlaskClient, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_pdf, "find_spec", lambda name: None)
    page = read(client, PAGE)
    assert "WeasyPrint has to be installed" in page.text
    assert page.all("//main//a[contains(@href, '.pdf')]") == []
