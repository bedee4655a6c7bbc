"""How much was said at an event is not told outside it: the sentences of the software's that gave such figures are
taken out of whatever is read without receipts.

Guides that were written by an earlier Harvest hold them, and so do modules that were made of such guides. Used where a
draft is published or handed round (`mining.drafts`) and where a module is read (`module_reading`). Pure.
"""

import re

_SHARE = r"(?:under[ \u00a0])?\d+[ \u00a0]%"
_FIGURES = re.compile(
    r"(?<!\w)(?:"
    r"[\w,]{1,12} of the [\w,]{1,12} groups at [^\n]{1,300}? spoke of this, in \d+ passages?: "
    rf"\d+ (?:s|min), {_SHARE} of all talk\."
    rf"|{_SHARE} of the talk on this was about what gets in the way\."
    rf"|Not all of it was complaint: {_SHARE} of the talk was about what had worked or had not\."
    r")[ \u00a0]?"
)


def without_figures(text: str) -> str:
    """The text without these sentences. It may be nothing."""
    return _FIGURES.sub("", text)
