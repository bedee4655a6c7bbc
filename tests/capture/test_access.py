import time

import pytest

from capture.access import (
    change,
    decides,
    end_links,
    grant,
    host_person,
    known_by_key,
    people_of,
    remove,
    role_named,
    settle,
    sign_out_everywhere,
    sign_out_of,
)
from capture.database import Database
from capture.errors import NotFound, Refused
from capture.invitations import invite, link_of
from capture.models import Access, Invitation, Person, Programme, ProposalMode, Role
from capture.programmes import ensure_programme
from tests.factories import make_event, make_person
from tests.web.conftest import queries


@pytest.fixture
def programme(database: Database) -> Programme:
    with database.writing() as session:
        return ensure_programme(session, make_event(session, programme="Side by Side"))


@pytest.fixture
def other(database: Database) -> Programme:
    with database.writing() as session:
        return ensure_programme(session, make_event(session, "autumn", programme="Another"))


def test_the_host_is_one_person_however_often_the_link_is_used(database: Database) -> None:
    with database.writing() as session:
        assert host_person(session).id == host_person(session).id
        assert session.query(Person).filter_by(host=True).count() == 1


def test_a_person_and_all_their_roles_are_one_query(database: Database, programme: Programme, other: Programme) -> None:
    with database.writing() as session:
        person = make_person(session)
        for each, role in ((programme, Role.ALUMNUS), (other, Role.DESIGNER)):
            grant(session, each, person, role, "me")
    with database.reading() as session, queries(database) as sent:
        known = known_by_key(session, person.key)
        assert {each.role for each in known.access} == {Role.ALUMNUS, Role.DESIGNER}
    assert len([each for each in sent if each.startswith("SELECT")]) == 1
    with database.writing() as session:
        assert known_by_key(session, "nobody's") is None
        assert known_by_key(session, make_person(session).key).access == ()


def test_a_role_counts_from_a_sign_in_after_it_was_given_until_sessions_are_ended(
    database: Database, programme: Programme
) -> None:
    early = time.time() - 5
    with database.writing() as session:
        person = make_person(session)
        grant(session, programme, person, Role.ALUMNUS, "me")
    now = time.time()

    def counting(at: float, where: int = programme.id) -> list[Role]:
        with database.reading() as session:
            return [each.role for each in known_by_key(session, person.key).since({where: at})]

    assert counting(now) == [Role.ALUMNUS]
    assert counting(early) == []
    assert counting(now, programme.id + 1) == []
    with database.writing() as session:
        sign_out_of(session, programme, person.id)
    assert counting(now) == []
    assert counting(time.time()) == [Role.ALUMNUS]


def test_changing_a_role_signs_nobody_out_and_keeps_one_row(database: Database, programme: Programme) -> None:
    with database.writing() as session:
        person = make_person(session)
        first = grant(session, programme, person, Role.ALUMNUS, "me").granted_at
        change(session, programme, person.id, Role.DESIGNER, panel=True, name="  Ada \u202eByron ")
    with database.reading() as session:
        [access] = session.query(Access).all()
        assert (access.role, access.panel, access.granted_at) == (Role.DESIGNER, True, first)
        assert session.get_one(Person, person.id).name == "Ada Byron"


def test_the_name_of_somebody_who_is_known_elsewhere_is_not_an_organisers_to_change(
    database: Database, programme: Programme, other: Programme
) -> None:
    with database.writing() as session:
        person = make_person(session, name="Ada")
        for each in (programme, other):
            grant(session, each, person, Role.ALUMNUS, "me")
        change(session, programme, person.id, Role.ALUMNUS, panel=False, name="Somebody else")
        assert person.name == "Ada"
        with pytest.raises(Refused, match="needs a name"):
            change(session, programme, person.id, Role.ALUMNUS, panel=False, name=" \u2069 ")


def test_somebody_without_a_role_here_is_not_there_whatever_they_are_elsewhere(
    database: Database, programme: Programme, other: Programme
) -> None:
    with database.writing() as session:
        person = make_person(session)
        grant(session, other, person, Role.ORGANISER, "me")
        for act in (
            lambda: remove(session, programme, person.id),
            lambda: sign_out_of(session, programme, person.id),
            lambda: change(session, programme, person.id, Role.ALUMNUS, panel=True, name="x"),
        ):
            with pytest.raises(NotFound, match="no role in this programme"):
                act()


def test_taking_access_away_ends_the_links_of_that_programme_and_keeps_the_person(
    database: Database, programme: Programme, other: Programme
) -> None:
    with database.writing() as session:
        person = invite(session, programme, Role.ALUMNUS, "me", 14, email="ada@example.org").person
        invite(session, other, Role.ALUMNUS, "me", 14, email="ada@example.org")
        remove(session, programme, person.id)
        assert link_of(session, programme, person.id) is None
        assert link_of(session, other, person.id) is not None
        assert session.query(Person).filter_by(email="ada@example.org").one()


