"""Which themes were left open at one event and answered by a module that came since: how fast gaps close.

Between `coverage`, which knows today's catalogue only, and the diagnosis and the comparison of events. What was on
offer then is told by the day a module was added here, so it is known only where the catalogue is older than the event.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mining.catalogue.answering import Verdict
from mining.catalogue.coverage import ThemeCoverage
from mining.suggestion_models import Module


@dataclass(frozen=True)
class Added:
    """A module that covers a theme, and the day it was added to the catalogue."""

    module_id: int
    title: str
    day: date


@dataclass(frozen=True)
class Shelf:
    """The catalogue with the days (UTC) on which modules were added: {module id: day}."""

    days: Mapping[int, date]

    def known_on(self, day: date) -> bool:
        """Whether there was a catalogue here on that day. Where none was, everything that was ever on offer came
        later, and nothing can be said of what was new."""
        return any(added <= day for added in self.days.values())

    def covered_on(self, theme: ThemeCoverage, day: date) -> bool:
        """Whether a module of those days covers it."""
        return any(self.days[a.module_id] <= day for a in theme.answers if a.verdict == Verdict.COVERED)

    def answered(self, theme: ThemeCoverage, after: date, until: date | None = None) -> tuple[Added, ...]:
        """The modules added after the one day and by the other that cover it, oldest first; none where one covered it
        on the first day already."""
        if self.covered_on(theme, after):
            return ()
        found = [
            Added(answer.module_id, answer.title, self.days[answer.module_id])
            for answer in theme.answers
            if answer.verdict == Verdict.COVERED and (until is None or self.days[answer.module_id] <= until)
        ]
        return tuple(sorted(found, key=lambda each: (each.day, each.title)))


def shelf(session: Session) -> Shelf:
    return Shelf({key: added.date() for key, added in session.execute(select(Module.id, Module.added_at))})
