"""By when somebody said they would do something: "by March", "next week", "before Friday", as a day.

Used by `mining.next_steps.commitments` on single sentences. Careful on purpose: a day is given only where the words
leave little choice, and it is the last day that they allow, so that nobody is called late too early. Otherwise the
words stand alone ("before the holidays"), and people put a day to them. English only; written for this, after how
people speak in the sample talk.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
SEASONS = {"spring": (3, 20), "summer": (6, 21), "autumn": (9, 22), "fall": (9, 22), "winter": (12, 21)}
"""The day on which each begins in the north."""
LONGEST = 80
"""Characters of what is kept of the words."""

_NUMBERS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)  # noqa: SIM905
} | {"a": 1, "an": 1, "a couple of": 2, "couple of": 2}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "  # noqa: SIM905
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third "
        "twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth "
        "thirty-first".split(),
        1,
    )
}
_DAY = f"(?P<day>{'|'.join(DAYS)})"
_MONTH = f"(?P<month>{'|'.join(MONTHS)})"
_NTH = rf"(?P<nth>\d{{1,2}}(?:st|nd|rd|th)?|{'|'.join(sorted(_ORDINALS, key=len, reverse=True)).replace('-', '[- ]')})"
_YEAR = r"(?:,? (?P<year>20\d\d))?"
_UP_TO = r"(?P<how>by|before|until|till|no later than|on|for|from|in|during|starting(?: on)?|at)"
_COUNT = (
    r"(?P<count>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|an?(?: couple of)?|couple of)"
)
_UNIT = r"(?P<unit>day|week|fortnight|month|quarter|year)"


@dataclass(frozen=True)
class Due:
    """`on` is None where the words do not say a day, or the event has none; `said` are the words, verbatim."""

    on: date | None
    said: str


def find_due(text: str, day: date | None) -> Due | None:
    """The first time by which something is to be done that a sentence names; None where it names none.

    `day` is when the sentence was said: the event's date, None where that is not known.
    """
    found: tuple[int, int, Callable[[re.Match[str], date], date | None], re.Match[str]] | None = None
    for pattern, reckon in _PATTERNS:
        for match in pattern.finditer(text):
            if _PAST.search(text, 0, match.start()):
                continue
            place = (match.start(), -match.end())
            if found is None or place < found[:2]:
                found = (*place, reckon, match)
            break
    if found is None:
        return None
    match = found[3]
    on = None
    if day is not None:
        try:
            on = found[2](match, day)
        except (ValueError, OverflowError):  # the thirty-first of June
            on = None
    if on is not None and day is not None and on < day:
        on = None
    return Due(on, match.group()[:LONGEST].strip())


_PAST = re.compile(r"\b(?:last|past|ago|every|each|since|was|were)\s+$", re.I)


def _plus(match: re.Match[str], day: date) -> date:
    count = match["count"].lower()
    number = int(count) if count.isdigit() else _NUMBERS[count]
    unit = match["unit"].lower()
    days = {"day": 1, "week": 7, "fortnight": 14}
    if unit in days:
        return day + timedelta(days=number * days[unit])
    return _months_later(day, number * {"month": 1, "quarter": 3, "year": 12}[unit])


def _months_later(day: date, months: int) -> date:
    """The same day of the month, or its last where that is earlier."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _weekday(match: re.Match[str], day: date) -> date:
    """The first such day after `day`; after "next", that of the week to come; before it, the day before that."""
    wanted = DAYS.index(match["day"].lower())
    if "next" in match.group().lower().split():
        on = day - timedelta(days=day.weekday()) + timedelta(days=7 + wanted)
    else:
        on = day + timedelta(days=(wanted - day.weekday() - 1) % 7 + 1)
    before = (match["how"] or "").lower() == "before" and on - timedelta(days=1) > day
    return on - timedelta(days=1) if before else on


def _nth_weekday(match: re.Match[str], day: date) -> date:
    number, weekday = _ordinal(match["nth"]), DAYS.index(match["day"].lower())
    for year in (day.year, day.year + 1):
        first = date(year, MONTHS.index(match["month"].lower()) + 1, 1)
        on = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
        if on.month != first.month:
            raise ValueError("no such day in that month")
        if on >= day:
            return on
    return on


def _ordinal(word: str) -> int:
    digits = re.match(r"\d+", word)
    return int(digits.group()) if digits else _ORDINALS[word.lower().replace(" ", "-")]


def _date(match: re.Match[str], day: date) -> date:
    number, month = _ordinal(match["nth"]), MONTHS.index(match["month"].lower()) + 1
    if match["year"]:
        on = date(int(match["year"]), month, number)
    else:
        on = date(day.year, month, number)
        on = on if on >= day else date(day.year + 1, month, number)
    return on - timedelta(days=1) if (match["how"] or "").lower() == "before" and on > day else on


def _numbers(match: re.Match[str], day: date) -> date:
    return date(int(match["y"]), int(match["m"]), int(match["d"]))


