"""The catalogue of modules: brought from files, found again, taken out. It is the house's: every programme is served
from it.

Files are read by `module_files`; `module_study` learns what the modules are about, `coverage` sets them beside themes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from capture.errors import NotFound, UnreadableFile
from capture.names import fold
from mining.catalogue.module_files import MOST_NAMED, Reading
from mining.catalogue.module_pages import Page, ReadModule, key_of, stored_pages
from mining.catalogue.module_reading import Hears, nobody, quotes_talk, read_pages, says_the_same
from mining.suggestion_models import Module

LOOKUP = 500
KEPT = (
    "{title}: its pages quote what people said, so they stay as they are, and the rest was taken over. To change them, "
    "change the draft they were made of, take the module out of the catalogue, and put the draft into it again."
)


@dataclass(frozen=True)
class Brought:
    """What an import did. `skipped` counts modules in the files that were left out; `problems` says why."""

    new: int = 0
    unchanged: int = 0
    changed: int = 0
    skipped: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        counts = [
            (self.new, "new"),
            (self.unchanged, "unchanged"),
            (self.changed, "changed"),
            (self.skipped, "skipped"),
        ]
        told = [f"{count:,} {word}" for count, word in counts if count]
        return f"Modules: {', '.join(told)}." if told else "There was no module in it."


def import_modules(session: Session, reading: Reading) -> Brought:
    """Stores what was read: a title that is there already is updated, and what a file does not say stays. The pages of
    a module that quotes talk stay as they are stored, with their citations: as plain text words could be withdrawn by
    nobody.

    Raises UnreadableFile where nothing at all could be read.
    """
    if not reading.modules:
        raise UnreadableFile(" ".join(reading.problems[:3]) or "There is no module in it. Was it the right file?")
    there = _by_key(session, [module.key for module in reading.modules])
    counts = {"new": 0, "unchanged": 0, "changed": 0}
    kept = []
    for module in reading.modules:
        row = there.get(module.key)
        if row is None:
            session.add(_row(module))
            counts["new"] += 1
        else:
            same = module.pages is None or says_the_same(row, module.pages)
            kept += [KEPT.format(title=row.title)] if quotes_talk(row) and not same else []
            wanted = replace(module, pages=None) if same or quotes_talk(row) else module
            counts["changed" if _update(row, wanted) else "unchanged"] += 1
    session.flush()
    problems = [*kept, *reading.problems]
    told = problems[:MOST_NAMED]
    if more := len(problems) - len(told):
        told.append(f"... and {more:,} more like these.")
    return Brought(**counts, skipped=reading.skipped, problems=told)


def modules_of(session: Session, search: str = "", mindset: str = "", hears: Hears = nobody) -> list[Module]:
    """In the order of their titles; those whose title, author, summary or pages, as the one who searches reads them,
    hold every word of `search`.

    `mindset` is one of MINDSETS, or `none` for those without.
    """
    query = select(Module).order_by(Module.key, Module.id)
    if mindset:
        query = query.where(Module.mindset.is_(None) if mindset == "none" else Module.mindset == mindset)
    modules, words = list(session.scalars(query)), key_of(search).split()
    if not words:
        return modules
    pages = read_pages(session, modules, hears)
    return [module for module in modules if _holds(module, pages[module.id], words)]


def get_module(session: Session, module_id: int) -> Module:
    """Raises NotFound."""
    module = session.get(Module, module_id)
    if module is None:
        raise NotFound(f"There is no module {module_id} in the catalogue; it may have been removed.")
    return module


def find_module(session: Session, said: str) -> Module:
    """By its number, or by its title however it is spelt. Raises NotFound, naming what comes near."""
    if said.isdecimal() and len(said) < 10 and (module := session.get(Module, int(said))):
        return module
    key = key_of(said)
    if key and (module := session.scalar(select(Module).where(Module.key == key))):
        return module
    near = [each for each in modules_of(session) if key and key in each.key]
    if len(near) == 1:
        return near[0]
    named = ", ".join(f"“{each.title}”" for each in near[:5])
    hint = f"These come near: {named}." if near else "See them all: harvest catalogue list"
    raise NotFound(f"There is no module “{said}”. {hint}")


def remove_module(session: Session, module_id: int) -> str:
    """Takes a module out; returns its title. Raises NotFound."""
    title = get_module(session, module_id).title
    session.execute(delete(Module).where(Module.id == module_id))
    return title


def count_modules(session: Session) -> int:
    return session.scalar(select(func.count(Module.id))) or 0


def as_read(session: Session, modules: Sequence[Module], hears: Hears = nobody) -> list[ReadModule]:
    """Stored modules as a file would have them, for writing; with the words that whoever takes it may read."""
    pages = read_pages(session, modules, hears)
    return [
        ReadModule(
            title=module.title,
            source=module.source,
            author=module.author,
            mindset=module.mindset,
            inferred=module.inferred,
            summary=module.summary,
            pages=pages[module.id],
            offered_on=module.offered_on,
        )
        for module in modules
    ]


def _by_key(session: Session, keys: Sequence[str]) -> dict[str, Module]:
    found: dict[str, Module] = {}
    for start in range(0, len(keys), LOOKUP):
        rows = session.scalars(select(Module).where(Module.key.in_(keys[start : start + LOOKUP])))
        found |= {row.key: row for row in rows}
    return found


def _row(module: ReadModule) -> Module:
    return Module(
        key=module.key,
        title=module.title,
        author=module.author or "",
        mindset=module.mindset,
        inferred=module.inferred,
        summary=module.summary or "",
        pages=stored_pages(module.pages or ()),
        source=module.source,
        offered_on=module.offered_on,
    )


def _update(row: Module, module: ReadModule) -> bool:
    """Whether anything is different now. A guess of the software never takes the place of what somebody said."""
    wanted: dict[str, object] = {"title": module.title}
    if module.author is not None:
        wanted["author"] = module.author
    if module.summary is not None:
        wanted["summary"] = module.summary
    if module.pages is not None:
        wanted["pages"] = stored_pages(module.pages)
    if module.mindset and not module.inferred:
        wanted |= {"mindset": module.mindset, "inferred": False}
    if module.offered_on is not None:
        wanted["offered_on"] = module.offered_on
    different = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    if different:
        row.source = module.source
    return bool(different)


def _holds(module: Module, pages: Iterable[Page], words: Iterable[str]) -> bool:
    said = (f"{page.title} {page.text} {page.question}" for page in pages)
    text = _folded(" ".join((module.title, module.author, module.summary, *said)))
    return all(word in text for word in words)


def _folded(text: str) -> str:
    """Any text as titles are compared, however long."""
    return " ".join(fold(text).split())
