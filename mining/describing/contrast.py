"""Which words and two-word phrases one group says in a theme and the others do not; the figures behind perspectives.

Weighted log-odds with an informative Dirichlet prior: Monroe, Colaresi and Quinn, "Fightin' Words" (2008). Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mining.describing.bertopic_keywords import Term
from mining.wordlists import FIRST_NAMES

Figures = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

Z = 1.28
"""How many standard errors a group's use of a phrase must lie above the others' (one-sided 10 %). Measured on real talk
of 5 to 24 rooms: a group with three passages or more has 2 to 8 such phrases; with the passages of each theme dealt out
to its groups by chance, two fifths of that. At 1.645 it is still a third, and of five rooms' phrases two in three are
lost: what was heard twice or three times cannot be more certain than that, so pages show the words with the talk."""
PASSAGES = 2
"""In how many of its passages a group must say it: what one person repeats in one story is not how a group speaks."""
COMMON = 0.25
"""Share of the other groups' passages from which on a phrase is the theme's, however often one group says it."""
REPEATS = 2
"""Times a phrase counts within one passage, for the same reason."""
PRIOR = 1 / 3
"""Weight of the prior, as a share of the theme's talk."""
EVENT = 0.2
"""Weight of the whole event within the prior, as a share of the theme's talk; the theme itself weighs 1. Of the event
alone the prior would make every word of the theme a word of its largest group, as it pulls the small ones further
down."""
PHRASE = 1.25
"""Weight of a phrase beside a single word: it says more, can be no more frequent than its words, and is less often
there by chance (at 1.0 as often as a word at 1.28)."""


@dataclass(frozen=True)
class _Counts:
    """One entry per (theme, group, term) that occurs: `uses` of it, the `passages` they are in, and what they are
    compared with: uses of the term by all groups in the theme, by the group in all themes, by everybody. `spread` is
    the share of the other groups' passages in the theme that hold it."""

    theme: Places
    group: Places
    term: Places
    uses: Figures
    passages: Figures
    in_theme: Figures
    by_group: Figures
    in_event: Figures
    spread: Figures


def contrasts(
    said: Sequence[Sequence[str]], themes: Sequence[int], groups: Sequence[int]
) -> dict[tuple[int, int], list[Term]]:
    """{(theme, group): what this group says in this theme and the others do not}, strongest first.

    `said` are the terms of each passage (`bertopic_keywords.terms_of`), `themes` and `groups` where it belongs; themes
    below 1 are none, and count as talk elsewhere. `weight` of a term is its z, times PHRASE for two words. A theme of
    one group has no entries, and no first name is a term.
    """
    names, counts = _counted(said, themes, groups)
    found: dict[tuple[int, int], list[Term]] = defaultdict(list)
    if not names:
        return found
    phrase = np.array([" " in name for name in names])[counts.term]
    z = _z(counts) * np.where(phrase, PHRASE, 1.0)
    fits = (counts.theme > 0) & (counts.passages >= PASSAGES) & (counts.spread < COMMON)
    for i in np.flatnonzero(fits & (z > Z)):
        term = Term(names[counts.term[i]], float(z[i]), int(counts.passages[i]))
        found[int(counts.theme[i]), int(counts.group[i])].append(term)
    return {key: sorted(terms, key=lambda term: (-round(term.weight, 6), term.text)) for key, terms in found.items()}


def _counted(said: Sequence[Sequence[str]], themes: Sequence[int], groups: Sequence[int]) -> tuple[list[str], _Counts]:
    """The terms, and their counts by theme and group."""
    places: dict[str, int] = {}
    rows: list[tuple[int, int, int]] = []
    for i, terms in enumerate(said):
        rows += [(i, places.setdefault(term, len(places)), min(n, REPEATS)) for term, n in Counter(terms).items()]
    names = list(places)
    known = np.array([not FIRST_NAMES.isdisjoint(name.split()) for name in names], bool)
    passage, term, times = np.array(rows, np.int64).reshape(-1, 3).T
    kept = ~known[term]
    passage, term, uses = passage[kept], term[kept], times[kept].astype(np.float64)
    theme_of = np.maximum(np.array(themes, np.int64), 0)
    numbers, group_of = np.unique(np.array(groups, np.int64), return_inverse=True)
    rooms, width = max(len(numbers), 1), max(len(names), 1)
    key = (theme_of[passage] * rooms + group_of[passage]) * width + term
    keys, first, entry = np.unique(key, return_index=True, return_inverse=True)
    theme, group, term = theme_of[passage[first]], group_of[passage[first]], term[first]
    total = np.asarray(np.bincount(entry, uses, len(keys)), np.float64)
    passages = np.bincount(entry, minlength=len(keys)).astype(np.float64)
    sizes, cells = np.bincount(theme_of, minlength=1), np.bincount(theme_of * rooms + group_of, minlength=1)
    others = sizes[theme] - cells[theme * rooms + group]
    return names if len(keys) else [], _Counts(
        theme=theme,
        group=numbers[group],
        term=term,
        uses=total,
        passages=passages,
        in_theme=_sums(theme * width + term, total),
        by_group=_sums(group * width + term, total),
        in_event=_sums(term, total),
        spread=(_sums(theme * width + term, passages) - passages) / np.maximum(others, 1),
    )


def _z(counts: _Counts) -> Figures:
    """Standard errors by which the log-odds of each entry lie above the other groups' in the same theme.

    What the group says more than others in all other themes too is taken off: the factor by which it does, itself
    drawn towards 1 by one use more on either side. An entry without other groups gets 0.
    """
    uses, cell = counts.uses, _sums(counts.theme * (counts.group.max() + 1) + counts.group, counts.uses)
    theme, group, event = _sums(counts.theme, uses), _sums(counts.group, uses), uses.sum()
    prior = PRIOR * theme
    mean = prior * (counts.in_theme + EVENT * theme * counts.in_event / event) / (theme * (1 + EVENT))
    others, other_cells = counts.in_theme - uses, theme - cell
    odds = _log_odds(uses + mean, cell + prior) - _log_odds(others + mean, other_cells + prior)
    error = np.sqrt(1 / (uses + mean) + 1 / (others + mean))
    away = group - cell
    rate = (counts.in_event - counts.in_theme - (counts.by_group - uses)) / np.maximum(event - theme - away, 1.0)
    habit = np.log((counts.by_group - uses + 1) / (away * rate + 1))
    return np.where(other_cells > 0, (odds - np.maximum(habit, 0.0)) / error, 0.0)


def _log_odds(part: Figures, whole: Figures) -> Figures:
    return np.asarray(np.log(part / np.maximum(whole - part, 1e-9)))


def _sums(keys: Places, values: Figures) -> Figures:
    """For each entry the sum over all that share its key."""
    _, place = np.unique(keys, return_inverse=True)
    return np.asarray(np.bincount(place, values)[place])
