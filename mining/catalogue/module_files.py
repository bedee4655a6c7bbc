"""Adapter: catalogues as people have them become ReadModules. CSV (by `capture.tables`), JSON, Markdown with front
matter, and ZIP files of these. What is wrong with a row is said with its place, and the rest goes on.

First step of an import; `mining.catalogue.catalogue` stores what comes out.
"""

import io
import json
import lzma
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from capture.errors import HarvestError, UnreadableFile
from capture.spreadsheets import unguarded
from capture.tables import Row, count_lines, header_key, read_table
from mining.catalogue.module_pages import (
    HEADING,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MINDSETS,
    MOST_PAGES,
    Page,
    ReadModule,
    clean_text,
    day_of,
    mindset_of,
    one_line,
    page_of,
    pages_of,
    unescaped,
)
from mining.catalogue.yaml_front_matter import fields_of, split_head

COLUMNS = ("author", "mindset", "inferred", "since", "summary", "questions")
ALIASES = {
    "title": ("name", "module", "module title", "titel"),
    "author": ("authors", "written by", "by"),
    "mindset": ("mind-set", "the mindset"),
    "inferred": ("mindset inferred",),
    "since": (
        *("offered since", "on offer since", "available since", "in use since"),
        *("offered on", "offered from", "on offer from", "available from", "seit"),
    ),
    "summary": ("description", "abstract", "about"),
    "questions": ("question", "pages"),
}
SINCE = frozenset(map(header_key, ("since", *ALIASES["since"])))
PAGE_COLUMN = re.compile(r"\s*(?:page|question)[\s_-]*(\d{1,2})\s*", re.IGNORECASE)
KINDS = (".csv", ".tsv", ".json", ".md", ".markdown", ".zip")
BIGGEST = 32 << 20
"""Bytes of one file, and of all that a ZIP file holds."""
MOST_FILES = 5000
MOST_MODULES = 20_000
"""Of a JSON file."""
MOST_LINES, MOST_LINES_OF_ONE, MOST_LINES_OF_ALL = 100_000, 20_000, 500_000
"""Of all tables together, of a Markdown file, and of all of these: a small ZIP file holds millions."""
MOST_HEAD = 1 << 20
"""Letters of all front matter together: YAML is slow to read."""
MOST_NAMED = 50
"""Problems that are told one by one."""
DAMAGED: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError),
    *(NotImplementedError, RuntimeError, EOFError, OSError, ValueError),
)
"""What reading a ZIP file can end with. ValueError: a name in it that is no text."""


@dataclass
class Reading:
    """What was read. `problems` are plain sentences; `skipped` counts the modules that were left out."""

    modules: list[ReadModule] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    skipped: int = 0
    lines: Counter[str] = field(default_factory=Counter)
    """By kind of file; `head` counts the letters of all front matter."""

    def leave_out(self, problem: str) -> None:
        self.problems.append(problem)
        self.skipped += 1

    def count(self, kind: str, more: int, most: int, name: str) -> None:
        """Raises UnreadableFile where this file makes it more than `most` lines."""
        if self.lines[kind] + more > most:
            raise UnreadableFile(f"{name} was left out: it is too long, with what was read before. Bring less at once.")
        self.lines[kind] += more


