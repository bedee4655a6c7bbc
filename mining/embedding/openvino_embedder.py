"""Adapter: OpenVINO runs the bundled model. Half a second from nothing to the first vector, where torch takes five.

The network is put together here from the published weights, so nothing is converted and no file is kept. A text's
vector does not depend on the texts beside it: only texts of the same number of tokens share a batch, nothing is padded
and no token masked (both cost precision in bfloat16). Vectors are then the same bits whatever came with them, in any
order, process and number of cores; on another kind of processor they agree to a cosine of 0.9999.
"""

import os
import platform
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from mining.embedding.bundled_model import verify_bundled
from mining.embedding.embedder import BUNDLED, Vectors, vectors_name
from mining.errors import EmbedderUnavailable

DIMENSION = 384
LAYERS, HEADS, EPSILON = 6, 12, 1e-12
"""Of all-MiniLM-L6-v2: a BERT (Devlin et al. 2019) whose tokens' last states are averaged (Reimers & Gurevych 2019)."""
MOST_TOKENS = 256
"""What the model reads of a text; the rest is cut off, as sentence-transformers does."""
BATCH_TOKENS = 1024
"""Tokens in one batch: twice as many phrases a second as one by one; more than this gains nothing."""
MOST_STREAMS = 8
"""Texts that are worked on at the same time, each on one core."""


class OpenVINOEmbedder:
    """An `Embedder` for BUNDLED. Raises EmbedderUnavailable where the weights or OpenVINO are missing or damaged.

    `bf16` computes in bfloat16, for measurements; by default that is so where the processor does it itself, which is
    1.8 times as fast with cosines of 0.9999 to what single precision gives.
    """

    def __init__(self, bf16: bool | None = None) -> None:
        folder = verify_bundled()
        self.name = vectors_name(BUNDLED, "openvino")
        self.dimension = DIMENSION
        self._tokenizer = _tokenizer(folder)
        self._model = _compiled(folder, bf16)
        self._requests: list[Any] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        tokens = [self._tokenizer.encode(text).ids for text in texts]
        batches = list(_batches(tokens))
        vectors = np.empty((len(texts), DIMENSION), np.float32)

        def work(request: Any, own: Sequence[list[int]]) -> None:
            for batch in own:
                vectors[batch] = request.infer([np.array([tokens[i] for i in batch], np.int32)])[0]

        workers = self._workers(len(batches))
        with ThreadPoolExecutor(max(1, len(workers))) as pool:
            list(pool.map(work, workers, [batches[n :: len(workers)] for n in range(len(workers))]))
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return vectors

    def _workers(self, batches: int) -> list[Any]:
        """One request for each core that has something to do; they share the weights."""
        wanted = min(batches, _streams())
        while len(self._requests) < wanted:
            self._requests.append(self._model.create_infer_request())
        return self._requests[:wanted]


