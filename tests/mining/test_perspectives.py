from mining.perspectives import KEYWORDS, QUOTES, Perspective, perspectives
from tests.mining.talk import BUDGET, FRIENDS

# One theme, three rooms: 1 speaks of committees, 2 of a budget of its own, 3 says a word or two.
SAID = [
    (1, "The finance committee wants a business case with thirty pages for the budget."),
    (2, "We have a small budget of five thousand, and the team spends the pocket money carefully."),
    (1, "The finance committee stops the budget, and the finance committee then complains."),
    (2, "The pocket money works, nobody wasted the pocket money, and the budget lasts."),
    (1, "Every finance committee review costs the budget a month."),
    (1, "Thirty pages for the finance committee, and the budget was cut."),
    (3, "And then they did it again."),
]
MEMBERS = [4, 7, 9, 11, 20, 21, 30]
ORDER = [20, 7, 4, 21, 30, 9, 11]
SECONDS = {1: 60.0, 2: 240.0, 3: 5.0}


def found() -> tuple[Perspective, ...]:
    return perspectives(SAID, MEMBERS, ORDER, SECONDS)


def test_each_group_that_raises_the_theme_has_one_and_most_talk_comes_first() -> None:
    assert [view.group for view in found()] == [2, 1, 3]


def test_groups_with_the_same_amount_of_talk_stand_in_their_own_order() -> None:
    assert [v.group for v in perspectives(SAID, MEMBERS, ORDER, {3: 9.0, 1: 9.0, 2: 9.0})] == [1, 2, 3]


def test_key_words_are_what_a_group_says_and_the_others_do_not() -> None:
    money, committee, _ = found()
    assert "pocket money" in money.keywords and "finance committee" in committee.keywords
    assert not set(money.keywords) & set(committee.keywords)
    assert committee.keywords[0] != "budget" != money.keywords[0], "what all of them say tells none of them apart"
    for view in found():
        own = " ".join(text.lower() for group, text in SAID if group == view.group)
        assert len(view.keywords) <= KEYWORDS
        assert all(word in own for word in view.keywords)


def test_a_group_without_a_word_that_carries_a_subject_has_quotes_and_no_key_words() -> None:
    assert found()[2] == Perspective(3, (), (30,))


def test_quotes_are_the_groups_own_passages_most_central_first_and_three_at_most() -> None:
    money, committee, _ = found()
    assert money.quotes == (7, 11)
    assert committee.quotes == (20, 4, 21) and len(committee.quotes) == QUOTES


def test_a_theme_of_one_group_has_one_perspective() -> None:
    said = [(5, BUDGET[0]), (5, FRIENDS[0])]
    (view,) = perspectives(said, [0, 1], [1, 0], {5: 60.0})
    assert (view.group, view.quotes) == (5, (1, 0)) and view.keywords
