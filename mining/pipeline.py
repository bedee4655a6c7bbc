"""mine(): one event's transcripts to themes, stage by stage. Reads first, computes without holding the database, and
writes the whole analysis in one transaction, in place of the one before.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter

from sqlalchemy.orm import Session

from capture.database import Database, utcnow
from capture.errors import NotFound, Refused
from capture.models import Event
from mining.analyses import latest_analysis
from mining.clustering.clusterer import choose_clusterer
from mining.conclusion import Conclusion, conclude
from mining.curating.deciding import conclude_again
from mining.curating.strands import read_past
from mining.embedding.embedder import Embedder, Vectors, choose_engine, load_embedder, vectors_name
from mining.embedding.embeddings import embed_texts, key_of, talk_name
from mining.finding import Finding
from mining.forgetting import sweep_mined
from mining.material import Material, left_out, read_material
from mining.models import Analysis
from mining.settings import MiningSettings
from mining.storing import replace_analysis
from mining.trust import trust_of

REVISION = 3
"""Raise it when a change here gives other themes from the same input."""
LIBRARIES = (
    *("numpy", "scipy", "scikit-learn", "scikit-network", "bertopic"),
    *("openvino", "tokenizers", "sentence-transformers", "torch"),
)
LATER = (
    *("scipy.sparse", "scipy.linalg", "scipy.cluster.hierarchy", "scipy.optimize", "sknetwork.clustering.louvain"),
    "sklearn.feature_extraction.text",
)
"""What the stages after embedding import: most of a second of reading files."""

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
    store: Callable[[Session], None] = lambda session: None,
) -> MiningResult:
    """Mines everything that is transcribed so far. `seed` and `clusterer` win over the settings.

    `store` is called in the final writing transaction, where a job checks that it may still write. Raises NotFound,
    Refused where there is nothing to mine or no such clusterer, EmbedderUnavailable.
    """
    stages = _Stages(progress)
    seed = settings.seed if seed is None else seed
    engine = choose_clusterer(clusterer or settings.clusterer)
    embedding = _Embedding(database, settings, event_id)
    row = Analysis(event_id=event_id, embedder=settings.embedder, clusterer=engine.name, seed=seed)
    row.created_at = utcnow()  # before reading: talk that is withdrawn meanwhile makes this analysis stale

    stages.begin("passages", 0.02, "Reading the transcripts.")
    with database.reading() as session:
        given = read_material(session, event_id, settings.embedder)
        row.fingerprint = _fingerprint(given, row, vectors_name(settings.embedder, settings.embedding_engine))
        same = _same(session, row)
    if same is not None:
        return _unchanged(database, event_id, same)
    stages.begin("embed", 0.05, "Understanding what was said.")
    units = [unit.mined for _, unit in given.units]
    with _loading(settings):
        vectors = embedding.all(units, lambda part, note: progress(0.05 + 0.75 * part, note))
    fresh = embedding.fresh
    stages.begin("cluster", 0.82, "Looking for themes.")
    found = Finding(given, vectors, engine, seed, embedding.some)
    stages.begin("trust", 0.88, "Asking how steady the themes are.")
    found.weigh(engine, seed)
    stages.begin("describe", 0.92, "Describing the themes.")
    with database.reading() as session:
        past = read_past(session, event_id, settings.embedder)
    concluded = conclude(found.clustered, found.vectors, past, embedding.some)
    stages.end(0.98, "Storing.")
    with database.writing() as session:
        _store(session, _completed(row, given, found, stages), found, concluded, embedding)
        store(session)
    with suppress(Refused):  # where people keep deciding: the next decision works all of them in
        conclude_again(database, event_id)  # what was decided since the past was read
    themes, passages = len(concluded.described.themes), len(found.placed)
    return MiningResult(row.id, themes, passages, fresh, False, tuple(row.notes))


@contextmanager
def _loading(settings: MiningSettings) -> Iterator[None]:
    """Imports LATER meanwhile, by name: an import statement of a module that is not used here would be tidied away.

    Beside OpenVINO only, which computes without Python's lock and imports none of it itself; torch imports some, and
    two threads that import the same packages may find them half loaded. What cannot be imported is reported by the
    stage that needs it.
    """
    with ThreadPoolExecutor(1) as beside:
        if choose_engine(settings.embedder, settings.embedding_engine) == "openvino":
            beside.submit(lambda: [import_module(name) for name in LATER])
        yield


def _completed(row: Analysis, given: Material, found: Finding, stages: "_Stages") -> Analysis:
    words = sum(each.words for each in found.clustered)
    without = sum(each.words for each in found.clustered if each.found is None)
    row.parameters = found.clustering.parameters
    row.stability = found.steadiness.whole
    row.trust = trust_of(given.rooms, words, without, bool(found.steadiness.themes)).stored()
    row.left_out = [*left_out(given), *found.set_aside]
    row.notes = [*given.notes, *found.clustering.notes]
    row.seconds = stages.seconds()
    return row


def _still_there(session: Session, row: Analysis) -> None:
    """Raises NotFound where the event was deleted meanwhile, also where another one got its number since."""
    event = session.get(Event, row.event_id)
    if event is None or event.created_at > row.created_at:
        raise NotFound("The event was deleted while it was being mined.")


def _store(session: Session, row: Analysis, found: Finding, concluded: Conclusion, embedding: "_Embedding") -> None:
    _still_there(session, row)
    steady = found.steadiness.themes
    replace_analysis(session, row, found.placed, found.clustered, found.vectors, concluded, steady)
    sweep_mined(session, row.event_id, row.created_at, embedding.used)


def _fingerprint(given: Material, row: Analysis, vectors: str) -> str:
    """Of what was said and of everything else that the result rests on."""
    conditions = [REVISION, vectors, row.clusterer, row.seed, [_version(name) for name in LIBRARIES]]
    given.digest.update(json.dumps(conditions).encode())
    return str(given.digest.hexdigest())


def _version(library: str) -> str:
    """Empty for one that this machine has no build of."""
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _same(session: Session, row: Analysis) -> int | None:
    """Id of an analysis of the very same."""
    newest = latest_analysis(session, row.event_id)
    # Without a lineage it was made by a Harvest that could not know its themes again.
    return newest.id if newest and newest.fingerprint == row.fingerprint and newest.lineage else None


def _unchanged(database: Database, event_id: int, analysis_id: int) -> MiningResult:
    conclude_again(database, event_id)  # a decision that a process did not live to work in
    with database.reading() as session:
        analysis = session.get_one(Analysis, analysis_id)
        themes = sum(not theme.coarse for theme in analysis.themes)
        return MiningResult(analysis.id, themes, len(analysis.passages), 0, True, tuple(analysis.notes))


class _Embedding:
    """Vectors of an event's talk by one model, which is built when something is not known yet, and only once."""

    def __init__(self, database: Database, settings: MiningSettings, event_id: int) -> None:
        self.database, self.load = database, _Loader(settings)
        self.name = talk_name(vectors_name(settings.embedder, settings.embedding_engine), event_id)
        self.fresh = 0
        """Texts that were not known."""
        self.used: set[str] = set()
        """Keys of all texts that were asked for."""

    def all(self, texts: Sequence[str], report: Progress) -> Vectors:
        self.used |= set(map(key_of, texts))
        embedded = embed_texts(self.database, self.name, self.load, texts, report)
        self.fresh += embedded.fresh
        return embedded.vectors

    def some(self, texts: Sequence[str]) -> Vectors:
        return self.all(texts, lambda fraction, note: None)


class _Loader:
    """Builds the embedder when it is first needed, and only once."""

    def __init__(self, settings: MiningSettings) -> None:
        self._settings = settings
        self._embedder: Embedder | None = None

    def __call__(self) -> Embedder:
        if self._embedder is None:
            self._embedder = load_embedder(self._settings.embedder, self._settings.embedding_engine)
        return self._embedder


class _Stages:
    """Says what is being done, and keeps the wall seconds of each stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._began = self._last = perf_counter()
        self._stage = ""
        self._seconds: dict[str, float] = {}

    def begin(self, stage: str, fraction: float, note: str) -> None:
        self.end(fraction, note)
        self._stage = stage

    def end(self, fraction: float, note: str) -> None:
        now = perf_counter()
        if self._stage:
            self._seconds[self._stage] = round(now - self._last, 3)
        self._last, self._stage = now, ""
        self._progress(fraction, note)

    def seconds(self) -> dict[str, float]:
        return {**self._seconds, "total": round(perf_counter() - self._began, 3)}
