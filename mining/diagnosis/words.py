"""The diagnosis in plain sentences: what each figure counts, its range, and what it cannot show. The terminal prints
them, pages stand them beside their charts.
"""

from collections.abc import Iterator

from mining.catalogue.answering import Verdict
from mining.diagnosis.agency import Agency
from mining.diagnosis.connectivity import DEFINITION, Bridging, Connectivity
from mining.diagnosis.diagnosis import Diagnosis
from mining.diagnosis.resampling import DRAWS, LEVEL, Estimate
from mining.diagnosis.responsiveness import Responsiveness, SinceBefore
from mining.footing import counted, percent, sentence

RANGES = (
    f"Ranges hold {percent(LEVEL)} of {DRAWS:,} draws of the groups, with replacement: how far a figure would lie "
    "elsewhere had other groups of the same sort come."
)
KINDS_NOTE = (
    "Kinds of talk are told by a machine: four in five of labelled passages were told right, two in three in whole "
    "conversations; action most surely, nine in ten. That error is not in the range."
)
TODAY = "By today’s catalogue, whatever was on offer then."
NAMED = {
    "agency": "Agency",
    "responsiveness": "Responsiveness",
    "connectivity": "Connectivity",
    "next": "What comes next",
}
MISSING = {
    "modules": "The catalogue is empty: there is nothing to compare with. Bring modules: harvest catalogue import FILE",
    "study": "What the modules are about was not learned yet with the model of these themes: harvest coverage EVENT",
}
NO_ROSTER = {
    "roster": "It is not known where people are from. Bring a roster: harvest roster import EVENT FILE",
    "departments": "The roster says of nobody which department they are from. Add the column “department” and bring it "
    "again: harvest roster import EVENT FILE",
    "groups": "The roster says of nobody in which group they sat. Add the column “groups attended” and bring it again: "
    "harvest roster import EVENT FILE",
}
CHANCE = {
    "less": "less than chance would have it: themes stay within departments",
    "more": "more than chance would have it: themes cross departments",
    "like": "as chance would have it: what people talk about has little to do with their department",
}
VERDICTS = {
    Verdict.COVERED: "on a theme that a module covers",
    Verdict.PARTLY: "on one that a module touches, perhaps",
    Verdict.GAP: "on one without a module",
}


def share_words(figure: Estimate | None) -> str:
    """`54 %, between 46 % and 62 %`; what is missing is said."""
    if figure is None or figure.value is None:
        return "too little data"
    if figure.low is None or figure.high is None:
        return f"{percent(figure.value)} ({_small(figure.little)})" if figure.little else percent(figure.value)
    return f"{percent(figure.value)}, between {percent(figure.low)} and {percent(figure.high)}"


def rate_words(figure: Estimate | None, unit: str = "an hour") -> str:
    """`6.4 an hour, between 3.1 and 9.9`."""
    if figure is None or figure.value is None:
        return "too little data"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.1f} {unit}" + (f" ({_small(figure.little)})" if figure.little else "")
    return f"{figure.value:.1f} {unit}, between {figure.low:.1f} and {figure.high:.1f}"


def sentences(found: Diagnosis) -> Iterator[tuple[str, list[str]]]:
    """(name of the section, its sentences), in the order of the page."""
    yield "agency", [*agency_words(found.agency), KINDS_NOTE]
    yield "responsiveness", [*responsiveness_words(found.responsiveness)]
    yield "connectivity", [*connectivity_words(found.connectivity)]
    yield "next", [found.growth.why]


