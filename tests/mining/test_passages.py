"""How one recording's utterances become units of talk, and those passages that end where the theme does."""

import random
from itertools import pairwise

import pytest

from capture.models import Utterance
from mining.passages import BACKCHANNEL, LOOPED, MOST, MOST_UNIT, Cut, Draft
from mining.words import is_backchannel
from tests.mining.talk import BUDGET, FRIENDS, HANDOVER, MEETINGS


def said(
    *texts: str, speakers: str = "AB", seconds: float = 10.0, doubts: dict[int, str] | None = None
) -> list[Utterance]:
    """One utterance per text, speakers taking turns."""
    return [
        Utterance(
            position=i,
            start=i * seconds,
            end=(i + 1) * seconds - 0.3,
            text=text,
            speaker=speakers[i % len(speakers)],
            doubt=(doubts or {}).get(i),
        )
        for i, text in enumerate(texts)
    ]


def sentences(exchange: str) -> list[str]:
    return [part.strip() + "." for part in exchange.split(".") if part.strip()]


def drafts(utterances: list[Utterance]) -> list[Draft]:
    """Passages, where nothing is known of themes."""
    return [joined.draft for joined in Cut(utterances).passages()]


def talk(*exchanges: str) -> list[Utterance]:
    return said(*(part for exchange in exchanges for part in sentences(exchange)))


def babble(seed: int) -> list[Utterance]:
    """Sentences, backchannels and doubtful text in any order, people talking over each other."""
    chance = random.Random(seed)
    pool = [*(part for exchange in (*BUDGET, *FRIENDS) for part in sentences(exchange)), *["Yeah."] * 4, *["Uh."] * 3]
    utterances = said(*(chance.choice(pool) for _ in range(90)), seconds=3.0)
    for u in utterances:
        u.start += chance.uniform(-4, 4)
        u.end = u.start + chance.uniform(0, 12)
        u.doubt = chance.choices([None, "no speech", "unsure"], [30, 1, 1])[0]
    return utterances


# --- units ----------------------------------------------------------------------------------------------------------


def test_no_utterances_make_no_units_and_no_passages() -> None:
    cut = Cut([])
    assert cut.units == [] and cut.passages() == [] and cut.passages([]) == [] and not cut.utterances


def test_units_have_about_40_words_and_end_with_an_utterance() -> None:
    utterances = talk(*BUDGET, *FRIENDS, *MEETINGS)
    units = Cut(utterances).units
    assert len(units) > 18
    assert all(20 <= unit.words <= MOST_UNIT for unit in units)
    assert 32 <= sum(unit.words for unit in units) / len(units) <= 48
    assert [a.last + 1 for a in units[:-1]] == [b.first for b in units[1:]]


def test_an_utterance_longer_than_the_limit_stays_one_unit_and_one_passage() -> None:
    long = " ".join(BUDGET)
    cut = Cut(said(BUDGET[0], long, FRIENDS[0]))
    assert [unit.text for unit in cut.units] == [BUDGET[0], long, FRIENDS[0]]
    assert [joined.draft.text for joined in cut.passages()] == [BUDGET[0], long, FRIENDS[0]]


def test_a_unit_rather_ends_with_a_speaker_than_within_a_turn() -> None:
    utterances = talk(BUDGET[0])
    for i, u in enumerate(utterances):
        u.speaker = "A" if i < 2 else "B"
    assert 1 in {unit.last for unit in Cut(utterances).units}


# --- passages -------------------------------------------------------------------------------------------------------


def test_passages_have_about_85_words_and_never_much_more() -> None:
    passages = drafts(talk(*BUDGET, *FRIENDS, *MEETINGS))
    assert len(passages) > 9
    assert all(40 <= passage.words <= 130 for passage in passages)


def test_every_passage_is_a_slice_of_the_transcript_and_together_they_are_all_of_it() -> None:
    utterances = talk(*BUDGET, *MEETINGS)
    whole = " ".join(u.text for u in utterances)
    passages = drafts(utterances)
    assert len(passages) > 5
    assert all(passage.text in whole for passage in passages)
    assert " ".join(passage.text for passage in passages) == whole


def test_a_passage_ends_where_the_speaker_changes() -> None:
    utterances = talk(*BUDGET)
    for u, turn in zip(utterances, [0] * 6 + [1] * 4 + [0] * 20, strict=False):
        u.speaker = "AB"[turn]
    assert {5, 9} & {passage.last for passage in drafts(utterances)}


def test_a_passage_ends_where_the_theme_changes() -> None:
    utterances = talk(*BUDGET[:2], *FRIENDS[:2])
    before = len(talk(*BUDGET[:2]))
    cut = Cut(utterances)
    change = next(i for i, unit in enumerate(cut.units) if unit.first >= before)
    themes = [4] * change + [2] * (len(cut.units) - change)
    passages = cut.passages(themes)
    assert cut.units[change - 1].last in {joined.draft.last for joined in passages}
    assert all(len({themes[i] for i in joined.units}) == 1 for joined in passages)


def test_a_theme_of_a_single_unit_is_a_passage_of_its_own() -> None:
    cut = Cut(talk(*BUDGET[:2], *FRIENDS[:2]))
    middle = len(cut.units) // 2
    passages = cut.passages([int(i == middle) for i in range(len(cut.units))])
    (alone,) = [joined for joined in passages if middle in joined.units]
    assert alone.units == range(middle, middle + 1) and alone.draft.text == cut.units[middle].text


