"""What a year of a programme costs at some sizes (`scenarios.year`), kept in docs/reference/sizing.csv.

MUSTER_BENCH_TIMES names the sizes as times the demo; the table of docs/reference/sizing.md is made from what is kept by
`tools/reference.py`. Every figure is CPU of a process, so that others on the machine stay out of it, or bytes.
"""

import os
import resource
import shutil
import statistics
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

import operations.tables  # noqa: F401 - rows of all are counted
from dashboard.app import create_app
from dashboard.settings import Settings
from operations.catalogue.kpis import Kpi
from operations.core import clock, journal
from operations.core.people import System
from operations.core.schema import upgrade
from operations.core.store import Store, open_store
from operations.core.vocabulary import Classification
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import by_country, by_day, read_board
from operations.figures.releases import decision
from operations.policing.operation.plan import Operation
from operations.policing.reports import verification
from operations.policing.reports.reports import Report
from scenarios import sizing, year
from scenarios.year import YearSize
from tests.bench import ten_times
from tests.bench.conftest import Ledger
from tests.bench.test_ten_times import ORIGIN, named, rounds
from tests.storages import KEY, PostgresServer

TIMES = [int(each) for each in os.environ.get("MUSTER_BENCH_TIMES", "1,3,10").split(",")]
TICKS = os.sysconf("SC_CLK_TCK")


@pytest.mark.both_storages
@pytest.mark.parametrize("times", TIMES)
def test_a_year(request: pytest.FixtureRequest, database_url: str, ledger: Ledger, times: int) -> None:
    size, store = YearSize.times(times), open_store(database_url, behind=True)
    upgrade(store)
    server = request.getfixturevalue("postgres") if store.url.get_backend_name() == "postgresql" else None
    told: dict[sizing.Measure, float] = {}
    begun, served, logged = time.process_time(), _served(server), _logged(server, store)
    scenes = year.make(store, size)
    told[sizing.Measure.WRITTEN] = (time.process_time() - begun) / size.reports * 1000
    widest = max(scenes, key=lambda scene: len(scene.sites))
    _measure_storage(store, size, server, told, served, logged)
    _measure_readings(store, widest.operation, widest.first_day, widest.days, told)
    _measure_pages(store, widest.operation, server, told)
    told[sizing.Measure.MEMORY] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    for what, value in told.items():
        ledger.note(what.value, f"{store.url.get_backend_name()}, {times} times", value, sizing.UNITS[what])
    _keep(times, size, store.url.get_backend_name(), told)
    store.dispose()


def test_ten_times_in_one_operation(ledger: Ledger, tmp_path: Path) -> None:
    """The operation of `ten_times`, whose 90 countries are in one operation: measured as the widest there is."""
    made, operation = ten_times.made()
    shutil.copy(made, tmp_path / "wide.sqlite")
    store = open_store(f"sqlite:///{tmp_path / 'wide.sqlite'}")
    size = YearSize.times(10)
    told = {sizing.Measure.DISK: float(made.stat().st_size)}
    with store.reading(System()) as session:
        assert len(session.exec(select(Report.id)).all()) == size.reports
    _measure_readings(store, operation, ten_times.FIRST_DAY, ten_times.DAYS, told)
    _measure_pages(store, operation, None, told)
    told[sizing.Measure.MEMORY] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    for what, value in told.items():
        ledger.note(what.value, "SQLite, ten times in one operation", value, sizing.UNITS[what])
    _keep(10, size, "sqlite", told)
    store.dispose()


def _served(server: PostgresServer | None) -> float:
    """CPU seconds of the database server until now, with the sessions that have ended."""
    if server is None:
        return 0.0
    ticks = 0
    for process in (server.process.pid, *server.children()):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15] if process == server.process.pid else fields[11:13]))
    return ticks / TICKS


def _asked(store: Store, question: str) -> Any:
    with store.engine.connect() as connection:
        return connection.exec_driver_sql(question).scalar_one()


def _logged(server: PostgresServer | None, store: Store) -> float:
    return 0.0 if server is None else float(_asked(store, "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"))


def _measure_storage(
    store: Store,
    size: YearSize,
    server: PostgresServer | None,
    told: dict[sizing.Measure, float],
    served: float,
    logged: float,
) -> None:
    if server is None:
        assert store.url.database is not None
        with store.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        told[sizing.Measure.DISK] = Path(store.url.database).stat().st_size
        return
    told[sizing.Measure.SERVED] = (_served(server) - served) / size.reports * 1000
    told[sizing.Measure.LOGGED] = (_logged(server, store) - logged) / size.reports
    told[sizing.Measure.DISK] = _asked(store, "SELECT pg_database_size(current_database())")
    indexes = "SELECT sum(pg_indexes_size(relid)) FROM pg_stat_user_tables"
    told[sizing.Measure.INDEXES] = float(_asked(store, indexes))
    totals = "SELECT pg_total_relation_size('total')"
    told[sizing.Measure.TOTALS] = float(_asked(store, totals))
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _measure_readings(
    store: Store, widest: UUID, first_day: date, days: int, told: dict[sizing.Measure, float]
) -> None:
    by = named(store, "coordinator")
    frame = BoardFrame(widest, "UTC", Classification.FOR_OFFICIAL_USE)

    def board() -> None:
        with store.reading(by) as session:
            read_board(session, frame, by)
            by_country(session, frame, Kpi.ARRESTS, by)
            by_day(session, frame, Kpi.ARRESTS, by)

    board()
    told[sizing.Measure.BOARD] = statistics.median(_spent(board) for _ in range(9)) * 1000
    ended = datetime.combine(first_day, datetime.min.time(), UTC) + timedelta(days=days, hours=12)

    def decide() -> None:
        with clock.at(ended), store.reading(System()) as session:
            decision.decide(session, session.get_one(Operation, widest))

    told[sizing.Measure.RELEASE] = _spent(decide)

    def verify() -> None:
        with store.reading(System()) as session:
            assert journal.verify(session).broken_at is None
            for operation in session.exec(select(Operation.id)).all():
                assert verification.differences(session, operation) == []

    told[sizing.Measure.VERIFIED] = _spent(verify)


def _measure_pages(
    store: Store, widest: UUID, server: PostgresServer | None, told: dict[sizing.Measure, float]
) -> None:
    app = create_app(
        Settings(database_url=store.url.render_as_string(hide_password=False), warm=False, demo=True, key=KEY), store
    )
    with TestClient(app, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False) as client:
        served = _served(server)
        spent = [ms for _path, ms, _kb in rounds(client, store, widest, "coordinator")]
    told[sizing.Measure.PAGE] = statistics.median(spent)
    told[sizing.Measure.PAGES] = statistics.mean(spent)
    if server is not None:
        told[sizing.Measure.PAGE_SERVED] = (_served(server) - served) / (2 * len(spent)) * 1000  # in both languages


def _spent(run: Any) -> float:
    begun = time.process_time()
    run()
    return time.process_time() - begun


def _keep(times: int, size: YearSize, storage: str, told: dict[sizing.Measure, float]) -> None:
    """Replace what was kept of this size and storage."""
    kept = [row for row in sizing.kept() if (row.storage, row.times) != (storage, times)]
    kept += [
        sizing.Measured(storage, times, size.reports, what, round(value, 3), datetime.now(UTC).date().isoformat())
        for what, value in told.items()
    ]
    sizing.keep(kept)
