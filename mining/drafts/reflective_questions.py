"""Questions for the pages of a guide, from a bank written by hand: by what the page is about, and by mindset.

For `draft_writer`. No question is asked twice in one guide, and neighbouring pages do not begin alike.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mining.drafts.lines import MINDSETS

BANK = Path(__file__).with_suffix(".toml")
SAID = "Somebody"
"""How half of the questions begin; the others begin with the statement itself."""


@dataclass(frozen=True)
class Stem:
    """A question with `{0}` (and `{1}`) where statements go. `mindset` and `kind` (of the statement) are what it is
    best for; None where it is for any."""

    role: str
    text: str
    mindset: str | None = None
    kind: str | None = None


@cache
def stems() -> tuple[Stem, ...]:
    """The whole bank, in its order."""
    bank = tomllib.loads(BANK.read_text("utf-8"))
    return tuple(Stem(role, **each) for role, its in bank.items() for each in its)


def question_for(role: str, used: Sequence[str], mindset: str | None = None, kind: str | None = None) -> Stem:
    """The best question that is not in `used` (texts, in the order of the pages): of the guide's mindset first, and one
    that begins differently from the page before. Raises KeyError for a role the bank does not know."""
    fit = [stem for stem in stems() if stem.role == role]
    if not fit:
        raise KeyError(role)
    fresh = [stem for stem in fit if stem.text not in used] or fit
    told = bool(used) and used[-1].startswith(SAID)

    def rank(stem: Stem) -> tuple[bool, bool, bool]:
        own = mindset in MINDSETS and stem.mindset == mindset
        foreign = stem.kind is not None and stem.kind != kind
        return foreign, bool(used) and stem.text.startswith(SAID) == told, not own

    return min(fresh, key=rank)  # the first of equals
