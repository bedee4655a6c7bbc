import errno
import hashlib
import io
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from capture import media as media_module
from capture.errors import NotFound, StorageFull
from capture.media import MediaFolder


@pytest.fixture
def media(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


def test_what_was_kept_can_be_read_again(media: MediaFolder) -> None:
    incoming = media.receive(io.BytesIO(b"candid talk"))
    name = media.keep(incoming, ".m4a")
    with media.open(name) as file:
        assert file.read() == b"candid talk"
    assert (incoming.size, incoming.sha256) == (11, hashlib.sha256(b"candid talk").hexdigest())
    assert not incoming.path.exists()


def test_only_the_owner_can_read_the_folder_and_its_files(media: MediaFolder) -> None:
    name = media.keep(media.receive(io.BytesIO(b"x")), ".mp3")
    assert media.root.stat().st_mode & 0o077 == 0
    assert media.path(name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["../harvest.sqlite3", "/etc/passwd", "a.mp3", "", "x" * 32, "0" * 32 + ".m/4a"])
def test_a_name_we_did_not_make_is_refused(media: MediaFolder, name: str) -> None:
    with pytest.raises(NotFound):
        media.path(name)


def test_a_stored_file_that_went_missing_is_named(media: MediaFolder) -> None:
    name = media.keep(media.receive(io.BytesIO(b"x")), "")
    media.delete(name)
    with pytest.raises(NotFound, match=name):
        media.open(name)


class FullAfter(io.BytesIO):
    """A stream during which the disk fills up."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().read(4)


def test_a_disk_that_fills_up_while_storing_leaves_nothing_behind(media: MediaFolder) -> None:
    with pytest.raises(StorageFull, match="Nothing of this file was stored"):
        media.receive(FullAfter(b"0123456789"))
    assert list(media.incoming.iterdir()) == []


def test_a_file_too_big_for_the_disk_fails_before_it_is_written(media: MediaFolder) -> None:
    with pytest.raises(StorageFull):
        media.receive(io.BytesIO(b"x"), expected=shutil.disk_usage(media.root).total * 2)


def test_the_rest_of_an_interrupted_upload_is_swept_after_a_day(media: MediaFolder, monkeypatch: Any) -> None:
    old, young = media.incoming / "old", media.incoming / "young"
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    os.utime(old, (time.time() - media_module.STALE - 5,) * 2)
    media.receive(io.BytesIO(b"next"))
    assert (old.exists(), young.exists()) == (False, True)
