"""The sound of a quote that alumni and sponsors may hear: cut out for them, never the recording itself."""

from io import BytesIO

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from capture.clips import clip
from capture.errors import HarvestError, NotFound
from capture.events import get_event
from mining.privacy.discretion import shared_clip
from web.access import standing
from web.audio import PRIVATE
from web.house import house

bp = Blueprint("clips", __name__)


@bp.get("/events/<slug>/themes/<int:number>/said/<mark>.wav")
def listen(slug: str, number: int, mark: str) -> ResponseReturnValue:
    """Raises NotFound for everything but a quote that stands on the theme's shared page with its sound."""
    with house().database.reading() as session:
        event = get_event(session, slug)
        where = shared_clip(session, event, standing().quorum, number, mark)
    path = house().media.path(where.stored_name)
    try:
        sound = clip(path, where.start, where.end)
    except HarvestError:  # says which file, and which second of it: not for everybody
        raise NotFound("The sound of this quote cannot be had from this machine any more; its words can.") from None
    response = send_file(BytesIO(sound), mimetype="audio/wav", conditional=True)
    response.headers["Cache-Control"] = PRIVATE
    return response