def test_a_theme_that_comes_back_makes_a_new_passage() -> None:
    cut = Cut(talk(BUDGET[0], FRIENDS[0], BUDGET[1]))
    third = len(cut.units) // 3
    themes = [1] * third + [2] * third + [1] * (len(cut.units) - 2 * third)
    ends = {joined.units.stop for joined in cut.passages(themes)}
    assert {third, 2 * third, len(cut.units)} <= ends


@pytest.mark.parametrize("seed", range(25))
def test_whatever_the_themes_are_passages_cover_all_units_once_and_stay_slices(seed: int) -> None:
    utterances = babble(seed)
    cut = Cut(utterances)
    chance = random.Random(seed)
    themes = [chance.randint(0, 2) for _ in cut.units]
    for passages in (cut.passages(), cut.passages(themes)):
        assert [i for joined in passages for i in joined.units] == list(range(len(cut.units)))
        for joined in passages:
            draft, own = joined.draft, [cut.units[i] for i in joined.units]
            spoken = cut.spoken(draft)
            assert (draft.first, draft.last) == (own[0].first, own[-1].last)
            assert draft.text == " ".join(u.text for u in spoken)
            assert draft.mined == " ".join(unit.mined for unit in own)
            assert draft.speakers == tuple(dict.fromkeys(u.speaker for u in spoken))
            assert draft.words <= MOST or len(own) == 1
            assert not [u for u in spoken if u.doubt and not is_backchannel(u.text)]
            assert not is_backchannel(spoken[0].text) and not is_backchannel(spoken[-1].text)


@pytest.mark.parametrize("seed", range(25))
def test_neither_units_nor_passages_overlap_even_where_people_talk_over_each_other(seed: int) -> None:
    cut = Cut(babble(seed))
    for found in (cut.units, [joined.draft for joined in cut.passages()]):
        assert all(draft.start <= draft.end for draft in found)
        assert all(a.end <= b.start and a.last < b.first for a, b in pairwise(found))


def test_a_short_rest_joins_the_passage_before() -> None:
    passages = drafts(said(BUDGET[0], BUDGET[1], "And that was the end of the budget for us."))
    assert [(p.first, p.last) for p in passages] == [(0, 0), (1, 2)]


# --- what is not mined ----------------------------------------------------------------------------------------------


def test_backchannels_are_quoted_but_not_mined_and_counted() -> None:
    cut = Cut(said("We start with the budget.", "Mm-hm, yeah.", "The committee wants figures, uh, by Friday."))
    (unit,) = cut.units
    assert unit.text == "We start with the budget. Mm-hm, yeah. The committee wants figures, uh, by Friday."
    assert unit.mined == "We start with the budget. The committee wants figures, by Friday."
    assert cut.passages()[0].draft == unit
    assert cut.utterances == {BACKCHANNEL: 1} and cut.words == {BACKCHANNEL: 2}


def test_a_quote_neither_begins_nor_ends_with_a_backchannel() -> None:
    (passage,) = drafts(said("Okay.", BUDGET[0], "Yeah.", "Mm-hm."))
    assert passage.text == BUDGET[0]
    assert (passage.first, passage.last) == (1, 1)


def test_answers_after_a_passage_belong_to_its_time() -> None:
    first, second = drafts(said(BUDGET[0], "Yeah.", FRIENDS[0]))
    assert (first.first, first.last) == (0, 0)
    assert first.end == second.start == 20.0


def test_a_breath_belongs_to_the_passage_before_and_a_long_silence_to_none() -> None:
    utterances = said(BUDGET[0], FRIENDS[0], MEETINGS[0])
    utterances[2].start, utterances[2].end = 60.0, 70.0
    first, second, third = drafts(utterances)
    assert first.end == second.start
    assert second.end == 19.7 and third.start == 60.0


def test_a_loop_of_a_recogniser_is_left_out_and_never_quoted() -> None:
    cut = Cut(said(BUDGET[0], *["Thank you for watching the film."] * 3, FRIENDS[0]))
    assert [joined.draft.text for joined in cut.passages()] == [BUDGET[0], FRIENDS[0]]
    assert cut.utterances == {LOOPED: 3} and cut.words == {LOOPED: 18}


def test_said_twice_is_not_a_loop() -> None:
    cut = Cut(said(BUDGET[0], "Ask the finance people.", "Ask the finance people.", FRIENDS[0]))
    assert not cut.utterances


def test_doubtful_text_is_counted_by_reason_and_parts_units_and_passages_of_one_theme() -> None:
    cut = Cut(said("The budget was cut.", "la la la", "It came back.", doubts={1: "no speech"}))
    assert [unit.text for unit in cut.units] == ["The budget was cut.", "It came back."]
    assert [joined.draft.text for joined in cut.passages([0, 0])] == ["The budget was cut.", "It came back."]
    assert cut.utterances == {"no speech": 1}


def test_a_doubtful_yeah_does_not_part_a_passage() -> None:
    cut = Cut(said("The budget was cut.", "Yeah.", "It came back.", doubts={1: "unsure"}))
    assert len(cut.passages()) == 1 and cut.utterances == {BACKCHANNEL: 1}


def test_nothing_but_backchannels_makes_no_unit() -> None:
    cut = Cut(said("Yeah.", "Okay.", "Right."))
    assert cut.units == [] and cut.passages() == [] and cut.utterances[BACKCHANNEL] == 3


def test_what_was_spoken_in_a_passage_is_found_again_where_positions_have_gaps() -> None:
    utterances = talk(HANDOVER[0], BUDGET[0])
    for u in utterances:
        u.position = 10 + 3 * u.position
    cut = Cut(utterances)
    spoken = [u for joined in cut.passages() for u in cut.spoken(joined.draft)]
    assert spoken == utterances
