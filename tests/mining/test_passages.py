"""How one recording's utterances become passages."""

import random

from capture.models import Utterance
from mining.passages import BACKCHANNEL, LOOPED, cut_passages
from tests.mining.talk import BUDGET, FRIENDS, MEETINGS


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


def test_no_utterances_make_no_passages() -> None:
    cut = cut_passages([])
    assert cut.passages == [] and not cut.utterances


def test_passages_have_about_85_words_and_never_much_more() -> None:
    utterances = said(*(part for exchange in (*BUDGET, *FRIENDS, *MEETINGS) for part in sentences(exchange)))
    passages = cut_passages(utterances).passages
    assert len(passages) > 9
    assert all(40 <= passage.words <= 130 for passage in passages)


def test_every_passage_is_a_slice_of_the_transcript_and_together_they_are_all_of_it() -> None:
    utterances = said(*(part for exchange in (*BUDGET, *MEETINGS) for part in sentences(exchange)))
    whole = " ".join(u.text for u in utterances)
    passages = cut_passages(utterances).passages
    assert len(passages) > 5
    assert all(passage.text in whole for passage in passages)
    assert " ".join(passage.text for passage in passages) == whole


def test_a_passage_ends_where_the_speaker_changes() -> None:
    texts = [part for exchange in BUDGET for part in sentences(exchange)]
    utterances = said(*texts)
    for u, turn in zip(utterances, [0] * 6 + [1] * 4 + [0] * 20, strict=False):
        u.speaker = "AB"[turn]
    ends = {passage.last for passage in cut_passages(utterances).passages}
    assert {5, 9} & ends


def test_an_utterance_longer_than_the_limit_stays_whole() -> None:
    long = " ".join(BUDGET)
    passages = cut_passages(said(BUDGET[0], long, FRIENDS[0])).passages
    assert [p.text for p in passages] == [BUDGET[0], long, FRIENDS[0]]


def test_a_short_rest_joins_the_passage_before() -> None:
    passages = cut_passages(said(BUDGET[0], BUDGET[1], "And that was the end of the budget for us.")).passages
    assert [(p.first, p.last) for p in passages] == [(0, 0), (1, 2)]


def test_backchannels_are_quoted_but_not_mined_and_counted() -> None:
    cut = cut_passages(said("We start with the budget.", "Mm-hm, yeah.", "The committee wants figures, uh, by Friday."))
    (passage,) = cut.passages
    assert passage.text == "We start with the budget. Mm-hm, yeah. The committee wants figures, uh, by Friday."
    assert passage.mined == "We start with the budget. The committee wants figures, by Friday."
    assert cut.utterances == {BACKCHANNEL: 1} and cut.words == {BACKCHANNEL: 2}


def test_a_quote_neither_begins_nor_ends_with_a_backchannel() -> None:
    (passage,) = cut_passages(said("Okay.", BUDGET[0], "Yeah.", "Mm-hm.")).passages
    assert passage.text == BUDGET[0]
    assert (passage.first, passage.last) == (1, 1)


def test_answers_after_a_passage_belong_to_its_time() -> None:
    first, second = cut_passages(said(BUDGET[0], "Yeah.", FRIENDS[0])).passages
    assert (first.first, first.last) == (0, 0)
    assert first.end == second.start == 20.0


def test_a_breath_belongs_to_the_passage_before_and_a_long_silence_to_none() -> None:
    utterances = said(BUDGET[0], FRIENDS[0], MEETINGS[0])
    utterances[2].start, utterances[2].end = 60.0, 70.0
    first, second, third = cut_passages(utterances).passages
    assert first.end == second.start
    assert second.end == 19.7 and third.start == 60.0


def test_a_loop_of_a_recogniser_is_left_out_and_never_quoted() -> None:
    cut = cut_passages(said(BUDGET[0], *["Thank you for watching the film."] * 3, FRIENDS[0]))
    assert [p.text for p in cut.passages] == [BUDGET[0], FRIENDS[0]]
    assert cut.utterances == {LOOPED: 3} and cut.words == {LOOPED: 18}


def test_said_twice_is_not_a_loop() -> None:
    cut = cut_passages(said(BUDGET[0], "Ask the finance people.", "Ask the finance people.", FRIENDS[0]))
    assert not cut.utterances


def test_doubtful_text_is_counted_by_reason_and_parts_passages() -> None:
    cut = cut_passages(said("The budget was cut.", "la la la", "It came back.", doubts={1: "no speech"}))
    assert [p.text for p in cut.passages] == ["The budget was cut.", "It came back."]
    assert cut.utterances == {"no speech": 1}


def test_a_doubtful_yeah_does_not_part_a_passage() -> None:
    cut = cut_passages(said("The budget was cut.", "Yeah.", "It came back.", doubts={1: "unsure"}))
    assert len(cut.passages) == 1 and cut.utterances == {BACKCHANNEL: 1}


def test_nothing_but_backchannels_makes_no_passage() -> None:
    cut = cut_passages(said("Yeah.", "Okay.", "Right."))
    assert cut.passages == [] and cut.utterances[BACKCHANNEL] == 3


def test_passages_do_not_overlap_even_where_people_talk_over_each_other() -> None:
    random.seed(4)
    for _ in range(50):
        texts = [random.choice(sentences(random.choice([*BUDGET, *FRIENDS]))) for _ in range(60)]
        utterances = said(*texts, seconds=3.0)
        for u in utterances:
            u.start += random.uniform(-4, 4)
            u.end = u.start + random.uniform(0, 12)
        passages = cut_passages(utterances).passages
        assert all(p.start <= p.end for p in passages)
        assert all(a.end <= b.start for a, b in zip(passages, passages[1:], strict=False))
