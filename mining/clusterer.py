"""Port: finds which passages belong together. Adapters: graph_clusterer (default) and bertopic_clusterer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from capture.errors import Refused
from mining.embedder import Vectors

Labels = npt.NDArray[np.int64]

NAMES = ("graph", "bertopic")


@dataclass(frozen=True)
class Clustering:
    """`labels` has shape (n,): a cluster's number, -1 where a passage was left out. Numbers have no order.

    `parameters` are what the result rests on; `notes` plain sentences for the user.
    """

    labels: Labels
    parameters: dict[str, Any]
    notes: tuple[str, ...] = ()


class Clusterer(Protocol):
    @property
    def name(self) -> str: ...

    def cluster(self, vectors: Vectors, texts: Sequence[str], groups: Sequence[int], seed: int) -> Clustering:
        """`vectors` (n, d) of length 1 and `texts` belong together; n may be 0.

        `groups` tells which conversation a passage is from: those of one conversation stand together, in order of
        time. The same arguments give the same labels in every process.
        """
        ...


def choose_clusterer(name: str) -> Clusterer:
    """Raises Refused for a name that is not in NAMES."""
    if name == "graph":
        from mining.graph_clusterer import GraphClusterer

        return GraphClusterer()
    if name == "bertopic":
        from mining.bertopic_clusterer import BERTopicClusterer

        return BERTopicClusterer()
    raise Refused(f"There is no clusterer “{name}”. Take one of: {', '.join(NAMES)}.")


def empty(n: int) -> Labels:
    """Labels that leave all n passages out."""
    return np.full(n, -1, np.int64)
