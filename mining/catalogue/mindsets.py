"""Which of the five mindsets a discussion guide, or a theme, belongs to, where nobody has said: by the nearest of five
descriptions. A guess is marked as one wherever it is shown, and where two come about equally near there is none.

The mindsets are those of Gosling & Mintzberg (2003), “The five minds of a manager”. Measured by
`python -m tests.benchmarks.coverage` on 33 modules whose mindset is known: from MARGIN on 19 are told, 18 of them
right. Those modules and these descriptions were written by the same people, so expect less from yours.
"""

from collections.abc import Mapping

import numpy as np

from mining.catalogue.answering import unit
from mining.embedding.embedder import Vectors

MARGIN = 0.1
"""By how much the nearest description has to be nearer than the second (cosine)."""

DESCRIBED: Mapping[str, tuple[str, ...]] = {
    "reflection": (
        "Managing yourself: knowing your own moods, habits and limits, and taking time to think about what happened to "
        "you.",
        "Who am I as a manager, what wears me out, and what did I learn about myself?",
        "Being alone with a new role, doubting oneself, losing one's balance between work and life.",
        "I never stop to think, I am always busy, and at night I lie awake.",
    ),
    "analysis": (
        "Managing organisations: taking apart how decisions, structures, rules, figures and meetings really work.",
        "Which procedure, form, indicator or system produces this result, and what does it cost?",
        "How budgets are approved, how performance is measured, how the organisation chart differs from practice.",
        "We looked at the numbers, the agenda and the process, and found where it goes wrong.",
    ),
    "worldliness": (
        "Managing context: seeing the world of others, other cultures, sites, generations, customers and neighbours.",
        "What does this look like from their side, in another country, on another shift, in the town around us?",
        "Visiting the places where other people live and work, and finding out what we took for granted.",
        "They sit far away from us, they speak another language, and nobody asks them.",
    ),
    "collaboration": (
        "Managing relationships: trust, conversations, conflict, praise and saying no between people who work "
        "together.",
        "How do you talk to your boss, your colleague, another department, so that you can work with each other?",
        "Choosing people, giving feedback, quarrelling well, helping each other across departments.",
        "I did not dare to tell him, and now we avoid each other.",
    ),
    "action": (
        "Managing change: starting something, trying it out, letting go, bringing others along, and keeping what "
        "works.",
        "Which small step will you take, whom do you need for it, and what will be different in a month?",
        "Handing over tasks and knowledge, winning sceptics, learning from a crisis, ending what does not work.",
        "It was announced with posters and nothing happened, until somebody simply began.",
    ),
}
GUIDES = tuple(text for texts in DESCRIBED.values() for text in texts)
"""All descriptions; their mean also stands for what discussion guides have in common."""


def mindsets(centres: Vectors, usual: Vectors, guides: Vectors) -> list[str | None]:
    """The mindset of each row of `centres`, from which `usual`, what all of their kind have in common, is subtracted.
    `guides` are the vectors of GUIDES."""
    if not len(centres):
        return []
    per = len(GUIDES) // len(DESCRIBED)
    described = guides.reshape(len(DESCRIBED), per, -1).mean(axis=1) - guides.mean(axis=0)
    near = unit(centres - usual) @ unit(described).T
    order = np.argsort(-near, axis=1, kind="stable")
    names = tuple(DESCRIBED)
    return [
        names[first] if row[first] - row[second] >= MARGIN else None
        for row, (first, second) in zip(near, order[:, :2], strict=True)
    ]
