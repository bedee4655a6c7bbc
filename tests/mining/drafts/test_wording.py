"""What may be used of a language model's answer."""

import json
from typing import Any

import pytest

from mining.drafts.lines import Body, Line, Page
from mining.drafts.wording import SYSTEM, Passage, Worded, WordingFailed, checked, request_of

FIRST = "I invented a forecast, and they rejected  my invention."
SECOND = "The margin was too thin, they said."
PASSAGE = Passage(3, f"{FIRST} {SECOND}", ((0, 7, 10), (len(FIRST) + 1, 7, 11)))
CITED = {"recording": 7, "position": 10, "start": 0, "end": 21, "sha256": "x"}
QUESTION = Line("p1-question", "question", "Somebody said: “{0}” And you?", (CITED,))
FRAMING = Line("p1-framing", "framing", "67 % of the talk was about it.", (CITED,))
STEP = Line("p1-step1", "step", "(5 min) Talk.", (CITED,))
BODY = Body(pages=(Page("p1", "challenge", "T", 10, (FRAMING, QUESTION, STEP)),))


def cite(recording: int, position: int, start: int, end: int) -> dict[str, Any]:
    return {"recording": recording, "position": position, "start": start, "end": end, "sha256": "y"}


def answered(*lines: Any, passages: tuple[Passage, ...] = (PASSAGE,)) -> Worded:
    return checked(BODY, json.dumps({"lines": lines}), passages, cite)


def line(text: Any, *quotes: Any, id: str = "p1-question", passage: Any = 3) -> dict[str, Any]:
    return {"id": id, "text": text, "citations": [{"passage": passage, "quote": quote} for quote in quotes]}


def question(worded: Worded) -> Line:
    return worded.body.pages[0].lines[1]


def test_a_quote_is_found_whatever_its_white_space_and_the_stored_characters_are_cited() -> None:
    worded = answered(line("What would you have done? “{0}”", "they rejected my\ninvention."))
    made = question(worded)
    assert (worded.lines, worded.dropped, worded.refused) == (1, 0, 0)
    assert made.text == "What would you have done? “{0}”"
    [citation] = made.citations
    assert (citation["position"], FIRST[citation["start"] : citation["end"]]) == (10, "they rejected  my invention.")
    assert made.worded


def test_a_quote_that_the_model_wrote_out_becomes_a_place() -> None:
    worded = answered(line("Somebody: “I invented a forecast” – what do you invent?", "I invented a forecast"))
    assert question(worded).text == "Somebody: “{0}” – what do you invent?"
    bare = answered(line("When? {0}", "I invented a forecast"))
    assert question(bare).text == "When? “{0}”"


@pytest.mark.parametrize(
    "quote",
    [
        "They fired the whole team.",  # nobody said it
        "I invented a Forecast",  # not letter by letter
        "my invention. The margin was",  # of two people
        "too thin",  # too short to be anybody's
        "nvented a forecast, and they rejected",  # within a word
        "x" * 5000,
        7,
        None,
        {"a": 1},
    ],
)
def test_what_nobody_said_is_dropped_and_counted_and_our_line_stands(quote: Any) -> None:
    worded = answered(line("Well, what do you say? “{0}”", quote))
    assert (worded.lines, worded.dropped, worded.refused) == (0, 1, 1)
    assert question(worded) == QUESTION


def test_a_quote_of_another_passage_is_dropped() -> None:
    for number in (4, "3", True, 3.0, None, -1):
        assert answered(line("And you? “{0}”", "I invented a forecast", passage=number)).dropped == 1


def test_a_line_keeps_the_citations_that_hold() -> None:
    worded = answered(line("Somebody said “{1}”. And you?", "They lied to all of us.", "I invented a forecast"))
    assert (worded.lines, worded.dropped) == (1, 1)
    assert question(worded).text == "Somebody said “{0}”. And you?"
    [citation] = question(worded).citations
    assert FIRST[citation["start"] : citation["end"]] == "I invented a forecast"


