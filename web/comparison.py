"""Events of a programme side by side in the browser: themes as small multiples, ARC from event to event.

Staff see `mining.diagnosis.comparison`, sponsors `mining.diagnosis.discreet_comparison`. `?event=a&event=b` chooses;
without, all are.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from capture.errors import NotFound
from capture.events import get_event
from mining.curating.kin import MOVED
from mining.diagnosis import comparison, comparison_file, discreet_comparison, theme_lines, words
from mining.diagnosis.comparison import LEAST_EVENTS
from mining.diagnosis.growth import LINE
from mining.diagnosis.resampling import LEVEL
from web.access import standing
from web.attachments import attached
from web.house import house

bp = Blueprint("comparison", __name__, url_prefix="/events/<slug>/compare")

SAID = {
    theme_lines.NEW: "Not at the event before, nor at any earlier one.",
    theme_lines.BACK: "Not at the event before, but at an earlier one.",
    theme_lines.GREW: f"At least {MOVED:g} times the share of talk, or of groups.",
    theme_lines.STEADY: f"Share of talk and of groups moved by less than {MOVED:g} times.",
    theme_lines.FADED: f"At most 1/{MOVED:g} of the share of talk, or of groups.",
    theme_lines.PERHAPS: "Near in meaning to a theme of before, but less surely the same: compare what was said.",
    theme_lines.GONE: "No theme of the same meaning at the last event. It may still be spoken of in passing.",
}
SAID_DISCREETLY = {
    discreet_comparison.SHOWN: "Raised by enough groups to be shown at the last event, not at the one before.",
    discreet_comparison.MORE: f"At least {MOVED:g} times the share of groups.",
    discreet_comparison.SAME: f"Share of groups moved by less than {MOVED:g} times, or is only known as “at least”.",
    discreet_comparison.FEWER: f"At most 1/{MOVED:g} of the share of groups.",
    theme_lines.PERHAPS: "Near in meaning to a theme of before, but less surely the same.",
    discreet_comparison.HIDDEN: "Raised by too few groups to be shown at the last event, or by none.",
}


@bp.get("")
def show(slug: str) -> ResponseReturnValue:
    chosen = _chosen()
    staff = standing().staff
    with house().database.reading() as db:
        event = get_event(db, slug)
        if staff:
            found = comparison.comparison_of(db, event, chosen)
        else:
            found = discreet_comparison.shared_comparison(db, event, standing().quorum, chosen)
    return render_template(
        "comparison/show.html",
        event=event,
        found=found,
        chosen=set(chosen) or {each.slug for each in found.choice},
        staff=staff,
        said=SAID if staff else SAID_DISCREETLY,
        words=words,
        line=LINE,
        level=LEVEL,
        quorum=standing().quorum,
    )


@bp.get("/export.<any(csv, json):format_>")
def export(slug: str, format_: str) -> ResponseReturnValue:
    """The page with the same events as a file: to staff, or as sponsors see it. Raises NotFound."""
    with house().database.reading() as db:
        event = get_event(db, slug)
        if standing().staff:
            found = comparison.comparison_of(db, event, _chosen())
            document, table = comparison_file.comparison_document(found), comparison_file.comparison_table(found)
        else:
            found = discreet_comparison.shared_comparison(db, event, standing().quorum, _chosen())
            document = comparison_file.shared_document(found, standing().quorum)
            table = comparison_file.shared_table(found)
    if len(found.arcs) < LEAST_EVENTS:
        raise NotFound("It takes two mined events of one programme to compare.")
    return attached(f"{slug}-comparison", format_, document, table)


def _chosen() -> tuple[str, ...]:
    """Short names of events, as the address gives them; none: all."""
    return tuple(dict.fromkeys(request.args.getlist("event")))
