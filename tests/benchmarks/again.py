"""Mining again: do other seeds give the same themes, and what does one more room cost?

    python -m tests.benchmarks.again FOLDER [EVENT ...]

FOLDER holds `events/NAME/rooms`; EVENT are names or patterns there. Prints, for each event, the mean pairwise agreement
(adjusted Rand index over seconds of talk) of SEEDS seeds, the agreement without a tenth of the talk as mining measures
it, and the wall seconds of the first mining with all rooms but the last, and of mining again once that was added, each
in a process of its own, with their ratio.
"""

import argparse
import json
import tempfile
from itertools import combinations
from pathlib import Path
from statistics import fmean
from typing import Any

from tests.benchmarks.main_job import harvest

SEEDS = 5


def themes_by_second(export: dict[str, Any]) -> dict[tuple[int, int], int]:
    """{(group, second): theme}; -1 where there is none."""
    found = {}
    for passage in export["passages"]:
        for second in range(int(passage["start"]), int(passage["end"])):
            found[passage["group"], second] = -1 if passage["theme"] is None else passage["theme"]
    return found


def agreement(exports: list[dict[str, Any]]) -> float:
    from sklearn.metrics import adjusted_rand_score

    seconds = [themes_by_second(export) for export in exports]
    shared = sorted(set.intersection(*(set(each) for each in seconds)))
    labels = [[each[at] for at in shared] for each in seconds]
    return fmean(float(adjusted_rand_score(a, b)) for a, b in combinations(labels, 2))


def exported(data: str, slug: str) -> dict[str, Any]:
    path = Path(data) / "export.json"
    harvest(data, "export", slug, "--format", "json", "-o", path)
    return dict(json.loads(path.read_text()))


def measure(event: Path) -> None:
    rooms = sorted((event / "rooms").iterdir())
    with tempfile.TemporaryDirectory() as data:
        harvest(data, "events", "create", event.name, "--title", event.name)
        harvest(data, "add", event.name, *rooms[:-1])
        first, _ = harvest(data, "mine", event.name)
        harvest(data, "add", event.name, rooms[-1])
        again, _ = harvest(data, "mine", event.name)
        exports = []
        for seed in range(1, SEEDS + 1):
            harvest(data, "mine", event.name, "--seed", str(seed))
            exports.append(exported(data, event.name))
    without = fmean(each["analysis"]["stability"] or 0.0 for each in exports)
    print(
        f"{event.name:14} seeds {agreement(exports):.3f}  without a tenth {without:.3f}  "
        f"first {first:.1f} s  one more of {len(rooms)} rooms {again:.1f} s  ratio {again / first:.2f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("events", nargs="*", default=["*"], metavar="EVENT")
    arguments = parser.parse_args()
    for event in sorted({path for name in arguments.events for path in (arguments.folder / "events").glob(name)}):
        measure(event)


if __name__ == "__main__":
    main()
