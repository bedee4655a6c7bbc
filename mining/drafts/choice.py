"""Which statement goes on which page of a guide: balanced over groups, different in meaning, and each where it fits.

Pure, between `sayings` and `draft_writer`. The opening gets what is nearest to all that was said, the take-aways what
somebody undertook or found out; a page of two views gets two groups that are far apart.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mining.describing.kinds import Kind
from mining.drafts.sayings import Saying, apart

USABLE, USABLE_BLIND = 0.62, 0.3
"""Worth from which a statement may be read out; the second where no meaning is known."""
AGAIN, SAME_PASSAGE, ALIKE, FROM, DISTINCT, FITS = 0.22, 0.3, 0.9, 0.45, 0.2, 0.3
"""Against one more statement of a group or a passage, and against likeness (cosine) beyond FROM; for what a group says
differently, and for the kind a page is about."""
ROUGH = 0.25
"""Against what a demonstration engine wrote down, beside what it loses as a saying: it is hard to read out."""
FAR = 0.4
"""What distance counts where two views are set side by side."""
SPARE = 12
CONTENT = ("challenge", "lesson", "contrast", "question", "action", "challenge", "lesson", "challenge")
"""Pages between opening and exercise, the most wanted first."""
ORDER = ("opening", "challenge", "contrast", "question", "lesson", "exercise", "action", "takeaway")
"""In which pages follow each other."""
KINDS = {
    "challenge": (Kind.CHALLENGE, Kind.OTHER),
    "lesson": (Kind.LESSON,),
    "question": (Kind.QUESTION,),
    "action": (Kind.ACTION,),
    "contrast": (Kind.CHALLENGE, Kind.LESSON, Kind.OTHER),
    "opening": (Kind.CHALLENGE, Kind.LESSON, Kind.OTHER),
    "exercise": (Kind.CHALLENGE, Kind.LESSON, Kind.OTHER),
    "takeaway": (Kind.ACTION, Kind.LESSON, Kind.CHALLENGE, Kind.OTHER),
}
"""What a page may be built on; the first of them is what it is about."""


@dataclass(frozen=True)
class Chosen:
    """One page: `said` has the statement of its question, two on a page of two views; `voice` one more for its
    framing."""

    role: str
    said: tuple[Saying, ...]
    voice: Saying | None = None


@dataclass
class Choice:
    """Statements at choice, and what has been taken."""

    pool: list[Saying]
    distinctive: frozenset[int]
    taken: list[Saying] = field(default_factory=list)

    def best(self, role: str, *, other_than: int | None = None, least: float = 0.0) -> Saying | None:
        """The statement that fits the page best, not yet taken: of a group other than that one, worth `least` more than
        merely usable."""
        found = [
            (self._score(each, role), -place, each)
            for place, each in enumerate(self.pool)
            if each.kind in KINDS[role] and self._free(each) and each.group != other_than
        ]
        found = [each for each in found if each[0] >= least]
        return max(found, key=lambda each: each[:2])[2] if found else None

    def pair(self) -> tuple[Saying, Saying] | None:
        """Two statements of different groups that are good and far apart."""
        free = [each for each in self.pool if each.kind in KINDS["contrast"] and self._free(each)][:40]
        found = [
            (self._score(one, "contrast") + self._score(other, "contrast") + FAR * apart(one, other), -i, -j)
            for i, one in enumerate(free)
            for j, other in enumerate(free)
            if i < j and one.group != other.group and not one.said.rough and not other.said.rough
        ]
        if not found:
            return None
        _, i, j = max(found)
        return free[-i], free[-j]

    def take(self, *sayings: Saying) -> None:
        self.taken += sayings

    def spare(self) -> list[Saying]:
        """What is left, the best first, none that overlaps another."""
        found: list[Saying] = []
        for each in self.pool:
            if self._free(each) and not any(each.overlaps(other) for other in found):
                found.append(each)
        return found[:SPARE]

    def _free(self, saying: Saying) -> bool:
        return not any(saying.overlaps(other) for other in self.taken)

    def _score(self, saying: Saying, role: str) -> float:
        groups = Counter(each.group for each in self.taken)
        score = saying.worth + FITS * (saying.kind == KINDS[role][0])
        score -= AGAIN * groups[saying.group]
        score -= SAME_PASSAGE * any(each.said.passage == saying.said.passage for each in self.taken)
        alike = max((1.0 - apart(saying, each) for each in self.taken), default=0.0)
        score -= ALIKE * max(0.0, alike - FROM)
        score += DISTINCT * (role in ("contrast", "challenge") and saying.said.passage in self.distinctive)
        if role == "opening":
            score += 1.5 * saying.near
        if role == "takeaway":
            score += 0.2 * (saying.kind == Kind.LESSON) + 0.1 * saying.sure
        score -= ROUGH * saying.said.rough
        if role == "lesson":
            score += 0.25 * saying.sure
        return round(score, 6)


def usable(sayings: Sequence[Saying]) -> list[Saying]:
    """What may be read out, the best first, none that overlaps a better one."""
    found: list[Saying] = []
    for each in sayings:
        good = USABLE if each.vector.any() else USABLE_BLIND
        if each.worth >= good and not any(each.overlaps(other) for other in found):
            found.append(each)
    return found


def choose(pool: Sequence[Saying], distinctive: frozenset[int]) -> tuple[list[Chosen], list[Saying]]:
    """The pages of a guide in their order, and what is left over. `pool` are usable statements, three at least;
    `distinctive` the passages that are most a group's own."""
    choice = Choice(list(pool), distinctive)
    count = len(choice.pool)
    made: list[Chosen] = []
    # Promises and the broadest statement are scarce: they are placed first.
    for role in ("takeaway", "opening"):
        made += _page(choice, role)
    wanted = 1 if count == 3 else 2 if count < 7 else 3 if count < 10 else 4 if count < 14 else 5
    for role in CONTENT:
        if wanted and len(choice.taken) < count:
            page = _page(choice, role)
            made += page
            wanted -= len(page)
    made += _page(choice, "exercise") or [Chosen("exercise", made[1].said)]
    voiced = [_voiced(choice, page) for page in made]
    return sorted(voiced, key=lambda page: ORDER.index(page.role)), choice.spare()


def _page(choice: Choice, role: str) -> list[Chosen]:
    said: tuple[Saying, ...] = ()
    if role == "contrast":
        said = choice.pair() or ()
    elif best := choice.best(role):
        said = (best,)
    choice.take(*said)
    return [Chosen(role, said)] if said else []


def _voiced(choice: Choice, page: Chosen) -> Chosen:
    """With a second voice, from another group, on a page about one kind of talk."""
    if page.role not in ("challenge", "lesson", "action"):
        return page
    voice = choice.best(page.role, other_than=page.said[0].group, least=0.7)
    if voice is None or voice.said.rough:
        return page
    choice.take(voice)
    return Chosen(page.role, page.said, voice)
