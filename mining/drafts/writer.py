"""Writes a module draft from evidence: a discussion guide of 90 minutes in which every line rests on people's words.

Pure: `draft_evidence` in, `draft_lines.Body` out; the same evidence gives the same guide. Sentences come from
draft_writer.toml, questions and exercises from their banks, statements from `draft_choice`.
"""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from capture.errors import Refused
from mining.describing.kinds import Kind
from mining.drafts.choice import Chosen, choose, usable
from mining.drafts.evidence import Evidence, citation_of
from mining.drafts.exercises import MINUTES, Exercise, exercise_for
from mining.drafts.lines import LEAST, LONG, LONGEST_TITLE, SHORT, Body, Citation, Line, Page
from mining.drafts.reflective_questions import question_for
from mining.drafts.sayings import Saying
from mining.trust import theme_verdict

WRITTEN = Path(__file__).with_suffix(".toml")
EDGE = 10
"""Minutes of the opening, and of the take-aways."""
TIMES = {1: (20,), 2: (25, 25), 3: (20, 15, 15), 4: (15, 15, 10, 10), 5: (10, 10, 10, 10, 10)}
"""Minutes of the pages between opening and take-aways, the exercise aside, by how many they are."""
NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
WORKED = "worked"
"""What a lesson is of that says itself what helped."""
MOSTLY, SEEN = 0.5, 0.1
"""Shares of talk from which it is mostly of a kind, and from which a kind is spoken of in figures."""


@dataclass
class _Used:
    """What was written already, so that nothing is said twice."""

    questions: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def write(evidence: Evidence, mindset: str | None = None, taken: Sequence[str] = ()) -> Body:
    """The draft of a guide. `taken` are keys of exercises that other guides of the event use.

    Raises Refused where fewer than LEAST statements can be read out.
    """
    pool = usable(evidence.sayings)
    if len(pool) < LEAST:
        raise Refused(
            f"Of what was said on “{evidence.label}”, {_count(len(pool), 'statement')} can be read out to people who "
            f"were not there; a guide needs {LEAST}. Merge the theme with a neighbour, or write this guide by hand."
        )
    distinctive = frozenset(part.distinctive for part in evidence.groups if part.distinctive is not None)
    chosen, spare = choose(pool, distinctive)
    exercise = exercise_for(evidence.kind, mindset, evidence.number - 1, taken)
    used = _Used()
    content = sum(page.role not in ("opening", "exercise", "takeaway") for page in chosen)
    times = list(TIMES[content])
    pages = []
    for number, page in enumerate(chosen, 1):
        minutes = EDGE if page.role in ("opening", "takeaway") else MINUTES
        if page.role not in ("opening", "exercise", "takeaway"):
            minutes = times.pop(0)
        pages.append(_page(evidence, page, f"p{number}", minutes, exercise, mindset, used))
    target = LONG if content > 1 else SHORT
    return Body(
        pages=tuple(pages),
        why=_why(evidence, pool),
        purpose=_purpose(evidence, pool),
        spare=tuple(citation_of(each) for each in spare),
        notes=_notes(evidence, pool, target),
        target=target,
        theme=evidence.label,
        sources={"theme": evidence.number, "analysis": evidence.stamp, "exercise": exercise.key},
    )


def working_title(evidence: Evidence, taken: Sequence[str] = ()) -> str:
    """What the guide could be called; not what a module or another draft (`taken`) is called already."""
    endings = _words()["titles"][evidence.kind]
    label = evidence.label[: LONGEST_TITLE - 60].strip()
    folded = {" ".join(title.casefold().split()) for title in taken}
    titles = [f"{label}: {ending}" for ending in endings]
    free = [title for title in titles if title.casefold() not in folded]
    return free[0] if free else f"{titles[0]} ({len(folded) + 1})"


def _page(
    evidence: Evidence, chosen: Chosen, key: str, minutes: int, exercise: Exercise, mindset: str | None, used: _Used
) -> Page:
    role = chosen.role
    cited = tuple(citation_of(each) for each in chosen.said)
    kind = WORKED if role == "lesson" and chosen.said[0].sure else chosen.said[0].kind.value
    stem = question_for(role, used.questions, mindset, kind)
    used.questions.append(stem.text)
    lines = [_framing(evidence, chosen, f"{key}-framing", exercise, used)]
    lines.append(Line(f"{key}-question", "question", stem.text, cited))
    if role == "exercise":
        lines += [
            Line(f"{key}-step{number}", "step", f"({step.minutes} min) {step.text}", cited)
            for number, step in enumerate(exercise.steps, 1)
        ]
    named = kind if kind == WORKED else role
    title = exercise.name if role == "exercise" else _next(_words()["pages"][named], used, f"title {named}")
    return Page(key, role, title, minutes, tuple(lines))


def _framing(evidence: Evidence, chosen: Chosen, key: str, exercise: Exercise, used: _Used) -> Line:
    bank = _words()["framing"][chosen.role]
    kind, cited = "plain", tuple(citation_of(each) for each in chosen.said)
    words = _own_words(evidence, chosen)
    if chosen.voice and (
        chosen.role != "lesson" or evidence.kinds.get(Kind.LESSON, 0) >= SEEN or used.counts["lesson"]
    ):
        kind, cited = "voiced", (citation_of(chosen.voice),)
    elif words and "worded" in bank and not used.counts[f"worded {chosen.role}"]:
        kind, cited = "worded", words
        used.counts[f"worded {chosen.role}"] += 1
    text = _next(bank[kind], used, f"{kind} {chosen.role}")
    if chosen.role == "opening":
        cited = _one_each(evidence, chosen.said)
    return Line(key, "framing", _filled(text, evidence, needs=exercise.needs), cited)


