"""A scatter of named points as SVG: axes with round numbers, and a label beside each point where there is room.

Pure: numbers and names in, markup out. Points stay where their values are; only labels look for a place. A point whose
name finds none gets its number, which the table beside the chart names. Shared by the page and the report.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10

from mining.participation.findings import plain

FONT, LETTER, WIDE_LETTER, LINE = 12.0, 0.54, 0.72, 1.15
"""Size in units of the chart; widths of letters and height of a line in units of the size."""
RADIUS = 4.5
LEFT, RIGHT, TOP, BOTTOM = 46, 20, 30, 40
MOST_LABELLED = 120
"""Points; in a denser chart labels would tell nothing."""
LONGEST = 34

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Dot:
    number: int
    label: str
    x: float
    y: float


@dataclass(frozen=True)
class Chart:
    """`x` is a share or a change of one (1.0 = 100 %); `x_label`, `y_label` say what the axes are."""

    title: str
    x_label: str
    y_label: str
    dots: tuple[Dot, ...]
    signed: bool = False
    """Whether both axes are changes: then they cross at 0."""
    among: tuple[Dot, ...] = ()
    """Points that the axes reach as well: those of the charts beside it, so that they can be compared."""


@dataclass(frozen=True)
class Label:
    lines: tuple[str, ...]
    x: float
    y: float
    """Of the first line's foot."""
    anchor: str


def as_svg(chart: Chart, width: int, height: int, kind: str = "") -> str:
    """The markup; its classes are `scatter` and `kind`. `width` and `height` in pixels at full size."""
    frame = _Frame(chart, width, height)
    dots = sorted(chart.dots, key=lambda dot: (dot.x, dot.y, dot.number))
    at = [(frame.x(dot.x), frame.y(dot.y)) for dot in dots]
    labels = placed(
        [(dot.number, dot.label, *xy) for dot, xy in zip(dots, at, strict=True)], width, height - BOTTOM + 8
    )
    body = [*_axes(chart, frame)]
    for dot, (x, y) in zip(dots, at, strict=True):
        told = f"{dot.label}: {percent(dot.x, chart.signed)}, {plain(dot.y, chart.signed)}"
        body.append(f'<g><title>{escape(told)}</title><circle cx="{x}" cy="{y}" r="{RADIUS}"/></g>')
    for label in labels.values():
        for i, line in enumerate(label.lines):
            down = round(label.y + i * FONT * LINE, 1)
            body.append(
                f'<text class="name" x="{label.x}" y="{down}" text-anchor="{label.anchor}">{escape(line)}</text>'
            )
    return (
        f'<svg class="scatter {kind}" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(chart.title)}. The same figures are in the table.">{"".join(body)}</svg>'
    )


def percent(share: float, signed: bool = False) -> str:
    """`42 %`, or with `signed` `+4 points`."""
    number = round(100 * share)
    return f"{number:+d} points".replace("-", "−").replace("+0", "0") if signed else f"{number} %"


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers that span low..high, the outermost included; low < high."""
    rough = (high - low) / (most - 1)
    size = 10.0 ** floor(log10(rough))
    step = next(size * each for each in (1, 2, 2.5, 5, 10) if size * each >= rough * 0.999)
    first, last = floor(low / step + 1e-9), -floor(-high / step + 1e-9)
    return [round(i * step, 12) for i in range(first, last + 1)]


def placed(dots: Sequence[tuple[int, str, float, float]], width: float, height: float) -> dict[int, Label]:
    """(number, name, x, y) -> label by number: its name in one or two lines, else its number, else none."""
    if len(dots) > MOST_LABELLED:
        return {}
    taken: list[Box] = [(x - RADIUS - 1, y - RADIUS - 1, x + RADIUS + 1, y + RADIUS + 1) for _, _, x, y in dots]
    found: dict[int, Label] = {}
    for wording in (_wrappings, _numbers):
        for number, name, x, y in dots:
            label = None if number in found else _place(wording(number, name), x, y, width, height, taken)
            if label:
                found[number] = label
    return found


class _Frame:
    """From values to places within the chart."""

    def __init__(self, chart: Chart, width: int, height: int) -> None:
        self.width, self.height = width, height
        dots = (*chart.dots, *chart.among)
        xs, ys = [dot.x for dot in dots], [dot.y for dot in dots]
        self.across = ticks(*_span(xs, chart.signed, None if chart.signed else (0.0, 1.0)))
        self.up = ticks(*_span(ys, chart.signed, None), most=8)

    def x(self, value: float) -> float:
        first, last = self.across[0], self.across[-1]
        return round(LEFT + (self.width - LEFT - RIGHT) * (value - first) / (last - first), 1)

    def y(self, value: float) -> float:
        first, last = self.up[0], self.up[-1]
        return round(self.height - BOTTOM - (self.height - TOP - BOTTOM) * (value - first) / (last - first), 1)


def _span(values: Sequence[float], with_zero: bool, within: tuple[float, float] | None) -> tuple[float, float]:
    """The values' range and a little air, never of no width."""
    low, high = min([*values, *([0.0] if with_zero else [])]), max([*values, *([0.0] if with_zero else [])])
    air = (high - low) * 0.04 or abs(high) * 0.1 or 0.1
    low = low if with_zero and low == 0 else low - air
    high = high if with_zero and high == 0 else high + air
    return (max(low, within[0]), min(high, within[1])) if within else (low, high)


