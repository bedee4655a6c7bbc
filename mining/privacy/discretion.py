"""What alumni and sponsors may see of an event: themes that enough groups raised, and of those only what tells nothing
of one group.

Pages for staff are made of `mining.reading`; what is made here shares no value with them. It is put together from
nothing, field by field, so that whatever is added elsewhere stays unseen until somebody adds it here on purpose. No
group, recording, speaker, time, passage or strand is in it, nor any sum from which a hidden one could be subtracted.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.desk import is_demonstration
from capture.errors import NotFound
from capture.models import Event, Group, Recording
from mining.analyses import latest_analysis
from mining.citations import Cited
from mining.describing.perspectives import FLOOR
from mining.models import Analysis, Passage, Theme
from mining.privacy.crowds import (
    LEAST_QUORUM,
    SOME,
    Words,
    common,
    levelled,
    literal,
    masked,
    named_in,
    phrase,
    subjects,
    told,
    used,
)
from mining.privacy.discreet_quotes import Chosen, Clip, SharedQuote, agreed_rooms, choose
from mining.quotes import quotes_of, stated
from mining.reading import themes_of

KEYWORDS = 6
READ = 400
"""Passages of a theme, the most central ones, in which words are looked for; a word not found there is not shown."""
KINDS = ("challenge", "lesson", "action", "question")
GONE = "There is no theme {number} to see here. Themes are numbered anew when they are looked for again."
"""The same whether it is hidden or was never there."""


class Showing(StrEnum):
    """What there is to see."""

    NOT_YET = "not yet"
    """Themes were not looked for, or talk was withdrawn since."""
    TOO_FEW = "too few groups"
    """Fewer groups talked than must raise a theme."""
    NOTHING = "nothing"
    """No theme is raised by enough groups."""
    THEMES = "themes"


@dataclass(frozen=True)
class SharedKind:
    """How many groups speak of a theme as a challenge (a lesson, ...). None: fewer than the quorum, or none at all."""

    kind: str
    groups: int | None
    exactly: bool = True


@dataclass(frozen=True)
class SharedTheme:
    """A theme as it may be shown. `groups` of `of` raise it, or more where not `exactly`; `share` is of the talk on the
    themes that are shown, 0..1 in hundredths; `quotes` are of that many different groups and only where asked for."""

    number: int
    label: str
    keywords: tuple[str, ...]
    groups: int
    of: int
    exactly: bool
    share: float
    quorum: int
    rough: bool = False
    """As of the whole view."""
    statement: str | None = None
    """The sentence that stands for it, as somebody said it."""
    kinds: tuple[SharedKind, ...] = ()
    quotes: tuple[SharedQuote, ...] = ()

    @property
    def raised_by(self) -> str:
        """`4 of 10 groups`, `at least 7 of 10 groups`, `all 3 groups`."""
        if not self.exactly and self.groups == self.of:
            return f"all {self.of} groups"
        return f"{'' if self.exactly else 'at least '}{self.groups} of {self.of} groups"


@dataclass(frozen=True)
class SharedView:
    """An event's themes that at least `quorum` of its `groups` (those that talked) raised, most widely shared first.

    How many others there are is not in it: it would change by one when one room comes late.
    """

    showing: Showing
    quorum: int
    groups: int = 0
    themes: tuple[SharedTheme, ...] = ()
    rough: bool = False
    """Whether enough rooms for it to be told were transcribed by the demonstration engine, which mishears a lot."""


class _Part(NamedTuple):
    """A passage of a theme, as far as it counts."""

    group: int
    strength: float
    kind: str | None
    seconds: float


@dataclass(frozen=True)
class _Raised:
    """A theme that may be shown, with what may not: for use in here only. `by` are the groups that raise it, `sure`
    those that clearly do, `kinds` {kind: how many groups}."""

    theme: Theme
    by: frozenset[int]
    sure: frozenset[int]
    seconds: float
    kinds: Mapping[str, int]


@dataclass(frozen=True)
class _Seen:
    """What everything here is made from. `rooms` are the names of the event's groups, `agreed` the groups whose words
    may be passed on."""

    analysis: Analysis
    quorum: int
    groups: int
    rooms: frozenset[Words]
    rough: bool
    agreed: frozenset[int]
    raised: tuple[_Raised, ...]

    def by_number(self, number: int) -> _Raised:
        found = next((each for each in self.raised if each.theme.number == number), None)
        if found is None:
            raise NotFound(GONE.format(number=number))
        return found


def shared_view(session: Session, event: Event, quorum: int, quotes: bool = False) -> SharedView:
    """The whole event as alumni and sponsors see it; with `quotes` everything there is, as for a book of proceedings.

    A theme counts as raised by a group only where at least one of its passages is clearly about it; passages that
    happened to fall to a theme make no quorum. `quorum` below LEAST_QUORUM is taken for that.
    """
    quorum = max(quorum, LEAST_QUORUM)
    seen = _seen(session, event, quorum)
    if seen is None:
        return SharedView(Showing.NOT_YET, quorum)
    if seen.groups < quorum:
        return SharedView(Showing.TOO_FEW, quorum)  # not even how many
    themes = _themes(session, seen)
    if quotes:
        chosen = {each.theme.number: _chosen(session, seen, each) for each in seen.raised}
        themes = [replace(theme, quotes=tuple(c.quote for c in chosen[theme.number])) for theme in themes]
    showing = Showing.THEMES if themes else Showing.NOTHING
    return SharedView(showing, quorum, seen.groups, tuple(themes), seen.rough)


def shared_theme(session: Session, event: Event, quorum: int, number: int) -> SharedTheme:
    """One theme with its quotes. Raises NotFound in the same words whether it is hidden or not there."""
    seen = _seen(session, event, max(quorum, LEAST_QUORUM))
    if seen is None:
        raise NotFound(GONE.format(number=number))
    raised = seen.by_number(number)
    theme = next(each for each in _themes(session, seen) if each.number == number)
    return replace(theme, quotes=tuple(each.quote for each in _chosen(session, seen, raised)))


def shared_quotes(session: Session, event: Event, quorum: int, number: int) -> tuple[SharedQuote, ...]:
    """What may be quoted on a theme; nothing where it is hidden or not there."""
    seen = _seen(session, event, max(quorum, LEAST_QUORUM))
    raised = next((each for each in seen.raised if each.theme.number == number), None) if seen else None
    return tuple(each.quote for each in _chosen(session, seen, raised)) if seen and raised else ()


def shared_clip(session: Session, event: Event, quorum: int, number: int, mark: str) -> Clip:
    """Where the sound of a shown quote is. Raises NotFound where there is no such quote to be heard (any more)."""
    seen = _seen(session, event, max(quorum, LEAST_QUORUM))
    if seen is None:
        raise NotFound(GONE.format(number=number))
    for each in _chosen(session, seen, seen.by_number(number)):
        if each.clip and each.quote.mark == mark:
            return each.clip
    raise NotFound("This quote cannot be heard any more; open the theme's page again.")


def shown_strands(session: Session, event: Event, quorum: int) -> dict[int, int]:
    """{number: strand} of the themes that may be shown, for storing what somebody chose. Strands are not for showing:
    they are numbered through, hidden themes included."""
    seen = _seen(session, event, max(quorum, LEAST_QUORUM))
    return {each.theme.number: each.theme.strand_id for each in seen.raised if each.theme.strand_id} if seen else {}


def quotable_rooms(session: Session, event: Event, quorum: int, strand: int) -> frozenset[int] | None:
    """The groups (ids) whose words on the theme of this strand may be passed on: all that agreed, and none where fewer
    than `quorum` of those that clearly raise it did. None where the theme may not be shown. Not for showing."""
    seen = _seen(session, event, max(quorum, LEAST_QUORUM))
    raised = next((each for each in seen.raised if each.theme.strand_id == strand), None) if seen else None
    if seen is None or raised is None:
        return None
    return seen.agreed if len(raised.sure & seen.agreed) >= seen.quorum else frozenset()


def quotable(session: Session, event: Event, quorum: int, said: Iterable[Cited]) -> frozenset[Cited]:
    """Which of these words of the event may be quoted at this moment to those who were not in the room: they stand in a
    theme that is shown, at least `quorum` of the groups that clearly raise it agreed, theirs among them, and they name
    no room. What is quoted by citation asks this each time it is read."""
    seen = _seen(session, event, max(quorum, LEAST_QUORUM))
    if seen is None:
        return frozenset()
    raised = {each.theme.id: each.theme for each in seen.raised if len(each.sure & seen.agreed) >= seen.quorum}
    by_recording: dict[int, list[Cited]] = defaultdict(list)
    for each in said:
        by_recording[each.recording_id].append(each)
    columns = Theme.id, Passage.recording_id, Passage.first, Passage.last
    query = select(*columns).join(Passage, Passage.theme_id == Theme.id).where(Theme.id.in_(raised))
    query = query.where(Passage.recording_id.in_(by_recording), Passage.group_id.in_(seen.agreed))
    return frozenset(
        each
        for theme, recording, first, last in session.execute(query)
        for each in by_recording[recording]
        if first <= each.position <= last and not _names_a_room(session, seen, raised[theme], each.text)
    )


def _names_a_room(session: Session, seen: _Seen, theme: Theme, text: str) -> bool:
    named = named_in(seen.rooms, text)
    return bool(named and named & _telling(seen, _said(session, theme)))


def _seen(session: Session, event: Event, quorum: int) -> _Seen | None:
    """None where nothing was found yet. With fewer groups than `quorum` nothing is raised."""
    analysis = latest_analysis(session, event.id)
    if analysis is None:
        return None
    own: dict[int | None, list[_Part]] = defaultdict(list)
    columns = Passage.theme_id, Passage.group_id, Passage.strength, Passage.kind, Passage.end - Passage.start
    for theme, group, strength, kind, seconds in session.execute(
        select(*columns).where(Passage.analysis_id == analysis.id)
    ):
        own[theme].append(_Part(group, strength, kind, seconds))
    groups = {part.group for parts in own.values() for part in parts}
    found = [_raised(theme, own[theme.id]) for theme in themes_of(session, analysis.id)]
    enough = [each for each in found if min(len(each.sure), each.theme.breadth) >= quorum]
    names = session.scalars(select(Group.name).where(Group.event_id == event.id))
    engines = select(Passage.group_id, Recording.engine).join(Recording, Recording.id == Passage.recording_id)
    heard = session.execute(engines.where(Passage.analysis_id == analysis.id).distinct())
    rough = {group for group, engine in heard if is_demonstration(engine)}
    rooms = frozenset(map(_room, names))
    agreed = agreed_rooms(session, analysis)
    return _Seen(analysis, quorum, len(groups), rooms, len(rough) >= quorum, agreed, tuple(enough))


def _room(name: str) -> Words:
    words = literal(name)
    return words[1:] if words[:1] in (("the",), ("a",), ("an",)) else words


def _raised(theme: Theme, parts: list[_Part]) -> _Raised:
    clearly = FLOOR * median(part.strength for part in parts) if parts else 0.0
    return _Raised(
        theme,
        by=frozenset(part.group for part in parts),
        sure=frozenset(part.group for part in parts if part.strength >= clearly),
        seconds=sum(part.seconds for part in parts),
        kinds={kind: len({part.group for part in parts if part.kind == kind}) for kind in KINDS},
    )


def _themes(session: Session, seen: _Seen) -> list[SharedTheme]:
    whole = sum(each.seconds for each in seen.raised) or 1.0
    numbers = [told(len(each.by), seen.groups, seen.quorum) for each in seen.raised]
    shares = levelled([each.seconds / whole for each in seen.raised], [not exact for _, exact in numbers])
    quotes = _stating(session, seen)
    found = []
    for each, (groups, exactly), share in zip(seen.raised, numbers, shares, strict=True):
        said = _said(session, each.theme)
        label, keywords = _words(each.theme, said, seen.quorum)
        stands = quotes.get(each.theme.number)
        if stands and named_in(_telling(seen, said), stands):
            stands = None
        found.append(
            SharedTheme(
                number=each.theme.number,
                label=label,
                keywords=keywords,
                groups=groups,
                of=seen.groups,
                exactly=exactly,
                share=round(share, 2),
                quorum=seen.quorum,
                rough=seen.rough,
                statement=masked(stands) if stands else None,
                kinds=tuple(_kind(kind, each.kinds[kind], groups, exactly, seen.quorum) for kind in KINDS),
            )
        )
    return found


def _kind(kind: str, groups: int, told_of_theme: int, exactly: bool, quorum: int) -> SharedKind:
    """Never more than what is told of the theme itself, or the kind would tell it."""
    if groups < quorum:
        return SharedKind(kind, None)
    return SharedKind(kind, min(groups, told_of_theme), exactly or groups < told_of_theme)


def _said(session: Session, theme: Theme) -> list[tuple[int, str]]:
    """(group, text) of the theme's READ most central passages."""
    query = select(Passage.group_id, Passage.text).where(Passage.theme_id == theme.id)
    rows = session.execute(query.order_by(Passage.strength.desc(), Passage.number).limit(READ))
    return [(group, text) for group, text in rows]


