"""What pages read of an analysis: plain values, a handful of queries per page, no logic of clustering.

The viewer's counterpart of the pipeline: the pipeline writes analyses, this turns the newest one into the bird's-eye
view, `voices` into a theme's page and `conversation` into a group's. Quotes carry the seconds in their own file, so
that they can be played.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.desk import is_demonstration
from capture.models import Event, Group, Recording, RecordingState
from mining.account import LeftOut, account_of
from mining.analyses import latest_analysis
from mining.describing.perspectives import is_thin
from mining.footing import Remark
from mining.models import Analysis, Passage, Theme
from mining.quotes import Quote, excerpt, quotes_of
from mining.trust import theme_verdict

EXCERPT_WORDS = 45
"""About how long a quote on an overview may be; it is cut between utterances, never inside one."""
MOSTLY = 0.5
"""Share of a theme's talk from which it is mostly of one kind."""
VIEWS = 3
"""Groups quoted side by side on the bird's-eye page."""
LOOSE = 40
"""Passages shown where there was too little talk for themes."""


@dataclass(frozen=True)
class Room:
    """A group and what arrived from it. `talk` is seconds mined, `length` seconds of its transcribed recordings."""

    id: int
    name: str
    talk: float = 0.0
    length: float = 0.0
    recordings: int = 0
    ready: int = 0
    failed: int = 0
    demonstration: bool = False
    consented: bool = True

    @property
    def transcribed(self) -> bool:
        return self.recordings > 0 and self.ready == self.recordings


@dataclass(frozen=True)
class Run:
    """The facts of one analysis. `seconds` is its whole wall time."""

    id: int
    created_at: datetime
    seed: int
    embedder: str
    clusterer: str
    seconds: float | None
    stability: float | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One group's part in one theme: its share (0..1) of that group's talk, seconds and passages."""

    room: Room
    share: float
    seconds: float = 0.0
    passages: int = 0


@dataclass(frozen=True)
class ThemeRow:
    """A theme with one cell per group of the event, in the groups' order. `talk` is seconds, `depth` its share."""

    number: int
    label: str
    keywords: tuple[str, ...]
    breadth: int
    depth: float
    talk: float
    passages: int
    x: float
    y: float
    neighbours: tuple[int, ...]
    cells: tuple[Cell, ...]
    parent: int | None = None
    """Number of the area it belongs to."""
    named_by: str | None = None
    stability: float | None = None
    change: str | None = None
    """In a few words, what became of it since themes were last looked for."""
    kinds: tuple[tuple[str, float], ...] = ()
    """(kind, share 0..1 of its talk), most talk first; none where they were not told."""

    @property
    def shaky(self) -> str | None:
        """In words, where it may not come out the same again."""
        return theme_verdict(self.stability)

    @property
    def mostly(self) -> str | None:
        """The kind of talk that is half of it or more, where there is enough talk to say so."""
        if is_thin(self.passages, self.talk) or not self.kinds or self.kinds[0][1] < MOSTLY:
            return None
        return None if self.kinds[0][0] == "other" else self.kinds[0][0]

    @property
    def silent(self) -> tuple[Room, ...]:
        """Groups that talked, but not of this."""
        return tuple(cell.room for cell in self.cells if not cell.share and cell.room.talk)


@dataclass(frozen=True)
class Voice:
    """How one group speaks of a theme: its own words for it, the best quote, then the rest in order of time."""

    cell: Cell
    keywords: tuple[str, ...]
    quotes: tuple[Quote, ...]
    more: tuple[Quote, ...] = ()
    unlisted: int = 0
    distinctive: bool = False
    """Whether the quote is what this group says differently; otherwise it is its most central one."""
    alike: bool = False
    """Whether it was compared with the other groups and nothing in its words stands out."""

    @property
    def thin(self) -> bool:
        """Whether this is an example rather than the group's view."""
        return is_thin(self.cell.passages, self.cell.seconds)


