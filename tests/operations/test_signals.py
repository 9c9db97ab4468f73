"""What is wrong with an installation is read once for metrics, page and alerts; administrators are told once a day."""

import itertools
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from operations.core import clock
from operations.core.errors import MusterError, NotPermitted
from operations.core.people import System
from operations.core.vocabulary import MessageKind, MessageWay, Role
from operations.notices import inbox
from operations.notices.messages import Delivery, To, tell
from operations.timetable import heartbeats, signals
from operations.timetable.effects import Effect, TimetableJob
from operations.timetable.heartbeats import Watched
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests.makers import START, Running

pytestmark = pytest.mark.both_storages
NOON = START.replace(hour=12)


def bad(scene: Running, at: datetime, *, failing: bool = False) -> set[str]:
    with scene.store.reading(System()) as session:
        found = signals.readings(session, at)
    never = {f"failures:{watched}" for watched in (Watched.TIMETABLE, Watched.BACKUP, Watched.CHAIN)}
    return {reading.key for reading in found if reading.bad} - (never if not failing else set())


def beat(scene: Running, watched: Watched, at: datetime, every: timedelta = timedelta(minutes=1)) -> None:
    with scene.store.unit_of_work(System()) as session:
        heartbeats.succeeded(session, watched, at, every)


def done(scene: Running, job: str, at: datetime, **outcome: Any) -> None:
    with scene.store.unit_of_work(System()) as session:
        session.add(Effect(job=job, due=at, fence=1, done_at=at, outcome=outcome))


def mail(scene: Running, at: datetime, **about: Any) -> None:
    with scene.store.unit_of_work(System()) as session, clock.at(at):
        tell(session, To.those(scene["bruno"].account_id), MessageKind.POSTED, "/inbox", key=f"x:{at}", by=System())
        [told] = session.exec(select(Delivery).where(Delivery.made_at == at)).all()
        more = {"made_at": at, "due_at": at, **about}
        session.add(Delivery(message_id=told.message_id, account_id=told.account_id, way=MessageWay.MAIL.value, **more))


CASES: dict[str, Callable[[Running], None]] = {
    "silent:answers": lambda scene: beat(scene, Watched.ANSWERS, NOON - timedelta(minutes=5)),
    "late:release": lambda scene: done(scene, "release", NOON - timedelta(hours=3)),
    "mail_waits": lambda scene: mail(scene, NOON - timedelta(minutes=31)),
    "mail_refused": lambda scene: mail(scene, NOON - timedelta(hours=2), given_up_at=NOON, failure="refused 550"),
    "check:disk": lambda scene: done(scene, signals.CHECK, NOON, found={"disk": 2, "copies": 1, "clock": 0}),
}


@pytest.mark.parametrize("key", CASES)
@pytest.mark.requirement("R67")
def test_what_is_wrong_is_bad_and_nothing_else(scene: Running, key: str) -> None:
    before = bad(scene, NOON)
    CASES[key](scene)
    assert bad(scene, NOON) - before == {key}


def test_what_is_in_time_is_well(scene: Running) -> None:
    beat(scene, Watched.ANSWERS, NOON - timedelta(seconds=90))
    done(scene, "release", NOON - timedelta(hours=1, minutes=50))
    mail(scene, NOON - timedelta(minutes=29))
    mail(scene, NOON - timedelta(days=2), given_up_at=NOON - timedelta(hours=25), failure="refused 550")
    mail(scene, NOON - timedelta(hours=3), given_up_at=NOON, failure="no address")
    assert bad(scene, NOON) == set()


def test_what_failed_in_a_row_is_bad_until_it_succeeds(scene: Running) -> None:
    with scene.store.unit_of_work(System()) as session:
        heartbeats.failed(session, Watched.BACKUP, NOON, timedelta(minutes=15), "no room")
    assert "failures:backup" in bad(scene, NOON, failing=True)
    beat(scene, Watched.BACKUP, NOON, timedelta(minutes=15))
    assert "failures:backup" not in bad(scene, NOON, failing=True)
    assert "failures:chain" in bad(scene, NOON, failing=True), "it never ran"


def test_administrators_alone_read_them_and_not_the_length_of_the_journal(scene: Running) -> None:
    with pytest.raises(NotPermitted):
        signals.seen(scene.store, scene["bruno"], NOON)
    found = {reading.signal for reading in signals.seen(scene.store, scene["ada"], NOON)}
    assert signals.SIZE in found
    assert signals.JOURNAL not in found


@pytest.fixture
def keeper(scene: Running) -> Timetable:
    """A timetable that leads, whose clock moves on by more than a pause at each look."""
    return Timetable(scene.store, LeaseCandidate("one"), monotonic=itertools.count(0, 100).__next__)


def looked(keeper: Timetable, *times: timedelta, job: TimetableJob | None = None) -> None:
    """It ticks so long after noon."""
    for time in times:
        with clock.at(NOON + time):
            keeper.beat()
            keeper.tick([job] if job else signals.JOBS)


def told(scene: Running) -> list[str]:
    by = scene["ada"]
    with scene.store.reading(by) as session:
        found = [each.message for each in inbox.messages(session, by)]
    return [message.key.rpartition(":")[0].split(":20")[0] for message in found if message.kind == "installation"]


@pytest.mark.requirement("R45")
def test_an_administrator_is_told_when_it_becomes_bad_once_a_day_and_not_when_it_is_well(
    scene: Running, keeper: Timetable
) -> None:
    beat(scene, Watched.ANSWERS, NOON - timedelta(minutes=1))
    looked(keeper, timedelta(0))
    assert told(scene) == []
    minutes = (6, 11, 16, 60 * 23)
    looked(keeper, *(timedelta(minutes=each) for each in minutes))
    assert told(scene) == ["signal:silent:answers"]
    looked(keeper, timedelta(hours=25))
    assert told(scene) == ["signal:silent:answers"] * 2, "still silent after a day"
    beat(scene, Watched.ANSWERS, NOON + timedelta(hours=26))
    looked(keeper, timedelta(hours=26), timedelta(hours=26, minutes=20))
    assert told(scene) == ["signal:silent:answers"] * 3, "well, and silent anew"


def test_the_timetable_that_looks_is_not_silent(scene: Running, keeper: Timetable) -> None:
    beat(scene, Watched.TIMETABLE, NOON - timedelta(days=1))
    looked(keeper, timedelta(0))
    assert told(scene) == []


def test_an_alert_is_handed_over_until_it_is_taken_under_the_same_identifier(scene: Running, keeper: Timetable) -> None:
    tries: list[signals.AlertNotice] = []

    def post(notice: signals.AlertNotice) -> None:
        tries.append(notice)
        if len(tries) < 3:
            raise MusterError("The webhook of alerts answered {status}.", status=503)

    beat(scene, Watched.ANSWERS, NOON - timedelta(minutes=10))
    looked(keeper, timedelta(0))
    with scene.store.unit_of_work(System()) as session, clock.at(NOON):
        tell(session, To(roles=frozenset({Role.ADMINISTRATOR})), MessageKind.BACKUP_FAILED, "/x", key="b", by=System())
        tell(session, To.those(scene["bruno"].account_id), MessageKind.POSTED, "/inbox", key="p", by=System())
    looked(keeper, *(timedelta(minutes=each) for each in range(1, 8)), job=signals.notices(post))
    assert sorted({notice.alert for notice in tries}) == ["backup_failed", "silent"]
    assert len(tries) == 4
    assert len({notice.id for notice in tries}) == 2
    assert "answers" not in json.dumps([*map(str, tries)])
