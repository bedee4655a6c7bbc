"""The diagnosis as data and as a table, for staff and for sponsors."""

import csv
import json
from io import StringIO
from typing import Any

from sqlalchemy import delete

from capture.database import Database
from capture.events import get_event
from mining.diagnosis.diagnosis import Diagnosis, diagnosis_of
from mining.diagnosis.diagnosis_file import (
    HEAD,
    diagnosis_document,
    diagnosis_table,
    figures,
    shared_document,
    shared_table,
)
from mining.diagnosis.discreet_diagnosis import SharedDiagnosis, SharedSpread, shared_diagnosis
from mining.models import Passage
from mining.next_steps.step_finding import find_commitments
from tests.mining.programme import programme, programme_data  # noqa: F401  (fixtures)

QUORUM = 3


def both(database: Database, slug: str = "spring") -> tuple[Diagnosis, SharedDiagnosis]:
    with database.writing() as session:
        event = get_event(session, slug)
        find_commitments(session, event)
        found, shared = diagnosis_of(session, event), shared_diagnosis(session, event, QUORUM)
    assert found and shared and shared.diagnosis
    return found, shared


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict | list):
        return [n for each in (value.values() if isinstance(value, dict) else value) for n in numbers(each)]
    return [value] if isinstance(value, float) else []


def test_a_line_for_each_figure_with_its_range_its_counts_and_a_sentence(programme: Database) -> None:  # noqa: F811
    found, _ = both(programme)
    table = lines(diagnosis_table(found))
    assert tuple(table[0]) == HEAD and len(table) == len(list(figures(found)))
    assert list(dict.fromkeys(line["part"] for line in table)) == [
        *("agency", "responsiveness", "connectivity", "what comes next"),
    ]
    forward, own = table[0], found.agency.forward
    assert own and own.value and float(forward["value"]) == round(own.value, 4)
    assert float(forward["low"]) < float(forward["value"]) < float(forward["high"])
    assert forward["counts"].endswith(" minutes") and " passages, " in forward["counts"]
    assert " %, between " in forward["sentence"]
    by_name = {line["figure"]: line for line in table}
    made = by_name["commitments found in talk"]
    assert made["unit"] == "an hour of talk" and " commitments in " in made["counts"]
    assert by_name["gaps closed since Autumn"]["value"] == "2"
    assert float(by_name["reach across departments as chance would have it"]["value"]) > 0
    assert table[-1]["sentence"] == found.growth.why and not table[-1]["value"]


def test_where_there_is_too_little_the_table_says_so_and_holds_no_figure(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        first = get_event(session, "autumn").groups[0].id
        session.execute(
            delete(Passage).where(
                Passage.group_id.in_(g.id for g in get_event(session, "autumn").groups if g.id != first)
            )
        )
        found = diagnosis_of(session, get_event(session, "autumn"))
    assert found
    table = lines(diagnosis_table(found))
    assert not any(line["value"] for line in table if line["unit"] == "share, 0 to 1")
    assert "Too little data: 1 group talked, and it takes 5." in table[0]["sentence"]


def test_sponsors_read_null_where_they_are_not_told_and_no_finer_than_on_the_page(
    programme: Database,  # noqa: F811
) -> None:
    found, shared = both(programme)
    document = shared_document(shared)
    assert document and document["quorum"] == QUORUM
    assert document["by_group"] is None and document["connectivity"]["table"] is None
    assert document["connectivity"]["shared"] is None and document["connectivity"]["crossing"] is None
    assert document["agency"]["commitments"]["groups"] is None and document["responsiveness"]["seconds"] is None
    assert document["agency"]["commitments"]["found"] == found.agency.commitments.found
    assert document["seconds"] % 60 == 0 and document["agency"]["seconds"] % 60 == 0
    assert all(value == round(value, 2) for value in numbers(document))
    text = json.dumps(document, ensure_ascii=False) + (shared_table(shared) or "")
    with programme.reading() as session:
        rooms = [group.name for group in get_event(session, "spring").groups]
    assert not any(room in text for room in rooms)
    forward, told = shared.diagnosis and shared.diagnosis.agency.forward, lines(shared_table(shared) or "")[0]
    assert forward
    for name in ("value", "low", "high"):
        exact = getattr(forward, name)
        assert document["agency"]["forward"][name] == float(told[name]) == round(exact, 2)
    staff = diagnosis_document(found)
    assert len(staff["by_group"]) == 6 and all(room in json.dumps(staff) for room in rooms)
    for line in lines(shared_table(shared) or ""):
        assert all(not line[name] or float(line[name]) == round(float(line[name]), 2) for name in HEAD[3:6]), line


def test_of_a_hidden_cell_nothing_is_told_not_even_whether_it_is_a_least_number(
    programme: Database,  # noqa: F811
) -> None:
    _, shared = both(programme)
    assert shared.diagnosis
    names = shared.diagnosis.connectivity.roster.departments
    cells: tuple[int | None, ...] = (3, *[None] * (len(names) - 1))
    for exactly in (True, False):
        spread = SharedSpread(1, "Theme", cells, (False, *[exactly] * (len(names) - 1)))
        document = shared_document(SharedDiagnosis(shared.diagnosis, QUORUM, (spread,)))
        assert document and document["departments"] == [
            {
                "number": 1,
                "label": "Theme",
                "groups": {names[0]: {"groups": 3, "exactly": False}, **dict.fromkeys(names[1:])},
            }
        ]
    assert (
        shared_document(SharedDiagnosis(None, QUORUM)) is None and shared_table(SharedDiagnosis(None, QUORUM)) is None
    )


def test_departments_are_named_to_sponsors_only_where_the_page_shows_the_table_of_them(
    programme: Database,  # noqa: F811
) -> None:
    _, shared = both(programme)
    assert shared.diagnosis
    names = shared.diagnosis.connectivity.roster.departments
    assert len(names) > 1
    spread = SharedSpread(1, "Theme", (QUORUM, *[None] * (len(names) - 1)), (True,) * len(names))
    for table, told in (((spread,), list(names)), ((), None)):
        document = shared_document(SharedDiagnosis(shared.diagnosis, QUORUM, table))
        assert document and document["connectivity"]["roster"]["departments"] == told
        assert all((name in json.dumps(document)) == bool(table) for name in names)
