"""Which themes were left open at one event and answered by a module that came on offer since: how fast gaps close.

Between `coverage`, which knows today's catalogue only, and the diagnosis and the comparison of events. What was on
offer on a day is told by the days that the catalogue names (its column “since”). Of a module without one only the day
it came here is known: it was on offer from then on at the latest. Whether it was before, is known only where the whole
catalogue was here before it (`Shelf.whole_on`); otherwise nothing is claimed of a theme that rests on it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mining.catalogue.answering import Verdict
from mining.catalogue.coverage import ThemeCoverage
from mining.suggestion_models import Module

REMEDY = "To know it, bring the catalogue again with a column “since”: the day from which each module is on offer."


@dataclass(frozen=True)
class Added:
    """A module that covers a theme, and the first day it was on offer as far as is known."""

    module_id: int
    title: str
    day: date


@dataclass(frozen=True)
class Shelf:
    """`days` {module id: the day (UTC) from which it was on offer}. Of the modules in `undated` that is the day they
    came here, and they may have been on offer before. `whole_on` is the day on which the catalogue was here as a whole:
    None where none ever was brought here."""

    days: Mapping[int, date]
    undated: frozenset[int] = frozenset()
    whole_on: date | None = None

    def on_offer(self, module_id: int, day: date) -> bool | None:
        """None where it is not known."""
        if self.days[module_id] <= day:
            return True
        here = self.whole_on is not None and self.whole_on <= day
        return False if here or module_id not in self.undated else None

    def known_on(self, day: date) -> bool:
        """Whether it is known of any module if it was on offer on that day."""
        return any(self.on_offer(module, day) is not None for module in self.days)

    def covered_on(self, theme: ThemeCoverage, day: date) -> bool | None:
        """Whether a module of those days covers it; None where one does that may or may not have been there."""
        found = {self.on_offer(answer.module_id, day) for answer in theme.answers if answer.verdict == Verdict.COVERED}
        return True if True in found else None if None in found else False

    def answered(self, theme: ThemeCoverage, after: date, until: date | None = None) -> tuple[Added, ...]:
        """The modules that came after the one day and by the other and cover it, oldest first; none where one covered
        it on the first day already, or may have."""
        if self.covered_on(theme, after) is not False:
            return ()
        found = [
            Added(answer.module_id, answer.title, self.days[answer.module_id])
            for answer in theme.answers
            if answer.verdict == Verdict.COVERED and (until is None or self.days[answer.module_id] <= until)
        ]
        return tuple(sorted(found, key=lambda each: (each.day, each.title)))


def shelf(session: Session) -> Shelf:
    rows = [
        (key, offered, added.date())
        for key, offered, added in session.execute(select(Module.id, Module.offered_on, Module.added_at))
    ]
    return Shelf(
        {key: offered or added for key, offered, added in rows},
        frozenset(key for key, offered, _ in rows if offered is None),
        whole_on(added for _, _, added in rows),
    )


def whole_on(added: Iterable[date]) -> date | None:
    """The last day on which more modules came than were here already. What comes at once like that is a catalogue that
    was elsewhere before, or most of it, not what is new in one; what is added to it later, fewer at a time, is new.

    `added` are days of modules that are still here: where most of an early catalogue was removed, what came after it
    can look like the whole. The day is then too late, and less is known than could be; nothing untrue is claimed."""
    here, found = 0, None
    for day, came in sorted(Counter(added).items()):
        if came > here:
            found = day
        here += came
    return found
