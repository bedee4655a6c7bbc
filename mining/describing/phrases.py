"""Which phrases a theme could be named by: runs of two to five words that read like a heading, counted over the talk.

Between talk and labels. Each word is taken for a noun, a doing, a past form, a link ... from a few lists and the word
before it, and a phrase must have one of the shapes a heading has: "finance review", "boss of my friends", "saying no
to the director", "promoted over my colleagues", "time to reflect". "Say no", "said no" and "saying no" are one phrase.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise
from math import log2

from mining.wordlists import ADJECTIVES, ALSO_NOUNS, BOILERPLATE, FIRST_NAMES, PAST, THINGS_IN_ING, VERBS
from mining.words import BACKCHANNELS, EDGE_WORDS, STOP_WORDS, clauses, names_subject, stem, word_set

LONGEST = 5
"""Words of a phrase."""
PART = 0.7
"""What the use of a part counts for a phrase."""
LINKS = word_set(
    "about across after against among as at before behind between beyond by for from in into near of on outside over "
    "through toward towards under upon with within without"
)
DETERMINERS = word_set("the a an my our their your another")
_AROUND = word_set("up upstairs upwards down back away off out together alone ahead home online inside behind early")
"""These may end a doing: "saying no upstairs", "giving up"."""
_BEFORE_VERB = word_set(
    "to i you we they can could will would shall should may might must don't didn't doesn't won't can't couldn't "
    "wouldn't i'd we'd you'd they'd i'll we'll you'll they'll let's not never always who cannot gonna wanna"
)
_BEFORE_PARTICIPLE = word_set("was were been being be is are got get getting i'm we're they're you're")
_BEFORE_FINITE = word_set("he she it that who which there what everybody nobody someone somebody everyone")
_LIGHT = word_set("use keep get have make take give put go do call start stop try help ask tell")
"""Verbs that head a phrase though stop words: with what is done to what."""
_EMPTY = word_set(
    "be know let mean seem think come want guess happen like need suppose remember love hate enjoy prefer consider "
    "wonder notice realise realize believe hope wish expect imagine tend depend appear mention versus "
    "own one same"
)
"""Too empty to stand in a name, whatever follows."""
_MODALS = word_set("can could will would should must might may don't didn't doesn't won't can't couldn't i we they you")
"""What stands before verbs and never before nouns."""
CARDINALS = word_set("two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred")
_ORDINALS = word_set("first second third fourth fifth sixth seventh eighth ninth tenth")
_ADJECTIVE = re.compile(r".{3,}(?:ful|ous|able|ible|less|ical|ish)$")
_NOUN_IN_LY = word_set("family supply assembly monopoly anomaly bully rally belly jelly lily")

# One letter per word: D determiner, L link, T to, N noun, J adjective, G doing, V verb, E past form, A around, O no,
# C and, X what no name may hold.
_NOUNS = "(?:[JG]?[JN]?N)"
_SHAPES = re.compile(
    rf"{_NOUNS}N?"
    rf"|{_NOUNS}(?:[LAT]D?|C){_NOUNS}"
    rf"|{_NOUNS}TV(?:D?{_NOUNS}|A|O|CV)?"
    rf"|[GV](?:A?[LT]?D?{_NOUNS}|A|O[LAT]?D?{_NOUNS}|OA?)"
    rf"|[GV]D?{_NOUNS}[LAT]D?{_NOUNS}"
    rf"|E(?:A?[LT]|A)D?{_NOUNS}"
    rf"|O{_NOUNS}(?:TV)?"
)
_BEGINNINGS = frozenset("NJGVEO")
_ENDINGS = frozenset("NVAO")

Root = tuple[str, ...]


@dataclass
class Use:
    """How one theme uses a phrase: in how many passages, which groups, in which forms of words.

    `complete` counts the passages in which it is no part of a longer run of nouns, as "credit card" is of "credit card
    debt".
    """

    passages: int = 0
    complete: int = 0
    groups: set[int] = field(default_factory=set)
    forms: dict[str, int] = field(default_factory=dict)

    @property
    def spread(self) -> float:
        """Passages and groups, each on a scale on which the second counts as much as the third and fourth together."""
        return log2(1 + self.passages) + log2(1 + len(self.groups))

    def written(self) -> str:
        """The form to show: a doing before any other, then the most frequent one."""
        return min(self.forms, key=lambda f: (not is_doing(f.split()[0]), -self.forms[f], len(f), f))


class Phrases:
    """The phrases of each theme of an event (themes below 1 are none) and what of an event's talk they are."""

    def __init__(self, texts: Sequence[str], themes: Sequence[int], groups: Sequence[int]) -> None:
        self.of: dict[int, dict[Root, Use]] = defaultdict(lambda: defaultdict(Use))
        self.overall: Counter[Root] = Counter()
        """Passages of the whole event, by phrase."""
        self.raising = {t: len({g for g, own in zip(groups, themes, strict=True) if own == t}) for t in set(themes)}
        """How many groups raise each theme."""
        self.members: dict[int, list[int]] = defaultdict(list)
        for i, theme in enumerate(themes):
            self.members[theme].append(i)
        said = [clauses(text) for text in texts]
        self.words: Counter[str] = Counter()
        """How often each word is said in the event."""
        self.where: dict[str, set[int]] = defaultdict(set)
        """Indices of the texts that hold a word, by its stem; of words that may name a subject."""
        for i, text in enumerate(said):
            self.words.update(chain.from_iterable(text))
            for word in set(chain.from_iterable(text)):
                if subject := _subject(word):
                    self.where[subject].add(i)
        verbs = _used_as_verbs(said)
        for text, theme, group in zip(said, themes, groups, strict=True):
            found = phrases_of(text, verbs)
            self.overall.update(found.keys())
            if theme > 0:
                for root, (form, complete) in found.items():
                    use = self.of[theme][root]
                    use.passages += 1
                    use.complete += complete
                    use.groups.add(group)
                    use.forms[form] = use.forms.get(form, 0) + 1

    def spread(self, theme: int, root: Root) -> float:
        """0..1: how widely a theme uses a phrase, or in part a phrase that is at its beginning or end.

        "Saying no upstairs" is better known than its single passage tells, where "saying no" is said in seven.
        """
        own = self.of[theme]
        parts = [part for size in range(2, len(root)) for part in (root[:size], root[-size:]) if part in own]
        spread = max([own[root].spread, *(PART * own[part].spread for part in parts)])
        return spread / (log2(1 + len(self.members[theme])) + log2(1 + self.raising[theme]))


