"""Cluster and describe beside BERTopic's defaults, in one process that has loaded everything: what the methods cost.

    python -m tests.benchmarks.warm FOLDER [EVENT]     default: sw-large-1

FOLDER holds `events/NAME/rooms`. Another event (--before) is mined by both first, so that libraries are loaded, the
language model is built and numba has compiled UMAP. Then EVENT, of which nothing is known but the vectors of its units
of talk: ours is the stages `cluster` and `describe` (choosing labels and statements embeds phrases, that is included);
the peer gets the same talk as passages of usual length with their vectors, and does UMAP, HDBSCAN and c-TF-IDF. Read
the ratio; it comes from one run.
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from capture.database import Database
from capture.settings import CaptureSettings
from mining.analyses import latest_analysis
from mining.clustering.graph_clusterer import pooled
from mining.clustering.segments import centres_of
from mining.embedding.embedder import load_embedder, vectors_name
from mining.embedding.embeddings import embed_texts
from mining.material import read_material
from mining.pipeline import mine
from mining.schema import migrate
from mining.settings import MiningSettings
from tests.benchmarks.main_job import harvest

SEED = 42


def added(data: str, name: str, rooms: Path) -> int:
    """Id of an event with the transcripts of a folder."""
    from capture.events import get_event

    harvest(data, "events", "create", name, "--title", name)
    harvest(data, "add", name, rooms)
    database = _opened(data)
    with database.reading() as session:
        return get_event(session, name).id


def ours(database: Database, event_id: int) -> tuple[dict[str, float], int, int]:
    """Seconds per stage, passages, themes."""
    result = mine(database, event_id, MiningSettings())
    with database.reading() as session:
        analysis = latest_analysis(session, event_id)
        assert analysis
        return dict(analysis.seconds), result.passages, result.themes


def passages(database: Database, event_id: int) -> tuple[list[str], Any]:
    """The talk as the peer gets it: texts of some 85 words, vectors (n, d) of length 1. Embeds what is not known."""
    settings = MiningSettings()
    with database.reading() as session:
        units = read_material(session, event_id, settings.embedder).units
    name, texts = vectors_name(settings.embedder, settings.embedding_engine), [unit.mined for _, unit in units]
    embedded = embed_texts(
        database, name, lambda: load_embedder(settings.embedder, settings.embedding_engine), texts, lambda *_: None
    )
    words = np.array([unit.words for _, unit in units], np.int64)
    numbers = pooled(np.array([recording for recording, _ in units], np.int64), words)
    count = int(numbers.max()) + 1
    said: list[list[str]] = [[] for _ in range(count)]
    for number, text in zip(numbers.tolist(), texts, strict=True):
        said[number].append(text)
    return [" ".join(own) for own in said], centres_of(embedded.vectors, words.astype(np.float32), numbers, count)


def peer(texts: list[str], vectors: Any) -> tuple[float, int]:
    """Wall seconds of BERTopic with its own defaults (and English stop words left out of key words), and its themes."""
    from bertopic import BERTopic
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    reduce = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=SEED, n_jobs=1)
    model = BERTopic(umap_model=reduce, vectorizer_model=CountVectorizer(stop_words="english"))
    began = time.perf_counter()
    topics, _ = model.fit_transform(texts, vectors.astype(np.float32))
    return time.perf_counter() - began, len(set(topics) - {-1})


def _opened(data: str) -> Database:
    return Database(CaptureSettings(data=data).database_url)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("event", nargs="?", default="sw-large-1")
    parser.add_argument("--before", default="sw-small-1", metavar="EVENT", help="What both mine first.")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        rooms = arguments.folder / "events"
        first, event = (added(data, name, rooms / name / "rooms") for name in (arguments.before, arguments.event))
        database = _opened(data)
        migrate(database)
        ours(database, first)
        peer(*passages(database, first))
        texts, vectors = passages(database, event)  # so that what is timed below finds its vectors
        seconds, count, themes = ours(database, event)
        other, topics = peer(texts, vectors)
        database.close()
    own = seconds["cluster"] + seconds["describe"]
    print("stages of mining:", seconds)
    print(f"harvest: {own:.2f} s for {count:,} passages, {themes} themes")
    print(f"peer:    {other:.2f} s for {len(texts):,} passages, {topics} themes")
    print(f"cluster and describe, warm: {own / other:.3f} of the peer's time (1/{other / own:.1f})")


if __name__ == "__main__":
    main()
