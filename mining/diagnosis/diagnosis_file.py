"""The diagnosis as data: one JSON document, and a table with a line for each figure. What `harvest diagnose` prints and
writes, and what its page gives along.

Sponsors get `shared_document`, made of what their page is made of, with figures no finer than it shows them, and names
of departments only where it shows the table of them.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from capture.spreadsheets import as_table
from mining.catalogue.answering import Verdict
from mining.catalogue.coverage import Coverage
from mining.diagnosis.agency import Agency
from mining.diagnosis.connectivity import Connectivity
from mining.diagnosis.diagnosis import Diagnosis
from mining.diagnosis.discreet_diagnosis import SharedDiagnosis
from mining.diagnosis.resampling import DRAWS, LEVEL, Estimate
from mining.diagnosis.responsiveness import Responsiveness
from mining.diagnosis.words import VERDICTS, rate_words, share_words, since_words
from mining.footing import sentence

HEAD = ("part", "figure", "unit", "value", "low", "high", "counts", "sentence")
SHARE, HOURLY, NUMBER = "share, 0 to 1", "an hour of talk", "number"
FINE, ROUGH = 4, 2
"""Digits of a share for staff, and for sponsors, whose page shows whole percents."""
ROUGH_RATE = 1
MINUTE = 60


@dataclass(frozen=True)
class Figure:
    """A line of the table. `counts` is what it rests on, in words."""

    part: str
    name: str
    unit: str
    figure: Estimate | None
    counts: str
    sentence: str


def diagnosis_document(found: Diagnosis) -> dict[str, Any]:
    """Everything, for staff: counts and ranges; shares 0..1, lengths in seconds."""
    return _document(found, FINE)


def shared_document(shared: SharedDiagnosis) -> dict[str, Any] | None:
    """As `diagnosis_document`, for sponsors: null is what they are not told, lengths are whole minutes. None where
    there is nothing that may be told."""
    if shared.diagnosis is None:
        return None
    document = _in_minutes(_document(shared.diagnosis, ROUGH))
    made, answers, reach = document["agency"]["commitments"], document["responsiveness"], document["connectivity"]
    _not_told(document["agency"], "passages", "seconds", only_nothing=True)
    _not_told(made, "groups", "confirmed_groups")
    for name in ("found_rate", "confirmed_rate"):
        rate = getattr(shared.diagnosis.agency.commitments, name)
        made[name] = plain(asdict(rate), ROUGH_RATE) if rate else None
    _not_told(answers, "seconds")
    for each in answers["shares"]:
        _not_told(each, "seconds")
    for each in answers["since"]["closed"]:
        _not_told(each, "groups")
        _not_told(each["still"] or {}, "breadth", "groups", "depth")
    _not_told(reach, "shared", "seconds", "themes", "crossing", "table")
    _not_told(reach["roster"], "sizes", *(() if shared.table else ("departments",)))
    _not_told(reach["bridging"] or {}, "ties")
    _not_told(document, "by_group")
    return {"quorum": shared.quorum, **document, "departments": _departments(shared, shared.diagnosis)}


def diagnosis_table(found: Diagnosis) -> str:
    """CSV of the figures, for staff."""
    return _table(found, FINE)


def shared_table(shared: SharedDiagnosis) -> str | None:
    """CSV of the figures, for sponsors. None where there is nothing that may be told."""
    return _table(shared.diagnosis, ROUGH) if shared.diagnosis else None


def figures(found: Diagnosis) -> Iterator[Figure]:
    """In the order of the page."""
    yield from _agency(found.agency)
    yield from _responsiveness(found.responsiveness)
    yield from _connectivity(found.connectivity)
    yield Figure("what comes next", found.growth.next or "not known", "", None, "", found.growth.why)


def plain(value: Any, digits: int = FINE) -> Any:
    """As JSON: days as text, figures without false precision."""
    if isinstance(value, dict):
        return {key: plain(each, digits) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each, digits) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return round(value, digits) if isinstance(value, float) else value


def _document(found: Diagnosis, digits: int) -> dict[str, Any]:
    slim = replace(found, responsiveness=replace(found.responsiveness, coverage=Coverage()))
    document = plain(asdict(slim), digits)
    del document["responsiveness"]["coverage"]
    return {"ranges": {"level": LEVEL, "draws": DRAWS, "over": "groups"}, **document}


def _in_minutes(value: Any) -> Any:
    if isinstance(value, list):
        return [_in_minutes(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: MINUTE * round(each / MINUTE) if key == "seconds" and each else _in_minutes(each)
        for key, each in value.items()
    }


def _not_told(document: dict[str, Any], *names: str, only_nothing: bool = False) -> None:
    """What stands in the discreet form for want of a figure (0, or nothing) would be read as one."""
    for name in names:
        if name in document and not (only_nothing and document[name]):
            document[name] = None


def _departments(shared: SharedDiagnosis, found: Diagnosis) -> list[dict[str, Any]]:
    """As the page shows it: whether a number is a least number is said of none that is hidden."""
    names = found.connectivity.roster.departments
    return [
        {
            "number": each.number,
            "label": each.label,
            "groups": {
                name: None if cell is None else {"groups": cell, "exactly": exactly}
                for name, cell, exactly in zip(names, each.cells, each.exactly, strict=True)
            },
        }
        for each in shared.table
    ]


def _table(found: Diagnosis, digits: int) -> str:
    rows = []
    for each in figures(found):
        own = each.figure or Estimate()
        finest = ROUGH_RATE if each.unit == HOURLY and digits == ROUGH else digits
        numbers = [None if x is None else round(x, finest) for x in (own.value, own.low, own.high)]
        if each.unit == NUMBER and own.value is not None:
            numbers[0] = int(own.value)
        rows.append((each.part, each.name, each.unit, *numbers, each.counts, each.sentence))
    return as_table(HEAD, rows)


def _share(part: str, name: str, figure: Estimate | None, counts: str, little: str | None = None) -> Figure:
    told = little if little and (figure is None or figure.value is None) else f"{share_words(figure)}."
    return Figure(part, name, SHARE, figure, counts, f"{sentence(name)}: {told}")


def _agency(found: Agency) -> Iterator[Figure]:
    part, made, told = "agency", found.commitments, found.proposals
    yield _share(
        part,
        "lesson and action talk, of that and challenge talk",
        found.forward,
        _counts(_many(found.passages, "passage") if found.passages else "", found.seconds),
        found.little,
    )
    for each in found.kinds:
        name = "talk of another kind" if each.kind == "other" else f"talk that is {_article(each.kind)}"
        yield _share(part, name, each.share, _counts(_many(each.passages, "passage"), each.seconds))
    where = f" in {_many(made.groups, 'group')}" if made.groups else ""
    for name, number, rate, more in (
        ("commitments found in talk", made.found, made.found_rate, where),
        ("commitments confirmed by people", made.confirmed, made.confirmed_rate, _done(made.done, made.written)),
    ):
        counts = NOT_SHOWN if number is None else f"{_many(number, 'commitment')}{more}"
        said = f"{NOT_SHOWN}." if number is None else made.little or f"{rate_words(rate)}."
        yield Figure(part, name, HOURLY, rate, counts, f"{sentence(name)}: {said}")
    people = NOT_SHOWN if told.made is None else f"by {_many(told.people or 0, 'person', 'people')}"
    invited = f"; {_many(told.invited, 'alumnus', 'alumni')} invited" if told.invited is not None else ""
    said = f"{NOT_SHOWN}." if told.made is None else f"{told.made}, {people}{invited}."
    yield Figure(part, "proposals made", NUMBER, Estimate(told.made), f"{people}{invited}", f"Proposals made: {said}")


NOT_SHOWN = "too few to be shown"


def _responsiveness(found: Responsiveness) -> Iterator[Figure]:
    part = "responsiveness"
    for verdict in (Verdict.COVERED, Verdict.PARTLY, Verdict.GAP):
        each = next((share for share in found.shares if share.verdict == verdict), None)
        counts = _counts(_many(each.themes, "theme"), each.seconds) if each else ""
        missing = NOT_COMPARED if found.missing else found.little
        yield _share(part, f"talk in themes, {VERDICTS[verdict]}", each.share if each else None, counts, missing)
    since = found.since
    if since.before is not None:
        closed = None if since.unknown else Estimate(float(len(since.closed)))
        counts = "" if since.unknown else f"of {_many(since.gaps, 'theme')} without a module then"
        yield Figure(part, f"gaps closed since {since.before.title}", NUMBER, closed, counts, since_words(since))


NOT_COMPARED = "Not compared with the catalogue."


def _connectivity(found: Connectivity) -> Iterator[Figure]:
    part, reach = "connectivity", found.bridging
    if found.shared is not None or found.little:
        counts = f"{found.crossing} of {_many(found.themes, 'theme')}" if found.themes else ""
        name = "talk in themes, on one that two groups or more raise"
        yield _share(part, name, found.shared, _counts(counts, found.seconds), found.little)
    if reach is None:
        return
    ties = f"{_many(reach.ties, 'time')} two of " if reach.ties else ""
    counts = f"{ties}{_many(reach.groups, 'group')}{' share a theme' if ties else ''}"
    yield _share(part, "reach across departments", reach.value, counts, reach.little)
    if reach.chance is not None:
        chance = Estimate(reach.chance.mean, reach.chance.low, reach.chance.high)
        yield _share(part, "reach across departments as chance would have it", chance, f"{DRAWS:,} deals")


def _counts(what: str, seconds: float) -> str:
    """`61 passages, 34 minutes`; no length where it is not told."""
    length = _many(round(seconds / MINUTE), "minute") if seconds else ""
    return ", ".join(each for each in (what, length) if each)


def _many(number: int, one: str, many: str = "") -> str:
    """`6 groups`: numerals, since it stands in a table."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _done(done: int | None, written: int | None) -> str:
    said = [f"{done} of them done" if done else "", f"{written} more written by hand" if written else ""]
    return "".join(f", {each}" for each in said if each)


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
