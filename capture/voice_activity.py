"""Where somebody speaks, and where a long recording is best cut: the rules behind capture.audio.stretches.

Every window is judged from a fresh start (the detector keeps no state between windows), so that a transcription
that resumes at the end of a stretch cuts the rest exactly as an uninterrupted one does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from capture.speech import SAMPLE_RATE

Run = tuple[float, float]

WINDOW = 30.0
"""Seconds looked at to decide on one cut: no stretch is longer."""
LONGEST, EARLIEST, SHORTEST = 28.0, 15.0, 4.0
"""A stretch ends at a pause EARLIEST to LONGEST seconds after it began; failing that, at one after SHORTEST."""
LONG_PAUSE = 4.0
"""A pause of this many seconds always ends a stretch: recognisers invent words in long silence."""
GOOD_PAUSE = 0.5
DIGITAL_SILENCE = 1e-4
"""Peak (1.0 is the loudest possible) below which nobody speaks: a microphone that was off needs no detector."""
LEAD, TAIL = 0.2, 0.5
"""Seconds of silence left before the first and after the last speech of a stretch."""


@dataclass(frozen=True)
class Cut:
    """What becomes of a window: `begin`..`end` is a stretch, what lies before is silence; all in window seconds.

    `begin == end`: there is no stretch yet, only silence to skip.
    """

    begin: float
    end: float


def speech_runs(samples: npt.NDArray[np.float32]) -> tuple[Run, ...]:
    """(start, end) seconds of voice activity, at least 0.3 s apart and padded by 0.1 s; `samples`: (n,), SAMPLE_RATE.

    Silero VAD v6 (github.com/snakers4/silero-vad) as faster-whisper bundles it, at a threshold of 0.4 because the
    recordings are made from the middle of a table: what it misses is lost for good.
    """
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    if len(samples) < 512 or max(samples.max(), -samples.min()) < DIGITAL_SILENCE:
        return ()
    options = VadOptions(threshold=0.4, min_speech_duration_ms=100, min_silence_duration_ms=300, speech_pad_ms=100)
    found = get_speech_timestamps(samples, options)
    return tuple((run["start"] / SAMPLE_RATE, run["end"] / SAMPLE_RATE) for run in found)


def find_cut(samples: npt.NDArray[np.float32], runs: Sequence[Run], *, last: bool) -> Cut:
    """Decides on the next stretch in a window. `last`: nothing follows the window, so all of it must be used up."""
    length = len(samples) / SAMPLE_RATE
    if not runs:
        quiet = length if last else max(length - 1.0, 0.0)  # a word may just begin at the very end
        return Cut(quiet, quiet)
    begin = max(0.0, runs[0][0] - LEAD)
    if begin > WINDOW - LONGEST and not last:
        return Cut(begin, begin)  # skip the silence first: the window then shows more of what follows
    pauses = [*_pauses(runs), (runs[-1][1], length)]
    end = _pause_to_cut(pauses, begin, all_fits=last and runs[-1][1] - begin <= LONGEST)
    if end is None:
        end = _quietest(samples, begin + EARLIEST, min(begin + LONGEST, length))
    return Cut(begin, min(end, length))


def _pauses(runs: Sequence[Run]) -> list[Run]:
    return [(before[1], after[0]) for before, after in zip(runs, runs[1:], strict=False)]


def _inside(pause: Run) -> float:
    """Where to cut in a pause: its middle, but not far from the speech."""
    return min((pause[0] + pause[1]) / 2, pause[0] + TAIL)


def _pause_to_cut(pauses: list[Run], begin: float, *, all_fits: bool) -> float | None:
    """Window seconds of the best pause, the last one being that behind all speech; None where there is none."""
    usable = [pause for pause in pauses if _inside(pause) - begin <= LONGEST and pause[1] > pause[0]]
    for pause in usable:
        if pause[1] - pause[0] >= LONG_PAUSE:
            return _inside(pause)
    if all_fits:
        return pauses[-1][0] + TAIL
    late = [pause for pause in usable if _inside(pause) - begin >= EARLIEST]
    good = [pause for pause in late if pause[1] - pause[0] >= GOOD_PAUSE]
    if good:
        return _inside(good[-1])
    early = [pause for pause in usable if _inside(pause) - begin >= SHORTEST]
    candidates = late or early
    return _inside(max(candidates, key=lambda pause: pause[1] - pause[0])) if candidates else None


def _quietest(samples: npt.NDArray[np.float32], low: float, high: float) -> float:
    """The middle of the quietest 0.1 s between two times, for talk without a pause."""
    step = SAMPLE_RATE // 10
    part = samples[int(low * SAMPLE_RATE) : int(high * SAMPLE_RATE)]
    count = len(part) // step
    if count == 0:
        return high
    loudness = (part[: count * step].reshape(count, step) ** 2).mean(axis=1)
    return low + (int(loudness.argmin()) + 0.5) / 10
