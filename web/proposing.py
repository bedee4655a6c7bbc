"""The form in which a topic is proposed, or its text changed, with what is known about it beside the fields.

With scripts the evidence comes while one types (`proposals.js` asks `near`); without, a button posts the form back with
it. What was typed is kept on every path; nothing of it is stored before it is proposed.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from capture.errors import HarvestError, Refused
from capture.events import get_event
from capture.models import Event
from capture.programmes import ensure_programme
from capture.typed_names import NamesTyped, settled
from mining.embedding.live_embedder import LiveEmbedder, live_embedder
from mining.errors import EmbedderUnavailable
from mining.privacy.discretion import shared_quotes, shown_strands
from mining.proposals import proposals
from mining.proposals import support as proposal_support
from mining.proposals.briefs import LONGEST_TITLE, QUESTIONS, Brief, Incomplete
from mining.proposals.changes import Piece, compare
from mining.proposals.evidence import QUOTES, Evidence, evidence, keep_vector
from mining.proposals.proposals import Outdated, brief_of, get_proposal
from mining.proposals.reading import proposals_of, shown
from mining.proposals.rights import may_edit
from mining.suggestion_models import Proposal
from web.access import standing
from web.house import house
from web.proposal_themes import KEEP, Choice, by_mark, choices, mark_of, strand_of
from web.proposals import actor, mode_of, tell

bp = Blueprint("proposing", __name__, url_prefix="/events/<slug>/proposals")


@dataclass(frozen=True)
class Desk:
    """What the form shows. `row` is the proposal that is changed, None for a new one; `theme` what is chosen."""

    brief: Brief
    theme: str = ""
    row: Proposal | None = None
    version: int | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    said: str | None = None
    names: tuple[str, ...] = ()
    newer: tuple[tuple[str, tuple[Piece, ...]], ...] = ()


@bp.get("/new")
def new(slug: str) -> ResponseReturnValue:
    """`?theme=NUMBER` chooses a theme, as its page does."""
    number = request.args.get("theme", type=int)
    with house().database.reading() as db:
        wanted = next((each.mark for each in choices(db, get_event(db, slug)) if each.number == number), "")
    _get_ready()
    return _form(slug, Desk(Brief.of({}), wanted))


@bp.post("/new")
def propose(slug: str) -> ResponseReturnValue:
    """Proposes what was typed; with `see` shows what others said, with `endorse` says to another proposal that one has
    it too, both with the form as it was."""
    desk = Desk(Brief.of(request.form), request.form.get("theme", ""))
    if "endorse" in request.form:
        return _endorse_instead(slug, desk, request.form.get("endorse", type=int) or 0)
    if "see" in request.form:
        return _form(slug, desk)
    try:
        with house().database.writing() as db:
            event = get_event(db, slug)
            strand = strand_of(choices(db, event), desk.theme)
            brief = _named(db, event, desk.brief)
            made = proposals.propose(db, ensure_programme(db, event), event, actor(), brief, strand)
    except Refused as refused:
        return _again(slug, desk, refused)
    _remember(brief)
    tell(slug, "Your proposal is there for everybody in the programme to read. You hear of it when it is answered.")
    return redirect(url_for("proposals.show", slug=slug, proposal_id=made.id), 303)


@bp.post("/near")
def near(slug: str) -> ResponseReturnValue:
    """The evidence alone, for the script."""
    but = request.form.get("but", type=int)
    return _evidence(slug, Desk(Brief.of(request.form), request.form.get("theme", "")), but)


@bp.get("/<int:proposal_id>/edit")
def edit(slug: str, proposal_id: int) -> ResponseReturnValue:
    with house().database.reading() as db:
        row = _editable(db, proposal_id)
        own = db.get(Event, row.event_id) if row.event_id else None
        themes = choices(db, own) if own else []
    _get_ready()
    return _form(slug, Desk(brief_of(row), _chosen_in(row, themes), row, row.version))


@bp.post("/<int:proposal_id>/edit")
def change(slug: str, proposal_id: int) -> ResponseReturnValue:
    form = request.form
    brief, theme, version = Brief.of(form), form.get("theme", ""), form.get("version", type=int)
    if "see" in form:
        with house().database.reading() as db:
            row = _editable(db, proposal_id)
        return _form(slug, Desk(brief, theme, row, version))
    try:
        with house().database.writing() as db:
            row = _editable(db, proposal_id)
            own = db.get(Event, row.event_id) if row.event_id else None
            strand = strand_of(choices(db, own) if own else [], theme, row.strand_id)
            wanted = _named(db, get_event(db, slug), brief, brief_of(row))
            changed = proposals.edit(db, mode_of(db), row, actor(), wanted, version, strand)
    except Outdated as outdated:
        return _conflict(slug, proposal_id, brief, theme, outdated)
    except Refused as refused:
        with house().database.reading() as db:
            row = _editable(db, proposal_id)
        return _again(slug, Desk(brief, theme, row, version), refused)
    _remember(wanted)
    tell(slug, "Saved. What stood there before is in the history." if changed else "Nothing was different.")
    return redirect(url_for("proposals.show", slug=slug, proposal_id=proposal_id), 303)


def embedder() -> LiveEmbedder:
    settings = house().settings.mining
    return live_embedder(settings.embedder, settings.embedding_engine)


def _get_ready() -> None:
    with suppress(Refused):  # an engine that is unknown: the form says that nothing can be compared
        embedder().get_ready()


def _endorse_instead(slug: str, desk: Desk, other: int) -> ResponseReturnValue:
    try:
        with house().database.writing() as db:
            row = get_proposal(db, standing().programme_id, other)
            proposal_support.endorse(db, row, actor())
    except HarvestError as refused:
        return _again(slug, desk, Refused(str(refused)))
    said = f"Noted: you have “{row.title}” too. If that says it all, you need not propose yours."
    return _form(slug, Desk(desk.brief, desk.theme, said=said))


def _conflict(slug: str, proposal_id: int, brief: Brief, theme: str, outdated: Outdated) -> ResponseReturnValue:
    """Both texts: what was typed in the fields, what stands there now beside them. Saving again is meant then."""
    with house().database.reading() as db:
        row = _editable(db, proposal_id)
    now = brief_of(row).said
    newer = tuple(
        (q.label, compare(brief.said[q.name], now[q.name])) for q in QUESTIONS if brief.said[q.name] != now[q.name]
    )
    return _form(slug, Desk(brief, theme, row, row.version, {"whole": str(outdated)}, newer=newer), 409)


def _again(slug: str, desk: Desk, refused: Refused) -> ResponseReturnValue:
    problems = refused.problems if isinstance(refused, Incomplete) else {"whole": str(refused)}
    names = refused.found if isinstance(refused, NamesTyped) else ()
    return _form(slug, Desk(desk.brief, desk.theme, desk.row, desk.version, problems, names=names), 422)


def _named(db: Session, event: Event, brief: Brief, before: Brief | None = None) -> Brief:
    """As it is to be stored. Raises Incomplete for a brief that is not fit, NamesTyped where it names somebody."""
    brief.check()
    return Brief.of(settled(db, event, brief.said, request.form.get("names", ""), before.said if before else None))


def _form(slug: str, desk: Desk, status: int = 200) -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        mode = mode_of(db)
    text = render_template(
        "proposals/form.html",
        event=event,
        desk=desk,
        questions=QUESTIONS,
        longest={"title": LONGEST_TITLE},
        mode=mode.value,
        beside=_evidence(slug, desk, desk.row.id if desk.row else None),
    )
    return text, status


def _evidence(slug: str, desk: Desk, but: int | None) -> str:
    """The part beside the fields. Where nothing can be compared it says so, and the form works without it."""
    with house().database.reading() as db:
        event = get_event(db, slug)
        row = get_proposal(db, standing().programme_id, but) if but else None
        own = (db.get(Event, row.event_id) if row.event_id else None) if row else event
        chosen = by_mark(choices(db, own), desk.theme) if own else None
        quotes = _quotes_of(db, own, chosen) if own and chosen else ()
        mine = {each.id: each for each in proposals_of(db, standing().programme_id, actor())}
    try:
        found = (
            evidence(house().database, own, standing().programme_id, standing().quorum, embedder(), desk.brief, but)
            if own
            else Evidence(enough=False)
        )
    except (EmbedderUnavailable, Refused):  # evidence is a help, never an obstacle
        found = None
    return render_template(
        "proposals/_evidence.html",
        event=event,
        themes_of=own,
        found=found,
        chosen=chosen,
        quotes=quotes,
        kept=desk.theme == KEEP,
        marks={each.strand: mark_of(each.strand) for each in (found.themes if found else ())},
        counts=mine,
        endorsed=_endorsed(found),
        fresh=row is None,
    )


def _quotes_of(db: Session, event: Event, chosen: Choice) -> tuple[object, ...]:
    if chosen.strand not in shown_strands(db, event, standing().quorum).values():
        return ()
    return shared_quotes(db, event, standing().quorum, chosen.number)[:QUOTES]


def _endorsed(found: Evidence | None) -> set[int]:
    """Of the near proposals those that the viewer has said they have too."""
    if not found or not found.proposals:
        return set()
    with house().database.reading() as db:
        pages = (shown(db, get_proposal(db, standing().programme_id, each.id), actor()) for each in found.proposals)
        return {page.row.id for page in pages if page and (page.has_too or page.through)}


def _editable(db: Session, proposal_id: int) -> Proposal:
    """Raises Refused where the viewer may not change it."""
    row = get_proposal(db, standing().programme_id, proposal_id)
    if not may_edit(mode_of(db), row, actor()):
        raise Refused("This text cannot be changed by you, or not any more: it may have been answered meanwhile.")
    return row


def _chosen_in(row: Proposal, themes: list[Choice]) -> str:
    if row.strand_id is None:
        return ""
    return next((each.mark for each in themes if each.strand == row.strand_id), KEEP)


def _remember(brief: Brief) -> None:
    """So that the next one who types something near finds it at once."""
    with suppress(EmbedderUnavailable, Refused):
        keep_vector(house().database, embedder(), brief)
