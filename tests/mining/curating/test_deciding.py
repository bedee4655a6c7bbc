"""Every decision, from the wish to the themes; undone; and mined again with one more room and another seed."""

import threading

import pytest
from sqlalchemy import delete, func, select, update

from capture.database import Database
from capture.errors import HarvestError, NotFound, Refused
from mining.curating import decisions
from mining.curating.deciding import conclude_again, decide
from mining.curating.strands import version_of
from mining.models import Analysis, Decision, Passage, Strand, Theme
from tests.mining.curated import Spring, part_by_room
from tests.mining.talk import BUDGET


def test_a_name_stays_through_another_seed_and_one_more_room(spring: Spring) -> None:
    strand = spring.on("budget").strand
    spring.decide(decisions.rename, strand, "Money & power")
    assert (spring.on("budget").label, spring.on("budget").named_by) == ("Money & power", "ann")
    spring.mine(seed=7)
    assert spring.on("budget").label == "Money & power"
    spring.add_room()
    spring.mine()
    theme = spring.on("budget")
    assert (theme.strand, theme.label, theme.named_by) == (strand, "Money & power", "ann")
    assert theme.change and theme.change["state"] == "grew"


def test_an_undone_name_gives_way_to_the_suggestion(spring: Spring) -> None:
    before = spring.on("budget").label
    spring.decide(decisions.rename, spring.on("budget").strand, "Money")
    spring.undo()
    theme = spring.on("budget")
    assert (theme.label, theme.named_by) == (before, None)


def test_a_merge_holds_when_a_room_is_added_and_can_be_undone_then(spring: Spring) -> None:
    keep, other = spring.on("friends"), spring.on("meetings")
    spring.decide(decisions.merge, keep.strand, [other.strand])
    merged = spring.themes()[keep.strand]
    assert merged.passages == keep.passages | other.passages
    assert merged.label == keep.label
    spring.add_room()
    spring.mine()
    themes = spring.themes()
    assert other.strand not in themes
    assert len(themes[keep.strand].passages) == len(merged.passages) + 2
    change = themes[keep.strand].change
    assert change and change["state"] == "grew", "a merge by a person is not the talk's own"
    spring.undo()
    assert {theme.subject for theme in spring.themes().values()} == {"budget", "friends", "meetings", "handover"}
    assert other.strand in spring.themes()


def test_what_a_merge_takes_in_has_its_name_back_after_undoing(spring: Spring) -> None:
    before = spring.themes()
    keep, other = sorted(before)[:2]
    spring.decide(decisions.merge, keep, [other])
    spring.undo()
    assert spring.themes() == before


def test_a_split_by_facets_holds_when_mined_again_and_new_talk_joins_a_part(spring: Spring) -> None:
    part_by_room(spring, "friends")
    whole = spring.on("friends")
    made = spring.decide(decisions.split, whole.strand)
    parts = made.details["into"]
    themes = spring.themes()
    assert whole.strand not in themes
    assert frozenset.union(*(themes[part].passages for part in parts)) == whole.passages
    assert len({themes[part].label for part in parts}) == 2
    spring.decide(decisions.rename, parts[0], "First room's friends")
    spring.mine(seed=3)
    assert {part: spring.themes()[part].passages for part in parts} == {p: themes[p].passages for p in parts}
    spring.add_room()
    spring.mine()
    again = spring.themes()
    assert again[parts[0]].label == "First room's friends"
    assert sum(len(again[part].passages) for part in parts) == len(whole.passages) + 1
    spring.undo(made)
    assert len(spring.on("friends").passages) == len(whole.passages) + 1


def test_a_theme_that_people_merged_falls_into_what_it_was(spring: Spring) -> None:
    keep, other = spring.on("friends"), spring.on("meetings")
    spring.decide(decisions.merge, keep.strand, [other.strand])
    spring.decide(decisions.split, keep.strand)
    found = {theme.passages for theme in spring.themes().values()}
    assert {keep.passages, other.passages} <= found


