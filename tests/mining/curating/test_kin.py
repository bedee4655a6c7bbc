"""Two events of one programme: the second holds three of the four of spring, and a new one."""

from datetime import date

import numpy as np
import pytest
from sqlalchemy.orm import Session

from capture.database import Database
from capture.models import Event
from mining.curating import decisions
from mining.curating.deciding import decide
from mining.curating.kin import Kin, kin
from mining.models import Strand
from tests.factories import make_analysis, make_event, make_group, make_passage, make_recording, make_theme
from tests.mining.curated import Planted, Spring, mine_planted
from tests.mining.talk import BUDGET, HANDOVER, MEETINGS, SUBJECTS, make_talk

CANTEEN = [
    "The canteen serves the same soup three days a week, and on Friday it is fish whether you like fish or not. Since "
    "the new caterer cooks the vegetables are boiled until they are grey, and my whole table brings sandwiches.",
    "I used to eat in the canteen every day, and now the soup tastes of salt and nothing else. The cook told me that "
    "the caterer sends everything frozen, the vegetables, the fish, even the potatoes, and he may only warm it up.",
    "What helped was a tasting. Twelve of us tried the dishes of three caterers with the cook, and the "
    "vegetables of the small one won. The soup is better, the fish is fresh, and people eat in the canteen again.",
    "The canteen closes at half past one, so the late shift gets cold potatoes and what is left of the soup. We asked "
    "the cook for a hot dish at seven in the evening, and the caterer wants two euros more for each plate.",
]
AUTUMN = {
    "North": [BUDGET[2], BUDGET[1], CANTEEN[0], CANTEEN[1], MEETINGS[3]],
    "South": [CANTEEN[2], MEETINGS[2], MEETINGS[0], HANDOVER[0], HANDOVER[1]],
    "West": [BUDGET[3], BUDGET[0], CANTEEN[3], MEETINGS[1], HANDOVER[2]],
}


@pytest.fixture
def programme(spring: Spring) -> tuple[Spring, int]:
    """(spring, id of the autumn event): both mined, of one programme."""
    with spring.database.writing() as session:
        autumn = make_talk(session, AUTUMN, slug="autumn")
        for event, day in ((session.get_one(Event, spring.event_id), date(2026, 3, 19)), (autumn, date(2026, 9, 24))):
            event.programme, event.held_on = "Managers talk", day
    mine_planted(spring.database, autumn.id, Planted({**SUBJECTS, "canteen": CANTEEN}))
    return spring, autumn.id


def kin_of(database: Database, event_id: int) -> Kin:
    with database.reading() as session:
        return kin(session, session.get_one(Event, event_id))


def test_themes_of_the_earlier_event_are_found_again_and_new_and_gone_ones_are_told(
    programme: tuple[Spring, int],
) -> None:
    spring, autumn = programme
    found = kin_of(spring.database, autumn)
    assert found.earlier and (found.earlier.slug, found.earlier.day) == ("spring", date(2026, 3, 19))
    back = {theme.label for each in found.since.values() for theme in each.before}
    labels = {subject: spring.on(subject).label for subject in ("budget", "friends", "meetings", "handover")}
    assert back == {labels[subject] for subject in ("budget", "meetings", "handover")}
    assert [theme.label for theme in found.gone] == [labels["friends"]]
    assert [each.state for each in found.since.values()].count("new") == 1


def test_an_earlier_event_sees_the_later_one_but_is_not_compared_with_it(programme: tuple[Spring, int]) -> None:
    spring, _ = programme
    found = kin_of(spring.database, spring.event_id)
    assert (found.earlier, found.since, found.gone) == (None, {}, ())
    budget = spring.on("budget")
    [elsewhere] = found.elsewhere[budget.number]
    assert (elsewhere.event.slug, elsewhere.groups) == ("autumn", 3)
    assert spring.on("friends").number not in found.elsewhere


def test_names_that_people_gave_are_told_as_such(programme: tuple[Spring, int]) -> None:
    spring, autumn = programme
    strand = spring.on("budget").strand
    decide(spring.database, spring.event_id, lambda s: decisions.rename(s, spring.event_id, strand, "Money", "ann"))
    found = kin_of(spring.database, autumn)
    assert ("Money", True) in {(t.label, t.named) for each in found.since.values() for t in each.before}


def test_without_a_programme_or_with_another_embedder_nothing_is_kin(programme: tuple[Spring, int]) -> None:
    from mining.models import Analysis

    spring, autumn = programme
    with spring.database.writing() as session:
        for row in session.query(Analysis).filter_by(event_id=autumn):
            row.embedder = "another"
    assert kin_of(spring.database, spring.event_id).elsewhere == {}
    with spring.database.writing() as session:
        session.get_one(Event, spring.event_id).programme = None
    assert kin_of(spring.database, spring.event_id) == Kin({}, None, {}, ())


def themed(session: Session, slug: str, day: date, themes: dict[str, tuple[list[float], float]]) -> Event:
    """An event with themes of these labels: {label: (direction of its centre, share of talk)}, each in one group."""
    event = make_event(session, slug, programme="Managers talk", held_on=day)
    analysis = make_analysis(session, event)
    recording = make_recording(session, make_group(session, event))
    for number, (label, (direction, depth)) in enumerate(themes.items(), 1):
        centre = np.array(direction, "<f4")
        strand = Strand(
            event_id=event.id, spans=[], embedder=analysis.embedder, centre=(centre / np.linalg.norm(centre)).tobytes()
        )
        session.add(strand)
        session.flush()
        theme = make_theme(session, analysis, number, label=label, depth=depth, strand_id=strand.id)
        make_passage(session, analysis, recording, number, theme)
    return event


def test_what_grew_faded_split_and_merged_between_two_events(database: Database) -> None:
    with database.writing() as session:
        spring = {
            "Money": ([1, 0, 0, 0, 0], 0.1),
            "Meetings": ([0, 1, 0, 0, 0], 0.3),
            "Bosses": ([0, 0, 1, 0, 0], 0.2),
            "Machines": ([0, 0, 0, 1, 0], 0.2),
            "Presses": ([0, 0, 0, 1, 0.55], 0.1),
        }
        themed(session, "spring", date(2026, 3, 19), spring)
        autumn = {
            "Budgets": ([1, 0, 0, 0, 0.1], 0.3),
            "Calls": ([0, 1, 0, 0.1, 0], 0.1),
            "Being the boss": ([0, 0, 1, 0, 0.1], 0.1),
            "Boss and friend": ([0, 0, 1, 0, 0.5], 0.1),
            "Handing over": ([0, 0, 0, 1, 0.2], 0.3),
            "Cars": ([0, 0, 0, 0, -1], 0.1),
        }
        event = themed(session, "autumn", date(2026, 9, 24), autumn)
    found = kin_of(database, event.id)
    told = {label: found.since[number] for number, label in enumerate(autumn, 1)}
    assert {label: (since.state, [theme.label for theme in since.before]) for label, since in told.items()} == {
        "Budgets": ("grew", ["Money"]),
        "Calls": ("faded", ["Meetings"]),
        "Being the boss": ("split", ["Bosses"]),
        "Boss and friend": ("split", ["Bosses"]),
        "Handing over": ("merged", ["Machines", "Presses"]),
        "Cars": ("new", []),
    }
    assert found.gone == ()
