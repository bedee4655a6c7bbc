"""What a diagnosis rests on: who said how much of what, by group, theme and kind, and which events a programme has.

One step before `agency`, `responsiveness` and `connectivity`; reads, and judges nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.models import Event, Group
from mining.analyses import latest_analysis
from mining.curating.kin import Held
from mining.diagnosis.resampling import LEAST_GROUPS
from mining.models import Analysis, Passage, Theme
from mining.reading import themes_of

LEAST_PASSAGES = 20
"""Passages below which nothing is concluded from them: one of them alone would be more than 5 % of everything."""


@dataclass
class Heard:
    """A group that talked. `kinds` {kind: (seconds, passages)}, `themes` {theme id: seconds}."""

    group_id: int
    name: str
    seconds: float = 0.0
    passages: int = 0
    kinds: dict[str, tuple[float, int]] = field(default_factory=dict)
    themes: dict[int, float] = field(default_factory=dict)

    @property
    def themed(self) -> float:
        return sum(self.themes.values())


@dataclass(frozen=True)
class Ground:
    """The talk of an event's newest analysis; `heard` in the order of its groups, `themes` by their numbers."""

    analysis: Analysis
    heard: tuple[Heard, ...]
    themes: tuple[Theme, ...]

    @property
    def passages(self) -> int:
        return sum(each.passages for each in self.heard)

    @property
    def seconds(self) -> float:
        return sum(each.seconds for each in self.heard)

    def only(self, numbers: Collection[int]) -> "Ground":
        """The same talk with no other themes than these: what the others hold counts as talk in no theme."""
        themes = tuple(theme for theme in self.themes if theme.number in numbers)
        kept = {theme.id for theme in themes}
        heard = (
            replace(each, themes={key: length for key, length in each.themes.items() if key in kept})
            for each in self.heard
        )
        return Ground(self.analysis, tuple(heard), themes)

    @property
    def little(self) -> str | None:
        """The sentence that stands where nothing is concluded; None where there is enough."""
        return too_little(len(self.heard), self.passages)


def too_little(groups: int, passages: int, least: int = LEAST_PASSAGES, what: str = "passages") -> str | None:
    """By which rule there is too little data, in words; None where there is enough."""
    if groups < LEAST_GROUPS:
        return f"Too little data: {_so_many(groups, 'group')} talked, and it takes {LEAST_GROUPS}."
    if passages < least:
        return f"Too little data: {passages:,} {what}, and it takes {least}."
    return None


def ground_of(session: Session, event: Event) -> Ground | None:
    """None where nothing was mined, or what was mined must not be shown any more. Four queries."""
    analysis = latest_analysis(session, event.id)
    if analysis is None:
        return None
    heard: dict[int, Heard] = {}
    seconds = func.sum(Passage.end - Passage.start)
    rows = session.execute(
        select(Group.id, Group.name, Passage.theme_id, Passage.kind, seconds, func.count())
        .join(Passage, Passage.group_id == Group.id)
        .where(Passage.analysis_id == analysis.id)
        .group_by(Group.id, Group.name, Group.position, Passage.theme_id, Passage.kind)
        .order_by(Group.position, Group.id)
    )
    for group_id, name, theme_id, kind, length, passages in rows:
        each = heard.setdefault(group_id, Heard(group_id, name))
        each.seconds += length
        each.passages += passages
        if theme_id is not None:
            each.themes[theme_id] = each.themes.get(theme_id, 0.0) + length
        if kind is not None:
            before = each.kinds.get(kind, (0.0, 0))
            each.kinds[kind] = (before[0] + length, before[1] + passages)
    return Ground(analysis, tuple(heard.values()), tuple(themes_of(session, analysis.id)))


def held(event: Event) -> Held:
    return Held(event.slug, event.title, event.held_on or event.created_at.date())


def events_in_turn(session: Session, event: Event) -> list[Event]:
    """All events of the event's programme, oldest first; the event alone where it has none."""
    if not event.programme:
        return [event]
    own: Sequence[Event] = session.scalars(select(Event).where(Event.programme == event.programme)).all()
    return sorted(own, key=lambda each: (held(each).day, each.slug))


def event_before(session: Session, event: Event) -> Event | None:
    """The newest earlier event of the programme that was mined."""
    turn = events_in_turn(session, event)
    earlier = turn[: [each.id for each in turn].index(event.id)]
    return next((each for each in reversed(earlier) if latest_analysis(session, each.id) is not None), None)


def _so_many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
