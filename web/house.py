"""What every view needs and gets from the app it runs in: settings, database, media folder, carrier, sign-in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app, request

from capture.carrier import Carrier
from capture.database import Database
from capture.jobs import enqueue, retry
from capture.media import MediaFolder
from capture.models import Job
from web.settings import WebSettings

if TYPE_CHECKING:
    from web.auth import SignIn

KEY = "harvest"
TOP = "main"
"""The part of an address that leads to where a page says what was done. Forms far down a page name themselves in
theirs, so that what is wrong is in sight; without a name of its own the page after them would open there too."""


@dataclass(frozen=True)
class House:
    """One running viewer's surroundings."""

    settings: WebSettings
    database: Database
    media: MediaFolder
    carrier: Carrier
    sign_in: "SignIn"

    def start(self, route: str, event_id: int, subject_id: int) -> None:
        """Puts work into the ledger and, once that is committed, tells a worker."""
        with self.database.writing() as session:
            job_id = enqueue(session, route, event_id, subject_id).id
        self.carrier.send(job_id, route)

    def retry(self, job: Job) -> None:
        """The same work once more, behind the last step that was finished."""
        with self.database.writing() as session:
            job_id = retry(session, session.get_one(Job, job.id)).id
        self.carrier.send(job_id, job.route)


def house() -> House:
    """The surroundings of the current request."""
    found = current_app.extensions[KEY]
    assert isinstance(found, House)
    return found


def wants_json() -> bool:
    """Whether a script asked rather than a person's browser."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
