"""`harvest doctor`: what is usable on this machine, and how to get what is missing. Changes nothing."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec

import click

from capture.console import Console, show_json
from capture.errors import HarvestError

CODECS = {"aac": "m4a, mp4", "mp3": "mp3", "opus": "ogg, webm", "vorbis": "ogg", "flac": "flac", "pcm_s16le": "wav"}
ROOM = 5 << 30
"""Bytes free under which a day's recordings may not fit."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it works here, what was found, and what to do where it does not."""

    what: str
    usable: bool
    found: str
    remedy: str = ""
    needed: bool = True
    """Whether the main job cannot be done without it."""


def examine(console: Console) -> list[Finding]:
    """Looks at everything, cheapest first; no check downloads anything."""
    checks: tuple[Callable[[Console], Finding], ...] = (
        _folder,
        _database,
        _queue,
        _formats,
        _sphinx,
        _whisper,
        _graphics_card,
        _embedder,
        _clusterers,
    )
    return [check(console) for check in checks]


def report(findings: Sequence[Finding], as_json: bool) -> None:
    if as_json:
        show_json([asdict(finding) for finding in findings])
        return
    for finding in findings:
        mark = "ok     " if finding.usable else ("MISSING" if finding.needed else "without")
        click.echo(f"{mark} {finding.what:18} {finding.found}")
        if not finding.usable and finding.remedy:
            click.echo(f"{'':26} {finding.remedy}")


def _folder(console: Console) -> Finding:
    folder = console.capture.data_dir
    existing = next(p for p in (folder, *folder.parents) if p.exists())
    free = shutil.disk_usage(existing).free
    found = f"{folder}, {free / (1 << 30):.0f} GB free"
    return Finding("data folder", free > ROOM, found, "Make room, or choose another disk with --data.", needed=False)


def _database(console: Console) -> Finding:
    try:
        database = console.database()
    except HarvestError as error:
        return Finding("database", False, "cannot be opened", str(error))
    return Finding("database", True, f"{database.engine.dialect.name}, tables are current")


def _queue(console: Console) -> Finding:
    if not console.capture.queue:
        return Finding("queue", True, "files in the data folder; workers on this machine")
    if not find_spec("redis"):
        return Finding("queue", False, "Redis without its client", "pip install 'openspace-harvest[redis]'")
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        Redis.from_url(console.capture.queue, socket_connect_timeout=2).ping()
    except RedisError as error:
        return Finding("queue", False, f"{console.capture.queue} does not answer ({error})", "Check HARVEST_QUEUE.")
    return Finding("queue", True, console.capture.queue)


def _formats(console: Console) -> Finding:
    from av.codec import codecs_available

    missing = [kind for codec, kind in CODECS.items() if codec not in codecs_available]
    found = f"{len(codecs_available)} codecs, among them {', '.join(sorted(set(CODECS.values())))}"
    return Finding(
        "audio formats", not missing, found, f"PyAV lacks {', '.join(missing)}: pip install --force-reinstall av"
    )


def _sphinx(console: Console) -> Finding:
    from pocketsphinx import get_model_path

    usable = get_model_path("en-us/en-us") is not None
    return Finding(
        "PocketSphinx", usable, "English model in the package (a demonstration engine)", "Reinstall pocketsphinx."
    )


def _whisper(console: Console) -> Finding:
    from capture.whisper_transcriber import default_model, weights_here

    model = default_model(console.capture.whisper_device)
    if weights_here(model):
        return Finding("Whisper", True, f"the weights of “{model}” are here", needed=False)
    remedy = (
        "Fetched on first use where there is network; else copy a model folder: --transcriber whisper:/path/to/model"
    )
    return Finding("Whisper", False, f"the weights of “{model}” are not on this machine", remedy, needed=False)


def _graphics_card(console: Console) -> Finding:
    from ctranslate2 import get_cuda_device_count

    count = get_cuda_device_count()
    return Finding(
        "graphics card", count > 0, f"{count} usable by Whisper", "Whisper runs on the CPU; that works.", needed=False
    )


def _embedder(console: Console) -> Finding:
    from mining.embedding.bundled_model import verify_bundled
    from mining.embedding.embedder import choose_engine, load_embedder
    from mining.settings import MiningSettings

    settings = MiningSettings.from_env()
    name = settings.embedder
    try:
        verify_bundled()
        engine = choose_engine(name, settings.embedding_engine)
        if engine == "openvino":  # torch takes too long to load for a look
            load_embedder(name, engine)
    except HarvestError as error:
        return Finding("embedder", False, name, str(error))
    return Finding("embedder", True, f"{name} by {engine}; bundled weights are intact")


def _clusterers(console: Console) -> Finding:
    missing = [name for name in ("sknetwork", "sklearn", "bertopic") if not find_spec(name)]
    return Finding(
        "themes", not missing, "graph and bertopic", f"Missing: {', '.join(missing)}. Install Harvest again."
    )
