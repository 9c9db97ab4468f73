"""The catalogue has the figures of teams, of fugitives and of incidents as they are now, for who may know them."""

from datetime import timedelta

import pytest

from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import Classification
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.figures.domain_figures import CONCLUDED, DOMAIN_FIGURES, OF_ALL, disclosed_value
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.incidents import incidents
from operations.policing.fugitives import appeals
from tests.incidents import WAY, brought, reported, step, version
from tests.makers import START, Running
from tests.operations.sweeps import AT, Sweep, sweep_in
from tests.operations.test_alerts import sent
from tests.programme import BEGUN, does

DAY = timedelta(days=1)


def read(
    scene: Running, kpi: str, who: str = "ana", country: str | None = None, at: int | None = None
) -> MeasuredValue:
    frame = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, country=country, at=at)
    with clock.at(START + timedelta(days=3)), scene.store.reading(scene[who]) as session:
        return disclosed_value(
            DOMAIN_FIGURES[kpi], FigureRequest(session, frame, scene[who], read_board(session, frame, scene[who]))
        )


def said(
    scene: Running, kpi: str, who: str = "ana", country: str | None = None, at: int | None = None
) -> tuple[float | None, list[str]]:
    found = read(scene, kpi, who, country, at)
    return found.value, [str(note) for note in found.notes]


def test_where_nothing_was_asked_and_nobody_is_wanted_there_is_no_zero(scene: Running) -> None:
    assert {kpi for kpi in DOMAIN_FIGURES if read(scene, kpi).value is not None} == set()


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


def test_of_one_country_fugitives_are_those_that_it_asks_for(scene: Running) -> None:
    """Mali was asked about three cases of Niger: they are in the whole that it knows, and in none of its own."""
    cast = Sweep(sweep_in(scene))
    with clock.at(AT):
        case, _location = cast.arrested()
        cast.located()
        cast.out()
        cast.move(case.id, "surrendered", "chaima")
        for subject in (cast.target(), cast.target()):
            cast.flag(subject.id, "chaima")
            cast.flag(subject.id, "ana")
        with cast.as_("ana") as session:
            made = appeals.freeze(session, scene.operation, new_id(), scene["ana"])
            appeals.publish(session, made.id, scene["ana"])
        with cast.as_("chaima") as session:
            tips = parse(appeals.TipsDraft, {"id": new_id(), "case_id": subject.id, "received": 3})
            appeals.record_tips(session, tips, scene["chaima"])
        mine = cast.nominate("moussa")
        cast.check(mine.id)
        cast.move(mine.id, "target", "ana")
        cast.move(mine.id, "under_review", "dov")
    with scene.store.reading(System()) as session:
        entry = journal.pulse(session)
    fugitives = [kpi for kpi in DOMAIN_FIGURES if "K40" <= kpi < "K48"]
    live = {
        (who, country): {kpi: said(scene, kpi, who, country) for kpi in fugitives}
        for who, country in (("ana", None), ("ana", "NER"), ("ana", "MLI"), ("chaima", "NER"), ("moussa", "MLI"))
    }
    assert [live["ana", country]["K40"][0] for country in (None, "NER", "MLI")] == [6, 5, 1]
    assert [live["ana", country]["K44"] for country in ("NER", "MLI")] == [(20, ["1 of 5"]), (0, ["0 of 1"])]
    assert [round(live["ana", country]["K41"][0] or 0) for country in (None, "NER", "MLI")] == [67, 60, 100]
    assert live["ana", "MLI"]["K45"][1] == ["not found yet: 1, counted as waiting"]
    assert [live["ana", country]["K47"][0] for country in ("NER", "MLI")] == [3, None]
    assert live["chaima", "NER"] == live["ana", "NER"]
    assert live["moussa", "MLI"] == live["ana", "MLI"]
    assert said(scene, "K40", "moussa") == (4, [])
    for (who, country), then in live.items():
        assert {kpi: said(scene, kpi, who, country, entry) for kpi in fugitives} == then
    for kpi in ("K40", "K44", "K46"):
        assert read(scene, kpi, "lena", "NER") == MeasuredValue(None, (OF_ALL,), hidden=True)


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
