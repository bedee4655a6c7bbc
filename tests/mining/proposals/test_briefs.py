"""Briefs: what is typed is cleaned, and what is not fit is said in friendly words, field by field."""

import pytest

from mining.proposals.briefs import QUESTIONS, Brief, Incomplete, clean_line, clean_text, count_words
from tests.factories import BRIEF
from tests.mining.proposing import brief


def problems(**said: str) -> dict[str, str]:
    with pytest.raises(Incomplete) as refused:
        brief(**said).check()
    return refused.value.problems


def test_a_brief_that_answers_the_three_questions_is_fit() -> None:
    brief().check()


def test_the_examples_beside_the_fields_would_be_taken() -> None:
    Brief.of({question.name: question.hint for question in QUESTIONS}).check()


def test_every_empty_answer_is_named_at_once() -> None:
    with pytest.raises(Incomplete) as refused:
        Brief.of({"title": " \u200b", "challenge": "!!! ...", "matters": "\n\n"}).check()
    assert set(refused.value.problems) == {question.name for question in QUESTIONS}


def test_too_short_and_too_long_answers_are_told_how_many_words_they_have() -> None:
    assert "at least 10 words. This has 3." in problems(challenge="It is hard")["challenge"]
    assert "200 words at most. This has 201." in problems(success="word " * 201)["success"]
    assert set(problems(title="word " * 40)) == {"title"}


def test_ten_thousand_letters_without_a_space_are_no_answer() -> None:
    wall = "one two three four five six seven eight nine " + "x" * 10_000
    assert "3,500 characters at most" in problems(challenge=wall + " ten")["challenge"]
    assert "120 characters at most" in problems(title="Boss " + "x" * 500)["title"]


def test_controls_that_disguise_text_are_taken_out_and_paragraphs_stay() -> None:
    assert clean_line("a\u202eb\x00c\ufffe\n d") == "a b c d"
    assert clean_text(" one\r\n\r\n\r\n\r\ntwo \u2066x\u2069\rthree ") == "one\n\ntwo x\nthree"
    assert brief(title="Boss\nof my\u202e friends").title == "Boss of my friends"


def test_words_are_what_people_count() -> None:
    assert count_words("I don't – really – know: e-mail, été!") == 6
    assert brief().said == BRIEF
