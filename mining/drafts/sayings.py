"""Which stretches of talk can be read out to people who were not in the room: whole sentences that stand by themselves.

Between a theme's passages and a module draft. Like `statements`, which looks for the one sentence that stands for a
theme, but for guides: one to three sentences of one speaker, that tell of something lived or felt, name nobody, and
need nothing said before. Nothing is put together or changed: a saying is a slice of one utterance.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mining.describing.kinds import Kind, judge
from mining.describing.statements import flaws_of, stretches
from mining.embedding.embedder import Vectors
from mining.words import STOP_WORDS, word_set, words_of

Embed = Callable[[Sequence[str]], Vectors]

FEWEST, MOST = 8, 35
"""Words of a saying."""
TOGETHER = 3
"""Consecutive sentences of one speaker that may be read as one."""
WORST = 0.42
"""Flaws from which a stretch is no saying."""
LISTED = 160
"""Candidates of a theme whose meaning is compared."""
OWN, FELT, LIVED, POINTS, NAMES, HERE, ADDRESSED, BARE, UNPOINTED, SHORT, DANGLES, PERSONS, LOWER = (
    0.16, 0.07, 0.05, 0.07, 0.3, 0.12, 0.22, 0.25, 0.18, 0.1, 0.45, 0.2, 0.06,
)  # fmt: skip
"""What speaks for a saying (first person; each word of feeling; of experience) and against it (each word that points
elsewhere; a capitalised name; the day itself; advice to one person; no content; no punctuation; a very short sentence;
a beginning or an end that hangs in the air; a person nobody has spoken of; a small first letter)."""
ROUGH = 0.35
"""Against what a demonstration engine wrote down."""
AHEAD = 1.5
"""What being nearer to another theme counts."""
OFF, OFF_BY = 0.38, 2.5
"""Cosine to the theme below which a saying may be about something else, and what that counts."""

_SENTENCE = re.compile(r"[^.!?…]+(?:[.!?…]+(?=[^\s.!?…\"”’')])[^.!?…]+)*[.!?…]+[\"”’')]*")
_LEAD = re.compile(
    r"(?:(?:and|but|so|or|well|yeah|yes|yep|no|nope|oh|ah|okay|ok|right|sure|exactly|true|uh-huh|uh|um|er|mm-hm|mm|hm|ha|"
    r"huh|because|actually|also|anyway|see|look|honestly|basically|all right|then|maybe|of course|i mean|you know)"
    r"(?:[,;:–—…-]+\s*))+|(?:(?:and|but|so|because|or)\s+)",
    re.I,
)
_MASK = re.compile(r"\[[^\]\[]{1,40}\]")
_NAME = re.compile(r"(?<![.!?…\"“”'’(]\s)(?<!^)(?<![\"“(])\b[A-Z][a-z]{2,}\b")
_WORD = re.compile(r"[A-Za-z]{3,}")
_NOT_NAMES = word_set(
    "I Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    "September October November December Christmas Easter God English HR IT CEO"
)
_FIRST = word_set("i i'm i've i'd i'll me my mine myself we we're we've we'd we'll us our ours ourselves")
_SECOND = word_set("you you're you've you'd you'll your yours yourself")
_FEELING = word_set(
    "afraid alone angry anxious ashamed brave careful courage cried dare dared embarrassing fair unfair fear feel "
    "feeling felt forgotten friend friends glad guilty happy hard hate honest honestly hurt hurts invisible lonely "
    "lost love mad miss nervous painful polite proud relief relieved respect sad safe scared shame shy silence "
    "silent stuck terrible tired trust trusted worried worry worse difficult impossible frustrated pretend lying"
)
_EXPERIENCE = word_set(
    "never always nobody everybody everyone stopped started learned noticed realised realized tried helped changed "
    "asked told said gave took lost wrote kept worked works used year years month months week weeks time first"
)
_POINTING = word_set(
    "it its it's that that's those these this they they're them their he he's him his she she's her there's"
)
_OPENS_IN_AIR = _POINTING | word_set(
    "which who whose whom than where until unless to of with for or as one there except in into from by nor not too "
    "then even both either neither"
)
_ASKS = word_set("who which whose whom where")
_HERE = word_set("here today tonight tomorrow morning afternoon keynote poster plenary bell biscuits")
_SESSION = re.compile(
    r"\b(?:write (?:that|it|this) (?:one )?down|next door|this (?:room|group|morning|wall)|the wall|we have until|the "
    r"plenary|my topic|i (?:posted|wrote it)|thank(?:s| you)|shall we|let's (?:go|start|begin|say)|hold me to it|hold "
    r"on|may i|hello|welcome|off my chest|for a minute|i'd like to (?:add|stay|say|hear|use)|you remember|come on|"
    r"as you can (?:all )?see|i(?:'ll| will) (?:start|begin)|i agree|i disagree|your groups?)\b",
    re.I,
)
_REPORTED = re.compile(r"\b(?:said|says?|saying|asked|asks|think|thought|told),[^.!?]*\?|was asked", re.I)
_ELIDED = re.compile(
    r"\b(?:did|do|does|would|could|should|wasn't|isn't|have|had|has|am|was|didn't|don't|can|"
    r"can't|won't|wouldn't|couldn't|haven't|hasn't)[.!?…]+",
    re.I,
)
_BARE_OBJECT = re.compile(r"\b(?:it|that|this|one|them|so)[.,!?…]", re.I)
_PERSON = word_set("he he's he'd he'll him his she she's she'd she'll her hers they they're they've they'd them their")
_SOMEBODY = word_set(
    "somebody someone people person everybody nobody boss bosses director manager managers colleague colleagues friend "
    "friends woman man customer customers team engineers engineer controller peers coach others one"
)
_UNDERTAKES = re.compile(
    r"\b(?:(?:i|we)(?: will|'ll)(?! (?:believe|tell|say|see|find a way|never|not|be honest))|i'm going to|let's "
    r"(?!be|face|see|say|just say)|we agreed|i promise|i want to try|i'd like to try)\b",
    re.I,
)
_RETOLD = re.compile(
    r"\b(?:he|she|they|somebody|people|everybody|boss|director|said|thought|told)\b[^.!?]*(?:\bwill|'ll)\b", re.I
)
_TAG = re.compile(r"\b(?:all right|right|okay|ok|yes|no|yeah|remember|you know|do you|is it|isn't it)\?$", re.I)
_LOOSE = re.compile(r"(?:before|after|directly|\w+ly|then|now|once|each with|twice)\b(?:,| for | with )", re.I)
_LEARNT = re.compile(
    r"\b(?:what helped|helped me|since then|i(?:'ve| have)? learn(?:ed|t)|the lesson|it works?|it worked|after that|"
    r"now i(?:'ve)?|the rule is|made it easier|the best thing|works? because|better than)\b",
    re.I,
)


@dataclass(frozen=True)
class Heard:
    """An utterance of a theme's passage. `strength` (0..1) is how near the passage is to the theme's centre, `rough`
    whether a demonstration engine wrote it down."""

    recording: int
    position: int
    group: int
    passage: int
    text: str
    kind: Kind | None = None
    strength: float = 0.0
    rough: bool = False


@dataclass(frozen=True)
class Saying:
    """`text` is `said.text[start:end]`. `worth` tells how well it can be read out (about 0..2), `near` (cosine) how
    near it is to the theme, `vector` (d,) its meaning; zeros where nothing embeds."""

    said: Heard
    start: int
    end: int
    text: str
    kind: Kind
    worth: float
    near: float
    vector: Vectors
    sure: bool = False
    """Whether its own words say that it is of its kind."""

    @property
    def group(self) -> int:
        return self.said.group

    @property
    def asks(self) -> bool:
        return self.text.rstrip("\"”’')").endswith("?")

    def overlaps(self, other: "Saying") -> bool:
        same = (self.said.recording, self.said.position) == (other.said.recording, other.said.position)
        return same and self.start < other.end and other.start < self.end


def sayings(
    heard: Sequence[Heard], keywords: Sequence[str], centre: Vectors, others: Sequence[Vectors], embed: Embed | None
) -> list[Saying]:
    """Everything that can be read out, the best first; overlapping stretches of one utterance are all in it.

    `centre` (d,) is the theme's, `others` those of the other themes. Without `embed` only words decide.
    """
    found = []
    names = names_in([said.text for said in heard])
    for said in heard:
        for start, end in spans(said.text):
            text = said.text[start:end]
            flaws = flaws_for_reading(text) + NAMES * any(word in names for word in _WORD.findall(text))
            if flaws < WORST:
                found.append((said, start, end, text, _merit(text, keywords) - flaws + 0.5 * said.strength))
    found.sort(key=lambda each: (-round(each[4], 6), each[0].recording, each[0].position, each[1], each[2]))
    found = found[:LISTED]
    texts = [each[3] for each in found]
    vectors = embed(texts) if embed and texts else np.zeros((len(texts), len(centre)), np.float32)
    kinds = _kinds(texts, vectors, embed)
    near = vectors @ centre
    apart = np.max(np.vstack([vectors @ other for other in others]), axis=0) if len(others) and texts else 0 * near
    made = [
        Saying(
            said,
            start,
            end,
            text,
            _kind_of(text, judged, said.kind),
            round(worth + _meant(float(near[i]), float(near[i] - apart[i])) * bool(embed) - ROUGH * said.rough, 6),
            round(float(near[i]), 6),
            vectors[i],
            sure=bool(_LEARNT.search(text) or _UNDERTAKES.search(text)),
        )
        for i, ((said, start, end, text, worth), judged) in enumerate(zip(found, kinds, strict=True))
    ]
    return sorted(made, key=lambda s: (-s.worth, s.said.recording, s.said.position, s.start, s.end))


def _meant(near: float, ahead: float) -> float:
    """What its meaning says for it: `near` the theme, and nearer than to any other by `ahead`."""
    return near + AHEAD * min(0.0, ahead) + OFF_BY * min(0.0, near - OFF)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the stretches of an utterance that could be read out: one to three whole sentences, without an
    "and so, well" in front; in talk without full stops what `statements` takes for a thought."""
    sentences = [match.span() for match in _SENTENCE.finditer(text)]
    if not sentences:
        yield from (span for span in stretches(text) if FEWEST <= _words(text, span) <= MOST)
        return
    for first in range(len(sentences)):
        start = _begin(text, *sentences[first])
        for last in range(first, min(first + TOGETHER, len(sentences))):
            span = start, sentences[last][1]
            if FEWEST <= _words(text, span) <= MOST:
                yield span


