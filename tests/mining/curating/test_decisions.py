"""What is asked for is checked before it is noted. What decisions do is tested with `deciding`."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from capture.errors import NotFound, Refused
from mining.curating import decisions
from mining.models import Decision, Passage, Strand, Theme
from tests.mining.curated import Spring, part_by_room


@pytest.mark.parametrize("label", ["", "   ", "\u202e\u200b", "–!", "\n\t"])
def test_a_name_needs_something_to_read(spring: Spring, label: str) -> None:
    with pytest.raises(Refused, match="needs at least one letter or digit"):
        spring.decide(decisions.rename, spring.on("budget").strand, label)


def test_a_name_may_be_eighty_characters_long_in_any_script(spring: Spring) -> None:
    strand = spring.on("budget").strand
    with pytest.raises(Refused, match="may have 80 characters; this one has 81"):
        spring.decide(decisions.rename, strand, "x" * 81)
    spring.decide(decisions.rename, strand, "预" * 80)
    assert spring.on("budget").label == "预" * 80


def test_a_name_is_one_clean_line(spring: Spring) -> None:
    spring.decide(decisions.rename, spring.on("budget").strand, "  Money\n\x1b[31m and\u202e power ")
    assert spring.on("budget").label == "Money [31m and power"


def test_two_themes_cannot_have_one_name(spring: Spring) -> None:
    other = spring.on("friends")
    with pytest.raises(Refused, match=f"Theme {other.number} is called .* already. Choose another name, or merge"):
        spring.decide(decisions.rename, spring.on("budget").strand, other.label.upper())


def test_a_suggestion_can_be_confirmed_once(spring: Spring) -> None:
    theme = spring.on("budget")
    spring.decide(decisions.rename, theme.strand, theme.label)
    assert spring.on("budget").named_by == "ann"
    with pytest.raises(Refused, match="already"):
        spring.decide(decisions.rename, theme.strand, theme.label)


def test_a_theme_cannot_be_merged_with_itself_or_with_nothing(spring: Spring) -> None:
    strand = spring.on("budget").strand
    for others in ([strand], []):
        with pytest.raises(Refused, match="merged with another one only"):
            spring.decide(decisions.merge, strand, others)


def test_a_theme_without_parts_cannot_be_split(spring: Spring) -> None:
    with pytest.raises(Refused, match="does not fall into parts that differ"):
        spring.decide(decisions.split, spring.on("budget").strand)


def test_pieces_are_told_with_their_size_largest_first_and_take_in_strays(spring: Spring) -> None:
    part_by_room(spring, "friends")
    friends = spring.on("friends")
    with spring.database.writing() as session:
        theme = session.scalar(select(Theme).where(Theme.strand_id == friends.strand))
        assert theme
        stray = session.scalars(select(Passage).where(Passage.facet == 2)).first()
        assert stray
        pieces = decisions.pieces_of(session, theme)
        assert [len(piece.passages) for piece in pieces] == [2, 2]
        assert sorted(piece.groups for piece in pieces) == [1, 2]
        assert sum(piece.seconds for piece in pieces) == pytest.approx(120, abs=1)
        stray.facet = 3
        session.flush()
        assert decisions.pieces_of(session, theme) == (), "a single passage is no part"


def test_unknown_themes_and_passages_are_not_found(spring: Spring) -> None:
    strand = spring.on("budget").strand
    for make, arguments in (
        (decisions.rename, (999, "Money")),
        (decisions.merge, (strand, [999])),
        (decisions.merge, (999, [strand])),
        (decisions.split, (999,)),
        (decisions.hide, (999,)),
        (decisions.move, (1, 999)),
    ):
        with pytest.raises(NotFound, match="This theme is not there any more"):
            spring.decide(make, *arguments)
    with pytest.raises(NotFound, match="There is no passage 999"):
        spring.decide(decisions.move, 999, strand)
    with spring.database.reading() as session:
        with pytest.raises(NotFound, match="There is no theme 99"):
            decisions.strand_of(session, spring.event_id, 99)
        assert session.scalars(select(Decision)).all() == []
        assert len(session.scalars(select(Strand)).all()) == len(spring.themes())


def test_a_passage_cannot_be_moved_to_where_it_is(spring: Spring) -> None:
    theme = spring.on("budget")
    number = min(theme.passages)
    with pytest.raises(Refused, match=f"Passage {number} is in “{theme.label}” already"):
        spring.decide(decisions.move, number, theme.strand)
    spring.decide(decisions.move, number, None)
    with pytest.raises(Refused, match="is in no theme already"):
        spring.decide(decisions.move, number, None)


def test_undoing_marks_the_latest_or_a_given_decision_and_says_who(spring: Spring) -> None:
    with pytest.raises(Refused, match="nothing to undo"):
        spring.undo()
    first = spring.decide(decisions.rename, spring.on("budget").strand, "Money")
    second = spring.decide(decisions.hide, spring.on("friends").strand)
    third = spring.decide(decisions.hide, spring.on("meetings").strand)
    assert spring.undo(second, by="cleo").id == second.id
    assert spring.undo().id == third.id
    assert spring.undo().id == first.id
    with pytest.raises(Refused, match="undone already, by cleo"):
        spring.undo(second)
    with spring.database.reading() as session:
        rows = session.scalars(select(Decision).order_by(Decision.id)).all()
        assert [(row.made_by, row.undone_by) for row in rows] == [("ann", "bob"), ("ann", "cleo"), ("ann", "bob")]
        assert all(row.undone_at and row.undone_at >= row.made_at for row in rows)


def test_a_decision_of_another_event_cannot_be_undone_here(spring: Spring) -> None:
    from tests.factories import make_analysis, make_event

    made = spring.decide(decisions.rename, spring.on("budget").strand, "Money")
    with spring.database.writing() as session:
        other = make_event(session, "autumn")
        make_analysis(session, other)
        with pytest.raises(NotFound, match="not in the log of this event"):
            decisions.undo(session, other.id, "bob", made.id)


def test_who_named_a_theme_is_known_by_the_decision_that_holds(spring: Spring) -> None:
    strand = spring.on("budget").strand
    first = spring.decide(decisions.rename, strand, "Money")
    spring.decide(decisions.rename, spring.on("friends").strand, "Friends")
    second = spring.decide(decisions.rename, strand, "Gold")

    def naming(label: str) -> int | None:
        with spring.database.reading() as session:
            made = decisions.naming_of(session, spring.event_id, strand, label)
            return made and made.id

    assert (naming("Gold"), naming("Money"), naming("Friends")) == (second.id, first.id, None)
    spring.undo(second)
    assert (naming("Gold"), naming("Money")) == (None, first.id)


def test_once_ready_a_decision_loads_nothing_more(spring_data: Path) -> None:
    """In a process of its own, because this one has loaded everything long ago."""
    report = f"""
import sys
from capture.database import Database
from mining.curating import decisions
from mining.curating.deciding import decide
decisions.get_ready()
before = set(sys.modules)
database = Database("sqlite:///{spring_data}/harvest.sqlite3")
def merge(session):
    first, second, *_ = decisions.themes_by_strand(session, 1)
    return decisions.merge(session, 1, first, [second], "ann")
decide(database, 1, merge)
print(*sorted({{name.split(".")[0] for name in set(sys.modules) - before}} & {{"bertopic", "scipy", "sklearn"}}))
"""
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
