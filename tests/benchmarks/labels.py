"""How good names and key words of themes are, ours beside BERTopic's, on the same passages and the same vectors.

    python -m tests.benchmarks.labels
    python -m tests.benchmarks.labels --labelled FOLDER [EVENT ...]

Without a folder, on the sample event; FOLDER holds `events/NAME/rooms`, EVENT are names or patterns there. Nobody says
which label is right. A label is good if it alone, embedded, finds the passages of its theme before all others (MAP;
precision among the first n of a theme of n), if it is short and free of fillers; key words are good if passages that
hold one hold the others (NPMI), and if themes do not share them (diversity). Four rows per event: ours; BERTopic's
defaults; BERTopic's words for our themes, which tells the labels from the themes; and the same with our list of
fillers, which tells them from that list. Fillers stand everywhere and so with everything: they raise NPMI, which is to
be read beside the share of fillers among the key words. The labels themselves follow.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import numpy.typing as npt

from mining.embedding.embedder import Embedder, Vectors
from mining.words import BACKCHANNELS, EDGE_WORDS, STOP_WORDS, words_of
from tests.benchmarks.main_job import harvest

KEYWORDS = 10
_EDGES = {form for word in EDGE_WORDS for form in (word, word.replace("'", ""))}
_FILLERS = {form for word in BACKCHANNELS - {"no"} for form in (word, word.replace("-", ""))}
SAMPLE = "spring-open-space"


@dataclass(frozen=True)
class Picture:
    """What one engine made of an event: the theme of each passage (None: none), and each theme's name and words."""

    themes: Sequence[int | None]
    labels: Mapping[int, str]
    keywords: Mapping[int, Sequence[str]]


def measures(picture: Picture, texts: Sequence[str], vectors: Vectors, embedder: Embedder) -> dict[str, float]:
    """Every figure of one picture. `vectors` (n, d) are those of `texts`, rows of length 1."""
    if not picture.labels:
        return dict.fromkeys(
            ("themes", "map", "precision", "npmi", "diversity", "words", "fillers", "key_fillers"), 0.0
        )
    order = sorted(picture.labels)
    named = embedder.embed([picture.labels[theme] for theme in order])
    found, precise = retrieval(named, order, vectors, picture.themes)
    lists = [picture.keywords[theme][:KEYWORDS] for theme in order]
    names = [picture.labels[theme] for theme in order]
    return {
        "themes": len(order),
        "map": found,
        "precision": precise,
        "npmi": coherence(lists, texts),
        "diversity": diversity(lists),
        "words": fmean(len(name.split()) for name in names),
        "fillers": filler_share(names),
        "key_fillers": filler_share([term for terms in lists for term in terms]),
    }


def retrieval(
    labels: Vectors, order: Sequence[int], vectors: Vectors, themes: Sequence[int | None]
) -> tuple[float, float]:
    """(mean average precision, mean precision among the first n) over themes; n is how many passages a theme has.

    `labels` (m, d) are vectors of the labels of the themes in `order`. By chance both are about a theme's share.
    """
    averages, precisions = [], []
    for theme, label in zip(order, labels, strict=True):
        own: npt.NDArray[np.bool_] = np.array([its == theme for its in themes])
        hits = own[np.argsort(-(vectors @ label), kind="stable")]
        ranks = np.flatnonzero(hits) + 1
        averages.append(float(np.mean(np.arange(1, len(ranks) + 1) / ranks)) if len(ranks) else 0.0)
        precisions.append(float(hits[: len(ranks)].mean()) if len(ranks) else 0.0)
    return fmean(averages), fmean(precisions)


def coherence(lists: Sequence[Sequence[str]], texts: Sequence[str]) -> float:
    """Mean NPMI, -1..1, of all pairs of key words of a theme; a passage holds a word or not (Bouma 2009)."""
    # BERTopic writes "dont" for "don't": no engine should lose by its spelling.
    said = [f" {_plain(text)} " for text in texts]
    where = {t: {i for i, text in enumerate(said) if f" {_plain(t)} " in text} for terms in lists for t in terms}
    values = []
    for terms in lists:
        pairs = [_npmi(where[a], where[b], len(texts)) for a, b in combinations(dict.fromkeys(terms), 2)]
        values.append(fmean(pairs) if pairs else 0.0)
    return fmean(values)


def _plain(text: str) -> str:
    return " ".join(word.replace("'", "").replace("-", "") for word in words_of(text))


def _npmi(one: set[int], other: set[int], total: int) -> float:
    both = len(one & other)
    if not both:
        return -1.0
    if both == total:
        return 1.0
    return log(both * total / (len(one) * len(other))) / -log(both / total)


def diversity(lists: Sequence[Sequence[str]]) -> float:
    """Share of different words among the key words of all themes."""
    words = [term for terms in lists for term in terms]
    return len(set(words)) / max(1, len(words))


