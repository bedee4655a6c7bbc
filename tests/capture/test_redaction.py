import random
import re

import pytest

from capture.redaction import Masker
from capture.speech import Spoken, Word

PEOPLE = {
    "Anna Weber": 1,
    "O'Neill, Liam (Guest)": 2,
    "Will Young": 3,
    "Jo Li": 4,
    "Mark Price": 5,
    "José Müller": 6,
    "Lena-Marie van der Berg": 7,
    "May Chen": 8,
    "Hope": 9,
    "Speaker A": 10,
    "Unknown": 11,
    "Sofia's iPhone": 12,
    "priya.nair@example.com": 13,
}
MASKER = Masker(PEOPLE)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (
            "Anna Weber said it, and Weber's plan was Anna’s.",
            "[person 1] said it, and [person 1]'s plan was [person 1]’s.",
        ),
        ("so anna said weber", "so [person 1] said [person 1]"),
        ("ANNA! Annabel, Weberian, Susanna", "[person 1]! Annabel, Weberian, Susanna"),
        ("Liam O’Neill, liam o'neill, O'Neill", "[person 2], [person 2], [person 2]"),
        ("José, jose muller, Jose Mueller", "[person 6], [person 6], [person 6]"),
        ("Lena-Marie van der Berg, Lena van der Berg, Marie Berg", "[person 7], [person 7], [person 7]"),
        ("van der means of the", "van der means of the"),
        ("Jo Li knows. Jo and Li are short, jo.", "[person 4] knows. Jo and Li are short, jo."),
        (
            "Sofia has an iPhone. Priya, for example, Nair",
            "[person 12] has an iPhone. [person 13], for example, [person 13]",
        ),
        ("Speaker A is unknown. Unknown!", "Speaker A is unknown. Unknown!"),
        ("Anna (anna.weber@example.com, 0170 1234567)", "[person 1] ([e-mail], [telephone])"),
        ("J. Li and Anna M. Weber", "J. Li and [person 1]"),
    ],
)
def test_names_are_masked_in_full_and_in_part(text, masked):
    assert MASKER.text(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Will we? I asked Will. will you?", "Will we? I asked [person 3]. will you?"),
        ("Will said so. Will's idea. Will?", "[person 3] said so. [person 3]'s idea. [person 3]?"),
        ("May I? May people come? Thank you, May.", "May I? May people come? Thank you, [person 8]."),
        ("In May, since May 2026, 3 May; ask May.", "In May, since May 2026, 3 May; ask [person 8]."),
        ("Mark my words. So Mark left. mark it.", "Mark my words. So [person 5] left. mark it."),
        ("Hope you are well. I hope so, Hope.", "Hope you are well. I hope so, [person 9]."),
        ("The price is high. Mr Price pays.", "The price is high. Mr [person 5] pays."),
        ("Young people left, and so did Young.", "Young people left, and so did [person 3]."),
        ("Well… Will it work? He said “Will it?”", "Well… Will it work? He said “Will it?”"),
        ("Young was there. Will Young was there.", "Young was there. [person 3] was there."),
        ("Anna. Will we go?", "[person 1]. Will we go?"),
    ],
)
def test_names_that_are_words_are_masked_only_where_they_are_names(text, masked):
    assert MASKER.text(text) == masked


def test_a_name_of_two_letters_is_masked_as_it_is_written_only():
    assert Masker({"Bo": 1, "Me": 2}).text("Bo bo Me me") == "[person 1] bo Me me"


def test_who_shares_a_name_is_somebody_so_that_nobody_is_taken_for_another():
    masker = Masker({"Anna Weber": 1, "Anna Koch": 2, "Ben Okoro": 3})
    assert masker.text("Anna and Weber and Anna Koch met Ben.") == "[person] and [person] and [person] met [person 3]."
    assert masker.speaker("Anna Koch") == "person 2"


def test_speakers_are_numbers_whatever_a_product_adds_to_their_name():
    assert MASKER.speaker("Liam O’Neill") == MASKER.speaker("O'Neill, Liam (External)") == "person 2"
    assert MASKER.speaker("  anna   WEBER ") == "person 1"
    assert MASKER.speaker("Speaker A") == "person 10"
    assert MASKER.speaker("Somebody Else") is None
    assert MASKER.speaker(None) is None


def words(text: str) -> tuple[Word, ...]:
    return tuple(Word(w, float(i), i + 0.5, 0.9 if i % 2 else 0.5) for i, w in enumerate(text.split()))


