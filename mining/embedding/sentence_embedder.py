"""Adapter: sentence-transformers, for any of its models, and for graphics cards. Importing it takes several seconds;
the bundled model has a lighter way (openvino_embedder), and takes this one where OpenVINO is not installed.

On processors with native bfloat16 the model runs in it: 2.7 times as many passages a second, with cosines of 0.9998
to what single precision gives. Texts are sorted by length first, or short ones would be padded to the longest.

Cores are used by copies of the model side by side, each on one thread. Torch's own threads wait for each other after
every small step: on a machine that has other things to do as well, two of them took 10 to 20 times as long as one.
It also makes the vectors the same on any number of cores. They may differ in their last bits (cosine 0.9997) with the
texts that share their batch, so with what else is new when an event is mined again.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np

from mining.embedding.bundled_model import verify_bundled
from mining.embedding.embedder import BUNDLED, Vectors
from mining.errors import EmbedderUnavailable

BATCH = 32
MOST_COPIES = 8
"""Models side by side at most; each takes 45 MB, or 90 in single precision."""
HUB_PATIENCE = 10.0
"""Seconds the hub has to answer."""


class SentenceEmbedder:
    """An `Embedder`. `name` is BUNDLED, a folder, or a name on the hub.

    Raises EmbedderUnavailable where the model is not here and cannot be fetched, or where its weights are damaged.
    """

    def __init__(self, name: str = BUNDLED) -> None:
        self.name = name
        self._models = [_load(name)]
        self.dimension = int(self._models[0].get_embedding_dimension())

    def embed(self, texts: Sequence[str]) -> Vectors:
        # Equal input must give equal output whatever order it came in, so ties in length are broken by the text.
        order = sorted(range(len(texts)), key=lambda i: (len(texts[i]), texts[i]))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        vectors = np.empty((len(texts), self.dimension), np.float32)

        def work(model: Any, own: Sequence[list[int]]) -> None:
            for batch in own:
                said = [texts[i] for i in batch]
                vectors[batch] = model.encode(said, batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True)

        models = self._copies(len(batches))
        with ThreadPoolExecutor(max(1, len(models))) as pool:
            list(pool.map(work, models, [batches[n :: len(models)] for n in range(len(models))]))
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return vectors

    def _copies(self, batches: int) -> list[Any]:
        """One model for each thread: a tokenizer cannot be shared. More than one only on a CPU."""
        wanted = min(batches, MOST_COPIES, os.cpu_count() or 1) if self._models[0].device.type == "cpu" else 1
        while len(self._models) < wanted:
            self._models.append(deepcopy(self._models[0]))
        return self._models[: min(wanted, batches)]


def _load(name: str) -> Any:
    folder = verify_bundled() if name == BUNDLED else Path(name).expanduser()
    local = folder.is_dir()
    if not local and name.startswith((".", "/", "~")):
        raise EmbedderUnavailable(
            f"There is no folder {name}. Give a model's folder or name, or leave HARVEST_EMBEDDER empty."
        )
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # loading takes a blink, and its bar would run into ours
    if not local:
        _ask_hub(name)
    try:
        model = SentenceTransformer(str(folder) if local else name, local_files_only=local)
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        raise _unavailable(name, error) from None
    model.eval()
    if model.device.type == "cpu":
        torch.set_num_threads(1)  # see above: one thread for each copy instead
        if _native_bf16():
            model.to(torch.bfloat16)
    return model


def _ask_hub(name: str) -> None:
    """Ends at once where a model is neither on this machine nor to be had: loading would try for a minute first."""
    from huggingface_hub import HfApi, try_to_load_from_cache
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined,unused-ignore]

    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        if not isinstance(try_to_load_from_cache(repository, "config.json"), str):
            HfApi().model_info(repository, timeout=HUB_PATIENCE)
    except (HTTPError, OSError, ValueError, RuntimeError) as error:
        raise _unavailable(name, error) from None


def _unavailable(name: str, error: Exception) -> EmbedderUnavailable:
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return EmbedderUnavailable(
        f"The model {name} cannot be loaded ({reason[:120]}). Where there is no network, give the folder of a "
        f"sentence-transformers model, or take {BUNDLED}, which is here."
    )


def _native_bf16() -> bool:
    """Whether this processor computes in bfloat16 itself; emulated, it would be slower than single precision.

    Asks for the processor's features rather than timing it: a busy moment must not change the numbers.
    """
    import torch

    features: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(features.get("avx512_bf16") or features.get("amx_bf16"))
