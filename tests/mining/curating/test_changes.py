"""What became of themes, in words."""

from typing import Any

import pytest

from mining.curating.changes import Changed, beside, since

LABELS = {1: "Finance review", 2: "Late night calls", 3: "Old friends", 4: "Handover"}


def changed(state: str, number: int = 1, strands: tuple[int, ...] = (1,), strand: int = 1, **values: Any) -> Changed:
    figures = {"share_before": 0.1, "share": 0.1, "breadth_before": 3, "breadth": 3, **values}
    return Changed(number, LABELS[strand], strand, {"state": state, "strands": list(strands), **figures})


@pytest.mark.parametrize(
    ("each", "words"),
    [
        (changed("continued"), None),
        (changed("new", strands=()), "new"),
        (changed("grew", breadth_before=2, breadth=4, share=0.2), "grew from 2 to 4 groups"),
        (changed("grew", share=0.19), "grew from 10 % to 19 % of talk"),
        (changed("grew", share=0.19, breadth=2), "grew from 10 % to 19 % of talk"),
        (changed("grew", share=0.08), "grew"),  # an added room made its share smaller all the same
        (changed("faded", breadth=1), "faded from 3 to 1 group"),
        (changed("faded", share=0.05), "faded from 10 % to 5 % of talk"),
        (changed("split", strands=(2,), strand=3), "split from “Late night calls”"),
        (changed("split"), "a part split off"),
        (changed("merged", strands=(1, 2)), "merged with “Late night calls”"),
        (changed("merged", strands=(8, 9)), "merged from two"),
    ],
)
def test_a_few_words_stand_beside_a_theme(each: Changed, words: str | None) -> None:
    assert beside(each, LABELS) == words


def test_a_first_analysis_has_no_changes() -> None:
    first = Changed(1, "Finance review", 1, None)
    assert beside(first, LABELS) is None and since([first], [], LABELS) is None


def test_one_sentence_counts_what_changed_and_names_what_is_gone() -> None:
    themes = [
        changed("new", 1, (), 1),
        changed("grew", 2, (2,), 2),
        changed("continued", 3, (3,), 3),
        changed("continued", 5, (5,), 3),
    ]
    assert str(since(themes, [(4, [])], LABELS)) == (
        "Since themes were last looked for, one is new, one grew, two are much the same and one is gone: Handover."
    )


def test_what_was_merged_is_not_gone() -> None:
    themes = [changed("merged", 1, (1, 2), 1), changed("split", 2, (3,), 3)]
    assert str(since(themes, [(2, [1])], LABELS)) == (
        "Since themes were last looked for, one was split from a larger one and one was merged from several."
    )


def test_where_nothing_changed_the_sentence_is_short() -> None:
    said = since([changed("continued"), changed("continued", 2, (2,), 2)], [], LABELS)
    assert str(said) == "Since themes were last looked for, they have stayed much the same."
