"""The files people take away: nothing missing, nothing made up, nothing that runs."""

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import select

from capture.database import Database
from capture.errors import Refused
from capture.models import Event, Recording
from capture.transcripts import utterances_of
from mining.export import clock, export_json, percent, render
from tests.factories import (
    make_analysis,
    make_event,
    make_group,
    make_passage,
    make_recording,
    make_theme,
    make_utterances,
)
from tests.mining.conftest import Mined

EVIL = '<script>alert(1)</script> & "quoted" <img src=http://evil.example/x onerror=alert(2)>'


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


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def shown_by_markdown(line: str) -> str:
    return re.sub(r"\\(.)", r"\1", line)


def transcripts(mined: Mined) -> list[str]:
    with mined.database.reading() as session:
        return [
            " ".join(u.text for u in utterances_of(session, r)) for r in session.scalars(select(Recording.id)).all()
        ]


@pytest.fixture
def hostile(database: Database) -> Callable[[str], str]:
    """Renders an event in which every text that people can write tries to be something else than text."""
    with database.writing() as session:
        event = make_event(session, title=EVIL, programme="<b>P</b>", language='en"><script>')
        group = make_group(session, event, "@SUM(1+1)*cmd <i>")
        recording = make_recording(session, group)
        analysis = make_analysis(
            session, event, notes=[f"Without talk: {EVIL}"], left_out=[{"reason": EVIL, "utterances": 1, "words": 2}]
        )
        keywords = ["<u>word", "a|b"]
        theme = make_theme(session, analysis, 1, label='=HYPERLINK("http://evil.example")<b>|x', keywords=keywords)
        theme.by_group, theme.quotes = {str(group.id): 1.0}, [1, 2, 3, 4]
        said = [
            "+1 from me",
            "-2 from her",
            f"=cmd|' /C calc'!A0 {EVIL}",
            "two\nlines, [a](http://evil.example) `x` | y",
        ]
        for number, text in enumerate(said, 1):
            make_passage(session, analysis, recording, number, theme, text=text, speakers=["@person 1"])

    def rendered(format_: str) -> str:
        with database.reading() as session:
            return render(session, session.get_one(Event, event.id), format_)

    return rendered


# --- JSON -----------------------------------------------------------------------------------------------------------


def test_the_document_has_the_keys_that_scripts_rely_on(mined: Mined) -> None:
    document = json.loads(mined.rendered("json"))
    assert document["schema"] == "harvest.event/1"
    assert document.keys() == {"schema", "event", "analysis", "groups", "passages", "themes"}
    assert document["event"].keys() == {"slug", "title", "programme", "held_on", "language"}
    run = {"id", "created_at", "seed", "embedder", "clusterer", "parameters", "seconds", "stability", "left_out"}
    assert run <= document["analysis"].keys()
    assert document["analysis"]["seconds"].keys() == {"passages", "embed", "cluster", "describe", "total"}
    passage = {"id", "group", "start", "end", "words", "text", "speakers", "kind", "theme", "strength"}
    theme = {"id", "label", "keywords", "parent", "breadth", "depth", "stability", "by_group", "kinds", "quotes"}
    assert len(document["passages"]) == 15 and len(document["themes"]) == mined.result.themes
    assert all(g.keys() == {"id", "name", "seconds", "words"} for g in document["groups"])
    assert all(p.keys() == passage for p in document["passages"])
    assert all({*theme, "perspectives"} <= t.keys() for t in document["themes"])
    assert all(v.keys() == {"group", "keywords", "quotes"} for t in document["themes"] for v in t["perspectives"])


def test_what_is_not_measured_yet_is_null(mined: Mined) -> None:
    document = json.loads(mined.rendered("json"))
    assert document["analysis"]["stability"] is None
    assert {p["kind"] for p in document["passages"]} == {None}
    for theme in document["themes"]:
        assert (theme["parent"], theme["stability"], theme["kinds"]) == (None, None, None)


def test_every_number_in_the_document_points_at_something(mined: Mined) -> None:
    document = json.loads(mined.rendered("json"))
    groups, passages = ({row["id"] for row in document[kind]} for kind in ("groups", "passages"))
    themes = {theme["id"] for theme in document["themes"]}
    assert themes == set(range(1, len(themes) + 1)) and passages == set(range(1, 16))
    assert {p["group"] for p in document["passages"]} == groups
    assert {p["theme"] for p in document["passages"]} == themes
    where = {p["id"]: (p["theme"], p["group"]) for p in document["passages"]}
    for theme in document["themes"]:
        assert {where[number][0] for number in theme["quotes"]} == {theme["id"]}
        assert len(theme["by_group"]) == theme["breadth"] and {int(key) for key in theme["by_group"]} <= groups
        assert themes - {theme["id"]} >= set(theme["neighbours"])
        for view in theme["perspectives"]:
            assert {where[number] for number in view["quotes"]} == {(theme["id"], view["group"])}


def test_shares_add_up_where_all_talk_belongs_to_a_theme(mined: Mined) -> None:
    document = json.loads(mined.rendered("json"))
    for group in document["groups"]:
        assert sum(t["by_group"].get(str(group["id"]), 0) for t in document["themes"]) == pytest.approx(1, abs=1e-4)
    assert sum(t["depth"] for t in document["themes"]) == pytest.approx(1, abs=1e-4)
    assert all(0 <= p["strength"] <= 1 for p in document["passages"])


