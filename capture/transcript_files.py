"""Transcript files in and out: what Zoom, Teams, Word, subtitle tools and people write becomes utterances, and back.

The content decides which format a file is, never its name. recordings asks `looks_like_transcript` and
`read_transcript` when a file arrives; the viewer and the export ask `write_vtt`.
"""

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Protocol

from capture.cue_files import has_cues, read_srt, read_vtt
from capture.cues import utterances
from capture.errors import UnreadableFile
from capture.speech import Spoken
from capture.turn_files import has_turns, read_docx, read_text

BIGGEST = 32 << 20
"""Bytes: ten days of talk. What is bigger is no transcript."""
TEXT_SUFFIXES = (".vtt", ".srt", ".txt", ".text", ".md")
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
NOT_TALK = ("%PDF", "{\\rtf", "<!DOCTYPE", "<html", "<?xml", "ID3", "OggS", "RIFF")
"""How files begin that may look like text for a while."""


@dataclass(frozen=True)
class TranscriptFile:
    """What a transcript file holds. `warnings` are plain sentences for the person who brought it."""

    format: str
    """`Zoom WebVTT`, `Teams WebVTT`, `WebVTT`, `SRT`, `Teams DOCX` or `plain text`."""
    utterances: tuple[Spoken, ...]
    """By start, not overlapping; speakers with the names the file gives."""
    warnings: tuple[str, ...]


class Timed(Protocol):
    """A stored utterance, or anything that is timed and said like one; seconds."""

    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def text(self) -> str: ...
    @property
    def speaker(self) -> str | None: ...


def looks_like_transcript(head: bytes, name: str) -> bool:
    """Whether the first bytes of a file are those of a transcript (or of a text that is worth a better refusal).

    `name` never makes a transcript of something; it only decides whether text without any turns is refused as a
    transcript or as a recording.
    """
    if head.startswith(b"PK\x03\x04"):
        return b"word/" in head or (b"[Content_Types].xml" in head and not re.search(rb"\b(xl|ppt)/", head))
    text = _decode(head, cut=True)
    if text is None or text[0].lstrip().startswith(NOT_TALK) or not text[0].strip():
        return False
    known = text[0].startswith("WEBVTT") or has_cues(text[0]) or has_turns(_whole_lines(text[0]))
    return known or PurePath(name).suffix.lower() in TEXT_SUFFIXES


def read_transcript(path: Path, name: str) -> TranscriptFile:
    """Reads a transcript. `name` is the file's name as the user knows it.

    Raises UnreadableFile where it is empty, binary, damaged, or has no cues or turns; the message names the remedy.
    """
    if path.stat().st_size > BIGGEST:
        raise UnreadableFile(f"{name} is too big for a transcript ({path.stat().st_size >> 20} MB). Is it a recording?")
    data = path.read_bytes()
    if data.startswith(b"PK\x03\x04"):
        turns = read_docx(path, name)
        return TranscriptFile("Teams DOCX", utterances(turns.cues), turns.warnings)
    decoded = _decode(data)
    if decoded is None or decoded[0].lstrip().startswith(NOT_TALK):
        raise UnreadableFile(
            f"{name} is not text, so it cannot be read as a transcript. Save it as .vtt, .srt or .txt."
        )
    text, notes = decoded
    if not text.strip():
        raise UnreadableFile(f"{name} is empty. Was it still being written? Export the transcript again.")
    if text.startswith("WEBVTT") or has_cues(text):
        cues = read_vtt(text, name) if text.startswith("WEBVTT") else read_srt(text, name)
        return TranscriptFile(cues.format, utterances(cues.cues), notes + cues.warnings)
    turns = read_text(text, name)
    return TranscriptFile("plain text", utterances(turns.cues), notes + turns.warnings)


def _decode(data: bytes, cut: bool = False) -> tuple[str, tuple[str, ...]] | None:
    """Text and what to say about it, or None where the bytes are no text. `cut`: these are a file's first bytes."""
    notes: tuple[str, ...] = ()
    encoding = next((name for bom, name in BOMS.items() if data.startswith(bom)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if len(data) - error.start <= 3 and error.reason.startswith(
            ("unexpected end", "truncated", "unexpected end of data")
        ):
            text = data.decode(encoding, errors="ignore")
            notes = () if cut else ("The file ends in the middle of a letter: its last words may be missing.",)
        elif encoding == "utf-8":
            text = data.decode("cp1252", errors="replace")
            notes = ("The letters are in an old encoding (Windows-1252): check names with accents.",)
        else:
            return None
    if CONTROLS.search(text):
        return None
    return unicodedata.normalize("NFC", text.lstrip("\ufeff")), notes


def _whole_lines(head: str) -> str:
    """Without a last line that is cut; a single long line stays."""
    return head.rpartition("\n")[0] or head


def write_vtt(spoken: Iterable[Timed]) -> str:
    """WebVTT with one cue per utterance and voices such as <v person 3>; every time with hours, for old players."""
    blocks = ["WEBVTT"]
    for number, utterance in enumerate(spoken, start=1):
        end = max(utterance.end, utterance.start + 0.001)  # the format wants an end after the start
        voice = f"<v {html.escape(utterance.speaker, quote=False)}>" if utterance.speaker else ""
        words = html.escape(" ".join(utterance.text.split()), quote=False)
        blocks.append(f"{number}\n{_clock(utterance.start)} --> {_clock(end)}\n{voice}{words}")
    return "\n\n".join(blocks) + "\n"


def _clock(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"
