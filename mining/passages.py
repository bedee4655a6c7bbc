"""From the utterances of one recording to units of talk, and from those to passages. Pure: no database.

A unit is a run of whole utterances of about UNIT words: small enough to lie on one side of a change of subject, large
enough to be embedded. Once themes are found, units that follow each other on one theme are joined to passages of about
WORDS words, so that a passage ends where the subject does. What brings no subject (backchannels, loops and doubtful
text of a recogniser) is kept out of what is mined, and counted.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby

from capture.models import Utterance
from mining.words import SHORT, is_backchannel, without_hesitation, words_of

UNIT = 40
"""Words of talk that are embedded at once. Measured on real speech: 25 and 40 find changes of subject equally well, 60
does worse, and the mean of a passage's units says as much as its text embedded as a whole."""
WORDS = 85
"""Words a passage should have: half a minute of talk, enough for a quotation that can be understood by itself."""
MOST = 200
"""Words a passage may have, unless a single unit is longer."""
MOST_UNIT = 95
"""Words a unit may have, unless a single utterance is longer."""
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
    """A unit or a passage before it is stored. `first` and `last` are positions of utterances, both included.

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


@dataclass(frozen=True)
class Joined:
    """A passage and the units it is made of, by number from 0."""

    draft: Draft
    units: range


@dataclass(frozen=True)
class _Piece:
    """Utterances that stand together: indices of the first, of the last that is mined, and of the last backchannel
    that answers it."""

    first: int
    last: int
    tail: int
    words: int


class Cut:
    """One recording, cut into units. The counters go from a reason, in the user's words, to utterances and words."""

    def __init__(self, utterances: Sequence[Utterance]) -> None:
        self._said = utterances
        self._positions = [utterance.position for utterance in utterances]
        self._reasons = _reasons(utterances)
        self.utterances: Counter[str] = Counter()
        self.words: Counter[str] = Counter()
        for utterance, reason in zip(utterances, self._reasons, strict=True):
            if reason:
                self.utterances[reason] += 1
                self.words[reason] += _length(utterance)
        self._pieces: list[_Piece] = []
        self._run: list[int] = []
        for number, run in enumerate(_runs(utterances, self._reasons)):
            pieces = [_together(span) for span in _spans(utterances, run, UNIT, MOST_UNIT)]
            self._pieces += pieces
            self._run += [number] * len(pieces)
        self.units = self._drafts([[piece] for piece in self._pieces])
        """In the order of time; they do not overlap."""

    def passages(self, themes: Sequence[int] | None = None) -> list[Joined]:
        """Units that follow each other on one of `themes` (one per unit; None: all the same), joined. No overlaps."""
        themes = [0] * len(self._pieces) if themes is None else themes
        spans: list[Sequence[_Piece]] = []
        for _, stretch in groupby(range(len(self._pieces)), key=lambda i: (self._run[i], themes[i])):
            spans += _spans(self._said, [self._pieces[i] for i in stretch], WORDS, MOST)
        ends = list(accumulate(len(span) for span in spans))
        ranges = [range(end - len(span), end) for span, end in zip(spans, ends, strict=True)]
        return [Joined(draft, units) for draft, units in zip(self._drafts(spans), ranges, strict=True)]

    def spoken(self, draft: Draft) -> Sequence[Utterance]:
        """The utterances of a unit or passage of this recording, from its first to its last."""
        return self._said[bisect_left(self._positions, draft.first) : bisect_right(self._positions, draft.last)]

    def _drafts(self, spans: Sequence[Sequence[_Piece]]) -> list[Draft]:
        drafts: list[Draft] = []
        for number, pieces in enumerate(spans):
            floor = drafts[-1].end if number else 0.0
            limit = self._said[spans[number + 1][0].first].start if number + 1 < len(spans) else None
            drafts.append(_draft(self._said, self._reasons, _together(pieces), floor, limit))
        return drafts


def _together(pieces: Sequence[_Piece]) -> _Piece:
    return _Piece(pieces[0].first, pieces[-1].last, pieces[-1].tail, sum(piece.words for piece in pieces))


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


def _runs(utterances: Sequence[Utterance], reasons: Sequence[str | None]) -> Iterator[list[_Piece]]:
    """Stretches without doubtful text, in pieces. A passage never reaches across such text, as it would quote it."""
    run: list[_Piece] = []
    for at, (utterance, reason) in enumerate(zip(utterances, reasons, strict=True)):
        if reason is None:
            run.append(_Piece(at, at, at, _length(utterance)))
        elif reason == BACKCHANNEL:
            if run:
                run[-1] = replace(run[-1], tail=at, words=run[-1].words + _length(utterance))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _spans(utterances: Sequence[Utterance], pieces: Sequence[_Piece], wanted: int, most: int) -> list[Sequence[_Piece]]:
    """The cheapest way to cut pieces: each span near `wanted` words, `most` at most, ending where a speaker does.

    Dynamic programming over the pieces; a rest too short to stand alone ends up with a neighbour by itself.
    """
    best, begin = [0.0], [0]
    for last in range(len(pieces)):
        ending = 0.0 if last + 1 == len(pieces) else _seam(utterances, pieces[last], pieces[last + 1])
        options, words = [], 0
        for first in range(last, -1, -1):
            words += pieces[first].words
            if first < last and words > most:
                break
            options.append((best[first] + (words / wanted - 1) ** 2 + ending, first))
        cost, first = min(options)
        best.append(cost)
        begin.append(first)
    spans: list[Sequence[_Piece]] = []
    last = len(pieces)
    while last:
        spans.append(pieces[begin[last] : last])
        last = begin[last]
    return spans[::-1]


def _seam(utterances: Sequence[Utterance], piece: _Piece, after: _Piece) -> float:
    """What it costs to end a span between two pieces."""
    here, there = utterances[piece.last], utterances[after.first]
    pause = there.start - utterances[piece.tail].end >= PAUSE
    return 0.0 if pause or here.speaker != there.speaker else MID_TURN


def _draft(
    utterances: Sequence[Utterance], reasons: Sequence[str | None], piece: _Piece, floor: float, limit: float | None
) -> Draft:
    """`floor` is the end of the one before, `limit` the start of the next: overlapping speech is cut there."""
    inside = utterances[piece.first : piece.last + 1]
    start = max(floor, inside[0].start)
    end = max(u.end for u in utterances[piece.first : piece.tail + 1])
    # Talk time is told from passages. Without this, every breath between two of them would count as silence.
    if limit is not None and (end > limit or limit - end < GAP):
        end = limit
    text = " ".join(u.text for u in inside)
    kept = reasons[piece.first : piece.last + 1]
    mined = " ".join(u.text for u, reason in zip(inside, kept, strict=True) if reason is None)
    return Draft(
        first=inside[0].position,
        last=inside[-1].position,
        start=start,
        end=max(start, end),
        text=text,
        mined=without_hesitation(mined) or mined,
        words=len(text.split()),
        speakers=tuple(dict.fromkeys(u.speaker for u in inside if u.speaker)),
    )


def _length(utterance: Utterance) -> int:
    return len(utterance.text.split())
