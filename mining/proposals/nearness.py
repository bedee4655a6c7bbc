"""How near what somebody types comes to themes, proposals and modules, and what of it is shown. Pure, for `evidence`.

Two things say that a text is about a theme or a module: what it means, and that it uses the very words. Meaning is the
cosine after what all talk has in common was subtracted from what is typed, and what the themes, or the modules, have in
common from those (as in `answering`); words are the part of the theme's, or of the module's, own that are used. For
proposals words were no help.

Measured by `python -m tests.benchmarks.proposals` on 126 briefs that one hand wrote and labelled, in halves by chance:
floors were chosen on the one, and these figures are of the other. Of the themes that are shown 71 % are right (10 of
14), of the proposals 85 % (22 of 26), of the modules 67 % (18 of 27); where there was something, 43 %, 44 % and 49 % of
the briefs were shown it. Cosines alone, of a brief without what it says of success, and with floors of 0.24, 0.33 and
0.24, were right in 36 %, 54 % and 44 % and helped 74 %, 49 % and 46 %: more was shown, and mostly what had nothing to
do with it. With so few briefs a tenth more or less means little.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from mining.catalogue.answering import common, unit
from mining.embedding.embedder import Vectors
from mining.words import content_words, stem

THEME, PROPOSAL, MODULE = 0.48, 0.39, 0.32
"""Nearness from which a theme, a proposal, a module is shown."""
BESIDE = 0.6
"""And not less than this part of the nearest one's."""
MOST = 3
WORDS = 0.5
"""What it adds if all the words of a theme, or a module, are used."""


@dataclass(frozen=True)
class Typed:
    """A text with its vector `raw` as the model gives it, (d,); `vector` is without what all talk has in common, and
    `words` are those that may name a subject."""

    raw: Vectors
    vector: Vectors
    words: frozenset[str]

    @classmethod
    def of(cls, text: str, raw: Vectors, talk: Vectors) -> "Typed":
        """`talk` (n, d) are texts that stand for all talk."""
        return cls(raw, unit(raw - talk.mean(axis=0)), subjects(text))


def to_themes(typed: Typed, centres: Sequence[Vectors], says: Sequence[str], talk: Vectors) -> Vectors:
    """(themes,): of each its mean meaning (d,), and the words by which it is shown."""
    if not centres:
        return np.zeros(0, np.float32)
    own = unit(np.vstack(centres) - common([centre[None] for centre in centres], talk))
    return _with_words(own @ typed.vector, typed, says)


def to_modules(typed: Typed, modules: Sequence[Vectors], says: Sequence[str], usual: Vectors) -> Vectors:
    """(modules,): of each the vectors (n, d) of its texts, and all that it says; `usual` (d,) is what they have in
    common."""
    if not modules:
        return np.zeros(0, np.float32)
    own = unit(np.vstack([unit(each.mean(axis=0)) for each in modules]) - usual)
    return _with_words(own @ typed.vector, typed, says)


def to_proposals(typed: Typed, proposals: Vectors, talk: Vectors) -> Vectors:
    """(proposals,), from vectors (proposals, d)."""
    return np.asarray(unit(proposals - talk.mean(axis=0)) @ typed.vector, np.float32)


def chosen(near: Vectors, floor: float, beside: float = BESIDE) -> list[int]:
    """What is shown, the nearest first: at most MOST that reach the floor and are not far behind the nearest."""
    if not near.size:
        return []
    least = max(floor, beside * float(near.max()))
    order: Iterable[int] = np.argsort(-near, kind="stable")[:MOST].tolist()
    return [i for i in order if near[i] >= least]


def subjects(text: str) -> frozenset[str]:
    """Words that may name a subject, singular and plural as one."""
    return frozenset(stem(word) for word in content_words(text))


def _with_words(near: Vectors, typed: Typed, says: Sequence[str]) -> Vectors:
    own = [subjects(text) for text in says]
    used = [len(typed.words & words) / max(len(words), 1) for words in own]
    return np.asarray(near + WORDS * np.asarray(used, np.float32), np.float32)
