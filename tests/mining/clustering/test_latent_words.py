"""Words beside meaning: counted once, weighed and condensed for any way to put units together."""

import numpy as np
import pytest
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from mining.clustering import latent_words as module
from mining.clustering.communities import unit
from mining.clustering.latent_words import COMMON, FEW, LatentWords
from mining.words import content_words
from tests.mining.talk import BUDGET, FRIENDS, HANDOVER, MEETINGS

TEXTS = [sentence for said in (*BUDGET, *FRIENDS, *MEETINGS, *HANDOVER) for sentence in said.split(". ")]


def test_words_are_counted_as_scikit_learn_counts_them() -> None:
    vectorizer = CountVectorizer(analyzer=content_words)
    theirs = vectorizer.fit_transform(TEXTS)
    ours = LatentWords(TEXTS)._counts
    assert ours.shape == theirs.shape and abs(ours - theirs).sum() == 0


def test_stretches_that_use_the_same_words_are_alike() -> None:
    subjects = np.repeat(np.arange(4), [len(s) for s in (BUDGET, FRIENDS, MEETINGS, HANDOVER)])
    rows = LatentWords([*BUDGET, *FRIENDS, *MEETINGS, *HANDOVER]).of(np.arange(15))
    assert rows is not None
    cosines = rows @ rows.T
    same = subjects[:, None] == subjects[None, :]
    np.fill_diagonal(same, False)
    assert cosines[same].mean() > cosines[subjects[:, None] != subjects[None, :]].mean() + 0.1


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_rows_have_length_one_or_zero_in_the_precision_asked_for(precision: type) -> None:
    texts = [*TEXTS, "And so it goes on and on.", ""]
    rows = LatentWords(texts, precision).of(np.arange(len(texts)))
    assert rows is not None and rows.dtype == precision and np.isfinite(rows).all()
    lengths = np.linalg.norm(rows, axis=1)
    assert np.all(np.isclose(lengths, 1, atol=1e-5) | (lengths == 0)) and lengths[-1] == 0


def test_few_stretches_are_condensed_as_sampling_would() -> None:
    stretches = np.arange(len(TEXTS)) // 3
    m = int(stretches.max()) + 1
    assert m <= FEW
    counts = CountVectorizer(analyzer=content_words).fit_transform(
        " ".join(text for text, own in zip(TEXTS, stretches, strict=True) if own == number) for number in range(m)
    )
    seen = counts.getnnz(axis=0)
    kept = counts[:, (seen >= 2) & (seen <= max(2, COMMON * m))].astype(float)
    sampled = TruncatedSVD(min(100, m - 1), random_state=0).fit_transform(
        TfidfTransformer(sublinear_tf=True).fit_transform(kept)
    )
    rows = LatentWords(TEXTS).of(stretches)
    assert rows is not None
    assert np.allclose(rows @ rows.T, unit(sampled) @ unit(sampled).T, atol=1e-6)


@pytest.mark.parametrize("precision", [np.float32, np.float64])
@pytest.mark.parametrize("rows", [8, len(TEXTS)])
def test_weights_and_directions_are_scikit_learns_to_the_last_bit(precision: type, rows: int) -> None:
    counts = LatentWords(TEXTS[:rows], precision)._counts
    ours, theirs = module._weighed(counts), TfidfTransformer(sublinear_tf=True).fit_transform(counts)
    assert ours.dtype == theirs.dtype == precision and np.array_equal(ours.toarray(), theirs.toarray())
    for weights in (ours, ours[:, : rows // 2]):  # more words than rows, and fewer
        dimensions = min(weights.shape) - 1
        sampled = TruncatedSVD(dimensions, random_state=0).fit_transform(weights)
        assert np.array_equal(module._sampled(weights, dimensions), sampled)


def test_many_stretches_are_condensed_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    words, stretches = LatentWords(TEXTS), np.arange(len(TEXTS))
    exact = words.of(stretches)
    monkeypatch.setattr(module, "FEW", 0)
    sampled = words.of(stretches)
    assert exact is not None and sampled is not None and exact.shape == sampled.shape
    assert np.allclose(exact @ exact.T, sampled @ sampled.T, atol=1e-4)


def test_the_same_units_may_be_put_together_in_other_ways() -> None:
    words = LatentWords(TEXTS)
    first = words.of(np.arange(len(TEXTS)) // 2)
    words.of(np.arange(len(TEXTS)) // 5)
    again = words.of(np.arange(len(TEXTS)) // 2)
    assert first is not None and again is not None and np.array_equal(first, again)


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["and so it goes"] * 20,
        ["", "", ""],
        ["budget", "budget"],
        ["budget", "friends", "meetings"],
        ["the budget was cut"] * 30,
    ],
)
def test_where_no_words_tell_anything_there_are_none(texts: list[str]) -> None:
    assert LatentWords(texts).of(np.arange(len(texts))) is None
