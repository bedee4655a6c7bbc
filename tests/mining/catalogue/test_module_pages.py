"""What a module's fields and pages become, however people write them."""

from datetime import date

import pytest

from mining.catalogue.module_pages import (
    MINDSETS,
    Page,
    clean_text,
    day_of,
    key_of,
    mindset_of,
    one_line,
    page_of,
    page_text,
    pages_of,
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Reflection", "reflection"),
        ("the analytic mindset", "analysis"),
        ("Worldly", "worldliness"),
        ("collaborative", "collaboration"),
        ("ACTION (managing change)", "action"),
        ("managing self", "reflection"),
        ("Managing Organizations", "analysis"),
        ("managing the context", "worldliness"),
        ("managing relationships", "collaboration"),
        ("managing change", "action"),
        ("flying", None),
        ("reaction", None),
        ("actionable", None),
        ("", None),
    ],
)
def test_a_mindset_is_known_in_the_ways_people_write_it(written: str, meant: str | None) -> None:
    assert mindset_of(written) == meant
    assert meant is None or meant in MINDSETS


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025-11-03", date(2025, 11, 3)),
        ("2025-1-9", date(2025, 1, 9)),
        ("2025-11", date(2025, 11, 1)),  # what may have been there already is not called new
        ("2025", date(2025, 1, 1)),
        ("2025-11-03 00:00:00", date(2025, 11, 3)),  # as spreadsheets write a day
        ("2025-11-03T09:30:00.5+01:00", date(2025, 11, 3)),
        ("1950", date(1950, 1, 1)),
        ("2027-03-19", date(2027, 3, 19)),
    ],
)
def test_a_day_may_be_a_month_or_a_year_and_then_is_its_first(written: str, meant: date) -> None:
    assert day_of(written, date(2026, 3, 19)) == meant


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("3 November 2025", "“3 November 2025” is no day such as 2025-11-03"),
        ("2025-02-30", "is no day"),
        ("2025-13", "is no day"),
        ("0000", "is no day"),
        ("２０２５", "is no day"),
        ("x" * 500, f"“{'x' * 40}” is no day"),
        ("1949-12-31", "is before 1950"),
        ("2027-03-21", "lies more than a year ahead"),
        ("9999-12-31", "lies more than a year ahead"),
    ],
)
def test_another_day_is_refused_with_the_reason(written: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        day_of(written, date(2026, 3, 19))


def test_titles_are_compared_without_case_accents_and_spaces() -> None:
    assert key_of("  Café   TALK ") == key_of("cafe\u0301 talk") == "cafe talk"


def test_a_page_says_its_timing_in_its_title_or_its_question() -> None:
    assert page_of("Who pays (10 min)", "Read this.", "Who?") == Page("Who pays", "Read this.", "Who?", 10)
    assert page_of(question="Who pays? [5 minutes]") == Page("", "", "Who pays?", 5)
    assert page_of("Who pays (10 min)", minutes=15).minutes == 15
    assert page_of("Page 3", question="Who?") == Page(question="Who?")


@pytest.mark.parametrize("minutes", ["ten", -5, 1000, True, 2.5])
def test_minutes_that_are_none_are_refused(minutes: object) -> None:
    with pytest.raises(ValueError, match="no number of minutes"):
        page_of("Who pays", minutes=minutes)


def test_the_question_is_what_is_marked_then_what_is_quoted_then_what_asks_last() -> None:
    marked = "## Start\nWho? Me?\n> quoted\n**Question:** What now?"
    assert pages_of(marked) == [Page("Start", "Who? Me?\n> quoted", "What now?")]
    assert pages_of("## Start\nWho?\n> I am *alone* with it.\n> Are you?") == [
        Page("Start", "Who?", "I am *alone* with it. Are you?")
    ]
    assert pages_of("## Start\nSome say so.\n- Do you?\nThank you.") == [
        Page("Start", "Some say so.\nThank you.", "Do you?")
    ]
    assert pages_of("## Break (5 min)\nCoffee.") == [Page("Break", "Coffee.", "", 5)]


def test_deeper_headings_belong_to_their_page_and_empty_pages_are_none() -> None:
    assert pages_of("## One\n### Part\nText\n## \n## Two\nWhat?") == [
        Page("One", "### Part\nText"),
        Page("Two", "", "What?"),
    ]
    assert pages_of("  \n") == []


@pytest.mark.parametrize(
    "page",
    [
        Page("Who pays", "First line.\n\nSecond, with ?\n# no heading\n> no quotation\n\\# nor this", "And you?", 10),
        Page("", "", "Only a question?"),
        Page("", "Question: somebody asked.\nWhat?", ""),
        Page("# C", "Learn C#", "", 0),
        Page("", "## deep", "(what)?", 90),
        Page("Question: is it?", "-", "- why?"),
    ],
)
@pytest.mark.parametrize("number", [None, 7])
def test_what_is_written_is_read_again_as_it_was(page: Page, number: int | None) -> None:
    assert pages_of(page_text(page, number), level=6 if number is None else 2) == [page]


def test_what_cannot_be_seen_is_taken_out() -> None:
    assert one_line("a\u202eb\x00  c\ud800\n d") == "a b c d"
    assert clean_text("a\x07 \r\n\r\n\r\n\r\nb\u00a0c\ufeff") == "a\n\nb c"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Two ## #", "Two"),
        ("C#", "C#"),
        ("C# #", "C#"),
        ("Two #  #", "Two"),
        ("#", "#"),
        ("a #b", "a #b"),
        ("## #", "##"),
    ],
)
def test_signs_that_close_a_heading_are_not_part_of_it(heading: str, title: str) -> None:
    assert page_of(heading).title == title
