from capture.database import Database
from mining.quotes import Line, Quote, anchor, excerpt, quotes_of
from tests.factories import make_analysis, make_event, make_group, make_passage, make_recording, make_utterances

TEXTS = ["We waited for the gate.", "Mm-hm.", "Nobody said why it was closed.", "So we went home."]


def _line(position: int, text: str, speaker: str | None = "person 1") -> Line:
    return Line(7, position, position * 10.0, position * 10.0 + 9.0, speaker, text)


def _quote(*lines: Line) -> Quote:
    return Quote(1, 3, "Room", 7, lines[0].position, lines[0].start, lines[-1].end, lines, True, False)


def _stored(database: Database, text: str, **values: object) -> Quote:
    with database.writing() as session:
        event = make_event(session)
        recording = make_recording(session, make_group(session, event), engine="sphinx", kind="audio")
        make_utterances(session, recording, TEXTS)
        analysis = make_analysis(session, event)
        make_passage(session, analysis, recording, 1, **{"first": 0, "last": 3, "text": text, **values})
        return quotes_of(session, analysis.id, [1, 99])[1]


def test_a_passage_is_shown_by_its_utterances_with_the_fillers_between_them_left_out(database: Database) -> None:
    quote = _stored(database, " ".join([TEXTS[0], TEXTS[2], TEXTS[3]]))
    assert [line.text for line in quote.lines] == [TEXTS[0], TEXTS[2], TEXTS[3]]
    assert [(turn.speaker, turn.text) for turn in quote.turns] == [
        ("person 1", f"{TEXTS[0]} {TEXTS[2]}"),
        ("person 2", TEXTS[3]),
    ]
    assert (quote.group_name, quote.audio, quote.demonstration) == ("Room 1", True, True)


def test_where_the_transcript_was_made_anew_the_passages_own_text_stands(database: Database) -> None:
    quote = _stored(database, "Words that are no longer in the transcript.", speakers=["person 1", "person 2"])
    assert [(turn.speaker, turn.text) for turn in quote.turns] == [
        ("person 1 and person 2", "Words that are no longer in the transcript.")
    ]


def test_seconds_are_those_of_the_recordings_own_file(database: Database) -> None:
    quote = _stored(database, " ".join(TEXTS), start=310.0, end=340.0, offset=300.0)
    assert (quote.start, quote.end) == (10.0, 40.0)


def test_an_excerpt_is_whole_utterances_in_one_piece_where_the_key_words_are() -> None:
    lines = [_line(i, "something about the weather and the lunch of today") for i in range(6)]
    lines[3] = _line(3, "the finance review stops every single project we have")
    cut = excerpt(_quote(*lines), ["finance review"], 20)
    assert cut.cut
    assert lines[3] in cut.lines
    first = cut.lines[0].position
    assert cut.lines == tuple(lines[first : first + len(cut.lines)])
    assert (cut.position, cut.start, cut.end) == (first, cut.lines[0].start, cut.lines[-1].end)
    assert sum(len(line.text.split()) for line in cut.lines) <= 20


def test_a_short_quote_stays_whole_and_a_single_long_utterance_is_never_cut() -> None:
    short = _quote(_line(0, "Not one of us mentioned it."))
    assert excerpt(short, ["x"], 45) is short
    long = _quote(_line(0, "word " * 200), _line(1, "and then"))
    assert excerpt(long, ["word"], 45).lines == long.lines[:1]


def test_a_line_has_one_address() -> None:
    assert anchor(7, 12) == "u-7-12"
