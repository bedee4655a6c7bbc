"""What may be told of many groups so that nobody learns of one: numbers, shares and words for those who were in a
group themselves. Pure; `mining.privacy.discretion` applies it.

Whoever reads knows what was said in their own group, and may compare with others. They must not be able to conclude of
a group that is not theirs whether it raised a theme.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from mining.describing.phrases import root_of
from mining.wordlists import FIRST_NAMES, WORLD
from mining.words import STOP_WORDS, content_words, stem, words_of

LEAST_QUORUM = 2
"""One group is no crowd: a smaller k is taken for this one."""
SOME = 2
"""Groups that must use a word before a name the software gave may carry it: one group's word is not everybody's."""
NUMBERED = re.compile(r"\[person \d+\]")
SOMEBODY = "[person]"
_MASK = re.compile(r"\[[^\]\[]{1,40}\]")
_CAPITAL = re.compile(r"(?<=[a-z,;] )[A-Z][^\W\d_]*[a-z]")
_FIRST = re.compile(r"\b[A-Z][a-z]+")

Phrase = TypeVar("Phrase", bound=Hashable)
Words = tuple[str, ...]


def told(breadth: int, groups: int, quorum: int) -> tuple[int, bool]:
    """How many of `groups` raise a theme, as it may be told, and whether that is exact or a least number.

    Where nearly all do, "nine of ten" would tell somebody in the tenth of all the others: told is then a number so low
    that `quorum` - 1 people from silent groups still cannot tell of any other group. In an event of fewer than twice
    `quorum` groups that cannot be: that a theme is shown at all says that more than half of them raise it.
    """
    if groups - breadth > quorum:
        return breadth, True
    return max(quorum, groups - quorum), False


def levelled(shares: Sequence[float], open_: Sequence[bool]) -> list[float]:
    """Shares of themes in the order of their numbers, with those of neighbouring `open_` ones evened out until they do
    not rise; their sum stays.

    Themes are numbered by breadth, then by share: a share above that of the theme before it would betray that it is
    raised by fewer groups, where the number of groups is left open. (Pool adjacent violators.)
    """
    blocks: list[tuple[float, int, bool]] = []  # mean, how many, whether open
    for share, is_open in zip(shares, open_, strict=True):
        mean, many = share, 1
        while is_open and blocks and blocks[-1][2] and blocks[-1][0] < mean:
            before, number, _ = blocks.pop()
            mean, many = (before * number + mean * many) / (number + many), number + many
        blocks.append((mean, many, is_open))
    return [mean for mean, many, _ in blocks for _ in range(many)]


def phrase(text: str) -> Words:
    """The words of a phrase as they are compared: without articles and endings."""
    return tuple(root_of(words_of(text)))


def used(phrases: Iterable[Words], said: Iterable[tuple[int, str]], least: int) -> set[Words]:
    """The phrases that at least `least` groups use, of (group, text) pairs; reads no further than it has to."""
    waiting = {each for each in phrases if each}
    by: dict[Words, set[int]] = defaultdict(set)
    for group, text in said:
        spoken = root_of(words_of(text))
        for each in [each for each in waiting if group not in by[each] and _within(each, spoken)]:
            by[each].add(group)
            if len(by[each]) >= least:
                waiting.remove(each)
        if not waiting:
            break
    return {each for each, groups in by.items() if len(groups) >= least}


def subjects(label: str) -> list[Words]:
    """The words of a name that must be used by several groups; a name that has none must be used as a whole."""
    return [phrase(word) for word in content_words(label)] or [phrase(label)]


def masked(text: str) -> str:
    """With people's numbers taken off: who is spoken of in two quotes must not be told to be the same."""
    return NUMBERED.sub(SOMEBODY, text)


def names_told(text: str) -> int:
    """How many names of people, places and projects a text tells, as far as capitals and masks show it: what people say
    of what only they know tells who they are. What everybody knows ("Monday", "English") does not count."""
    inside = {word.lower() for word in _CAPITAL.findall(text)}
    known = {word for word in inside if word in STOP_WORDS or {word, stem(word)} & WORLD}
    first = {word.lower() for word in _FIRST.findall(text)} & FIRST_NAMES
    return len(_MASK.findall(text)) + len((inside - known) | first)


def common(names: Iterable[Words], said: Iterable[tuple[int, str]], least: int) -> set[Words]:
    """The names that at least `least` groups say, of (group, text) pairs: they are nobody's any more."""
    by: dict[Words, set[int]] = defaultdict(set)
    wanted = list(names)
    for group, text in said:
        for name in named_in(wanted, text):
            by[name].add(group)
    return {name for name, groups in by.items() if len(groups) >= least}


def literal(text: str) -> Words:
    """All words and numbers as they are written, in small letters: what names of rooms are looked for by."""
    return tuple(re.findall(r"[^\W_]+", text.casefold()))


def named_in(names: Iterable[Words], text: str) -> set[Words]:
    """Which of these names, as `literal` gives them, stand in a text."""
    spoken = literal(text)
    return {name for name in names if name and _within(name, spoken)}


def _within(part: Words, whole: Sequence[str]) -> bool:
    if len(part) == 1:
        return part[0] in whole
    return any(tuple(whole[i : i + len(part)]) == part for i in range(len(whole) - len(part) + 1))