def _batches(tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Positions of texts with the same number of tokens, longest first so that no core is left with one at the end."""
    order = sorted(range(len(tokens)), key=lambda i: -len(tokens[i]))
    for length, alike in groupby(order, key=lambda i: len(tokens[i])):
        rest, size = list(alike), max(1, BATCH_TOKENS // length)
        yield from (rest[start : start + size] for start in range(0, len(rest), size))


def _streams() -> int:
    return min(MOST_STREAMS, os.cpu_count() or 1)


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    return tokenizer


def _openvino() -> Any:
    """The library without its tools for converting models: importing those reports the import to its makers."""
    # Nothing that Harvest does may leave the machine. OpenVINO itself goes on where they cannot be imported.
    sys.modules.setdefault("openvino.tools", None)  # type: ignore[arg-type]
    try:
        import openvino
    except (ImportError, OSError) as error:
        raise EmbedderUnavailable(
            f"OpenVINO cannot be loaded ({str(error)[:120]}). Set HARVEST_EMBEDDING_ENGINE=torch, or install it again."
        ) from None
    return openvino


def _compiled(folder: Path, bf16: bool | None) -> Any:
    """The network, ready to run on as many cores as there are, each working on a batch of its own."""
    openvino = _openvino()
    core = openvino.Core()
    if bf16 is None:
        # Emulated, bfloat16 would be slower than single precision: OpenVINO names it where it is native.
        capable = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        bf16 = capable and platform.machine().lower() in ("x86_64", "amd64")
    settings = {
        "INFERENCE_PRECISION_HINT": "bf16" if bf16 else "f32",
        "NUM_STREAMS": str(_streams()),
        "INFERENCE_NUM_THREADS": str(_streams()),
        "ENABLE_CPU_PINNING": False,  # two processes would sit on the same core
    }
    try:
        return core.compile_model(_network(folder, openvino), "CPU", settings)
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[-1][:120]
        raise EmbedderUnavailable(
            f"OpenVINO cannot run {BUNDLED} here ({reason}). Set HARVEST_EMBEDDING_ENGINE=torch."
        ) from None


def _network(folder: Path, openvino: Any) -> Any:
    """Token numbers (texts, tokens) to vectors (texts, DIMENSION), not yet of length 1. Every text is of one length."""
    from safetensors.numpy import load_file

    layer = _Layers(load_file(folder / "model.safetensors"), openvino.opset13)
    op = layer.op
    numbers = op.parameter([-1, -1], np.int32, name="tokens")
    length = op.gather(op.shape_of(numbers, "i32"), layer.integers([1]), layer.integers(0))
    kind = layer.weights["embeddings.token_type_embeddings.weight"][0]  # every text is the first of a pair
    places = op.constant(layer.weights["embeddings.position_embeddings.weight"] + kind)
    places = op.slice(places, layer.integers([0]), length, layer.integers([1]), layer.integers([0]))
    words = op.gather(layer.constant("embeddings.word_embeddings.weight"), numbers, layer.integers(0))
    states = layer.normal(op.add(words, places), "embeddings.LayerNorm")
    for number in range(LAYERS):
        prefix = f"encoder.layer.{number}."
        heard = layer.dense(layer.attention(states, prefix + "attention.self."), prefix + "attention.output.dense")
        states = layer.normal(op.add(heard, states), prefix + "attention.output.LayerNorm")
        wide = op.gelu(layer.dense(states, prefix + "intermediate.dense"), "ERF")
        states = layer.normal(op.add(layer.dense(wide, prefix + "output.dense"), states), prefix + "output.LayerNorm")
    return openvino.Model([op.reduce_mean(states, layer.integers([1]))], [numbers], BUNDLED)


class _Layers:
    """The parts a BERT is made of, over its published weights. States have shape (texts, tokens, DIMENSION)."""

    def __init__(self, weights: dict[str, Any], op: Any) -> None:
        self.weights = weights
        self.op = op

    def constant(self, name: str) -> Any:
        return self.op.constant(self.weights[name])

    def integers(self, values: int | list[int]) -> Any:
        return self.op.constant(np.array(values, np.int32))

    def dense(self, states: Any, name: str) -> Any:
        product = self.op.matmul(states, self.constant(f"{name}.weight"), False, True)
        return self.op.add(product, self.constant(f"{name}.bias"))

    def normal(self, states: Any, name: str) -> Any:
        even = self.op.mvn(states, self.integers([-1]), True, EPSILON, "INSIDE_SQRT")
        return self.op.add(self.op.multiply(even, self.constant(f"{name}.weight")), self.constant(f"{name}.bias"))

    def attention(self, states: Any, prefix: str) -> Any:
        swap = self.integers([0, 2, 1, 3])
        parted = self.integers([0, 0, HEADS, DIMENSION // HEADS])
        asked, known, told = (
            self.op.transpose(self.op.reshape(self.dense(states, prefix + name), parted, True), swap)
            for name in ("query", "key", "value")
        )
        mixed = self.op.transpose(self.op.scaled_dot_product_attention(asked, known, told), swap)
        return self.op.reshape(mixed, self.integers([0, 0, DIMENSION]), True)
