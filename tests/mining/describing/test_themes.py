"""What is told about clusters, on real embeddings of talk whose subjects are known."""

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pytest

from mining.describing.kinds import Kind
from mining.describing.themes import CLOSEST, NEIGHBOURS, QUOTES, Described, FoundTheme, Talk, describe
from mining.embedding.embedder import Vectors
from mining.embedding.sentence_embedder import SentenceEmbedder
from tests.mining.talk import ROOMS, SUBJECTS, subject_of

TEXTS = [text for said in ROOMS.values() for text in said]
GROUPS = [group for group, said in enumerate(ROOMS.values(), 10) for _ in said]
NAMES = list(SUBJECTS)
LABELS = [NAMES.index(subject_of(text)) for text in TEXTS]
SECONDS = {"budget": 60.0, "friends": 20.0, "meetings": 30.0, "handover": 10.0}
TALK = [
    Talk(group, SECONDS[subject_of(text)], len(text.split()), text) for group, text in zip(GROUPS, TEXTS, strict=True)
]


@dataclass(frozen=True)
class Line:
    position: int
    text: str


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder()


@pytest.fixture(scope="module")
def vectors(embedder: SentenceEmbedder) -> Vectors:
    return embedder.embed(TEXTS)


@pytest.fixture(scope="module")
def described(embedder: SentenceEmbedder, vectors: Vectors) -> Described:
    return describe(TALK, vectors, LABELS, embedder.embed)


def subject(theme: FoundTheme) -> str:
    return subject_of(TEXTS[theme.members[0]])


def small(labels: list[int], groups: list[int], words: int = 40, same: bool = False) -> Described:
    """Themes of one passage per label, with vectors along the axes, or all alike."""
    n = len(labels)
    talk = [Talk(group, 10.0, words, f"word{i} again and again") for i, group in enumerate(groups)]
    rows = np.tile(np.eye(1, 400), (n, 1)) if same else np.eye(n, 400)
    return describe(talk, rows.astype(np.float32), labels, lambda texts: np.zeros((len(texts), 400), np.float32))


def test_themes_of_most_groups_come_first_and_of_those_the_one_with_most_talk(described: Described) -> None:
    """Meetings and friends are raised in three rooms; budget in two only, though it has the most talk of all."""
    assert [(t.number, subject(t), t.breadth) for t in described.themes] == [
        (1, "meetings", 3),
        (2, "friends", 3),
        (3, "budget", 2),
        (4, "handover", 2),
    ]


def test_every_passage_belongs_to_the_theme_of_its_cluster(described: Described) -> None:
    assert sorted(i for theme in described.themes for i in theme.members) == list(range(len(TEXTS)))
    for theme in described.themes:
        assert {subject_of(TEXTS[i]) for i in theme.members} == {subject(theme)}


def test_depth_is_the_share_of_all_talk_and_by_group_of_each_groups_talk(described: Described) -> None:
    total = sum(talk.seconds for talk in TALK)
    depths = {subject(t): t.depth for t in described.themes}
    assert depths["budget"] == pytest.approx(4 * 60 / total) and sum(depths.values()) == pytest.approx(1)
    sums: dict[int, float] = defaultdict(float)
    for theme in described.themes:
        assert len(theme.by_group) == theme.breadth
        for group, share in theme.by_group.items():
            sums[group] += share
    assert sums == {group: pytest.approx(1) for group in (10, 11, 12)}
    red = {subject(t): t.by_group.get(10) for t in described.themes}
    assert red == {
        "budget": pytest.approx(120 / 190),
        "friends": pytest.approx(40 / 190),
        "meetings": pytest.approx(30 / 190),
        "handover": None,
    }


def test_passages_left_out_belong_to_no_theme_and_still_count_as_talk(
    embedder: SentenceEmbedder, vectors: Vectors
) -> None:
    budget = NAMES.index("budget")
    labels = [label if label != budget else -1 for label in LABELS]
    found = describe(TALK, vectors, labels, embedder.embed)
    assert {subject(t) for t in found.themes} == {"friends", "meetings", "handover"}
    assert sum(t.depth for t in found.themes) == pytest.approx(1 - 240 / sum(t.seconds for t in TALK))
    assert all((strength == 0) == (label == -1) for strength, label in zip(found.strengths, labels, strict=True))


