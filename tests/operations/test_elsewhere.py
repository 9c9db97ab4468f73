"""The catalogue has the figures of teams, of fugitives and of incidents as they are now, for who may know them."""

from datetime import timedelta

import pytest

from operations.core import clock
from operations.core.vocabulary import Classification
from operations.incidents import incidents
from operations.measures.board import read_board
from operations.measures.elsewhere import CONCLUDED, ELSEWHERE, told
from operations.measures.guard import Frame
from operations.measures.lasting import Asked, Found
from tests.incidents import WAY, brought, reported, step, version
from tests.makers import START, Running
from tests.operations.sweeps import AT, Sweep, sweep_in
from tests.operations.test_watch import sent
from tests.programme import BEGUN, does

DAY = timedelta(days=1)


def read(scene: Running, kpi: str, who: str = "ana", at: int | None = None) -> Found:
    frame = Frame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, at=at)
    with clock.at(START + timedelta(days=3)), scene.store.reading(scene[who]) as session:
        return told(ELSEWHERE[kpi], Asked(session, frame, scene[who], read_board(session, frame, scene[who])))


def said(scene: Running, kpi: str, who: str = "ana") -> tuple[float | None, list[str]]:
    found = read(scene, kpi, who)
    return found.value, [str(note) for note in found.notes]


def test_where_nothing_was_asked_and_nobody_is_wanted_there_is_no_zero(scene: Running) -> None:
    assert {kpi for kpi in ELSEWHERE if read(scene, kpi).value is not None} == set()


def test_the_cases_of_a_sweep_are_told_apart_with_what_waits(scene: Running) -> None:
    cast = Sweep(sweep_in(scene))
    with clock.at(AT):
        case, _location = cast.arrested()
        cast.located()
        cast.out()
        cast.target()
        cast.move(case.id, "surrendered", "chaima")
    assert said(scene, "K40") == (4, [])
    assert said(scene, "K41")[0] == pytest.approx(75)
    assert said(scene, "K43 b") == (25, ["1 of 4"])
    assert said(scene, "K44") == said(scene, "K44", "lena") == (25, ["1 of 4"])
    assert said(scene, "K46") == (100, ["1 of 1"])
    assert said(scene, "K45")[1] == ["not found yet: 2, counted as waiting"]
    assert said(scene, "K45 b") == (None, ["not found yet: 3, counted as waiting"])
    assert (read(scene, "K41", "lena").hidden, read(scene, "K45", "lena").hidden) == (True, True)
    assert read(scene, "K44", "bruno").hidden


def test_teams_are_told_with_median_and_nine_of_ten(scene: Running) -> None:
    sent(scene)
    share, notes = said(scene, "K32")
    assert share == 100
    assert notes[0] == "1 of 1"
    assert notes[1].startswith("median ")
    assert said(scene, "K49") == said(scene, "K49", "lena") == (100, ["1 of 1"])


def test_leadership_is_told_of_the_incidents_that_are_over_and_others_of_none(scene: Running) -> None:
    over, late = reported(scene), reported(scene, detected_at=BEGUN - timedelta(hours=30), occurred_at=BEGUN - 2 * DAY)
    for made, days in ((over, 3), (late, 8)):
        brought(scene, made, *WAY[:-2])
        does(scene, "frida", incidents.write, made.id, version("outcome"), at=BEGUN + days * DAY)
        does(scene, "frida", step(made.id, "final"), at=BEGUN + days * DAY)
    does(scene, "frida", step(over.id, "closed"), at=BEGUN + 20 * DAY)
    reported(scene)
    took = "median 5.5 days from the report to the final report"
    assert said(scene, "K22", "lena") == (2, ["first told within 24 hours: 1 of 2", took, str(CONCLUDED)])
    assert [read(scene, "K22", who).hidden for who in ("ana", "chaima", "bruno")] == [True, True, True]
