"""What can go wrong while capturing, as one small tree. Every message names the file or value and the remedy.

HarvestError                     shown to the user as it stands, never with a traceback
├── NotFound                     an event, group or recording that does not exist
├── Refused                      something was asked that cannot be done (bad name, duplicate slug, ...)
├── UnreadableFile               a file that is not what it must be (not audio, no cues, damaged, empty)
├── StorageFull                  the disk is full; nothing was half stored
├── TranscriberUnavailable       the engine or its weights are not here, and how to get them
└── JobCancelled                 somebody asked the running job to stop
"""


class HarvestError(Exception):
    """Base of everything Harvest tells a user; `str(error)` is one or two plain sentences."""


class NotFound(HarvestError):
    """The named event, group, recording or theme does not exist."""


class Refused(HarvestError):
    """The request contradicts what is stored or is not valid."""


class UnreadableFile(HarvestError):
    """The file's content cannot be used; nothing of it was stored."""


class StorageFull(HarvestError):
    """There is not enough room on the disk; nothing was half stored."""


class TranscriberUnavailable(HarvestError):
    """The speech recogniser cannot run here; the message says what to do."""


class JobCancelled(HarvestError):
    """Somebody asked for the job to stop; finished steps stay stored."""
