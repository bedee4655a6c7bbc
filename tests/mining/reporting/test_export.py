"""The files people take away: nothing missing, nothing made up, nothing that runs."""

import csv
import io
import json
from typing import Any

import pytest

from capture.database import Database
from capture.errors import Refused
from capture.models import Event
from mining.models import Passage, Theme
from mining.reporting.export import export_json, render
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
from tests.mining.taken_away import EVIL, make_areas, render_hostile, transcripts


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


# --- JSON -----------------------------------------------------------------------------------------------------------


def test_the_document_has_the_keys_that_scripts_rely_on(mined: Mined) -> None:
    document = json.loads(mined.rendered("json"))
    assert document["schema"] == "harvest.event/1"
    assert document.keys() == {"schema", "event", "analysis", "groups", "passages", "themes"}
    assert document["event"].keys() == {"slug", "title", "programme", "held_on", "language"}
    run = {"id", "created_at", "seed", "embedder", "clusterer", "parameters", "seconds", "stability", "left_out"}
    assert run <= document["analysis"].keys()
    assert document["analysis"]["seconds"].keys() >= {"passages", "embed", "cluster", "describe", "total"}
    passage = {"id", "group", "start", "end", "words", "text", "speakers", "kind", "theme", "strength", "aside"}
    theme = {"id", "label", "keywords", "parent", "breadth", "depth", "stability", "by_group", "kinds", "quotes"}
    theme |= {"coarse", "statement", "shared", "change", "named_by"}
    assert len(document["passages"]) == 15 and len(document["themes"]) == mined.result.themes
    assert all(g.keys() == {"id", "name", "seconds", "words"} for g in document["groups"])
    assert all(p.keys() == passage for p in document["passages"])
    assert all({*theme, "perspectives"} <= t.keys() for t in document["themes"])
    assert all(v.keys() >= {"group", "keywords", "quotes"} for t in document["themes"] for v in t["perspectives"])


def test_what_was_measured_and_told_is_in_the_document(mined: Mined) -> None:
    document = json.loads(mined.rendered("json"))
    run = document["analysis"]
    assert 0 <= run["stability"] <= 1
    assert run["trust"].keys() == {"runs", "without_theme", "thin", "weak"} and run["trust"]["runs"] == 4
    assert set(run["trust"]["thin"]) == {group["id"] for group in document["groups"]}
    assert run["remarks"][0].startswith("Looked for four more times") and run["since"] is None
    assert {p["kind"] for p in document["passages"]} <= {"challenge", "lesson", "action", "question", "other"}
    for theme in document["themes"]:
        assert 0 <= theme["stability"] <= 1 and theme["change"] is None and theme["named_by"] is None
        assert sum(theme["kinds"].values()) == pytest.approx(1, abs=1e-4)


def test_a_theme_s_statement_is_a_verbatim_slice_of_the_passage_it_names(mined: Mined) -> None:
    document = json.loads(mined.rendered("json"))
    texts = {p["id"]: (p["theme"], p["text"]) for p in document["passages"]}
    times = {p["id"]: (p["start"], p["end"]) for p in document["passages"]}
    stated = [(t["id"], t["statement"]) for t in document["themes"] if t["statement"]]
    assert stated
    for number, said in stated:
        assert texts[said["passage"]][0] == number and said["text"] in texts[said["passage"]][1]
        (start, end), (first, last) = times[said["passage"]], said["seconds"]
        assert start <= first < last <= end + 0.01


def test_what_an_earlier_harvest_did_not_know_is_null_or_empty(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        recording = make_recording(session, make_group(session, event))
        analysis = make_analysis(session, event)
        make_passage(session, analysis, recording, 1, make_theme(session, analysis, 1))
        document = json.loads(render(session, event, "json"))
    [theme], [passage] = document["themes"], document["passages"]
    assert (passage["kind"], passage["aside"]) == (None, None)
    unknown = ("parent", "stability", "kinds", "statement", "shared", "change", "named_by")
    assert {theme[key] for key in unknown} == {None} and theme["coarse"] is False
    assert (document["analysis"]["stability"], document["analysis"]["trust"]) == (None, {})


def test_coarse_themes_are_listed_after_the_fine_ones_and_no_passage_names_them(database: Database) -> None:
    with database.writing() as session:
        event = make_areas(session)
        document = json.loads(render(session, event, "json"))
    assert [(t["id"], t["coarse"], t["parent"]) for t in document["themes"]] == [
        *((1, False, 4), (2, False, None), (3, False, 4), (4, True, None)),
    ]
    assert {p["theme"] for p in document["passages"]} == {1, 2, 3, None}
    assert [(p["kind"], p["aside"]) for p in document["passages"]][-1] == ("other", "technical trouble")
    assert document["themes"][0]["change"]["words"] == "new"
    assert document["analysis"]["left_out"] == [
        {"reason": "technical trouble", "utterances": 1, "words": 12, "aside": True}
    ]


def test_the_share_without_a_theme_follows_decisions(spare: Database, mined: Mined) -> None:
    with spare.writing() as session:
        event = session.get_one(Event, mined.event_id)
        theme = session.query(Theme).filter_by(number=1).one()
        rows = session.query(Passage).filter_by(theme_id=theme.id).all()
        for row in rows:
            row.theme_id, row.aside = None, "set aside by a person"
        session.flush()
        document = export_json(session, event)
    words = sum(passage["words"] for passage in document["passages"])
    expected = sum(row.words for row in rows) / words
    assert document["analysis"]["trust"]["without_theme"] == pytest.approx(expected, abs=1e-4)


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
            "area": "",
            "kind": p["kind"],
            "set_aside": "",
            "strength": str(p["strength"]),
            "speakers": ", ".join(p["speakers"]),
            "text": p["text"],
        }
        for p in document["passages"]
    ] == rows


def test_no_cell_is_taken_for_a_formula_and_the_words_stay_as_they_are(database: Database) -> None:
    rows = rows_of(render_hostile(database, "csv"))
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


def test_the_table_names_the_area_the_kind_and_why_a_passage_is_set_aside(database: Database) -> None:
    with database.writing() as session:
        rows = rows_of(render(session, make_areas(session), "csv"))
    assert [(r["theme"], r["area"], r["kind"], r["set_aside"]) for r in rows] == [
        ("1", "Money", "challenge", ""),
        ("2", "", "lesson", ""),
        ("3", "Money", "challenge", ""),
        ("", "", "other", "technical trouble"),
    ]


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
