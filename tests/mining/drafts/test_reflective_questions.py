"""The bank of questions."""

from collections import Counter

import pytest

from mining.describing.kinds import Kind
from mining.drafts.choice import ORDER
from mining.drafts.lines import MINDSETS
from mining.drafts.reflective_questions import question_for, stems


def test_there_are_enough_questions_for_every_page_and_all_differ() -> None:
    assert len(stems()) >= 40
    assert len({stem.text for stem in stems()}) == len(stems())
    counts = Counter(stem.role for stem in stems())
    assert set(counts) == set(ORDER)
    assert all(count >= 4 for count in counts.values())


@pytest.mark.parametrize("stem", stems(), ids=lambda stem: stem.text[:40])
def test_a_question_asks_and_has_room_for_its_statements(stem) -> None:
    assert "?" in stem.text
    assert stem.text.count("“{0}”") == 1
    assert ("“{1}”" in stem.text) == (stem.role == "contrast")
    assert stem.mindset in (None, *MINDSETS)
    assert stem.kind in (None, "worked", *Kind)


def test_take_aways_always_ask_for_the_next_month() -> None:
    assert all("over the next month" in stem.text for stem in stems() if stem.role == "takeaway")


def test_nothing_is_asked_twice_until_everything_was_asked() -> None:
    used: list[str] = []
    for _ in range(sum(stem.role == "challenge" for stem in stems())):
        used.append(question_for("challenge", used).text)
    assert len(set(used)) == len(used)
    assert question_for("challenge", used).text in used


def test_neighbouring_pages_do_not_begin_alike() -> None:
    used: list[str] = []
    for role in ("opening", "challenge", "lesson", "action", "takeaway"):
        used.append(question_for(role, used).text)
    begins = [text.startswith("Somebody") for text in used[:4]]
    assert all(one != other for one, other in zip(begins, begins[1:], strict=False))


def test_a_guide_asks_in_its_own_mindset() -> None:
    assert question_for("challenge", [], "reflection").mindset == "reflection"
    assert question_for("challenge", [], "analysis").mindset == "analysis"


def test_what_worked_is_asked_of_only_where_something_did() -> None:
    used: list[str] = []
    neutral = [stem for stem in stems() if stem.role == "lesson" and stem.kind is None]
    for _ in neutral:
        used.append(question_for("lesson", used, kind="lesson").text)
    assert set(used) == {stem.text for stem in neutral}


def test_a_page_of_an_unknown_kind_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        question_for("weather", [])