@dataclass(frozen=True)
class Area:
    """A coarser theme: what several themes have in common. `themes` are its own, in their order."""

    number: int
    label: str
    breadth: int
    depth: float
    themes: tuple[ThemeRow, ...]


@dataclass(frozen=True)
class BirdsEye:
    """Everything on an event's first page. `run` is None until themes were looked for."""

    rooms: tuple[Room, ...]
    run: Run | None = None
    themes: tuple[ThemeRow, ...] = ()
    talk: float = 0.0
    words: int = 0
    passages: int = 0
    themed: float = 0.0
    views: tuple[Voice, ...] = ()
    loose: tuple[Quote, ...] = ()
    missing: tuple[Room, ...] = ()
    """Groups with a transcript of which nothing is in this analysis."""
    left_out: tuple[LeftOut, ...] = ()
    areas: tuple[Area, ...] = ()
    """The widest first. Themes that belong to none are in `themes` only."""
    trust: tuple[Remark, ...] = ()
    """How far to trust it, in sentences."""
    since: Remark | None = None
    """What became of the themes since they were last looked for; None in a first analysis."""

    @property
    def ready(self) -> int:
        return sum(room.transcribed for room in self.rooms)


def birds_eye(session: Session, event: Event) -> BirdsEye:
    """The whole event at a glance; eleven queries at most, whatever its size."""
    analysis = latest_analysis(session, event.id)
    if analysis is None:
        return BirdsEye(rooms_of(session, event.id, {}))
    talk = talk_of(session, analysis.id)
    rooms = rooms_of(session, event.id, talk.by_group)
    levels = _both_levels(session, analysis.id)
    stored = [theme for theme in levels if not theme.coarse]
    account = account_of(session, analysis, stored, {room.id: (room.name, room.talk) for room in rooms if room.talk})
    rows = (row_of(theme, rooms, talk) for theme in stored)
    themes = tuple(replace(row, change=account.beside.get(row.number)) for row in rows)
    views: tuple[Voice, ...] = ()
    loose: tuple[Quote, ...] = ()
    if stored:
        views = _views(session, analysis.id, stored[0], themes[0])
    else:
        numbers = session.scalars(
            select(Passage.number).where(Passage.analysis_id == analysis.id).order_by(Passage.number).limit(LOOSE)
        ).all()
        loose = tuple(quotes_of(session, analysis.id, numbers).values())
    return BirdsEye(
        rooms=rooms,
        run=run_of(analysis),
        themes=themes,
        talk=talk.seconds,
        words=talk.words,
        passages=talk.passages,
        themed=talk.themed / talk.seconds if talk.seconds else 0.0,
        views=views,
        loose=loose,
        missing=tuple(room for room in rooms if room.ready and not room.talk),
        left_out=account.left_out,
        areas=tuple(_area(theme, themes) for theme in levels if theme.coarse),
        trust=account.trust,
        since=account.since,
    )


@dataclass
class Talk:
    """Seconds, words and passages of an analysis, by group and theme."""

    cells: dict[tuple[int, int], tuple[float, int]] = field(default_factory=dict)
    by_group: dict[int, float] = field(default_factory=dict)
    seconds: float = 0.0
    themed: float = 0.0
    words: int = 0
    passages: int = 0


def talk_of(session: Session, analysis_id: int) -> Talk:
    talk = Talk()
    rows = session.execute(
        select(
            Passage.group_id,
            Passage.theme_id,
            func.sum(Passage.end - Passage.start),
            func.sum(Passage.words),
            func.count(),
        )
        .where(Passage.analysis_id == analysis_id)
        .group_by(Passage.group_id, Passage.theme_id)
    )
    for group_id, theme_id, seconds, words, passages in rows:
        talk.seconds += seconds
        talk.words += words
        talk.passages += passages
        talk.by_group[group_id] = talk.by_group.get(group_id, 0.0) + seconds
        if theme_id is not None:
            talk.themed += seconds
            talk.cells[theme_id, group_id] = (seconds, passages)
    return talk