def _words(theme: Theme, said: list[tuple[int, str]], quorum: int) -> tuple[str, tuple[str, ...]]:
    """The theme's name and key words. Key words are those that `quorum` groups use. A name that a person gave stands;
    one of the software's stands where each of its subject words is used by several groups, else key words do."""
    shared = used(map(phrase, theme.keywords), said, quorum)
    keywords = tuple(word for word in theme.keywords if phrase(word) in shared)[:KEYWORDS]
    about = subjects(theme.label)
    if theme.named_by or len(used(about, said, SOME)) == len(set(about)):
        return theme.label, keywords
    listed = (
        " and ".join([", ".join(keywords[:3][:-1]), *keywords[:3][-1:]]) if len(keywords) > 1 else "".join(keywords)
    )
    return listed[:1].upper() + listed[1:] or f"Theme {theme.number}", keywords


def _telling(seen: _Seen, said: list[tuple[int, str]]) -> frozenset[Words]:
    """Names of rooms, but for those that enough groups say when they speak of the theme."""
    return seen.rooms - common(seen.rooms, said, seen.quorum)


def _stating(session: Session, seen: _Seen) -> dict[int, str]:
    """{theme's number: its statement}, where the words are still there, their passage is still the theme's, and its
    room is one of at least a quorum that agreed."""
    enough = [each for each in seen.raised if len(each.sure & seen.agreed) >= seen.quorum]
    wanted = {each.theme.number: each.theme.statement for each in enough if each.theme.statement}
    numbers = [said["passage"] for said in wanted.values()]
    query = select(Passage.number, Theme.number).join(Theme, Theme.id == Passage.theme_id)
    here = Passage.analysis_id == seen.analysis.id, Passage.number.in_(numbers), Passage.group_id.in_(seen.agreed)
    rows = session.execute(query.where(*here))
    theirs = {passage: theme for passage, theme in rows}
    quotes = quotes_of(session, seen.analysis.id, numbers)
    return {
        number: str(said["text"])
        for number, said in wanted.items()
        if theirs.get(said["passage"]) == number and said["passage"] in quotes and stated(quotes[said["passage"]], said)
    }


def _chosen(session: Session, seen: _Seen, raised: _Raised) -> list[Chosen]:
    most, _ = told(len(raised.by), seen.groups, seen.quorum)
    telling = _telling(seen, _said(session, raised.theme))
    return choose(session, seen.analysis, raised.theme, raised.sure & seen.agreed, telling, seen.quorum, most)
