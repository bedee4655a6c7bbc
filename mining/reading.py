"""What pages read of an analysis: plain values, a handful of queries per page, no logic of clustering.

The viewer's counterpart of the pipeline: the pipeline writes analyses, this turns the newest one into the bird's-eye
view, a theme's page and a group's page. Quotes carry the seconds in their own file, so that they can be played.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capture.desk import is_demonstration
from capture.errors import NotFound
from capture.models import Event, Group, Recording, RecordingState
from mining.analyses import latest_analysis
from mining.models import Analysis, Passage, Theme
from mining.quotes import Quote, excerpt, quotes_of

QUOTE_WORDS = 70
"""About how long a quote on a theme's page may be; the whole passage stands under "more from this group"."""
EXCERPT_WORDS = 45
"""About how long a quote on an overview may be; it is cut between utterances, never inside one."""
VIEWS = 3
"""Groups quoted side by side on the bird's-eye page."""
LOOSE = 40
"""Passages shown where there was too little talk for themes."""
MORE = 30
"""Further passages of one group listed on a theme's page."""


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
class LeftOut:
    reason: str
    utterances: int
    words: int


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
    left_out: tuple[LeftOut, ...]
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

    @property
    def silent(self) -> tuple[Room, ...]:
        """Groups that talked, but not of this."""
        return tuple(cell.room for cell in self.cells if not cell.share and cell.room.talk)


@dataclass(frozen=True)
class Voice:
    """How one group speaks of a theme: its own words for it, the best quotes, then the rest in order of time."""

    cell: Cell
    keywords: tuple[str, ...]
    quotes: tuple[Quote, ...]
    more: tuple[Quote, ...] = ()
    unlisted: int = 0


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

    @property
    def ready(self) -> int:
        return sum(room.transcribed for room in self.rooms)


@dataclass(frozen=True)
class ThemePage:
    theme: ThemeRow
    voices: tuple[Voice, ...]
    neighbours: tuple[ThemeRow, ...]
    total: int
    """Themes in all."""
    run: Run


def birds_eye(session: Session, event: Event) -> BirdsEye:
    """The whole event at a glance; eight queries, whatever its size."""
    analysis = latest_analysis(session, event.id)
    if analysis is None:
        return BirdsEye(rooms_of(session, event.id, {}))
    talk = talk_of(session, analysis.id)
    rooms = rooms_of(session, event.id, talk.by_group)
    stored = themes_of(session, analysis.id)
    themes = tuple(row_of(theme, rooms, talk) for theme in stored)
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
    )


def theme_page(session: Session, event: Event, number: int) -> ThemePage:
    """Raises NotFound where the newest analysis has no such theme."""
    analysis = latest_analysis(session, event.id)
    stored = themes_of(session, analysis.id) if analysis else []
    theme = next((theme for theme in stored if theme.number == number), None)
    if analysis is None or theme is None:
        raise NotFound(
            f"There is no theme {number} in {event.title}. Themes are numbered anew when they are looked for again: "
            "start from the bird's-eye page."
        )
    talk = talk_of(session, analysis.id)
    rooms = rooms_of(session, event.id, talk.by_group)
    rows = {row.number: row for row in (row_of(each, rooms, talk) for each in stored)}
    return ThemePage(
        theme=rows[number],
        voices=_voices(session, analysis.id, theme, rows[number]),
        neighbours=tuple(rows[n] for n in theme.neighbours if n in rows),
        total=len(rows),
        run=run_of(analysis),
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
    return session.scalars(select(Theme).where(Theme.analysis_id == analysis_id).order_by(Theme.number)).all()


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
        left_out=tuple(LeftOut(e["reason"], e["utterances"], e["words"]) for e in analysis.left_out),
        notes=tuple(analysis.notes or ()),
    )


def _views(session: Session, analysis_id: int, theme: Theme, row: ThemeRow) -> tuple[Voice, ...]:
    """The groups with most talk on the theme, one short quote each."""
    cells = {cell.room.id: cell for cell in row.cells}
    chosen = [each for each in theme.perspectives if each["group"] in cells and each["quotes"]][:VIEWS]
    quotes = quotes_of(session, analysis_id, [each["quotes"][0] for each in chosen])
    return tuple(
        Voice(
            cells[each["group"]],
            tuple(each["keywords"]),
            (excerpt(quotes[each["quotes"][0]], [*each["keywords"], *theme.keywords], EXCERPT_WORDS),),
        )
        for each in chosen
        if each["quotes"][0] in quotes
    )


def _voices(session: Session, analysis_id: int, theme: Theme, row: ThemeRow) -> tuple[Voice, ...]:
    """Every group that raises the theme, most talk first: chosen quotes, then its other passages."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for group_id, number in session.execute(
        select(Passage.group_id, Passage.number).where(Passage.theme_id == theme.id).order_by(Passage.number)
    ):
        numbers[group_id].append(number)
    said = {each["group"]: each for each in theme.perspectives}
    best = {
        group_id: [n for n in said.get(group_id, {}).get("quotes", []) if n in own] or own[:1]
        for group_id, own in numbers.items()
    }
    wanted = [n for group_id, own in numbers.items() for n in (*best[group_id], *own[:MORE])]
    quotes = quotes_of(session, analysis_id, wanted)
    voices = []
    for cell in sorted((cell for cell in row.cells if cell.room.id in numbers), key=lambda cell: -cell.seconds):
        own, words = numbers[cell.room.id], said.get(cell.room.id, {}).get("keywords", [])
        chosen = tuple(excerpt(quotes[n], [*words, *theme.keywords], QUOTE_WORDS) for n in best[cell.room.id])
        whole = {quote.number for quote in chosen if not quote.cut}
        more = [n for n in own[:MORE] if n not in whole]
        voices.append(Voice(cell, tuple(words), chosen, tuple(quotes[n] for n in more), max(0, len(own) - MORE)))
    return tuple(voices)
