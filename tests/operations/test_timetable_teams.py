"""What the timetable tells of teams and of notices of fugitives, each once."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from operations.core import clock
from operations.core.people import System
from operations.notices import inbox
from operations.support.deployments import Deployment
from operations.support.states import DeploymentState
from operations.timetable import jobs
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests.makers import START, Running
from tests.operations.sweeps import AT, Sweep, sweep_in
from tests.operations.test_teams import certify
from tests.teams import accepted, keep_team, on_site

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def keeper(scene: Running) -> Timetable:
    made = Timetable(scene.store, LeaseCandidate("one"))
    with clock.at(START):
        made.beat()
    return made


def ticked(keeper: Timetable, at: datetime) -> None:
    with clock.at(at):
        keeper.tick(jobs.SHORT)


def told(scene: Running, name: str, *kinds: str) -> list[tuple[str, int]]:
    with scene.store.reading(scene[name]) as session:
        found = [(each.message.kind, each.message.number) for each in inbox.messages(session, scene[name])]
    return [each for each in found if each[0] in kinds]


def test_an_overdue_check_in_is_told_once_and_a_silent_team_is_lost(scene: Running, keeper: Timetable) -> None:
    made = on_site(scene)
    ticked(keeper, START + 12 * HOUR)
    assert told(scene, "ana", "check_in_overdue") == []
    for minutes in (5, 10):
        ticked(keeper, START + 12 * HOUR + timedelta(minutes=minutes))
    for name in ("ana", "chaima", "boubacar"):
        assert told(scene, name, "check_in_overdue") == [("check_in_overdue", 5)]
    ticked(keeper, START + 24 * HOUR + timedelta(minutes=1))
    with scene.store.reading(System()) as session:
        assert session.exec(select(Deployment.state).where(Deployment.id == made.id)).one() == DeploymentState.OFFLINE


def test_what_was_overdue_long_ago_is_history_and_calls_nobody(scene: Running, keeper: Timetable) -> None:
    made = on_site(scene)
    ticked(keeper, START + 60 * DAY)
    assert told(scene, "ana", "check_in_overdue", "deployment_ending") == []
    with scene.store.reading(System()) as session:
        assert session.exec(select(Deployment.state).where(Deployment.id == made.id)).one() == DeploymentState.ON_SITE
    ticked(keeper, START + 20 * DAY)
    assert [kind for kind, _number in told(scene, "ana", "check_in_overdue")] == ["check_in_overdue"]


def test_certificates_and_deployments_that_end_and_rest_that_is_short(scene: Running, keeper: Timetable) -> None:
    team = keep_team(scene)
    certify(scene, team, kind="firearms", expires_on=(START + 10 * DAY).date().isoformat())
    certify(scene, team, kind="first_aid", expires_on=(START - 10 * DAY).date().isoformat())
    accepted(scene, team, starts=START, ends=START + 2 * DAY)
    begins = START + 2 * DAY + 8 * HOUR
    accepted(scene, team, starts=begins, ends=begins + DAY)
    for hours in (1, 2):
        ticked(keeper, START + hours * HOUR)
    assert told(scene, "chaima", "certificate_ending") == [("certificate_ending", 10)]
    assert told(scene, "chaima", "rest_short") == [("rest_short", 3)]
    assert told(scene, "ana", "deployment_ending") == [("deployment_ending", 1)]
    assert told(scene, "moussa", "certificate_ending", "rest_short", "deployment_ending") == []


def test_each_morning_the_requesting_country_is_told_which_notices_wait(scene: Running, keeper: Timetable) -> None:
    with clock.at(AT):
        cast = Sweep(sweep_in(scene))
        case = cast.target()
    morning = (AT + DAY).replace(hour=6, minute=0)  # seven hours after midnight in Niamey
    ticked(keeper, morning - timedelta(minutes=1))
    before = told(scene, "chaima", "notices_unchecked")
    for minutes in (0, 30):
        ticked(keeper, morning + timedelta(minutes=minutes))
    assert told(scene, "chaima", "notices_unchecked") == [("notices_unchecked", 1), *before]
    assert told(scene, "moussa", "notices_unchecked") == []
    with clock.at(morning + DAY - HOUR):
        cast.check(case.id, by="chaima")
    ticked(keeper, morning + DAY)
    assert len(told(scene, "chaima", "notices_unchecked")) == 1 + len(before)
