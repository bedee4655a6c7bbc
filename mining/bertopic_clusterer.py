"""Adapter: BERTopic's own way, UMAP and then HDBSCAN with its defaults; slower, there to compare with.

It needs a few dozen passages before it finds anything, and leaves out what it takes for noise.
"""

from collections.abc import Sequence

import numpy as np

from mining.clusterer import Clustering, empty
from mining.embedder import Vectors

NEIGHBOURS, COMPONENTS = 15, 5
"""UMAP as BERTopic sets it up."""
SMALLEST = 10
"""Members a topic must have: BERTopic's default."""


class BERTopicClusterer:
    """A `Clusterer`. The first run in a process takes some ten seconds longer: UMAP is compiled then."""

    name = "bertopic"

    def cluster(self, vectors: Vectors, texts: Sequence[str], groups: Sequence[int], seed: int) -> Clustering:
        n = len(texts)
        parameters = {"n_neighbors": NEIGHBOURS, "n_components": COMPONENTS, "min_cluster_size": SMALLEST}
        if n <= NEIGHBOURS:  # UMAP and HDBSCAN raise various errors below
            note = f"BERTopic needs more than {NEIGHBOURS} passages to look for themes; here are {n}."
            return Clustering(empty(n), parameters, (note,))
        from bertopic import BERTopic
        from umap import UMAP

        reduce = UMAP(
            n_neighbors=NEIGHBOURS,
            n_components=COMPONENTS,
            min_dist=0.0,
            metric="cosine",
            random_state=seed,
            n_jobs=1,  # a seeded UMAP has one thread anyway; said here, it does not warn
        )
        labels, _ = BERTopic(umap_model=reduce, min_topic_size=SMALLEST).fit_transform(list(texts), vectors)
        found = np.asarray(labels, np.int64)
        notes = () if (found >= 0).any() else ("BERTopic took all passages for noise and found no theme.",)
        return Clustering(found, parameters, notes)
