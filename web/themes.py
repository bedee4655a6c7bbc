"""A theme's page: how each group speaks of it, in its own words, and who does not speak of it at all."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from capture.events import get_event
from mining.voices import theme_page
from web import shared
from web.house import house

bp = Blueprint("themes", __name__)


@bp.get("/events/<slug>/themes/<int:number>")
def show(slug: str, number: int) -> ResponseReturnValue:
    if shared.discreetly():
        return shared.show_theme(slug, number)
    with house().database.reading() as session:
        event = get_event(session, slug)
        page = theme_page(session, event, number)
    heard = [cell.room for cell in page.theme.cells if cell.room.talk]
    return render_template("themes/show.html", event=event, page=page, theme=page.theme, heard=heard)
