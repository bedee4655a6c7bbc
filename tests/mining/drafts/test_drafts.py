"""Making, listing and getting drafts."""

import pytest

from capture.errors import NotFound, Refused
from capture.models import Event
from capture.programmes import ensure_programme
from mining.drafts.drafts import compose, drafts_of, get_draft, keep, topics_of
from mining.drafts.evidence import Embed
from mining.drafts.log import reject
from mining.suggestion_models import Draft, DraftState, Proposal
from tests.factories import make_event
from tests.mining.drafted import Drafted


def test_a_draft_knows_its_theme_for_good_and_who_made_it(drafted: Drafted) -> None:
    with drafted.database.reading() as session:
        event = session.get_one(Event, 1)
        draft = get_draft(session, event, drafted.first)
        topics, _ = topics_of(session, event)
        topic = next(topic for topic in topics if topic.draft and topic.draft.id == draft.id)
        assert draft.title.startswith(topic.label)
        assert (draft.made_by, draft.state, draft.wording, draft.dropped) == ("ann", DraftState.DRAFTED, "", 0)
        assert [each.id for each in drafts_of(session, event)] == sorted(
            (each.id for each in session.query(Draft)), reverse=True
        )


def test_there_is_one_open_draft_of_a_theme(drafted: Drafted, embed: Embed) -> None:
    with drafted.database.writing() as session:
        event = session.get_one(Event, 1)
        strand = get_draft(session, event, drafted.first).strand_id
        with pytest.raises(Refused, match=f"Draft {drafted.first}, .* waits for an answer"):
            compose(session, event, strand=strand, by="bob", embed=embed)
        first = get_draft(session, event, drafted.first)
        reject(session, first, 1, "bob", "Try again.")
        second, third = (compose(session, event, strand=strand, by=by, embed=embed) for by in ("bob", "eve"))
        assert keep(session, second).id > first.id and second.title != first.title
        assert second.strand_id == strand
        with pytest.raises(Refused, match=f"Draft {second.id}, .* waits for an answer"):
            keep(session, third)  # another was stored meanwhile


def test_guides_of_one_event_do_not_use_the_same_exercise(drafted: Drafted) -> None:
    with drafted.database.reading() as session:
        keys = [draft.body["sources"]["exercise"] for draft in session.query(Draft)]
    assert len(keys) > 1
    assert len(set(keys)) == len(keys)


def test_without_a_model_words_alone_decide(drafted: Drafted) -> None:
    with drafted.database.writing() as session:
        event = session.get_one(Event, 1)
        draft = get_draft(session, event, drafted.first)
        reject(session, draft, 1, "bob", "Try again.")
        assert compose(session, event, strand=draft.strand_id, by="bob").body["pages"]


def test_what_is_not_there_is_said(drafted: Drafted) -> None:
    with drafted.database.writing() as session:
        event, other = session.get_one(Event, 1), make_event(session, "autumn")
        with pytest.raises(NotFound, match="no theme 99"):
            compose(session, event, 99, by="ann")
        with pytest.raises(Refused, match="not looked for yet"):
            compose(session, other, 1, by="ann")
        with pytest.raises(NotFound, match="There is no draft"):
            get_draft(session, other, drafted.first)
        with pytest.raises(NotFound, match="There is no draft"):
            get_draft(session, event, 10**30)
        with pytest.raises(NotFound, match="no proposal 5"):
            compose(session, event, proposal_id=5, by="ann")
        assert topics_of(session, other)[0] == []


def test_an_adopted_proposal_becomes_a_draft_under_its_own_title(drafted: Drafted, embed: Embed) -> None:
    with drafted.database.writing() as session:
        event = session.get_one(Event, 1)
        programme = ensure_programme(session, event)
        strand = get_draft(session, event, drafted.first).strand_id
        brief = {"challenge": "Lunch {0} alone.", "matters": "It hurts.", "success": "We eat together."}
        proposal = Proposal(programme_id=programme.id, title="Lunch  alone", strand_id=strand, **brief)
        idea = Proposal(programme_id=programme.id, title="Nothing said", **brief)
        session.add_all([proposal, idea])
        session.flush()
        draft = keep(session, compose(session, event, proposal_id=proposal.id, by="ann", embed=embed))
        assert (draft.title, draft.proposal_id, draft.strand_id) == ("Lunch alone", proposal.id, strand)
        assert draft.body["why"][0]["text"] == "An alumnus proposed it: Lunch (0) alone."
        assert draft.body["purpose"][-1]["text"] == "It would have been worth it if: We eat together."
        with pytest.raises(Refused, match="names no theme"):
            compose(session, event, proposal_id=idea.id, by="ann")
        elsewhere = make_event(session, "autumn")
        with pytest.raises(NotFound, match="no proposal"):
            compose(session, elsewhere, proposal_id=proposal.id, by="ann")
