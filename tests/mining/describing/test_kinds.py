"""Kinds of talk on passages labelled by hand, with real embeddings."""

from collections import Counter

import numpy as np
import pytest

from mining.describing.kinds import KINDS, STATEMENTS, SURE, Judgement, Kind, judge, shares
from mining.embedding.embedder import Vectors
from mining.embedding.sentence_embedder import SentenceEmbedder
from tests.benchmarks.kinds import as_mined, bare, confusion, labelled, macro_f1, scores

TEST = labelled("test")
TRAINING = labelled("training")
DEVELOPMENT = labelled("development")
DIALOGUE = ("scenes", "talk")
TEXTS = [row.text for row in TEST]
TRUTH = [row.kind for row in TEST]


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder()


@pytest.fixture(scope="module")
def vectors(embedder: SentenceEmbedder) -> Vectors:
    return as_mined(TEXTS, embedder.embed)


@pytest.fixture(scope="module")
def found(embedder: SentenceEmbedder, vectors: Vectors) -> list[Judgement]:
    return judge(TEXTS, vectors, embedder.embed)


def f1_of(found: list[Judgement], *those: str) -> float:
    """Of the test passages whose form or source is one of those."""
    rows = zip(TEST, TRUTH, found, strict=True)
    chosen = [(true, each.kind) for row, true, each in rows if row.form in those or row.source in those]
    return macro_f1(confusion([true for true, _ in chosen], [kind for _, kind in chosen]))


def test_the_labelled_passages_are_many_of_every_kind_and_in_both_forms() -> None:
    assert len(TEST) >= 200
    assert min(Counter(TRUTH).values()) >= 30 and set(TRUTH) == set(KINDS)
    assert min(Counter(row.form for row in TEST).values()) >= 100
    assert all(row.text == bare(row.text) for row in TEST if row.form == "bare")


def test_no_passage_of_the_test_is_like_one_that_taught(embedder: SentenceEmbedder, vectors: Vectors) -> None:
    taught = embedder.embed([*(row.text for row in TRAINING), *STATEMENTS])
    whole = embedder.embed(TEXTS)
    assert float((vectors @ taught.T).max()) < 0.75 and float((whole @ taught.T).max()) < 0.75

    def runs(text: str) -> set[tuple[str, ...]]:
        words = bare(text).split()
        return {tuple(words[i : i + 8]) for i in range(len(words) - 7)}

    known = set().union(*(runs(row.text) for row in [*TRAINING, *DEVELOPMENT]))
    assert not known & set().union(*(runs(text) for text in TEXTS))


def test_kinds_are_told_apart(found: list[Judgement]) -> None:
    table = confusion(TRUTH, [each.kind for each in found])
    assert macro_f1(table) >= 0.75, scores(table)
    assert min(recall for _, recall, _ in scores(table).values()) >= 0.4, scores(table)


def test_kinds_are_told_apart_without_case_and_punctuation(found: list[Judgement]) -> None:
    # Measured: 0.80 with them and 0.82 without, each on its own half of the passages.
    assert f1_of(found, "full") >= 0.73 and f1_of(found, "bare") >= 0.73


def test_kinds_of_dialogue_are_told_apart(found: list[Judgement]) -> None:
    # Measured 0.82 on all of it. With weights learned from passages of one speaker only it was 0.73.
    assert sum(row.source in DIALOGUE for row in TEST) >= 80
    assert f1_of(found, *DIALOGUE) >= 0.77


def test_kinds_are_told_apart_where_they_mix(found: list[Judgement]) -> None:
    # Conversations cut by mining: measured 0.69 on those held out, 0.66 on the sample scripts; 0.64 and 0.57 before.
    assert f1_of(found, "talk") >= 0.66 and f1_of(found, "samples") >= 0.63


def test_words_alone_tell_kinds_apart_less_well_but_far_above_chance(embedder: SentenceEmbedder) -> None:
    def never(texts: object) -> Vectors:
        raise AssertionError("asked for vectors")

    alone = judge(TEXTS, None, never)
    assert macro_f1(confusion(TRUTH, [each.kind for each in alone])) >= 0.6


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I'll write to the plant manager tomorrow and we will meet again on the third of May, agreed?", Kind.ACTION),
        ("How do you do it in your team? Has anybody here tried that, and what did your people say?", Kind.QUESTION),
        ("The problem is that nobody listens. I'm stuck, and I don't know how to get out of it.", Kind.CHALLENGE),
        ("Looking back, what helped was asking them first. Since then it works, that was my lesson.", Kind.LESSON),
        ("The house is from eighteen ninety, it has three floors and a garden with an apple tree.", Kind.OTHER),
    ],
)
def test_plain_cases_are_judged_plainly(embedder: SentenceEmbedder, text: str, kind: Kind) -> None:
    for form in (text, bare(text)):
        assert judge([form], embedder.embed([form]), embedder.embed)[0].kind is kind


def test_somebody_elses_plan_is_no_action(embedder: SentenceEmbedder) -> None:
    text = (
        "She told the paper that she will leave next week. He is going to sell the house and they will move on Monday."
    )
    assert judge([text], embedder.embed([text]), embedder.embed)[0].kind is not Kind.ACTION


def test_what_is_not_sure_is_other(found: list[Judgement]) -> None:
    assert all(0 <= each.confidence <= 1 for each in found)
    assert all(each.confidence >= SURE for each in found if each.kind is not Kind.OTHER)


def test_a_passage_is_judged_alike_whatever_stands_beside_it(
    embedder: SentenceEmbedder, vectors: Vectors, found: list[Judgement]
) -> None:
    alone = judge(TEXTS[7:8], vectors[7:8], embedder.embed)
    assert alone[0].kind is found[7].kind
    assert alone[0].confidence == pytest.approx(found[7].confidence, abs=1e-6)


def test_no_passages_and_empty_ones_do_no_harm(embedder: SentenceEmbedder) -> None:
    assert judge([], None, embedder.embed) == []
    assert judge([], np.empty((0, 384), np.float32), embedder.embed) == []
    assert len(judge(["", "..."], embedder.embed(["", "..."]), embedder.embed)) == 2


def test_shares_are_of_talk_time_and_name_all_kinds() -> None:
    found = shares([Kind.ACTION, Kind.OTHER, Kind.ACTION], [10.0, 60.0, 30.0])
    assert found == {"challenge": 0, "lesson": 0, "action": 0.4, "question": 0, "other": 0.6}
    assert sum(found.values()) == pytest.approx(1)
    assert shares([], []) == dict.fromkeys(["challenge", "lesson", "action", "question", "other"], 0.0)
