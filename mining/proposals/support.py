"""What others say to a proposal: that they have it too, that they want to work on it, what the module should ask.

Each can be taken back, and doing it twice changes nothing. Between `proposals` and `notices`, which tells the proposer.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.errors import NotFound, Refused
from mining.proposals.briefs import clean_text, count_words
from mining.proposals.notices import NoticeKind, tell_how_it_stands
from mining.proposals.rights import Actor, may_support, may_write
from mining.suggestion_models import Endorsement, Proposal, ProposalQuestion

LONGEST_QUESTION = 300
"""Characters."""
MOST_QUESTIONS = 10
"""That one person may add to one proposal."""
SHORTEST = 3
"""Words of a question."""


def endorse(session: Session, proposal: Proposal, actor: Actor) -> None:
    """“I have this too.” Raises Refused for one's own, for sponsors, and where it is settled."""
    _supportable(proposal, actor)
    if proposal.person_id == actor.person_id:
        raise Refused("It is your own proposal, so that you have this challenge is known.")
    if _voice(session, proposal, actor) is None:
        session.add(Endorsement(proposal_id=proposal.id, person_id=actor.person_id))
        session.flush()
    tell_how_it_stands(session, proposal, NoticeKind.ENDORSED)


def join(session: Session, proposal: Proposal, actor: Actor) -> None:
    """“I want to work on it”, under one's name. Raises as `endorse` does; whoever proposed it is in already."""
    endorse(session, proposal, actor)
    voice = _voice(session, proposal, actor)
    assert voice
    voice.joined = True
    tell_how_it_stands(session, proposal, NoticeKind.JOINED)


def leave(session: Session, proposal: Proposal, actor: Actor) -> None:
    """Does not work on it after all, but still has the challenge."""
    voice = _voice(session, proposal, actor)
    if voice is not None:
        voice.joined = False
        tell_how_it_stands(session, proposal, NoticeKind.JOINED)


def take_back(session: Session, proposal: Proposal, actor: Actor) -> None:
    """Does not have it after all, and does not work on it either."""
    voice = _voice(session, proposal, actor)
    if voice is not None:
        session.delete(voice)
        tell_how_it_stands(session, proposal, NoticeKind.ENDORSED)
        tell_how_it_stands(session, proposal, NoticeKind.JOINED)


def ask(session: Session, proposal: Proposal, actor: Actor, text: str) -> ProposalQuestion:
    """“A question this module should ask.” The same again by the same person is the same question. Raises Refused."""
    _supportable(proposal, actor)
    text = clean_text(text).replace("\n", " ")
    if count_words(text) < SHORTEST:
        raise Refused(f"Write the question out: {SHORTEST} words at least.")
    if len(text) > LONGEST_QUESTION:
        raise Refused(f"A little shorter, please: {LONGEST_QUESTION} characters at most. This has {len(text):,}.")
    mine = [each for each in _questions(session, proposal) if each.person_id == actor.person_id]
    same = next((each for each in mine if each.text.casefold() == text.casefold()), None)
    if same is not None:
        return same
    if len(mine) >= MOST_QUESTIONS:
        raise Refused(f"{MOST_QUESTIONS} questions of yours are here already. Take one back first.")
    question = ProposalQuestion(proposal_id=proposal.id, person_id=actor.person_id, text=text)
    session.add(question)
    session.flush()
    tell_how_it_stands(session, proposal, NoticeKind.QUESTION)
    return question


def remove_question(session: Session, proposal: Proposal, actor: Actor, question_id: int | None) -> None:
    """One's own; staff may take out anybody's. Raises NotFound, Refused."""
    may_write(actor)
    question = session.get(ProposalQuestion, question_id) if question_id else None
    if question is None or question.proposal_id != proposal.id:
        raise NotFound("That question is not here any more.")
    if question.person_id != actor.person_id and not actor.staff:
        raise Refused("Only whoever asked it can take a question back.")
    session.delete(question)
    tell_how_it_stands(session, proposal, NoticeKind.QUESTION)


def _supportable(proposal: Proposal, actor: Actor) -> None:
    may_write(actor)
    if not may_support(proposal, actor):
        raise Refused("This proposal is closed. Where it was merged, say it to the one in which it goes on.")


def _voice(session: Session, proposal: Proposal, actor: Actor) -> Endorsement | None:
    return session.get(Endorsement, (proposal.id, actor.person_id))


def _questions(session: Session, proposal: Proposal) -> list[ProposalQuestion]:
    query = select(ProposalQuestion).where(ProposalQuestion.proposal_id == proposal.id)
    return list(session.scalars(query.order_by(ProposalQuestion.id)))
