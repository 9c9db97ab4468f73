"""Where to stand on the bundled roads: the answer keeps to what was asked and is never worse than what it names."""

import pytest

from geodata.placement.problem import Unplaceable
from operations.analyses.placement import answer_placement, journey_notes
from operations.analyses.question import Journey, JourneyEnd
from operations.analyses.questions.placement import PlacementQuestion
from operations.analyses.road_network import ground_of as field

AGADEZ, NIAMEY, BAMAKO = (
    JourneyEnd(lon=7.99, lat=16.97),
    JourneyEnd(lon=2.11, lat=13.51),
    JourneyEnd(lon=-7.98, lat=12.63),
)
TRIPOLI, ALGIERS = JourneyEnd(lon=13.19, lat=32.88), JourneyEnd(lon=3.05, lat=36.75)
JOURNEYS = (
    Journey(name="north", origin=AGADEZ, destination=TRIPOLI, share=2),
    Journey(name="west", origin=BAMAKO, destination=ALGIERS),
    Journey(name="middle", origin=NIAMEY, destination=ALGIERS),
)


def question(**changes: object) -> PlacementQuestion:
    return PlacementQuestion.model_validate({"journeys": JOURNEYS, "teams": 3, "seconds": 6, **changes})


def rows(answer: object, name: str) -> list[list[object]]:
    return next([list(row) for row in table.rows] for table in answer.tables if table.name == name)  # type: ignore[attr-defined]


def test_the_plan_is_proven_and_no_rule_of_thumb_beats_it() -> None:
    answer, whole = answer_placement(question(), lambda state: True)
    assert whole
    assert answer.figures["proven"]
    assert not any("not proven" in each.template for each in answer.sentences)
    assert len(answer.figures["plan"]) <= 3
    detected = {row[0]: row[1] for row in rows(answer, "plans")}
    assert detected["proposed plan"] == max(detected.values())
    assert {row[0] for row in rows(answer, "sites")} == set(answer.figures["plan"])
    assert [row[1] for row in rows(answer, "frontier")] == sorted(row[1] for row in rows(answer, "frontier"))


def test_forbidden_sites_stay_empty_and_fixed_ones_are_staffed() -> None:
    first, _ = answer_placement(question(), lambda state: True)
    taken = first.figures["plan"][0]
    other, _ = answer_placement(question(forbidden=(taken,)), lambda state: True)
    assert taken not in other.figures["plan"]
    assert other.figures["detected"] <= first.figures["detected"] + 1e-9
    idle = next(site for site in field(question()).names if site not in first.figures["plan"])
    kept, _ = answer_placement(question(fixed=(idle,)), lambda state: True)
    assert idle in kept.figures["plan"]


def test_who_stops_it_gets_the_best_so_far() -> None:
    answer, whole = answer_placement(question(seconds=60), lambda state: False)
    assert not whole
    assert answer.figures["bound"] <= answer.figures["unseen"] + 1e-9
    told = [each for each in answer.sentences if "not proven" in each.template]
    assert len(told) == (not answer.figures["proven"])
    if told:
        share = answer.figures["detected"] / answer.figures["most"]
        assert 0 <= share - float(told[0].params["share"]) / 100 < 0.002


def test_a_journey_that_no_road_joins_is_left_out_and_named() -> None:
    island = Journey(name="to the island", origin=AGADEZ, destination=JourneyEnd(lon=14.5, lat=35.9))
    asked = question(journeys=(*JOURNEYS, island))
    ground = field(asked)
    assert [note.params["journey"] for note in ground.skipped] == ["to the island"]
    assert [str(note) for note in journey_notes(asked, ground)] == [
        "3 of the 4 journeys are in this answer. The others were left out: the notes say why."
    ]
    assert journey_notes(question(), field(question())) == ()
    with pytest.raises(Unplaceable, match="None of the journeys"):
        field(question(journeys=(Journey(name="nowhere", origin=AGADEZ, destination=AGADEZ),)))


def test_an_end_far_from_every_road_leaves_out_its_journey_only() -> None:
    desert = Journey(name="from the desert", origin=JourneyEnd(lon=20.0, lat=24.0), destination=TRIPOLI)
    found = field(question(journeys=(*JOURNEYS, desert)))
    assert [note.params["journey"] for note in found.skipped] == ["from the desert"]
    assert len(found.problem.share) == 3


def test_half_a_world_is_refused() -> None:
    far = Journey(name="far", origin=AGADEZ, destination=JourneyEnd(lon=-150.0, lat=61.2))
    with pytest.raises(Unplaceable, match="one region at a time"):
        field(question(journeys=(far, Journey(name="b", origin=AGADEZ, destination=JourneyEnd(lon=139.7, lat=35.7)))))


def variants(answer: object) -> dict[str, float]:
    return {each["name"]: each["detected"] for each in answer.figures["variants"]}  # type: ignore[attr-defined]


def test_every_plan_that_is_compared_can_be_looked_at_on_the_map() -> None:
    answer, _ = answer_placement(question(in_force=("DZA-NER-R001",)), lambda state: True)
    assert {"proposed plan", "alternative 1", "greedy", "plan in force"} <= variants(answer).keys()
    of = {name: set() for name in variants(answer)}
    for each in answer.features:
        if each["properties"]["kind"] == "checkpoint":
            for name in each["properties"]["of"]:
                of[name].add(each["properties"]["id"])
    assert of["proposed plan"] == set(answer.figures["plan"])
    assert of["plan in force"] == {"DZA-NER-R001"}
    assert of["alternative 1"] == set(answer.figures["alternatives"][0])
    ways = [each["properties"]["of"] for each in answer.features if each["properties"]["kind"] == "way"]
    assert {name for names in ways for name in names} == set(of)


def test_teams_that_move_are_all_drawn_on_every_day_and_detect_no_less() -> None:
    first, _ = answer_placement(question(days=4, seed=7), lambda state: True)
    assert [day for day, _places in rows(first, "draw")] == [1, 2, 3, 4]
    assert all(len(str(places).split("; ")) == 3 for _day, places in rows(first, "draw"))
    assert sum(odds for _id, _place, odds in rows(first, "odds")) == pytest.approx(3, abs=0.05)  # type: ignore[arg-type]
    assert variants(first)["moving teams"] >= variants(first)["proposed plan"] - 1e-6


def test_a_plan_for_doubtful_journeys_says_what_it_loses_at_most() -> None:
    answer, _ = answer_placement(question(doubt=3), lambda state: True)
    (told,) = [each for each in answer.sentences if "robust plan loses" in each.template]
    assert 0 <= float(told.params["worst"]) < 100
    assert "robust plan" in variants(answer)


def test_skills_costs_and_the_budget_are_kept_to() -> None:
    best, _ = answer_placement(question(), lambda state: True)
    first = rows(best, "sites")[0][0]
    asks = {"site": first, "skill": "documents"}
    without, _ = answer_placement(question(required=(asks,)), lambda state: True)
    assert first not in without.figures["plan"]
    skilled, _ = answer_placement(question(required=(asks,), skills=(("documents",),)), lambda state: True)
    assert first in skilled.figures["plan"]
    cheap, _ = answer_placement(question(budget=2), lambda state: True)
    assert len(cheap.figures["plan"]) == 2
    with pytest.raises(Unplaceable, match="No plan is possible"):
        answer_placement(question(fixed=(first,), required=({"site": first, "cost": 9},), budget=2), lambda state: True)
