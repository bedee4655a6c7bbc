"""Writes the report for the sponsor and the book of proceedings as one HTML file each, which needs nothing beside it:
no script, no picture, no address to load from. Made to be read on a screen and printed on A4 or Letter.

Between the values (`sponsor_report`, `proceedings`) and whoever hands the file out; `report_pdf` makes a PDF of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from mining.catalogue.answering import RIGHT, Verdict
from mining.diagnosis.connectivity import DEFINITION
from mining.diagnosis.diagnosis import Diagnosis
from mining.diagnosis.growth import RULE
from mining.diagnosis.resampling import Estimate
from mining.diagnosis.words import KINDS_NOTE, RANGES, rate_words, share_words
from mining.footing import SMALL, counted, sentence
from mining.footing import percent as in_percent
from mining.privacy.discretion import SharedTheme
from mining.reporting.proceedings import Proceedings
from mining.reporting.sponsor_report import SponsorReport

TEMPLATES = Path(__file__).with_name("templates")
NB = "\u00a0"
KINDS = {
    "challenge": "as a challenge",
    "lesson": "with a lesson",
    "action": "with something somebody will do",
    "question": "with a question",
}


@dataclass(frozen=True)
class ArcRow:
    """A line of the table of figures. `part` is agency, responsiveness or connectivity."""

    part: str
    what: str
    found: str
    rests: str


def sponsor_html(report: SponsorReport, style: str = "", back: str = "") -> str:
    """`style` is the address of `stylesheet()` where a page may not carry styles of its own; without it they are in the
    file. `back` is an address to return to, shown on screens only."""
    diagnosis = report.diagnosis
    return _written(
        "sponsor.html",
        report=report,
        style=style,
        back=back,
        arc=list(_arc(diagnosis)) if diagnosis else [],
        arc_rows=list(_arc_rows(diagnosis)) if diagnosis else [],
        since=diagnosis.responsiveness.since if diagnosis else None,
        right=RIGHT,
        words={"kinds": KINDS_NOTE, "ranges": RANGES, "bridging": DEFINITION, "rule": RULE},
    )


def proceedings_html(report: Proceedings, style: str = "", back: str = "") -> str:
    """As `sponsor_html`."""
    return _written("proceedings.html", report=report, style=style, back=back)


@cache
def stylesheet() -> str:
    return (TEMPLATES / "report.css").read_text("utf-8")


def _written(template: str, **values: Any) -> str:
    text = _environment().get_template(template).render(css=Markup(stylesheet()), **values)  # noqa: S704  ours
    return "\n".join(line for line in text.splitlines() if line.strip()) + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        lstrip_blocks=True,
    )
    environment.filters.update(
        percent=percent,
        share=lambda figure: unbroken(share_words(figure)),
        nb=unbroken,
        none_or=lambda number: number_word(number) if number else "none",
        number_word=number_word,
        grouped=grouped,
        count_words=counted,
        sentence=sentence,
        day=day,
        kinds=kinds_words,
    )
    return environment


def percent(share: float) -> str:
    return unbroken(in_percent(share))


def unbroken(text: str) -> str:
    """A number stays with its unit."""
    return text.replace(" %", f"{NB}%")


def number_word(number: int) -> str:
    return SMALL[number] if 0 <= number < len(SMALL) else grouped(number)


def grouped(number: int) -> str:
    return f"{number:,}"


def day(value: date | None) -> str:
    """`19 March 2026`."""
    return f"{value.day} {value:%B %Y}" if value else ""


def kinds_words(theme: SharedTheme) -> str:
    """In how many groups it is spoken of in which way, as far as that may be told."""
    told = [
        f"{'at least ' if not kind.exactly else ''}{number_word(kind.groups)} {KINDS[kind.kind]}"
        for kind in theme.kinds
        if kind.groups is not None
    ]
    few = number_word(theme.quorum)
    if not told:
        return f"In no one way did {few} groups or more speak of it."
    rest = f"; other ways are those of fewer than {few} groups, or of none" if len(told) < len(theme.kinds) else ""
    listed = " and ".join([*([", ".join(told[:-1])] if told[:-1] else []), told[-1]])
    return f"As groups spoke of it: {listed}{rest}."


def _arc(found: Diagnosis) -> Iterator[tuple[str, Estimate]]:
    """(name, share) of what can be drawn."""
    bridging = found.connectivity.bridging
    for name, figure in (
        ("Agency", found.agency.forward),
        ("Responsiveness", found.responsiveness.share(Verdict.COVERED)),
        ("Connectivity", bridging.value if bridging else None),
    ):
        if figure is not None and figure.value is not None:
            yield name, figure


def _arc_rows(found: Diagnosis) -> Iterator[ArcRow]:
    agency, answered = found.agency, found.responsiveness
    yield ArcRow(
        "Agency",
        "Lesson and action talk, of all that is lesson, action or challenge",
        agency.little or share_words(agency.forward),
        "" if agency.little else f"{agency.passages:,} passages, {agency.seconds / 60:.0f} minutes",
    )
    made = agency.commitments
    if made.found is not None and not made.little:
        yield ArcRow(
            "Agency", "Commitments found in talk", rate_words(made.found_rate), f"{made.found:,} found by a machine"
        )
    what = "Talk on a theme that a module covers, of the talk on all themes in this report"
    if answered.missing or answered.little:
        yield ArcRow("Responsiveness", what, answered.little or "The catalogue was not compared yet.", "")
    else:
        themes = counted(sum(each.themes for each in answered.shares), "theme")
        yield ArcRow("Responsiveness", what, share_words(answered.share(Verdict.COVERED)), f"{themes}; in steps of 5 %")
    yield _connected(found)


def _connected(found: Diagnosis) -> ArcRow:
    what, bridging = "Pairs who share a theme and are from different departments", found.connectivity.bridging
    if bridging is None or bridging.little or bridging.chance is None:
        little = (bridging.little if bridging else found.connectivity.little) or ""
        return ArcRow("Connectivity", what, little or "Where people are from is not known, so it cannot be told.", "")
    by_chance = f"by chance {percent(bridging.chance.mean)}"
    groups = f"{counted(found.connectivity.roster.placed, 'group')}; in steps of 5 %"
    return ArcRow("Connectivity", what, f"{share_words(bridging.value)} ({by_chance})", groups)
