"""Geometry of the charts, as plain numbers for SVG templates: circle sizes, and a map whose labels do not overlap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot, sqrt

LETTER, WIDE_LETTER = 0.53, 0.75
"""Mean widths in units of the font size, for a sans serif: of small Latin letters, and of all others."""
LINE = 1.2
"""Height of a line in units of the font size."""
SMALLEST, LARGEST = 2.5, 11.0
"""Radii of the matrix's circles, for a share just above nothing and for one half or more."""


def dot_radius(share: float) -> float:
    """Radius whose area follows the share (0..1); 0 for none. Half of a group's talk fills the cell."""
    if share <= 0:
        return 0.0
    return round(max(SMALLEST, min(LARGEST, LARGEST * sqrt(share * 2))), 1)


@dataclass(frozen=True)
class Spot:
    """What is to be placed: `x`, `y` in any unit, `size` 0..1 (share of groups that raise it)."""

    number: int
    label: str
    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Placed:
    """A circle and its label's lines; `lines` is empty where no place was free, then the number alone stands."""

    number: int
    label: str
    x: float
    y: float
    r: float
    lines: tuple[str, ...] = ()
    text_x: float = 0.0
    text_y: float = 0.0
    anchor: str = "start"


Box = tuple[float, float, float, float]


def place(spots: Sequence[Spot], width: int, height: int, font: float = 13.0) -> list[Placed]:
    """Circles apart from each other, labels beside them where there is room. The same input gives the same map."""
    largest = min(width, height) * 0.075
    margin = largest + 4
    side = min(width * 0.3, 11 * font) if width > height else margin
    span_x, span_y = width - 2 * max(margin, side), height - 2 * margin
    across, down = _stretched([spot.x for spot in spots]), _stretched([spot.y for spot in spots])
    points = [
        [width / 2 + span_x / 2 * x, height / 2 - span_y / 2 * y, max(9.0, largest * sqrt(spot.size))]
        for spot, x, y in zip(spots, across, down, strict=True)
    ]
    _push_apart(points, width, height)
    taken: list[Box] = [(x - r, y - r, x + r, y + r) for x, y, r in points]
    placed = []
    for spot, (x, y, r) in zip(spots, points, strict=True):
        base = Placed(spot.number, spot.label, round(x, 1), round(y, 1), round(r, 1))
        placed.append(_labelled(base, width, height, font, taken))
    return placed


def _stretched(values: list[float]) -> list[float]:
    """To the whole of -1..1: directions mean nothing on the map, room for labels does."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    return [2 * (value - low) / (high - low) - 1 if high > low else 0.0 for value in values]


def _push_apart(points: list[list[float]], width: int, height: int, rounds: int = 60) -> None:
    """Moves overlapping circles away from each other, a little at a time, inside the frame."""
    for _ in range(rounds):
        for i, a in enumerate(points):
            for j in range(i):
                b = points[j]
                dx, dy = a[0] - b[0], a[1] - b[1]
                apart = hypot(dx, dy)
                lack = a[2] + b[2] + 6 - apart
                if lack <= 0:
                    continue
                if apart < 1e-6:
                    dx, dy, apart = 1.0, 0.5 * (i - j), hypot(1.0, 0.5 * (i - j))
                for point, sign in ((a, 1), (b, -1)):
                    point[0] += sign * dx / apart * lack / 2
                    point[1] += sign * dy / apart * lack / 2
        for point in points:
            point[0] = min(max(point[0], point[2] + 2), width - point[2] - 2)
            point[1] = min(max(point[1], point[2] + 2), height - point[2] - 2)


def _labelled(spot: Placed, width: int, height: int, font: float, taken: list[Box]) -> Placed:
    for lines in _wrappings(spot.label):
        wide = max(_width(line) for line in lines) * font
        high = len(lines) * font * LINE
        for anchor, x, y in _places(spot, high, font):
            left = {"start": x, "end": x - wide, "middle": x - wide / 2}[anchor]
            box = (left, y, left + wide, y + high)
            if left < 2 or box[2] > width - 2 or y < 2 or box[3] > height - 2:
                continue
            if any(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in taken):
                continue
            taken.append(box)
            return Placed(
                spot.number, spot.label, spot.x, spot.y, spot.r, lines, round(x, 1), round(y + font, 1), anchor
            )
    return spot


def _width(line: str) -> float:
    return sum(
        LETTER if letter.islower() and letter.isascii() or letter in " .,:;'" else WIDE_LETTER for letter in line
    )


def _places(spot: Placed, high: float, font: float) -> Iterator[tuple[str, float, float]]:
    """(anchor, x, top) beside, under and over the circle, the best first."""
    gap = 5.0
    for shift in (0.0, -0.7 * font, 0.7 * font, -1.5 * font, 1.5 * font):
        yield "start", spot.x + spot.r + gap, spot.y - high / 2 + shift
        yield "end", spot.x - spot.r - gap, spot.y - high / 2 + shift
    yield "middle", spot.x, spot.y + spot.r + gap
    yield "middle", spot.x, spot.y - spot.r - gap - high


def _wrappings(label: str) -> Iterator[tuple[str, ...]]:
    """The label in lines of about 26, 18 and 13 letters, at most three, the last cut with an ellipsis."""
    for letters in (26, 18, 13):
        lines: list[str] = []
        for word in label.split():
            short = word if len(word) <= letters else word[: letters - 1] + "…"
            if lines and len(lines[-1]) + 1 + len(short) <= letters:
                lines[-1] += f" {short}"
            else:
                lines.append(short)
        if len(lines) > 3:
            lines = [*lines[:2], lines[2][: letters - 1].rstrip() + "…"]
        if lines:
            yield tuple(lines)
