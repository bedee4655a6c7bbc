"""The roster of an event: who is added, updated, masked, linked and taken off."""

import pytest
from sqlalchemy import select

from capture.database import Database
from capture.errors import NotFound
from capture.models import Event, Participant, RosterEntry, Utterance
from capture.roster import Imported, entry_of, import_roster, remove_entry, roster_of
from capture.roster_files import read_roster
from tests.conftest import SAMPLES
from tests.factories import make_event, make_group, make_person, make_recording, make_roster_entry, make_utterances

HEADER = "name,email,organisation,department,groups,opt_in"


@pytest.fixture
def event(database: Database) -> Event:
    with database.writing() as session:
        event = make_event(session)
        for name in ("Finance gate", "Two plants, one company", "Former peers"):
            make_group(session, event, name)
        return event


def bring(database: Database, event: Event, *lines: str, header: str = HEADER) -> Imported:
    with database.writing() as session:
        roster = read_roster("\n".join((header, *lines)).encode(), "people.csv")
        return import_roster(session, session.get_one(Event, event.id), roster)


def listed(database: Database, event: Event) -> dict[str, tuple[object, ...]]:
    with database.reading() as session:
        return {p.name: (p.email, p.department, p.opt_in, p.groups) for p in roster_of(session, event.id)}


def test_people_sit_in_the_groups_the_file_names(database: Database, event: Event) -> None:
    done = bring(database, event, 'Anna Weber,a@x.org,E,Finance,"former peers | Two plants, one company",yes')
    assert (done.added, done.problems) == (1, ())
    assert listed(database, event) == {
        "Anna Weber": ("a@x.org", "Finance", True, ("Two plants, one company", "Former peers"))
    }


def test_the_same_file_again_changes_nothing_and_says_so(database: Database, event: Event) -> None:
    lines = ("Anna Weber,a@x.org,E,Finance,Former peers,yes", "Bo Li,,E,Sales,,no")
    bring(database, event, *lines)
    before = listed(database, event)
    again = bring(database, event, *lines)
    assert (again.added, again.changed, again.same, again.masked) == (0, 0, 2, False)
    assert again.words.startswith("Nothing changed")
    assert listed(database, event) == before


def test_a_newer_file_updates_by_address_and_keeps_what_it_lacks(database: Database, event: Event) -> None:
    bring(database, event, "Anna Weber,a@x.org,E,Finance,Former peers,yes", "Bo Li,b@x.org,E,Sales,,yes")
    done = bring(database, event, "Anna Weber-Ruiz,A@X.org,Sales", header="name,email,department")
    assert (done.added, done.changed) == (0, 1)
    assert listed(database, event)["Anna Weber-Ruiz"] == ("a@x.org", "Sales", True, ("Former peers",))
    assert "Bo Li" in listed(database, event)


def test_an_address_that_comes_later_joins_the_person_without_one(database: Database, event: Event) -> None:
    bring(database, event, "Anna Weber,,E,Finance,,yes")
    assert bring(database, event, "Anna Weber,a@x.org,E,Finance,,yes").changed == 1
    assert bring(database, event, "Anna Weber,,E,Finance,,yes").same == 1
    assert [email for email, *_ in listed(database, event).values()] == ["a@x.org"]


def test_two_people_of_one_name_are_two_entries_and_a_line_for_both_is_left_out(
    database: Database, event: Event
) -> None:
    bring(database, event, "Anna Weber,a@x.org,E,Finance,,yes", "Anna Weber,b@x.org,E,Sales,,no")
    with database.reading() as session:
        assert len(session.scalars(select(RosterEntry)).all()) == 2
    assert "several people are called Anna Weber" in bring(database, event, "Anna Weber,,E,,,yes").problems[0]


def test_a_group_that_does_not_exist_is_named_with_the_nearest_there_is(database: Database, event: Event) -> None:
    done = bring(database, event, "Anna,a@x.org,,,Finanze gate,yes", "Bo,b@x.org,,,Cooking,yes")
    assert "no group “Finanze gate” (line 2). Did you mean “Finance gate”?" in done.problems[0]
    assert done.problems[1].endswith("“Cooking” (line 3).")
    assert "In no group: Anna (line 2), Bo (line 3). Only their own picks" in done.problems[2]
    assert listed(database, event)["Anna"][3] == ()


