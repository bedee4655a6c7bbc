"""How mining grows: seconds and peak memory of each stage on events of several sizes, and with which power of the size.

    python -m tests.benchmarks.scale [PASSAGES ...]     default: 3,000, 12,000 and 50,000

Events are replicated from the scripts of the sample event: every room goes through some of their subjects, a few
minutes each, with sentences of the subject recombined in another order and some of their words exchanged. Only the
sentences of the scripts are embedded; a unit of talk gets the mean of the vectors of its sentences and some noise, as
embedding it all would take hours and show nothing. Everything else is the real pipeline on a real database. A stage's
power is its growth between the last two sizes: 1 grows with the talk, 2 with its square. Peaks are those of the
process, so that a later stage shows what an earlier one left behind. Linux only.
"""

import argparse
import hashlib
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np
from sqlalchemy import insert
from sqlalchemy.orm import Session

from capture.database import Database
from capture.models import Event, Group, Utterance
from capture.settings import CaptureSettings
from mining.embedding.embedder import Vectors, load_embedder, vectors_name
from mining.embedding.embeddings import embed_texts
from mining.material import read_material
from mining.pipeline import mine
from mining.schema import migrate
from mining.settings import MiningSettings
from samples.room_scripts import SAMPLES, read_script
from tests.factories import make_event, make_recording

SIZES = (3_000, 12_000, 50_000)
ROOM = 70
"""Passages of a room: some forty minutes."""
STRETCH = (2, 9)
"""Passages of a stretch on one subject, at least and at most."""
WORDS = 85
EXCHANGED = 0.12
"""Share of words that are exchanged for others of the same subject."""
NOISE = 0.5
"""Length of the noise of a unit's vector, whose own is 1."""


@dataclass
class Talk:
    """The sentences of the scripts by subject, and the vector of each sentence, by its text."""

    subjects: list[list[str]]
    vectors: dict[str, Vectors]

    @classmethod
    def read(cls, vectors: Path) -> "Talk":
        said: dict[str, list[str]] = defaultdict(list)
        for script in sorted((SAMPLES / "scripts").glob("*.txt")):
            for turn in read_script(script):
                said[turn.theme or "chatter"] += re.split(r"(?<=[.?!]) ", turn.text)
        subjects = [list(dict.fromkeys(sentences)) for _, sentences in sorted(said.items())]
        texts = [text for sentences in subjects for text in sentences]
        if not vectors.exists():
            settings = MiningSettings()
            np.save(vectors, load_embedder(settings.embedder, settings.embedding_engine).embed(texts))
        return cls(subjects, dict(zip(texts, np.load(vectors), strict=True)))


@dataclass
class Replica:
    """Writes an event of about `passages` passages, and knows the vectors of what is said in it."""

    talk: Talk
    passages: int
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    sources: dict[str, str] = field(default_factory=dict)
    """{sentence as it is said: sentence of a script}"""

    def write(self, session: Session) -> Event:
        event = make_event(session, f"scale-{self.passages}")
        for room in range(max(1, round(self.passages / ROOM))):
            group = make_group_fast(session, event, room)
            recording = make_recording(session, group, seconds=ROOM * 36.0)
            rows, at = [], 0.0
            for text in self.room():
                seconds = 0.4 * len(text.split())
                speaker = f"person {self.chance.randint(1, 5)}"
                rows.append(
                    {"recording_id": recording.id, "position": len(rows), "start": at, "end": at + seconds}
                    | {"text": text, "speaker": speaker}
                )
                at += seconds + 0.2
            session.execute(insert(Utterance), rows)
        return event

    def room(self) -> list[str]:
        said: list[str] = []
        words = 0
        while words < ROOM * WORDS:
            subject = self.chance.choice(self.talk.subjects)
            until = min(words + self.chance.randint(*STRETCH) * WORDS, ROOM * WORDS)
            while words < until:
                said.append(self.paraphrase(self.chance.choice(subject), subject))
                words += len(said[-1].split())
        return said

    def paraphrase(self, sentence: str, subject: Sequence[str]) -> str:
        words = sentence.split()
        for i in range(len(words)):
            if self.chance.random() < EXCHANGED:
                words[i] = self.chance.choice(self.chance.choice(subject).split())
        said = " ".join(words)
        self.sources[said] = sentence
        return said

    def keep_vectors(self, database: Database, event_id: int) -> None:
        """Stores what embedding the units would have found."""
        with database.reading() as session:
            given = read_material(session, event_id)
        known: dict[str, Vectors] = {}
        for said in given.recordings:
            for unit in said.cut.units:
                sentences = [self.talk.vectors[self.sources[u.text]] for u in said.cut.spoken(unit)]
                known[unit.mined] = self.noisy(np.mean(sentences, axis=0), unit.mined)
        settings = MiningSettings()
        name = vectors_name(settings.embedder, settings.embedding_engine)
        embed_texts(database, name, lambda: Known(name, known), list(known), lambda fraction, note: None)

    @staticmethod
    def noisy(mean: Vectors, text: str) -> Vectors:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
        noise = np.random.default_rng(seed).normal(size=len(mean))
        row = mean / np.linalg.norm(mean) + NOISE * noise / np.linalg.norm(noise)
        return np.asarray(row / np.linalg.norm(row), np.float32)


