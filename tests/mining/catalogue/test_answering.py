"""Whether a module answers a theme, measured on pairs labelled by hand, with real embeddings."""

import numpy as np
import pytest

from mining.catalogue.answering import COVERED, PARTLY, RIGHT, TALK, Verdict, claimed, score, unit, verdict_of
from tests.benchmarks.coverage import Bench, Judged, bench, labels, precision_recall


@pytest.fixture(scope="module")
def measured() -> Bench:
    return bench()


def cases(measured: Bench, use: str) -> list[Judged]:
    return [each for each in measured.judged if measured.use[each.theme] == use]


def test_the_labelled_pairs_are_many_and_name_real_themes_and_modules(measured: Bench) -> None:
    known = labels()
    titles = {module.title for module in measured.all}
    assert len(known) >= 150 and {module for _, module in known} <= titles
    assert {theme for theme, _ in known} == {theme.name for theme in measured.themes} == set(measured.use)
    assert {theme.event for theme in measured.themes if measured.use[theme.name] == "test"} != {"sample event"}


def test_what_is_called_covered_mostly_is(measured: Bench) -> None:
    judged = cases(measured, "test")
    hits = sum(each.score >= COVERED and each.best == Verdict.COVERED for each in judged)
    precision = hits / sum(each.score >= COVERED for each in judged)
    assert precision >= 0.8 and abs(precision - RIGHT["covered"]) < 0.03
    assert hits / sum(each.answer == Verdict.COVERED for each in judged) >= 0.6


def test_what_is_called_a_gap_mostly_is(measured: Bench) -> None:
    judged = cases(measured, "test")
    precision, recall = precision_recall(
        [each.score < PARTLY for each in judged], [each.answer != Verdict.COVERED for each in judged]
    )
    assert precision >= 0.65 and recall >= 0.7 and abs(precision - RIGHT["gap"]) < 0.03


def test_taking_off_what_all_have_in_common_finds_more_than_plain_cosines(measured: Bench) -> None:
    titles = [module.title for module in measured.all]
    centres = {name: unit(vectors.mean(axis=0)) for name, vectors in measured.vectors.items()}
    themes = {name: unit(vectors.mean(axis=0)) for name, vectors in measured.said.items()}
    ours = measured.scored(titles)

    def average_precision(value) -> float:
        rows = sorted(ours, key=lambda pair: -value(pair))
        true = np.array([measured.true(*pair) == Verdict.COVERED for pair in rows])
        return float((np.cumsum(true) / np.arange(1, len(true) + 1))[true].mean())

    plain = average_precision(lambda pair: float(themes[pair[0]] @ centres[pair[1]]))
    assert average_precision(lambda pair: ours[pair]) >= plain + 0.1


def test_a_verdict_follows_the_thresholds() -> None:
    assert [verdict_of(value) for value in (COVERED, PARTLY, PARTLY - 0.001)] == list(Verdict)


def test_a_module_that_is_about_another_theme_shares_no_more_than_a_word_with_this_one() -> None:
    table = claimed(np.array([[0.5, 0.1], [0.3, 0.4]], np.float32))
    assert np.allclose(table, [[0.5, -0.2], [0.1, 0.4]])


def test_scores_do_not_depend_on_what_else_the_catalogue_is_asked_in_which_order(measured: Bench) -> None:
    names = list(measured.said)[:4]
    titles = [module.title for module in measured.all]
    said, vectors = [measured.said[n] for n in names], [measured.vectors[t] for t in titles]
    there = score(said, vectors, measured.talk, measured.guides)
    back = score(said[::-1], vectors[::-1], measured.talk, measured.guides)
    assert np.allclose(there.themes, back.themes[::-1, ::-1], atol=1e-5)
    assert there.passages[0].shape == (len(said[0]), len(titles))


def test_nothing_to_compare_gives_empty_tables(measured: Bench) -> None:
    said = [next(iter(measured.said.values()))]
    assert score([], [measured.guides], measured.talk, measured.guides).themes.shape == (0, 1)
    assert score(said, [], measured.talk, measured.guides).themes.shape == (1, 0)


def test_one_module_alone_is_still_told_apart_from_what_it_is_not_about(measured: Bench) -> None:
    own = measured.vectors["No, But"]
    for theme, near in (("saying no upward", True), ("old hands retiring", False)):
        [[value]] = score([measured.said[theme]], [own], measured.talk, measured.guides).themes
        assert bool(value >= COVERED) is near, theme


def test_talk_in_general_is_no_theme_of_the_labelled_ones(measured: Bench) -> None:
    assert len(TALK) == len(set(TALK)) >= 30
    spoken = " ".join(" ".join(theme.passages) for theme in measured.themes)
    assert not [line for line in TALK if line in spoken]
