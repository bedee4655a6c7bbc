"""How far to trust what was found, in plain sentences with figures: what `mining.trust` measured, put into words.

Between an analysis and whoever shows it. Pages, the terminal and reports say the same sentences; what they name, a
theme or a room, comes apart from the text so that a page can lead there. Nothing is said of what is well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mining.trust import FLEETING, SHIFTING, THIN, WEAK, theme_verdict, verdict

NAMED = 8
"""Themes or rooms that a sentence names; of more it says how many."""
SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True)
class Named:
    """What a sentence names: a theme by its number or a room by its id, with a figure to it where there is one."""

    label: str
    theme: int | None = None
    room: int | None = None
    figure: str = ""


@dataclass(frozen=True)
class Remark:
    """A sentence, which ends in `names` where it has any; `more` are named nowhere."""

    text: str
    names: tuple[Named, ...] = ()
    more: int = 0

    def __str__(self) -> str:
        names = ", ".join(f"{each.label} ({each.figure})" if each.figure else each.label for each in self.names)
        rest = f" and {self.more} more" if self.more else ""
        return f"{self.text}: {names}{rest}." if self.names else f"{self.text}."


@dataclass(frozen=True)
class Standing:
    """A theme as trust sees it; `stability` 0..1, None where it was not measured."""

    number: int
    label: str
    breadth: int
    stability: float | None


@dataclass(frozen=True)
class Footing:
    """What a picture rests on.

    `trust` is as `mining.trust.Trust` is stored, empty where an earlier Harvest made the analysis. `rooms` are
    {group id: (name, seconds of mined talk)} of all that talked; `without` is the share (0..1) of talk in no theme,
    `asides` {why: share} what of it was set aside.
    """

    stability: float | None
    trust: Mapping[str, Any]
    themes: Sequence[Standing]
    rooms: Mapping[int, tuple[str, float]]
    without: float = 0.0
    asides: Mapping[str, float] = field(default_factory=dict)


def remarks(footing: Footing) -> list[Remark]:
    """What there is to say, the whole before its parts; a single sentence where all is well."""
    found = [*_shaky(footing), *_unmeasured(footing), *_without(footing), *_alone(footing), *_rooms(footing)]
    return [_whole(footing, well=not found), *found]


def percent(share: float) -> str:
    """0.194 gives 19 %; what is there but rounds to nothing, under 1 %."""
    return "under 1 %" if 0 < share < 0.005 else f"{share:.0%}".replace("%", " %")


def counted(number: int, one: str = "", many: str = "") -> str:
    """`one theme`, `ten themes`, `13 themes`; without nouns the number alone."""
    word = SMALL[number] if 0 <= number < len(SMALL) else f"{number:,}"
    return f"{word} {one if number == 1 else many or one + 's'}" if one else word


def sentence(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def listed(text: str, names: Sequence[Named]) -> Remark:
    return Remark(text, tuple(names[:NAMED]), max(0, len(names) - NAMED))


def _whole(footing: Footing, well: bool) -> Remark:
    if not footing.themes:
        return Remark("How steady the themes are was not measured, as there are none")
    if footing.stability is None:
        if not footing.trust:
            return Remark(
                "How steady the themes are was not measured, nor whether rooms are thin or transcripts weak: an "
                "earlier Harvest found them, and looking for themes again makes up for it"
            )
        return Remark("How steady the themes are was not measured: so much talk takes too long to look through again")
    runs = counted(int(footing.trust.get("runs") or 0))
    again = f"Looked for {runs} more times, each time without a tenth of the talk"
    agreement = f"agreement {percent(max(footing.stability, 0.0))}, where 0 % would be chance"
    rest = ". Every room talked enough, and no transcript is weak" if well else ""
    return Remark(f"{again}, the themes are {verdict(footing.stability)} ({agreement}){rest}")


def _shaky(footing: Footing) -> list[Remark]:
    found = []
    for said, one, many in (
        (FLEETING, "theme may not come out again", "themes may not come out again"),
        (SHIFTING, "theme may come out with other borders", "themes may come out with other borders"),
    ):
        its = [each for each in footing.themes if theme_verdict(each.stability) == said]
        if its:
            found.append(listed(sentence(counted(len(its), one, many)), _themes(its)))
    return found


def _unmeasured(footing: Footing) -> list[Remark]:
    """Themes that came about by a decision, after everything was measured."""
    its = [each for each in footing.themes if each.stability is None] if footing.stability is not None else []
    if not its:
        return []
    they = "it is" if len(its) == 1 else "they are"
    decided = f"{sentence(counted(len(its), 'theme'))} came from a decision, so how steady {they} was not measured"
    return [listed(decided, _themes(its))]


def _without(footing: Footing) -> list[Remark]:
    if footing.without < 0.005 or not footing.themes:
        return []
    far = footing.without - sum(footing.asides.values())
    names = [Named(reason, figure=percent(share)) for reason, share in footing.asides.items()]
    if far >= 0.005:
        names.insert(0, Named("near none of them", figure=percent(far)))
    return [listed(f"{sentence(percent(footing.without))} of the talk is in no theme", names)]


def _alone(footing: Footing) -> list[Remark]:
    its = [each for each in footing.themes if each.breadth == 1] if len(footing.rooms) > 2 else []
    if not its:
        return []
    are = "is" if len(its) == 1 else "are"
    return [listed(f"{sentence(counted(len(its), 'theme'))} {are} raised by one group only", _themes(its))]


def _rooms(footing: Footing) -> list[Remark]:
    found = []
    thin, weak = _there(footing, "thin"), _there(footing, "weak")
    if thin:
        little = (
            f"Under {THIN / 60:.0f} minutes of talk, which says little of the group, in {counted(len(thin), 'room')}"
        )
        found.append(listed(little, [Named(name, room=id, figure=_length(seconds)) for id, name, seconds in thin]))
    if weak:
        doubted = f"More than {percent(WEAK)} of the words in doubt, so a weak transcript, in"
        found.append(listed(f"{doubted} {counted(len(weak), 'room')}", [Named(n, room=id) for id, n, _ in weak]))
    return found


def _there(footing: Footing, which: str) -> list[tuple[int, str, float]]:
    """Rooms of that sort that said anything; the silent ones and those that are gone are no matter of trust."""
    ids = [id for id in footing.trust.get(which) or () if id in footing.rooms and footing.rooms[id][1] > 0]
    return [(id, *footing.rooms[id]) for id in ids]


def _themes(its: Sequence[Standing]) -> list[Named]:
    return [Named(each.label, theme=each.number) for each in its]


def _length(seconds: float) -> str:
    return f"{round(seconds)} s" if round(seconds) < 60 else f"{seconds / 60:.0f} min"