def flaws_for_reading(text: str) -> float:
    """How much speaks against reading it out to people who were not there; 0 is flawless."""
    pieces = [match.group() for match in _SENTENCE.finditer(text)] or [text]
    words = words_of(text)
    first = words_of(pieces[0])
    if not first or _MASK.search(text) or _SESSION.search(text):
        return 1.0
    asks = first[0] in _ASKS and pieces[0].rstrip().endswith("?")
    flaws = DANGLES * (first[0] in _OPENS_IN_AIR and not asks)
    flaws += PERSONS * _strangers(first)
    flaws += DANGLES * bool(_ELIDED.search(pieces[0]) and len(first) < 12)
    flaws += 2 * POINTS * len(_BARE_OBJECT.findall(pieces[0]))
    flaws += DANGLES * bool(_LOOSE.match(pieces[0].lstrip()) or _TAG.search(text))
    flaws += LOWER * (text[0].islower() and text[-1] in ".!?")
    # Within a longer saying, what is pointed at may stand in it: only the first sentence has nothing before it.
    flaws += POINTS * sum(word in _POINTING for word in first[1:])
    flaws += 0.5 * POINTS * sum(word in _POINTING for piece in pieces[1:] for word in words_of(piece))
    flaws += NAMES * len([name for name in _NAME.findall(text) if name not in _NOT_NAMES])
    flaws += HERE * len(_HERE & set(words))
    flaws += ADDRESSED * bool(_SECOND & set(words) and not _FIRST & set(words) and text.rstrip().endswith("?"))
    flaws += BARE * (sum(word not in STOP_WORDS for word in words) < 2)
    flaws += UNPOINTED * (text[-1] not in ".!?…\"”’')")
    flaws += SHORT * sum(len(words_of(piece)) < 3 for piece in pieces)
    flaws += DANGLES * (len(pieces) > 1 and len(first) < 4)
    # A question among the sentences mostly asks whoever sits there; only one at the end can be handed on.
    flaws += 0.3 * any(piece.rstrip("\"”’')").endswith("?") for piece in pieces[:-1])
    return flaws + 0.5 * min(0.6, flaws_of(pieces[0]) if len(first) >= 6 else 0.1)


