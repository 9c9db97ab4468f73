"""A board of many days reads the latest of them, and shows the small trends that all days would give."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from dashboard.parts.figure_words import SPARK_DAYS, spark_days
from operations.core.schema import upgrade
from operations.core.store import open_store
from operations.core.vocabulary import Classification, Level
from operations.measures import board
from operations.measures.board import by_day, read_board
from operations.measures.guard import Frame
from operations.measures.kpis import COUNTED
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


@pytest.mark.one_storage("which days are read; that both storages read the same is tested with the board")
@pytest.mark.parametrize("level", [Level.V1, Level.V3])
@pytest.mark.parametrize("country", [None, "NER"])
def test_small_trends_are_those_of_all_days(scene, level, country):
    store, made = scene
    frame = Frame(made.operation, "UTC", Classification.FOR_OFFICIAL_USE, level=level, country=country)
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
