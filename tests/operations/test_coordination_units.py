"""Coordination units: in versions, in their own zone, open or not at a moment, and seen by whoever sees them drawn."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.policing.map_plan import coordination_units, places
from operations.policing.map_plan.coordination_units import CoordinationUnit
from operations.policing.operation import targets
from tests.makers import Running, Shape, unit_draft


def niamey(scene: Running) -> CoordinationUnit:
    with scene.store.reading(scene["ana"]) as session:
        [(_drawn, unit)] = coordination_units.mapped_units(session, scene.operation)
    assert unit is not None
    return unit


def describe(scene: Running, object_id: UUID, by: str = "ana", **changes: Any) -> CoordinationUnit:
    with scene.store.unit_of_work(scene[by]) as session:
        return coordination_units.describe(session, scene.operation, unit_draft(object_id, **changes), scene[by])


def test_a_new_version_replaces_the_one_on_the_screen_and_the_slower_one_is_told(scene: Running) -> None:
    before = niamey(scene)
    after = describe(scene, before.object_id, supersedes_id=before.id, region="Sahel")
    assert (after.version, niamey(scene).region) == (2, "Sahel")
    with pytest.raises(Conflict, match="while you were writing"):
        describe(scene, before.object_id, supersedes_id=before.id, region="Coast")
    again = {"id": after.id, "supersedes_id": before.id, "region": "Sahel"}
    assert describe(scene, before.object_id, **again).version == 2
    with pytest.raises(Conflict, match="other content"):
        describe(scene, before.object_id, **again | {"region": "Coast"})


def test_only_what_is_a_unit_on_the_map_can_be_one(scene: Running) -> None:
    with pytest.raises(NotFound):
        describe(scene, new_id())


@pytest.mark.parametrize("name", ["dov", "lena", "chaima", "otto"])
def test_the_coordinator_alone_mans_units(scene: Running, name: str) -> None:
    with pytest.raises(NotFound):
        describe(scene, niamey(scene).object_id, by=name, supersedes_id=niamey(scene).id)


def test_a_unit_for_those_who_coordinate_is_not_told_to_countries(scene: Running) -> None:
    draft = {"id": new_id(), "object_id": new_id(), "kind": "coordination_unit", "name": "Quiet"}
    draft["audience"] = "coordination"
    with scene.store.unit_of_work(scene["ana"]) as session:
        shape = Shape({"type": "Point", "coordinates": [2.1, 13.5]})
        places.draw(session, scene.operation, parse(places.MapObjectDraft, draft), shape, scene["ana"])
    describe(scene, draft["object_id"])
    seen = {}
    for name in ("ana", "lena", "chaima", "bruno"):
        with scene.store.reading(scene[name]) as session:
            seen[name] = {
                drawn.name for drawn, unit in coordination_units.mapped_units(session, scene.operation) if unit
            }
    assert seen["ana"] == seen["lena"] == {"OCU Niamey", "Quiet"}
    assert seen["chaima"] == seen["bruno"] == {"OCU Niamey"}


DAY = {"round_the_clock": False, "days": [0, 1, 2, 3, 4], "opens": "08:00", "closes": "18:00"}
NIGHT = DAY | {"opens": "20:00", "closes": "06:00"}


@pytest.mark.parametrize(
    ("hours", "zone", "moment", "expected"),
    [
        (DAY, "Africa/Niamey", datetime(2026, 3, 2, 7, 0, tzinfo=UTC), True),  # Monday 08:00
        (DAY, "Africa/Niamey", datetime(2026, 3, 2, 6, 59, tzinfo=UTC), False),
        (DAY, "Africa/Niamey", datetime(2026, 3, 2, 17, 0, tzinfo=UTC), False),  # it closes at 18:00
        (DAY, "Africa/Niamey", datetime(2026, 3, 7, 12, 0, tzinfo=UTC), False),  # Saturday
        (DAY, "America/Costa_Rica", datetime(2026, 3, 3, 0, 0, tzinfo=UTC), False),  # Monday 18:00 there
        (DAY, "America/Costa_Rica", datetime(2026, 3, 2, 23, 59, tzinfo=UTC), True),
        (NIGHT, "Africa/Niamey", datetime(2026, 3, 2, 19, 0, tzinfo=UTC), True),  # Monday 20:00
        (NIGHT, "Africa/Niamey", datetime(2026, 3, 7, 4, 0, tzinfo=UTC), True),  # Saturday 05:00: Friday's night
        (NIGHT, "Africa/Niamey", datetime(2026, 3, 2, 4, 0, tzinfo=UTC), False),  # Monday 05:00: Sunday has no night
        (DAY, "Europe/Paris", datetime(2026, 3, 30, 6, 0, tzinfo=UTC), True),  # 08:00, summer time since Sunday
        (DAY, "Europe/Paris", datetime(2026, 3, 27, 6, 30, tzinfo=UTC), False),  # 07:30, still winter
    ],
)
def test_hours_are_those_of_the_unit(
    scene: Running, hours: dict[str, Any], zone: str, moment: datetime, expected: bool
) -> None:
    before = niamey(scene)
    unit = describe(scene, before.object_id, supersedes_id=before.id, zone=zone, **hours)
    assert coordination_units.is_open(unit, moment) is expected


def test_a_unit_without_people_is_never_open_and_does_not_count_as_manned(scene: Running) -> None:
    before = niamey(scene)
    empty = describe(scene, before.object_id, supersedes_id=before.id, members=[])
    assert not coordination_units.is_open(empty, datetime(2026, 3, 2, 12, tzinfo=UTC))
    with scene.store.reading(scene["ana"]) as session:
        assert not coordination_units.manned(session, scene.operation)


def test_countries_that_no_unit_supports_are_named(scene: Running) -> None:
    assert coordination_units.unsupported([niamey(scene)], ["MLI", "NER", "TCD"]) == ["TCD"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"round_the_clock": False}, "on which days"),
        ({"members": [{"function": "head"}, {"function": "head", "persons": 2}]}, "together in one line"),
        ({"zone": "Africa/Nowhere"}, "not a time zone"),
    ],
)
def test_what_a_unit_must_say(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        unit_draft(new_id(), **changes)


def test_targets_are_set_changed_and_dropped_by_the_coordinator(scene: Running) -> None:
    wanted = parse(targets.TargetDraft, {"kpi": "K11", "value": 20})
    with scene.store.unit_of_work(scene["ana"]) as session:
        targets.aim(session, scene.operation, wanted, scene["ana"])
        targets.aim(session, scene.operation, wanted.model_copy(update={"value": 30}), scene["ana"])
        assert [each.value for each in targets.targets(session, scene.operation).values()] == [30]
        targets.drop(session, scene.operation, wanted.kpi, scene["ana"])
        assert targets.targets(session, scene.operation) == {}
        with pytest.raises(RuleBroken, match="not judged by"):
            targets.aim(session, scene.operation, parse(targets.TargetDraft, {"kpi": "K15", "value": 5}), scene["ana"])
    with scene.store.unit_of_work(scene["lena"]) as session, pytest.raises(NotFound):
        targets.aim(session, scene.operation, wanted, scene["lena"])
