"""What became of the themes since they were last looked for, in a few words: a `lineage.Change` as it is read.

Between an analysis and whoever shows it: the words that stand beside a theme, and one sentence for the whole event.
Nothing is said of a first analysis, nor beside a theme that is much the same.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mining.footing import Named, Remark, counted, percent

LATELY = "Since themes were last looked for"


@dataclass(frozen=True)
class Changed:
    """A theme with its change as it is stored (None: it is the first analysis) and its strand."""

    number: int
    label: str
    strand: int | None
    change: Mapping[str, Any] | None


def beside(each: Changed, labels: Mapping[int, str]) -> str | None:
    """Words to stand beside the theme. `labels` are {strand: label}, also of themes that are gone."""
    change = each.change
    if change is None or change["state"] == "continued":
        return None
    others = [labels[strand] for strand in change["strands"] if strand != each.strand and strand in labels]
    match change["state"]:
        case "grew" | "faded":
            return f"{change['state']}{_movement(change)}"
        case "split":
            return f"split from “{others[0]}”" if others else "a part split off"
        case "merged":
            return f"merged with {_quoted(others)}" if others else f"merged from {counted(len(change['strands']))}"
        case state:
            return str(state)


def since(
    themes: Sequence[Changed], ended: Sequence[tuple[int, Sequence[int]]], labels: Mapping[int, str]
) -> Remark | None:
    """One sentence on all themes; None for a first analysis. `ended` are strands that were there before, each with
    those that took half of its talk."""
    states = Counter(each.change["state"] for each in themes if each.change)
    if not states:
        return None
    # What was merged is told by the theme that it was merged into.
    merged = {each.strand for each in themes if each.change and each.change["state"] == "merged"}
    gone = [strand for strand, into in ended if not merged & set(into)]
    parts = [
        _counted(states["new"], "is new", "are new"),
        _counted(states["grew"], "grew", "grew"),
        _counted(states["faded"], "faded", "faded"),
        _counted(states["split"], "was split from a larger one", "were split from larger ones"),
        _counted(states["merged"], "was merged from several", "were merged from several"),
        _counted(states["continued"], "is much the same", "are much the same"),
        _counted(len(gone), "is gone", "are gone"),
    ]
    said = [part for part in parts if part]
    if set(states) == {"continued"} and not gone:
        return Remark(f"{LATELY}, they have stayed much the same")
    text = f"{LATELY}, {' and '.join([', '.join(said[:-1]), said[-1]] if len(said) > 1 else said)}"
    return Remark(text, tuple(Named(labels[strand]) for strand in gone if strand in labels))


def _movement(change: Mapping[str, Any]) -> str:
    """By groups where their number moved the same way, else by share of talk where that did."""
    up = change["state"] == "grew"
    groups = change["breadth"], change["breadth_before"]
    if groups[0] != groups[1] and (groups[0] > groups[1]) is up:
        return f" from {groups[1]} to {groups[0]} {'group' if groups[0] == 1 else 'groups'}"
    share, before = percent(change["share"]), percent(change["share_before"])
    if share != before and (change["share"] > change["share_before"]) is up:
        return f" from {before} to {share} of talk"
    return ""


def _quoted(labels: Sequence[str]) -> str:
    return " and ".join(f"“{label}”" for label in labels)


def _counted(number: int, one: str, many: str) -> str:
    return counted(number, one, many) if number else ""
