"""The crowd's event with everything a report tells of: drafts, steps, proposals and peer groups, each once on a theme
that is shown and once on one that is hidden."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.models import Group
from capture.transcripts import utterances_of
from mining.citations import cite
from mining.drafts.log import Edit, accept, edit
from mining.suggestion_models import Draw, PeerGroup, PeerGroupMember, ProposalState, StepState
from tests.factories import (
    make_draft,
    make_next_step,
    make_person,
    make_proposal,
    make_roster_entry,
    make_strand,
)
from tests.mining.crowd import ROOMS, SECRETS, THEMES, Crowd, make_crowd

DAY = date(2026, 3, 22)
HIDDEN = (4, 5)
"""Themes that fewer than three groups raise."""


def make_reported(session: Session, **values: object) -> Crowd:
    crowd = make_crowd(session, **values)
    for theme in crowd.themes.values():
        theme.strand_id = make_strand(session, crowd.event).id
    for number, label in ((1, "Meetings without an end"), (4, "Shouting managers"), (5, "The Lyon guide")):
        if number not in crowd.themes:
            continue
        own = [[u for u in utterances_of(session, each.id) if SECRETS[number] in u.text] for each in crowd.recordings]
        said = [utterances[0] for utterances in own[:2] if utterances]
        strand = crowd.themes[number].strand_id
        draft = make_draft(session, crowd.event, said, strand_id=strand)
        edit(session, draft, draft.version, Edit(title=label), "ann")
        accept(session, draft, draft.version, "ann")
    first = crowd.recordings[0]
    for number in crowd.themes:
        said = next(u for u in utterances_of(session, first.id) if SECRETS[number] in u.text)
        state = StepState.CONFIRMED if number < 3 else StepState.NOT_DONE
        group = session.get_one(Group, first.group_id)
        make_next_step(session, crowd.event, group, citation=cite(said, 0, len(said.text)), text=None, state=state)
    for recording in crowd.recordings[1:4]:
        make_next_step(session, crowd.event, session.get_one(Group, recording.group_id), text="tell nobodyelse")
    ada = make_person(session, crowd.event, "alumnus", name="Ada Alum")
    make_proposal(session, crowd.event, ada, strand_id=crowd.themes[1].strand_id)
    make_proposal(session, crowd.event, ada, title="Taken back", state=ProposalState.WITHDRAWN)
    make_person(session, crowd.event, "organiser", name="Olga Organiser")
    return crowd


def make_seated(session: Session, crowd: Crowd, groups: int) -> None:
    draw = Draw(event_id=crowd.event.id, made_by="olga", parameters={}, figures={})
    session.add(draw)
    session.flush()
    for number in range(groups):
        seated = PeerGroup(draw_id=draw.id, number=number + 1, outcome="closed")
        session.add(seated)
        session.flush()
        for _ in range(3):
            entry = make_roster_entry(session, crowd.event)
            session.add(PeerGroupMember(peer_group_id=seated.id, entry_id=entry.id))
    session.flush()


def told_of_hidden(text: str, session: Session, crowd: Crowd) -> list[str]:
    """Whatever stands in `text` that tells of a hidden theme, a group, a recording or a speaker."""
    said = text.lower()
    words = [word for number in HIDDEN for word in (*THEMES[number][1].split(), SECRETS[number], THEMES[number][0])]
    names = [*ROOMS, *session.scalars(select(Group.name).where(Group.event_id == crowd.event.id))]
    files = [name for each in crowd.recordings for name in (each.stored_name, each.original_name)]
    others = ["area of the lyon", "lyon", "nobodyelse", "person 1", "person 2", "taken back", "not_done"]
    return [each for each in (*words, *names, *files, *others) if each.lower() in said]
