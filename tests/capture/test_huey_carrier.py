from dataclasses import replace
from importlib.util import find_spec

import pytest

from capture.carrier import ROUTES
from capture.errors import Refused
from capture.huey_carrier import HueyCarrier
from capture.settings import CaptureSettings


def test_a_message_waits_in_the_queue_of_its_route_for_another_process(settings: CaptureSettings) -> None:
    HueyCarrier(settings).send(7, "transcribe")
    other = HueyCarrier(settings)
    waiting = {route: other._queue(route).pending() for route in ROUTES}
    assert [task.args for task in waiting["transcribe"]] == [(7,)]
    assert waiting["mine"] == []


def test_an_address_that_is_no_redis_is_refused_by_name(settings: CaptureSettings) -> None:
    with pytest.raises(Refused, match="HARVEST_QUEUE is “amqp://x”"):
        HueyCarrier(replace(settings, queue="amqp://x")).send(1, "mine")


@pytest.mark.skipif(find_spec("redis") is not None, reason="the redis client is installed here")
def test_redis_without_its_client_says_how_to_get_it(settings: CaptureSettings) -> None:
    with pytest.raises(Refused, match=r"openspace-harvest\[redis\]"):
        HueyCarrier(replace(settings, queue="redis://localhost")).send(1, "mine")
