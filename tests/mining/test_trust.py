"""Steadiness of the real clusterer on real talk, and of clusterers whose unsteadiness is planted."""

import math
from dataclasses import dataclass, field

import numpy as np
import pytest

from mining.clustering.clusterer import Clusterer, Clustering, Labels, Units, empty
from mining.clustering.graph_clusterer import GraphClusterer
from mining.embedding.sentence_embedder import SentenceEmbedder
from mining.trust import (
    FLEETING,
    MOST,
    RUNS,
    SHIFTING,
    THIN,
    RoomTalk,
    Steadiness,
    Trust,
    steadiness,
    theme_verdict,
    trust_of,
    verdict,
)
from tests.mining.talk import ROOMS, subject_of


def _units(n: int, words: int = 20) -> Units:
    vectors = np.zeros((n, 4), np.float32)
    vectors[:, 0] = np.arange(n)  # a mark by which a unit is known among those that were kept
    return Units(vectors, [f"unit {i}" for i in range(n)], np.full(n, words, np.int64), np.zeros(n, np.int64))


@dataclass
class Planted:
    """Gives the planted themes again, but tears `torn` apart another way each time."""

    planted: Labels
    torn: int | None = None
    name: str = "planted"
    runs: list[int] = field(default_factory=list)

    def cluster(self, units: Units, seed: int) -> Clustering:
        self.runs.append(len(units))
        whose = units.vectors[:, 0].astype(int)
        labels = self.planted[whose].copy()
        if self.torn is not None:
            its = np.flatnonzero(labels == self.torn)
            labels[its] = [100 + int(i) % 5 if len(self.runs) % 2 else int(i) % 3 for i in whose[its]]
        return Clustering(labels)


PLANTED = np.repeat([0, 1, 2, 3], 30)


def test_themes_that_come_out_again_are_firm_whatever_their_numbers_are() -> None:
    found = Clustering(np.array([7, 5, 9, 6])[PLANTED])
    measured = steadiness(Planted(PLANTED), _units(120), found, 1)
    assert measured == Steadiness(1.0, {5: 1.0, 6: 1.0, 7: 1.0, 9: 1.0})


def test_a_planted_unsteady_theme_is_told_from_the_firm_ones() -> None:
    measured = steadiness(Planted(PLANTED, torn=3), _units(120), Clustering(PLANTED), 1)
    assert theme_verdict(measured.themes[3]) == FLEETING
    assert measured.themes[3] < 0.3
    # Where its talk went to the others, they are watered down, but not gone.
    assert all(measured.themes[theme] > 0.75 for theme in (0, 1, 2))
    assert measured.whole is not None and 0.5 < measured.whole < 0.9


def test_each_run_lacks_about_a_tenth_and_never_the_same() -> None:
    engine = Planted(PLANTED)
    steadiness(engine, _units(120), Clustering(PLANTED), 1)
    assert len(engine.runs) == RUNS
    assert all(95 <= n <= 117 for n in engine.runs) and len(set(engine.runs)) > 1


def test_long_units_count_more_than_short_ones() -> None:
    units = _units(120)
    units.words[PLANTED == 3] = 1
    light = steadiness(Planted(PLANTED, torn=3), units, Clustering(PLANTED), 1).whole
    even = steadiness(Planted(PLANTED, torn=3), _units(120), Clustering(PLANTED), 1).whole
    assert light is not None and even is not None and light > even


def test_what_has_no_theme_is_no_theme_that_could_be_shaky() -> None:
    partly = np.where(PLANTED == 3, -1, PLANTED)
    measured = steadiness(Planted(partly), _units(120), Clustering(partly), 1)
    assert measured == Steadiness(1.0, {0: 1.0, 1: 1.0, 2: 1.0})


def test_a_theme_that_falls_to_no_theme_the_next_time_is_gone() -> None:
    measured = steadiness(Planted(np.where(PLANTED == 3, -1, PLANTED)), _units(120), Clustering(PLANTED), 1)
    assert measured.themes == {0: 1.0, 1: 1.0, 2: 1.0, 3: 0.0}


