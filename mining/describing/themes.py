"""From clusters of passages to themes: rank, label, key words, shares of talk, quotes, perspectives, neighbours, place
on the map, and which themes belong together.

Pure: texts, times and vectors in, values out. A theme's centre is the mean vector of its passages; how central a
passage is, its cosine to that centre.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from mining.clustering.grains import groups_of_themes
from mining.describing.bertopic_keywords import Term, class_terms, distinct, terms_of
from mining.describing.kinds import Kind, shares
from mining.describing.labels import Embed, name_themes
from mining.describing.perspectives import QUOTABLE, Perspective, perspectives_of
from mining.describing.statements import Spoken, Statement, central_statements
from mining.embedding.embedder import Vectors
from mining.words import stem

KEYWORDS = 10
TERMS = 200
"""Terms of a theme that labels are judged by."""
QUOTES = (3, 5)
"""At least, at most: the best passage of each of five groups, filled up where fewer groups raise the theme."""
ENUMERATED = 3
"""Terms that name a coarse theme."""
STATED = 8
"""Most central passages of a theme that its statement is looked for in."""
NEIGHBOURS = 3
CLOSEST = 0.08
"""Distance themes keep on the map, on its scale of -1..1."""


@dataclass(frozen=True)
class Talk:
    """One passage as themes see it: whose, how long (seconds), how many words, and its text as it was embedded.

    `spoken` are its utterances, where statements may be taken from them.
    """

    group: int
    seconds: float
    words: int
    text: str
    kind: Kind | None = None
    spoken: Sequence[Spoken] = ()


@dataclass(frozen=True)
class FoundTheme:
    """As `mining.models.Theme`, with indices of passages (from 0) in `members`, `quotes` and perspectives."""

    number: int
    label: str
    keywords: tuple[str, ...]
    members: tuple[int, ...]
    breadth: int
    depth: float
    by_group: dict[int, float]
    quotes: tuple[int, ...]
    perspectives: tuple[Perspective, ...]
    neighbours: tuple[int, ...]
    x: float
    y: float
    shared: int | None = None
    statement: Statement | None = None
    kinds: Mapping[str, float] | None = None
    parent: int | None = None


@dataclass(frozen=True)
class CoarseTheme:
    """Several themes that belong together: numbers of `parts`. It has no passages of its own."""

    number: int
    label: str
    keywords: tuple[str, ...]
    parts: tuple[int, ...]
    breadth: int
    depth: float
    by_group: dict[int, float]


@dataclass(frozen=True)
class Described:
    """`coarse` themes have the numbers after the last of `themes`.

    `strengths` has shape (n,): cosine of each passage to its theme's centre, cut at 0; 0 where it has none."""

    themes: tuple[FoundTheme, ...]
    strengths: npt.NDArray[np.float64]
    coarse: tuple[CoarseTheme, ...] = ()


def describe(talk: Sequence[Talk], vectors: Vectors, labels: Sequence[int], embed: Embed) -> Described:
    """Themes of the clusters `labels` (-1: none) over `vectors` (n, d). `embed` gives vectors for possible labels."""
    numbers = _ranked(talk, labels)
    members = {
        t: tuple(i for i, number in enumerate(numbers) if number == t) for t in range(1, max(numbers, default=0) + 1)
    }
    if not members:
        return Described((), np.zeros(len(talk)))
    said = [terms_of(each.text) for each in talk]
    words = _Words(talk, said, vectors, numbers, embed)
    stacked = np.vstack([words.centres[theme] for theme in members])
    strengths = np.array([max(0.0, float(vectors[i] @ words.centres[t])) if t else 0.0 for i, t in enumerate(numbers)])
    order = {theme: _central(talk, strengths, its) for theme, its in members.items()}
    names, statements = words.names(), words.statements(order)
    views = perspectives_of(talk, vectors, numbers, order, said)
    places, whole = _map(stacked), _seconds(talk, range(len(talk)))
    coarse = _coarse(talk, said, vectors, numbers, words)
    parents = {part: each.number for each in coarse for part in each.parts}
    themes = []
    for theme, its in members.items():
        breadth, depth, by_group = _reach(_seconds(talk, its), whole)
        themes.append(
            FoundTheme(
                number=theme,
                label=names[theme],
                keywords=tuple(distinct(words.terms[theme], KEYWORDS)),
                members=its,
                breadth=breadth,
                depth=depth,
                by_group=by_group,
                quotes=_quotes(talk, order[theme]),
                perspectives=views[theme].views,
                neighbours=_neighbours(stacked, theme - 1),
                x=places[theme - 1][0],
                y=places[theme - 1][1],
                shared=views[theme].shared,
                statement=statements[theme],
                kinds=_kinds(talk, its),
                parent=parents.get(theme),
            )
        )
    return Described(tuple(themes), strengths, tuple(coarse))


