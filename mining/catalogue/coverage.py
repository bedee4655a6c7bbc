"""How well the catalogue answers an event: each theme against each module, with the passages that show it.

Reads what was mined and studied before and loads nothing heavy, so that a page may ask; how near is near enough is in
`answering`, with what was measured. Drafts are made from the gaps, the diagnosis counts them.

`coverage_of(session, event)` gives a Coverage, or says in `missing` what has to be done first. A theme is known by its
number in this analysis and, where it has to be known later, by its strand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.models import Event
from mining.analyses import latest_analysis
from mining.catalogue.answering import Scores, Verdict, score, unit, verdict_of
from mining.catalogue.mindset_balance import Balance, balance_of
from mining.catalogue.mindsets import mindsets
from mining.catalogue.module_study import Known, known_modules
from mining.embedding.embedder import Vectors
from mining.models import Analysis, Passage, Theme
from mining.reading import talk_of, themes_of
from mining.suggestion_models import Module

MOST_PASSAGES = 60
"""Passages of a theme that are set beside modules, the most central ones: more do not change the picture."""
SHOWN = 3
"""Passages that show a verdict, and near modules that are named."""
MOST_MODULES = 5
OPEN = {Verdict.GAP: 1.0, Verdict.PARTLY: 0.5, Verdict.COVERED: 0.0}
"""What part of a theme is left without an answer."""


@dataclass(frozen=True)
class Answer:
    """A module beside a theme. `passages` are numbers of the theme's passages that come nearest to it, of different
    groups as far as there are any; `says` is what in the module comes nearest to them."""

    module_id: int
    title: str
    mindset: str | None
    inferred: bool
    score: float
    verdict: Verdict
    passages: tuple[int, ...]
    says: str


@dataclass(frozen=True)
class ThemeCoverage:
    """`verdict` is the best module's; None where the theme has no stored meaning. `groups` is how many raise it.

    `answers` are the modules that cover it, or touch it, best first; `near` the nearest of the others. `passages`
    show the verdict: nearest to the best answer, or the theme's most central ones where there is none. `open` is
    groups without an answer: groups x 1 for a gap, x 1/2 for partly, 0 where it is covered."""

    number: int
    strand_id: int | None
    label: str
    keywords: tuple[str, ...]
    groups: int
    depth: float
    verdict: Verdict | None
    score: float
    answers: tuple[Answer, ...]
    near: tuple[Answer, ...]
    passages: tuple[int, ...]
    mindset: str | None

    @property
    def open(self) -> float:
        return self.groups * OPEN[self.verdict] if self.verdict else 0.0


@dataclass(frozen=True)
class Offered:
    module_id: int
    title: str
    mindset: str | None
    inferred: bool


@dataclass(frozen=True)
class Coverage:
    """`themes` by how many groups are left without an answer, then by how many raise them, then by talk.

    `missing`: "modules" where the catalogue is empty, "analysis" where nothing was mined, "study" where no module was
    studied with the model of the analysis; then the rest is empty. `waiting` counts modules not studied yet."""

    analysis_id: int | None = None
    model: str = ""
    missing: str | None = None
    themes: tuple[ThemeCoverage, ...] = ()
    unneeded: tuple[Offered, ...] = ()
    modules: int = 0
    waiting: int = 0
    groups: int = 0
    balance: Balance | None = None

    def having(self, verdict: Verdict) -> tuple[ThemeCoverage, ...]:
        return tuple(theme for theme in self.themes if theme.verdict == verdict)

    @property
    def talk_covered(self) -> float:
        """Share (0..1) of the talk in themes that a module covers."""
        whole = sum(theme.depth for theme in self.themes if theme.verdict)
        return sum(theme.depth for theme in self.having(Verdict.COVERED)) / whole if whole else 0.0


@dataclass(frozen=True)
class _Said:
    """The most central passages of a theme, best first."""

    numbers: tuple[int, ...]
    groups: tuple[int, ...]
    vectors: Vectors


def coverage_of(session: Session, event: Event) -> Coverage:
    """The newest analysis of the event against the whole catalogue, as the analysis's own model understands both."""
    modules = session.scalars(select(Module).order_by(Module.key, Module.id)).all()
    analysis = latest_analysis(session, event.id)
    if analysis is None:
        return Coverage(missing="analysis", modules=len(modules))
    if not modules:
        return Coverage(analysis.id, analysis.embedder, missing="modules")
    known = known_modules(session, analysis.embedder, modules)
    if known is None or not known.vectors:
        return Coverage(analysis.id, analysis.embedder, "study", modules=len(modules), waiting=len(modules))
    return _covered(session, analysis, modules, known)


