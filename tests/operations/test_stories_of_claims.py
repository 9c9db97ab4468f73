"""Stories 6.3 and 6.5 from beginning to end: one bus that is sent three times, one arrest that two countries claim."""

from datetime import timedelta
from typing import Any

from operations.catalogue.fugitive_kpis import FugitiveKpi
from operations.catalogue.kpis import Kpi
from operations.claims.claim_states import ClaimState
from operations.core import clock
from operations.core.people import System
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.figures.derived_figures import disclosed_value
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.figures.values import Figure
from operations.policing.fugitives import sweep
from operations.policing.operation import plan
from operations.policing.reports import reports
from operations.results import drill_down
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from tests.claim_stories import LATE, NOON, ON_NOTICE, answered, event, lines, opened, suspected, taken
from tests.makers import START, Running, arrest, form, send
from tests.operations.steps import correction, counted
from tests.operations.sweeps import AT, Sweep, sweep_in


def frame(scene: Running, country: str | None = None) -> BoardFrame:
    return BoardFrame(
        scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=Level.V1, country=country
    )


def figure(scene: Running, kpi: Kpi, by: str = "ana", country: str | None = None) -> Figure:
    with clock.at(LATE), scene.store.reading(scene[by]) as session:
        return read_board(session, frame(scene, country), scene[by]).figures[kpi]


def beside(scene: Running, kpi: str) -> MeasuredValue:
    with clock.at(LATE), scene.store.reading(scene["ana"]) as session:
        board = read_board(session, frame(scene), scene["ana"])
        return disclosed_value(COMPUTED_FIGURES[kpi], FigureRequest(session, board.frame, scene["ana"], board))


def surrender_rate(scene: Running) -> Any:
    with clock.at(LATE), scene.store.reading(scene["ana"]) as session:
        operation = plan.operation(session, scene.operation, scene["ana"])
        return sweep.figures(session, operation, scene["ana"])[FugitiveKpi.SURRENDER_RATE]


def reports_behind(scene: Running, by: str, kpi: Kpi) -> list[tuple[int, tuple[int, ...]]]:
    with clock.at(LATE), scene.store.unit_of_work(scene[by]) as session:
        of = frame(scene, scene[by].country if scene[by].national else None)
        return [
            (each.amount, each.otherwise)
            for each in drill_down.reports_of_figure(session, of, kpi, "check", scene[by]).newest
        ]


def test_a_bus_that_three_sources_send_is_one_event_of_fourteen_and_another_source_says_twelve(scene: Running) -> None:
    first = START + timedelta(hours=2)
    for after, people, by in ((0, 14, "bruno"), (50, 12, "binta"), (20, 14, "bruno")):
        event(scene, first + timedelta(minutes=after), people, by=by)
    event(scene, first + timedelta(hours=5), 14)
    [claim] = suspected(scene)
    opened(scene, claim)
    assert (len(lines(scene, claim.id)), figure(scene, Kpi.DETECTIONS).review) == (3, 26)
    taken(scene, claim, ClaimState.DECIDED, "ana", "The plate is the same.", at=LATE)
    assert counted(scene, Kpi.DETECTIONS) == 14 + 14
    for name in ("chaima", "dov"):
        assert sorted(reports_behind(scene, name, Kpi.DETECTIONS)) == [(14, ()), (14, (12,))]
    assert [str(each) for each in beside(scene, "K37").notes] == ["2 of 3"]
    assert suspected(scene) == []


def test_an_arrest_that_two_countries_claim_is_one_with_two_roles_and_stays_one_once_he_is_released(
    scene: Running,
) -> None:
    cast = Sweep(sweep_in(scene))
    with clock.at(AT):
        case, _location = cast.arrested()
    of = ON_NOTICE | {"notice_ref": case.notice_ref}
    send(scene, form(scene, lines=[arrest(**of)]))
    made = send(scene, form(scene, "Bamako", lines=[arrest(**of)]), "mateo")
    [claim] = suspected(scene)
    opened(scene, claim, role="requesting")
    assert (figure(scene, Kpi.ARRESTS).value, figure(scene, Kpi.ARRESTS).review) == (2, 1)
    for name in ("chaima", "moussa"):
        answered(scene, claim, name)

    def told() -> tuple[Any, ...]:
        central, niger, mali = (
            figure(scene, Kpi.ARRESTS, *who) for who in (("ana",), ("chaima", "NER"), ("moussa", "MLI"))
        )
        return central.value, beside(scene, "K12").value, (niger.value, niger.elsewhere), (mali.value, mali.elsewhere)

    once = (1, 1, (0, {"requesting": 1}), (1, {}))
    surrendered = surrender_rate(scene)
    assert told() == once
    with clock.at(AT):
        released = cast.move(case.id, "released", "moussa", "The judge ordered it after two days.")
    with scene.store.reading(System()) as session:
        [line] = reports.lines_of(session, made.id)
    again = correction(made, scene, correction_reason="outcome_changed") | {
        "site_id": str(made.site_id),
        "lines": [arrest(**of, id=str(line.id))],
    }
    send(scene, form(scene, "Bamako") | again, "mateo", at=NOON)
    assert (released.state, released.counts_as, told()) == ("released", "arrested", once)
    assert surrender_rate(scene) == surrendered
