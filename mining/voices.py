"""One theme's page as it is read: the sentence and the quote that stand for it, and how each group speaks of it."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.errors import NotFound
from capture.models import Event
from mining.analyses import latest_analysis
from mining.models import Passage, Theme
from mining.quotes import Quote, excerpt, quotes_of, stated
from mining.reading import Run, ThemeRow, Voice, rooms_of, row_of, run_of, talk_of, themes_of

QUOTE_WORDS = 70
"""About how long a quote on a theme's page may be; the whole passage stands under "more from this group"."""
MORE = 30
"""Passages of one group listed on a theme's page, at most."""
LISTED = 160
"""About how many passages are listed on the whole page, which would weigh megabytes where sixty groups have much to
say; the rest is marked in the groups' conversations."""
LEAST_LISTED = 2


@dataclass(frozen=True)
class ThemePage:
    theme: ThemeRow
    voices: tuple[Voice, ...]
    neighbours: tuple[ThemeRow, ...]
    total: int
    """Themes in all."""
    run: Run
    shared: Quote | None = None
    """What comes closest to all its groups at once."""
    statement: Quote | None = None
    """The sentence that stands for it, as somebody said it."""
    kinds: dict[str, float] = field(default_factory=dict)
    """{kind: share (0..1) of its talk}"""


def theme_page(session: Session, event: Event, number: int) -> ThemePage:
    """Raises NotFound where the newest analysis has no such theme."""
    analysis = latest_analysis(session, event.id)
    stored = themes_of(session, analysis.id) if analysis else []
    theme = next((theme for theme in stored if theme.number == number), None)
    if analysis is None or theme is None:
        raise NotFound(
            f"There is no theme {number} in {event.title}. Themes are numbered anew when they are looked for again: "
            "start from the bird's-eye page."
        )
    talk = talk_of(session, analysis.id)
    rooms = rooms_of(session, event.id, talk.by_group)
    rows = {row.number: row for row in (row_of(each, rooms, talk) for each in stored)}
    own = _numbers_by_group(session, theme)
    quotes = _quotes_for(session, theme, own)
    shared = quotes.get(theme.shared) if theme.shared and theme.breadth > 1 else None
    return ThemePage(
        theme=rows[number],
        voices=_voices(theme, rows[number], own, quotes),
        neighbours=tuple(rows[n] for n in theme.neighbours if n in rows),
        total=len(rows),
        run=run_of(analysis),
        shared=excerpt(shared, theme.keywords, QUOTE_WORDS) if shared else None,
        statement=_statement(theme, quotes),
        kinds=dict(theme.kinds or {}),
    )


def _numbers_by_group(session: Session, theme: Theme) -> dict[int, list[int]]:
    """{group id: numbers of its passages in the theme}, in order."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for group_id, number in session.execute(
        select(Passage.group_id, Passage.number).where(Passage.theme_id == theme.id).order_by(Passage.number)
    ):
        numbers[group_id].append(number)
    return numbers


def _quotes_for(session: Session, theme: Theme, own: dict[int, list[int]]) -> dict[int, Quote]:
    """Everything that may be quoted on a theme's page, which is nothing but its own passages."""
    present = {number for numbers in own.values() for number in numbers}
    named = [theme.shared, (theme.statement or {}).get("passage")]
    for each in theme.perspectives:
        named += [each.get("distinctive"), *each["quotes"]]
    listed = [number for numbers in own.values() for number in numbers[: _listed(own)]]
    wanted = dict.fromkeys(number for number in (*named, *listed) if number in present)
    return quotes_of(session, theme.analysis_id, [number for number in wanted if number is not None])


def _listed(own: dict[int, list[int]]) -> int:
    """How many passages of each group are listed."""
    return max(LEAST_LISTED, min(MORE, LISTED // max(1, len(own))))


def _statement(theme: Theme, quotes: dict[int, Quote]) -> Quote | None:
    """None where the words are no longer in the transcript at that place."""
    said = theme.statement
    quote = quotes.get(said["passage"]) if said else None
    if not said or not quote:
        return None
    line = stated(quote, said)
    if line is None:
        return None
    lines = (replace(line, text=said["text"]),)
    return replace(quote, lines=lines, position=line.position, start=line.start, end=line.end, cut=True)


def _voices(theme: Theme, row: ThemeRow, numbers: dict[int, list[int]], quotes: dict[int, Quote]) -> tuple[Voice, ...]:
    """Every group that raises the theme, most talk first: what it says differently, then its other passages."""
    views = {each["group"]: each for each in theme.perspectives}
    most, voices = _listed(numbers), []
    for cell in sorted((cell for cell in row.cells if cell.room.id in numbers), key=lambda cell: -cell.seconds):
        own, view = numbers[cell.room.id], views.get(cell.room.id, {})
        words = view.get("keywords", [])
        differs = view.get("distinctive") in own
        # What is quoted as shared is not quoted again, where the group said anything else.
        central = [n for n in (*view.get("quotes", []), *own) if n in own]
        best = view["distinctive"] if differs else next((n for n in central if n != theme.shared), central[0])
        chosen = excerpt(quotes[best], words if differs and words else [*words, *theme.keywords], QUOTE_WORDS)
        more = [n for n in own[:most] if n != best or chosen.cut]
        voices.append(
            Voice(
                cell,
                tuple(words),
                (chosen,),
                tuple(quotes[n] for n in more),
                max(0, len(own) - most),
                distinctive=differs,
                alike=bool("distinctive" in view and not words and not differs and theme.breadth > 1),
            )
        )
    return tuple(voices)
