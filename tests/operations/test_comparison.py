"""What `muster verify` compares: every wrong sum is found, and nothing grows with the number of reports."""

from collections.abc import Sequence
from random import Random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from operations.core import comparison, history
from operations.core.comparison import SumFingerprint, differing
from operations.core.ids import new_id
from operations.core.people import System
from operations.policing.reports import verification
from operations.policing.reports.versions import Line
from operations.totals import checkpoints, total_steps, totals
from tests.makers import Running, arrest, form, send, tally
from tests.operations.steps import climb, correction

Rows = list[tuple[comparison.Key, int, int]]


def compared(*sides: Rows) -> tuple[dict[comparison.Key, Any], int]:
    """What differs, and how often the sides were read."""
    times = []

    def read(tallies: Sequence[SumFingerprint]) -> None:
        times.append(1)
        for tally_, rows in zip(tallies, sides, strict=True):
            for row in rows:
                tally_.add(*row)

    return differing(read, len(sides)), len(times)


def test_sums_are_equal_in_whatever_order_and_parts_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "AT_ONCE", 7)
    chance = Random(4)
    whole: Rows = [(("total", number), chance.randrange(1, 9), chance.randrange(99)) for number in range(300)]
    parts: Rows = [
        each for key, records, quantity in whole for each in ((key, records - 5, -3), (key, 5, quantity + 3))
    ]
    gone: Rows = [(("total", 900), 2, 8), (("total", 900), -2, -8)]
    chance.shuffle(parts)
    assert compared(whole, parts + gone) == ({}, 1)
    wrong = [*parts, (("total", 17), 0, 1), (("total", 901), 1, 0)]
    found, times = compared(whole, parts, wrong)
    at = whole[17][1:]
    assert found == {("total", 17): (at, (at[0], at[1] + 1)), ("total", 901): ((0, 0), (1, 0))}
    assert times == 2


def test_records_and_quantities_that_make_up_for_each_other_are_found() -> None:
    one: Rows = [(("total", "a"), 1, 2), (("total", "b"), 2, 1)]
    other: Rows = [(("total", "a"), 2, 1), (("total", "b"), 1, 2)]
    assert set(compared(one, other)[0]) == {("total", "a"), ("total", "b")}


def lived(scene: Running, reports: int) -> UUID:
    """Reports that climb, are corrected and have a checkpoint between them; the last version."""
    for number in range(reports):
        made = send(scene, form(scene, lines=[arrest(number + 1, sex="female"), tally(10)]))
        made = climb(scene, made.id, "boubacar", "chaima")
        if number == 0:
            send(scene, correction(made, scene, lines=[arrest(4, sex="male")]), by="boubacar")
            with scene.store.unit_of_work(System()) as session:
                checkpoints.checkpoint(session, scene.operation)
    return made.id


def damaged(scene: Running, statement: Any) -> set[tuple[Any, ...]]:
    """The keys that differ after a statement that passes the verbs by."""
    with scene.store.unit_of_work(System()) as session:
        assert verification.differences(session, scene.operation) == []
        session.connection().execute(statement)
        return {key for key, _stored, _other in verification.differences(session, scene.operation)}


@pytest.mark.both_storages
def test_the_questions_do_not_grow_with_the_reports(scene: Running) -> None:
    asked = []
    for reports in (1, 5):
        lived(scene, reports)
        told: list[str] = []
        with scene.store.reading(System()) as session:
            sa.event.listen(
                session.connection(), "before_cursor_execute", lambda *given, told=told: told.append(given[2])
            )
            assert verification.differences(session, scene.operation) == []
            assert history.differences(session, scene.operation) == []
        asked.append(len(told))
    assert asked[0] == asked[1] > 0


@pytest.mark.both_storages
def test_a_line_that_no_verb_wrote_is_found(scene: Running) -> None:
    version = lived(scene, 2)
    line = Line.__table__
    with scene.store.reading(System()) as session:
        of = sa.select(line).where(line.c.version_id == version, line.c.kind == "arrest")
        twin = dict(session.execute(of).mappings().one()) | {"id": new_id(), "position": 9}
    found = damaged(scene, sa.insert(line).values(twin))
    assert {key[1] for key in found if key[0] == "total"} == {*totals.Grain}
    assert {key[-2:] for key in found if key[0] == "total_margin"} >= {("sex", "female")}


@pytest.mark.both_storages
@pytest.mark.parametrize("column", ["cells", "margins"])
def test_a_step_that_no_verb_wrote_is_found(scene: Running, column: str) -> None:
    lived(scene, 2)
    step = total_steps._STEP
    with scene.store.reading(System()) as session:
        told = sa.select(step).where(step.c.operation_id == scene.operation, step.c.country == "NER")
        last = dict(session.execute(told.order_by(step.c.seq.desc()).limit(1)).mappings().one())
    assert last[column]
    empty = {"cells": [], "margins": [], "sites": {}, "countries": {}, "n": 99}
    found = damaged(scene, sa.insert(step).values(last | empty | {column: last[column]}))
    assert {key[0] for key in found} == {"total" if column == "cells" else "total_margin"}


@pytest.mark.both_storages
@pytest.mark.parametrize("part", ["operation", "day", "country", "country_day:NER", "site", "margins"])
def test_a_checkpoint_that_leaves_steps_out_is_found(scene: Running, part: str) -> None:
    """It says that it holds all, and holds what an earlier one holds."""
    lived(scene, 2)
    point, step = total_steps._POINT, total_steps._STEP
    with scene.store.reading(System()) as session:
        wrong = dict(session.execute(sa.select(point).where(point.c.part == part)).mappings().one())
        wrong["seq"] = session.execute(sa.select(sa.func.max(step.c.seq))).scalar_one()
    found = damaged(scene, sa.insert(point).values(wrong))
    named = part.partition(":")[0]
    assert {key[0] if part == "margins" else key[1] for key in found} == {
        "total_margin" if part == "margins" else named
    }
