"""The brief of a proposal: a title and three questions, as they are asked, cleaned and checked. Pure.

Before `proposals`, which stores what is fit here. Forms and commands take labels, help and lengths from QUESTIONS.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from capture.errors import Refused
from capture.events import BIDI

LONGEST_TITLE = 120
"""Characters."""
LETTERS = 14
"""Characters that a word may have on average: a wall of letters without spaces is no answer."""
WORD = re.compile(r"\w+(?:['’-]\w+)*")


@dataclass(frozen=True)
class Question:
    """One field of the brief. `hint` is an example; `least` and `most` are words."""

    name: str
    label: str
    help: str
    hint: str
    least: int
    most: int
    again: str
    """What is said where nothing was written."""


QUESTIONS = (
    Question(
        "title",
        "Title",
        "What would you call the module? A few words that make others want to come.",
        "Boss of my friends",
        2,
        16,
        "Give it a title: two words are enough.",
    ),
    Question(
        "challenge",
        "What is the challenge?",
        "Describe what happens, as you would tell it at the coffee machine. Leave out names: write so that nobody "
        "else can be recognised.",
        "I was promoted over people I had lunch with for six years. Since then they stop talking when I come in, and "
        "I put off every difficult conversation.",
        10,
        250,
        "Say what the challenge is. Two or three sentences do.",
    ),
    Question(
        "matters",
        "Why does it matter to you?",
        "What does it cost you, your team or your customers? What made you think of it now?",
        "My team waits for decisions that I do not take, and I go home feeling that I let both sides down.",
        5,
        200,
        "Say why it matters to you. One sentence does.",
    ),
    Question(
        "success",
        "What would a successful outcome look like?",
        "Imagine it is half a year from now and the module was worth it. What do you, or others, do differently?",
        "I give honest feedback to a former colleague within a week, and we can still laugh together afterwards.",
        5,
        200,
        "Say what would be different afterwards. One sentence does.",
    ),
)


class Incomplete(Refused):
    """A brief that cannot be taken as it is. `problems` says why, by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Brief:
    """What somebody wrote, cleaned: the title is one line, answers may have paragraphs."""

    title: str
    challenge: str
    matters: str
    success: str

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Brief":
        """From a form, a row or a command: anything with these names."""
        return cls(
            clean_line(given.get("title", "")),
            clean_text(given.get("challenge", "")),
            clean_text(given.get("matters", "")),
            clean_text(given.get("success", "")),
        )

    @property
    def said(self) -> dict[str, str]:
        return asdict(self)

    def check(self) -> None:
        """Raises Incomplete, with a friendly sentence for every field that needs another look."""
        problems = {each.name: wrong for each in QUESTIONS if (wrong := _wrong(each, self.said[each.name]))}
        if problems:
            raise Incomplete(problems)


def count_words(text: str) -> int:
    return len(WORD.findall(text))


def clean_line(text: str) -> str:
    """One line without control characters, bidi controls, or what no XML may hold; as long as it is."""
    return " ".join("".join(_visible(c) for c in text).split())


def clean_text(text: str) -> str:
    """Lines cleaned as by clean_line; paragraphs stay, with one empty line between them."""
    lines = [clean_line(line) for line in re.split(r"\r\n|[\n\r\u2028\u2029]", text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _visible(character: str) -> str:
    hidden = unicodedata.category(character) in ("Cc", "Cs", "Cn", "Zl", "Zp") or character in BIDI
    return " " if hidden else character


def _wrong(question: Question, text: str) -> str | None:
    words = count_words(text)
    if not words:
        return question.again
    if words < question.least:
        return f"A little more, please: at least {question.least} words. This has {words}."
    if words > question.most:
        return f"A little shorter, please: {question.most} words at most. This has {words}."
    most = LONGEST_TITLE if question.name == "title" else question.most * LETTERS
    if len(text) > most:
        return f"A little shorter, please: {most:,} characters at most. This has {len(text):,}."
    return None