def _strangers(words: Sequence[str]) -> int:
    """How many of the words speak of a person who was not named before in the sentence."""
    known = False
    count = 0
    for word in words:
        known = known or word.removesuffix("'s") in _SOMEBODY
        count += word in _PERSON and not known
    return count


def names_in(texts: Sequence[str]) -> frozenset[str]:
    """Words that these texts write with a capital only, twice or more: mostly what somebody or something is called."""
    seen: Counter[str] = Counter()
    small: set[str] = set()
    for text in texts:
        for word in _WORD.findall(text):
            if word[0].islower():
                small.add(word)
            else:
                seen[word] += 1
    return frozenset(
        word
        for word, count in seen.items()
        if count > 1 and word.lower() not in small and word.lower() not in STOP_WORDS and word not in _NOT_NAMES
    )


def _merit(text: str, keywords: Sequence[str]) -> float:
    words = words_of(text)
    own = OWN * bool(_FIRST & set(words))
    felt = FELT * min(3, len(_FEELING & set(words))) + LIVED * min(3, len(_EXPERIENCE & set(words)))
    low = text.lower()
    named = 0.1 * min(2, sum(keyword.lower() in low for keyword in keywords))
    long = 0.1 if 11 <= len(words) <= 30 else 0.0
    return own + felt + named + long


