"""The one file that knows PyAV: opens a recording, says what it is, and decodes it as 16 kHz mono in blocks.

Used by capture.audio only. Blocks instead of whole files keep memory flat with length; a packet loop of our own
skips damaged packets (faster-whisper's decoder drops everything after the first one) and seeks, to resume.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from capture.errors import UnreadableFile
from capture.speech import SAMPLE_RATE

Samples = npt.NDArray[np.float32]

BLOCK = 5.0
"""Seconds of audio handed on at once."""
PRE_ROLL = 1.0
"""Seconds decoded and thrown away before a wished start: mp3 and Opus frames lean on the ones before them."""
GAP = 0.1
"""Seconds by which a frame may lie after the last one before the hole is filled with silence."""
REBASE = 1.0
"""Seconds by which a frame may lie before the last one's end before its clock counts as started anew."""
LONGEST_HOLE = 600.0
"""Longest hole that is believed in a file without a declared length; beyond it the time stamp is damaged."""

# These formats are lists of other files (or of devices): one upload must never read another file.
LISTS_OF_FILES = {
    "hls",
    "concat",
    "concatf",
    "dash",
    "imf",
    "image2",
    "image2pipe",
    "lavfi",
    "rtsp",
    "sdp",
    "rtp",
    "tty",
}
TEXT_SNIFF = 4096


@dataclass(frozen=True)
class Block:
    """A piece of decoded audio. `samples`: shape (n,), float32, SAMPLE_RATE; `damaged`: packets lost just before."""

    samples: Samples = field(repr=False)
    damaged: int = 0


@contextmanager
def opened(path: Path, name: str) -> Iterator[tuple[Any, Any]]:
    """(container, best audio stream) of the file. Raises UnreadableFile that calls the file `name`."""
    import av

    _refuse_by_content(path, name)
    formats = ",".join(sorted(av.formats_available - LISTS_OF_FILES))
    try:
        container = av.open(str(path), options={"format_whitelist": formats, "protocol_whitelist": "file"})
    except av.error.FFmpegError as error:
        raise UnreadableFile(_why_not_opened(path, name)) from error
    with container:
        if not container.streams.audio:
            kind = "is a video without sound" if container.streams.video else "holds no sound"
            raise UnreadableFile(f"“{name}” {kind}; choose the recording that has the conversation on it.")
        yield container, container.streams.best("audio") or container.streams.audio[0]


def _refuse_by_content(path: Path, name: str) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(TEXT_SNIFF)
    except FileNotFoundError:
        raise UnreadableFile(f"“{name}” is not there any more; add the recording again.") from None
    if not head:
        raise UnreadableFile(f"“{name}” is empty (0 bytes); copy it again from the device that recorded it.")
    if _is_text(head):
        raise UnreadableFile(
            f"“{name}” holds text, not sound, whatever its name says; "
            "a transcript needs the ending .vtt, .srt, .docx or .txt."
        )


