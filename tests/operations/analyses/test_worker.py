"""The worker: each question is answered once, with a sentence where there is no answer; it stops when it is told to."""

import time
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geodata.intake import events, files, mapping
from geodata.intake.provenance import Provenance
from operations.analyses import answers, job_steps, worker
from operations.analyses.events import packed
from operations.analyses.question import Journey, JourneyEnd, Question
from operations.analyses.questions.forecast import ForecastQuestion
from operations.analyses.questions.hotspots import HotspotQuestion
from operations.analyses.questions.placement import PlacementQuestion
from operations.core import clock, jobs
from operations.core.people import System
from operations.core.store import Store
from operations.core.vocabulary import AnalysisKind, JobState
from operations.policing import analyses
from operations.policing.layers.layers import EventLayer
from tests.makers import START, Running, add_layer, analysis_draft, ask, layer_draft

SOURCE = Provenance("Invented for tests", "CC0 1.0", "2024 and 2025", "500 m", date(2026, 1, 15))


def scattered(n: int = 600) -> bytes:
    """Two years of events around Agadez, a third of them in one place, as a file."""
    chance = np.random.default_rng(3)
    town = chance.random(n) < 1 / 3
    lon = np.where(town, chance.normal(8, 0.05, n), chance.normal(8, 1.5, n))
    lat = np.where(town, chance.normal(17, 0.05, n), chance.normal(17, 1.0, n))
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(chance.integers(0, 730, n), unit="D")
    frame = pd.DataFrame({"lat": lat.round(4), "lon": lon.round(4), "date": day.date})
    return frame.to_csv(index=False).encode()


@pytest.fixture(scope="module")
def file() -> bytes:
    return scattered()


def imported(scene: Running, data: bytes) -> EventLayer:
    table = files.read(data, "events.csv")
    layer = events.accept(table, mapping.proposed(table), SOURCE, today=date(2026, 11, 24))
    assert isinstance(layer.frame, gpd.GeoDataFrame)
    return add_layer(scene, layer_draft(period_from="2024-01-01", period_to="2025-12-31"), packed(layer))


def answered(scene: Running, kind: AnalysisKind, question: Question, *layers: EventLayer) -> analyses.Analysis:
    asked = ask(scene, analysis_draft(kind=kind, layer_versions=[each.id for each in layers]), question)
    with clock.at(START):
        assert worker.step(scene.store, "test")
        assert not worker.step(scene.store, "test")
    return now(scene.store, scene, asked.id)


def now(store: Store, scene: Running, analysis_id: object) -> analyses.Analysis:
    with store.reading(scene["dov"]) as session:
        return analyses.analysis(session, analysis_id)  # type: ignore[arg-type]


def result(scene: Running, found: analyses.Analysis) -> dict[str, object]:
    with scene.store.reading(scene["dov"]) as session:
        kept = analyses.result(session, found.id)
        assert kept is not None
        return kept.result


def test_hotspots_are_found_where_they_were_made(scene: Running, file: bytes) -> None:
    layer = imported(scene, file)
    found = answered(scene, AnalysisKind.HOTSPOTS, HotspotQuestion(), layer)
    assert found.state == JobState.DONE, found.failure
    told = result(scene, found)
    first = told["tables"][0]["rows"][0]  # type: ignore[index]
    assert first[0].endswith(", NER")
    assert first[1] > 10
    assert told["figures"]["hot"] >= 1  # type: ignore[index]
    assert told["sources"][0]["licence"] == layer.licence  # type: ignore[index]
    assert all(each["geometry"]["type"] in ("Polygon", "MultiPolygon") for each in told["features"])  # type: ignore[attr-defined]


def test_a_forecast_names_the_rule_that_held(scene: Running, file: bytes) -> None:
    found = answered(scene, AnalysisKind.FORECAST, ForecastQuestion(resolution=4, watched=5), imported(scene, file))
    assert found.state == JobState.DONE, found.failure
    told = result(scene, found)
    backtest = next(each for each in told["tables"] if each["name"] == "backtest")  # type: ignore[attr-defined]
    assert [row[0] for row in backtest["rows"] if row[-1]] == [told["figures"]["rule"]]  # type: ignore[index]
    named = next(each for each in told["tables"] if each["name"] == "forecast")  # type: ignore[attr-defined]
    scores = [row[2] for row in named["rows"]]
    assert scores == sorted(scores, reverse=True)
    assert 5 < sum(scores) <= 100, "of 100 over all cells"


