"""Everything that the report for the sponsor says of an event, as plain values: themes, answers, diagnosis, change,
what people do next, and how far to trust it.

Put together from what may be shared (`discretion`, `discreet_diagnosis`) and from counts that tell of nobody
(`pooled_counts`); `report_html` writes it down. Whatever is missing stands in `missing`, so that the report can say so.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.errors import Refused
from capture.models import Event
from capture.programmes import programme_of, quorum_of
from mining.account import LeftOut, account_of
from mining.analyses import latest_analysis
from mining.catalogue.answering import Verdict
from mining.catalogue.coverage import Coverage, coverage_of
from mining.catalogue.mindset_balance import Balance, balance_of
from mining.describing.off_topic import REASONS
from mining.diagnosis.diagnosis import Diagnosis
from mining.diagnosis.discreet_diagnosis import shared_diagnosis
from mining.diagnosis.shared_change import Change, change_of
from mining.drafts.shared import SharedDraft, shared_drafts
from mining.models import Analysis, Passage, Theme
from mining.peers.reading import peer_groups_of
from mining.privacy.discretion import SharedTheme, SharedView, Showing, shared_view
from mining.privacy.pooled_counts import Pool, pooled
from mining.proposals.reading import Listed, proposals_of
from mining.proposals.rights import Actor
from mining.suggestion_models import Module, NextStep, StepState
from mining.trust import THIN, theme_verdict, verdict

NOBODY = Actor(person_id=0, name="", writes=False)
"""Somebody who only reads, and has nothing of their own among the proposals."""
TAKEN_UP = (StepState.CONFIRMED, StepState.DONE, StepState.NOT_DONE, StepState.DROPPED)
NO_OUTCOME = "not told yet"


@dataclass(frozen=True)
class About:
    """Which event, and when it was listened to and written about."""

    slug: str
    title: str
    programme: str | None
    held_on: date | None
    language: str
    looked_on: date
    written_on: date


@dataclass(frozen=True)
class Answered:
    """A theme with how the catalogue answers it: `verdict` None where that is not known; `modules` cover or touch it,
    best first, `near` are the nearest of the others. `doubt` says in words whether it may come out differently."""

    theme: SharedTheme
    verdict: Verdict | None
    modules: tuple[str, ...]
    near: tuple[str, ...]
    mindset: str | None
    doubt: str | None


@dataclass(frozen=True)
class Steps:
    """Next steps by what became of them: of what was said in the rooms and taken up, of what was written by hand, and
    of what was carried here from the event before. None of the three holds a thing of another one."""

    said: tuple[Pool, ...] = ()
    written: tuple[Pool, ...] = ()
    carried: tuple[Pool, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.said or self.written or self.carried)


@dataclass(frozen=True)
class Peers:
    """Peer groups and the people in them; `outcomes` are of groups, after their second meeting."""

    groups: int
    people: int
    outcomes: tuple[Pool, ...]


@dataclass(frozen=True)
class Trust:
    """`steady` is what the agreement (0..1) of looking again says, both None where it was not measured. `thin` rooms
    talked less than THIN seconds: a least number, None where it may not be told. `named` counts themes that people
    gave a name."""

    steady: str | None
    agreement: float | None
    runs: int
    thin: int | None
    rough: bool
    named: int
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class SponsorReport:
    """`themes` in the view's order. `catalogue` counts all modules, `waiting` those not compared yet. `diagnosis` is
    None where too few groups talked. `missing` are sentences."""

    about: About
    view: SharedView
    themes: tuple[Answered, ...]
    catalogue: int
    waiting: int
    balance: Balance | None
    diagnosis: Diagnosis | None
    change: Change | None
    drafts: tuple[SharedDraft, ...]
    proposals: tuple[Listed, ...]
    steps: Steps
    peers: Peers | None
    trust: Trust
    missing: tuple[str, ...]

    def having(self, *verdicts: Verdict | None) -> tuple[Answered, ...]:
        return tuple(each for each in self.themes if each.verdict in verdicts)


def sponsor_report(session: Session, event: Event, today: date) -> SponsorReport:
    """Raises Refused where the event was not mined, or fewer groups talked than may be told of."""
    view, analysis = checked_view(session, event)
    coverage = coverage_of(session, event)
    themes = _answered(session, analysis, view, coverage)
    shared = shared_diagnosis(session, event, view.quorum)
    found = SponsorReport(
        about=about(event, analysis, today),
        view=view,
        themes=themes,
        catalogue=coverage.modules,
        waiting=coverage.waiting if not coverage.missing else 0,
        balance=None if coverage.missing else _balance(session, themes),
        diagnosis=shared.diagnosis if shared else None,
        change=change_of(session, event, view),
        drafts=shared_drafts(session, event, view),
        proposals=event_proposals(session, event),
        steps=_steps(session, event, view.quorum),
        peers=_peers(session, event, view.quorum),
        trust=_trust(session, analysis, view),
        missing=(),
    )
    return replace(found, missing=tuple(_missing(found, coverage)))


def checked_view(session: Session, event: Event, quotes: bool = False) -> tuple[SharedView, Analysis]:
    """What may be shared of the event. Raises Refused where that is nothing at all."""
    view = shared_view(session, event, quorum_of(session, event), quotes)
    analysis = latest_analysis(session, event.id)
    if view.showing == Showing.NOT_YET or analysis is None:
        raise Refused(
            f"Themes of {event.title} have not been looked for yet, so there is nothing to report. "
            f"Look for them first: harvest mine {event.slug}"
        )
    if view.showing == Showing.TOO_FEW:
        raise Refused(
            f"Fewer than {view.quorum} groups talked at {event.title}: whatever a report said would be said of one of "
            "them. Add the rooms that are missing, and look for themes again."
        )
    return view, analysis


def about(event: Event, analysis: Analysis, today: date) -> About:
    return About(
        event.slug, event.title, event.programme, event.held_on, event.language, analysis.created_at.date(), today
    )


def event_proposals(session: Session, event: Event) -> tuple[Listed, ...]:
    """Those that were written beside this event's themes, as everybody in the programme may read them."""
    programme = programme_of(session, event)
    every = proposals_of(session, programme.id if programme else None, NOBODY)
    return tuple(each for each in every if each.event_id == event.id)


