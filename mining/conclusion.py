"""From clusters to the themes that are shown: known again, put right as people decided, described, ready to be stored.

The tail of the pipeline, which mining and a decision share. Pure: what is read from the database (`Past`) comes in,
what `mining.storing` writes goes out; `mining.curating.deciding` does this again after a decision, without clustering.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from mining.curating.curation import ASIDE, Curated, Heard, apply
from mining.curating.lineage import Body, Change, compare, recognise
from mining.curating.strands import Past, stored_spans
from mining.describing.kinds import Kind
from mining.describing.labels import Embed
from mining.describing.statements import Spoken
from mining.describing.themes import Described, FoundTheme, Talk, describe
from mining.embedding.embedder import Vectors


@dataclass(frozen=True)
class Clustered:
    """A passage as clustering left it. `start` and `end` are seconds of its recording.

    `found` is its cluster, from 0 on, and `facet` a finer one within; `aside` says why it has none.
    """

    group: int
    recording: int
    start: float
    end: float
    words: int
    mined: str
    found: int | None
    facet: int | None = None
    aside: str | None = None
    kind: Kind | None = None
    spoken: Sequence[Spoken] = ()
    """Its utterances, where statements may be taken from them."""


@dataclass(frozen=True)
class Lineage:
    """Which strand each cluster is, and what was there before: kept with the analysis for describing it again.

    Strands below 0 are not stored yet. `before` are the strands that the analysis before found, `labels` what the
    software called themes that may not be shown now. JSON: `stored`.
    """

    found: Mapping[int, int]
    before: tuple[Body, ...]
    talk_before: float
    labels: Mapping[int, str]
    ended: tuple[tuple[int, tuple[int, ...]], ...] = ()
    """Themes that were there before and are not any more, each with those that took half of its talk."""
    asides: Mapping[int, str] = field(default_factory=dict)
    """{passage's index: why clustering set it aside} of those whose reason a person's decision replaced."""

    def stored(self, ids: Mapping[int, int]) -> dict[str, Any]:
        return {
            "found": {str(cluster): ids.get(strand, strand) for cluster, strand in self.found.items()},
            "before": [[body.key, stored_spans(body.spans)] for body in self.before],
            "talk_before": round(self.talk_before, 3),
            "labels": {str(strand): label for strand, label in self.labels.items()},
            "ended": [[strand, [ids.get(other, other) for other in into]] for strand, into in self.ended],
            "asides": {str(index + 1): reason for index, reason in self.asides.items()},
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Lineage":
        return cls(
            found={int(cluster): strand for cluster, strand in stored["found"].items()},
            before=tuple(Body(key, tuple((int(r), s, e) for r, s, e in spans)) for key, spans in stored["before"]),
            talk_before=stored["talk_before"],
            labels={int(strand): label for strand, label in stored["labels"].items()},
            ended=tuple((strand, tuple(into)) for strand, into in stored["ended"]),
            asides={int(number) - 1: reason for number, reason in stored["asides"].items()},
        )


@dataclass(frozen=True)
class Conclusion:
    """What is to be stored: themes with the strand, the change and the namer of each, in the order of their numbers,
    and of each passage why it is set aside. `bodies` and `parts` are the strands as they stand now."""

    described: Described
    strands: tuple[int, ...]
    changes: tuple[Change | None, ...]
    named_by: tuple[str | None, ...]
    asides: tuple[str | None, ...]
    bodies: tuple[Body, ...]
    parts: tuple[Body, ...]
    lineage: Lineage
    version: int


def conclude(clustered: Sequence[Clustered], vectors: Vectors, past: Past, embed: Embed) -> Conclusion:
    """Themes of a new clustering. `vectors` (n, d) belong to the passages; `embed` gives vectors for possible names.

    Asks nothing of the database, so that it may take its time.
    """
    members = _members([each.found for each in clustered])
    bodies = [_body(cluster, its, clustered, vectors) for cluster, its in members.items()]
    here = {each.recording for each in clustered}
    # What was said in rooms that are not in this analysis can neither have stayed nor have gone.
    strands = [replace(body, spans=tuple(s for s in body.spans if s[0] in here)) for body in past.strands]
    known = recognise(bodies, strands)
    # Numbers below 0 stand for strands that get their own when they are stored.
    found = {body.key: known.get(body.key, -1 - place) for place, body in enumerate(bodies)}
    before = tuple(body for body in strands if body.live and body.spans)
    talk = sum(seconds for recording, seconds in past.talk.items() if recording in here)
    lineage = Lineage(found, before, talk or sum(body.seconds for body in before), past.labels)
    return conclude_known(clustered, vectors, past, lineage, embed, {})


def conclude_known(
    clustered: Sequence[Clustered],
    vectors: Vectors,
    past: Past,
    lineage: Lineage,
    embed: Embed,
    labels: Mapping[int, str],
) -> Conclusion:
    """Themes of clusters whose strands are known. `labels` {strand: label} are suggestions that stay as they are: a
    decision about one theme must not rename another."""
    found = [None if each.found is None else lineage.found[each.found] for each in clustered]
    heard = [Heard(each.recording, each.start, each.end, strand) for each, strand in zip(clustered, found, strict=True)]
    parts = past.split_off
    curated = apply(past.decisions, heard, vectors, parts)
    strands = sorted({strand for strand in curated.shown if strand is not None})
    place = {strand: i for i, strand in enumerate(strands)}
    talk = [_talk(each) for each in clustered]
    described = describe(talk, vectors, [-1 if s is None else place[s] for s in curated.shown], embed)
    order = tuple(curated.shown[theme.members[0]] or 0 for theme in described.themes)
    described = replace(described, themes=_named(described.themes, order, curated, labels))
    bodies = [_body(strand, its, clustered, vectors) for strand, its in _members(found).items()]
    shown = [_body(strand, its, clustered, None) for strand, its in _members(curated.shown).items()]
    changes, ended = _changes(shown, past, lineage, parts, sum(each.seconds for each in talk))
    asides = [ASIDE if i in curated.aside else each.aside for i, each in enumerate(clustered)]
    asides = [None if strand is not None else why for why, strand in zip(asides, curated.shown, strict=True)]
    return Conclusion(
        described=described,
        strands=order,
        changes=tuple(changes.get(strand) for strand in order),
        named_by=tuple(curated.named[s][1] if s in curated.named else None for s in order),
        asides=tuple(asides),
        bodies=tuple(bodies),
        parts=tuple(_body(part, its, clustered, vectors) for part, its in curated.parts.items()),
        lineage=replace(
            lineage,
            labels={s: label for s, label in lineage.labels.items() if s not in place or s in curated.named},
            ended=ended,
            asides={i: each.aside for i, each in enumerate(clustered) if each.aside and each.aside != asides[i]},
        ),
        version=past.version,
    )


def _changes(
    shown: Sequence[Body], past: Past, lineage: Lineage, parts: Mapping[int, Body], talk: float
) -> tuple[dict[int, Change], tuple[tuple[int, tuple[int, ...]], ...]]:
    """Against the analysis before, as if today's decisions had been made by then: a merge by a person is no change."""
    spans = [(body.key, span) for body in lineage.before for span in body.spans]
    if not spans:
        return {}, ()
    heard = [Heard(recording, start, end, key) for key, (recording, start, end) in spans]
    before: dict[int, list[tuple[int, float, float]]] = defaultdict(list)
    for strand, (_, span) in zip(apply(past.decisions, heard, None, parts).shown, spans, strict=True):
        if strand is not None:
            before[strand].append(span)
    earlier = [Body(strand, tuple(its)) for strand, its in before.items()]
    changes, ended = compare(shown, earlier, talk, lineage.talk_before, past.rooms)
    return changes, tuple((each.key, each.into) for each in ended)


def _talk(each: Clustered) -> Talk:
    return Talk(each.group, each.end - each.start, each.words, each.mined, each.kind, each.spoken)


def _members(strands: Sequence[int | None]) -> dict[int, list[int]]:
    """{strand or cluster: its passages}, the numbers in order."""
    members: dict[int, list[int]] = defaultdict(list)
    for i, strand in enumerate(strands):
        if strand is not None:
            members[strand].append(i)
    return dict(sorted(members.items()))


def _body(key: int, members: Sequence[int], clustered: Sequence[Clustered], vectors: Vectors | None) -> Body:
    spans = tuple((clustered[i].recording, clustered[i].start, clustered[i].end) for i in members)
    return Body(key, spans, None if vectors is None else centre_of(vectors[list(members)]))


def centre_of(vectors: Vectors) -> Vectors:
    """The mean direction of (n, d) vectors, of length 1."""
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


def _named(
    themes: Sequence[FoundTheme], strands: Sequence[int], curated: Curated, labels: Mapping[int, str]
) -> tuple[FoundTheme, ...]:
    """With the names that people gave; suggestions make way where they would be the same."""
    taken = {label.casefold() for label, _ in curated.named.values()}
    named = []
    for theme, strand in zip(themes, strands, strict=True):
        if strand in curated.named:
            named.append(replace(theme, label=curated.named[strand][0]))
            continue
        others = [label for label in (labels.get(strand), theme.label, ", ".join(theme.keywords[:3])) if label]
        label = next((label for label in others if label.casefold() not in taken), f"{theme.label} ({theme.number})")
        taken.add(label.casefold())
        named.append(replace(theme, label=label))
    return tuple(named)
