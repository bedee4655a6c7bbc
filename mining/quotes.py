"""People's words as they are shown: a passage with who said what, where, and at which second it can be played.

A quote is never stitched together: it is a passage, or a stretch of whole utterances out of one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from capture.desk import is_demonstration
from capture.models import Group, Recording, RecordingKind, Utterance
from mining.models import Passage


@dataclass(frozen=True)
class Turn:
    """Consecutive words of one speaker; `speaker` is `person 3` or None."""

    speaker: str | None
    text: str


@dataclass(frozen=True)
class Line:
    """One utterance in its place. Seconds in its own file."""

    recording_id: int
    position: int
    start: float
    end: float
    speaker: str | None
    text: str
    doubt: str | None = None


@dataclass(frozen=True)
class Quote:
    """A passage, or a piece of it cut between utterances (`cut`). `start` and `end` are seconds in the file."""

    number: int
    group_id: int
    group_name: str
    recording_id: int
    position: int
    start: float
    end: float
    lines: tuple[Line, ...]
    audio: bool
    demonstration: bool
    cut: bool = False

    @property
    def turns(self) -> tuple[Turn, ...]:
        turns: list[Turn] = []
        for line in self.lines:
            if turns and turns[-1].speaker == line.speaker:
                turns[-1] = replace(turns[-1], text=f"{turns[-1].text} {line.text}")
            else:
                turns.append(Turn(line.speaker, line.text))
        return tuple(turns)

    @property
    def speakers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.speaker for line in self.lines if line.speaker))


def anchor(recording_id: int, position: int) -> str:
    """The fragment of a line on its group's page."""
    return f"u-{recording_id}-{position}"


def quotes_of(session: Session, analysis_id: int, numbers: Sequence[int]) -> dict[int, Quote]:
    """{passage number: quote}, in the order asked for. Two queries."""
    passages = {
        passage.number: (passage, name, kind, engine)
        for passage, name, kind, engine in session.execute(
            select(Passage, Group.name, Recording.kind, Recording.engine)
            .join(Group, Group.id == Passage.group_id)
            .join(Recording, Recording.id == Passage.recording_id)
            .where(Passage.analysis_id == analysis_id, Passage.number.in_(numbers))
        )
    }
    lines: dict[int, list[Line]] = defaultdict(list)
    if numbers:
        spoken = session.execute(
            select(Passage.number, *LINE)
            .join(
                Utterance,
                and_(
                    Utterance.recording_id == Passage.recording_id,
                    Utterance.position.between(Passage.first, Passage.last),
                ),
            )
            .where(Passage.analysis_id == analysis_id, Passage.number.in_(numbers))
            .order_by(Passage.number, Utterance.position)
        )
        for number, recording_id, position, start, end, speaker, text, doubt in spoken:
            lines[number].append(Line(recording_id, position, start, end, speaker, text, doubt))
    return {
        number: _quote(*passages[number], tuple(lines[number]))
        for number in dict.fromkeys(numbers)
        if number in passages
    }


def stated(quote: Quote, said: Mapping[str, Any]) -> Line | None:
    """The utterance of a passage that holds a theme's statement (`Theme.statement`); None where the words are no longer
    there."""
    line = next((each for each in quote.lines if each.position == said["position"]), None)
    return line if line and said["text"] in line.text else None


LINE = (
    Utterance.recording_id,
    Utterance.position,
    Utterance.start,
    Utterance.end,
    Utterance.speaker,
    Utterance.text,
    Utterance.doubt,
)


def _quote(passage: Passage, name: str, kind: RecordingKind, engine: str | None, lines: tuple[Line, ...]) -> Quote:
    start, end = passage.start - passage.offset, passage.end - passage.offset
    whole = Line(passage.recording_id, passage.first, start, end, " and ".join(passage.speakers) or None, passage.text)
    return Quote(
        number=passage.number,
        group_id=passage.group_id,
        group_name=name,
        recording_id=passage.recording_id,
        position=passage.first,
        start=start,
        end=end,
        lines=_said(passage.text, lines) or (whole,),
        audio=kind == RecordingKind.AUDIO,
        demonstration=is_demonstration(engine),
    )


def _said(text: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines whose texts, joined by spaces, are the passage: fillers left out in between are skipped.

    Empty where they do not add up, because the transcript was made anew since; the passage's own text stands then.
    """
    kept, at = [], 0
    for line in lines:
        words = line.text.strip()
        if words and text.startswith(words, at):
            kept.append(line)
            at += len(words) + 1
    return tuple(kept) if at >= len(text) else ()


def excerpt(quote: Quote, keywords: Iterable[str], words: int) -> Quote:
    """The stretch of whole utterances, about `words` words long, that names most keywords; the earliest of equals."""
    terms = [keyword.lower() for keyword in keywords]
    best: tuple[int, int, int] | None = None
    for first in range(len(quote.lines)):
        length, last = 0, first
        while last < len(quote.lines) and (last == first or length + _length(quote.lines[last]) <= words):
            length += _length(quote.lines[last])
            last += 1
        said = " ".join(line.text.lower() for line in quote.lines[first:last])
        score = sum(term in said for term in terms) * words + min(length, words)
        if best is None or score > best[0]:
            best = (score, first, last)
    if best is None or best[2] - best[1] == len(quote.lines):
        return quote
    lines = quote.lines[best[1] : best[2]]
    return replace(quote, lines=lines, position=lines[0].position, start=lines[0].start, end=lines[-1].end, cut=True)


def _length(line: Line) -> int:
    return len(line.text.split())
