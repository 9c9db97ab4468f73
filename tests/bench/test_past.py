"""A board as of any of 100,000 entries against the live board, and what steps cost whoever submits."""

import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from operations.catalogue.kpis import Kpi
from operations.core import clock, journal, pulse
from operations.core.drafts import parse
from operations.core.people import System
from operations.core.schema import upgrade
from operations.core.store import Store, open_store
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import by_country, by_day, read_board
from operations.figures.breakdowns import breakdowns
from operations.policing.reports import reports
from operations.totals import checkpoints, margins, total_steps, totals
from scenarios import generator
from scenarios.generator import GeneratedOperation
from tests.bench.conftest import Ledger
from tests.bench.test_board import COUNTRIES
from tests.makers import arrest, form, put_cast, running, tally
from tests.people import actor

DAYS = 20
LINES = 5


def lived(store: Store, scene: GeneratedOperation, entries: int) -> tuple[int, int]:
    """Let an operation live through so many entries that move totals, with a checkpoint wherever one is due.

    Straight into the tables; returns the first and the last entry.
    """
    chance = Random(5)
    begins = datetime(2026, 3, 2, tzinfo=UTC)
    stock = [generator._checked(generator.a_line(chance, begins, begins + timedelta(hours=12))) for _ in range(500)]
    with store.reading(System()) as session:
        first = journal.pulse(session)
    cells: dict[Any, list[int]] = {}
    sides: dict[Any, list[int]] = {}
    done = days = 0
    while done < entries:
        with store.unit_of_work(System()) as session:
            rows: dict[sa.Table, list[dict[str, Any]]] = {}
            for _ in range(min(checkpoints.ENOUGH, entries - done)):
                done += 1
                at = begins + timedelta(days=DAYS) * done / entries
                _entry(scene, chance, stock, cells, sides, rows, (first + done, done, at))
            for table, new in rows.items():
                session.connection().execute(table.insert(), new)
            day = timedelta(days=DAYS) * done / entries // timedelta(days=1)
            checkpoints.checkpoint(session, scene.operation, whole=day > days)
            days = max(day, days)
    with store.unit_of_work(System()) as session:
        generator._add_totals(session, scene, cells)
        told = {
            (scene.operation, country, level, *facet, *said): sums
            for (country, level, facet, *said), sums in sides.items()
        }
        margins.add(session, told)
        session.info.clear()
        session.info["actor"] = System()
        heads, heard = (_table(each) for each in (journal.Head, pulse.Heard))
        session.connection().execute(heads.update().values(seq=first + done))
        session.connection().execute(
            heard.update().where(heard.c.operation_id == scene.operation).values(seq=first + done)
        )
    return first + 1, first + done


def _entry(
    scene: GeneratedOperation,
    chance: Random,
    stock: list[Any],
    cells: dict[Any, list[int]],
    known: dict[Any, list[int]],
    rows: dict[sa.Table, list[dict[str, Any]]],
    where: tuple[int, int, datetime],
) -> None:
    seq, number, at = where
    place, level = chance.choice(scene.sites), chance.choice((Level.V1, Level.V2, Level.V3))
    day = (at - timedelta(days=chance.choice((0, 0, 0, 1, 2)))).date().isoformat()
    moved: list[Any] = []
    sides: dict[Any, list[int]] = {}
    for facet, quantity, attributes in chance.choices(stock, k=LINES):
        for dimension, code, many in margins.line_margins(facet.kind, attributes, quantity):
            for of in (sides, known):
                side = of.setdefault((place.country, int(level), tuple(facet), dimension, code), [0, 0])
                side[0] += 1
                side[1] += many
        moved.append(total_steps.packed(place.country, day, str(place.id), int(level), facet, 1, quantity))
        sums = cells.setdefault((place.country, place.id, day, facet, int(level)), [0, 0])
        sums[0] += 1
        sums[1] += quantity
    step = {"operation_id": scene.operation, "seq": seq, "n": 0, "at": at, "country": place.country, "cells": moved}
    step["margins"] = total_steps.packed_margins(sides)
    rows.setdefault(_table(total_steps.TotalStep), []).append(
        step | {"sites": {str(place.id): [place.country, at.isoformat()]}, "countries": {}}
    )
    rows.setdefault(_table(journal.Entry), []).append(
        {
            "seq": seq,
            "at": at,
            "actor_id": None,
            "actor_name": "Bench",
            "country": place.country,
            "act": "report.submit",
            "object_kind": "report",
            "object_id": None,
            "operation_id": scene.operation,
            "outcome": "done",
            "detail": {},
            "prev_hash": "0",
            "hash": "0",
        }
    )
    rows.setdefault(_table(pulse.HeardStep), []).append(
        {"operation_id": scene.operation, "audience": "+", "seq": seq, "number": number, "at": at}
    )


def _of_any(run: Callable[[int | None], None], chance: Random, first: int, last: int) -> None:
    run(chance.randint(first, last))


def _table(model: Any) -> sa.Table:
    table: sa.Table = model.__table__
    return table


