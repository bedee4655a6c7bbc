"""What is exported is what is imported again, whatever stands in it."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date

import pytest

from capture.spreadsheets import guarded, unguarded
from mining.catalogue.module_files import read_modules
from mining.catalogue.module_pages import Page, ReadModule
from mining.catalogue.module_writing import as_csv, as_json, markdown_files, rendered, zipped
from tests.conftest import SAMPLES

HARD = [
    ReadModule("=HYPERLINK(1)", "", "@Ada", "action", True, "+1\n- two\n# three\n> four\n---\n'quoted'", ()),
    ReadModule(
        "“Quotes”: 'and', \"more\"; | {x} é",
        "",
        "",
        None,
        False,
        "",
        (Page("Warm up", "Text.\n\nQuestion: not this\n## nor", "-1?", 10), Page(question="a | b?"), Page("Break")),
        date(2025, 11, 3),
    ),
    ReadModule("Break", "", "Bo: [x]", "analysis", False, "S.", (Page(question="=1+1?"), Page(text="'=x", minutes=0))),
]  # fmt: skip
PLAIN = [ReadModule("One", "", "Ada", "action", False, "S.", (Page(question="Why?"), Page(question="=Who?"))), HARD[0]]


def bare(modules: list[ReadModule]) -> list[tuple[object, ...]]:
    return [
        (m.title, m.author or "", m.mindset, m.inferred, m.offered_on, m.summary or "", m.pages or ()) for m in modules
    ]


def as_zip(modules: list[ReadModule]) -> bytes:
    return zipped(markdown_files(modules))


@pytest.mark.parametrize("modules", [HARD, PLAIN, []], ids=["hard", "plain", "none"])
@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("c.csv", lambda modules: as_csv(modules).encode()),
        ("c.json", lambda modules: json.dumps(as_json(modules)).encode()),
        ("c.zip", as_zip),
    ],
)
def test_importing_what_was_exported_gives_the_same(
    modules: list[ReadModule], name: str, write: Callable[[list[ReadModule]], bytes]
) -> None:
    if name == "c.zip" and not modules:
        return
    reading = read_modules([(name, write(modules))])
    assert reading.problems == []
    key = lambda row: row[0]  # noqa: E731
    assert sorted(bare(reading.modules), key=key) == sorted(bare(modules), key=key)


def test_the_sample_goes_round_in_every_form() -> None:
    modules = read_modules([("catalogue.csv", (SAMPLES / "catalogue.csv").read_bytes())]).modules
    for name, data in (("a.csv", rendered(modules, "csv").encode()), ("a.json", rendered(modules, "json").encode()),
                       ("a.zip", as_zip(modules))):  # fmt: skip
        again = read_modules([(name, data)]).modules
        assert sorted(bare(again), key=str) == sorted(bare(modules), key=str)


def test_no_cell_is_a_formula_for_a_spreadsheet() -> None:
    cells = [cell for row in csv.reader(io.StringIO(as_csv(HARD).removeprefix("\ufeff"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    for text in ("=1", "'=1", "''@x", "plain", "'quoted'", "-", "a=b"):
        assert unguarded(guarded(text)) == text


def test_questions_alone_stay_in_one_cell_as_people_write_them() -> None:
    assert "Why? | =Who?" in as_csv(PLAIN) and "page 1" not in as_csv(PLAIN).splitlines()[0]
    assert "page 3" in as_csv(HARD).splitlines()[0]


def test_markdown_files_have_names_of_their_own() -> None:
    names = list(markdown_files([ReadModule("A b", ""), ReadModule("A  b!", ""), ReadModule("中", "")]))
    assert names[:2] == ["a-b.md", "a-b-2.md"] and len(set(names)) == 3
    assert as_zip(HARD) == as_zip(HARD)