def test_a_moved_passage_stays_where_it_was_put(spring: Spring) -> None:
    to, number = spring.on("handover"), min(spring.on("budget").passages)
    moved = spring.decide(decisions.move, number, to.strand)
    assert number in spring.themes()[to.strand].passages
    out = spring.decide(decisions.move, max(spring.on("budget").passages), None)
    assert list(spring.asides().values()) == ["set aside by a person"]
    spring.mine(seed=5)
    spring.add_room()
    spring.mine()
    assert number in spring.themes()[to.strand].passages
    assert list(spring.asides().values()) == ["set aside by a person"]
    spring.undo(moved)
    spring.undo(out)
    assert spring.asides() == {}
    assert number in spring.on("budget").passages


def test_a_theme_set_aside_stays_aside_with_the_talk_of_new_rooms(spring: Spring) -> None:
    hidden = spring.on("meetings")
    spring.decide(decisions.hide, hidden.strand)
    assert set(spring.asides()) == hidden.passages
    spring.add_room()
    spring.mine()
    assert "meetings" not in {theme.subject for theme in spring.themes().values()}
    assert len(spring.asides()) == len(hidden.passages) + 1
    spring.undo()
    assert spring.on("meetings").strand == hidden.strand
    assert spring.asides() == {}


def test_the_reason_why_clustering_set_a_passage_aside_comes_back_with_undoing(spring: Spring) -> None:
    """Somebody moves a passage in that was found to be a greeting."""
    number = min(spring.on("budget").passages)
    with spring.database.writing() as session:
        session.execute(
            update(Passage).where(Passage.number == number).values(theme_id=None, found=None, aside="greetings")
        )
    to = spring.on("friends")
    spring.decide(decisions.move, number, to.strand)
    assert number in spring.themes()[to.strand].passages
    assert spring.asides() == {}
    spring.decide(decisions.move, number, None)
    assert spring.asides() == {number: "set aside by a person"}
    spring.undo()
    spring.undo()
    assert spring.asides() == {number: "greetings"}


def test_numbers_of_passages_and_the_analysis_stay(spring: Spring) -> None:
    def facts() -> tuple[object, ...]:
        with spring.database.reading() as session:
            [analysis] = session.scalars(select(Analysis)).all()
            rows = session.execute(select(Passage.id, Passage.number, Passage.text, Passage.found)).all()
            return analysis.id, analysis.created_at, analysis.seed, analysis.fingerprint, sorted(map(tuple, rows))

    before = facts()
    spring.decide(decisions.hide, spring.on("friends").strand)
    assert facts() == before


def test_a_decision_about_one_theme_renames_no_other_and_keeps_its_stability(spring: Spring) -> None:
    with spring.database.writing() as session:
        session.execute(update(Theme).values(stability=0.75))
    before = {strand: theme.label for strand, theme in spring.themes().items()}
    gone = spring.on("handover").strand
    spring.decide(decisions.hide, gone)
    assert {s: t.label for s, t in spring.themes().items()} == {s: label for s, label in before.items() if s != gone}
    with spring.database.reading() as session:
        assert set(session.scalars(select(Theme.stability))) == {0.75}


def test_a_theme_that_was_away_comes_back_as_steady_as_it_was_measured(spring: Spring) -> None:
    gone = spring.on("handover")
    with spring.database.writing() as session:
        session.execute(update(Theme).where(Theme.strand_id == gone.strand).values(stability=0.4))
    spring.decide(decisions.hide, gone.strand)
    spring.decide(decisions.rename, spring.on("budget").strand, "Money")
    spring.undo()
    spring.undo()
    with spring.database.reading() as session:
        assert session.scalar(select(Theme.stability).where(Theme.strand_id == gone.strand)) == 0.4


def test_a_suggestion_survives_a_name_and_other_decisions(spring: Spring) -> None:
    before = spring.on("budget").label
    named = spring.decide(decisions.rename, spring.on("budget").strand, "Money")
    spring.decide(decisions.hide, spring.on("friends").strand)
    spring.undo(named)
    assert spring.on("budget").label == before


def test_when_the_last_theme_is_set_aside_nothing_is_left_but_undoing(spring: Spring) -> None:
    for strand in spring.themes():
        spring.decide(decisions.hide, strand)
    assert spring.themes() == {}
    spring.undo()
    assert len(spring.themes()) == 1


