"""A module that was a draft reads from the transcript: whatever shows it, for as long as the words stand there."""

import json
from dataclasses import replace
from time import process_time

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from capture.database import Database, utcnow
from capture.models import Event, Group, Recording, Utterance
from capture.transcripts import utterances_of
from mining.catalogue.catalogue import as_read, import_modules, modules_of
from mining.catalogue.module_files import read_modules
from mining.catalogue.module_pages import Page
from mining.catalogue.module_reading import (
    WITHDRAWN,
    everybody,
    quotes_talk,
    read_pages,
    says_the_same,
    stored_lines,
    withheld,
)
from mining.catalogue.module_study import texts_of
from mining.catalogue.module_writing import rendered
from mining.citations import cite
from mining.drafts.lines import Line
from mining.models import Passage
from mining.suggestion_models import Module
from tests.factories import make_event, make_group, make_module, make_recording, make_utterances
from tests.mining.crowd import SMALL_TALK, Crowd, make_crowd
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


def quoting_the_crowd(session: Session, crowd: Crowd, said: str = "take0x1x0", worded: bool = False) -> Module:
    """A module that quotes what was said in the first room."""
    utterance = next(each for each in utterances_of(session, crowd.recordings[0].id) if said in each.text)
    line = Line("b", "question", "“{0}”?", (cite(utterance, 0, len(utterance.text)),), worded)
    page = {"title": "Said", "text": "", "question": "", "minutes": 20, "lines": stored_lines([line])}
    return make_module(session, "Crowd", pages=[page])


def asked(session: Session, module: Module) -> str:
    return read_pages(session, [module])[module.id][0].question


def test_words_stand_in_their_places_with_nobodys_number(database: Database) -> None:
    with database.writing() as session:
        module, brought = quoting(session), make_module(session, "Brought", pages=[])
        pages = read_pages(session, [module, brought], everybody)
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
        kinds = ("csv", "json", "md")
        exported = [rendered(as_read(session, [module], everybody), kind) for kind in kinds]
        words = "budget is a mood" if worded else "kestrel"
        assert all(words in text for text in exported)
        assert modules_of(session, words, hears=everybody) == [module]
        session.execute(update(Utterance).values(text="[removed]"))
        after = [rendered(as_read(session, [module], everybody), kind) for kind in kinds]
        after.append(str(texts_of(session, [module])[module.id]))
        assert not any(words in text for text in after) and all(WITHDRAWN in text for text in after)
        assert modules_of(session, words, hears=everybody) == []


@pytest.mark.parametrize("worded", [False, True])
def test_words_of_a_room_that_does_not_agree_any_more_are_read_by_its_staff_alone(
    database: Database, worded: bool
) -> None:
    with database.writing() as session:
        crowd = make_crowd(session)
        module = quoting_the_crowd(session, crowd, worded=worded)
        assert "take0x1x0" in asked(session, module) and withheld(session, module) == 0
        assert "take0x1x0" in str(texts_of(session, [module]))
        crowd.recordings[0].consent = None
        session.flush()
        assert asked(session, module) in (WITHDRAWN, f"“{WITHDRAWN}”?")
        assert withheld(session, module) == 1
        assert "take0x1x0" not in str(texts_of(session, [module])), "what coverage says of it is read by every staff"
        assert modules_of(session, "take0x1x0") == []
        assert "take0x1x0" in read_pages(session, [module], everybody)[module.id][0].question
        crowd.recordings[0].consent = "agreed again"
        session.flush()
        assert "take0x1x0" in asked(session, module)


def test_the_rule_of_the_moment_decides_not_that_of_the_day_on_which_it_was_published(database: Database) -> None:
    def changed(session: Session, crowd: Crowd, how: str) -> None:
        others = [each.group_id for each in crowd.recordings[2:]]
        passages = update(Passage).where(Passage.theme_id == crowd.themes[1].id)
        if how == "too few rooms agree":
            session.execute(update(Recording).where(Recording.group_id.in_(others)).values(consent=""))
        elif how == "too few groups raise it":
            session.execute(passages.where(Passage.group_id.in_(others)).values(theme_id=None))
            crowd.themes[1].breadth = 2
        elif how == "it belongs to a hidden theme":
            session.execute(passages.where(Passage.group_id == crowd.recordings[0].group_id).values(theme_id=None))
        elif how == "it names a room":
            session.get_one(Group, crowd.recordings[5].group_id).name = "take0x1x0"
        elif how == "talk waits to be mined again":
            session.get_one(Event, crowd.event.id).retracted_at = utcnow()

    for number, how in enumerate(
        (
            "nothing",
            "too few rooms agree",
            "too few groups raise it",
            "it belongs to a hidden theme",
            "it names a room",
            "talk waits to be mined again",
        )
    ):
        with database.writing() as session:
            crowd = make_crowd(session, slug=f"crowd-{number}")
            module = quoting_the_crowd(session, crowd)
            module.title = module.key = how
            assert "take0x1x0" in asked(session, module)
            changed(session, crowd, how)
            session.flush()
            session.expire_all()
            assert ("take0x1x0" in asked(session, module)) == (how == "nothing"), how


