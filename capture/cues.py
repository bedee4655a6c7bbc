"""What every transcript format is turned into first: timed cues; and how cues become utterances.

Also the rule by which `Name: words` is told from a sentence with a colon. transcript_files asks cue_files (WebVTT, SRT)
or turn_files (DOCX, plain text) for cues and gives back what `utterances` makes of them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

from capture.speech import Spoken
from capture.wordlists import NEVER_NAMES, PARTICLES, TITLES

PAUSE = 2.0
"""Seconds of silence up to which two cues can belong to one stretch of talk."""
ENOUGH = 40
"""Words after which an utterance ends at the next end of a sentence."""
LONGEST = 60
"""Words an utterance has at most, so that it can be quoted whole."""
NAMED_SHARE = 0.3
"""Share of lines with a name from which on a file is taken for one that names its speakers."""

SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
SENTENCE = re.compile(r"(?<=[.!?…])\s+|(?<=[.!?…][\"”’)])\s+")
LABEL = re.compile(r"(?:[-–>•*]\s*)?(?P<label>[^\s:][^:]{0,39}?)\s*:(?=\s|$)\s*(?P<text>.*)", re.DOTALL)
IN_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")
NOT_IN_NAMES = re.compile(r"[?!:;=<>{}\"“”…]|\.\.|\d{5}")


@dataclass(frozen=True)
class Cue:
    """One timed piece of a transcript file; seconds from its beginning. `speaker` None: the file does not say."""

    start: float
    end: float
    text: str
    speaker: str | None = None


def utterances(cues: Iterable[Cue]) -> tuple[Spoken, ...]:
    """Cues as utterances in the order of their start: none empty, none overlapping, none over LONGEST words.

    Consecutive cues of one speaker at most PAUSE apart become one utterance of about ENOUGH words. Where cues name no
    speaker they are joined within a sentence only, since the next sentence may be somebody else's.
    """
    cues = sorted((c for c in map(_tidy, cues) if c.text), key=lambda c: c.start)
    pieces = [piece for cue in _continued(cues) for piece in _split(cue)]
    return tuple(Spoken(c.start, c.end, c.text, c.speaker) for c in _apart(_joined(pieces)))


def _tidy(cue: Cue) -> Cue:
    return Cue(cue.start, max(cue.start, cue.end), " ".join(cue.text.split()), cue.speaker)


def _continued(cues: Sequence[Cue]) -> list[Cue]:
    """A cue without a name goes on the one before: products name a speaker where the speaker changes."""
    result: list[Cue] = []
    for cue in cues:
        if cue.speaker is None and result and cue.start - result[-1].end <= PAUSE:
            cue = replace(cue, speaker=result[-1].speaker)
        result.append(cue)
    return result


def _split(cue: Cue) -> list[Cue]:
    """A long turn in pieces that end with a sentence; its time is shared by the length of the pieces."""
    if len(cue.text.split()) <= LONGEST:
        return [cue]
    pieces: list[list[str]] = [[]]
    for sentence in _sentences(cue.text):
        if pieces[-1] and (len(pieces[-1]) >= ENOUGH or len(pieces[-1]) + len(sentence) > LONGEST):
            pieces.append([])
        pieces[-1] += sentence
    texts = [" ".join(words) for words in pieces]
    second = (cue.end - cue.start) / sum(map(len, texts))
    cut, result = cue.start, []
    for text in texts:
        result.append(Cue(cut, cut + second * len(text), text, cue.speaker))
        cut = result[-1].end
    return result


def _sentences(text: str) -> Iterable[list[str]]:
    """The words of each sentence; a sentence over LONGEST words comes in equal parts."""
    for sentence in SENTENCE.split(text):
        words = sentence.split()
        size = ceil(len(words) / ceil(len(words) / LONGEST)) if words else 1
        yield from (words[i : i + size] for i in range(0, len(words), size))


def _joined(cues: Iterable[Cue]) -> list[Cue]:
    result: list[Cue] = []
    for cue in cues:
        if result and _goes_on(result[-1], cue):
            last = result[-1]
            result[-1] = Cue(last.start, max(last.end, cue.end), f"{last.text} {cue.text}", cue.speaker)
        else:
            result.append(cue)
    return result


def _goes_on(last: Cue, cue: Cue) -> bool:
    if cue.speaker != last.speaker or cue.start - last.end > PAUSE:
        return False
    words, ended = len(last.text.split()), bool(SENTENCE_END.search(last.text))
    if ended and (words >= ENOUGH or cue.speaker is None):
        return False
    return words + len(cue.text.split()) <= LONGEST


def _apart(cues: Sequence[Cue]) -> list[Cue]:
    """Ends each cue where the next begins; cues that begin together share their time by the number of words."""
    result = list(cues)
    for i, (cue, after) in enumerate(pairwise(cues)):
        cue = result[i]
        start, end = max(after.start, cue.start), max(after.end, after.start, cue.start)
        if start < cue.end and start - cue.start < 0.1:
            end = max(end, cue.end)
            words = len(cue.text.split()), len(after.text.split())
            start = cue.start + (end - cue.start) * words[0] / sum(words)
        result[i] = replace(cue, end=min(cue.end, start))
        result[i + 1] = replace(after, start=start, end=max(end, start))
    return result


def labelled(line: str) -> tuple[str, str] | None:
    """(label, words) where a line might begin with a speaker's name and a colon, else None.

    At most four words and 40 characters stand before the first colon, and white space after it: no clock time, no
    web address. Whether it is a name is decided by `names_among` for the whole file.
    """
    match = LABEL.match(line.strip())
    if not match or not is_label(match["label"]):
        return None
    return match["label"].strip(), match["text"]


def is_label(label: str) -> bool:
    """Whether this could be a name at all, by its shape."""
    words = _label_words(label)
    return 0 < len(words) <= 4 and not NOT_IN_NAMES.search(label) and any(c.isalpha() for c in label)


def is_name_shaped(label: str) -> bool:
    """Whether every word begins with a capital, apart from small words such as “van”, and none opens a heading."""
    words = _label_words(label)
    shaped = all(not w[0].islower() or any(c.isupper() for c in w) for w in words)
    return is_label(label) and shaped and not any(w.strip(".,").lower() in NEVER_NAMES for w in words)


def names_among(lines: Sequence[str]) -> frozenset[str]:
    """The labels that are names, judged from all lines of a file together.

    A label counts when it has the shape of a name and comes again, or is a full name, or stands once in a file that
    names its speakers throughout and is no word the talk also uses. Labels in small letters have to come again.
    """
    counts = Counter(found[0] for line in lines if (found := labelled(line)))
    shaped = {label for label in counts if is_name_shaped(label)}
    share = sum(counts[label] for label in shaped) / max(1, len(lines))
    insists = {x for x in counts if counts[x] >= 2 and (x in shaped or _small_name(x) or _capitals(x))}
    names = {x for x in shaped if counts[x] >= 2 or (insists and len(_label_words(x)) >= 2)} | insists
    if share >= NAMED_SHARE:
        spoken = set(re.findall(r"\b[a-zß-ÿ]+\b", "\n".join(lines)))
        names |= {x for x in shaped if x.lower() not in spoken}
    return frozenset(names)


def _small_name(label: str) -> bool:
    words = _label_words(label)
    return len(words) <= 2 and not any(w.strip(".,").lower() in NEVER_NAMES for w in words)


def _capitals(label: str) -> bool:
    """Several words, each with a capital: a name even where one of them is also a small word (An Nguyen)."""
    words = label.split()
    return len(words) >= 2 and all(w[0].isupper() for w in words)


def _label_words(label: str) -> list[str]:
    return [w for w in IN_BRACKETS.sub(" ", label).split() if w.lower() not in PARTICLES | TITLES]
