"""What can be read out to people who were not in the room."""

import numpy as np
import pytest

from mining.describing.kinds import Kind
from mining.drafts.evidence import Embed
from mining.drafts.sayings import MOST, Heard, Saying, flaws_for_reading, names_in, sayings, spans

NOTHING = np.zeros(1, np.float32)
GOOD = "I made the numbers up. I'm not proud of it. I invented a forecast, and they rejected my invention."


def found(*texts: str, embed: Embed | None = None) -> list[Saying]:
    heard = [Heard(1, i, 1, i, text, Kind.CHALLENGE, 0.5) for i, text in enumerate(texts)]
    centre = embed(["Projects die in the finance review."])[0] if embed else NOTHING
    return sayings(heard, ["forecast"], centre, [], embed)


def test_a_saying_is_a_slice_of_one_utterance_and_never_too_long() -> None:
    made = found(GOOD, "Well, so, honestly, I have never learned how to say no to my own director. Why is that?")
    assert made
    for each in made:
        assert each.text == each.said.text[each.start : each.end]
        assert 8 <= len(each.text.split()) <= MOST


def test_what_leads_in_is_left_out_and_whole_sentences_stay_whole() -> None:
    text = "Well, and, you know, I have never learned how to say no. It rolls downhill."
    assert {text[start:end] for start, end in spans(text)} == {
        "I have never learned how to say no.",
        "I have never learned how to say no. It rolls downhill.",
    }


def test_talk_without_full_stops_is_cut_at_its_thoughts() -> None:
    text = (
        "i never learned how to say no to my director but i say yes and then i work all weekend because the report has "
        "to be on the desk by monday and nobody has ever asked me whether that is possible at all"
    )
    assert "i never learned how to say no to my director" in {text[a:b] for a, b in spans(text)}


@pytest.mark.parametrize(
    "text",
    [
        "It was because of that, and they never did it again.",  # nobody knows what
        "[person 20] told us that we should never go there again.",  # a masked name
        "Shall we go on with the next topic, the bell has rung already.",  # the session itself
        "In the plenary somebody held up a poster about the new plan.",
        "The first three weeks nobody did. Then our boss did.",  # hangs on what was said before
        "Ten names, ten coffees, and each of us is on the list, all right?",
        "She looked at me and said that she would never come back.",
    ],
)
def test_what_cannot_be_understood_by_itself_is_worse_than_what_can(text: str) -> None:
    assert flaws_for_reading(text) > 0.4 > flaws_for_reading(GOOD)


def test_what_names_somebody_comes_last() -> None:
    texts = ["I wrote to Walter about the machine.", "We asked Walter about the machine and Walter knew."]
    assert names_in(texts) == {"Walter"}
    assert all(
        "Walter" not in each.text for each in found(*texts, "I wrote to my boss about the old machine in the hall.")
    )


def test_its_own_words_say_what_kind_it_is() -> None:
    said = [
        "I will write one page and take it to the controller in April.",
        "What helped me was one person at the same level in another department.",
        "Which of my colleagues has ever asked the finance department about our budget?",
        "My boss told the whole team he will never read a report that I write.",
    ]
    by_text = {each.text: each for each in found(*said)}
    kinds = [by_text[text].kind for text in said if text in by_text]
    assert kinds == [Kind.ACTION, Kind.LESSON, Kind.QUESTION, Kind.CHALLENGE]
    assert by_text[said[0]].sure
    assert not by_text[said[3]].sure


def test_meaning_decides_between_equally_good_sentences(embed: Embed) -> None:
    about = "We lost every good project in the finance review last year."
    beside = "We lost every good player in the football club last year."
    first, second = (each.text for each in found(beside, about, embed=embed))
    assert (first, second) == (about, beside)


def test_the_same_talk_gives_the_same_sayings() -> None:
    assert [s.text for s in found(GOOD, GOOD)] == [s.text for s in found(GOOD, GOOD)]


def test_no_talk_gives_none() -> None:
    assert found() == []
    assert found("", "Yeah.", "…") == []
