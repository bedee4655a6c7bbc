"""The port for whatever carries "run job N" to a worker. The ledger (capture.jobs) holds the truth."""

from typing import Protocol

ROUTES = ("transcribe", "mine")
"""One queue each, so that a machine with a GPU can take transcription alone."""


class Carrier(Protocol):
    """Brings job numbers to workers. A message may be lost or doubled; the ledger makes that harmless."""

    def send(self, job_id: int, route: str) -> None: ...