def phrases_of(said: Sequence[Sequence[str]], verbs: frozenset[str] = frozenset()) -> dict[Root, tuple[str, bool]]:
    """{root: (form in lower case, whether complete)} of every phrase in the clauses of a text that could head a page.

    The form is what was said, only that a phrase that begins with a verb begins with its -ing: "say no", "saying no".
    `verbs` are words to take for verbs beside those of the lists.
    """
    found: dict[Root, tuple[str, bool]] = {}
    for clause in said:
        letters = "".join(map(_letter, clause, ["", *clause]))
        if not verbs.isdisjoint(clause):
            unknown = zip(clause, letters, ["", *clause], strict=False)
            letters = "".join(_as_verb(before) if word in verbs else letter for word, letter, before in unknown)
        for first, last in _spans(letters):
            words = clause[first:last]
            if len(set(words)) == len(words):
                head = doing(_base(words[0]) or words[0]) if letters[first] == "V" else words[0]
                complete = not (
                    letters[last : last + 1] == "N" or (letters[first] in "NJ" and letters[:first][-1:] == "N")
                )
                root = root_of(words)
                if complete or root not in found:
                    found[root] = " ".join([head, *words[1:]]), complete
    return found


def _used_as_verbs(said: Sequence[Sequence[Sequence[str]]]) -> frozenset[str]:
    """Words of no list that this talk uses as verbs: after "can", "we", "don't" and hardly ever after "the" or "my"."""
    verb: Counter[str] = Counter()
    noun: Counter[str] = Counter()
    for text in said:
        for clause in text:
            for before, word in pairwise(clause):
                if before in _MODALS:
                    verb[word] += 1
                elif before in DETERMINERS:
                    noun[word] += 1
    return frozenset(word for word, count in verb.items() if count > 2 * noun[word] and _letter(word, "") == "N")


def _as_verb(before: str) -> str:
    return "V" if before in _BEFORE_VERB else "X"


def root_of(words: Sequence[str]) -> Root:
    """What two forms of a phrase have in common: no articles, no endings."""
    return tuple(_root(word) for word in words if word not in DETERMINERS)


