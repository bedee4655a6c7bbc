"""How well kinds of talk are told apart, on labelled passages; and, with --learn, how their weights came about.

python -m tests.benchmarks.kinds           precision, recall and F1 of each kind, confusion, speed
python -m tests.benchmarks.kinds --learn   writes mining/kinds.json from the passages marked "training"
"""

import csv
import json
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mining.embedder import Vectors
from mining.kinds import FEATURES, KINDS, STATEMENTS, SURE, WEIGHTS, Embed, Kind, features, judge

LABELLED = Path(__file__).parent.parent / "fixtures" / "kinds.tsv"
STRICTNESS = 0.1
"""Inverse strength of the L2 penalty; chosen, like NEARNESS, by 8-fold cross-validation on the training passages."""
NEARNESS = 6.0
"""What a cosine is multiplied with, beside features of unit variance."""


@dataclass(frozen=True)
class Labelled:
    """`source`: samples or written for this. `form`: full, or bare as a recogniser gives it."""

    kind: Kind
    source: str
    form: str
    text: str


def labelled(use: str) -> list[Labelled]:
    """The passages for "test" or "training"."""
    with LABELLED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Labelled(Kind(r["kind"]), r["source"], r["form"], r["text"]) for r in rows if r["use"] == use]


def bare(text: str) -> str:
    """Without case and punctuation, as a recogniser may write it."""
    return " ".join(re.sub(r"[^\w' ]+", " ", text.replace("-", " ")).lower().split())


def confusion(truth: Sequence[Kind], found: Sequence[Kind]) -> np.ndarray:
    """Passages by (labelled kind, found kind), in the order of KINDS."""
    table = np.zeros((len(KINDS), len(KINDS)), int)
    for true, guess in zip(truth, found, strict=True):
        table[KINDS.index(true), KINDS.index(guess)] += 1
    return table


def scores(table: np.ndarray) -> dict[Kind, tuple[float, float, float]]:
    """{kind: (precision, recall, F1)}"""
    hit, found, true = np.diag(table), table.sum(axis=0), table.sum(axis=1)
    parts = (hit / np.maximum(found, 1), hit / np.maximum(true, 1), 2 * hit / np.maximum(found + true, 1))
    return {kind: tuple(float(part[i]) for part in parts) for i, kind in enumerate(KINDS)}  # type: ignore[misc]


def macro_f1(table: np.ndarray) -> float:
    return float(np.mean([f1 for _, _, f1 in scores(table).values()]))


def learn(embed: Embed) -> None:
    """Fits the weights on the training passages, with and without punctuation, and writes them down."""
    from sklearn.linear_model import LogisticRegression

    rows = labelled("training")
    texts = [row.text for row in rows] + [bare(row.text) for row in rows]
    vectors = embed(texts)
    usual = (vectors @ embed(STATEMENTS).T).mean(axis=0).astype(float).round(4)
    seen = features(texts, vectors, embed, usual)
    words = len(FEATURES) - len(STATEMENTS)
    scale = np.full(len(FEATURES), 1 / NEARNESS)
    scale[:words] = np.maximum(seen[:, :words].std(axis=0), 0.005)
    truth = [KINDS.index(row.kind) for row in rows] * 2
    model = LogisticRegression(C=STRICTNESS, max_iter=5000).fit(seen / scale, truth)
    weights = {name: row.round(3).tolist() for name, row in zip(FEATURES, model.coef_.T / scale[:, None], strict=True)}
    learned = {"bias": model.intercept_.round(3).tolist(), "weights": weights}
    learned["usual"] = dict(zip(STATEMENTS, usual.tolist(), strict=True))
    lines = json.dumps(learned, indent=1)
    WEIGHTS.write_text(re.sub(r"\n\s+(?=-?\d|\])", " ", lines) + "\n", "utf-8")


def report(embed: Embed) -> None:
    rows = labelled("test")
    vectors = embed([row.text for row in rows])
    found = [each.kind for each in judge([row.text for row in rows], vectors, embed)]
    whole = confusion([row.kind for row in rows], found)
    print(f"{'kind':<12}{'passages':>9}{'precision':>11}{'recall':>8}{'F1':>7}")
    for kind, (precision, recall, f1) in scores(whole).items():
        print(f"{kind:<12}{whole[KINDS.index(kind)].sum():>9}{precision:>11.2f}{recall:>8.2f}{f1:>7.2f}")
    print(f"\nlabelled (down), found (across: {', '.join(KINDS)})\n{whole}\n")
    parts = [("all", [True] * len(rows))]
    names = ("full", "bare", "samples", "written")
    parts += [(name, [name in (row.form, row.source) for row in rows]) for name in names]
    for name, chosen in parts:
        part = [(row.kind, kind) for row, kind, its in zip(rows, found, chosen, strict=True) if its]
        score = macro_f1(confusion([true for true, _ in part], [kind for _, kind in part]))
        print(f"macro F1, {name:<8} {score:.3f}  ({len(part)} passages)")
    alone = [each.kind for each in judge([row.text for row in rows], None, embed)]
    print(f"macro F1, by words alone {macro_f1(confusion([row.kind for row in rows], alone)):.3f}; sure from {SURE}")
    texts = [row.text for row in rows] * (2000 // len(rows) + 1)
    many: Vectors = np.vstack([vectors] * (2000 // len(rows) + 1))
    stated = embed(STATEMENTS)
    began = time.process_time()
    judge(texts[:2000], many[:2000], lambda _: stated)
    print(f"2,000 passages in {time.process_time() - began:.3f} s of processor time, without embedding")


if __name__ == "__main__":
    from mining.sentence_embedder import SentenceEmbedder

    embedder = SentenceEmbedder()
    if "--learn" in sys.argv:
        learn(embedder.embed)
    report(embedder.embed)
