"""What a decision on a release costs over the days of an operation of 33 countries, and how old what is shown.

Then how old numbers of persons are to leadership in an operation of 2,000 persons a day, as its screens say.
"""

import bisect
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core import clock, journal
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.schema import upgrade
from operations.core.store import open_store
from operations.core.vocabulary import Classification, Level, LineKind
from operations.disclosure.suppression import BoardFrame
from operations.figures.release_ages import release_ages
from operations.figures.releases import decision, guarded_counts
from operations.policing.operation.plan import Operation
from operations.totals import activity, totals
from operations.totals.totals import CountedLine, Facet
from tests.bench.conftest import Ledger
from tests.makers import START, Running, put_cast, running

COUNTRIES = [f"{one}{two}X" for one in "ABCDEF" for two in "ABCDEF"][:33]
DAYS = 60
MEASURED = (15, 30, 45, 60)
NEAR = 5
"""Of so many days before the median is told: what a day brings differs."""
FACET = Facet(LineKind.MIGRANT_DETECTION, "operational")


class _Days:
    """Every country reports 0 to 3 times a day; seven reports of ten climb a level each day."""

    def __init__(self, scene: Running) -> None:
        self.scene, self.dice = scene, random.Random(5)
        self.waiting: list[tuple[UUID, CountedLine, int]] = []

    def day(self, day: int) -> None:
        at = START + timedelta(days=day)
        with clock.at(at + timedelta(hours=12)), self.scene.store.unit_of_work(System()) as session:
            self._climb(session, 0.7)
            for country in COUNTRIES:
                for _ in range(self.dice.choice((0, 1, 1, 2, 3))):
                    of = (at - timedelta(days=self.dice.choice((0, 0, 1)))).date().isoformat()
                    if many := self.dice.choice((0, 1, 3, 8, 15, 40, 120)):
                        report, line = (
                            new_id(),
                            CountedLine(self.scene.operation, country, UUID(int=1), of, FACET, many),
                        )
                        totals.move(session, [line], into=Level.V1)
                        self._record(session, country, report)
                        self.waiting.append((report, line, 1))

    def _climb(self, session: Any, chance: float) -> None:
        """Verify or validate each report that waits, with this chance."""
        for each in [each for each in self.waiting if self.dice.random() < chance]:
            self.waiting.remove(each)
            report, line, level = each
            totals.move(session, [line], out_of=Level(level), into=Level(level + 1))
            self._record(session, line.country, report)
            if level < 2:
                self.waiting.append((report, line, level + 1))

    def _record(self, session: Any, country: str, report: UUID) -> None:
        journal.record(
            session,
            System(),
            "report.verify",
            "report",
            new_id(),
            operation=self.scene.operation,
            country=country,
            report=str(report),
        )


