"""Finds e-mail addresses and telephone numbers in talk, also as a recogniser spells them out. Used by redaction.

A number is taken for a telephone number when nothing in its shape speaks for a date, years, money, a time, a
measurement or a large plain number. In doubt it is masked.
"""

import re

from capture.spans import Span, apart

EMAIL, TELEPHONE = "[e-mail]", "[telephone]"

_ADDRESS = re.compile(
    r"(?<![\w.+%-])(?:[\w.+%-]{1,64}@\w[\w-]*(?:\.\w[\w-]*)*|[\w.+%-]{1,64} ?@ ?\w[\w-]*(?:\.\w[\w-]*)+)"
)
_ENDING = (
    r"(?:com|org|net|edu|gov|info|io|eu|co|uk|ie|us|ca|au|nz|in|de|fr|nl|be|ch|at|it|es|pt|se|no|dk|fi|pl|cz|br|jp)"
)
_SIGNS = ("dot", "point", "underscore", "dash", "hyphen")
_DOT, _SIGN = "(?:dot|point)", f"(?:{'|'.join(_SIGNS)})"
_SPOKEN = re.compile(
    rf"\b[\w-]+(?: {_SIGN} [\w-]+)* at (?!the |a )[\w-]+(?: {_SIGN} [\w-]+)*? {_DOT} {_ENDING}(?: {_DOT} {_ENDING})?\b"
    rf"|\b[\w-]+(?: {_SIGN} [\w-]+)+ at [\w-]+(?:\.[\w-]+)*\.{_ENDING}\b",
    re.IGNORECASE,
)
_DIGITS = frozenset(["zero", "oh", "nought", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
_DIGIT = rf"(?:{'|'.join(sorted(_DIGITS))}|\d)"
_SPELT = re.compile(
    rf"\b(?:plus[ ,]+)?(?:(?:double|triple)[ -])?{_DIGIT}(?:[ ,.-]{{1,2}}(?:(?:double|triple)[ -])?{_DIGIT}){{6,}}\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w.,:/@#-])(?:\+ ?|\(\+?)?\d(?:(?:[ \u00a0\u202f]|[ ]?[-–/()]{1,2}[ ]?|\.)?\d){6,}(?![\w%])(?![.,:]\d)"
)
_NOT_A_TELEPHONE = re.compile(
    r"""
    \d{1,9}                                                # 1500000
    | \d{4}[-./– ]\d{1,2}[-./– ]\d{1,2} | \d{1,2}[-./– ]\d{1,2}[-./– ]\d{4}      # 2026-03-14, 14.03.2026
    | (?:(?:19|20)\d\d(?:[ ]?[-–/][ ]?|[ ]))+(?:19|20)\d\d  # 2019-2023, 2024 2025
    | \d{1,2}[.]\d{2}[ ]?[-–][ ]?\d{1,2}[.]\d{2}            # 10.30-11.30
    | \d+[.]\d+                                            # 3.14159265
    | \d{1,3}(?:[.]\d{3})+                                 # 1.500.000
    | \d{1,3}(?:[ \u00a0\u202f]\d{3})*[ \u00a0\u202f]000   # 250 000 000
    | \d[ \u00a0\u202f]\d{3}[ \u00a0\u202f]\d{3}           # 1 234 567
    | \d{1,7}[ ]?[-–][ ]?\d{4,7}000                        # 500000-1000000
    """,
    re.VERBOSE,
)
_MONEY_BEFORE = re.compile(r"(?:[$€£¥₹]|\b(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|JPY|INR)) ?$")
_UNIT_AFTER = re.compile(
    r" ?(?:[$€£¥₹%]|(?:euros?|dollars?|pounds?|francs?|kronor|rupees|yen|cents?|percent|per cent|people|employees|"
    r"customers|users|units|pieces|tons?|tonnes|kilos?|kg|km|kilomet(?:er|re)s?|hours|days|million|thousand|EUR|USD|GBP)\b)"
)


def contact_spans(text: str) -> list[Span]:
    """E-mail addresses and telephone numbers, in order, not overlapping."""
    spans: list[Span] = []
    if "@" in text:
        spans += [(m.start(), m.end(), EMAIL) for m in _ADDRESS.finditer(text)]
    lower = text.lower()
    if " at " in lower and any(f" {sign} " in lower for sign in _SIGNS):
        spans += [(m.start(), m.end(), EMAIL) for m in _SPOKEN.finditer(text)]
    if sum(map(text.count, "0123456789")) >= 7:
        spans += [(m.start(), m.end(), TELEPHONE) for m in _NUMBER.finditer(text) if _is_telephone(text, m)]
    if sum(word.strip(",.-") in _DIGITS for word in lower.replace("-", " ").split()) >= 5:  # “double five” counts once
        spans += [(m.start(), m.end(), TELEPHONE) for m in _SPELT.finditer(text)]
    return apart(spans)


def _is_telephone(text: str, match: re.Match[str]) -> bool:
    number = match.group()
    digits = sum(map(str.isdigit, number))
    if not 7 <= digits <= 17:
        return False
    if number.startswith(("+", "(")) or (number.startswith("0") and not re.match(r"0\.", number)):
        return True
    around = _MONEY_BEFORE.search(text[: match.start()]) or _UNIT_AFTER.match(text[match.end() :])
    return not around and not _NOT_A_TELEPHONE.fullmatch(number)