def test_strength_is_the_cosine_to_the_centre_of_the_theme(described: Described, vectors: Vectors) -> None:
    theme = described.themes[0]
    centre = vectors[list(theme.members)].mean(axis=0)
    expected = vectors[list(theme.members)] @ centre / np.linalg.norm(centre)
    assert np.allclose(described.strengths[list(theme.members)], expected, atol=1e-5)
    assert (described.strengths > 0.5).all() and (described.strengths <= 1.0001).all()


def test_quotes_are_the_most_central_passage_of_each_group_first(described: Described) -> None:
    least, most = QUOTES
    for theme in described.themes:
        assert least <= len(theme.quotes) <= most
        firsts = theme.quotes[: theme.breadth]
        assert {GROUPS[i] for i in firsts} == set(theme.by_group), "a group was quoted twice before another was at all"
        for i in firsts:
            same = [j for j in theme.members if GROUPS[j] == GROUPS[i]]
            assert described.strengths[i] == max(described.strengths[j] for j in same)
        assert list(firsts) == sorted(firsts, key=lambda i: -described.strengths[i])
        assert len(set(theme.quotes)) == len(theme.quotes) and set(theme.quotes) <= set(theme.members)


def test_a_theme_of_many_groups_has_five_quotes_and_one_of_one_group_three() -> None:
    assert len(small([0] * 9, list(range(9))).themes[0].quotes) == QUOTES[1]
    assert len(small([0] * 9, [1] * 9).themes[0].quotes) == QUOTES[0]


def test_nothing_is_quoted_twice_and_what_is_too_short_only_after_all_else() -> None:
    texts = ["the gate was shut"] * 3 + ["nobody opened the gate", "the gate, the gate"]
    talk = [Talk(1, 10.0, 40 if i != 4 else 4, text) for i, text in enumerate(texts)]
    rows = np.eye(5, 8, dtype=np.float32)
    rows[4] = 1 / np.sqrt(8)  # the short one is the most central
    found = describe(talk, rows, [0] * 5, lambda phrases: np.zeros((len(phrases), 8), np.float32))
    assert found.strengths.argmax() == 4
    assert [texts[i] for i in found.themes[0].quotes] == [texts[0], texts[3], texts[4]]


def test_neighbours_are_the_nearest_other_themes(described: Described, vectors: Vectors) -> None:
    centres = {t.number: vectors[list(t.members)].mean(axis=0) for t in described.themes}
    centres = {number: row / np.linalg.norm(row) for number, row in centres.items()}
    for theme in described.themes:
        others = sorted(set(centres) - {theme.number}, key=lambda o: -float(centres[o] @ centres[theme.number]))
        assert list(theme.neighbours) == others[:NEIGHBOURS]


def test_themes_with_the_same_centre_are_no_neighbours_of_themselves() -> None:
    for theme in small(list(range(6)), [1] * 6, same=True).themes:
        assert theme.number not in theme.neighbours and len(theme.neighbours) == NEIGHBOURS


@pytest.fixture(scope="module")
def maps(described: Described) -> list[tuple[FoundTheme, ...]]:
    """Real themes, many that have nothing in common, and some that are all alike."""
    many, alike = (small(list(range(n)), [1] * n, same=n == 6) for n in (30, 6))
    return [described.themes, many.themes, alike.themes]


def test_places_lie_within_the_map(maps: list[tuple[FoundTheme, ...]]) -> None:
    for themes in maps:
        assert all(-1 <= t.x <= 1 and -1 <= t.y <= 1 for t in themes)


def test_themes_keep_a_distance_on_the_map(maps: list[tuple[FoundTheme, ...]]) -> None:
    for themes in maps:
        assert len(themes) > 3
        assert all(np.hypot(a.x - b.x, a.y - b.y) >= 0.9 * CLOSEST for a, b in combinations(themes, 2))


def test_one_theme_alone_has_no_neighbours_and_a_place() -> None:
    (theme,) = small([0, 0, 0], [1, 2, 3]).themes
    assert theme.neighbours == () and abs(theme.x) <= 1 and abs(theme.y) <= 1
    assert (theme.breadth, theme.depth) == (3, pytest.approx(1))


@pytest.mark.parametrize("labels", [[], [-1, -1, -1]])
def test_without_clusters_there_are_no_themes(labels: list[int]) -> None:
    found = small(labels, [1] * len(labels))
    assert found.themes == () and found.strengths.tolist() == [0.0] * len(labels)


def test_the_numbers_that_the_clusterer_gave_make_no_difference(
    described: Described, embedder: SentenceEmbedder, vectors: Vectors
) -> None:
    other = describe(TALK, vectors, [7 - label for label in LABELS], embedder.embed)
    assert other.themes == described.themes


