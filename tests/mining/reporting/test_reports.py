"""The reports people read and print: nothing missing, nothing made up, nothing that runs."""

import re
from html.parser import HTMLParser

import pytest

from capture.database import Database
from mining.footing import percent
from mining.models import Passage
from mining.reporting.export import render
from tests.factories import make_analysis, make_event, make_group, make_passage, make_recording
from tests.mining.conftest import Mined
from tests.mining.taken_away import EVIL, make_areas, render_hostile, transcripts


class Page(HTMLParser):
    """The tags, attributes and visible text of a page, as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.said: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag != "meta":
            self._open.append(tag)
            self.said.setdefault(".".join(self._open[-2:]), []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.said[".".join(self._open[-2:])][-1] += data


def shown_by_markdown(line: str) -> str:
    return re.sub(r"\\(.)", r"\1", line)


def test_the_page_has_no_script_and_no_address_outside_itself(mined: Mined) -> None:
    text = mined.rendered("html")
    page = Page(text)
    assert {"h1", "table", "section", "blockquote"} <= set(page.tags)
    assert not {"script", "img", "link", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    anchors = {f"#{value}" for name, value in page.attributes if name == "id"}
    links = [value for name, value in page.attributes if name in ("href", "src", "srcset", "action", "data", "style")]
    assert len(links) == mined.result.themes and set(links) <= anchors
    assert not re.search(r"https?:|//|url\(|@import|javascript:", text)


def test_everything_the_page_quotes_was_said(mined: Mined) -> None:
    said, document = transcripts(mined), mined.document()
    quotes = Page(mined.rendered("html")).said["blockquote.p"]
    assert len(quotes) == sum(len(theme["quotes"]) for theme in document["themes"]) > 8
    assert all(any(quote in whole for whole in said) for quote in quotes)


def test_everything_the_markdown_quotes_was_said(mined: Mined) -> None:
    said, document = transcripts(mined), mined.document()
    lines = [line[2:] for line in mined.rendered("md").splitlines() if line.startswith("> ")]
    quotes = [shown_by_markdown(line) for line in lines if not line.startswith("— ")]
    assert len(quotes) == sum(len(theme["quotes"]) for theme in document["themes"]) > 8
    assert all(any(quote in whole for whole in said) for quote in quotes)


@pytest.mark.parametrize("format_", ["md", "html"])
def test_a_report_names_every_theme_group_and_how_it_was_made(mined: Mined, format_: str) -> None:
    text, document = mined.rendered(format_), mined.document()
    for theme in document["themes"]:
        assert f"{theme['id']}. {theme['label']}" in text
        assert f"{theme['breadth']} of 3 groups · {percent(theme['depth'])} of the talk" in text
    assert all(group["name"] in text for group in document["groups"])
    assert "seed 1, embedder all-MiniLM-L6-v2, clusterer graph" in text
    assert f"{sum(g['words'] for g in document['groups']):,} words" in text


def test_hostile_text_stays_text_on_the_page(database: Database) -> None:
    page = Page(render_hostile(database, "html"))
    assert not {"script", "img", "b", "i", "u"} & set(page.tags)
    assert not [name for name, value in page.attributes if name.startswith("on") or "evil" in value]
    assert page.said["body.h1"] == [EVIL] and page.said["head.title"] == [EVIL]
    assert page.said["section.h2"] == ['1. =HYPERLINK("http://evil.example")<b>|x']
    assert page.said["blockquote.p"][2] == f"=cmd|' /C calc'!A0 {EVIL}"
    assert page.said["ul.li"][0] == f"{EVIL}: 1 utterances, 2 words"
    assert ("lang", 'en"><script>') in page.attributes


def test_hostile_text_stays_text_in_markdown(database: Database) -> None:
    text = render_hostile(database, "md")
    lines = text.splitlines()
    assert shown_by_markdown(lines[0]) == f"# {EVIL}"
    assert not re.search(r"(?<!\\)[<`\[\]]", text), "raw HTML, code or a link"
    quoted = [shown_by_markdown(line) for line in lines if line.startswith("> ")]
    assert "> two lines, [a](http://evil.example) `x` | y" in quoted, "a line break would end the quote"
    [row] = [line for line in lines if line.startswith("| 1 ")]
    assert len(re.findall(r"(?<!\\)\|", row)) == 5, "the label broke out of its cell"


@pytest.mark.parametrize("said", ["- yes, we did", "+ one more", "1. First of all", "---"])
def test_a_quote_does_not_become_a_list_in_markdown(database: Database, said: str) -> None:
    with database.writing() as session:
        event = make_event(session)
        recording = make_recording(session, make_group(session, event))
        make_passage(session, make_analysis(session, event), recording, text=said)
        text = render(session, event, "md")
    [quote] = [line[2:] for line in text.splitlines() if line.startswith("> ") and "—" not in line]
    assert shown_by_markdown(quote) == said
    assert not re.match(r"[-+*] |---|\d+[.)] ", quote)


@pytest.mark.parametrize("format_", ["md", "html"])
def test_without_themes_a_report_shows_what_was_said_and_why_there_are_none(database: Database, format_: str) -> None:
    with database.writing() as session:
        event = make_event(session)
        recording = make_recording(session, make_group(session, event))
        left_out = [{"reason": "no speech", "utterances": 2, "words": 1200}]
        analysis = make_analysis(session, event, notes=["Too little talk."], left_out=left_out)
        make_passage(session, analysis, recording, text="We waited for the gate.", start=75.0, end=80.0)
        text = render(session, event, format_)
    for expected in (
        "Too little talk.",
        "Room 1",
        "We waited for the gate.",
        "1:15",
        "no speech: 2 utterances, 1,200 ",
    ):
        assert expected in text
    assert "<table" not in text and "|---" not in text


# --- levels, statements, trust --------------------------------------------------------------------------------------


def test_themes_stand_under_what_they_have_in_common_with_their_marks(database: Database) -> None:
    with database.writing() as session:
        event = make_areas(session)
        md, page = render(session, event, "md"), Page(render(session, event, "html"))
    headings = [line for line in md.splitlines() if line.startswith("##")]
    assert headings == [
        *("## Money", "### 1. Theme 1", "### 3. Theme 3", "## On their own", "### 2. Theme 2"),
        *("## Left out, and why", "## How far to trust it"),
    ]
    rows = [line for line in md.splitlines() if line.startswith("|")][2:]
    assert rows == [
        "| | **Money** | 2/2 | 70 % |",
        "| 1 | Theme 1 (new, borders shift) | 2/2 | 50 % |",
        "| 3 | Theme 3 (may not come out again) | 2/2 | 50 % |",
        "| | **On their own** |  |  |",
        "| 2 | Theme 2 | 2/2 | 50 % |",
    ]
    assert page.said["body.h2"] == ["Money", "On their own", "Left out, and why", "How far to trust it"]
    assert page.said["section.h3"] == ["1. Theme 1", "3. Theme 3", "2. Theme 2"]


def test_a_statement_stands_under_its_label_and_the_kinds_with_the_shares(database: Database) -> None:
    with database.writing() as session:
        event = make_areas(session)
        md, page = render(session, event, "md"), Page(render(session, event, "html"))
    assert "### 1. Theme 1\n\n“what somebody said in” — Room 1, 0:00\n" in md
    assert page.said["p.q"] == ["what somebody said in"] and page.said["p.cite"] == ["Room 1, 0:00"]
    assert "Kinds of talk: challenge 80 %, other 20 %\n" in md and md.count("Kinds of talk") == 1


def test_a_statement_that_is_no_longer_in_its_passage_is_not_quoted(database: Database) -> None:
    with database.writing() as session:
        event = make_areas(session)
        session.query(Passage).filter_by(number=1).one().text = "This is masked now."
        session.flush()
        assert "“what somebody said in”" not in render(session, event, "md")
        assert "<q>" not in render(session, event, "html")


@pytest.mark.parametrize("format_", ["md", "html"])
def test_a_report_says_how_far_to_trust_it(database: Database, format_: str) -> None:
    with database.writing() as session:
        text = render(session, make_areas(session), format_)
    for expected in (
        "Since themes were last looked for, one is new.",
        "the themes are steady: much the same ones come out again (agreement 90 %",
        "One theme may not come out again: Theme 3.",
        "technical trouble: 1 utterances, 12 words",
    ):
        assert expected in text