def filler_share(names: Sequence[str]) -> float:
    """Share of the words of all labels that are fillers: backchannels, or function words that begin or end a label."""
    fillers = total = 0
    for name in names:
        words = words_of(name)
        total += len(words)
        fillers += sum(
            word in _FILLERS or (at in (0, len(words) - 1) and word in _EDGES) for at, word in enumerate(words)
        )
    return fillers / max(1, total)


def ours(data: str, slug: str) -> tuple[list[str], Picture]:
    """The passages of an event that is mined in the folder `data`, and our picture of it."""
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export.json"
        harvest(data, "export", slug, "--format", "json", "-o", export)
        document: dict[str, Any] = json.loads(export.read_text())
    passages, themes = document["passages"], [t for t in document["themes"] if not t.get("children")]
    picture = Picture(
        [passage["theme"] for passage in passages],
        {theme["id"]: theme["label"] for theme in themes},
        {theme["id"]: theme["keywords"] for theme in themes},
    )
    return [passage["text"] for passage in passages], picture


def peer(
    texts: Sequence[str], vectors: Vectors, known: Sequence[int | None] | None = None, stop_words: Any = "english"
) -> Picture:
    """BERTopic with its defaults and `stop_words`; on the themes `known`, if given, instead of its own.

    Its label is the name it gives a topic: its four heaviest words.
    """
    from bertopic import BERTopic
    from bertopic.cluster import BaseCluster
    from bertopic.dimensionality import BaseDimensionalityReduction
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    words = CountVectorizer(stop_words=stop_words)
    if known is None:
        reduce = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=42, n_jobs=1)
        model = BERTopic(umap_model=reduce, vectorizer_model=words)
        found, _ = model.fit_transform(list(texts), vectors)
    else:
        # `y` with an empty clusterer is BERTopic's own way of taking over themes that are there already.
        model = BERTopic(umap_model=BaseDimensionalityReduction(), hdbscan_model=BaseCluster(), vectorizer_model=words)
        found, _ = model.fit_transform(list(texts), vectors, y=[-1 if theme is None else theme for theme in known])
    lists = {t: [word for word, _ in model.get_topic(t) if word] for t in sorted(set(found) - {-1})}
    labels = {theme: " ".join(terms[:4]) for theme, terms in lists.items()}
    return Picture([int(theme) if theme >= 0 else None for theme in found], labels, lists)


def report(name: str, data: str, slug: str, embedder: Embedder) -> list[dict[str, float]]:
    """Prints the rows of one event and its labels; gives the rows."""
    texts, own = ours(data, slug)
    vectors = embedder.embed(texts)
    pictures = {"harvest": own, "peer": peer(texts, vectors), "peer's words": peer(texts, vectors, own.themes)}
    # BERTopic takes the apostrophes out before it looks for stop words.
    fillers = sorted({form for word in STOP_WORDS for form in (word, word.replace("'", ""), word.replace("-", ""))})
    pictures["and our list"] = peer(texts, vectors, own.themes, fillers)
    rows = []
    for who, picture in pictures.items():
        rows.append(row := measures(picture, texts, vectors, embedder))
        print(
            f"{name:16}{who:14}{row['themes']:7.0f}{row['map']:8.3f}{row['precision']:8.3f}{row['npmi']:8.3f}"
            f"{row['diversity']:8.3f}{row['words']:7.1f}{row['fillers']:9.3f}{row['key_fillers']:9.3f}",
            flush=True,
        )
    for who, picture in pictures.items():
        print(f"    {who}: " + "; ".join(label for _, label in sorted(picture.labels.items())))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labelled", type=Path, metavar="FOLDER")
    parser.add_argument("events", nargs="*", default=["*"], metavar="EVENT")
    arguments = parser.parse_args()
    from mining.embedding.sentence_embedder import SentenceEmbedder

    embedder = SentenceEmbedder()
    heads = ("themes", "MAP", "P@n", "NPMI", "divers.", "words", "fillers", "of key")
    print(f"{'event':30}" + "".join(f"{h:>{w}}" for h, w in zip(heads, (7, 8, 8, 8, 8, 7, 9, 9), strict=True)))
    rows = []
    if arguments.labelled:
        events = sorted({path for name in arguments.events for path in (arguments.labelled / "events").glob(name)})
        if not events:
            sys.exit(f"There is no such event in {arguments.labelled / 'events'}.")
        for event in events:
            with tempfile.TemporaryDirectory() as data:
                harvest(data, "events", "create", event.name, "--title", event.name)
                harvest(data, "add", event.name, event / "rooms")
                harvest(data, "mine", event.name)
                rows.append(report(event.name, data, event.name, embedder))
    else:
        with tempfile.TemporaryDirectory() as data:
            harvest(data, "demo", "--no-serve")
            rows.append(report("sample", data, SAMPLE, embedder))
    for figure in ("map", "precision", "npmi", "diversity"):
        own, theirs, words, listed = (fmean(row[i][figure] for row in rows) for i in range(4))
        print(f"mean {figure}: {own:.3f}, against {theirs:.3f}; for our themes {words:.3f}, with our list {listed:.3f}")


if __name__ == "__main__":
    main()