def _axes(chart: Chart, frame: _Frame) -> Iterator[str]:
    right, foot = frame.width - RIGHT, frame.height - BOTTOM
    for value in frame.up:
        y, zero = frame.y(value), " zero" if chart.signed and value == 0 else ""
        yield f'<path class="rail{zero}" d="M{LEFT} {y}H{right}"/>'
        text = plain(value, chart.signed)
        yield f'<text class="tick" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'
    for value in frame.across:
        x, zero = frame.x(value), " zero" if chart.signed and value == 0 else ""
        yield f'<path class="rail{zero}" d="M{x} {TOP - 6}V{foot}"/>'
        shown = percent(value, chart.signed).removesuffix(" points")
        yield f'<text class="tick" x="{x}" y="{foot + 16}" text-anchor="middle">{shown}</text>'
    yield f'<text class="axis" x="2" y="13">{escape(_cut(chart.y_label, frame.width - 10))}</text>'
    yield (
        f'<text class="axis" x="{right}" y="{frame.height - 6}" text-anchor="end">'
        f"{escape(_cut(chart.x_label, frame.width - 10))}</text>"
    )


def _place(
    wordings: Iterator[tuple[str, ...]], x: float, y: float, width: float, height: float, taken: list[Box]
) -> Label | None:
    for lines in wordings:
        wide, high = max(_width(line) for line in lines) * FONT, len(lines) * FONT * LINE
        for anchor, at, top in _spots(x, y, high):
            left = {"start": at, "end": at - wide, "middle": at - wide / 2}[anchor]
            box = (left, top, left + wide, top + high)
            if left < LEFT + 2 or box[2] > width - 1 or top < 1 or box[3] > height:
                continue
            if any(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in taken):
                continue
            taken.append(box)
            return Label(lines, round(at, 1), round(top + FONT * 0.92, 1), anchor)
    return None


def _spots(x: float, y: float, high: float) -> Iterator[tuple[str, float, float]]:
    """(anchor, x, top): beside the point, over and under it, then aslant."""
    side, gap = RADIUS + 4, RADIUS + 2
    for shift in (0.0, -5.0, 5.0):
        yield "start", x + side, y - high / 2 + shift
        yield "end", x - side, y - high / 2 + shift
    yield "middle", x, y - gap - high
    yield "middle", x, y + gap
    for top in (y - gap - high + 3, y + gap - 3):
        yield "start", x + 3, top
        yield "end", x - 3, top


def _wrappings(number: int, name: str) -> Iterator[tuple[str, ...]]:
    short = name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"
    yield (short,)
    words = short.split()
    if len(words) > 1:
        cut = min(range(1, len(words)), key=lambda i: max(len(" ".join(words[:i])), len(" ".join(words[i:]))))
        yield " ".join(words[:cut]), " ".join(words[cut:])


def _numbers(number: int, name: str) -> Iterator[tuple[str, ...]]:
    yield (str(number),)


def _width(line: str) -> float:
    return sum(LETTER if each.islower() and each.isascii() or each in " .,:;'" else WIDE_LETTER for each in line)


def _cut(text: str, width: float) -> str:
    most = int(width / (FONT * LETTER * 1.05))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
