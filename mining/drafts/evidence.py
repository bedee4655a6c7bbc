"""What a module draft is written from: a theme's figures, its groups, and everything said on it that can be read out.

Between the newest analysis and `draft_writer`. Reads the database, changes nothing; all words come with citations.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from capture.desk import is_demonstration
from capture.errors import NotFound, Refused
from capture.models import Event, Recording, Utterance
from mining.analyses import latest_analysis
from mining.citations import cite
from mining.conclusion import centre_of
from mining.describing.kinds import Kind
from mining.describing.perspectives import is_thin
from mining.drafts.lines import Citation
from mining.drafts.sayings import Heard, Saying, sayings
from mining.embedding.embedder import Vectors
from mining.models import Analysis, Passage, Theme
from mining.reading import rooms_of, talk_of, themes_of

Embed = Callable[[Sequence[str]], Vectors]
WORDS = 3
"""Words of a group's own that are cited."""
PASSAGES = 120
"""Of a theme, the most central ones that are looked through."""


@dataclass(frozen=True)
class Part:
    """One group's part in a theme. `words` cites what it says more than the others; `distinctive` is the number of the
    passage that is most its own; `thin` where this is an example rather than the group's view."""

    group: int
    name: str
    seconds: float
    passages: int
    words: tuple[Citation, ...] = ()
    distinctive: int | None = None
    thin: bool = False
    rough: bool = False


@dataclass(frozen=True)
class Evidence:
    """A theme with all that can be said of it. `groups` raise it, most talk first; `heard` groups talked at all.
    `seconds` of talk on it, `depth` their share (0..1) of the event's; `kinds` {kind: share (0..1)}."""

    event_id: int
    event: str
    number: int
    strand: int | None
    label: str
    stamp: int
    heard: int
    groups: tuple[Part, ...]
    passages: int
    seconds: float
    depth: float
    kinds: dict[str, float]
    stability: float | None
    sayings: tuple[Saying, ...]
    centre: Vectors
    keywords: tuple[str, ...]
    said: tuple[Heard, ...]

    @property
    def breadth(self) -> int:
        return len(self.groups)

    @property
    def kind(self) -> str:
        """What most of its talk is, other talk aside."""
        named = {kind: share for kind, share in self.kinds.items() if kind != Kind.OTHER}
        return max(named, key=lambda kind: (named[kind], kind)) if any(named.values()) else Kind.CHALLENGE.value


def citation_of(saying: Saying) -> Citation:
    return _cite(saying.said, saying.start, saying.end)


def cited_words(evidence: Evidence, words: Sequence[str]) -> list[Citation]:
    """Where each of these words was said, as far as it was."""
    return [found for word in words if (found := _cited(word, evidence.said))]


def theme_of(session: Session, event: Event, *, number: int | None = None, strand: int | None = None) -> Theme:
    """The theme of that number, or strand, in the newest analysis. Raises Refused where the event was not mined,
    NotFound where it has no such theme."""
    analysis = latest_analysis(session, event.id)
    if analysis is None:
        raise Refused(
            f"Themes of {event.title} were not looked for yet, or talk was removed since. "
            f"Look for them first: harvest mine {event.slug}"
        )
    for theme in themes_of(session, analysis.id):
        if theme.number == number or (strand is not None and theme.strand_id == strand):
            return theme
    asked = f"theme {number}" if number is not None else "such theme any more"
    raise NotFound(f"There is no {asked} in {event.title}. Themes are numbered anew when they are looked for again.")


