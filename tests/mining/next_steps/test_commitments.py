from dataclasses import dataclass
from datetime import date

import pytest

from mining.next_steps.commitments import GROUP, SURE, Commitment, commitments_in
from tests.benchmarks.commitments import figures, labelled

DAY = date(2026, 3, 19)


@dataclass(frozen=True)
class Said:
    text: str
    speaker: str | None = "person 3"


def _in(text: str, speaker: str | None = "person 3") -> list[Commitment]:
    return commitments_in([Said(text, speaker)], DAY)


def test_most_of_what_is_found_in_sentences_it_was_not_made_with_is_right_and_most_of_what_is_there_is_found() -> None:
    it = figures(labelled("test"))
    assert it.labelled >= 90
    assert it.precision >= 0.9
    assert it.recall >= 0.85


def test_a_higher_score_is_a_surer_one() -> None:
    sure, all_ = figures(labelled("test"), 0.9), figures(labelled("test"), SURE)
    assert sure.found < all_.found
    assert sure.precision >= all_.precision


def test_the_sentence_is_cited_verbatim_without_what_leads_in() -> None:
    text = "That is so true. Okay, yeah, I’ll ask Anneke from HR by Friday, she went through the same. Good."
    [found] = _in(text)
    assert text[found.start : found.end] == "I’ll ask Anneke from HR by Friday, she went through the same."
    assert found.due and (found.due.on, found.due.said) == (date(2026, 3, 20), "by Friday")


def test_talk_without_full_stops_is_cut_to_the_thought() -> None:
    text = (
        "yes that is fine and one page is enough i will write a proposal for a short review by the end of march and "
        "then we see what they say to it"
    )
    [found] = _in(text)
    assert text[found.start : found.end] == "i will write a proposal for a short review by the end of march"


def test_who_says_i_owns_it_and_who_says_we_speaks_for_the_group() -> None:
    assert _in("I will send the list round.")[0].owner == "person 3"
    assert _in("I will send the list round.", None)[0].owner is None
    assert _in("We agreed to meet in two weeks.")[0].owner == GROUP


def test_the_day_is_the_one_said_after_the_promise_not_another_in_the_sentence() -> None:
    [found] = _in("There are seven people being promoted in May, I'll write to them before Easter.")
    assert found.due and found.due.said == "before Easter"


@pytest.mark.parametrize(
    "text",
    [
        "Somebody should write this down.",
        "Will you send it to me?",
        "If I were her I would call them tomorrow.",
        "We agreed last year and nothing happened.",
        "He said, I will look into it.",
        "“I will call you back”, that is the sentence I hear.",
        "I won't ask them again.",
        "We will always have meetings.",
        "Sometimes I'll walk round the plant before I go home.",
        "I'll start with the first question.",
        "I hope we'll meet again.",
        "...",
        "",
    ],
)
def test_what_is_no_commitment_is_left_out(text: str) -> None:
    assert _in(text) == []


def test_a_question_that_only_asks_for_a_nod_is_one() -> None:
    assert _in("I'll send it to all of you tomorrow, okay?")
    assert not _in("Shall I send it to all of you tomorrow?")


@pytest.mark.parametrize("verb", ["ask", "tell", "write to", "give", "call", "talk to", "send"])
def test_a_masked_name_does_not_hide_one(verb: str) -> None:
    assert _in(f"I'll {verb} [person 4] about the form.")


def test_several_in_one_utterance_are_told_apart() -> None:
    text = "I'll draft one page for it. It is not hard. And I'll take it to the controller by the tenth of April."
    assert [text[each.start : each.end] for each in _in(text)] == [
        "I'll draft one page for it.",
        "I'll take it to the controller by the tenth of April.",
    ]
