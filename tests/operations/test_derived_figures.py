"""Figures of how long things took and of what lines said besides: right, and with what is not over yet named."""

from datetime import timedelta

import pytest

from operations.core import clock
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.figures.derived_figures import DERIVED_FIGURES, disclosed_value
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.policing.operation import plan
from operations.policing.reports import reports
from tests.makers import START, Running, arrest, form, hit, lead_of, send, tally
from tests.operations.steps import answer, climb, correction, told
from tests.operations.test_leads import answer as answer_lead
from tests.operations.test_leads import share
from tests.operations.test_lines import line_of

LATER = START + timedelta(hours=30)


def read(scene: Running, kpi: str, who: str = "ana", level: Level = Level.V1) -> MeasuredValue:
    frame = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=level)
    with clock.at(LATER), scene.store.reading(scene[who]) as session:
        return disclosed_value(
            DERIVED_FIGURES[kpi], FigureRequest(session, frame, scene[who], read_board(session, frame, scene[who]))
        )


def said(value: MeasuredValue) -> list[str]:
    return [str(note) for note in value.notes]


def test_nothing_is_no_zero(scene: Running) -> None:
    assert {kpi for kpi in DERIVED_FIGURES if read(scene, kpi).value is not None} == {"K09", "K16"}


def test_documents_detected_are_those_that_hit_and_those_seized_with_a_fraud(scene: Running) -> None:
    lines = [hit(START), hit(START + timedelta(hours=1), database="nominal"), hit(START + timedelta(hours=2))]
    lines += [line_of("document_seizure", count=4, fraud_kind=kind) for kind in ("forged", "unknown")]
    made = send(scene, form(scene, lines=lines))
    climb(scene, made.id, "boubacar")
    assert (read(scene, "K09").value, said(read(scene, "K09"))) == (4, ["after a hit: 0, seized: 4"])
    with scene.store.reading(scene["bruno"]) as session:
        rows = [line for line in reports.lines_of(session, made.id) if line.kind == "hit"]
    for row in sorted(rows, key=lambda row: row.attributes["raw_at"])[:2]:  # the second is in another database
        made = answer(scene, made.id, row.id, told("confirmed"))
    value = read(scene, "K09")
    assert (value.value, said(value)) == (5, ["after a hit: 1, seized: 4"])
    assert read(scene, "K36").value == 0  # an answer corrects nothing
    assert read(scene, "K09", level=Level.V3).value == 0


@pytest.mark.parametrize("name", ["ana", "lena"])
def test_documents_detected_are_hidden_where_what_they_are_made_of_is(scene: Running, name: str) -> None:
    """Of two countries one left and stays in totals alone: a sum of both would give it away."""
    for site, by, chain in (("Niamey", "bruno", ("boubacar", "chaima")), ("Bamako", "mateo", ("marie", "moussa"))):
        seized = line_of("document_seizure", count=4, fraud_kind="forged")
        climb(scene, send(scene, form(scene, site, lines=[seized]), by).id, *chain)
    assert read(scene, "K09", name, Level.V3).value == 8
    with clock.at(LATER), scene.store.unit_of_work(scene["moussa"]) as session:
        plan.withdraw(session, scene.operation, plan.Leaving(figures="totals"), scene["moussa"])
    assert read(scene, "K09", name, Level.V3) == MeasuredValue(hidden=True)


def test_the_time_of_answers_names_those_that_wait(scene: Running) -> None:
    made = send(scene, form(scene, lines=[hit(START), hit(START + timedelta(hours=1))]))
    climb(scene, made.id, "boubacar")
    with scene.store.reading(scene["bruno"]) as session:
        first = min(reports.lines_of(session, made.id), key=lambda line: line.attributes["raw_at"]).id
    answered = told("confirmed", confirming_country="ITA", confirmed_at=(START + timedelta(hours=3)).isoformat())
    answer(scene, made.id, first, answered)
    value = read(scene, "K07")
    assert value.value == 3
    assert said(value) == ["9 of 10 within 3.0 h; 1 in all", "waiting: 1, not in the median"]


def test_corrections_and_the_way_up_are_measured(scene: Running) -> None:
    made = send(scene, form(scene, lines=[tally(5), arrest(5)]))
    send(scene, form(scene, "Agadez", lines=[tally(5), arrest(5)]))
    again = send(scene, correction(made, scene, lines=[tally(6), arrest(6)]))
    climb(scene, again.id, "boubacar")
    assert said(read(scene, "K36")) == ["2 of 3"]  # one taken out, one added, one that stands, and none about persons
    assert said(read(scene, "K35"))[-2:] == ["waiting: 1, not in the median", "the oldest waits for 18 h"]
    assert said(read(scene, "K35 b")) == ["waiting: 1, not in the median", "the oldest waits for 17 h"]
    assert read(scene, "K35 c") == MeasuredValue()
    climb(scene, again.id, "chaima", "dov")
    assert said(read(scene, "K35 c")) == ["9 of 10 within 0.0 h; 1 in all"]
    for kpi in ("K35", "K35 b", "K36"):  # whoever reads no report is told the same of them, whatever the storage
        assert read(scene, kpi, "lena") == read(scene, kpi)


def test_nationalities_are_counted_and_what_is_none_is_not(scene: Running) -> None:
    lines = [line_of("migrant_detection", nationality=code) for code in ("NGA", "MLI", "XXX", None)]
    send(scene, form(scene, lines=lines))
    assert read(scene, "K16").value == 2


def test_leads_count_when_a_country_acted_on_them(scene: Running) -> None:
    with clock.at(START):
        lead, other = lead_of(scene), lead_of(scene)
        share(scene, lead)
        share(scene, other)
    with clock.at(START + timedelta(hours=6)):
        answer_lead(scene, lead, "accepted")
        answer_lead(scene, lead, "actioned")
    value = read(scene, "K30")
    assert value.value == 50
    median = "median to the first answer: 6.0 h"
    assert said(value) == ["1 of 2", median, "9 of 10 within 6.0 h; 1 in all", "waiting: 1, not in the median"]
