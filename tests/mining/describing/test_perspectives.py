"""Planted differences: three groups on one theme, saying no to the boss, on real embeddings of written talk."""

# ruff: noqa: E501  (talk reads better in whole sentences)

import numpy as np
import pytest

from mining.describing.perspectives import FEW, KEYWORDS, QUOTABLE, QUOTES, SHORT, ThemeViews, is_thin, perspectives_of
from mining.describing.themes import Talk
from mining.embedding.embedder import Vectors
from mining.embedding.sentence_embedder import SentenceEmbedder
from tests.mining.talk import BUDGET, FRIENDS, MEETINGS

# What anybody says on it, in whichever room.
ALIKE = [
    "It is hard for me to say no to my boss. I nod when I should refuse, I walk back to my desk, and then I wonder why I agreed to one more task again.",
    "When my boss asks me for something I feel that I cannot refuse. I would like to say no to the boss politely, and every time I hear myself agree instead.",
    "Saying no upwards feels like a risk to all of us. You do not refuse your boss twice, and so I agree to a task that I know I have no time for.",
    "My boss never forbade me to refuse. I simply do not dare to say no, and I agree to the task and regret it on the way back to my desk.",
    "Refusing is a thing nobody taught us. The boss asks, you agree, and only later at your desk do you see that saying no would have been better for the boss too.",
    "I was asked for one more task on Friday, by my boss in person, and I agreed. Saying no to a boss who stands at your desk is harder than by mail.",
    "We agree too quickly, that is all. The boss wants a task done, and you could say no or not now, but to refuse a boss takes courage at first.",
    "There is a moment when I could refuse, and it passes. The boss smiles, I agree, the task is mine, and at my desk I am angry that I did not say no.",
    "How do you say no to your boss without being seen as lazy? I would refuse a task more often if I knew that the boss does not hold it against me.",
]
DATA = [
    "I say no to my boss by spreadsheet. I bring the capacity chart, the boss sees that the capacity chart is full, and then refusing the task is plain arithmetic and not courage.",
    "With a capacity chart I can refuse. I show my boss the hours of every task on the spreadsheet, and the boss picks what falls off the chart, so it is not me who says no.",
    "What helped me to say no was measuring. A month of hours in a spreadsheet, a second spreadsheet with the tasks, one capacity chart on the wall, and my boss stopped asking when the chart was red.",
]
ESCALATE = [
    "We say no to the boss together with the staff council. I went to the staff council twice when the task was too much, and they escalate it to the director over the head of my boss.",
    "If I refuse and my boss insists, I escalate, and then I escalate again. The staff council writes to the director, and no boss likes a letter from the staff council, so the task disappears.",
    "To say no alone is useless in our plant. You escalate to the director or you call the staff council, and then the boss has to refuse the task upwards himself.",
]
NEVER = [
    "I never say no to my boss, I swallow it and work at the weekend. My family knows that a weekend belongs to the boss, and refusing a task is not in my nature.",
    "In our house nobody refuses. We swallow every task the boss brings, we take it home for the weekend, and on Monday we are proud that we did not say no.",
    "You swallow it, that is the job. I could say no to the boss, and instead I spend one more weekend on the task and tell my family that it is the last one.",
]
OWN = {1: DATA, 2: ESCALATE, 3: NEVER}
ELSEWHERE = {1: BUDGET[:2], 2: FRIENDS[:2], 3: MEETINGS[:2], 4: [*BUDGET[2:], *FRIENDS[2:], *MEETINGS[2:]]}

Said = list[tuple[int, int, str]]
"""(theme, group, text)"""


def planted() -> Said:
    own = [(1, group, text) for group, texts in OWN.items() for text in texts]
    return [*own, *alike(), *elsewhere()]


def alike() -> Said:
    return [(1, 1 + i % 3, text) for i, text in enumerate(ALIKE)]


def elsewhere() -> Said:
    return [(2, group, text) for group, texts in ELSEWHERE.items() for text in texts]


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder()


class Event:
    """What was said, with the views that groups have of each theme."""

    def __init__(self, embedder: SentenceEmbedder, said: Said, seconds: float = 40.0) -> None:
        self.talk = [Talk(group, seconds, len(text.split()), text) for _, group, text in said]
        self.numbers = [theme for theme, _, _ in said]
        self.vectors: Vectors = embedder.embed([text for _, _, text in said])
        self.order = {theme: self.central(theme) for theme in sorted(set(self.numbers))}
        self.found = perspectives_of(self.talk, self.vectors, self.numbers, self.order)

    def central(self, theme: int) -> list[int]:
        members = [i for i, number in enumerate(self.numbers) if number == theme]
        centre = self.vectors[members].mean(axis=0)
        return sorted(members, key=lambda i: -float(self.vectors[i] @ centre))

    def text(self, passage: int | None) -> str | None:
        return None if passage is None else self.talk[passage].text


@pytest.fixture(scope="module")
def event(embedder: SentenceEmbedder) -> Event:
    return Event(embedder, planted())


@pytest.fixture(scope="module")
def views(event: Event) -> ThemeViews:
    return event.found[1]


def test_what_only_one_group_says_becomes_its_key_words(views: ThemeViews) -> None:
    words = {view.group: set(view.keywords) for view in views.views}
    assert "capacity chart" in words[1] and "spreadsheet" in words[1]
    assert "staff council" in words[2] and "escalate" in words[2]
    assert {"swallow", "weekend"} <= words[3]
    assert not words[1] & words[2] and not words[2] & words[3] and not words[1] & words[3]
    for common in ("boss", "task", "refuse", "agree"):
        assert not any(common in own for own in words.values()), "what all of them say tells none of them apart"


