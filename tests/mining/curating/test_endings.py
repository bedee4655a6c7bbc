"""Themes that did not come out again, and where their talk is now; on planted themes, mined anew."""

from datetime import date

import numpy as np
import pytest

from capture.models import Event
from mining.clustering.clusterer import Clustering, Units
from mining.curating import decisions
from mining.curating.endings import Endings, ended, endings_of
from mining.models import Strand
from tests.factories import make_analysis, make_event, make_theme
from tests.mining.curated import Planted, Spring, mine_planted, subject_in


class Told(Planted):
    """Takes some subjects for others: {subject: what it is found to be}; None for no theme at all."""

    def __init__(self, instead: dict[str, str | None]) -> None:
        super().__init__()
        self.instead = instead

    def cluster(self, units: Units, seed: int) -> Clustering:
        found = [subject_in(text) for text in units.texts]
        names = [self.instead.get(subject, subject) for subject in found]
        order = list(self.subjects)
        return Clustering(np.array([-1 if name is None else order.index(name) for name in names], np.int64))


def mine(spring: Spring, instead: dict[str, str | None], seed: int) -> None:
    mine_planted(spring.database, spring.event_id, Told(instead), seed)


def endings(spring: Spring) -> Endings:
    with spring.database.reading() as session:
        return endings_of(session, session.get_one(Event, spring.event_id))


def test_nothing_has_ended_at_first_nor_where_everything_came_back(spring: Spring) -> None:
    assert endings(spring) == Endings()
    mine(spring, {}, seed=7)
    assert endings(spring) == Endings()


def test_a_theme_that_came_out_within_another_says_how_much_of_its_talk_is_there(spring: Spring) -> None:
    budget, friends = spring.on("budget"), spring.on("friends")
    mine(spring, {"budget": "friends"}, seed=2)
    [ending] = endings(spring).ended
    [lost] = {budget.strand, friends.strand} - set(spring.themes())
    [stays] = {budget.strand, friends.strand} & set(spring.themes())
    assert (ending.strand, ending.label) == (lost, budget.label if lost == budget.strand else friends.label)
    [part] = ending.went
    assert (part.number, part.label) == (spring.themes()[stays].number, spring.themes()[stays].label)
    assert part.share == pytest.approx(1) and ending.loose == pytest.approx(0)
    assert ending.seconds == pytest.approx(30 * len(budget.passages), rel=0.6)


def test_a_name_that_a_person_gave_is_still_known_when_its_theme_is_gone(spring: Spring) -> None:
    spring.decide(decisions.rename, spring.on("budget").strand, "Money")
    mine(spring, {"budget": None}, seed=3)
    [ending] = endings(spring).ended
    assert (ending.label, ending.went, ending.loose) == ("Money", (), pytest.approx(1))


def test_what_a_person_merged_or_set_aside_has_not_ended(spring: Spring) -> None:
    spring.decide(decisions.merge, spring.on("friends").strand, [spring.on("budget").strand])
    spring.decide(decisions.hide, spring.on("meetings").strand)
    mine(spring, {}, seed=4)
    with spring.database.reading() as session:
        assert ended(session, spring.event_id) == []


def test_themes_of_the_event_before_that_did_not_come_back_are_told_of(spring: Spring) -> None:
    with spring.database.writing() as session:
        event = session.get_one(Event, spring.event_id)
        event.programme, event.held_on = "Managers talk", date(2026, 9, 24)
        before = make_event(session, "winter", programme="Managers talk", held_on=date(2026, 1, 15))
        own = session.get_one(Strand, spring.on("budget").strand)
        analysis = make_analysis(session, before, embedder=own.embedder)
        for number, centre in ((1, own.centre), (2, (-np.frombuffer(own.centre, "<f4")).tobytes())):
            strand = Strand(event_id=before.id, spans=[], embedder=own.embedder, centre=centre)
            session.add(strand)
            session.flush()
            make_theme(session, analysis, number, label=f"Theme {number}", strand_id=strand.id)
    found = endings(spring)
    assert found.earlier is not None and found.earlier.slug == "winter"
    assert [theme.label for theme in found.gone] == ["Theme 2"]
