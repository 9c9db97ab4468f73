"""Figures of how long things took and of what lines said besides: right, and with what is not over yet named."""

from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from operations.catalogue.definition import ShareFigure
from operations.catalogue.kpis import CATALOGUE, RESTS, Kpi
from operations.catalogue.waiting_times import quantile
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
from tests.operations.test_hit_outcomes import answered as answered_hit
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
    assert said(value) == ["more than 1 in 10 still wait; 1 are over", "still waiting: 1"]


def test_where_most_hits_wait_there_is_no_median_yet(scene: Running) -> None:
    """The one that was answered after three hours says nothing of the four that were not."""
    made = send(scene, form(scene, lines=[hit(START + timedelta(minutes=place)) for place in range(5)]))
    climb(scene, made.id, "boubacar")
    with scene.store.reading(scene["bruno"]) as session:
        first = min(reports.lines_of(session, made.id), key=lambda line: line.attributes["raw_at"]).id
    answered = told("confirmed", confirming_country="ITA", confirmed_at=(START + timedelta(hours=3)).isoformat())
    answer(scene, made.id, first, answered)
    value = read(scene, "K07")
    assert (value.value, said(value)) == (None, ["more than half still wait; 1 are over", "still waiting: 4"])


def test_an_event_counts_as_told_in_time_only_once_its_day_is_over(scene: Running) -> None:
    """On the first day every report that is known came quickly: that says nothing of the late ones."""

    def event(ends: timedelta, told_after: timedelta, sent_after: timedelta = timedelta()) -> None:
        at = {"period_from": (START + ends - timedelta(hours=1)).isoformat(), "period_to": (START + ends).isoformat()}
        told = START + ends + told_after
        at["recorded_at"] = told.isoformat()
        send(scene, form(scene, kind="single_event", lines=[tally(1)]) | at, at=told + sent_after)

    event(timedelta(hours=28), timedelta(hours=1))
    assert (read(scene, "K34").value, said(read(scene, "K34"))) == (
        None,
        ["less than a day old, not counted yet: 1"],
    )
    event(timedelta(hours=2), timedelta(hours=2), timedelta(hours=3))
    event(timedelta(hours=3), timedelta(hours=25))
    value = read(scene, "K34")
    assert value.value == 50
    assert said(value) == [
        "1 of 2",
        "event to report: median 2.0 h, 9 of 10 within 25.0 h",
        "device to server: median 0.0 h, 9 of 10 within 3.0 h",
        "less than a day old, not counted yet: 1",
    ]


_SPANS = st.lists(st.integers(0, 20).map(float), max_size=12)


@given(_SPANS, _SPANS, st.sampled_from([0.25, 0.5, 0.9]))
def test_quantiles_of_what_is_not_over_are_those_of_scipy(over: list[float], waiting: list[float], part: float) -> None:
    found = quantile(over, waiting, part)
    if not over:
        assert found is None
        return
    curve = ecdf(CensoredData(uncensored=np.array(over), right=np.array(waiting))).sf
    reached = [
        time for time, left in zip(curve.quantiles, curve.probabilities, strict=True) if left <= 1 - part + 1e-12
    ]
    assert found == next((time for time in reached if time in over), None)


def test_arrests_in_training_are_in_no_ratio_with_hits_that_count(scene: Running) -> None:
    """Persons arrested after a hit on the training day stood over hits of the operational phase: 3300 %."""
    answered_hit(scene, ("sltd", "confirmed", "ITA", 4), ("sltd", "confirmed", "ITA", 5))
    send(scene, form(scene, "Agadez", lines=[arrest(5, after_hit=5)]))
    day = START - timedelta(days=1)
    trained = form(scene, "Niamey", lines=[arrest(60, after_hit=60)]) | {
        "phase_id": str(scene.training),
        "period_from": day.isoformat(),
        "period_to": (day + timedelta(hours=12)).isoformat(),
    }
    send(scene, trained)
    value = read(scene, "K14")
    assert (value.value, said(value)) == (2.5, ["arrested after a hit: 5, confirmed hits: 2"])


def test_what_is_not_known_is_in_no_named_part_of_a_share() -> None:
    """60 answers that nobody knew stood as "0 % accepted, 60 not accepted"."""
    unknown = {(rests.of, rests.by): rests.part for rests in RESTS if rests.part}
    assert len(unknown) == 3
    for (of, by), part in unknown.items():
        [share] = [
            each.measure
            for each in CATALOGUE.values()
            if isinstance(each.measure, ShareFigure) and (each.measure.of, each.measure.by) == (of, by)
        ]
        named = {name.name for name in share.parts if name.codes is None or "unknown" in name.codes}
        rest = [each for each in share.parts if each.codes is None]
        holder = next((each for each in share.parts if each.codes and "unknown" in each.codes), *rest[:1])
        assert (holder.name, part in named) == (part, True)


def test_only_what_was_seized_or_recovered_is_a_vehicle_of_the_operation(scene: Running) -> None:
    """15 vehicles that were all frozen stood as 15 seized or recovered."""
    vehicles = {"commodity": "vehicle", "measure": "piece", "amount": 1}
    lines = [line_of("seizure", action=action, **vehicles) for action in ("seized", "recovered", "frozen", "unknown")]
    send(scene, form(scene, lines=lines))
    frame = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=Level.V1)
    with clock.at(LATER), scene.store.reading(scene["ana"]) as session:
        assert read_board(session, frame, scene["ana"]).figures[Kpi.VEHICLES].value == 2


def test_corrections_and_the_way_up_are_measured(scene: Running) -> None:
    made = send(scene, form(scene, lines=[tally(5), arrest(5)]))
    send(scene, form(scene, "Agadez", lines=[tally(5), arrest(5)]))
    again = send(scene, correction(made, scene, lines=[tally(6), arrest(6)]))
    climb(scene, again.id, "boubacar")
    assert said(read(scene, "K36")) == ["2 of 3"]  # one taken out, one added, one that stands, and none about persons
    assert said(read(scene, "K35"))[-2:] == ["still waiting: 1", "the oldest waits for 18 h"]
    assert said(read(scene, "K35 b")) == ["still waiting: 1", "the oldest waits for 17 h"]
    assert read(scene, "K35 c") == MeasuredValue()
    climb(scene, again.id, "chaima", "dov")
    assert said(read(scene, "K35 c")) == ["9 of 10 within 0.0 h; 1 are over"]
    for kpi in ("K35", "K35 b", "K36"):  # whoever reads no report is told the same of them, whatever the storage
        assert read(scene, kpi, "lena") == read(scene, kpi)


def test_a_report_whose_hit_is_answered_waits_since_it_was_verified(scene: Running) -> None:
    """An answer makes a version at the same level; the report was left out of the time to its validation."""
    made = send(scene, form(scene, lines=[(found := hit(START + timedelta(hours=7)))]))
    climb(scene, made.id, "boubacar")
    again = answer(scene, made.id, UUID(found["id"]), told("confirmed"), by="cheikh")
    assert said(read(scene, "K35 b")) == ["still waiting: 1", "the oldest waits for 17 h"]
    climb(scene, again.id, "chaima")
    assert said(read(scene, "K35 b")) == ["9 of 10 within 0.0 h; 1 are over"]
    assert said(read(scene, "K35 c")) == ["still waiting: 1", "the oldest waits for 17 h"]


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
    assert said(value) == ["1 of 2", median, "more than 1 in 10 still wait; 1 are over", "still waiting: 1"]
