"""Crowds to be seated: people of a made-up organisation with tables, departments, themes, picks and wishes."""

import random
from itertools import combinations

from mining.peers.seating import Pair, Problem, Sitter

UNITS = [f"{o} / {d}" for o in ("Ellerby", "Harrow") for d in ("Engineering", "Sales", "Finance", "Production", "IT")]


def crowd(people: int, seed: int = 1, **values: object) -> Problem:
    """About six people a table, one in three at two tables; half of a table from one department; a fifth has picked a
    theme; one wish for ten people, half of them to sit together."""
    rng = random.Random(seed)
    themes, tables = max(8, min(30, people // 15)), max(6, people // 6)
    talk = {
        table: {theme: rng.randint(10, 60) for theme in rng.sample(range(1, themes + 1), rng.randint(2, 4))}
        for table in range(1, tables + 1)
    }
    sitters, sat = [], {}
    for key in range(1, people + 1):
        home = rng.randint(1, tables)
        at = list(dict.fromkeys([home, *([rng.randint(1, tables)] if rng.random() < 0.3 else [])]))
        fits: dict[int, float] = {}
        for table in at:
            sat.setdefault(table, []).append(key)
            for theme, share in talk[table].items():
                fits[theme] = fits.get(theme, 0) + share / len(at)
        known = {theme: round(points) for theme, points in fits.items() if points >= 10}
        if rng.random() < 0.2:
            pick = rng.randint(1, themes)
            known[pick] = known.get(pick, 0) + 100
        unit = rng.choice(UNITS) if rng.random() < 0.5 else UNITS[home % len(UNITS)]
        sitters.append(Sitter(key, unit, known, home))
    met = frozenset(frozenset(pair) for members in sat.values() for pair in combinations(members, 2))
    wishes: list[Pair] = [frozenset(rng.sample(range(1, people + 1), 2)) for _ in range(people // 10)]
    half = len(wishes) // 2
    together = frozenset(wishes[:half])
    return Problem(tuple(sitters), met=met, together=together, apart=frozenset(wishes[half:]) - together, **values)
