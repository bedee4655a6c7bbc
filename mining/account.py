"""An account of the newest analysis: what was left out of it, how far to trust it, and what is new in it.

Read from the database once, for the bird's-eye page, reports and the terminal alike: they say the same sentences.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mining.curating.changes import Changed, beside, since
from mining.describing.off_topic import REASONS
from mining.footing import Footing, Remark, Standing, remarks
from mining.models import Analysis, Passage, Theme


@dataclass(frozen=True)
class LeftOut:
    """`aside`: it stands in passages that were set aside; else in none."""

    reason: str
    utterances: int
    words: int
    aside: bool = False


@dataclass(frozen=True)
class Account:
    """`trust` are sentences; `since` is None in a first analysis; `beside` are {theme's number: what became of it}."""

    left_out: tuple[LeftOut, ...]
    trust: tuple[Remark, ...]
    since: Remark | None = None
    beside: Mapping[int, str] = field(default_factory=dict)


def account_of(
    session: Session, analysis: Analysis, themes: Sequence[Theme], rooms: Mapping[int, tuple[str, float]]
) -> Account:
    """`themes` are the finest; `rooms` {group id: (name, seconds of mined talk)} of all that talked. Two queries."""
    asides, without = _without_theme(session, analysis.id)
    talk = max(sum(seconds for _, seconds in rooms.values()), 1e-9)
    footing = Footing(
        stability=analysis.stability,
        trust=analysis.trust or {},
        themes=[Standing(t.number, t.label, t.breadth, t.stability) for t in themes],
        rooms=rooms,
        without=without / talk,
        asides={each.reason: seconds / talk for each, seconds in asides},
    )
    # An analysis keeps what was set aside when it was made; decisions may have changed it since.
    known = {each.reason for each, _ in asides} | set(REASONS)
    stored = [LeftOut(e["reason"], e["utterances"], e["words"]) for e in analysis.left_out]
    lately, words = _changes(session, analysis, themes)
    return Account(
        left_out=(*(each for each in stored if each.reason not in known), *(each for each, _ in asides)),
        trust=tuple(remarks(footing)),
        since=lately,
        beside=words,
    )


def _without_theme(session: Session, analysis_id: int) -> tuple[list[tuple[LeftOut, float]], float]:
    """What was set aside with its seconds, most words first; and the seconds of all talk without a theme."""
    rows = session.execute(
        select(
            Passage.aside,
            func.sum(Passage.last - Passage.first + 1),
            func.sum(Passage.words),
            func.sum(Passage.end - Passage.start),
        )
        .where(Passage.analysis_id == analysis_id, Passage.theme_id.is_(None))
        .group_by(Passage.aside)
    ).all()
    asides = [(LeftOut(why, said, words, aside=True), seconds) for why, said, words, seconds in rows if why]
    return sorted(asides, key=lambda each: (-each[0].words, each[0].reason)), sum(row[3] for row in rows)


def _changes(session: Session, analysis: Analysis, themes: Sequence[Theme]) -> tuple[Remark | None, dict[int, str]]:
    if not any(theme.change for theme in themes):
        return None, {}
    # Only these two: the rest of the lineage grows with the talk.
    query = select(Analysis.lineage["labels"], Analysis.lineage["ended"]).where(Analysis.id == analysis.id)
    named, gone = session.execute(query).one()
    labels = {int(strand): label for strand, label in (named or {}).items()}
    labels |= {theme.strand_id: theme.label for theme in themes if theme.strand_id is not None}
    ended = [(strand, into) for strand, into in gone or []]
    changed = [Changed(t.number, t.label, t.strand_id, t.change) for t in themes]
    words = {each.number: said for each in changed if (said := beside(each, labels))}
    return since(changed, ended, labels), words