@dataclass(frozen=True)
class Known:
    """An `Embedder` that has every answer already."""

    name: str
    vectors: dict[str, Vectors]

    @property
    def dimension(self) -> int:
        return len(next(iter(self.vectors.values())))

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.vstack([self.vectors[text] for text in texts])


def make_group_fast(session: Session, event: Event, room: int) -> Group:
    """`make_group` counts the groups that are there, which grows with the square of their number."""
    group = Group(event_id=event.id, name=f"Room {room + 1}", position=room)
    session.add(group)
    session.flush()
    return group


class Watch:
    """CPU seconds and peak MB of each stage, told apart by what mining says about its progress."""

    def __init__(self) -> None:
        self.stages: dict[str, list[float]] = {}
        self._last = ""
        self._began = time.process_time()

    def __call__(self, fraction: float, note: str) -> None:
        stage = "Understanding." if "understood" in note or "language model" in note else note
        if stage != self._last:
            self.close()
            self._last, self._began = stage, time.process_time()
            Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew

    def close(self) -> None:
        if self._last:
            seconds, peak = self.stages.get(self._last, [0.0, 0.0])
            self.stages[self._last] = [seconds + time.process_time() - self._began, max(peak, _peak())]


def _peak() -> float:
    """MB of memory that the process held at most since the peak was begun anew."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def written(database: Database, replica: Replica) -> int:
    """The event's id."""
    with database.writing() as session:
        event_id = replica.write(session).id
    replica.keep_vectors(database, event_id)
    return event_id


def one(passages: int, vectors: Path) -> dict[str, object]:
    """Builds an event of this size and mines it in this process, after a small one: loading libraries does not grow."""
    with tempfile.TemporaryDirectory() as data:
        database = Database(CaptureSettings(data=data).database_url)
        migrate(database)
        talk = Talk.read(vectors)
        mine(database, written(database, Replica(talk, 2 * ROOM)), MiningSettings())
        event_id = written(database, Replica(talk, passages))
        watch = Watch()
        result = mine(database, event_id, MiningSettings(), progress=watch)
        watch.close()
        database.close()
    return {"passages": result.passages, "themes": result.themes, "stages": watch.stages}


def table(found: Sequence[dict[str, object]]) -> None:
    print("passages" + " " * 36 + "".join(f"{row['passages']:>20,}" for row in found) + "  time^  memory^")
    print("themes  " + " " * 36 + "".join(f"{row['themes']:>20}" for row in found))
    for stage in dict.fromkeys(stage for row in found for stage in row["stages"]):  # type: ignore[attr-defined]
        cells = [row["stages"].get(stage, [0.0, 0.0]) for row in found]  # type: ignore[attr-defined]
        line = "".join(f"{seconds:>9.1f} s {peak:>6.0f} MB" for seconds, peak in cells)
        print(f"{stage:<44}{line}{_powers(found, cells)}")


def _powers(found: Sequence[dict[str, object]], cells: Sequence[Sequence[float]]) -> str:
    grown = [log(b["passages"] / a["passages"]) for a, b in pairwise(found)]  # type: ignore[operator]
    if not grown:
        return ""
    (before, after), bigger = cells[-2:], grown[-1]
    return "".join(f"{log(max(b, 0.01) / max(a, 0.01)) / bigger:>8.2f}" for a, b in zip(before, after, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="PASSAGES")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(one(arguments.sizes[0], arguments.one)))
        return
    with tempfile.TemporaryDirectory() as folder:
        vectors = Path(folder) / "vectors.npy"
        Talk.read(vectors)
        found = []
        for size in arguments.sizes:
            command = [sys.executable, "-m", "tests.benchmarks.scale", str(size), "--one", str(vectors)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            found.append(json.loads(done.stdout.splitlines()[-1]))
            table(found)


if __name__ == "__main__":
    main()
