"""Marks that name themes in forms: they tell nothing, hold when themes are numbered anew, choose only what is seen."""

import pytest
from flask import Flask, g

from capture.database import Database
from capture.models import Event, Role
from tests.mining.crowd import Crowd
from tests.mining.proposing import make_understood
from web.access import Standing
from web.proposal_themes import KEEP, Choice, by_mark, choices, mark_of, strand_of


@pytest.fixture
def crowd(database: Database) -> Crowd:
    with database.writing() as session:
        return make_understood(session)


def seen_by(app: Flask, database: Database, crowd: Crowd, role: Role) -> list[Choice]:
    with app.test_request_context(), database.reading() as session:
        g.standing = Standing(role, None, 3, False)
        return choices(session, session.get_one(Event, crowd.event.id))


def test_staff_choose_among_all_and_others_among_what_enough_groups_raised(
    app: Flask, database: Database, crowd: Crowd
) -> None:
    assert [each.number for each in seen_by(app, database, crowd, Role.DESIGNER)] == [1, 2, 3, 4, 5]
    for role in (Role.ALUMNUS, Role.SPONSOR):
        found = seen_by(app, database, crowd, role)
        assert [each.number for each in found] == [1, 2, 3]
        assert {each.raised_by for each in found} == {"at least 4 of 7 groups", "3 of 7 groups"}


def test_a_mark_is_the_same_for_everybody_and_does_not_hold_the_number(
    app: Flask, database: Database, crowd: Crowd
) -> None:
    staff, alumni = (seen_by(app, database, crowd, role) for role in (Role.DESIGNER, Role.ALUMNUS))
    assert [each.mark for each in staff][:3] == [each.mark for each in alumni]
    assert len({each.mark for each in staff}) == 5 and all(len(each.mark) == 20 for each in staff)
    with app.app_context():
        assert mark_of(staff[0].strand) == staff[0].mark


def test_only_what_is_offered_is_chosen(app: Flask, database: Database, crowd: Crowd) -> None:
    staff, alumni = (seen_by(app, database, crowd, role) for role in (Role.DESIGNER, Role.ALUMNUS))
    assert strand_of(alumni, alumni[1].mark) == alumni[1].strand
    assert strand_of(alumni, staff[4].mark) is None and by_mark(alumni, "") is None
    assert strand_of(alumni, KEEP, before=77) == 77 and strand_of(alumni, KEEP) is None
