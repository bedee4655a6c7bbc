"""The diagnosis as a sponsor may see it: of the whole event, resting only on themes that enough groups raised, with
small numbers hidden and no group in it.

Put together from `diagnosis` field by field: what is added there stays unseen until somebody adds it here on purpose.
Names of themes are those of `discretion`. Counts of groups by department are hidden where they tell of one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from capture.models import Event
from mining.catalogue.coverage import Coverage
from mining.diagnosis.agency import AGAINST, FORWARD, Agency, Commitments, KindShare, Proposals
from mining.diagnosis.connectivity import Bridging, Connectivity, Roster, Spread
from mining.diagnosis.diagnosis import Diagnosis, diagnosis_on
from mining.diagnosis.ground import Ground, event_before, ground_of
from mining.diagnosis.growth import growth_of
from mining.diagnosis.resampling import LEAST_GROUPS, Estimate, Shuffled
from mining.diagnosis.responsiveness import Closed, Responsiveness, VerdictShare
from mining.privacy.crowds import told
from mining.privacy.discretion import SharedTheme, shared_view
from mining.privacy.suppression import suppress

STEP = 0.05
"""Shares that rest on themes are told in these steps: finer, they would say how many groups raise a theme of which a
least number only is told."""


@dataclass(frozen=True)
class SharedSpread:
    """How many groups of each department raise a theme; None: hidden, and so is whether it is none. A number is a least
    number where not `exactly`."""

    number: int
    label: str
    cells: tuple[int | None, ...]
    exactly: tuple[bool, ...]


@dataclass(frozen=True)
class SharedDiagnosis:
    """`diagnosis` is None where fewer groups talked than it takes. `table` are themes by departments, empty where
    nothing of it may be shown."""

    diagnosis: Diagnosis | None
    quorum: int
    table: tuple[SharedSpread, ...] = ()


def shared_diagnosis(session: Session, event: Event, quorum: int) -> SharedDiagnosis | None:
    """None where nothing was mined."""
    ground = ground_of(session, event)
    if ground is None:
        return None
    if len(ground.heard) < max(quorum, LEAST_GROUPS):
        return SharedDiagnosis(None, quorum)
    themes = _shown(session, event, quorum)
    before = event_before(session, event)
    earlier = _shown(session, before, quorum) if before else {}
    kept = ground.only(themes)
    found = diagnosis_on(session, event, kept, frozenset(earlier))
    agency = _agency(found.agency, kept, quorum)
    responsiveness = _responsiveness(found.responsiveness, themes, earlier)
    connectivity = _connectivity(found.connectivity)
    told_of = Diagnosis(
        event=found.event,
        groups=found.groups,
        passages=found.passages,
        seconds=found.seconds,
        little=found.little,
        agency=agency,
        responsiveness=responsiveness,
        connectivity=connectivity,
        growth=growth_of(agency, responsiveness, connectivity),
    )
    sizes = found.connectivity.roster.sizes
    return SharedDiagnosis(told_of, quorum, discreet_table(found.connectivity.table, sizes, themes, quorum))


def _shown(session: Session, event: Event, quorum: int) -> dict[int, SharedTheme]:
    return {theme.number: theme for theme in shared_view(session, event, quorum).themes}


def _agency(found: Agency, ground: Ground, quorum: int) -> Agency:
    """Kinds all or none: one that is left out could be subtracted."""

    def groups(*kinds: str) -> int:
        return sum(any(kind in each.kinds for kind in kinds) for each in ground.heard)

    enough = groups(*FORWARD) >= quorum and groups(AGAINST) >= quorum
    kinds: tuple[KindShare, ...] = ()
    if all(groups(each.kind) >= quorum for each in found.kinds):
        kinds = tuple(KindShare(each.kind, each.seconds, each.passages, each.share) for each in found.kinds)
    few = f"Too little data: fewer than {quorum} groups speak so."
    return Agency(
        forward=found.forward if enough else None,
        little=found.little or (None if enough else few),
        passages=found.passages if enough else 0,
        seconds=found.seconds if enough else 0.0,
        kinds=kinds,
        commitments=_commitments(found.commitments, quorum),
        proposals=_proposals(found.proposals, quorum),
    )


def _commitments(found: Commitments, quorum: int) -> Commitments:
    made, taken = found.groups >= quorum, found.confirmed_groups >= quorum
    return Commitments(
        found=found.found if made else None,
        confirmed=found.confirmed if taken else None,
        done=None,
        written=None,
        groups=0,
        confirmed_groups=0,
        found_rate=found.found_rate if made else None,
        confirmed_rate=found.confirmed_rate if taken else None,
        little=found.little,
    )


def _proposals(found: Proposals, quorum: int) -> Proposals:
    many = (found.people or 0) >= quorum
    invited = found.invited if (found.invited or 0) >= quorum else None
    return Proposals(found.made if many else None, found.people if many else None, invited)


def _responsiveness(
    found: Responsiveness, themes: Mapping[int, SharedTheme], earlier: Mapping[int, SharedTheme]
) -> Responsiveness:
    closed = tuple(
        Closed(
            number=each.number,
            label=earlier[each.number].label,
            groups=0,
            modules=each.modules,
            still=replace(each.still, label=themes[each.still.number].label, breadth=0, groups=0, depth=0.0)
            if each.still and each.still.number in themes
            else None,
        )
        for each in found.since.closed
        if each.number in earlier
    )
    return Responsiveness(
        missing=found.missing,
        little=found.little,
        waiting=found.waiting,
        modules=found.modules,
        seconds=0.0,
        shares=tuple(VerdictShare(each.verdict, each.themes, 0.0, _rough(each.share)) for each in found.shares),
        since=replace(found.since, closed=closed),
        coverage=Coverage(),
    )


def _connectivity(found: Connectivity) -> Connectivity:
    """Without what only a few groups share, which says what single groups talked of alone."""
    roster = found.roster
    return Connectivity(
        shared=None,
        little=found.little,
        seconds=0.0,
        themes=0,
        crossing=0,
        roster=Roster(roster.missing, roster.people, roster.placed, roster.departments),
        bridging=_bridging(found.bridging) if found.bridging else None,
        table=(),
    )


def _bridging(found: Bridging) -> Bridging:
    """Without the number of ties: pairs of groups that share a theme tell how many raise it."""
    chance = found.chance
    return Bridging(
        value=_rough(found.value) or Estimate(),
        chance=chance
        and Shuffled(*(_stepped(x) for x in (chance.mean, chance.low, chance.high, chance.as_low, chance.as_high))),
        ties=0,
        groups=found.groups,
        verdict=found.verdict,
        little=None if found.little is None else "Too little data.",
    )


def _rough(figure: Estimate | None) -> Estimate | None:
    if figure is None or figure.value is None:
        return figure
    low, high = (None if x is None else _stepped(x) for x in (figure.low, figure.high))
    return Estimate(_stepped(figure.value), low, high, figure.little)


def _stepped(share: float) -> float:
    return round(round(share / STEP) * STEP, 2)


def discreet_table(
    table: Sequence[Spread], sizes: Sequence[int], themes: Mapping[int, SharedTheme], quorum: int
) -> tuple[SharedSpread, ...]:
    """`sizes` groups of each department talked. Without totals: those of the rows are known from elsewhere (how many
    groups raise a theme), and what they would give away is hidden too. A department of fewer than twice `quorum` groups
    shows nothing: of three groups, “at least three” would be all of them."""
    rows = [each for each in table if each.number in themes]
    columns = range(len(sizes))
    most = {each.number: [told(each.by_department[i], sizes[i], quorum) for i in columns] for each in rows}
    least = {each.number: {i: min(each.by_department[i], most[each.number][i][0]) for i in columns} for each in rows}
    published = suppress(least, quorum)
    found = []
    for each in rows:
        shown = {i for i in columns if published.cells[each.number][i] is not None and sizes[i] >= 2 * quorum}
        hidden = set(columns) - _safe(each.by_department, sizes, shown, quorum)
        found.append(
            SharedSpread(
                number=each.number,
                label=themes[each.number].label,
                cells=tuple(None if i in hidden else least[each.number][i] for i in columns),
                exactly=tuple(most[each.number][i][1] for i in columns),
            )
        )
    return tuple(found) if any(cell is not None for row in found for cell in row.cells) else ()


def _safe(counts: Sequence[int], sizes: Sequence[int], shown: set[int], quorum: int) -> set[int]:
    """Which of the `shown` cells of a row may stay when its total is known as well, and how many groups each department
    has: every hidden cell must be able to be none, and anything up to `quorum` - 1."""
    shown = set(shown)
    while shown:
        hidden = [i for i in range(len(counts)) if i not in shown]
        rest = sum(counts[i] for i in hidden)
        room = sum(sizes[i] for i in hidden)
        if all(rest <= room - sizes[i] and rest >= min(sizes[i], quorum - 1) for i in hidden):
            return shown
        shown.remove(min(shown, key=lambda i: (counts[i], i)))
    return shown
