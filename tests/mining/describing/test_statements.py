"""One sentence per theme, in somebody's very words, on real embeddings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from mining.describing.bertopic_keywords import Term, class_terms, terms_of
from mining.describing.statements import FEWEST, MOST, SHORTLIST, Statement, central_statements, flaws_of, stretches
from mining.embedding.embedder import Vectors
from mining.embedding.sentence_embedder import SentenceEmbedder
from tests.mining.talk import SUBJECTS


@dataclass(frozen=True)
class Line:
    position: int
    text: str


TEXTS = [text for said in SUBJECTS.values() for text in said]
THEMES = [number for number, said in enumerate(SUBJECTS.values(), 1) for _ in said]


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder()


def bare(text: str) -> str:
    """As a recogniser without punctuation writes it."""
    return re.sub(r"[^\w\s']", "", text).lower()


def stated(
    embedder: SentenceEmbedder, texts: Sequence[str], embed: object = None
) -> tuple[dict[int, Statement | None], dict[int, list[Line]]]:
    vectors = embedder.embed(texts)
    centres: dict[int, Vectors] = {}
    central = {}
    for theme in sorted(set(THEMES)):
        own = [i for i, its in enumerate(THEMES) if its == theme]
        mean = vectors[own].mean(axis=0)
        centres[theme] = mean / np.linalg.norm(mean)
        central[theme] = sorted(own, key=lambda i: -float(vectors[i] @ centres[theme]))
    # Each exchange is two utterances: a backchannel, and what was said.
    spoken = {i: [Line(2 * i, "Mm-hm."), Line(2 * i + 1, text)] for i, text in enumerate(texts)}
    how = embed if callable(embed) else embedder.embed
    return central_statements(
        central, spoken, class_terms([terms_of(text) for text in texts], THEMES, 200), centres, how
    ), spoken


def check(found: dict[int, Statement | None], spoken: dict[int, list[Line]]) -> None:
    assert sorted(found) == [1, 2, 3, 4]
    for theme, statement in found.items():
        assert statement is not None
        assert THEMES[statement.passage] == theme
        utterance = next(line for line in spoken[statement.passage] if line.position == statement.position)
        assert statement.text == utterance.text[statement.start : statement.end]
        assert FEWEST <= len(statement.text.split()) <= MOST


def test_every_theme_has_a_statement_that_stands_so_in_one_utterance(embedder: SentenceEmbedder) -> None:
    found, spoken = stated(embedder, TEXTS)
    check(found, spoken)
    subjects = [r"budget|finance|business case", r"promoted|friend|boss", r"meeting|calendar", r"operator|press|retire"]
    for statement, subject in zip(found.values(), subjects, strict=True):
        assert statement and re.search(subject, statement.text)
        assert statement.text.endswith(".")


def test_it_works_on_talk_without_punctuation_and_capitals(embedder: SentenceEmbedder) -> None:
    found, spoken = stated(embedder, [bare(text) for text in TEXTS])
    check(found, spoken)


def test_unknown_meanings_leave_the_choice_to_the_words(embedder: SentenceEmbedder) -> None:
    asked: list[Sequence[str]] = []

    def nothing(texts: Sequence[str]) -> Vectors:
        asked.append(texts)
        return np.zeros((len(texts), embedder.dimension), np.float32)

    found, spoken = stated(embedder, TEXTS, nothing)
    check(found, spoken)
    assert len(asked) == 1 and len(asked[0]) <= SHORTLIST * 4


def test_where_nobody_said_a_whole_sentence_there_is_none(embedder: SentenceEmbedder) -> None:
    spoken = {0: [Line(0, "Yeah."), Line(1, "And that, you know?"), Line(2, "because of the of the um")]}
    centre = {1: embedder.embed(["the budget"])[0]}
    assert central_statements({1: [0], 2: []}, spoken, {1: [Term("budget", 1.0, 1)]}, centre, embedder.embed) == {
        1: None,
        2: None,
    }


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in stretches(text)]


def test_what_leads_in_and_trails_off_is_left_out() -> None:
    assert cut("Well, so, I mean, the review costs more than the project, you know.") == [
        "the review costs more than the project"
    ]
    assert cut("and the review costs more than the whole project, you know,") == [
        "the review costs more than the whole project"
    ]


def test_sentences_are_cut_at_full_stops_and_not_at_points_inside_words() -> None:
    assert cut("It is 2.5 percent of the whole budget. Nobody ever asked me about that before!") == [
        "It is 2.5 percent of the whole budget.",
        "Nobody ever asked me about that before!",
    ]


def test_endless_sentences_are_cut_where_a_thought_turns() -> None:
    said = (
        "the finance committee wants thirty pages of figures before anybody may spend a euro but the customer goes "
        "somewhere else because the budget is approved after half a year in most of these cases"
    )
    assert cut(said) == [
        "the finance committee wants thirty pages of figures before anybody may spend a euro",
        "the budget is approved after half a year in most of these cases",
    ]  # "the customer goes somewhere else" is too short


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("The review costs more than the project.", "It costs more than that one does."),
        ("Nobody prepares you for being the boss.", "Nobody, um, nobody prepares you for, uh, being the boss."),
        ("I was promoted over my old colleagues.", "the promotion over all of my old colleagues"),
        ("We stopped the project last week.", "Did we stop the project last week?"),
        ("The committee was against the budget.", "[person 3] was against the whole budget."),
        ("My calendar is full of meetings.", "My calendar is full of meetings because I"),
        ("The operators taught us about the press.", "Turn to the page about the press."),
    ],
)
def test_what_can_be_understood_alone_has_fewer_flaws(better: str, worse: str) -> None:
    assert flaws_of(better) < flaws_of(worse)
