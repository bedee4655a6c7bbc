"""Module drafts of an event: making one from a theme, listing them, getting one, putting an accepted one on offer.

What commands and pages call. A draft is written by `draft_writer` from `draft_evidence`, changed through `draft_log`,
read by `draft_reading`. Functions never commit.
"""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.errors import NotFound, Refused
from capture.events import clean_name
from capture.models import Event
from capture.programmes import programme_of
from mining.catalogue.coverage import Coverage, ThemeCoverage, coverage_of
from mining.drafts.evidence import Embed, evidence_of, theme_of
from mining.drafts.lines import LONGEST_TITLE, Body, Line, body_of
from mining.drafts.near import near_modules
from mining.drafts.writer import working_title, write
from mining.models import Theme
from mining.suggestion_models import Draft, DraftState, Module, Proposal


@dataclass(frozen=True)
class Topic:
    """A theme as one to write a guide for. `verdict` is how the catalogue answers it (covered, partly, gap), None where
    that is not known; `draft` the newest draft of it."""

    number: int
    label: str
    breadth: int
    depth: float
    verdict: str | None
    nearest: str | None
    draft: Draft | None


def compose(
    session: Session,
    event: Event,
    number: int | None = None,
    *,
    by: str,
    strand: int | None = None,
    proposal_id: int | None = None,
    embed: Embed | None = None,
) -> Draft:
    """The draft of a guide on the theme of that number, or strand, or on that of an adopted proposal; not stored yet.

    `embed` is the model the event was mined with; without it statements are chosen by their words alone. Raises
    NotFound for a theme or proposal that is not there, Refused where the event was not mined, too little can be quoted,
    or a draft of the theme waits already.
    """
    proposal = _proposal(session, event, proposal_id) if proposal_id is not None else None
    if proposal is not None and number is None and strand is None:
        if proposal.strand_id is None:
            raise Refused(f"“{proposal.title}” names no theme, so there is no talk to write from. Choose one for it.")
        strand = proposal.strand_id
    theme = theme_of(session, event, number=number, strand=strand)
    if proposal is None:
        _only_one(session, event.id, theme.strand_id)
    evidence = evidence_of(session, event, theme, embed)
    covered = _covered(coverage_of(session, event), theme.number)
    others = drafts_of(session, event)
    taken = [str(body_of(each.body).sources.get("exercise", "")) for each in others]
    mindset = covered.mindset if covered else None
    body = replace(write(evidence, mindset, taken), near=near_modules(session, evidence, covered))
    titles = [*session.scalars(select(Module.title)), *(each.title for each in others)]
    title = working_title(evidence, titles)
    if proposal is not None:
        title, body = clean_name(proposal.title)[:LONGEST_TITLE], _with_brief(body, proposal)
    return Draft(
        event_id=event.id,
        strand_id=theme.strand_id,
        proposal_id=proposal_id,
        title=title,
        mindset=mindset,
        body=body.stored(),
        made_by=by,
    )


def keep(session: Session, draft: Draft) -> Draft:
    """Stores a composed draft. Raises Refused where another one of the theme was stored meanwhile."""
    if draft.proposal_id is None:
        _only_one(session, draft.event_id, draft.strand_id)
    session.add(draft)
    session.flush()
    return draft


def drafts_of(session: Session, event: Event) -> list[Draft]:
    """The newest first."""
    return list(session.scalars(select(Draft).where(Draft.event_id == event.id).order_by(Draft.id.desc())))


def get_draft(session: Session, event: Event, draft_id: int) -> Draft:
    """Raises NotFound; a draft of another event is not there."""
    draft = session.get(Draft, draft_id) if draft_id < 1 << 31 else None
    if draft is None or draft.event_id != event.id:
        raise NotFound(f"There is no draft {draft_id} in {event.title}.")
    return draft


def topics_of(session: Session, event: Event) -> tuple[list[Topic], Coverage]:
    """Every theme, those first that most groups are left alone with. Empty where the event was not mined."""
    coverage = coverage_of(session, event)
    by_strand: dict[int, Draft] = {}
    for draft in reversed(drafts_of(session, event)):
        if draft.strand_id is not None:
            by_strand[draft.strand_id] = draft
    if coverage.themes:
        return [_topic(each, by_strand) for each in coverage.themes], coverage
    return [_bare(theme, by_strand) for theme in _themes(session, coverage)], coverage


def _themes(session: Session, coverage: Coverage) -> list[Theme]:
    if coverage.analysis_id is None:
        return []
    query = select(Theme).where(Theme.analysis_id == coverage.analysis_id, Theme.coarse.is_(False))
    return list(session.scalars(query.order_by(Theme.number)))


def _topic(theme: ThemeCoverage, drafts: dict[int, Draft]) -> Topic:
    nearest = next(iter((*theme.answers, *theme.near)), None)
    return Topic(
        theme.number,
        theme.label,
        theme.groups,
        theme.depth,
        theme.verdict.value if theme.verdict else None,
        nearest.title if nearest else None,
        drafts.get(theme.strand_id or 0),
    )


def _bare(theme: Theme, drafts: dict[int, Draft]) -> Topic:
    draft = drafts.get(theme.strand_id or 0)
    return Topic(theme.number, theme.label, theme.breadth, theme.depth, None, None, draft)


def _only_one(session: Session, event_id: int, strand: int | None) -> None:
    query = select(Draft).where(Draft.event_id == event_id, Draft.state == DraftState.DRAFTED)
    for draft in session.scalars(query):
        if draft.strand_id is not None and draft.strand_id == strand:
            raise Refused(
                f"Draft {draft.id}, “{draft.title}”, is on this theme and waits for an answer. "
                "Accept or reject it before making another."
            )


def _proposal(session: Session, event: Event, proposal_id: int) -> Proposal:
    proposal = session.get(Proposal, proposal_id)
    programme = programme_of(session, event)
    if proposal is None or programme is None or proposal.programme_id != programme.id:
        raise NotFound(f"There is no proposal {proposal_id} in the programme of {event.title}.")
    return proposal


def _with_brief(body: Body, proposal: Proposal) -> Body:
    """With what the proposer wrote as the reason for it: their own words in their own brief, so not a citation."""

    def plain(text: str) -> str:
        return " ".join(text.replace("{", "(").replace("}", ")").split())[:1000]

    asked = Line("why-proposed", "why", f"An alumnus proposed it: {plain(proposal.challenge)}")
    wanted = Line("purpose-proposed", "purpose", f"It would have been worth it if: {plain(proposal.success)}")
    return replace(body, why=(asked, *body.why), purpose=(*body.purpose, wanted))


def _covered(coverage: Coverage, number: int) -> ThemeCoverage | None:
    return next((each for each in coverage.themes if each.number == number), None)
