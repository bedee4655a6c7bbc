"""How each group speaks of a theme, as against the others: its own key words, and its most central passages.

Groups that do not raise the theme are absent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mining.bertopic_keywords import class_terms, distinct

KEYWORDS = 6
QUOTES = 3


@dataclass(frozen=True)
class Perspective:
    """`quotes` are indices of passages, most central first."""

    group: int
    keywords: tuple[str, ...]
    quotes: tuple[int, ...]


def perspectives(
    said: Sequence[tuple[int, str]], members: Sequence[int], order: Sequence[int], seconds: Mapping[int, float]
) -> tuple[Perspective, ...]:
    """One per group of a theme, most talk first.

    `said` is (group, text) of each of the theme's passages, `members` their indices, `order` the same indices from the
    most central on, `seconds` talk on the theme by group. Key words are c-TF-IDF with the groups as classes.
    """
    terms = class_terms([text for _, text in said], [group for group, _ in said], 3 * KEYWORDS)
    whose = {i: group for i, (group, _) in zip(members, said, strict=True)}
    return tuple(
        Perspective(
            group=group,
            keywords=tuple(distinct(terms[group], KEYWORDS)),
            quotes=tuple(i for i in order if whose[i] == group)[:QUOTES],
        )
        for group in sorted(seconds, key=lambda group: (-seconds[group], group))
    )
