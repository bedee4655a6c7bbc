"""The catalogue of modules in the browser: found, read, brought from files, written out, taken out.

What a module is about is learned after an import, in a thread, so that a large catalogue does not hold up its page;
coverage says how far that is. Everyone may read it, staff changes it. It holds no talk: what a module that was a draft
quotes is read from the transcript each time, by what may be quoted then; the staff of that event reads all of it.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.errors import HarvestError
from capture.models import Event
from capture.programmes import programme_by_event
from mining.catalogue.catalogue import as_read, count_modules, get_module, import_modules, modules_of, remove_module
from mining.catalogue.module_files import KINDS, Reading, read_modules
from mining.catalogue.module_pages import MINDSETS
from mining.catalogue.module_reading import Hears, everybody, read_pages, withheld
from mining.catalogue.module_study import study
from mining.catalogue.module_writing import markdown_files, rendered, zipped
from web.access import STAFF, viewer
from web.house import House, house

bp = Blueprint("catalogue", __name__, url_prefix="/catalogue")

PER_PAGE = 100
PATIENCE = 20.0
"""Seconds that a page waits for modules to be studied; what is left goes on without it."""
TOLD = "catalogue"
"""In the cookie: what the next page tells of."""
TYPES = {"csv": "text/csv", "json": "application/json", "md": "application/zip"}
_studying = threading.Lock()


@dataclass(frozen=True)
class Part:
    """One page of a long list. `number` counts from 1."""

    number: int
    pages: int


@bp.get("")
def index() -> ResponseReturnValue:
    search, mindset = request.args.get("q", "").strip()[:200], request.args.get("mindset", "")
    mindset = mindset if mindset in (*MINDSETS, "none") else ""
    with house().database.reading() as db:
        found, whole = modules_of(db, search, mindset, _hears(db)), count_modules(db)
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "catalogue/index.html",
        modules=found[(number - 1) * PER_PAGE : number * PER_PAGE],
        found=len(found),
        whole=whole,
        search=search,
        mindset=mindset,
        mindsets=MINDSETS,
        part=Part(number, pages),
        told=session.pop(TOLD, None),
    )


@bp.get("/<int:module_id>")
def show(module_id: int) -> ResponseReturnValue:
    with house().database.reading() as db:
        module = get_module(db, module_id)
        pages = read_pages(db, [module], _hears(db))[module.id]
        held = withheld(db, module) if viewer().any_of(STAFF) else 0
    return render_template("catalogue/show.html", module=module, pages=pages, held=held)


@bp.get("/import")
def ask() -> ResponseReturnValue:
    return _asked()


@bp.post("/import")
def bring() -> ResponseReturnValue:
    """Takes any number of files. What cannot be read of them is said, and the rest is stored."""
    request.max_content_length = house().settings.max_upload_mb << 20
    reading = read_modules(_sent())
    if not reading.modules:
        return _asked(reading), 422
    with house().database.writing() as db:
        done = import_modules(db, reading)
    studied = study_soon(house(), house().settings.mining.embedder)
    if done.problems or studied:
        return render_template("catalogue/brought.html", done=done, studied=studied)
    session[TOLD] = done.words
    return redirect(url_for("catalogue.index"), 303)


@bp.get("/export.<any(csv, json, md):format_>")
def export(format_: str) -> ResponseReturnValue:
    """The whole catalogue as a file; Markdown files come as a ZIP."""
    with house().database.reading() as db:
        modules = as_read(db, modules_of(db), _hears(db))
    body = zipped(markdown_files(modules)) if format_ == "md" else rendered(modules, format_).encode()
    name = f"catalogue.{'zip' if format_ == 'md' else format_}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, mimetype=TYPES[format_], headers=headers)


@bp.get("/<int:module_id>/remove")
def confirm_remove(module_id: int) -> ResponseReturnValue:
    with house().database.reading() as db:
        module = get_module(db, module_id)
    return render_template("catalogue/remove.html", module=module)


@bp.post("/<int:module_id>/remove")
def remove(module_id: int) -> ResponseReturnValue:
    with house().database.writing() as db:
        title = remove_module(db, module_id)
    session[TOLD] = f"“{title}” was taken out of the catalogue."
    return redirect(url_for("catalogue.index"), 303)


def study_soon(where: House, model: str, patience: float = PATIENCE) -> str | None:
    """Has a thread learn what the modules are about. Returns None where it is done, else what is to be said of it."""
    failed: list[str] = []

    def work() -> None:
        with _studying:  # two at once would embed the same texts twice
            try:
                study(where.database, model, where.settings.mining.embedding_engine)
            except HarvestError as error:
                failed.append(str(error))

    thread = threading.Thread(target=work, name="study-modules", daemon=True)
    thread.start()
    thread.join(patience)
    if failed:
        return f"What they are about could not be learned: {failed[0]}"
    if thread.is_alive():
        return "What they are about is still being learned; coverage takes them in as soon as they are ready."
    return None


def _hears(db: Session) -> Hears:
    """What the viewer may read of talk: all of the events whose staff they are. The catalogue is no programme's."""
    if viewer().host:
        return everybody
    slugs = programme_by_event(db, [key for key, role in viewer().roles.items() if role in STAFF])
    mine = frozenset(db.scalars(select(Event.id).where(Event.slug.in_(slugs)))) if slugs else frozenset()
    return mine.__contains__


def _sent() -> Iterator[tuple[str, bytes]]:
    for file in request.files.getlist("files"):
        if file.filename:
            with file.stream as stream:
                yield file.filename, stream.read()


def _asked(reading: Reading | None = None) -> str:
    return render_template("catalogue/import.html", reading=reading, kinds=",".join(KINDS))
