"""Replacing pieces of a text while its timed words stay with it. Used by contacts and redaction."""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from capture.speech import Word

Span = tuple[int, int, str]
"""Beginning, end (characters) and what to write in its place."""


def apart(spans: Iterable[Span]) -> list[Span]:
    """In order; of spans that overlap the first one stays."""
    result: list[Span] = []
    for span in sorted(spans):
        if not result or span[0] >= result[-1][1]:
            result.append(span)
    return result


@dataclass(frozen=True)
class Piece:
    """Where a timed word stands in the text."""

    start: int
    end: int
    word: Word


def placed(text: str, words: Sequence[Word]) -> list[Piece] | None:
    """Each word's place, or None where the words do not make up the text."""
    pieces: list[Piece] = []
    at = 0
    for word in words:
        token = unicodedata.normalize("NFC", word.text.strip())
        start = text.find(token, at)
        if start < 0 or text[at:start].strip():
            return None
        at = start + len(token)
        if token:
            pieces.append(Piece(start, at, word))
    return None if words and text[at:].strip() else pieces


def rewrite(text: str, spans: Sequence[Span], pieces: Sequence[Piece]) -> tuple[str, list[Piece]]:
    """The text with each span replaced, and the words moved with it; words that share a span become one."""
    starts, ends = [span[0] for span in spans], [span[1] for span in spans]
    parts: list[str] = []
    places: list[int] = []  # where each mask begins in the new text
    at = length = 0
    for start, end, mask in spans:
        parts += [text[at:start], mask]
        places.append(length + start - at)
        length, at = places[-1] + len(mask), end

    def moved(position: int, side: int) -> int:
        """A position in the new text; one inside a span goes to its beginning (side 0) or its end (side 1)."""
        i = bisect_right(starts, position - side) - 1
        if i < 0:
            return position
        mask_end = places[i] + len(spans[i][2])
        if position - side < ends[i]:
            return mask_end if side else places[i]
        return mask_end + position - ends[i]

    result: list[Piece] = []
    shared = -1  # the last span the last piece stands in
    for piece in pieces:
        first, last = bisect_right(ends, piece.start), bisect_left(starts, piece.end) - 1
        word = piece.word
        if result and first == shared:
            word = _merged(result[-1].word, word)
            result[-1] = Piece(result[-1].start, moved(piece.end, 1), word)
        else:
            result.append(Piece(moved(piece.start, 0), moved(piece.end, 1), word))
        shared = last if last >= first else -1
    return "".join([*parts, text[at:]]), result


def _merged(first: Word, second: Word) -> Word:
    sure = [word.confidence for word in (first, second) if word.confidence is not None]
    return replace(first, end=max(first.end, second.end), confidence=min(sure, default=None))
