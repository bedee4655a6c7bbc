"""mine(): one event's transcripts to themes, stage by stage. Reads first, computes without holding the database, and
writes the whole analysis in one transaction, in place of the one before.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from time import perf_counter
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from capture.database import Database, utcnow
from capture.errors import NotFound, Refused
from capture.models import Event, Group, Recording, RecordingState
from capture.transcripts import group_timeline, utterances_of
from mining.analyses import latest_analysis
from mining.clusterer import Clustering, choose_clusterer, empty
from mining.embedder import Embedder, Vectors
from mining.embeddings import Embedded, embed_texts
from mining.models import Analysis, Passage, Theme
from mining.passages import Draft, cut_passages
from mining.settings import MiningSettings
from mining.themes import Described, FoundTheme, Talk, describe

LEAST = 10
"""Passages below which no themes are looked for: any grouping of so few would be an accident."""
REVISION = 1
"""Raise it when a change here gives other themes from the same input."""
LIBRARIES = ("numpy", "scikit-learn", "scikit-network", "bertopic", "sentence-transformers", "torch")

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class MiningResult:
    """`unchanged`: an analysis of the very same input was there already, and stays as it is."""

    analysis_id: int
    themes: int
    passages: int
    fresh_texts: int
    unchanged: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Placed:
    """A passage and where it stands. `offset` is the second at which its recording begins on its group's scale."""

    group: int
    recording: int
    offset: float
    draft: Draft


@dataclass
class _Input:
    """What an event offers to mine."""

    placed: list[_Placed] = field(default_factory=list)
    utterances: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    ready: int = 0
    """Recordings that are transcribed, whether anything was said in them or not."""
    digest: Any = field(default_factory=hashlib.sha256)


def mine(
    database: Database,
    event_id: int,
    settings: MiningSettings,
    *,
    seed: int | None = None,
    clusterer: str | None = None,
    progress: Progress = lambda fraction, note: None,
    store: Callable[[Session], None] | None = None,
) -> MiningResult:
    """Mines everything that is transcribed so far. `seed` and `clusterer` win over the settings.

    `store` is called in the final writing transaction, where a job checks that it may still write. Raises NotFound,
    Refused where there is nothing to mine or no such clusterer, EmbedderUnavailable.
    """
    clock = _Clock()
    seed = settings.seed if seed is None else seed
    engine = choose_clusterer(clusterer or settings.clusterer)
    began = utcnow()  # before reading: talk that is withdrawn meanwhile makes this analysis stale
    progress(0.02, "Reading the transcripts.")
    with database.reading() as session:
        given = _read(session, event_id)
        clock.stop("passages")
        given.digest.update(_conditions(settings.embedder, engine.name, seed))
        if same := _same(session, event_id, given.digest.hexdigest()):
            return _unchanged(same)
    load = _Loader(settings.embedder)
    texts = [each.draft.mined for each in given.placed]

    def embed(wanted: Sequence[str], report: Progress = lambda fraction, note: None) -> Embedded:
        return embed_texts(database, settings.embedder, load, wanted, report)

    embedded = embed(texts, lambda part, note: progress(0.05 + 0.75 * part, note))
    clock.stop("embed")
    progress(0.82, "Looking for themes.")
    clustering = _cluster(engine, embedded.vectors, given, seed)
    clock.stop("cluster")
    progress(0.9, "Describing the themes.")
    talk = [Talk(p.group, p.draft.end - p.draft.start, p.draft.words, p.draft.mined) for p in given.placed]
    described = describe(talk, embedded.vectors, clustering.labels.tolist(), lambda phrases: embed(phrases).vectors)
    clock.stop("describe")
    progress(0.98, "Storing.")
    analysis = _analysis_row(event_id, began, given, settings.embedder, engine.name, seed, clustering, clock)
    with database.writing() as session:
        _replace(session, analysis, given.placed, described)
        if store:
            store(session)
    themes, passages, notes = len(described.themes), len(given.placed), tuple(analysis.notes)
    return MiningResult(analysis.id, themes, passages, embedded.fresh, False, notes)


def _analysis_row(
    event_id: int,
    began: datetime,
    given: _Input,
    embedder: str,
    clusterer: str,
    seed: int,
    clustering: Clustering,
    clock: "_Clock",
) -> Analysis:
    return Analysis(
        event_id=event_id,
        created_at=began,
        fingerprint=given.digest.hexdigest(),
        seed=seed,
        embedder=embedder,
        clusterer=clusterer,
        parameters=clustering.parameters,
        seconds=clock.seconds(),
        stability=None,
        left_out=_left_out(given),
        notes=[*given.notes, *clustering.notes],
    )


def _read(session: Session, event_id: int) -> _Input:
    """All passages of an event in the order of its groups and of time. Raises NotFound, Refused."""
    event = session.get(Event, event_id)
    if event is None:
        raise NotFound("The event was deleted before it could be mined.")
    given = _Input()
    silent = []
    for group in session.scalars(select(Group).where(Group.event_id == event_id).order_by(Group.position, Group.id)):
        before = len(given.placed)
        for recording, offset in group_timeline(session, group.id):
            if recording.state == RecordingState.READY:
                _read_recording(session, given, group.id, recording, offset)
        if len(given.placed) == before:
            silent.append(group.name)
    if not given.ready:
        raise Refused(f"Nothing of “{event.title}” is transcribed yet. Run: harvest transcribe {event.slug}")
    given.notes = [*_waiting(session, event_id), *_silence(silent)]
    if not given.placed:
        given.notes.append("Nothing was said that could be mined: silence, backchannels or doubtful text only.")
    elif len(given.placed) < LEAST:
        count = f"{len(given.placed)} passages" if len(given.placed) > 1 else "1 passage"
        given.notes.append(f"Too little talk for themes: {count}, where at least {LEAST} are needed.")
    return given


