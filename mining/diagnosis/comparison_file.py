"""Events side by side as data: one JSON document, and a table with a line for each theme at each event, and for each
figure of ARC. What `harvest compare` prints and writes, and what its page gives along.

The same for staff and for sponsors, who get it of `discreet_comparison`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from capture.spreadsheets import Cell, as_table
from mining.diagnosis.comparison import Comparison
from mining.diagnosis.diagnosis_file import FINE, ROUGH, plain
from mining.diagnosis.resampling import DRAWS, LEVEL, Estimate
from mining.diagnosis.theme_lines import Line

HEAD = (
    *("what", "name", "change", "event", "day", "raised by groups", "of groups", "exactly"),
    *("value", "low", "high", "remark"),
)
ARC = {
    "agency": "lesson and action talk, of that and challenge talk",
    "responsiveness": "talk in themes, on a theme that a module covers",
    "connectivity": "reach across departments",
}


def comparison_document(found: Comparison) -> dict[str, Any]:
    """Everything, for staff: counts and ranges; shares 0..1."""
    return _document(found, FINE)


def shared_document(found: Comparison, quorum: int) -> dict[str, Any]:
    """Of `shared_comparison`: a place without a theme is one that fewer than `quorum` groups raised there, or none."""
    return {"quorum": quorum, **_document(found, ROUGH)}


def comparison_table(found: Comparison) -> str:
    """CSV, for staff: a theme that was not raised at an event was raised there by 0 groups."""
    return as_table(HEAD, [*_themes(found, FINE, 0), *_arcs(found, FINE)])


def shared_table(found: Comparison) -> str:
    """CSV, for sponsors: whether a theme that is not shown at an event was raised there is left open."""
    return as_table(HEAD, [*_themes(found, ROUGH, None), *_arcs(found, ROUGH)])


def _document(found: Comparison, digits: int) -> dict[str, Any]:
    return {"ranges": {"level": LEVEL, "draws": DRAWS, "over": "groups"}, **plain(asdict(found), digits)}


def _themes(found: Comparison, digits: int, absent: int | None) -> Iterator[Sequence[Cell]]:
    groups = {arc.event.slug: arc.groups or None for arc in found.arcs}
    for line in found.lines:
        for event, point in zip(found.events, line.points, strict=True):
            whole = point.groups if point else groups.get(event.slug)
            raised = point.breadth if point else absent
            exactly = None if raised is None else "yes" if point is None or point.exactly else "at least"
            share = _numbers(point.share if point else None, digits)
            where = (line.label, line.state, event.title, event.day.isoformat())
            yield "theme, share of talk", *where, raised, whole, exactly, *share, _remark(line, event.slug)


def _arcs(found: Comparison, digits: int) -> Iterator[Sequence[Cell]]:
    for part, name in ARC.items():
        for arc in found.arcs:
            figure: Estimate | None = getattr(arc, part)
            where = (arc.event.title, arc.event.day.isoformat(), None, arc.groups or None, None)
            yield part, name, None, *where, *_numbers(figure, digits), _little(figure)


def _remark(line: Line, slug: str) -> str:
    """What is to be said of a theme at the event."""
    said = [
        f"answered by “{module.title}” ({module.day.isoformat()})"
        for each in line.answered
        if each.by == slug
        for module in each.modules
    ]
    last = next(point.event for point in reversed(line.points) if point)
    if slug == last:
        said += [f"before perhaps “{line.called}”"] if line.called and line.called != line.label else []
        said += ["the change may well be chance"] if line.chance else []
    point = next((point for point in line.points if point and point.event == slug), None)
    said += [point.share.little] if point and point.share.little else []
    return "; ".join(said)


def _numbers(figure: Estimate | None, digits: int) -> Sequence[float | None]:
    own = figure or Estimate()
    return [None if each is None else round(each, digits) for each in (own.value, own.low, own.high)]


def _little(figure: Estimate | None) -> str:
    return "too little data" if figure is None or figure.value is None else figure.little or ""