@pytest.mark.parametrize("entries", [100_000])
def test_a_board_of_any_entry_against_the_live_board(database_url: str, ledger: Ledger, entries: int) -> None:
    store = open_store(database_url)
    upgrade(store)
    scene = generator.an_operation(store, COUNTRIES, sites_per_country=5, days=DAYS)
    first, last = lived(store, scene, entries)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    lena, ana, size = (
        actor("lena"),
        actor("ana", scene.operation),
        f"{store.url.get_backend_name()}, {entries:,} entries",
    )
    chance = Random(1)

    def board(at: int | None) -> None:
        frame = BoardFrame(scene.operation, "UTC", Classification.FOR_OFFICIAL_USE, at=at)
        with store.reading(lena) as session:
            read_board(session, frame, lena)

    def screen(at: int | None) -> None:
        frame = BoardFrame(scene.operation, "UTC", Classification.FOR_OFFICIAL_USE, at=at)
        with store.reading(lena) as session:
            read_board(session, frame, lena)
            by_country(session, frame, Kpi.ARRESTS, lena)
            by_day(session, frame, Kpi.ARRESTS, lena)

    def breakdown(at: int | None) -> None:
        frame = BoardFrame(scene.operation, "UTC", Classification.FOR_OFFICIAL_USE, at=at)
        with store.reading(ana) as session:
            breakdowns(session, frame, Kpi.DETECTIONS, ana)

    def cpu(run: Callable[[int | None], None], at: Callable[[], int | None], trials: int = 25) -> float:
        """CPU milliseconds of one run, the median: what others do on this machine stays out of it."""
        times = []
        for _ in range(trials):
            begun = time.process_time()
            run(at())
            times.append((time.process_time() - begun) * 1000)
        return statistics.median(times)

    for what, run in (("board", board), ("board, countries and days", screen), ("breakdown", breakdown)):
        ledger.note(f"{what}, live, CPU", size, cpu(run, lambda: None), "ms", 25)
        ledger.note(f"{what}, as of an entry, CPU", size, cpu(run, lambda: chance.randint(first, last)), "ms", 25)
        live = ledger.median_ms(f"{what}, live", size, partial(run, None), trials=15)
        past = ledger.median_ms(f"{what}, as of an entry", size, partial(_of_any, run, chance, first, last), trials=31)
        newest = ledger.median_ms(f"{what}, as of the last", size, partial(run, last), trials=15)
        ledger.note(f"{what}: as of any entry against live", size, past / live, "times")
        ledger.note(f"{what}: as of the last entry against live", size, newest / live, "times")
    with store.reading(lena) as session:
        live_rows = totals.read(session, scene.operation, totals.Grain.DAY)
        frame = BoardFrame(scene.operation, "UTC", Classification.FOR_OFFICIAL_USE)
        now = read_board(session, frame, lena)
        then = read_board(session, BoardFrame(scene.operation, "UTC", Classification.FOR_OFFICIAL_USE, at=last), lena)
    assert {kpi: each.value for kpi, each in now.figures.items() if kpi is not Kpi.COVERAGE} == {
        kpi: each.value for kpi, each in then.figures.items() if kpi is not Kpi.COVERAGE
    }
    with store.reading(ana) as session:
        told_ = [
            breakdowns(
                session, BoardFrame(scene.operation, "UTC", Classification.FOR_OFFICIAL_USE, at=at), Kpi.DETECTIONS, ana
            )
            for at in (None, last)
        ]
    assert told_[0] == told_[1] != []
    ledger.note("day totals behind it", size, len(live_rows), "rows")
    store.dispose()


def _with_margins(store: Store, scene: Any) -> None:
    """A report whose lines say much: nationality, sex, age, how many after a hit."""
    bruno = scene["bruno"]
    said = {"sex": "male", "age_group": "25_59", "nationality": "NGA"}
    lines = [tally(40), arrest(3, after_hit=1, **said), arrest(2, offence="drugs", **said)]
    draft = parse(reports.ReportDraft, form(scene, lines=lines))
    with clock.at(draft.period_to), store.unit_of_work(bruno) as session:
        reports.submit(session, draft, bruno)


def test_margins_in_steps_cost_little(database_url: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same submissions, whose lines say much, with margins in their steps and without, in turns; and the bytes."""
    store = open_store(database_url)
    upgrade(store)
    put_cast(store)
    scene = running(store)
    backend, spent, packed = (
        store.url.get_backend_name(),
        {True: [0.0, 0.0], False: [0.0, 0.0]},
        total_steps.packed_margins,
    )
    for turn in range(-2, 60):
        kept = turn % 2 == 0
        monkeypatch.setattr(total_steps, "packed_margins", packed if kept else lambda _moved: [])
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(20):
            _with_margins(store, scene)
        if turn >= 0:
            spent[kept][0] += time.perf_counter() - wall
            spent[kept][1] += time.process_time() - cpu
    ledger.note(
        "submissions with margins in steps against without", backend, spent[False][0] / spent[True][0], "of the rate"
    )
    ledger.note("the same, CPU of this process", backend, spent[False][1] / spent[True][1], "of the rate")
    with store.reading(System()) as session:
        query = sa.select(_table(total_steps.TotalStep).c.margins, _table(total_steps.TotalStep).c.cells)
        found = [each for each in session.execute(query) if each.margins]
    for name in ("margins", "cells"):
        size = statistics.mean(len(json.dumps(getattr(each, name))) for each in found)
        ledger.note(f"{name} of a step of three lines", backend, size, "bytes", len(found))
    store.dispose()
