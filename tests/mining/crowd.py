"""An event that alumni look at, with words that give away where they are from: every group says a word nobody else
says, and every theme that is hidden another one."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from capture.models import Event, Recording
from mining.models import Theme
from tests.factories import (
    make_analysis,
    make_event,
    make_group,
    make_passage,
    make_recording,
    make_theme,
    make_utterances,
)

ROOMS = ("Copper beech", "Silver birch", "Weeping willow", "Horse chestnut", "Mountain ash", "Common lime", "Wild pear")
EACH = 5
"""Passages of each group on each theme."""
THEMES = {
    1: ("Meetings all day", "meetings calendar invitation", 7),
    2: ("Delegation to the team", "delegation team handing", 5),
    3: ("Contradicting upwards", "contradicting upwards director", 3),
    4: ("Harassment by the plant manager", "harassment manager shouting", 2),
    5: ("Closing of the Lyon site", "lyon closing layoffs", 1),
}
"""{number: (label, words said by every group that raises it, how many groups do)}"""
SECONDS = 2.0
SMALL_TALK = "is there any coffee left or did the others drink it all, I would not mind a cup"
SECRETS = {number: f"secret{'abcdefg'[number]}" for number in THEMES}
"""A word that is said in each passage of a theme and nowhere else."""


@dataclass(frozen=True)
class Crowd:
    event: Event
    recordings: list[Recording]
    themes: dict[int, Theme]


def said_in(room: int, number: int, which: int) -> str:
    words = THEMES[number][1]
    return f"we had {words} again and {SECRETS[number]} and what I say is take{room}x{number}x{which} as it is here"


def make_crowd(
    session: Session,
    groups: int = 7,
    themes: dict[int, int] | None = None,
    slug: str = "crowd",
    sound: int = 0,
    **values,
) -> Crowd:
    """`themes` are {number: how many of the groups raise it}, from the first one on; `sound` groups are recordings.
    `values` are the analysis's: another fingerprint draws anew."""
    raising = {n: min(many, groups) for n, many in (themes or {n: many for n, (_, _, many) in THEMES.items()}).items()}
    event = make_event(session, slug, title="Autumn meeting")
    # Quotes are drawn by it: the same ones in whatever order tests run.
    analysis = make_analysis(session, event, **{"fingerprint": f"{slug:x>64}", **values})
    rooms = [make_group(session, event, name) for name in ROOMS[:groups]]
    rows = {
        number: make_theme(
            session,
            analysis,
            number,
            label=THEMES[number][0],
            keywords=[*THEMES[number][1].split(), SECRETS[number], f"take0x{number}x0"],
            breadth=many,
            depth=0.1,
            by_group={str(room.id): 0.1 for room in rooms[:many]},
        )
        for number, many in raising.items()
    }
    make_theme(session, analysis, 9, label="Area of the Lyon site", coarse=True, keywords=["lyon"], breadth=7)
    recordings, serial = [], 0
    for room, group in enumerate(rooms):
        kind = {"kind": "audio", "engine": "whisper:small"} if room < sound else {}
        recording = make_recording(session, group, consent="agreed", **kind)
        own = [(n, which) for n, many in raising.items() if room < many for which in range(EACH)]
        texts = [*(said_in(room, n, which) for n, which in own), SMALL_TALK]
        make_utterances(session, recording, texts, seconds=SECONDS)
        for position, (number, which) in enumerate([*own, (0, 0)]):
            serial += 1
            make_passage(
                session,
                analysis,
                recording,
                serial,
                rows.get(number),
                first=position,
                last=position,
                start=position * SECONDS,
                end=(position + 1) * SECONDS - 0.2,
                text=texts[position],
                kind="challenge",
                strength=0.9 - which / 100,
            )
        recordings.append(recording)
    return Crowd(event, recordings, rows)
