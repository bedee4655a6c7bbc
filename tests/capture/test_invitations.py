from datetime import timedelta

import pytest
from sqlalchemy import event as sa_event

from capture.access import change, names_in, people_of, remove
from capture.database import Database, utcnow
from capture.errors import Refused
from capture.invitations import (
    clean_email,
    find,
    invite,
    invite_roster,
    link_of,
    new_link,
    note_use,
    sheet,
    state_of,
)
from capture.models import Access, Event, Invitation, Participant, Person, Programme, Role, RosterEntry
from capture.programmes import ensure_programme
from tests.factories import make_event, make_person, make_roster_entry


@pytest.fixture
def event(database: Database) -> Event:
    with database.writing() as session:
        return make_event(session, programme="Side by Side")


@pytest.fixture
def programme(database: Database, event: Event) -> Programme:
    with database.writing() as session:
        return ensure_programme(session, event)


def bring(session, event: Event, *people: tuple[str, str | None]) -> None:
    known = session.query(Participant).filter_by(event_id=event.id).count()
    for number, (name, email) in enumerate(people, known + 1):
        participant = Participant(event_id=event.id, name=name, number=number)
        session.add(participant)
        session.flush()
        session.add(RosterEntry(event_id=event.id, participant_id=participant.id, email=email))
    session.flush()


def test_an_invitation_gives_a_role_and_a_link_for_so_many_days(database: Database, programme: Programme) -> None:
    with database.writing() as session:
        done = invite(session, programme, Role.DESIGNER, "me", 14, name="Ada", email=" Ada@Example.ORG ")
    assert (done.person.email, done.role, done.was, done.fresh) == ("ada@example.org", Role.DESIGNER, None, True)
    assert done.words == "Ada is invited as designer."
    assert timedelta(days=13.99) < done.invitation.expires_at - utcnow() < timedelta(days=14)
    assert len(done.invitation.nonce) == 32


def test_the_same_address_again_changes_the_role_keeps_the_link_and_says_so(
    database: Database, programme: Programme
) -> None:
    with database.writing() as session:
        first = invite(session, programme, Role.ALUMNUS, "me", 14, name="Ada", email="ada@example.org")
        again = invite(session, programme, Role.DESIGNER, "me", 14, email="ADA@example.org")
        said = again.words
        same = invite(session, programme, Role.DESIGNER, "me", 14, name="Ada Byron", email="ada@example.org")
    assert said == "Ada was alumnus here and is designer now. The link they have still holds."
    assert same.words == "Ada Byron was invited as designer before. The link they have still holds."
    assert first.invitation.id == again.invitation.id
    with database.reading() as session:
        assert session.query(Person).count() == session.query(Access).count() == 1


def test_without_an_address_people_are_known_by_name_within_the_programme_only(
    database: Database, programme: Programme
) -> None:
    with database.writing() as session:
        first = invite(session, programme, Role.ALUMNUS, "me", 14, name="Ada")
        again = invite(session, programme, Role.SPONSOR, "me", 14, name=" Ada ")
        with_address = invite(session, programme, Role.ALUMNUS, "me", 14, name="Ada", email="ada@example.org")
        elsewhere = ensure_programme(session, make_event(session, "autumn"))
        other = invite(session, elsewhere, Role.ALUMNUS, "me", 14, name="Ada")
    assert first.person.id == again.person.id
    assert len({first.person.id, with_address.person.id, other.person.id}) == 3


def test_somebody_known_in_another_programme_keeps_their_name_and_gets_a_link_of_this_one(
    database: Database, programme: Programme
) -> None:
    with database.writing() as session:
        elsewhere = ensure_programme(session, make_event(session, "autumn"))
        there = invite(session, elsewhere, Role.ORGANISER, "them", 14, name="Ada", email="ada@example.org")
        here = invite(session, programme, Role.ALUMNUS, "me", 14, name="Eve", email="ada@example.org")
    assert here.person.id == there.person.id
    assert (here.person.name, here.name, here.words) == ("Ada", "Eve", "Eve is invited as alumnus.")
    assert here.was is None
    assert (here.invitation.programme_id, there.invitation.programme_id) == (programme.id, elsewhere.id)


