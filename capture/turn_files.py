"""Transcripts written as turns: plain text (`Name: words`, Otter style) and Word files from Teams or Word.

Asked by transcript_files. A turn has a name, perhaps a time, and lines of text; what a turn lacks in times is worked
out from its neighbours and the number of its words.
"""

import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import groupby
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from capture.cues import Cue, is_label, is_name_shaped, labelled, names_among
from capture.errors import UnreadableFile

PACE = 2.5
"""Words per second (150 per minute) where only the number of words tells how long somebody spoke."""
SLOWEST = 1.5
"""A turn lasts at most this many times what PACE says; the rest until the next turn's time is a pause."""
HASTE = 8.0
"""More words per second than anybody says: then the times are hours and minutes of the day."""
LATE = 4 * 3600.0
"""Seconds; a transcript that begins later carries the time of day."""
LONGEST_UNPACKED = 128 << 20
"""Bytes a Word file may unpack to, so that a small file cannot fill the memory."""
UNREADABLE = (KeyError, ValueError, AttributeError, SyntaxError, EOFError, RuntimeError, OSError)
"""What zipfile, lxml (a SyntaxError) and python-docx raise, besides their own, when bytes of a file are wrong."""

CLOCK = r"\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,3})?"
SPELT = r"(?:\d+ hours? ?)?(?:\d+ minutes? ?)?(?:\d+ seconds?|(?<=minute)|(?<=minutes))"
AT = rf"[\[(]?(?P<at>{CLOCK})[\])]?"
TIME_ONLY = re.compile(rf"{AT}|(?P<spelt>\d+ (?:hour|minute|second).*)")
ARROW = re.compile(rf"(?P<at>{CLOCK})\s*-->\s*{CLOCK}")
TIME_FIRST = re.compile(rf"{AT}\s*[-–|]?\s+(?P<rest>\S.*)", re.DOTALL)
NAME_TIME = re.compile(rf"(?P<name>\S.{{0,59}}?)(?P<gap>\s+)(?:[-–|]\s+)?(?:{AT}|(?P<spelt>{SPELT}))")
NAME_TIME_TEXT = re.compile(rf"(?P<name>\S.{{0,59}}?)(?:\s{{2,}}|\t){AT}(?:\s+|\t)(?P<text>\S.*)")
NAME_TIME_COLON = re.compile(rf"(?P<name>\S[^:\[(]{{0,59}}?)\s*[\[(]?(?<!\d)(?P<at>{CLOCK})[\])]?\s*:\s+(?P<text>.*)")
BYSTANDING = re.compile(r".{1,60} (?:started|stopped) transcription|Transcribed by https?://.*", re.IGNORECASE)
"""Lines a product adds, which nobody said."""


@dataclass(frozen=True)
class TurnFile:
    cues: tuple[Cue, ...]
    warnings: tuple[str, ...] = ()


@dataclass
class Turn:
    """`at` is in seconds, None where the file gives no time."""

    speaker: str
    at: float | None
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.lines).split())


def has_turns(text: str) -> bool:
    """Whether the text, or the beginning of one, reads as a conversation."""
    lines = _lines(text)
    turns, _ = _turns(lines)
    return _is_conversation(turns, lines)


def read_text(text: str, name: str) -> TurnFile:
    """Raises UnreadableFile where the text has no turns."""
    return _read(_lines(text), name, "Each turn must begin with the speaker's name and a colon, as in “Anna: I think”.")


def read_docx(path: Path, name: str) -> TurnFile:
    """A Word file with turns. Raises UnreadableFile where it is damaged or no transcript."""
    return _read(
        _lines("\n".join(_paragraphs(path, name))),
        name,
        "Add the transcript as Teams saves it (“Anna Weber   0:12”, then her words), or export it as .vtt.",
    )


def _read(lines: list[str], name: str, remedy: str) -> TurnFile:
    turns, loose = _turns(lines)
    if not _is_conversation(turns, lines):
        raise UnreadableFile(f"{name} is no transcript: it does not say who speaks. {remedy}")
    warnings = []
    if sum(len(line.split()) for line in loose) > 30:
        warnings.append(f"{len(loose)} lines before the first speaker's name were left out.")
    if all(turn.at is None for turn in turns):
        warnings.append(f"{name} has no times; seconds are estimated from the number of words.")
    return TurnFile(tuple(_timed([turn for turn in turns if turn.text])), tuple(warnings))


def _paragraphs(path: Path, name: str) -> Iterator[str]:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    data = BytesIO(path.read_bytes())
    try:
        with ZipFile(data) as archive:
            archive.getinfo("word/document.xml")
            if sum(part.file_size for part in archive.infolist()) > LONGEST_UNPACKED:
                raise UnreadableFile(f"{name} holds far more than a transcript. Save the transcript's text alone.")
            if damaged := archive.testzip():
                raise BadZipFile(damaged)
        document = docx.Document(data)
    except (BadZipFile, PackageNotFoundError, zlib.error, struct.error, *UNREADABLE) as error:
        raise UnreadableFile(f"{name} is damaged or no Word file. Open it in Word and save it again.") from error
    for paragraph in document.paragraphs:
        yield paragraph.text.replace("\v", "\n")


