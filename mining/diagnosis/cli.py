"""`harvest diagnose` and `harvest compare`: the diagnosis of an event, and events of a programme side by side, in
sentences with their figures. Nothing heavy is imported before a command needs it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capture.console import Console
from capture.errors import Refused

if TYPE_CHECKING:
    from mining.diagnosis.comparison import Comparison
    from mining.diagnosis.diagnosis import Diagnosis
    from mining.diagnosis.theme_lines import Line

OUTPUT = click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the figures: .csv or .json.")


@click.command()
@click.argument("event")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@OUTPUT
@click.pass_obj
def diagnose(console: Console, event: str, as_json: bool, output: Path | None) -> None:
    """Diagnose EVENT: agency, responsiveness, connectivity, each with counts and ranges, and what comes next."""
    from capture.spreadsheets import give
    from mining.diagnosis.diagnosis_file import diagnosis_document, diagnosis_table

    found = _diagnosis(console, event)
    give(diagnosis_document(found), diagnosis_table(found), _lines(found), output, as_json)


@click.command()
@click.argument("events", nargs=-1, required=True, metavar="EVENT...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@OUTPUT
@click.pass_obj
def compare(console: Console, events: tuple[str, ...], as_json: bool, output: Path | None) -> None:
    """Set events of a programme side by side: themes that are new, grew, faded or went, and ARC over time.

    \b
    harvest compare spring           every mined event of its programme
    harvest compare spring autumn    these two only
    """
    from capture.spreadsheets import give
    from mining.diagnosis.comparison_file import comparison_document, comparison_table

    found = _comparison(console, events)
    give(comparison_document(found), comparison_table(found), _compared(found), output, as_json)


def _diagnosis(console: Console, slug: str) -> "Diagnosis":
    """Raises NotFound, Refused."""
    from capture.events import get_event
    from mining.diagnosis.diagnosis import diagnosis_of
    from mining.next_steps.step_finding import find_commitments

    with console.database().writing() as session:
        event = get_event(session, slug)
        find_commitments(session, event)
        found = diagnosis_of(session, event)
    if found is None:
        raise Refused(f"Themes of {slug} have not been looked for yet. Do it: harvest mine {slug}")
    return found


def _comparison(console: Console, slugs: tuple[str, ...]) -> "Comparison":
    from capture.events import get_event
    from mining.diagnosis.comparison import LEAST_EVENTS, comparison_of

    with console.database().reading() as session:
        found = comparison_of(session, get_event(session, slugs[0]), slugs if len(slugs) > 1 else ())
    if len(found.arcs) < LEAST_EVENTS:
        title = found.arcs[0].event.title if found.arcs else slugs[0]
        raise Refused(
            f"It takes two mined events of one programme to compare; there is only {title}. Events of a programme are "
            "made with: harvest events create SLUG --title TITLE --programme NAME"
        )
    return found


def _lines(found: "Diagnosis") -> Iterator[str]:
    from mining.diagnosis.growth import RULE
    from mining.diagnosis.words import NAMED, RANGES, sentences

    yield (
        f"{found.event.title}: {found.groups} groups talked, {found.passages:,} passages, "
        f"{found.seconds / 60:.0f} minutes."
    )
    yield RANGES
    for section, said in sentences(found):
        yield ""
        yield NAMED[section]
        for line in said:
            yield f"  {line.replace(' EVENT', f' {found.event.slug}')}"
    yield f"  The rule: {' '.join(RULE)}"


def _compared(found: "Comparison") -> Iterator[str]:
    from mining.diagnosis.words import share_words

    yield "Events: " + "; ".join(f"{each.title} ({each.day})" for each in found.events) + "."
    for each, why in found.apart:
        yield f"Not compared by theme: {each.title} {why}."
    for each in found.waiting:
        yield f"Not mined yet: {each.title}. Do it: harvest mine {each.slug}"
    state = ""
    for line in found.lines:
        if line.state != state:
            state = line.state
            yield f"\n{state.capitalize()}"
        yield f"  {_told(line)}"
    for title in found.unknown:
        yield f"What was answered after {title} is not known of every theme: modules were brought here later."
    if found.unknown:
        yield found.remedy
    yield ""
    for arc in found.arcs:
        yield (
            f"{arc.event.title}: agency {share_words(arc.agency)}; responsiveness {share_words(arc.responsiveness)}; "
            f"connectivity {share_words(arc.connectivity)}."
        )


def _told(line: "Line") -> str:
    from mining.footing import percent

    points = (
        f"{point.breadth}/{point.groups} groups, {percent(point.share.value or 0.0)} of talk" if point else "–"
        for point in line.points
    )
    chance = " (may well be chance)" if line.chance else ""
    answered = "".join(
        " Answered by " + ", ".join(f"“{module.title}” ({module.day})" for module in each.modules) + "."
        for each in line.answered
    )
    called = f" (before perhaps “{line.called}”)" if line.called and line.called != line.label else ""
    return f"{line.label}{called}{chance}: {' → '.join(points)}.{answered}"
