"""Port: turns texts into vectors whose cosine says how alike the texts are. Adapter: sentence_embedder."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """`name` is the key under which vectors are kept: vectors of different names are never compared."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension), float32, rows of length 1 (L2), in the order of `texts`."""
        ...