def _month(match: re.Match[str], day: date) -> date:
    """The end of the month; before it, the end of the one before; of its first days or middle, these."""
    month, words = MONTHS.index(match["month"].lower()) + 1, match.group().lower()
    year = int(match["year"]) if match["year"] else day.year
    before = words.startswith("before") and "end of" not in words
    on = date(year, month, 1) - timedelta(days=1) if before else _month_end(date(year, month, 1))
    if "mid" in words:
        on = on.replace(day=15)
    elif re.search(r"beginning|start of|early", words):
        on = on.replace(day=7)
    if not match["year"] and on < day:
        on = _months_later(on, 12)
        on = on if before or "mid" in words or on.day <= 7 else _month_end(on)
    return on


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _end(match: re.Match[str], day: date) -> date:
    """The end of this (or the next) week, month, quarter or year. A week ends on its Friday."""
    unit, later = match["unit"].lower(), int("next" in match.group().lower().split())
    if unit == "week":
        friday = day + timedelta(days=(4 - day.weekday()) % 7)
        return friday + timedelta(weeks=later)
    if unit == "month":
        return _month_end(_months_later(day, later))
    if unit == "quarter":
        return _month_end(_months_later(date(day.year, (day.month - 1) // 3 * 3 + 3, 1), 3 * later))
    return date(day.year + later, 12, 31)


def _next_week(match: re.Match[str], day: date) -> date:
    return day - timedelta(days=day.weekday()) + timedelta(days=11)


def _season(match: re.Match[str], day: date) -> date | None:
    """Up to the day before it begins; "in" it is over when the next one begins."""
    name = match["season"].lower()
    if "next" in match.group().lower().split():
        return None  # this year's, or that of the year to come?
    begins = [date(year, *SEASONS[name]) for year in (day.year, day.year + 1)]
    if match["how"].lower() in ("in", "during", "this"):
        on = next(begin for begin in begins if _months_later(begin, 3) > day)
        return _months_later(on, 3) - timedelta(days=1)
    return next(begin for begin in begins if begin > day) - timedelta(days=1)


def _feast(match: re.Match[str], day: date) -> date:
    """The day before Christmas, New Year or Easter."""
    name = match["feast"].lower()
    for year in (day.year, day.year + 1):
        feast = (
            _easter(year) if name == "easter" else date(year, 12, 25) if "christmas" in name else date(year + 1, 1, 1)
        )
        if feast > day:
            return feast - timedelta(days=1)
    return feast


def _easter(year: int) -> date:
    """Easter Sunday of the western churches, by the method of Meeus, Jones and Butcher (Astronomical Algorithms, 8)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _fixed(days: int) -> Callable[[re.Match[str], date], date]:
    return lambda match, day: day + timedelta(days=days)


def _unknown(match: re.Match[str], day: date) -> None:
    return None


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.I)


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = (
    (_compiled(r"(?:by |before |until |on )?the day after tomorrow"), _fixed(2)),
    (_compiled(r"(?:by |before |until )?tomorrow(?: morning| afternoon| evening| night)?"), _fixed(1)),
    (_compiled(r"(?:by )?(?:today|tonight|this (?:morning|afternoon|evening))|before i (?:go|leave) home"), _fixed(0)),
    (_compiled(r"(?:by |on |before |until )?(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)"), _numbers),
    (_compiled(r"(?:by |on |before |until )?(?:the )?(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>20\d\d)"), _numbers),
    (_compiled(rf"(?:{_UP_TO} )?(?:the )?{_NTH} {_DAY} (?:of|in) {_MONTH}"), _nth_weekday),
    (_compiled(rf"(?:{_UP_TO} )?(?:{_DAY},? )?(?:the )?{_NTH}(?: of)? {_MONTH}{_YEAR}"), _date),
    (_compiled(rf"(?:{_UP_TO} )?(?:{_DAY},? )?{_MONTH} (?:the )?{_NTH}{_YEAR}(?! (?:people|groups|of us))"), _date),
    (
        _compiled(
            rf"(?:(?:by|before|until|till|in|during|at|from|towards)(?: the)?"
            rf"(?: (?:end|beginning|start|middle) of| early| mid| late| next| this)?|early|mid|late)[ -]{_MONTH}{_YEAR}"
        ),
        _month,
    ),
    (_compiled(rf"(?:{_UP_TO} (?:this |next |coming |the coming )?|this |next |coming ){_DAY}"), _weekday),
    (_compiled(rf"(?:with)?in (?:the next )?{_COUNT} {_UNIT}s?(?:'? time)?"), _plus),
    (_compiled(rf"{_COUNT} {_UNIT}s? from (?:now|today)"), _plus),
    (_compiled(r"(?:with)?in half a year"), lambda match, day: _months_later(day, 6)),
    (_compiled(rf"(?:(?:by|before|at|until|towards) )?the end of (?:the|this|next) {_UNIT}"), _end),
    (_compiled(r"(?:by |before |until |during |some time |sometime )?next week"), _next_week),
    (_compiled(r"(?:by |until |during |some time |sometime )?(?:next|this) (?P<unit>month|quarter|week)"), _end),
    (
        _compiled(
            r"(?P<how>by|before|until|in|during|this)(?: the| this| next)? (?P<season>spring|summer|autumn|fall|winter)"
        ),
        _season,
    ),
    (_compiled(r"(?:by|before|until) (?P<feast>christmas|easter|(?:the )?new year)"), _feast),
    (
        _compiled(
            r"(?:by|before|until|at|after|in|for) (?:the|our|my) (?:next |half-year |end-of-year )?(?:holidays?|break|"
            r"meeting|session|cycle|event|audit|offsite|open space|workshop|board meeting|budget round|launch|"
            r"(?:[a-z]+ )?closing)|by then|before (?:the|our) next [a-z]+|(?:by )?next time"
            r"|in a few (?:days|weeks|months)|(?:over|in|within) the (?:next|coming) (?:few )?(?:days|weeks|months)"
            r"|after (?:christmas|easter|the summer|the holidays|the break)"
        ),
        _unknown,
    ),
)
