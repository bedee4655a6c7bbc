"""The modules on offer that come nearest to a draft, and how the draft differs from each: so that nobody writes what is
there already. Between `coverage`, which knows how near they are, and the draft.
"""

import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from mining.catalogue.coverage import Answer, ThemeCoverage
from mining.catalogue.module_pages import Page
from mining.catalogue.module_reading import quotes_talk, read_pages
from mining.drafts.evidence import Evidence, citation_of, cited_words
from mining.drafts.lines import Citation, Line, Near
from mining.drafts.sayings import names_in
from mining.suggestion_models import Module
from mining.words import stem, words_of

MOST = 3
WORDS = 3
LONGEST = 200
"""Characters of a module's own text that are repeated."""


def near_modules(session: Session, evidence: Evidence, covered: ThemeCoverage | None) -> tuple[Near, ...]:
    """The nearest ones, best first; none where the catalogue is empty or was not studied."""
    answers = [*covered.answers, *covered.near][:MOST] if covered else []
    found = []
    for number, answer in enumerate(answers, 1):
        module = session.get(Module, answer.module_id)
        if module is not None:
            pages = read_pages(session, [module])[module.id]
            found.append(Near(module.id, _line(evidence, answer, module, pages, number)))
    return tuple(found)


def _line(evidence: Evidence, answer: Answer, module: Module, pages: Sequence[Page], number: int) -> Line:
    """A module that quotes talk is not repeated: a draft holds no words that could not be withdrawn."""
    names = {name.lower() for name in names_in([said.text for said in evidence.said])}
    unsaid = [word for word in _unsaid(evidence.keywords, module, pages) if not names & set(words_of(word))]
    words = cited_words(evidence, unsaid)[:WORDS]
    grounds = [citation_of(each) for each in evidence.sayings if each.said.passage in answer.passages][:2]
    verdict = {
        "covered": "answers this",
        "partly": "answers part of this",
        "gap": "is near, but answers something else",
    }
    text = f"“{_plain(module.title)}” {verdict[answer.verdict]}."
    if (says := _plain(answer.says)) and not quotes_talk(module):
        text += f" What comes nearest in it: {says}"
    if words:
        places = [f"“{{{place}}}”" for place in range(len(words))]
        listed = " and ".join([", ".join(places[:-1]), places[-1]]) if len(places) > 1 else places[0]
        text += f" It says nothing of {listed}, as people did here."
    return Line(f"near-{number}", "near", text, (*words, *_others(grounds, words)))


def _unsaid(keywords: Sequence[str], module: Module, pages: Sequence[Page]) -> list[str]:
    """What the talk is about and the module does not say, however it is inflected."""
    text = " ".join([module.title, module.summary, *(f"{p.title} {p.text} {p.question}" for p in pages)])
    said = {stem(word) for word in words_of(text)}
    return [word for word in keywords if not all(stem(part) in said for part in words_of(word))]


def _others(grounds: Sequence[Citation], words: Sequence[Citation]) -> list[Citation]:
    return [each for each in grounds if each not in words]


def _plain(text: str) -> str:
    """One line of a module's text, without anything that a line would take for the place of a quote."""
    short = " ".join(re.sub(r"[{}]", "", text).split())
    return short if len(short) <= LONGEST else f"{short[:LONGEST].rsplit(' ', 1)[0]} …"
