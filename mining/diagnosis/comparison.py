"""Events of a programme side by side: which themes are new, grew, faded, went, came back, which were answered by a
module in between, and ARC from event to event.

Themes are the same by meaning (`kin`), so events whose themes were found with another model cannot be set beside the
others. What sponsors may see of it is made by `discreet_comparison`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from capture.errors import NotFound
from capture.models import Event
from mining.analyses import latest_analysis
from mining.catalogue.answering import Verdict
from mining.curating.kin import Held
from mining.diagnosis.answered_since import REMEDY, Shelf, shelf
from mining.diagnosis.diagnosis import Diagnosis, diagnosis_on
from mining.diagnosis.ground import events_in_turn, ground_of, held
from mining.diagnosis.resampling import Estimate
from mining.diagnosis.theme_lines import STATES, Line, Mined, centres_of, lines_of, links, ranked, unsure

LEAST_EVENTS = 2


@dataclass(frozen=True)
class Arc:
    """Three figures of an event, each None where there is too little data."""

    event: Held
    groups: int
    agency: Estimate | None
    responsiveness: Estimate | None
    connectivity: Estimate | None


@dataclass(frozen=True)
class Comparison:
    """`events` are compared by theme, oldest first; `apart` could not be, for a reason in words; `waiting` were not
    mined. `choice` is everything there is to choose from. After the events in `unknown` (titles) it is not known of
    every theme what answered it, because the catalogue does not say since when its modules are on offer."""

    events: tuple[Held, ...]
    lines: tuple[Line, ...]
    arcs: tuple[Arc, ...]
    apart: tuple[tuple[Held, str], ...]
    waiting: tuple[Held, ...]
    choice: tuple[Held, ...]
    unknown: tuple[str, ...] = ()
    covered: bool = False
    """Whether themes were set beside the catalogue at all."""

    @property
    def remedy(self) -> str:
        """For whoever keeps the catalogue; empty where nothing is missing in it."""
        return REMEDY if self.unknown else ""

    def having(self, state: str) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state == state)


def comparison_of(session: Session, event: Event, chosen: Collection[str] = ()) -> Comparison:
    """All mined events of the event's programme, or those `chosen` by their short names. Raises NotFound for a name
    that is not one of the programme's."""
    mined, waiting, choice = mined_events(session, event, chosen)
    compared, apart = comparable(mined)
    books = shelf(session)
    lines = lines_of(compared, links(session, compared), books) if len(compared) >= LEAST_EVENTS else []
    return Comparison(
        events=tuple(each.held for each in compared),
        lines=ranked(lines, STATES),
        arcs=tuple(arc_of(each.diagnosis) for each in mined),
        apart=tuple(apart),
        waiting=waiting,
        choice=choice,
        unknown=unknown_of(compared, books),
        covered=all(not each.diagnosis.responsiveness.missing for each in compared),
    )


def mined_events(
    session: Session, event: Event, chosen: Collection[str]
) -> tuple[list[Mined], tuple[Held, ...], tuple[Held, ...]]:
    """(mined and chosen, those that were not mined, everything that can be chosen), each oldest first."""
    turn = events_in_turn(session, event)
    unknown = set(chosen) - {each.slug for each in turn}
    if unknown:
        raise NotFound(f"“{min(unknown)}” is no event of this programme; only its own events can be compared.")
    there = [each for each in turn if latest_analysis(session, each.id) is not None]
    mined = []
    for each in there:
        ground = ground_of(session, each) if not chosen or each.slug in chosen else None
        if ground is not None:
            centres = centres_of(session, ground)
            mined.append(Mined(each, held(each), ground, diagnosis_on(session, each, ground), centres))
    waiting = tuple(held(each) for each in turn if each not in there)
    return mined, waiting, tuple(held(each) for each in there)


def comparable(mined: Sequence[Mined]) -> tuple[list[Mined], list[tuple[Held, str]]]:
    """Those whose themes were found with the model of the newest event that has themes, and the others with why."""
    with_themes = [each for each in mined if each.ground.themes]
    model = with_themes[-1].ground.analysis.embedder if with_themes else ""
    compared, apart = [], []
    for each in mined:
        own = each.ground.analysis.embedder
        if not each.ground.themes:
            apart.append((each.held, "has no themes: there was too little talk"))
        elif own != model:
            apart.append((each.held, f"was mined with {own}, not with {model}; mine it again with that model"))
        else:
            compared.append(each)
    return compared, apart


def unknown_of(compared: Sequence[Mined], books: Shelf) -> tuple[str, ...]:
    return tuple(each.held.title for each in unsure(compared, books))


def arc_of(found: Diagnosis) -> Arc:
    bridging = found.connectivity.bridging
    return Arc(
        event=found.event,
        groups=found.groups,
        agency=found.agency.forward,
        responsiveness=found.responsiveness.share(Verdict.COVERED),
        connectivity=bridging.value if bridging and bridging.verdict else None,
    )
