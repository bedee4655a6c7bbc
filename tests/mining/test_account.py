"""What an analysis says of itself, as it stands in the database after mining, after a decision, and from before."""

from sqlalchemy import select

from capture.database import Database
from capture.models import Event, Recording
from mining.account import Account, LeftOut, account_of
from mining.analyses import latest_analysis
from mining.curating import decisions
from mining.curating.deciding import decide
from mining.describing.off_topic import REASONS
from mining.models import Theme
from mining.reading import rooms_of, talk_of, themes_of
from tests.factories import make_analysis, make_event, make_group, make_passage, make_recording, make_theme
from tests.mining.conftest import Mined
from tests.mining.curated import Spring


def account(database: Database, event_id: int) -> Account:
    with database.reading() as session:
        analysis = latest_analysis(session, event_id)
        assert analysis
        rooms = rooms_of(session, event_id, talk_of(session, analysis.id).by_group)
        talked = {room.id: (room.name, room.talk) for room in rooms}
        return account_of(session, analysis, themes_of(session, analysis.id), talked)


def test_a_first_analysis_says_how_steady_it_is_and_nothing_of_changes(mined: Mined) -> None:
    found = account(mined.database, mined.event_id)
    assert str(found.trust[0]).startswith("Looked for four more times")
    assert "Under 3 minutes of talk" in " ".join(map(str, found.trust))
    assert found.since is None and found.beside == {}


def test_mined_again_the_account_says_what_became_of_the_themes(spare: Database, mined: Mined) -> None:
    spring = Spring(spare, mined.event_id)
    spring.add_room()
    spring.mine(seed=2)
    found = account(spare, mined.event_id)
    assert str(found.since).startswith("Since themes were last looked for, ")
    with spare.reading() as session:
        themes = session.scalars(select(Theme).where(Theme.coarse.is_(False))).all()
        moved = {t.number for t in themes if t.change and t.change["state"] != "continued"}
    assert moved and set(found.beside) == moved


def test_what_a_person_sets_aside_is_left_out_and_what_is_taken_back_is_not(spare: Database, mined: Mined) -> None:
    spring = Spring(spare, mined.event_id)
    strand = next(iter(spring.themes()))
    decide(spare, mined.event_id, lambda session: decisions.hide(session, mined.event_id, strand, "ann"))
    assert strand not in spring.themes()
    found = account(spare, mined.event_id)
    [left] = [each for each in found.left_out if each.aside]
    assert left.reason == "set aside by a person" and left.words > 50
    assert any("set aside by a person" in str(each) for each in found.trust)
    spring.undo()
    assert not [each for each in account(spare, mined.event_id).left_out if each.aside]


def test_talk_that_was_set_aside_is_counted_once_as_it_stands_now(database: Database) -> None:
    with database.writing() as session:
        event = make_event(session)
        recording: Recording = make_recording(session, make_group(session, event))
        stored = [{"reason": "backchannels", "utterances": 9, "words": 12}]
        stored += [{"reason": reason, "utterances": 5, "words": 50} for reason in REASONS[:2]]
        analysis = make_analysis(session, event, left_out=stored)
        make_theme(session, analysis, 1)
        make_passage(session, analysis, recording, 1, aside=REASONS[0], first=0, last=3, words=40)
    assert account(database, event.id).left_out == (
        LeftOut("backchannels", 9, 12),
        LeftOut(REASONS[0], 4, 40, aside=True),
    )


def test_rows_of_an_earlier_harvest_have_an_account(database: Database) -> None:
    with database.writing() as session:
        event: Event = make_event(session)
        recording = make_recording(session, make_group(session, event))
        analysis = make_analysis(session, event)
        make_passage(session, analysis, recording, 1, make_theme(session, analysis, 1))
    found = account(database, event.id)
    [only] = found.trust
    assert "an earlier Harvest found them" in str(only)
    assert (found.left_out, found.since) == ((), None)
