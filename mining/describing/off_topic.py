"""Recognises talk that is clearly no subject: greetings and goodbyes, arrangements, technical trouble.

Comes after passages and their vectors, before clustering; what is set aside is counted with its reason. Wrongly set
aside, a passage is lost to its theme, so both must speak against it: set phrases of one or more of these sorts (in
off_topic.toml) that explain much of what is said, and a vector nearer to such talk than to the same things as a
subject of work, such as meetings without an agenda or microphones that nobody uses. The less the phrases explain, the
clearer the vector must be. What is in doubt stays.
"""

import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from mining.describing.cues import Cues, Spoken, spoken
from mining.embedding.embedder import Vectors

Embed = Callable[[Sequence[str]], Vectors]

_WRITTEN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_SUBJECTS: tuple[str, ...] = tuple(_WRITTEN.pop("subjects")["statements"])
REASONS = tuple(_WRITTEN)
_CUES = Cues({reason: part["phrases"] for reason, part in _WRITTEN.items()})
_STATEMENTS = tuple(said for part in _WRITTEN.values() for said in part["statements"])

REACH = 2
"""Words on either side that a phrase explains as well: "the pens are over there", but not the sentence after."""
ENOUGH = 0.6
"""What the share of explained words and the vector's margin, times WEIGHT, must come to together. The margin is the
cosine to the nearest statement of such talk, less that to the nearest subject."""
WEIGHT = 1.5
LEAST = 0.25
"""Share of words that must be explained however near the vector is."""
FEWEST = 2
"""Phrases a passage needs: one "hello" is none of these sorts by itself."""
NEAR = 0.3
"""Cosine to the nearest statement of such talk that a passage must reach, and be nearer than to any subject."""


def aside(texts: Sequence[str], vectors: Vectors | None, embed: Embed) -> list[str | None]:
    """For each passage a reason to set it aside, one of REASONS, or None. `vectors` (n, d) are its unit vectors.

    Without vectors nothing is set aside: phrases alone are not proof enough.
    """
    if not texts or vectors is None:
        return [None] * len(texts)
    explained = [_explained(spoken(text)) for text in texts]
    asked = [i for i, (_, share) in enumerate(explained) if share >= LEAST]
    found: list[str | None] = [None] * len(texts)
    if asked:
        cosines = vectors[asked] @ embed([*_STATEMENTS, *_SUBJECTS]).T
        chatter, subjects = cosines[:, : len(_STATEMENTS)].max(axis=1), cosines[:, len(_STATEMENTS) :].max(axis=1)
        for i, near, margin in zip(asked, chatter.tolist(), (chatter - subjects).tolist(), strict=True):
            reason, share = explained[i]
            if near >= NEAR and margin > 0 and share + WEIGHT * margin >= ENOUGH:
                found[i] = reason
    return found


def _explained(said: Spoken) -> tuple[str, float]:
    """The reason that explains most of the words, and the share that all of them explain together."""
    hits = _CUES.find(said.words)
    size = len(said.words)
    most = sum(last - first + 2 * REACH for _, first, last in hits)
    if len(hits) < FEWEST or most < LEAST * size:
        return REASONS[0], 0.0
    covered = np.zeros((len(REASONS), size), bool)
    ends = [0, *said.ends, size]
    for sort, first, last in hits:
        # Nothing is explained beyond the sentence; a bare transcript has none, there the reach alone limits it.
        begin = ends[bisect_right(ends, first) - 1]
        until = ends[bisect_left(ends, last)]
        covered[sort, max(begin, first - REACH) : min(until, last + REACH)] = True
    return REASONS[int(covered.sum(axis=1).argmax())], float(covered.any(axis=0).mean())