@pytest.mark.parametrize("labels", [empty(0), empty(1), empty(40)])
def test_without_themes_nothing_is_measured(labels: Labels) -> None:
    engine = Planted(labels)
    assert steadiness(engine, _units(len(labels)), Clustering(labels), 1) == Steadiness()
    assert engine.runs == []


def test_too_much_talk_is_not_clustered_again() -> None:
    labels = np.zeros(MOST + 1, np.int64)
    engine = Planted(labels)
    assert steadiness(engine, _units(MOST + 1), Clustering(labels), 1) == Steadiness()
    assert engine.runs == []


def test_units_without_words_measure_nothing() -> None:
    assert steadiness(Planted(PLANTED), _units(120, words=0), Clustering(PLANTED), 1) == Steadiness()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("n", [1, 2, 3])
def test_of_a_few_units_even_all_may_be_left_out(n: int, seed: int) -> None:
    labels = np.zeros(n, np.int64)
    measured = steadiness(Planted(labels), _units(n, words=1), Clustering(labels), seed)
    assert measured.whole == 1.0 and measured.themes == {0: 1.0}


def test_the_real_clusterer_finds_planted_subjects_again_and_says_the_same_twice() -> None:
    said = [each for room in ROOMS.values() for each in room]
    texts = said * 3
    subjects = {subject_of(text) for text in said}
    vectors = np.tile(SentenceEmbedder().embed(said), (3, 1))
    words = np.array([len(text.split()) for text in texts], np.int64)
    units = Units(vectors, texts, words, np.repeat(np.arange(9), 5))
    engine: Clusterer = GraphClusterer()
    found = engine.cluster(units, 1)
    measured = steadiness(engine, units, found, 1)
    assert len(measured.themes) == len(set(found.labels.tolist()) - {-1}) >= len(subjects) - 1
    assert measured.whole is not None and measured.whole > 0.7
    assert all(0 <= value <= 1 for value in measured.themes.values())
    assert steadiness(engine, units, found, 1) == measured


def test_thin_rooms_and_weak_transcripts_are_told() -> None:
    rooms = [
        RoomTalk(1, seconds=THIN, words=500, doubted=0),
        RoomTalk(2, seconds=THIN - 1, words=500, doubted=60),
        RoomTalk(3, seconds=900.0, words=840, doubted=160),
        RoomTalk(4, seconds=0.0, words=0, doubted=0),
    ]
    trust = trust_of(rooms, words=1000, without_theme=125, measured=True)
    assert trust == Trust(runs=RUNS, without_theme=0.125, thin=(2, 4), weak=(3,))
    assert trust.stored() == {"runs": RUNS, "without_theme": 0.125, "thin": [2, 4], "weak": [3]}


def test_an_event_without_a_word_has_nothing_without_a_theme() -> None:
    assert trust_of([], 0, 0, measured=False) == Trust(0, 0.0, (), ())


def test_the_words_follow_the_figures() -> None:
    assert [verdict(x).split(":")[0] for x in (1.0, 0.85, 0.84, 0.7, 0.69, -0.1)] == [
        *("steady", "steady", "fairly steady", "fairly steady", "shaky", "shaky"),
    ]
    assert [theme_verdict(x) for x in (1.0, 0.75, 0.74, 0.5, 0.49, 0.0, None)] == [
        *(None, None, SHIFTING, SHIFTING, FLEETING, FLEETING, None),
    ]


def test_agreement_by_chance_is_about_nothing() -> None:
    class Chance(Planted):
        def cluster(self, units: Units, seed: int) -> Clustering:
            self.runs.append(len(units))
            return Clustering(np.random.default_rng(len(self.runs)).integers(0, 4, len(units)))

    measured = steadiness(Chance(PLANTED), _units(120), Clustering(PLANTED), 1)
    assert measured.whole is not None and math.isclose(measured.whole, 0, abs_tol=0.06)
