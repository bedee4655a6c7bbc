"""What a reworded line claims beyond its own words: that somebody said something, and figures.

Pure. `mining.drafts.wording` refuses a line in which a quotation mark or a figure is left that nothing stands behind.
The words for numbers are English; digits, fractions and numerals of any script are compared as well.
"""

import re
import unicodedata
from fractions import Fraction

_STRAIGHT = frozenset('"″＂‴〃ʺ˝`´‵′＇ʹ„‚〝〞〟「」『』﹁﹂﹃﹄｢｣⹂❛❜❝❞❟❠')
"""Marks that are put around quotes, and are no initial or final quotation marks to Unicode."""
_APOSTROPHES = frozenset("'’ʼ")
_DOUBLED = re.compile(r"<<|>>|,,")

_UNITS = dict(
    zip(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ],
        range(20),
        strict=True,
    )
)
_TENS = dict(
    zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)
)
_OTHERS: dict[str, Fraction | int] = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "dozen": 12,
    "twice": 2,
    "half": Fraction(1, 2),
    "halves": Fraction(1, 2),
    "third": Fraction(1, 3),
    "quarter": Fraction(1, 4),
}
_VALUES: dict[str, Fraction | int] = {**_UNITS, **_TENS, **_OTHERS}
_NUMBER_WORD = re.compile(
    rf"(?<!\w)(?:(?P<tens>{'|'.join(_TENS)})[\s\u2010-\u2013-]+(?P<unit>{'|'.join(list(_UNITS)[1:10])})"
    rf"|(?P<word>{'|'.join(_VALUES)}|per\s?cent)s?)(?!\w)",
    re.I,
)
_PRONOUN = re.compile(r"(?<!\w)(?:(?:no|every|any|some|each|which|this|that|another)[\s-]?one|one another)(?!\w)", re.I)


def quotes_somebody(text: str) -> bool:
    """Whether there is any quotation mark. Apostrophes within a word, and after an s before another word, are none."""
    return bool(_DOUBLED.search(text)) or any(
        (mark in _APOSTROPHES or mark in _STRAIGHT or unicodedata.category(mark) in ("Pi", "Pf"))
        and not _is_apostrophe(text, at)
        for at, mark in enumerate(text)
    )


def figures(text: str) -> set[str]:
    """The numbers that a text gives, in digits, other numerals, or words, as comparable strings; `percent` if any is
    a share of a hundred. “No one” and the like are no numbers."""
    found = {str(int(run)) for run in re.findall(r"\d+", text)}
    for character in text:
        value = unicodedata.numeric(character, None)
        if value is not None and not character.isdecimal():
            found.add(str(Fraction(value).limit_denominator(1000)))
        elif character in "%‰٪％":
            found.add("percent")
    return found | {_value(match) for match in _NUMBER_WORD.finditer(_PRONOUN.sub(" ", text))}


def _value(match: re.Match[str]) -> str:
    if match["tens"]:
        return str(_TENS[match["tens"].lower()] + _UNITS[match["unit"].lower()])
    return str(_VALUES.get(match["word"].lower(), "percent"))


def _is_apostrophe(text: str, at: int) -> bool:
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if text[at] not in _APOSTROPHES or not before.isalpha():
        return False
    return after.isalpha() or (before in "sS" and re.match(r" \w", text[at + 1 :]) is not None)
