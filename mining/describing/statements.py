"""The sentence that says best what a theme is about, in the very words of somebody who spoke.

After the themes are described. Candidates are stretches of one utterance each, cut where people end a thought: full
stops, or a "but" or "because" where a recogniser writes none. The one wins that is near the theme's centre, carries
its key words, and can be understood by somebody who was not in the room. Nothing is ever put together or changed.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from mining.describing.bertopic_keywords import Term
from mining.describing.phrases import is_verb_form
from mining.embedding.embedder import Vectors
from mining.wordlists import BOILERPLATE
from mining.words import STOP_WORDS, stem, word_set, words_of

FEWEST, MOST = 6, 28
"""Words of a statement."""
PASSAGES = 12
"""Of a theme's passages, the most central ones that are looked through."""
EACH = 4
"""Candidates of one passage at most."""
SHORTLIST = 20
"""Candidates of a theme that are compared in meaning."""
CARRIES, CONTRAST, RANK = 0.5, 0.5, 0.01
"""Weights, beside cosine to the centre (0..1), of key words, of being nearer to it than to others, and of each passage
that is more central."""
POINTING, BEGINS, BROKEN, HESITATES, ASKS, MASKED, STAGE, HANGS = 0.05, 0.15, 0.3, 0.1, 0.2, 0.15, 0.3, 0.3
"""What counts against one: each pronoun that points elsewhere, beginning with one, no sentence, each hesitation, a
question, a masked name, talk about the session itself, an end in mid-air."""
WORST = 0.45
"""Flaws from which a stretch is no candidate."""
ENOUGH = 0.35
"""Score below which a theme has no statement."""

_SENTENCE = re.compile(r"[^.!?…]+(?:[.!?…]+(?=\S)[^.!?…]+)*[.!?…]*[\"”')]*")
_TURN = re.compile(r"(?:[,;:–—-]+\s+|\s+)(?=(?:and|but|so|because|although|except|whereas)\s)", re.I)
_LEAD = re.compile(
    r"(?:(?:and|but|so|or|well|yeah|yes|yep|no|nope|oh|ah|okay|ok|right|sure|exactly|true|uh-huh|uh|um|er|mm|hm|huh|"
    r"you know|i mean|i think|i guess|like|now|then|because|actually|also|anyway|see|look|honestly|basically|all right|"
    r"(?:i|the|a|my|it|we|they|he|she|that)(?=,))(?:[,.;:–—…-]+\s*|\s+))+",
    re.I,
)
_TAIL = re.compile(
    r"(?:[,;:\s–—-]|(?:,|\s)\s*(?:you know|uh|um|er|or something|or whatever|and so on|so|and|but|or|though|yeah|right|"
    r"i guess)[.…]?)+$",
    re.I,
)
_HESITATION = re.compile(r"\b(?:u+h|u+m|er+m?|you know|i mean|sort of|kind of)\b|\b(\w+)[, ]+\1\b|--|\s-\s", re.I)
_MASK = re.compile(r"\[[^\]\[]{1,40}\]")
_POINTS = word_set(
    "it its it's he she they them him her his their this that that's those these there he's she's they're one"
)
_MID_THOUGHT = _POINTS | word_set(
    "which who whose than if when where while until unless to of with for or as in which's"
)
_MID_AIR = word_set(
    "the a an of to and or but that is was were are be my our your their his her its with for in on at from by as if "
    "than because i we you he she they it's i'm we're very really just not about into like so when where which who"
)
_FINITE = word_set(
    "is are was were am has have had do does did can could will would should must may might i'm we're you're they're "
    "it's that's there's isn't aren't wasn't weren't don't doesn't didn't can't couldn't won't wouldn't i've we've "
    "you've i'd we'd i'll we'll get got gets makes made went goes said says knew took came needs wants costs"
)

Embed = Callable[[Sequence[str]], Vectors]


class Spoken(Protocol):
    """An utterance, as far as it matters here."""

    @property
    def position(self) -> int: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Statement:
    """`text` is `text[start:end]` of the utterance at `position` of the passage with index `passage`."""

    passage: int
    position: int
    start: int
    end: int
    text: str


def central_statements(
    central: Mapping[int, Sequence[int]],
    spoken: Mapping[int, Sequence[Spoken]],
    terms: Mapping[int, Sequence[Term]],
    centres: Mapping[int, Vectors],
    embed: Embed,
) -> dict[int, Statement | None]:
    """{theme: its statement}; None where nobody said it in a sentence that stands by itself.

    `central` are the indices of each theme's passages, the most central first; `spoken` the utterances of (at least)
    these passages; `terms` each theme's heaviest; `centres` (d,) its mean vector. `embed` may give a row of zeros for
    a text whose vector it does not know. At most SHORTLIST texts are embedded per theme.
    """
    lists = {theme: _shortlist(central[theme], spoken, terms.get(theme, ())) for theme in sorted(central)}
    wanted = sorted({statement.text for found in lists.values() for statement, _ in found})
    vectors = dict(zip(wanted, embed(wanted), strict=True)) if wanted else {}
    return {theme: _best(found, theme, centres, vectors) for theme, found in lists.items()}


