"""What is read of drafts outside the staff: nothing of hidden themes, of rooms, or of words that name somebody."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.database import Database
from capture.models import Group, Recording, Utterance
from mining.citations import cite
from mining.drafts.lines import body_of
from mining.drafts.log import Edit, accept, edit, undo
from mining.drafts.shared import SharedDraft, shared_drafts
from mining.privacy.discretion import shared_view
from mining.suggestion_models import Draft, DraftState, ProposalState
from tests.factories import make_draft, make_proposal
from tests.mining.crowd import SECRETS, THEMES, Crowd
from tests.mining.reported import make_reported


def drafts(session: Session, crowd: Crowd, quorum: int = 3) -> tuple[SharedDraft, ...]:
    return shared_drafts(session, crowd.event, shared_view(session, crowd.event, quorum))


def test_only_drafts_on_themes_that_are_shown_are_there_with_what_they_ask(database: Database) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        [only] = drafts(session, crowd)
        assert (only.title, only.theme, only.minutes) == ("Meetings without an end", THEMES[1][0], 90)
        assert len(only.questions) == 2
        assert all(q.startswith("Somebody said: “") and SECRETS[1] in q for q in only.questions)
        assert [draft.title for draft in drafts(session, crowd, 2)] == ["Meetings without an end", "Shouting managers"]


def test_questions_are_those_of_accepted_drafts_and_rejected_ones_are_gone(database: Database) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        draft = session.scalars(select(Draft).where(Draft.title == "Meetings without an end")).one()
        draft.state = DraftState.DRAFTED
        assert [(each.state, each.questions) for each in drafts(session, crowd)] == [(DraftState.DRAFTED, ())]
        draft.state = DraftState.REJECTED
        assert drafts(session, crowd) == ()


def test_a_question_is_left_out_where_its_words_are_gone_name_somebody_or_lie_elsewhere(database: Database) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        first, *_ = session.scalars(
            select(Utterance).where(Utterance.recording_id == crowd.recordings[0].id).order_by(Utterance.position)
        )
        assert len(drafts(session, crowd)[0].questions) == 2
        before = first.text
        first.text = "something else was said here after all, and it is as long as it was before"
        assert len(drafts(session, crowd)[0].questions) == 1
        first.text = before
        session.get_one(Group, crowd.recordings[3].group_id).name = "take1x1x0"  # a room called as somebody spoke
        assert len(drafts(session, crowd)[0].questions) == 1
        session.get_one(Group, crowd.recordings[3].group_id).name = "Horse chestnut"
        draft = session.scalars(select(Draft).where(Draft.title == "Meetings without an end")).one()
        draft.strand_id = crowd.themes[2].strand_id  # its quotations are on another theme
        assert drafts(session, crowd)[0].questions == ()


def test_a_title_of_the_softwares_in_one_groups_words_gives_way_and_a_room_in_it_always(database: Database) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        draft = session.scalars(select(Draft).where(Draft.title == "Meetings without an end")).one()
        draft.title, draft.state = "Meetings take0x1x0", DraftState.DRAFTED
        assert drafts(session, crowd)[0].title == f"A guide on “{THEMES[1][0]}”"
        draft.title = f"{THEMES[1][0]}: calendar"
        assert drafts(session, crowd)[0].title == f"{THEMES[1][0]}: calendar"
        draft.title, draft.state = "What the copper beech said", DraftState.ACCEPTED
        assert drafts(session, crowd)[0].title == f"A guide on “{THEMES[1][0]}”"


def test_no_question_quotes_a_room_that_did_not_agree_and_none_at_all_where_too_few_did(database: Database) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        crowd.recordings[1].consent = ""
        session.flush()
        [question] = drafts(session, crowd)[0].questions
        assert "take0x1x0" in question
        for recording in crowd.recordings[2:6]:
            recording.consent = ""  # two of seven rooms are left
        session.flush()
        assert drafts(session, crowd)[0].questions == ()
        for recording in session.scalars(select(Recording)):
            recording.consent = ""
        draft = session.scalars(select(Draft).where(Draft.title == "Meetings without an end")).one()
        body = body_of(draft.body).stored()
        body["pages"][0]["lines"][1]["text"] = "What would you do first?"
        draft.body = body
        session.flush()
        assert drafts(session, crowd)[0].questions == ("What would you do first?",)  # quotes nobody


def test_of_each_group_a_draft_hands_out_one_quote(database: Database) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        said = []
        for recording in crowd.recordings[:2]:
            query = select(Utterance).where(Utterance.recording_id == recording.id).order_by(Utterance.position)
            said += list(session.scalars(query))[:3]
        draft = make_draft(session, crowd.event, said, strand_id=crowd.themes[1].strand_id)
        accept(session, draft, draft.version, "ann")
        found = drafts(session, crowd)[0].questions
        assert [[f"take{room}x1" in each for room in (0, 1)] for each in found] == [[True, False], [False, True]]
        body = body_of(draft.body).stored()
        line = body["pages"][0]["lines"][1]
        line["text"], line["citations"] = "“{0}” and “{1}”?", [cite(each, 0, len(each.text)) for each in said[:2]]
        draft.body = body
        session.flush()
        assert len(drafts(session, crowd)[0].questions) == 2
        assert all("” and “" not in each for each in drafts(session, crowd)[0].questions)


def test_a_title_holds_the_name_that_is_shown_or_what_a_person_wrote(database: Database) -> None:
    neutral, label = f"A guide on “{THEMES[1][0]}”", THEMES[1][0]
    with database.writing() as session:
        crowd = make_reported(session)
        [said] = session.scalars(select(Utterance).where(Utterance.recording_id == crowd.recordings[0].id).limit(1))

        def draft(title: str, **values: object) -> Draft:
            made = make_draft(session, crowd.event, [said], title=title, strand_id=crowd.themes[1].strand_id, **values)
            accept(session, made, made.version, "ann")
            return made

        def told() -> str:
            return drafts(session, crowd)[0].title

        draft(f"{label}: what gets in the way")
        assert told() == f"{label}: what gets in the way"
        withheld = draft("Calendar of the director: what gets in the way")
        assert told() == neutral
        withheld.state = DraftState.DRAFTED
        edit(session, withheld, withheld.version, Edit(title="Time for each other"), "ann")
        accept(session, withheld, withheld.version, "ann")
        assert told() == "Time for each other"
        undo(session, withheld, withheld.version, "ann")
        undo(session, withheld, withheld.version, "ann")
        accept(session, withheld, withheld.version, "ann")
        assert (withheld.title, told()) == ("Calendar of the director: what gets in the way", neutral)
        proposal = make_proposal(session, crowd.event, title="Fewer calendars", state=ProposalState.ADOPTED)
        draft("Fewer calendars", proposal_id=proposal.id)
        assert told() == "Fewer calendars"
        proposal.state = ProposalState.WITHDRAWN
        assert told() == neutral
