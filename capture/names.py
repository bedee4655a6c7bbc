"""What a person can be called, from the one name that a file or a roster gives. Used by redaction and transcripts."""

import re
import unicodedata

from capture.wordlists import COMMON_NAMES, DEVICES, NEVER_NAMES, PARTICLES, TITLES

RUN = re.compile(r"[^\W_]+")
"""Letters and digits in a row."""

_ANONYMOUS = re.compile(
    r"(?:(?:unknown|unidentified|zoom|conference|meeting|breakout|group) )?"
    r"(?:speakers?|persons?|participant|attendee|unknown|unidentified|guest|user|voice|caller|host|co-?host|moderator|"
    r"facilitator|interviewer|interviewee|presenter|narrator|coach|coachee|group|audience|all|everyone|everybody|"
    r"several|both|man|woman|male|female|team|admin|room|laptop|phone|iphone|ipad|tablet|computer|recorder|spk|"
    r"sprecher(?:in)?|teilnehmer(?:in)?)(?:[\s_#.-]*\d{1,4}|[\s_#.-]+[a-z])?|[a-z]\d{0,2}|[+\d][\d\s().*x-]*",
    re.IGNORECASE,
)
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ø": "o", "ł": "l"}
)


def full_name(name: str) -> str:
    """The name without what products add: “O'Neill, Anna (Guest)” gives “Anna O'Neill”. At most 200 characters."""
    name = " ".join(unicodedata.normalize("NFC", name).replace("’", "'").split())
    plain = re.sub(r"\s*[(\[][^)\]]*(?:[)\]]|$)|\s*\|.*", "", name).strip(" ,;")
    last, comma, first = plain.partition(",")
    if comma and first.strip().lower() not in TITLES:
        plain = f"{first.strip()} {last.strip()}"
    return (plain or name)[:200].strip()


def is_anonymous(name: str) -> bool:
    """Whether this is a label (“Speaker A”, “Unknown”, “iPhone”) and not somebody's name."""
    return bool(_ANONYMOUS.fullmatch(full_name(name)))


def same_name(name: str) -> str:
    """Equal for two spellings of one name in different products; labels keep what stands behind them."""
    return fold(" ".join(name.split()) if is_anonymous(name) else full_name(name))


def is_telling(token: str) -> bool:
    """Whether a part of a name is masked where it stands alone: no “van”, “Dr”, “Li”, “An” or “iPhone”."""
    lower = token.lower()
    if len(token) < 3 or lower in TITLES or lower in DEVICES or (token.islower() and lower in PARTICLES):
        return False
    return any(c.isalpha() for c in token) and (lower in COMMON_NAMES or lower not in NEVER_NAMES)


def name_parts(name: str) -> list[str]:
    """The words of a name; of an address or a user name what stands between its signs."""
    local = name.partition("@")[0] or name
    parts = [re.sub(r"'s$", "", part.strip(".,;:\"'")) for part in re.split(r"[\s._]+", local)]
    return [part for part in parts if RUN.search(part)]


def spelt(part: str) -> str:
    """A regex for every spelling of one part of a name."""
    return f"(?:{'|'.join(sorted(_regex(spelling) for spelling in spellings(part)))})"


def _regex(spelling: str) -> str:
    escaped = re.escape(spelling).replace("'", "['’]")
    return escaped if spelling.lower() in COMMON_NAMES or len(spelling) < 3 else f"(?i:{escaped})"


def spellings(name: str) -> set[str]:
    """As written, without accents, and as keyboards without umlauts write it."""
    return {name, _without_accents(name), _without_accents(name.translate(_UMLAUTS))}


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def fold(text: str) -> str:
    return _without_accents(text).casefold()
