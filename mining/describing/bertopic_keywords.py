"""Adapter: key words of classes of talk by BERTopic's c-TF-IDF (Grootendorst 2022), one class per theme or group.

Only the file of that one class is loaded. `import bertopic` would bring UMAP, numba and plotly, of which nothing is
needed here: 6.6 s of processor time (measured) each time known talk is mined again.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np

from mining.words import clauses, names_subject, stem

PHRASE = 1.5
"""Weight of a phrase of two words beside single ones: it is rarer, and says more."""
SPREAD = 1.0
"""Power of the number of passages: what many passages say coheres (NPMI -0.12 against -0.16 with a logarithm, over
eight events of real talk), and few themes share it (93 % of all key words are different, against 96)."""
MOSTLY = 0.6
"""Share of a word's passages from which on a phrase of it takes its place."""
FREQUENT = 5
"""From this many passages on, a key word must stand in two of them."""
COMMON = 0.06
"""Share of a class's passages in which a key word must stand: in four of sixty."""


@dataclass(frozen=True)
class Term:
    """A word or two-word phrase, lower case. `passages` is how many of its class say it.

    `weight` is its c-TF-IDF, raised for phrases and with the number of passages: c-TF-IDF itself counts a word that
    one person repeats all through one passage like a word that everybody uses.
    """

    text: str
    weight: float
    passages: int


def class_terms(said: Sequence[Sequence[str]], classes: Sequence[int], most: int) -> dict[int, list[Term]]:
    """The `most` heaviest of the terms `said` (`terms_of` each text) in each class, best first.

    Classes below 0 are left out; some may have no terms.
    """
    import scipy.sparse as sp
    from sklearn.feature_extraction.text import CountVectorizer

    numbers = sorted({c for c in classes if c >= 0})
    said = [terms if c >= 0 else [] for terms, c in zip(said, classes, strict=True)]
    if not any(said):
        return {number: [] for number in numbers}
    vectorizer = CountVectorizer(analyzer=list)
    counts = vectorizer.fit_transform(said).tocsr()
    names = vectorizer.get_feature_names_out()
    row = {number: i for i, number in enumerate(numbers)}
    members = [(row[c], i) for i, c in enumerate(classes) if c >= 0]
    shape = (len(numbers), len(said))
    where = sp.csr_matrix((np.ones(len(members)), tuple(zip(*members, strict=True))), shape=shape)
    per_class, passages = (where @ counts).tocsr(), (where @ (counts > 0).astype(np.int64)).tocsr()
    weights = per_class.astype(np.float64)
    if len(names) > 1:  # of a single term BERTopic's formula makes a number where it wants a row
        weights = _class_tfidf()(reduce_frequent_words=True).fit(per_class).transform(weights).tocsr()
    sizes = np.asarray(where.sum(axis=1)).ravel()
    return {
        number: _heaviest(names, weights[i], passages[i], _least(int(sizes[i])), most)
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


def _least(size: int) -> int:
    """Passages of a class of `size` in which a key word must stand."""
    return max(2, round(COMMON * size)) if size >= FREQUENT else 1


def _heaviest(names: Any, weights: Any, passages: Any, least: int, most: int) -> list[Term]:
    """Terms of one class by weight, ties in alphabetical order."""
    spread = dict(zip(passages.indices, passages.data, strict=True))
    terms = {}
    for i, weight in zip(weights.indices, weights.data, strict=True):
        if (in_passages := int(spread[i])) >= least:
            name = str(names[i])
            raised = float(weight) * (PHRASE if " " in name else 1.0) * in_passages**SPREAD
            terms[name] = Term(name, raised, in_passages)
    pairs = [term for term in terms.values() if " " in term.text]
    said: Counter[str] = Counter()  # "credit card" and "credit cards" together
    for phrase in pairs:
        said[stem(phrase.text)] += phrase.passages
    for phrase in pairs:
        # Where "cross" is mostly said in "cross stitch", the phrase stands for both words.
        held = [terms[word] for word in phrase.text.split() if word in terms]
        best = max((word.weight for word in held if said[stem(phrase.text)] >= MOSTLY * word.passages), default=0.0)
        if best >= phrase.weight:
            terms[phrase.text] = replace(phrase, weight=best * (1 + 1e-9))
    return sorted(terms.values(), key=lambda term: (-term.weight, term.text))[:most]


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
