"""The guide itself."""

import re
from dataclasses import replace

import pytest

from capture.errors import Refused
from mining.describing.kinds import Kind
from mining.drafts.evidence import Evidence
from mining.drafts.exercises import MINUTES
from mining.drafts.lines import LONG, MINDSETS, SHORT, Body, places
from mining.drafts.sayings import Saying
from mining.drafts.writer import TIMES, working_title, write


def lasting(body: Body) -> list[int]:
    return [page.minutes for page in body.pages]


def test_a_guide_has_five_to_eight_pages_that_add_up_to_ninety_minutes(evidence: Evidence) -> None:
    body = write(evidence)
    assert 5 <= len(body.pages) <= 8
    assert body.minutes == body.target == LONG
    assert [page.role for page in body.pages][0] == "opening"
    assert [page.role for page in body.pages][-1] == "takeaway"
    assert sum(page.role == "exercise" for page in body.pages) == 1


@pytest.mark.parametrize("content", TIMES)
def test_whatever_the_number_of_pages_the_minutes_add_up(content: int) -> None:
    assert sum(TIMES[content]) + 10 + 10 + MINUTES == (LONG if content > 1 else SHORT)


def test_every_line_carries_passages(evidence: Evidence) -> None:
    body = write(evidence)
    assert body.lines
    assert all(line.citations for line in body.lines)
    assert len({line.id for line in body.lines}) == len(body.lines)


def test_every_page_has_a_framing_and_a_question_on_a_statement(evidence: Evidence) -> None:
    for page in write(evidence).pages:
        framing, question = page.lines[:2]
        assert (framing.role, question.role) == ("framing", "question")
        assert places(question)
        assert "“{0}”" in question.text
        assert "$" not in framing.text
        assert (len(page.lines) > 2) == (page.role == "exercise")


def test_no_words_of_anybody_stand_in_the_draft_itself(evidence: Evidence) -> None:
    stored = str(write(evidence).stored())
    said = [s.text for s in evidence.sayings]
    assert said
    assert not any(text in stored for text in said)


def test_no_question_is_asked_twice(evidence: Evidence) -> None:
    questions = [line.text for page in write(evidence).pages for line in page.lines if line.role == "question"]
    assert len(set(questions)) == len(questions)


def test_why_now_gives_groups_and_numbers(evidence: Evidence) -> None:
    why = {line.id: line for line in write(evidence).why}
    words = {1: "One", 2: "Two", 3: "Three"}
    assert why["why-breadth"].text.startswith(f"{words[evidence.breadth]} of three groups raised it, in ")
    assert f"{round(evidence.depth * 100)} % of all talk." in why["why-breadth"].text
    assert len(why["why-breadth"].citations) == evidence.breadth
    assert " %" in why["why-kinds"].text


def test_the_same_evidence_gives_the_same_guide_and_mindsets_differ(evidence: Evidence) -> None:
    assert write(evidence) == write(evidence)
    assert len({str(write(evidence, mindset).stored()) for mindset in MINDSETS}) > 2
    assert write(evidence).pages != write(evidence, taken=[str(write(evidence).sources["exercise"])]).pages


def test_three_statements_make_a_short_guide_that_says_so(evidence: Evidence) -> None:
    body = write(replace(evidence, sayings=few(evidence, 3)))
    assert body.minutes == body.target == SHORT
    assert "Only 3 statements can be read out, so this is a short guide of 60 minutes." in body.notes


def test_fewer_make_none_and_it_says_what_to_do(evidence: Evidence) -> None:
    with pytest.raises(Refused, match=r"2 statements can be read out .* a guide needs 3. Merge the theme"):
        write(replace(evidence, sayings=few(evidence, 2)))
    with pytest.raises(Refused, match="0 statements"):
        write(replace(evidence, sayings=()))


def test_a_theme_of_one_group_is_called_a_small_sample(evidence: Evidence) -> None:
    one = evidence.groups[0].group
    alone = replace(evidence, groups=evidence.groups[:1], sayings=tuple(s for s in evidence.sayings if s.group == one))
    body = write(alone)
    assert any("One group is a small sample" in note for note in body.notes)
    assert "contrast" not in [page.role for page in body.pages]


def test_how_much_was_said_stands_beside_the_guide_and_not_in_it(evidence: Evidence) -> None:
    body = write(replace(evidence, event="Retreat of the board", kinds={Kind.CHALLENGE: 0.67, Kind.LESSON: 0.33}))
    assert "67 %" in str(body.why)
    for line in [*body.purpose, *(line for page in body.pages for line in page.lines)]:
        assert not re.search(r"%|\bgroups at\b|Retreat", line.text), line.text


def test_a_working_title_is_nobody_elses(evidence: Evidence) -> None:
    first = working_title(evidence)
    assert first.startswith(f"{evidence.label}: ")
    titles = [first]
    for _ in range(5):
        titles.append(working_title(evidence, [title.upper() for title in titles]))
    assert len(set(titles)) == 6
    assert len(working_title(replace(evidence, label="x" * 300))) <= 160


def few(evidence: Evidence, count: int) -> tuple[Saying, ...]:
    """As many statements as that, each of another utterance."""
    found: list[Saying] = []
    for each in evidence.sayings:
        if each.worth > 0.7 and not any(each.overlaps(other) for other in found):
            found.append(each)
    assert len(found) >= count
    return tuple(found[:count])
