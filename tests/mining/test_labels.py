"""Names of themes, on real embeddings: phrases that were really said, of words that carry a subject."""

import re
from collections.abc import Sequence

import numpy as np
import pytest

from mining.bertopic_keywords import class_terms
from mining.embedder import Vectors
from mining.labels import LONGEST, name_themes
from mining.sentence_embedder import SentenceEmbedder
from mining.words import BACKCHANNELS, STOP_WORDS, clauses
from tests.mining.talk import ROOMS, SUBJECTS, subject_of

TEXTS = [text for said in ROOMS.values() for text in said]
GROUPS = [group for group, said in enumerate(ROOMS.values()) for _ in said]
NAMES = list(SUBJECTS)
THEMES = [NAMES.index(subject_of(text)) + 1 for text in TEXTS]


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder()


def named(
    embedder: SentenceEmbedder, texts: Sequence[str], themes: Sequence[int], groups: Sequence[int] | None = None
) -> dict[int, str]:
    vectors = embedder.embed(texts)
    centres: dict[int, Vectors] = {}
    for theme in sorted(set(themes) - {0}):
        mean = vectors[[i for i, its in enumerate(themes) if its == theme]].mean(axis=0)
        centres[theme] = mean / np.linalg.norm(mean)
    terms = {t: found for t, found in class_terms(texts, themes, 200).items() if t > 0}
    return name_themes(texts, themes, groups or [0] * len(texts), terms, centres, embedder.embed)


@pytest.fixture(scope="module")
def labels(embedder: SentenceEmbedder) -> dict[int, str]:
    return named(embedder, TEXTS, THEMES, GROUPS)


def test_every_theme_has_a_name_of_one_to_five_words_and_no_two_the_same(labels: dict[int, str]) -> None:
    assert sorted(labels) == [1, 2, 3, 4]
    assert all(1 <= len(label.split()) <= LONGEST == 5 for label in labels.values())
    assert len({label.lower() for label in labels.values()}) == 4


def test_a_name_is_a_phrase_that_was_said_in_the_theme(labels: dict[int, str]) -> None:
    for theme, label in labels.items():
        own = [clause for text, its in zip(TEXTS, THEMES, strict=True) if its == theme for clause in clauses(text)]
        assert any(label.lower() in " ".join(clause) for clause in own), label


def test_a_name_has_a_word_with_a_subject_and_no_filler_at_its_edges(labels: dict[int, str]) -> None:
    for label in labels.values():
        words = label.lower().split()
        assert any(word not in STOP_WORDS for word in words)
        assert not BACKCHANNELS & set(words)
        assert not {words[0], words[-1]} & {"the", "a", "and", "of", "to", "that", "i", "we", "you", "is", "it"}


def test_names_are_of_the_planted_subject(labels: dict[int, str]) -> None:
    subjects = {
        "budget": r"budget|business case|finance|committee",
        "friends": r"friend|boss|team leader|colleague|promot",
        "meetings": r"meeting|calendar|call|agenda",
        "handover": r"machine|operator|press|apprentice|night shift|retire",
    }
    for theme, label in labels.items():
        assert re.search(subjects[NAMES[theme - 1]], label.lower()), label


def test_a_name_begins_with_a_capital_and_keeps_those_people_use(embedder: SentenceEmbedder) -> None:
    said = [
        "After the SAP migration nobody found an invoice any more, and the SAP migration cost us a year.",
        "We had planned the SAP migration for the summer. Our invoices waited for the SAP migration.",
        "Every plant fears the SAP migration, because invoices vanish during an SAP migration.",
    ]
    other = [f"The canteen serves soup on {day}, and the soup was cold again." for day in ("Monday", "Friday")]
    labels = named(embedder, [*said, *other], [1, 1, 1, 2, 2])
    assert "SAP migration" in labels[1]
    assert labels[2][0].isupper()


def test_two_themes_of_the_very_same_words_get_two_names(embedder: SentenceEmbedder) -> None:
    texts = [SUBJECTS["budget"][0]] * 4
    labels = named(embedder, texts, [1, 1, 2, 2])
    assert labels[1].lower() != labels[2].lower()


def test_a_theme_of_fillers_is_named_by_its_number(embedder: SentenceEmbedder) -> None:
    labels = named(embedder, ["And then we did it again.", "So it goes.", *SUBJECTS["budget"]], [2, 2, 1, 1, 1, 1])
    assert labels[2] == "Theme 2"


def test_without_a_phrase_that_is_good_enough_the_heaviest_words_are_listed(embedder: SentenceEmbedder) -> None:
    texts = ["Turbines. Of rust.", "Turbines, rust; again turbines.", "Gravel? Turbines. Rust!"]
    label = named(embedder, texts, [1, 1, 1])[1]
    assert set(re.findall(r"\w+", label.lower())) <= {"turbines", "rust", "gravel", "and"}
    assert "turbines" in label.lower()


def test_listed_words_are_no_more_than_a_name_may_have(embedder: SentenceEmbedder) -> None:
    texts = ["The night shift and the broken press and forty films."]
    terms = class_terms(texts, [1], 200)
    nowhere = np.zeros(embedder.dimension, np.float32)  # no phrase is close enough to it
    label = name_themes(texts, [1], [1], terms, {1: nowhere}, embedder.embed)[1]
    assert len(label.replace(",", " ").split()) <= LONGEST, label


def test_a_mask_is_no_part_of_a_name_though_it_stands_in_every_sentence(embedder: SentenceEmbedder) -> None:
    texts = [re.sub(r"\b(team|friends|boss)\b", "[person 2]", text) for text in SUBJECTS["friends"]]
    label = named(embedder, texts, [1] * 4)[1]
    assert "person" not in label.lower() and "[" not in label


def test_what_belongs_to_no_theme_gives_no_name(embedder: SentenceEmbedder) -> None:
    assert named(embedder, TEXTS[:4], [0, 0, 1, 1]).keys() == {1}


def test_names_do_not_depend_on_the_order_in_which_rooms_arrived(
    embedder: SentenceEmbedder, labels: dict[int, str]
) -> None:
    assert named(embedder, TEXTS[::-1], THEMES[::-1], GROUPS[::-1]) == labels
