from mining.describing.bertopic_keywords import terms_of
from mining.describing.contrast import PASSAGES, Z, contrasts

Entry = tuple[int, int, str]
"""(theme, group, what was said)"""

TALK = "the boss gives us a task and nobody refuses the task"


def found(said: list[Entry]) -> dict[tuple[int, int], list[str]]:
    themes, groups, texts = zip(*said, strict=True)
    own = contrasts([terms_of(text) for text in texts], themes, groups)
    return {key: [term.text for term in terms] for key, terms in own.items()}


def plain(theme: int, group: int, number: int) -> list[Entry]:
    return [(theme, group, TALK)] * number


def test_what_a_group_says_and_the_others_do_not_is_found_the_strongest_first() -> None:
    own = [(1, 1, f"{TALK}, the wall chart is full")] * 3 + [(1, 1, f"{TALK}, the union knows the wall chart")] * 2
    said = [*own, *plain(1, 2, 6), *plain(1, 3, 6)]
    themes, groups, texts = zip(*said, strict=True)
    ((key, terms),) = contrasts([terms_of(text) for text in texts], themes, groups).items()
    assert key == (1, 1) and terms[0].text == "wall chart" and terms[0].passages == 5
    assert all(term.weight > Z and term.passages >= PASSAGES for term in terms)
    assert {term.text for term in terms} <= {"wall chart", "wall", "chart", "union"}


def test_what_all_say_alike_is_nobodys_own() -> None:
    assert found([*plain(1, 1, 5), *plain(1, 2, 5), *plain(1, 3, 5)]) == {}


def test_a_group_that_talks_ten_times_as_much_does_not_own_the_words_of_the_theme() -> None:
    elsewhere = [(2, group, "the ferry leaves the harbour when the tide is high") for group in (1, 2, 3)] * 20
    assert found([*plain(1, 1, 40), *plain(1, 2, 4), *plain(1, 3, 4), *elsewhere]) == {}


def test_words_that_a_group_uses_everywhere_do_not_set_it_apart_in_one_theme() -> None:
    here = [(1, 1, f"{TALK}, the wall chart is full")] * 5 + plain(1, 2, 6) + plain(1, 3, 6)
    harbour = "the ferry leaves the harbour when the tide is high"
    others = [(2, group, harbour) for group in (2, 3)] * 6
    assert "wall chart" in found([*here, *others, *[(2, 1, harbour)] * 6])[1, 1]
    assert found([*here, *others, *[(2, 1, f"{harbour}, says the wall chart")] * 6]).get((1, 1)) is None


def test_what_others_say_elsewhere_makes_it_no_less_this_groups_own_here() -> None:
    here = [(1, 1, f"{TALK}, the wall chart is full")] * 5 + plain(1, 2, 6) + plain(1, 3, 6)
    others = [(2, group, "the ferry has a wall chart of the harbour") for group in (2, 3)] * 3
    assert "wall chart" in found([*here, *others])[1, 1]


def test_a_word_that_the_others_say_often_is_the_themes_however_often_one_group_says_it() -> None:
    own = (1, 1, f"{TALK}, the wall chart is full and the wall chart is red")
    now_and_then = [*plain(1, 2, 19), (1, 2, f"{TALK}, the wall chart")]
    often = [*plain(1, 2, 13), *[(1, 2, f"{TALK}, the wall chart")] * 7]
    assert "wall chart" in found([*[own] * 20, *now_and_then])[1, 1]
    assert "wall chart" not in found([*[own] * 20, *often]).get((1, 1), [])


def test_what_one_passage_repeats_is_not_how_a_group_speaks() -> None:
    once = (1, 1, f"{TALK}, the wall chart, the wall chart, the wall chart, the wall chart, and the wall chart")
    assert found([once, *plain(1, 1, 1), *plain(1, 2, 30), *plain(1, 3, 30)]) == {}
    assert "wall chart" in found([once, once, *plain(1, 2, 30), *plain(1, 3, 30)])[1, 1]


def test_fillers_and_first_names_are_nobodys_own_words() -> None:
    own = (1, 1, f"{TALK}, well, you know, um, I mean, Walter and Susan, Walter Meier, basically, whatever")
    said = [*[own] * 6, *plain(1, 2, 6), *plain(1, 3, 6)]
    words = {word for phrase in found(said).get((1, 1), []) for word in phrase.split()}
    assert words <= {"meier"}


def test_a_theme_of_one_group_and_talk_without_a_theme_have_nothing_to_compare() -> None:
    own = f"{TALK}, the wall chart is full"
    assert found([*[(1, 1, own)] * 6, *[(0, 1, own)] * 6, *plain(0, 2, 6)]) == {}


def test_a_single_word_in_all_and_no_words_at_all_give_nothing() -> None:
    assert found([(1, 1, "ferry ferry"), (1, 2, "ferry")]) == {}
    assert found([(1, 1, "um"), (1, 2, "you know")]) == {}
    assert contrasts([], [], []) == {}


def test_the_order_of_passages_makes_no_difference() -> None:
    own = [(1, 1, f"{TALK}, the wall chart and the union list and the red folder")] * 4
    said = [*own, *plain(1, 2, 6), *plain(1, 3, 6)]
    assert list(found(said).items()) == list(found(said[::-1]).items())
