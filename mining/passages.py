"""From the utterances of one recording to passages, the unit that is embedded and clustered. Pure: no database.

A passage is a run of whole utterances of about WORDS words, so that it holds one subject and enough of it. What
brings no subject (backchannels, loops and doubtful text of a recogniser) is kept out of what is mined, and counted.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from capture.models import Utterance
from mining.words import SHORT, is_backchannel, without_hesitation, words_of

WORDS = 85
"""Words a passage should have: a minute of talk, and well within what embedding models read (about 250 tokens)."""
MOST = 200
"""Words a passage may have, unless a single utterance is longer."""
PAUSE = 1.0
"""Seconds of silence that count as a natural end even where the same person goes on."""
GAP = 2.0
"""Seconds up to which silence between two passages belongs to the first: people take breath, they do not stop."""
LOOP = 3
"""As many equal utterances in a row are a recogniser's loop, not speech."""
MID_TURN = 0.15
"""What ending within somebody's turn costs; 0.15 is what a passage 40 % too long or too short costs."""

BACKCHANNEL = "backchannels and fillers"
LOOPED = "recogniser repeated itself"
_DOUBTS = {"repeats itself": LOOPED, "unsure": "recogniser was unsure"}


@dataclass(frozen=True)
class Draft:
    """A passage before it is stored. `first` and `last` are positions of utterances, both included.

    Seconds count from the beginning of the recording. `text` is verbatim, every utterance from first to last joined
    by single spaces; `mined` is the same without backchannels and hesitation, for the embedder.
    """

    first: int
    last: int
    start: float
    end: float
    text: str
    mined: str
    words: int
    speakers: tuple[str, ...]


@dataclass
class Cut:
    """What one recording gave. The counters go from a reason, in the user's words, to utterances and words."""

    passages: list[Draft] = field(default_factory=list)
    utterances: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Unit:
    """An utterance that is mined, with the backchannels that answer it: indices of it and of the last of those."""

    at: int
    tail: int
    words: int


def cut_passages(utterances: Sequence[Utterance]) -> Cut:
    """Cuts one recording's utterances, in order, into passages that do not overlap in time."""
    reasons = _reasons(utterances)
    cut = Cut()
    for utterance, reason in zip(utterances, reasons, strict=True):
        if reason:
            cut.utterances[reason] += 1
            cut.words[reason] += _length(utterance)
    spans = [span for run in _runs(utterances, reasons) for span in _spans(utterances, run)]
    for number, units in enumerate(spans):
        floor = cut.passages[-1].end if number else 0.0
        limit = utterances[spans[number + 1][0].at].start if number + 1 < len(spans) else None
        cut.passages.append(_draft(utterances, reasons, units, floor, limit))
    return cut


def _reasons(utterances: Sequence[Utterance]) -> list[str | None]:
    """Why each utterance is not mined; None where it is."""
    reasons = [_reason(utterance) for utterance in utterances]
    said = [words_of(u.text) for u in utterances]
    at = 0
    while at < len(said):
        after = at + 1
        while after < len(said) and said[after] == said[at]:
            after += 1
        if after - at >= LOOP and reasons[at] is None:
            reasons[at:after] = [LOOPED] * (after - at)
        at = after
    return reasons


def _reason(utterance: Utterance) -> str | None:
    """A short "yeah" stays a backchannel where the recogniser doubts it too: it should not cut a passage in two."""
    answer = is_backchannel(utterance.text)
    if utterance.doubt and not (answer and _length(utterance) <= SHORT):
        return _DOUBTS.get(utterance.doubt, utterance.doubt)
    return BACKCHANNEL if answer else None


def _runs(utterances: Sequence[Utterance], reasons: Sequence[str | None]) -> Iterator[list[_Unit]]:
    """Stretches without doubtful text, as units. A passage never reaches across such text, as it would quote it."""
    run: list[_Unit] = []
    for at, (utterance, reason) in enumerate(zip(utterances, reasons, strict=True)):
        if reason is None:
            run.append(_Unit(at, at, _length(utterance)))
        elif reason == BACKCHANNEL:
            if run:
                run[-1] = _Unit(run[-1].at, at, run[-1].words + _length(utterance))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _spans(utterances: Sequence[Utterance], units: Sequence[_Unit]) -> list[Sequence[_Unit]]:
    """The cheapest way to cut a run: each passage near WORDS words, ending where a speaker does.

    Dynamic programming over the units; a rest too short to stand alone ends up with a neighbour by itself.
    """
    best, begin = [0.0], [0]
    for last in range(len(units)):
        ending = 0.0 if last + 1 == len(units) else _seam(utterances, units[last], units[last + 1])
        options, words = [], 0
        for first in range(last, -1, -1):
            words += units[first].words
            if first < last and words > MOST:
                break
            options.append((best[first] + (words / WORDS - 1) ** 2 + ending, first))
        cost, first = min(options)
        best.append(cost)
        begin.append(first)
    spans: list[Sequence[_Unit]] = []
    last = len(units)
    while last:
        spans.append(units[begin[last] : last])
        last = begin[last]
    return spans[::-1]


def _seam(utterances: Sequence[Utterance], unit: _Unit, after: _Unit) -> float:
    """What it costs to end a passage between two units."""
    here, there = utterances[unit.at], utterances[after.at]
    pause = there.start - utterances[unit.tail].end >= PAUSE
    return 0.0 if pause or here.speaker != there.speaker else MID_TURN


def _draft(
    utterances: Sequence[Utterance],
    reasons: Sequence[str | None],
    units: Sequence[_Unit],
    floor: float,
    limit: float | None,
) -> Draft:
    """`floor` is the end of the passage before, `limit` the start of the next: overlapping speech is cut there."""
    first, last, tail = units[0].at, units[-1].at, units[-1].tail
    inside = utterances[first : last + 1]
    start = max(floor, inside[0].start)
    end = max(u.end for u in utterances[first : tail + 1])
    # Talk time is told from passages. Without this, every breath between two of them would count as silence.
    if limit is not None and (end > limit or limit - end < GAP):
        end = limit
    text = " ".join(u.text for u in inside)
    mined = " ".join(u.text for u, reason in zip(inside, reasons[first : last + 1], strict=True) if reason is None)
    return Draft(
        first=utterances[first].position,
        last=utterances[last].position,
        start=start,
        end=max(start, end),
        text=text,
        mined=without_hesitation(mined) or mined,
        words=len(text.split()),
        speakers=tuple(dict.fromkeys(u.speaker for u in inside if u.speaker)),
    )


def _length(utterance: Utterance) -> int:
    return len(utterance.text.split())
