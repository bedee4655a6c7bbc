from types import SimpleNamespace

import pytest

from mining.diagnosis.growth import growth_of, standing
from mining.diagnosis.resampling import Estimate

THERE, MISSING, OPEN, NONE = Estimate(0.7, 0.6, 0.8), Estimate(0.3, 0.2, 0.4), Estimate(0.5, 0.4, 0.6), None
LOWER = Estimate(0.1, 0.05, 0.2)


def grown(agency: Estimate | None, responsiveness: Estimate | None, verdict: str | None = "like"):
    bridging = SimpleNamespace(verdict=verdict) if verdict else None
    return growth_of(
        SimpleNamespace(forward=agency),
        SimpleNamespace(share=lambda _: responsiveness),
        SimpleNamespace(bridging=bridging),
    )


@pytest.mark.parametrize(
    ("agency", "responsiveness", "next_"),
    [
        (MISSING, THERE, "agency"),
        (MISSING, OPEN, "agency"),
        (MISSING, NONE, "agency"),
        (THERE, MISSING, "responsiveness"),
        (MISSING, LOWER, "responsiveness"),
        (LOWER, MISSING, "agency"),
        (THERE, THERE, "connectivity"),
        (THERE, OPEN, None),
        (OPEN, OPEN, None),
        (NONE, THERE, None),
        (NONE, NONE, None),
    ],
)
def test_the_rule_goes_outwards_before_up_and_says_nothing_where_ranges_do_not(
    agency: Estimate | None, responsiveness: Estimate | None, next_: str | None
) -> None:
    assert grown(agency, responsiveness).next == next_


def test_the_reason_names_the_figures_and_what_stands_beside_them() -> None:
    why = grown(MISSING, THERE).why
    assert why.startswith("Agency is missing: 30 %, between 20 % and 40 %. Responsiveness is there.")
    assert "outwards before it grows up" in why
    assert grown(NONE, OPEN).why.startswith("The figures do not say what comes next (agency: too little data; ")


def test_connectivity_comes_with_what_is_known_of_it() -> None:
    assert "stay within departments" in grown(THERE, THERE, "less").why
    assert "cannot be told yet" in grown(THERE, THERE, None).why


def test_a_figure_without_a_range_does_not_stand_anywhere() -> None:
    assert standing(Estimate(0.9)) is None and standing(None) is None
    assert standing(Estimate(0.6, 0.5, 0.7)) == "open"  # a range that touches the line
