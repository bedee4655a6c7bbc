"""What alumni and sponsors may read of module drafts: of those on themes that enough groups raised, and of these only
what tells nothing of one group.

Drafts themselves are for staff: their lines rest on passages of single groups. Used by the report for sponsors (titles)
and by the book of proceedings (the questions that accepted drafts ask).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.events import clean_name
from capture.models import Event, Group
from mining.analyses import latest_analysis
from mining.drafts.drafts import drafts_of
from mining.drafts.lines import LONGEST_TITLE
from mining.drafts.reading import Receipt, ShownDraft, ShownLine, shown
from mining.models import Passage, Theme
from mining.privacy.crowds import SOME, Words, literal, masked, named_in, names_told, subjects, used
from mining.privacy.discretion import READ, SharedView, quotable_rooms, shown_strands
from mining.suggestion_models import Draft, DraftState, Proposal, ProposalState

Span = tuple[int, int, int]
"""Recording, first and last position."""


@dataclass(frozen=True)
class SharedDraft:
    """A draft that may be named. `theme` is what its theme is called, `questions` what it asks participants; they are
    there only for an accepted one."""

    title: str
    theme: str
    state: DraftState
    minutes: int
    mindset: str | None
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Theme:
    """What is known of a shown theme. `spans` are where its talk stands."""

    label: str
    said: tuple[tuple[int, str], ...]
    spans: frozenset[Span]


def shared_drafts(session: Session, event: Event, view: SharedView) -> tuple[SharedDraft, ...]:
    """The newest draft of every theme that `view` shows, in the order of the themes; rejected ones are not there. A
    draft that belongs to no theme is left out: it cannot be told what it rests on."""
    numbers = {strand: number for number, strand in shown_strands(session, event, view.quorum).items()}
    labels = {theme.number: theme.label for theme in view.themes}
    newest: dict[int, Draft] = {}
    for draft in drafts_of(session, event):
        if draft.strand_id in numbers and draft.state != DraftState.REJECTED:
            newest.setdefault(numbers[draft.strand_id], draft)
    if not newest:
        return ()
    names = session.scalars(select(Group.name).where(Group.event_id == event.id))
    rooms = frozenset(map(_room, names))
    themes = _themes(session, event, {number: labels[number] for number in newest})
    found = []
    for number, draft in sorted(newest.items()):
        agreed: frozenset[int] = frozenset()
        if draft.state == DraftState.ACCEPTED and draft.strand_id:
            agreed = quotable_rooms(session, event, view.quorum, draft.strand_id) or agreed
        found.append(_shared(session, draft, themes[number], rooms, agreed))
    return tuple(found)


def _themes(session: Session, event: Event, labels: Mapping[int, str]) -> dict[int, _Theme]:
    analysis = latest_analysis(session, event.id)
    assert analysis is not None  # its themes are shown
    found = {}
    for number, label in labels.items():
        query = (
            select(Passage.group_id, Passage.text, Passage.recording_id, Passage.first, Passage.last)
            .join(Theme, Theme.id == Passage.theme_id)
            .where(Theme.analysis_id == analysis.id, Theme.number == number, Theme.coarse.is_(False))
            .order_by(Passage.strength.desc(), Passage.number)
        )
        rows = session.execute(query).all()
        said = tuple((group, text) for group, text, *_ in rows[:READ])
        found[number] = _Theme(label, said, frozenset((row[2], row[3], row[4]) for row in rows))
    return found


def _shared(
    session: Session, draft: Draft, theme: _Theme, rooms: frozenset[Words], agreed: frozenset[int]
) -> SharedDraft:
    read = shown(session, draft)
    questions: tuple[str, ...] = ()
    if draft.state == DraftState.ACCEPTED:
        lines = (line for line in _questions(read) if may_be_read(line, theme.spans, rooms))
        questions = tuple(masked(line.text) for line in one_of_each(lines, agreed))
    title = _title(session, draft, theme, rooms)
    return SharedDraft(title, theme.label, draft.state, read.minutes, draft.mindset, questions)


def _questions(read: ShownDraft) -> list[ShownLine]:
    return [line for page in read.pages for line in page.lines if line.role == "question"]


def _title(session: Session, draft: Draft, theme: _Theme, rooms: frozenset[Words]) -> str:
    """A person's title, or the software's made of the name under which the theme is shown: its own name of the theme
    may hold what is withheld. Never one that names a room; of a draft that nobody accepted only one in which no word
    was said by a single group."""
    words = [word for word in subjects(draft.title) if word]
    single = used(words, theme.said, 1) - used(words, theme.said, SOME)
    known = _of_a_person(session, draft) or _label_in(draft.title) == _cut(theme.label)
    if not known or named_in(rooms, draft.title) or (single and draft.state != DraftState.ACCEPTED):
        return f"A guide on “{theme.label}”"
    return masked(draft.title)


def _of_a_person(session: Session, draft: Draft) -> bool:
    """Whether a designer changed the title, or an adopted proposal, which everybody may read, is called so."""
    given = [change.before["title"] for change in draft.changes if change.before and "title" in change.before]
    if given and draft.title != given[0]:
        return True
    proposal = session.get(Proposal, draft.proposal_id) if draft.proposal_id else None
    if proposal is None or proposal.state != ProposalState.ADOPTED:
        return False
    return draft.title == clean_name(proposal.title)[:LONGEST_TITLE]


def _label_in(title: str) -> str:
    """The name of the theme in a title of the software's, `name: ending`."""
    return title.rpartition(": ")[0]


def _cut(label: str) -> str:
    """As much of a theme's name as the software takes into a title."""
    return label[: LONGEST_TITLE - 60].strip()


def one_of_each(lines: Iterable[ShownLine], agreed: frozenset[int]) -> list[ShownLine]:
    """Of lines in their order those that quote only groups (ids) that `agreed`, and of each group no more than one
    quote in all of them: who knows a single voice must not hear most of what it said. Lines without quotes stay."""
    heard: dict[int, int] = {}
    kept = []
    for line in lines:
        quotes = {(receipt.cited.group_id, receipt.number) for receipt in _quoted(line) if receipt.cited}
        after = {**heard, **{group: number for group, number in quotes if group not in heard}}
        if all(group in agreed and after[group] == number for group, number in quotes):
            heard = after
            kept.append(line)
    return kept


def _quoted(line: ShownLine) -> list[Receipt]:
    """Whose words stand in a line. What a language model wrote may hold words of all that it rests on."""
    return [*line.receipts] if line.worded else [part for part in line.parts if not isinstance(part, str)]


def may_be_read(line: ShownLine, spans: frozenset[Span], rooms: frozenset[Words]) -> bool:
    """Whether a line may be read by those who were not in the room: all words that it quotes are still there, were said
    on the theme, and name nobody and no room."""
    if line.gone or not line.text.strip() or named_in(rooms, line.text):
        return False
    return all(_may_be_quoted(receipt, spans) for receipt in line.receipts)


def _may_be_quoted(receipt: Receipt, spans: frozenset[Span]) -> bool:
    cited = receipt.cited
    if cited is None or names_told(cited.text):
        return False
    return any(cited.recording_id == key and first <= cited.position <= last for key, first, last in spans)


def _room(name: str) -> Words:
    words = literal(name)
    return words[1:] if words[:1] in (("the",), ("a",), ("an",)) else words
