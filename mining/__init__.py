"""From utterances to themes across groups, and from themes to modules and next steps.

Read it in the order of the flow. The files here are the stages and what binds them: passages (units of talk first),
material, finding, trust, conclusion, storing, pipeline; then what pages read: reading, account, quotes, voices. The
stages are built from `embedding`, `clustering`, `describing` and `curating`. What follows from the themes comes after
them, each part knowing only those before it: `privacy`, `catalogue`, `peers`, `next_steps`, `drafts` and `diagnosis`,
`participation`, `proposals`, `reporting`. Knows nothing of pages. `forgetting` takes back what was made of talk that is
removed.
"""

from typing import TYPE_CHECKING

from capture.retraction import Retraction, when_retracted

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _forget(session: "Session", retraction: Retraction) -> None:
    from mining.forgetting import forget  # not before talk is removed: this package has to load at once
    from mining.sweeping import sweep_texts

    forget(session, retraction)
    if not retraction.masked:
        sweep_texts(session)


when_retracted(_forget)
