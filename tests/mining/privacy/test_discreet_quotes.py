import re

import pytest
from sqlalchemy import select

from capture.database import Database
from capture.errors import NotFound
from capture.models import Event, Recording, Utterance
from mining.models import Passage
from mining.privacy.discreet_quotes import QUOTES, SharedQuote
from mining.privacy.discretion import shared_clip, shared_quotes, shared_view
from tests.mining.crowd import make_crowd


def quotes_of_theme(
    database: Database, number: int = 1, quorum: int = 3, slug: str = "crowd"
) -> tuple[SharedQuote, ...]:
    with database.reading() as session:
        event = session.scalars(select(Event).where(Event.slug == slug)).one()
        return shared_quotes(session, event, quorum, number)


def rooms_of(quotes: tuple[SharedQuote, ...]) -> list[str]:
    return [re.findall(r"take(\d)x", quote.text)[0] for quote in quotes]


def test_each_quote_is_of_another_group_and_there_are_no_more_than_groups_are_told_of(database: Database) -> None:
    with database.writing() as session:
        make_crowd(session)
    for number, most in ((1, 4), (2, 4), (3, 3)):
        rooms = rooms_of(quotes_of_theme(database, number))
        assert len(rooms) == len(set(rooms)) == most <= QUOTES


def test_the_order_of_quotes_is_neither_that_of_the_rooms_nor_ever_the_same(database: Database) -> None:
    with database.writing() as session:
        for n in range(8):
            make_crowd(session, slug=f"crowd-{n}", themes={1: 3}, groups=7, fingerprint=f"{n:064d}")
    orders = {tuple(rooms_of(quotes_of_theme(database, slug=f"crowd-{n}"))) for n in range(8)}
    assert len(orders) >= 4
    again = [quotes_of_theme(database, slug="crowd-1") for _ in range(2)]
    assert again[0] == again[1]


def test_whoever_compares_before_and_after_another_room_finds_more_than_one_new_quote(database: Database) -> None:
    """With the quotes of four rooms as they were, and one more, that one would be the new room's."""
    fresh = []
    for n in range(10):
        with database.writing() as session:
            make_crowd(session, groups=6, themes={1: 4}, slug=f"before-{n}", fingerprint=f"{n:063d}b")
            make_crowd(session, groups=7, themes={1: 5}, slug=f"after-{n}", fingerprint=f"{n:063d}a")
        before = {quote.text for quote in quotes_of_theme(database, 1, 2, f"before-{n}")}
        after = {quote.text for quote in quotes_of_theme(database, 1, 2, f"after-{n}")}
        fresh.append(len(after - before))
    assert min(fresh) > 1


def test_whoever_compares_before_and_after_a_room_withdrew_finds_more_than_its_quote_gone(database: Database) -> None:
    """With the quotes of the others as they were, the one that is gone would be that room's."""
    gone = []
    for n in range(10):
        with database.writing() as session:
            crowd = make_crowd(session, themes={1: 6}, slug=f"crowd-{n}", fingerprint=f"{n:064d}")
        before = quotes_of_theme(database, 1, 3, f"crowd-{n}")
        with database.writing() as session:
            session.get_one(Recording, crowd.recordings[int(rooms_of(before)[0])].id).consent = None
        after = {quote.text for quote in quotes_of_theme(database, 1, 3, f"crowd-{n}")}
        gone.append(len({quote.text for quote in before} - after))
    assert min(gone) > 1


def test_a_mark_says_nothing_and_names_one_quote(database: Database) -> None:
    with database.writing() as session:
        crowd = make_crowd(session, sound=7)
    quotes = quotes_of_theme(database)
    assert all(re.fullmatch("[0-9a-f]{20}", quote.mark) for quote in quotes)
    assert len({quote.mark for quote in quotes}) == len(quotes)
    with database.reading() as session:
        for quote in quotes:
            clip = shared_clip(session, crowd.event, 3, 1, quote.mark)
            recording = session.scalars(select(Recording).where(Recording.stored_name == clip.stored_name)).one()
            said = session.scalars(
                select(Utterance.text).where(Utterance.recording_id == recording.id, Utterance.start == clip.start)
            ).one()
            assert (said,) == quote.turns
            assert quote.seconds == pytest.approx(clip.end - clip.start, abs=0.06)
        with pytest.raises(NotFound, match="cannot be heard"):
            shared_clip(session, crowd.event, 3, 1, "0" * 20)
        with pytest.raises(NotFound, match="cannot be heard"):
            shared_clip(session, crowd.event, 3, 2, quotes[0].mark)


