"""Which runs of words read like a heading, and how often a theme says them."""

import pytest

from mining.describing.phrases import LONGEST, Phrases, doing, is_doing, is_verb_form, phrases_of, root_of, subjects_of
from mining.words import clauses


def found(text: str) -> set[str]:
    return {form for form, _ in phrases_of(clauses(text)).values()}


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("The finance review stops us.", "finance review"),
        ("I am the boss of my friends.", "boss of my friends"),
        ("Saying no to the director is hard.", "saying no to the director"),
        ("I was promoted over my colleagues.", "promoted over my colleagues"),
        ("There is no time to reflect.", "time to reflect"),
        ("We found a quiet hour.", "quiet hour"),
        ("so then i rang them and we cancelled the monday meeting", "cancelling the monday meeting"),
        ("i bring my laptop to the meeting", "bringing my laptop"),
    ],
)
def test_headings_are_found(text: str, phrase: str) -> None:
    assert phrase in found(text)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("The review kills projects.", "review kills projects"),
        ("Kids talk about guns.", "kids talk about guns"),
        ("I asked Walter about the press.", "walter about the press"),
        ("Turn the page of the exercise.", "page of the exercise"),
        ("The budget, finance.", "budget finance"),
        ("We really like cheese.", "liking cheese"),
        ("A little bit of a problem there.", "bit of a problem"),
    ],
)
def test_pieces_of_sentences_names_and_what_a_session_is_run_with_are_not(text: str, phrase: str) -> None:
    assert phrase not in found(text)


def test_no_phrase_is_longer_than_a_name_may_be_or_begins_or_ends_with_a_filler() -> None:
    said = "yeah the forty films about the old press in the hall of the plant in the valley you know"
    assert found(said)
    assert all(2 <= len(phrase.split()) <= LONGEST for phrase in found(said))
    assert not any(phrase.split()[0] in {"yeah", "the", "you"} for phrase in found(said))


def test_forms_of_a_verb_and_articles_make_no_other_phrase() -> None:
    assert root_of(["saying", "no", "to", "the", "boss"]) == root_of(["said", "no", "to", "my", "bosses"])
    assert set(phrases_of(clauses("I said no."))) == set(phrases_of(clauses("You can say no!"))) == {("say", "no")}


def test_a_theme_counts_the_passages_and_groups_of_a_phrase_and_writes_it_as_a_doing() -> None:
    texts = ["I said no to them. We say no.", "They can say no.", "Saying no is hard.", "We eat cheese cake."]
    phrases = Phrases(texts, [1, 1, 1, 2], [7, 7, 8, 8])
    use = phrases.of[1][("say", "no")]
    assert (use.passages, use.groups, use.written()) == (3, {7, 8}, "saying no")
    assert phrases.overall[("say", "no")] == 3
    assert ("say", "no") not in phrases.of[2]


def test_a_piece_of_a_longer_run_of_nouns_is_not_complete() -> None:
    use = Phrases(["The credit card debt grows.", "My credit card broke."], [1, 1], [1, 1]).of[1]
    assert (use["credit", "card"].passages, use["credit", "card"].complete) == (2, 1)


def test_a_longer_phrase_is_known_by_its_beginning() -> None:
    texts = ["Saying no upstairs.", *["Saying no again, and again."] * 5]
    phrases = Phrases(texts, [1] * 6, list(range(6)))
    alone = Phrases(texts[:1] + ["Nothing."] * 5, [1] * 6, list(range(6)))
    root = root_of(["saying", "no", "upstairs"])
    assert alone.spread(1, root) < phrases.spread(1, root) < phrases.spread(1, root_of(["saying", "no"])) <= 1


def test_what_the_talk_itself_uses_as_a_verb_is_one() -> None:
    texts = ["We grommet it.", "You can grommet them.", "They don't grommet sails.", "Here boats grommet sails."]
    assert all("boats grommet" not in use.forms for use in Phrases(texts, [1] * 4, [1] * 4).of[1].values())
    assert "boats grommet" in found(texts[3])


@pytest.mark.parametrize(
    ("base", "form"),
    [("say", "saying"), ("write", "writing"), ("stop", "stopping"), ("lie", "lying"), ("see", "seeing")],
)
def test_the_form_in_ing(base: str, form: str) -> None:
    assert doing(base) == form


def test_a_thing_in_ing_is_no_doing() -> None:
    assert is_doing("calling") and not is_doing("meeting") and not is_doing("ring") and not is_doing("bring")
    assert is_verb_form("stopped") and not is_verb_form("stopping") and not is_verb_form("budget")


def test_subjects_are_compared_without_their_endings() -> None:
    assert subjects_of("saying no to the bosses") == {"boss"}
