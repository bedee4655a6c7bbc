"""The catalogue in writing: CSV, JSON, or Markdown files with front matter. Importing an export changes nothing.

The counterpart of `module_files`.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from capture.events import slug_of
from capture.spreadsheets import as_table
from mining.catalogue.module_pages import LONGEST_TEXT, Page, ReadModule, escaped, page_text, stored_pages

SCHEMA = "harvest.catalogue/1"
FORMATS = ("csv", "json", "md")


def as_csv(modules: Sequence[ReadModule]) -> str:
    """A row for each module. Questions alone stand in one cell, parted by ` | `; fuller pages in a column each."""
    plain = all(_in_one_cell(module.pages or ()) for module in modules)
    most = 0 if plain else max((len(module.pages or ()) for module in modules), default=0)
    head = ["title", "author", "mindset", "inferred", "since", "summary"]
    head += ["questions"] if plain else [f"page {number}" for number in range(1, most + 1)]
    rows = []
    for module in modules:
        pages = module.pages or ()
        said = [" | ".join(page.question for page in pages)] if plain else [page_text(page) for page in pages]
        guess, since = "yes" if module.inferred else "", _day(module)
        cells = [module.title, module.author, module.mindset, guess, since, module.summary, *said]
        rows.append(cells + [""] * (len(head) - len(cells)))
    return as_table(head, rows)


def _in_one_cell(pages: Iterable[Page]) -> bool:
    """Whether nothing is lost when only their questions stand in one cell."""
    pages = list(pages)
    alone = all(p.question and not (p.title or p.text) and p.minutes is None and "|" not in p.question for p in pages)
    return alone and sum(len(page.question) + 3 for page in pages) <= LONGEST_TEXT


def as_json(modules: Iterable[ReadModule]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "modules": [
            {
                "title": module.title,
                "author": module.author or "",
                "mindset": module.mindset,
                "inferred": module.inferred,
                "since": _day(module) or None,
                "summary": module.summary or "",
                "pages": stored_pages(module.pages or ()),
            }
            for module in modules
        ],
    }


def as_markdown(module: ReadModule) -> str:
    """One module as a Markdown file. Strings in the front matter are written as JSON, which is YAML as well."""
    head = ["---", f"title: {_quoted(module.title)}"]
    head += [f"author: {_quoted(module.author)}"] if module.author else []
    head += [f"mindset: {module.mindset}"] if module.mindset else []
    head += ["inferred: true"] if module.inferred else []
    head += [f"since: {_day(module)}"] if module.offered_on else []
    parts = ["\n".join([*head, "---"])]
    parts += [escaped(module.summary)] if module.summary else []
    parts += [page_text(page, number) for number, page in enumerate(module.pages or (), start=1)]
    return "\n\n".join(parts) + "\n"


def markdown_files(modules: Iterable[ReadModule]) -> dict[str, str]:
    """{file name: content}, a file for each module, in their order."""
    files: dict[str, str] = {}
    for module in modules:
        stem = slug_of(module.title)[:80] or "module"
        name = next(n for i in range(1, 10_000) if (n := f"{stem}{'' if i == 1 else f'-{i}'}.md") not in files)
        files[name] = as_markdown(module)
    return files


def zipped(files: dict[str, str]) -> bytes:
    """The same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def rendered(modules: Sequence[ReadModule], format_: str) -> str:
    """The whole catalogue as one text; Markdown files one after another."""
    if format_ == "csv":
        return as_csv(modules)
    if format_ == "json":
        return json.dumps(as_json(modules), ensure_ascii=False, indent=2) + "\n"
    return "\n".join(as_markdown(module) for module in modules)


def _day(module: ReadModule) -> str:
    return module.offered_on.isoformat() if module.offered_on else ""


def _quoted(text: str | None) -> str:
    return json.dumps(text or "", ensure_ascii=False)
