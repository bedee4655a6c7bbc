"""Module drafts in the browser: what could be written, the draft with its receipts in the margin, and its forms.

Every change names the version that the page showed. What cannot be saved is said beside the field, with what was typed.
"""

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from capture.errors import HarvestError, Refused
from capture.events import get_event
from capture.models import Event
from capture.typed_names import NamesTyped, settled
from mining.drafts import log as draft_log
from mining.drafts.drafting import draft_theme
from mining.drafts.drafts import drafts_of, get_draft, topics_of
from mining.drafts.files import FORMATS, file_name, rendered
from mining.drafts.lines import LONG, LONGEST_LINE, LONGEST_PAGE, LONGEST_TITLE, MINDSETS, Body, body_of, editable
from mining.drafts.log import Edit, Outdated, Unfit
from mining.drafts.merging import Merged, merge
from mining.drafts.openai_wording import OpenAIModel, model_of
from mining.drafts.publishing import publish as put_on_offer
from mining.drafts.publishing import published
from mining.drafts.reading import ShownDraft, shown
from mining.drafts.rewording import Parcel, parcel_of, word_draft
from mining.drafts.wording import WordingFailed
from mining.suggestion_models import Draft
from web.access import viewer
from web.house import TOP, house

bp = Blueprint("drafts", __name__, url_prefix="/events/<slug>/drafts")

TOLD = "draft"
"""In the cookie: what the next page says was done."""
KINDS = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
LONGEST = {"title": LONGEST_TITLE, "line": LONGEST_LINE, "page": LONGEST_PAGE, "reason": draft_log.LONGEST_REASON}


@bp.get("")
def index(slug: str) -> ResponseReturnValue:
    return _index(slug)


@bp.post("")
def make(slug: str) -> ResponseReturnValue:
    number, strand = request.form.get("theme", type=int), request.form.get("strand", type=int)
    try:
        if number is None and strand is None:
            raise Refused("Choose the theme that the guide is to be about.")
        made = draft_theme(house().database, house().settings.mining, slug, number, strand=strand, by=viewer().name)
    except Refused as refused:
        return _index(slug, str(refused))
    session[TOLD] = "The draft is written. Read it as if you had to lead the session, then change, accept or reject it."
    return redirect(url_for("drafts.show", slug=slug, draft_id=made), 303)


@bp.get("/<int:draft_id>")
def show(slug: str, draft_id: int) -> ResponseReturnValue:
    return _show(slug, draft_id)


@bp.get("/<int:draft_id>/edit")
def edit_form(slug: str, draft_id: int) -> ResponseReturnValue:
    return _edit(slug, draft_id)


@bp.post("/<int:draft_id>/edit")
def edit(slug: str, draft_id: int) -> ResponseReturnValue:
    try:
        _change(slug, draft_id, lambda db, draft, by: draft_log.edit(db, draft, _version(), _named(db, draft), by))
    except NamesTyped as named:
        return _edit(slug, draft_id, {"whole": str(named)}, named.found)
    except Unfit as unfit:
        return _edit(slug, draft_id, unfit.problems)
    except Outdated as outdated:
        return _edit(slug, draft_id, {"whole": str(outdated)})
    return _done(slug, draft_id, "Saved.")


