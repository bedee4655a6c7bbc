"""One group's conversation as it is read: every recording's lines, with the themes marked where they come up."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.desk import is_demonstration
from capture.errors import NotFound
from capture.models import Event, Recording, RecordingKind, RecordingState, Utterance
from mining.analyses import latest_analysis
from mining.models import Analysis, Passage
from mining.quotes import LINE, Line, anchor
from mining.reading import (
    Cell,
    Room,
    Run,
    Talk,
    ThemeRow,
    rooms_of,
    row_of,
    run_of,
    talk_of,
    themes_of,
)


@dataclass(frozen=True)
class Part:
    """One recording of a group with its transcript. `themes` maps a line's position to its theme's number, `asides` to
    why it is in none, where it was set aside."""

    id: int
    name: str
    audio: bool
    state: RecordingState
    seconds: float | None
    engine: str | None
    demonstration: bool
    warnings: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    themes: dict[int, int] = field(default_factory=dict)
    asides: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GroupPage:
    """`themes` holds (theme, this group's cell, anchor of its first line), most talk first."""

    room: Room
    parts: tuple[Part, ...]
    themes: tuple[tuple[ThemeRow, Cell, str], ...]
    labels: dict[int, str]
    before: Room | None
    after: Room | None
    run: Run | None


def group_page(session: Session, event: Event, group_id: int) -> GroupPage:
    """The group's transcript with its themes marked. Raises NotFound for a group of another event."""
    analysis = latest_analysis(session, event.id)
    talk = talk_of(session, analysis.id) if analysis else Talk()
    rooms = rooms_of(session, event.id, talk.by_group)
    place = next((i for i, room in enumerate(rooms) if room.id == group_id), None)
    if place is None:
        raise NotFound(f"There is no such group in {event.title}. Its groups are listed under Rooms.")
    stored = themes_of(session, analysis.id) if analysis else []
    numbers = {theme.id: theme.number for theme in stored}
    marks: dict[int, dict[int, int]] = defaultdict(dict)
    asides: dict[int, dict[int, str]] = defaultdict(dict)
    firsts: dict[int, str] = {}
    for passage in _passages_of(session, analysis, group_id):
        if passage.theme_id in numbers:
            number = numbers[passage.theme_id]
            firsts.setdefault(number, anchor(passage.recording_id, passage.first))
            marks[passage.recording_id].update(dict.fromkeys(range(passage.first, passage.last + 1), number))
        elif passage.aside:
            asides[passage.recording_id].update(dict.fromkeys(range(passage.first, passage.last + 1), passage.aside))
    room = rooms[place]
    themes = []
    for theme in stored:
        row = row_of(theme, rooms, talk)
        cell = row.cells[place]
        if theme.number in firsts:
            themes.append((row, cell, firsts[theme.number]))
    return GroupPage(
        room=room,
        parts=_parts(session, group_id, marks, asides),
        themes=tuple(sorted(themes, key=lambda each: (-each[1].share, each[0].number))),
        labels={theme.number: theme.label for theme in stored},
        before=rooms[place - 1] if place else None,
        after=rooms[place + 1] if place + 1 < len(rooms) else None,
        run=run_of(analysis) if analysis else None,
    )


def _passages_of(session: Session, analysis: Analysis | None, group_id: int) -> Sequence[Passage]:
    if analysis is None:
        return []
    return session.scalars(
        select(Passage).where(Passage.analysis_id == analysis.id, Passage.group_id == group_id).order_by(Passage.number)
    ).all()


def _parts(
    session: Session, group_id: int, marks: dict[int, dict[int, int]], asides: dict[int, dict[int, str]]
) -> tuple[Part, ...]:
    recordings = session.scalars(
        select(Recording).where(Recording.group_id == group_id).order_by(Recording.position, Recording.id)
    ).all()
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in session.execute(
        select(*LINE)
        .where(Utterance.recording_id.in_([recording.id for recording in recordings]))
        .order_by(Utterance.recording_id, Utterance.position)
    ):
        lines[line.recording_id].append(Line(*line))
    return tuple(
        Part(
            id=recording.id,
            name=recording.original_name,
            audio=recording.kind == RecordingKind.AUDIO,
            state=recording.state,
            seconds=recording.seconds,
            engine=recording.engine,
            demonstration=is_demonstration(recording.engine),
            warnings=tuple(recording.warnings or ()),
            lines=tuple(lines[recording.id]),
            themes=marks.get(recording.id, {}),
            asides=asides.get(recording.id, {}),
        )
        for recording in recordings
    )
