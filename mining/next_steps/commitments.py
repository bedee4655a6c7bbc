"""Finds commitments in talk: somebody present says that they, or the group, will do something.

Pure, over utterances; `mining.next_steps.next_steps` stores what comes out for people to confirm. A sentence counts by
what it says, not by what it is near: a first person and a verb of doing ("I'll ask", "we agreed to", "let's ... by
March"), and nothing that takes it back. Left out are questions, what is denied, supposed ("I would", "if I were"), told
of the past or of others' words ("he said, we'll see"), general truths ("we will always"), and talk about the talk
itself ("I'll start"). Phrases and weights were set on the sentences marked "dev" in tests/fixtures/commitments.tsv and
stand in commitments.toml; `python -m tests.benchmarks.commitments` measures on those marked "test". English only.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from mining.next_steps.due_dates import Due, find_due

SURE = 0.6
"""Score from which a sentence is put before people."""
LONGEST = 45
"""Words of a sentence that is cited whole; a longer one is cut to the thought."""
SHORT = 14
"""The same of a sentence without any punctuation, which may be several."""
FEWEST = 5
"""Words that a thought has at least after its verb, where it is cut."""
GROUP = "the group"

WEAK = frozenset({"i_will", "we_will", "lets", "plan", "we_plan", "doing", "we_doing", "let_me", "can"})
"""Ways that need a verb of doing, or at least none of the others."""
FAINT = frozenset({"lets", "can", "doing", "we_doing"})
"""Ways that mean little without one."""


class Spoken(Protocol):
    """An utterance, as far as it matters here."""

    @property
    def text(self) -> str: ...
    @property
    def speaker(self) -> str | None: ...


@dataclass(frozen=True)
class Commitment:
    """`start` and `end` are characters of the utterance with index `utterance`; `score` is SURE..1. `owner` is the
    speaker, GROUP, or None where it is not known who spoke."""

    utterance: int
    start: int
    end: int
    score: float
    owner: str | None
    due: Due | None


_WRITTEN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _any(name: str) -> str:
    """The alternatives of a family of words, as one group of a pattern."""
    return f"(?:{'|'.join(_WRITTEN['words'][name].strip().splitlines())})"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


_ADVERBS = f"(?: {_any('adverbs')})*"
_WORTH: dict[str, tuple[float, bool]] = {
    name: (worth, whose == "ours") for name, (worth, whose, _) in _WRITTEN["cues"].items()
}
"""{name of a way to commit oneself: (what it counts, whether it speaks for the group)}"""
_CUE = _compiled(
    r"\b(?:"
    + "|".join(
        f"(?P<{name}>{pattern.replace('ADVERBS', _ADVERBS)})" for name, (_, _, pattern) in _WRITTEN["cues"].items()
    )
    + r")(?!')\b"
)
_QUICK = _compiled(_any("quick"))
_ACTION = _compiled(rf"{_any('action')}(?:\b|(?<=\s))")  # a masked name may follow: “ask [person 3]”
_NEVER = _compiled(rf"{_any('never')}\b")
_REPORTED = _compiled(rf"\b{_any('reported')}\b")
_ALLOWED = _compiled(rf"\b{_any('allowed')}\b")
_HABIT = _compiled(rf"\b{_any('habit')}\b")
_HANGING = _compiled(rf"\b{_any('hanging')}(?: that| then| maybe)?[ ,]*$")
_MEANT = _compiled(rf"\b{_any('meant')}[ ,]*$")
_SUPPOSED = _compiled(rf"\b{_any('supposed')}\b")
_CONDITION = _compiled(rf"\b{_any('condition')}\b")
_POLITE = _compiled(rf"\b{_any('polite')}\b")
_OLD = _compiled(rf"\b{_any('old')}\b")
_HEDGE = _compiled(rf"\b{_any('hedge')}\b")
_STAGE = _compiled(rf"\b{_any('stage')}\b|\bnow[.!]?$")
_TAG = _compiled(rf",? *{_any('tag')}\?+$")
_ASKING = _compiled(rf"^(?:(?:and|but|so|or|well|now|then),? )*{_any('asking')}\b")
_LEAD = _compiled(rf"(?:{_any('lead')}(?:[,.;:–—…-]+\s*|\s+))+")
_THOUGHT = _compiled(r"(?:[,;:–—]\s+|\s+)(?=(?:and|but|so|because|although|except|whereas|which)\s)")
_CUT = _compiled(rf"\s+(?={_any('cut')}\s)")
_NEGATED = _compiled(r"(?:not|never|n't|no longer|hardly)\b")
_QUOTING = _compiled(r"\b(?:said|says|say|goes|told (?:me|us|them)|was like)[,:]?$")
_SENTENCE = re.compile(r"[^.!?…]+(?:[.!?…]+(?=\S)[^.!?…]+)*[.!?…]*[\"”')]*")


def commitments_in(spoken: Iterable[Spoken], day: date | None) -> list[Commitment]:
    """In order; at most one for each sentence. `day` is when it was said, None where that is not known: then no
    commitment has a day, only the words for it."""
    found = []
    for index, utterance in enumerate(spoken):
        text = utterance.text.replace("’", "'")  # of the same length: characters keep their places
        if not _QUICK.search(text):
            continue
        for start, end, before in _sentences(text):
            judged = _judge(text, start, end, before, day)
            if judged:
                begin, stop, score, ours, due = judged
                owner = GROUP if ours else utterance.speaker
                found.append(Commitment(index, begin, stop, score, owner, due))
    return found


def _sentences(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, what came just before) of every sentence, without white space around it."""
    before = ""
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if end > start:
            yield start, end, before
            before = text[start:end]


