"""The media folder: where accepted files lie, under names we choose, readable by the owner only.

A file is first received under `incoming/` while it is hashed, and moved to its final name once it is known to be
good. Nothing a user typed ever becomes part of a path, and every path is checked to lie inside the folder.
"""

import errno
import hashlib
import os
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from capture.errors import NotFound, StorageFull

BLOCK = 1 << 20
SPARE = 64 << 20
"""Bytes that stay free on the disk, so that the database can always be written."""
STALE = 24 * 3600.0
"""Seconds after which an interrupted upload's rest is swept away."""
SAFE_NAME = re.compile(r"[0-9a-f]{32}(\.[a-z0-9]{1,8})?")


class Readable(Protocol):
    """Anything bytes can be read from: an open file, an upload stream."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Incoming:
    """A received file that is not accepted yet. `keep` or `discard` it through the MediaFolder."""

    path: Path
    sha256: str
    size: int


class MediaFolder:
    """All accepted files of all events."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"
        self.incoming.mkdir(parents=True, exist_ok=True)
        root.chmod(0o700)

    def receive(self, stream: Readable, expected: int = 0) -> Incoming:
        """Writes the stream to `incoming/`, hashing on the way. Raises StorageFull and leaves nothing behind.

        `expected` is the size in bytes where it is known, so that a file too big for the disk fails at once.
        """
        self._sweep()
        self._check_room(expected)
        path = self.incoming / uuid4().hex
        digest, size = hashlib.sha256(), 0
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                while block := stream.read(BLOCK):
                    out.write(block)
                    digest.update(block)
                    size += len(block)
                out.flush()
                os.fsync(out.fileno())
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFull(self._full()) from None
            raise
        return Incoming(path, digest.hexdigest(), size)

    def keep(self, incoming: Incoming, suffix: str) -> str:
        """Moves a received file to its final place and returns its stored name. `suffix` is ours, e.g. ".m4a"."""
        name = uuid4().hex + suffix
        incoming.path.rename(self.path(name))
        folder = os.open(self.root, os.O_RDONLY)
        try:
            os.fsync(folder)  # the new name must survive a power cut, since the row in the database will
        finally:
            os.close(folder)
        return name

    def discard(self, incoming: Incoming) -> None:
        incoming.path.unlink(missing_ok=True)

    def path(self, stored_name: str) -> Path:
        """The full path of a stored file; refuses every name we did not make."""
        if not SAFE_NAME.fullmatch(stored_name):
            raise NotFound(f"There is no stored file “{stored_name[:80]}”.")
        return self.root / stored_name

    def open(self, stored_name: str) -> BinaryIO:
        try:
            return self.path(stored_name).open("rb")
        except FileNotFoundError:
            raise NotFound(f"The stored file {stored_name} is missing from {self.root}: restore it there.") from None

    def delete(self, stored_name: str) -> None:
        self.path(stored_name).unlink(missing_ok=True)

    def _check_room(self, expected: int) -> None:
        if shutil.disk_usage(self.root).free < expected + SPARE:
            raise StorageFull(self._full())

    def _full(self) -> str:
        free = shutil.disk_usage(self.root).free // (1 << 20)
        return (
            f"The disk with {self.root} is full ({free} MB free). Nothing of this file was stored and nothing else "
            "was lost; make room and add it again."
        )

    def _sweep(self) -> None:
        """Removes what uploads that were cut off a day ago left behind."""
        for rest in self.incoming.iterdir():
            try:
                if time.time() - rest.stat().st_mtime > STALE:
                    rest.unlink()
            except FileNotFoundError:
                continue  # another process finished or swept it meanwhile
