"""Adapter: key words of classes of talk by BERTopic's c-TF-IDF (Grootendorst 2022), one class per theme or group.

Only the file of that one class is loaded. `import bertopic` would bring UMAP, numba and plotly, of which nothing is
needed here: 6.6 s of processor time (measured) each time known talk is mined again.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from math import log
from pathlib import Path
from typing import Any

import numpy as np

from mining.words import clauses, names_subject, stem

PHRASE = 1.6
"""Weight of a phrase of two words beside single ones: it is rarer, and says more."""
FREQUENT = 5
"""From this many passages on, a key word must stand in two of them."""


@dataclass(frozen=True)
class Term:
    """A word or two-word phrase, lower case. `passages` is how many of its class say it.

    `weight` is its c-TF-IDF, raised for phrases and with the number of passages: c-TF-IDF itself counts a word that
    one person repeats all through one passage like a word that everybody uses.
    """

    text: str
    weight: float
    passages: int


def class_terms(texts: Sequence[str], classes: Sequence[int], most: int) -> dict[int, list[Term]]:
    """The `most` heaviest terms of each class, best first. Classes below 0 are left out; some may have no terms."""
    import scipy.sparse as sp
    from sklearn.feature_extraction.text import CountVectorizer

    numbers = sorted({c for c in classes if c >= 0})
    said = [terms_of(text) if c >= 0 else [] for text, c in zip(texts, classes, strict=True)]
    if not any(said):
        return {number: [] for number in numbers}
    vectorizer = CountVectorizer(analyzer=list)
    counts = vectorizer.fit_transform(said).tocsr()
    names = vectorizer.get_feature_names_out()
    row = {number: i for i, number in enumerate(numbers)}
    members = [(row[c], i) for i, c in enumerate(classes) if c >= 0]
    shape = (len(numbers), len(texts))
    where = sp.csr_matrix((np.ones(len(members)), tuple(zip(*members, strict=True))), shape=shape)
    per_class, passages = (where @ counts).tocsr(), (where @ (counts > 0).astype(np.int64)).tocsr()
    weights = per_class.astype(np.float64)
    if len(names) > 1:  # of a single term BERTopic's formula makes a number where it wants a row
        weights = _class_tfidf()(reduce_frequent_words=True).fit(per_class).transform(weights).tocsr()
    sizes = np.asarray(where.sum(axis=1)).ravel()
    return {
        number: _heaviest(names, weights[i], passages[i], 2 if sizes[i] >= FREQUENT else 1, most)
        for i, number in enumerate(numbers)
    }


def terms_of(text: str) -> list[str]:
    """Words that may name a subject, and pairs of them that stand side by side."""
    terms = []
    for clause in clauses(text):
        content = [names_subject(word) for word in clause]
        terms += [word for word, fits in zip(clause, content, strict=True) if fits]
        pairs = zip(clause, clause[1:], content, content[1:], strict=False)
        terms += [f"{a} {b}" for a, b, fits, too in pairs if fits and too and a != b]
    return terms


def distinct(terms: Sequence[Term], most: int) -> list[str]:
    """The first `most` terms that do not repeat one another: of "review", "reviews", "finance review" one stays."""
    chosen: list[str] = []
    taken: list[frozenset[str]] = []
    for term in terms:
        stems = frozenset(stem(word) for word in term.text.split())
        if not any(stems <= other or other <= stems for other in taken):
            chosen.append(term.text)
            taken.append(stems)
        if len(chosen) == most:
            break
    return chosen


def _heaviest(names: Any, weights: Any, passages: Any, least: int, most: int) -> list[Term]:
    """Terms of one class by weight, ties in alphabetical order."""
    spread = dict(zip(passages.indices, passages.data, strict=True))
    terms = [
        Term(str(names[i]), float(weight) * (PHRASE if " " in names[i] else 1.0) * (1 + log(spread[i])), int(spread[i]))
        for i, weight in zip(weights.indices, weights.data, strict=True)
        if spread[i] >= least
    ]
    return sorted(terms, key=lambda term: (-term.weight, term.text))[:most]


@lru_cache(maxsize=1)
def _class_tfidf() -> Any:
    """BERTopic's ClassTfidfTransformer. A release that keeps it elsewhere is imported as a whole."""
    package = find_spec("bertopic")
    folder = Path((package and package.submodule_search_locations or [""])[0])
    file = folder / "vectorizers" / "_ctfidf.py"
    if "bertopic" in sys.modules or not file.is_file():
        from bertopic.vectorizers import ClassTfidfTransformer

        return ClassTfidfTransformer
    spec = spec_from_file_location("harvest_bertopic_ctfidf", file)
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ClassTfidfTransformer
