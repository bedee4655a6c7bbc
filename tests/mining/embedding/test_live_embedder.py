"""The model in a running viewer: the real one, from several threads at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from capture.errors import Refused
from mining.embedding.embedder import BUNDLED, load_embedder
from mining.embedding.live_embedder import FAILED_FOR, LiveEmbedder, live_embedder
from mining.errors import EmbedderUnavailable


def test_several_threads_get_what_one_would_get() -> None:
    live, texts = live_embedder(BUNDLED), [f"We had {n} meetings today." for n in range(12)]
    alone = load_embedder(BUNDLED).embed(texts)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: live.embed([text])[0], texts))
    assert np.abs(np.vstack(together) - alone).max() < 1e-5
    assert (live.dimension, live.name) == (alone.shape[1], load_embedder(BUNDLED).name)


def test_it_is_one_in_a_process_and_getting_ready_twice_loads_once() -> None:
    assert live_embedder(BUNDLED, "auto") is live_embedder(BUNDLED, "auto")
    live = LiveEmbedder(BUNDLED)
    live.get_ready()
    live.get_ready()
    loaded = (live.embed(["Good evening."]), live._loaded)[1]
    assert loaded is not None and (live.embed(["Good night."]), live._loaded)[1] is loaded


def test_a_model_from_elsewhere_is_not_fetched_while_a_page_is_read() -> None:
    live = LiveEmbedder("some/other-model", "torch")
    live.get_ready()
    assert not live._begun


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(Refused):
        LiveEmbedder(BUNDLED, "magic")


def test_a_failure_is_remembered_for_some_minutes_and_then_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveEmbedder(str(tmp_path / "nothing-here"), "torch")
    with pytest.raises(EmbedderUnavailable):
        live.embed(["Good morning."])
    live.model = BUNDLED  # as if somebody had mended it
    live.engine = "auto"
    with pytest.raises(EmbedderUnavailable, match="nothing-here"):
        live.embed(["Good morning."])
    later = time.monotonic() + FAILED_FOR + 1
    monkeypatch.setattr("mining.embedding.live_embedder.time.monotonic", lambda: later)
    assert live.embed(["Good morning."]).shape[0] == 1
