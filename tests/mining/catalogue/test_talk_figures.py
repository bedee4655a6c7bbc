"""Figures about an event are taken out of what leaves it; everything else stays as it is written."""

import pytest

from mining.catalogue.talk_figures import without_figures

COUNTED = (
    "Three of the ten groups at Spring. A day! spoke of this, in 12 passages: 40 s, under 1 % of all talk. "
    "Nobody needs to prepare or to be an expert."
)
"""As an earlier Harvest wrote it."""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (COUNTED, "Nobody needs to prepare or to be an expert."),
        (
            "13 of the 1,000 groups at Spring spoke of this, in 1 passage: 2 min, 3 % of all talk.",
            "",
        ),
        (
            "67 % of the talk on this was about what gets in the way. Another voice, from another group: “{0}”",
            "Another voice, from another group: “{0}”",
        ),
        (
            "Not all of it was complaint: 20 % of the talk was about what had worked or had not. For example: “{0}”",
            "For example: “{0}”",
        ),
    ],
)
def test_the_sentence_with_the_figures_goes_and_the_next_one_stays(text: str, left: str) -> None:
    assert without_figures(text) == left
    assert without_figures(f"Before.\n\n{text}") == f"Before.\n\n{left}"


@pytest.mark.parametrize(
    "text",
    ["", " Two of the three groups at lunch.\n\n", "30 % of the talk was noise.", "We spoke of this, in 2 passages."],
)
def test_other_text_stays_letter_by_letter(text: str) -> None:
    assert without_figures(text) == text
