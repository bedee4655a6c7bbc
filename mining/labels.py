"""Names for themes: a few words that people really said, as one would write them on a wall.

Candidates are phrases of two to five words from the theme's own talk; the one that is used most, mostly here, and
comes closest in meaning to the whole theme wins. A theme without such a phrase is named by its heaviest words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import log2

from mining.bertopic_keywords import Term, distinct
from mining.embedder import Vectors
from mining.words import EDGE_WORDS, clauses, names_subject, stem, word_set

LONGEST = 5
"""Words of a phrase."""
LINKS = word_set(
    """
    a about after against an and as at before between by for from in into my no not of on or our over the their to under
    up upon with within without your
    """
)
"""Function words a name may hold inside ("names and phone numbers"); with any other it is a piece of a sentence."""
DETERMINERS = word_set("a an my our the their your")
"""These follow a link or the first word of a phrase ("calling the boss"); elsewhere a sentence begins anew there."""
SHORTLIST = 30
"""Candidates of a theme that are compared in meaning."""
SUBJECT, USE, LENGTH = 0.5, 0.12, 0.04
"""Weights beside cosine (0..1): of the theme's key words in a phrase, of its use, and of each word beyond three."""
HEAVY = 0.25
"""Share of the heaviest key word's weight from which a word counts as a key word of the theme."""
WHOLE = 0.6
"""A phrase that goes on in the same way in this share of its passages is cut off too early."""
OWN = 0.75
"""Share of its passages that must be the theme's for a phrase without any subject word ("say no")."""
ENOUGH = 0.6
"""Score below which no phrase is good enough and the heaviest words are listed."""

Embed = Callable[[Sequence[str]], Vectors]


def name_themes(
    texts: Sequence[str],
    themes: Sequence[int],
    groups: Sequence[int],
    terms: Mapping[int, Sequence[Term]],
    centres: Mapping[int, Vectors],
    embed: Embed,
) -> dict[int, str]:
    """{theme: label}. `themes` and `groups` say where each text belongs; themes below 1 are none.

    `terms` are each theme's heaviest, `centres` (d,) its mean vector. Themes are named in the order of their numbers;
    no two get the same words.
    """
    use = _Use(texts, themes, groups)
    lists = {theme: use.shortlist(theme, terms[theme]) for theme in sorted(terms)}
    phrases = sorted({phrase for found in lists.values() for phrase in found})
    meaning = dict(zip(phrases, embed(phrases), strict=True)) if phrases else {}
    labels: dict[int, str] = {}
    taken: list[frozenset[str]] = []
    for theme, found in lists.items():
        close = {phrase: score + float(meaning[phrase] @ centres[theme]) for phrase, score in found.items()}
        good = [phrase for phrase in close if close[phrase] >= ENOUGH]
        ranked = [*sorted(good, key=lambda p: (-close[p], p)), *_lists(terms[theme])]
        label = next((p for p in ranked if not any(_alike(p, other) for other in taken)), f"theme {theme}")
        taken.append(_stems(label))
        labels[theme] = _written(label, [text for text, its in zip(texts, themes, strict=True) if its == theme])
    return labels


