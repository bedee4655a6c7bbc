"""A viewer on a real database, with a browser that is signed in, one that is not, and an event of ten rooms."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event as sa_event

from capture.access import known_by_key
from capture.database import Database
from capture.events import get_event
from capture.media import MediaFolder
from capture.models import Event, Group, Person, Recording, Role
from capture.settings import CaptureSettings
from mining.settings import MiningSettings
from tests.factories import (
    make_analysis,
    make_event,
    make_group,
    make_passage,
    make_person,
    make_recording,
    make_theme,
    make_utterances,
)
from web.app import create_app
from web.auth import LET_IN, WHEN, WHO, SignIn
from web.house import KEY
from web.settings import WebSettings

SPEECH = Path(__file__).parent.parent / "fixtures" / "speech"
SOUND = "a" * 32 + ".m4a"


@dataclass
class Noted:
    """A carrier that keeps what it was asked to send, for want of a worker."""

    sent: list[tuple[int, str]] = field(default_factory=list)

    def send(self, job_id: int, route: str) -> None:
        self.sent.append((job_id, route))


@pytest.fixture
def carrier() -> Noted:
    return Noted()


@pytest.fixture
def sign_in(settings: CaptureSettings) -> SignIn:
    return SignIn(settings.data_dir)


@pytest.fixture
def app(settings: CaptureSettings, database: Database, carrier: Noted, sign_in: SignIn) -> Flask:
    web = WebSettings(capture=settings, mining=MiningSettings(), max_upload_mb=8)
    app = create_app(web, database, carrier, sign_in)
    app.testing = True
    return app


@pytest.fixture
def media(settings: CaptureSettings) -> MediaFolder:
    return MediaFolder(settings.media_dir)


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def client(app: Flask, sign_in: SignIn) -> FlaskClient:
    client = app.test_client()
    client.post(sign_in.new_link("http://localhost"))
    return client


SignedInAs = Callable[..., FlaskClient]


@pytest.fixture
def signed_in_as(app: Flask, database: Database) -> SignedInAs:
    """`signed_in_as("alumnus")` is a browser of somebody new with that role in the programme of an event (`slug`, which
    has to be there); None: somebody without any role. Further values are those of `make_person`: name, panel, ..."""

    def sign_in(role: Role | str | None, slug: str = "spring", **values: object) -> FlaskClient:
        with database.writing() as session:
            event = get_event(session, slug) if role else None
            person = make_person(session, event, Role(role) if role else None, **values)
        return browser_of(app, person)

    return sign_in


def browser_of(app: Flask, person: Person) -> FlaskClient:
    """A browser in which the person is signed in, let into every programme they have a role in by now."""
    with app.extensions[KEY].database.reading() as session:
        known = known_by_key(session, person.key)
    client, now = app.test_client(), time.time()
    with client.session_transaction() as cookie:
        cookie[WHO], cookie[WHEN] = person.key, now
        cookie[LET_IN] = {str(access.programme_id): now for access in known.access}
    return client


@dataclass(frozen=True)
class Spring:
    """The ten-room event: its row, groups and recordings in the desk's order. The first room is sound."""

    event: Event
    groups: list[Group]
    recordings: list[Recording]


@pytest.fixture
def spring(database: Database, media: MediaFolder) -> Spring:
    """Three themes over ten rooms: theme 1 in rooms 1-8, theme 2 in rooms 1-4, theme 3 in room 10 alone."""
    with database.writing() as session:
        event = make_event(session, "spring", title="Spring open space")
        groups, recordings = [], []
        for number in range(1, 11):
            group = make_group(session, event, f"Room {number}")
            sound = {
                "kind": "audio",
                "stored_name": SOUND,
                "engine": "sphinx",
                "original_name": "phone.m4a",
            }
            kind = sound if number == 1 else {"stored_name": f"{number:032x}.txt"}
            recording = make_recording(session, group, consent="agreed", **kind)
            make_utterances(session, recording, [f"Room {number} says sentence {i} of its talk." for i in range(12)])
            groups.append(group)
            recordings.append(recording)
        _mine(session, event, groups, recordings)
    shutil.copy(SPEECH / "rms.m4a", media.path(SOUND))
    return Spring(event, groups, recordings)


def _mine(session, event: Event, groups: list[Group], recordings: list[Recording]) -> None:
    analysis = make_analysis(
        session, event, left_out=[{"reason": "recogniser unsure", "utterances": 19, "words": 60}], notes=["A note."]
    )
    raised = {1: groups[:8], 2: groups[:4], 3: groups[9:]}
    themes = {
        number: make_theme(
            session,
            analysis,
            number,
            label=("Finance says no late", "No time to reflect", "The shop floor hears it last")[number - 1],
            breadth=len(members),
            depth=0.5 / number,
            by_group={str(group.id): 0.25 for group in members},
            neighbours=[n for n in (1, 2, 3) if n != number],
        )
        for number, members in raised.items()
    }
    serial = 0
    said: dict[int, list[dict]] = {1: [], 2: [], 3: []}
    for group, recording in zip(groups, recordings, strict=True):
        for slot in range(3):
            serial += 1
            first, last = slot * 4, slot * 4 + 3
            number = slot + 1 if group in raised.get(slot + 1, []) else None
            make_passage(
                session,
                analysis,
                recording,
                serial,
                themes.get(number),
                first=first,
                last=last,
                start=first * 10.0,
                end=last * 10.0 + 9.8,
                text=" ".join(f"{group.name} says sentence {i} of its talk." for i in range(first, last + 1)),
            )
            if number:
                said[number].append({"group": group.id, "keywords": [f"word{group.id}"], "quotes": [serial]})
    for number, theme in themes.items():
        theme.perspectives = said[number]
        theme.quotes = [said[number][0]["quotes"][0]]


class Page:
    """A parsed answer: `css`-free look-ups by XPath, and its text with single spaces."""

    def __init__(self, text: str) -> None:
        self.tree = html.fromstring(text)

    def all(self, path: str) -> list:
        return self.tree.xpath(path)

    def one(self, path: str):
        found = self.all(path)
        assert len(found) == 1, f"{len(found)} of {path}"
        return found[0]

    @property
    def text(self) -> str:
        return words(self.tree.xpath("//main")[0])


def words(element) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


def read(client: FlaskClient, path: str, status: int = 200) -> Page:
    answer = client.get(path)
    assert answer.status_code == status, answer.text[:500]
    return Page(answer.text)


@contextmanager
def queries(database: Database) -> Iterator[list[str]]:
    """Every statement sent to the database inside the block."""
    sent: list[str] = []

    def note(connection, cursor, statement, parameters, context, many) -> None:
        sent.append(statement)

    sa_event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa_event.remove(database.engine, "before_cursor_execute", note)