def _judge(
    text: str, start: int, end: int, before: str, day: date | None
) -> tuple[int, int, float, bool, Due | None] | None:
    """The best commitment of a sentence: its characters, score, whether it is the group's, and by when."""
    sentence = text[start:end]
    if _is_question(sentence):
        return None
    best = None
    for match in _CUE.finditer(sentence):
        name = match.lastgroup
        assert name
        first, last = _thought(sentence, match)
        thought = sentence[first:last]
        due = find_due(sentence[match.start() : last], day) or find_due(thought, day)
        score = _score(name, sentence, match, thought, before, due)
        if score >= SURE and (best is None or score > best[2]):
            best = (start + first, start + last, round(min(1.0, score), 2), _WORTH[name][1], due)
    return best


def _is_question(sentence: str) -> bool:
    if not sentence.rstrip("\"”')").endswith("?"):
        return False
    return bool(_ASKING.match(sentence)) or not _TAG.search(sentence)


def _score(name: str, sentence: str, match: re.Match[str], thought: str, before: str, due: Due | None) -> float:
    """0..1 and above: what speaks for a commitment, less what speaks against it; 0 where something rules it out."""
    ahead, after = sentence[: match.start()], sentence[match.end() :].lstrip(" ,")
    action = _ACTION.match(after)
    if _ruled_out(name, ahead, after, sentence, before) or (name in WEAK and not action and _NEVER.match(after)):
        return 0.0
    length = len(after.split())
    score = _WORTH[name][0] + 0.2 * bool(due) + 0.05 * (length >= 6)
    score += 0.25 if action else -0.15 if name in FAINT else 0.0
    score -= 0.15 if length < 3 and name not in ("take_on", "list") else 0.0
    score -= 0.3 if _CONDITION.search(ahead) and not _POLITE.search(sentence) else 0.0
    return score - 0.1 * bool(_HEDGE.search(thought)) - 0.3 * bool(_STAGE.search(thought))


def _ruled_out(name: str, ahead: str, after: str, sentence: str, before: str) -> bool:
    said = _ALLOWED.sub(" ", ahead)
    if _NEGATED.match(after) or _REPORTED.search(said):
        return True
    if said.count("“") > said.count("”") or said.count('"') % 2:
        return True  # in quotation marks
    if not said.strip() and _QUOTING.search(before.rstrip(".!")):
        return True
    if _HABIT.search(said) or _SUPPOSED.search(sentence):
        return True
    if name in ("agreed", "decided", "we_plan") and _OLD.search(sentence):
        return True
    return bool(_HANGING.search(said)) and not _MEANT.search(said)


def _thought(sentence: str, match: re.Match[str]) -> tuple[int, int]:
    """(first, last) characters that are cited: the sentence; where it is long or never ends, the part that says it."""
    lead = _LEAD.match(sentence, 0, match.start())
    first, last = (lead.end() if lead else 0), len(sentence)
    bare = not re.search(r"[.,;:!?]", sentence)
    if len(sentence[first:].split()) <= (SHORT if bare else LONGEST):
        return first, last
    cuts = [cut.end() for cut in _THOUGHT.finditer(sentence, first, match.start())]
    first = match.start() if bare else (cuts[-1] if cuts else first)
    if not bare and len(sentence[first:].split()) <= LONGEST:
        return first, last
    for cut in (_CUT if bare else _THOUGHT).finditer(sentence, match.end()):
        if len(sentence[match.end() : cut.start()].split()) >= FEWEST:
            last = cut.start()
            break
    words = list(re.finditer(r"\S+", sentence[first:last]))
    return first, first + words[min(len(words), LONGEST) - 1].end()