def test_words_on_no_theme_are_not_quoted(database: Database) -> None:
    with database.writing() as session:
        module = quoting_the_crowd(session, make_crowd(session), SMALL_TALK)
        assert asked(session, module) == f"“{WITHDRAWN}”?"


def test_bringing_back_what_was_written_out_leaves_the_citations_and_so_does_another_text(database: Database) -> None:
    """As plain text nobody could take the words back any more."""
    with database.writing() as session:
        module = quoting(session)
        written = [rendered(as_read(session, [module], hears), "json") for hears in (everybody, lambda event: False)]
        assert "kestrel" in written[0] and "kestrel" not in written[1]
        for text in written:
            assert import_modules(session, read_modules([("a.json", text.encode())])).unchanged == 1
        changed = written[0].replace("And you?", "And we?").replace('"author": ""', '"author": "Ada"')
        done = import_modules(session, read_modules([("a.json", changed.encode())]))
        assert (done.changed, done.skipped) == (1, 0)
        assert "Quoting: its pages quote what people said, so they stay as they are" in done.problems[0]
        session.expire_all()
        module = session.scalars(select(Module)).one()
        assert quotes_talk(module) and module.author == "Ada" and "kestrel" not in json.dumps(module.pages)


def quoting_in_a_row(session: Session, many: int, ending: str) -> tuple[Module, Page]:
    """A module with a page of so many quotes and nothing but spaces between them, and the page as it is read."""
    recording = make_recording(session, make_group(session, make_event(session, f"row-{many}"), "A"))
    said = make_utterances(session, recording, ["word " * 600 + "end." for _ in range(many)])
    line = Line(
        "a", "framing", " ".join(f"{{{n}}}" for n in range(many)) + ending, tuple(cite(u, 0, len(u.text)) for u in said)
    )
    module = make_module(session, f"Row {many}", pages=[{"title": "T", "lines": stored_lines([line])}])
    return module, read_pages(session, [module], everybody)[module.id][0]


def test_what_is_compared_with_a_module_takes_no_longer_for_more_quotes(database: Database) -> None:
    with database.writing() as session:
        module, page = quoting_in_a_row(session, 6, " So what do you say to that?")
    began = process_time()
    assert says_the_same(module, [page])
    assert not says_the_same(module, [replace(page, text=page.text[:-1] + "!")])
    assert process_time() - began < 0.5


def test_whatever_stands_outside_the_quotes_must_be_the_same(database: Database) -> None:
    with database.writing() as session:
        module, page = quoting_in_a_row(session, 2, "")
        quoted = quoting(session)
        pages = list(read_pages(session, [quoted], everybody)[quoted.id])
    assert says_the_same(module, [page])
    assert says_the_same(module, [replace(page, text=f"{WITHDRAWN} {WITHDRAWN}")])
    for text in (f"Well: {page.text}", f"{page.text} Well.", "Words", "", " "):
        assert not says_the_same(module, [replace(page, text=text)]), text[:20]
    asked = pages[0].question
    for question, same in (
        (asked.replace(SAID.replace("[person 3]", "[person]"), "Other words."), True),
        (asked.replace(SAID.replace("[person 3]", "[person]"), ""), False),
        (f"Well: {asked}", False),
        (asked.replace("And you", "And we"), False),
        ("", False),
    ):
        assert says_the_same(quoted, [replace(pages[0], question=question), pages[1]]) == same, question


def test_a_catalogue_is_read_in_two_queries_and_those_of_the_rule_and_one_without_quotes_in_none(
    database: Database,
) -> None:
    with database.writing() as session:
        for number in range(5):
            quoting(session, title=f"Q{number}")
        plain = make_module(session, "Plain", pages=[{"title": "", "text": "x", "question": "y", "minutes": None}])
        crowd = make_crowd(session)
        one = quoting_the_crowd(session, crowd)
        many = [make_module(session, f"C{n}", pages=one.pages * 3) for n in range(5)]
    with database.reading() as session:
        modules = session.scalars(select(Module)).all()
        with queries(database) as sent:
            read_pages(session, modules, everybody)
        assert len(sent) == 2
        ids = {module.id for module in many}
        with queries(database) as of_one:
            read_pages(session, [module for module in modules if module.id == one.id])
        with queries(database) as of_many:
            read_pages(session, [module for module in modules if module.id in ids])
        assert len(of_many) == len(of_one)
        with queries(database) as sent:
            read_pages(session, [module for module in modules if module.id == plain.id])
        assert sent == []
