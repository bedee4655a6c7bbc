import random
import re
from math import hypot
from pathlib import Path

import pytest

from web.charts import LARGEST, Placed, Spot, dot_radius, place

STYLE = Path(__file__).parent.parent.parent / "web" / "static" / "style.css"


def test_a_circles_area_follows_the_share_and_nothing_draws_nothing() -> None:
    assert dot_radius(0) == 0
    assert dot_radius(0.4) ** 2 == pytest.approx(4 * dot_radius(0.1) ** 2, rel=0.03)
    assert 0 < dot_radius(0.0001) < dot_radius(0.1) < dot_radius(0.5) == dot_radius(1.0) == LARGEST


def _spots(number: int, seed: int = 1) -> list[Spot]:
    chance = random.Random(seed)
    words = ["finance", "review", "trust", "meetings", "nobody", "leaves", "reflect", "Tuesday"]
    return [
        Spot(i, " ".join(chance.choices(words, k=4)), chance.uniform(-1, 1), chance.uniform(-1, 1), chance.random())
        for i in range(1, number + 1)
    ]


@pytest.mark.parametrize("size", [(1200, 450), (350, 420)])
@pytest.mark.parametrize("number", [1, 2, 8, 14])
def test_circles_keep_apart_and_inside_the_frame(size: tuple[int, int], number: int) -> None:
    placed = place(_spots(number), *size)
    for spot in placed:
        assert spot.r <= spot.x <= size[0] - spot.r
        assert spot.r <= spot.y <= size[1] - spot.r
    for i, a in enumerate(placed):
        for b in placed[:i]:
            assert hypot(a.x - b.x, a.y - b.y) > a.r + b.r


def _box(spot: Placed) -> tuple[float, float, float, float]:
    wide = max(len(line) for line in spot.lines) * 13 * 0.5
    left = {"start": spot.text_x, "end": spot.text_x - wide, "middle": spot.text_x - wide / 2}[spot.anchor]
    return left, spot.text_y - 10, left + wide, spot.text_y - 10 + 13 * len(spot.lines)


@pytest.mark.parametrize("seed", range(5))
def test_labels_never_cover_each_other_nor_leave_the_frame(seed: int) -> None:
    placed = [spot for spot in place(_spots(14, seed), 1200, 450) if spot.lines]
    assert len(placed) >= 12
    for i, a in enumerate(placed):
        left, top, right, bottom = _box(a)
        assert left >= 0 and right <= 1200 and top >= 0 and bottom <= 450
        for b in placed[:i]:
            other = _box(b)
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_themes_at_the_same_place_and_none_at_all_can_be_drawn() -> None:
    placed = place([Spot(n, "Same", 0.0, 0.0, 1.0) for n in range(1, 6)], 350, 420)
    assert len({(spot.x, spot.y) for spot in placed}) == 5
    assert place([], 350, 420) == []


def test_the_same_themes_give_the_same_map() -> None:
    assert place(_spots(10), 350, 420) == place(_spots(10), 350, 420)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_every_colour_can_be_read_in_light_and_dark(dark: bool) -> None:
    light, rest = STYLE.read_text().split("@media (prefers-color-scheme: dark)")
    block = rest.split("*, ::before")[0] if dark else light
    named = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block.split(".theme-1 ")[0]))
    themes = re.findall(r"\.theme-\d+ \{ --theme: (#[0-9a-f]{6}); \}", block)
    assert len(set(themes)) == 12
    for ground in ("paper", "card", "wash"):
        for text in ("ink", "soft", "accent", "good", "bad"):
            assert _contrast(named[text], named[ground]) >= 4.5, (text, ground)
        assert _contrast(named["edge"], named[ground]) >= 3 or ground == "wash", ground
        for theme in themes:
            assert _contrast(theme, named[ground]) >= 3, (theme, ground)
    for ground in (*themes, named["accent"]):
        assert _contrast(named["on"], ground) >= 4.5, ground
    assert _contrast(named["ink"], named["marked"]) >= 4.5
    assert _contrast(named["grey"], named["paper"]) >= 4.5
