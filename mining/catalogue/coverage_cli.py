"""`harvest coverage`: which themes of an event a module answers, and which none does. Nothing heavy is imported before
the command needs it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from capture.console import Console, show_json
from capture.errors import Refused

if TYPE_CHECKING:
    from mining.catalogue.coverage import Answer, Coverage, ThemeCoverage

SAID = {"covered": "covered", "partly": "partly", "gap": "no module", None: "not known"}


@click.command()
@click.argument("event")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def coverage(console: Console, event: str, as_json: bool) -> None:
    """Compare the themes of EVENT with the catalogue: covered, partly, or no module. What is missing comes first."""
    from mining.settings import MiningSettings

    found = _coverage(console, event, MiningSettings.from_env().embedding_engine)
    if as_json:
        show_json(document(event, found))
        return
    for line in _lines(found):
        click.echo(line)


def _coverage(console: Console, slug: str, engine: str) -> "Coverage":
    """Studies modules that nobody has studied yet with the analysis's model. Raises NotFound, Refused."""
    from capture.events import get_event
    from mining.catalogue.coverage import coverage_of
    from mining.catalogue.module_study import study

    database = console.database()
    with database.reading() as session:
        found = coverage_of(session, get_event(session, slug))
    if found.missing == "analysis":
        raise Refused(f"Themes of {slug} have not been looked for yet. Do it: harvest mine {slug}")
    if found.missing == "modules":
        raise Refused("The catalogue is empty. Bring modules: harvest catalogue import FILE")
    if found.waiting:
        with console.progress("Reading modules") as progress:
            study(database, found.model, engine, progress)
        with database.reading() as session:
            found = coverage_of(session, get_event(session, slug))
    return found


def _lines(found: "Coverage") -> Iterator[str]:
    from mining.catalogue.mindset_balance import Side
    from mining.footing import percent

    width = max((len(theme.label) for theme in found.themes), default=0)
    for theme in found.themes:
        groups = f"{theme.groups}/{found.groups}"
        shown = theme.answers[:2] or theme.near[:2]
        named = "; ".join(f"{each.title} ({each.score:.2f})" for each in shown)
        nearest = f"nearest: {named}" if named and not theme.answers else named
        yield f"{theme.number:>3}  {theme.label:<{width}}  {groups:>6} groups  {SAID[theme.verdict]:<9}  {nearest}"
    if not found.themes:
        yield "There are no themes."
        return
    yield f"Modules cover {percent(found.talk_covered)} of the talk that is in themes."
    if found.unneeded:
        yield f"Nobody spoke of what {len(found.unneeded)} of {found.modules} modules are about: " + "; ".join(
            module.title for module in found.unneeded
        )
    balance = found.balance
    if balance is None:
        return
    if balance.little:
        yield f"Mindsets: {balance.little}"
        return

    def told(side: Side) -> str:
        return f"{side.mindset} {percent(side.talk)} / {percent(side.offered)}"

    yield f"Mindsets, share of talk / of modules: {', '.join(told(side) for side in balance.sides)}."


def document(slug: str, found: "Coverage") -> dict[str, Any]:
    """The JSON document. Scores are cosines, about -0.2 to 0.6; see the thresholds beside them."""
    from mining.catalogue.answering import COVERED, PARTLY

    balance = found.balance
    return {
        "event": slug,
        "model": found.model,
        "thresholds": {"covered": COVERED, "partly": PARTLY},
        "groups": found.groups,
        "modules": found.modules,
        "talk_covered": round(found.talk_covered, 4),
        "themes": [_theme(theme) for theme in found.themes],
        "unneeded": [{"id": module.module_id, "title": module.title} for module in found.unneeded],
        "mindsets": {
            "little": balance.little if balance else None,
            "talk_told": round(balance.told, 4) if balance else 0,
            "sides": [vars(side) for side in balance.sides] if balance else [],
        },
    }


def _theme(theme: "ThemeCoverage") -> dict[str, Any]:
    return {
        "theme": theme.number,
        "label": theme.label,
        "verdict": theme.verdict,
        "score": theme.score,
        "groups": theme.groups,
        "depth": theme.depth,
        "groups_without_answer": theme.open,
        "mindset": theme.mindset,
        "passages": list(theme.passages),
        "modules": [_answer(each) for each in (*theme.answers, *theme.near)],
    }


def _answer(each: "Answer") -> dict[str, Any]:
    return {
        "id": each.module_id,
        "title": each.title,
        "score": each.score,
        "verdict": each.verdict,
        "passages": list(each.passages),
        "says": each.says,
    }
