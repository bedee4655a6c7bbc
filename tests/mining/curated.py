"""The event “spring”, mined by a clusterer that finds exactly the planted subjects, and copies of it to decide about.

What decisions and lineage do must not hang on how well themes are found; that they hold on what is really found is
tested with `conclusion`.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import delete, select

from capture.database import Database
from capture.models import Event, Recording
from capture.recordings import remove
from capture.settings import CaptureSettings
from mining.analyses import forget_analyses, latest_analysis
from mining.clustering.clusterer import Clustering, Units
from mining.curating import decisions
from mining.curating.deciding import decide
from mining.models import Analysis, Decision, Passage, Strand, Theme
from mining.pipeline import mine
from mining.settings import MiningSettings
from tests.factories import make_group, make_recording, make_utterances
from tests.mining.talk import BUDGET, FRIENDS, HANDOVER, MEETINGS, SUBJECTS

YELLOW = [FRIENDS[1], BUDGET[2], MEETINGS[0], HANDOVER[1]]
"""What a room says that arrives late: all four subjects once more."""


def subject_in(text: str, subjects: Mapping[str, Sequence[str]] = SUBJECTS) -> str:
    """The planted subject whose talk has most pairs of words in common with a text."""
    return max(subjects, key=lambda subject: len(_pairs(text) & _pairs(" ".join(subjects[subject]))))


def _pairs(text: str) -> set[tuple[str, str]]:
    words = text.lower().split()
    return set(zip(words, words[1:], strict=False))


class Planted:
    """A clusterer that knows the talk: one theme per planted subject, numbered differently with each seed."""

    name = "planted"

    def __init__(self, subjects: Mapping[str, Sequence[str]] = SUBJECTS) -> None:
        self.subjects = subjects

    def cluster(self, units: Units, seed: int) -> Clustering:
        order = list(np.random.default_rng(seed).permutation(list(self.subjects)))
        found = [order.index(subject_in(text, self.subjects)) for text in units.texts]
        return Clustering(np.array(found, np.int64))


def mine_planted(database: Database, event_id: int, clusterer: Planted, seed: int = 1) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mining.pipeline.choose_clusterer", lambda name: clusterer)
        mine(database, event_id, MiningSettings(), seed=seed)


@dataclass(frozen=True)
class Shown:
    """A theme as pages show it: `subject` is the planted one that most of its passages are on."""

    strand: int
    number: int
    label: str
    named_by: str | None
    subject: str
    passages: frozenset[int]
    change: dict[str, Any] | None


@dataclass(frozen=True)
class Spring:
    """The event in a database that a test may change."""

    database: Database
    event_id: int

    def themes(self) -> dict[int, Shown]:
        """{strand: theme}"""
        with self.database.reading() as session:
            analysis = latest_analysis(session, self.event_id)
            assert analysis
            found = {}
            for theme in session.scalars(select(Theme).where(Theme.analysis_id == analysis.id)):
                rows = session.scalars(select(Passage).where(Passage.theme_id == theme.id)).all()
                [(subject, _)] = Counter(subject_in(row.text) for row in rows).most_common(1)
                assert theme.strand_id
                numbers = frozenset(row.number for row in rows)
                found[theme.strand_id] = Shown(
                    theme.strand_id, theme.number, theme.label, theme.named_by, subject, numbers, theme.change
                )
            return found

    def on(self, subject: str) -> Shown:
        [theme] = [theme for theme in self.themes().values() if theme.subject == subject]
        return theme

    def asides(self) -> dict[int, str | None]:
        """{passage: why} of those without a theme."""
        with self.database.reading() as session:
            rows = session.execute(select(Passage.number, Passage.aside).where(Passage.theme_id.is_(None)))
            return {number: aside for number, aside in rows}

    def decide(self, make: Callable[..., Decision], *arguments: Any, by: str = "ann") -> Decision:
        return decide(self.database, self.event_id, lambda s: make(s, self.event_id, *arguments, by))

    def undo(self, decision: Decision | None = None, by: str = "bob") -> Decision:
        which = decision.id if decision else None
        return decide(self.database, self.event_id, lambda s: decisions.undo(s, self.event_id, by, which))

    def mine(self, seed: int = 1) -> None:
        """With the planted subjects as themes."""
        mine_planted(self.database, self.event_id, Planted(), seed)

    def mine_really(self, seed: int = 1) -> None:
        mine(self.database, self.event_id, MiningSettings(), seed=seed)

    def add_room(self, said: list[str] = YELLOW, name: str = "Yellow room") -> int:
        with self.database.writing() as session:
            group = make_group(session, session.get_one(Event, self.event_id), name)
            recording = make_recording(session, group, seconds=30.0 * len(said))
            make_utterances(session, recording, said, seconds=30.0)
            return recording.id

    def remove_room(self, recording: int) -> None:
        with self.database.writing() as session:
            remove(session, session.get_one(Recording, recording))
            forget_analyses(session, self.event_id)


@pytest.fixture(scope="session")
def planted(mined: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the planted themes. Not to be changed."""
    data = tmp_path_factory.mktemp("planted") / "data"
    shutil.copytree(mined.data, data)
    database = Database(CaptureSettings(data=str(data)).database_url)
    with database.writing() as session:
        session.execute(delete(Analysis))
        session.execute(delete(Strand))
    Spring(database, mined.event_id).mine()
    database.close()
    return data


@pytest.fixture
def spring_data(planted: Path, tmp_path: Path) -> Path:
    return shutil.copytree(planted, tmp_path / "spring")


@pytest.fixture
def spring(spring_data: Path) -> Iterator[Spring]:
    """A copy of the event with the planted themes, to be changed."""
    database = Database(CaptureSettings(data=str(spring_data)).database_url)
    yield Spring(database, 1)
    database.close()


def part_by_room(spring: Spring, subject: str) -> None:
    """Gives the passages on a subject a finer cluster each: one for the first room that raises it, one for the rest."""
    with spring.database.writing() as session:
        rows = [row for row in session.scalars(select(Passage)) if row.number in spring.on(subject).passages]
        first = min(row.group_id for row in rows)
        for row in rows:
            row.facet = 1 if row.group_id == first else 2
