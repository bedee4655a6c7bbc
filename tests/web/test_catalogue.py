"""The catalogue in the browser: found, read, brought, written out, taken out."""

import io

import pytest
from flask.testing import FlaskClient

from capture.database import Database
from mining.catalogue.catalogue import import_modules, modules_of
from mining.catalogue.module_files import read_modules
from tests.conftest import SAMPLES
from tests.factories import make_module
from tests.web.conftest import Page, read, words
from web.catalogue import PER_PAGE

SAMPLE = (SAMPLES / "catalogue.csv").read_bytes()


def bring(client: FlaskClient, *files: tuple[str, bytes]):
    sent = [(io.BytesIO(data), name) for name, data in files]
    return client.post("/catalogue/import", data={"files": sent}, content_type="multipart/form-data")


@pytest.fixture
def filled(database: Database) -> None:
    """With the sample's modules, which nobody has studied."""
    with database.writing() as session:
        import_modules(session, read_modules([("catalogue.csv", SAMPLE)]))


@pytest.fixture
def one(database: Database) -> int:
    pages = [{"title": "Warm <b>up</b>", "text": "Line one.\nLine two.", "question": "Who <i>pays</i>?", "minutes": 10}]
    with database.writing() as session:
        return int(
            make_module(
                session, "No, But <script>", author="Ada", mindset="action", inferred=True, summary="S.", pages=pages
            ).id
        )


def test_an_empty_catalogue_says_how_to_fill_it(client: FlaskClient) -> None:
    page = read(client, "/catalogue")
    assert "No module is here yet." in page.text
    assert page.one("//main//a[text()='Bring modules']").get("href") == "/catalogue/import"


def test_what_was_brought_is_counted_once_and_listed(client: FlaskClient, database: Database) -> None:
    answer = bring(client, ("catalogue.csv", SAMPLE))
    assert (answer.status_code, answer.location) == (303, "/catalogue")
    page = read(client, "/catalogue")
    assert words(page.one("//p[@role='status']")) == "Modules: 26 new."
    assert len(page.all("//tbody/tr")) == 26
    assert not read(client, "/catalogue").all("//p[@role='status']")
    bring(client, ("catalogue.csv", SAMPLE))
    assert "26 unchanged" in read(client, "/catalogue").text
    with database.reading() as session:
        assert len(modules_of(session)) == 26


def test_modules_are_found_by_words_and_mindset(client: FlaskClient, filled: None) -> None:
    page = read(client, "/catalogue?q=director+customer&mindset=collaboration")
    assert [words(each) for each in page.all("//tbody//th/a")] == ["No, But"]
    assert "1 module of 26 is like that." in page.text
    assert page.one("//input[@name='q']").get("value") == "director customer"
    assert page.one("//option[@selected]").text == "collaboration"
    none = read(client, "/catalogue?q=zeppelin&mindset=flying")
    assert "0 modules of 26 are like that" in none.text.replace("\u00a0", " ")


def test_a_module_is_shown_with_its_pages_and_a_guess_as_one(client: FlaskClient, one: int) -> None:
    page = read(client, f"/catalogue/{one}")
    assert words(page.one("//h1")) == "No, But <script>" and "Ada" in page.text
    assert "action · guessed" in page.text and "The mindset is a guess" in page.text
    assert words(page.one("//ol//h3")) == "Warm <b>up</b> 10 min"
    assert words(page.one("//ol//blockquote")) == "Who <i>pays</i>?"
    assert page.one("//ol//p[@class='prose']").text_content() == "Line one.\nLine two."
    read(client, "/catalogue/999", 404)


def test_since_when_a_module_is_on_offer_is_said_or_how_to_say_it(client: FlaskClient, one: int) -> None:
    assert words(read(client, "/catalogue").one("//td[@data-label='On offer since']")) == "not said"
    assert "Bring it again with a column since." in words(read(client, f"/catalogue/{one}").one("//main"))
    bring(client, ("c.csv", b'title;on offer since\n"No, But <script>";2025-11\n'))
    page = read(client, f"/catalogue/{one}")
    assert "on offer since 1 November 2025" in words(page.one("//main")) and "is not said" not in page.text
    cell = read(client, "/catalogue").one("//td[@data-label='On offer since']")
    assert words(cell) == "1 November 2025"
    assert "2025-11-01" in client.get("/catalogue/export.csv").text


def test_what_is_wrong_with_files_is_said_and_the_rest_stored(client: FlaskClient, database: Database) -> None:
    bad = b"title;mindset\nCaf\xe9;flying\n;action\n" + b'Big;"' + b"x" * 30_000 + b'"\n'
    answer = bring(client, ("bad.csv", bad), ("picture.png", b"\x89PNG"), ("two.md", b"# Two\n\n## A\nWhy?\n"))
    page = Page(answer.text)
    assert answer.status_code == 200 and words(page.one("//p[@role='status']")) == "Modules: 2 new, 2 skipped."
    problems = [words(each) for each in page.all("//ul[@class='problems']/li")]
    assert any("bad.csv, line 2: “flying” is no mindset" in problem for problem in problems)
    assert any("bad.csv: Line 4 was left out" in problem for problem in problems)
    assert any("picture.png is no catalogue" in problem for problem in problems)
    with database.reading() as session:
        assert [module.title for module in modules_of(session)] == ["Café", "Two"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "No file was chosen"),
        ([("a.csv", b"")], "a.csv is empty"),
        ([("a.csv", b"x,y\n1,2\n")], "no column “title”"),
    ],
)
def test_where_nothing_can_be_stored_the_form_comes_back_with_the_reason(
    client: FlaskClient, files: list[tuple[str, bytes]], said: str
) -> None:
    answer = bring(client, *files)
    page = Page(answer.text)
    assert answer.status_code == 422 and said in page.text
    field = page.one("//input[@type='file']")
    assert field.get("aria-invalid") == "true"
    assert page.all(f"//*[@id='{field.get('aria-describedby')}' and @role='alert']")


def test_what_is_written_out_is_brought_again_without_a_change(client: FlaskClient, filled: None) -> None:
    kinds = {"csv": ("text/csv", "csv"), "json": ("application/json", "json"), "md": ("application/zip", "zip")}
    for format_, (kind, name) in kinds.items():
        answer = client.get(f"/catalogue/export.{format_}")
        assert answer.mimetype == kind and f'filename="catalogue.{name}"' in answer.headers["Content-Disposition"]
        bring(client, (f"catalogue.{name}", answer.data))
        assert "Modules: 26 unchanged." in read(client, "/catalogue").text
    assert client.get("/catalogue/export.exe").status_code == 404


def test_a_module_is_taken_out_after_a_question(client: FlaskClient, one: int) -> None:
    page = read(client, f"/catalogue/{one}/remove")
    assert "Take “No, But <script>” out?" in page.text
    assert client.post(f"/catalogue/{one}/remove").status_code == 303
    assert "was taken out of the catalogue" in read(client, "/catalogue").text
    read(client, f"/catalogue/{one}", 404)


def test_a_long_catalogue_comes_in_parts(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        for number in range(PER_PAGE + 5):
            make_module(session, f"Module {number:03}")
    first = read(client, "/catalogue")
    assert len(first.all("//tbody/tr")) == PER_PAGE
    second = read(client, first.one("//a[@rel='next']").get("href"))
    assert len(second.all("//tbody/tr")) == 5 and not second.all("//a[@rel='next']")
    assert len(read(client, "/catalogue?page=99").all("//tbody/tr")) == 5
