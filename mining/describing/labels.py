"""Names for themes: a few words that people really said, as one would write them on a wall.

Candidates are the heading-like phrases of the theme's own talk (mining.describing.phrases). What counts is how heavy
their words are there, how many passages and groups say them, and whether their meaning finds this theme rather than
another one. Themes then choose in turn, so that no two names share what they are about. One without any phrase lists
its words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from zlib import crc32

import numpy as np
import numpy.typing as npt

from mining.describing.bertopic_keywords import Term, distinct
from mining.describing.phrases import CARDINALS, LINKS, LONGEST, Phrases, is_doing, subjects_of
from mining.embedding.embedder import Vectors
from mining.wordlists import BOILERPLATE, FIRST_NAMES, WORLD
from mining.words import STOP_WORDS, stem, word_set

READ = 30
"""Passages of a theme that are read for phrases, so that naming takes as long for a long event as for a short one."""
SHORTLIST = 14
"""Candidates of a theme that are compared in meaning: embedding them is what naming costs."""
SUBJECT, USE = 0.3, 0.35
"""Weights of the theme's key words in a phrase and of how widely it is used there, beside cosines (0..1)."""
CONTRAST = 2.0
"""Weight of being nearer to this theme's centre than to any other's, beside being near."""
LONG, AND, COUNTED, LIGHT, ONE_OF_MANY, VAGUE, STRANGE = 0.05, 0.2, 0.08, 0.35, 0.2, 0.2, 0.5
"""What each word beyond four costs, an "and", a number, "having" and its like, "a house in an area", an end that says
nothing, and each name that only these people know."""
LIGHT_HEADS = word_set("having getting making taking giving putting going doing using keeping trying working starting")
DOING = 0.1
"""What a phrase like "saying no" has over one that names a thing: it tells what people struggle with."""
UTTERING = word_set("saying talking telling asking hearing speaking")
RARE, JOINED = 0.15, 0.1
"""What being said once costs, in a theme of 40 passages and more (less in a smaller one), and being said once and held
together by a link: "picture on the wall"."""
SPEAKING = word_set(
    "people time times work job problems questions talk world life no upstairs together alone home online"
)
"""Stop words a name may well end with."""
SHARED, ALIKE = 0.4, 0.75
"""What sharing a subject word with another theme's name costs; the cosine from which two names mean the same."""
ALONE = 0.7
"""What the weight of a subject word counts where it is the only one of its phrase."""
SAME, KIN = 6, 0.7
"""Letters that words of one kin begin with ("reflect", "reflection"), and what the weight of one counts for another."""
HEAVY = 0.25
"""Share of the heaviest key word's weight from which a word counts as a key word of the theme."""
COMPLETE = 0.3
"""Share of its passages in which a phrase must be a whole run of nouns, not cut out of a longer one."""
LONGLIST = 80
FINDS = 0.3
"""Weight of how well the words of a phrase find the theme's passages."""
REPEATED = 0.3
"""What a candidate loses that has the same words as one that is on the short list already."""
OWN = 0.75
"""Share of its passages that must be the theme's for a phrase without any subject word ("saying no")."""
ENOUGH = 0.5
"""Score below which no phrase is good enough and the heaviest words are listed."""
PROPER = 0.6
"""Share of a word's uses from which on it is a name, if capitalised in so many inside sentences."""

Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True)
class Candidate:
    """A phrase in lower case, the stems of what it is about, and what speaks for it besides its meaning."""

    text: str
    about: frozenset[str]
    score: float


def name_themes(
    texts: Sequence[str],
    themes: Sequence[int],
    groups: Sequence[int],
    terms: Mapping[int, Sequence[Term]],
    centres: Mapping[int, Vectors],
    embed: Embed,
) -> dict[int, str]:
    """{theme: label}. `themes` and `groups` say where each text belongs; themes below 1 are none.

    `terms` are each theme's heaviest, `centres` (d,) its mean vector. `embed` may give a row of zeros for a phrase
    whose vector it does not know; the other measures decide then. Themes of any grain can be named: give coarser
    classes, with their own terms and centres, for the names of areas.
    """
    read = _sample(texts, themes)
    texts = [texts[i] for i in read]
    phrases = Phrases(texts, [themes[i] for i in read], [groups[i] for i in read])
    capitals = _capitals(texts, phrases.words)
    strangers = _strangers(capitals)
    lists = {theme: _shortlist(phrases, theme, terms[theme], strangers) for theme in sorted(terms)}
    wanted = sorted({candidate.text for found in lists.values() for candidate in found})
    known = embed(wanted) if wanted else np.empty((0, 0), np.float32)
    vectors = dict(zip(wanted, known, strict=True))
    scores = {theme: _with_meaning(found, theme, centres, vectors) for theme, found in lists.items()}
    chosen = _choose(lists, scores, vectors)
    labels: dict[int, str] = {}
    for theme in sorted(terms):
        taken = {label.lower() for label in [*labels.values(), *chosen.values()]}
        lists_of_words = (name for name in _lists(terms[theme]) if name not in taken)
        label = chosen.get(theme) or next(lists_of_words, f"theme {theme}")
        labels[theme] = _written(label, capitals)
    return labels


