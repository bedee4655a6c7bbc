"""Makes a PDF of a report's HTML, with page numbers and bookmarks, on A4 or Letter. Only this file knows WeasyPrint.

WeasyPrint is an extra (`pip install "openspace-harvest[pdf]"`) and needs Pango from the system; where either is missing
the HTML prints as well from any browser. Nothing is loaded from anywhere: the HTML holds all there is.
"""

from importlib.util import find_spec
from threading import Lock
from typing import Any

from capture.errors import HarvestError, Refused

PAPERS = ("A4", "Letter")
MISSING = (
    "A PDF needs WeasyPrint, which is not installed here: pip install 'openspace-harvest[pdf]'. "
    "Or take the HTML file and print it from a browser."
)
NO_PANGO = (
    "A PDF needs Pango, which this system lacks (Debian: apt install libpango-1.0-0 libpangoft2-1.0-0). "
    "Or take the HTML file and print it from a browser."
)
_one_at_a_time = Lock()
"""Fonts are looked up in one place for the whole process."""


class PdfUnavailable(HarvestError):
    """No PDF can be made here; the message says what is missing."""


def pdf_offered() -> bool:
    """Whether WeasyPrint is installed. Loads nothing."""
    return find_spec("weasyprint") is not None


def as_pdf(html: str, paper: str = "A4") -> bytes:
    """Raises PdfUnavailable where WeasyPrint or its system libraries are missing, Refused for another paper."""
    if paper not in PAPERS:
        raise Refused(f"“{paper}” is no paper for a report. Take one of: {', '.join(PAPERS)}.")
    library, fetcher = _library()
    with _one_at_a_time:
        page = library.CSS(string=f"@page {{ size: {paper} }}", url_fetcher=fetcher)
        document = library.HTML(string=html, url_fetcher=fetcher, base_url=None)
        written = document.write_pdf(stylesheets=[page], pdf_tags=True)
    return bytes(written)


def _library() -> tuple[Any, Any]:
    """WeasyPrint, and a fetcher that fetches nothing at all."""
    try:
        import weasyprint
        from weasyprint.urls import URLFetcher
    except ImportError:
        raise PdfUnavailable(MISSING) from None
    except OSError:
        raise PdfUnavailable(NO_PANGO) from None
    return weasyprint, URLFetcher(allowed_protocols=())
