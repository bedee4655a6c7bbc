"""Passages a second of each embedding engine beside plain `SentenceTransformer.encode` of the same model, in one run.

    python -m tests.benchmarks.embedding [--rounds N] [--threads N]

Every engine runs in a process of its own, in turn: what it takes from nothing to the first vector, then passages of 85
words of the sample rooms, then turns and passages mixed. Machines are noisy: read the ratios; processor seconds hardly
depend on who else is busy, wall seconds do. `--threads` limits the peer, which otherwise takes torch's default.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mining.embedding.embedder import BUNDLED, Vectors, load_embedder
from samples.room_scripts import SAMPLES, read_script

ENGINES = ("peer", "torch", "openvino", "openvino f32")
"""`peer` is plain sentence-transformers in single precision, `torch` our adapter of it."""
WORDS, MOST = 85, 250


def texts() -> tuple[list[str], list[str]]:
    """Passages, and as many short turns with a third of the passages among them."""
    turns = [turn.text for path in sorted((SAMPLES / "scripts").glob("*.txt")) for turn in read_script(path)]
    words = " ".join(turns).split()
    passages = [" ".join(words[start : start + WORDS]) for start in range(0, len(words), WORDS)][:MOST]
    return passages, [*turns[:MOST], *passages[::3]]


def engine(name: str, threads: int) -> Callable[[Sequence[str]], Vectors]:
    if name == "openvino f32":
        from mining.embedding.openvino_embedder import OpenVINOEmbedder

        return OpenVINOEmbedder(bf16=False).embed
    if name != "peer":
        return load_embedder(BUNDLED, name).embed
    import torch
    from sentence_transformers import SentenceTransformer

    from mining.embedding.bundled_model import verify_bundled

    if threads:
        torch.set_num_threads(threads)
    model: Any = SentenceTransformer(str(verify_bundled()), device="cpu", local_files_only=True)
    return lambda wanted: model.encode(list(wanted), show_progress_bar=False)  # type: ignore[no-any-return]


def measure(name: str, folder: Path, threads: int) -> None:
    """In a fresh process: writes the vectors to `folder` and prints the seconds as JSON."""
    embed = engine(name, threads)
    embed(["The budget was cut again."])
    seen: dict[str, float] = {"cold": time.perf_counter(), "cold cpu": time.process_time()}
    for kind, wanted in zip(("passages", "mixed"), texts(), strict=True):
        wall, cpu = time.perf_counter(), time.process_time()
        vectors = embed(wanted)
        seen |= {kind: time.perf_counter() - wall, f"{kind} cpu": time.process_time() - cpu}
        np.save(folder / f"{name} {kind}.npy", vectors)
    print(json.dumps(seen | {"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def rounds(count: int, threads: int, folder: Path) -> dict[str, dict[str, float]]:
    """The best of each figure over `count` rounds, engine by engine within each."""
    best: dict[str, dict[str, float]] = {name: {} for name in ENGINES}
    for _ in range(count):
        for name in ENGINES:
            began = time.perf_counter()  # the same clock in the child: both count from the machine's start
            command = [sys.executable, "-m", __spec__.name, "--child", name, str(folder), "--threads", str(threads)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            seen = json.loads(done.stdout.splitlines()[-1])
            seen["cold"] -= began
            best[name] = {key: min(value, best[name].get(key, value)) for key, value in seen.items()}
    return best


def report(best: dict[str, dict[str, float]], folder: Path) -> None:
    passages, mixed = texts()
    print(f"{len(passages)} passages of {WORDS} words; {len(mixed)} turns and passages mixed; {os.cpu_count()} cores")
    print("                from nothing   passages    of    passages     of   mixed texts   of    lowest    peak")
    print("                wall s  cpu s  a cpu-s    peer  a second    peer   a cpu-s      peer   cosine      MB")
    for name, seen in best.items():
        rate = {key: (len(mixed) if "mixed" in key else len(passages)) / seen[key] for key in seen if key in PACES}
        peer = {key: best["peer"][key] / seen[key] for key in PACES}
        cosine = min(_cosine(folder, name, kind) for kind in ("passages", "mixed"))
        print(f"{name:14} {seen['cold']:7.2f} {seen['cold cpu']:6.2f}", end="")
        print("".join(f"{rate[key]:10.1f} {peer[key]:6.2f}x" for key in PACES), end="")
        print(f"{cosine:10.5f} {seen['mb']:7.0f}")


PACES = ("passages cpu", "passages", "mixed cpu")


def _cosine(folder: Path, name: str, kind: str) -> float:
    one, other = (np.load(folder / f"{each} {kind}.npy") for each in (name, "peer"))
    return float(np.einsum("ij,ij->i", one, other).min())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        measure(arguments.child[0], Path(arguments.child[1]), arguments.threads)
        return
    with tempfile.TemporaryDirectory() as folder:
        report(rounds(arguments.rounds, arguments.threads, Path(folder)), Path(folder))


if __name__ == "__main__":
    main()
