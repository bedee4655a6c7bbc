"""Events side by side as a sponsor may see them: only themes that enough groups raised, at each event by itself.

Put together from `comparison` field by field, with the numbers and names that `discretion` gives. A theme that is not
shown at an event was raised there by fewer groups than it takes, or by none: which of the two is not told, so nothing
is called new or gone.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from capture.models import Event
from mining.curating.kin import MOVED
from mining.diagnosis.answered_since import shelf
from mining.diagnosis.comparison import LEAST_EVENTS, Arc, Comparison, arc_of, comparable, mined_events, unknown_of
from mining.diagnosis.discreet_diagnosis import shared_diagnosis
from mining.diagnosis.resampling import Estimate
from mining.diagnosis.theme_lines import PERHAPS, Line, Mined, Point, lines_of, links, ranked
from mining.privacy.discretion import SharedTheme, shared_view

SHOWN, HIDDEN, MORE, FEWER, SAME = "now shown", "not shown now", "more groups", "fewer groups", "about the same"
STATES = (SHOWN, MORE, SAME, FEWER, PERHAPS, HIDDEN)
Shown = Mapping[str, Mapping[int, SharedTheme]]


def shared_comparison(session: Session, event: Event, quorum: int, chosen: Collection[str] = ()) -> Comparison:
    """As `comparison_of`. Events where fewer groups talked than it takes count as not comparable."""
    mined, waiting, choice = mined_events(session, event, chosen)
    shown = {
        each.held.slug: {theme.number: theme for theme in shared_view(session, each.event, quorum).themes}
        for each in mined
    }
    kept = [replace(each, ground=each.ground.only(shown[each.held.slug])) for each in mined]
    compared, apart = comparable(kept)
    books = shelf(session)
    lines = []
    if len(compared) >= LEAST_EVENTS:
        lines = [_line(each, shown) for each in lines_of(compared, links_between(session, compared, shown), books)]
    return Comparison(
        events=tuple(each.held for each in compared),
        lines=ranked(lines, STATES),
        arcs=tuple(_arc(session, each, quorum) for each in mined),
        apart=tuple((each, _why(why, quorum)) for each, why in apart),
        waiting=waiting,
        choice=choice,
        unknown=unknown_of(compared, books),
        covered=all(not each.diagnosis.responsiveness.missing for each in compared),
    )


def links_between(
    session: Session, compared: list[Mined], shown: Shown
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Links of shown themes only."""
    slugs = [each.held.slug for each in compared]
    return [
        (now, then)
        for now, then in links(session, compared)
        if now[1] in shown[slugs[now[0]]] and then[1] in shown[slugs[then[0]]]
    ]


def _line(line: Line, shown: Shown) -> Line:
    points = tuple(_point(point, shown) if point else None for point in line.points)
    label = next(point.label for point in reversed(points) if point)
    state = _state(points)
    if line.called is None:
        return Line(label, points, state, False, line.answered)
    pairs = zip(line.points, points, strict=True)
    before = next(theirs.label for ours, theirs in pairs if ours and theirs and ours.label == line.called)
    return Line(label, points, state if state == HIDDEN else PERHAPS, False, line.answered, before)


def _point(point: Point, shown: Shown) -> Point:
    """Without its share of talk: that is told of the talk on shown themes only, which differ from event to event."""
    theme = shown[point.event][point.number]
    return Point(point.event, theme.number, theme.label, theme.groups, theme.of, Estimate(), theme.exactly)


def _state(points: tuple[Point | None, ...]) -> str:
    before, now = points[-2], points[-1]
    if now is None:
        return HIDDEN
    if before is None:
        return SHOWN
    if not (now.exactly and before.exactly):
        return SAME
    moved = now.height / max(before.height, 1e-9)
    return MORE if moved >= MOVED else FEWER if moved <= 1 / MOVED else SAME


def _arc(session: Session, each: Mined, quorum: int) -> Arc:
    told = shared_diagnosis(session, each.event, quorum)
    if told is None or told.diagnosis is None:
        return Arc(each.held, 0, None, None, None)
    return arc_of(told.diagnosis)


def _why(why: str, quorum: int) -> str:
    return f"has no theme that {quorum} groups raised" if why.startswith("has no themes") else why
