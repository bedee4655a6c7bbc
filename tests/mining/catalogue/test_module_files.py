"""Catalogues as people have them: what is read, and what is said of the rest."""

import io
import json
import time
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import pytest

from capture.errors import HarvestError, UnreadableFile
from mining.catalogue.module_files import Reading, files_in, read_modules
from mining.catalogue.module_pages import Page
from tests.conftest import SAMPLES


def of(name: str, content: str | bytes) -> Reading:
    return read_modules([(name, content.encode() if isinstance(content, str) else content)])


def test_the_sample_catalogue_is_read_without_a_word() -> None:
    reading = of("catalogue.csv", (SAMPLES / "catalogue.csv").read_bytes())
    assert (len(reading.modules), reading.problems, reading.skipped) == (26, [], 0)
    first = reading.modules[0]
    assert (first.title, first.author, first.mindset) == ("Ten Minutes With a Pencil", "Odile Marchetti", "reflection")
    assert first.source == "catalogue.csv, line 2" and len(first.pages or ()) == 4
    assert (first.pages or ())[0] == Page(question="When did you last have an hour in which nobody could reach you?")


def test_pages_may_stand_in_columns_of_their_own_and_in_any_order() -> None:
    [module] = of(
        "a.csv",
        "Module;Description;Page 2;page_1;Price\n"
        'Money;Who pays.;What now?;"## Warm up (10 min)\nThink of a bill.\n\nWho paid?";7\n',
    ).modules
    assert (module.title, module.summary, module.author) == ("Money", "Who pays.", None)
    assert module.pages == (Page("Warm up", "Think of a bill.", "Who paid?", 10), Page(question="What now?"))


