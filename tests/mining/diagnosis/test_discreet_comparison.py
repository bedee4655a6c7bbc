from dataclasses import asdict

from sqlalchemy import delete

from capture.database import Database
from capture.events import get_event
from mining.diagnosis.comparison import comparison_of
from mining.diagnosis.discreet_comparison import HIDDEN, SHOWN, STATES, shared_comparison
from mining.models import Passage, Theme
from mining.privacy.discretion import shared_view
from tests.mining.programme import programme, programme_data  # noqa: F401  (fixtures)

QUORUM = 3


def test_only_what_is_shown_at_an_event_is_compared_and_with_the_numbers_told_there(programme: Database) -> None:  # noqa: F811
    with programme.reading() as session:
        event = get_event(session, "spring")
        found = shared_comparison(session, event, QUORUM)
        whole = comparison_of(session, event)
        told = {
            (slug, theme.number): theme
            for slug in ("autumn", "spring")
            for theme in shared_view(session, get_event(session, slug), QUORUM).themes
        }
    points = [point for line in found.lines for point in line.points if point]
    assert len(points) == len(told) < sum(1 for line in whole.lines for point in line.points if point)
    for point in points:
        theme = told[point.event, point.number]
        assert (point.label, point.breadth, point.exactly) == (theme.label, theme.groups, theme.exactly)
        assert point.share.value is None
    assert {line.state for line in found.lines} <= set(STATES)


def test_a_theme_that_falls_below_the_quorum_looks_like_one_that_is_gone(programme: Database) -> None:  # noqa: F811
    with programme.writing() as session:
        event = get_event(session, "spring")
        before = {line.label: line for line in shared_comparison(session, event, QUORUM).lines}
        label, both = next((label, line) for label, line in before.items() if all(line.points))
        now = both.points[1]
        assert now
        theme = session.query(Theme).filter(Theme.number == now.number).join(Theme.analysis).filter_by(
            event_id=event.id).one()  # fmt: skip
        keep = [group.id for group in event.groups[:2]]
        session.execute(delete(Passage).where(Passage.theme_id == theme.id, Passage.group_id.not_in(keep)))
        theme.breadth = 2
    with programme.reading() as session:
        after = shared_comparison(session, get_event(session, "spring"), QUORUM)
    [line] = [line for line in after.lines if line.points[0] == both.points[0]]
    assert (line.state, line.points[1]) == (HIDDEN, None)
    assert theme.label not in repr(asdict(after)) or theme.label == line.label
    gone = {each.state for each in after.lines if not each.points[1]}
    assert gone == {HIDDEN} and SHOWN in {each.state for each in after.lines if not each.points[0]}


def test_with_too_few_groups_there_is_nothing_to_compare(programme: Database) -> None:  # noqa: F811
    with programme.reading() as session:
        found = shared_comparison(session, get_event(session, "spring"), 7)
    assert found.lines == () and all(arc.agency is None and arc.groups == 0 for arc in found.arcs)
    assert [why for _, why in found.apart] == ["has no theme that 7 groups raised"] * 2


def test_an_event_by_itself_has_no_lines(programme: Database) -> None:  # noqa: F811
    with programme.reading() as session:
        found = shared_comparison(session, get_event(session, "spring"), QUORUM, ["spring"])
    assert found.lines == () and [arc.event.slug for arc in found.arcs] == ["spring"]
