"""mine(): one event's transcripts to themes, stage by stage. Reads first, computes without holding the database, and
writes the whole analysis in one transaction, in place of the one before.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from time import perf_counter
from typing import Any

from sqlalchemy.orm import Session

from capture.database import Database, utcnow
from mining.analyses import latest_analysis
from mining.clusterer import Clustering, choose_clusterer, empty
from mining.embedder import Embedder, Vectors
from mining.embeddings import Embedded, embed_texts
from mining.material import LEAST, Material, left_out, read_material
from mining.models import Analysis
from mining.settings import MiningSettings
from mining.storing import replace_analysis
from mining.themes import Talk, describe

REVISION = 1
"""Raise it when a change here gives other themes from the same input."""
LIBRARIES = ("numpy", "scikit-learn", "scikit-network", "bertopic", "sentence-transformers", "torch")

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class MiningResult:
    """`unchanged`: an analysis of the very same input was there already, and stays as it is."""

    analysis_id: int
    themes: int
    passages: int
    fresh_texts: int
    unchanged: bool
    notes: tuple[str, ...]


def mine(
    database: Database,
    event_id: int,
    settings: MiningSettings,
    *,
    seed: int | None = None,
    clusterer: str | None = None,
    progress: Progress = lambda fraction, note: None,
    store: Callable[[Session], None] | None = None,
) -> MiningResult:
    """Mines everything that is transcribed so far. `seed` and `clusterer` win over the settings.

    `store` is called in the final writing transaction, where a job checks that it may still write. Raises NotFound,
    Refused where there is nothing to mine or no such clusterer, EmbedderUnavailable.
    """
    clock = _Clock()
    seed = settings.seed if seed is None else seed
    engine = choose_clusterer(clusterer or settings.clusterer)
    began = utcnow()  # before reading: talk that is withdrawn meanwhile makes this analysis stale
    progress(0.02, "Reading the transcripts.")
    with database.reading() as session:
        given = read_material(session, event_id)
        clock.stop("passages")
        given.digest.update(_conditions(settings.embedder, engine.name, seed))
        if same := _same(session, event_id, given.digest.hexdigest()):
            return _unchanged(same)
    load = _Loader(settings.embedder)
    texts = [each.draft.mined for each in given.placed]

    def embed(wanted: Sequence[str], report: Progress = lambda fraction, note: None) -> Embedded:
        return embed_texts(database, settings.embedder, load, wanted, report)

    embedded = embed(texts, lambda part, note: progress(0.05 + 0.75 * part, note))
    clock.stop("embed")
    progress(0.82, "Looking for themes.")
    clustering = _cluster(engine, embedded.vectors, given, seed)
    clock.stop("cluster")
    progress(0.9, "Describing the themes.")
    talk = [Talk(p.group, p.draft.end - p.draft.start, p.draft.words, p.draft.mined) for p in given.placed]
    described = describe(talk, embedded.vectors, clustering.labels.tolist(), lambda phrases: embed(phrases).vectors)
    clock.stop("describe")
    progress(0.98, "Storing.")
    analysis = _analysis_row(event_id, began, given, settings.embedder, engine.name, seed, clustering, clock)
    with database.writing() as session:
        replace_analysis(session, analysis, given.placed, described)
        if store:
            store(session)
    themes, passages, notes = len(described.themes), len(given.placed), tuple(analysis.notes)
    return MiningResult(analysis.id, themes, passages, embedded.fresh, False, notes)


def _analysis_row(
    event_id: int,
    began: datetime,
    given: Material,
    embedder: str,
    clusterer: str,
    seed: int,
    clustering: Clustering,
    clock: "_Clock",
) -> Analysis:
    return Analysis(
        event_id=event_id,
        created_at=began,
        fingerprint=given.digest.hexdigest(),
        seed=seed,
        embedder=embedder,
        clusterer=clusterer,
        parameters=clustering.parameters,
        seconds=clock.seconds(),
        stability=None,
        left_out=left_out(given),
        notes=[*given.notes, *clustering.notes],
    )


def _conditions(embedder: str, clusterer: str, seed: int) -> bytes:
    """What a result rests on besides the transcripts."""
    return json.dumps([REVISION, embedder, clusterer, seed, [version(name) for name in LIBRARIES]]).encode()


def _same(session: Session, event_id: int, fingerprint: str) -> Analysis | None:
    newest = latest_analysis(session, event_id)
    return newest if newest and newest.fingerprint == fingerprint else None


def _unchanged(analysis: Analysis) -> MiningResult:
    return MiningResult(analysis.id, len(analysis.themes), len(analysis.passages), 0, True, tuple(analysis.notes))


def _cluster(engine: Any, vectors: Vectors, given: Material, seed: int) -> Clustering:
    if len(given.placed) < LEAST:
        return Clustering(empty(len(given.placed)), {})
    # By recording, not by group: two recordings of one room need not follow on each other.
    recordings = [each.recording for each in given.placed]
    found: Clustering = engine.cluster(vectors, [each.draft.mined for each in given.placed], recordings, seed)
    return found


class _Loader:
    """Builds the embedder when it is first needed, and only once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._embedder: Embedder | None = None

    def __call__(self) -> Embedder:
        if self._embedder is None:
            from mining.sentence_embedder import SentenceEmbedder

            self._embedder = SentenceEmbedder(self.name)
        return self._embedder


class _Clock:
    """Wall seconds of each stage."""

    def __init__(self) -> None:
        self._began = self._last = perf_counter()
        self._stages: dict[str, float] = {}

    def stop(self, stage: str) -> None:
        now = perf_counter()
        self._stages[stage], self._last = round(now - self._last, 3), now

    def seconds(self) -> dict[str, float]:
        return {**self._stages, "total": round(perf_counter() - self._began, 3)}
