"""A planted event mined whole, with rooms left out, and with other seeds: its themes stay what they are."""

import json
from collections.abc import Sequence

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from capture.models import Recording, RecordingState
from mining.conclusion import Clustered, Conclusion, Lineage, centre_of, conclude
from mining.curating import decisions
from mining.curating.curation import Made
from mining.curating.lineage import Body
from mining.curating.strands import Past, read_past
from mining.embedding.embedder import Vectors
from mining.embedding.embeddings import recalled_texts
from mining.models import Passage
from tests.mining.curated import Spring

MODEL = "all-MiniLM-L6-v2"


def talk_of(spring: Spring) -> tuple[list[Clustered], Vectors]:
    """The passages as clustering left them, with their vectors."""
    with spring.database.reading() as session:
        query = select(Passage).order_by(Passage.number).options(undefer(Passage.vector), undefer(Passage.mined))
        rows = session.scalars(query).all()
        clustered = [
            Clustered(r.group_id, r.recording_id, r.start, r.end, r.words, r.mined, r.found, r.facet) for r in rows
        ]
        return clustered, np.vstack([np.frombuffer(row.vector or b"", "<f4") for row in rows])


def concluded(spring: Spring, past: Past) -> Conclusion:
    """What comes out of the stored clusters with that past."""
    clustered, vectors = talk_of(spring)

    def embed(phrases: Sequence[str]) -> Vectors:
        return recalled_texts(spring.database, MODEL, phrases, vectors.shape[1], spring.event_id)

    return conclude(clustered, vectors, past, embed)


def leave_out(spring: Spring, *recordings: int) -> None:
    with spring.database.writing() as session:
        for row in session.scalars(select(Recording)):
            row.state = RecordingState.WAITING if row.id in recordings else RecordingState.READY


def test_the_first_analysis_has_nothing_to_be_compared_with(spring: Spring) -> None:
    assert {theme.change for theme in spring.themes().values() if theme.change} == set()


def talk_in(spring: Spring) -> dict[int, frozenset[int]]:
    """{strand: its passages}"""
    return {strand: theme.passages for strand, theme in spring.themes().items()}


def test_another_seed_keeps_every_theme_that_is_really_found(spring: Spring) -> None:
    spring.mine_really()
    before = talk_in(spring)
    for seed in (2, 3, 11):
        spring.mine_really(seed)
        now = talk_in(spring)
        alike = [strand for strand in now if strand in before and now[strand] & before[strand]]
        assert len(alike) >= 0.9 * len(before), f"seed {seed}"
        before = now


def test_themes_are_known_again_with_rooms_left_out_added_and_back(spring: Spring) -> None:
    subjects = {strand: theme.subject for strand, theme in spring.themes().items()}
    added = spring.add_room()
    spring.mine()
    assert {strand: theme.subject for strand, theme in spring.themes().items()} == subjects
    for out in ((1,), (2,), (3,), (added,)):
        leave_out(spring, *out)
        spring.mine()
        assert {strand: theme.subject for strand, theme in spring.themes().items()} == subjects, f"without {out}"
    leave_out(spring)
    spring.mine()
    assert {strand: theme.subject for strand, theme in spring.themes().items()} == subjects


def test_what_is_really_found_keeps_its_strand_with_its_talk_when_a_room_is_added(spring: Spring) -> None:
    spring.mine_really()
    spring.decide(decisions.rename, max(spring.themes()), "A name")
    before = spring.themes()
    spring.add_room()
    spring.mine_really()
    now = spring.themes()
    kept = [strand for strand in now if strand in before and now[strand].subject == before[strand].subject]
    assert len(kept) >= len(before) - 1
    assert "A name" in {theme.label for theme in now.values()}