def test_nobody_changes_their_own_role_by_inviting_themselves(database: Database, programme: Programme) -> None:
    with database.writing() as session:
        me = invite(session, programme, Role.ORGANISER, "host", 14, email="me@example.org").person
        with pytest.raises(Refused, match="your own e-mail address"):
            invite(session, programme, Role.SPONSOR, "me", 14, email="me@example.org", acting=me.id)
        assert invite(session, programme, Role.ORGANISER, "me", 14, email="me@example.org", acting=me.id)


@pytest.mark.parametrize(
    "email",
    ["ada", "@example.org", "ada@", "a da@example.org", "ada@ex@ample.org", "<ada@example.org>", "a\u202e@example.org"]
    + ["a@" + "x" * 300, "ada@example.org\nBcc: all@example.org", "x" * 10_000],
)
def test_what_is_no_address_is_refused_in_a_short_sentence(email: str) -> None:
    with pytest.raises(Refused, match="is not an e-mail address") as refused:
        clean_email(email)
    assert len(str(refused.value)) < 200


def test_addresses_of_any_language_and_machines_of_the_house_are_addresses() -> None:
    assert clean_email("Zoë+talk@exämple.org") == "zoë+talk@exämple.org"
    assert clean_email("ada@localhost") == "ada@localhost"
    assert clean_email("  ") is clean_email(None) is None


def test_hostile_names_are_cut_to_one_line_without_tricks(database: Database, programme: Programme) -> None:
    with database.writing() as session:
        long = invite(session, programme, Role.ALUMNUS, "me", 14, name="A" * 10_000).person
        bidi = invite(session, programme, Role.ALUMNUS, "me", 14, name="Ada\u202e\n nimda\u2066").person
        unnamed = invite(session, programme, Role.ALUMNUS, "me", 14, email="grace.hopper@example.org").person
        assert (len(long.name), bidi.name, unnamed.name) == (200, "Ada nimda", "grace.hopper")
        with pytest.raises(Refused, match="Give a name or an e-mail"):
            invite(session, programme, Role.ALUMNUS, "me", 14, name=" \u202e ", email=" ")


@pytest.mark.parametrize("days", [0, -3, 366, 10**9])
def test_a_link_holds_neither_for_no_time_nor_for_ever(database: Database, programme: Programme, days: int) -> None:
    with database.writing() as session, pytest.raises(Refused, match="from 1 to 365 days"):
        invite(session, programme, Role.ALUMNUS, "me", days, name="Ada")


def test_a_new_link_ends_the_one_before_and_only_those_of_this_programme(
    database: Database, programme: Programme
) -> None:
    with database.writing() as session:
        elsewhere = ensure_programme(session, make_event(session, "autumn"))
        there = invite(session, elsewhere, Role.ALUMNUS, "me", 14, email="ada@example.org")
        first = invite(session, programme, Role.ALUMNUS, "me", 14, email="ada@example.org")
        second = new_link(session, programme, first.person.id, "me", 14)
    with database.reading() as session:
        assert find(session, first.invitation.nonce).state == "ended"
        assert find(session, second.nonce).state == find(session, there.invitation.nonce).state == "open"


def test_a_link_is_open_until_its_time_or_until_it_is_ended_or_its_role_is_gone(
    database: Database, programme: Programme
) -> None:
    with database.writing() as session:
        done = invite(session, programme, Role.ALUMNUS, "me", 1, name="Ada")
        link = done.invitation
        assert state_of(link, link.expires_at - timedelta(seconds=1)) == "open"
        assert state_of(link, link.expires_at) == "expired"
        found = find(session, link.nonce)
        assert (found.person.id, found.programme.id, found.role) == (done.person.id, programme.id, Role.ALUMNUS)
        session.query(Access).delete()
        assert find(session, link.nonce).state == "ended"
        assert find(session, "0" * 32) is None


def test_uses_are_counted(database: Database, programme: Programme) -> None:
    with database.writing() as session:
        link = invite(session, programme, Role.ALUMNUS, "me", 1, name="Ada").invitation
        note_use(session, link.id)
        note_use(session, link.id)
    with database.reading() as session:
        again = session.query(Invitation).one()
        assert again.uses == 2 and utcnow() - again.used_at < timedelta(minutes=1)


