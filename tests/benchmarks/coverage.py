"""How well modules are matched with themes, on pairs labelled by hand, and where the thresholds come from.

python -m tests.benchmarks.coverage    precision and recall of “covered” and of “gap” against the threshold

A theme is “covered” by a module that is about its challenge: a group with this problem could be given it as it stands.
“partly” is a module about another side of it. Labels are in tests/fixtures/coverage.tsv; pairs that are not listed were
looked at and found to have nothing to do with each other. The themes are the true ones of the sample event, cut into
passages of about 70 words, and 28 from eleven other trades (coverage_talk.txt), each with three passages; the modules
are the sample catalogue and eight more (coverage_modules.csv). Thresholds were chosen on the themes marked “dev”.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from mining.catalogue.answering import COVERED, PARTLY, TALK, Verdict, common, score, unit, verdict_of
from mining.catalogue.mindsets import GUIDES, mindsets
from mining.catalogue.module_files import read_modules
from mining.catalogue.module_pages import ReadModule
from mining.catalogue.module_texts import module_texts
from mining.embedding.embedder import Vectors, load_embedder

ROOT = Path(__file__).parent.parent.parent
FIXTURES = ROOT / "tests" / "fixtures"
CATALOGUES = {"sample": ROOT / "samples" / "catalogue.csv", "further": FIXTURES / "coverage_modules.csv"}
WORDS = 70
"""Of a passage that is cut from the sample's scripts, at least."""
THRESHOLDS = np.arange(0.13, 0.43, 0.02).round(2)


@dataclass(frozen=True)
class Theme:
    """`event` is where it was raised: themes of one event are scored together."""

    name: str
    event: str
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """One theme against one catalogue: what the best module scores, and whether it truly answers.

    `answer` is the theme's true verdict in that catalogue; `best` that of the module with the highest score."""

    theme: str
    catalogue: str
    score: float
    best: Verdict
    answer: Verdict


