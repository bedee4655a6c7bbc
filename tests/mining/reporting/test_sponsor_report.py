"""The values of the report for the sponsor, attacked: nothing of a hidden theme, a group or a person is in them."""

import json
from dataclasses import asdict

import pytest

from capture.database import Database
from capture.errors import Refused
from mining.catalogue.answering import Verdict
from mining.privacy.pooled_counts import Pool
from mining.reporting.sponsor_report import sponsor_report
from mining.suggestion_models import NextStep, StepState
from tests.factories import make_event
from tests.mining.crowd import THEMES, make_crowd
from tests.mining.reported import DAY, make_reported, make_seated, told_of_hidden


def everything(report: object) -> str:
    return json.dumps(asdict(report), default=str, ensure_ascii=False)  # type: ignore[call-overload]


def test_nothing_of_what_is_hidden_is_anywhere_in_the_values(database: Database) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        report = sponsor_report(session, crowd.event, DAY)
        assert [each.theme.label for each in report.themes] == [THEMES[number][0] for number in (1, 2, 3)]
        assert told_of_hidden(everything(report), session, crowd) == []


def test_values_are_the_same_whether_hidden_themes_have_drafts_steps_and_rooms_or_not(database: Database) -> None:
    """What cannot be seen must not move a figure: otherwise it could be read off it."""
    with database.writing() as session:
        full = make_reported(session)
        one = asdict(sponsor_report(session, full.event, DAY))
        for step in session.query(NextStep):
            session.delete(step)
        bare = make_crowd(session, slug="bare")
        other = asdict(sponsor_report(session, bare.event, DAY))
    for name in ("catalogue", "waiting", "balance", "peers", "change"):
        assert one[name] == other[name]
    assert [t["theme"]["share"] for t in one["themes"]] == [t["theme"]["share"] for t in other["themes"]]


def test_steps_of_few_groups_are_told_as_a_whole_or_not_at_all(database: Database) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        steps = sponsor_report(session, crowd.event, DAY).steps
        assert steps.said == ()  # one group alone
        states = tuple(state.value for state in StepState if state not in ("found", "dismissed"))
        assert steps.written == (Pool(states, 3),)  # that none is done would be told of each of the three


def test_peer_groups_are_counted_from_the_quorum_on(database: Database) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        make_seated(session, crowd, 2)
        assert sponsor_report(session, crowd.event, DAY).peers is None
        make_seated(session, crowd, 4)
        peers = sponsor_report(session, crowd.event, DAY).peers
        assert peers is not None and (peers.groups, peers.people) == (4, 12)
        assert peers.outcomes == (Pool(("closed", "project", "not told yet"), 4),)


def test_what_has_no_data_is_named_and_nothing_fails(database: Database) -> None:
    with database.writing() as session:
        crowd = make_crowd(session, groups=4, themes={4: 2})
        report = sponsor_report(session, crowd.event, DAY)
    assert report.themes == () and report.diagnosis is None
    assert [each.split(":")[0] for each in report.missing] == [
        "What the catalogue answers",
        "Agency, responsiveness and connectivity",
        "What changed",
        "Drafts",
        "Proposals",
        "Next steps",
        "Peer groups",
    ]


def test_an_event_that_was_not_mined_or_with_too_few_groups_is_refused_in_words(database: Database) -> None:
    with database.writing() as session:
        with pytest.raises(Refused, match="harvest mine later"):
            sponsor_report(session, make_event(session, "later"), DAY)
        crowd = make_crowd(session, groups=2)
        with pytest.raises(Refused, match="Fewer than 3 groups talked at Autumn meeting"):
            sponsor_report(session, crowd.event, DAY)


def test_themes_are_sorted_by_how_the_catalogue_answers_them(database: Database) -> None:
    with database.writing() as session:
        report = sponsor_report(session, make_reported(session).event, DAY)
    assert report.having(None) == report.themes and report.having(Verdict.GAP, Verdict.COVERED) == ()
    assert any("the catalogue is empty" in each for each in report.missing)
