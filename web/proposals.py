"""Proposals in the browser: alumni bring topics of their own, others say that they have them too, the panel answers.

The list, one proposal with its forms, and what becomes of it. The form in which one is written is in `proposing`.
Plain forms; every change leads back to a page that says what was done, and what cannot be is said beside the field.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from capture.errors import HarvestError, NotFound, Refused
from capture.events import get_event
from capture.models import Event, ProposalMode
from capture.programmes import title_of
from capture.typed_names import NamesTyped, settled
from mining.privacy.discreet_quotes import SharedQuote
from mining.privacy.discretion import shared_quotes, shown_strands
from mining.proposals import answers as proposal_answers
from mining.proposals import proposal_files, proposals
from mining.proposals import support as proposal_support
from mining.proposals.briefs import QUESTIONS
from mining.proposals.drafts import draft_adopted
from mining.proposals.reading import Shown, matching, panel_of, programme_by_id, proposals_of, shown
from mining.proposals.rights import Actor, may_decide, may_edit, may_support, may_withdraw
from mining.suggestion_models import Proposal, ProposalState
from web.access import standing, viewer
from web.attachments import attached
from web.house import TOP, house
from web.proposal_themes import Choice, choices, strand_of

bp = Blueprint("proposals", __name__, url_prefix="/events/<slug>/proposals")

TOLD = "proposed"
"""In the cookie: [event, what was done] that the next page tells of."""
PER_PAGE = 50
STATES = (
    ("", "All"),
    (ProposalState.OPEN.value, "Open"),
    (ProposalState.ADOPTED.value, "Adopted"),
    (ProposalState.MERGED.value, "Merged"),
    (ProposalState.NOT_NOW.value, "Not now"),
    (ProposalState.WITHDRAWN.value, "Withdrawn"),
    ("mine", "Mine"),
)
QUOTES = 2


@dataclass(frozen=True)
class Rights:
    """What the viewer may do to the proposal that is shown."""

    edit: bool
    withdraw: bool
    support: bool
    decide: bool
    staff: bool
    writes: bool


def actor() -> Actor:
    """The viewer, as the rules of proposals know people."""
    return Actor(
        viewer().person_id,
        viewer().name,
        staff=standing().staff,
        panel=standing().panel,
        writes=standing().role != "sponsor",
    )


def mode_of(db: Session) -> ProposalMode:
    programme = programme_by_id(db, standing().programme_id)
    return programme.mode if programme else ProposalMode.CURATED


def tell(slug: str, what: str) -> None:
    session[TOLD] = [slug, what]


def told(slug: str) -> str | None:
    """What was done on the page before this one; told once."""
    kept = session.pop(TOLD, None)
    return str(kept[1]) if kept and kept[0] == slug else None


@bp.get("")
def index(slug: str) -> ResponseReturnValue:
    state, search = _asked_for()
    with house().database.reading() as db:
        event = get_event(db, slug)
        every = proposals_of(db, standing().programme_id, actor())
        programme = programme_by_id(db, standing().programme_id)
        mode, panel = mode_of(db), panel_of(db, standing().programme_id)
        title = title_of(db, programme) if programme else event.title
    found = matching(every, state, search)
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    counts = Counter(each.state.value for each in every)
    counts |= Counter({"": len(every), "mine": sum(each.mine for each in every)})
    return render_template(
        "proposals/index.html",
        event=event,
        programme=title,
        found=found[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(found),
        every=len(every),
        states=[(key, label, counts[key]) for key, label in STATES if counts[key] or key in ("", state)],
        state=state,
        search=search,
        page=page,
        pages=pages,
        mode=mode.value,
        panel=panel,
        told=told(slug),
    )


@bp.get("/<int:proposal_id>")
def show(slug: str, proposal_id: int) -> ResponseReturnValue:
    return _show(slug, proposal_id)


@bp.get("/export.<any(csv, json):format_>")
def export(slug: str, format_: str) -> ResponseReturnValue:
    """The list, searched as it is on the page, with all that the viewer may read of each proposal."""
    state, search = _asked_for()
    with house().database.reading() as db:
        get_event(db, slug)
        pages = proposal_files.listed(db, standing().programme_id, actor(), state, search)
        themes = proposal_files.themes_answered(db, pages, _quorum())
    document = proposal_files.list_document(slug, pages, themes)
    return attached(f"{slug}-proposals", format_, document, proposal_files.table(pages, themes))


@bp.get("/<int:proposal_id>/export.<any(csv, json):format_>")
def export_one(slug: str, proposal_id: int, format_: str) -> ResponseReturnValue:
    with house().database.reading() as db:
        get_event(db, slug)
        page = _seen(db, proposals.get_proposal(db, standing().programme_id, proposal_id))
        themes = proposal_files.themes_answered(db, [page], _quorum())
    document = proposal_files.one_document(slug, page, themes)
    return attached(f"{slug}-proposal-{proposal_id}", format_, document, proposal_files.table([page], themes))


def _asked_for() -> tuple[str, str]:
    """(state, words) that the list is searched for."""
    state = request.args.get("state", "")
    return state if state in dict(STATES) else "", request.args.get("search", "").strip()[:200]


def _quorum() -> int | None:
    """Of how many groups a theme has to be for the viewer to read its name; None: any."""
    return None if standing().staff else standing().quorum


@bp.post("/<int:proposal_id>/endorse")
def endorse(slug: str, proposal_id: int) -> ResponseReturnValue:
    """“I have this too”; with `back`, not after all."""
    if "back" in request.form:
        return _do(slug, proposal_id, "You took it back.", proposal_support.take_back)
    return _do(slug, proposal_id, "Noted: you have this too. Nobody sees who said so.", proposal_support.endorse)


@bp.post("/<int:proposal_id>/join")
def join(slug: str, proposal_id: int) -> ResponseReturnValue:
    """“I want to work on it”; with `back`, not after all."""
    if "back" in request.form:
        return _do(slug, proposal_id, "Your name is off the list.", proposal_support.leave)
    return _do(slug, proposal_id, "Good: your name stands with it now.", proposal_support.join)


@bp.post("/<int:proposal_id>/questions")
def question(slug: str, proposal_id: int) -> ResponseReturnValue:
    """Adds a question; with `remove`, its number, takes one out."""
    form = request.form
    if "remove" in form:
        gone = form.get("remove", type=int)
        return _do(
            slug,
            proposal_id,
            "The question is gone.",
            lambda db, row, by: proposal_support.remove_question(db, row, by, gone),
        )
    return _do(
        slug,
        proposal_id,
        "Your question was added.",
        lambda db, row, by: proposal_support.ask(db, row, by, _named(db, slug, "question", form.get("question", ""))),
        beside="question",
    )


@bp.post("/<int:proposal_id>/withdraw")
def withdraw(slug: str, proposal_id: int) -> ResponseReturnValue:
    """With `back`, brings back what was withdrawn."""
    if "back" in request.form:
        return _do(slug, proposal_id, "It is open again.", proposals.bring_back)
    return _do(slug, proposal_id, "You withdrew it. Others do not see it any more.", proposals.withdraw)


@bp.post("/<int:proposal_id>/restore")
def restore(slug: str, proposal_id: int) -> ResponseReturnValue:
    change, version = request.form.get("change", type=int), request.form.get("version", type=int)
    return _do(
        slug,
        proposal_id,
        "The earlier text stands there again.",
        lambda db, row, by: proposals.restore(db, mode_of(db), row, by, change, version),
        beside="history",
    )


@bp.post("/<int:proposal_id>/answer")
def answer(slug: str, proposal_id: int) -> ResponseReturnValue:
    adopted = request.form.get("answer") == ProposalState.ADOPTED.value
    return _do(
        slug,
        proposal_id,
        "The answer stands; whoever proposed it hears of it.",
        lambda db, row, by: _answer(db, slug, row, by),
        beside="answer",
        after=(lambda: _draft(slug, proposal_id)) if adopted else None,
    )


def _draft(slug: str, proposal_id: int) -> None:
    drafted = draft_adopted(house().database, house().settings.mining, proposal_id, viewer().name)
    if drafted.draft_id:
        tell(slug, "Adopted, and a draft of the module is written. Whoever proposed it hears of it.")
    else:
        tell(slug, f"Adopted, without a draft. {drafted.why_none}")


def _answer(db: Session, slug: str, row: Proposal, by: Actor) -> None:
    """As the form says. Raises Refused where it says nothing, NamesTyped where the reason names somebody: everybody in
    the programme reads it."""
    form, mode = request.form, mode_of(db)
    reason, version = form.get("reason", ""), form.get("version", type=int)
    if may_decide(mode, by):
        reason = _named(db, slug, "reason", reason)
    match form.get("answer"):
        case ProposalState.ADOPTED.value:
            event = db.get(Event, row.event_id) if row.event_id else None
            strand = strand_of(choices(db, event) if event else [], form.get("theme", ""), row.strand_id)
            proposal_answers.adopt(db, mode, row, by, reason, version, strand)
        case ProposalState.MERGED.value:
            proposal_answers.merge(db, mode, row, by, reason, version, form.get("into", type=int))
        case ProposalState.NOT_NOW.value:
            proposal_answers.not_now(db, mode, row, by, reason, version)
        case ProposalState.OPEN.value:
            proposal_answers.reopen(db, mode, row, by, reason, version)
        case _:
            raise Refused("Choose an answer: adopted, merged, or not now.")


def _do(
    slug: str,
    proposal_id: int,
    done: str,
    change: Callable[[Session, Proposal, Actor], object],
    beside: str | None = None,
    after: Callable[[], None] | None = None,
) -> ResponseReturnValue:
    """Changes it, does what comes `after` that is stored, and goes back to it. What cannot be is said beside the form
    named `beside`, with what was typed, or at the top of the page."""
    try:
        with house().database.writing() as db:
            row = proposals.get_proposal(db, standing().programme_id, proposal_id)
            _seen(db, row)
            change(db, row, actor())
            db.flush()
            gone = shown(db, row, actor()) is None
    except Refused as refused:
        return _show(slug, proposal_id, refused, beside or "whole")
    tell(slug, done)
    if after:
        after()
    where = (
        url_for("proposals.index", slug=slug, _anchor=TOP)
        if gone
        else url_for("proposals.show", slug=slug, proposal_id=proposal_id, _anchor=TOP)
    )
    return redirect(where, 303)


def _seen(db: Session, row: Proposal) -> Shown:
    """Raises NotFound, in the words for one that never was, where the viewer may not see it."""
    page = shown(db, row, actor())
    if page is None:
        raise NotFound(f"There is no proposal {row.id} here.")
    return page


def _show(slug: str, proposal_id: int, problem: HarvestError | None = None, beside: str = "") -> ResponseReturnValue:
    with house().database.reading() as db:
        event = get_event(db, slug)
        row = proposals.get_proposal(db, standing().programme_id, proposal_id)
        page, mode = _seen(db, row), mode_of(db)
        rights = _rights(mode, row)
        there = {"answer": rights.decide, "question": rights.support, "history": bool(page.changes)}
        beside = beside if there.get(beside) else "whole"
        own = db.get(Event, row.event_id) if row.event_id else None
        themes = choices(db, own) if own else []
        theme = next((each for each in themes if each.strand == row.strand_id), None)
        quotes = _quotes(db, own, theme)
        draft = proposal_answers.draft_of(db, row) if standing().staff else None
        others = proposal_answers.mergeable(db, row) if rights.decide else []
        panel = panel_of(db, standing().programme_id)
    text = render_template(
        "proposals/show.html",
        event=event,
        page=page,
        row=row,
        may_do=rights,
        questions=QUESTIONS,
        theme=theme,
        theme_event=own,
        themes=themes,
        quotes=quotes,
        draft=draft,
        draft_slug=own.slug if own else slug,
        others=others,
        mode=mode.value,
        panel=panel,
        told=told(slug),
        problem=problem and str(problem),
        beside=beside,
        typed=request.form if problem else {},
        names=problem.found if isinstance(problem, NamesTyped) else (),
        longest={"question": proposal_support.LONGEST_QUESTION, "reason": proposal_answers.LONGEST_REASON},
    )
    return text, 422 if problem else 200


def _named(db: Session, slug: str, field: str, text: str) -> str:
    """As it is to be stored. Raises NamesTyped where it names somebody, and nobody has said whether that is meant."""
    return settled(db, get_event(db, slug), {field: text}, request.form.get("names", ""))[field]


def _rights(mode: ProposalMode, row: Proposal) -> Rights:
    who = actor()
    return Rights(
        edit=may_edit(mode, row, who),
        withdraw=may_withdraw(row, who),
        support=may_support(row, who),
        decide=may_decide(mode, who) and row.state != ProposalState.WITHDRAWN,
        staff=who.staff,
        writes=who.writes,
    )


def _quotes(db: Session, event: Event | None, theme: Choice | None) -> tuple[SharedQuote, ...]:
    """What anybody may read of the theme: the same for staff, who find the rest on the theme's own page."""
    if event is None or theme is None or theme.strand not in shown_strands(db, event, standing().quorum).values():
        return ()
    return shared_quotes(db, event, standing().quorum, theme.number)[:QUOTES]
