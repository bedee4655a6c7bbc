"""Two events of a programme side by side, as far as both may be shown."""

from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from capture.database import Database
from mining.diagnosis.shared_change import Both, change_of
from mining.drafts.evidence import Embed
from mining.privacy.discretion import shared_view
from tests.factories import make_event, make_strand
from tests.mining.crowd import THEMES, Crowd, make_crowd


def held_on(session: Session, slug: str, day: date, embed: Embed, themes: dict[int, int], groups: int = 7) -> Crowd:
    crowd = make_crowd(session, groups=groups, themes=themes, slug=slug)
    crowd.event.programme, crowd.event.held_on, crowd.event.title = "Side by side", day, slug.title()
    vectors = np.asarray(embed([f"{THEMES[n][0]}. {THEMES[n][1]}" for n in crowd.themes]), "<f4")
    for theme, vector in zip(crowd.themes.values(), vectors, strict=True):
        strand = make_strand(session, crowd.event)
        strand.centre = (vector / np.linalg.norm(vector)).tobytes()
        theme.strand_id = strand.id
    session.flush()
    return crowd


def test_themes_are_set_side_by_side_only_where_both_events_show_them(database: Database, embed: Embed) -> None:
    with database.writing() as session:
        held_on(session, "autumn", date(2025, 10, 8), embed, {1: 3, 2: 2, 3: 3, 5: 1}, groups=7)
        spring = held_on(session, "spring", date(2026, 3, 19), embed, {1: 2, 2: 3, 3: 3, 4: 2, 5: 1}, groups=7)
        found = change_of(session, spring.event, shared_view(session, spring.event, 3))
        assert found is not None
        assert (found.before.title, found.groups) == ("Autumn", 7)
        assert found.both == (Both(THEMES[3][0], "3 of 7 groups", "3 of 7 groups", None),)
        # Themes 1 and 2 were raised by two groups at the other event: as absent here as if nobody had.
        assert found.now == (THEMES[2][0],)
        assert found.then == (THEMES[1][0],)


def test_a_larger_part_is_told_only_where_both_numbers_are_exact(database: Database, embed: Embed) -> None:
    with database.writing() as session:
        held_on(session, "autumn", date(2025, 10, 8), embed, {1: 6, 3: 3})
        spring = held_on(session, "spring", date(2026, 3, 19), embed, {1: 3, 3: 3}, groups=6)
        found = change_of(session, spring.event, shared_view(session, spring.event, 2))
        assert found is not None
        assert {each.label: each.more for each in found.both} == {THEMES[1][0]: None, THEMES[3][0]: True}


def test_without_an_earlier_event_that_shows_anything_there_is_nothing_to_tell(
    database: Database, embed: Embed
) -> None:
    with database.writing() as session:
        spring = held_on(session, "spring", date(2026, 3, 19), embed, {1: 5})
        view = shared_view(session, spring.event, 3)
        assert change_of(session, spring.event, view) is None
        make_event(session, "summer", programme="Side by side", held_on=date(2025, 7, 1))
        held_on(session, "autumn", date(2025, 10, 8), embed, {4: 2})
        assert change_of(session, spring.event, view) is None
