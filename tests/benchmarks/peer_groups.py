"""How well and how fast people are seated, beside a careful hand (greedy) and names from a hat (random), in one run.

    python -m tests.benchmarks.peer_groups [200 1000 ...]

Prints per crowd: the solver's value over both baselines (all, and what is gained beside the seats), the bound, the gap,
and seconds. Exits with 1 where 200 people take 20 s or 1,000 take 2 minutes, or a baseline is better.
"""

import sys

from mining.peers.cp_sat_seating import seat
from mining.peers.greedy_seating import greedy, random_seating
from mining.peers.groups import patience
from mining.peers.seating import SEAT, Seating, broken
from tests.mining.crowds import crowd

LIMITS = {200: 20.0, 1000: 120.0}


def beside(seating: Seating) -> int:
    """What is gained beside the seats."""
    return seating.score.value - SEAT * seating.score.seated


def main(sizes: list[int]) -> int:
    bad = 0
    for people in sizes:
        problem = crowd(people)
        found, pencil, hat = seat(problem, patience(people)), greedy(problem), random_seating(problem, 1)
        rules = [rule for seating in (found, pencil, hat) for rule in broken(problem, seating.tables)]
        better = found.score.value >= max(pencil.score.value, hat.score.value)
        bad += bool(rules) or not better or found.seconds > LIMITS.get(people, 600)
        value = found.score.value
        print(f"{people} people: {found.seconds:.1f} s, value {value}, bound {found.bound}, gap {found.gap:.2%}")
        for name, other in (("greedy", pencil), ("random", hat)):
            print(
                f"  {found.score.value / other.score.value:.3f} x {name} "
                f"({beside(found) / max(beside(other), 1):.2f} x beside the seats; {other.seconds:.2f} s)"
            )
        for name, seating in (("solver", found), ("greedy", pencil), ("random", hat)):
            score = seating.score
            print(
                f"  {name}: seated {score.seated}, groups {score.groups}, fit {score.fit}, "
                f"units {score.units}, repeats {score.repeats}"
            )
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or [45, 200, 1000]))
