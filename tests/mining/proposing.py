"""The crowd of `crowd`, with what its themes mean by the real model, for tests of proposals: mining and web alike."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.database import utcnow
from capture.models import Event, Role
from mining.conclusion import centre_of
from mining.embedding.embedder import BUNDLED
from mining.embedding.live_embedder import live_embedder
from mining.models import Passage, Strand
from mining.proposals.briefs import Brief
from mining.proposals.rights import Actor
from tests.factories import BRIEF, make_person
from tests.mining.crowd import Crowd, make_crowd


def make_understood(session: Session, **values) -> Crowd:
    """Every theme of the crowd has its strand, hidden ones too."""
    crowd = make_crowd(session, **values)
    for theme in crowd.themes.values():
        texts = session.scalars(select(Passage.text).where(Passage.theme_id == theme.id)).all()
        centre = centre_of(live_embedder(BUNDLED).embed([theme.label, *texts]))
        strand = Strand(
            event_id=crowd.event.id, spans=[], seen_at=utcnow(), embedder=BUNDLED, centre=centre.astype("<f4").tobytes()
        )
        session.add(strand)
        session.flush()
        theme.strand_id = strand.id
    session.flush()
    return crowd


def actor(session: Session, event: Event, name: str = "Ann", role: Role = Role.ALUMNUS) -> Actor:
    person = make_person(session, event, role, name=name)
    return Actor(person.id, name, staff=role in (Role.ORGANISER, Role.DESIGNER), writes=role != Role.SPONSOR)


def brief(**said: str) -> Brief:
    return Brief.of({**BRIEF, **said})


DELEGATION = (
    "We always say that delegation to the team matters, and then I do the handing over again by myself at night."
)
LYON = "The closing of the Lyon site and the layoffs there, lyon closing layoffs, is all we talk about in the evening."
HARASSMENT = (
    "Harassment by the plant manager, who is shouting at everybody: harassment manager shouting, every morning."
)
