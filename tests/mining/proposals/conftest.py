"""An event that proposals are made at."""

import pytest
from sqlalchemy.orm import Session

from capture.models import Event
from tests.factories import make_event


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session)
