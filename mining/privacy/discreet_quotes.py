"""Which words of a theme are quoted to alumni and sponsors, and whether they can be heard.

One quote of each group at most, so that no group dominates, and never more of them than groups are told of. Which
groups, which of their words and in what order is drawn by a key that nobody outside can know and that changes whenever
the talk does, or the groups that may be quoted: who compares the page before and after a room came late, or withdrew
its consent, finds other quotes throughout, not one more or one less.
"""

import hmac
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.clips import LONGEST
from capture.models import Recording, RecordingKind, Utterance
from mining.models import Analysis, Passage, Theme
from mining.privacy.crowds import Words, masked, named_in, names_told
from mining.quotes import Quote, excerpt, quotes_of

QUOTES = 6
"""Quotes of a theme, at most."""
WORDS = 55
"""About how long one is; it is cut between utterances."""
ENOUGH = 8
"""Words a quote should have."""
BEST = 5
"""Of a group's passages, the most central ones among which is drawn."""

Draw = Callable[[str], bytes]


@dataclass(frozen=True)
class SharedQuote:
    """Somebody's words, of one of the groups that raise the theme. `turns` are the speakers' in order, unnamed; `mark`
    names the quote in addresses, and says nothing; `seconds` is the length of its sound, None where it has none that
    may be heard."""

    turns: tuple[str, ...]
    mark: str
    seconds: float | None = None

    @property
    def text(self) -> str:
        return " ".join(self.turns)


@dataclass(frozen=True)
class Clip:
    """Where a quote's sound is, for whoever cuts it out; not for showing. Seconds in the file."""

    stored_name: str = field(repr=False)
    start: float
    end: float


@dataclass(frozen=True)
class Chosen:
    quote: SharedQuote
    clip: Clip | None


def choose(
    session: Session,
    analysis: Analysis,
    theme: Theme,
    groups: frozenset[int],
    telling: frozenset[Words],
    quorum: int,
    most: int,
) -> list[Chosen]:
    """At most QUOTES, and at most `most`, quotes, each of another one of `groups`, which agreed; none where they are
    fewer than `quorum`. `telling` are names of rooms that no quote may hold; what tells other names is quoted only
    where fewer than `quorum` groups say anything else.

    That a quote can be heard tells that it is from a room that was recorded. So there is sound only where at least
    `quorum` rooms have it, and where the rooms without are fewer, but not none, those with sound are quoted only.
    """
    if len(groups) < quorum:
        return []
    draw = _draw(analysis, groups)
    rows = {group: own for group, own in _passages(session, theme).items() if group in groups}
    sound, rest = _rooms_with_sound(session, analysis)
    heard = len(sound) >= quorum
    if heard and 0 < len(rest) < quorum:
        heard = len(rows.keys() & sound) >= quorum
        rows = {group: own for group, own in rows.items() if group in sound} if heard else rows
    quotes = quotes_of(session, analysis.id, [number for own in rows.values() for number in own])
    statement = (theme.statement or {}).get("passage")
    found: list[tuple[Quote, Clip | None]] = []
    for group in sorted(rows, key=lambda group: draw(f"group {group}")):
        own = [excerpt(quotes[number], theme.keywords, WORDS) for number in rows[group]]
        fit = [quote for quote in own if not named_in(telling, _text(quote))]
        clips = [(quote, _clip(session, quote) if heard and group in sound else None) for quote in fit]
        found += sorted(clips, key=lambda each: _rank(each[0], each[1], statement, draw))[:1]
    plain = [each for each in found if not names_told(_text(each[0]))]
    chosen = [_chosen(quote, at, draw) for quote, at in (plain if len(plain) >= quorum else found)[: min(QUOTES, most)]]
    return sorted(chosen, key=lambda each: each.quote.mark)


def _rank(quote: Quote, clip: Clip | None, statement: int | None, draw: Draw) -> tuple[bool, bool, bool, bytes]:
    """The smallest is quoted: without names, to be heard, not quoted above already; then it is drawn."""
    return names_told(_text(quote)) > 0, clip is None, quote.number == statement, draw(f"passage {quote.number}")


def agreed_rooms(session: Session, analysis: Analysis) -> frozenset[int]:
    """The groups of whose recordings each has a noted consent, also of those that came since or were not transcribed:
    nobody else's words are passed on. As `capture.consent` tells organisers."""
    mined = select(Passage.group_id).where(Passage.analysis_id == analysis.id).distinct()
    silent = select(Recording.group_id).where(
        Recording.event_id == analysis.event_id, func.coalesce(Recording.consent, "") == ""
    )
    return frozenset(session.scalars(mined)) - frozenset(session.scalars(silent))


def _draw(analysis: Analysis, groups: frozenset[int]) -> Draw:
    """A pseudo-random function whose key is what the analysis read: every transcript of the event, which nobody has who
    may not read everything anyway; and which groups may be quoted."""
    key = f"{analysis.fingerprint} {analysis.seed} {sorted(groups)}".encode()
    return lambda what: hmac.digest(key, what.encode(), "sha256")


def _passages(session: Session, theme: Theme) -> dict[int, list[int]]:
    """{group: its BEST passages by number}, long ones before short ones, the most central first."""
    rows: dict[int, list[tuple[bool, int]]] = defaultdict(list)
    query = select(Passage.group_id, Passage.number, Passage.words).where(Passage.theme_id == theme.id)
    for group, number, words in session.execute(query.order_by(Passage.strength.desc(), Passage.number)):
        rows[group].append((words < ENOUGH, number))
    return {
        group: [number for _, number in sorted(own, key=lambda each: each[0])[:BEST]] for group, own in rows.items()
    }


def _rooms_with_sound(session: Session, analysis: Analysis) -> tuple[frozenset[int], frozenset[int]]:
    """The groups of an analysis that have a recording they agreed to, and the other ones."""
    rows = session.execute(
        select(Passage.group_id, Recording.kind, Recording.consent)
        .join(Recording, Recording.id == Passage.recording_id)
        .where(Passage.analysis_id == analysis.id)
        .distinct()
    ).all()
    sound = frozenset(group for group, kind, consent in rows if kind == RecordingKind.AUDIO and consent)
    return sound, frozenset(group for group, _, _ in rows) - sound


def _text(quote: Quote) -> str:
    return " ".join(line.text for line in quote.lines)


def _clip(session: Session, quote: Quote) -> Clip | None:
    """None where the words have no sound to which the group agreed, are too long, or where somebody's name was masked
    in them or right beside them: in the sound it can be heard."""
    if not quote.audio or not 0 < quote.end - quote.start <= LONGEST:
        return None
    recording = session.get_one(Recording, quote.recording_id)
    around = session.scalars(
        select(Utterance.text).where(
            Utterance.recording_id == recording.id,
            Utterance.position.between(quote.lines[0].position - 1, quote.lines[-1].position + 1),
        )
    ).all()
    if not recording.consent or any("[" in text for text in around):
        return None
    return Clip(recording.stored_name, quote.start, quote.end)


def _chosen(quote: Quote, clip: Clip | None, draw: Draw) -> Chosen:
    mark = draw(f"quote {quote.recording_id} {quote.position} {quote.start} {quote.end}").hex()[:20]
    turns = tuple(masked(turn.text) for turn in quote.turns)
    return Chosen(SharedQuote(turns, mark, round(quote.end - quote.start, 1) if clip else None), clip)
