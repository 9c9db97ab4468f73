"""What a decision on a release costs over the days of an operation of 33 countries, and how old what is shown."""

import random
import statistics
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from operations.catalogue.kpis import Kpi
from operations.core import clock, journal
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.schema import upgrade
from operations.core.store import open_store
from operations.core.vocabulary import Level, LineKind
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
            for each in [each for each in self.waiting if self.dice.random() < 0.7]:
                self.waiting.remove(each)
                report, line, level = each
                totals.move(session, [line], out_of=Level(level), into=Level(level + 1))
                self._record(session, line.country, report)
                if level < 2:
                    self.waiting.append((report, line, level + 1))
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