def test_words_keep_their_times_and_a_mask_spans_what_it_covers():
    text = "Call Anna Weber's phone, +49 170 12 34567, or anna@x.com/Liam now"
    masked, kept = MASKER.text_and_words(text, words(text))
    assert masked == "Call [person 1]'s phone, [telephone], or [e-mail]/[person 2] now"
    assert [(w.text, w.start, w.end, w.confidence) for w in kept] == [
        ("Call", 0, 0.5, 0.5),
        ("[person 1]'s", 1, 2.5, 0.5),
        ("phone,", 3, 3.5, 0.9),
        ("[telephone],", 4, 7.5, 0.5),
        ("or", 8, 8.5, 0.5),
        ("[e-mail]/[person 2]", 9, 9.5, 0.9),
        ("now", 10, 10.5, 0.5),
    ]


def test_words_with_spaces_around_them_fit_the_text():
    spoken = (Word(" Anna", 0, 1), Word(" left", 1, 2), Word(".", 2, 2.1))
    assert MASKER.text_and_words("Anna left.", spoken) == (
        "[person 1] left.",
        (Word("[person 1]", 0, 1), Word("left", 1, 2), Word(".", 2, 2.1)),
    )


def test_words_that_are_not_the_text_are_dropped_where_either_holds_a_name():
    assert MASKER.text_and_words("Anna left.", words("somebody went")) == ("[person 1] left.", ())
    assert MASKER.text_and_words("Somebody left.", words("anna went")) == ("Somebody left.", ())
    assert MASKER.text_and_words("Somebody left.", words("she went")) == ("Somebody left.", words("she went"))


def test_a_stretch_is_masked_as_a_whole():
    spoken = MASKER.spoken(Spoken(1, 2, "Anna!", "Will Young", 0.7, (Word("Anna!", 1, 2, 0.7),), "unsure"))
    assert spoken == Spoken(1, 2, "[person 1]!", "person 3", 0.7, (Word("[person 1]!", 1, 2, 0.7),), "unsure")


FIRST = ["Anna", "Petra", "Will", "Jo", "Mark", "José", "Anna-Lena", "Grace", "Bo", "Priya", "Tomasz", "Liam", "Sanne"]
LAST = ["Weber", "Smith", "Young", "Li", "van der Berg", "O'Neill", "Müller", "Price", "Nandakumar", "de Souza", "W."]
TALK = "and then, we said that the price will go up because nobody asked about it; so I think"


def conversation(chance: random.Random) -> tuple[dict[str, int], str]:
    """Some people, and talk in which they are named in every way people are named."""
    names = sorted({f"{chance.choice(FIRST)} {chance.choice(LAST)}" for _ in range(chance.randint(2, 7))})
    names += [n for n in {chance.choice(FIRST)} if chance.random() < 0.3 and n not in names]
    said: list[str] = []
    for _ in range(12):
        name = chance.choice(names)
        called = name if chance.random() < 0.5 else chance.choice(name.split())
        said += chance.sample(TALK.split(), chance.randint(1, 3)) + [called + chance.choice(["", "'s", ",", "?", "."])]
    return {name: i + 1 for i, name in enumerate(names)}, " ".join(said)


@pytest.mark.parametrize("seed", range(60))
def test_whatever_the_order_in_which_people_become_known_the_masked_text_is_the_same(seed):
    chance = random.Random(seed)
    people, text = conversation(chance)
    at_once, all_words = Masker(people).text_and_words(text, words(text))
    later, kept = text, words(text)
    order = chance.sample(list(people), len(people))
    for known in range(1, len(order) + 1):
        later, kept = Masker({name: people[name] for name in order[:known]}).text_and_words(later, kept)
    assert later == at_once
    assert " ".join(w.text for w in kept) == " ".join(w.text for w in all_words) == at_once


@pytest.mark.parametrize("seed", range(60))
def test_no_known_name_survives_and_masking_again_changes_nothing(seed):
    people, text = conversation(random.Random(1000 + seed))
    masked = Masker(people).text(text)
    assert Masker(people).text(masked) == masked
    for name in people:
        assert not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", masked)
        for part in name.split():
            if len(part) > 2 and part not in ("Will", "Young", "Mark", "Grace", "Price", "van", "der"):
                assert not re.search(rf"(?<!\w){re.escape(part)}(?!\w)", masked, re.IGNORECASE), part


def test_an_event_of_twenty_four_rooms_has_one_masker():
    people = {f"Name{i} Surname{i}": i for i in range(120)} | {"Will Young": 200, "Mark Price": 201}
    masker = Masker(people)
    texts = [f"We will mark the price of {TALK} and Surname{i % 300} said {i} times no." for i in range(4000)]
    masked = [masker.text(text) for text in texts]
    assert sum("[person " in text for text in masked) == sum(i % 300 < 120 for i in range(4000))
