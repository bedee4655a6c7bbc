"""Figures as people say them: times, lengths, shares and counts. Registered as filters for every template."""

from datetime import date, datetime

SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NB = "\u00a0"
"""A space that does not break: a number stays with its unit."""
THEME_COLOURS = 12


def clock(seconds: float | None) -> str:
    """A place in a recording: `12:41`, past the hour `1:02:05`."""
    whole = int(max(seconds or 0.0, 0.0))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60:02}:{rest % 60:02}"


def duration(seconds: float | None) -> str:
    """How long something is: `40 s`, `8 min`, `6 h 12 min`; a dash where it is not known."""
    if seconds is None:
        return "–"
    if round(seconds) < 60:
        return f"{round(seconds)}{NB}s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes}{NB}min"
    hours, rest = divmod(minutes, 60)
    return f"{hours}{NB}h{NB}{rest}{NB}min" if rest else f"{hours}{NB}h"


def percent(share: float | None) -> str:
    """`19 %`; what is there but rounds to nothing is `under 1 %`, what is nearly everything never `100 %`."""
    if share is None:
        return "–"
    if 0 < share < 0.01:
        return f"under{NB}1{NB}%"
    if 0.99 < share < 1:
        return f"over{NB}99{NB}%"
    return f"{round(share * 100)}{NB}%"


def number_word(number: int) -> str:
    """`ten`, but `13`: small numbers are words in running text."""
    return SMALL[number] if 0 <= number < len(SMALL) else grouped(number)


def grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 group`, `10 groups`."""
    return f"{grouped(number)}{NB}{one if number == 1 else many or one + 's'}"


def count_words(number: int, one: str, many: str | None = None) -> str:
    """`one group`, `ten groups`, `no groups`."""
    return f"{number_word(number)} {one if number == 1 else many or one + 's'}"


def sentence(text: str) -> str:
    """With a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def day(value: date | datetime | None) -> str:
    """`19 March 2026`."""
    return f"{value.day} {value:%B %Y}" if value else ""


def month(value: date | None) -> str:
    """`March 2026`."""
    return f"{value:%B %Y}" if value else ""


def moment(value: datetime | None) -> str:
    """`19 March 2026, 18:04`, in this machine's time zone."""
    local = value.astimezone() if value else None
    return f"{day(local)}, {local:%H:%M}" if local else ""


def joined(names: list[str], last: str = "and") -> str:
    """`A, B and C`."""
    return f" {last} ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def hue(number: int | None) -> str:
    """The class that gives a theme its colour everywhere."""
    return f"theme-{(number - 1) % THEME_COLOURS + 1}" if number else "theme-none"


FILTERS = {
    "clock": clock,
    "duration": duration,
    "percent": percent,
    "number_word": number_word,
    "grouped": grouped,
    "count": count,
    "count_words": count_words,
    "sentence": sentence,
    "day": day,
    "month": month,
    "moment": moment,
    "joined": joined,
    "hue": hue,
}