def _lines(text: str) -> list[str]:
    """Lines with something in them. A name and a time on two lines, in either order, are put on one."""
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not BYSTANDING.fullmatch(line)]
    result: list[str] = []
    for line in lines:
        before = result[-1] if result else ""
        if (arrow := ARROW.fullmatch(before)) and is_label(line):
            result[-1] = f"{line}  {arrow['at']}"
        elif TIME_ONLY.fullmatch(line) and _is_heading(before) and _seconds(line) is not None:
            result[-1] = f"{before}  {line}"
        else:
            result.append(line)
    return result


def _turns(lines: Sequence[str]) -> tuple[list[Turn], list[str]]:
    """The turns, and the lines before the first one."""
    names = names_among([_without_time(line) for line in lines])
    turns: list[Turn] = []
    loose: list[str] = []
    waiting: float | None = None  # a time on a line of its own belongs to what follows
    for line in lines:
        turn = _begins(line, names)
        if turn:
            turn.at = waiting if turn.at is None else turn.at
            turns.append(turn)
        elif TIME_ONLY.fullmatch(line) and (at := _seconds(line)) is not None:
            waiting = at
            continue
        elif turns and waiting is not None:
            turns.append(Turn(turns[-1].speaker, waiting, [line]))
        elif turns:
            turns[-1].lines.append(line)
        else:
            loose.append(line)
        waiting = None
    return turns, loose


def _without_time(line: str) -> str:
    """A line without the time at its beginning or before its colon, as `names_among` wants it."""
    if match := NAME_TIME_COLON.fullmatch(line):
        return f"{match['name']}: {match['text']}"
    match = TIME_FIRST.fullmatch(line)
    return match["rest"] if match else line


def _begins(line: str, names: frozenset[str]) -> Turn | None:
    """The turn that a line opens, or None where it goes on."""
    if match := NAME_TIME.fullmatch(line):
        name, certain = match["name"].rstrip(" ,-–|"), len(match["gap"]) > 1 or "\t" in match["gap"]
        if _is_heading(name) or (certain and is_label(name)):
            return Turn(name, _seconds(match["at"] or match["spelt"]))
    if (match := NAME_TIME_TEXT.fullmatch(line)) and is_label(match["name"]):
        return Turn(match["name"], _seconds(match["at"]), [match["text"]])
    if (match := NAME_TIME_COLON.fullmatch(line)) and match["name"] in names:
        return Turn(match["name"], _seconds(match["at"]), [match["text"]])
    at = None
    if match := TIME_FIRST.fullmatch(line):
        at, line = _seconds(match["at"]), match["rest"]
        if _is_heading(line):
            return Turn(line, at)
    found = labelled(line)
    return Turn(found[0], at, [found[1]]) if found and found[0] in names else None


def _is_heading(line: str) -> bool:
    """Whether a line, or what stands beside a time, is a name and no short sentence (“Nothing.”)."""
    return is_name_shaped(line) and not re.search(r"[^\W\d_]{3}[.,]$", line)


def _is_conversation(turns: Sequence[Turn], lines: Sequence[str]) -> bool:
    """Somebody speaks twice, or the turns carry times, or a few turns are all there is: a form or a letter is not."""
    if not turns or not any(turn.text for turn in turns):
        return False
    again = len({turn.speaker for turn in turns}) < len(turns)
    timed = sum(turn.at is not None for turn in turns) >= min(2, len(turns))
    return again or timed or (len(turns) <= 3 and len(turns) == len(lines))


def _seconds(text: str) -> float | None:
    """“1:02:03”, “0:12”, “1 minute 5 seconds” in seconds; None where it is no time."""
    text = text.strip("[]() ").replace(",", ".")
    if spelt := re.findall(r"(\d+) (hour|minute|second)", text):
        return sum(float(n) * {"hour": 3600, "minute": 60, "second": 1}[unit] for n, unit in spelt)
    try:
        *rest, minutes, seconds = (float(part) for part in text.split(":"))
    except ValueError:
        return None
    if minutes > 59 and rest or seconds >= 60:
        return None
    return (rest[0] if rest else 0) * 3600 + minutes * 60 + seconds


def _timed(turns: list[Turn]) -> list[Cue]:
    """Cues with both times. Turns without a time of their own share what lies between the times around them, at PACE
    and never longer than SLOWEST allows."""
    turns = _from_zero(turns)
    anchors: list[tuple[float, Turn]] = []
    for turn in turns:
        before = anchors[-1][0] if anchors else 0.0
        anchors.append((max(before, turn.at if turn.at is not None else before), turn))
    runs = [(at, [turn for _, turn in run]) for at, run in groupby(anchors, key=lambda anchor: anchor[0])]
    cues: list[Cue] = []
    for i, (at, run) in enumerate(runs):
        needed = sum(len(turn.text.split()) for turn in run) / PACE
        room = runs[i + 1][0] - at if i + 1 < len(runs) else needed
        stretch = min(room / needed, SLOWEST)
        for turn in run:
            end = at + stretch * len(turn.text.split()) / PACE
            cues.append(Cue(at, end, turn.text, turn.speaker))
            at = end
    return cues


def _from_zero(turns: list[Turn]) -> list[Turn]:
    """Times of day counted from the first one; “10:31” read as hours and minutes where minutes cannot be meant."""
    times = [turn.at for turn in turns if turn.at is not None]
    if not times:
        return turns
    words = sum(len(turn.text.split()) for turn in turns[:-1])
    factor = 60.0 if len(times) > 2 and words > 100 and words > HASTE * (max(times) - min(times)) else 1.0
    first = times[0] if factor > 1 or times[0] > LATE else 0.0
    return [t if t.at is None else replace(t, at=max(0.0, (t.at - first) * factor)) for t in turns]
