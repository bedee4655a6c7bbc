"""What comes next for a programme: it grows outwards first (agency, responsiveness), then up (connectivity).

The rule is short enough to stand on the page (RULE), and says nothing where the figures do not. It joins the three
parts of the diagnosis; whoever shows it shows their ranges as well.
"""

from dataclasses import dataclass

from mining.catalogue.answering import Verdict
from mining.diagnosis.agency import Agency
from mining.diagnosis.connectivity import Connectivity
from mining.diagnosis.resampling import Estimate
from mining.diagnosis.responsiveness import Responsiveness

LINE = 0.5
"""Above it the better half of the talk: drawn by hand, not learned from programmes that went well."""
RULE = (
    "Agency is there when more than half of the talk that is a challenge, a lesson or an action is lesson or action; "
    "responsiveness when more than half of the talk in themes is on one that a module covers. In both, the whole range "
    "must lie beyond a half: above it, the part is there; below it, it is missing; across it, the figures do not say.",
    "What is missing of these two comes next; of two that are missing, the one further below a half.",
    "Where both are there, connectivity comes next, since it pays only on that foundation.",
    "In every other case this page does not say what comes next.",
)


@dataclass(frozen=True)
class Growth:
    """`next` is agency, responsiveness, connectivity, or None where the figures do not say; `why` is a sentence or two.
    `agency` and `responsiveness` are there, missing or open; None without data."""

    next: str | None
    why: str
    agency: str | None
    responsiveness: str | None


def standing(figure: Estimate | None) -> str | None:
    """there, missing or open, by where the range lies; None without one."""
    if figure is None or figure.low is None or figure.high is None:
        return None
    return "there" if figure.low > LINE else "missing" if figure.high < LINE else "open"


def growth_of(agency: Agency, responsiveness: Responsiveness, connectivity: Connectivity) -> Growth:
    figures = {"agency": agency.forward, "responsiveness": responsiveness.share(Verdict.COVERED)}
    stands = {name: standing(figure) for name, figure in figures.items()}
    chosen, why = _next(figures, stands, connectivity)
    return Growth(chosen, why, stands["agency"], stands["responsiveness"])


def _next(
    figures: dict[str, Estimate | None], stands: dict[str, str | None], connectivity: Connectivity
) -> tuple[str | None, str]:
    missing = [name for name in figures if stands[name] == "missing"]
    if missing:
        chosen = min(missing, key=lambda name: _value(figures[name]))
        other = next(name for name in figures if name != chosen)
        beside = {
            "there": f"{other.capitalize()} is there",
            "missing": f"{other.capitalize()} is missing as well, by less",
            "open": f"Of {other} the figures do not say whether it is there",
            None: f"Of {other} there is too little data",
        }[stands[other]]
        return chosen, f"{chosen.capitalize()} is missing: {_told(figures[chosen])}. {beside}. {OUTWARDS}"
    if all(stands[name] == "there" for name in figures):
        return "connectivity", f"Agency and responsiveness are there. {_connected(connectivity)}"
    unclear = [name for name in figures if stands[name] != "there"]
    told = "; ".join(
        f"{name}: {_told(figures[name])}" if stands[name] else f"{name}: too little data" for name in unclear
    )
    return None, f"The figures do not say what comes next ({told}). More rooms, or another event, would."


OUTWARDS = "A programme grows outwards before it grows up, so connectivity waits."


def _value(figure: Estimate | None) -> float:
    return figure.value if figure and figure.value is not None else 1.0


def _told(figure: Estimate | None) -> str:
    if figure is None or figure.value is None or figure.low is None or figure.high is None:
        return "too little data"
    return f"{figure.value:.0%}, between {figure.low:.0%} and {figure.high:.0%}".replace("%", " %")


def _connected(connectivity: Connectivity) -> str:
    bridging = connectivity.bridging
    if bridging is None or bridging.verdict is None:
        return "How far themes reach across departments cannot be told yet: that is the next thing to learn."
    return {
        "less": "Themes stay within departments more than chance would have it: bring those together who share one.",
        "like": "Themes cross departments as often as chance would have it: peer groups can build on what is shared.",
        "more": "Themes cross departments more often than chance would have it: peer groups can build on that.",
    }[bridging.verdict]
