"""Set phrases of spoken English: found in a transcript with punctuation and in one without."""

from mining.describing.cues import Cues, spoken


def test_contractions_are_written_out_and_hesitation_is_left_out() -> None:
    assert spoken("Um, I'll just do it, and we can't. It's John's.").words == tuple(
        "i will do it and we can not it is john's".split()  # noqa: SIM905
    )


def test_a_bare_transcript_gives_the_same_words() -> None:
    full = spoken("So, we're done. I don’t know, er, who's next?")
    assert full.words == spoken("so we're done i don't know er who's next").words
    assert full.ends == (4, len(full.words))


def test_words_of_questions_are_counted() -> None:
    assert spoken("I went there. And how was it?").asked == 4
    assert spoken("and how was it").asked == 0


def test_masks_and_empty_texts_give_no_words() -> None:
    assert spoken("[person 3] said so.").words == ("said", "so")
    assert spoken("").words == () and spoken("?! ...").ends == ()


def test_phrases_are_found_with_their_family_and_place() -> None:
    cues = Cues({"plan": "i/we will\nnext week", "doubt": "i do not know"})
    assert cues.families == ("plan", "doubt")
    assert cues.find(spoken("Well, we will see. I don't know. Next week!").words) == [(0, 1, 3), (1, 4, 8), (0, 8, 10)]


def test_the_longest_phrase_from_a_word_is_the_one_that_counts() -> None:
    cues = Cues({"nothing": "i will say", "plan": "i will"})
    assert cues.find(spoken("i will say this").words) == [(0, 0, 3)]
    assert cues.find(spoken("i will do this").words) == [(1, 0, 2)]


def test_a_phrase_that_the_text_breaks_off_is_not_found() -> None:
    assert Cues({"plan": "next week"}).find(("next",)) == []