def _covered(session: Session, analysis: Analysis, modules: Sequence[Module], known: Known) -> Coverage:
    themes = themes_of(session, analysis.id)
    said = _said(session, analysis.id)
    heard = [theme for theme in themes if theme.id in said]
    offered = [module for module in modules if module.id in known.vectors]
    scores = score(
        [said[theme.id].vectors for theme in heard],
        [known.vectors[module.id] for module in offered],
        known.talk,
        known.guides,
    )
    told = _mindsets([said[theme.id].vectors for theme in heard], known)
    rows = [_theme(theme, said[theme.id], offered, known, scores, i, told[i]) for i, theme in enumerate(heard)] + [
        _unheard(theme) for theme in themes if theme.id not in said
    ]
    best = scores.themes.max(axis=0, initial=-1.0) if len(heard) else np.full(len(offered), -1.0)
    return Coverage(
        analysis_id=analysis.id,
        model=analysis.embedder,
        themes=tuple(sorted(rows, key=lambda row: (-row.open, -row.groups, -row.depth, row.number))),
        unneeded=tuple(
            _offered(module)
            for module, value in zip(offered, best, strict=True)
            if verdict_of(float(value)) == Verdict.GAP
        ),
        modules=len(modules),
        waiting=len(known.missing),
        groups=len(talk_of(session, analysis.id).by_group),
        balance=balance_of([(row.mindset, row.depth) for row in rows], [module.mindset for module in modules]),
    )


def _theme(
    theme: Theme, said: _Said, modules: Sequence[Module], known: Known, scores: Scores, i: int, mindset: str | None
) -> ThemeCoverage:
    values = scores.themes[i]
    order = np.argsort(-values, kind="stable")[: MOST_MODULES + SHOWN]
    found = [_answer(modules[j], float(values[j]), said, scores.passages[i][:, j], known) for j in order]
    answers = tuple(each for each in found if each.verdict != Verdict.GAP)[:MOST_MODULES]
    near = tuple(each for each in found if each.verdict == Verdict.GAP)[:SHOWN]
    return ThemeCoverage(
        number=theme.number,
        strand_id=theme.strand_id,
        label=theme.label,
        keywords=tuple(theme.keywords),
        groups=theme.breadth,
        depth=theme.depth,
        verdict=found[0].verdict,
        score=found[0].score,
        answers=answers,
        near=near,
        passages=answers[0].passages if answers else tuple(_apart(said, range(len(said.numbers)))),
        mindset=mindset,
    )


def _unheard(theme: Theme) -> ThemeCoverage:
    """A theme of an analysis that was made before meanings were kept."""
    return ThemeCoverage(
        theme.number,
        theme.strand_id,
        theme.label,
        tuple(theme.keywords),
        theme.breadth,
        theme.depth,
        None,
        0.0,
        (),
        (),
        tuple(theme.quotes[:SHOWN]),
        None,
    )


def _answer(module: Module, value: float, said: _Said, nearest: Vectors, known: Known) -> Answer:
    numbers = _apart(said, np.argsort(-nearest, kind="stable").tolist())
    return Answer(
        module_id=module.id,
        title=module.title,
        mindset=module.mindset,
        inferred=module.inferred,
        score=round(value, 3),
        verdict=verdict_of(value),
        passages=tuple(numbers),
        says=_says(module.id, [said.numbers.index(number) for number in numbers], said, known),
    )


def _says(module_id: int, rows: Sequence[int], said: _Said, known: Known) -> str:
    """What in the module comes nearest to these passages: a sentence or a page, not the whole of it."""
    texts, vectors = known.says[module_id], known.vectors[module_id]
    if len(texts) == 1:
        return texts[0]
    wanted = unit(said.vectors[list(rows)] - known.talk.mean(axis=0))
    near = (wanted @ unit(vectors[1:] - known.usual).T).mean(axis=0)
    return texts[1 + int(np.argmax(near))]


def _apart(said: _Said, order: Sequence[int] | range) -> list[int]:
    """Numbers of the first SHOWN passages in this order, each of another group before a second of the same."""
    first: dict[int, int] = {}
    for i in order:
        first.setdefault(said.groups[i], i)
    chosen = list(first.values())[:SHOWN]
    chosen += [i for i in order if i not in chosen][: SHOWN - len(chosen)]
    return [said.numbers[i] for i in chosen]


def _mindsets(themes: Sequence[Vectors], known: Known) -> list[str | None]:
    if not themes:
        return []
    centres = np.vstack([unit(own.mean(axis=0)) for own in themes])
    return mindsets(centres, known.talk.mean(axis=0), known.guides)


def _said(session: Session, analysis_id: int) -> Mapping[int, _Said]:
    """By theme id. One query."""
    rank = func.row_number().over(partition_by=Passage.theme_id, order_by=(Passage.strength.desc(), Passage.number))
    inner = (
        select(Passage.theme_id, Passage.number, Passage.group_id, Passage.vector, rank.label("rank"))
        .where(Passage.analysis_id == analysis_id, Passage.theme_id.is_not(None), Passage.vector.is_not(None))
        .subquery()
    )
    rows: dict[int, list[tuple[int, int, Vectors]]] = {}
    query = select(inner).where(inner.c.rank <= MOST_PASSAGES).order_by(inner.c.theme_id, inner.c.rank)
    for theme_id, number, group, vector, _ in session.execute(query):
        rows.setdefault(theme_id, []).append((number, group, np.frombuffer(vector, "<f4")))
    return {
        theme_id: _Said(tuple(n for n, _, _ in own), tuple(g for _, g, _ in own), np.vstack([v for _, _, v in own]))
        for theme_id, own in rows.items()
    }


def _offered(module: Module) -> Offered:
    return Offered(module.id, module.title, module.mindset, module.inferred)
