"""What counts as a quotation mark and as a figure in a line that a model worded."""

import pytest

from mining.drafts.wording_claims import figures, quotes_somebody


@pytest.mark.parametrize(
    "text", ["‚so‘", "`so`", "″so″", "＂so＂", "'so it isn't'", "‹so›", "„so“", "「so」", "<<so>>", ",,so", "it is so’"]
)
def test_any_mark_around_words_counts(text: str) -> None:
    assert quotes_somebody(f"They said {text}, loudly")


@pytest.mark.parametrize("text", ["It isn’t so", "Don't", "the groups’ rooms", "the groups' rooms", "a < b, and c"])
def test_apostrophes_and_comparisons_do_not(text: str) -> None:
    assert not quotes_somebody(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Four of nine groups, twenty people", {"4", "9", "20"}),
        ("TWENTY-five, or 25", {"25"}),
        ("½ or half, ⅓ or two thirds, a quarter", {"1/2", "1/3", "2", "1/4"}),
        ("a dozen, hundreds, zero, Ⅳ, ٣", {"12", "100", "0", "4", "3"}),
        ("67 %, 67 per cent", {"67", "percent"}),
        ("No one, everyone, one another, someone, often, tension", set()),
        ("one group", {"1"}),
    ],
)
def test_numbers_count_however_they_are_written(text: str, values: set[str]) -> None:
    assert figures(text) == values
