"""Two designers at one draft: what a form holds that was made from an older version, merged with what stands now.

Field by field, against the version that the form was made from: what was not touched in the form takes what stands
now; what both changed is named, with the other's text. Pure; the form shows it, nothing is saved here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mining.drafts.lines import Body, body_of, editable
from mining.suggestion_models import Draft


@dataclass(frozen=True)
class Merged:
    """`values` are for the form; `theirs` says beside a field what the other did to it; `homeless` is what was typed
    into fields that are not there any more."""

    values: Mapping[str, str]
    theirs: Mapping[str, str]
    homeless: tuple[str, ...]


@dataclass(frozen=True)
class _State:
    title: str
    mindset: str | None
    body: Body

    @property
    def fields(self) -> dict[str, str]:
        """As a form has them."""
        found = {line.id: editable(line) for line in self.body.lines}
        for page in self.body.pages:
            found |= {f"{page.id}-title": page.title, f"{page.id}-minutes": str(page.minutes)}
        return {"title": self.title, "mindset": self.mindset or "", **found}

    @property
    def quotes(self) -> dict[str, Any]:
        return {line.id: line.citations for line in self.body.lines}

    def fields_of(self, page_id: str) -> list[str]:
        lines = [line.id for page in self.body.pages if page.id == page_id for line in page.lines]
        return [f"{page_id}-title", f"{page_id}-minutes", *lines]


def merge(draft: Draft, version: int, form: Mapping[str, str]) -> Merged:
    """`form` as it was posted, made from `version`; the draft as it stands. Where there never was that version, every
    field that differs counts as changed by both."""
    now, base = _now(draft), _at(draft, version)
    was, stands = base.fields if base else {}, now.fields
    values, theirs = dict(stands), {}
    moved = {line for line, quotes in now.quotes.items() if base and base.quotes.get(line) != quotes}
    for name, current in stands.items():
        typed = form.get(name, was.get(name, current))
        if _same(typed, was.get(name)) or _same(typed, current):
            continue
        values[name] = typed
        if name in moved or not _same(current, was.get(name)):
            theirs[name] = f"It was changed meanwhile. It reads now: “{current}”."
            if name in moved:
                theirs[name] += " Its quotes are other ones now; they stand below."
    _pages_out(form, base, now, moved, values, theirs)
    _swaps(form, base, now, moved, values, theirs)
    homeless = tuple(
        form[name] for name in was if name not in stands and name in form and not _same(form[name], was[name])
    )
    return Merged(values, theirs, homeless)


def _pages_out(
    form: Mapping[str, str],
    base: _State | None,
    now: _State,
    moved: set[str],
    values: dict[str, str],
    theirs: dict[str, str],
) -> None:
    """A page that was to be left out stays so unless somebody worked on it meanwhile."""
    was, stands = base.fields if base else {}, now.fields
    for page in now.body.pages:
        name = f"{page.id}-out"
        if not form.get(name):
            continue
        if any(field in moved or stands[field] != was.get(field) for field in now.fields_of(page.id)):
            theirs[name] = (
                "You wanted to leave this page out, and it was changed meanwhile. Tick it again if you still do."
            )
        else:
            values[name] = form[name]


def _swaps(
    form: Mapping[str, str],
    base: _State | None,
    now: _State,
    moved: set[str],
    values: dict[str, str],
    theirs: dict[str, str],
) -> None:
    """A statement that was chosen instead stays chosen, wherever it stands among the spare ones now."""
    for line in now.body.lines:
        chosen = form.get(f"swap-{line.id}", "")
        if not chosen:
            continue
        spare = base.body.spare if base else ()
        fits = chosen.isascii() and chosen.isdigit() and len(chosen) < 4 and int(chosen) < len(spare)
        wanted = spare[int(chosen)] if fits else None
        if line.id not in moved and wanted in now.body.spare:
            values[f"swap-{line.id}"] = str(now.body.spare.index(wanted))
        else:
            theirs.setdefault(
                line.id, "You chose another statement, and the quotes were changed meanwhile. Choose again."
            )


def _now(draft: Draft) -> _State:
    return _State(draft.title, draft.mindset, body_of(draft.body))


def _at(draft: Draft, version: int) -> _State | None:
    """The draft as it was then, by its history: each change is one version."""
    later = draft.version - version
    if not 0 <= later <= len(draft.changes) or version < 1:
        return None
    state = _now(draft)
    for change in reversed(draft.changes[len(draft.changes) - later :]):
        before = change.before or {}
        known = {name: before[name] for name in ("title", "mindset") if name in before}
        state = replace(state, **known)
        if "body" in before:
            state = replace(state, body=body_of(before["body"]))
    return state


def _same(one: str | None, other: str | None) -> bool:
    """White space aside, which a browser changes."""
    return one is not None and other is not None and one.split() == other.split()
