"""A real PDF by WeasyPrint, which may load nothing; and what is said where it cannot be made."""

import re
import socket
import sys
import zlib

import pytest

from capture.database import Database
from capture.errors import Refused
from mining.reporting.html import proceedings_html
from mining.reporting.pdf import PdfUnavailable, as_pdf, pdf_offered
from mining.reporting.proceedings import proceedings
from tests.mining.crowd import THEMES
from tests.mining.reported import DAY, make_reported, told_of_hidden


def pages(pdf: bytes) -> list[bytes]:
    """The media boxes of all pages, also where objects are compressed."""
    return re.findall(rb"/MediaBox\s*\[([^\]]+)\]", pdf + b"".join(_streams(pdf)))


def _streams(pdf: bytes) -> list[bytes]:
    found = []
    for raw in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.S):
        try:
            found.append(zlib.decompress(raw))
        except zlib.error:
            continue
    return found


def test_a_report_becomes_pages_of_the_wanted_paper_and_tells_of_nothing_hidden(database: Database) -> None:
    with database.writing() as session:
        crowd = make_reported(session)
        html = proceedings_html(proceedings(session, crowd.event, DAY))
        pdf = as_pdf(html)
        assert pdf.startswith(b"%PDF-")
        assert len(pages(pdf)) >= 3  # the cover, the foreword, the themes
        assert all(round(float(box.split()[2])) == 595 for box in pages(pdf))
        # Titles and bookmarks stand in a PDF as UTF-16 or plain text; both are looked through.
        raw = (pdf + b"".join(_streams(pdf))).decode("latin-1")
        assert THEMES[1][0] in raw  # so it would be found
        assert told_of_hidden(raw.replace("\x00", ""), session, crowd) == []
    letter = as_pdf(html, "Letter")
    assert all(box.split()[2:] == [b"612", b"792"] for box in pages(letter))


def test_another_paper_is_refused() -> None:
    with pytest.raises(Refused, match="“A0” is no paper"):
        as_pdf("<p>x", "A0")


def test_nothing_is_loaded_whatever_the_html_asks_for(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.css").write_text("@page { size: 100px 100px }")

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("it went out")

    monkeypatch.setattr(socket, "create_connection", refused)
    asking = (
        f'<link rel="stylesheet" href="file://{tmp_path}/secret.css"><img src="http://127.0.0.1:9/x.png">'
        f'<img src="file:///etc/passwd"><p>Text</p>'
    )
    assert all(round(float(box.split()[2])) == 595 for box in pages(as_pdf(asking)))


def test_where_weasyprint_or_its_libraries_are_missing_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pdf_offered()
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(PdfUnavailable, match="pip install 'openspace-harvest\\[pdf\\]'"):
        as_pdf("<p>x")

    class Lacking:
        """An import that fails as WeasyPrint's does without Pango."""

        def find_spec(self, name: str, *_: object) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.delitem(sys.modules, "weasyprint")
    monkeypatch.setattr(sys, "meta_path", [Lacking(), *sys.meta_path])
    with pytest.raises(PdfUnavailable, match="apt install libpango"):
        as_pdf("<p>x")
