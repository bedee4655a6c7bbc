"""WebVTT (Zoom, Teams and others) and SRT as cues: the adapter of webvtt-py and srt.

Asked by transcript_files with the decoded text. What a library cannot read is counted and told, never lost in silence.
"""

import html
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import srt
import webvtt

from capture.cues import Cue, labelled, names_among
from capture.errors import UnreadableFile

logging.getLogger("srt").setLevel(logging.CRITICAL)  # it would log what was said, names and all

TIME = re.compile(r"(?<![\d:.,])(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3})\d*)?(?![\d:.,])")
TIMING = re.compile(rf"^[ \t]*{TIME.pattern}[ \t]*-->[ \t]*{TIME.pattern}", re.MULTILINE)
VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:\s+([^>]*))?>")
TAG = re.compile(r"</?(?:v|c|i|b|u|s|ruby|rt|lang|font)(?:[\s.][^>]*)?>|<\d[\d:.]*>|\{\\an?\d\}", re.IGNORECASE)
TEAMS_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class CueFile:
    """The cues of a file as they stand in it, and in words what could not be read."""

    format: str
    cues: tuple[Cue, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Raw:
    start: float
    end: float
    payload: str
    identifier: str = ""


def has_cues(text: str) -> bool:
    """Whether a line with two times and an arrow stands in the text."""
    return bool(TIMING.search(text))


def read_vtt(text: str, name: str) -> CueFile:
    """Text that begins with WEBVTT. Raises UnreadableFile where no cue can be read."""
    try:
        captions = webvtt.from_string(_plain_times(text, ".")).captions
    except webvtt.errors.MalformedFileError:
        raise UnreadableFile(_no_cues(name)) from None
    raws = [
        _Raw(
            c.start_time.in_milliseconds() / 1000,
            c.end_time.in_milliseconds() / 1000,
            "\n".join(c.lines),
            c.identifier or "",
        )
        for c in captions
    ]
    return _file(raws, text, name, vtt=True)


def read_srt(text: str, name: str) -> CueFile:
    """Raises UnreadableFile where no cue can be read."""
    try:
        subtitles = list(srt.parse(_plain_times(text, ","), ignore_errors=True))
    except (srt.SRTParseError, srt.TimestampParseError, OverflowError):
        raise UnreadableFile(
            f"The times in {name} cannot be read. Export the transcript again, as WebVTT or SRT."
        ) from None
    raws = [_Raw(s.start / timedelta(seconds=1), s.end / timedelta(seconds=1), s.content) for s in subtitles]
    return _file(raws, text, name, vtt=False)


def _plain_times(text: str, point: str) -> str:
    """Every timing line in the one way both libraries read: HH:MM:SS.mmm, whatever the file left out."""

    def whole(match: re.Match[str]) -> str:
        hours, minutes, seconds, fraction = match.groups()
        return f"{int(hours or 0):02}:{int(minutes):02}:{int(seconds):02}{point}{(fraction or '0').ljust(3, '0')}"

    return TIMING.sub(lambda line: TIME.sub(whole, line.group()), text.replace("\r\n", "\n").replace("\r", "\n"))


def _file(raws: Sequence[_Raw], text: str, name: str, vtt: bool) -> CueFile:
    if not any(raw.payload.strip() for raw in raws):
        raise UnreadableFile(_no_cues(name))
    voiced = vtt and any(VOICE.search(raw.payload) for raw in raws)
    cues = _voiced(raws) if voiced else _labelled(raws)
    warnings = []
    if (lost := text.count("-->") - len(raws)) > 0:
        warnings.append(f"{lost} of {text.count('-->')} cues could not be read and were left out.")
    if vtt and not voiced:
        style = "Zoom WebVTT" if any(cue.speaker for cue in cues) else "WebVTT"
    elif vtt:
        teams = any(TEAMS_ID.match(raw.identifier) for raw in raws) or "</v>" in text
        style = "Teams WebVTT" if teams else "WebVTT"
    else:
        style = "SRT"
    return CueFile(style, tuple(cues), tuple(warnings))


def _voiced(raws: Sequence[_Raw]) -> list[Cue]:
    """Cues with <v Name>; several voices in one cue share its time by their number of characters."""
    cues: list[Cue] = []
    for raw in raws:
        before, *rest = VOICE.split(raw.payload)
        said = [("", before), *zip(rest[::2], rest[1::2], strict=True)]
        said = [(html.unescape(voice or "").strip(), _words(words)) for voice, words in said]
        said = [(voice, words) for voice, words in said if words]
        cues += _shared(raw, said)
    return cues


def _labelled(raws: Sequence[_Raw]) -> list[Cue]:
    """Cues with `Name: words` at the beginning of a line, where the file as a whole names speakers that way."""
    texts = ["\n".join(_words(line) for line in raw.payload.splitlines()) for raw in raws]
    names = names_among([line for text in texts for line in text.splitlines()])
    cues: list[Cue] = []
    for raw, text in zip(raws, texts, strict=True):
        said: list[tuple[str, str]] = []
        for line in text.splitlines():
            found = labelled(line)
            if found and found[0] in names:
                said.append(found)
            elif said:
                said[-1] = (said[-1][0], f"{said[-1][1]} {line}")
            else:
                said.append(("", line))
        cues += _shared(raw, [(name, words) for name, words in said if words.strip()])
    return cues


def _shared(raw: _Raw, said: Sequence[tuple[str, str]]) -> list[Cue]:
    cues, cut = [], raw.start
    second = max(0.0, raw.end - raw.start) / max(1, sum(len(words) for _, words in said))
    for speaker, words in said:
        end = cut + second * len(words)
        cues.append(Cue(cut, end, words, speaker or None))
        cut = end
    if len(cues) == 1:  # as the file has it, not as the sum of its parts
        cues = [Cue(raw.start, raw.end, cues[0].text, cues[0].speaker)]
    return cues


def _words(payload: str) -> str:
    return " ".join(html.unescape(TAG.sub("", payload)).split())


def _no_cues(name: str) -> str:
    return (
        f"{name} has no cues: no line with a beginning, an arrow and an end was found. "
        "Was the transcript finished when it was saved? Export it again."
    )
