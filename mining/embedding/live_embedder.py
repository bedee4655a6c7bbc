"""The embedding model inside a running viewer: loaded once in a process, in the background, and used by one request
at a time. For pages that have to understand what somebody is typing; mining loads its own.
"""

import threading
import time
from collections.abc import Sequence
from functools import lru_cache

from capture.errors import HarvestError
from mining.embedding.embedder import BUNDLED, Embedder, Vectors, load_embedder, vectors_name
from mining.errors import EmbedderUnavailable

FAILED_FOR = 300.0
"""Seconds in which a model that could not be loaded is not tried again: a try may take many seconds, and who types
waits for it."""


class LiveEmbedder:
    """An `Embedder` that loads itself when it is first asked, and may be asked from several threads."""

    def __init__(self, model: str, engine: str = "auto") -> None:
        self.model, self.engine = model, engine
        self.name = vectors_name(model, engine)
        self._lock, self._starting = threading.Lock(), threading.Lock()
        self._loaded: Embedder | None = None
        self._begun = False
        self._failed: tuple[float, str] | None = None
        """When it last could not be loaded (monotonic seconds), and why."""

    @property
    def dimension(self) -> int:
        with self._lock:
            return self._load().dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As an `Embedder` does. Raises EmbedderUnavailable; after FAILED_FOR seconds the next call tries again."""
        with self._lock:  # the engine's requests are not made for two threads
            return self._load().embed(texts)

    def get_ready(self) -> None:
        """Has a thread load the model while a form is read, once. Only the bundled one: others may come from afar."""
        with self._starting:  # not the lock that is held while a model loads: the page would wait for it
            if self._begun or self.model != BUNDLED:
                return
            self._begun = True
        threading.Thread(target=self._try, name="embedder-get-ready", daemon=True).start()

    def _try(self) -> None:
        try:
            self.embed(["Good morning."])
        except HarvestError:
            self._begun = False  # whoever needs it is told why

    def _load(self) -> Embedder:
        if self._loaded is None:
            if self._failed and time.monotonic() - self._failed[0] < FAILED_FOR:
                raise EmbedderUnavailable(self._failed[1])
            try:
                self._loaded = load_embedder(self.model, self.engine)
            except HarvestError as problem:
                self._failed = time.monotonic(), str(problem)
                raise EmbedderUnavailable(str(problem)) from problem
        return self._loaded


@lru_cache(maxsize=4)
def live_embedder(model: str, engine: str = "auto") -> LiveEmbedder:
    """The one of this process. Raises Refused for an engine that is unknown."""
    return LiveEmbedder(model, engine)
