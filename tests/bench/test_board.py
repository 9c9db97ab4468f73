"""The board's query with 10,000 and 1,000,000 lines behind it: totals against grouping the lines themselves."""

import pytest
from sqlalchemy import func
from sqlmodel import select

from operations.core.people import System
from operations.core.schema import upgrade
from operations.core.store import open_store, unscoped
from operations.core.vocabulary import Classification
from operations.measures.board import by_country, by_day, read_board
from operations.measures.guard import Frame
from operations.measures.kpis import Kpi
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
    frame = Frame(scene.operation, "UTC", Classification.FOR_OFFICIAL_USE)
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
