from capture.spans import apart, placed, rewrite
from capture.speech import Word


def said(text: str) -> tuple[Word, ...]:
    return tuple(Word(word, float(i), i + 0.9) for i, word in enumerate(text.split()))


def rewritten(text: str, spans: list[tuple[int, int, str]]) -> list[tuple[str, float, float]]:
    pieces = placed(text, said(text))
    assert pieces is not None
    new, moved = rewrite(text, spans, pieces)
    return [(new[p.start : p.end], p.word.start, p.word.end) for p in moved]


def test_spans_that_overlap_are_thinned_out_from_the_left():
    assert apart([(5, 9, "c"), (0, 4, "a"), (3, 6, "b")]) == [(0, 4, "a"), (5, 9, "c")]


def test_words_beside_a_span_keep_their_text_and_times():
    assert rewritten("so Anna said", [(3, 7, "[longer]")]) == [("so", 0, 0.9), ("[longer]", 1, 1.9), ("said", 2, 2.9)]


def test_words_under_one_span_become_one_with_what_hangs_on_them():
    text = "ask (Anna Weber)'s now"
    assert rewritten(text, [(5, 15, "X")]) == [("ask", 0, 0.9), ("(X)'s", 1, 2.9), ("now", 3, 3.9)]


def test_two_spans_in_one_word_and_a_span_over_two_words():
    text = "a Anna/Ben b c d"
    assert rewritten(text, [(2, 6, "1"), (7, 10, "2"), (11, 14, "3")]) == [
        ("a", 0, 0.9),
        ("1/2", 1, 1.9),
        ("3", 2, 3.9),
        ("d", 4, 4.9),
    ]


def test_words_that_are_not_the_text_have_no_place():
    assert placed("one two", said("one three")) is None
    assert placed("one two three", said("one three")) is None
    assert placed("one two", said("one")) is None
    assert placed("one two", ()) == []
