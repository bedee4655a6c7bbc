"""What alumni and sponsors may see is attacked here: by looking for what must not be in it, by asking for what is
hidden, and by comparing what is seen under other quorums and after another room."""

import re
from dataclasses import fields, is_dataclass
from itertools import pairwise

import pytest
from sqlalchemy import select

from capture.database import Database
from capture.errors import NotFound
from capture.models import Event, Group
from mining.models import Passage, Theme
from mining.privacy.discretion import (
    SharedKind,
    SharedQuote,
    SharedTheme,
    SharedView,
    Showing,
    quotable_rooms,
    shared_clip,
    shared_quotes,
    shared_theme,
    shared_view,
    shown_strands,
)
from tests.factories import make_event, make_strand
from tests.mining.crowd import ROOMS, SECRETS, THEMES, make_crowd
from tests.mining.curated import Spring
from tests.mining.talk import BUDGET, HANDOVER

SAFE = {
    SharedView: {"showing", "quorum", "groups", "themes", "rough"},
    SharedTheme: {
        *("number", "label", "keywords", "groups", "of", "exactly", "share", "quorum", "rough"),
        *("statement", "kinds", "quotes"),
    },
    SharedKind: {"kind", "groups", "exactly"},
    SharedQuote: {"turns", "mark", "seconds"},
}
"""Whoever adds a field says here, and in a review, why nothing of one group follows from it."""


def view_of(database: Database, quorum: int, slug: str = "crowd") -> SharedView:
    with database.reading() as session:
        event = session.scalars(select(Event).where(Event.slug == slug)).one()
        return shared_view(session, event, quorum, quotes=True)


