"""What is published, or handed round without receipts, tells nothing that alumni of the event are not told."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from capture.database import Database
from capture.models import Event
from capture.programmes import ensure_programme
from mining.catalogue.module_reading import read_pages
from mining.drafts.files import as_markdown
from mining.drafts.lines import Body, Line, Page, body_of
from mining.drafts.publishing import publish
from mining.drafts.reading import shown
from mining.drafts.telling import body_outside, goes_out, outside, too_few
from mining.suggestion_models import Draft, Module
from tests.factories import make_module
from tests.mining.catalogue.test_talk_figures import COUNTED
from tests.mining.drafts.test_publishing import lonely
from tests.mining.reported import make_reported

ALIKE = "The groups do not speak of this alike. Here are two of them side by side; neither is wrong."


def counted(session: Session, draft: Draft) -> None:
    """As an earlier Harvest wrote it, without people's words."""
    pages = (
        Page("p1", "opening", "Where we stand", 45, (Line("a", "framing", COUNTED), Line("b", "question", "And you?"))),
        Page("p2", "contrast", "Two views", 45, (Line("c", "framing", ALIKE), Line("d", "question", "Which one?"))),
    )
    purpose = (Line("e", "purpose", "Participants talk."), Line("f", "purpose", COUNTED))
    draft.body = replace(body_of(draft.body), pages=pages, purpose=purpose).stored()
    session.flush()


def texts(session: Session, module: Module) -> str:
    return "\n".join(
        [module.summary, *(f"{page.text}\n{page.question}" for page in read_pages(session, [module])[module.id])]
    )


def test_a_guide_on_a_hidden_theme_goes_out_as_one_on_its_topic(database: Database) -> None:
    with database.writing() as session:
        draft = lonely(session)
        counted(session, draft)
        assert too_few(session, draft)
        module = publish(session, shown(session, draft), "ann")
        handout = as_markdown(shown(session, draft, heard=False), receipts=False)
        for text in (texts(session, module), str(module.pages), handout):
            assert "groups" not in text and "all talk" not in text
            assert "Nobody needs to prepare" in text and "Which one?" in text
        assert "of all talk" in as_markdown(shown(session, draft), receipts=True), "designers read it on"


def test_a_guide_on_a_shown_theme_tells_that_it_was_spoken_of_and_not_how_much(database: Database) -> None:
    with database.writing() as session:
        make_reported(session)
        draft = session.query(Draft).filter(Draft.title == "Meetings without an end").one()
        counted(session, draft)
        assert not too_few(session, draft)
        module = publish(session, shown(session, draft), "ann")
        for text in (texts(session, module), as_markdown(shown(session, draft, heard=False), receipts=False)):
            assert "do not speak of this alike" in text and "all talk" not in text
        ensure_programme(session, session.get_one(Event, draft.event_id)).quorum = 8
        assert "alike" not in as_markdown(shown(session, draft, heard=False), receipts=False)


def test_a_module_that_was_published_before_is_read_without_the_figures_too(database: Database) -> None:
    page = {"title": "Where we stand", "question": "And you?", "minutes": 10}
    lines = [{"role": "framing", "text": COUNTED, "citations": [], "worded": False}]
    with database.writing() as session:
        pages = [{**page, "text": f"Before.\n\n{COUNTED}"}, {**page, "text": "", "lines": lines}]
        read = texts(session, make_module(session, "Old", pages=pages))
    assert read.count("Nobody needs to prepare") == 2 and "groups" not in read


def framing(text: str, **values: bool) -> Body:
    return Body(pages=(Page("p1", "lesson", "Looking back", 90, (Line("a", "framing", text, (), **values),)),))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Some have found out something about it. We ask you the same.", "We ask you the same."),
        ("Some have found out something about it.", None),
        ("What I wrote myself.", "What I wrote myself."),
    ],
)
def test_what_a_designer_wrote_stays_and_the_softwares_sentences_in_it_go(text: str, left: str | None) -> None:
    lines = body_outside(framing(text, edited=True), few=True).pages[0].lines
    assert [line.text for line in lines] == ([left] if left else [])
    assert body_outside(framing(text, edited=True), few=False).pages[0].lines[0].text == text
    assert body_outside(framing(text), few=True).pages[0].lines == ()
    assert outside(text, few=False) == text


def test_figures_that_a_language_model_took_over_into_the_opening_do_not_go_out() -> None:
    line = Line("a", "framing", "Three of our ten groups talked about it.", (), worded=True)
    assert not goes_out(line, "opening", few=False)
    assert goes_out(replace(line, edited=True), "opening", few=True)
    assert goes_out(replace(line, text="Nobody needs to prepare."), "opening", few=True)
