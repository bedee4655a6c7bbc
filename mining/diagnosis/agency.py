"""Agency of an event: do people direct themselves? Seen as talk of what worked and what will be done against talk of
what hinders, as commitments, and as proposals.

A part of the diagnosis (`mining.diagnosis.diagnosis`). Counts groups, never people: only how many of those invited
proposed something is about people, and that is a number without names.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.models import Access, Event, Role
from capture.programmes import programme_of
from mining.diagnosis.ground import Ground, too_little
from mining.diagnosis.resampling import Estimate, estimate
from mining.next_steps.step_finding import finds_in
from mining.suggestion_models import NextStep, Proposal, ProposalState, StepState

FORWARD = ("lesson", "action")
AGAINST = "challenge"
SHOWN = ("challenge", "lesson", "action", "question", "other")
TAKEN_UP = (StepState.CONFIRMED, StepState.DONE, StepState.NOT_DONE, StepState.DROPPED)
"""States of a commitment of which people said that it is one."""
HOUR = 3600.0


@dataclass(frozen=True)
class KindShare:
    """How much of all talk (seconds) is of a kind; `share` is of that of all kinds."""

    kind: str
    seconds: float
    passages: int
    share: Estimate


@dataclass(frozen=True)
class Commitments:
    """Found in talk and not set aside; `confirmed` of them people took up, of which `done`. `written` were written by
    hand. Rates are per hour of talk; None where there is too little of it. `groups` made them; a count of None is
    not shown to whoever looks."""

    found: int | None
    confirmed: int | None
    done: int | None
    written: int | None
    groups: int
    confirmed_groups: int
    found_rate: Estimate | None
    confirmed_rate: Estimate | None
    little: str | None = None


@dataclass(frozen=True)
class Proposals:
    """Made beside this event's themes and not withdrawn, by how many people; `invited` alumni have a role. None is not
    shown to whoever looks."""

    made: int | None
    people: int | None
    invited: int | None


@dataclass(frozen=True)
class Agency:
    """`forward` is lesson and action talk over that and challenge talk, in seconds; None where there is too little.
    `passages` are those it counts, `seconds` their length."""

    forward: Estimate | None
    little: str | None
    passages: int
    seconds: float
    kinds: tuple[KindShare, ...]
    commitments: Commitments
    proposals: Proposals


def agency_of(session: Session, event: Event, ground: Ground) -> Agency:
    """Three queries. Commitments are those that were looked for before (`mining.next_steps.step_finding`)."""
    seconds = {kind: [each.kinds.get(kind, (0.0, 0))[0] for each in ground.heard] for kind in SHOWN}
    passages = {kind: sum(each.kinds.get(kind, (0.0, 0))[1] for each in ground.heard) for kind in SHOWN}
    forward = np.sum([seconds[kind] for kind in FORWARD], axis=0)
    counted = forward + np.array(seconds[AGAINST])
    number = sum(passages[kind] for kind in (*FORWARD, AGAINST))
    little = _untold(ground, sum(passages.values())) or too_little(
        len(ground.heard), number, what="passages are of these kinds"
    )
    whole = [sum(each.kinds[kind][0] for kind in each.kinds) for each in ground.heard]
    return Agency(
        forward=None if little else estimate(forward, counted),
        little=little,
        passages=number,
        seconds=float(counted.sum()),
        kinds=tuple(
            KindShare(kind, float(sum(seconds[kind])), passages[kind], estimate(seconds[kind], whole))
            for kind in SHOWN
            if passages[kind] and not ground.little
        ),
        commitments=_commitments(session, event, ground),
        proposals=_proposals(session, event),
    )


def _untold(ground: Ground, told: int) -> str | None:
    if ground.passages and not told:
        return "Kinds of talk were not told by the Harvest that looked for these themes. Look for themes again."
    return None


def _commitments(session: Session, event: Event, ground: Ground) -> Commitments:
    rows = session.execute(
        select(NextStep.group_id, NextStep.state, NextStep.citation.is_not(None)).where(
            NextStep.event_id == event.id, NextStep.state != StepState.DISMISSED, NextStep.carried_from.is_(None)
        )
    ).all()
    said = [(group, state) for group, state, cited in rows if cited]
    found = Counter(group for group, _ in said)
    taken = Counter(group for group, state in said if state in TAKEN_UP)
    hours = [each.seconds / HOUR for each in ground.heard]
    little = ground.little or (None if finds_in(event) else "Commitments can be found in English talk only.")

    def rate(counts: Counter[int | None]) -> Estimate | None:
        return None if little else estimate([counts[each.group_id] for each in ground.heard], hours)

    return Commitments(
        found=len(said),
        confirmed=sum(state in TAKEN_UP for _, state in said),
        done=sum(state == StepState.DONE for _, state in said),
        written=len(rows) - len(said),
        groups=len(found),
        confirmed_groups=len(taken),
        found_rate=rate(found),
        confirmed_rate=rate(taken),
        little=little,
    )


def _proposals(session: Session, event: Event) -> Proposals:
    made, people = session.execute(
        select(func.count(Proposal.id), func.count(Proposal.person_id.distinct())).where(
            Proposal.event_id == event.id, Proposal.state != ProposalState.WITHDRAWN
        )
    ).one()
    programme = programme_of(session, event)
    invited = 0
    if programme is not None:
        alumni = select(func.count(Access.id)).where(Access.programme_id == programme.id, Access.role == Role.ALUMNUS)
        invited = session.scalar(alumni) or 0
    return Proposals(made, people, invited)
