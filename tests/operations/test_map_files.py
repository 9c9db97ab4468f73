"""The shapes of a foreign file come into the plan together, and leave it together."""

from uuid import UUID, uuid4

import pytest

from geodata.ground import shapes
from operations.core.errors import NotFound, RuleBroken
from operations.core.vocabulary import MapObjectKind, MapState
from operations.policing.map_plan import map_files, places
from operations.policing.map_plan.map_files import FileObject
from operations.policing.map_plan.places import PlanAudience
from tests.makers import Running

NIGER, MALI = [7.99, 16.97], [-4.0, 17.0]


def brought(scene: Running, name: str, import_id: UUID, *at: list[float]) -> int:
    made = []
    for number, place in enumerate(at, start=1):
        shape = shapes.measure({"type": "Point", "coordinates": place})
        one = FileObject(number, f"Post {number}", MapObjectKind.CHECKPOINT, "", shape)
        made.append((map_files.draft(import_id, one, MapState.PLANNED, PlanAudience.PARTICIPANTS), shape))
    with scene.store.unit_of_work(scene[name]) as session:
        return map_files.add(session, scene.operation, made, scene[name])


def names(scene: Running) -> list[str]:
    with scene.store.reading(scene["ana"]) as session:
        return [each.name for each in places.objects(session, scene.operation) if each.name != "OCU Niamey"]


def back(scene: Running, name: str, import_id: UUID) -> int:
    with scene.store.unit_of_work(scene[name]) as session:
        return map_files.take_back(session, import_id, scene[name])


def test_all_come_or_none_and_a_second_press_changes_nothing(scene: Running) -> None:
    import_id = uuid4()
    with pytest.raises(RuleBroken, match="A country draws on its own territory"):
        brought(scene, "chaima", import_id, NIGER, MALI, NIGER)
    assert names(scene) == []
    for _press in range(2):
        assert brought(scene, "ana", import_id, NIGER, MALI) == 2
    assert names(scene) == ["Post 1", "Post 2"]


def test_one_undo_takes_all_away_but_what_somebody_changed_since(scene: Running) -> None:
    import_id = uuid4()
    brought(scene, "ana", import_id, NIGER, MALI, NIGER)
    with scene.store.unit_of_work(scene["ana"]) as session:
        [first] = [each for each in places.objects(session, scene.operation) if each.name == "Post 1"]
        shape = shapes.measure(first.geometry)
        draft = places.MapObjectDraft(
            id=uuid4(), object_id=first.object_id, supersedes_id=first.id, name="Moved", kind=first.kind
        )
        places.draw(session, scene.operation, draft, shape, scene["ana"])
    assert back(scene, "ana", import_id) == 2
    assert names(scene) == ["Moved"]
    with pytest.raises(RuleBroken, match="These objects are off the plan already"):
        back(scene, "ana", import_id)


def test_who_may_not_draw_brings_nothing_and_takes_nothing_back(scene: Running) -> None:
    import_id = uuid4()
    brought(scene, "ana", import_id, NIGER)
    for name in ("bruno", "lena", "dov"):
        with pytest.raises(NotFound):
            brought(scene, name, uuid4(), NIGER)
    with pytest.raises(NotFound):
        back(scene, "chaima", import_id)
    assert names(scene) == ["Post 1"]


def test_nothing_and_too_much_are_refused_in_a_sentence(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="Nothing in the file can be brought in like this"):
        brought(scene, "ana", uuid4())
    with pytest.raises(RuleBroken, match="A file can bring 500 objects into the plan at once"):
        brought(scene, "ana", uuid4(), *([NIGER] * 501))
