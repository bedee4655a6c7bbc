"""Roster files as sign-up forms and spreadsheets write them."""

import pytest

from capture.errors import UnreadableFile
from capture.roster_files import Roster, read_roster


def read(*lines: str, header: str = "name,email,organisation,department,groups,opt-in") -> Roster:
    return read_roster("\n".join((header, *lines)).encode(), "people.csv")


def test_a_line_becomes_a_person() -> None:
    [anna] = read('"Weber, Anna",Anna.Weber@X.org,Ellerby,Finance,Room 1 | Room 2,yes').lines
    assert (anna.line, anna.name, anna.email) == (2, "Anna Weber", "anna.weber@x.org")
    assert (anna.organisation, anna.department, anna.groups, anna.opt_in) == (
        "Ellerby",
        "Finance",
        "Room 1 | Room 2",
        True,
    )


@pytest.mark.parametrize("header", ["Full Name;E-Mail;Company;Team;Rooms;Consent", "NAME;mail;org;dept;Group;Opt In"])
def test_headers_are_understood_in_other_spellings(header: str) -> None:
    roster = read("Anna Weber;a@x.org;Ellerby;Finance;Room 1;x", header=header)
    assert roster.problems == ()
    assert roster.lines[0].opt_in and roster.lines[0].department == "Finance"


@pytest.mark.parametrize("answer", ["yes", "Y", "TRUE", "1", "x", "✓", "ja", "Oui."])
def test_a_clear_yes_is_an_agreement(answer: str) -> None:
    assert read(f"Anna,a@x.org,,,,{answer}").lines[0].opt_in


@pytest.mark.parametrize(
    ("answer", "said"), [("", 0), ("no", 0), ("0", 0), ("nein", 0), ("maybe", 1), ("yes?", 1), ("2", 1)]
)
def test_anything_else_is_none_and_what_is_unclear_is_said(answer: str, said: int) -> None:
    roster = read(f"Anna,a@x.org,,,,{answer}")
    assert not roster.lines[0].opt_in
    assert len(roster.problems) == said


def test_without_the_column_nobody_has_agreed() -> None:
    roster = read("Anna,a@x.org", header="name,email")
    assert not roster.lines[0].opt_in
    assert "no column “opt_in”" in roster.problems[0]


def test_of_duplicates_the_first_line_stays_and_both_lines_are_named() -> None:
    roster = read("Anna,a@x.org,,,,yes", "Bo,b@x.org", "Anna W,A@x.org,,,,no", "Bo,", "Cy,", "cy,")
    assert [(line.line, line.name, line.opt_in) for line in roster.lines] == [
        (2, "Anna", True),
        (3, "Bo", False),
        (6, "Cy", False),
    ]
    assert [problem.split(":")[0] for problem in roster.problems] == [
        "Line 4 was left out",
        "Line 5 was left out",
        "Line 7 was left out",
    ]
    assert "a@x.org stands in line 2 already" in roster.problems[0]


def test_one_name_with_two_addresses_is_two_people() -> None:
    roster = read("Anna Weber,a@x.org", "Anna Weber,b@x.org")
    assert len(roster.lines) == 2 and roster.problems == ()


def test_an_address_that_is_none_and_a_line_without_a_name_are_said() -> None:
    roster = read("Anna,not an address", ",b@x.org", "---,c@x.org")
    assert [line.email for line in roster.lines] == [None]
    assert ["no e-mail address" in roster.problems[0], len(roster.problems)] == [True, 3]


def test_a_roster_in_an_old_encoding_with_semicolons_is_read() -> None:
    roster = read_roster("Name;E-Mail;Opt-in\nLucía Ferré;l@x.org;sí\n".encode("cp1252"), "people.csv")
    assert roster.lines[0].name == "Lucía Ferré" and roster.lines[0].opt_in


def test_a_cell_of_three_megabytes_leaves_out_its_line_alone() -> None:
    roster = read("Anna,a@x.org," + "x" * (3 << 20), "Bo,b@x.org")
    assert [line.name for line in roster.lines] == ["Bo"]
    assert "Line 2 was left out" in roster.problems[0]


def test_a_file_without_names_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="no column “name”"):
        read("a@x.org,Finance", header="email,department")
