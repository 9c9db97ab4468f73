"""The operation's own results as events: at their sites only, small counts of persons kept back from everybody."""

from datetime import timedelta

import pytest

from geodata.events.points import UnfitEvents
from operations.analyses import own_results as own
from operations.analyses import worker
from operations.analyses.questions.coverage import CoverageQuestion
from operations.analyses.questions.displacement import DisplacementQuestion
from operations.analyses.questions.forecast import ForecastQuestion
from operations.core import clock
from operations.core.people import System
from operations.core.vocabulary import AnalysisKind, JobState, LineKind
from operations.policing import analyses
from operations.policing.reports.own_results import KINDS, OwnResults, at_sites, own_results
from tests.makers import START, Running, analysis_draft, arrest, ask, detection, form, hit, let_out, send


def results_of(scene: Running, kind: LineKind) -> OwnResults:
    with scene.store.reading(System()) as session:
        return own_results(session, scene.operation, kind)


def report(scene: Running, site: str, by: str, *lines: dict[str, object], day: int = 0) -> None:
    send(scene, form(scene, site, day=day, lines=list(lines)), by=by)


@pytest.fixture
def reported(scene: Running) -> Running:
    at = scene.start + timedelta(hours=1)
    report(scene, "Niamey", "bruno", hit(at), hit(at), arrest(30))
    report(scene, "Agadez", "binta", hit(at), arrest(25))
    report(scene, "Bamako", "mateo", hit(at), arrest(3))
    return scene


def test_each_result_lies_at_its_site_and_nothing_else_is_told_of_it(reported: Running) -> None:
    found = results_of(reported, LineKind.HIT)
    assert len(found.rows) == 4
    assert (found.withheld, found.persons) == (0, False)
    assert {row.site for row in found.rows} == {reported.sites[name] for name in ("Niamey", "Agadez", "Bamako")}
    frame = own.events_of(found)
    assert set(frame.columns) == {"lon", "lat", "day", "quantity", "kind", "country", "geometry"}


def test_a_site_with_few_persons_is_left_out_with_what_would_give_it_away(reported: Running) -> None:
    found = results_of(reported, LineKind.ARREST)
    shown = {row.site for row in found.rows}
    assert reported.sites["Bamako"] not in shown
    assert found.withheld >= 1
    assert found.withheld + len(shown) == 3
    assert any("left out" in str(each) for each in own.notes_on(found))


def test_a_site_is_not_worked_out_from_its_country(scene: Running) -> None:
    report(scene, "Niamey", "bruno", arrest(100))
    report(scene, "Agadez", "binta", arrest(4))
    report(scene, "Bamako", "mateo", arrest(20))
    found = results_of(scene, LineKind.ARREST)
    assert {row.site for row in found.rows} == {scene.sites["Bamako"]}  # leadership sees 104 of Niger on its board
    assert found.withheld == 2


def test_a_country_that_leadership_does_not_see_has_no_sites(scene: Running) -> None:
    report(scene, "Bamako", "mateo", arrest(40))
    report(scene, "Niamey", "bruno", arrest(3))
    assert results_of(scene, LineKind.ARREST).rows == []


def test_a_day_of_a_site_with_few_persons_is_left_out_with_what_would_give_it_away(scene: Running) -> None:
    for day, persons in enumerate((40, 3, 50)):
        report(scene, "Niamey", "bruno", arrest(persons), day=day)
        report(scene, "Bamako", "mateo", arrest(60 + day), day=day)
    found = results_of(scene, LineKind.ARREST)
    shown = {(row.site, row.quantity) for row in found.rows}
    niamey, bamako = scene.sites["Niamey"], scene.sites["Bamako"]
    assert (niamey, 3) not in shown
    assert (bamako, 61) not in shown  # of the day the board shows 64
    assert len(shown) == 2
    assert found.withheld == 0


def test_a_corrected_report_counts_once(reported: Running) -> None:
    at = reported.start + timedelta(hours=1)
    content = form(reported, "Niamey", day=1, lines=[hit(at + timedelta(days=1))])
    first = send(reported, content, by="bruno")
    again = content | {
        "id": str(analysis_draft().id),
        "supersedes_id": str(first.id),
        "correction_reason": "typing",
        "lines": [hit(at + timedelta(days=1)), hit(at + timedelta(days=1))],
    }
    send(reported, again, by="bruno")
    assert len(results_of(reported, LineKind.HIT).rows) == 6


