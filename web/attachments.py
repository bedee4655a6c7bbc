"""What a page shows, to take along: the same as a table or as data. For pages with figures, and for proposals."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from capture.spreadsheets import as_text

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def attached(stem: str, format_: str, document: Mapping[str, Any], table: str) -> Response:
    """`format_` is one of TYPES; the browser saves it as `stem` with that ending. `stem` is of letters, digits and
    hyphens, as events' short names are."""
    text = table if format_ == "csv" else as_text(document)
    name = {"Content-Disposition": f'attachment; filename="{stem}.{format_}"'}
    return Response(text.encode(), content_type=TYPES[format_], headers=name)
