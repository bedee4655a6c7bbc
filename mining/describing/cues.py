"""Set phrases of spoken English found in passages: what kinds.py and off_topic.py go by besides meaning.

A recogniser gives neither case nor punctuation, so phrases are looked up in plain lower-case words: contractions
written out, hesitation and words that change nothing ("just", "really") left out. Lookup is by a tree of words, about
40 microseconds for a passage of 85 words, where regular expressions of the same phrases take milliseconds.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[.!?]")
_MASK = re.compile(r"\[[^\]\[]{1,40}\]")
_EMPTY = frozenset(
    """
    actually ah also basically certainly definitely eh er erm even hm hmm honestly huh just literally maybe mm oh only
    perhaps personally probably quite rather really simply uh um
    """.split()  # noqa: SIM905
)
_SUFFIXES = {"'ll": "will", "'re": "are", "'ve": "have", "'m": "am", "'d": "would"}
_WHOLE = {
    **{f"{word}'s": f"{word} is" for word in "he here how it she somebody that there what when where who".split()},  # noqa: SIM905
    **{"can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not", "let's": "let us"},
    **{"gonna": "going to", "wanna": "want to", "gotta": "got to", "lemme": "let me", "dunno": "do not know"},
    **{"anyone": "anybody", "someone": "somebody", "everyone": "everybody", "noone": "nobody", "okay": "ok"},
}
_ENDS = frozenset(".!?")


@dataclass(frozen=True)
class Spoken:
    """`words` are plain and lower-case; `ends` are the positions at which a sentence ends, none in a bare transcript.

    `asked` counts the words of sentences that end in a question mark.
    """

    words: tuple[str, ...]
    ends: tuple[int, ...]
    asked: int


def spoken(text: str) -> Spoken:
    """The plain words of a passage as it was transcribed."""
    words: list[str] = []
    ends: list[int] = []
    asked = begin = 0
    for piece in _TOKEN.findall(_MASK.sub(" ", text).lower().replace("’", "'")):
        if piece in _ENDS:
            if len(words) > begin:
                ends.append(len(words))
                asked += len(words) - begin if piece == "?" else 0
                begin = len(words)
        elif piece not in _EMPTY:
            words.extend(_PLAIN.get(piece) or _plain(piece))
    return Spoken(tuple(words), tuple(ends), asked)


_PLAIN: dict[str, tuple[str, ...]] = {short: tuple(long.split()) for short, long in _WHOLE.items()}


def _plain(word: str) -> tuple[str, ...]:
    """A word with its contraction written out. Other possessives stay as they are."""
    if "'" not in word:
        return (word,)
    stem, _, tail = word.partition("'")
    if f"'{tail}" in _SUFFIXES:
        return stem, _SUFFIXES[f"'{tail}"]
    if tail == "t" and stem.endswith("n"):
        return stem[:-1], "not"
    return (word,)


class Cues:
    """Phrases by family: {family: lines of phrases}, one phrase a line, alternatives for a word parted by "/".

    A phrase found inside a longer one that starts at the same word does not count: "i will say" is no "i will".
    """

    def __init__(self, families: Mapping[str, str]) -> None:
        self.families = tuple(families)
        self._tree: dict[str, Any] = {}
        for number, lines in enumerate(families.values()):
            for line in lines.strip().splitlines():
                for words in product(*(part.split("/") for part in line.split())):
                    node = self._tree
                    for word in words:
                        node = node.setdefault(word, {})
                    node[""] = number

    def find(self, words: Sequence[str]) -> list[tuple[int, int, int]]:
        """(family's number, first word, word after the last) of every phrase, in order."""
        found = []
        size = len(words)
        for first, word in enumerate(words):
            node = self._tree.get(word)
            at, family, end = first + 1, None, 0
            while node is not None:
                if "" in node:
                    family, end = node[""], at
                if at == size:
                    break
                node = node.get(words[at])
                at += 1
            if family is not None:
                found.append((family, first, end))
        return found
