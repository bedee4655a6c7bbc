from flask import Flask, request

from capture.database import Database
from capture.models import Job
from tests.web.conftest import Noted, Spring
from web.house import house, wants_json


def test_work_is_in_the_ledger_before_a_worker_is_told(
    app: Flask, database: Database, carrier: Noted, spring: Spring
) -> None:
    seen: list[bool] = []

    def send(job_id: int, route: str) -> None:
        with database.reading() as session:
            seen.append(session.get(Job, job_id) is not None)

    carrier.send = send  # type: ignore[method-assign]
    with app.app_context():
        house().start("mine", spring.event.id, spring.event.id)
    assert seen == [True]


def test_a_script_is_told_from_a_browser_by_what_it_accepts(app: Flask) -> None:
    browsers = "text/html,application/xhtml+xml,*/*;q=0.8"
    for accept, expected in (("application/json", True), (browsers, False), ("*/*", False)):
        with app.test_request_context(headers={"Accept": accept}):
            assert wants_json() is expected, request.headers
