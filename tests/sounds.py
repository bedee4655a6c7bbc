"""Odd recordings for tests, written with PyAV: what people really hand in, and how it goes wrong on the way.

And the truth about the speech fixtures, with the measure that holds a transcript against it.
"""

import difflib
import io
import json
import random
import re
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from capture.speech import Spoken

SPEECH = Path(__file__).parent / "fixtures" / "speech"
RATE = 16_000


def truth(name: str, start: float = 0.0) -> list[dict]:
    """A speech fixture's sentences from `start` on: {"start", "end", "text", "words": [{"text", "start", "end"}]}."""
    sentences = json.loads((SPEECH / "truth.json").read_text())[name]["sentences"]
    return [sentence for sentence in sentences if sentence["start"] >= start]


def plain_words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def word_error_rate(name: str, heard: Iterable[Spoken], start: float = 0.0) -> float:
    """Share of the fixture's words from `start` on that were replaced, left out or added (least edits)."""
    said = plain_words(" ".join(sentence["text"] for sentence in truth(name, start)))
    found = plain_words(" ".join(spoken.text for spoken in heard))
    costs = list(range(len(found) + 1))
    for i, word in enumerate(said, start=1):
        diagonal, costs[0] = costs[0], i
        for j, other in enumerate(found, start=1):
            diagonal, costs[j] = costs[j], min(costs[j] + 1, costs[j - 1] + 1, diagonal + (word != other))
    return costs[-1] / len(said)


def word_time_errors(name: str, heard: Iterable[Spoken]) -> list[float]:
    """|error| in seconds of the start of each word that was recognised rightly."""
    said = [(plain_words(word["text"]), word["start"]) for sentence in truth(name) for word in sentence["words"]]
    found = [(plain_words(word.text), word.start) for spoken in heard for word in spoken.words]
    matcher = difflib.SequenceMatcher(a=[str(w) for w, _ in said], b=[str(w) for w, _ in found], autojunk=False)
    return [
        abs(said[block.a + k][1] - found[block.b + k][1])
        for block in matcher.get_matching_blocks()
        for k in range(block.size)
    ]


def speech(name: str = "rms.m4a", seconds: float | None = None) -> np.ndarray:
    """The samples of a speech fixture: shape (n,), float32, RATE."""
    resampler = av.AudioResampler("flt", "mono", RATE)
    with av.open(str(SPEECH / name)) as container:
        pieces = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    pieces += [part for part in resampler.resample(None) if part is not None]
    samples = np.concatenate([piece.to_ndarray().reshape(-1) for piece in pieces])
    return samples if seconds is None else samples[: round(seconds * RATE)]


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE), np.float32)


def write_audio(
    target: Path | io.RawIOBase,
    samples: np.ndarray,
    codec: str = "pcm_s16le",
    *,
    rate: int = RATE,
    channels: int = 1,
    video: bool = False,
    format: str | None = None,
) -> None:
    """Encodes mono `samples` (RATE) in a container by the target's ending, the same in each of `channels`."""
    with av.open(target if isinstance(target, io.IOBase) else str(target), "w", format=format) as container:
        layouts = {1: "mono", 2: "stereo", 8: "7.1"}
        stream = container.add_stream(codec, rate=rate, layout=layouts[channels])
        picture = _add_picture(container) if video else None
        size = stream.codec_context.frame_size or 4096
        resampler = av.AudioResampler(stream.format, stream.layout, rate, frame_size=size)
        for start in range(0, len(samples), RATE):
            part = samples[start : start + RATE].reshape(1, -1).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(part, format="flt", layout="mono")
            frame.sample_rate = RATE
            for piece in resampler.resample(frame):
                container.mux(stream.encode(piece))
        for piece in resampler.resample(None):
            if piece is not None:
                container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
        if picture is not None:
            _film(container, picture, len(samples) / RATE)


def write_silent_film(path: Path, seconds: float) -> None:
    """A video without any sound track."""
    with av.open(str(path), "w") as container:
        _film(container, _add_picture(container), seconds)


def _add_picture(container):
    stream = container.add_stream("mpeg4", rate=5)
    stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
    return stream


def _film(container, stream, seconds: float) -> None:
    for number in range(round(seconds * 5)):
        picture = np.full((48, 64, 3), number % 250, np.uint8)
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = number, Fraction(1, 5)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


class _Pipe(io.RawIOBase):
    """A file that can only be written onwards, like the one a browser records into."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.data += bytes(data)
        return len(data)


def write_browser_webm(path: Path, samples: np.ndarray) -> None:
    """Opus in webm as a browser's MediaRecorder leaves it: without a length and without an index."""
    pipe = _Pipe()
    write_audio(pipe, samples, "libopus", rate=48_000, format="webm")
    path.write_bytes(bytes(pipe.data))


def repeat(source: Path, target: Path, seconds: float) -> None:
    """The packets of a recording over and over, until it is `seconds` long."""
    with av.open(str(source)) as given, av.open(str(target), "w") as container:
        stream = given.streams.audio[0]
        out = container.add_stream_from_template(stream)
        packets = [(bytes(packet), packet.duration) for packet in given.demux(stream) if packet.size]
        clock, end, number = 0, seconds / float(stream.time_base), 0
        while clock < end:
            data, duration = packets[number % len(packets)]
            packet = av.Packet(data)
            packet.stream, packet.time_base = out, stream.time_base
            packet.pts = packet.dts = clock
            packet.duration = duration
            container.mux(packet)
            clock += duration
            number += 1


def cut_off(source: Path, target: Path, share: float) -> None:
    """The first `share` of the bytes: a copy that was interrupted."""
    data = source.read_bytes()
    target.write_bytes(data[: int(len(data) * share)])


def garble(source: Path, target: Path, at: float, size: int) -> None:
    """`size` bytes of noise written over the file, beginning at the share `at` of it."""
    data = bytearray(source.read_bytes())
    place = int(len(data) * at)
    data[place : place + size] = random.Random(1).randbytes(size)
    target.write_bytes(bytes(data))
