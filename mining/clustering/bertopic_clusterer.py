"""Adapter: BERTopic's own way, UMAP and then HDBSCAN with its defaults; slower, there to compare with.

It needs a few dozen passages before it finds anything, and leaves out what it takes for noise.
"""

import numpy as np

from mining.clustering.clusterer import Clustering, Units, empty
from mining.clustering.communities import unit
from mining.clustering.graph_clusterer import pooled
from mining.clustering.segments import sums_of

NEIGHBOURS, COMPONENTS = 15, 5
"""UMAP as BERTopic sets it up."""
SMALLEST = 10
"""Members a topic must have: BERTopic's default."""


class BERTopicClusterer:
    """A `Clusterer`. The first run in a process takes some ten seconds longer: UMAP is compiled then."""

    name = "bertopic"

    def cluster(self, units: Units, seed: int) -> Clustering:
        # BERTopic is made for documents: it gets passages of the length that it is compared at everywhere.
        passages = pooled(units.conversations, units.words)
        n = int(passages.max()) + 1 if len(units) else 0
        parameters = {"n_neighbors": NEIGHBOURS, "n_components": COMPONENTS, "min_cluster_size": SMALLEST}
        if n <= NEIGHBOURS:  # UMAP and HDBSCAN raise various errors below
            note = f"BERTopic needs more than {NEIGHBOURS} passages to look for themes; here are {n}."
            return Clustering(empty(len(units)), parameters, (note,))
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
        vectors = unit(sums_of(units.vectors.astype(np.float64), units.words.astype(np.float64), passages))
        texts = [" ".join(units.texts[i] for i in np.flatnonzero(passages == number).tolist()) for number in range(n)]
        labels, _ = BERTopic(umap_model=reduce, min_topic_size=SMALLEST).fit_transform(
            texts, vectors.astype(np.float32)
        )
        found = np.asarray(labels, np.int64)[passages]
        notes = () if (found >= 0).any() else ("BERTopic took all passages for noise and found no theme.",)
        return Clustering(found, parameters, notes)
