"""Responsiveness of a programme at an event: how much of what is talked about the catalogue answers, and which gaps
of the event before have closed since.

A part of the diagnosis (`mining.diagnosis.diagnosis`). Verdicts are `coverage`'s, by today's catalogue.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from capture.models import Event
from mining.catalogue.answering import Verdict
from mining.catalogue.coverage import Coverage, coverage_of
from mining.curating.kin import Elsewhere, Held, kin
from mining.diagnosis.answered_since import REMEDY, Added, Shelf, shelf
from mining.diagnosis.ground import Ground, event_before, held
from mining.diagnosis.resampling import Estimate, estimate
from mining.footing import counted


@dataclass(frozen=True)
class VerdictShare:
    """`share` of the talk in themes; None where there is too little of it."""

    verdict: Verdict
    themes: int
    seconds: float
    share: Estimate | None


@dataclass(frozen=True)
class Closed:
    """A theme of the event before that no module covered then and one does now. `number` is its number there; `still`
    is the same theme at this event, None where it is not raised here or cannot be compared."""

    number: int
    label: str
    groups: int
    modules: tuple[Added, ...]
    still: Elsewhere | None


@dataclass(frozen=True)
class SinceBefore:
    """What became of the gaps of the event `before`. `gaps` were without a covering module then, `closed` are those
    that have one now; of `unsure` themes it is not known if one covered them then. `unknown` says in words why nothing
    can be told; `undated` whether days on offer in the catalogue would tell more."""

    before: Held | None
    gaps: int = 0
    closed: tuple[Closed, ...] = ()
    unknown: str | None = None
    unsure: int = 0
    undated: bool = False

    @property
    def doubt(self) -> str:
        """What is not known, in words; empty where all of it is."""
        if not self.unsure:
            return ""
        was, them = ("it was", "it") if self.unsure == 1 else ("they were", "them")
        return (
            f"Of {counted(self.unsure, 'more theme')} it is not known if {was} covered then: what covers {them} now "
            "was brought here after that event."
        )

    @property
    def remedy(self) -> str:
        """For whoever keeps the catalogue; empty where nothing is missing in it."""
        return REMEDY if self.undated else ""


@dataclass(frozen=True)
class Responsiveness:
    """`missing` is what has to be done first: "modules" or "study"; `waiting` modules were not compared yet."""

    missing: str | None
    little: str | None
    waiting: int
    modules: int
    seconds: float
    shares: tuple[VerdictShare, ...]
    since: SinceBefore
    coverage: Coverage

    def share(self, verdict: Verdict) -> Estimate | None:
        return next((each.share for each in self.shares if each.verdict == verdict), None)


def responsiveness_of(
    session: Session, event: Event, ground: Ground, before: Collection[int] | None = None
) -> Responsiveness:
    """Reads what was mined and studied before; nothing is embedded. `before` are numbers of the themes of the event
    before that may be told of; None: all."""
    found = coverage_of(session, event)
    verdicts = {theme.number: theme.verdict for theme in found.themes if theme.verdict}
    by_id = {theme.id: verdicts[theme.number] for theme in ground.themes if theme.number in verdicts}
    bottom = [sum(s for theme, s in each.themes.items() if theme in by_id) for each in ground.heard]
    little = ground.little or (None if found.missing or any(bottom) else "Too little data: there are no themes.")
    shares = []
    for verdict in (Verdict.COVERED, Verdict.PARTLY, Verdict.GAP) if by_id else ():
        top = [sum(s for theme, s in each.themes.items() if by_id.get(theme) == verdict) for each in ground.heard]
        themes = sum(each == verdict for each in by_id.values())
        shares.append(VerdictShare(verdict, themes, sum(top), None if little else estimate(top, bottom)))
    return Responsiveness(
        missing=found.missing,
        little=little,
        waiting=found.waiting,
        modules=found.modules,
        seconds=sum(bottom),
        shares=tuple(shares),
        since=_since(session, event, before) if not found.missing else SinceBefore(None),
        coverage=found,
    )


def _since(session: Session, event: Event, told: Collection[int] | None) -> SinceBefore:
    before = event_before(session, event)
    if before is None:
        return SinceBefore(None)
    then, books, earlier = coverage_of(session, before), shelf(session), held(before)
    if told is not None:
        then = replace(then, themes=tuple(theme for theme in then.themes if theme.number in told))
    if then.missing:
        return SinceBefore(earlier, unknown="The catalogue was not compared with that event’s themes yet.")
    if not books.known_on(earlier.day):
        return SinceBefore(
            earlier,
            unknown="The catalogue was brought here after that event, so what was on offer then is not known.",
            undated=True,
        )
    return _closed(then, books, earlier, _still(session, before, event))


def _closed(then: Coverage, books: Shelf, earlier: Held, still: Mapping[int, Elsewhere]) -> SinceBefore:
    covered = [(theme, books.covered_on(theme, earlier.day)) for theme in then.themes if theme.verdict]
    gaps = [theme for theme, then_covered in covered if then_covered is False]
    unsure = sum(then_covered is None for _, then_covered in covered)
    closed = [
        Closed(theme.number, theme.label, theme.groups, modules, still.get(theme.number))
        for theme in gaps
        if (modules := books.answered(theme, earlier.day))
    ]
    return SinceBefore(earlier, len(gaps), tuple(closed), unsure=unsure, undated=unsure > 0)


def _still(session: Session, before: Event, event: Event) -> dict[int, Elsewhere]:
    """{number of a theme at the event before: the same theme at this one}"""
    elsewhere = kin(session, before).elsewhere
    return {number: each for number, found in elsewhere.items() for each in found if each.event.slug == event.slug}
