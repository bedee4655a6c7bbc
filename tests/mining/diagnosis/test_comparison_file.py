"""Events side by side as data and as a table, for staff and for sponsors."""

import csv
import json
from io import StringIO

from capture.database import Database
from capture.events import get_event
from mining.diagnosis.comparison import Comparison, comparison_of
from mining.diagnosis.comparison_file import comparison_document, comparison_table, shared_document, shared_table
from mining.diagnosis.discreet_comparison import shared_comparison
from mining.models import Analysis, Theme
from mining.privacy.discretion import shared_view
from tests.mining.programme import programme, programme_data  # noqa: F401  (fixtures)

QUORUM = 3


def both(database: Database) -> tuple[Comparison, Comparison]:
    with database.reading() as session:
        event = get_event(session, "spring")
        return comparison_of(session, event), shared_comparison(session, event, QUORUM)


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_line_for_each_theme_at_each_event_and_for_each_figure_of_arc(programme: Database) -> None:  # noqa: F811
    found, _ = both(programme)
    table = lines(comparison_table(found))
    themes = [line for line in table if line["what"].startswith("theme")]
    arcs = [line for line in table if not line["what"].startswith("theme")]
    assert len(themes) == len(found.lines) * 2 and len(arcs) == 6
    assert [(line["what"], line["event"]) for line in arcs[:2]] == [("agency", "Autumn"), ("agency", "Spring")]
    new = [line for line in themes if line["change"] == "new"]
    assert {(line["event"], line["raised by groups"] == "0", line["of groups"]) for line in new} == {
        ("Autumn", True, "6"),
        ("Spring", False, "6"),
    }
    there = next(line for line in new if line["event"] == "Spring")
    assert 0 <= float(there["low"]) <= float(there["value"]) <= float(there["high"]) <= 1
    answered = [line for line in themes if "answered by" in line["remark"]]
    assert [(line["event"], "“Boss of My Friends” (2026-01-15)" in line["remark"]) for line in answered] == [
        ("Spring", True)
    ]
    assert [line["remark"] for line in arcs if line["what"] == "connectivity"][0] == "too little data"


def test_the_document_holds_every_line_with_its_points(programme: Database) -> None:  # noqa: F811
    found, shared = both(programme)
    document = comparison_document(found)
    assert [line["label"] for line in document["lines"]] == [line.label for line in found.lines]
    assert document["events"][0] == {"slug": "autumn", "title": "Autumn", "day": "2025-10-09"}
    assert json.loads(json.dumps(document)) == document
    assert shared_document(shared, QUORUM)["quorum"] == QUORUM


def test_sponsors_get_no_theme_of_few_groups_no_share_of_talk_and_no_nought(programme: Database) -> None:  # noqa: F811
    _, shared = both(programme)
    with programme.reading() as session:
        hidden = set()
        for slug in ("autumn", "spring"):
            event = get_event(session, slug)
            shown = {theme.number for theme in shared_view(session, event, QUORUM).themes}
            analysis = session.query(Analysis).filter_by(event_id=event.id).one()
            rows = session.query(Theme).filter(Theme.analysis_id == analysis.id, Theme.number.not_in(shown))
            hidden |= {row.label for row in rows}
    text = json.dumps(shared_document(shared, QUORUM), ensure_ascii=False) + shared_table(shared)
    assert hidden and not any(label in text for label in hidden)
    table = lines(shared_table(shared))
    themes = [line for line in table if line["what"].startswith("theme")]
    assert themes and not any(line["value"] or line["raised by groups"] == "0" for line in themes)
    empty = [line for line in themes if not line["raised by groups"]]
    assert all(line["exactly"] == "" for line in empty)
    assert not {line["change"] for line in themes} & {"new", "gone"}
