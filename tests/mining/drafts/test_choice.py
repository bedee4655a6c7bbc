"""Which statement goes on which page."""

from collections import Counter

import numpy as np

from mining.describing.kinds import Kind
from mining.drafts.choice import ORDER, SPARE, choose, usable
from mining.drafts.evidence import Evidence
from mining.drafts.sayings import Heard, Saying


def saying(number: int, group: int, kind: Kind, worth: float = 1.0, *, near: float = 0.5) -> Saying:
    said = Heard(group, number, group, number, f"I said sentence {number} of the talk in that room.", kind, 0.5)
    vector = np.zeros(64, np.float32)
    vector[number % 64] = 1.0
    return Saying(said, 0, len(said.text), said.text, kind, worth, near, vector)


def many(count: int, groups: int = 4) -> list[Saying]:
    kinds = [Kind.CHALLENGE, Kind.LESSON, Kind.CHALLENGE, Kind.ACTION, Kind.QUESTION, Kind.OTHER]
    return [saying(i, i % groups, kinds[i % len(kinds)], 2 - i / 100) for i in range(count)]


def test_pages_stand_in_reading_order_with_one_statement_each_and_none_twice() -> None:
    chosen, spare = choose(many(30), frozenset())
    assert [ORDER.index(page.role) for page in chosen] == sorted(ORDER.index(page.role) for page in chosen)
    used = [s.text for page in chosen for s in (*page.said, *([page.voice] if page.voice else []))]
    assert len(set(used)) == len(used)
    assert not set(used) & {s.text for s in spare}
    assert 5 <= len(chosen) <= 8
    assert len(spare) <= SPARE


def test_every_kind_of_page_gets_its_kind_of_statement() -> None:
    by_role = {page.role: page for page in choose(many(30), frozenset())[0]}
    assert by_role["question"].said[0].kind == Kind.QUESTION
    assert by_role["lesson"].said[0].kind == Kind.LESSON
    assert by_role["takeaway"].said[0].kind == Kind.ACTION
    assert by_role["challenge"].said[0].kind == Kind.CHALLENGE
    one, other = by_role["contrast"].said
    assert one.group != other.group


def test_the_opening_is_nearest_to_everything_said() -> None:
    pool = [*many(20), saying(50, 1, Kind.CHALLENGE, 1.9, near=1.0)]
    assert choose(pool, frozenset())[0][0].said[0].said.position == 50


def test_groups_take_turns() -> None:
    loud = [saying(i, 1, Kind.CHALLENGE, 1.6) for i in range(20)]
    quiet = [saying(40 + i, 2 + i, Kind.CHALLENGE, 1.3) for i in range(3)]
    groups = Counter(s.group for page in choose([*loud, *quiet], frozenset())[0] for s in page.said)
    assert {2, 3, 4} <= set(groups)


def test_with_few_statements_the_exercise_works_on_one_that_was_read_before() -> None:
    chosen, spare = choose(many(3), frozenset())
    assert [page.role for page in chosen][0] == "opening"
    exercise = next(page for page in chosen if page.role == "exercise")
    assert exercise.said[0] in [s for page in chosen if page.role != "exercise" for s in page.said]
    assert spare == []


def test_one_group_alone_has_no_page_of_two_views() -> None:
    assert "contrast" not in [page.role for page in choose(many(20, groups=1), frozenset())[0]]


def test_a_theme_without_questions_and_promises_still_makes_a_guide() -> None:
    chosen, _ = choose([saying(i, i % 3, Kind.OTHER) for i in range(9)], frozenset())
    assert {page.role for page in chosen} >= {"opening", "challenge", "exercise", "takeaway"}


def test_what_may_be_read_out_is_good_enough_and_does_not_overlap(evidence: Evidence) -> None:
    pool = usable(evidence.sayings)
    assert len(pool) > 5
    assert not any(one.overlaps(other) for i, one in enumerate(pool) for other in pool[:i])
    assert usable([saying(1, 1, Kind.OTHER, 0.1)]) == []
