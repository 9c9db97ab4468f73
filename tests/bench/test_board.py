"""The board with 10,000 and 1,000,000 lines behind it, against grouping the lines themselves; and how it grows with the
days and countries of its operation.
"""

import statistics
import time
from dataclasses import replace

import pytest
from sqlalchemy import event, func
from sqlmodel import select

from geodata.ground import sites as bundled
from operations.catalogue.kpis import Kpi
from operations.core.people import Actor, System
from operations.core.schema import upgrade
from operations.core.store import open_store, unscoped
from operations.core.vocabulary import Classification
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import by_country, by_day, read_board
from operations.policing.reports.reports import Line, Report
from scenarios import generator
from tests.bench.conftest import Ledger
from tests.people import actor

COUNTRIES = [
    *("ARG", "BRA", "CAN", "CHL", "COL", "ECU", "MEX", "PER", "USA", "VEN"),
    *("ESP", "FRA", "DEU", "ITA", "GBR", "MAR", "DZA", "EGY", "NGA", "ZAF"),
    *("KEN", "ETH", "IND", "PAK", "TUR", "IRN", "CHN", "RUS", "IDN", "AUS"),
]


@pytest.mark.parametrize("lines", [10_000, 1_000_000])
def test_the_board_is_as_fast_with_a_million_lines(database_url: str, ledger: Ledger, lines: int) -> None:
    store = open_store(database_url)
    upgrade(store)
    scene = generator.an_operation(store, COUNTRIES, sites_per_country=5, days=20)
    generator.fill(store, scene, lines=lines, seed=7)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")  # what a database does by itself in time: grouping gets a fair plan
    frame = BoardFrame(scene.operation, "UTC", Classification.FOR_OFFICIAL_USE)
    lena = actor("lena")
    size = f"{store.url.get_backend_name()}, {lines:,} lines"

    def board() -> None:
        with store.reading(lena) as session:
            read_board(session, frame, lena)

    def whole_screen() -> None:
        with store.reading(lena) as session:
            read_board(session, frame, lena)
            by_country(session, frame, Kpi.ARRESTS, lena)
            by_day(session, frame, Kpi.ARRESTS, lena)

    def grouping() -> None:
        with store.reading(System()) as session:
            session.exec(
                unscoped(
                    select(
                        Line.kind,
                        Line.check_kind,
                        Line.database,
                        Line.offence,
                        Line.status,
                        Report.level,
                        func.count(),
                        func.sum(Line.quantity),
                    )
                    .join(Report, Line.version_id == Report.id)  # type: ignore[arg-type]
                    .where(Line.operation_id == scene.operation)
                    .group_by(Line.kind, Line.check_kind, Line.database, Line.offence, Line.status, Report.level)
                )
            ).all()

    fast = ledger.median_ms("board from totals", size, board, trials=15)
    ledger.median_ms("board, countries and days from totals", size, whole_screen, trials=15)
    slow = ledger.median_ms("GROUP BY over the lines", size, grouping, trials=3)
    ledger.note("GROUP BY against totals", size, slow / fast, "times")
    store.dispose()


@pytest.mark.parametrize(("days", "countries"), [(14, 9), (365, 9), (14, 100), (365, 100)])
def test_the_board_of_a_long_operation_of_many(database_url: str, ledger: Ledger, days: int, countries: int) -> None:
    store = open_store(database_url)
    upgrade(store)
    known = sorted(code for code, count in bundled.sites()["iso3"].value_counts().items() if count)[:countries]
    scene = generator.an_operation(store, known, sites_per_country=1, days=days)
    generator.fill(store, scene, lines=60_000, seed=7)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    frame = BoardFrame(scene.operation, "UTC", Classification.FOR_OFFICIAL_USE)
    backend = store.url.get_backend_name()
    clock, unit = (time.thread_time, "ms of CPU") if backend == "sqlite" else (time.perf_counter, "ms")
    size, totals = f"{backend}, {days} days, {countries} countries", list[str]()

    def read_totals(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if " total.records" in statement:
            totals.append(statement)

    event.listen(store.engine, "before_cursor_execute", read_totals)
    for who, by in (
        ("leadership", actor("lena")),
        ("an analyst", replace(actor("dov"), operations=frozenset({scene.operation}))),
    ):

        def board(by: Actor = by) -> None:
            with store.reading(by) as session:
                read_board(session, frame, by)

        def charts(by: Actor = by) -> None:
            with store.reading(by) as session:
                by_country(session, frame, Kpi.ARRESTS, by)
                by_day(session, frame, Kpi.ARRESTS, by)

        for what, run in (("board", board), ("charts of all days and countries", charts)):
            run()
            totals.clear()
            run()
            ledger.note(f"{what} for {who}: questions for totals", size, len(totals), "questions")
            spent = []
            for _trial in range(15):
                begun = clock()
                run()
                spent.append((clock() - begun) * 1000)
            ledger.note(f"{what} for {who}", size, statistics.median(spent), unit, len(spent))
    store.dispose()
