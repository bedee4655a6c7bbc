"""PocketSphinx behind the Transcriber port: needs no download, is good on clear speech and poor on a noisy room.

It keeps Python's global lock while it decodes, so it runs in processes of its own, one stretch at a time each. They
are spawned, never forked (the parent has threads), and end with their parent even when that is killed.
"""

import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, get_context, parent_process
from typing import Any

import numpy as np

from capture.errors import TranscriberUnavailable
from capture.speech import SAMPLE_RATE, Spoken, Stretch, Word
from capture.transcriber import Transcribed, doubt, mark_loops, mean_confidence, split_long

SOUNDS, WORDS = 3000, 10
"""Hypotheses followed at any moment: half the time of no limit, for 1 word more wrong in 100 (measured on samples/)."""
LANGUAGE_WEIGHT = 4.5
"""Of lw 4.5, 6.5 (PocketSphinx's own) and 9.5 the one with the fewest word errors on synthetic speech (8, 11, 18 %)."""
FRAME = 0.01
"""Seconds per PocketSphinx frame."""

Recognised = list[tuple[str, float, float, float]]
"""(word, start, end, probability); seconds from the beginning of the stretch."""


class SphinxTranscriber:
    """A Transcriber over a pool of `jobs` processes (0 or None: one per core). English only, no vocabulary."""

    name = "sphinx"
    demonstration = True

    def __init__(self, jobs: int | None = None) -> None:
        self.jobs = jobs or len(os.sched_getaffinity(0))
        self._pool: ProcessPoolExecutor | None = None

    def transcribe(self, stretches: Iterable[Stretch]) -> Iterator[Transcribed]:
        """One result per stretch, in order; at most two stretches per process are under way."""
        waiting: deque[tuple[Stretch, Future[list[Recognised]]]] = deque()
        finished = False
        try:
            for stretch in stretches:
                waiting.append((_without_samples(stretch), self._submit(stretch)))
                if len(waiting) >= 2 * self.jobs:
                    yield _result(*waiting.popleft())
            while waiting:
                yield _result(*waiting.popleft())
            finished = True
        except BrokenProcessPool:
            raise TranscriberUnavailable(
                "A PocketSphinx process ended unexpectedly (was the machine out of memory?); "
                "transcribe again, with fewer --jobs if it happens twice."
            ) from None
        finally:
            if not finished:
                self.close()

    def close(self) -> None:
        """Drops what is waiting, lets running stretches end (seconds) and ends the processes."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, stretch: Stretch) -> "Future[list[Recognised]]":
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.jobs, mp_context=get_context("spawn"), initializer=_start_worker)
        sound = (np.clip(stretch.samples, -1, 1) * 32767).astype(np.int16)
        runs = []
        for start, end in stretch.speech:
            first, last = round((start - stretch.start) * SAMPLE_RATE), round((end - stretch.start) * SAMPLE_RATE)
            runs.append((first / SAMPLE_RATE, sound[first:last].tobytes()))
        return self._pool.submit(_recognise, runs)


def _without_samples(stretch: Stretch) -> Stretch:
    return Stretch(stretch.start, stretch.end, np.empty(0, np.float32), stretch.speech)


def _result(stretch: Stretch, future: "Future[list[Recognised]]") -> Transcribed:
    spoken: list[Spoken] = []
    for recognised in future.result():
        words = [Word(text, stretch.start + a, stretch.start + b, p) for text, a, b, p in recognised]
        spoken += [_utterance(group) for group in split_long(words) if group]
    return Transcribed(stretch.start, stretch.end, tuple(mark_loops(spoken)))


def _utterance(words: tuple[Word, ...]) -> Spoken:
    text, confidence = " ".join(word.text for word in words), mean_confidence(words)
    return Spoken(
        start=words[0].start,
        end=words[-1].end,
        text=text,
        confidence=confidence,
        words=words,
        doubt=doubt(text, confidence=confidence),
    )


# --- in the worker process ------------------------------------------------------------------------------------------

_decoder: Any = None


def _start_worker() -> None:
    """Loads the model once per process (0.3 s, 150 MB)."""
    global _decoder
    from pocketsphinx import Decoder

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business; it ends us in good order
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _decoder = Decoder(samprate=SAMPLE_RATE, lw=LANGUAGE_WEIGHT, maxhmmpf=SOUNDS, maxwpf=WORDS, loglevel="FATAL")


def _end_with_parent() -> None:
    """Waits for the parent's end. A parent killed with -9 cannot say goodbye, and its pipes stay open among us."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _recognise(runs: list[tuple[float, bytes]]) -> list[Recognised]:
    """Words for each run of speech: (its start in the stretch, 16-bit samples at SAMPLE_RATE).

    The features start afresh for each stretch, or a result would depend on what the same process heard before.
    """
    _decoder.reinit_feat()
    results = []
    for start, sound in runs:
        _decoder.start_utt()
        _decoder.process_raw(sound, full_utt=True)
        _decoder.end_utt()
        results.append([_word(segment, start) for segment in _decoder.seg() or () if _is_word(segment.word)])
    return results


def _is_word(text: str) -> bool:
    """Not silence or noise: <s>, </s>, <sil>, [NOISE], [SPEECH] ..., ++BREATH++"""
    return not text.startswith(("<", "[", "++"))


def _word(segment: Any, start: float) -> tuple[str, float, float, float]:
    """The pronunciation's number is dropped: "to(3)" is "to". The last frame belongs to the word."""
    text = segment.word.partition("(")[0]
    probability = min(1.0, max(0.0, float(segment.prob)))
    return text, start + segment.start_frame * FRAME, start + (segment.end_frame + 1) * FRAME, probability
