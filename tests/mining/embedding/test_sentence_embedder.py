"""The bundled model, and what is said when another one cannot be had."""

from pathlib import Path

import numpy as np
import pytest

from mining.embedding import sentence_embedder
from mining.embedding.bundled_model import verify_bundled
from mining.embedding.sentence_embedder import SentenceEmbedder
from mining.errors import EmbedderUnavailable


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder()


def test_vectors_have_length_one_and_keep_the_order_of_the_texts(embedder: SentenceEmbedder) -> None:
    texts = ["The finance committee cut the budget again this year, by ten percent.", "Lunch.", "The budget was cut."]
    vectors = embedder.embed(texts)
    assert vectors.shape == (3, embedder.dimension) == (3, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[2] > 0.6 > 0.3 > vectors[0] @ vectors[1]


def test_no_texts_give_no_rows(embedder: SentenceEmbedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_the_same_texts_in_another_order_give_the_same_vectors(embedder: SentenceEmbedder) -> None:
    texts = ["one budget", "two meetings", "a machine that nobody can repair any more", "friends"]
    assert np.array_equal(embedder.embed(texts), embedder.embed(texts[::-1])[::-1])


def test_in_other_company_a_text_keeps_its_vector_but_for_the_last_bits(embedder: SentenceEmbedder) -> None:
    texts = [f"{'The budget was cut again. ' * n}Friends." for n in range(12)]
    alone = np.vstack([embedder.embed([text]) for text in texts])
    assert np.einsum("ij,ij->i", alone, embedder.embed(texts)).min() > 0.9995


def test_a_folder_with_a_model_works_like_its_name(embedder: SentenceEmbedder) -> None:
    folder = str(verify_bundled())
    named = SentenceEmbedder(folder)
    assert named.name == folder
    assert np.array_equal(named.embed(["The budget."]), embedder.embed(["The budget."]))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnavailable, match="There is no folder"):
        SentenceEmbedder(str(tmp_path / "models"))


def test_a_folder_without_a_model_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnavailable, match="cannot be loaded"):
        SentenceEmbedder(str(tmp_path))


def test_a_model_on_a_hub_out_of_reach_is_refused_with_a_remedy() -> None:
    with pytest.raises(EmbedderUnavailable, match="give the folder of a sentence-transformers model"):
        SentenceEmbedder("sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2")


def test_single_precision_gives_nearly_the_same_vectors(
    embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentence_embedder, "_native_bf16", lambda: False)
    texts = ["The finance committee wants a business case.", "My friends stopped talking to me when I became the boss."]
    cosines = np.einsum("ij,ij->i", SentenceEmbedder().embed(texts), embedder.embed(texts))
    assert cosines.min() > 0.999