def everything_in(value: object) -> str:
    """All that can be read out of a value, and a failure where it holds anything that is not a plain value of ours."""
    if is_dataclass(value):
        assert {field.name for field in fields(value)} == SAFE[type(value)]
        return " ".join(everything_in(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, tuple):
        return " ".join(map(everything_in, value))
    assert value is None or isinstance(value, str | int | float | bool)
    return str(value)


def runs(text: str, length: int = 4) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_only_themes_of_enough_groups_are_there_and_nothing_of_the_others(database: Database) -> None:
    with database.writing() as session:
        make_crowd(session)
    for quorum in (2, 3, 4, 5, 6, 7):
        view = view_of(database, quorum)
        expected = [number for number, (_, _, groups) in THEMES.items() if groups >= quorum]
        assert [theme.number for theme in view.themes] == expected
        text = everything_in(view).lower()
        for number, (label, words, _) in THEMES.items():
            if number not in expected:
                assert label.lower() not in text and SECRETS[number] not in text
                assert not any(word in text for word in words.split())
        assert "area of" not in text
        assert not any(room.lower() in text for room in ROOMS)
        assert "person 1" not in text and "person 2" not in text


def test_with_fewer_groups_than_the_quorum_there_is_nothing_not_even_their_number(database: Database) -> None:
    with database.writing() as session:
        make_crowd(session, groups=4)
        make_event(session, "later")
    assert view_of(database, 5) == SharedView(Showing.TOO_FEW, 5)
    assert view_of(database, 3, "later") == SharedView(Showing.NOT_YET, 3)


def test_one_group_is_never_a_crowd(database: Database) -> None:
    with database.writing() as session:
        make_crowd(session)
    assert view_of(database, 1) == view_of(database, 2)
    assert view_of(database, 0) == view_of(database, -3) == view_of(database, 2)


def test_what_is_hidden_is_refused_in_the_words_of_what_is_not_there(database: Database) -> None:
    with database.writing() as session:
        crowd = make_crowd(session)
        said = set()
        for number in (4, 5, 9, 50):
            with pytest.raises(NotFound) as refused:
                shared_theme(session, crowd.event, 3, number)
            said.add(str(refused.value).replace(str(number), "N"))
            with pytest.raises(NotFound):
                shared_clip(session, crowd.event, 3, number, "0" * 20)
            assert shared_quotes(session, crowd.event, 3, number) == ()
        assert len(said) == 1


def test_numbers_that_would_tell_of_the_last_groups_are_left_open(database: Database) -> None:
    with database.writing() as session:
        make_crowd(session)
    told = {theme.number: theme.raised_by for theme in view_of(database, 2).themes}
    assert told == {1: "at least 5 of 7 groups", 2: "at least 5 of 7 groups", 3: "3 of 7 groups", 4: "2 of 7 groups"}
    open_ = [theme for theme in view_of(database, 3).themes if not theme.exactly]
    assert [theme.groups for theme in open_] == [4, 4]
    assert all(kind.groups in (None, 4) for theme in open_ for kind in theme.kinds)
    assert all(len(theme.quotes) <= theme.groups for theme in view_of(database, 3).themes)


def test_shares_are_of_what_is_shown_so_that_nothing_is_left_to_subtract(database: Database) -> None:
    with database.writing() as session:
        make_crowd(session)
    for quorum in (2, 3, 5):
        assert sum(theme.share for theme in view_of(database, quorum).themes) == pytest.approx(1.0, abs=0.02)


def test_of_two_open_themes_the_shares_do_not_betray_which_is_raised_by_more_groups(database: Database) -> None:
    with database.writing() as session:
        crowd = make_crowd(session)
        for passage in session.scalars(select(Passage).where(Passage.theme_id == crowd.themes[2].id)):
            passage.end += 40.0
    first, second, _ = view_of(database, 3).themes
    assert first.share == second.share


def test_a_kind_of_few_groups_is_not_told_from_one_of_none(database: Database) -> None:
    with database.writing() as session:
        crowd = make_crowd(session)
        rows = session.scalars(select(Passage).where(Passage.theme_id == crowd.themes[3].id)).all()
        rows[0].kind = "lesson"
        rows[6].kind = "lesson"
    kinds = {kind.kind: kind.groups for kind in view_of(database, 3).themes[2].kinds}
    assert kinds == {"challenge": 3, "lesson": None, "action": None, "question": None}
    assert {kind.kind: kind.groups for kind in view_of(database, 2).themes[2].kinds}["lesson"] == 2


def test_key_words_are_those_that_enough_groups_use(database: Database) -> None:
    with database.writing() as session:
        make_crowd(session)
    for theme in view_of(database, 3).themes:
        assert theme.keywords == (*THEMES[theme.number][1].split(), SECRETS[theme.number])


def test_a_name_made_of_one_groups_words_is_not_shown_but_one_that_a_person_gave_is(database: Database) -> None:
    with database.writing() as session:
        crowd = make_crowd(session)
        crowd.themes[1].label = "Meetings take0x1x0"
        crowd.themes[2].label = "What nobody says"
        crowd.themes[2].named_by = "Ann"
        crowd.themes[3].label, crowd.themes[3].keywords = "Moved away since", ["take0x3x1"]
    labels = [theme.label for theme in view_of(database, 3).themes]
    assert labels == ["Meetings, calendar and invitation", "What nobody says", "Theme 3"]


def test_a_passage_that_happened_to_fall_to_a_theme_makes_no_quorum(database: Database) -> None:
    with database.writing() as session:
        crowd = make_crowd(session)
        third = crowd.recordings[2].group_id
        for passage in session.scalars(select(Passage).where(Passage.theme_id == crowd.themes[3].id)):
            passage.strength = 0.2 if passage.group_id == third else 0.8
    assert [theme.number for theme in view_of(database, 3).themes] == [1, 2]


def test_a_statement_is_shown_where_it_still_stands_in_the_theme_and_names_no_room(database: Database) -> None:
    with database.writing() as session:
        crowd = make_crowd(session)
        first = session.scalars(select(Passage).where(Passage.theme_id == crowd.themes[1].id)).first()
        said = {"passage": first.number, "position": first.first, "start": 0, "end": 27, "text": first.text[:27]}
        crowd.themes[1].statement = said
        crowd.themes[2].statement = said  # moved to another theme since
        crowd.themes[3].statement = {**said, "text": "words that are gone"}
    assert [theme.statement for theme in view_of(database, 3).themes] == [first.text[:27], None, None]
    with database.writing() as session:
        # A room called like what is said in a statement; all other groups say it as well, so it tells nothing ...
        session.get_one(Group, crowd.recordings[0].group_id).name = "Meetings calendar"
    assert view_of(database, 3).themes[0].statement
    with database.writing() as session:
        rows = session.scalars(select(Passage).where(Passage.theme_id == crowd.themes[1].id)).all()
        for row in rows[1:]:
            row.text = row.text.replace("meetings calendar", "meetings and calendar")
    assert view_of(database, 3).themes[0].statement is None  # ... until only one does


def test_what_somebody_chose_is_stored_by_strand_only_where_it_may_be_seen(spring: Spring) -> None:
    with spring.database.reading() as session:
        event = session.get_one(Event, 1)
        shown = {theme.number for theme in shared_view(session, event, 3).themes}
        strands = shown_strands(session, event, 3)
        assert set(strands) == shown
        assert all(
            session.scalars(select(Theme).where(Theme.strand_id == strand)).one().number == number
            for number, strand in strands.items()
        )


def test_real_talk_of_two_rooms_leaves_no_four_words_on_what_is_shown(spring: Spring) -> None:
    """Budget and handover are talked about in two of three rooms, friends and meetings in all."""
    view = view_of(spring.database, 3, "spring")
    assert {theme.number for theme in view.themes} == {spring.on("friends").number, spring.on("meetings").number}
    hidden = runs(" ".join([*BUDGET, *HANDOVER]))
    text = everything_in(view)
    assert len(runs(text)) > 100
    assert runs(text) & hidden == set()
    assert not any(f"{colour} room" in text.lower() for colour in ("red", "blue", "green"))


def test_a_room_that_comes_late_lifts_themes_over_the_quorum_and_still_tells_no_group(spring: Spring) -> None:
    views = [view_of(spring.database, 3, "spring")]
    spring.add_room()
    spring.mine()
    views.append(view_of(spring.database, 3, "spring"))
    assert [len(view.themes) for view in views] == [2, 4]
    for view in views:
        text = everything_in(view).lower()
        assert not any(f"{colour} room" in text for colour in ("red", "blue", "green", "yellow"))
    # Four groups, of which three or four raise each theme: which of both is not told.
    assert {theme.raised_by for theme in views[1].themes} == {"at least 3 of 4 groups"}
    for one, other in pairwise(views[1].themes):
        assert one.share >= other.share


def test_talk_that_was_withdrawn_is_gone_from_what_is_shared_too(spring: Spring) -> None:
    spring.remove_room(1)
    assert view_of(spring.database, 3, "spring").showing == Showing.NOT_YET


def test_words_are_passed_on_of_rooms_that_agreed_and_only_where_enough_that_raise_the_theme_did(
    database: Database,
) -> None:
    with database.writing() as session:
        crowd = make_crowd(session)
        for theme in crowd.themes.values():
            theme.strand_id = make_strand(session, crowd.event).id
        everybody = {recording.group_id for recording in crowd.recordings}
        strands = {number: theme.strand_id for number, theme in crowd.themes.items()}
        assert quotable_rooms(session, crowd.event, 3, strands[3]) == everybody
        assert quotable_rooms(session, crowd.event, 3, strands[4]) is None
        assert quotable_rooms(session, crowd.event, 3, 999) is None
        crowd.recordings[0].consent = ""
        session.flush()
        assert quotable_rooms(session, crowd.event, 3, strands[2]) == everybody - {crowd.recordings[0].group_id}
        assert quotable_rooms(session, crowd.event, 3, strands[3]) == frozenset()