def _read_recording(session: Session, given: _Input, group: int, recording: Recording, offset: float) -> None:
    utterances = utterances_of(session, recording.id)
    cut = cut_passages(utterances)
    given.placed += [_Placed(group, recording.id, offset, draft) for draft in cut.passages]
    given.ready += 1
    given.utterances.update(cut.utterances)
    given.words.update(cut.words)
    said = [[u.position, u.start, u.end, u.text, u.speaker, u.doubt] for u in utterances]
    given.digest.update(json.dumps([group, recording.id, offset, said]).encode())


def _waiting(session: Session, event_id: int) -> list[str]:
    count = len(
        session.scalars(
            select(Recording.id).where(Recording.event_id == event_id, Recording.state != RecordingState.READY)
        ).all()
    )
    if not count:
        return []
    what = "1 recording is" if count == 1 else f"{count} recordings are"
    return [f"{what} not transcribed yet and not in this picture."]


def _silence(groups: Sequence[str]) -> list[str]:
    if not groups:
        return []
    names = ", ".join(f"“{name}”" for name in groups[:5]) + (f" and {len(groups) - 5} more" if len(groups) > 5 else "")
    return [f"Without talk that could be mined: {names}."]


def _left_out(given: _Input) -> list[dict[str, Any]]:
    reasons = sorted(given.utterances, key=lambda reason: (-given.words[reason], reason))
    return [{"reason": r, "utterances": given.utterances[r], "words": given.words[r]} for r in reasons]


def _conditions(embedder: str, clusterer: str, seed: int) -> bytes:
    """What a result rests on besides the transcripts."""
    return json.dumps([REVISION, embedder, clusterer, seed, [version(name) for name in LIBRARIES]]).encode()


def _same(session: Session, event_id: int, fingerprint: str) -> Analysis | None:
    newest = latest_analysis(session, event_id)
    return newest if newest and newest.fingerprint == fingerprint else None


def _unchanged(analysis: Analysis) -> MiningResult:
    return MiningResult(analysis.id, len(analysis.themes), len(analysis.passages), 0, True, tuple(analysis.notes))


def _cluster(engine: Any, vectors: Vectors, given: _Input, seed: int) -> Clustering:
    if len(given.placed) < LEAST:
        return Clustering(empty(len(given.placed)), {})
    # By recording, not by group: two recordings of one room need not follow on each other.
    recordings = [each.recording for each in given.placed]
    found: Clustering = engine.cluster(vectors, [each.draft.mined for each in given.placed], recordings, seed)
    return found


def _replace(session: Session, analysis: Analysis, placed: Sequence[_Placed], described: Described) -> None:
    """Stores the analysis with its passages and themes, and deletes the event's earlier ones."""
    session.execute(delete(Analysis).where(Analysis.event_id == analysis.event_id))
    session.add(analysis)
    session.flush()
    themes = [_theme_row(analysis.id, theme) for theme in described.themes]
    session.add_all(themes)
    session.flush()
    ids = {i: row.id for theme, row in zip(described.themes, themes, strict=True) for i in theme.members}
    session.add_all(
        Passage(
            analysis_id=analysis.id,
            group_id=each.group,
            recording_id=each.recording,
            theme_id=ids.get(i),
            number=i + 1,
            offset=each.offset,
            kind=None,
            strength=round(min(1.0, float(described.strengths[i])), 4),
            speakers=list(each.draft.speakers),
            start=round(each.draft.start + each.offset, 3),
            end=round(each.draft.end + each.offset, 3),
            **{name: getattr(each.draft, name) for name in ("first", "last", "words", "text")},
        )
        for i, each in enumerate(placed)
    )


def _theme_row(analysis_id: int, theme: FoundTheme) -> Theme:
    return Theme(
        analysis_id=analysis_id,
        number=theme.number,
        label=theme.label,
        keywords=list(theme.keywords),
        parent=None,
        breadth=theme.breadth,
        depth=theme.depth,
        stability=None,
        by_group={str(group): round(share, 6) for group, share in theme.by_group.items()},
        quotes=[i + 1 for i in theme.quotes],
        perspectives=[
            {"group": each.group, "keywords": list(each.keywords), "quotes": [i + 1 for i in each.quotes]}
            for each in theme.perspectives
        ],
        neighbours=list(theme.neighbours),
        x=theme.x,
        y=theme.y,
    )


class _Loader:
    """Builds the embedder when it is first needed, and only once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._embedder: Embedder | None = None

    def __call__(self) -> Embedder:
        if self._embedder is None:
            from mining.sentence_embedder import SentenceEmbedder

            self._embedder = SentenceEmbedder(self.name)
        return self._embedder


class _Clock:
    """Wall seconds of each stage."""

    def __init__(self) -> None:
        self._began = self._last = perf_counter()
        self._stages: dict[str, float] = {}

    def stop(self, stage: str) -> None:
        now = perf_counter()
        self._stages[stage], self._last = round(now - self._last, 3), now

    def seconds(self) -> dict[str, float]:
        return {**self._stages, "total": round(perf_counter() - self._began, 3)}