class _Words:
    """What themes are called and what is said about them. `numbers` are the passages' themes, from 1 on; `said` their
    terms."""

    def __init__(
        self,
        talk: Sequence[Talk],
        said: Sequence[Sequence[str]],
        vectors: Vectors,
        numbers: Sequence[int],
        embed: Embed,
    ) -> None:
        self.talk, self.numbers, self.embed = talk, numbers, embed
        self.texts = [each.text for each in talk]
        members: dict[int, list[int]] = defaultdict(list)
        for i, number in enumerate(numbers):
            members[number].append(i)
        self.centres = {t: _unit(vectors[its].mean(axis=0)) for t, its in sorted(members.items()) if t}
        self.terms: dict[int, list[Term]] = {
            t: found for t, found in class_terms(said, numbers, TERMS).items() if t > 0
        }

    def names(self) -> dict[int, str]:
        groups = [each.group for each in self.talk]
        return name_themes(self.texts, self.numbers, groups, self.terms, self.centres, self.embed)

    def statements(self, order: Mapping[int, Sequence[int]]) -> dict[int, Statement | None]:
        central = {theme: its[:STATED] for theme, its in order.items()}
        spoken = {i: self.talk[i].spoken for its in central.values() for i in its}
        return central_statements(central, spoken, self.terms, self.centres, self.embed)


def _coarse(
    talk: Sequence[Talk],
    said: Sequence[Sequence[str]],
    vectors: Vectors,
    numbers: Sequence[int],
    words: _Words,
) -> list[CoarseTheme]:
    """Themes that speak of related things, told from their centres, taken from the centre of all talk."""
    whole = _unit(vectors.mean(axis=0))
    apart = np.vstack([_unit(centre - whole) for centre in words.centres.values()])
    group = {theme + 1: number + 1 for theme, number in groups_of_themes(apart.astype(np.float64)).items()}
    if not group:
        return []
    within = [group.get(number, 0) for number in numbers]
    terms, seconds = class_terms(said, within, TERMS), _seconds(talk, range(len(talk)))
    found = []
    for number in sorted(set(group.values())):
        reach = _reach(_seconds(talk, [i for i, its in enumerate(within) if its == number]), seconds)
        parts = tuple(theme for theme, its in group.items() if its == number)
        keywords = tuple(distinct(terms[number], KEYWORDS))
        found.append(CoarseTheme(0, _enumeration(parts, words.terms), keywords, parts, *reach))
    ranked = sorted(found, key=lambda each: (-each.breadth, -round(each.depth, 9), each.parts))
    return [replace(each, number=len(words.centres) + place) for place, each in enumerate(ranked, 1)]


def _enumeration(parts: Sequence[int], terms: Mapping[int, Sequence[Term]]) -> str:
    """The heaviest term of each of the broadest parts: one phrase for all of them is mostly wrong."""
    named: list[str] = []
    for part in parts:
        taken = {stem(word) for name in named for word in name.split()}
        fresh = (t.text for t in terms[part] if not taken & {stem(word) for word in t.text.split()})
        named += [name for name in [next(fresh, None)] if name]
    return ", ".join(named[:ENUMERATED]).capitalize()


def _reach(own: Mapping[int, float], whole: Mapping[int, float]) -> tuple[int, float, dict[int, float]]:
    """Breadth, depth, and {group: share of its talk}, from seconds of talk by group: of a theme, and of all."""
    by_group = {group: share / max(whole[group], 1e-9) for group, share in own.items()}
    return len(own), sum(own.values()) / max(sum(whole.values()), 1e-9), by_group


