"""What is said of figures, in words, and when nothing is said."""

import pytest

from mining.participation.findings import FEWEST, Statement, Study, changes, plain, points, study
from tests.mining.figures import NAMES, panel_of, units

RISING = [2, 4, 6, 9, 12, 15, 18, 20, 25, 28]
SCORES = [3.1, 2.9, 4.0, 4.2, 5.5, 5.1, 6.3, 6.0, 7.7, 7.9]


def of(found: Study, kind: str) -> list[Statement]:
    return [statement for statement in found.statements if statement.kind == kind]


def test_a_clear_connection_is_said_with_its_interval_and_number_of_units() -> None:
    [statement] = study(panel_of(*units(RISING, SCORES))).statements
    assert statement.clear and not statement.refused and statement.units == 10
    assert "In 2024, units with a larger share of participants tended to have higher score: rank" in statement.words
    assert statement.words.endswith("in 95 of 100 resamples (10 units).")


def test_lower_is_better_changes_the_words_only() -> None:
    plainly = study(panel_of(*units(RISING, SCORES[::-1]))).statements[0]
    better = study(panel_of(*units(RISING, SCORES[::-1]), lower=["score"])).statements[0]
    assert "tended to have lower score, the better side:" in better.words and "better" not in plainly.words
    assert (better.value, better.low, better.high) == (plainly.value, plainly.low, plainly.high)
    worse = study(panel_of(*units(RISING, SCORES), lower=["score"])).statements[0]
    assert "higher score, the worse side" in worse.words


def test_an_open_interval_is_not_sold_as_a_finding() -> None:
    [statement] = study(panel_of(*units(RISING, [5, 3, 6, 4, 5.5, 3.5, 6.5, 4.5, 5.2, 4.1]))).statements
    assert not statement.clear and "no clear connection shows" in statement.words
    assert "Either direction fits these figures" in statement.words


def test_under_eight_units_nothing_is_said_of_a_figure_whatever_the_others_have() -> None:
    found = study(panel_of(*units(RISING, [*SCORES[:7], "", "n/a", "-"])))
    [statement] = found.statements
    assert statement.refused and statement.value is None and statement.units == FEWEST - 1
    assert "no statement is made on score: 7 units have both figures, and under 8 chance decides." in statement.words
    assert "without a value of score: “Holly”, “Ivy”, “Juniper”." in statement.words
    assert "Looking often" not in " ".join(found.limits)


def test_one_unit_alone_is_refused_in_words() -> None:
    found = study(panel_of("Ash,2023,10,3,5", "Ash,2024,10,4,6"))
    assert all(statement.refused for statement in found.statements)
    assert "1 unit has both figures" in found.statements[0].words


@pytest.mark.parametrize(
    ("participants", "scores", "why"),
    [
        ([4] * 10, SCORES, "the share that took part is the same in all 10 units"),
        (RISING, [5] * 10, "score is the same in all 10 units"),
        ([4] * 9 + [9], SCORES, "the share that took part is the same in nearly all of the 10 units"),
    ],
)
def test_what_does_not_vary_has_no_correlation(participants: list[int], scores: list[float], why: str) -> None:
    [statement] = study(panel_of(*units(participants, scores))).statements
    assert statement.refused and why in statement.words


def test_ties_and_a_perfect_order_are_remarked_on() -> None:
    tied = study(panel_of(*units([3, 3, 3, 3, 9, 9, 9, 20, 20, 20], SCORES))).statements[0]
    assert "Many units have the same value; they share a rank." in tied.words
    perfect = study(panel_of(*units(RISING, range(10)))).statements[0]
    assert "Without exception" in perfect.words