def test_key_words_are_of_the_subject_and_no_two_say_the_same(described: Described) -> None:
    keywords = {subject(t): t.keywords for t in described.themes}
    assert {"calendar", "agenda"} & set(keywords["meetings"])
    assert {"finance", "budget", "committee"} & set(keywords["budget"])
    assert {"colleagues", "friends", "boss"} & set(keywords["friends"])
    for words in keywords.values():
        assert 5 <= len(words) <= 10 and len(set(words)) == len(words)


def test_every_theme_carries_the_perspectives_of_its_groups(described: Described) -> None:
    for theme in described.themes:
        assert {view.group for view in theme.perspectives} == set(theme.by_group)
        for view in theme.perspectives:
            assert view.quotes and all(GROUPS[i] == view.group and i in theme.members for i in view.quotes)


def test_what_is_known_of_passages_is_told_of_themes(embedder: SentenceEmbedder, vectors: Vectors) -> None:
    """Kinds by time; a statement that stands so in one utterance; the passage that all groups come closest to."""
    kinds = [Kind.CHALLENGE if i % 2 else Kind.LESSON for i in range(len(TALK))]
    lines = [[Line(3, "Mm-hm."), Line(4, text)] for text in TEXTS]
    talk = [replace(each, kind=k, spoken=its) for each, k, its in zip(TALK, kinds, lines, strict=True)]
    found = describe(talk, vectors, LABELS, embedder.embed)
    for theme in found.themes:
        assert theme.kinds and sum(theme.kinds.values()) == pytest.approx(1)
        challenge = sum(TALK[i].seconds for i in theme.members if i % 2) / sum(TALK[i].seconds for i in theme.members)
        assert theme.kinds["challenge"] == pytest.approx(challenge)
        assert theme.shared in theme.members and len(theme.perspectives) == theme.breadth
        assert theme.statement and theme.statement.passage in theme.members and theme.statement.position == 4
        assert theme.statement.text == TEXTS[theme.statement.passage][theme.statement.start : theme.statement.end]


def test_without_kinds_and_utterances_nothing_is_said_of_them(described: Described) -> None:
    assert all(theme.kinds is None and theme.statement is None for theme in described.themes)


COOKING = [
    "We baked bread every Sunday, with a sour dough that my grandmother kept in the fridge for years.",
    "For the soup I roast the onions first and add the carrots and the stock when they are brown.",
    "My pizza dough needs a whole day in the fridge, and then ten minutes in a very hot oven.",
]
SPORT = [
    "We lost the football match because our goalkeeper had a cold and the defence was asleep.",
    "I run ten kilometres before work and play tennis with my brother on Saturdays.",
    "The swimming team trains at six in the morning, which is why I gave up swimming races.",
]
COMPUTING = [
    "The server crashed after the software update, and the backup of the database was a week old.",
    "I wrote a small program in Python that reads the spreadsheet and sends the reports by mail.",
    "My laptop is slow since the new operating system, and the screen flickers when I join a call.",
]


def test_related_themes_belong_to_a_coarser_one_that_has_no_passages(embedder: SentenceEmbedder) -> None:
    texts = [*COOKING, *SPORT, *COMPUTING]
    rows = embedder.embed(texts)
    talk = [Talk(i % 3, 10.0 + i, 20, text) for i, text in enumerate(texts)]
    found = describe(talk, rows, list(range(9)), embedder.embed)
    subjects = {theme.number: theme.members[0] // 3 for theme in found.themes}
    pairs = [(subjects[a], subjects[b]) for coarse in found.coarse for a, b in combinations(coarse.parts, 2)]
    assert sum(a == b for a, b in pairs) > 0.6 * len(pairs) > 1, pairs
    numbers = [coarse.number for coarse in found.coarse]
    assert numbers == list(range(10, 10 + len(numbers)))
    for coarse in found.coarse:
        children = [theme for theme in found.themes if theme.parent == coarse.number]
        assert tuple(theme.number for theme in children) == coarse.parts and len(children) > 1
        assert coarse.depth == pytest.approx(sum(theme.depth for theme in children)) and coarse.label
        assert coarse.breadth == len({group for theme in children for group in theme.by_group})


def test_a_few_themes_have_no_coarser_ones(described: Described) -> None:
    assert described.coarse == () and all(theme.parent is None for theme in described.themes)