def test_what_somebody_said_themselves_is_not_changed_by_a_file(database: Database, event: Event) -> None:
    bring(database, event, "Anna,a@x.org,,,,yes")
    with database.writing() as session:
        entry = session.scalars(select(RosterEntry)).one()
        entry.opt_in, entry.answered = False, True
    assert bring(database, event, "Anna,a@x.org,,,,yes").same == 1
    assert listed(database, event)["Anna"][2] is False


def test_new_names_are_masked_in_stored_talk_and_themes_are_stale(database: Database, event: Event) -> None:
    with database.writing() as session:
        group = session.get_one(Event, event.id).groups[0]
        make_utterances(session, make_recording(session, group), ["Then Priya Nandakumar said no.", "And that was it."])
    done = bring(database, event, "Priya Nandakumar,p@x.org,,,,no")
    assert done.masked
    with database.reading() as session:
        assert session.get_one(Event, event.id).retracted_at is not None
        texts = session.scalars(select(Utterance.text).order_by(Utterance.position)).all()
        number = session.scalars(select(Participant.number)).one()
    assert texts == [f"Then [person {number}] said no.", "And that was it."]


def test_names_that_nobody_said_leave_the_themes_alone(database: Database, event: Event) -> None:
    with database.writing() as session:
        group = session.get_one(Event, event.id).groups[0]
        make_utterances(session, make_recording(session, group), ["Nobody is named here."])
    assert not bring(database, event, "Priya Nandakumar,p@x.org,,,,no").masked
    with database.reading() as session:
        assert session.get_one(Event, event.id).retracted_at is None


def test_whoever_may_sign_in_finds_themselves_by_their_address(database: Database, event: Event) -> None:
    with database.writing() as session:
        anna = make_person(session, email="a@x.org")
        late = make_person(session, email="b@x.org")
    bring(database, event, "Anna,a@x.org,,,,yes", "Bo,c@x.org,,,,yes")
    with database.writing() as session:
        entry = entry_of(session, event.id, anna.id)
        assert entry and entry.person_id == anna.id
        assert entry_of(session, event.id, late.id) is None
        make_roster_entry(session, session.get_one(Event, event.id), email="b@x.org")
        assert entry_of(session, event.id, late.id)


def test_taking_somebody_off_keeps_their_name_masked(database: Database, event: Event) -> None:
    bring(database, event, "Anna Weber,a@x.org,,,Former peers,yes")
    with database.writing() as session:
        entry = session.scalars(select(RosterEntry)).one()
        assert remove_entry(session, event.id, entry.id) == "Anna Weber"
        assert session.scalars(select(Participant.name)).all() == ["Anna Weber"]
        with pytest.raises(NotFound):
            remove_entry(session, event.id, entry.id)
        with pytest.raises(NotFound):
            remove_entry(session, event.id + 1, 1)
    assert listed(database, event) == {}


def test_the_sample_roster_is_read_without_a_doubt() -> None:
    roster = read_roster((SAMPLES / "roster.csv").read_bytes(), "roster.csv")
    assert (len(roster.lines), roster.problems) == (45, ())
    assert sum(line.opt_in for line in roster.lines) == 38


def test_what_is_wrong_with_a_line_is_said_in_the_order_of_the_file(database: Database, event: Event) -> None:
    bring(database, event, "Anna Weber,a@x.org,E,F,,yes", "Anna Weber,b@x.org,E,F,,yes")
    done = bring(database, event, "Anna Weber,,E,F,Cooking,yes", "Bo Li,c@x.org,E,F,,perhaps", ",,E,F,,yes")
    starts = [problem.split()[:2] for problem in done.problems]
    assert starts[:3] == [["Line", "2"], ["Line", "3:"], ["Line", "4"]] and len(starts) > 3
