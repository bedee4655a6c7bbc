"""The measures of labels are right where the answer is known."""

import numpy as np
import pytest

from mining.embedding.sentence_embedder import SentenceEmbedder
from tests.benchmarks.labels import Picture, coherence, diversity, filler_share, measures, retrieval
from tests.mining.talk import SUBJECTS

TEXTS = [text for said in SUBJECTS.values() for text in said]
THEMES = [number for number, said in enumerate(SUBJECTS.values(), 1) for _ in said]
CENTRES = np.eye(4, dtype=np.float32)
POINTS = CENTRES[[theme - 1 for theme in THEMES]]


def test_a_label_that_finds_all_its_passages_first_scores_one() -> None:
    assert retrieval(CENTRES, [1, 2, 3, 4], POINTS, THEMES) == (1.0, 1.0)


def test_shuffled_labels_are_about_as_good_as_chance() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(400, 16)).astype(np.float32)
    found, precise = retrieval(vectors[:4], [1, 2, 3, 4], vectors, [1 + i % 4 for i in range(400)])
    assert found == pytest.approx(0.25, abs=0.06) and precise == pytest.approx(0.25, abs=0.06)
    wrong, _ = retrieval(CENTRES[[1, 2, 3, 0]], [1, 2, 3, 4], POINTS, THEMES)
    assert wrong < 0.5


def test_words_that_always_stand_together_cohere_and_those_that_never_do_not() -> None:
    said = ["red cells here", "red cells there", "blue cells", "green"]
    assert coherence([["red", "here"]], said) > 0
    assert coherence([["red", "blue"]], said) == -1.0
    assert coherence([["red", "red cells"]], said) == pytest.approx(1.0)


def test_a_word_of_two_themes_makes_the_lists_less_diverse() -> None:
    assert diversity([["a", "b"], ["c", "d"]]) == 1.0
    assert diversity([["a", "b"], ["a", "c"]]) == 0.75


def test_fillers_are_counted_where_they_stand() -> None:
    assert filler_share(["Saying no to the boss", "Finance review"]) == 0.0
    assert filler_share(["yeah budget really finance because"]) == 0.6
    assert filler_share(["budget because finance"]) == 0.0  # inside, "because" may hold a phrase together


def test_good_labels_beat_those_of_other_themes_on_real_talk() -> None:
    embedder = SentenceEmbedder()
    names = ["budget and finance", "boss of my friends", "meetings in the calendar", "retiring machine operators"]
    words = [["budget", "finance"], ["friends", "boss"], ["meetings", "calendar"], ["press", "machine"]]
    vectors = embedder.embed(TEXTS)
    right = Picture(THEMES, dict(enumerate(names, 1)), dict(enumerate(words, 1)))
    turned = Picture(THEMES, dict(enumerate(names[1:] + names[:1], 1)), right.keywords)
    good, bad = (measures(picture, TEXTS, vectors, embedder) for picture in (right, turned))
    assert good["map"] > 0.9 > 0.4 > bad["map"]
    assert good["npmi"] > 0.3 and good["diversity"] == 1.0 and good["words"] == 3.5
