"""How much was detected, on bundled roads: right where the truth is known, and nothing that gives few persons away."""

from collections.abc import Iterable
from uuid import uuid4

import numpy as np
import pytest

from dashboard.screens.figures import page as figures
from geodata.placement import interception as statistics
from geodata.placement.evaluation import ScenarioRoute, routes
from geodata.placement.interception import Doubt
from operations.analyses import worker
from operations.analyses.answer import Answer
from operations.analyses.interception import CROSSING, _as_placement, _watched, interception_answer
from operations.analyses.question import Journey
from operations.analyses.questions import interception as asked
from operations.analyses.questions.interception import InterceptionQuestion
from operations.analyses.road_network import RoadProblem, ground_of
from operations.core import clock
from operations.core.errors import Flaw, NotFound, RuleBroken
from operations.core.people import System
from operations.core.vocabulary import AnalysisKind, JobState, LineKind
from operations.policing import analyses
from operations.policing.map_plan import places
from operations.policing.reports.own_results import AtSite, at_sites
from tests.dashboard.desks import at_desk, texts
from tests.makers import START, Running, analysis_draft, ask, form, let_out, send
from tests.operations.analyses.test_placement import AGADEZ, JOURNEYS, TRIPOLI
from tests.operations.analyses.test_worker import answered, result
from tests.operations.test_lines import line_of

KNOWN = {"detection": 0.6, "detection_least": 0.55, "detection_most": 0.65, "knows_most": 0.3}
DAYS = 10


def question(**changes: object) -> InterceptionQuestion:
    return InterceptionQuestion.model_validate({"journeys": JOURNEYS, **KNOWN, "together": 1, **changes})


@pytest.fixture(scope="module")
def ground() -> RoadProblem:
    return ground_of(_as_placement(question()))


@pytest.fixture(scope="module")
def crossed(ground: RoadProblem) -> list[tuple[str, ...]]:
    """The crossings of each journey, where nobody stands."""
    return [way.sites for way in routes(ground.problem) if way is not None]


def at(ground: RoadProblem, site: str, amount: int | None, days: int = DAYS) -> AtSite:
    return AtSite(uuid4(), ground.names[site], CROSSING + site, amount, days)


