"""What kind of talk a passage is: a challenge, a lesson, an action, a question to the others, or other talk.

Comes after passages and their vectors, before themes are described. No sentence is embedded: what decides are set
phrases of spoken English (commitments, what was learned, what hinders, questions), who is spoken of and when, and how
near the passage's vector lies to 60 short statements typical of the kinds. A softmax regression (multinomial logistic
regression, as scikit-learn fits it) weighs them.

Phrases and statements stand in kinds.toml, weights in kinds.json. The weights were learned by `python -m
tests.benchmarks.kinds --learn` with the bundled embedder from the passages marked "training" in
tests/fixtures/kinds.tsv, each with punctuation and without; dialogue counts more than what one person says alone, and
vectors are means over units, as in the flow. No passage marked "test" taught a phrase, statement or weight; those from
the samples helped to choose how much dialogue counts. With another embedder kinds come out less surely: learn again.
"""

import json
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log1p
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mining.describing.cues import Cues, Spoken, spoken
from mining.embedding.embedder import Vectors

Embed = Callable[[Sequence[str]], Vectors]
Numbers = npt.NDArray[np.float64]


class Kind(StrEnum):
    CHALLENGE = "challenge"  # something goes wrong, hurts or hinders, and is not solved here
    LESSON = "lesson"  # what worked or did not, and what follows from it
    ACTION = "action"  # somebody present undertakes to do something
    QUESTION = "question"  # put to the others, and hardly answered within the passage
    OTHER = "other"  # stories, descriptions, opinions, small talk; or nothing the method is sure of


@dataclass(frozen=True)
class Judgement:
    """`confidence` (0..1) is the probability of `kind`; where none reached SURE, that of OTHER, which it is then."""

    kind: Kind
    confidence: float


KINDS = tuple(Kind)
SURE = 0.4
"""Probability below which a passage is called OTHER."""
SPAN = 50
"""Words that hits are counted per, so that a long passage is not everything at once."""

_HERE = Path(__file__).with_suffix(".toml")
_WRITTEN = tomllib.loads(_HERE.read_text("utf-8"))
_CUES = Cues(_WRITTEN["phrases"])
_STYLE = {word: number for number, words in enumerate(_WRITTEN["style"].values()) for word in words.split()}
STATEMENTS: tuple[str, ...] = tuple(said for kind in KINDS for said in _WRITTEN["statements"][kind])
COUNTED = (*(name for name in _CUES.families if name != "nothing"), *_WRITTEN["style"], "in questions")
FEATURES = (*COUNTED, *STATEMENTS)
WEIGHTS = _HERE.with_suffix(".json")


def judge(texts: Sequence[str], vectors: Vectors | None, embed: Embed) -> list[Judgement]:
    """The kind of each passage. `vectors` (n, d) are unit vectors of `texts`; without them only the words decide.

    `embed` gives vectors of the same model; it is asked for STATEMENTS, always the same, once a call.
    """
    if not texts:
        return []
    learned = json.loads(WEIGHTS.read_text("utf-8"))
    weights = np.array([learned["weights"][name] for name in FEATURES])
    usual = np.array([learned["usual"][name] for name in STATEMENTS])
    scores = features(texts, vectors, embed, usual) @ weights + np.array(learned["bias"])
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances = odds / odds.sum(axis=1, keepdims=True)
    best = np.where(chances.max(axis=1) >= SURE, chances.argmax(axis=1), KINDS.index(Kind.OTHER))
    sure = np.take_along_axis(chances, best[:, None], axis=1)[:, 0]
    return [Judgement(KINDS[kind], chance) for kind, chance in zip(best.tolist(), sure.tolist(), strict=True)]


def shares(kinds: Sequence[Kind], seconds: Sequence[float]) -> dict[str, float]:
    """{kind: share of talk time} of a theme's passages, all five kinds. Sums to 1; without any seconds, all are 0."""
    total = sum(seconds)
    spent = dict.fromkeys(KINDS, 0.0)
    for kind, length in zip(kinds, seconds, strict=True):
        spent[kind] += length
    return {kind.value: time / total if total > 0 else 0.0 for kind, time in spent.items()}


def features(texts: Sequence[str], vectors: Vectors | None, embed: Embed, usual: Numbers) -> Numbers:
    """Shape (n, len(FEATURES)). `usual` (len(STATEMENTS),) are cosines that tell nothing; they stand in for none."""
    counted = np.array([_counted(spoken(text)) for text in texts], float)
    near = np.zeros((len(texts), len(STATEMENTS)))
    if vectors is not None:
        near = (vectors @ embed(STATEMENTS).T).astype(float) - usual
    return np.hstack([counted, near])


def _counted(said: Spoken) -> list[float]:
    hits = [0] * len(_CUES.families)
    for family, _, _ in _CUES.find(said.words):
        hits[family] += 1
    style = [0] * len(_WRITTEN["style"])
    for word in said.words:
        if word in _STYLE:
            style[_STYLE[word]] += 1
    size = max(len(said.words), SPAN // 2)
    return [*(log1p(count * SPAN / size) for count in hits[1:]), *(count / size for count in style), said.asked / size]
