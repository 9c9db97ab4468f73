"""Intervals of shares of few: those of a library, told with the share and never without it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from dashboard.parts.figure_text import tile
from dashboard.parts.snapshot_figures import own_table
from operations.catalogue.intervals import FEW, share_interval, wilson_interval
from operations.catalogue.kpis import Kpi
from operations.core import clock
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import FigureBoard, read_board
from operations.figures.durations import MeasuredValue
from operations.figures.values import Figure
from operations.posts.figures import ProgrammeFigure, share
from operations.results.disclosed_figures import OWN
from operations.results.snapshot_rows import Snapshot, SnapshotFigure
from tests.dashboard.desks import texts
from tests.makers import START, Running, arrest, form, let_out, send
from tests.operations.steps import climb


@given(st.integers(1, 300).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_interval_of_a_share_is_that_of_scipy(found: tuple[int, int]) -> None:
    part, whole = found
    low, high = wilson_interval(part, whole)
    known = binomtest(part, whole).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((known.low * 100, known.high * 100), abs=1e-9)
    assert 0 <= low <= 100 * part / whole <= high <= 100


def test_a_share_of_fewer_than_fifty_has_an_interval_and_no_other() -> None:
    assert share_interval(3, FEW - 1) is not None
    assert [share_interval(3, FEW), share_interval(None, 3), share_interval(3, None), share_interval(0, 0)] == [
        None
    ] * 4
    assert MeasuredValue.share(3, 4).interval == share(ProgrammeFigure("", "", "%", "", "", ""), 3, 4).interval
    assert MeasuredValue.share(0, 0) == MeasuredValue()
    assert MeasuredValue(7.5).interval is None
    assert share(ProgrammeFigure("", "", "criteria", "", "", ""), 3, 4).interval is None


def board_of(scene: Running, who: str, level: Level = Level.V1) -> FigureBoard:
    frame = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=level)
    with clock.at(START + timedelta(hours=13)), scene.store.reading(scene[who]) as session:
        return read_board(session, frame, scene[who])


def test_the_interval_stands_on_the_tile_of_whoever_is_told_the_share_and_of_nobody_else(scene: Running) -> None:
    lines = [arrest(9, offence="migrant_smuggling"), arrest(3, offence="drugs")]
    climb(scene, send(scene, form(scene, lines=lines)).id, "boubacar", "chaima")
    let_out(scene)
    told = board_of(scene, "ana")
    assert told.figures[Kpi.CORE_SHARE].value == 75
    words = tile(told.figures[Kpi.CORE_SHARE], told, "en")
    assert words.interval in words.notes
    assert "47–91" in words.interval
    hidden = board_of(scene, "moussa", Level.V3)
    assert hidden.figures[Kpi.CORE_SHARE].hidden
    assert (hidden.figures[Kpi.CORE_SHARE].interval, tile(hidden.figures[Kpi.CORE_SHARE], hidden, "en").interval) == (
        None,
        "",
    )


def test_a_rate_has_the_interval_of_its_count_and_not_that_of_a_share() -> None:
    assert Figure(Kpi.HIT_RATE, 12.0, of=40).interval is None


def test_the_official_figures_of_the_own_country_tell_the_interval_of_a_share_of_few_and_of_no_other() -> None:
    of_few, of_many = (
        SnapshotFigure(kpi=kpi, dimension=OWN, code="", value=75.0, n=part, of=whole, unit="%")
        for kpi, part, whole in ((Kpi.CORE_SHARE, 9, 12), (Kpi.CONFIRMATION_RATE, 90, 120))
    )
    snapshot = Snapshot(level=3, taken_at=START, status="final")
    drawn = own_table(snapshot, "UTC", [of_few, of_many], [Kpi.CORE_SHARE, Kpi.CONFIRMATION_RATE], "NER")
    assert texts(drawn).count("95 %:") == 1
    assert "75.0 95 %: \u206847–91" in texts(drawn)
