"""How near each module comes to each theme, and from where on that is an answer. Pure: vectors in, scores out.

Cosines are taken after what all talk has in common is subtracted from talk, and what all discussion guides have in
common from guides (Mu & Viswanath 2018): otherwise a guide that says “managers” and “meeting” is near to everything.
A score is the mean of two: centre of the theme to centre of the module, and the mean over its passages of the nearest
of the module's texts.

Measured by `python -m tests.benchmarks.coverage` on 195 pairs labelled by hand, 38 themes of the sample event and of
eleven other trades, each against up to three catalogues. On the 61 cases that were kept for the test: where a module is
said to cover a theme, 84 % do, and 62 % of what is covered is found; of the gaps that are said, 70 % are gaps, and 70 %
of the gaps are found. What lies between COVERED and PARTLY is rather a doubt than a verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from threadpoolctl import threadpool_limits

from mining.embedding.embedder import Vectors

COVERED = 0.27
"""Score from which a module answers a theme; chosen on the themes marked “dev”."""
PARTLY = 0.23
"""Score from which it comes near enough to have a look; chosen likewise. Below it there is a gap."""
RIGHT = {"covered": 0.84, "gap": 0.70}
"""What part of these verdicts was right in the test, for pages to say."""
USUAL = 10
"""How many modules of one's own weigh as much as the usual discussion guide, in saying what guides have in common."""


class Verdict(StrEnum):
    COVERED = "covered"
    PARTLY = "partly"
    GAP = "gap"


TALK = (
    "Well, we moved to the new building in May, and since then nobody knows where anything is.",
    "I've got twelve people, and I see four of them in person, the others I know from a screen.",
    "She came to me on Monday and said that she wanted to talk, and I had ten minutes.",
    "It worked for about three weeks, and then everybody went back to how it was before.",
    "I asked the customer what he wanted, and it was something completely different from what we'd built.",
    "We've always done it like this, and when I ask why, they look at me as if I was stupid.",
    "My boss said, do what you think is right, and then he changed it anyway.",
    "In our department it's the other way round, we've got the people and not the work.",
    "Honestly, I was afraid, and I only noticed it when I was at home in the evening.",
    "They had a big meeting about it, and in the end we got an e-mail with four attachments.",
    "I told my team the truth, and I was surprised how calm they were about it.",
    "There's a list of things we wanted to do, it hangs on the wall, and nobody looks at it.",
    "He's been here for thirty years and I've been here for two, and I'm supposed to lead him.",
    "What I learned is that you have to ask three times before somebody tells you what it's about.",
    "So I'll write to the others on Friday, and we try it for a month and see.",
    "The money was there last year, and this year we've got to ask for each chair.",
    "It's always the same two people who do it, and they don't complain, and that's what worries me.",
    "The system was down again, so we wrote it on paper and typed it in at night.",
    "I used to think that it was me, and then I heard that the other team has it as well.",
    "We lost a good colleague because of that, she didn't say so, but I know it was the reason.",
    "On the night shift you see things that nobody in the office has ever seen.",
    "The training was two days, and nobody asked me afterwards what I'd done with it.",
    "If I say it in the big round nothing happens, if I say it at the coffee machine it's done by noon.",
    "I don't know whether that's right, I only know that we had a better week than before.",
    "They promised it for spring, and now it's autumn, and nobody mentions it any more.",
    "I've got two small children, so at four I'm gone, and then the important things are decided.",
    "You can have all the plans in the world, on the floor it depends on who's there that day.",
    "What would help me is somebody from outside who looks at it once with fresh eyes.",
    "We had an accident last year, nothing bad, but since then I think about it when I start the machine.",
    "The students, the patients, the passengers, whatever you call them, they feel it when we're under pressure.",
    "There are two answers, the official one and the one that everybody gives when the door is closed.",
    "I made a mistake, I said so, and the strange thing is that after that it was easier to work together.",
)
"""Talk at work about nothing in particular: its mean is what all talk has in common."""


@dataclass(frozen=True)
class Scores:
    """`themes` has shape (themes, modules): scores, about -0.2..0.6, after other themes had their say; `passages` holds
    for each theme (passages, modules): nearest of the module's texts to each passage."""

    themes: Vectors
    passages: tuple[Vectors, ...]


def verdict_of(score: float) -> Verdict:
    return Verdict.COVERED if score >= COVERED else Verdict.PARTLY if score >= PARTLY else Verdict.GAP


def score(themes: Sequence[Vectors], modules: Sequence[Vectors], talk: Vectors, guides: Vectors) -> Scores:
    """`themes`: of each its passages (n, dimension); `modules`: of each its texts (n, dimension), none of them empty.
    `talk` and `guides` are texts that stand for all talk and all discussion guides.
    """
    if not themes or not modules:
        return Scores(np.zeros((len(themes), len(modules)), np.float32), tuple(_nothing(t, modules) for t in themes))
    with threadpool_limits(1):  # the same bits on every machine, and the work is small
        usual = common(modules, guides)
        centres = unit(np.vstack([unit(own.mean(axis=0)) for own in modules]) - usual)
        texts = unit(np.vstack(list(modules)) - usual)
        starts = np.cumsum([0, *(len(own) for own in modules[:-1])])
        background = talk.mean(axis=0)
        whole, parts = [], []
        for own in themes:
            centre = unit(unit(own.mean(axis=0)) - background)
            nearest = np.maximum.reduceat(unit(own - background) @ texts.T, starts, axis=1)
            parts.append(nearest)
            whole.append((centres @ centre + nearest.mean(axis=0)) / 2)
        return Scores(claimed(np.vstack(whole)), tuple(parts))


def common(modules: Sequence[Vectors], guides: Vectors) -> Vectors:
    """What discussion guides have in common: these, and the usual ones as long as there are few."""
    own = np.vstack([unit(texts.mean(axis=0)) for texts in modules]).mean(axis=0)
    weight = len(modules) / (len(modules) + USUAL)
    return np.asarray(weight * own + (1 - weight) * guides.mean(axis=0), np.float32)


def claimed(scores: Vectors) -> Vectors:
    """(themes, modules): where another theme is nearer to a module, the difference is taken off: the module is about
    that theme, and shares no more than a word (“meeting”) with this one."""
    best = scores.max(axis=0)
    return np.asarray(scores - (best - scores), np.float32)


def unit(vectors: Vectors) -> Vectors:
    """Rows of length 1; what has no length stays."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9), np.float32)


def _nothing(theme: Vectors, modules: Sequence[Vectors]) -> Vectors:
    return np.zeros((len(theme), len(modules)), np.float32)
