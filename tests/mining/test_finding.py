"""What clustering and the recognition of kinds and of talk without a subject come to, passage by passage."""

import numpy as np
import pytest

from capture.models import Utterance
from mining.clustering.graph_clusterer import GraphClusterer
from mining.describing.kinds import Kind
from mining.embedding.embedder import Vectors
from mining.embedding.sentence_embedder import SentenceEmbedder
from mining.finding import Finding
from mining.material import Material, Said
from mining.passages import Cut
from tests.mining.talk import ROOMS

TROUBLE = (
    "Can you hear me? I cannot hear you, you are on mute. Now I can hear you. Can you share the screen, please? "
    "I cannot see the screen yet. Wait, my microphone does not work. Can everybody hear me now?"
)


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder()


def material(rooms: list[list[str]]) -> Material:
    recordings = []
    for number, said in enumerate(rooms, 1):
        lines = [
            Utterance(position=i, start=40.0 * i, end=40.0 * i + 39, text=text, speaker="AB"[i % 2])
            for i, text in enumerate(said)
        ]
        recordings.append(Said(number * 10, number, 0.0, Cut(lines)))
    return Material(recordings)


def vectors_of(given: Material, embedder: SentenceEmbedder) -> Vectors:
    return embedder.embed([unit.mined for _, unit in given.units])


@pytest.fixture(scope="module")
def found(embedder: SentenceEmbedder) -> Finding:
    rooms = [list(said) for said in ROOMS.values()]
    rooms[1].insert(2, TROUBLE)
    given = material(rooms)
    finding = Finding(given, vectors_of(given, embedder), GraphClusterer(), 1, embedder.embed)
    finding.weigh(GraphClusterer(), 1)
    return finding


def test_a_passage_has_the_mean_direction_of_its_units_by_their_words(found: Finding) -> None:
    lengths = np.linalg.norm(found.vectors, axis=1)
    assert found.vectors.shape == (len(found.placed), found.units.vectors.shape[1]) and np.allclose(
        lengths, 1, atol=1e-5
    )
    assert len(found.placed) == len(found.clustered)
    alone = [i for i, own in enumerate(found._ranges) if len(own) == 1]
    assert alone
    for i in alone:
        assert np.allclose(found.vectors[i], found.units.vectors[found._ranges[i].start], atol=1e-5)


def test_technical_trouble_stands_alone_has_no_theme_and_is_counted(found: Finding) -> None:
    apart = [each for each in found.clustered if each.aside]
    assert [(each.mined, each.found, each.aside) for each in apart] == [(TROUBLE, None, "technical trouble")]
    assert found.set_aside == [{"reason": "technical trouble", "utterances": 1, "words": len(TROUBLE.split())}]
    assert all(each.found is not None for each in found.clustered if not each.aside)


def test_every_passage_has_a_kind_and_the_utterances_it_was_taken_from(found: Finding) -> None:
    assert all(isinstance(each.kind, Kind) for each in found.clustered)
    for place, each in zip(found.placed, found.clustered, strict=True):
        assert " ".join(line.text for line in place.spoken) == place.draft.text and each.spoken == place.spoken


def test_steadiness_is_told_of_every_theme(found: Finding) -> None:
    themes = {each.found for each in found.clustered} - {None}
    assert found.steadiness.whole is not None and set(found.steadiness.themes) == themes


def test_too_little_talk_is_not_clustered_but_its_kinds_are_told(embedder: SentenceEmbedder) -> None:
    given = material([next(iter(ROOMS.values()))[:3]])
    finding = Finding(given, vectors_of(given, embedder), GraphClusterer(), 1, embedder.embed)
    assert finding.placed and all(each.found is None and each.kind for each in finding.clustered)


def test_nothing_said_is_nothing_found(embedder: SentenceEmbedder) -> None:
    finding = Finding(Material(), np.empty((0, 0), np.float32), GraphClusterer(), 1, embedder.embed)
    finding.weigh(GraphClusterer(), 1)
    assert finding.placed == [] and finding.clustered == [] and finding.set_aside == []
