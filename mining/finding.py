"""Units of talk to clusters, and clusters to passages: what the pipeline knows before anything is named or described.

Talk that is no subject is set aside first; the rest is clustered; then units are joined to passages that end where the
theme does, and each passage is told its kind.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from mining.clustering.clusterer import Clusterer, Clustering, Labels, Units, empty
from mining.conclusion import Clustered
from mining.describing.kinds import Kind, judge
from mining.describing.labels import Embed
from mining.describing.off_topic import aside
from mining.embedding.embedder import Vectors
from mining.material import LEAST, Material, Placed
from mining.trust import Steadiness, steadiness


class Finding:
    """Clusters of units, and the passages that follow from them."""

    def __init__(self, given: Material, vectors: Vectors, engine: Clusterer, seed: int, embed: Embed) -> None:
        drafts = [unit for _, unit in given.units]
        # By recording, not by group: two recordings of one room need not follow on each other.
        recordings = np.array([recording for recording, _ in given.units], np.int64)
        words = np.array([unit.words for unit in drafts], np.int64)
        self.units = Units(vectors, [unit.mined for unit in drafts], words, recordings)
        reasons = aside([unit.text for unit in drafts], vectors if drafts else None, embed)
        self._subject = np.array([reason is None for reason in reasons], bool)
        self.steadiness = Steadiness()
        enough = len(given.plain) >= LEAST
        on_subject = self.units.taken(self._subject)
        self.clustering = engine.cluster(on_subject, seed) if enough else Clustering(empty(len(on_subject)))
        self._labels, self._facets = self._full(self.clustering.labels), self._full(self.clustering.facets)
        self.placed, self._ranges = given.passages(self._stretches(reasons))
        means = [self._mean(own) for own in self._ranges]
        self.vectors = np.vstack(means) if means else vectors
        kinds = judge([each.draft.text for each in self.placed], self.vectors if means else None, embed)
        rows = zip(self.placed, self._ranges, kinds, strict=True)
        self.clustered = [self._clustered(place, own, kind.kind, reasons[own.start]) for place, own, kind in rows]

    def weigh(self, engine: Clusterer, seed: int) -> None:
        """Looks whether the same themes come out again."""
        self.steadiness = steadiness(engine, self.units.taken(self._subject), self.clustering, seed)

    def _stretches(self, reasons: Sequence[str | None]) -> list[int]:
        """Of each unit the theme, or a number below -1 that stands for why it is no subject: passages end there."""
        others = {reason: -2 - place for place, reason in enumerate(dict.fromkeys(filter(None, reasons)))}
        return [others[reason] if reason else label for reason, label in zip(reasons, self._labels, strict=True)]

    def _full(self, known: Labels | None) -> list[int]:
        """Of all units, with -1 for those that were not clustered."""
        full = np.full(len(self.units), -1, np.int64)
        if known is not None:
            full[self._subject] = known
        return [int(each) for each in full]

    @property
    def set_aside(self) -> list[dict[str, Any]]:
        """As `left_out`, of passages that are no subject."""
        reasons = Counter[str]()
        words = Counter[str]()
        for place, each in zip(self.placed, self.clustered, strict=True):
            if each.aside:
                reasons[each.aside] += len(place.spoken)
                words[each.aside] += each.words
        return [{"reason": why, "utterances": n, "words": words[why]} for why, n in sorted(reasons.items())]

    def _mean(self, own: range) -> Vectors:
        """The mean direction of the units of a passage, by their words."""
        rows = slice(own.start, own.stop)
        mean = np.average(self.units.vectors[rows], axis=0, weights=self.units.words[rows])
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)

    def _clustered(self, place: Placed, own: range, kind: Kind, why: str | None) -> Clustered:
        label, facet = self._labels[own.start], self._facets[own.start + len(own) // 2]
        return Clustered(
            group=place.group,
            recording=place.recording,
            start=place.draft.start,
            end=place.draft.end,
            words=place.draft.words,
            mined=place.draft.mined,
            found=label if label >= 0 else None,
            facet=facet if facet > 0 else None,
            aside=why,
            kind=kind,
            spoken=place.spoken,
        )