def labels() -> dict[tuple[str, str], tuple[str, Verdict]]:
    """{(theme, module): (dev or test, verdict)}"""
    with (FIXTURES / "coverage.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    meant = {"covered": Verdict.COVERED, "partly": Verdict.PARTLY, "none": Verdict.GAP}
    return {(r["theme"], r["module"]): (r["use"], meant[r["verdict"]]) for r in rows}


def sample_themes() -> list[Theme]:
    said: dict[str, list[str]] = defaultdict(list)
    for script in sorted((ROOT / "samples" / "scripts").glob("*.txt")):
        theme, turns = "", []  # type: str, list[str]
        for line in [*script.read_text("utf-8").splitlines(), "== -"]:
            if line.startswith("== ") or sum(len(turn.split()) for turn in turns) >= WORDS:
                said[theme] += [" ".join(turns)] if turns else []
                turns = []
            if line.startswith("== "):
                theme = line[3:].strip()
            elif line:
                turns.append(line.split(": ", 1)[1])
    return [Theme(name, "sample event", tuple(parts)) for name, parts in said.items() if name not in ("", "-")]


def written_themes() -> list[Theme]:
    found: dict[str, tuple[str, list[str]]] = {}
    name = ""
    for line in (FIXTURES / "coverage_talk.txt").read_text("utf-8").splitlines():
        if line.startswith("== "):
            name, event = line[3:].split(" | ")[:2]
            found[name] = (event, [])
        elif line:
            found[name][1].append(line)
    return [Theme(name, event, tuple(parts)) for name, (event, parts) in found.items()]


class Bench:
    """Everything embedded once."""

    def __init__(self) -> None:
        self.embed: Callable[[Sequence[str]], Vectors] = load_embedder("all-MiniLM-L6-v2").embed
        self.labels = labels()
        self.themes = [*sample_themes(), *written_themes()]
        self.use = {theme: use for (theme, _), (use, _) in self.labels.items()}
        self.modules = {
            name: read_modules([(path.name, path.read_bytes())]).modules for name, path in CATALOGUES.items()
        }
        self.vectors = {m.title: self.embed(module_texts(m.title, m.summary or "", m.pages or ())) for m in self.all}
        self.said = {theme.name: self.embed(theme.passages) for theme in self.themes}
        self.talk, self.guides = self.embed(TALK), self.embed(GUIDES)

    @property
    def all(self) -> list[ReadModule]:
        return [*self.modules["sample"], *self.modules["further"]]

    def true(self, theme: str, module: str) -> Verdict:
        return self.labels.get((theme, module), ("", Verdict.GAP))[1]

    def scored(self, titles: Sequence[str]) -> dict[tuple[str, str], float]:
        """{(theme, module): score}, each event by itself."""
        events: dict[str, list[str]] = defaultdict(list)
        for theme in self.themes:
            events[theme.event].append(theme.name)
        found = {}
        for names in events.values():
            table = score([self.said[n] for n in names], [self.vectors[t] for t in titles], self.talk, self.guides)
            found |= {(n, t): float(table.themes[i, j]) for i, n in enumerate(names) for j, t in enumerate(titles)}
        return found

    @cached_property
    def pairs(self) -> list[tuple[str, float, Verdict]]:
        """(use, score, truth) of every theme with every module of both catalogues."""
        found = self.scored([m.title for m in self.all])
        return [(self.use[theme], value, self.true(theme, module)) for (theme, module), value in found.items()]

    @cached_property
    def judged(self) -> list[Judged]:
        """Each theme against the sample catalogue, against both, and against both without what answers it."""
        return [each for name, titles in self._catalogues() for each in self._judged(name, titles)]

    def _catalogues(self) -> Iterator[tuple[str, list[str]]]:
        everything = [m.title for m in self.all]
        yield "sample", [m.title for m in self.modules["sample"]]
        yield "both", everything
        answering = {module for (_, module), (_, verdict) in self.labels.items() if verdict == Verdict.COVERED}
        yield "without", [title for title in everything if title not in answering]

    def _judged(self, catalogue: str, titles: list[str]) -> Iterator[Judged]:
        if catalogue == "without":
            yield from self._without()
            return
        found = self.scored(titles)
        for theme in self.themes:
            yield self._best(theme.name, catalogue, found, titles)

    def _without(self) -> Iterator[Judged]:
        everything = [m.title for m in self.all]
        for theme in self.themes:
            titles = [title for title in everything if self.true(theme.name, title) != Verdict.COVERED]
            if len(titles) < len(everything):
                yield self._best(theme.name, "without", self.scored(titles), titles)

    def _best(self, theme: str, catalogue: str, found: dict[tuple[str, str], float], titles: list[str]) -> Judged:
        best = max(titles, key=lambda title: found[theme, title])
        true = [self.true(theme, title) for title in titles]
        answer = next((v for v in (Verdict.COVERED, Verdict.PARTLY) if v in true), Verdict.GAP)
        return Judged(theme, catalogue, found[theme, best], self.true(theme, best), answer)


@cache
def bench() -> Bench:
    """Everything once in a process."""
    return Bench()


def precision_recall(found: Sequence[bool], true: Sequence[bool]) -> tuple[float, float]:
    hits = sum(f and t for f, t in zip(found, true, strict=True))
    return hits / max(sum(found), 1), hits / max(sum(true), 1)


def report(bench: Bench) -> None:
    counts = defaultdict(int)
    for use, verdict in bench.labels.values():
        counts[use, verdict] += 1
    print(f"{len(bench.labels)} labelled pairs:", {f"{u} {v}": n for (u, v), n in sorted(counts.items())})
    print(f"{len(bench.pairs)} pairs in all; {len(bench.judged)} themes against a catalogue\n")
    print("threshold   pairs covered: P    R      themes answered: P    R      themes without an answer: P    R")
    for use in ("dev", "test"):
        print(f"-- {use}")
        pairs = [each for each in bench.pairs if each[0] == use]
        judged = [each for each in bench.judged if bench.use[each.theme] == use]
        for t in THRESHOLDS:
            pair = precision_recall([s >= t for _, s, _ in pairs], [v == Verdict.COVERED for _, _, v in pairs])
            hits = [j.score >= t and j.best == Verdict.COVERED for j in judged]
            answered = (
                sum(hits) / max(sum(j.score >= t for j in judged), 1),
                sum(hits) / sum(j.answer == Verdict.COVERED for j in judged),
            )
            gap = precision_recall([j.score < t for j in judged], [j.answer != Verdict.COVERED for j in judged])
            marks = " <- COVERED" if t == COVERED else " <- PARTLY" if t == PARTLY else ""
            print(
                f"   {t:.2f}             {pair[0]:.2f} {pair[1]:.2f}                     {answered[0]:.2f} "
                f"{answered[1]:.2f}                           {gap[0]:.2f} {gap[1]:.2f}{marks}"
            )
    print("\nas it is used: true verdict (down), found (across: covered, partly, gap)")
    for use in ("dev", "test"):
        print(use)
        for true in Verdict:
            row = [j for j in bench.judged if bench.use[j.theme] == use and j.answer == true]
            print(f"  {true:<8}", [sum(verdict_of(j.score) == v for j in row) for v in Verdict])
    report_mindsets(bench)


def told_mindsets(bench: Bench) -> list[tuple[str, str | None]]:
    """(true, told) of every module."""
    vectors = [bench.vectors[m.title] for m in bench.all]
    centres = unit(np.vstack([unit(v.mean(axis=0)) for v in vectors]))
    told = mindsets(centres, common(vectors, bench.guides), bench.guides)
    return [(m.mindset or "", guess) for m, guess in zip(bench.all, told, strict=True)]


def report_mindsets(bench: Bench) -> None:
    told = told_mindsets(bench)
    sure = [(true, guess) for true, guess in told if guess]
    print(f"\nmindsets: {len(sure)} of {len(told)} told, {sum(t == g for t, g in sure)} of them right")


if __name__ == "__main__":
    report(bench())
    if "--themes" in sys.argv:
        for each in sorted(bench().judged, key=lambda j: (j.catalogue, -j.score)):
            print(f"{each.catalogue:<8} {each.score:.2f} best is {each.best:<8} true {each.answer:<8} {each.theme}")