def _is_text(head: bytes) -> bool:
    """Text has no control characters but white space; a cut UTF-8 character at the end of the sniff is forgiven."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) and len(head) > 3 and head[2:4].count(0) == 1:
        return True
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return False
        text = head[: error.start].decode("utf-8-sig")
    return all(c >= " " or c in "\t\n\r\f\x1b" for c in text)


def _why_not_opened(path: Path, name: str) -> str:
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] in (b"ftyp", b"mdat", b"wide", b"skip", b"free"):
        return (
            f"“{name}” is cut off: the index at the end of the file is missing. "
            "Was it still being copied? Copy it again and compare the sizes."
        )
    return (
        f"“{name}” is not an audio or video file that can be read (or its beginning is damaged); "
        "try to play it, and save it again as m4a, mp3 or wav."
    )


def declared_seconds(container: Any, stream: Any) -> float | None:
    """The length the file claims, in seconds; None where it claims none or the reader merely guesses it."""
    if container.format.name in ("aac", "amr", "amrnb", "amrwb"):  # raw streams: guessed from the bit rate
        return None
    if container.duration is not None:
        return float(container.duration) / 1_000_000
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return None


def shows_video(container: Any) -> bool:
    """Whether there is a moving picture (the cover of a song is none)."""
    return any("ATTACHED_PIC" not in str(stream.disposition).upper() for stream in container.streams.video)


def format_in_words(container: Any, stream: Any) -> str:
    """Container and codec as people call them, e.g. "m4a, AAC" or "webm, Opus"."""
    codec = stream.codec_context.name
    names = container.format.name.split(",")
    if "mov" in names:
        kind = "mp4" if shows_video(container) else "m4a"
    elif "matroska" in names:
        kind = "webm" if codec.removeprefix("lib") in ("opus", "vorbis") else "mkv"
    else:
        kind = names[0]
    codec = "pcm" if codec.startswith("pcm_") else codec.removeprefix("lib").removesuffix("float")
    spoken = _CODECS.get(codec, codec.upper())
    return kind if kind.lower() == spoken.lower() else f"{kind}, {spoken}"


_CODECS = {"opus": "Opus", "vorbis": "Vorbis", "alac": "Apple lossless", "amrnb": "AMR", "amrwb": "AMR wide band"}
_PACKETS_TRIED = 2000


def seconds_decodable(container: Any, stream: Any, wanted: float) -> float:
    """Seconds of sound that come out of the first packets, at most about `wanted`; 0.0: nothing can be decoded."""
    found = 0.0
    for tried, frames in enumerate(_decoded(container, stream)):
        found += sum(frame.samples / frame.sample_rate for frame in frames or ())
        if found >= wanted or tried > _PACKETS_TRIED:
            break
    return found


def blocks(path: Path, start: float = 0.0) -> Iterator[Block]:
    """Decodes from `start` seconds to the end, as blocks of about BLOCK seconds without holes between them.

    The first sample is the one at `start` (by the file's own time stamps, so a player shows the same seconds);
    holes in the file become silence. Raises UnreadableFile where the file cannot be opened.
    """
    if start > 0:
        sought = _run(path, start, seek=True)
        first = next(sought, None)
        if first is not _LANDED_LATE:
            if first is not None:
                yield first
            yield from sought
            return
    yield from _run(path, start, seek=False)


_LANDED_LATE = Block(np.empty(0, np.float32), -1)
"""Says that seeking was impossible or landed behind the wish, so that the file must be read from its beginning."""


def _run(path: Path, start: float, *, seek: bool) -> Iterator[Block]:
    import av

    with opened(path, path.name) as (container, stream):
        origin = (container.start_time or 0) / 1_000_000
        if seek:
            try:
                container.seek(int((max(0.0, start - PRE_ROLL) + origin) * 1_000_000))
            except av.error.FFmpegError:
                yield _LANDED_LATE
                return
        line = _TimeLine(start, origin, declared_seconds(container, stream), from_middle=seek)
        for frames in _decoded(container, stream):
            if frames is None:
                line.lost()
                continue
            for frame in frames:
                if not line.add(frame):
                    yield _LANDED_LATE
                    return
                while line.ready >= BLOCK * SAMPLE_RATE:
                    yield line.take()
        if line.empty_handed and seek:
            yield _LANDED_LATE
            return
        line.flush()
        while line.ready or line.damaged:
            yield line.take()


def _decoded(container: Any, stream: Any) -> Iterator[list[Any] | None]:
    """The frames of each packet; None for a packet that could not be read or decoded."""
    import av

    misses = 0
    while misses < 3:  # a demuxer that fails is asked again: often only one packet is bad
        try:
            for packet in container.demux(stream):
                misses = 0
                try:
                    frames = packet.decode()
                except av.error.EOFError:
                    frames = []
                except av.error.FFmpegError:
                    yield None
                    continue
                yield frames
            return
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            misses += 1
            yield None


class _TimeLine:
    """Puts decoded frames end to end at their time stamps, as 16 kHz mono, and cuts off what is before `start`.

    Two clocks run: `clock` in seconds of the source (where the next frame is expected), and the samples written.
    """

    def __init__(self, start: float, origin: float, declared: float | None, *, from_middle: bool) -> None:
        self.start, self.origin, self.declared, self.from_middle = start, origin, declared, from_middle
        self.clock: float | None = None
        self.shift = 0.0  # added to time stamps after a clock has started anew
        self.skip = 0  # samples still to be thrown away
        self.damaged = 0
        self.pieces: deque[Samples] = deque()
        self.ready = 0
        self.resampler: Any = None
        self.shape: tuple[Any, ...] = ()
        self.mixes = False  # whether we mix the channels ourselves

    @property
    def empty_handed(self) -> bool:
        return self.clock is None

    def lost(self) -> None:
        """Counts a damaged packet, but not one in the part that is decoded only to get going."""
        if self.skip == 0 and not (self.from_middle and self.clock is None):
            self.damaged += 1

    def add(self, frame: Any) -> bool:
        """Appends one frame; False when the very first one after a seek lies behind the wished start."""
        stamp = None if frame.time is None else frame.time - self.origin + self.shift
        if self.clock is None:
            if self.from_middle and (stamp is None or stamp > self.start + 0.02):
                return False
            if stamp is not None and not self._believable(stamp, stamp):
                self.shift, stamp = -stamp, 0.0
            self.clock = 0.0 if stamp is None else stamp
            late = round((self.clock - self.start) * SAMPLE_RATE)
            self.skip = max(0, -late)
            self._silence(max(0, late))
        elif stamp is not None:
            self._keep_time(stamp)
        self.clock += frame.samples / frame.sample_rate
        self._resample(frame)
        return True

    def _keep_time(self, stamp: float) -> None:
        assert self.clock is not None
        hole = stamp - self.clock
        if hole < -REBASE or (hole > GAP and not self._believable(stamp, hole)):
            self.shift -= hole
        elif hole > GAP:
            self.flush()
            self._silence(round(hole * SAMPLE_RATE))
            self.clock = stamp

    def _believable(self, stamp: float, hole: float) -> bool:
        return hole <= LONGEST_HOLE if self.declared is None else stamp <= self.declared + 1.0

    def _resample(self, frame: Any) -> None:
        import av

        if self.mixes:
            frame = _mixed(frame)
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self.resampler is None or shape != self.shape:  # also in the middle: joined files change their format
            self.flush()
            # Whole numbers, because FFmpeg lets the sum of several channels exceed full scale in floats.
            self.resampler, self.shape = av.AudioResampler(format="s32", layout="mono", rate=SAMPLE_RATE), shape
        frame.pts = None
        try:
            self._write(self.resampler.resample(frame))
        except av.error.FFmpegError:
            self.resampler = None
            if self.mixes:
                self.damaged += 1
                return
            self.mixes = True  # more channels than FFmpeg has names for
            self._resample(frame)

    def flush(self) -> None:
        """Takes the last milliseconds out of the resampler."""
        if self.resampler is not None:
            self._write(self.resampler.resample(None))
            self.resampler = None

    def _write(self, frames: list[Any]) -> None:
        for frame in frames:
            if frame is not None:  # a resampler with nothing to do hands None through when flushed
                self._append(frame.to_ndarray().reshape(-1).astype(np.float32) / 2**31)

    def _silence(self, count: int) -> None:
        """Appends `count` silent samples; they are one number in memory until they are taken."""
        if count > 0:
            self._append(np.broadcast_to(np.zeros(1, np.float32), (count,)))

    def _append(self, samples: Samples) -> None:
        if self.skip:
            dropped = min(self.skip, len(samples))
            self.skip -= dropped
            samples = samples[dropped:]
        if len(samples):
            self.pieces.append(samples)
            self.ready += len(samples)

    def take(self) -> Block:
        """Hands over at most BLOCK seconds (and a frame) of what has gathered."""
        wanted, taken = int(BLOCK * SAMPLE_RATE), [np.empty(0, np.float32)]
        while wanted > 0 and self.pieces:
            piece = self.pieces.popleft()
            if len(piece) > 2 * wanted:  # only a long hole is longer than a frame
                self.pieces.appendleft(piece[wanted:])
                piece = piece[:wanted]
            taken.append(piece)
            wanted -= len(piece)
        block = Block(np.concatenate(taken), self.damaged)
        self.ready, self.damaged = self.ready - len(block.samples), 0
        return block


def _mixed(frame: Any) -> Any:
    """The mean of all channels as a mono frame."""
    import av

    values = frame.to_ndarray()
    if not frame.format.is_planar:
        values = values.reshape(-1, frame.layout.nb_channels).T
    scale = 1.0 if values.dtype.kind == "f" else float(np.iinfo(values.dtype).max)
    mono = (values.astype(np.float32) / scale).mean(axis=0, keepdims=True)
    mixed = av.AudioFrame.from_ndarray(np.ascontiguousarray(mono, np.float32), format="flt", layout="mono")
    mixed.sample_rate = frame.sample_rate
    return mixed