def _sample(texts: Sequence[str], themes: Sequence[int]) -> list[int]:
    """Indices of READ texts of each theme at most: the same ones in whatever order they come."""
    members: dict[int, list[int]] = defaultdict(list)
    for i, theme in enumerate(themes):
        members[theme].append(i)
    large = {theme for theme, own in members.items() if len(own) > READ}
    for theme in large:
        members[theme] = sorted(members[theme], key=lambda i: (crc32(texts[i].encode()), texts[i]))[:READ]
    return sorted(i for own in members.values() for i in own)


def _shortlist(phrases: Phrases, theme: int, terms: Sequence[Term], strangers: frozenset[str]) -> list[Candidate]:
    """The SHORTLIST candidates that have most for themselves, best first, and do not all say the same."""
    heaviest = max((term.weight for term in terms), default=1.0)
    weights = {stem(term.text): term.weight / heaviest for term in reversed(terms)}  # of one stem, the heaviest stays
    kin = {text[:SAME]: weight for text, weight in reversed(weights.items()) if len(text) >= SAME}
    own = frozenset(phrases.members[theme])
    found = []
    for root, use in phrases.of[theme].items():
        share = use.passages / phrases.overall[root]
        if use.complete < COMPLETE * use.passages:
            continue
        text = use.written()
        about = subjects_of(text)
        heavy = sorted(weights.get(word, KIN * kin.get(word[:SAME], 0.0)) for word in about)
        if not _fits(heavy, use.passages, share):
            continue
        # Of "the board of the finance committee" the two heaviest words tell what it is about.
        subject = max(fmean(heavy[-2:] or [0.0]) * (1.0 if len(heavy) > 1 else ALONE), weights.get(stem(text), 0.0))
        score = share * (SUBJECT * subject + USE * phrases.spread(theme, root)) - _flaws(text, strangers)
        if use.passages == 1:
            joined = bool(LINKS & set(text.split())) and not is_doing(text.split()[0])
            score -= RARE * min(1.0, 0.5 + len(own) / 80) + JOINED * joined
        found.append(Candidate(text, about, score))
    found = sorted(found, key=lambda c: (-c.score, c.text))[:LONGLIST]
    found = [replace(c, score=c.score + FINDS * _finds(c.about, own, phrases.where)) for c in found]
    return _varied(sorted(found, key=lambda c: (-c.score, c.text)))


def _finds(about: frozenset[str], own: frozenset[int], where: Mapping[str, set[int]]) -> float:
    """F1, 0..1: how well the passages that hold any of these words are the theme's own."""
    hits = frozenset[int]().union(*(where.get(word, ()) for word in about))
    return 2 * len(hits & own) / (len(hits) + len(own))


def _varied(found: Sequence[Candidate]) -> list[Candidate]:
    """SHORTLIST of them, each time the one that repeats least what stands on the list already."""
    left, chosen = list(found), list[Candidate]()
    repeats = [0.0] * len(left)
    while left and len(chosen) < SHORTLIST:
        worth = [c.score - REPEATED * repeated for c, repeated in zip(left, repeats, strict=True)]
        at = worth.index(max(worth))  # the first of equals
        best = left.pop(at)
        repeats.pop(at)
        chosen.append(best)
        for i, c in enumerate(left):
            if both := len(c.about & best.about):
                repeats[i] = max(repeats[i], both / len(c.about | best.about))
    return chosen


def _fits(heavy: Sequence[float], passages: int, own: float) -> bool:
    """Whether a phrase with these weights of its subject words, heaviest last, may name a theme at all."""
    if not heavy:
        return passages > 3 and own >= OWN
    return passages > 1 or heavy[-1] >= HEAVY


