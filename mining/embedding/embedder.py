"""Port: turns texts into vectors whose cosine says how alike the texts are. Adapters: openvino_embedder for the model
that comes with Harvest, sentence_embedder for any other one and wherever OpenVINO is not installed.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Protocol

import numpy as np
import numpy.typing as npt

from capture.errors import Refused

Vectors = npt.NDArray[np.float32]

BUNDLED = "all-MiniLM-L6-v2"
"""The model whose weights come with the installation."""
ENGINES = ("auto", "openvino", "torch")


class Embedder(Protocol):
    """`name` is the key under which vectors are kept: vectors of different names are never compared."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension), float32, rows of length 1 (L2), in the order of `texts`."""
        ...


def choose_engine(model: str, engine: str = "auto") -> str:
    """`openvino` or `torch`, without loading either. Raises Refused for one that is unknown or cannot run `model`."""
    if engine not in ENGINES:
        raise Refused(f"There is no embedding engine “{engine}”. Take one of: {', '.join(ENGINES)}.")
    if engine == "openvino" and model != BUNDLED:
        raise Refused(
            f"The embedding engine openvino runs {BUNDLED} only, not {model}. Leave HARVEST_EMBEDDING_ENGINE empty."
        )
    if engine != "auto":
        return engine
    return "openvino" if model == BUNDLED and find_spec("openvino") else "torch"


def vectors_name(model: str, engine: str = "auto") -> str:
    """The name under which this model's vectors by this engine are kept. Raises Refused as choose_engine does.

    Two engines round differently (cosines of 0.9997 and more), so each has its own: what is mined from the same talk
    then rests on the same bits, whatever was mined before with another engine.
    """
    chosen = choose_engine(model, engine)
    return model if chosen == "torch" else f"{model} by {chosen}"


def vectors_names(model: str) -> tuple[str, ...]:
    """Every name under which vectors of this model may be kept: alike enough to be compared."""
    return (f"{model} by openvino", model) if model == BUNDLED else (model,)


def load_embedder(model: str, engine: str = "auto") -> Embedder:
    """Takes half a second with OpenVINO, several with torch. Raises Refused, EmbedderUnavailable."""
    if choose_engine(model, engine) == "openvino":
        from mining.embedding.openvino_embedder import OpenVINOEmbedder

        return OpenVINOEmbedder()
    from mining.embedding.sentence_embedder import SentenceEmbedder

    return SentenceEmbedder(model)
