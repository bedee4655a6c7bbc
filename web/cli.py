"""The `harvest` command: mounts what capture and mining offer, adds demo, serve, worker and doctor.

Nothing heavy is imported before a command needs it, so that `harvest --help` answers at once.
"""

import sys
from typing import TYPE_CHECKING

import click

import capture.cli
import capture.consent_cli
import capture.roster_cli
import mining.catalogue.cli
import mining.catalogue.coverage_cli
import mining.cli
import mining.curating.cli
import mining.diagnosis.cli
import mining.drafts.cli
import mining.next_steps.cli
import mining.participation.cli
import mining.peers.cli
import mining.proposals.cli
import mining.reporting.cli
import web.people_cli
from capture.console import Console
from capture.errors import HarvestError
from capture.settings import CaptureSettings

if TYPE_CHECKING:
    from capture.database import Database


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--data", metavar="DIR", help="Where everything is kept; also HARVEST_DATA. Default: the platform's folder."
)
@click.version_option(package_name="openspace-harvest", prog_name="harvest")
@click.pass_context
def harvest(ctx: click.Context, data: str | None) -> None:
    """Listen to every breakout room of an open space, and see which themes live across the groups.

    \b
    harvest demo                                 try it on the sample event
    harvest events create spring --title Spring  your own: make an event,
    harvest add spring recordings/               bring its files,
    harvest transcribe spring                    turn speech into text,
    harvest mine spring                          find the themes,
    harvest serve                                and look at them
    """
    settings = CaptureSettings.from_env(data=data) if data else CaptureSettings.from_env()
    ctx.obj = Console(settings, _migrate)


def _migrate(database: "Database") -> None:
    from mining.schema import migrate

    migrate(database)


@harvest.command()
@click.option("--no-serve", is_flag=True, help="End after printing the themes and how to export them.")
@click.option("--port", default=8765, show_default=True, help="Port of the viewer on this machine.")
@click.pass_obj
def demo(console: Console, no_serve: bool, port: int) -> None:
    """The whole main job on the sample event: transcribe, find themes, open the viewer. Needs no network."""
    from web.demo import run_demo

    run_demo(console)
    if not no_serve:
        from web.serve import serve_here

        serve_here(console, "127.0.0.1", port, False)


@harvest.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8765, show_default=True, help="Port to listen on.")
@click.option("--open-to-network", is_flag=True, help="Allow an address other machines can reach.")
@click.pass_obj
def serve(console: Console, host: str, port: int, open_to_network: bool) -> None:
    """Viewer and background worker together. Prints the address and a link to sign in with, once."""
    from web.serve import serve_here

    serve_here(console, host, port, open_to_network)


@harvest.command()
@click.option("--queue", type=click.Choice(["transcribe", "mine"]), help="Take only this kind of work.")
@click.option("--until-stdin-closes", is_flag=True, hidden=True)
@click.pass_obj
def worker(console: Console, queue: str | None, until_stdin_closes: bool) -> None:
    """A worker alone, for further machines; `serve` already has one. Stop it at any time: nothing finished is lost."""
    from capture.carrier import ROUTES
    from capture.huey_carrier import HueyCarrier
    from web.serve import handlers, stop_when_stdin_closes

    if until_stdin_closes:
        stop_when_stdin_closes()
    database = console.database()
    routes = (queue,) if queue else ROUTES
    click.echo(f"Worker for {' and '.join(routes)} on {console.capture.data_dir}. Stop it with Ctrl-C.")
    HueyCarrier(console.capture).work(database, handlers(console.capture), routes)


@harvest.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.pass_obj
def doctor(console: Console, as_json: bool) -> None:
    """What is usable here, models, engines, codecs, database and queue, and how to get what is missing."""
    from web.doctor import examine, report

    findings = examine(console)
    report(findings, as_json)
    if any(not finding.usable and finding.needed for finding in findings):
        raise SystemExit(1)


for command in (
    capture.cli.events,
    capture.cli.add,
    capture.cli.transcribe,
    capture.consent_cli.consent,
    mining.cli.mine,
    mining.cli.themes,
    mining.cli.export,
    mining.curating.cli.curate,
    web.people_cli.invite,
    web.people_cli.people,
    mining.drafts.cli.drafts,
    mining.next_steps.cli.next_steps,
    mining.catalogue.cli.catalogue,
    mining.catalogue.coverage_cli.coverage,
    mining.diagnosis.cli.diagnose,
    mining.diagnosis.cli.compare,
    capture.roster_cli.roster,
    mining.peers.cli.peer_groups,
    mining.peers.cli.match,
    mining.participation.cli.kpi,
    mining.proposals.cli.proposals,
    mining.reporting.cli.report,
):
    harvest.add_command(command)


def main() -> None:
    """Errors become one or two lines on stderr: 1 when the work failed, 2 (click's own) when asked wrongly."""
    try:
        harvest(prog_name="harvest")
    except HarvestError as error:
        _end(str(error))
    except Exception as error:
        # The database may fail under any command (disk full, server gone). SQLAlchemy is asked only if it was loaded.
        database = sys.modules.get("sqlalchemy.exc")
        if database is None or not isinstance(error, database.OperationalError):
            raise
        _end(f"The database failed ({str(error.orig)}). Check the disk and --data; nothing half done was stored.")


def _end(message: str) -> None:
    click.echo(f"harvest: {message}", err=True)
    sys.exit(1)
