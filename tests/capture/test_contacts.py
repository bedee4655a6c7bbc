import pytest

from capture.contacts import contact_spans


def masked(text: str) -> str:
    for start, end, mask in reversed(contact_spans(text)):
        text = text[:start] + mask + text[end:]
    return text


@pytest.mark.parametrize(
    "number",
    [
        "+49 170 1234567",
        "+49 (0)170 123 45 67",
        "+1-555-123-4567",
        "+1 (555) 123-4567",
        "(555) 123-4567",
        "555-123-4567",
        "555.123.4567",
        "555-1234",
        "0170/1234567",
        "01701234567",
        "06 12 34 56 78",
        "612 345 678",
        "020 7946 0958",
        "0041 44 668 18 00",
        "5551234567",
        "+86 138 0013 8000",
        "five five five, one two three four",
        "oh one seven oh double five one two three",
    ],
)
def test_telephone_numbers_of_many_countries_are_masked(number):
    assert masked(f"Call me on {number}, or later.") == "Call me on [telephone], or later."


@pytest.mark.parametrize(
    "text",
    [
        "in 2025 and 2026",
        "from 2019-2023 and 2024/2025",
        "on 2026-03-14 or 14.03.2026 or 3/14/2026",
        "at 10:30, 10.30-11.30 or 10:30-11:30",
        "1500000 or 123456789 of them",
        "1,500,000 and 1.500.000 and 1 500 000 and 1 234 567",
        "$5 000 000, € 1234567890 and 12 345 678 euros",
        "45 %, 99.99999999 % and 3.14159265",
        "room 12, page 120-121, step 1 2 3",
        "version 2.10.14",
        "he cost 300. 4000 people left",
        "one two three, and then four",
        "10:30:15 00:12:03.860",
        "500000-1000000 units",
    ],
)
def test_other_numbers_stay(text):
    assert masked(text) == text


@pytest.mark.parametrize(
    "address",
    [
        "anna.weber@example.com",
        "a+b_c@mail.example.co.uk",
        "anna@intranet",
        "anna @ example.com",
        "zoë@exämple.de",
        "anna dot weber at example dot com",
        "anna underscore weber at example dot co dot uk",
        "anna dot weber at example.com",
        "info at example dot org",
    ],
)
def test_addresses_are_masked_written_or_spelt_out(address):
    assert masked(f"Write to {address}.") == "Write to [e-mail]."


@pytest.mark.parametrize("text", ["look at example.com", "meet @ 10", "we were at the dot com boom", "at the point"])
def test_what_only_resembles_an_address_stays(text):
    assert masked(text) == text


def test_masked_text_has_nothing_left_to_find():
    text = "[telephone] or [e-mail] or [person 1234567]"
    assert contact_spans("[telephone] [e-mail] [person 12]") == []
    assert masked(masked(text)) == masked(text)


def test_a_long_row_of_digits_and_signs_is_searched_in_no_time():
    contact_spans("1 2 - 3 " * 5000 + "x")
    contact_spans("anna at dot " * 5000)
    contact_spans("@" + "a." * 20000)