@bp.post("/<int:draft_id>/accept")
def accept(slug: str, draft_id: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    return _answered(slug, draft_id, "Accepted.", lambda db, d, by: draft_log.accept(db, d, _version(), by, reason))


@bp.post("/<int:draft_id>/reject")
def reject(slug: str, draft_id: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    return _answered(slug, draft_id, "Rejected.", lambda db, d, by: draft_log.reject(db, d, _version(), by, reason))


@bp.post("/<int:draft_id>/reopen")
def reopen(slug: str, draft_id: int) -> ResponseReturnValue:
    return _answered(slug, draft_id, "Open again.", lambda db, d, by: draft_log.reopen(db, d, _version(), by))


@bp.post("/<int:draft_id>/undo")
def undo(slug: str, draft_id: int) -> ResponseReturnValue:
    def change(db: Session, draft: Draft, by: str) -> None:
        draft_log.undo(db, draft, _version(), by)

    return _answered(slug, draft_id, "Undone.", change)


@bp.post("/<int:draft_id>/word")
def word(slug: str, draft_id: int) -> ResponseReturnValue:
    """Sends talk out, so only with the box ticked that says so, and to the address that the page named."""
    model = model_of(house().settings.mining)
    if model is None:
        raise Refused("No language model is switched on here.")
    if request.form.get("send") != model.where:
        return _show(slug, draft_id, {"send": f"Tick the box to say that the passages may go to {model.where}."})
    with house().database.reading() as db:
        event_id = get_event(db, slug).id
    try:
        worded = word_draft(house().database, event_id, draft_id, model, viewer().name)
    except (WordingFailed, Outdated) as failed:
        return _show(slug, draft_id, {"send": f"{failed} The draft stays as it was."})
    told = f"{model.name} worded {_lines(worded.lines)}."
    if worded.refused or worded.dropped:
        told += (
            f" {_lines(worded.refused)} of its answer refused; {worded.dropped} of its citations were said by nobody."
        )
    return _done(slug, draft_id, told)


@bp.get("/<int:draft_id>/export")
def export(slug: str, draft_id: int) -> ResponseReturnValue:
    """`?format=md|docx&receipts=yes|no`."""
    format_, receipts = request.args.get("format", "md"), request.args.get("receipts", "yes") != "no"
    if format_ not in FORMATS:
        raise Refused(f"A draft can be had as one of: {', '.join(FORMATS)}.")
    with house().database.reading() as db:
        draft = shown(db, get_draft(db, get_event(db, slug), draft_id), heard=receipts)
    answer = Response(rendered(draft, format_, receipts), mimetype=KINDS[format_])
    answer.headers["Content-Type"] = KINDS[format_]
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(draft, format_)}"'
    return answer


@bp.post("/<int:draft_id>/publish")
def publish(slug: str, draft_id: int) -> ResponseReturnValue:
    try:
        with house().database.writing() as db:
            draft = shown(db, get_draft(db, get_event(db, slug), draft_id))
            put_on_offer(db, draft, viewer().name)
    except Refused as refused:
        return _show(slug, draft_id, {"publish": str(refused)})
    return _done(slug, draft_id, "It is in the catalogue now.")


def _change(slug: str, draft_id: int, change: Callable[[Session, Draft, str], None]) -> None:
    with house().database.writing() as db:
        change(db, get_draft(db, get_event(db, slug), draft_id), viewer().name)


def _answered(
    slug: str, draft_id: int, told: str, change: Callable[[Session, Draft, str], None]
) -> ResponseReturnValue:
    try:
        _change(slug, draft_id, change)
    except Unfit as unfit:
        return _show(slug, draft_id, unfit.problems)
    except Refused as refused:
        return _show(slug, draft_id, {"reason": str(refused)})
    return _done(slug, draft_id, told)


def _done(slug: str, draft_id: int, told: str) -> ResponseReturnValue:
    session[TOLD] = told
    return redirect(url_for("drafts.show", slug=slug, draft_id=draft_id, _anchor=TOP), 303)


def _index(slug: str, problem: str | None = None) -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        topics, coverage = topics_of(db, event)
        drafts = [shown(db, draft) for draft in drafts_of(db, event)]
    page = render_template(
        "drafts/index.html", event=event, topics=topics, coverage=coverage, drafts=drafts, problem=problem
    )
    return page, 422 if problem else 200


def _show(slug: str, draft_id: int, problems: dict[str, str] | None = None) -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        stored = get_draft(db, event, draft_id)
        draft, outside = shown(db, stored), shown(db, stored, heard=False)
        model, parcel = _offer(db, event, stored)
        page = render_template(
            "drafts/show.html",
            event=event,
            draft=draft,
            changes=list(reversed(stored.changes)),
            undoable=draft_log.to_undo(stored),
            model=model,
            parcel=parcel,
            module=published(db, draft.id),
            withheld=outside.withheld,
            few=outside.few,
            problems=problems or {},
            typed=request.form,
            told=None if problems else session.pop(TOLD, None),
            longest=LONGEST,
        )
    return page, 422 if problems else 200


def _edit(
    slug: str, draft_id: int, problems: dict[str, str] | None = None, names: tuple[str, ...] = ()
) -> ResponseReturnValue:
    """The form. With problems it holds what was typed, merged with what others saved since it was opened: it names the
    newer version, so that saving it again has to keep theirs."""
    problems = dict(problems or {})
    with house().database.reading() as db:
        event = get_event(db, slug)
        stored = get_draft(db, event, draft_id)
        draft, body = shown(db, stored), body_of(stored.body)
        merged: Merged | None = None
        if problems and stored.version != _version():
            merged = merge(stored, _version(), request.form)
            problems |= merged.theirs
        page = render_template(
            "drafts/edit.html",
            event=event,
            draft=draft,
            texts=_texts(body),
            mindsets=MINDSETS,
            problems=problems,
            fields=_fields(draft),
            names=names,
            typed=(merged.values if merged else request.form) if problems else None,
            merged=merged,
            longest=LONGEST,
            usual=LONG,
        )
    return page, 422 if problems else 200


def _fields(draft: ShownDraft) -> list[tuple[str, str]]:
    """The name of each field with what it is called, in the order of the form: for links to those that are wrong, and
    for the labels of those that stand on no page."""
    fields = [("title", "Working title"), ("mindset", "Mindset")]
    for called, lines in (("Why now", draft.why), ("Purpose", draft.purpose)):
        fields += [(line.id, f"{called} {n}" if len(lines) > 1 else called) for n, line in enumerate(lines, 1)]
    for place, page in enumerate(draft.pages, 1):
        named = [(f"{page.id}-title", "title"), (f"{page.id}-minutes", "minutes"), (f"{page.id}-out", "leaving it out")]
        named += [(line.id, line.role) for line in page.lines]
        fields += [(name, f"Page {place}: {label}") for name, label in named]
    return fields + [(near.line.id, "Near module") for near in draft.near]


def _texts(body: Body) -> dict[str, str]:
    return {line.id: editable(line) for line in body.lines}


def _offer(db: Session, event: Event, stored: Draft) -> tuple[OpenAIModel | None, Parcel | None]:
    """The language model, where one is switched on, and what would be sent to it."""
    try:
        model = model_of(house().settings.mining)
        return model, parcel_of(db, event, stored) if model else None
    except HarvestError:
        return None, None  # answered already, or its theme is gone: nothing is offered


def _wanted(draft: Draft) -> Edit:
    """What the form holds, for lines and pages that there are."""
    form, body = request.form, body_of(draft.body)
    pages = [page.id for page in body.pages]
    swaps = {line.id: form.get(f"swap-{line.id}", "") for line in body.lines}
    return Edit(
        title=form.get("title"),
        mindset=form.get("mindset"),
        texts={line.id: form[line.id] for line in body.lines if line.id in form},
        titles={page: form[f"{page}-title"] for page in pages if f"{page}-title" in form},
        minutes={page: form[f"{page}-minutes"] for page in pages if f"{page}-minutes" in form},
        out=frozenset(page for page in pages if form.get(f"{page}-out")),
        swaps={
            line: int(place) for line, place in swaps.items() if place.isascii() and place.isdigit() and len(place) < 4
        },
    )


def _named(db: Session, draft: Draft) -> Edit:
    """What the form holds, as it is to be stored. Raises NamesTyped where it names somebody, and nobody has said
    whether that is meant."""
    wanted, body = _wanted(draft), body_of(draft.body)
    typed = {**wanted.texts, **{f"{page}-title": title for page, title in wanted.titles.items()}}
    typed |= {"title": wanted.title} if wanted.title else {}
    before = {**_texts(body), **{f"{page.id}-title": page.title for page in body.pages}, "title": draft.title}
    stored = settled(db, db.get_one(Event, draft.event_id), typed, request.form.get("names", ""), before)
    texts = {line: stored[line] for line in wanted.texts}
    titles = {page: stored[f"{page}-title"] for page in wanted.titles}
    return replace(wanted, title=stored.get("title", wanted.title), texts=texts, titles=titles)


def _version() -> int:
    return request.form.get("version", -1, type=int)


def _lines(count: int) -> str:
    return f"{count} line" if count == 1 else f"{count} lines"
