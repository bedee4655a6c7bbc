"""How well kinds of talk are told apart, on labelled passages; and, with --learn, how their weights came about.

python -m tests.benchmarks.kinds           precision, recall and F1 of each kind, confusion, speed
python -m tests.benchmarks.kinds --learn   writes mining/describing/kinds.json from the passages marked "training"

Where the passages of tests/fixtures/kinds.tsv come from (column "source"), all of them ours and labelled by reading:
- samples: windows of the sample scripts; written: single passages, each written to be of one kind.
- scenes: turns of several speakers, each written to be of one kind. talk: whole conversations, written first, then cut
  by mining.passages and labelled after that, so that kinds mix and a passage may begin in the middle of an answer.
Rows marked "development" may be looked at while phrases and weights change; "test" rows may not, but the errors on
those from samples have been, so that only scenes and talk are held out. A conversation lies in one of the three uses.
Where kinds mix: an undertaking by somebody present makes it an action, else what most of the words do decides.
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

from mining.describing.kinds import FEATURES, KINDS, STATEMENTS, SURE, WEIGHTS, Embed, Kind, features, judge
from mining.embedding.embedder import Vectors
from mining.passages import UNIT

LABELLED = Path(__file__).parent.parent / "fixtures" / "kinds.tsv"
STRICTNESS = 0.1
"""Inverse strength of the L2 penalty; chosen, like NEARNESS, by 8-fold cross-validation on the training passages."""
NEARNESS = 6.0
"""What a cosine is multiplied with, beside features of unit variance."""
DIALOGUE = 3.0
"""Weight of a training passage in which several people speak, beside one that somebody says alone: there are fewer of
them, and they are what mining meets. Chosen from 1, 2, 3 and 5 on the rows from samples and the development rows."""

_SENTENCE = re.compile(r"[^.!?]+[.!?]*")


@dataclass(frozen=True)
class Labelled:
    """`source`: see above. `form`: full, or bare as a recogniser gives it."""

    kind: Kind
    source: str
    form: str
    text: str


def labelled(use: str) -> list[Labelled]:
    """The passages for "test", "development" or "training"."""
    with LABELLED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Labelled(Kind(r["kind"]), r["source"], r["form"], r["text"]) for r in rows if r["use"] == use]


def bare(text: str) -> str:
    """Without case and punctuation, as a recogniser may write it."""
    return " ".join(re.sub(r"[^\w' ]+", " ", text.replace("-", " ")).lower().split())


def as_mined(texts: Sequence[str], embed: Embed) -> Vectors:
    """(n, d): mean directions of pieces of about UNIT words, as mining makes the vectors of its passages."""
    pieces = [_pieces(text) for text in texts]
    rows = iter(embed([piece for each in pieces for piece in each]))
    means = [np.average([next(rows) for _ in own], axis=0, weights=[len(p.split()) for p in own]) for own in pieces]
    return np.array([mean / np.linalg.norm(mean) for mean in means], np.float32)


def _pieces(text: str) -> list[str]:
    """At ends of sentences; without punctuation, after every twelfth word."""
    words = text.split()
    said = _SENTENCE.findall(text) if re.search("[.!?]", text) else []
    said = said or [" ".join(words[i : i + 12]) for i in range(0, len(words), 12)]
    wanted = max(1, round(len(words) / UNIT))
    pieces: list[str] = []
    now = ""
    for sentence in said:
        now = f"{now} {sentence.strip()}".strip()
        if len(now.split()) >= len(words) / wanted and len(pieces) < wanted - 1:
            pieces.append(now)
            now = ""
    return [*pieces, now] if now else pieces


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
    vectors = as_mined(texts, embed)
    usual = (vectors @ embed(STATEMENTS).T).mean(axis=0).astype(float).round(4)
    seen = features(texts, vectors, embed, usual)
    words = len(FEATURES) - len(STATEMENTS)
    scale = np.full(len(FEATURES), 1 / NEARNESS)
    scale[:words] = np.maximum(seen[:, :words].std(axis=0), 0.005)
    truth = [KINDS.index(row.kind) for row in rows] * 2
    heed = [DIALOGUE if row.source in ("scenes", "talk") else 1.0 for row in rows] * 2
    model = LogisticRegression(C=STRICTNESS, max_iter=5000).fit(seen / scale, truth, sample_weight=heed)
    weights = {name: row.round(3).tolist() for name, row in zip(FEATURES, model.coef_.T / scale[:, None], strict=True)}
    learned = {"bias": model.intercept_.round(3).tolist(), "weights": weights}
    learned["usual"] = dict(zip(STATEMENTS, usual.tolist(), strict=True))
    lines = json.dumps(learned, indent=1)
    WEIGHTS.write_text(re.sub(r"\n\s+(?=-?\d|\])", " ", lines) + "\n", "utf-8")


def report(embed: Embed) -> None:
    rows = labelled("test")
    vectors = as_mined([row.text for row in rows], embed)
    found = [each.kind for each in judge([row.text for row in rows], vectors, embed)]
    whole = confusion([row.kind for row in rows], found)
    print(f"{'kind':<12}{'passages':>9}{'precision':>11}{'recall':>8}{'F1':>7}")
    for kind, (precision, recall, f1) in scores(whole).items():
        print(f"{kind:<12}{whole[KINDS.index(kind)].sum():>9}{precision:>11.2f}{recall:>8.2f}{f1:>7.2f}")
    print(f"\nlabelled (down), found (across: {', '.join(KINDS)})\n{whole}\n")
    parts = [("all", [True] * len(rows))]
    parts.append(("held out", [row.source in ("scenes", "talk") for row in rows]))
    names = ("full", "bare", "samples", "written", "scenes", "talk")
    parts += [(name, [name in (row.form, row.source) for row in rows]) for name in names]
    for name, chosen in parts:
        part = [(row.kind, kind) for row, kind, its in zip(rows, found, chosen, strict=True) if its]
        score = macro_f1(confusion([true for true, _ in part], [kind for _, kind in part]))
        print(f"macro F1, {name:<8} {score:.3f}  ({len(part)} passages)")
    trial = labelled("development")
    guessed = judge([row.text for row in trial], as_mined([row.text for row in trial], embed), embed)
    for source in ("scenes", "talk"):
        part = [(row.kind, each.kind) for row, each in zip(trial, guessed, strict=True) if row.source == source]
        score = macro_f1(confusion([true for true, _ in part], [kind for _, kind in part]))
        print(f"macro F1, development, {source:<8} {score:.3f}  ({len(part)} passages)")
    alone = [each.kind for each in judge([row.text for row in rows], None, embed)]
    print(f"macro F1, by words alone {macro_f1(confusion([row.kind for row in rows], alone)):.3f}; sure from {SURE}")
    texts = [row.text for row in rows] * (2000 // len(rows) + 1)
    many: Vectors = np.vstack([vectors] * (2000 // len(rows) + 1))
    stated = embed(STATEMENTS)
    began = time.process_time()
    judge(texts[:2000], many[:2000], lambda _: stated)
    print(f"2,000 passages in {time.process_time() - began:.3f} s of processor time, without embedding")


if __name__ == "__main__":
    from mining.embedding.sentence_embedder import SentenceEmbedder

    embedder = SentenceEmbedder()
    if "--learn" in sys.argv:
        learn(embedder.embed)
    report(embedder.embed)
