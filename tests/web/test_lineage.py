"""Where a theme comes from, on its page."""

from datetime import date

import numpy as np
import pytest
from flask.testing import FlaskClient

from capture.database import Database, utcnow
from capture.models import Event
from mining.curating.lineage import Change
from mining.models import Strand, Theme
from tests.factories import make_analysis, make_event, make_theme
from tests.web.conftest import Spring, read, words
from web.lineage import in_words

MODEL = "all-MiniLM-L6-v2"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("state", "strands", "said"),
    [
        ("new", (), "New: it was not there when themes were last looked for."),
        (
            "continued",
            (1,),
            "It was there when themes were last looked for, much the same: 12 % of all talk then, 19 % ",
        ),
        (
            "grew",
            (1,),
            "It has grown since themes were last looked for: 12 % of all talk then, 19 % now; 1 group then, 3 now.",
        ),
        ("faded", (1,), "It has faded since themes were last looked for:"),
        ("split", (2,), "It was part of “Money” when themes were last looked for:"),
        ("split", (9,), "It was part of one larger theme when themes were last looked for:"),
        ("split", (1,), "It was larger when themes were last looked for; a part of it is a theme of its own now:"),
        ("merged", (1, 2), "It was “Rooms” and “Money”, themes of their own, when themes were last looked for:"),
        ("merged", (1, 2, 9), "It was 3 themes when themes were last looked for:"),
    ],
)
def test_every_state_is_a_sentence_with_its_figures(state: str, strands: tuple[int, ...], said: str) -> None:
    change = Change(state, strands, 0.12, 0.19, 1, 3)
    assert plain(in_words(change.stored(), 1, {1: "Rooms", 2: "Money"})).startswith(said)


def strand(session, event: Event, axis: int) -> int:
    centre = np.eye(4, dtype="<f4")[axis].tobytes()
    row = Strand(event_id=event.id, seen_at=utcnow(), spans=[], embedder=MODEL, centre=centre)
    session.add(row)
    session.flush()
    return row.id


def test_a_first_theme_alone_has_no_origin_to_tell(client: FlaskClient, spring: Spring) -> None:
    assert not read(client, "/events/spring/themes/1").all("//section[@aria-labelledby='lineage']")


def test_the_page_tells_what_became_of_it_and_links_to_the_same_theme_elsewhere(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    with database.writing() as session:
        event = session.get_one(Event, spring.event.id)
        event.programme, event.held_on = "Managers talk", date(2026, 9, 24)
        for number, theme in enumerate(session.query(Theme).order_by(Theme.number)):
            theme.strand_id = strand(session, event, number)
            theme.change = Change("grew", (1,), 0.1, 0.2, 3, 8).stored() if theme.number == 1 else None
        other = make_event(session, "winter", title="<b>Winter", programme="Managers talk", held_on=date(2026, 1, 15))
        analysis = make_analysis(session, other)
        make_theme(session, analysis, 1, label="Finance <i>gate", depth=0.5, strand_id=strand(session, other, 0))
        make_theme(session, analysis, 2, label="Elsewhere only", strand_id=strand(session, other, 3))
    section = read(client, "/events/spring/themes/1").one("//section[@aria-labelledby='lineage']")
    said = plain(words(section))
    assert (
        "It has grown since themes were last looked for: 10 % of all talk then, 20 % now; 3 groups then, 8 now." in said
    )
    assert "At <b>Winter it was Finance <i>gate; about as much talk goes to it now." in said
    assert set(section.xpath(".//a/@href")) == {"/events/winter/themes/1"}
    [row] = section.xpath(".//tbody/tr")
    assert [plain(words(cell)) for cell in row] == ["<b>Winter January 2026", "Finance <i>gate", "1/0", "50 %"]
    new = read(client, "/events/spring/themes/2").one("//section[@aria-labelledby='lineage']")
    assert "It was not a theme at <b>Winter." in words(new)


def test_a_theme_tells_of_which_others_it_took_the_talk(
    client: FlaskClient, database: Database, spring: Spring
) -> None:
    with database.writing() as session:
        event = session.get_one(Event, spring.event.id)
        theme = session.query(Theme).filter_by(number=1).one()
        theme.strand_id, gone = strand(session, event, 0), strand(session, event, 1)
        theme.change = Change("grew", (theme.strand_id,), 0.1, 0.2, 3, 8).stored()
        theme.analysis.lineage = {"ended": [[gone, [theme.strand_id]], [99, []]], "labels": {str(gone): "<b>Gone"}}
    said = words(read(client, "/events/spring/themes/1").one("//section[@aria-labelledby='lineage']"))
    assert "Most of what was <b>Gone, which is no theme any more, is in it now." in said
