from datetime import UTC, date, datetime

import pytest

from web.formats import clock, count, count_words, day, duration, hue, joined, moment, month, percent, sentence

SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, "00:00"), (0, "00:00"), (761.9, "12:41"), (3600, "1:00:00"), (3725.2, "1:02:05"), (-3, "00:00")],
)
def test_a_place_in_a_recording(seconds: float | None, said: str) -> None:
    assert clock(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, "–"), (0, "0 s"), (59.4, "59 s"), (59.7, "1 min"), (90, "2 min"), (3599, "1 h"), (22_320, "6 h 12 min")],
)
def test_a_duration_in_words(seconds: float | None, said: str) -> None:
    assert duration(seconds).replace(SPACE, " ") == said


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (None, "–"),
        (0, "0 %"),
        (0.004, "under 1 %"),
        (0.19, "19 %"),
        (0.994, "over 99 %"),
        (1, "100 %"),
    ],
)
def test_a_share_never_rounds_something_to_nothing_nor_nearly_all_to_all(share: float | None, said: str) -> None:
    assert percent(share).replace(SPACE, " ") == said


def test_counts_agree_with_their_nouns_and_small_ones_are_words() -> None:
    assert count(1, "group") == f"1{SPACE}group"
    assert count(12_500, "word") == f"12\u202f500{SPACE}words"
    assert [count_words(n, "group") for n in (0, 1, 10, 13)] == ["no groups", "one group", "ten groups", "13 groups"]
    assert count(2, "child", "children").endswith("children")


def test_dates_and_sentences() -> None:
    assert day(date(2026, 3, 9)) == "9 March 2026"
    assert month(date(2026, 3, 9)) == "March 2026"
    assert day(None) == month(None) == moment(None) == ""
    assert moment(datetime(2026, 3, 9, 12, 0, tzinfo=UTC)).startswith("9 March 2026, ")
    assert sentence("eight Themes") == "Eight Themes"
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"]) == "a, b and c"


def test_a_theme_keeps_its_colour_everywhere_and_twelve_are_told_apart() -> None:
    assert len({hue(n) for n in range(1, 13)}) == 12
    assert hue(13) == hue(1) == "theme-1"
    assert hue(None) == hue(0) == "theme-none"
