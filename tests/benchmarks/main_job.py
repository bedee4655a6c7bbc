"""Seconds per stage and peak memory of the main job, on the sample event and, if given, beside a peer in one run.

    python -m tests.benchmarks.main_job
    python -m tests.benchmarks.main_job --labelled FOLDER [EVENT ...]

FOLDER holds `score.py`, `baseline.py` (the peer) and `events/NAME/{rooms,gold.json}`; EVENT are names or patterns
there. Machines are noisy: read the ratios, which come from one run, not the seconds.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import fmean
from typing import Any


def run(command: list[str]) -> tuple[float, float]:
    """(wall seconds, peak MB) of a command; its output is shown only if it fails."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            sys.exit(f"{' '.join(command)}\n{output.read().decode()}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def harvest(data: str, *arguments: str | Path) -> tuple[float, float]:
    return run([sys.executable, "-m", "web", "--data", data, *(str(a) for a in arguments)])


def demo() -> None:
    with tempfile.TemporaryDirectory() as data:
        first = harvest(data, "demo", "--no-serve")
        again = harvest(data, "demo", "--no-serve")
        help_seconds = min(harvest(data, "--help")[0] for _ in range(5))
        picture = Path(data) / "picture.json"
        harvest(data, "export", "spring-open-space", "--format", "json", "-o", picture)
        export = json.loads(picture.read_text())
    print(
        f"demo: {first[0]:.1f} s, peak {first[1]:.0f} MB; a second time {again[0]:.1f} s; --help {help_seconds:.2f} s"
    )
    print("      stages of mining:", json.dumps(export["analysis"]["seconds"]))


def labelled(folder: Path, names: list[str]) -> None:
    heads = {"event": -14, "": -8, "ARI": 7, "AMI": 7, "matrix": 8, "assigned": 10}
    heads |= {"Pk": 7, "WD": 7, "themes": 8, "c+d s": 8, "all s": 8, "MB": 7}
    print("".join(f"{head:<{-width}}" if width < 0 else f"{head:>{width}}" for head, width in heads.items()))
    ours, peers = [], []
    for event in sorted({path for name in names for path in (folder / "events").glob(name)}):
        ours.append(_ours(folder, event))
        peers.append(_peer(folder, event))
        for who, row in (("harvest", ours[-1]), ("peer", peers[-1])):
            print(
                f"{event.name:14}{who:8}{row['ari']:7.3f}{row['ami']:7.3f}{row['matrix_error']:8.3f}{row['assigned']:10.3f}"
                f"{row['pk']:7.3f}{row['window_diff']:7.3f}{row['themes']:>8}{row['cluster']:8.2f}{row['total']:8.1f}{row['mb']:7.0f}",
                flush=True,
            )
    for figure in ("ari", "ami", "matrix_error", "assigned", "pk", "window_diff"):
        print(f"mean {figure}: {fmean(r[figure] for r in ours):.3f} against {fmean(r[figure] for r in peers):.3f}")
    ratio = sum(r["cluster"] for r in ours) / sum(r["cluster"] for r in peers)
    print(f"cluster and describe: {ratio:.2f} of the peer's time; whole: {_whole(ours, peers):.2f}")


def _whole(ours: list[dict[str, Any]], peers: list[dict[str, Any]]) -> float:
    return float(sum(r["total"] for r in ours) / sum(r["total"] for r in peers))


def _ours(folder: Path, event: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as data:
        export = Path(data) / "export.json"
        harvest(data, "events", "create", event.name, "--title", event.name)
        harvest(data, "add", event.name, event / "rooms")
        wall, memory = harvest(data, "mine", event.name)
        harvest(data, "export", event.name, "--format", "json", "-o", export)
        seconds = json.loads(export.read_text())["analysis"]["seconds"]
        scores = _score(folder, export, event)
    return scores | {"cluster": seconds["cluster"] + seconds["describe"], "total": wall, "mb": memory}


def _peer(folder: Path, event: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as data:
        export = Path(data) / "export.json"
        wall, memory = run([sys.executable, str(folder / "baseline.py"), str(event), str(export)])
        seconds = json.loads(export.read_text())["analysis"]["seconds"]
        scores = _score(folder, export, event)
    return scores | {"cluster": seconds["mine"], "total": wall, "mb": memory}


def _score(folder: Path, export: Path, event: Path) -> dict[str, Any]:
    command = [sys.executable, str(folder / "score.py"), str(export), str(event / "gold.json"), "--json"]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labelled", type=Path, metavar="FOLDER")
    parser.add_argument("events", nargs="*", default=["*"], metavar="EVENT")
    arguments = parser.parse_args()
    if arguments.labelled:
        labelled(arguments.labelled, arguments.events)
    else:
        demo()


if __name__ == "__main__":
    main()
