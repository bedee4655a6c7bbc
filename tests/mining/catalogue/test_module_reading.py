"""A module that was a draft reads from the transcript: whatever shows it, for as long as the words stand there."""

import json

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from capture.database import Database
from capture.models import Utterance
from mining.catalogue.catalogue import as_read, import_modules, modules_of
from mining.catalogue.module_files import read_modules
from mining.catalogue.module_reading import WITHDRAWN, quotes_talk, read_pages, stored_lines
from mining.catalogue.module_study import texts_of
from mining.catalogue.module_writing import rendered
from mining.citations import cite
from mining.drafts.lines import Line
from mining.suggestion_models import Module
from tests.factories import make_event, make_group, make_module, make_recording, make_utterances
from tests.web.conftest import queries

SAID = "Nobody asks [person 3] about the kestrel budget."


def quoting(session: Session, worded: bool = False, title: str = "Quoting") -> Module:
    recording = make_recording(session, make_group(session, make_event(session, title.lower())))
    [said] = make_utterances(session, recording, [SAID])
    cited = (cite(said, 0, len(SAID)),)
    lines = [
        Line("a", "framing", "One group {1} said it.", ()),
        Line("b", "question", "A budget is a mood." if worded else "Somebody said: “{0}” And you?", cited, worded),
        Line("c", "step", "(5 min) Talk.", ()),
    ]
    page = {"title": "Money", "text": "", "question": "", "minutes": 20, "lines": stored_lines(lines)}
    plain = {"title": "Plain {0}", "text": "Text.", "question": "Why?", "minutes": None}
    return make_module(session, title, pages=[page, plain])


def test_words_stand_in_their_places_with_nobodys_number(database: Database) -> None:
    with database.writing() as session:
        module, brought = quoting(session), make_module(session, "Brought", pages=[])
        pages = read_pages(session, [module, brought])
        first, second = pages[module.id]
        assert (first.title, first.minutes, first.text) == ("Money", 20, "One group {1} said it.\n\n(5 min) Talk.")
        assert first.question == "Somebody said: “Nobody asks [person] about the kestrel budget.” And you?"
        assert (second.title, second.text, second.question) == ("Plain {0}", "Text.", "Why?")
        assert pages[brought.id] == () and quotes_talk(module) and not quotes_talk(brought)
        assert "kestrel" not in json.dumps(module.pages)


@pytest.mark.parametrize("worded", [False, True])
def test_words_that_are_gone_are_gone_from_everything_that_shows_a_module(database: Database, worded: bool) -> None:
    with database.writing() as session:
        module = quoting(session, worded)
        exported = {kind: rendered(as_read(session, [module]), kind) for kind in ("csv", "json", "md")}
        before = texts_of(session, [module])[module.id]
        words = "budget is a mood" if worded else "kestrel"
        assert all(words in text for text in (*exported.values(), str(before)))
        assert modules_of(session, words) == [module]
        session.execute(update(Utterance).values(text="[removed]"))
        after = [rendered(as_read(session, [module]), kind) for kind in ("csv", "json", "md")]
        after.append(str(texts_of(session, [module])[module.id]))
        assert not any(words in text for text in after) and all(WITHDRAWN in text for text in after)
        assert modules_of(session, words) == []


def test_bringing_back_what_was_written_out_leaves_the_citations_and_another_text_replaces_them(
    database: Database,
) -> None:
    with database.writing() as session:
        module = quoting(session)
        text = rendered(as_read(session, [module]), "json")
        assert import_modules(session, read_modules([("a.json", text.encode())])).unchanged == 1
        assert quotes_talk(module)
        changed = text.replace("And you?", "And we?")
        assert import_modules(session, read_modules([("a.json", changed.encode())])).changed == 1
        session.execute(update(Utterance).values(text="[removed]"))
        session.expire_all()
        module = session.scalars(select(Module)).one()
        assert not quotes_talk(module)
        assert read_pages(session, [module])[module.id][0].question.endswith("kestrel budget.” And we?")


def test_a_whole_catalogue_is_read_in_two_queries_and_one_without_quotes_in_none(database: Database) -> None:
    with database.writing() as session:
        for number in range(5):
            quoting(session, title=f"Q{number}")
        plain = make_module(session, "Plain", pages=[{"title": "", "text": "x", "question": "y", "minutes": None}])
    with database.reading() as session:
        modules = session.scalars(select(Module)).all()
        with queries(database) as sent:
            read_pages(session, modules)
        assert len(sent) == 2
        with queries(database) as sent:
            read_pages(session, [module for module in modules if module.id == plain.id])
        assert sent == []
