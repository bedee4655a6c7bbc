"""How near is near, measured with the real model on briefs labelled by hand beside the mined sample event."""

from collections import Counter

import numpy as np
import pytest

from mining.catalogue.answering import TALK
from mining.proposals.evidence import compared
from mining.proposals.nearness import (
    BESIDE,
    MODULE,
    MOST,
    PROPOSAL,
    THEME,
    WORDS,
    Typed,
    chosen,
    subjects,
    to_modules,
    to_proposals,
    to_themes,
)
from tests.benchmarks.proposals import BEFORE, Bench, Figures, bench, half, labels, rows, texts_of, without_success

TOLD = {
    "themes": (THEME, 0.71, 0.43),
    "proposals": (PROPOSAL, 0.85, 0.44),
    "modules": (MODULE, 0.67, 0.49),
}
"""Floor, precision and recall on the half that no floor was chosen on, as the docstring of `nearness` has them."""


@pytest.fixture(scope="module")
def measured() -> Bench:
    return bench()


@pytest.fixture(scope="module")
def figures(measured: Bench) -> dict[str, Figures]:
    scores = measured.now(texts_of(measured))
    return {kind: measured.figures(kind, scores[kind], "test", floor) for kind, (floor, _, _) in TOLD.items()}


def typed(measured: Bench, text: str) -> Typed:
    return Typed.of(text, measured.embed([text])[0], measured.talk)


def test_the_briefs_are_many_name_real_themes_and_modules_and_chance_alone_parted_them(measured: Bench) -> None:
    read = rows()
    assert len(read) >= 120 and len({row["title"] for row in read}) == len(read)
    assert all(row["use"] == half(row["title"]) for row in read)
    mined, titles = {theme.name for theme in measured.themes}, {module.title for module in measured.modules}
    told = set().union(*(part for row in read for part in labels(row["themes"])))
    assert len(mined) == len(measured.themes) == 8 and told - mined == {
        "discounts at quarter end",
        "old hands retiring",
    }
    assert set().union(*(part for row in read for part in labels(row["modules"]))) <= titles
    uses = Counter(row["use"] for row in read)
    assert min(uses.values()) >= 0.4 * len(read)
    assert sum(not row["themes"] for row in read) >= len(read) / 3


@pytest.mark.parametrize("kind", TOLD)
def test_what_is_shown_is_as_often_right_and_as_often_there_as_is_said(kind: str, figures: dict[str, Figures]) -> None:
    _, precision, recall = TOLD[kind]
    found = figures[kind]
    assert abs(found.precision - precision) < 0.08 and abs(found.recall - recall) < 0.08, f"{found}"


def test_less_that_is_wrong_is_shown_than_by_cosines_alone(measured: Bench, figures: dict[str, Figures]) -> None:
    plain = measured.plain(without_success(measured))
    for kind, now in figures.items():
        before = measured.figures(kind, plain[kind], "test", BEFORE[kind])
        assert now.precision >= before.precision + 0.2 and now.weighed >= before.weighed + 0.15, kind


def test_who_uses_the_words_of_a_theme_comes_nearer_to_it(measured: Bench) -> None:
    said = typed(measured, "I sit in meetings without an agenda and nobody dares to stand up and leave.")
    centres = [theme.centre for theme in measured.themes]
    says = [theme.says for theme in measured.themes]
    with_words = to_themes(said, centres, says, measured.talk)
    without = to_themes(said, centres, ["" for _ in says], measured.talk)
    names = [theme.name for theme in measured.themes]
    assert names[int(np.argmax(with_words))] == "meetings nobody may leave"
    assert np.all(with_words >= without) and np.all(with_words <= without + WORDS)
    assert with_words[names.index("meetings nobody may leave")] >= without.max() + 0.1


def test_the_module_on_the_matter_is_the_nearest(measured: Bench) -> None:
    said = typed(measured, compared(measured.briefs[0].brief))
    whole = [own[0] for own in measured.module_texts]
    assert to_modules(said, measured.module_vectors, whole, measured.usual).shape == (len(whole),)
    said = typed(measured, "I cannot give work away, I do it all myself and take every task back.")
    near = to_modules(said, measured.module_vectors, whole, measured.usual)
    assert measured.modules[int(np.argmax(near))].title == "Handing Over the Keys"


def test_a_text_is_as_near_to_itself_as_can_be_and_small_talk_is_near_to_nothing(measured: Bench) -> None:
    said = typed(measured, "Two of my chemists have not spoken to each other since spring.")
    assert to_proposals(said, said.raw[None], measured.talk)[0] == pytest.approx(1.0, abs=1e-5)
    assert to_proposals(said, measured.embed(TALK[:8]), measured.talk).max() < PROPOSAL


def test_at_most_three_are_shown_the_nearest_first_and_none_far_behind_it() -> None:
    near = np.array([0.5, 0.9, 0.53, 0.8, 0.7], np.float32)
    assert chosen(near, 0.4) == [1, 3, 4] and len(chosen(near, 0.4)) == MOST
    assert chosen(near[:3], 0.4) == [1] and BESIDE * 0.9 > 0.53
    assert chosen(near, 0.95) == []


def test_nothing_to_compare_is_near_to_nothing(measured: Bench) -> None:
    said = typed(measured, "Anything at all that somebody types.")
    assert to_themes(said, [], [], measured.talk).shape == to_modules(said, [], [], measured.usual).shape == (0,)
    assert chosen(np.zeros(0, np.float32), THEME) == []


def test_one_theme_alone_is_still_told_apart_from_what_it_is_not_about(measured: Bench) -> None:
    [own] = [theme for theme in measured.themes if theme.name == "promoted over former peers"]
    for text, near in (
        ("Since I was promoted to lead my old team my friends there do not have lunch with me.", True),
        ("The new software for planning the lorries gives wrong addresses.", False),
    ):
        [value] = to_themes(typed(measured, text), [own.centre], [own.says], measured.talk)
        assert bool(value >= THEME) is near, text


def test_words_that_name_no_subject_do_not_count() -> None:
    assert subjects("It was, you know, one of those meetings") == subjects("a meeting") == {"meeting"}
