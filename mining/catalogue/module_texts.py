"""What of a module is embedded: the whole of it, each sentence of its summary, and each page. Pure.

Between the catalogue and the embedder; the same module gives the same texts, so its vectors are found again.
"""

import re
from collections.abc import Iterable

from mining.catalogue.module_pages import Page

SENTENCE = re.compile(r"(?<=[.?!])\s+")
LONGEST = 1200
"""Letters that are embedded of a text: about what a model reads of it."""


def module_texts(title: str, summary: str, pages: Iterable[Page]) -> list[str]:
    """Never empty: a title alone is a text. The first text is the whole."""
    said = [_page(page) for page in pages]
    whole = " ".join(part for part in (f"{title}.", summary, *said) if part)
    sentences = [sentence for sentence in SENTENCE.split(summary) if len(sentence.split()) > 2]
    texts = [" ".join(text.split())[:LONGEST] for text in (whole, *sentences, *said)]
    return list(dict.fromkeys(text for text in texts if text))


def _page(page: Page) -> str:
    """Its question, with what is read out before it where there is such."""
    return " ".join(part for part in (page.title, page.text, page.question) if part)