def test_themes_that_merged_of_themselves_say_so_and_the_one_that_ended_is_noted(spring: Spring) -> None:
    """Before, the talk on handing over was two themes, the larger one named by somebody."""
    numbers = sorted(spring.on("handover").passages)
    clustered, _ = talk_of(spring)
    spans = [(each.recording, each.start, each.end) for each in (clustered[n - 1] for n in numbers)]
    past = Past(
        strands=(Body(100, tuple(spans[1:])), Body(200, tuple(spans[:1]))),
        rooms={each.recording: each.group for each in clustered},
        decisions=(Made("rename", {"strand": 100, "label": "Knowledge that leaves"}, "ann"),),
    )
    done = concluded(spring, past)
    at = done.strands.index(100)
    change = done.changes[at]
    assert change and (change.state, change.strands) == ("merged", (100, 200))
    assert (done.described.themes[at].label, done.named_by[at]) == ("Knowledge that leaves", "ann")
    assert done.lineage.ended == ((200, (100,)),)
    assert [each.state for each in done.changes if each].count("new") == 3


def test_a_merge_by_a_person_is_no_change_of_the_talk(spring: Spring) -> None:
    numbers = sorted(spring.on("handover").passages)
    clustered, _ = talk_of(spring)
    spans = [(each.recording, each.start, each.end) for each in (clustered[n - 1] for n in numbers)]
    past = Past(
        strands=(Body(100, tuple(spans[1:])), Body(200, tuple(spans[:1]))),
        rooms={each.recording: each.group for each in clustered},
        decisions=(Made("merge", {"keep": 100, "others": [200]}, "ann"),),
    )
    done = concluded(spring, past)
    change = done.changes[done.strands.index(100)]
    assert change and (change.state, change.strands) == ("continued", (100,))
    assert done.lineage.ended == ()


def test_with_no_past_every_theme_is_a_strand_to_be_made(spring: Spring) -> None:
    clustered, vectors = talk_of(spring)
    done = conclude(clustered, vectors, Past(), lambda phrases: np.zeros((len(phrases), 384), np.float32))
    assert all(strand < 0 for strand in done.strands)
    assert len(set(done.strands)) == len(done.described.themes) == 4
    assert set(done.changes) == {None}


def test_a_suggestion_gives_way_to_the_same_name_given_by_a_person(spring: Spring) -> None:
    with spring.database.reading() as session:
        past = read_past(session, spring.event_id, MODEL)
    label, strand = spring.on("budget").label, spring.on("friends").strand
    taken = Past(
        strands=past.strands,
        rooms=past.rooms,
        decisions=(Made("rename", {"strand": strand, "label": label.upper()}, "ann"),),
    )
    labels = [theme.label for theme in concluded(spring, taken).described.themes]
    assert label.upper() in labels
    assert len({name.casefold() for name in labels}) == len(labels) == 4


def test_nothing_at_all_concludes_to_nothing() -> None:
    done = conclude([], np.empty((0, 0), np.float32), Past(), lambda phrases: np.empty((0, 0), np.float32))
    assert (done.described.themes, done.strands, done.asides) == ((), (), ())


def test_lineage_is_kept_as_json_and_read_as_it_was() -> None:
    lineage = Lineage(
        found={0: -1, 4: 17},
        before=(Body(17, ((1, 0.0, 9.5),)),),
        talk_before=9.5,
        labels={3: "Money"},
        ended=((5, (-1, 17)),),
        asides={0: "greetings"},
    )
    stored = json.loads(json.dumps(lineage.stored({-1: 18})))
    read = Lineage.read(stored)
    assert read.found == {0: 18, 4: 17}
    assert (read.ended, read.asides, read.labels) == (((5, (18, 17)),), {0: "greetings"}, {3: "Money"})
    assert Lineage.read(json.loads(json.dumps(read.stored({})))) == read


def test_a_centre_has_length_one() -> None:
    centre = centre_of(np.array([[1, 0], [0, 1]], np.float32))
    assert centre.tolist() == pytest.approx([2**-0.5, 2**-0.5])
    assert np.isfinite(centre_of(np.zeros((2, 2), np.float32))).all()
