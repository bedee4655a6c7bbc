"""Masks names, e-mail addresses and telephone numbers before anything is stored for show or mining. Pure.

What it cannot catch: names nobody gave it (a colleague who is only spoken of, a customer, nicknames, misheard
spellings), names that are also words when a recogniser writes everything in small letters (“mark”, “will”), and who is
meant by a job or a story. It makes a transcript safer to show to those who were there, not anonymous to the world.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from capture.contacts import contact_spans
from capture.names import RUN, fold, full_name, is_anonymous, is_telling, name_parts, same_name, spellings, spelt
from capture.spans import Span, apart, placed, rewrite
from capture.speech import Spoken, Word
from capture.wordlists import (
    BEFORE_A_MONTH,
    COMMON_NAMES,
    MONTHS,
    NEVER_NAMES,
    NOT_A_NAME_BEFORE,
    PARTICLES,
    RATHER_WORDS,
)

SOMEBODY = "[person]"
"""Written where two people share a name, so that nobody is taken for somebody else."""
MASK = re.compile(r"\[(?:person(?: (?P<number>\d+))?|e-mail|telephone)\]")
_SPACE = r"(?:(?<=\b\w)\.)?\s+"
"""Between two parts of a name; an initial may have its full stop."""
_SMALL = "|".join(sorted(PARTICLES))
REPEATED = re.compile(rf"(\[person(?: \d+)?\])(?:(?:[ -]| (?:(?:{_SMALL}|[B-HJ-Z])\.? )+)\1)+")
"""“[person 3] van [person 3]” was one name."""
ROUNDS = 3
"""A torn name that is put together can stand beside the next one; more often than this they do not chain."""


class Masker:
    """Masks with the people of one event. Masking again changes nothing, and masking again with more people ends with
    the same text as if all had been known at once (but for names that follow each other without a word between).

    For the latter a person who shares a first or last name with another is `[person]` everywhere, also when named in
    full: once “Anna” has been masked nobody can tell any more whether “Anna Weber” stood there.
    """

    def __init__(self, people: Mapping[str, int]) -> None:
        """`people` maps each name, as a file or a roster gives it, to the person's number (`person 3`)."""
        self._numbers = {same_name(name): number for name, number in people.items()}
        names = [(name_parts(full_name(name)), number) for name, number in people.items() if not is_anonymous(name)]
        short = {parts[0] for parts, _ in names if len(parts) == 1 and len(parts[0]) == 2}
        self._exact = {part for part in short if part.lower() not in NEVER_NAMES}  # masked as they are written only
        self._owners: dict[str, set[int]] = defaultdict(set)  # folded run of letters -> whose name it is
        whole: dict[str, set[int]] = defaultdict(set)  # regex of a name of several runs -> whose it is
        starts: dict[str, set[str]] = defaultdict(set)  # folded first run -> such regexes
        for parts, number in names:
            self._learn(parts, number, whole, starts)
        shared = [numbers for numbers in (*self._owners.values(), *whole.values()) if len(numbers) > 1]
        self._unclear = frozenset[int]().union(*shared)
        self._whole = {
            start: [(_compiled(form), self._mask(whole[form])) for form in sorted(forms, key=len, reverse=True)]
            for start, forms in starts.items()
        }
        self._torn: dict[str, list[tuple[re.Pattern[str], str]]] = defaultdict(list)  # folded bare run -> names
        for parts, number in names:
            for bare, form in self._torn_names(parts, number):
                self._torn[bare].append((_compiled(form), self._mask((number,))))
        self._keys = frozenset(self._owners.keys() | self._whole.keys())

    def _learn(
        self, parts: Sequence[str], number: int, whole: dict[str, set[int]], starts: dict[str, set[str]]
    ) -> None:
        """Everything by which the person may be called: the full name, and each part that tells who it is."""
        called = [[part] for part in parts if self._tells(part)]
        called += [[run] for part in parts if self._tells(part) for run in RUN.findall(part) if len(run) >= 3]
        for name in [*called, parts] if len(parts) > 1 else called:
            for spelling in spellings(name[0]):
                if len(name) == 1 and RUN.fullmatch(spelling):
                    self._owners[fold(spelling)].add(number)
                else:
                    form = _SPACE.join(map(spelt, name))
                    whole[form].add(number)
                    starts[fold(RUN.findall(spelling)[0])].add(form)

    def _tells(self, part: str) -> bool:
        return is_telling(part) or part in self._exact

    def _torn_names(self, parts: Sequence[str], number: int) -> Iterator[tuple[str, str]]:
        """The full name where some parts were masked before it was known, and one (“Li”) never is when alone."""
        mask = re.escape(self._mask((number,)))
        for bare in parts if len(parts) > 1 else ():
            if not self._tells(bare) or bare.lower() in COMMON_NAMES:
                torn = {part for part in parts if part != bare and self._tells(part)}
                form = _SPACE.join(f"(?:{spelt(p)}|{mask})" if p in torn else spelt(p) for p in parts)
                yield fold(RUN.findall(bare)[0]), form

    def speaker(self, name: str | None) -> str | None:
        """`person 3`, or None where nobody is named or the name is not among the people."""
        number = self._numbers.get(same_name(name)) if name else None
        return f"person {number}" if number is not None else None

    def text(self, text: str) -> str:
        """The text with `[person 3]`, `[person]`, `[e-mail]` and `[telephone]` in the place of what they stand for."""
        return self.text_and_words(text, ())[0]

    def found(self, text: str) -> tuple[str, ...]:
        """What `text` would mask, as it is written, each once: names, e-mail addresses, telephone numbers."""
        text = unicodedata.normalize("NFC", text)
        pieces: list[str] = []
        for find in (contact_spans, self._name_spans):
            spans = find(text)
            pieces += [text[start:end] for start, end, _ in spans]
            text, _ = rewrite(text, spans, ())
        return tuple(dict.fromkeys(pieces))

    def text_and_words(self, text: str, words: Sequence[Word]) -> tuple[str, tuple[Word, ...]]:
        """Masks a text and its timed words alike: what a mask covers becomes one word from its first to its last
        second. Words that do not make up the text are dropped where anything had to be masked in either."""
        text = unicodedata.normalize("NFC", text)
        pieces = placed(text, words)
        if pieces is None:
            spoken = " ".join(word.text.strip() for word in words)
            masked = self.text(text)
            unharmed = masked == text and self.text(spoken) == unicodedata.normalize("NFC", spoken)
            return masked, tuple(words) if unharmed else ()
        for find in (
            contact_spans,
            self._unclear_spans,
            self._name_spans,
            *(self._torn_spans, _repeated_spans) * ROUNDS,
        ):
            if spans := find(text):
                text, pieces = rewrite(text, spans, pieces)
        return text, tuple(replace(piece.word, text=text[piece.start : piece.end]) for piece in pieces)

    def spoken(self, spoken: Spoken) -> Spoken:
        """The same stretch with speaker, text and words masked."""
        text, words = self.text_and_words(spoken.text, spoken.words)
        return replace(spoken, text=text, words=words, speaker=self.speaker(spoken.speaker))

    def _mask(self, numbers: Iterable[int]) -> str:
        number = min(numbers)
        return SOMEBODY if number in self._unclear else f"[person {number}]"

    def _unclear_spans(self, text: str) -> list[Span]:
        """Masks from the time when only one of two people of a name was known."""
        found = [m for m in MASK.finditer(text) if m["number"]] if "[person " in text else []
        return [(m.start(), m.end(), SOMEBODY) for m in found if int(m["number"]) in self._unclear]

    def _name_spans(self, text: str) -> list[Span]:
        folded = fold(text)
        if self._keys.isdisjoint(RUN.findall(folded)):
            return []
        aligned = text.isascii()  # then folding moves no letter
        spans: list[Span] = []
        at = 0
        for run in RUN.finditer(text):
            start = run.start()
            if start < at:
                continue
            if text[start - 1 : start] == "[" and (mask := MASK.match(text, start - 1)):
                at = mask.end()
            elif (key := folded[start : run.end()] if aligned else fold(run.group())) in self._keys and (
                found := self._named(text, run, key)
            ):
                at = found[1]
                spans.append(found)
        return spans

    def _named(self, text: str, run: re.Match[str], key: str) -> Span | None:
        """The name that begins with this run of letters, the longest first."""
        for form, mask in self._whole.get(key, ()):
            if match := form.match(text, run.start()):
                return run.start(), match.end(), mask
        numbers = self._owners.get(key)
        return (run.start(), run.end(), self._mask(numbers)) if numbers and self._is_meant(text, run) else None

    def _torn_spans(self, text: str) -> list[Span]:
        """Full names of which a part was masked when they were not known yet: “[person] Li”."""
        if "[person" not in text:
            return []
        bare = self._torn.keys() & set(RUN.findall(fold(text)))
        forms = [form for key in sorted(bare) for form in self._torn[key]]
        return apart((m.start(), m.end(), mask) for form, mask in forms for m in form.finditer(text))

    def _is_meant(self, text: str, match: re.Match[str]) -> bool:
        """Whether a single word that could be a name is one here."""
        word, lower = match.group(), match.group().lower()
        if len(word) == 2:
            return word in self._exact
        if lower not in COMMON_NAMES:
            return True
        if not word[0].isupper() or word.isupper():
            return False
        before, after = text[: match.start()], text[match.end() :]
        following = re.match(r"\s+([^\W_]+)", after)
        if not re.search(r"[^\s.!?…:\"“‘(]\s*$", before) or re.search(r"[\"“‘(]$", before):  # a sentence begins here
            return lower not in RATHER_WORDS and not (following and following[1].lower() in NOT_A_NAME_BEFORE)
        return not (lower in MONTHS and _is_month(before, following))


def _compiled(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{form})(?![^\W_])")


def _is_month(before: str, following: re.Match[str] | None) -> bool:
    previous = re.search(r"([^\W_]+)[\s-]$", before)
    word = previous[1].lower() if previous else ""
    dated = bool(following and following[1][0].isdigit())
    return dated or word[:1].isdigit() or (word in BEFORE_A_MONTH and word not in ("by", "of", "from"))


def _repeated_spans(text: str) -> list[Span]:
    return [(m.start(), m.end(), m[1]) for m in REPEATED.finditer(text)] if "] " in text or "]-" in text else []
