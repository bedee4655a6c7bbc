import csv
from io import StringIO

from capture.access import people_of
from capture.database import Database
from capture.invitations import invite
from capture.models import Role
from capture.programmes import ensure_programme
from tests.factories import make_event
from web.sheet import sheet_csv


def test_the_sheet_is_a_table_in_which_nothing_can_be_run(database: Database) -> None:
    names = ['=HYPERLINK("http://evil")', "+1", "-2", "@SUM(A1)", 'Ada "the first", Countess']
    with database.writing() as session:
        programme = ensure_programme(session, make_event(session))
        for name in names:
            invite(session, programme, Role.ALUMNUS, "me", 14, name=name)
        members = people_of(session, programme)
    rows = list(csv.reader(StringIO(sheet_csv((member, f"https://h/{member.person_id}") for member in members))))
    assert rows[0] == ["name", "email", "role", "link", "holds until"]
    assert sorted(row[0] for row in rows[1:]) == sorted([*(f"'{name}" for name in names[:4]), names[4]])
    assert all(len(row) == 5 and row[2] == "alumnus" and row[3].startswith("https://h/") for row in rows[1:])
    assert rows[1][4] == members[0].invitation.expires_at.astimezone().date().isoformat()
