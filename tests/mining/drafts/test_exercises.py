"""The bank of exercises."""

import pytest

from mining.describing.kinds import Kind
from mining.drafts.exercises import MINUTES, exercise_for, exercises
from mining.drafts.lines import MINDSETS


def test_there_are_enough_of_them_for_every_kind_and_mindset() -> None:
    assert len(exercises()) >= 15
    assert len({each.key for each in exercises()}) == len({each.name for each in exercises()}) == len(exercises())
    for mindset in MINDSETS:
        assert sum(mindset in each.mindsets for each in exercises()) >= 4
    for kind in ("challenge", "lesson", "action", "question"):
        assert sum(kind in each.kinds for each in exercises()) >= 3


@pytest.mark.parametrize("exercise", exercises(), ids=lambda each: each.key)
def test_its_steps_take_the_time_it_has(exercise) -> None:
    assert sum(step.minutes for step in exercise.steps) == MINUTES
    assert len(exercise.steps) >= 3
    assert exercise.needs
    assert exercise.kinds <= {*Kind, "contrast"}
    assert exercise.mindsets <= set(MINDSETS)


def test_it_fits_kind_and_mindset_and_guides_of_one_event_differ() -> None:
    first = exercise_for("challenge", "reflection")
    assert "challenge" in first.kinds
    assert "reflection" in first.mindsets
    second = exercise_for("challenge", "reflection", taken=[first.key])
    assert second.key != first.key
    assert exercise_for("challenge", None, turn=1) != exercise_for("challenge", None, turn=2)


def test_the_same_guide_gets_the_same_exercise() -> None:
    assert exercise_for("lesson", "action", 3) == exercise_for("lesson", "action", 3)
