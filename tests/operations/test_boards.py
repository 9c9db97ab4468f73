"""The board of an operation has the figures of its kind, as its coordinator changed them; the past keeps its own."""

from datetime import timedelta

import pytest

from operations.catalogue.kpis import COUNTED, Kpi
from operations.core import clock, history, journal
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.vocabulary import OperationState
from operations.policing import lifecycle
from operations.policing.operation import boards, plan
from operations.policing.operation.targets import TargetDraft, aim
from operations.results.disclosed_figures import figures_in
from operations.results.snapshot_rows import LEADERSHIP, figures_of
from tests.makers import Running, arrest, form, send
from tests.operations.steps import climb
from tests.programme import does
from tests.snapshot_stories import prepare


def board(scene: Running, at: int | None = None, who: str = "lena") -> tuple[Kpi, ...]:
    with scene.store.reading(scene[who]) as session, history.as_of(session, at):
        return boards.board_of(session, plan.operation(session, scene.operation, scene[who]))


def entry(scene: Running) -> int:
    with scene.store.reading(scene["ana"]) as session:
        return journal.pulse(session)


def test_a_figure_is_put_on_the_board_and_taken_off_and_the_past_keeps_its_own(scene: Running) -> None:
    usual, before = board(scene), entry(scene)
    assert Kpi.RAW_HITS in usual
    does(scene, "ana", boards.show, scene.operation, Kpi.RAW_HITS, False)
    without = entry(scene)
    assert board(scene) == tuple(kpi for kpi in usual if kpi is not Kpi.RAW_HITS)
    does(scene, "ana", boards.show, scene.operation, Kpi.RAW_HITS, False)
    assert entry(scene) == without, "it stood so already"
    does(scene, "ana", boards.show, scene.operation, Kpi.RAW_HITS, True)
    assert board(scene) == usual
    assert [board(scene, at) for at in (before, without)] == [usual, tuple(k for k in usual if k is not Kpi.RAW_HITS)]
    with scene.store.reading(scene["ana"]) as session:
        assert history.differences(session, scene.operation) == []


def test_a_figure_of_another_kind_of_operation_can_be_put_on(scene: Running) -> None:
    usual = board(scene)
    other = next(kpi for kpi in Kpi if kpi not in usual)
    does(scene, "ana", boards.show, scene.operation, other, True)
    assert board(scene) == tuple(kpi for kpi in Kpi if kpi in usual or kpi is other)


@pytest.mark.parametrize("name", ["lena", "chaima", "dov"])
def test_nobody_else_changes_the_board(scene: Running, name: str) -> None:
    with pytest.raises((NotFound, NotPermitted)):
        does(scene, name, boards.show, scene.operation, Kpi.RAW_HITS, False)
    assert Kpi.RAW_HITS in board(scene)


def test_what_is_aimed_at_and_the_last_counted_figure_stay(scene: Running) -> None:
    does(scene, "ana", aim, scene.operation, TargetDraft(kpi=Kpi.ARRESTS, value=5))
    with pytest.raises(RuleBroken, match="This figure has a target"):
        does(scene, "ana", boards.show, scene.operation, Kpi.ARRESTS, False)
    last, *others = reversed([kpi for kpi in board(scene) if kpi in COUNTED and kpi is not Kpi.ARRESTS])
    for kpi in (last, *others):
        does(scene, "ana", boards.show, scene.operation, kpi, False)
    assert [kpi for kpi in board(scene) if kpi in COUNTED] == [Kpi.ARRESTS]


def test_a_board_without_anything_counted_is_refused(scene: Running) -> None:
    *others, last = (kpi for kpi in board(scene) if kpi in COUNTED)
    for kpi in others:
        does(scene, "ana", boards.show, scene.operation, kpi, False)
    with pytest.raises(RuleBroken, match="put another on it first"):
        does(scene, "ana", boards.show, scene.operation, last, False)


def test_the_board_of_an_operation_that_ended_stays(scene: Running) -> None:
    with clock.at(scene.start), scene.store.unit_of_work(scene["lena"]) as session:
        lifecycle.move(session, scene.operation, OperationState.CANCELLED, scene["lena"], "No ground for it.")
    with pytest.raises(RuleBroken, match="Its board can no longer change"):
        does(scene, "ana", boards.show, scene.operation, Kpi.RAW_HITS, False)


def test_a_snapshot_keeps_the_figures_of_the_board_that_it_was_taken_of(scene: Running) -> None:
    climb(scene, send(scene, form(scene, lines=[arrest(30)])).id, "boubacar", "chaima")
    does(scene, "ana", boards.show, scene.operation, Kpi.RAW_HITS, False)
    made = prepare(scene, at=scene.start + timedelta(hours=14), level="V3")
    does(scene, "ana", boards.show, scene.operation, Kpi.RAW_HITS, True)
    does(scene, "ana", boards.show, scene.operation, Kpi.ARRESTS, False)
    with scene.store.reading(scene["lena"]) as session:
        kept = figures_in(figures_of(session, made.id, LEADERSHIP))
    assert Kpi.ARRESTS in kept
    assert Kpi.RAW_HITS not in kept