def rows(answer: Answer, name: str) -> list[dict[str, object]]:
    return next(
        [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        for table in answer.tables
        if table.name == name
    )


def said(answer: Answer) -> str:
    return " ".join(map(str, (*answer.sentences, *answer.notes)))


def test_on_roads_where_the_truth_is_known_the_interval_holds_it(
    ground: RoadProblem, crossed: list[tuple[str, ...]]
) -> None:
    """Each traveller of a simulated operation walks from site to site, and is detected at one or at none."""
    rng = np.random.default_rng(5)
    sites = sorted({site for way in crossed for site in way})
    doubt = Doubt(0.6, 0.55, 0.65, 2, 0, 0.3, 1)
    held = []
    for run in range(40):
        true = statistics.worlds(doubt, ground.problem.share, rng, 1)
        stands = rng.uniform(0.5, 1.0, len(sites)).round(1)
        watched = dict(zip(sites, stands * true.detection[0], strict=True))
        past = [_ways_past(ground, watched, sites)[place].sites for place in range(len(crossed))]
        many = rng.poisson(600 * true.shares[0] / true.shares[0].sum())
        caught = dict.fromkeys(sites, 0)
        for usual, other, moved in zip(crossed, past, many, strict=True):
            knows = rng.binomial(moved, true.knows[0])
            for way, walking in ((usual, moved - knows), (other, knows)):
                for site in (each for each in way if each in watched):
                    stopped = rng.binomial(walking, watched[site])
                    caught[site] += stopped
                    walking -= stopped
        here = [at(ground, site, caught[site], round(DAYS * part)) for site, part in zip(sites, stands, strict=True)]
        whole = interception_answer(question(seed=run), ground, here, DAYS).figures["whole"]
        assert "why" not in whole
        held.append(whole["low"] - 0.0005 <= sum(caught.values()) / many.sum() <= whole["high"] + 0.0005)
    assert np.mean(held) >= 0.9


def _ways_past(ground: RoadProblem, watched: dict[str, float], sites: Iterable[str]) -> list[ScenarioRoute]:
    found = routes(_watched(ground.problem, watched, 1.0), sites)
    return [way for way in found if way is not None]


def test_what_was_detected_is_compared_with_what_the_plan_let_expect(
    ground: RoadProblem, crossed: list[tuple[str, ...]]
) -> None:
    sites = sorted({site for way in crossed for site in way})
    answer = interception_answer(question(), ground, [at(ground, site, 300) for site in sites], DAYS)
    whole = answer.figures["whole"]
    believed = answer.figures["believed"]
    assert 0 < whole["low"] < believed["low"] < believed["middle"] < believed["high"] == whole["high"] <= 1
    assert whole["high"] - whole["low"] <= statistics.WIDEST_RANGE
    assert f"Between {100 * whole['low']:.0f} and {100 * whole['high']:.0f} % of those" in said(answer)
    assert f"is so, it is {100 * believed['low']:.0f} to" in said(answer)
    assert "The plan let expect" in said(answer)
    assert "Method: those who passed unseen are drawn" in said(answer)
    assert "Assumed: a staffed site detects 60 %" in said(answer)
    seldom = interception_answer(question(), ground, [at(ground, site, 300, 1) for site in sites], DAYS)
    assert seldom.figures["whole"]["high"] < whole["low"], "sites that reported on one day of ten let more pass"
    assert "less was detected" in said(seldom)
    every = [row for row in rows(answer, "routes") if row["answer"] == "told"]
    assert every
    for row in every:
        observed = row["observed"]
        for undetected, part in ((row["undetected_low"], row["high"]), (row["undetected_high"], row["low"])):
            assert 100 * observed / (observed + undetected) == pytest.approx(part, abs=1)  # type: ignore[operator]


def test_doubt_that_makes_it_say_nothing_is_said_instead(ground: RoadProblem, crossed: list[tuple[str, ...]]) -> None:
    sites = sorted({site for way in crossed for site in way})
    wide = {"detection_least": 0.1, "detection_most": 0.95, "knows_most": 1}
    answer = interception_answer(question(**wide), ground, [at(ground, site, 300) for site in sites], DAYS)
    assert answer.figures["whole"] == {"why": "wide"}
    assert str(answer.sentences[0]).startswith("Cannot tell how much was detected")
    assert {row["answer"] for row in rows(answer, "routes")} == {"wide"}
    assert all(row["low"] is row["high"] is row["undetected_low"] is None for row in rows(answer, "routes"))


@pytest.mark.parametrize(
    ("amount", "days", "why", "words"),
    [
        (0, DAYS, "nobody", "nobody was, at the sites"),
        (40, 0, "unwatched", "no site that reports lies on these routes"),
        (None, DAYS, "small", "are small, or would give small ones away"),
    ],
)
def test_where_it_cannot_be_told_it_says_why(
    ground: RoadProblem, crossed: list[tuple[str, ...]], amount: int | None, days: int, why: str, words: str
) -> None:
    sites = sorted({site for way in crossed for site in way})
    answer = interception_answer(question(), ground, [at(ground, site, amount, days) for site in sites], DAYS)
    assert words in str(answer.sentences[0])
    assert {row["answer"] for row in rows(answer, "routes")} == {why}
    assert "low" not in answer.figures["whole"]


def test_a_route_with_few_is_left_out_and_another_without_a_site_rests_on_its_share(ground: RoadProblem) -> None:
    ways = [way.sites for way in routes(ground.problem) if way is not None]
    alone = [site for site in ways[0] if site not in ways[1] + ways[2]]
    other = [site for site in ways[1] if site not in ways[0]]
    answer = interception_answer(question(), ground, [at(ground, alone[0], 300), at(ground, other[0], None)], DAYS)
    assert [(row["route"], row["answer"]) for row in rows(answer, "routes")][1][1] == "small"
    assert "are in none of the shares: 1 groups of routes" in said(answer)
    assert [row["observed"] for row in rows(answer, "sites")] == [300, None]
    half = interception_answer(question(), ground, [at(ground, alone[0], 300)], DAYS)
    assert "is on routes without a site that reports" in said(half)
    assert half.figures["believed"]["high"] < answer.figures["believed"]["low"]
    island = AtSite(uuid4(), "An island", "", 40, DAYS)
    assert "is not counted: 1 sites" in said(
        interception_answer(question(), ground, [at(ground, alone[0], 300), island], DAYS)
    )


def test_bounds_the_wrong_way_round_are_refused(scene: Running) -> None:
    content = question().model_dump() | {"detection_least": 0.7, "knows_least": 0.9}
    with scene.store.reading(scene["dov"]) as session, pytest.raises(RuleBroken) as refused:
        asked.read(content, session, scene.operation)
    assert {flaw.field for flaw in refused.value.flaws} == {"detection", "knows_most"}


# ------------------------------------------------------------------------------------------- through the worker

NORTH = (Journey(name="north", origin=AGADEZ, destination=TRIPOLI),)


def placed(scene: Running, crossing: str) -> None:
    """Niamey lies at a crossing on the way to the north."""
    with scene.store.unit_of_work(System()) as session:
        session.get_one(places.Site, scene.sites["Niamey"]).ref = CROSSING + crossing


@pytest.mark.parametrize(("persons", "told_"), [(60, True), (6, False)])
def test_a_worker_answers_it_from_what_was_reported(
    scene: Running, crossed: list[tuple[str, ...]], persons: int, told_: bool
) -> None:
    placed(scene, crossed[0][0])
    send(scene, form(scene, lines=[line_of("migrant_detection", detections=persons)]))
    let_out(scene)
    with scene.store.reading(System()) as session:
        [here] = [each for each in at_sites(session, scene.operation, LineKind.MIGRANT_DETECTION) if each.ref]
    assert (here.amount, here.days) == (persons if told_ else None, 1)
    found = answered(scene, AnalysisKind.INTERCEPTION, question(journeys=NORTH, knows_most=0))
    assert found.state == JobState.DONE, found.failure
    kept = result(scene, found)
    assert ("low" in kept["figures"]["whole"]) == told_  # type: ignore[index]
    with scene.store.reading(scene["lena"]) as session:
        untold = analyses.result(session, found.id)
    assert untold is not None
    for table in untold.result["tables"]:
        assert {row[table["columns"].index("observed")] for row in table["rows"]} == {None}
    assert "This analysis shows detections by site and route" in untold.result["notes"][-1]["template"]
    with scene.store.reading(scene["chaima"]) as session, pytest.raises(NotFound):
        analyses.result(session, found.id)
    first = str(Flaw("", **kept["sentences"][0]))  # type: ignore[index]
    for name, reads in (("lena", True), ("dov", True), ("chaima", False)):
        with at_desk(scene, name):
            catalogue = texts(figures.layout(operation_id=str(scene.operation)))
        assert (first in catalogue) == reads
        assert ("By route, and the method" in catalogue) == reads


def test_before_the_operation_it_is_not_asked(scene: Running) -> None:
    asked_ = ask(scene, analysis_draft(kind=AnalysisKind.INTERCEPTION, layer_versions=[]), question(journeys=NORTH))
    with clock.at(START.replace(year=2025)):
        assert worker.step(scene.store, "test")
    with scene.store.reading(scene["dov"]) as session:
        failed = analyses.analysis(session, asked_.id)
    assert failed.state == JobState.FAILED
    assert "No day of an operational phase has begun" in str(failed.failure["template"])  # type: ignore[index]
