"""Two events of one programme, mined for real: “autumn” with six rooms, and half a year later “spring” with six others.

Of autumn's subjects budget, friends and meetings come back in spring, shifts and canteen do not; handover is new.
"""

# ruff: noqa: E501  (talk reads better in whole sentences)
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from capture.database import Database
from capture.models import Event
from capture.settings import CaptureSettings
from mining.catalogue.module_study import study
from mining.embedding.embedder import BUNDLED
from mining.pipeline import mine
from mining.schema import migrate
from mining.settings import MiningSettings
from tests.factories import make_module, make_roster_entry
from tests.mining.curating.test_kin import CANTEEN
from tests.mining.talk import BUDGET, FRIENDS, HANDOVER, MEETINGS, make_talk

PROGRAMME = "Managers talk"
SHIFTS = [
    "The shift plan for December comes out on the twenty-eighth of November, and by then everybody with small children has already begged somebody to swap. I spend two days of every month on swapping shifts by hand. The planning software could do it, but nobody showed the night shift how to log in.",
    "On my line people find out on Friday who works the night shift on Monday. Two of my best left for the warehouse in Kelby, where the shift plan is fixed for six weeks. I would pay a bonus for a night shift that nobody has to swap at the last minute.",
    "We let the shift teams write their own plan, with three rules: nobody has two weekends in a row, the night shift is shared, and swaps are made in the team. In the first month there was shouting about the nights. Now the plan hangs on the door five weeks before, and I have not swapped a shift since June.",
    "The worst are the short breaks between a late shift and an early shift. On paper it is eleven hours, and with the bus it is seven hours of sleep. I raised it with planning twice. They said that the shift plan is optimised, and I asked for whom.",
    "Next month I will try a fixed shift plan for the packing line, six weeks ahead, and I will ask the night shift which three dates they need free. If the swaps go down we will do it on the other lines by January.",
]
MORE_BUDGET = [
    "I had a small machine to buy, nine thousand euros, and finance wanted a business case with a payback in months. I wrote one, the committee asked for another figure, and by the time the budget was approved the price had gone up by twelve percent. The review cost us more than it saved.",
    "What does finance do with all these figures? I asked our controller, and she said that the committee reads the first page and the last number of a business case. Since then I write two pages, and my budget gets approved faster than before.",
    "I will invite the controller to our planning day in May, before the business case is written, and we agreed to bring three figures and no more. If the committee says no to the budget then, at least we know on the same day.",
]
MORE_FRIENDS = [
    "I was made team leader of the lab where I had worked for nine years with the same colleagues. The first week I still went for a smoke with them, and somebody said, careful, the boss is here. It was a joke, and nobody laughed, and since then I smoke alone.",
    "How do you tell a friend that his work is not good enough, now that you are the boss? I have put off that appraisal for three months. We were at each other's weddings, and as a team leader I am supposed to write a number between one and five.",
    "What helped me was a talk with each of my former colleagues in the first month as their boss: what will stay as it is between us, and what will not. Two were relieved, one said nothing, and the friendship with her has come back since then, slowly.",
]
MORE_MEETINGS = [
    "Every morning begins with a video call about the video calls of the day. My calendar is full of meetings from nine to four, and my own work starts when the others go home. I asked my people to count, and together we sit in two hundred hours of meetings a week.",
    "We cut the Monday meeting to a quarter of an hour, standing up, with no slides and an agenda of three lines. People grumbled for two weeks. Now the calls are shorter as well, and whoever has nothing on the agenda does not come to the meeting.",
    "I am going to take myself out of four meetings in my calendar next month and read the minutes instead, and I will tell the organisers why. If nobody misses me on the call, that was the answer.",
]
MORE_HANDOVER = [
    "Three of our machine operators retire before Christmas, and the apprentices start in September, so for exactly ten weeks there is somebody who knows the machines beside somebody who has to learn them. Nobody planned that those ten weeks are for handing over what the old operators know.",
    "We will let the retiring operator and the apprentice run the big press together every Thursday, and write down one trick a week on a card at the machine. By the summer that will be thirty cards of what the old operators know.",
]
AUTUMN = {
    "North hall": [SHIFTS[0], SHIFTS[1], BUDGET[0], BUDGET[1], CANTEEN[0]],
    "South hall": [SHIFTS[2], FRIENDS[0], FRIENDS[1], CANTEEN[1], CANTEEN[2]],
    "Library": [MEETINGS[0], MEETINGS[1], SHIFTS[3], CANTEEN[3], BUDGET[2]],
    "Workshop": [FRIENDS[2], MORE_FRIENDS[0], MEETINGS[2], SHIFTS[4], MORE_BUDGET[0]],
    "Loft": [BUDGET[3], MORE_BUDGET[1], MEETINGS[3], MORE_MEETINGS[0], FRIENDS[3]],
    "Garden room": [MORE_FRIENDS[1], MORE_BUDGET[2], CANTEEN[0], SHIFTS[0], MORE_MEETINGS[1]],
}
SPRING = {
    "Red room": [BUDGET[0], BUDGET[1], HANDOVER[0], FRIENDS[0], MORE_FRIENDS[0]],
    "Blue room": [FRIENDS[2], MORE_FRIENDS[2], HANDOVER[1], MEETINGS[1], MORE_BUDGET[0]],
    "Green room": [BUDGET[2], HANDOVER[2], MEETINGS[3], MORE_MEETINGS[2], MORE_FRIENDS[1]],
    "Attic": [MORE_HANDOVER[0], HANDOVER[0], BUDGET[3], MORE_BUDGET[2], MEETINGS[0]],
    "Cellar": [MORE_HANDOVER[1], FRIENDS[3], FRIENDS[1], MORE_MEETINGS[1], MORE_BUDGET[1]],
    "Kitchen": [MEETINGS[2], MORE_MEETINGS[0], HANDOVER[1], MORE_HANDOVER[0], FRIENDS[0]],
}
DAYS = {"autumn": date(2025, 10, 9), "spring": date(2026, 3, 19)}


