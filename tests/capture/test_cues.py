import pytest

from capture.cues import ENOUGH, LONGEST, Cue, is_name_shaped, labelled, names_among, utterances

SENTENCE = "We talked about it for an hour and nobody knew."  # 10 words


def said(*cues: Cue) -> list[tuple[float, float, str | None, str]]:
    return [(u.start, u.end, u.speaker, u.text) for u in utterances(cues)]


def test_cues_of_one_speaker_a_breath_apart_become_one_utterance():
    cues = (Cue(0, 2, "We tried", "Anna"), Cue(3.9, 5, "it twice.", "Anna"), Cue(5.1, 6, "Twice?", "Ben"))
    assert said(*cues) == [(0, 5, "Anna", "We tried it twice."), (5.1, 6, "Ben", "Twice?")]


def test_a_pause_of_more_than_two_seconds_begins_a_new_utterance():
    assert len(said(Cue(0, 2, "We tried.", "Anna"), Cue(4.1, 5, "Twice.", "Anna"))) == 2


def test_a_long_stretch_ends_at_a_sentence_after_about_forty_words():
    lengths = [len(u.text.split()) for u in utterances([Cue(i * 3, i * 3 + 3, SENTENCE, "Anna") for i in range(10)])]
    assert lengths == [ENOUGH, ENOUGH, 20]


def test_talk_without_a_full_stop_is_never_joined_beyond_sixty_words():
    lengths = [
        len(u.text.split()) for u in utterances([Cue(i, i + 1, "and then we went on", "Anna") for i in range(40)])
    ]
    assert sum(lengths) == 200
    assert max(lengths) == LONGEST


def test_a_long_turn_is_cut_at_sentences_and_keeps_every_word_and_its_time():
    turn = " ".join([SENTENCE] * 13)
    parts = utterances([Cue(10, 140, turn, "Anna")])
    assert " ".join(p.text for p in parts) == turn
    assert all(p.text.endswith("knew.") and len(p.text.split()) <= LONGEST for p in parts)
    assert (parts[0].start, parts[-1].end) == (10, pytest.approx(140))
    assert [p.end for p in parts[:-1]] == pytest.approx([p.start for p in parts[1:]])


def test_a_sentence_of_two_hundred_words_is_cut_into_equal_parts():
    parts = utterances([Cue(0, 80, "word " * 200, "Anna")])
    assert [len(p.text.split()) for p in parts] == [50, 50, 50, 50]


def test_cues_without_a_name_go_on_with_the_speaker_before_them_unless_there_was_a_pause():
    cues = (Cue(0, 2, "We had", "Anna"), Cue(2, 4, "no budget."), Cue(7, 8, "Who is this?"))
    assert said(*cues) == [(0, 4, "Anna", "We had no budget."), (7, 8, None, "Who is this?")]


def test_talk_of_unknown_people_is_joined_within_a_sentence_only():
    cues = (Cue(0, 2, "So the point"), Cue(2, 3, "is this."), Cue(3, 4, "Is it?"))
    assert [u[3] for u in said(*cues)] == ["So the point is this.", "Is it?"]


def test_cues_are_sorted_and_overlaps_are_clipped():
    cues = (Cue(8, 9, "Third.", "Anna"), Cue(0, 6, "First.", "Anna"), Cue(4, 8.5, "Second.", "Ben"))
    assert said(*cues) == [(0, 4, "Anna", "First."), (4, 8, "Ben", "Second."), (8, 9, "Anna", "Third.")]


def test_people_who_begin_together_share_the_time_by_their_words():
    result = said(Cue(0, 4, "One two three.", "Anna"), Cue(0, 3, "Yes.", "Ben"), Cue(5, 6, "Good.", "Anna"))
    assert [(s, e) for s, e, _, _ in result] == [(0, 3), (3, 4), (5, 6)]


def test_an_end_before_the_start_becomes_an_instant():
    assert said(Cue(5, 3, "Hm.", "Anna")) == [(5, 5, "Anna", "Hm.")]


@pytest.mark.parametrize(
    "line",
    [
        "at 10:30 we start",
        "See https://example.org for it",
        "http: is old",
        "I think we should stop: it is too late",
        "He said one more very long thing: no",
        "Why?: because",
        "12:30: lunch",
    ],
)
def test_a_colon_in_a_sentence_makes_no_label(line):
    found = labelled(line)
    assert found is None or found[0] not in names_among([line] * 3 + ["Anna Weber: yes", "Ben Okoro: no"] * 3)


@pytest.mark.parametrize("label", ["Note", "Re", "Question", "My point", "The problem", "One thing", "So", "Next step"])
def test_headings_are_no_names_even_when_they_come_again(label):
    lines = [f"{label}: the budget", "Anna Weber: yes", "Ben Okoro: no"] * 3
    assert names_among(lines) == {"Anna Weber", "Ben Okoro"}


@pytest.mark.parametrize(
    "name",
    [
        "Anna",
        "Anna Weber",
        "O'Neill, Liam (Guest)",
        "Maria van der Berg",
        "Speaker 1",
        "李明",
        "Dr. José Müller-Lüdenscheid",
    ],
)
def test_names_of_many_shapes_are_names(name):
    assert labelled(f"{name}: hello there") == (name, "hello there")
    assert is_name_shaped(name)
    assert name in names_among([f"{name}: hello there", f"{name}: again", "Ben: yes"])


def test_a_word_that_the_talk_also_uses_is_no_name_when_it_stands_before_a_colon_once():
    lines = ["Anna: our budget is gone", "Ben: yes", "Budget: that is the word", "Carla: what a budget", "Anna: no"]
    assert names_among(lines) == {"Anna", "Ben", "Carla"}


def test_somebody_who_speaks_once_is_known_by_name_in_a_file_that_names_its_speakers():
    assert "Carla Ruiz" in names_among(["Anna: one", "words", "words", "more words", "Anna: two", "Carla Ruiz: three"])


def test_labels_in_small_letters_have_to_come_again():
    assert names_among(["rms: good morning", "kal: hello", "rms: bye", "kal: bye", "also: nothing"]) == {"rms", "kal"}


def test_a_colon_now_and_then_in_a_file_without_names_makes_nobody_speak():
    assert names_among(["Budget: that is it", *["we went on and on"] * 20]) == frozenset()