def _kinds(texts: Sequence[str], vectors: Vectors, embed: Embed | None) -> list[Kind | None]:
    if not embed or not texts:
        return [None] * len(texts)
    return [each.kind if each.confidence >= 0.5 else None for each in judge(texts, vectors, embed)]


def _kind_of(text: str, judged: Kind | None, passage: Kind | None) -> Kind:
    """What the words say themselves; else what they mean; else what the passage they stand in is."""
    if text.rstrip("\"”’')").endswith("?"):
        if not _REPORTED.search(text):
            return Kind.QUESTION
        return passage if passage in (Kind.CHALLENGE, Kind.LESSON) else Kind.OTHER
    if _UNDERTAKES.search(text) and not _RETOLD.search(text):
        return Kind.ACTION
    if _LEARNT.search(text):
        return Kind.LESSON
    told = judged if judged not in (None, Kind.OTHER, Kind.QUESTION, Kind.ACTION) else passage
    return told if told in (Kind.CHALLENGE, Kind.LESSON) else Kind.OTHER


def apart(one: Saying, other: Saying) -> float:
    """1 - cosine of two sayings; 1 where nothing embeds."""
    return 1.0 - float(one.vector @ other.vector)


def _begin(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    lead = _LEAD.match(text, start, end)
    return lead.end() if lead and lead.end() < end else start


def _words(text: str, span: tuple[int, int]) -> int:
    return len(text[slice(*span)].split())
