"""What of a guide tells of its event, and so is left out of what is published or handed round without receipts.

How much was said is for designers, beside the receipts. That anything was said at all may be told only of a theme that
enough groups raise; of any other one the guide goes out as a guide on its topic. Between `publishing` and `files`.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Protocol

from sqlalchemy.orm import Session

from capture.models import Event
from capture.programmes import quorum_of
from mining.catalogue.talk_figures import without_figures
from mining.drafts.lines import Body, Line, Page
from mining.drafts.wording_claims import figures
from mining.privacy.discretion import shown_strands
from mining.suggestion_models import Draft

TELLING = frozenset({"challenge", "contrast", "lesson", "question", "action"})
"""Roles of the pages whose framings lead from one thing that was said to the next."""
_WRITTEN = Path(__file__).with_name("writer.toml")
_ENDS = re.compile(r"(?<=[.?!]) ")


class Spoken(Protocol):
    """A line, stored or shown."""

    @property
    def role(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def worded(self) -> bool: ...
    @property
    def edited(self) -> bool: ...


def too_few(session: Session, draft: Draft) -> bool:
    """Whether alumni are not shown the theme of this draft: then nobody is told that it was spoken of. Of a draft whose
    theme is not there any more nobody knows."""
    event = session.get_one(Event, draft.event_id)
    return draft.strand_id not in shown_strands(session, event, quorum_of(session, event)).values()


def goes_out(line: Spoken, page: str, few: bool) -> bool:
    """Whether a line on a page of this role may leave the house. What a designer wrote may, but for the software's own
    sentences in it: see `outside`."""
    if line.role != "framing" or line.edited:
        return True
    if page == "opening" and line.worded and figures(line.text):
        return False  # a language model put the figures into its own words, before they were left out
    return not (few and page in TELLING)


def outside(text: str, few: bool) -> str:
    """A line's text, or a piece of it, without the sentences that do not leave the house."""
    text = without_figures(text)
    if few and any(sentence in text for sentence in _sentences()):
        text = " ".join(each for each in _ENDS.split(text) if each.strip() not in _sentences())
    return text


def body_outside(body: Body, few: bool) -> Body:
    """The guide as it goes out; lines of which nothing is left are not in it."""

    def told(lines: Sequence[Line]) -> tuple[Line, ...]:
        said = [replace(line, text=outside(line.text, few)) for line in lines]
        return tuple(line for line in said if line.text.strip())

    def page(one: Page) -> Page:
        return replace(one, lines=told([line for line in one.lines if goes_out(line, one.role, few)]))

    return replace(body, purpose=told(body.purpose), pages=tuple(map(page, body.pages)))


@cache
def _sentences() -> frozenset[str]:
    """The software's own that tell of an event, as they stand in a line from which somebody took the quotes."""
    written = tomllib.loads(_WRITTEN.read_text("utf-8"))["framing"]
    texts = [text for role in sorted(TELLING) for bank in written[role].values() for text in bank]
    return frozenset(each for text in texts for each in _ENDS.split(text) if "{" not in each and not each.endswith("?"))
