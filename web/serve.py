"""`harvest serve`: the viewer, and a worker beside it, in one process tree that ends together."""

import ipaddress
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import click

from capture.console import Console
from capture.errors import HarvestError, Refused
from capture.jobs import Handler
from capture.settings import CaptureSettings

if TYPE_CHECKING:
    from types import FrameType

PAUSE = 3.0
"""Seconds before a worker that died is started again."""
THREADS = 8


def handlers(settings: CaptureSettings) -> dict[str, Handler]:
    """What a worker can do, by route."""
    from capture.tasks import transcribe_handler
    from mining.settings import MiningSettings
    from mining.tasks import mine_handler

    return {"transcribe": transcribe_handler(settings), "mine": mine_handler(MiningSettings.from_env())}


def serve_here(console: Console, host: str, port: int, open_to_network: bool) -> None:
    """Serves until Ctrl-C. Raises Refused for an address others can reach unless that was asked for."""
    from waitress import create_server

    from capture.huey_carrier import HueyCarrier
    from mining.settings import MiningSettings
    from web.app import create_app
    from web.auth import SignIn
    from web.settings import WebSettings

    if not open_to_network and not _is_loopback(host):
        raise Refused(
            f"{host} can be reached from other machines, and candid talk is in here. "
            "If that is what you want, put it behind HTTPS and add --open-to-network."
        )
    settings = WebSettings.from_env(capture=console.capture, mining=MiningSettings.from_env(), host=host)
    sign_in = SignIn(console.capture.data_dir)
    app = create_app(settings, console.database(), HueyCarrier(console.capture), sign_in)
    try:
        server = create_server(
            app, host=host, port=port, threads=THREADS, max_request_body_size=settings.max_upload_mb << 20
        )
    except OSError as error:
        raise HarvestError(f"Port {port} on {host} cannot be used ({error.strerror}). Try another: --port N") from None
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{server.effective_port}"
    click.echo(f"Harvest is at {address}/")
    click.echo(f"Sign in with this link; it works once: {sign_in.new_link(address)}")
    click.echo("Ctrl-C stops it; work that is under way goes on at the next start.")
    sys.stdout.flush()
    _run(server, console.capture)


def _run(server: "object", settings: CaptureSettings) -> None:
    over = threading.Event()
    keeper = threading.Thread(target=_keep_worker, args=(settings, over), name="worker-keeper")

    def on_terminate(number: int, frame: "FrameType | None") -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, on_terminate)
    keeper.start()
    try:
        server.run()  # type: ignore[attr-defined]
    finally:
        over.set()
        keeper.join()


def _keep_worker(settings: CaptureSettings, over: threading.Event) -> None:
    """Runs a worker until `over`; one that died is started again. It ends with this process, however that ends,
    because its standard input closes then."""
    while not over.is_set():
        command = [sys.executable, "-m", "web", "--data", str(settings.data_dir), "worker", "--until-stdin-closes"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as worker:  # noqa: S603
            while worker.poll() is None and not over.wait(0.2):
                pass
            if worker.poll() is None:
                worker.terminate()
        if not over.wait(PAUSE):
            click.echo("The worker stopped and is started again.", err=True)


def stop_when_stdin_closes() -> None:
    """For a worker that belongs to `serve`: ends as if told to, once its parent is gone."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="stdin-watch", daemon=True).start()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