def _answered(session: Session, analysis: Analysis, view: SharedView, coverage: Coverage) -> tuple[Answered, ...]:
    rows = session.scalars(select(Theme).where(Theme.analysis_id == analysis.id, Theme.coarse.is_(False)))
    stability = {row.number: row.stability for row in rows}
    known = {theme.number: theme for theme in coverage.themes}
    found = []
    for theme in view.themes:
        own, doubt = known.get(theme.number), theme_verdict(stability.get(theme.number))
        if own is None:
            found.append(Answered(theme, None, (), (), None, doubt))
            continue
        modules, near = (tuple(each.title for each in answers) for answers in (own.answers, own.near))
        found.append(Answered(theme, own.verdict, modules, near, own.mindset, doubt))
    return tuple(found)


def _balance(session: Session, themes: Sequence[Answered]) -> Balance:
    """Of the themes that are shown: the balance of all talk would tell of the others."""
    offered = session.scalars(select(Module.mindset)).all()
    return balance_of([(each.mindset, each.theme.share) for each in themes], offered)


def _steps(session: Session, event: Event, quorum: int) -> Steps:
    rows = session.execute(
        select(
            NextStep.group_id,
            NextStep.state,
            NextStep.citation.is_not(None),
            NextStep.carried_from.is_not(None),
            func.count(),
        )
        .where(NextStep.event_id == event.id, NextStep.state.in_(TAKEN_UP))
        .group_by(NextStep.group_id, NextStep.state, NextStep.citation.is_not(None), NextStep.carried_from.is_not(None))
    )
    counts: dict[str, dict[str, dict[int, int]]] = defaultdict(lambda: {state.value: {} for state in TAKEN_UP})
    for group, state, cited, carried, many in rows:
        if group is None:
            continue
        kind = "carried" if carried else "said" if cited else "written"
        counts[kind][state.value][group] = counts[kind][state.value].get(group, 0) + many
    return Steps(**{kind: pooled(cells, quorum) for kind, cells in counts.items()})


def _peers(session: Session, event: Event, quorum: int) -> Peers | None:
    """None where too few peer groups were drawn to tell of none of them."""
    drawn = peer_groups_of(session, event)
    if drawn.draw_id is None or len(drawn.groups) < quorum:
        return None
    cells: dict[str, dict[int, int]] = {"closed": {}, "project": {}, NO_OUTCOME: {}}
    for group in drawn.groups:
        cells.setdefault(group.outcome or NO_OUTCOME, {})[group.id] = 1
    people = sum(len(group.members) for group in drawn.groups)
    return Peers(len(drawn.groups), people, pooled(cells, quorum))


def _trust(session: Session, analysis: Analysis, view: SharedView) -> Trust:
    talk = (
        select(Passage.group_id, func.sum(Passage.end - Passage.start))
        .where(Passage.analysis_id == analysis.id)
        .group_by(Passage.group_id)
    )
    lengths = {group: seconds for group, seconds in session.execute(talk)}
    thin = sum(seconds < THIN for seconds in lengths.values())
    shown = [theme.number for theme in view.themes]
    named = select(func.count()).where(
        Theme.analysis_id == analysis.id, Theme.number.in_(shown), Theme.named_by.is_not(None)
    )
    # What a person set aside may be a theme that is not shown: only what the software leaves out anywhere is counted.
    account = account_of(session, analysis, [], {group: ("", seconds) for group, seconds in lengths.items()})
    return Trust(
        steady=verdict(analysis.stability) if analysis.stability is not None else None,
        agreement=analysis.stability,
        runs=int((analysis.trust or {}).get("runs") or 0),
        thin=min(thin, len(lengths) - view.quorum) if view.quorum <= thin and 2 * view.quorum <= len(lengths) else None,
        rough=view.rough,
        named=session.scalar(named) or 0,
        left_out=tuple(each for each in account.left_out if not each.aside or each.reason in REASONS),
    )


def _missing(found: SponsorReport, coverage: Coverage) -> list[str]:
    """Whatever the report could say and does not, with the reason."""
    quorum, said = found.view.quorum, []
    if coverage.missing == "modules":
        said.append("What the catalogue answers: the catalogue is empty.")
    elif coverage.missing == "study":
        said.append("What the catalogue answers: its modules have not been compared with the themes yet.")
    if found.diagnosis is None:
        said.append("Agency, responsiveness and connectivity: too few groups talked for a diagnosis.")
    if found.change is None:
        said.append("What changed: no earlier event of the programme shows a theme that this one could be set beside.")
    if not found.drafts:
        said.append("Drafts: there is none on a theme that is shown.")
    if not found.proposals:
        said.append("Proposals: nobody has made one beside this event’s themes yet.")
    if not found.steps.any:
        said.append(f"Next steps: fewer than {quorum} groups have taken one up so far.")
    if found.peers is None:
        said.append(f"Peer groups: fewer than {quorum} were drawn so far.")
    return said