def _best(
    found: Sequence[tuple[Statement, float]],
    theme: int,
    centres: Mapping[int, Vectors],
    vectors: Mapping[str, Vectors],
) -> Statement | None:
    if not found:
        return None
    rows = np.vstack([vectors[statement.text] for statement, _ in found]).astype(np.float64)
    known = np.any(rows != 0, axis=1)
    near = rows @ centres[theme].astype(np.float64)
    rest = [rows @ centre.astype(np.float64) for other, centre in centres.items() if other != theme]
    meaning = near + CONTRAST * (near - np.max(rest, axis=0)) if rest else near
    middle = float(np.median(meaning[known])) if known.any() else ENOUGH
    scores = np.round(np.array([score for _, score in found]) + np.where(known, meaning, middle), 6)
    best = int(np.argmax(scores))  # the first of equals: of the more central passage
    return found[best][0] if scores[best] >= ENOUGH else None


def _shortlist(
    passages: Sequence[int], spoken: Mapping[int, Sequence[Spoken]], terms: Sequence[Term]
) -> list[tuple[Statement, float]]:
    """The most promising stretches with what speaks for them besides their meaning, best first."""
    heaviest = max((term.weight for term in terms), default=1.0)
    weights = {stem(term.text): term.weight / heaviest for term in reversed(terms) if " " not in term.text}
    found = []
    for rank, passage in enumerate(passages[:PASSAGES]):
        own = []
        for utterance in spoken.get(passage, ()):
            for start, end in stretches(utterance.text):
                text = utterance.text[start:end]
                flaws = flaws_of(text)
                if flaws < WORST:
                    score = CARRIES * _carries(text, weights) - flaws - RANK * rank
                    own.append((Statement(passage, utterance.position, start, end, text), score))
        found += sorted(own, key=lambda each: -each[1])[:EACH]
    texts: set[str] = set()
    best = []
    for statement, score in sorted(found, key=lambda each: -round(each[1], 9)):
        if statement.text not in texts:
            texts.add(statement.text)
            best.append((statement, score))
    return best[:SHORTLIST]


def _carries(text: str, weights: Mapping[str, float]) -> float:
    """0..1: how much of the theme's key words a text holds; a third one adds little."""
    heavy = sorted((weights.get(word, 0.0) for word in {stem(word) for word in words_of(text)}), reverse=True)
    return min(1.0, sum(heavy[:3]) / 1.5)


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the stretches of an utterance that could be a statement, without what leads in and trails off."""
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        # Without full stops, or in a sentence that never ends, thoughts are parted by "but" and the like.
        cuts = [start, *(m.start() for m in _TURN.finditer(text, start, end)), end]
        pieces = [(start, end)] if len(text[start:end].split()) <= MOST else list(zip(cuts, cuts[1:], strict=False))
        for piece in pieces:
            trimmed = _trimmed(text, *piece)
            if FEWEST <= len(text[slice(*trimmed)].split()) <= MOST:
                yield trimmed


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without white space and commas at its ends, a leading "and so, well", and a trailing "you know"."""
    while start < end and (text[start].isspace() or text[start] in ",;:-–—…"):
        start += 1
    if lead := _LEAD.match(text, start, end):
        start = lead.end()
    if tail := _TAIL.search(text, start, end):
        end = tail.start()
    return start, max(start, end)


def flaws_of(text: str) -> float:
    """How much speaks against showing a stretch of talk by itself; 0 is flawless."""
    words = words_of(text)
    if len(words) < FEWEST or words[-1] in _MID_AIR:
        return WORST + HANGS
    pointing = sum(word in _POINTS for word in words)
    flaws = POINTING * pointing + BEGINS * (words[0] in _MID_THOUGHT)
    flaws += HESITATES * len(_HESITATION.findall(text)) + ASKS * text.endswith("?") + MASKED * bool(_MASK.search(text))
    flaws += STAGE * bool(BOILERPLATE & set(words)) + BROKEN * (not _is_sentence(words))
    return flaws + BEGINS * (sum(word not in STOP_WORDS for word in words) < 2)


def _is_sentence(words: Sequence[str]) -> bool:
    """Whether it has a verb of its own, as far as can be told."""
    return any(word in _FINITE or is_verb_form(word) for word in words)