def _kinds(talk: Sequence[Talk], members: Sequence[int]) -> dict[str, float] | None:
    """Shares of a theme's talk by kind; None where kinds were not told."""
    told = [(kind, talk[i].seconds) for i in members if (kind := talk[i].kind) is not None]
    return shares([kind for kind, _ in told], [seconds for _, seconds in told]) if told else None


def _ranked(talk: Sequence[Talk], labels: Sequence[int]) -> list[int]:
    """Each passage's theme number: 1 for the theme that most groups raise, then by talk time; 0 for none."""

    def rank(label: int) -> tuple[int, float, int]:
        own = _seconds(talk, [i for i, its in enumerate(labels) if its == label])
        return -len(own), -round(sum(own.values()), 6), list(labels).index(label)

    order = sorted({label for label in labels if label >= 0}, key=rank)
    number = {label: place for place, label in enumerate(order, 1)}
    return [number.get(label, 0) for label in labels]


def _seconds(talk: Sequence[Talk], members: Sequence[int] | range) -> dict[int, float]:
    """{group: seconds of talk} of the given passages."""
    found: dict[int, float] = {}
    for i in members:
        found[talk[i].group] = found.get(talk[i].group, 0.0) + talk[i].seconds
    return found


def _central(talk: Sequence[Talk], strengths: npt.NDArray[np.float64], members: Sequence[int]) -> list[int]:
    """Members from the one that stands best for the theme on; those too short to be quoted last."""
    return sorted(members, key=lambda i: (talk[i].words < QUOTABLE, -round(float(strengths[i]), 6), i))


def _quotes(talk: Sequence[Talk], order: Sequence[int]) -> tuple[int, ...]:
    """The most central passages: one of each group first. No text twice."""
    least, most = QUOTES
    chosen: list[int] = []
    said: set[str] = set()
    for anew in (False, True):
        groups = {talk[i].group for i in chosen}
        for i in order:
            full = len(chosen) >= (least if anew else most)
            if full or i in chosen or talk[i].text in said or (not anew and talk[i].group in groups):
                continue
            chosen.append(i)
            said.add(talk[i].text)
            groups.add(talk[i].group)
    return tuple(chosen)


def _neighbours(centres: Vectors, own: int) -> tuple[int, ...]:
    """Numbers of the themes whose centres are nearest, nearest first."""
    cosines = np.round(centres @ centres[own], 6)
    return tuple(int(i) + 1 for i in np.argsort(-cosines, kind="stable") if i != own)[:NEIGHBOURS]


def _map(centres: Vectors) -> list[tuple[float, float]]:
    """Places in -1..1: the plane that keeps most of the distances between centres (classical scaling)."""
    n = len(centres)
    points = np.zeros((n, 2))
    centred = centres.astype(np.float64) - centres.mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    for axis in range(min(2, len(sizes))):
        column = left[:, axis] * sizes[axis]
        # The sign of an axis means nothing; fixed, the same themes are always drawn the same way round.
        points[:, axis] = column * (np.sign(column[np.argmax(np.abs(column))]) or 1.0)
    points /= max(float(np.abs(points).max()), 1e-9)
    return [(round(float(x), 4), round(float(y), 4)) for x, y in _apart(points)]


def _apart(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Pushes points that lie closer than CLOSEST away from each other, a hundred times at most."""
    n = len(points)
    # A minute spiral gives points that coincide a direction to part in.
    turn = np.arange(n) * 2.4
    points = np.clip(points + 1e-3 * np.column_stack([np.cos(turn), np.sin(turn)]), -1, 1) if n > 1 else points
    for _ in range(100):
        way = points[:, None, :] - points[None, :, :]
        distance = np.linalg.norm(way, axis=2) + np.eye(n)
        push = np.clip(CLOSEST * 1.05 - distance, 0, None)
        if not push.any():
            break
        points = np.clip(points + (way / distance[:, :, None] * push[:, :, None] / 2).sum(axis=1), -1, 1)
    return points


def _unit(vector: Vectors) -> Vectors:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)
