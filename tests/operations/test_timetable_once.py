"""Each effect exactly once: 10,000 ticks, four candidates, kills at six points, clocks that jump and change."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.core import clock
from operations.core.people import System
from operations.core.store import Store
from operations.timetable import lease
from operations.timetable.effects import DueEffect, Effect, Outcome, TimetableJob, every
from operations.timetable.lease import LeaseCandidate, Superseded
from operations.timetable.runner import POINTS, Timetable
from tests.prepared_databases import empty_store

pytestmark = pytest.mark.both_storages

BEGINS = datetime(2026, 10, 19, 12, 0, tzinfo=UTC)  # clocks in Paris go back on the 25th
PARIS = "Europe/Paris"
QUARTER = timedelta(minutes=15)


class Killed(BaseException):
    """The process is gone: nothing after this line of it happens."""


def paris_nights(since: datetime, moment: datetime) -> Iterator[datetime]:
    """Half past two of every night in Paris, one of which has it twice."""
    day = date(2026, 10, 18)
    while day < date(2026, 11, 8):
        at, _next = clock.day_bounds(day, PARIS, time(2, 30))
        if since <= at <= moment:
            yield at
        day += timedelta(days=1)


def hourly(since: datetime, moment: datetime) -> Iterator[datetime]:
    """Forty minutes past every hour, as single appointments: none of them may be left out."""
    for number in range(24 * 20):
        at = BEGINS + timedelta(hours=number, minutes=40)
        if since <= at <= moment:
            yield at


def _writes(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    """What a job does, in a table that would take it twice."""
    values = {"job": due.job, "due": due.due.isoformat()}
    session.connection().execute(sa.text("INSERT INTO ledger (job, due) VALUES (:job, :due)"), values)
    return {}


def _nights(_session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    return [DueEffect("night", at, at) for at in paris_nights(since, moment)]


def _hours(_session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    return [DueEffect("hour", at, at) for at in hourly(since, moment)]


JOBS = (
    TimetableJob("night", _nights, _writes),
    TimetableJob("hour", _hours, _writes),
    TimetableJob("q", every("q", QUARTER), _writes),
)


class House:
    """Four processes on one database, with the hour and the running of time told to them."""

    def __init__(self, store: Store, chance: random.Random) -> None:
        self.store, self.chance = store, chance
        self.moment, self.monotonic, self.latest = BEGINS, 0.0, BEGINS
        self.kill_at: str | None = None
        self.kills: Counter[str] = Counter()
        self.leads: set[int] = set()
        self._made = 0
        self.processes = [self._new() for _number in range(4)]
        with store.engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE ledger (job TEXT, due TEXT)"))

    def _new(self) -> Timetable:
        self._made += 1
        candidate = LeaseCandidate(f"process {self._made}", lambda: self.monotonic)
        return Timetable(self.store, candidate, self._watch, lambda: self.monotonic)

    def _watch(self, point: str) -> None:
        if point == self.kill_at:
            self.kills[point] += 1
            self.kill_at = None
            raise Killed

    def tick(self, number: int) -> None:
        process = self.processes[number]
        with clock.at(self.moment):
            try:
                fence = process.beat()
                if fence is not None:
                    self.leads.add(fence)
                    process.tick(JOBS)
                    self.latest = max(self.latest, self.moment)
            except Killed:
                self.processes[number] = self._new()

    def settle(self) -> None:
        """Ticks of everybody until nothing is left to be done."""
        self.kill_at = None
        self.moment = max(self.moment, self.latest)
        for turn in range(40):
            self.monotonic += 5
            self.tick(turn % 4)

    def written(self) -> Counter[tuple[str, str]]:
        with self.store.engine.connect() as connection:
            return Counter(tuple(row) for row in connection.execute(sa.text("SELECT job, due FROM ledger")))


@pytest.fixture(autouse=True)
def _without_ledger(request: pytest.FixtureRequest) -> Iterator[None]:
    """The table of `House` goes with its test: prepared databases get back their rows, not their tables."""
    store = request.getfixturevalue("store") if "store" in request.fixturenames else None
    yield
    if store is not None:
        with store.engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE IF EXISTS ledger"))


def live_through(store: Store, ticks: int, seed: int, step: timedelta) -> House:
    """Many ticks of four candidates, most often of the leader, with everything that can go wrong."""
    chance, points = random.Random(seed), cycle(POINTS)
    house = House(store, chance)
    jumps = {ticks // 5: 2, ticks // 5 * 2: -2, ticks // 5 * 3: -2, ticks // 5 * 4: 2}
    for number in range(ticks):
        house.moment += step * chance.uniform(0.2, 1.8) + timedelta(days=jumps.get(number, 0))
        house.monotonic += chance.uniform(1, 8)
        if house.kill_at is None and chance.random() < 0.05:
            house.kill_at = next(points)
        leading = next((place for place, each in enumerate(house.processes) if each.candidate.fence is not None), 0)
        house.tick(leading if chance.random() < 0.6 else chance.randrange(4))
    house.settle()
    return house


def judge(house: House) -> None:
    written = house.written()
    twice = {key: count for key, count in written.items() if count > 1}
    assert twice == {}
    for job, times in (("night", paris_nights), ("hour", hourly)):
        wanted = {at.isoformat() for at in times(BEGINS, house.latest)}
        assert {due for name, due in written if name == job} == wanted
    last = (house.moment - datetime.fromtimestamp(0, tz=UTC)) // QUARTER * QUARTER + datetime.fromtimestamp(0, tz=UTC)
    assert ("q", last.isoformat()) in written
    with house.store.reading(System()) as session:
        noted = Counter((effect.job, effect.due.isoformat()) for effect in session.exec(select(Effect)))
        fences = session.exec(select(Effect.fence).order_by(col(Effect.done_at))).all()
    assert noted == written
    assert set(fences) <= house.leads
    assert set(house.kills) == set(POINTS)


@pytest.mark.parametrize("ticks", [1_000, pytest.param(10_000, marks=pytest.mark.rest)])
@pytest.mark.requirement("R65")
def test_thousands_of_ticks(tmp_path: Path, ticks: int) -> None:
    store = empty_store(tmp_path)
    house = live_through(store, ticks, seed=7, step=timedelta(minutes=10_000 // ticks))
    judge(house)
    assert sum(house.kills.values()) > ticks // 100
    assert len(house.leads) > ticks // 200
    store.dispose()


def test_the_same_on_each_storage(store: Store) -> None:
    judge(live_through(store, 300, seed=11, step=timedelta(minutes=40)))


@pytest.mark.requirement("R65")
def test_a_leader_that_slept_changes_nothing_after_another_took_over(store: Store) -> None:
    ticking = [0.0]
    slow, quick = (LeaseCandidate(name, lambda: ticking[0]) for name in ("slow", "quick"))

    def keep(candidate: LeaseCandidate) -> int | None:
        with store.unit_of_work(System()) as session:
            return candidate.keep(session, BEGINS)

    first = keep(slow)
    assert first == 1
    assert keep(quick) is None
    ticking[0] += lease.LEASE - 0.1
    assert keep(quick) is None
    ticking[0] += 0.2
    assert keep(quick) == 2
    with store.unit_of_work(System()) as session, pytest.raises(Superseded):
        lease.hold(session, first)
    asleep = Timetable(store, slow)
    with clock.at(BEGINS + QUARTER):
        assert asleep.tick(JOBS) == 0
    assert slow.fence is None
    assert keep(slow) is None


def test_a_leader_that_leaves_is_followed_at_once(store: Store) -> None:
    one, other = (Timetable(store, LeaseCandidate(name)) for name in ("one", "other"))
    with clock.at(BEGINS):
        assert (one.beat(), other.beat()) == (1, None)
        one.leave()
        assert other.beat() == 2


def test_what_fails_is_told_and_tried_again_and_holds_nothing_up(store: Store) -> None:
    ticking, told = [0.0], []
    broken = [True]

    def maybe(_store: Store, _due: DueEffect, _moment: datetime) -> None:
        if broken[0]:
            raise OSError("disk full")

    def failed(_session: Session, due: DueEffect, _moment: datetime, error: Exception) -> None:
        told.append((due.job, str(error)))

    def nothing(_session: Session, _due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
        return {}

    jobs = (
        TimetableJob("broken", every("broken", QUARTER), nothing, maybe, failed),
        TimetableJob("sound", every("sound", QUARTER, timedelta(seconds=1)), nothing),
    )
    running = Timetable(store, LeaseCandidate("one"), monotonic=lambda: ticking[0])
    with clock.at(BEGINS):
        running.beat()
    with clock.at(BEGINS + QUARTER + timedelta(seconds=2)):
        assert running.tick(jobs) == 1
        assert running.tick(jobs) == 0
        assert told == [("broken", "disk full")]
        ticking[0], broken[0] = 61, False
        assert running.tick(jobs) == 1


@pytest.mark.requirement("R66")
def test_after_a_stop_single_appointments_are_made_up_for_and_periods_are_one(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE ledger (job TEXT, due TEXT)"))
    running = Timetable(store, LeaseCandidate("one"))
    with clock.at(BEGINS):
        running.beat()
        running.tick(JOBS)
    with clock.at(BEGINS + timedelta(hours=10)):
        assert running.tick(JOBS) == 10 + 1
    with store.reading(System()) as session:
        late = session.exec(select(Effect.outcome).where(Effect.job == "hour").order_by(col(Effect.due))).all()
    assert [each.get("late") for each in late] == [560 - 60 * number for number in range(10)]
    with store.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE ledger"))
