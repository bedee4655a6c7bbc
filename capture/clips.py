"""A stretch cut out of a recording, for ears that must not have the rest: plain samples, made anew in memory.

What the file says about itself (its name, device, place, time) does not come along, nor does anything before or after
the stretch. The viewer plays quotes from these to people who may not hear whole conversations.
"""

import io
import wave
from pathlib import Path

import numpy as np

from capture.decoding import blocks
from capture.errors import Refused, UnreadableFile
from capture.speech import SAMPLE_RATE

LONGEST = 90.0
"""Seconds of a clip."""


def clip(path: Path, start: float, end: float) -> bytes:
    """The sound from `start` to `end` (seconds in the file) as a WAV file: 16 kHz, mono, 16 bits, no metadata.

    Shorter where the recording ends before. Raises Refused for a stretch that is empty or longer than LONGEST, and
    UnreadableFile where the recording holds no sound there or cannot be read.
    """
    if not 0 <= start < end <= start + LONGEST:
        raise Refused(f"A clip has between 0 and {LONGEST:.0f} seconds; {start:.1f} to {end:.1f} s was asked for.")
    wanted = round((end - start) * SAMPLE_RATE)
    pieces, found = [], 0
    for block in blocks(path, start):
        pieces.append(block.samples[: wanted - found])
        found += len(pieces[-1])
        if found >= wanted:
            break
    if not found:
        raise UnreadableFile(f"There is no sound at {start:.1f} s; the recording ends before.")
    samples = np.clip(np.concatenate(pieces) * 32767, -32768, 32767).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(samples.tobytes())
    return out.getvalue()
