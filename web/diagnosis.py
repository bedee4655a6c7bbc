"""The diagnosis of an event in the browser: three parts, each figure with its count and range, and what comes next.

Staff see `mining.diagnosis.diagnosis`, with every group; sponsors `mining.diagnosis.discreet_diagnosis`, with none.
"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from capture.errors import NotFound
from capture.events import get_event
from mining.diagnosis import diagnosis_file, words
from mining.diagnosis.connectivity import DEFINITION
from mining.diagnosis.diagnosis import Diagnosis, diagnosis_of
from mining.diagnosis.discreet_diagnosis import shared_diagnosis
from mining.diagnosis.ground import LEAST_PASSAGES
from mining.diagnosis.growth import LINE, RULE
from mining.diagnosis.resampling import LEAST_GROUPS, LEVEL
from mining.next_steps.step_finding import find_commitments, state_of_talk
from web.access import standing
from web.attachments import attached
from web.house import house

bp = Blueprint("diagnosis", __name__, url_prefix="/events/<slug>/diagnosis")

_looked: dict[tuple[str, int], tuple[object, ...]] = {}
"""{(database, event): what its talk was when this process last looked for commitments in it}"""


@bp.get("")
def show(slug: str) -> ResponseReturnValue:
    _look(slug)
    staff, shared = standing().staff, None
    with house().database.reading() as db:
        event = get_event(db, slug)
        if staff:
            found = diagnosis_of(db, event)
        else:
            shared = shared_diagnosis(db, event, standing().quorum)
            found = shared.diagnosis if shared else None
    return render_template(
        "diagnosis/show.html",
        event=event,
        found=found,
        shared=shared,
        staff=staff,
        words=words,
        rule=RULE,
        line=LINE,
        definition=DEFINITION,
        level=LEVEL,
        least={"groups": LEAST_GROUPS, "passages": LEAST_PASSAGES},
        fastest=_fastest(found) if found else 1.0,
    )


@bp.get("/export.<any(csv, json):format_>")
def export(slug: str, format_: str) -> ResponseReturnValue:
    """The figures of the page as a file: to staff all of them, to sponsors what their page is made of. Raises
    NotFound."""
    _look(slug)
    with house().database.reading() as db:
        event = get_event(db, slug)
        found = diagnosis_of(db, event) if standing().staff else None
        shared = None if standing().staff else shared_diagnosis(db, event, standing().quorum)
    if found:
        document, table = diagnosis_file.diagnosis_document(found), diagnosis_file.diagnosis_table(found)
    else:
        told = shared and diagnosis_file.shared_document(shared)
        written = shared and diagnosis_file.shared_table(shared)
        if not told or not written:
            raise NotFound("There are no figures of this event yet.")
        document, table = told, written
    return attached(f"{slug}-diagnosis", format_, document, table)


def _fastest(found: Diagnosis) -> float:
    """The end of the scale of rates: a whole number that holds every range."""
    made = found.agency.commitments
    rates = [rate for rate in (made.found_rate, made.confirmed_rate) if rate]
    return float(int(max((rate.high or rate.value or 0.0 for rate in rates), default=0.0)) + 1)


def _look(slug: str) -> None:
    """Commitments are counted as they stand in the talk now; looked for again where it changed."""
    database = house().database
    with database.reading() as db:
        event = get_event(db, slug)
        state = state_of_talk(db, event)
    if _looked.get((database.url, event.id)) != state:
        with database.writing() as db:
            find_commitments(db, get_event(db, slug))
        _looked[database.url, event.id] = state
