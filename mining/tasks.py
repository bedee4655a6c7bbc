"""The job of this package: mining one event, started by a command or a page and carried out by any worker."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from capture.models import Event
from mining.next_steps.step_finding import find_commitments
from mining.pipeline import mine
from mining.settings import MiningSettings
from mining.sweeping import sweep_texts

if TYPE_CHECKING:
    from capture.jobs import JobRun


def mine_handler(settings: MiningSettings) -> "Callable[[JobRun], str]":
    """The handler of the route `mine`; a job's `options` may give `seed`, `clusterer` and `embedder`."""

    def handle(run: "JobRun") -> str:
        return mine_job(run, settings)

    return handle


def mine_job(run: "JobRun", settings: MiningSettings) -> str:
    """Mines the event of the job, looks for next steps, and returns what came out, in words.

    Nothing is stored once the lease is lost.
    """
    if embedder := run.options.get("embedder"):
        settings = replace(settings, embedder=str(embedder))
    result = mine(
        run.database,
        run.event_id,
        settings,
        seed=run.options.get("seed"),
        clusterer=run.options.get("clusterer"),
        progress=run.progress,
        store=run.fence,
    )
    _look_for_steps(run)
    with run.database.writing() as session:
        run.fence(session)
        sweep_texts(session)
    return outcome(result.themes, result.passages, result.unchanged)


def _look_for_steps(run: "JobRun") -> None:
    """What people said they would do is found along with the themes: reports tell of it, whoever opens one first."""
    with run.database.writing() as session:
        run.fence(session)
        event = session.get(Event, run.event_id)
        if event is not None:
            find_commitments(session, event)


def outcome(themes: int, passages: int, unchanged: bool) -> str:
    """One sentence: how many themes in how much talk."""
    found = "No themes" if not themes else "1 theme" if themes == 1 else f"{themes} themes"
    said = "1 passage" if passages == 1 else f"{passages:,} passages"
    return f"{found} in {said}." + (" Nothing has changed since it was last mined." if unchanged else "")
