"""The diagnosis of an event by Agency, Responsiveness and Connectivity, each figure with its count and range.

Joins the three parts; `diagnosis_words` puts them into sentences, `discreet_diagnosis` into what sponsors may see. It
judges an event, never a person.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from capture.models import Event
from mining.catalogue.answering import Verdict
from mining.curating.kin import Held
from mining.diagnosis.agency import FORWARD, Agency, agency_of
from mining.diagnosis.connectivity import Connectivity, connectivity_of
from mining.diagnosis.ground import Ground, ground_of, held
from mining.diagnosis.growth import Growth, growth_of
from mining.diagnosis.responsiveness import Responsiveness, responsiveness_of


@dataclass(frozen=True)
class GroupRow:
    """One group's part in the figures, in seconds; for staff."""

    group_id: int
    name: str
    seconds: float
    passages: int
    challenge: float
    forward: float
    covered: float
    themed: float


@dataclass(frozen=True)
class Diagnosis:
    """`groups` talked. `little` is the sentence where there is too little data for everything."""

    event: Held
    groups: int
    passages: int
    seconds: float
    little: str | None
    agency: Agency
    responsiveness: Responsiveness
    connectivity: Connectivity
    growth: Growth
    by_group: tuple[GroupRow, ...] = ()


def diagnosis_of(session: Session, event: Event) -> Diagnosis | None:
    """None where nothing was mined. Commitments have to be looked for before (`step_finding.find_commitments`)."""
    ground = ground_of(session, event)
    return diagnosis_on(session, event, ground) if ground else None


def diagnosis_on(session: Session, event: Event, ground: Ground, before: Collection[int] | None = None) -> Diagnosis:
    """On what is given of the event's talk; of the event before only the themes of these numbers, where they are."""
    agency = agency_of(session, event, ground)
    responsiveness = responsiveness_of(session, event, ground, before)
    connectivity = connectivity_of(session, event, ground)
    return Diagnosis(
        event=held(event),
        groups=len(ground.heard),
        passages=ground.passages,
        seconds=ground.seconds,
        little=ground.little,
        agency=agency,
        responsiveness=responsiveness,
        connectivity=connectivity,
        growth=growth_of(agency, responsiveness, connectivity),
        by_group=_by_group(ground, responsiveness),
    )


def _by_group(ground: Ground, responsiveness: Responsiveness) -> tuple[GroupRow, ...]:
    covered = {theme.number for theme in responsiveness.coverage.having(Verdict.COVERED)}
    ids = {theme.id for theme in ground.themes if theme.number in covered}
    return tuple(
        GroupRow(
            group_id=each.group_id,
            name=each.name,
            seconds=each.seconds,
            passages=each.passages,
            challenge=each.kinds.get("challenge", (0.0, 0))[0],
            forward=sum(each.kinds.get(kind, (0.0, 0))[0] for kind in FORWARD),
            covered=sum(seconds for theme, seconds in each.themes.items() if theme in ids),
            themed=each.themed,
        )
        for each in ground.heard
    )
