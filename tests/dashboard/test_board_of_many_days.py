"""A board of many days reads the latest of them, and shows the small trends that all days would give."""

import re
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import event

from dashboard.parts.figure_text import SPARK_DAYS, spark_days
from operations.catalogue.kpis import COUNTED, Kpi
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.schema import upgrade
from operations.core.store import open_store
from operations.core.vocabulary import Classification, Level
from operations.disclosure.figure_cube import amounts, sums_of
from operations.disclosure.suppression import BoardFrame, at_least, below, country_of, day_of
from operations.figures import board
from operations.figures.board import by_country, by_day, read_board
from operations.totals import total_steps
from operations.totals.totals import Grain
from scenarios import generator
from tests.people import actor

DAYS = 200


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('many') / 'muster.sqlite'}")
    upgrade(store)
    made = generator.an_operation(store, ["NER", "MLI"], sites_per_country=1, days=DAYS)
    for seed in range(12):  # each on a few days, so that most figures have long gaps
        chance = Random(seed)
        begins = made.first_day + timedelta(days=chance.randrange(DAYS - 3))
        part = replace(made, first_day=begins, days=chance.randint(1, 3))
        generator.fill(store, part, lines=16, seed=seed, lines_per_report=4)
    yield store, made
    store.dispose()


@pytest.mark.parametrize("level", [Level.V1, Level.V3])
@pytest.mark.parametrize("country", [None, "NER"])
def test_small_trends_are_those_of_all_days(scene, level, country):
    store, made = scene
    frame = BoardFrame(made.operation, "UTC", Classification.FOR_OFFICIAL_USE, level=level, country=country)
    by = replace(actor("dov"), operations=frozenset({made.operation}))
    with store.reading(by) as session:
        figures = read_board(session, frame, by).figures
        told = {kpi: by_day(session, frame, kpi, by) for kpi in COUNTED}
    assert board.TREND >= SPARK_DAYS
    shown = 0
    for kpi in COUNTED:
        if figures[kpi].released or figures[kpi].hidden:
            continue
        every = tuple((day, count) for day, count, _waiting in told[kpi] if count)
        last = date.fromisoformat(every[-1][0]) if every else made.first_day
        for today in (last, last + timedelta(days=3), last + timedelta(days=90)):
            mine = spark_days(figures[kpi].trend, today.isoformat())
            assert mine == spark_days(every, today.isoformat()), kpi
        shown += len(every) > 1
    assert shown > 2


@pytest.mark.parametrize("name", ["lena", "dov"])
@pytest.mark.requirement("R63")
def test_a_board_asks_for_its_totals_once_and_once_for_each_chart(scene, name):
    store, made = scene
    frame = BoardFrame(made.operation, "UTC", Classification.FOR_OFFICIAL_USE, level=Level.V1)
    by, asked = replace(actor(name), operations=frozenset({made.operation})), list[str]()

    def note(_connection, _cursor, statement, *_more) -> None:
        if re.search(r"\bFROM total\b", statement):
            asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    with store.reading(by) as session:
        read_board(session, frame, by)
        still = [each for each in asked if "total.kind IN" in each]  # all days of figures that stand still
        assert len(asked) - len(still) == 1
        assert len(still) <= 1
        asked.clear()
        by_country(session, frame, Kpi.RAW_HITS, by)
        assert len(asked) == 1
        by_day(session, frame, Kpi.RAW_HITS, by)
        assert len(asked) == 2
    event.remove(store.engine, "before_cursor_execute", note)


@pytest.mark.both_storages
@pytest.mark.parametrize("country", [None, "NER"])
def test_what_the_database_adds_up_is_what_the_rows_come_to(database_url, country):
    store = open_store(database_url)
    upgrade(store)
    made = generator.an_operation(store, ["NER", "MLI"], sites_per_country=1, days=40)
    generator.fill(store, made, lines=900, seed=3)
    days = Grain.DAY if country is None else Grain.COUNTRY_DAY
    with store.reading(System()) as session:
        for grain, side in ((Grain.COUNTRY, country_of), (days, day_of)):
            rows = total_steps.read(session, made.operation, grain, country)
            for kpi, whole in amounts(rows, side).items():
                for level in (Level.V1, Level.V3, Level.VF):
                    places = {place for cells in whole.values() for place in cells}
                    parts = {
                        place: tuple(
                            sum(cells[place] for reached, cells in whole.items() if wanted(level)(reached))
                            for wanted in (at_least, below)
                        )
                        for place in places
                    }
                    assert sums_of(session, made.operation, kpi, grain, level, country) == parts, kpi
        rows, latest = total_steps.with_days(session, made.operation, country, 9)
        assert sorted(rows) == sorted(
            total_steps.read(session, made.operation, Grain.COUNTRY if country else Grain.OPERATION, country)
        )
        every = total_steps.read(session, made.operation, days, country)
        since = date.fromisoformat(max(row.day for row in every)) - timedelta(days=9)
        assert sorted(latest) == sorted(row for row in every if row.day >= since.isoformat())
        assert len(latest) < len(every)
        nothing = total_steps.with_days(session, new_id(), country, 9)
    assert nothing == ([], [])
    store.dispose()
