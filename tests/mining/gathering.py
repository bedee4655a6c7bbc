"""An event whose people can be brought together: four groups, five themes with their strands, a roster of twelve."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from capture.database import Database
from capture.models import Event, Group, RosterEntry
from tests.factories import (
    make_analysis,
    make_event,
    make_group,
    make_passage,
    make_recording,
    make_roster_entry,
    make_strand,
    make_theme,
)

THEMES = {
    "Finance review": (0, 1, 2),
    "Quiet hour": (1, 2, 3),
    "Picking up the phone": (0, 2, 3),
    "Boss of my friends": (0, 1, 3),
    "Empty chair": (3,),
}
"""{label: the groups that raised it}: each takes 40 percent of their talk."""
PEOPLE = {
    "Anna Weber": (0, "Finance"),
    "Bo Lind": (0, "Sales"),
    "Cleo Marsh": (0, "Engineering"),
    "Dora Quist": (1, "Finance"),
    "Emil Sand": (1, "Sales"),
    "Fay Okoro": (1, "Engineering"),
    "Gus Perrin": (2, "Finance"),
    "Hana Sato": (2, "Sales"),
    "Ivo Brandt": (2, "Engineering"),
    "Jun Ortiz": (3, "Finance"),
    "Kira Holm": (3, "Sales"),
    "Lou Varga": (3, "Engineering"),
}
HIDDEN = "Wilhelmina Zebrowski"
"""She said no: her name, address and department must appear nowhere."""


@dataclass(frozen=True)
class Gathering:
    """`entries` by name, `strands` by label; `hidden` is the one who did not agree."""

    event_id: int
    groups: list[Group]
    entries: dict[str, int]
    strands: dict[str, int]
    hidden: int

    def event(self, session: Session) -> Event:
        return session.get_one(Event, self.event_id)

    def entry(self, session: Session, name: str) -> RosterEntry:
        return session.get_one(RosterEntry, self.entries[name])


def gather(session: Session, slug: str = "spring", **values: object) -> Gathering:
    event = make_event(session, slug, **values)
    groups = [make_group(session, event, f"Room {number}") for number in range(1, 5)]
    analysis = make_analysis(session, event)
    recordings = [make_recording(session, group, consent="agreed") for group in groups]
    strands = {}
    for number, (label, raised) in enumerate(THEMES.items(), 1):
        strands[label] = make_strand(session, event).id
        by_group = {str(groups[i].id): 0.4 for i in raised}
        named = {"label": label, "breadth": len(raised), "by_group": by_group, "strand_id": strands[label]}
        theme = make_theme(session, analysis, number, **named)
        for i in raised:
            said = f"We spoke of the {label.lower()} for a while."
            make_passage(session, analysis, recordings[i], number * 10 + i, theme, text=said, strength=0.8)
    entries = {}
    for i, (name, (room, department)) in enumerate(PEOPLE.items()):
        where = {"department": department, "organisation": "Ellerby" if i % 4 else "Harrow"}
        mail = f"{name.split()[0].lower()}@{slug}.example"
        entries[name] = make_roster_entry(session, event, name, [groups[room]], email=mail, **where).id
    secret = {"department": "Secretariat", "organisation": "Nowhere Ltd", "email": "wilhelmina@hidden.example"}
    hidden = make_roster_entry(session, event, HIDDEN, groups, opt_in=False, **secret).id
    return Gathering(event.id, groups, entries, strands, hidden)


@pytest.fixture
def gathering(database: Database) -> Gathering:
    with database.writing() as session:
        return gather(session)
