"""Everything an operator can set for capturing, read once from the environment and passed in.

Each field carries its variable and one help sentence; README's table and these are held together by a test.
"""

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from capture.errors import Refused


def setting(env: str, default: Any, help: str) -> Any:
    """A dataclass field that is read from the environment variable `env`."""
    return field(default=default, metadata={"env": env, "help": help})


def default_data_dir() -> Path:
    """The platform's folder for application data, e.g. ~/.local/share/harvest."""
    from platformdirs import user_data_path

    return user_data_path("harvest", appauthor=False)


class FromEnvironment:
    """Builds a frozen settings dataclass from environment variables, converting to the type of the default."""

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None, **given: Any) -> Self:
        """`given` wins over the environment, which wins over the default. Raises Refused with the variable's name."""
        env = os.environ if env is None else env
        values = dict(given)
        for spec in fields(cls):  # type: ignore[arg-type]
            name = spec.metadata.get("env")
            if spec.name not in values and name and env.get(name):
                values[spec.name] = _convert(spec, env[name])
        return cls(**values)


def _convert(spec: "Field[Any]", text: str) -> Any:
    kind: type = type(spec.default)
    try:
        if kind is bool:
            return {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}[text.lower()]
        return kind(text) if kind in (int, float) else text
    except (KeyError, ValueError):
        wanted = {bool: "yes or no", int: "a whole number", float: "a number"}[kind]
        raise Refused(f"{spec.metadata['env']} is “{text}”, but must be {wanted}.") from None


@dataclass(frozen=True)
class CaptureSettings(FromEnvironment):
    """Where data lies and how speech becomes text."""

    data: str = setting(
        "HARVEST_DATA", "", "Folder for the database, recordings and queues; default: the platform's data folder."
    )
    database: str = setting(
        "HARVEST_DATABASE", "", "SQLAlchemy URL of the database; default: an SQLite file in the data folder."
    )
    queue: str = setting(
        "HARVEST_QUEUE", "", "`redis://…` for workers on several machines; default: SQLite files in the data folder."
    )
    transcriber: str = setting(
        "HARVEST_TRANSCRIBER", "auto", "`auto`, `whisper:MODEL` (a name or a folder) or `sphinx`."
    )
    whisper_device: str = setting("HARVEST_WHISPER_DEVICE", "auto", "`auto`, `cpu` or `cuda`.")
    whisper_compute: str = setting(
        "HARVEST_WHISPER_COMPUTE", "default", "Compute type, e.g. `int8` or `float16`; `default` picks by device."
    )
    whisper_batch: int = setting(
        "HARVEST_WHISPER_BATCH", 1, "Stretches recognised at once; 8 doubles the speed and needs 2 GB more memory."
    )
    jobs: int = setting("HARVEST_JOBS", 0, "Processes for PocketSphinx; 0 means one per core.")
    lease: float = setting(
        "HARVEST_LEASE", 60.0, "Seconds without a sign of life after which another worker takes a job over."
    )

    @property
    def data_dir(self) -> Path:
        return Path(self.data).expanduser() if self.data else default_data_dir()

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data_dir / 'harvest.sqlite3'}"

    @property
    def media_dir(self) -> Path:
        return self.data_dir / "media"
