"""Participation against performance in the browser: a table in, a page out, nothing stored."""

import io

import pytest
from flask.testing import FlaskClient

from capture.database import Database
from tests.conftest import SAMPLES
from tests.mining.figures import table, units
from tests.web.conftest import Page, SignedInAs, Spring, read, words

SAMPLE = (SAMPLES / "participation.csv").read_bytes()
COUNTS, SCORES = [4, 5, 6, 9, 12, 15, 18, 20, 25], [3, 2, 4, 4.5, 5.5, 5, 6, 6.5, 7]


def compare(
    client: FlaskClient, data: bytes = SAMPLE, name: str = "participation.csv", status: int = 200, **form
) -> Page:
    sent = {"table": (io.BytesIO(data), name), **form}
    answer = client.post("/participation", data=sent, content_type="multipart/form-data")
    assert answer.status_code == status, answer.text[:500]
    return Page(answer.text)


def test_the_empty_page_explains_the_columns_and_offers_an_example(client: FlaskClient) -> None:
    page = read(client, "/participation")
    assert (
        "headcount" in page.text and "Nothing is stored" in page.text and "Under 8 units nothing is said" in page.text
    )
    assert "5 000 rows at most" in page.text
    [link] = page.all("//main//a[@download]")
    with client.get(link.get("href")) as answer:
        assert answer.data == SAMPLE and answer.mimetype == "text/csv"


def test_a_table_becomes_sentences_charts_a_table_and_limits(client: FlaskClient) -> None:
    page = compare(client, lower="days lost")
    assert "Over all 3 periods, each unit counted once, units with a larger share of participants" in page.text
    assert "lower days lost, the better side" in page.text
    assert len(page.all("//figure")) == 8
    assert (
        len(page.all("//figure[1]/*[name()='svg'][contains(@class, 'wide')]//*[name()='circle']")) == 17 + 16
    )  # a value is missing
    assert len(page.all("//table[contains(@class, 'by-unit')]//tr[th[@scope='row']]")) == 51
    assert "No cause." in page.text and "Nothing was stored" in page.text
    assert page.one("//input[@name='lower']").get("value") == "days lost"
    heads = [words(each) for each in page.all("//h1 | //h2")]
    assert heads[0] == "Participation against performance" and "What this cannot show" in heads
    assert page.all("//*[@style] | //main//script") == []


def test_nothing_is_stored(client: FlaskClient, database: Database) -> None:
    def stored() -> list[str]:
        with database.reading() as session:
            return list(session.connection().connection.driver_connection.iterdump())

    before = stored()
    compare(client)
    assert stored() == before
    assert not read(client, "/participation").all("//figure")


def test_staff_sees_every_unit_and_may_take_small_ones_out_to_pass_the_page_on(client: FlaskClient) -> None:
    assert "Bakery school" in compare(client).text
    page = compare(client, discreet="yes")
    assert "Bakery school" not in page.text and "3 small units together" in page.text
    assert page.one("//input[@name='discreet']").get("checked") is not None


def test_sponsors_never_see_small_units(signed_in_as: SignedInAs, spring: Spring) -> None:
    sponsor = signed_in_as("sponsor")
    for form in ({}, {"discreet": ""}):
        answer = sponsor.post("/participation", data={"table": (io.BytesIO(SAMPLE), "p.csv"), **form})
        assert answer.status_code == 200
        assert not {name for name in ("Bakery school", "Purchasing", "Reception") if name in answer.text}
        assert "3 small units together" in answer.text
    assert not read(sponsor, "/participation").all("//input[@name='discreet']")
    bad = compare(sponsor, SAMPLE + b"Hut,2025,4,9,5,5\n")
    assert "more participants than people." in bad.text and "9 of 4" not in bad.text


def test_sponsors_are_told_of_a_table_of_small_units_only_without_its_figures(
    signed_in_as: SignedInAs, spring: Spring
) -> None:
    sponsor = signed_in_as("sponsor")
    page = compare(sponsor, table("Hut,2024,4,3,91.75", "Den,2024,3,3,92.25"))
    assert "no unit is left to compare" in page.text and "Hut" not in page.text and "91.75" not in page.text
    refused = compare(sponsor, table("Hut,2024,4,9,91.75"), status=422)
    assert "more participants than people." in refused.text and "9 of 4" not in refused.text


def test_under_eight_units_words_stand_in_place_of_charts(client: FlaskClient) -> None:
    page = compare(client, table(*units(COUNTS[:7], SCORES[:7])))
    assert "7 units have both figures, and under 8 chance decides" in page.text and not page.all("//*[name()='svg']")


def test_problems_of_the_file_are_named_by_line(client: FlaskClient) -> None:
    page = compare(client, table(*units(COUNTS, SCORES), "Oak,2024,10,12,5", "Yew,2024,10,3,high"))
    assert "Line 11 was left out: more participants than people (12 of 10)." in page.text
    assert "Line 12, column “score”: expected a number" in page.text


@pytest.mark.parametrize(
    ("data", "name", "form", "why"),
    [
        (b"", "", {}, "Choose a CSV file first."),
        (b"", "a.csv", {}, "a.csv is empty"),
        (b"\x00\x01\x02binary", "a.csv", {}, "is not text"),
        (b"unit,period\na,b\n", "a.csv", {}, "has no column “headcount”, “participants”"),
        (table("Ash,2024,3,9,5"), "a.csv", {}, "No row of a.csv could be used. Line 2 was left out"),
        (SAMPLE, "p.csv", {"lower": "reworks"}, "no column of figures “reworks”"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_field(
    client: FlaskClient, data: bytes, name: str, form: dict[str, str], why: str
) -> None:
    page = compare(client, data, name, 422, **form)
    problem = page.one("//p[@role='alert']")
    assert why in words(problem)
    field = page.one("//input[@name='table']")
    assert problem.get("id") in field.get("aria-describedby").split() and field.get("aria-invalid") == "true"
    assert page.one("//input[@name='lower']").get("value", "") == form.get("lower", "")


def test_names_from_the_file_are_shown_not_run(client: FlaskClient) -> None:
    lines = [line.replace("Ash", "<script>alert(1)</script>") for line in units(COUNTS, SCORES)]
    page = compare(client, table(*lines), '<b>"x".csv')
    assert not page.all("//main//script | //main//b[text()='\"x\".csv']") and "<script>alert(1)</script>" in page.text


def test_a_request_larger_than_a_table_is_refused(client: FlaskClient) -> None:
    length = {"CONTENT_LENGTH": str(34 << 20)}
    sent = {"table": (io.BytesIO(b"x"), "big.csv")}
    answer = client.post("/participation", data=sent, environ_overrides=length)
    assert answer.status_code == 413


def test_the_way_is_offered_to_those_whom_it_lets_in(signed_in_as: SignedInAs, spring: Spring) -> None:
    for role, offered in (("sponsor", True), ("designer", True), ("alumnus", False)):
        page = read(signed_in_as(role), "/")
        assert bool(page.all("//header//a[text()='Participation']")) is offered
