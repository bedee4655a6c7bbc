"""Something to do for a group of four to six, from a bank written by hand: by the kind of talk and by mindset.

For `draft_writer`. Each exercise takes MINUTES and is read out step by step.
"""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

BANK = Path(__file__).with_suffix(".toml")
MINUTES = 20


@dataclass(frozen=True)
class Step:
    minutes: int
    text: str


@dataclass(frozen=True)
class Exercise:
    """`needs` is what has to be at hand; `kinds` of talk and `mindsets` it fits best."""

    key: str
    name: str
    needs: str
    kinds: frozenset[str]
    mindsets: frozenset[str]
    steps: tuple[Step, ...]


@cache
def exercises() -> tuple[Exercise, ...]:
    """The whole bank, in its order."""
    return tuple(_read(each) for each in tomllib.loads(BANK.read_text("utf-8"))["exercise"])


def exercise_for(kind: str, mindset: str | None, turn: int = 0, taken: Collection[str] = ()) -> Exercise:
    """The one that fits kind and mindset best; of equally good ones that of `turn`, so that guides of one event differ.
    Those in `taken` (keys) come last."""

    def fit(exercise: Exercise) -> int:
        return 2 * (kind in exercise.kinds) + 2 * (mindset in exercise.mindsets) - 3 * (exercise.key in taken)

    best = max(fit(each) for each in exercises())
    equal = [each for each in exercises() if fit(each) == best]
    return equal[turn % len(equal)]


def _read(row: dict[str, Any]) -> Exercise:
    steps = tuple(Step(minutes, text) for minutes, text in row["steps"])
    return Exercise(row["key"], row["name"], row["needs"], frozenset(row["kinds"]), frozenset(row["mindsets"]), steps)
