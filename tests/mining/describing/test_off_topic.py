"""Talk around the conversation is set aside, and talk about such things as a subject of work never is.

The recall here flatters: the phrases were written with most of these passages known. Of the eleven off-topic ones
whose source is "unseen", written after the phrases, four were found, and nothing was set aside wrongly.
"""

import csv

import pytest

from mining.describing.kinds import Kind
from mining.describing.off_topic import REASONS, aside
from mining.embedding.embedder import Vectors
from mining.embedding.sentence_embedder import SentenceEmbedder
from tests.benchmarks.kinds import bare, labelled
from tests.conftest import FIXTURES
from tests.mining.talk import SUBJECTS

with (FIXTURES / "off_topic.tsv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file, delimiter="\t", quoting=csv.QUOTE_NONE))
OFF = [(row["text"], row["reason"]) for row in ROWS if row["reason"] != "-"]
TRICKY = [row["text"] for row in ROWS if row["reason"] == "-"]
"""About meetings, microphones, lunch, greetings, recordings: as a subject of work."""
ON = [*TRICKY, *(row.text for use in ("test", "training") for row in labelled(use) if row.kind is not Kind.OTHER)]


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder()


def found(embedder: SentenceEmbedder, texts: list[str]) -> list[str | None]:
    return aside(texts, embedder.embed(texts), embedder.embed)


def test_the_labelled_passages_are_of_all_three_sorts() -> None:
    assert len(OFF) >= 25 and {reason for _, reason in OFF} == set(REASONS)
    assert len(TRICKY) >= 30 and len(ON) >= 300


def test_what_is_set_aside_is_off_topic_and_most_of_that_is_found(embedder: SentenceEmbedder) -> None:
    right = [reason for reason in found(embedder, [text for text, _ in OFF]) if reason]
    wrong = [text for text, reason in zip(ON, found(embedder, ON), strict=True) if reason]
    assert len(right) / (len(right) + len(wrong)) >= 0.97, wrong
    assert len(right) / len(OFF) >= 0.8


def test_the_reason_is_mostly_the_right_one(embedder: SentenceEmbedder) -> None:
    pairs = zip(OFF, found(embedder, [text for text, _ in OFF]), strict=True)
    named = [(true, reason) for (_, true), reason in pairs if reason]
    assert sum(true == reason for true, reason in named) / len(named) >= 0.9


def test_a_bare_transcript_is_recognised_as_well(embedder: SentenceEmbedder) -> None:
    assert sum(map(bool, found(embedder, [bare(text) for text, _ in OFF]))) / len(OFF) >= 0.7
    assert not any(found(embedder, [bare(text) for text in TRICKY]))


def test_no_talk_on_a_subject_is_set_aside_even_when_it_is_about_meetings(embedder: SentenceEmbedder) -> None:
    assert not any(found(embedder, [text for said in SUBJECTS.values() for text in said]))


def test_a_greeting_before_a_subject_does_not_take_the_subject_away(embedder: SentenceEmbedder) -> None:
    text = "Hello, good morning, thanks for coming. " + SUBJECTS["handover"][0]
    assert found(embedder, [text]) == [None]


def test_phrases_alone_are_not_proof_enough() -> None:
    def never(texts: object) -> Vectors:
        raise AssertionError("asked for vectors")

    assert aside(["Can you hear me? You are on mute."], None, never) == [None]
    assert aside([], None, never) == []


def test_one_passage_and_an_empty_one_do_no_harm(embedder: SentenceEmbedder) -> None:
    text = "Can you hear me? No, you are on mute. Now we can hear you, but there's an echo."
    assert found(embedder, [text]) == ["technical trouble"]
    assert found(embedder, [""]) == [None]