def test_over_several_periods_every_unit_counts_once() -> None:
    """Five units four times are five units, not twenty."""
    lines = [line for year in range(2021, 2025) for line in units(RISING[:5], SCORES[:5], str(year))]
    [pooled] = of(study(panel_of(*lines)), "pooled")
    assert pooled.refused and pooled.units == 5
    twice = [*units(RISING, SCORES, "2023"), *units(RISING, SCORES, "2024")]
    found = study(panel_of(*twice))
    [pooled] = of(found, "pooled")
    once = of(found, "period")[0]
    assert pooled.words.startswith("Over both periods, each unit counted once, units with a larger share")
    assert (pooled.value, pooled.low, pooled.high) == (once.value, once.low, once.high)


def test_the_change_compares_units_whose_share_grew_most_with_the_others() -> None:
    grown = [count + (10 if i % 2 else 1) for i, count in enumerate(RISING)]
    after = [score + (2 if i % 2 else 0) + 0.1 * (i % 3) for i, score in enumerate(SCORES)]
    panel = panel_of(*units(RISING, SCORES, "2023"), *units(grown, after, "2024"))
    [statement] = of(study(panel), "change")
    assert statement.clear and statement.value == pytest.approx(2 + 0.1 * (4 - 5) / 5, abs=0.05)
    assert (
        "in the 5 units whose share of participants grew most (+25 points on average) score changed by"
        in statement.words
    )
    assert "in the other 5 (+2 points) by" in statement.words and statement.words.endswith(
        "score went up against the others."
    )
    assert len(changes(panel, "score")) == 10


def test_the_change_is_from_the_first_to_the_last_of_several_periods() -> None:
    lines = [line for year in (2023, 2024, 2025) for line in units(RISING, SCORES, str(year))]
    [statement] = of(study(panel_of(*lines)), "change")
    assert statement.scope == "2023 to 2025"
    assert statement.refused and "changed by the same in too many units" in statement.words


def test_a_figure_that_begins_later_is_compared_over_its_own_periods() -> None:
    late = [line.rsplit(",", 1)[0] + "," for line in units(RISING, SCORES, "2022")]
    grown = [count + i for i, count in enumerate(RISING)]
    found = study(panel_of(*late, *units(RISING, SCORES, "2023"), *units(grown, SCORES[::-1], "2024")))
    assert of(found, "change")[0].scope == "2023 to 2024" and not of(found, "change")[0].refused
    assert of(found, "pooled")[0].scope == "2 of 3 periods"
    once = study(panel_of(*late, *units(RISING, SCORES, "2023")))
    assert [statement.kind for statement in once.statements] == ["period", "period"]


def test_units_known_in_one_period_only_have_no_change() -> None:
    lines = [*units(RISING, SCORES, "2023"), *units(RISING[:7], SCORES[:7], "2024")]
    [statement] = of(study(panel_of(*lines)), "change")
    assert statement.refused and "7 units have both figures in both periods" in statement.words
    assert f"“{NAMES[7]}”, “{NAMES[8]}”, “{NAMES[9]}”" in statement.words


def test_what_it_cannot_show_is_said_and_how_often_was_looked() -> None:
    lines = [f"{line},{i % 4}" for i, line in enumerate(units(RISING, SCORES))]
    said = " ".join(study(panel_of(*lines, head="unit,period,headcount,participants,score,other")).limits)
    for word in ("No cause", "not drawn by lot", "Nothing about persons", "comes nearer in the next", "a third thing"):
        assert word in said
    assert "2 figures on 2 KPIs were calculated, 1 of them with an interval that leaves out 0" in said
    assert "(40 people) by 2.5 points" in said


def test_the_same_table_says_the_same_every_time() -> None:
    panel = panel_of(*units(RISING, SCORES))
    assert study(panel).statements == study(panel).statements


def test_numbers_are_written_as_people_read_them() -> None:
    assert [plain(v) for v in (0.4249, -3, 12.51, 1234.4, 0.0, -0.0)] == ["0.425", "−3", "12.5", "1,234", "0", "0"]
    assert [plain(v, True) for v in (3.0, -3.0, 0.0)] == ["+3", "−3", "0"]
    assert [points(v) for v in (0.12, -0.01, 0.001)] == ["+12 points", "−1 point", "0 points"]
