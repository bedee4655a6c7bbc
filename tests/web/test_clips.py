import io
import shutil
import wave
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from capture.database import Database
from capture.media import MediaFolder
from capture.models import Event, Recording
from capture.programmes import ensure_programme
from tests.mining.crowd import Crowd, make_crowd
from tests.web.conftest import SPEECH, read

SignedInAs = Callable[..., FlaskClient]


@pytest.fixture
def crowd(database: Database, media: MediaFolder) -> Crowd:
    """Seven recorded rooms; all of them are the same minute of speech."""
    with database.writing() as session:
        crowd = make_crowd(session, sound=7)
        for number, recording in enumerate(session.scalars(select(Recording))):
            recording.stored_name = f"{number:032x}.m4a"
            shutil.copy(SPEECH / "rms.m4a", media.path(recording.stored_name))
    return crowd


def addresses(client: FlaskClient, number: int = 3) -> list[str]:
    return [link.get("href") for link in read(client, f"/events/crowd/themes/{number}").all("//a[@data-play]")]


@pytest.mark.parametrize("role", ["alumnus", "sponsor", "designer"])
def test_a_quote_that_is_shown_can_be_heard(signed_in_as: SignedInAs, crowd: Crowd, role: str) -> None:
    viewer = signed_in_as(role, "crowd")
    [address, *_] = addresses(signed_in_as("alumnus", "crowd"))
    with viewer.get(address) as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "audio/wav"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Content-Disposition" not in answer.headers and "Last-Modified" not in answer.headers
        with wave.open(io.BytesIO(answer.data)) as file:
            assert file.getnframes() / file.getframerate() == pytest.approx(1.8, abs=0.1)


def test_players_may_ask_for_a_part(signed_in_as: SignedInAs, crowd: Crowd) -> None:
    alumnus = signed_in_as("alumnus", "crowd")
    [address, *_] = addresses(alumnus)
    with alumnus.get(address, headers={"Range": "bytes=0-99"}) as answer:
        assert answer.status_code == 206
        assert len(answer.data) == 100


def test_no_other_address_gives_sound(signed_in_as: SignedInAs, crowd: Crowd) -> None:
    alumnus = signed_in_as("alumnus", "crowd")
    [address, *_] = addresses(alumnus)
    mark = address.split("/")[-1]
    for wrong in ("1.wav", "0" * 20 + ".wav", mark[:-5] + "x.wav", mark.removesuffix(".wav")):
        assert alumnus.get(f"/events/crowd/themes/3/said/{wrong}").status_code == 404
    for theme in (1, 2, 4, 5, 99):
        assert alumnus.get(f"/events/crowd/themes/{theme}/said/{mark}").status_code == 404


def test_an_address_that_was_kept_ends_with_the_theme_it_was_for(
    signed_in_as: SignedInAs, database: Database, crowd: Crowd
) -> None:
    alumnus = signed_in_as("alumnus", "crowd")
    kept = addresses(alumnus)
    with database.writing() as session:
        ensure_programme(session, session.scalars(select(Event)).one()).quorum = 4
    assert [alumnus.get(address).status_code for address in kept] == [404, 404, 404]


def test_who_has_no_role_there_hears_nothing(stranger: FlaskClient, signed_in_as: SignedInAs, crowd: Crowd) -> None:
    [address, *_] = addresses(signed_in_as("alumnus", "crowd"))
    assert stranger.get(address).status_code == 303
    assert signed_in_as(None).get(address).status_code == 404


@pytest.mark.parametrize("left", [None, b"", b"RIFF of nothing"])
def test_sound_that_is_gone_or_damaged_is_refused_without_saying_where_it_was(
    signed_in_as: SignedInAs, media: MediaFolder, crowd: Crowd, left: bytes | None
) -> None:
    alumnus = signed_in_as("alumnus", "crowd")
    [address, *_] = addresses(alumnus)
    for number in range(7):
        path = media.path(f"{number:032x}.m4a")
        path.unlink() if left is None else path.write_bytes(left)
    answer = alumnus.get(address)
    assert answer.status_code == 404
    assert "cannot be had from this machine" in answer.text
    assert ".m4a" not in answer.text