def test_persons_in_need_are_told_as_they_were_released_and_move_no_sooner(scene: Running) -> None:
    for site, by, persons in (("Niamey", "bruno", 40), ("Agadez", "binta", 30), ("Bamako", "mateo", 50)):
        report(scene, site, by, detection(persons))
    assert results_of(scene, LineKind.MIGRANT_DETECTION).rows == [], "nothing of it is released"
    let_out(scene)
    before = results_of(scene, LineKind.MIGRANT_DETECTION)
    assert {row.quantity for row in before.rows} == {40, 30, 50}
    assert "as they were released on" in str(own.notes_on(before)[1])
    for site, by, persons in (("Niamey", "bruno", 35), ("Bamako", "mateo", 60)):
        report(scene, site, by, detection(persons), day=1)
    assert results_of(scene, LineKind.MIGRANT_DETECTION).rows == before.rows
    let_out(scene)
    after = results_of(scene, LineKind.MIGRANT_DETECTION)
    assert sorted(row.quantity for row in after.rows) == [30, 35, 40, 50, 60]
    report(scene, "Niamey", "bruno", detection(3), day=2)
    let_out(scene)
    assert results_of(scene, LineKind.MIGRANT_DETECTION).rows == after.rows, "they would follow"
    with scene.store.reading(System()) as session:
        sums = {each.name: each.amount for each in at_sites(session, scene.operation, LineKind.MIGRANT_DETECTION)}
    assert sums == {"Niamey": 75, "Agadez": 30, "Bamako": 110}


@pytest.mark.parametrize("kind", [kind for kind in LineKind if kind not in KINDS])
def test_nobody_asks_where_protected_persons_were_met(scene: Running, kind: LineKind) -> None:
    with pytest.raises(ValueError, match="Nobody may ask"):
        results_of(scene, kind)


def test_nothing_and_too_little_are_sentences(scene: Running) -> None:
    with pytest.raises(UnfitEvents, match="no results of this kind yet"):
        own.events_of(results_of(scene, LineKind.ARREST))
    report(scene, "Bamako", "mateo", arrest(3), hit(scene.start + timedelta(hours=1)))
    with pytest.raises(UnfitEvents, match="too few at every site"):
        own.events_of(results_of(scene, LineKind.ARREST))
    with pytest.raises(UnfitEvents, match="Only one site"):
        own.events_of(results_of(scene, LineKind.HIT))


def answered(scene: Running, kind: AnalysisKind, question: object) -> analyses.Analysis:
    asked = ask(scene, analysis_draft(kind=kind), question)  # type: ignore[arg-type]
    with clock.at(START + timedelta(days=3)):
        assert worker.step(scene.store, "test")
    with scene.store.reading(scene["dov"]) as session:
        return analyses.analysis(session, asked.id)


def test_a_worker_answers_of_own_results_and_says_where_they_come_from(reported: Running) -> None:
    question = CoverageQuestion(own="hit", all_sites=True, countries=("NER", "MLI"))
    found = answered(reported, AnalysisKind.COVERAGE, question)
    assert found.state == JobState.DONE, found.failure
    with reported.store.reading(reported["dov"]) as session:
        kept = analyses.result(session, found.id)
        assert kept is not None
        told = kept.result
    assert told["sources"][0]["name"] == "Own results: raw hits"
    assert any("not all of them verified" in each["template"] for each in told["notes"])
    assert not any("check for duplicates" in each["template"] for each in told["notes"])


def test_questions_that_few_days_cannot_answer_say_so(reported: Running) -> None:
    day = START.date()
    content = {
        "own": "hit",
        "before": {"first": day - timedelta(days=30), "last": day - timedelta(days=1)},
        "during": {"first": day, "last": day + timedelta(days=3)},
        "around": [{"lon": 2.1, "lat": 13.5, "km": 30}],
    }
    moved = answered(reported, AnalysisKind.DISPLACEMENT, DisplacementQuestion.model_validate(content))
    assert moved.state == JobState.DONE, moved.failure
    with reported.store.reading(reported["dov"]) as session:
        kept = analyses.result(session, moved.id)
        assert kept is not None
        assert kept.result["figures"]["answers"] == {"during": "cannot tell"}
    foreseen = answered(reported, AnalysisKind.FORECAST, ForecastQuestion(own="hit"))
    assert foreseen.state == JobState.FAILED
    assert "Something went wrong in Muster" not in str(foreseen.failure)
