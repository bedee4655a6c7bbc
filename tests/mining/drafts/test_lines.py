"""Lines, pages and their stored form."""

import json

import pytest

from capture.errors import Refused
from mining.drafts.lines import Body, Line, Near, Page, body_of, editable, pieces, places, typed, with_lines

ONE = {"recording": 1, "position": 2, "start": 0, "end": 5, "sha256": "a"}
TWO = {"recording": 1, "position": 3, "start": 0, "end": 5, "sha256": "b"}
LINE = Line("p1-question", "question", "One: “{0}” Another: “{1}” And you?", (ONE, TWO))
BODY = Body(
    pages=(Page("p1", "contrast", "Two views", 20, (LINE,)), Page("p2", "takeaway", "Home", 10)),
    why=(Line("why-breadth", "why", "Four groups.", (ONE,)),),
    near=(Near(7, Line("near-1", "near", "It is near.")),),
    spare=(TWO,),
    notes=("A note.",),
    theme="Finance review",
)


def test_a_draft_comes_back_from_the_database_as_it_was() -> None:
    assert body_of(json.loads(json.dumps(BODY.stored()))) == BODY
    assert BODY.minutes == 30
    assert [line.id for line in BODY.lines] == ["why-breadth", "p1-question", "near-1"]


def test_words_stand_in_their_places() -> None:
    assert pieces(LINE) == ["One: “", 0, "” Another: “", 1, "” And you?"]
    assert places(LINE) == [0, 1]
    assert editable(LINE) == "One: “⟦quote 1⟧” Another: “⟦quote 2⟧” And you?"


def test_braces_that_are_no_place_are_text() -> None:
    line = Line("a", "framing", "Use {5} and {x} and {} here.", (ONE,))
    assert pieces(line) == ["Use {5} and {x} and {} here."]
    assert pieces(Line("a", "framing", "")) == []


def test_what_a_designer_types_keeps_the_citations() -> None:
    made = typed(LINE, "  ⟦quote 2⟧ first,\r\n then ⟦ Quote 1 ⟧?  ")
    assert made.text == "{1} first,\nthen {0}?"
    assert made.edited
    assert made.citations == LINE.citations
    assert typed(LINE, editable(LINE)) is LINE
    assert typed(LINE, "").text == ""


@pytest.mark.parametrize("text", ["“⟦quote 3⟧”", "⟦quote 0⟧", "⟦quote one⟧", "⟦quote 1", "⟧ what"])
def test_a_token_of_no_quote_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(Refused, match="is no quote of this line. It has ⟦quote 1⟧, ⟦quote 2⟧"):
        typed(LINE, text)


def test_a_line_has_its_limit_and_says_how_long_it_is() -> None:
    with pytest.raises(Refused, match="this one has 10,000"):
        typed(LINE, "x" * 10_000)


def test_marks_that_turn_text_round_are_left_out() -> None:
    assert typed(LINE, "safe\u202e text\x00\u2067").text == "safe text"


def test_lines_are_put_in_place_wherever_they_stand() -> None:
    new = Line("near-1", "near", "Changed.")
    changed = with_lines(BODY, {"near-1": new, "why-breadth": Line("why-breadth", "why", "Five.")})
    assert changed.near[0].line == new
    assert changed.why[0].text == "Five."
    assert changed.pages == BODY.pages