def test_a_decision_for_33_countries(tmp_path: Any, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    upgrade(store)
    put_cast(store)
    days = _Days(running(store))
    with store.unit_of_work(System()) as session:
        for country in COUNTRIES:
            activity.expect_country(session, days.scene.operation, country, True)
        journal.record(session, System(), "operation.edit", "operation", new_id(), operation=days.scene.operation)
    every = decision.audiences
    monkeypatch.setattr(decision, "audiences", lambda operation: every(operation)[:1])
    monkeypatch.setattr(guarded_counts, "GUARDED", (Kpi.DETECTIONS,))
    stood: dict[str, int] = {}
    ages, sums, times = [], 0, []
    for day in range(DAYS):
        days.day(day)
        at = START + timedelta(days=day, hours=20)
        with clock.at(at), store.reading(System()) as session:
            begins = time.process_time()
            decided = decision.decide(session, session.get_one(Operation, days.scene.operation))
            times.append(time.process_time() - begins)
        with clock.at(at), store.unit_of_work(System()) as session:
            decision.record(session, decided)
        sums += bool(decided.made)
        for made in decided.made:
            stood |= {name: day for name, seq in made.content.get("at", {}).items() if seq == decided.state}
        ages += [day - stood[name] for name in stood if name in COUNTRIES]
        if day + 1 in MEASURED:
            took = statistics.median(times[-NEAR:])
            ledger.note("releases: a decision", f"33 countries, until day {day + 1}", took, "CPU s", NEAR)
    ledger.note("releases: days whose sum went out", f"33 countries, {DAYS} days", sums, "days")
    ledger.note(
        "releases: age of a country's number", f"33 countries, {DAYS} days", statistics.median(ages), "days", len(ages)
    )
    store.dispose()


WIDE = [f"{one}{two}Y" for one in "ABCDEFGHIJKLMN" for two in "ABCDEFGHIJKLMN"]
REPORTED = 10_000
PERSONS = (1, 3, 8, 15, 40, 120)
GUARDED = tuple(guarded_counts.GUARDED)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("countries", "days"), [(190, 365)])
def test_a_decision_on_a_wide_operation(tmp_path: Any, ledger: Ledger, countries: int, days: int) -> None:
    """10,000 reports of every guarded figure, of which no release tells anything yet, and four more hours.

    Both audiences the first time, and leadership in each hour after that, as the timetable decides.
    """
    store = open_store(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    upgrade(store)
    put_cast(store)
    wide = _Wide(running(store), WIDE[:countries])
    for day in range(days):
        wide.reports(timedelta(days=day), REPORTED // days)
    size = f"{countries} countries, {days} days, {REPORTED:,} reports"
    for hour in range(5):
        at = timedelta(days=days, hours=hour)
        wide.reports(at, 8)
        with clock.at(START + at), store.reading(System()) as session:
            owner, begins = session.get_one(Operation, wide.scene.operation), time.process_time()
            decided = decision.decide(session, owner, all_audiences=not hour)
            took = time.process_time() - begins
        with clock.at(START + at), store.unit_of_work(System()) as session:
            decision.record(session, decided)
        made = Counter(each.scope for each in decided.made)
        told = ", ".join(f"{scope}: {many}" for scope, many in sorted(made.items()))
        which = "the first, both audiences" if not hour else f"leadership, hour {hour}"
        ledger.note(f"releases: a decision on {len(GUARDED)} figures, {which}", size, took, "CPU s", 1, told)
    store.dispose()


class _Wide(_Days):
    """Reports of every guarded figure from any of many countries; eight of ten climb twice in the next days."""

    def __init__(self, scene: Running, countries: list[str]) -> None:
        super().__init__(scene)
        self.countries = countries
        self.facets = [
            Facet(kind, "operational", status="potential" if kind == LineKind.POTENTIAL_VICTIM else "")
            for kind in (CATALOGUE[kpi].lines.kind for kpi in GUARDED)
        ]
        with scene.store.unit_of_work(System()) as session:
            for country in countries:
                activity.expect_country(session, scene.operation, country, True)
            journal.record(session, System(), "operation.edit", "operation", new_id(), operation=scene.operation)

    def reports(self, since: timedelta, many: int) -> None:
        at = START + since
        with clock.at(at + timedelta(minutes=40)), self.scene.store.unit_of_work(System()) as session:
            self._climb(session, 0.5)
            for _ in range(many):
                report, country, persons = new_id(), self.dice.choice(self.countries), self.dice.choice(PERSONS)
                facet = self.dice.choice(self.facets)
                line = CountedLine(self.scene.operation, country, UUID(int=1), at.date().isoformat(), facet, persons)
                totals.move(session, [line], into=Level.V1)
                self._record(session, country, report)
                if self.dice.random() < 0.8:
                    self.waiting.append((report, line, 1))


COMMON = COUNTRIES[:12]
BUSY_DAYS, HOURS, REPORTS = 3, (6, 24), (5, 6, 7)
"""A hundred reports of 20 persons in the mean a day, in these hours; each climbs a level after CLIMBS hours."""
CLIMBS = (2, 6)
LOOKS = (20, 50)
"""Minutes past the hour at which leadership looks; the timetable decides on the hour."""


class _Hours(_Days):
    """An operation of 12 countries in which 2,000 persons a day are found, entry by entry."""

    def __init__(self, scene: Running) -> None:
        super().__init__(scene)
        self.persons = 0
        self.due: list[tuple[timedelta, int, UUID, CountedLine, int]] = []

    def report(self, begins: timedelta) -> None:
        """The reports of an hour arrive at any minute of it."""
        if HOURS[0] <= begins.seconds // 3600 < HOURS[1]:
            day = (START + begins).date().isoformat()
            for _ in range(self.dice.choice(REPORTS)):
                persons = self.dice.choice((1, 2, 4, 8, 12, 15, 20, 30, 40, 68))
                line = CountedLine(self.scene.operation, self.dice.choice(COMMON), UUID(int=1), day, FACET, persons)
                self._wait(begins + timedelta(minutes=self.dice.uniform(0, 60)), new_id(), line, 0)
                self.persons += persons

    def _wait(self, at: timedelta, report: UUID, line: CountedLine, level: int) -> None:
        bisect.insort(self.due, (at, len(self.due), report, line, level), key=lambda each: each[0])

    def happen(self, until: timedelta) -> None:
        """Each report that is due arrives or climbs."""
        for at, report, line, level in self.moves(until):
            with clock.at(START + at), self.scene.store.unit_of_work(System()) as session:
                totals.move(session, [line], out_of=Level(level), into=Level(level + 1))
                self._record(session, line.country, report)

    def moves(self, until: timedelta) -> Iterator[tuple[timedelta, UUID, CountedLine, int]]:
        """When each report that is due leaves which level for the next."""
        while self.due and self.due[0][0] < until:
            at, _number, report, line, level = self.due.pop(0)
            yield at, report, line, level
            if level < 2:
                self._wait(at + timedelta(hours=self.dice.uniform(*CLIMBS)), report, line, level + 1)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("often", [decision.OFTEN, 0], ids=["hourly", "daily"])
def test_age_of_numbers_in_an_operation_of_2000_persons_a_day(
    tmp_path: Any, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, often: int
) -> None:
    """Once an hour, and once a day as after the first hundred releases."""
    store = open_store(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    upgrade(store)
    put_cast(store)
    hours = _Hours(running(store))
    scene = hours.scene
    with store.unit_of_work(System()) as session:
        for country in COMMON:
            activity.expect_country(session, scene.operation, country, True)
        journal.record(session, System(), "operation.edit", "operation", new_id(), operation=scene.operation)
    every = decision.audiences
    monkeypatch.setattr(decision, "audiences", lambda operation: every(operation)[:1])
    monkeypatch.setattr(guarded_counts, "GUARDED", (Kpi.DETECTIONS,))
    monkeypatch.setattr(decision, "OFTEN", often)
    looked: dict[Level, list[tuple[float, float]]] = defaultdict(list)
    took, made = 0.0, 0
    for hour in range(BUSY_DAYS * 24):
        begins, begun = timedelta(hours=hour), time.process_time()
        with clock.at(START + begins):
            with store.reading(System()) as session:
                owner = session.get_one(Operation, scene.operation)
                decided = decision.decide(session, owner, all_audiences=False)
            with store.unit_of_work(System()) as session:
                decision.record(session, decided)
        made, took = made + len(decided.made), took + time.process_time() - begun
        hours.report(begins)
        for minutes in LOOKS:
            at = begins + timedelta(minutes=minutes)
            hours.happen(at)
            if hour < 24 or not HOURS[0] < begins.seconds // 3600 < HOURS[1]:
                continue
            for level in (Level.V1, Level.V3):
                frame = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=level)
                with clock.at(START + at), store.reading(scene["lena"]) as session:
                    found = release_ages(session, frame, scene["lena"])
                if found is not None:
                    age, longest = ((START + at - since) / timedelta(hours=1) for since in (found.median, found.oldest))
                    looked[level].append((age, longest))
    store.dispose()
    size = f"12 countries, {hours.persons / BUSY_DAYS:,.0f} persons a day"
    size += ", hourly" if often else ", daily"
    ledger.note("releases: all decisions", size, took, "CPU s", BUSY_DAYS * 24, f"{made} releases")
    for level, seen in looked.items():
        when = f"{size}, {level.name}"
        for place, name in enumerate(("median", "90th percentile")):
            half = statistics.median(look[place] for look in seen)
            within = sum(look[place] <= 1 for look in seen) / len(seen)
            note = f"{100 * within:.0f} % of looks within 1 h"
            ledger.note(f"releases: age of numbers of persons, {name}", when, half, "h", len(seen), note)


@pytest.mark.parametrize("level", [Level.V1, Level.V3])
@pytest.mark.parametrize("alone", [True, False], ids=["alone", "column"])
@pytest.mark.parametrize("every", [1, 24], ids=["hourly", "daily"])
def test_least_age_that_eleven_persons_allow(ledger: Ledger, level: Level, alone: bool, every: int) -> None:
    """Numbers that move by eleven or not at all, and no other rule; told at the first hour at which they may be.

    Alone: each number by itself. Column: what a board tells of a country at its levels moves together.
    """
    hours = _Hours(Running(None, UUID(int=1), UUID(int=1), UUID(int=1), {}))  # type: ignore[arg-type]
    held: dict[str, Counter[int]] = {name: Counter() for name in ("", *COMMON)}
    told: dict[str, tuple[int, ...]] = {}
    since: dict[str, int] = {}
    looks: list[list[float]] = []
    for hour in range(BUSY_DAYS * 24):
        for name, of in held.items() if hour % every == 0 else ():
            numbers = _numbers(of, level, alone=alone)
            before = told.get(name, (0,) * len(numbers))
            far = all(now == then or abs(now - then) > 10 for now, then in zip(numbers, before, strict=True))
            if any(numbers) and far and not any(0 < number <= 10 for number in numbers):
                told[name], since[name] = numbers, hour
        hours.report(timedelta(hours=hour))
        for minutes in LOOKS:
            for _at, _report, line, left in hours.moves(timedelta(hours=hour, minutes=minutes)):
                for of in (held[""], held[line.country]):
                    of[left] -= line.quantity
                    of[left + 1] += line.quantity
            if hour >= 24 and HOURS[0] < hour % 24 < HOURS[1] and since:
                looks.append(sorted(hour + minutes / 60 - each for each in since.values()))
    size = f"12 countries, {hours.persons / BUSY_DAYS:,.0f} persons a day, {level.name}"
    size += f", {'hourly' if every == 1 else 'daily'}, {'each alone' if alone else 'a column together'}"
    for part, name in ((0.5, "median"), (0.9, "90th percentile")):
        age = statistics.median(look[int((len(look) - 1) * part)] for look in looks)
        ledger.note(f"releases: least age that can be, {name}", size, age, "h", len(looks))


def _numbers(of: Counter[int], level: Level, *, alone: bool) -> tuple[int, ...]:
    """The numbers of a country from a level up, or all of its column: at, from and below each level."""
    up = [sum(of[each] for each in range(1, 4) if each >= least) for least in (1, 2, 3)]
    return (up[level - 1],) if alone else (*up, of[1], of[2], of[1] + of[2])