def files_in(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name, content) of a file, or of each catalogue file in a folder. Raises HarvestError where one is unreadable."""
    inside = [p for p in sorted(path.rglob("*")) if p.is_file()] if path.is_dir() else [path]
    wanted = [p for p in inside if not path.is_dir() or _is_wanted(p.relative_to(path).as_posix())]
    if not wanted:
        raise UnreadableFile(f"There is no CSV, JSON or Markdown file in {path}.")
    for file in wanted:
        try:
            yield (file.relative_to(path).as_posix() if path.is_dir() else file.name), file.read_bytes()
        except OSError as error:
            raise HarvestError(f"{file} cannot be read: {error.strerror}.") from None


def read_modules(files: Iterable[tuple[str, bytes]]) -> Reading:
    """All modules of these files. A file that cannot be used at all is a problem like any other."""
    reading = Reading()
    for name, data in files:
        try:
            _read_file(one_line(name), data, reading)
        except UnreadableFile as error:
            reading.problems.append(str(error))
    _first_of_each(reading)
    return reading


def _read_file(name: str, data: bytes, reading: Reading) -> None:
    kind = PurePosixPath(name).suffix.lower()
    readers: dict[str, Callable[[str, bytes, Reading], None]] = {
        ".csv": _read_csv,
        ".tsv": _read_csv,
        ".json": _read_json,
        ".md": _read_markdown,
        ".markdown": _read_markdown,
        ".zip": _read_zip,
    }
    if kind not in readers:
        raise UnreadableFile(f"{name} is no catalogue. Bring it as CSV, JSON or Markdown (.csv, .json, .md).")
    if len(data) > BIGGEST:
        raise UnreadableFile(f"{name} is too big for a catalogue ({len(data) >> 20} MB; {BIGGEST >> 20} at most).")
    readers[kind](name, data, reading)


def _read_csv(name: str, data: bytes, reading: Reading) -> None:
    reading.count("table", count_lines(data), MOST_LINES, name)
    table = read_table(data, name, required=("title",), optional=COLUMNS, aliases=ALIASES)
    for problem in table.problems:
        reading.problems.append(f"{name}: {problem}")
        reading.skipped += "was left out" in problem
    pages = {header: int(found[1]) for header in table.others if (found := PAGE_COLUMN.fullmatch(header))}
    if unread := [header for header in table.others if header not in pages]:
        reading.problems.append(f"{name}: these columns mean nothing to a catalogue: {', '.join(unread[:12])}.")
    for row in table.rows:
        place = f"{name}, line {row.line}"
        fields: dict[str, Any] = {c: unguarded(row.values[c]) for c in table.columns if c != "questions"}
        if pages or "questions" in table.columns:
            fields["pages"] = _pages_of_row(row, pages, place, reading)
        _take(fields, place, reading)


def _pages_of_row(row: Row, columns: Mapping[str, int], place: str, reading: Reading) -> list[Page]:
    found: list[Page] = []
    for header in sorted(columns, key=lambda header: columns[header]):
        found += pages_of(unguarded(row.others.get(header, "")), level=6)
    asked = _asked(unguarded(row.values["questions"]))
    return [*found, *(page_of(question=question) for question in asked)]


def _asked(text: str) -> list[str]:
    """Questions with bars between them; of too many for a module only one too many."""
    return list(islice((part for part in re.split(r"[|\n]", text) if part.strip()), MOST_PAGES + 1))


def _read_json(name: str, data: bytes, reading: Reading) -> None:
    try:
        document = json.loads(data.decode("utf-8-sig"), parse_int=_number)
    except UnicodeDecodeError:
        raise UnreadableFile(f"{name} is not in UTF-8, which JSON has to be. Save it again as UTF-8.") from None
    except (json.JSONDecodeError, RecursionError) as error:
        where = f" at line {error.lineno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else ""
        raise UnreadableFile(f"{name} is no JSON that can be read{where}.") from None
    if isinstance(document, dict) and isinstance(document.get("modules"), list):
        document = document["modules"]
    if not isinstance(document, list):
        raise UnreadableFile(f"{name} holds no list of modules. Write [{{“title”: ...}}, ...].")
    if len(document) > MOST_MODULES:
        raise UnreadableFile(f"{name} holds {len(document):,} modules ({MOST_MODULES:,} at most).")
    for number, entry in enumerate(document, start=1):
        place = f"{name}, module {number}"
        if not isinstance(entry, dict):
            reading.leave_out(f"{place} was left out: it is no object with a title.")
            continue
        fields = {str(key).strip().lower(): value for key, value in entry.items() if value is not None}
        try:
            if (pages := _pages_of_entry(fields)) is not None:
                fields["pages"] = pages
        except ValueError as error:
            reading.leave_out(f"{place} was left out: {error}.")
            continue
        _take(fields, place, reading)


def _number(digits: str) -> int | str:
    """A long one as it is written: Python refuses to read it, and no field needs it."""
    return int(digits) if len(digits) < 10 else digits


def _pages_of_entry(fields: Mapping[str, Any]) -> list[Page] | None:
    """Raises ValueError saying what is wrong."""
    given = fields.get("pages", fields.get("questions"))
    if given is None:
        return None
    if isinstance(given, str):
        given = _asked(given)
    if not isinstance(given, list):
        raise ValueError("its pages are no list")
    pages: list[Page] = []
    for number, page in enumerate(islice((page for page in given if page), MOST_PAGES + 1), start=1):
        if isinstance(page, str):
            page = {"question": page}
        if not isinstance(page, dict) or not all(
            isinstance(page.get(k) or "", str) for k in ("title", "text", "question")
        ):
            raise ValueError(f"page {number} has no title, text and question")
        words = {key: page.get(key) or "" for key in ("title", "text", "question")}
        pages.append(page_of(**words, minutes=page.get("minutes")))
    return [page for page in pages if page]


def _read_markdown(name: str, data: bytes, reading: Reading) -> None:
    from yaml import YAMLError  # type: ignore[import-untyped]

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        reading.problems.append(f"{name}: the letters are in an old encoding (Windows-1252): check those with accents.")
    lines = count_lines(data)
    if lines > MOST_LINES_OF_ONE:
        raise UnreadableFile(f"{name} has {lines:,} lines, and a module {MOST_LINES_OF_ONE:,} at most.")
    reading.count("markdown", lines, MOST_LINES_OF_ALL, name)
    if "\0" in text or not text.strip():
        raise UnreadableFile(f"{name} is {'no text' if text.strip() else 'empty'}, so there is no module in it.")
    head, content = split_head(text)
    reading.count("head", len(head), MOST_HEAD, name)
    try:
        metadata = fields_of(head)
    except (YAMLError, ValueError, RecursionError) as error:
        said = error if isinstance(error, ValueError) else getattr(error, "problem", None) or "it is not YAML"
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 2}" if mark else ""
        reading.leave_out(f"{name} was left out: what stands between the lines “---” cannot be read{where} ({said}).")
        return
    fields: dict[str, Any] = {key.strip().lower(): value for key, value in metadata.items()}
    title, summary, body, level = _body(content)
    fields.setdefault("title", title or PurePosixPath(name).stem.replace("-", " ").replace("_", " "))
    if summary or "summary" not in fields:
        fields["summary"] = "\n\n".join(part for part in (str(fields.get("summary", "")), summary) if part)
    fields["pages"] = pages_of(body, level) if body else []
    _take(fields, name, reading)


def _body(content: str) -> tuple[str, str, str, int]:
    """Title, summary, what holds the pages, and the level of their headings. The highest level that is there more than
    once, or below a single title, are the pages; what stands before the first of them is the summary."""
    lines = clean_text(content).split("\n")
    heads = [(i, len(m[1]), m[2] or "") for i, line in enumerate(lines) if (m := HEADING.fullmatch(line))]
    title = ""
    if heads and [level for _, level, _ in heads].count(1) == 1 and heads[0][1] == 1:
        title = heads[0][2]
        lines[heads[0][0]] = ""
        heads = heads[1:]
    if not heads:
        return title, _plain("\n".join(lines)), "", 2
    level = min(level for _, level, _ in heads)
    first = next(i for i, its, _ in heads if its == level)
    return title, _plain("\n".join(lines[:first])), "\n".join(lines[first:]), level


def _plain(text: str) -> str:
    return clean_text(unescaped(text))


def _read_zip(name: str, data: bytes, reading: Reading) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = [info for info in archive.infolist() if not info.is_dir() and _is_wanted(info.filename)]
            if len(inside) > MOST_FILES or sum(info.file_size for info in inside) > BIGGEST:
                raise UnreadableFile(f"{name} holds too much for a catalogue. Bring it in several parts.")
            found = [(one_line(info.filename), archive.read(info)) for info in inside]
    except DAMAGED:
        raise UnreadableFile(f"{name} is damaged or locked, so nothing in it can be read. Pack it again.") from None
    if not found:
        raise UnreadableFile(f"There is no CSV, JSON or Markdown file in {name}.")
    for inner, content in found:
        try:
            _read_file(inner, content, reading)
        except UnreadableFile as error:
            reading.problems.append(str(error))


def _is_wanted(name: str) -> bool:
    """Whether a file in a folder is a part of the catalogue: no hidden file, no word to the reader, no ZIP in a ZIP."""
    path = PurePosixPath(name)
    hidden = any(part.startswith((".", "__")) for part in path.parts)
    return path.suffix.lower() in KINDS[:-1] and not hidden and path.stem.lower() != "readme"


def _take(fields: Mapping[str, Any], place: str, reading: Reading) -> None:
    """Adds the module that these fields make, or says why not."""
    title = one_line(str(fields.get("title") or ""))
    if not title:
        reading.leave_out(f"{place} has no title, so it was left out. Give it one.")
        return
    texts = {key: str(fields[key]) for key in ("author", "summary") if key in fields}
    pages = tuple(fields["pages"]) if "pages" in fields else None
    longest = max(
        (len(text) for text in (*texts.values(), *(p.title + p.text + p.question for p in pages or ()))), default=0
    )
    if len(title) > LONGEST_TITLE or len(texts.get("author", "")) > LONGEST_TITLE or longest > LONGEST_TEXT:
        reading.leave_out(
            f"{place} was left out: a title or an author may have {LONGEST_TITLE} letters, a text {LONGEST_TEXT:,}."
        )
        return
    if pages and len(pages) > MOST_PAGES:
        reading.leave_out(f"{place} was left out: it has more than {MOST_PAGES} pages.")
        return
    said = one_line(str(fields.get("mindset") or "")[:LONGEST_TITLE])
    mindset = mindset_of(said)
    if said and not mindset:
        known = ", ".join(MINDSETS[:-1])
        reading.problems.append(
            f"{place}: “{said[:40]}” is no mindset ({known} or {MINDSETS[-1]}), so it is taken as missing."
        )
    day = _since(fields, place, reading)
    reading.modules.append(
        ReadModule(
            title=title,
            source=place[:255],
            author=one_line(texts["author"]) if "author" in texts else None,
            mindset=mindset,
            inferred=bool(mindset) and str(fields.get("inferred", "")).strip().lower() in ("yes", "true", "1", "x"),
            summary=clean_text(texts["summary"]) if "summary" in texts else None,
            pages=pages,
            offered_on=day,
        )
    )


def _since(fields: Mapping[str, Any], place: str, reading: Reading) -> date | None:
    """The first day on offer; None where it is not said, or not so that it can be read, which is said."""
    given = next((value for name, value in fields.items() if header_key(name) in SINCE), "")
    said = one_line(str(given)[:LONGEST_TITLE])
    if not said:
        return None
    try:
        return day_of(said, datetime.now(UTC).date())
    except ValueError as error:
        reading.problems.append(f"{place}: since {error}, so it is taken as missing.")
        return None


def _first_of_each(reading: Reading) -> None:
    """Of modules with the same title the first stays."""
    first: dict[str, ReadModule] = {}
    for module in reading.modules:
        there = first.setdefault(module.key, module)
        if there is not module:
            reading.leave_out(f"{module.source}: “{module.title}” is there already ({there.source}), which stays.")
    reading.modules = list(first.values())