def test_every_text_is_a_verbatim_slice_of_a_transcript(mined: Mined) -> None:
    said = transcripts(mined)
    assert all(any(p["text"] in whole for whole in said) for p in json.loads(mined.rendered("json"))["passages"])


def test_a_group_is_as_long_as_its_recordings_end_to_end_and_counts_all_words(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session, held_on=None)
        group = make_group(session, event)
        silent = make_group(session, event, "Silent")
        make_utterances(session, make_recording(session, group, seconds=170.0), ["one two three", "Yeah."], 10.0)
        later = make_recording(session, group, seconds=None, position=1)
        make_utterances(session, later, ["four", "five six"], 10.0)
        make_recording(session, group, seconds=40.0, position=2)
        make_analysis(session, event)
        groups = export_json(session, event)["groups"]
    assert groups == [
        {"id": group.id, "name": "Room 1", "seconds": 170 + 19.8 + 40, "words": 7},
        {"id": silent.id, "name": "Silent", "seconds": 0, "words": 0},
    ]


def test_umlauts_stay_readable(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session, title="Frühling – “Größe”")
        make_analysis(session, event)
        assert "Frühling – “Größe”" in render(session, event, "json")


# --- CSV ------------------------------------------------------------------------------------------------------------


def test_the_table_has_one_row_per_passage(mined: Mined) -> None:
    document, rows = mined.document(), rows_of(mined.rendered("csv"))
    names = {group["id"]: group["name"] for group in document["groups"]}
    labels = {theme["id"]: theme["label"] for theme in document["themes"]}
    assert [
        {
            "passage": str(p["id"]),
            "group": names[p["group"]],
            "start": f"{p['start']:.2f}",
            "end": f"{p['end']:.2f}",
            "words": str(p["words"]),
            "theme": str(p["theme"]),
            "theme_label": labels[p["theme"]],
            "strength": str(p["strength"]),
            "speakers": ", ".join(p["speakers"]),
            "text": p["text"],
        }
        for p in document["passages"]
    ] == rows


def test_no_cell_is_taken_for_a_formula_and_the_words_stay_as_they_are(hostile: Callable[[str], str]) -> None:
    rows = rows_of(hostile("csv"))
    assert len(rows) == 4
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell
    assert rows[0]["text"] == "'+1 from me" and rows[1]["text"] == "'-2 from her"
    assert rows[2]["text"].startswith("'=cmd|") and EVIL in rows[2]["text"]
    assert rows[3]["text"].startswith("two\nlines, ")
    assert rows[0]["group"] == "'@SUM(1+1)*cmd <i>" and rows[0]["theme_label"].startswith("'=HYPERLINK")
    assert rows[0]["speakers"] == "'@person 1"


def test_a_passage_without_a_theme_has_empty_cells(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        recording = make_recording(session, make_group(session, event))
        make_passage(session, make_analysis(session, event), recording, strength=0.0)
        [row] = rows_of(render(session, event, "csv"))
    assert (row["theme"], row["theme_label"], row["passage"]) == ("", "", "1")


# --- reports --------------------------------------------------------------------------------------------------------


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


def test_hostile_text_stays_text_on_the_page(hostile: Callable[[str], str]) -> None:
    page = Page(hostile("html"))
    assert not {"script", "img", "b", "i", "u"} & set(page.tags)
    assert not [name for name, value in page.attributes if name.startswith("on") or "evil" in value]
    assert page.said["body.h1"] == [EVIL] and page.said["head.title"] == [EVIL]
    assert page.said["section.h2"] == ['1. =HYPERLINK("http://evil.example")<b>|x']
    assert page.said["blockquote.p"][2] == f"=cmd|' /C calc'!A0 {EVIL}"
    assert page.said["ul.li"] == [f"{EVIL}: 1 utterances, 2 words"]
    assert ("lang", 'en"><script>') in page.attributes


def test_hostile_text_stays_text_in_markdown(hostile: Callable[[str], str]) -> None:
    text = hostile("md")
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


# --- whatever else --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["json", "csv", "md", "html"])
def test_an_event_that_was_not_mined_is_refused_with_the_command_that_helps(database: Database, format_: str) -> None:
    with database.writing() as session:
        event = make_event(session)
        with pytest.raises(Refused, match="“Spring” has not been mined yet. Run: harvest mine spring"):
            render(session, event, format_)


def test_another_format_is_refused(mined: Mined) -> None:
    with pytest.raises(Refused, match="There is no format “pdf”. Take one of: json, csv, md, html"):
        mined.rendered("pdf")


@pytest.mark.parametrize("format_", ["json", "csv", "md", "html"])
def test_an_analysis_without_a_single_passage_can_be_exported(database: Database, format_: str) -> None:
    with database.writing() as session:
        event = make_event(session)
        make_analysis(session, event, notes=["Nothing that was said could be mined."])
        text = render(session, event, format_)
    expected: dict[str, Any] = {"csv": "passage,group,"}
    assert expected.get(format_, "Nothing that was said could be mined.") in text


def test_seconds_and_shares_are_written_as_people_write_them() -> None:
    assert [clock(s) for s in (0, 75.4, 3599.9, 3700)] == ["0:00", "1:15", "59:59", "1:01:40"]
    assert [percent(s) for s in (0, 0.0049, 0.194, 1)] == ["0 %", "under 1 %", "19 %", "100 %"]