def _flaws(text: str, strangers: frozenset[str]) -> float:
    words = text.split()
    flaws = LONG * max(0, len(words) - 4) + AND * ("and" in words) + COUNTED * (words[0] in CARDINALS)
    vague = (words[-1] in STOP_WORDS and words[-1] not in SPEAKING) or (words[0] in UTTERING and words[1] in LINKS)
    light = words[0] in STOP_WORDS and words[0] in LIGHT_HEADS
    one_of_many = {"a", "an"} & set(words) and not words[0].endswith("ing")
    flaws += LIGHT * light + ONE_OF_MANY * bool(one_of_many)
    flaws -= DOING * (words[0].endswith("ing") and words[0] not in LIGHT_HEADS and is_doing(words[0]))
    return flaws + VAGUE * vague + STRANGE * sum(word in strangers for word in words)


def _with_meaning(
    found: Sequence[Candidate], theme: int, centres: Mapping[int, Vectors], vectors: Mapping[str, Vectors]
) -> npt.NDArray[np.float64]:
    """Scores of the candidates with how near they are to their theme, and how much nearer than to any other."""
    if not found:
        return np.empty(0)
    scores = np.array([candidate.score for candidate in found])
    rows = np.vstack([vectors[candidate.text] for candidate in found]).astype(np.float64)
    known = np.any(rows != 0, axis=1)
    near = rows @ centres[theme].astype(np.float64)
    rest = [rows @ centre.astype(np.float64) for other, centre in centres.items() if other != theme]
    meaning = near + CONTRAST * (near - np.max(rest, axis=0)) if rest else near
    # What is not known counts as much as a middling candidate, or nobody would be chosen for anything else.
    middle = float(np.median(meaning[known])) if known.any() else ENOUGH
    return np.round(scores + np.where(known, meaning, middle), 6)


def _choose(
    lists: Mapping[int, Sequence[Candidate]],
    scores: Mapping[int, npt.NDArray[np.float64]],
    vectors: Mapping[str, Vectors],
) -> dict[int, str]:
    """{theme: phrase}: the best claim of all is met first, and others keep off what it is about."""
    left = {theme: score.copy() for theme, score in scores.items() if len(score)}
    chosen: dict[int, str] = {}
    while left:
        theme = min(left, key=lambda t: (-float(left[t].max()), t))
        best = int(np.argmax(left[theme]))
        claim = lists[theme][best]
        if left.pop(theme)[best] < ENOUGH:
            continue
        chosen[theme] = claim.text
        for other, score in left.items():
            for i, candidate in enumerate(lists[other]):
                if candidate.text == claim.text:
                    score[i] = -np.inf
                elif candidate.about & claim.about or vectors[candidate.text] @ vectors[claim.text] >= ALIKE:
                    score[i] -= SHARED
    return chosen


def _capitals(texts: Sequence[str], said: Mapping[str, int]) -> dict[str, str]:
    """{word: its form with capitals}, of words that are mostly written so inside sentences.

    Longer words in capitals are shouted, shorter ones are acronyms.
    """
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for form in re.findall(r"(?<=[a-z,] )[A-Z][\w'-]*", text):
            forms[form.lower()][form] += 1
    found = {
        word: counts.most_common(1)[0][0] for word, counts in forms.items() if counts.total() >= PROPER * said[word]
    }
    return {word: form.capitalize() if form.isupper() and len(form) > 5 else form for word, form in found.items()}


def _strangers(capitals: Mapping[str, str]) -> frozenset[str]:
    """Names of people, streets, projects: capitalised, no acronym, and not known to everybody."""
    return frozenset(word for word, form in capitals.items() if not form.isupper() and not {word, stem(word)} & WORLD)


def _lists(terms: Sequence[Term]) -> list[str]:
    """The three heaviest terms, then fewer: names for a theme without a phrase, of LONGEST words at most."""
    fit = [term for term in terms if not set(term.text.split()) & (FIRST_NAMES | BOILERPLATE)]
    words = distinct(fit, 3)
    lists = [f"{', '.join(words[:-1])} and {words[-1]}" for words in (words, words[:2]) if len(words) > 1]
    return [name for name in lists if len(name.split()) <= LONGEST] + words


def _written(phrase: str, capitals: Mapping[str, str]) -> str:
    """In sentence case, with the capitals people's names for things carry in the middle of a sentence."""
    words = [capitals.get(word, word) for word in phrase.split()]
    return " ".join([words[0][0].upper() + words[0][1:], *words[1:]])
