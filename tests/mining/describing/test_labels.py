"""Names of themes, on real embeddings: phrases that were really said, of words that carry a subject."""

import re
from collections.abc import Sequence

import numpy as np
import pytest

from mining.describing.bertopic_keywords import class_terms, terms_of
from mining.describing.labels import READ, SHORTLIST, Embed, name_themes
from mining.describing.phrases import LONGEST, root_of, subjects_of
from mining.embedding.embedder import Vectors
from mining.embedding.sentence_embedder import SentenceEmbedder
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
    embedder: SentenceEmbedder,
    texts: Sequence[str],
    themes: Sequence[int],
    groups: Sequence[int] | None = None,
    embed: Embed | None = None,
) -> dict[int, str]:
    vectors = embedder.embed(texts)
    centres: dict[int, Vectors] = {}
    for theme in sorted(set(themes) - {0}):
        mean = vectors[[i for i, its in enumerate(themes) if its == theme]].mean(axis=0)
        centres[theme] = mean / np.linalg.norm(mean)
    terms = {t: found for t, found in class_terms([terms_of(text) for text in texts], themes, 200).items() if t > 0}
    return name_themes(texts, themes, groups or [0] * len(texts), terms, centres, embed or embedder.embed)


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
        root = " ".join(root_of(label.lower().split()))  # "spend a euro" may head a page as "Spending a euro"
        assert any(root in " ".join(root_of(clause)) for clause in own), label


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
    terms = class_terms([terms_of(text) for text in texts], [1], 200)
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


def test_no_two_names_share_what_they_are_about(labels: dict[int, str]) -> None:
    about = [subjects_of(label.lower()) for label in labels.values()]
    assert all(about) and sum(map(len, about)) == len(frozenset().union(*about))


def test_where_no_meaning_is_known_words_and_use_decide(embedder: SentenceEmbedder) -> None:
    asked: list[Sequence[str]] = []

    def nothing(texts: Sequence[str]) -> Vectors:
        asked.append(texts)
        return np.zeros((len(texts), embedder.dimension), np.float32)

    found = named(embedder, TEXTS, THEMES, GROUPS, nothing)
    assert len(asked) == 1 and len(asked[0]) <= SHORTLIST * 4
    subjects = [
        r"budget|finance|case|committee",
        r"friend|boss|team|promot",
        r"meeting|calendar|call",
        r"machine|operator|press",
    ]
    for number, subject in enumerate(subjects, 1):
        assert re.search(subject, found[number].lower()), found


def test_no_first_name_street_or_page_names_a_theme(embedder: SentenceEmbedder) -> None:
    said = [
        "We drove to Kestrel Road again, and Kestrel Road forgot the visitors from the other plant. Ask Walter.",
        "At Kestrel Road the visitors from the plant sign a guest book. Walter signs it. Turn the page, please.",
        "Nobody at Kestrel Road greets visitors from the plant. Walter told the facilitator on the next page.",
    ]
    label = named(embedder, [*said, *SUBJECTS["meetings"]], [1, 1, 1, 2, 2, 2, 2])[1].lower()
    assert not {"walter", "kestrel", "road", "page", "facilitator"} & set(label.split()), label


def test_a_name_that_everybody_knows_may_stand_in_a_label(embedder: SentenceEmbedder) -> None:
    said = [
        "My uncle fought in the Vietnam war.",
        "After the Vietnam war he slept badly.",
        "The Vietnam war made him old.",
    ]
    assert "Vietnam" in named(embedder, [*said, *SUBJECTS["meetings"]], [1, 1, 1, 2, 2, 2, 2])[1]


def test_coarser_themes_get_names_of_what_they_have_in_common(embedder: SentenceEmbedder) -> None:
    areas = [{1: 1, 2: 2, 3: 1, 4: 2}[theme] for theme in THEMES]
    found = named(embedder, TEXTS, areas, GROUPS)
    assert sorted(found) == [1, 2]
    assert re.search(r"budget|finance|committee|meeting|calendar|business", found[1].lower()), found
    assert re.search(r"team|boss|friend|colleague|operator|machine|promot|retir", found[2].lower()), found


def test_a_long_theme_is_named_from_some_of_its_passages_the_same_in_any_order(embedder: SentenceEmbedder) -> None:
    texts = [f"{text} That was number {i}." for i in range(10) for text in TEXTS]
    themes, groups = THEMES * 10, GROUPS * 10
    assert themes.count(1) > READ
    found = named(embedder, texts, themes, groups)
    assert named(embedder, texts[::-1], themes[::-1], groups[::-1]) == found
    assert re.search(r"meeting|calendar|call", found[NAMES.index("meetings") + 1].lower())
