"""Tables of figures for tests of participation against performance, written as a spreadsheet would."""

from collections.abc import Sequence

from mining.participation.participation import Panel, read_panel

NAMES = ("Ash", "Beech", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Holly", "Ivy", "Juniper", "Larch", "Maple")
HEAD = "unit,period,headcount,participants,score"


def table(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *lines]).encode()


def panel_of(*lines: str, head: str = HEAD, lower: Sequence[str] = ()) -> Panel:
    return read_panel(table(*lines, head=head), "figures.csv", lower)


def units(
    participants: Sequence[int], scores: Sequence[object], period: str = "2024", headcount: int = 40
) -> list[str]:
    """A line for each unit of one period."""
    rows = zip(NAMES, participants, scores, strict=False)
    return [f"{name},{period},{headcount},{count},{score}" for name, count, score in rows]