def evidence_of(session: Session, event: Event, theme: Theme, embed: Embed | None) -> Evidence:
    """`embed` gives vectors of the model that the event was mined with; without it only words decide what fits."""
    analysis = session.get_one(Analysis, theme.analysis_id)
    talk = talk_of(session, analysis.id)
    rooms = {room.id: room for room in rooms_of(session, event.id, talk.by_group)}
    passages = _passages(session, theme)
    heard = _heard(session, passages)
    centre, others = _centres(session, analysis.id, theme)
    fit = embed if centre.any() else None
    cells = {group: cell for (theme_id, group), cell in talk.cells.items() if theme_id == theme.id}
    return Evidence(
        event_id=event.id,
        event=event.title,
        number=theme.number,
        strand=theme.strand_id,
        label=theme.label,
        stamp=analysis.stamp,
        heard=sum(1 for room in rooms.values() if room.talk),
        groups=tuple(
            _part(group, rooms[group].name, cells[group], theme, heard)
            for group in sorted(cells, key=lambda group: (-cells[group][0], group))
        ),
        passages=sum(count for _, count in cells.values()),
        seconds=sum(seconds for seconds, _ in cells.values()),
        depth=theme.depth,
        kinds=dict(theme.kinds or {}),
        stability=theme.stability,
        sayings=tuple(sayings(heard, theme.keywords, centre, others, fit)),
        centre=centre,
        keywords=tuple(theme.keywords),
        said=tuple(heard),
    )


def _passages(session: Session, theme: Theme) -> list[Passage]:
    query = select(Passage).where(Passage.theme_id == theme.id)
    return list(session.scalars(query.order_by(Passage.strength.desc(), Passage.number).limit(PASSAGES)))


def _heard(session: Session, passages: Sequence[Passage]) -> list[Heard]:
    """What was said in them; nothing that the recogniser doubted."""
    recordings = sorted({passage.recording_id for passage in passages})
    rows = session.execute(select(Recording.id, Recording.engine).where(Recording.id.in_(recordings)))
    engines = {recording: engine for recording, engine in rows}
    spoken: dict[int, list[Utterance]] = defaultdict(list)
    query = select(Utterance).where(Utterance.recording_id.in_(recordings)).order_by(Utterance.position)
    for utterance in session.scalars(query):
        spoken[utterance.recording_id].append(utterance)
    return [
        Heard(
            recording=passage.recording_id,
            position=utterance.position,
            group=passage.group_id,
            passage=passage.number,
            text=utterance.text,
            kind=Kind(passage.kind) if passage.kind else None,
            strength=passage.strength,
            rough=is_demonstration(engines.get(passage.recording_id)),
        )
        for passage in passages
        for utterance in spoken[passage.recording_id]
        if passage.first <= utterance.position <= passage.last and not utterance.doubt
    ]


def _centres(session: Session, analysis_id: int, theme: Theme) -> tuple[Vectors, list[Vectors]]:
    """The theme's mean meaning, and that of each other theme. One row of zeros where vectors were not kept."""
    own: dict[int, list[Vectors]] = defaultdict(list)
    query = select(Passage).where(Passage.analysis_id == analysis_id, Passage.theme_id.is_not(None))
    for passage in session.scalars(query.options(undefer(Passage.vector))):
        if passage.vector and passage.theme_id is not None:
            own[passage.theme_id].append(np.frombuffer(passage.vector, "<f4"))
    centres = {theme_id: centre_of(np.vstack(rows)) for theme_id, rows in sorted(own.items())}
    centre = centres.get(theme.id, np.zeros(1, np.float32))
    return centre, [each for theme_id, each in centres.items() if theme_id != theme.id]


def _part(group: int, name: str, cell: tuple[float, int], theme: Theme, heard: Sequence[Heard]) -> Part:
    view = next((each for each in theme.perspectives if each["group"] == group), {})
    own = [said for said in heard if said.group == group]
    cited = [found for word in view.get("keywords", []) if (found := _cited(word, own))]
    return Part(
        group,
        name,
        seconds=cell[0],
        passages=cell[1],
        words=tuple(cited[:WORDS]),
        distinctive=view.get("distinctive"),
        thin=is_thin(cell[1], cell[0]),
        rough=any(said.rough for said in own),
    )


def _cited(word: str, own: Sequence[Heard]) -> Citation | None:
    """Where the group says the word, as a whole word."""
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.I)
    for said in own:
        if found := pattern.search(said.text):
            return _cite(said, *found.span())
    return None


def _cite(said: Heard, start: int, end: int) -> Citation:
    return cite(Utterance(recording_id=said.recording, position=said.position, text=said.text), start, end)
