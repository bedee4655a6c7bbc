import numpy as np
import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import undefer

from mining.curating import decisions
from mining.models import Analysis, Passage, Strand, Theme
from tests.mining.curated import Spring


def test_every_passage_keeps_its_cluster_its_vector_and_the_text_that_was_mined(spring: Spring) -> None:
    with spring.database.reading() as session:
        rows = session.scalars(select(Passage).options(undefer(Passage.vector), undefer(Passage.mined))).all()
        vectors = np.vstack([np.frombuffer(row.vector or b"", "<f4") for row in rows])
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)
        assert all(row.found is not None and row.mined for row in rows)


def test_pages_do_not_load_vectors_with_a_passage(spring: Spring) -> None:
    with spring.database.reading() as session:
        row = session.scalars(select(Passage)).first()
        analysis = session.scalars(select(Analysis)).one()
        assert {"vector", "mined"} <= inspect(row).unloaded
        assert "lineage" in inspect(analysis).unloaded


def test_a_new_analysis_replaces_the_one_before_and_keeps_the_strands(spring: Spring) -> None:
    strands = set(spring.themes())
    spring.mine(seed=4)
    with spring.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Analysis)) == 1
        assert session.scalar(select(func.count()).select_from(Theme)) == len(spring.themes())
        assert set(session.scalars(select(Strand.id))) == strands


def test_strands_outlive_the_removal_of_talk(spring: Spring) -> None:
    strands = set(spring.themes())
    spring.remove_room(3)
    with spring.database.reading() as session:
        assert session.scalars(select(Analysis)).all() == []
        assert set(session.scalars(select(Strand.id))) == strands


def test_after_a_decision_passages_and_themes_point_at_each_other(spring: Spring) -> None:
    keep, other = spring.on("friends"), spring.on("budget")
    spring.decide(decisions.merge, keep.strand, [other.strand])
    spring.decide(decisions.move, min(spring.on("handover").passages), None)
    with spring.database.reading() as session:
        themes = {theme.id: theme for theme in session.scalars(select(Theme))}
        rows = session.scalars(select(Passage).order_by(Passage.number)).all()
        assert sorted(theme.number for theme in themes.values()) == [1, 2, 3]
        for row in rows:
            assert (row.theme_id is None) == (row.strength == 0) == (row.aside is not None)
        said = {number for theme in themes.values() for number in theme.quotes}
        own = {theme.id: {row.number for row in rows if row.theme_id == theme.id} for theme in themes.values()}
        assert all(set(theme.quotes) <= own[theme.id] for theme in themes.values())
        assert said
        total = sum(theme.depth for theme in themes.values())
        aside = sum(row.end - row.start for row in rows if row.theme_id is None)
        assert total == pytest.approx(1 - aside / sum(row.end - row.start for row in rows), abs=1e-6)