def agency_words(found: Agency) -> Iterator[str]:
    if found.little:
        yield found.little
    else:
        yield (
            f"Lesson and action talk is {share_words(found.forward)}, of the {found.seconds / 60:.0f} minutes in "
            f"{found.passages:,} passages that are lesson, action or challenge."
        )
    made = found.commitments
    if made.little:
        yield made.little
    if made.found is not None:
        yield (
            f"{_many(made.found, 'commitment')} found in talk{_in_groups(made.groups)}"
            f"{f': {rate_words(made.found_rate)}' if made.found_rate else ''}."
            f"{_confirmed(made.confirmed, made.found)}"
        )
        if made.confirmed:
            yield f"Confirmed: {rate_words(made.confirmed_rate)}."
    told = found.proposals
    invited = f"{counted(told.invited, 'alumnus', 'alumni')} invited" if told.invited else "no alumni were invited yet"
    if told.made:
        yield f"{_many(told.made, 'proposal')} made, by {counted(told.people or 0, 'person', 'people')}; {invited}."
    elif told.made is not None:
        yield f"No proposals were made; {invited}."


def responsiveness_words(found: Responsiveness) -> Iterator[str]:
    if found.missing:
        yield MISSING.get(found.missing, "Nothing could be compared.")
        return
    if found.little:
        yield found.little
    else:
        told = "; ".join(
            f"{share_words(each.share)} {VERDICTS[each.verdict]} ({counted(each.themes, 'theme')})"
            for each in found.shares
            if each.themes
        )
        yield f"Of {found.seconds / 60:.0f} minutes of talk in themes: {told}. {TODAY}"
    if found.waiting:
        yield f"{_many(found.waiting, 'module')} not compared yet: harvest coverage EVENT"
    yield since_words(found.since)


def since_words(since: SinceBefore) -> str:
    if since.before is None:
        return "No earlier event of the programme was mined, so closed gaps cannot be told."
    if since.unknown:
        return f"Gaps closed since {since.before.title}: {since.unknown} {since.remedy}".rstrip()
    closed = "; ".join(
        f"{each.label} by " + ", ".join(f"“{module.title}” ({module.day})" for module in each.modules)
        for each in since.closed
    )
    gaps = counted(since.gaps, "theme")
    told = f"{len(since.closed)} of {gaps} that no module covered then have one now"
    whole = f"Since {since.before.title}: {told}{': ' + closed if closed else ''}."
    return " ".join(part for part in (whole, since.doubt, since.remedy) if part)


def connectivity_words(found: Connectivity) -> Iterator[str]:
    if found.little:
        yield found.little
    elif found.shared is not None:
        yield (
            f"{_many(found.crossing)} of {counted(found.themes, 'theme')} are raised by two groups or more, with "
            f"{share_words(found.shared)} of the {found.seconds / 60:.0f} minutes of talk in themes."
        )
    if found.roster.missing:
        yield NO_ROSTER[found.roster.missing]
    elif found.bridging is not None:
        yield bridging_words(found.bridging)
    for each in found.locked:
        yield f"Locked in {each.locked}: {each.label}, which {counted(each.breadth, 'group')} raise, all of it."


def bridging_words(found: Bridging) -> str:
    if found.little or found.chance is None:
        return f"Reach across departments: {found.little}"
    chance = found.chance
    return (
        f"{DEFINITION} {share_words(found.value)}, over {found.ties:,} such pairs of {found.groups} groups. With rooms "
        f"dealt out by chance it is {percent(chance.mean)}, between {percent(chance.low)} and {percent(chance.high)}; "
        f"{percent(chance.as_low)} of {DRAWS:,} deals are as low or lower, so themes are shared across departments "
        f"{CHANCE[found.verdict or 'like']}."
    )


def _confirmed(confirmed: int | None, found: int) -> str:
    if confirmed is None or not found:
        return ""
    return " None is confirmed by people yet." if not confirmed else f" {confirmed} of {found} are confirmed by people."


def _many(number: int, one: str = "") -> str:
    return sentence(counted(number, one))


def _in_groups(groups: int) -> str:
    return f", in {counted(groups, 'group')}" if groups else ""


def _small(text: str | None) -> str:
    return (text or "").rstrip(".")[:1].lower() + (text or "").rstrip(".")[1:]
