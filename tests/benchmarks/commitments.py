"""How well commitments are found: precision and recall on labelled sentences, and how long 10,000 utterances take.

python -m tests.benchmarks.commitments           on the sentences marked "test", at several scores, and the speed
python -m tests.benchmarks.commitments --errors  which sentences marked "dev" come out wrong
"""

import csv
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mining.next_steps.commitments import SURE, commitments_in

LABELLED = Path(__file__).parent.parent / "fixtures" / "commitments.tsv"
DAY = date(2026, 3, 19)
SCORES = (0.6, 0.65, 0.7, 0.75, 0.8, 0.9)


@dataclass(frozen=True)
class Said:
    """A labelled sentence, as an utterance. `source`: samples or written for this."""

    true: bool
    source: str
    text: str
    speaker: str | None = "person 1"


@dataclass(frozen=True)
class Figures:
    """Of `labelled` sentences, `true` are commitments; `found` were found, `right` of them rightly."""

    labelled: int
    true: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 0.0


def labelled(use: str) -> list[Said]:
    """The sentences for "dev" or "test"."""
    with LABELLED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Said(row["label"] == "1", row["source"], row["text"]) for row in rows if row["use"] == use]


def figures(sentences: list[Said], score: float = SURE) -> Figures:
    found = {each.utterance for each in commitments_in(sentences, DAY) if each.score >= score}
    right = sum(sentences[index].true for index in found)
    return Figures(len(sentences), sum(said.true for said in sentences), len(found), right)


def main() -> None:
    if "--errors" in sys.argv:
        sentences = labelled("dev")
        scores = {each.utterance: each.score for each in commitments_in(sentences, DAY)}
        for index, said in enumerate(sentences):
            if said.true != (index in scores):
                print("missed" if said.true else f"wrong {scores[index]}", said.text)
    for use in ("dev", "test"):
        for score in SCORES if use == "test" else (SURE,):
            it = figures(labelled(use), score)
            print(
                f"{use} from {score}: precision {it.precision:.3f}, recall {it.recall:.3f} "
                f"({it.right} right of {it.found} found; {it.true} of {it.labelled} sentences are commitments)"
            )
    many = (labelled("dev") + labelled("test")) * (10_000 // len(labelled("dev") + labelled("test")) + 1)
    begin = time.perf_counter()
    count = len(commitments_in(many[:10_000], DAY))
    print(f"10,000 utterances in {(time.perf_counter() - begin) * 1000:.0f} ms ({count} found)")


if __name__ == "__main__":
    main()
