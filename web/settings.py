"""What an operator can set for the viewer, and the settings of the two packages below it, passed in once."""

from dataclasses import dataclass

from capture.settings import CaptureSettings, FromEnvironment, setting
from mining.settings import MiningSettings


@dataclass(frozen=True)
class WebSettings(FromEnvironment):
    """How the viewer behaves. `capture` and `mining` come from the caller, `host` is the address it listens on."""

    capture: CaptureSettings
    mining: MiningSettings
    host: str = "127.0.0.1"
    max_upload_mb: int = setting(
        "HARVEST_MAX_UPLOAD_MB", 4096, "Megabytes one upload may have, all its files together."
    )
    session_days: int = setting("HARVEST_SESSION_DAYS", 14, "Days after which a browser has to sign in again.")
    hosts: str = setting(
        "HARVEST_HOSTS",
        "",
        "Further names under which the viewer is reached, separated by commas, e.g. `harvest.example.org`.",
    )

    @property
    def trusted_hosts(self) -> frozenset[str]:
        """Names (without port) a request may be addressed to, besides this machine's own and plain addresses."""
        named = (name.strip().lower() for name in f"{self.host},{self.hosts}".split(","))
        return frozenset(name for name in named if name)
