"""The catalogue of key figures of an operation with 20,000 reports, as of any entry against now."""

import statistics
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import select

from operations.core import clock, history, journal, pulse
from operations.core.people import System
from operations.core.schema import upgrade
from operations.core.store import Store, open_store
from operations.core.vocabulary import Classification, Level, ReportKind
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.figures.derived_figures import disclosed_value
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.policing.reports.reports import Report
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.totals import checkpoints
from scenarios import generator
from scenarios.generator import GeneratedOperation
from tests.bench.conftest import Ledger
from tests.bench.test_board import COUNTRIES
from tests.cpu_time import spent
from tests.people import actor

ACTS = ("report.submit", "report.verify", "report.validate")
OF_REPORTS = ("K07", "K12", "K34", "K35", "K35 b", "K36")


def climbing(store: Store, scene: GeneratedOperation, reports: int, patch: pytest.MonkeyPatch) -> tuple[int, int]:
    """So many reports that came in one after another and climbed, each step with an entry; the first and the last.

    Straight into the tables. The generator's own entry tells of their totals alone.
    """
    made_up, chance = generator._report, Random(5)
    patch.setattr(history, "note", lambda *_row: None)
    patch.setattr(generator, "_report", lambda *of: made_up(*of) | {"kind": chance.choice(list(ReportKind)[:2]).value})
    report, entry, step = (_table(each) for each in (Report, journal.Entry, history.RowStep))
    generator.fill(store, scene, reports * 5, seed=3, lines_per_report=5)
    with store.unit_of_work(System()) as session:
        last, connection = journal.pulse(session), session.connection()
        made = connection.execute(sa.select(report.c.id, report.c.country, report.c.level, report.c.received_at)).all()
        told: list[tuple[datetime, int, UUID, str]] = []
        for ident, country, level, at in made:
            for reached in range(1, level + 1):
                told.append((at, reached, ident, country))
                at += timedelta(minutes=chance.randint(5, 5_000))
        entries, steps = [], []
        for seq, (at, reached, ident, country) in enumerate(sorted(told), start=last + 1):
            entries.append(
                {
                    "seq": seq,
                    "at": at,
                    "actor_id": None,
                    "actor_name": "Bench",
                    "country": country,
                    "act": ACTS[reached - 1],
                    "object_kind": "report",
                    "object_id": ident,
                    "operation_id": scene.operation,
                    "outcome": "done",
                    "detail": {},
                    "prev_hash": "0",
                    "hash": "0",
                }
            )
            content = {"level": reached, "counted": True}
            of = {"operation_id": scene.operation, "kind": report.name, "seq": seq, "n": 0}
            steps.append(of | {"key": str(ident), "content": content})
        connection.execute(entry.insert(), entries)
        connection.execute(step.insert(), steps)
        connection.execute(_table(journal.Head).update().values(seq=last + len(told)))
        heard = _table(pulse.Heard)
        connection.execute(heard.update().where(heard.c.operation_id == scene.operation).values(seq=last + len(told)))
        checkpoints.checkpoint(session, scene.operation, whole=True)
    return last + 1, last + len(told)


def _table(model: Any) -> sa.Table:
    table: sa.Table = model.__table__
    return table


@pytest.mark.parametrize("reports", [20_000])
def test_the_catalogue_of_any_entry(
    database_url: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, reports: int
) -> None:
    store = open_store(database_url)
    upgrade(store)
    scene = generator.an_operation(store, COUNTRIES, sites_per_country=5, days=20)
    first, last = climbing(store, scene, reports, monkeypatch)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    by, size = actor("ana", scene.operation), f"{store.url.get_backend_name()}, {reports:,} reports"

    def catalogue(at: int | None) -> dict[str, MeasuredValue]:
        frame = BoardFrame(scene.operation, "UTC", Classification.FOR_OFFICIAL_USE, level=Level.V1, at=at)
        with store.reading(by) as session:
            asked = FigureRequest(session, frame, by, read_board(session, frame, by))
            return {kpi: disclosed_value(each, asked) for kpi, each in COMPUTED_FIGURES.items()}

    places = {"now": None, "the last": last} | {
        f"{part} of 4": first + (last - first) * part // 4 for part in (1, 2, 3)
    }
    ledger.note("catalogue, the first in a process, CPU", size, spent(partial(catalogue, None)) * 1000, "ms", 1)
    for where, at in places.items():
        catalogue(at)
        times = [spent(partial(catalogue, at)) * 1000 for _ in range(7)]
        ledger.note(f"catalogue of an entry: {where}, CPU", size, statistics.median(times), "ms", 7)
    with store.reading(System()) as session:
        moment = session.exec(select(journal.Entry.at).where(journal.Entry.seq == last)).one()
    with clock.at(moment):  # how long something has waited by then
        now = catalogue(None)
    then = catalogue(last)
    assert [now[kpi] for kpi in OF_REPORTS] == [then[kpi] for kpi in OF_REPORTS]
    store.dispose()