def doing(base: str) -> str:
    """The form in -ing of a verb's base form."""
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return base[:-1] + "ing"
    short = re.fullmatch(r"[^aeiou]*(?:qu)?[aeiou][bdglmnprt]", base)
    stressed = base in {"begin", "admit", "permit", "forget", "regret", "occur", "control", "cancel", "travel"}
    return base + base[-1] * bool(short or stressed) + "ing"


def _spans(letters: str) -> Iterator[tuple[int, int]]:
    """Where a clause holds phrases: first word, and the one after the last."""
    for first, letter in enumerate(letters):
        if letter in _BEGINNINGS:
            for last in range(first + 2, min(first + LONGEST, len(letters)) + 1):
                if letters[last - 1] == "X":
                    break
                if letters[last - 1] in _ENDINGS and _SHAPES.fullmatch(letters, first, last):
                    yield first, last


_FIXED = {
    **dict.fromkeys(LINKS, "L"),
    **dict.fromkeys(_AROUND, "A"),
    **dict.fromkeys(DETERMINERS, "D"),
    **dict.fromkeys(_ORDINALS | CARDINALS, "J"),
    **dict.fromkeys(BACKCHANNELS | FIRST_NAMES | BOILERPLATE | _EMPTY, "X"),
    "to": "T",
    "no": "O",
    "and": "C",
}


@lru_cache(maxsize=65536)
def _letter(word: str, before: str) -> str:
    if fixed := _FIXED.get(word):
        return fixed
    if len(word) < 2 or not word[0].isalpha() or ("'" in word and not word.endswith("'s")):
        return "X"
    if base := _base(word):
        return _verb(word, base, before)
    if word in STOP_WORDS and (word in EDGE_WORDS or word.endswith("ly")):
        return "X"
    if word in ADJECTIVES or _ADJECTIVE.match(word) or word.endswith("'s"):
        return "J"
    return "X" if word.endswith("ly") and word not in _NOUN_IN_LY else "N"


def _verb(word: str, base: str, before: str) -> str:
    """The letter of a word that is, or may be, a form of the verb `base`."""
    if base in _EMPTY or (word in STOP_WORDS and word in EDGE_WORDS and base not in _LIGHT):
        return "X"
    if is_doing(word):
        return "G"
    finite = before in _BEFORE_VERB
    if word not in (base, base + "s", base + "es"):  # a past form
        if before in _BEFORE_PARTICIPLE:
            return "E"
        return "V" if finite else "X" if word in STOP_WORDS else "J"
    if word == base and (finite or not before):
        return "V"
    plural = before.endswith("s") and stem(before) != before and before not in STOP_WORDS  # "kids talk"
    noun = base in ALSO_NOUNS and before not in _BEFORE_FINITE and not (word == base and plural)
    return "N" if noun and (word not in EDGE_WORDS or word not in STOP_WORDS) else "X"


@lru_cache(maxsize=65536)
def _base(word: str) -> str | None:
    """The base form of a word that may be a verb's; None for any other."""
    if word in VERBS or word in PAST.values():
        return word
    if word in PAST:
        return PAST[word]
    if word in THINGS_IN_ING:
        return None
    for ending, least in (("ing", 5), ("ed", 4), ("es", 4), ("s", 3)):
        if word.endswith(ending) and len(word) >= least:
            rest = word[: -len(ending)]
            doubled = rest[:-1] if len(rest) > 3 and rest[-1] == rest[-2] else rest
            tries = (rest, rest + "e", doubled, rest[:-1] + "y" if rest.endswith("i") else rest)
            return next((base for base in tries if base in VERBS or base in _LIGHT), None)
    return None


@lru_cache(maxsize=65536)
def _root(word: str) -> str:
    return _base(word) or stem(word)


def is_doing(word: str) -> bool:
    """Whether a word in -ing is a verb's, not a thing: "calling", not "meeting"."""
    return word.endswith("ing") and _base(word) not in (None, word)


def is_verb_form(word: str) -> bool:
    """Whether a word may be what a sentence says of its subject: "costs", "stopped", not "stopping"."""
    return _base(word) is not None and not is_doing(word)


def subjects_of(phrase: str) -> frozenset[str]:
    """The stems of its words that may name a subject."""
    return frozenset(subject for word in phrase.split() if (subject := _subject(word)))


@lru_cache(maxsize=65536)
def _subject(word: str) -> str | None:
    return stem(word) if names_subject(word) else None
