"""Has a draft worded by the language model that the operator switched on: what is sent, and what is taken over.

Between `draft_log`, which keeps the result, and `wording`, which checks it. Talk leaves the machine here and nowhere
else; whoever calls has asked a person first, with what `parcel_of` says. The model is asked outside of any session.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from capture.database import Database
from capture.errors import Refused
from capture.models import Event, Utterance
from mining.citations import cite, read
from mining.drafts.drafts import get_draft
from mining.drafts.evidence import evidence_of, theme_of
from mining.drafts.lines import Body, Citation, body_of
from mining.drafts.log import reworded
from mining.drafts.wording import SYSTEM, Model, Passage, Worded, WordingFailed, checked, request_of
from mining.suggestion_models import Draft, DraftState

MOST_PASSAGES = 40
MOST_WORDS = 6000
"""Of a theme's talk that is sent, the most central passages first."""


@dataclass(frozen=True)
class Parcel:
    """What would be sent: `passages` with `words` words in them, besides the draft's own lines."""

    body: Body
    version: int
    passages: tuple[Passage, ...]
    texts: Mapping[tuple[int, int], str]
    said: Mapping[str, tuple[str, ...]]

    @property
    def words(self) -> int:
        return sum(len(passage.text.split()) for passage in self.passages)


def parcel_of(session: Session, event: Event, draft: Draft) -> Parcel:
    """Raises Refused for a draft that was answered, or whose theme or talk is not there any more."""
    if draft.state != DraftState.DRAFTED:
        raise Refused("This draft was answered already. Open it again before you have it worded.")
    theme = theme_of(session, event, strand=draft.strand_id or -1)
    evidence = evidence_of(session, event, theme, None)
    spoken: dict[int, list[tuple[int, int, str]]] = {}
    for said in evidence.said:
        spoken.setdefault(said.passage, []).append((said.recording, said.position, said.text))
    passages: list[Passage] = []
    words = 0
    for number, own in enumerate(list(spoken.values())[:MOST_PASSAGES], 1):
        passage = _passage(number, own)
        words += len(passage.text.split())
        if words > MOST_WORDS and passages:
            break
        passages.append(passage)
    body = body_of(draft.body)
    texts = {(said.recording, said.position): said.text for said in evidence.said}
    return Parcel(body, draft.version, tuple(passages), texts, _said(session, body))


def word_draft(database: Database, event_id: int, draft_id: int, model: Model, by: str) -> Worded:
    """Asks the model and keeps what may be used of its answer, as a change that can be undone.

    Raises WordingFailed, and then the draft is as it was; Outdated where somebody changed it meanwhile.
    """
    with database.reading() as session:
        event = session.get_one(Event, event_id)
        parcel = parcel_of(session, event, get_draft(session, event, draft_id))
    answer = model.answer(SYSTEM, request_of(parcel.body, parcel.passages, parcel.said))

    def cited(recording: int, position: int, start: int, end: int) -> Citation:
        text = parcel.texts[(recording, position)]
        return cite(Utterance(recording_id=recording, position=position, text=text), start, end)

    worded = checked(parcel.body, answer, parcel.passages, cited)
    if not worded.lines:
        raise WordingFailed(
            "Nothing of the language model's answer could be used: "
            f"{worded.refused} lines refused, {worded.dropped} citations that nobody said."
        )
    with database.writing() as session:
        draft = get_draft(session, session.get_one(Event, event_id), draft_id)
        _still_said(session, worded.body)
        reworded(session, draft, parcel.version, by, worded.body, model.name, worded.dropped)
    return worded


def _still_said(session: Session, body: Body) -> None:
    """Talk may have been removed while the model was thinking."""
    wanted = [citation for line in body.lines if line.worded for citation in line.citations]
    if None in read(session, wanted):
        raise WordingFailed("Talk was removed or masked meanwhile, so the language model's answer was not used.")


def _passage(number: int, own: list[tuple[int, int, str]]) -> Passage:
    text, spans = "", []
    for recording, position, said in own:
        text += " " if text else ""
        spans.append((len(text), recording, position))
        text += said
    return Passage(number, text, tuple(spans))


def _said(session: Session, body: Body) -> dict[str, tuple[str, ...]]:
    found = read(session, [citation for line in body.lines for citation in line.citations])
    said, at = {}, 0
    for line in body.lines:
        own = found[at : at + len(line.citations)]
        at += len(line.citations)
        said[line.id] = tuple(each.text if each else "" for each in own)
    return said