@pytest.mark.parametrize(
    "text",
    [
        "They said “we hate the boss” and “{0}”. And you?",  # words that nobody said
        'They said "we hate the boss" and “{0}”. And you?',
        "They said ‘we all hate the boss’ and “{0}”. And you?",
        "They said «we hate the boss» and “{0}”. And you?",
        "They said „we hate the boss“ and “{0}”. And you?",
        "They said “we hate the boss and “{0}”. And you?",
        "“{1}” And you?",  # a place without a citation
        "“{0}” That is it.",  # no question any more
        "And you?",  # without the statement
        "In 93 % of rooms: “{0}” And you?",  # a figure of its own
        "{0} " * 500 + "?",
        "",
        None,
        ["?"],
    ],
)
def test_words_in_quotation_marks_that_nobody_said_and_the_like_are_refused(text: Any) -> None:
    worded = answered(line(text, "I invented a forecast"))
    assert (worded.lines, worded.refused) == (0, 1)
    assert question(worded) == QUESTION


def test_our_own_figures_may_stay() -> None:
    worded = answered(line("About 67 % of it was trouble.", "I invented a forecast", id="p1-framing"))
    assert worded.body.pages[0].lines[0].text == "About 67 % of it was trouble."


def test_only_lines_that_may_be_worded_are_and_each_once() -> None:
    good = line("What do you invent? “{0}”", "I invented a forecast")
    worded = answered({**good, "id": "p1-step1"}, {**good, "id": "nowhere"}, good, {**good, "text": "Again “{0}”?"}, 5)
    assert worded.lines == 1
    assert worded.body.pages[0].lines[2] == STEP
    assert question(worded).text == "What do you invent? “{0}”"


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Sorry, I cannot do that.",
        "{",
        '{"lines": {}}',
        '{"lines": "p1"}',
        "[1, 2]",
        "null",
        '{"lines": ' + "[" * 100_000,
        '{"lines": [' + "[" * 100_000 + "]" * 100_000 + "]}",
        "}{",
    ],
)
def test_an_answer_that_is_none_is_said_to_be_none(answer: str) -> None:
    with pytest.raises(WordingFailed, match="was not the JSON that was asked for"):
        checked(BODY, answer, (PASSAGE,), cite)


def test_an_answer_may_be_wrapped_in_words() -> None:
    good = json.dumps({"lines": [line("And you? “{0}”", "I invented a forecast")]})
    assert checked(BODY, f"Here it is:\n```json\n{good}\n```", (PASSAGE,), cite).lines == 1


def test_markup_and_control_characters_are_text() -> None:
    worded = answered(line("<script>alert()</script>\x00\u202e\n“{0}” And you?", "I invented a forecast"))
    assert question(worded).text == "<script>alert()</script> “{0}” And you?"


def test_the_request_holds_passages_and_lines_as_they_read() -> None:
    said = {"p1-question": ("I invented a forecast",), "p1-framing": ("I invented a forecast",)}
    material = json.loads(request_of(BODY, [PASSAGE], said))
    assert material["passages"] == [{"passage": 3, "text": PASSAGE.text}]
    assert [each["id"] for each in material["lines"]] == ["p1-framing", "p1-question"]
    assert material["lines"][1]["text"] == "Somebody said: “I invented a forecast” And you?"
    assert "never instructions" in SYSTEM


@pytest.mark.parametrize(
    "text",
    [
        "They said ‚we hate the boss‘ and “{0}”. And you?",
        "They said `we hate the boss` and “{0}”. And you?",
        "They said ″we hate the boss″ and “{0}”. And you?",
        "They said ＂we hate the boss＂ and “{0}”. And you?",
        "They said 'we don't care about the people who leave' and “{0}”. And you?",
        "They said ‘no’ and “{0}”. And you?",
        "Four of nine groups said “{0}”. And you?",
        "Half of the groups said “{0}”. And you?",
        "½ of the groups said “{0}”. And you?",
        "Sixty per cent said “{0}”. And you?",
    ],
)
def test_other_marks_and_numbers_in_words_are_refused_as_well(text: str) -> None:
    worded = answered(line(text, "I invented a forecast"))
    assert (worded.lines, worded.refused) == (0, 1)


def test_apostrophes_stay_and_a_place_in_single_marks_is_a_place() -> None:
    worded = answered(line("What's your team’s answer when no one says ‘{0}’?", "I invented a forecast"))
    assert question(worded).text == "What's your team’s answer when no one says “{0}”?"


def test_a_number_of_our_line_may_be_written_out() -> None:
    worded = answered(line("Sixty-seven percent of it was trouble.", "I invented a forecast", id="p1-framing"))
    assert worded.body.pages[0].lines[0].text == "Sixty-seven percent of it was trouble."
