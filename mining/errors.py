"""What can go wrong while mining, beyond the errors of capture. Every message names the value and the remedy."""

from capture.errors import HarvestError


class EmbedderUnavailable(HarvestError):
    """The model that turns text into vectors is not here, is damaged, or cannot be fetched."""
