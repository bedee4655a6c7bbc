"""`harvest catalogue`: brings modules from files, shows and finds them, writes them out. Nothing heavy is imported
before a command needs it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from capture.console import Console, show_json
from capture.errors import HarvestError

if TYPE_CHECKING:
    from mining.catalogue.module_pages import ReadModule
    from mining.suggestion_models import Module

FORMATS = ("csv", "json", "md")
WIDEST = 44
MINDSETS = ("reflection", "analysis", "worldliness", "collaboration", "action", "none")


@click.group()
def catalogue() -> None:
    """The modules on offer: what themes are compared with."""


@catalogue.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def import_(console: Console, path: Path, as_json: bool) -> None:
    """Bring modules from PATH: a CSV, JSON or Markdown file, a ZIP of them, or a folder.

    A CSV has the columns title, author, mindset, since, summary and questions (parted by |), or page 1, page 2 and so
    on. A Markdown file is one module: title, author, mindset and since between lines of ---, a heading for each page. A
    module whose title is there already is updated; where the mindset is missing it is guessed, and marked as a guess.
    Since is the day from which the module was on offer: without it nobody can tell which gaps it closed.
    """
    import_catalogue(console, path, as_json)


@catalogue.command("list")
@click.option("--search", default="", metavar="WORDS", help="Only modules that hold all of these words.")
@click.option("--mindset", type=click.Choice(MINDSETS), default=None, help="Only modules of this mindset.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def list_(console: Console, search: str, mindset: str | None, as_json: bool) -> None:
    """Show the modules there are, by title."""
    from mining.catalogue.catalogue import count_modules, modules_of
    from mining.catalogue.module_reading import everybody

    with console.database().reading() as session:
        found, whole = modules_of(session, search, mindset or "", everybody), count_modules(session)
    if as_json:
        show_json({"modules": [_summary(module) for module in found], "in_all": whole})
        return
    width = min(max((len(module.title) for module in found), default=0), WIDEST)
    dated = any(module.offered_on for module in found)
    for module in found:
        mindset = (module.mindset or "–") + ("?" if module.inferred else "")
        since = f"{str(module.offered_on or ''):<10}  " if dated else ""
        line = f"{module.id:>4}  {_cut(module.title, width):<{width}}  {mindset:<14}  {since}{module.author}"
        click.echo(line.rstrip())
    if not whole:
        click.echo("The catalogue is empty. Bring modules: harvest catalogue import FILE")
    elif not found:
        click.echo(f"None of {whole:,} modules is like that.")


@catalogue.command()
@click.argument("module")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def show(console: Console, module: str, as_json: bool) -> None:
    """Show one MODULE with its pages, by its number or title."""
    from mining.catalogue.catalogue import as_read, find_module
    from mining.catalogue.module_reading import everybody
    from mining.catalogue.module_writing import as_json as written
    from mining.catalogue.module_writing import as_markdown

    with console.database().reading() as session:
        found = find_module(session, module)
        [shown] = as_read(session, [found], everybody)
    if as_json:
        show_json({"id": found.id, **written([shown])["modules"][0], "source": found.source})
        return
    click.echo(as_markdown(shown), nl=False)


@catalogue.command()
@click.option("--format", "format_", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; with md a folder or a .zip.")
@click.pass_obj
def export(console: Console, format_: str, output: Path | None) -> None:
    """Write the whole catalogue. Importing what was written changes nothing."""
    from mining.catalogue.catalogue import as_read, modules_of
    from mining.catalogue.module_reading import everybody
    from mining.catalogue.module_writing import rendered

    with console.database().reading() as session:
        modules = as_read(session, modules_of(session), everybody)
    if output is None:
        click.echo(rendered(modules, format_).removeprefix("\ufeff"), nl=False)
        return
    try:
        _write(modules, format_, output)
    except OSError as error:
        raise HarvestError(f"{output} cannot be written: {error.strerror}.") from None
    click.echo(f"Wrote {len(modules):,} modules to {output}")


@catalogue.command()
@click.argument("module")
@click.pass_obj
def remove(console: Console, module: str) -> None:
    """Take MODULE out of the catalogue, by its number or whole title."""
    from mining.catalogue.catalogue import find_module, remove_module

    with console.database().writing() as session:
        title = remove_module(session, find_module(session, module).id)
    click.echo(f"Removed “{title}”.")


def import_catalogue(console: Console, path: Path, as_json: bool = False) -> None:
    """Brings the modules of a file or folder, learns what they are about, and says what was done."""
    from mining.catalogue.catalogue import import_modules
    from mining.catalogue.module_files import files_in, read_modules
    from mining.catalogue.module_study import study
    from mining.settings import MiningSettings

    if not path.exists():
        raise HarvestError(f"There is no file or folder {path}.")
    reading = read_modules(files_in(path))
    with console.database().writing() as session:
        done = import_modules(session, reading)
    settings = MiningSettings.from_env()
    with console.progress("Reading modules") as progress:
        studied = study(console.database(), settings.embedder, settings.embedding_engine, progress)
    if as_json:
        show_json({**vars(done), "mindsets_guessed": studied.told})
        return
    click.echo(done.words)
    for problem in done.problems:
        click.echo(problem)
    if studied.told:
        click.echo(f"The mindset of {studied.told} was missing and is guessed; the list marks guesses with “?”.")


def _write(modules: "list[ReadModule]", format_: str, output: Path) -> None:
    from mining.catalogue.module_writing import markdown_files, rendered, zipped

    if format_ != "md":
        output.write_text(rendered(modules, format_), encoding="utf-8", newline="")
    elif output.suffix.lower() == ".zip":
        output.write_bytes(zipped(markdown_files(modules)))
    else:
        output.mkdir(parents=True, exist_ok=True)
        for name, content in markdown_files(modules).items():
            (output / name).write_text(content, encoding="utf-8", newline="")


def _summary(module: "Module") -> dict[str, object]:
    return {
        "id": module.id,
        "title": module.title,
        "author": module.author,
        "mindset": module.mindset,
        "inferred": module.inferred,
        "since": module.offered_on.isoformat() if module.offered_on else None,
        "pages": len(module.pages),
    }


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
