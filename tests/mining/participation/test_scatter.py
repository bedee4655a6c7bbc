"""The scatter's geometry and markup."""

import re

import pytest
from lxml import etree

from mining.participation.scatter import FONT, LEFT, LINE, RADIUS, Chart, Dot, Label, as_svg, percent, placed, ticks

DOTS = tuple(Dot(i, f"Unit number {i}", 0.02 * i, (i * 7) % 11) for i in range(1, 16))


def chart(dots: tuple[Dot, ...] = DOTS, signed: bool = False) -> Chart:
    return Chart("A <chart>", "share", "score & more", dots, signed)


def box(label: Label) -> tuple[float, float, float, float]:
    """Of its narrowest letters: what surely is covered."""
    wide, top = max(len(line) for line in label.lines) * FONT * 0.5, label.y - FONT * 0.92
    left = {"start": label.x, "end": label.x - wide, "middle": label.x - wide / 2}[label.anchor]
    return left, top, left + wide, top + len(label.lines) * FONT * LINE


def test_every_point_is_drawn_inside_the_frame_and_named_for_those_who_point_at_it() -> None:
    tree = etree.fromstring(as_svg(chart(), 560, 380))
    circles = tree.findall(".//{*}circle")
    assert len(circles) == len(DOTS)
    assert all(LEFT <= float(c.get("cx")) <= 560 and 0 <= float(c.get("cy")) <= 340 for c in circles)
    assert tree.findtext(".//{*}g/{*}title") == "Unit number 1: 2 %, 7"


def test_labels_overlap_neither_each_other_nor_a_point() -> None:
    at = [(dot.number, dot.label, 60 + 900 * dot.x, 300 - 20 * dot.y) for dot in DOTS]
    labels = placed(at, 560, 348)
    assert len(labels) >= 12
    boxes = [box(label) for label in labels.values()]
    boxes += [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for _, _, x, y in at]
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


def test_a_point_whose_name_has_no_room_gets_its_number() -> None:
    crowded = [(i, "A rather long name of a unit", 200 + 16.0 * (i % 6), 150 + 16.0 * (i // 6)) for i in range(24)]
    labels = placed(crowded, 560, 348)
    assert any(label.lines == (str(number),) for number, label in labels.items())
    assert any("rather" in " ".join(label.lines) for label in labels.values())


def test_hundreds_of_points_are_drawn_without_names() -> None:
    many = tuple(Dot(i, f"U{i}", i / 400, i % 17) for i in range(300))
    text = as_svg(chart(many), 560, 380)
    assert text.count("<circle") == 300 and 'class="name"' not in text


def test_names_are_escaped() -> None:
    text = as_svg(chart((Dot(1, "<script>'\"&", 0.1, 1), Dot(2, "b", 0.2, 2))), 560, 380)
    assert "<script" not in text and "&lt;script&gt;" in text and 'aria-label="A &lt;chart&gt;' in text
    etree.fromstring(text)


@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (0.02, 0.57), (-3, 4), (1e6, 1.0001e6), (1e-6, 3e-6), (0.1, 0.100001), (-0.4, -0.1)]
)
def test_ticks_are_round_few_and_span_the_values(low: float, high: float) -> None:
    found = ticks(low, high)
    assert 2 <= len(found) <= 9 and found[0] <= low and found[-1] >= high
    assert len({round(b - a, 15) for a, b in zip(found, found[1:], strict=False)}) <= 3


def test_points_of_one_value_still_make_a_chart() -> None:
    for signed in (False, True):
        text = as_svg(chart((Dot(1, "a", 0.5, 3.0), Dot(2, "b", 0.5, 3.0)), signed), 350, 340, "narrow")
        etree.fromstring(text)
        assert "nan" not in text and text.count("<circle") == 2


def test_changes_cross_at_nothing() -> None:
    text = as_svg(chart((Dot(1, "a", -0.1, 3.0), Dot(2, "b", 0.2, -1.0)), signed=True), 560, 380)
    assert text.count("rail zero") == 2 and "−" in text
    assert "rail zero" not in as_svg(chart(), 560, 380)
    assert re.search(r"<title>a: −10 points, \+3</title>", text)


def test_shares_are_written_as_percents_and_changes_as_points() -> None:
    assert [percent(0.416), percent(0.04, True), percent(-0.04, True), percent(0.0, True)] == [
        "42 %",
        "+4 points",
        "−4 points",
        "0 points",
    ]