def test_a_whole_roster_gets_links_and_is_known_by_address_alone(
    database: Database, event: Event, programme: Programme
) -> None:
    with database.writing() as session:
        designer = invite(session, programme, Role.DESIGNER, "me", 14, name="Grace", email="grace@example.org")
        make_person(session, event, Role.SPONSOR, name="Ida")
        bring(
            session,
            event,
            ("Ada Byron", "ada@example.org"),
            ("Grace H", "grace@example.org"),
            ("Ida", None),
            ("Bo", None),
        )
        done = invite_roster(session, event, "me", 14)
        assert (done.fresh, done.kept, done.left_out) == (3, 1, ())
        assert "3 of 4 people on the roster have a new link. 1 keep" in done.words
        members = {member.name: member for member in people_of(session, programme)}
        assert sorted((member.name, member.role) for member in people_of(session, programme)) == [
            ("Ada Byron", Role.ALUMNUS),
            ("Bo", Role.ALUMNUS),
            ("Grace", Role.DESIGNER),
            ("Ida", Role.ALUMNUS),
            ("Ida", Role.SPONSOR),
        ]
        noted = {entry.participant.name: entry.person_id for entry in session.query(RosterEntry)}
        assert noted["Grace H"] == designer.person.id
        assert noted["Bo"] == members["Bo"].person_id
        assert len(sheet(session, programme)) == 4


def test_inviting_the_roster_again_keeps_links_that_hold_and_renews_the_others(
    database: Database, event: Event, programme: Programme
) -> None:
    with database.writing() as session:
        bring(session, event, ("Ada", "ada@example.org"), ("Bo", None))
        invite_roster(session, event, "me", 14)
        nonces = {member.name: member.invitation.nonce for member in sheet(session, programme)}
        [ada] = [member for member in sheet(session, programme) if member.name == "Ada"]
        session.get_one(Invitation, ada.invitation.id).expires_at = utcnow() - timedelta(days=1)
        bring(session, event, ("Cy", "cy@example.org"))
        done = invite_roster(session, event, "me", 14)
        assert (done.fresh, done.kept) == (2, 1)
        now = {member.name: member.invitation.nonce for member in sheet(session, programme)}
        assert now["Bo"] == nonces["Bo"] and now["Ada"] != nonces["Ada"] and now.keys() == {"Ada", "Bo", "Cy"}
        assert session.query(Person).count() == 3


def test_whoever_was_shut_out_is_not_let_in_again_with_the_roster(
    database: Database, event: Event, programme: Programme
) -> None:
    with database.writing() as session:
        bring(session, event, ("Ada", "ada@example.org"), ("Bo", None))
        invite_roster(session, event, "me", 14)
        for member in people_of(session, programme):
            remove(session, programme, member.person_id)
        done = invite_roster(session, event, "me", 14)
        assert (done.fresh, done.kept) == (0, 0)
        assert sorted(done.left_out) == ["Ada", "Bo"]
        assert "Not invited, because their role was taken away before: " in done.words
        assert people_of(session, programme) == []


def test_an_address_that_a_later_roster_tells_is_noted(database: Database, event: Event, programme: Programme) -> None:
    with database.writing() as session:
        bring(session, event, ("Ada", None))
        invite_roster(session, event, "me", 14)
        session.query(RosterEntry).one().email = "ada@example.org"
        invite_roster(session, event, "me", 14)
        assert [person.email for person in session.query(Person)] == ["ada@example.org"]


def test_an_empty_roster_says_what_to_do(database: Database, event: Event) -> None:
    with database.writing() as session:
        assert "nobody on the roster" in invite_roster(session, event, "me", 14).words


