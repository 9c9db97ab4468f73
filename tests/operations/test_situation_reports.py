"""The situation report of the morning: once a day of a running operation, told to those who may read it."""

from datetime import UTC, datetime, timedelta

import pytest

from operations.core import clock
from operations.core.vocabulary import OperationState
from operations.notices import inbox
from operations.policing.operation import plan
from operations.timetable import jobs, situation_reports
from operations.timetable.lease import LeaseCandidate
from operations.timetable.maintenance import Copies
from operations.timetable.runner import Timetable
from tests.makers import START, Running

MORNING = (START + timedelta(days=1)).replace(hour=5)  # six o'clock in Niamey


@pytest.fixture
def keeper(scene: Running) -> Timetable:
    made = Timetable(scene.store, LeaseCandidate("one"))
    with clock.at(MORNING - timedelta(minutes=30)):
        made.beat()
        made.tick(situation_reports.JOBS)
    return made


def ticked(keeper: Timetable, at: datetime) -> None:
    with clock.at(at):
        keeper.beat()
        keeper.tick(situation_reports.JOBS)


def links(scene: Running, name: str) -> list[str]:
    with scene.store.reading(scene[name]) as session:
        found = inbox.messages(session, scene[name])
    return [each.message.link for each in reversed(found) if each.message.kind == "situation_report"]


def test_it_is_told_once_a_day_at_the_local_morning_to_those_who_may_read_it(scene: Running, keeper: Timetable) -> None:
    people = ("ana", "lena", "dov", "chaima", "bruno", "otto")
    before = {name: len(links(scene, name)) for name in people}
    for minutes in (-1, 0, 1, 600):
        ticked(keeper, MORNING + timedelta(minutes=minutes))
    told = {name: len(links(scene, name)) - before[name] for name in people}
    assert told == {"ana": 1, "lena": 1, "dov": 0, "chaima": 0, "bruno": 0, "otto": 0}
    ticked(keeper, MORNING + timedelta(days=1))
    at = [f"{MORNING + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}" for days in (0, 1)]
    assert links(scene, "ana")[-2:] == [f"/operations/{scene.operation}/situation?at={moment}" for moment in at]


def test_after_a_stop_only_the_last_morning_is_made_up_for(scene: Running, keeper: Timetable) -> None:
    before = len(links(scene, "ana"))
    ticked(keeper, MORNING + timedelta(days=2, hours=3))
    assert len(links(scene, "ana")) == before + 1
    assert links(scene, "ana")[-1].endswith(f"?at={MORNING + timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}")


def test_an_operation_that_does_not_run_has_none(scene: Running, keeper: Timetable) -> None:
    before = len(links(scene, "ana"))
    with scene.store.unit_of_work(scene["ana"]) as session:
        operation = plan.operation(session, scene.operation, scene["ana"])
        operation.state = OperationState.SUSPENDED
        session.add(operation)
    ticked(keeper, MORNING + timedelta(minutes=1))
    assert len(links(scene, "ana")) == before


@pytest.mark.parametrize(
    ("zone", "now", "morning"),
    [
        ("Asia/Kolkata", "2026-03-01T00:29", "2026-02-28T00:30"),
        ("Asia/Kolkata", "2026-03-01T00:30", "2026-03-01T00:30"),
        ("Europe/Paris", "2026-03-29T12:00", "2026-03-29T04:00"),  # clocks went forward in the night
        ("Europe/Paris", "2026-03-28T12:00", "2026-03-28T05:00"),
    ],
)
def test_the_morning_is_that_of_the_operation_s_clocks(zone: str, now: str, morning: str) -> None:
    operation = plan.Operation(zone=zone)
    found = situation_reports.morning(operation, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert f"{found:%Y-%m-%dT%H:%M}" == morning


def test_the_timetable_has_the_job(tmp_path) -> None:
    assert set(situation_reports.JOBS) <= set(jobs.long(Copies(tmp_path)))