def test_the_planted_passages_are_the_distinctive_ones(event: Event, views: ThemeViews) -> None:
    for view in views.views:
        assert event.text(view.distinctive) in OWN[view.group]


def test_the_shared_passage_is_one_that_anybody_might_have_said(event: Event, views: ThemeViews) -> None:
    assert event.text(views.shared) in ALIKE


def test_without_the_difference_nothing_is_found(embedder: SentenceEmbedder) -> None:
    event = Event(embedder, [*alike(), *elsewhere()])
    for view in event.found[1].views:
        assert view.keywords == () and view.distinctive is None and len(view.quotes) == 3
    assert event.text(event.found[1].shared) in ALIKE


def test_a_difference_goes_with_whoever_speaks_so(embedder: SentenceEmbedder) -> None:
    moved = [(1, 1 + group % 3, text) for group, texts in OWN.items() for text in texts]
    event = Event(embedder, [*moved, *alike(), *elsewhere()])
    by_group = {view.group: view for view in event.found[1].views}
    for group, words in ((2, "capacity chart"), (3, "staff council"), (1, "weekend")):
        assert [g for g, view in by_group.items() if words in view.keywords] == [group]
        assert event.text(by_group[group].distinctive) in OWN[(group - 2) % 3 + 1]


def test_groups_that_do_not_raise_a_theme_are_silent_in_it(event: Event) -> None:
    assert event.found[1].silent == (4,) and {view.group for view in event.found[1].views} == {1, 2, 3}
    assert event.found[2].silent == ()


def test_a_group_with_one_passage_is_marked_and_nothing_is_claimed_about_it(embedder: SentenceEmbedder) -> None:
    event = Event(embedder, [*[(1, 2, text) for text in [*ESCALATE, *ALIKE]], (1, 1, DATA[0]), *elsewhere()])
    much, little = event.found[1].views
    assert (little.group, little.passages, little.seconds, little.thin) == (1, 1, 40.0, True)
    assert little.keywords == () and little.distinctive is None
    assert event.text(little.quotes[0]) == DATA[0]
    assert (much.passages, much.seconds, much.thin) == (12, 480.0, False)


@pytest.mark.parametrize(
    ("passages", "seconds", "thin"), [(FEW, SHORT, False), (FEW - 1, 900.0, True), (9, SHORT - 1, True)]
)
def test_too_few_passages_or_too_little_talk_make_a_sample_thin(passages: int, seconds: float, thin: bool) -> None:
    assert is_thin(passages, seconds) is thin


def test_most_talk_comes_first_and_quotes_are_a_groups_own_most_central_ones(event: Event, views: ThemeViews) -> None:
    assert [view.group for view in views.views] == [1, 2, 3], "with equal talk by number"
    talk = [Talk(t.group, 90.0 if t.group == 3 else 40.0, t.words, t.text) for t in event.talk]
    assert [v.group for v in perspectives_of(talk, event.vectors, event.numbers, event.order)[1].views] == [3, 1, 2]
    for view in views.views:
        own = [i for i in event.order[1] if event.talk[i].group == view.group]
        assert view.quotes == tuple(own[:QUOTES]) and len(view.keywords) <= KEYWORDS


def test_a_passage_that_hardly_belongs_to_the_theme_stands_for_nobody(embedder: SentenceEmbedder) -> None:
    stray = "The capacity chart of the ferry to the island shows when the harbour is full, and the spreadsheet of the captain lists the cars, lorries and bicycles that wait at the quay for the next tide."
    event = Event(embedder, [*planted(), (1, 1, stray)])
    assert event.text(event.order[1][-1]) == stray
    assert event.text(event.found[1].views[0].distinctive) in DATA


def test_too_short_a_passage_is_neither_distinctive_nor_shared(event: Event) -> None:
    talk = [Talk(t.group, t.seconds, QUOTABLE - 1, t.text) for t in event.talk]
    found = perspectives_of(talk, event.vectors, event.numbers, event.order)[1]
    assert found.shared is None and [view.distinctive for view in found.views] == [None] * 3


def test_a_theme_of_one_group_has_nothing_to_differ_from_or_to_share(embedder: SentenceEmbedder) -> None:
    found = Event(embedder, [(1, 5, text) for text in DATA]).found[1]
    (view,) = found.views
    assert (view.group, view.keywords, view.distinctive, len(view.quotes)) == (5, (), None, 3)
    assert found.shared is None and found.silent == ()


def test_one_passage_alone_is_enough(embedder: SentenceEmbedder) -> None:
    found = Event(embedder, [(1, 5, DATA[0])]).found[1]
    assert [(view.quotes, view.thin) for view in found.views] == [((0,), True)] and found.shared is None


def test_no_theme_gives_no_views() -> None:
    assert perspectives_of([], np.zeros((0, 8), np.float32), [], {}) == {}


def test_the_same_talk_gives_the_same_views_in_any_order_of_its_groups(
    event: Event, embedder: SentenceEmbedder
) -> None:
    turned = Event(embedder, planted()[::-1])
    for theme in (1, 2):
        ours = {v.group: (set(v.keywords), event.text(v.distinctive)) for v in event.found[theme].views}
        theirs = {v.group: (set(v.keywords), turned.text(v.distinctive)) for v in turned.found[theme].views}
        assert ours == theirs
        assert event.text(event.found[theme].shared) == turned.text(turned.found[theme].shared)


def test_terms_that_are_known_already_need_not_be_found_again(event: Event) -> None:
    from mining.describing.bertopic_keywords import terms_of

    terms = [terms_of(each.text) for each in event.talk]
    assert perspectives_of(event.talk, event.vectors, event.numbers, event.order, terms) == event.found
    none = perspectives_of(event.talk, event.vectors, event.numbers, event.order, [[] for _ in terms])
    assert all(view.keywords == () for view in none[1].views)