def test_a_question_without_an_answer_ends_in_a_sentence(scene: Running) -> None:
    island = JourneyEnd(lon=14.5, lat=35.9)
    nowhere = Journey(name="to the island", origin=JourneyEnd(lon=7.99, lat=16.97), destination=island)
    found = answered(scene, AnalysisKind.PLACEMENT, PlacementQuestion(journeys=(nowhere,), teams=2))
    assert found.state == JobState.FAILED
    assert "None of the journeys" in found.failure["template"]
    nothing = answered(scene, AnalysisKind.HOTSPOTS, HotspotQuestion())
    assert nothing.state == JobState.FAILED
    assert "at least one layer" in nothing.failure["template"]


def test_a_mistake_of_ours_is_told_by_its_reference_and_the_next_goes_on(
    scene: Running, file: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(answers.ANSWERS, AnalysisKind.HOTSPOTS.value, broken)
    found = answered(scene, AnalysisKind.HOTSPOTS, HotspotQuestion(), imported(scene, file))
    assert found.state == JobState.FAILED
    assert found.failure["params"]["reference"] == str(found.id)[:8]


def test_a_stop_is_obeyed_and_the_best_so_far_is_kept(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "TELL_EVERY", 0.0)
    journey = Journey(
        name="north", origin=JourneyEnd(lon=7.99, lat=16.97), destination=JourneyEnd(lon=13.19, lat=32.88)
    )
    asked = ask(scene, question=PlacementQuestion(journeys=(journey,), teams=2))
    hear = worker._hearing

    def told_to_stop(store: Store, held: analyses.Analysis) -> object:
        with clock.at(START), store.unit_of_work(scene["dov"]) as session:
            analyses.cancel(session, held.id, scene["dov"])
        return hear(store, held)

    monkeypatch.setattr(worker, "_hearing", told_to_stop)
    with clock.at(START):
        assert worker.step(scene.store, "test")
    found = now(scene.store, scene, asked.id)
    assert found.state == JobState.CANCELLED
    assert result(scene, found)["figures"]["plan"]  # type: ignore[index]


def test_a_question_stays_with_its_worker_while_it_is_answered_without_a_word(
    scene: Running, file: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BEAT", 0.01)
    asked = ask(scene, analysis_draft(kind=AnalysisKind.HOTSPOTS), HotspotQuestion())
    moments, tries = [], []

    def long(*_given: object) -> None:
        with scene.store.unit_of_work(System()) as session:
            session.get_one(analyses.Analysis, asked.id).lease_until = START - jobs.LEASE
        end = time.monotonic() + 10
        while not moments and time.monotonic() < end:
            until = now(scene.store, scene, asked.id).lease_until
            moments.extend([until] if until is not None and until > START else [])
        tries.append(worker.step(scene.store, "another"))
        raise ZeroDivisionError

    monkeypatch.setitem(answers.ANSWERS, AnalysisKind.HOTSPOTS.value, long)
    with clock.at(START):
        assert worker.step(scene.store, "test")
    assert (moments, tries) == ([START + jobs.LEASE], [False])
    assert now(scene.store, scene, asked.id).attempt == 1


def test_a_question_whose_worker_hangs_is_taken_from_it(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BEAT", 0.01)
    monkeypatch.setattr(jobs, "SILENT", 0.05)
    ask(scene, analysis_draft(kind=AnalysisKind.HOTSPOTS), HotspotQuestion())
    with scene.store.unit_of_work(System()) as session, clock.at(START):
        held = job_steps.claim(session, "hangs", START)
    assert held is not None
    with clock.at(START + timedelta(hours=1)), jobs.held(scene.store, analyses.Analysis, held.turn):
        time.sleep(0.2)
        with scene.store.unit_of_work(System()) as session:
            session.get_one(analyses.Analysis, held.id).lease_until = START
        time.sleep(0.2)
        assert now(scene.store, scene, held.id).lease_until == START