def make_programme(session: Session) -> tuple[Event, Event]:
    """(autumn, spring), transcribed and not mined."""
    events = make_talk(session, AUTUMN, slug="autumn"), make_talk(session, SPRING, slug="spring")
    for event in events:
        event.programme, event.held_on = PROGRAMME, DAYS[event.slug]
    session.flush()
    return events


DEPARTMENTS = ("Engineering", "Engineering", "Finance", "Finance", "Sales", "Sales")
"""Where most people of each room of spring are from; of each room one is from the next department."""
MODULES = {
    "Thirty Pages for a Euro": (
        date(2025, 6, 1),
        "What a finance review of budgets does to ideas. Participants take one business case apart: which figures the committee reads, and what the approval costs.",
    ),
    "Boss of My Friends": (
        date(2026, 1, 15),
        "You are promoted and lead your former colleagues. We talk about the friendships that change, the first appraisal, and how to say aloud that it is strange.",
    ),
    "An Empty Calendar": (
        date(2026, 6, 1),
        "You look at the meetings and video calls in your calendar, decline the ones without an agenda, and find out what would be missed.",
    ),
}
"""{title: (day it was added, summary)}: before autumn, between the events, after spring."""


@pytest.fixture(scope="session")
def programme_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with both events mined, spring's roster, and the modules studied. Made once for all tests."""
    data = tmp_path_factory.getbasetemp() / "programme"
    if data.exists():
        return data
    data.mkdir()
    database = Database(CaptureSettings(data=str(data)).database_url)
    migrate(database)
    with database.writing() as session:
        events = [event.id for event in make_programme(session)]
        for title, (day, summary) in MODULES.items():
            make_module(session, title, summary=summary, added_at=datetime(day.year, day.month, day.day, tzinfo=UTC))
        spring = session.get_one(Event, events[1])
        for i, group in enumerate(spring.groups):
            for place in range(4):
                department = DEPARTMENTS[(i + 2 * (place == 3)) % len(DEPARTMENTS)]
                make_roster_entry(session, spring, groups=[group], department=department)
    for event_id in events:
        mine(database, event_id, MiningSettings())
    study(database, BUNDLED)
    database.close()
    return data


@pytest.fixture
def programme(programme_data: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy that a test may change."""
    copied(programme_data, tmp_path / "data")
    database = Database(CaptureSettings(data=str(tmp_path / "data")).database_url)
    yield database
    database.close()


def copied(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    here, there = (sqlite3.connect(CaptureSettings(data=str(each)).database_url[10:]) for each in (source, target))
    here.backup(there)
    here.close()
    there.close()
