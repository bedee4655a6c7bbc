"""Port: finds which units of talk belong together. Adapters: graph_clusterer (default) and bertopic_clusterer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from capture.errors import Refused
from mining.embedding.embedder import Vectors

Labels = npt.NDArray[np.int64]

NAMES = ("graph", "bertopic")


@dataclass(frozen=True)
class Units:
    """n units of talk. `vectors` (n, d) of length 1, `texts` and `words` (how many) belong together.

    `conversations` (n,) tells which recording a unit is from: those of one stand together, in order of time.
    """

    vectors: Vectors
    texts: Sequence[str]
    words: Labels
    conversations: Labels

    def __len__(self) -> int:
        return len(self.texts)

    def taken(self, rows: npt.NDArray[np.bool_]) -> "Units":
        """Only the units for which `rows` (n,) is true."""
        texts = [text for text, kept in zip(self.texts, rows, strict=True) if kept]
        return Units(self.vectors[rows], texts, self.words[rows], self.conversations[rows])


@dataclass(frozen=True)
class Clustering:
    """`labels` has shape (n,): a theme's number, -1 where a unit was left out. Numbers have no order.

    `facets` (n,), where given, are finer parts of each theme, counted from 1; 0 where it has none. `parameters` are
    what the result rests on; `notes` plain sentences for the user.
    """

    labels: Labels
    parameters: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    facets: Labels | None = None


class Clusterer(Protocol):
    @property
    def name(self) -> str: ...

    def cluster(self, units: Units, seed: int) -> Clustering:
        """The same arguments give the same labels in every process. Any number of units may be given, also none."""
        ...


def choose_clusterer(name: str) -> Clusterer:
    """Raises Refused for a name that is not in NAMES."""
    if name == "graph":
        from mining.clustering.graph_clusterer import GraphClusterer

        return GraphClusterer()
    if name == "bertopic":
        from mining.clustering.bertopic_clusterer import BERTopicClusterer

        return BERTopicClusterer()
    raise Refused(f"There is no clusterer “{name}”. Take one of: {', '.join(NAMES)}.")


def empty(n: int) -> Labels:
    """Labels that leave all n units out."""
    return np.full(n, -1, np.int64)