def _own_words(evidence: Evidence, chosen: Chosen) -> tuple[Citation, ...]:
    """Words that stand out in the groups of a page: three of one, or two each of the two that differ."""
    parts = {part.group: part for part in evidence.groups}
    if chosen.role == "contrast":
        one, other = (parts[each.group] for each in chosen.said)
        clear = len(one.words) > 1 and len(other.words) > 1 and not one.rough and not other.rough
        return (*one.words[:2], *other.words[:2]) if clear else ()
    part = parts[chosen.said[0].group]
    return part.words[:3] if len(part.words) > 2 and not part.rough else ()


def _why(evidence: Evidence, pool: Sequence[Saying]) -> tuple[Line, ...]:
    """Groups and numbers, and how far they go."""
    each = _one_each(evidence, pool)
    lines = [
        Line(
            "why-breadth",
            "why",
            _filled("$Breadth of $heard groups raised it, in $passages: $time, $depth of all talk.", evidence),
            each,
        )
    ]
    shares = sorted(
        ((share, kind) for kind, share in evidence.kinds.items() if share >= SEEN and kind != Kind.OTHER), reverse=True
    )
    if shares:
        names = {"challenge": "challenges", "lesson": "lessons", "action": "actions", "question": "questions"}
        listed = [f"{_percent(share)} {names[kind]}" for share, kind in shares]
        said = f"By kind of talk: {', '.join(listed)}."
        if shares[0][0] >= MOSTLY:
            rest = f"; {', '.join(listed[1:])}" if listed[1:] else ""
            said = f"Mostly {names[shares[0][1]]} ({_percent(shares[0][0])} of that talk){rest}."
        backed = tuple(
            citation_of(found) for _, kind in shares if (found := next((s for s in pool if s.kind == kind), None))
        )
        lines.append(Line("why-kinds", "why", said, backed or each))
    if evidence.stability is not None:
        verdict = theme_verdict(evidence.stability)
        said = f"its {verdict}" if verdict and verdict.startswith("borders") else f"it {verdict}"
        firm = "It comes out again when a tenth of the talk is left out"
        text = f"When themes are looked for again without a tenth of the talk, {said}." if verdict else f"{firm}."
        lines.append(Line("why-trust", "why", text, each))
    return tuple(lines)


def _purpose(evidence: Evidence, pool: Sequence[Saying]) -> tuple[Line, ...]:
    written = _words()["purpose"]
    best = {kind: next((s for s in pool if s.kind == kind and s.sure and not s.said.rough), None) for kind in Kind}
    lesson, action = best[Kind.LESSON], best[Kind.ACTION]
    grounds = tuple(citation_of(s) for s in pool if s.kind.value == evidence.kind)[:2] or _one_each(evidence, pool)
    lines = [Line("purpose-1", "purpose", written[evidence.kind], grounds)]
    if lesson and evidence.kind != Kind.LESSON:
        lines.append(Line("purpose-2", "purpose", written["tried"], (citation_of(lesson),)))
    if action:
        lines.append(Line("purpose-3", "purpose", written["undertaken"], (citation_of(action),)))
    else:
        lines.append(Line("purpose-3", "purpose", written["without"], grounds))
    return tuple(lines)


def _notes(evidence: Evidence, pool: Sequence[Saying], target: int) -> tuple[str, ...]:
    notes = []
    if target == SHORT:
        notes.append(
            f"Only {_count(len(pool), 'statement')} can be read out, so this is a short guide of {SHORT} minutes."
        )
    if evidence.breadth == 1:
        notes.append(
            "One group is a small sample: this may be a matter of that room alone. Ask others before printing it."
        )
    elif all(part.thin for part in evidence.groups):
        notes.append("No group talked about it for long: take the figures as examples.")
    rough = [part.name for part in evidence.groups if part.rough]
    if rough:
        notes.append(f"Transcribed by the demonstration engine, so check the words by ear: {', '.join(rough)}.")
    return tuple(notes)


def _one_each(evidence: Evidence, sayings: Sequence[Saying]) -> tuple[Citation, ...]:
    """The best statement of each group that raises it, as far as there is one."""
    pool = [*sayings, *evidence.sayings]
    found = (next((s for s in pool if s.group == part.group), None) for part in evidence.groups)
    return tuple(citation_of(each) for each in found if each)


def _filled(text: str, evidence: Evidence, **more: str) -> str:
    """With figures in place of $names."""
    values = {
        "breadth": _number(evidence.breadth),
        "Breadth": _number(evidence.breadth).capitalize(),
        "heard": _number(evidence.heard),
        "passages": _count(evidence.passages, "passage"),
        "time": _time(evidence.seconds),
        "depth": _percent(evidence.depth),
        **more,
    }
    return Template(text).safe_substitute(values)


def _next(texts: Sequence[str], used: _Used, key: str) -> str:
    """The next of these sentences; from the first again when all were used."""
    turn = used.counts[key]
    used.counts[key] += 1
    return texts[turn % len(texts)]


def _number(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"


def _percent(share: float) -> str:
    return "under 1 %" if 0 < share < 0.01 else f"{round(share * 100)} %"


def _time(seconds: float) -> str:
    return f"{round(seconds)} s" if round(seconds) < 60 else f"{round(seconds / 60)} min"


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads(WRITTEN.read_text("utf-8"))