def rooms_of(session: Session, event_id: int, talk: dict[int, float]) -> tuple[Room, ...]:
    rooms: dict[int, Room] = {}
    rows = session.execute(
        select(Group.id, Group.name, Recording.state, Recording.seconds, Recording.engine, Recording.consent)
        .outerjoin(Recording, Recording.group_id == Group.id)
        .where(Group.event_id == event_id)
        .order_by(Group.position, Recording.position)
    )
    for group_id, name, state, seconds, engine, consent in rows:
        room = rooms.get(group_id) or Room(group_id, name, talk=talk.get(group_id, 0.0))
        if state is not None:
            ready = state == RecordingState.READY
            room = replace(
                room,
                recordings=room.recordings + 1,
                ready=room.ready + ready,
                failed=room.failed + (state == RecordingState.FAILED),
                length=room.length + ((seconds or 0.0) if ready else 0.0),
                demonstration=room.demonstration or is_demonstration(engine),
                consented=room.consented and bool(consent),
            )
        rooms[group_id] = room
    return tuple(rooms.values())


def themes_of(session: Session, analysis_id: int) -> Sequence[Theme]:
    """The themes that passages belong to, in the order of their rank."""
    return [theme for theme in _both_levels(session, analysis_id) if not theme.coarse]


def _both_levels(session: Session, analysis_id: int) -> Sequence[Theme]:
    return session.scalars(select(Theme).where(Theme.analysis_id == analysis_id).order_by(Theme.number)).all()


def _area(coarse: Theme, themes: Iterable[ThemeRow]) -> Area:
    own = tuple(theme for theme in themes if theme.parent == coarse.number)
    return Area(coarse.number, coarse.label, coarse.breadth, coarse.depth, own)


def row_of(theme: Theme, rooms: Iterable[Room], talk: Talk) -> ThemeRow:
    cells = []
    for room in rooms:
        seconds, passages = talk.cells.get((theme.id, room.id), (0.0, 0))
        cells.append(Cell(room, theme.by_group.get(str(room.id), 0.0) if passages else 0.0, seconds, passages))
    return ThemeRow(
        number=theme.number,
        label=theme.label,
        keywords=tuple(theme.keywords),
        breadth=theme.breadth,
        depth=theme.depth,
        talk=sum(cell.seconds for cell in cells),
        passages=sum(cell.passages for cell in cells),
        x=theme.x,
        y=theme.y,
        neighbours=tuple(theme.neighbours),
        cells=tuple(cells),
        parent=theme.parent,
        named_by=theme.named_by,
        stability=theme.stability,
        kinds=tuple(sorted((theme.kinds or {}).items(), key=lambda each: -each[1])),
    )


def run_of(analysis: Analysis) -> Run:
    return Run(
        id=analysis.id,
        created_at=analysis.created_at,
        seed=analysis.seed,
        embedder=analysis.embedder,
        clusterer=analysis.clusterer,
        seconds=analysis.seconds.get("total"),
        stability=analysis.stability,
        notes=tuple(analysis.notes or ()),
    )


def _views(session: Session, analysis_id: int, theme: Theme, row: ThemeRow) -> tuple[Voice, ...]:
    """The groups with most talk on the theme, one short quote each: what sets them apart, where something does."""
    cells = {cell.room.id: cell for cell in row.cells}
    chosen = [each for each in theme.perspectives if each["group"] in cells and each["quotes"]][:VIEWS]
    best = {each["group"]: each.get("distinctive") or each["quotes"][0] for each in chosen}
    quotes = quotes_of(session, analysis_id, list(best.values()))
    return tuple(
        Voice(
            cells[each["group"]],
            tuple(each["keywords"]),
            (excerpt(quotes[best[each["group"]]], _telling(each, theme), EXCERPT_WORDS),),
        )
        for each in chosen
        if best[each["group"]] in quotes
    )


def _telling(view: dict[str, Any], theme: Theme) -> list[str]:
    """The words by which a quote is cut: the group's own, where it is quoted for what it says differently."""
    own = list(view["keywords"])
    return own if own and view.get("distinctive") else [*own, *theme.keywords]