class _Use:
    """Which phrases are said in which theme: by how many passages and groups, and by how many of all."""

    def __init__(self, texts: Sequence[str], themes: Sequence[int], groups: Sequence[int]) -> None:
        self.passages: dict[int, Counter[str]] = defaultdict(Counter)
        self.groups: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.overall: Counter[str] = Counter()
        self.longest: dict[int, dict[str, int]] = defaultdict(dict)
        """By how many passages the most frequent longer phrase is said that begins or ends with a phrase."""
        self.sizes = Counter(themes)
        for text, theme, group in zip(texts, themes, groups, strict=True):
            said = _phrases(text)
            self.overall.update(said)
            if theme > 0:
                self.passages[theme].update(said)
                for phrase in said:
                    self.groups[theme][phrase].add(group)
        for theme, counts in self.passages.items():
            for phrase, passages in counts.items():
                words = phrase.split()
                for cut in range(2, len(words)):
                    for part in (" ".join(words[:cut]), " ".join(words[-cut:])):
                        self.longest[theme][part] = max(self.longest[theme].get(part, 0), passages)

    def shortlist(self, theme: int, terms: Sequence[Term]) -> dict[str, float]:
        """{phrase: what speaks for it besides its meaning} of the SHORTLIST best ones."""
        heaviest = max((term.weight for term in terms), default=1.0)
        weights = {stem(term.text): term.weight / heaviest for term in reversed(terms)}
        scores = {}
        for phrase, passages in self.passages[theme].items():
            words = phrase.split()
            content = sorted(weights.get(stem(w), 0.0) for w in words if names_subject(w))
            own = passages / self.overall[phrase]
            if not self._fits(content, passages, own) or self._cut_off(theme, phrase, passages):
                continue
            # Of "the board of the finance committee" the two heaviest words tell what it is about.
            subject = max(sum(content[-2:]) / 2, weights.get(phrase, 0.0))
            spread = log2(passages) + log2(len(self.groups[theme][phrase]))
            scores[phrase] = own * (SUBJECT * subject + USE * spread) - LENGTH * max(0, len(words) - 3)
        best = sorted(scores, key=lambda p: (-scores[p], p))[:SHORTLIST]
        return {phrase: scores[phrase] for phrase in best}

    def _fits(self, content: Sequence[float], passages: int, own: float) -> bool:
        """Whether a phrase with these weights of its content words, heaviest last, may name a theme at all."""
        if not content:
            return passages > 3 and own >= OWN
        return passages > 1 or (len(content) > 1 and content[-2] >= HEAVY)

    def _cut_off(self, theme: int, phrase: str, passages: int) -> bool:
        return self.longest[theme].get(phrase, 0) >= max(2, WHOLE * passages)


def _phrases(text: str) -> set[str]:
    """Runs of two to LONGEST words within a clause, with nothing but links between words that may begin and end one."""
    found = set()
    for clause in clauses(text):
        fits = [word not in EDGE_WORDS and len(word) > 1 and word[0].isalpha() for word in clause]
        for first in range(len(clause)):
            if not fits[first]:
                continue
            for last in range(first + 1, min(first + LONGEST, len(clause))):
                if fits[last] and len(set(clause[first : last + 1])) == last - first + 1:
                    found.add(" ".join(clause[first : last + 1]))
                elif not _links(clause, first, last):
                    break
    return found


def _links(clause: Sequence[str], first: int, at: int) -> bool:
    """Whether a phrase that begins at `first` may go on over the function word at `at`."""
    afresh = clause[at] in DETERMINERS and at - 1 > first and clause[at - 1] not in LINKS
    return clause[at] in LINKS and not afresh


def _lists(terms: Sequence[Term]) -> list[str]:
    """The three heaviest terms, then fewer: names for a theme without a phrase, of LONGEST words at most."""
    words = distinct(terms, 3)
    lists = [f"{', '.join(words[:-1])} and {words[-1]}" for words in (words, words[:2]) if len(words) > 1]
    return [name for name in lists if len(name.split()) <= LONGEST] + words


def _stems(phrase: str) -> frozenset[str]:
    return frozenset(stem(word) for word in phrase.split() if names_subject(word)) or frozenset(phrase.split())


def _alike(phrase: str, other: frozenset[str]) -> bool:
    """Whether one of two says no more than the other."""
    stems = _stems(phrase)
    return stems <= other or other <= stems


def _written(phrase: str, texts: Sequence[str]) -> str:
    """In sentence case, with the capitals people's names for things carry in the middle of a sentence."""
    words = [_cased(word, texts) for word in phrase.split()]
    return " ".join([words[0][0].upper() + words[0][1:], *words[1:]])


def _cased(word: str, texts: Sequence[str]) -> str:
    """As it is written most often inside sentences. Longer words in capitals are shouted, shorter ones are acronyms."""
    forms = Counter(form for text in texts for form in re.findall(rf"(?<=[a-z,] ){re.escape(word)}\b", text, re.I))
    form = forms.most_common(1)[0][0] if forms else word
    return form.capitalize() if form.isupper() and len(form) > 5 else form
