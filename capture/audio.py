"""Recordings as sound: what a file is (before it is accepted), and its speech in stretches (to transcribe it).

recordings.py asks `inspect` on arrival; the transcription job feeds `stretches` to a Transcriber and stores what
came of each, so that a killed job resumes at the end of the last stored stretch. Decoding is in capture.decoding,
the rules for cutting in capture.voice_activity.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from capture.decoding import Samples, blocks, declared_seconds, format_in_words, opened, seconds_decodable, shows_video
from capture.errors import UnreadableFile
from capture.speech import SAMPLE_RATE, Stretch, clock
from capture.voice_activity import WINDOW, find_cut, speech_runs

PROBE = 5.0
"""Seconds decoded before a file is accepted."""
COMPLETE = 0.98
"""A decoded share of the declared length below this is worth a warning."""
MOSTLY_SILENT = 0.8
VERY_QUIET = -50.0
"""Mean dBFS below which a recording with speech is called extremely quiet."""


@dataclass(frozen=True)
class AudioFacts:
    """What a file is. `format` in words ("m4a, AAC"); `seconds` as the file declares them (None: it does not)."""

    format: str
    seconds: float | None
    channels: int
    sample_rate: int
    has_video: bool


@dataclass
class DecodeReport:
    """What went by while `stretches` was iterated; seconds of sound, all plain numbers.

    To resume, store `as_of(end)` with each finished stretch and pass `DecodeReport(**stored)` to the next run.
    `energy` is the sum of squared samples divided by the sample rate.
    """

    decoded: float = 0.0
    declared: float | None = None
    damaged: int = 0
    speech: float = 0.0
    energy: float = 0.0
    _marks: list[tuple[float, dict[str, Any]]] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def silence(self) -> float:
        """Share of the decoded time without voice activity, 0..1."""
        return min(1.0, max(0.0, 1.0 - self.speech / self.decoded)) if self.decoded else 0.0

    @property
    def loudness(self) -> float | None:
        """Mean level in dBFS (0 is the loudest possible); None for digital silence."""
        return 10 * math.log10(self.energy / self.decoded) if self.decoded and self.energy > 0 else None

    def numbers(self) -> dict[str, Any]:
        """The fields as they can be stored and given back to DecodeReport."""
        return {
            "decoded": self.decoded,
            "declared": self.declared,
            "damaged": self.damaged,
            "speech": self.speech,
            "energy": self.energy,
        }

    def as_of(self, end: float) -> dict[str, Any]:
        """The numbers as they were at the end of the stretch that ended at `end` seconds.

        A transcriber reads ahead, so the report itself may already know more than what has been transcribed.
        Marks before `end` are forgotten. Raises KeyError for an end that never was one.
        """
        while self._marks and self._marks[0][0] < end:
            self._marks.pop(0)
        if not self._marks or self._marks[0][0] != end:
            raise KeyError(end)
        return self._marks[0][1]

    def mark(self, end: float) -> None:
        """Remembers the present numbers under `end`; called by `stretches` for each stretch."""
        self._marks.append((end, self.numbers()))

    def warnings(self) -> list[str]:
        """Plain sentences about what the user should know of a finished recording; empty when all is well."""
        found = []
        if self.declared and self.decoded < COMPLETE * self.declared:
            found.append(
                f"Only {clock(round(self.decoded))} of {clock(round(self.declared))} could be read; "
                "the file is cut off or damaged. Copy it again if the original is longer."
            )
        if self.damaged:
            parts = "1 damaged place was" if self.damaged == 1 else f"{self.damaged} damaged places were"
            found.append(f"{parts} skipped; a moment of the conversation may be missing there.")
        if self.speech == 0:
            found.append("No speech was found in this recording.")
        elif self.silence > MOSTLY_SILENT:
            found.append(f"{self.silence:.0%} of this recording is silence.")
        if self.loudness is not None and self.loudness < VERY_QUIET:
            found.append(
                f"The recording is extremely quiet ({-self.loudness:.0f} dB below full scale); words may be missing."
            )
        return found


def inspect(path: Path, name: str) -> AudioFacts:
    """Opens a file and decodes its first seconds. Raises UnreadableFile, which calls it `name`, when it is no use."""
    with opened(path, name) as (container, stream):
        facts = AudioFacts(
            format=format_in_words(container, stream),
            seconds=declared_seconds(container, stream),
            channels=stream.codec_context.channels,
            sample_rate=stream.codec_context.sample_rate,
            has_video=shows_video(container),
        )
        if seconds_decodable(container, stream, PROBE) == 0.0:
            if facts.seconds is None or facts.seconds < 1.0:
                raise UnreadableFile(f"“{name}” holds 0 seconds of sound; the recording was stopped as it began.")
            raise UnreadableFile(
                f"The sound in “{name}” ({facts.format}) cannot be decoded; the file is damaged or protected. "
                "Copy it again, or save it as m4a, mp3 or wav."
            )
    return facts


def stretches(path: Path, start: float = 0.0, report: DecodeReport | None = None) -> Iterator[Stretch]:
    """The speech of a recording in pieces of at most 28 s, cut at pauses, from `start` seconds on; silence is skipped.

    Lazy, and flat in memory whatever the length (it holds half a minute of sound). `start` = the end of an earlier
    stretch continues as if there had been no break. `report` is filled along the way. Raises UnreadableFile.
    """
    report = DecodeReport() if report is None else report
    with opened(path, path.name) as (container, stream):
        report.declared = declared_seconds(container, stream)
    window = _Window(round(start * SAMPLE_RATE), report)
    for block in blocks(path, start):
        window.add(block.samples, block.damaged)
        while window.full:
            yield from window.cut(last=False)
    while len(window.samples):
        yield from window.cut(last=not window.overfull)
    window.finish()


class _Window:
    """The sound between what has been cut and what has been decoded; `position` is its first sample's number."""

    SIZE = int(WINDOW * SAMPLE_RATE)

    def __init__(self, position: int, report: DecodeReport) -> None:
        self.position, self.report = position, report
        self.samples: Samples = np.empty(0, np.float32)
        self.damage: list[tuple[int, int]] = []  # (sample number, damaged packets found there)

    @property
    def full(self) -> bool:
        return len(self.samples) >= self.SIZE

    @property
    def overfull(self) -> bool:
        return len(self.samples) > self.SIZE

    def add(self, samples: Samples, damaged: int) -> None:
        if damaged:
            self.damage.append((self.position + len(self.samples), damaged))
        self.samples = np.concatenate([self.samples, samples])

    def finish(self) -> None:
        """Counts the damage behind the last sample."""
        self.report.damaged += sum(number for _, number in self.damage)

    def cut(self, *, last: bool) -> Iterator[Stretch]:
        """Takes one stretch, or some silence, off the beginning; always makes the window shorter."""
        view = self.samples[: self.SIZE]
        runs = speech_runs(view)
        cut = find_cut(view, runs, last=last)
        begin, end = round(cut.begin * SAMPLE_RATE), min(round(cut.end * SAMPLE_RATE), len(view))
        if end <= begin:
            self._advance(max(end, 1))
            return
        from_here = self.position / SAMPLE_RATE
        speech = tuple(
            (from_here + max(low, cut.begin), from_here + min(high, cut.end)) for low, high in runs if low < cut.end
        )
        stretch = Stretch(
            start=(self.position + begin) / SAMPLE_RATE,
            end=(self.position + end) / SAMPLE_RATE,
            samples=view[begin:end].copy(),
            speech=speech,
        )
        self._advance(end)
        self.report.speech += sum(high - low for low, high in speech)
        self.report.mark(stretch.end)
        yield stretch

    def _advance(self, count: int) -> None:
        gone = self.samples[:count]
        self.report.decoded += len(gone) / SAMPLE_RATE
        self.report.energy += float(np.square(gone, dtype=np.float32).sum(dtype=np.float64)) / SAMPLE_RATE
        self.samples = self.samples[count:]
        self.position += len(gone)
        self.report.damaged += sum(number for place, number in self.damage if place <= self.position)
        self.damage = [(place, number) for place, number in self.damage if place > self.position]