def test_a_thousand_people_are_invited_with_few_queries(database: Database, event: Event, programme: Programme) -> None:
    sent: list[str] = []
    with database.writing() as session:
        bring(session, event, *((f"Person {number}", f"p{number}@example.org") for number in range(1000)))
    sa_event.listen(database.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    with database.writing() as session:
        assert invite_roster(session, event, "me", 14).fresh == 1000
    assert sum(each.startswith("SELECT") for each in sent) < 30


def test_the_sheet_holds_open_links_of_the_roster_or_only_what_was_not_used(
    database: Database, event: Event, programme: Programme
) -> None:
    with database.writing() as session:
        invite(session, programme, Role.DESIGNER, "me", 14, name="Grace")
        bring(session, event, ("Ada", "ada@example.org"), ("Bo", None))
        invite_roster(session, event, "me", 14)
        ada = session.query(Person).filter_by(name="Ada").one()
        note_use(session, link_of(session, programme, ada.id).id)
        assert [member.name for member in sheet(session, programme)] == ["Ada", "Bo", "Grace"]
        assert [member.name for member in sheet(session, programme, roster=event)] == ["Ada", "Bo"]
        assert [member.name for member in sheet(session, programme, roster=event, unused=True)] == ["Bo"]


def test_what_another_programme_calls_somebody_is_never_shown_here(database: Database, programme: Programme) -> None:
    with database.writing() as session:
        elsewhere = ensure_programme(session, make_event(session, "autumn"))
        ada = invite(session, elsewhere, Role.ORGANISER, "them", 14, name="Ada Secret", email="a.b@example.org").person
        done = invite(session, programme, Role.ALUMNUS, "me", 14, email="a.b@example.org")
        assert done.words == "a.b is invited as alumnus."
        assert find(session, done.invitation.nonce).name == "a.b"
        assert find(session, new_link(session, programme, ada.id, "me", 14).nonce).name == "a.b"
        assert [member.name for member in people_of(session, programme)] == ["a.b"]
        change(session, programme, ada.id, Role.ALUMNUS, panel=False, name="Eve")
        assert [member.name for member in people_of(session, programme)] == ["Eve"]
        remove(session, programme, ada.id)
        assert names_in(session, programme.id, [ada.id, None]) == {ada.id: "Eve"}
        assert invite(session, programme, Role.ALUMNUS, "me", 14, email="a.b@example.org").name == "Eve"
        assert [member.name for member in people_of(session, elsewhere)] == ["Ada Secret"]
        remove(session, elsewhere, ada.id)
        change(session, programme, ada.id, Role.ALUMNUS, panel=False, name="Eva")
        assert names_in(session, elsewhere.id, [ada.id]) == {ada.id: "Ada Secret"}


def test_a_roster_calls_people_as_it_writes_them_whatever_they_are_called_elsewhere(
    database: Database, event: Event, programme: Programme
) -> None:
    with database.writing() as session:
        elsewhere = ensure_programme(session, make_event(session, "autumn"))
        invite(session, elsewhere, Role.ORGANISER, "them", 14, name="Ada Secret", email="ada@example.org")
        bring(session, event, ("A. Byron", "ada@example.org"))
        invite_roster(session, event, "me", 14)
        assert [member.name for member in sheet(session, programme)] == ["A. Byron"]
        remove(session, programme, session.query(RosterEntry).one().person_id)
        assert invite_roster(session, event, "me", 14).left_out == ("A. Byron",)


def test_namesakes_without_an_address_at_two_events_stay_two_people(
    database: Database, event: Event, programme: Programme
) -> None:
    with database.writing() as session:
        second = make_event(session, "autumn", programme="Side by Side")
        for each in (event, second, event, second):  # the second time nothing is new
            if session.query(RosterEntry).filter_by(event_id=each.id).count() == 0:
                bring(session, each, ("Anna Smit", None))
            invite_roster(session, each, "me", 14)
        people = {entry.person_id for entry in session.query(RosterEntry)}
        assert len(people) == 2 == len({member.invitation.nonce for member in sheet(session, programme)})
        with pytest.raises(Refused, match="2 people here are called Anna Smit"):
            invite(session, programme, Role.SPONSOR, "me", 14, name="Anna Smit")


def test_whoever_is_invited_by_address_after_the_roster_came_is_linked_to_their_lines_on_it(
    database: Database, event: Event, programme: Programme
) -> None:
    with database.writing() as session:
        elsewhere = make_event(session, "elsewhere", programme="Another")
        lines = [make_roster_entry(session, each, "Mia Moss", email="mia@example.org") for each in (event, elsewhere)]
        other = make_roster_entry(session, event, "Bo Berg", email="bo@example.org")
        mia = invite(session, programme, Role.ALUMNUS, "me", 14, name="Mia Moss", email="MIA@example.org").person
        assert [line.person_id for line in lines] == [mia.id, None]
        assert other.person_id is None
