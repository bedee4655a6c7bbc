"""What counts as a word in spoken English."""

import pytest

from mining.words import clauses, content_words, is_backchannel, stem, without_hesitation, words_of


@pytest.mark.parametrize(
    "text",
    ["Yeah.", "Mm-hm", "Okay, right, right.", "Uh, I, uh", "Oh wow, really?", "You know", "I know.", "", "Um-hum"],
)
def test_answers_and_broken_off_beginnings_are_backchannels(text: str) -> None:
    assert is_backchannel(text)


@pytest.mark.parametrize(
    "text",
    ["No budget.", "Finance!", "Yes, the committee.", "We never talked about it", "I was promoted", "Ask your boss"],
)
def test_anything_with_a_subject_is_not_a_backchannel(text: str) -> None:
    assert not is_backchannel(text)


def test_masks_and_numbers_are_no_words() -> None:
    assert words_of("[person 3] paid 20 euros to [e-mail]") == ["paid", "euros", "to"]


def test_hesitation_and_masks_are_not_embedded_and_other_words_stay() -> None:
    said = "So, uh, [person 2] hummed, um, and the error, er, was huh, gone."
    assert without_hesitation(said) == "So, hummed, and the error, was gone."


def test_typographic_apostrophes_are_the_same_word() -> None:
    assert (
        content_words("I don’t think we can’t budget") == content_words("I don't think we can't budget") == ["budget"]
    )


def test_no_phrase_reaches_across_punctuation_or_a_mask() -> None:
    assert clauses("The budget, finance. Ask [person 1] again") == [["the", "budget"], ["finance"], ["ask"], ["again"]]


@pytest.mark.parametrize(
    ("one", "other"), [("review", "reviews"), ("company", "companies"), ("boss", "bosses"), ("coach", "coaches")]
)
def test_singular_and_plural_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_different_words_keep_different_stems() -> None:
    assert len({stem(word) for word in ("analysis", "status", "boss", "bus", "less", "new", "news")}) == 7