def test_what_is_wrong_with_a_row_is_said_with_its_line_and_the_rest_goes_on() -> None:
    huge = "x" * 3_000_000
    rows = [
        "title;mindset;summary",
        "Café;flying;ü",
        ";action;no title",
        "CAFÉ ;action;again",
        f"Big;;{huge}",
        "Fine;;",
    ]
    reading = of("k.csv", "\n".join(rows).encode("cp1252"))
    assert [module.title for module in reading.modules] == ["Café", "Fine"]
    said = "\n".join(reading.problems)
    assert "Windows-1252" in said
    assert "k.csv, line 2: “flying” is no mindset (reflection, analysis, worldliness, collaboration or action)" in said
    assert "k.csv, line 3 has no title" in said
    assert "k.csv, line 4: “CAFÉ” is there already (k.csv, line 2), which stays." in said
    assert "Line 5 was left out: one of its cells has 3,000,000 letters" in said
    assert reading.skipped == 3
    assert len(said) < 2000


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "", "is empty"),
        ("a.csv", "name of it;price\nx;1\n", "has no column “title”; its first line has “name of it”, “price”"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x01\x02", "is not text"),
        ("a.docx", b"PK\x03\x04", "is no catalogue. Bring it as CSV, JSON or Markdown"),
        ("a.json", "{", "is no JSON that can be read at line 1"),
        ("a.json", "[" * 100_000, "is no JSON that can be read"),
        ("a.json", b"\xff\xfe[", "is not in UTF-8"),
        ("a.json", '{"title": "One"}', "holds no list of modules"),
        ("a.md", " \n", "is empty"),
        ("a.md", "a\0b", "is no text"),
        ("a.zip", b"PK\x03\x04 damaged", "is damaged or locked"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_problem(name: str, content: str | bytes, said: str) -> None:
    reading = of(name, content)
    assert reading.modules == [] and len(reading.problems) == 1
    assert said in reading.problems[0]


@pytest.mark.parametrize("header", ["since", "Offered since", "on_offer_since", "AVAILABLE SINCE"])
def test_since_is_read_from_every_form_by_each_of_its_names(header: str) -> None:
    table, entries = f"title;{header}\nOne;2025-11-03\nTwo;\n", [{"title": "One", header: "2025-11-03"}]
    front = f"---\n{header}: 2025-11-03\n---\n# One\n"
    for name, content in (("a.csv", table), ("a.json", json.dumps(entries)), ("a.md", front)):
        reading = of(name, content)
        assert (reading.modules[0].offered_on, reading.problems) == (date(2025, 11, 3), []), name
    assert of("a.csv", table).modules[1].offered_on is None


def test_a_day_that_is_none_is_said_with_its_place_and_the_module_is_read() -> None:
    wrong = ["03/11/2025", "2025-02-30", "1949", "3025-01-01", "soon", "20251103", "2025-11-03 x"]
    reading = of("k.csv", "title,since\n" + "".join(f"M{i},{said}\n" for i, said in enumerate(wrong)))
    assert [module.offered_on for module in reading.modules] == [None] * len(wrong) and not reading.skipped
    assert reading.problems[0] == (
        "k.csv, line 2: since “03/11/2025” is no day such as 2025-11-03 (2025-11 and 2025 will do), so it is taken as "
        "missing."
    )
    assert "k.csv, line 4: since “1949” is before 1950" in reading.problems[2]
    assert "lies more than a year ahead" in reading.problems[3] and len(reading.problems) == len(wrong)
    document = [{"title": "A", "since": 2025}, {"title": "B", "since": [1]}, {"title": "C", "since": None}]
    found = of("a.json", json.dumps(document))
    assert [module.offered_on for module in found.modules] == [date(2025, 1, 1), None, None]
    assert [problem[:31] for problem in found.problems] == ["a.json, module 2: since “[1]” i"]


def test_json_is_a_list_of_objects_each_judged_alone() -> None:
    entries = [
        {"Title": "One", "pages": [{"title": "A", "text": "T", "question": "Q?", "minutes": 5}, "And?", {}]},
        {"title": "Two", "questions": "What? | Why?"},
        {"title": "Three", "pages": "What?\nWhy?", "author": None},
        {"title": "Four", "pages": 7},
        {"title": "Five", "pages": [{"question": 7}]},
        {"title": "Six", "pages": [{"question": "Q?", "minutes": "soon"}]},
        "seven",
        {"author": "nobody"},
        {"title": "Nine", "summary": "x" * 16_000},
        {"title": "Ten", "pages": ["Why?"] * 61},
    ]
    reading = of("a.json", json.dumps(entries))
    assert [module.title for module in reading.modules] == ["One", "Two", "Three"]
    assert reading.modules[0].pages == (Page("A", "T", "Q?", 5), Page(question="And?"))
    assert reading.modules[1].pages == reading.modules[2].pages == (Page(question="What?"), Page(question="Why?"))
    assert reading.skipped == len(reading.problems) == 7
    for said in ("module 4 was left out: its pages are no list", "module 5", "“soon” is no number", "module 7",
                 "module 8 has no title", "a text 15,000", "more than 60 pages"):  # fmt: skip
        assert any(said in problem for problem in reading.problems), said


def test_a_markdown_file_is_a_module() -> None:
    text = (
        "---\ntitle: Who Pays\nauthor: Ada\nmindset: the analytic mindset\n---\n\n"
        "Money has a memory.\n\n---\n\nAnd a smell.\n\n"
        "## Warm up (10 min)\nThink of a bill.\n> Somebody said: I always pay. Do you feel like that sometimes?\n\n"
        "## Your turn\nWho paid?\n"
    )
    [module] = of("who-pays.md", text).modules
    assert (module.title, module.author, module.mindset) == ("Who Pays", "Ada", "analysis")
    assert module.summary == "Money has a memory.\n\n---\n\nAnd a smell."
    asked = "Somebody said: I always pay. Do you feel like that sometimes?"
    assert module.pages == (Page("Warm up", "Think of a bill.", asked, 10), Page("Your turn", "", "Who paid?"))


def test_markdown_without_front_matter_has_its_title_in_the_heading_or_the_file_name() -> None:
    [module] = of("x.md", "# Who Pays\n\nMoney.\n\n### One\nWho?\n### Two\nWhy?\n").modules
    assert (module.title, module.summary) == ("Who Pays", "Money.")
    assert [page.title for page in module.pages or ()] == ["One", "Two"]
    [named] = of("folder/who-pays_now.md", "Just a text.\n").modules
    assert (named.title, named.summary, named.pages) == ("who pays now", "Just a text.", ())


def test_broken_front_matter_is_said_with_its_line() -> None:
    reading = of("a.md", "---\ntitle: One\nauthor: [Ada\n---\nText\n")
    assert reading.modules == [] and reading.skipped == 1
    assert "a.md was left out: what stands between the lines “---” cannot be read in line" in reading.problems[0]
    assert of("b.md", "---\ntitle: !!python/object/apply:os.getcwd []\n---\nx").modules == []


def test_a_folder_and_a_zip_give_all_files_but_hidden_ones_and_words_to_the_reader(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("one.md", "sub/two.md", "README.md", ".hidden/three.md", "notes.txt", "inner.zip"):
            archive.writestr(name, f"# {name}\n")
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(f"# {name}\n", "utf-8")
    for reading in (read_modules(files_in(tmp_path)), of("all.zip", out.getvalue())):
        assert [module.title for module in reading.modules] == ["one.md", "sub/two.md"]
        assert reading.problems == []


def test_a_zip_that_unpacks_to_too_much_is_refused_unread() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.md", b"x" * (33 << 20))
    assert "holds too much" in of("bomb.zip", out.getvalue()).problems[0]


def test_a_folder_without_any_and_a_file_that_cannot_be_opened_are_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no CSV, JSON or Markdown file in"):
        list(files_in(tmp_path))
    with pytest.raises(HarvestError, match="cannot be read"):
        list(files_in(tmp_path / "missing.csv"))


DIGITS = "1" * 5000


@pytest.mark.parametrize(
    ("name", "content", "titles"),
    [
        ("a.json", '[{"title": ' + DIGITS[:150] + "}]", [DIGITS[:150]]),
        ("a.json", '[{"title": ' + DIGITS + "}]", []),
        ("a.json", '[{"title": "x", "pages": [{"title": "a", "minutes": ' + DIGITS + "}]}]", []),
        ("a.json", '[{"title": "x", "pages": [{"title": "a", "minutes": "' + DIGITS + '"}]}]', []),
        ("a.json", '[{"title": "x", "pages": [{"title": "a", "minutes": "²"}]}]', []),
        ("a.json", '[{"title": "a\\ud800b", "mindset": "\\ud800", "author": "\\udfff!"}]', ["a b"]),
        ("a.md", f"---\ntitle: 0x{'f' * 5000}\n---\n# A\n", []),
        ("a.md", "---\ntitle: 0xff\n---\n# A\n", ["0xff"]),
        ("a.md", "---\ntitle: 2020-99-99\nauthor: [Ada, Bo]\n---\n# A\n", ["2020-99-99"]),
        ("a.md", '---\ntitle: "x\\ud800"\n---\n# A\n', ["x"]),
        ("a\udcff.md", "# A\n", ["A"]),
    ],
)
def test_strange_numbers_days_and_letters_are_read_as_text_or_left_out_with_a_word(
    name: str, content: str, titles: list[str]
) -> None:
    reading = of(name, content)
    assert [module.title for module in reading.modules] == titles
    assert reading.modules or "was left out" in reading.problems[0]
    said = [*reading.problems, *(f"{m.title} {m.source} {m.author} {m.mindset}" for m in reading.modules)]
    assert "\n".join(said).encode("utf-8") and max(map(len, said)) < 300


def test_yaml_that_refers_to_itself_does_not_unfold() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 7)]
    text = "\n".join(["---", *lines, "title: T", "author: *a6", "---", "# A", ""])
    tracemalloc.start()
    reading = of("a.md", text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000
    assert reading.modules == [] and "has to be in quotes" in reading.problems[0]


def damaged(kind: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        archive.writestr("a.md", "# A\n" + "hello world " * 500)
    data = bytearray(out.getvalue())
    for i in range(36, 60):
        data[i] ^= 0xFF
    return bytes(data)


@pytest.mark.parametrize("kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_is_damaged_inside_is_said_to_be(kind: int) -> None:
    assert "is damaged or locked" in of("a.zip", damaged(kind)).problems[0]


def zipped(name: str, text: str, times: int = 30) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(times):
            archive.writestr(f"{number}{name}", text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", "# A\n## x" + " #" * 100_000 + "y\n"),
        ("a.json", '[{"title": "a", "questions": "' + " " * 1_000_000 + 'x"}]'),
        ("a.json", '[{"title": "a", "pages": [' + '"x",' * 1_000_000 + '"y"]}]'),
        ("a.json", "[" + '{"title": "a"},' * 500_000 + "1]"),
        ("a.zip", zipped(".csv", "title,author\n" + "\n" * 900_000)),
        ("a.zip", zipped(".csv", "title,author\n" + "\n" * 90_000)),
        ("a.zip", zipped(".md", "# A\n" + "## \n" * 250_000)),
        ("a.zip", zipped(".md", "---\ntitle: " + "[" * 18_000 + "\n---\n# A\n")),
    ],
    ids=["signs", "spaces", "pages", "modules", "blank lines", "together", "headings", "brackets"],
)
def test_small_files_made_to_take_long_do_not(name: str, content: str | bytes) -> None:
    start = time.process_time()
    reading = of(name, content)
    assert time.process_time() - start < 4  # each took from five seconds to minutes
    assert reading.problems or reading.modules


def test_files_that_are_too_long_together_are_left_out_from_there_on() -> None:
    reading = read_modules((f"{n}.csv", f"title\nM{n}\n".encode() + b"\n" * 60_000) for n in range(3))
    assert [module.title for module in reading.modules] == ["M0"]
    assert reading.problems[0] == "1.csv was left out: it is too long, with what was read before. Bring less at once."
