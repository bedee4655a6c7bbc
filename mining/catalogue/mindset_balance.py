"""Of which mindset the talk is, beside that of the catalogue: where a programme offers less than people speak of.

A part of coverage. Pure. Mindsets of themes are guesses, so their figures are of the talk that could be told.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mining.catalogue.mindsets import DESCRIBED

ENOUGH_THEMES = 3
ENOUGH_MODULES = 5
"""With fewer that have a mindset there is too little to speak of a balance."""


@dataclass(frozen=True)
class Side:
    """`talk` is a share (0..1) of the talk whose mindset could be told, `offered` of the modules that have one."""

    mindset: str
    talk: float
    themes: int
    offered: float
    modules: int


@dataclass(frozen=True)
class Balance:
    """`told` is the share of talk in themes whose mindset could be told. `little` says why it says little; None where
    there is enough."""

    sides: tuple[Side, ...]
    told: float
    themes: int
    themes_told: int
    modules: int
    modules_told: int

    @property
    def little(self) -> str | None:
        if self.themes_told < ENOUGH_THEMES:
            return f"Too little data: a mindset could be told for {self.themes_told} of {self.themes} themes only."
        if self.modules_told < ENOUGH_MODULES:
            return f"Too little data: only {self.modules_told} of {self.modules} modules have a mindset."
        return None


def balance_of(themes: Sequence[tuple[str | None, float]], modules: Iterable[str | None]) -> Balance:
    """`themes` are (mindset, share of talk)."""
    offered = Counter(modules)
    named = sum(count for mindset, count in offered.items() if mindset)
    talk = {name: sum(depth for mindset, depth in themes if mindset == name) for name in DESCRIBED}
    counted = Counter(mindset for mindset, _ in themes)
    whole, told = sum(depth for _, depth in themes), sum(talk.values())
    sides = tuple(
        Side(
            name,
            talk[name] / told if told else 0.0,
            counted[name],
            offered[name] / named if named else 0.0,
            offered[name],
        )
        for name in DESCRIBED
    )
    return Balance(
        sides, told / whole if whole else 0.0, len(themes), len(themes) - counted[None], offered.total(), named
    )
