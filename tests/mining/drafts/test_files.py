"""A draft as a file."""

import re
from dataclasses import replace

import pytest

from capture.errors import Refused
from mining.drafts.files import as_markdown, clock, document, endnotes, file_name, place, rendered
from mining.drafts.reading import ShownDraft, ShownLine
from tests.mining.drafted import Drafted

ROOMS = ("Red room", "Blue room", "Green room")


def test_with_receipts_every_quote_leads_to_group_and_second(drafted: Drafted) -> None:
    draft = drafted.read()
    text = as_markdown(draft, receipts=True)
    assert "## Why now" in text
    defined = dict(re.findall(r"^\[\^(\d+)\]: (.*)$", text, re.M))
    used = set(re.findall(r"\[\^(\d+)\](?!:)", text))
    assert used == set(defined) == {str(number) for number, _ in endnotes(draft)}
    assert all(re.fullmatch(rf"({'|'.join(ROOMS)}), \d+:\d\d, person \d", where) for where in defined.values())


def test_without_receipts_nothing_says_which_group_said_what(drafted: Drafted) -> None:
    draft = drafted.read()
    text = as_markdown(draft, receipts=False)
    assert not any(room in text for room in ROOMS)
    assert "[^" not in text
    assert not re.search(r"person \d", text)
    assert "Why now" not in text
    assert draft.pages[0].lines[1].text in text
    assert all(page.title in text for page in draft.pages)


def test_a_receipts_number_stands_behind_the_quotation_mark(drafted: Drafted) -> None:
    assert re.search(r"[.?!]”\[\^\d+\]", as_markdown(drafted.read(), receipts=True))


def with_line(draft: ShownDraft, text: str, title: str = "T") -> ShownDraft:
    line = ShownLine("p1-framing", "framing", (text,), ())
    page = replace(draft.pages[0], lines=(line,))
    return replace(draft, title=title, pages=(page,), near=(), why=(), purpose=())


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("# no heading", r"\# no heading"),
        ("1. no list", r"1\. no list"),
        ("- no list", r"\- no list"),
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("![x](http://example.org)", r"\!\[x\](http://example.org)"),
        ("*not* _marked_", r"\*not\* \_marked\_"),
        ("two\n\n# lines", "two # lines"),
    ],
)
def test_nobodys_words_are_read_as_marks(drafted: Drafted, said: str, written: str) -> None:
    assert f"\n\n{written}\n" in as_markdown(with_line(drafted.read(), said), receipts=False)


def test_what_needs_care_is_said_first(drafted: Drafted) -> None:
    draft = drafted.read()
    short = replace(draft, pages=draft.pages[1:], wording="some-model", notes=("A note.",))
    small = ["".join(text.text for text in block.texts) for block in document(short, True) if block.style == "small"]
    assert small == [
        "Worded by some-model; every quotation was checked against the transcript.",
        "The pages add up to 80 minutes, not 90.",
        "A note.",
    ]


def test_files_are_called_after_the_guide(drafted: Drafted) -> None:
    draft = replace(drafted.read(), title='../"Über" <x>: ' + "long " * 40)
    assert re.fullmatch(r"uber-x(-long)+-lon\.docx", file_name(draft, "docx"))
    assert file_name(replace(draft, title="会议"), "md").endswith(".md")


def test_times_are_minutes_and_seconds() -> None:
    assert [clock(seconds) for seconds in (0, 59.9, 61, 4325)] == ["0:00", "0:59", "1:01", "72:05"]


def test_a_receipt_whose_words_are_gone_says_so(drafted: Drafted) -> None:
    receipt = replace(drafted.read().receipts[0], cited=None)
    assert place(receipt) == "Words that are no longer in the transcript"


def test_other_formats_are_refused(drafted: Drafted) -> None:
    with pytest.raises(Refused, match="“pdf” is no format"):
        rendered(drafted.read(), "pdf", True)
    assert rendered(drafted.read(), "md", True).decode() == as_markdown(drafted.read(), True)