def test_a_process_that_dies_before_its_decision_shows_leaves_it_to_the_next(spring: Spring) -> None:
    """The log has it, the page not yet; nothing is half done, and mining what has not changed works it in."""
    strand = spring.on("budget").strand
    with spring.database.writing() as session:
        decisions.rename(session, spring.event_id, strand, "Money", "ann")
    assert spring.on("budget").label != "Money"
    spring.mine()
    assert spring.on("budget").label == "Money"
    with spring.database.writing() as session:
        decisions.hide(session, spring.event_id, strand, "ann")
    with pytest.raises(NotFound, match="not there any more"):
        spring.decide(decisions.rename, strand, "Gold")
    assert "budget" not in {theme.subject for theme in spring.themes().values()}
    assert not conclude_again(spring.database, spring.event_id)


def test_of_two_who_decide_at_once_the_later_sees_what_the_earlier_did(spring: Spring) -> None:
    """Both want the same name for different themes; one of them must be told."""
    strands = sorted(spring.themes())[:2]
    refused: list[str] = []
    gate = threading.Barrier(2)

    def act(strand: int) -> None:
        gate.wait()
        try:
            spring.decide(decisions.rename, strand, "Money")
        except HarvestError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=act, args=(strand,)) for strand in strands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert "called “Money” already" in refused[0]
    assert [theme.label for theme in spring.themes().values()].count("Money") == 1


def test_a_decision_made_while_the_event_is_mined_is_in_the_new_themes(spring: Spring) -> None:
    from mining.pipeline import mine
    from mining.settings import MiningSettings

    strand = spring.on("budget").strand
    decided = []

    def progress(fraction: float, note: str) -> None:
        if note == "Storing.":
            decided.append(spring.decide(decisions.rename, strand, "Money"))

    mine(spring.database, spring.event_id, MiningSettings(), seed=9, progress=progress)
    assert decided
    assert spring.on("budget").label == "Money"
    with spring.database.reading() as session:
        assert session.scalar(select(Analysis.concluded)) == version_of(session, spring.event_id) == 1


def test_themes_of_an_older_harvest_have_to_be_mined_again_first(spring: Spring) -> None:
    with spring.database.writing() as session:
        session.execute(update(Theme).values(strand_id=None))
        session.execute(update(Passage).values(vector=None, found=None, mined=""))
        session.execute(update(Analysis).values(lineage={}))
        session.execute(delete(Strand))
    with pytest.raises(Refused, match="Mine this event again first: harvest mine spring"):
        spring.decide(decisions.rename, 1, "Money")
    spring.mine()
    spring.decide(decisions.rename, spring.on("budget").strand, "Money")
    assert spring.on("budget").label == "Money"


def test_names_outlive_a_room_that_is_taken_out_and_brought_in_again(spring: Spring) -> None:
    added = spring.add_room(said=[*BUDGET[:2], BUDGET[3]])
    spring.mine()
    strand = spring.on("budget").strand
    spring.decide(decisions.rename, strand, "Money")
    spring.remove_room(added)
    spring.mine()
    assert spring.on("budget").label == "Money"
    spring.add_room(said=[*BUDGET[:2], BUDGET[3]])
    spring.mine()
    assert (spring.on("budget").strand, spring.on("budget").label) == (strand, "Money")


def test_decisions_go_with_the_event(spring: Spring) -> None:
    from capture.events import delete_event
    from capture.models import Event

    spring.decide(decisions.rename, spring.on("budget").strand, "Money")
    with spring.database.writing() as session:
        delete_event(session, session.get_one(Event, spring.event_id))
    with spring.database.reading() as session:
        for table in (Decision, Strand, Theme):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_an_event_without_themes_is_refused_in_words(database: Database) -> None:
    from tests.factories import make_event

    with database.writing() as session:
        event_id = make_event(session).id
    with pytest.raises(Refused, match="has no themes to decide about. Run: harvest mine spring"):
        decide(database, event_id, lambda session: decisions.rename(session, event_id, 1, "Money", "ann"))
