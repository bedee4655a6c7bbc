"""Themes that are not there any more, and where their talk went: since themes were last looked for, and since the event
before. Read by pages, from what `mining.conclusion` and `mining.curating.kin` found.

What a person merged or set aside has not ended: the log of decisions tells of it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.models import Event
from mining.analyses import latest_analysis
from mining.conclusion import Lineage
from mining.curating.curation import Heard, apply
from mining.curating.decision_log import labels_known
from mining.curating.kin import Elsewhere, Held, kin
from mining.curating.lineage import Body, overlaps
from mining.curating.strands import read_past
from mining.models import Passage, Theme

LEAST = 0.1
"""Share of a theme's talk that another must have taken to be told of."""


@dataclass(frozen=True)
class Part:
    """What a theme that is shown took of one that ended: `share` (0..1) of its talk."""

    number: int
    label: str
    share: float


@dataclass(frozen=True)
class Ending:
    """A theme that was there when themes were looked for before. `label` is None where nobody knows it any more.

    `went` are the themes that took of its talk, most first; `loose` is the share in none of the themes now.
    """

    strand: int
    label: str | None
    seconds: float
    went: tuple[Part, ...]
    loose: float


@dataclass(frozen=True)
class Endings:
    """`ended` since themes were last looked for; `gone` the themes of `earlier`, the event before, that did not come
    back."""

    ended: tuple[Ending, ...] = ()
    earlier: Held | None = None
    gone: tuple[Elsewhere, ...] = ()


def endings_of(session: Session, event: Event) -> Endings:
    """Most talk first. Empty where nothing has ended, or nothing is known of what was before."""
    family = kin(session, event)
    return Endings(tuple(ended(session, event.id)), family.earlier, family.gone)


def ended(session: Session, event_id: int) -> list[Ending]:
    """Themes of the analysis before that are not in the newest one, most talk first."""
    analysis = latest_analysis(session, event_id)
    if analysis is None or not analysis.lineage.get("ended"):
        return []
    lineage = Lineage.read(analysis.lineage)
    before = _before(session, event_id, analysis.embedder, lineage)
    gone = [Body(strand, tuple(before[strand])) for strand, _ in lineage.ended if strand in before]
    themes, now = _now(session, analysis.id)
    labels = labels_known(session, event_id)
    shared = overlaps(now, gone)
    endings = []
    for j, body in enumerate(gone):
        shares = {each.key: float(shared[i, j]) / max(body.seconds, 1e-9) for i, each in enumerate(now)}
        went = [Part(number, themes[number], share) for number, share in shares.items() if share >= LEAST]
        loose = max(0.0, 1 - sum(shares.values()))
        went.sort(key=lambda part: (-part.share, part.number))
        endings.append(Ending(body.key, labels.get(body.key), body.seconds, tuple(went), loose))
    return sorted(endings, key=lambda each: (-each.seconds, each.strand))


def _before(
    session: Session, event_id: int, embedder: str, lineage: Lineage
) -> Mapping[int, list[tuple[int, float, float]]]:
    """{strand: its spans} of the analysis before, as if today's decisions had been made by then."""
    past = read_past(session, event_id, embedder)
    spans = [(body.key, span) for body in lineage.before for span in body.spans]
    heard = [Heard(recording, start, end, strand) for strand, (recording, start, end) in spans]
    shown = apply(past.decisions, heard, None, past.split_off).shown
    found: dict[int, list[tuple[int, float, float]]] = defaultdict(list)
    for strand, (_, span) in zip(shown, spans, strict=True):
        if strand is not None:
            found[strand].append(span)
    return found


def _now(session: Session, analysis_id: int) -> tuple[dict[int, str], list[Body]]:
    """{number: label} of the themes that are shown, and where their talk stands, by the same numbers."""
    rows = session.execute(
        select(Theme.number, Theme.label, Passage.recording_id, Passage.start, Passage.end, Passage.offset)
        .join(Theme, Theme.id == Passage.theme_id)
        .where(Passage.analysis_id == analysis_id)
        .order_by(Passage.number)
    )
    themes: dict[int, str] = {}
    spans: dict[int, list[tuple[int, float, float]]] = defaultdict(list)
    for number, label, recording, start, end, offset in rows:
        themes[number] = label
        spans[number].append((recording, start - offset, end - offset))
    return themes, [Body(number, tuple(its)) for number, its in sorted(spans.items())]
