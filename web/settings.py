"""What an operator can set for the viewer, and the settings of the two packages below it, passed in once."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from capture.settings import CaptureSettings, FromEnvironment, setting
from mining.settings import MiningSettings
from web.links import clean_address


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
    invitation_days: int = setting(
        "HARVEST_INVITATION_DAYS", 14, "Days for which the link in an invitation lets its person in."
    )
    address: str = setting(
        "HARVEST_ADDRESS",
        "",
        "Where others reach the viewer, e.g. `https://harvest.example.org`: what the links in invitations begin with.",
    )
    hosts: str = setting(
        "HARVEST_HOSTS",
        "",
        "Further names under which the viewer is reached, separated by commas, e.g. `harvest.example.org`.",
    )

    @property
    def public_address(self) -> str:
        """What links begin with, without a slash at the end; empty where nothing was set. Raises Refused."""
        return clean_address(self.address) if self.address else ""

    @property
    def trusted_hosts(self) -> frozenset[str]:
        """Names (without port) a request may be addressed to, besides this machine's own and plain addresses."""
        public = urlsplit(self.public_address).hostname or ""
        named = (name.strip().lower() for name in f"{self.host},{public},{self.hosts}".split(","))
        return frozenset(name for name in named if name)
