"""What the tests of exports and reports share: texts that try to be something else than text, and what was said."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.database import Database
from capture.models import Event, Recording
from capture.transcripts import utterances_of
from mining.reporting.export import render
from tests.factories import (
    make_analysis,
    make_event,
    make_group,
    make_passage,
    make_recording,
    make_theme,
    make_utterances,
)
from tests.mining.conftest import Mined

EVIL = '<script>alert(1)</script> & "quoted" <img src=http://evil.example/x onerror=alert(2)>'


def transcripts(mined: Mined) -> list[str]:
    with mined.database.reading() as session:
        return [
            " ".join(u.text for u in utterances_of(session, r)) for r in session.scalars(select(Recording.id)).all()
        ]


def make_areas(session: Session, slug: str = "spring") -> Event:
    """Themes 1 and 3 belong to the area “Money” (4), 2 stands alone; a last passage is set aside."""
    event = make_event(session, slug)
    recording = make_recording(session, make_group(session, event))
    make_utterances(session, recording, ["This is what somebody said in the room."])
    other = make_recording(session, make_group(session, event, "Room 2"))
    analysis = make_analysis(session, event, stability=0.9, trust={"runs": 4, "thin": [], "weak": []})
    by_group = {str(recording.group_id): 0.5, str(other.group_id): 0.25}
    change = {"state": "new", "strands": [], "share_before": 0, "share": 0.2, "breadth_before": 0, "breadth": 2}
    shared = {"breadth": 2, "by_group": by_group}
    themes = [
        make_theme(session, analysis, 1, parent=4, stability=0.6, change=change, **shared),
        make_theme(session, analysis, 2, stability=0.9, **shared),
        make_theme(session, analysis, 3, parent=4, stability=0.2, quotes=[3], **shared),
    ]
    make_theme(session, analysis, 4, label="Money", coarse=True, depth=0.7, **shared)
    kinds = ["challenge", "lesson", "challenge", "other"]
    for number, (theme, kind) in enumerate(zip([*themes, None], kinds, strict=True), 1):
        aside = None if theme else "technical trouble"
        make_passage(session, analysis, recording if number % 2 else other, number, theme, kind=kind, aside=aside)
    said = {"passage": 1, "position": 0, "start": 8, "end": 29, "text": "what somebody said in"}
    themes[0].statement, themes[0].kinds = said, {"challenge": 0.8, "other": 0.2, "action": 0.0}
    return event


def render_hostile(database: Database, format_: str) -> str:
    """An event in which every text that people can write tries to be something else than text."""
    with database.writing() as session:
        event = make_event(session, title=EVIL, programme="<b>P</b>", language='en"><script>')
        group = make_group(session, event, "@SUM(1+1)*cmd <i>")
        recording = make_recording(session, group)
        analysis = make_analysis(
            session, event, notes=[f"Without talk: {EVIL}"], left_out=[{"reason": EVIL, "utterances": 1, "words": 2}]
        )
        keywords = ["<u>word", "a|b"]
        theme = make_theme(session, analysis, 1, label='=HYPERLINK("http://evil.example")<b>|x', keywords=keywords)
        theme.by_group, theme.quotes = {str(group.id): 1.0}, [1, 2, 3, 4]
        said = [
            "+1 from me",
            "-2 from her",
            f"=cmd|' /C calc'!A0 {EVIL}",
            "two\nlines, [a](http://evil.example) `x` | y",
        ]
        for number, text in enumerate(said, 1):
            make_passage(session, analysis, recording, number, theme, text=text, speakers=["@person 1"])

    with database.reading() as session:
        return render(session, session.get_one(Event, event.id), format_)