def test_signing_out_everywhere_ends_every_link_of_the_person_and_of_nobody_else(
    database: Database, programme: Programme, other: Programme
) -> None:
    with database.writing() as session:
        ada = invite(session, programme, Role.ALUMNUS, "me", 14, email="ada@example.org").person
        invite(session, other, Role.ALUMNUS, "me", 14, email="ada@example.org")
        invite(session, other, Role.ALUMNUS, "me", 14, email="grace@example.org")
        sign_out_everywhere(session, ada.id)
        assert ada.signed_out_at
    with database.reading() as session:
        assert {link.person_id for link in session.query(Invitation).filter_by(ended_at=None)} == {ada.id + 1}


def test_the_list_is_by_name_with_the_newest_link_and_all_uses(database: Database, programme: Programme) -> None:
    with database.writing() as session:
        invite(session, programme, Role.SPONSOR, "me", 14, name="grace")
        ada = invite(session, programme, Role.DESIGNER, "me", 14, name="Ada").person
        first = link_of(session, programme, ada.id)
        first.uses, first.used_at = 3, first.made_at
        end_links(session, programme.id, ada.id)
        invite(session, programme, Role.DESIGNER, "me", 14, name="Ada")
    with database.reading() as session:
        members = people_of(session, programme)
        assert [member.name for member in members] == ["Ada", "grace"]
        assert (members[0].uses, members[0].last_used) == (3, first.used_at)
        assert members[0].invitation.id != first.id
        assert (members[1].uses, members[1].last_used) == (0, None)


def test_the_list_costs_the_same_few_queries_however_many_people_there_are(
    database: Database, programme: Programme
) -> None:
    with database.writing() as session:
        for number in range(40):
            invite(session, programme, Role.ALUMNUS, "me", 14, name=f"Person {number}")
    with database.reading() as session, queries(database) as sent:
        people_of(session, programme)
    assert len([each for each in sent if each.startswith("SELECT")]) == 3


@pytest.mark.parametrize("quorum", [None, -1, 0, 1, 21, 10**12])
def test_a_k_that_protects_nobody_or_hides_everything_is_refused(programme: Programme, quorum: int | None) -> None:
    with pytest.raises(Refused, match="from 2 to 20"):
        settle(programme, quorum, "open")
    assert programme.quorum == 3


def test_what_holds_for_a_programme_can_be_set(programme: Programme) -> None:
    settle(programme, 20, "open")
    assert (programme.quorum, programme.mode) == (20, ProposalMode.OPEN)
    with pytest.raises(Refused, match="panel"):
        settle(programme, 2, "anarchy")
    assert programme.quorum == 20


def test_a_role_that_does_not_exist_is_refused_with_those_there_are() -> None:
    assert role_named(" Alumnus ") is Role.ALUMNUS
    with pytest.raises(Refused, match="“emperor” is not a role. Choose one of: organiser, designer, alumnus, sponsor"):
        role_named("emperor")
    with pytest.raises(Refused, match="^Choose a role"):
        role_named("")
    with pytest.raises(Refused) as long:
        role_named("x" * 10_000)
    assert len(str(long.value)) < 150


def test_sponsors_are_on_no_panel_and_whoever_becomes_one_leaves_it(database: Database, programme: Programme) -> None:
    with database.writing() as session:
        one, other = make_person(session, name="One"), make_person(session, name="Other")
        for person in (one, other):
            grant(session, programme, person, Role.ALUMNUS, "me")
            change(session, programme, person.id, Role.ALUMNUS, panel=True, name=person.name)
        assert not change(session, programme, one.id, Role.SPONSOR, panel=True, name="One").panel
        with pytest.raises(Refused, match="Sponsors read proposals"):
            change(session, programme, one.id, Role.SPONSOR, panel=True, name="One")
        assert not grant(session, programme, other, Role.SPONSOR, "me").panel
        assert not grant(session, programme, other, Role.ALUMNUS, "me").panel


def test_organisers_decide_while_nobody_is_on_the_panel(database: Database, programme: Programme) -> None:
    with database.writing() as session:

        def deciding(named: bool = False) -> list[str]:
            return [role.value for role in Role if decides(session, programme, role, named)]

        assert deciding() == ["organiser"]
        person = make_person(session, name="Pat")
        access = grant(session, programme, person, Role.SPONSOR, "me")
        access.panel = True
        session.flush()
        assert deciding() == ["organiser"] and not people_of(session, programme)[0].panel
        grant(session, programme, person, Role.ALUMNUS, "me")
        change(session, programme, person.id, Role.ALUMNUS, panel=True, name="Pat")
        assert deciding() == []
        assert deciding(named=True) == [role.value for role in Role if role != Role.SPONSOR]


def test_signing_out_everywhere_may_be_of_some_programmes_only(
    database: Database, programme: Programme, other: Programme
) -> None:
    with database.writing() as session:
        ada = invite(session, programme, Role.ALUMNUS, "me", 14, email="ada@example.org").person
        invite(session, other, Role.ALUMNUS, "me", 14, email="ada@example.org")
        sign_out_everywhere(session, ada.id, [programme.id])
        assert ada.signed_out_at is None
        assert link_of(session, programme, ada.id) is None and link_of(session, other, ada.id) is not None
    with database.reading() as session:
        known = known_by_key(session, ada.key)
        since = {programme.id: time.time() - 60, other.id: time.time() + 60}
        assert [each.programme_id for each in known.since(since)] == [other.id]
        assert not known.is_out(since) and known.is_out({programme.id: since[programme.id]}) and not known.is_out({})
