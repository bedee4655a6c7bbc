"""Atom (RFC 4287): what a feed reader gets. Pure; notices become entries here and nowhere else.

Ids stay what they are when a text changes, so that readers update an entry instead of listing it twice.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from mining.proposals.briefs import clean_text

ATOM = "http://www.w3.org/2005/Atom"
TITLE = 120
"""Characters of an entry's text that its title repeats."""


@dataclass(frozen=True)
class Entry:
    """`key` is what makes the entry's id, the same for ever; `page` an address, None where there is none."""

    key: str
    text: str
    at: datetime
    page: str | None


def atom(key: str, title: str, address: str, page: str, began: datetime, entries: Sequence[Entry]) -> bytes:
    """`address` is where the feed lies, `page` the page it belongs to; `began` is its time while it is empty."""
    feed = ElementTree.Element("feed", {"xmlns": ATOM})
    _put(feed, "id", _id(key))
    _put(feed, "title", title)
    _put(feed, "updated", _time(max((entry.at for entry in entries), default=began)))
    _put(_put(feed, "author"), "name", "Harvest")
    _put(feed, "link", rel="self", type="application/atom+xml", href=address)
    _put(feed, "link", rel="alternate", type="text/html", href=page)
    for each in entries:
        entry = _put(feed, "entry")
        text = clean_text(each.text)
        _put(entry, "id", _id(f"{key} {each.key}"))
        _put(entry, "title", text if len(text) <= TITLE else f"{text[:TITLE].rstrip()} …")
        _put(entry, "updated", _time(each.at))
        if each.page:
            _put(entry, "link", rel="alternate", type="text/html", href=each.page)
        _put(entry, "content", text, type="text")
    data: bytes = ElementTree.tostring(feed, "utf-8", xml_declaration=True)
    return data


def _put(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, name, attributes)
    made.text = text
    return made


def _id(key: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"harvest {key}").urn


def _time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
