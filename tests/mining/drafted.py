"""The event “spring” as it was really mined, with the draft of a guide on each of its themes that has enough to say."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from capture.database import Database
from capture.errors import Refused
from capture.events import get_event
from capture.models import Event
from capture.settings import CaptureSettings
from mining.drafts.drafting import embedding
from mining.drafts.drafts import compose, keep
from mining.drafts.evidence import Embed, Evidence, evidence_of, theme_of
from mining.drafts.reading import ShownDraft, shown
from mining.settings import MiningSettings
from mining.suggestion_models import Draft


@dataclass(frozen=True)
class Drafted:
    """The event in a database that a test may change; `first` is the id of its first draft."""

    database: Database
    data: Path
    first: int

    def read(self, draft_id: int | None = None) -> ShownDraft:
        with self.database.reading() as session:
            return shown(session, session.get_one(Draft, draft_id or self.first))

    def change(self, do: Callable[..., Any], *arguments: Any, version: int | None = None, by: str = "ann") -> Any:
        """`draft_log.DO(session, draft, version, *arguments, by)`; `by` stands before what follows it."""
        with self.database.writing() as session:
            draft = session.get_one(Draft, self.first)
            seen = draft.version if version is None else version
            return do(session, draft, seen, *arguments, by)


@pytest.fixture(scope="session")
def embed() -> Embed:
    """The model in the package."""
    found = embedding(MiningSettings(), MiningSettings().embedder)
    assert found
    return found


@pytest.fixture(scope="session")
def drafted_data(mined: Any, embed: Embed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with drafts. Not to be changed."""
    data = tmp_path_factory.mktemp("drafted")
    copied(mined.data, data)
    database = Database(CaptureSettings(data=str(data)).database_url)
    with database.writing() as session:
        event = get_event(session, "spring")
        for number in range(1, len(mined.document()["themes"]) + 1):
            try:
                keep(session, compose(session, event, number, by="ann", embed=embed))
            except Refused:
                continue  # a theme with too little to quote
    database.close()
    return data


@pytest.fixture
def drafted(drafted_data: Path, tmp_path: Path) -> Iterator[Drafted]:
    copied(drafted_data, tmp_path)
    database = Database(CaptureSettings(data=str(tmp_path)).database_url)
    with database.reading() as session:
        first = session.scalars(select(Draft.id).order_by(Draft.id)).first()
        assert first
    yield Drafted(database, tmp_path, first)
    database.close()


@pytest.fixture(scope="session")
def evidence(mined: Any, embed: Embed) -> Evidence:
    """Of the broadest theme."""
    with mined.database.reading() as session:
        event = session.get_one(Event, mined.event_id)
        return evidence_of(session, event, theme_of(session, event, number=1), embed)


def copied(source: Path, target: Path) -> None:
    one, other = (sqlite3.connect(CaptureSettings(data=str(folder)).database_url[10:]) for folder in (source, target))
    one.backup(other)
    one.close()
    other.close()
