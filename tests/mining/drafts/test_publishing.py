"""An accepted draft becomes a module."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from capture.database import Database, utcnow
from capture.errors import Refused
from capture.events import delete_event
from capture.models import Event, Recording, Utterance
from capture.programmes import ensure_programme
from mining.catalogue.module_reading import WITHDRAWN, read_pages
from mining.drafts.lines import body_of, with_lines
from mining.drafts.log import accept
from mining.drafts.publishing import publish, published
from mining.drafts.reading import shown
from mining.suggestion_models import Draft, DraftState, Module
from tests.factories import (
    make_analysis,
    make_draft,
    make_event,
    make_group,
    make_passage,
    make_recording,
    make_strand,
    make_theme,
    make_utterances,
)
from tests.mining.drafted import Drafted


def put(drafted: Drafted) -> Module:
    with drafted.database.writing() as session:
        return publish(session, shown(session, session.get_one(Draft, drafted.first)), "ann")


def test_the_module_is_the_guide_with_peoples_words_and_no_groups(drafted: Drafted) -> None:
    drafted.change(accept)
    module, draft = put(drafted), drafted.read()
    with drafted.database.reading() as session:
        pages = read_pages(session, [module])[module.id]
    assert (module.title, module.author, module.mindset) == (draft.title, "ann", draft.mindset)
    assert [page["minutes"] for page in module.pages] == [page.minutes for page in draft.pages]
    assert not any(room in str(module.pages) for room in ("Red room", "Blue room", "Green room"))
    assert [page.question for page in pages] == [page.lines[1].text for page in draft.pages]
    with drafted.database.reading() as session:
        found = published(session, draft.id)
        assert found
        assert found.id == module.id


def test_only_an_accepted_draft_is_published_and_only_once(drafted: Drafted) -> None:
    with pytest.raises(Refused, match="Accept it first"):
        put(drafted)
    drafted.change(accept)
    put(drafted)
    with pytest.raises(Refused, match="There is a module called"):
        put(drafted)


def test_a_draft_that_needs_care_is_not_published(drafted: Drafted) -> None:
    drafted.change(accept)
    with drafted.database.writing() as session:
        session.execute(update(Utterance).values(text="[removed]"))
    with pytest.raises(Refused, match="rest on words that are gone"):
        put(drafted)
    with drafted.database.reading() as session:
        assert published(session, drafted.first) is None


def test_what_alumni_may_not_read_is_not_published_and_the_lines_are_named(database: Database) -> None:
    """Room 1 spoke of its theme alone."""
    with database.writing() as session:
        draft = lonely(session)
        with pytest.raises(Refused, match="what single groups said.*“The canteen”, the question") as refused:
            publish(session, shown(session, draft), "ann")
        assert "read out" not in str(refused.value), "a line that quotes nothing is not named"
        assert session.scalars(select(Module)).all() == []
        body = body_of(draft.body)
        plain = replace(body.pages[0].lines[1], text="What happened there?")
        draft.body = with_lines(body, {plain.id: plain}).stored()
        module = publish(session, shown(session, draft), "ann")
        assert (module.pages[0]["question"], "lines" in module.pages[0]) == ("What happened there?", False)
        assert module.offered_on == module.added_at.date()


def test_a_group_without_noted_consent_is_not_quoted(drafted: Drafted) -> None:
    drafted.change(accept)
    quoted = {r.cited.group_id: r.cited.group_name for p in drafted.read().pages for r in p.receipts if r.cited}
    group = min(quoted)
    with drafted.database.writing() as session:
        session.get_one(Event, session.get_one(Draft, drafted.first).event_id).programme = None
        ensure_programme(session, session.scalars(select(Event)).one()).quorum = 2
        session.execute(update(Recording).where(Recording.group_id == group).values(consent=""))
    try:
        put(drafted)
        raise AssertionError("published")
    except Refused as refused:
        assert quoted[group] in str(refused) or "fewer than 2 of the groups" in str(refused)
        assert "take people's words out of" in str(refused)
    with drafted.database.writing() as session:
        session.execute(update(Recording).values(consent=""))
    with pytest.raises(Refused, match="fewer than 2 of the groups that raise"):
        put(drafted)


def test_what_a_model_wrote_counts_as_quoted_until_a_designer_writes_it_anew(database: Database) -> None:
    with database.writing() as session:
        draft = lonely(session)
        body = body_of(draft.body)
        line = replace(body.pages[0].lines[1], text="A boss shouts. Why?", worded=True)
        draft.body = with_lines(body, {line.id: line}).stored()
        with pytest.raises(Refused, match="single groups"):
            publish(session, shown(session, draft), "ann")
        draft.body = with_lines(body, {line.id: replace(line, edited=True)}).stored()
        assert publish(session, shown(session, draft), "ann")


def test_a_module_holds_no_copy_of_talk(drafted: Drafted) -> None:
    drafted.change(accept)
    with drafted.database.writing() as session:
        draft = session.get_one(Draft, drafted.first)
        body = body_of(draft.body)
        purpose = body.purpose[0]
        draft.body = with_lines(body, {purpose.id: replace(purpose, text="Because “{0}”")}).stored()
    module = put(drafted)
    said = {r.cited.text for p in drafted.read().pages for r in p.receipts if r.cited}
    held = json.dumps([module.summary, module.pages], ensure_ascii=False)
    assert said and not any(text in held for text in said)
    with drafted.database.writing() as session:
        delete_event(session, session.scalars(select(Event)).one())
    with drafted.database.reading() as session:
        pages = read_pages(session, [module])[module.id]
    assert pages[0].text.startswith(f"Because “{WITHDRAWN}”")
    assert all(page.title for page in pages) and not any(text in repr(pages) for text in said)


def test_a_later_draft_of_the_same_number_is_not_taken_for_the_one_that_was_published(drafted: Drafted) -> None:
    drafted.change(accept)
    put(drafted)
    with drafted.database.writing() as session:
        session.get_one(Draft, drafted.first).made_at = utcnow()
        assert published(session, drafted.first) is None


def lonely(session: Session) -> Draft:
    """An accepted draft on what one of three groups said, all of which agreed."""
    event = make_event(session)
    analysis, strand = make_analysis(session, event), make_strand(session, event)
    recordings = [make_recording(session, make_group(session, event, name), consent="x") for name in "ABC"]
    theme = make_theme(session, analysis, 1, strand_id=strand.id)
    make_passage(session, analysis, recordings[0], 1, theme)
    for number in (2, 3):
        make_passage(session, analysis, recordings[number - 1], number)
    said = make_utterances(session, recordings[0], ["My boss shouted at me in the canteen for an hour."])
    draft = make_draft(session, event, said, strand_id=strand.id, state=DraftState.ACCEPTED)
    body = body_of(draft.body)
    draft.body = replace(body, pages=(replace(body.pages[0], title="The canteen"),)).stored()
    return draft