@pytest.mark.parametrize(
    ("sound", "heard", "quoted"),
    [(0, 0, 4), (2, 0, 4), (7, 4, 4)],
)
def test_there_is_sound_only_where_enough_rooms_have_it(
    database: Database, sound: int, heard: int, quoted: int
) -> None:
    with database.writing() as session:
        make_crowd(session, sound=sound)
    quotes = quotes_of_theme(database)
    assert (sum(quote.seconds is not None for quote in quotes), len(quotes)) == (heard, quoted)


def test_rooms_without_sound_are_not_told_by_its_absence_where_they_are_few(database: Database) -> None:
    with database.writing() as session:
        make_crowd(session, sound=5)  # two rooms have none
    quotes = quotes_of_theme(database)
    assert all(quote.seconds for quote in quotes)
    assert set(rooms_of(quotes)) <= {"0", "1", "2", "3", "4"}


def test_rooms_with_and_without_sound_are_quoted_side_by_side_where_both_are_enough(database: Database) -> None:
    with database.writing() as session:
        make_crowd(session, sound=4, groups=7)
    quotes = [quote for number in (1, 2) for quote in quotes_of_theme(database, number)]
    for quote in quotes:
        assert (quote.seconds is not None) == (rooms_of((quote,))[0] in "0123")
    assert {quote.seconds is not None for quote in quotes} == {True, False}


@pytest.mark.parametrize(("unasked", "quoted"), [(3, 4), (4, 3), (5, 0)])
def test_rooms_whose_consent_is_not_noted_are_not_quoted_and_the_others_only_where_they_are_enough(
    database: Database, unasked: int, quoted: int
) -> None:
    with database.writing() as session:
        crowd = make_crowd(session, sound=7)
        for recording in session.scalars(select(Recording).order_by(Recording.id)).all()[:unasked]:
            recording.consent = None
    quotes = quotes_of_theme(database)
    assert len(quotes) == quoted
    assert not set(rooms_of(quotes)) & set("0123456"[:unasked])
    with database.reading() as session:
        theme = shared_view(session, crowd.event, 3).themes[0]
    assert (theme.statement is None) or quoted


def test_where_a_name_was_masked_in_or_beside_the_words_their_sound_is_not_given(database: Database) -> None:
    with database.writing() as session:
        make_crowd(session, sound=7)
        for utterance in session.scalars(select(Utterance).where(Utterance.position % 2 == 1)):
            utterance.text = utterance.text.replace("we had", "[person 3] had")
    assert [quote.seconds for quote in quotes_of_theme(database)] == [None] * 4


def test_people_who_are_spoken_of_are_not_told_apart_and_no_speaker_is_told(database: Database) -> None:
    with database.writing() as session:
        make_crowd(session)
        for row in [*session.scalars(select(Utterance)), *session.scalars(select(Passage))]:
            row.text = row.text.replace("we had", "[person 3] and [person 4] had")
    quotes = quotes_of_theme(database)
    assert quotes
    assert all(quote.text.startswith("[person] and [person] had") for quote in quotes)
    assert "person 1" not in repr(quotes)


def test_what_names_a_room_is_not_quoted(database: Database) -> None:
    with database.writing() as session:
        crowd = make_crowd(session)
        first = crowd.recordings[0].id
        for kind in (Utterance, Passage):
            for row in session.scalars(select(kind).where(kind.recording_id == first)):
                row.text = f"Here under the copper-beech {row.text}"
    for number in (1, 2, 3):
        assert "0" not in rooms_of(quotes_of_theme(database, number))


def test_words_without_names_are_preferred(database: Database) -> None:
    with database.writing() as session:
        make_crowd(session)
        for kind in (Utterance, Passage):
            for row in session.scalars(select(kind)):
                if not re.search(r"x2 ", row.text):
                    row.text = row.text.replace("we had", "we had with Hester")
    assert all("Hester" not in quote.text for quote in quotes_of_theme(database))


def test_a_group_that_says_nothing_without_names_is_left_out_where_enough_others_are_quoted(database: Database) -> None:
    with database.writing() as session:
        crowd = make_crowd(session)
        first = crowd.recordings[0].id
        for kind in (Utterance, Passage):
            for row in session.scalars(select(kind).where(kind.recording_id == first)):
                row.text = row.text.replace("we had", "we had with Hester")
    assert "0" not in rooms_of(quotes_of_theme(database, 1))
    assert len(quotes_of_theme(database, 3)) == 3  # only three groups raise it, so it is quoted there after all


def test_a_monologue_is_not_given_as_sound(database: Database) -> None:
    with database.writing() as session:
        make_crowd(session, sound=7)
        for row in [*session.scalars(select(Utterance)), *session.scalars(select(Passage))]:
            row.end = row.start + 91.0
    assert [quote.seconds for quote in quotes_of_theme(database)] == [None] * 4
