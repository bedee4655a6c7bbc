"""Values that travel between audio, transcribers, transcript files and the database.

They are ours: what a library returns is turned into these at its adapter and nowhere else.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 16_000
"""Samples per second of all audio inside Harvest (mono, float32, -1..1): what every recogniser here wants."""


@dataclass(frozen=True)
class Word:
    """One recognised word; seconds count from the beginning of the recording."""

    text: str
    start: float
    end: float
    confidence: float | None = None


@dataclass(frozen=True)
class Spoken:
    """One stretch of one speaker: an utterance before it is stored. Seconds from the beginning of the recording.

    `speaker` is the name as the file has it (None: unknown); it is masked before it reaches the database.
    `confidence` is 0..1, None where the source has none (imported transcripts).
    `doubt` says in a few words why the recogniser's text should not be mined ("no speech", "repeats itself").
    """

    start: float
    end: float
    text: str
    speaker: str | None = None
    confidence: float | None = None
    words: tuple[Word, ...] = ()
    doubt: str | None = None


@dataclass(frozen=True)
class Stretch:
    """A piece of audio between two pauses, the unit of transcription and of resuming.

    `samples` has shape (n,), float32, SAMPLE_RATE; `start` and `end` are seconds in the recording.
    `speech` lists (start, end) seconds in the recording where voice activity was found; empty: silence.
    """

    start: float
    end: float
    samples: npt.NDArray[np.float32] = field(repr=False)
    speech: tuple[tuple[float, float], ...] = ()


def clock(seconds: float) -> str:
    """Seconds as people write them: 75.4 gives 1:15, 3700 gives 1:01:40."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
