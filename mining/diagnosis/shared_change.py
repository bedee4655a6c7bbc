"""What became of the themes since the event before, as far as both events may show them.

Made of the two views that alumni and sponsors have anyway, set side by side by what the themes mean (`kin`): a theme
that is shown at one event only may have been raised by too few groups, or by none, at the other, and which of both it
was is not known here either.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from capture.models import Event
from mining.curating.kin import Held, kin
from mining.diagnosis.ground import event_before, held
from mining.privacy.discretion import SharedTheme, SharedView, shared_view


@dataclass(frozen=True)
class Both:
    """A theme that both events show. `more` is whether it is raised by a larger or smaller part of the groups now; None
    where the numbers do not tell."""

    label: str
    then: str
    now: str
    more: bool | None


@dataclass(frozen=True)
class Change:
    """`both` events show these themes, `now` and `then` only the one. `title` and `day` are the earlier event's."""

    before: Held
    groups: int
    both: tuple[Both, ...] = ()
    now: tuple[str, ...] = ()
    then: tuple[str, ...] = ()


def change_of(session: Session, event: Event, view: SharedView) -> Change | None:
    """None where there is no earlier event of the programme that shows anything under the same quorum."""
    earlier = event_before(session, event)
    if earlier is None or not view.themes:
        return None
    then = shared_view(session, earlier, view.quorum)
    if not then.themes:
        return None
    before = {theme.number: theme for theme in then.themes}
    shown = {theme.number for theme in view.themes}
    pairs: dict[int, SharedTheme] = {}
    for number, found in kin(session, event).elsewhere.items():
        for each in found:
            if number in shown and each.event.slug == earlier.slug and each.number in before:
                pairs[number] = before[each.number]
    back = {theme.number for theme in pairs.values()}
    return Change(
        before=held(earlier),
        groups=then.groups,
        both=tuple(_both(theme, pairs[theme.number]) for theme in view.themes if theme.number in pairs),
        now=tuple(theme.label for theme in view.themes if theme.number not in pairs),
        then=tuple(theme.label for theme in then.themes if theme.number not in back),
    )


def _both(now: SharedTheme, then: SharedTheme) -> Both:
    more = None
    if now.exactly and then.exactly and now.groups * then.of != then.groups * now.of:
        more = now.groups * then.of > then.groups * now.of
    return Both(now.label, then.raised_by, now.raised_by, more)
