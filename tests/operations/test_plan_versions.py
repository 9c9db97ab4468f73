"""Versions of the plan: frozen as it stood, approved by other eyes, compared, and what was deleted brought back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import select

from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.vocabulary import PlanVersionState
from operations.policing.map_plan import changes as plan_changes
from operations.policing.map_plan import places
from operations.policing.map_plan import versions as plan_versions
from operations.policing.map_plan.changes import PlanDifference
from operations.policing.map_plan.versions import PlanItem, PlanVersion, PlanVersionDraft
from operations.policing.operation import plan
from tests.makers import START, Running, Shape, freeze, operation_draft, site_draft
from tests.people import CAST

POINT = Shape({"type": "Point", "coordinates": [2.1, 13.5]}, countries=("NER", "MLI"))
MOVED = Shape({"type": "Point", "coordinates": [2.2, 13.6]}, countries=("NER", "MLI"))
NATIONAL = ("bruno", "boubacar", "chaima", "mateo", "marie", "moussa")


def draw(
    scene: Running, name: str, by: str = "ana", shape: Shape = POINT, of: places.MapObject | None = None, **changes: Any
) -> places.MapObject:
    content = {"id": new_id(), "object_id": new_id(), "kind": "checkpoint", "name": name}
    if of is not None:
        content |= {"object_id": of.object_id, "supersedes_id": of.id}
    with scene.store.unit_of_work(scene[by]) as session:
        draft = parse(places.MapObjectDraft, content | changes)
        return places.draw(session, scene.operation, draft, shape, scene[by])


def delete(scene: Running, object_id: UUID, by: str = "ana") -> places.MapObject:
    with scene.store.unit_of_work(scene[by]) as session:
        return places.delete(session, object_id, new_id(), scene[by])


def restore(scene: Running, object_id: UUID, by: str = "ana", version_id: UUID | None = None) -> places.MapObject:
    with scene.store.unit_of_work(scene[by]) as session:
        return plan_versions.restore_object(session, object_id, version_id or new_id(), scene[by])


def approve(scene: Running, version_id: UUID, by: str = "lena") -> PlanVersion:
    with scene.store.unit_of_work(scene[by]) as session:
        return plan_versions.approve(session, version_id, scene[by])


def states(scene: Running, by: str = "ana") -> dict[int, str]:
    with scene.store.reading(scene[by]) as session:
        return {each.number: each.state for each in plan_versions.versions(session, scene.operation)}


def names(scene: Running, version_id: UUID, by: str = "ana") -> set[str]:
    with scene.store.reading(scene[by]) as session:
        return {each.name for each in plan_versions.objects_of(session, version_id)}


def difference(scene: Running, a: UUID, b: UUID | None = None, by: str = "ana") -> PlanDifference:
    with scene.store.reading(scene[by]) as session:
        return plan_changes.difference(session, a, b)


def told(found: PlanDifference) -> tuple[list[str], list[str], list[str]]:
    """Names of what was added, changed and removed."""
    added, changed, removed = found
    return (
        sorted(each.after.name for each in added if each.after),
        sorted(each.after.name for each in changed if each.after),
        sorted(each.before.name for each in removed if each.before),
    )


def entries(scene: Running) -> int:
    with scene.store.reading(System()) as session:
        return journal.count(session)


# ------------------------------------------------------------------------------------------------------- freezing


def test_a_frozen_plan_stays_as_it_was(scene: Running) -> None:
    kept, moved, gone = (draw(scene, name) for name in ("Kept", "Moved", "Gone"))
    made = freeze(scene)
    draw(scene, "Moved on", of=moved, shape=MOVED)
    delete(scene, gone.object_id)
    draw(scene, "New")
    assert (made.number, made.state, made.note) == (1, "draft", "Before the amendment.")
    assert names(scene, made.id) == {"OCU Niamey", "Kept", "Moved", "Gone"}
    with scene.store.reading(scene["ana"]) as session:
        frozen = {each.object_id: each.id for each in plan_versions.objects_of(session, made.id)}
        assert {site.name for site in plan_versions.sites_of(session, made.id)} == {"Niamey", "Agadez", "Bamako"}
    assert frozen[kept.object_id] == kept.id
    assert frozen[moved.object_id] == moved.id


def test_the_same_freeze_again_is_answered_as_before(scene: Running) -> None:
    draft = PlanVersionDraft(id=new_id(), note="First.")
    made = freeze(scene, draft)
    draw(scene, "Later")
    before = entries(scene)
    assert freeze(scene, draft).id == made.id
    assert entries(scene) == before
    assert "Later" not in names(scene, made.id)
    with pytest.raises(Conflict, match="This version of the plan was already frozen with another note"):
        freeze(scene, PlanVersionDraft(id=draft.id, note="Other."))


def test_versions_are_numbered_by_operation_newest_first(scene: Running) -> None:
    for _ in range(3):
        freeze(scene)
    assert list(states(scene)) == [3, 2, 1]


def test_an_empty_plan_is_not_frozen(scene: Running) -> None:
    with scene.store.unit_of_work(scene["ana"]) as session:
        empty = plan.create(session, operation_draft(), scene["ana"])
    planner = Actor(**vars(scene["ana"]) | {"operations": frozenset({empty.id})})
    with pytest.raises(RuleBroken, match="nothing on the plan yet"), scene.store.unit_of_work(planner) as session:
        plan_versions.freeze(session, empty.id, PlanVersionDraft(id=new_id()), planner)


def test_a_note_tells_of_no_person() -> None:
    with pytest.raises(RuleBroken, match="personal data"):
        parse(PlanVersionDraft, {"id": new_id(), "note": "Call +227 90 12 34 56 78"})


def test_only_the_coordinator_freezes(scene: Running) -> None:
    for name in [each for each in CAST if each != "ana"]:
        with pytest.raises(NotFound):
            freeze(scene, by=name)


# ------------------------------------------------------------------------------------------------------- approving


def test_the_newest_approval_is_in_force_and_older_versions_are_history(scene: Running) -> None:
    first, second, third = (freeze(scene) for _ in range(3))
    assert approve(scene, first.id).approved_name == "Lena Okafor"
    approve(scene, third.id)
    assert states(scene) == {3: "approved", 2: "superseded", 1: "superseded"}
    with pytest.raises(RuleBroken, match="newer version of the plan has been approved"):
        approve(scene, second.id)
    with scene.store.reading(scene["ana"]) as session:
        assert plan_versions.version(session, first.id).approved_at is not None
        assert plan_versions.version(session, second.id).approved_at is None


def test_approving_twice_approves_once(scene: Running) -> None:
    made = freeze(scene)
    approve(scene, made.id)
    before = entries(scene)
    assert approve(scene, made.id).state == PlanVersionState.APPROVED
    assert entries(scene) == before


def test_nobody_approves_what_they_froze(scene: Running) -> None:
    made = freeze(scene)
    promoted = Actor(**vars(scene["lena"]) | {"account_id": scene["ana"].account_id})
    with pytest.raises(RuleBroken, match="you froze it"), scene.store.unit_of_work(promoted) as session:
        plan_versions.approve(session, made.id, promoted)
    values = {"state": "approved", "approved_by": made.author_id, "approved_at": START}
    with pytest.raises(sa.exc.IntegrityError), scene.store.unit_of_work(System()) as session:
        session.execute(sa.update(PlanVersion).values(**values))


def test_only_leadership_approves(scene: Running) -> None:
    made = freeze(scene)
    for name in [each for each in CAST if each != "lena"]:
        with pytest.raises(NotFound):
            approve(scene, made.id, by=name)
        assert states(scene) == {1: "draft"}


def test_two_plans_are_never_in_force_whatever_the_code_does(scene: Running) -> None:
    for _ in range(2):
        freeze(scene)
    values = {"state": "approved", "approved_by": scene["lena"].account_id, "approved_at": START}
    with pytest.raises(Conflict), scene.store.unit_of_work(System()) as session:
        session.execute(sa.update(PlanVersion).values(**values))


def test_the_database_refuses_to_change_a_frozen_plan(scene: Running) -> None:
    freeze(scene)
    for statement in (
        "UPDATE plan_version SET note = 'x'",
        "DELETE FROM plan_version",
        "UPDATE plan_item SET audience = 'participants'",
        "DELETE FROM plan_item",
    ):
        with pytest.raises(sa.exc.DBAPIError, match="never changed"), scene.store.unit_of_work(System()) as session:
            session.connection().execute(sa.text(statement))


# ------------------------------------------------------------------------------------------------------ comparing


def test_nothing_differs_where_nothing_changed(scene: Running) -> None:
    draw(scene, "Kept")
    first, second = freeze(scene), freeze(scene)
    assert difference(scene, first.id) == difference(scene, first.id, second.id) == ((), (), ())


def test_the_difference_says_what_who_and_when(scene: Running) -> None:
    moved, renamed, gone = (draw(scene, name) for name in ("Moved", "Old name", "Gone"))
    first = freeze(scene)
    at = START + timedelta(hours=5)
    with clock.at(at):
        draw(scene, "Moved", of=moved, shape=MOVED)
        draw(scene, "New name", of=renamed, note="Nearer to the road.", state="active")
        delete(scene, gone.object_id)
        draw(scene, "Ours", by="chaima")
    found = difference(scene, first.id)
    assert told(found) == (["Ours"], ["Moved", "New name"], ["Gone"])
    by_name = {each.after.name: each for each in found.changed if each.after}
    assert (by_name["Moved"].fields, by_name["Moved"].moved) == ((), True)
    assert (by_name["New name"].fields, by_name["New name"].moved) == (("state", "name", "note"), False)
    assert {each.at for each in (*found.added, *found.changed, *found.removed)} == {at}
    assert {each.by for each in (*found.changed, *found.removed)} == {"Ana Ferreira"}
    assert found.added[0].by == "Chaima Abdou"
    with clock.at(at):
        second = freeze(scene)
    assert difference(scene, first.id, second.id) == found
    back = difference(scene, second.id, first.id)
    assert told(back) == (["Gone"], ["Moved", "Old name"], ["Ours"])


def test_a_later_change_does_not_alter_the_difference_of_two_frozen_plans(scene: Running) -> None:
    gone = draw(scene, "Gone")
    first = freeze(scene)
    with clock.at(START + timedelta(hours=1)):
        delete(scene, gone.object_id)
        second = freeze(scene)
    before = difference(scene, first.id, second.id)
    with clock.at(START + timedelta(hours=2)):
        restore(scene, gone.object_id)
        delete(scene, gone.object_id)
        draw(scene, "New")
    assert difference(scene, first.id, second.id) == before
    assert difference(scene, first.id).removed[0].at == START + timedelta(hours=2)


def test_what_was_taken_back_is_no_change(scene: Running) -> None:
    made = draw(scene, "Here")
    first = freeze(scene)
    draw(scene, "There", of=made, shape=MOVED)
    with scene.store.unit_of_work(scene["ana"]) as session:
        places.undo(session, made.object_id, new_id(), scene["ana"])
    assert difference(scene, first.id) == ((), (), ())


def test_sites_come_and_go_with_who_and_when(scene: Running) -> None:
    first = freeze(scene)
    with clock.at(START), scene.store.unit_of_work(scene["chaima"]) as session:
        places.place_site(session, scene.operation, site_draft("NER", "Zinder"), scene["chaima"])
        places.close_site(session, scene.sites["Agadez"], scene["chaima"])
    found = difference(scene, first.id)
    assert told(found) == (["Zinder"], [], ["Agadez"])
    assert {(each.by, each.at) for each in (*found.added, *found.removed)} == {("Chaima Abdou", START)}
    second = freeze(scene)
    assert told(difference(scene, first.id, second.id)) == (["Zinder"], [], ["Agadez"])


def test_a_frozen_plan_keeps_its_sites_as_they_were(scene: Running) -> None:
    first = freeze(scene)
    with clock.at(START), scene.store.unit_of_work(scene["ana"]) as session:
        found = places.site(session, scene.sites["Agadez"])
        content = found.model_dump(include=set(places.CORRECTED)) | {"id": found.id, "name": "Agadez market", "lat": 17}
        places.correct_site(session, parse(places.SiteDraft, content), scene["ana"], 1)
    with scene.store.reading(scene["ana"]) as session:
        assert "Agadez" in [each.name for each in plan_versions.sites_of(session, first.id)]
    [change] = difference(scene, first.id).changed
    assert (change.fields, change.moved, change.by) == (("name",), True, "Ana Ferreira")


def test_plans_of_two_operations_are_not_compared(scene: Running) -> None:
    first = freeze(scene)
    with scene.store.unit_of_work(scene["ana"]) as session:
        other = plan.create(session, operation_draft(), scene["ana"])
    scene.members["ana"] = Actor(**vars(scene["ana"]) | {"operations": frozenset({scene.operation, other.id})})
    with scene.store.unit_of_work(scene["ana"]) as session:
        plan.invite(session, other.id, parse(plan.CountryInvitation, {"country": "NER"}), scene["ana"])
        places.place_site(session, other.id, site_draft("NER", "Niamey"), scene["ana"])
        second = plan_versions.freeze(session, other.id, PlanVersionDraft(id=new_id()), scene["ana"])
    for pair in ((first.id, second.id), (new_id(), None), (first.id, new_id())):
        with pytest.raises(NotFound):
            difference(scene, *pair)


# ------------------------------------------------------------------------------------------------------- restoring


def test_a_deleted_object_comes_back_as_it_last_was(scene: Running) -> None:
    first = draw(scene, "Kilometre 5")
    last = draw(scene, "Kilometre 6", of=first, shape=MOVED)
    gone = delete(scene, last.object_id)
    with scene.store.reading(scene["ana"]) as session:
        assert [each.id for each in plan_versions.deleted_objects(session, scene.operation)] == [gone.id]
    back = restore(scene, last.object_id)
    assert (back.name, back.geometry, back.deleted, back.version) == ("Kilometre 6", MOVED.geometry, False, 4)
    with scene.store.reading(scene["ana"]) as session:
        assert plan_versions.deleted_objects(session, scene.operation) == []


def test_restoring_twice_restores_once(scene: Running) -> None:
    made, version = draw(scene, "Kilometre 5"), new_id()
    delete(scene, made.object_id)
    first = restore(scene, made.object_id, version_id=version)
    before = entries(scene)
    assert restore(scene, made.object_id, version_id=version).id == first.id
    with pytest.raises(NotFound):
        restore(scene, made.object_id)
    assert entries(scene) == before


def test_only_who_drew_it_brings_an_object_back(scene: Running) -> None:
    made = draw(scene, "Ours", by="chaima")
    with pytest.raises(NotFound):
        restore(scene, made.object_id, by="chaima")
    delete(scene, made.object_id, by="chaima")
    for name in ("ana", "moussa", "bruno", "dov"):
        with pytest.raises(NotFound):
            restore(scene, made.object_id, by=name)
    with pytest.raises(NotFound):
        restore(scene, new_id())
    assert restore(scene, made.object_id, by="chaima").name == "Ours"


# -------------------------------------------------------------------------------------------------------- who sees


def test_countries_see_approved_plans_and_of_them_what_the_map_shows_them(scene: Running) -> None:
    draw(scene, "For us", audience="coordination")
    draw(scene, "For all")
    draw(scene, "Ours", by="chaima", audience="coordination")
    made = freeze(scene)
    for name in NATIONAL:
        assert states(scene, name) == {}
        assert names(scene, made.id, name) == set()
        with pytest.raises(NotFound):
            difference(scene, made.id, by=name)
    approve(scene, made.id)
    freeze(scene)
    for name in NATIONAL:
        assert states(scene, name) == {1: "approved"}
    assert names(scene, made.id, "ana") == names(scene, made.id, "lena") == {"OCU Niamey", "For us", "For all", "Ours"}
    assert names(scene, made.id, "bruno") == {"OCU Niamey", "For all", "Ours"}
    assert names(scene, made.id, "mateo") == {"OCU Niamey", "For all"}
    for name in ("otto", "ada"):
        assert states(scene, name) == {}


def test_a_country_is_told_only_of_changes_that_it_sees(scene: Running) -> None:
    hidden = draw(scene, "For us", audience="coordination")
    made = approve(scene, freeze(scene).id)
    draw(scene, "For us, moved", of=hidden, shape=MOVED, audience="coordination")
    draw(scene, "Ours", by="moussa", audience="coordination")
    draw(scene, "For all")
    assert told(difference(scene, made.id)) == (["For all", "Ours"], ["For us, moved"], [])
    assert told(difference(scene, made.id, by="bruno")) == (["For all"], [], [])


def test_a_raw_select_tells_a_country_nothing_of_what_is_hidden(scene: Running) -> None:
    hidden = draw(scene, "Ours", by="chaima", audience="coordination")
    approve(scene, freeze(scene).id)
    draft = freeze(scene)
    with scene.store.reading(scene["mateo"]) as session:
        assert [each.number for each in session.exec(select(PlanVersion))] == [1]
        items = session.exec(select(PlanItem)).all()
    assert hidden.object_id not in {each.item_id for each in items}
    assert draft.id not in {each.plan_version_id for each in items}
    assert len(items) == 4


@pytest.mark.parametrize("shelf", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_postgresql_itself_keeps_countries_apart(scene: Running) -> None:
    draw(scene, "Ours", by="chaima", audience="coordination")
    approve(scene, freeze(scene).id)
    freeze(scene)
    query = sa.text("SELECT (SELECT count(*) FROM plan_version), (SELECT count(*) FROM plan_item)")
    seen = {}
    for name in ("ana", "chaima", "moussa"):
        with scene.store.reading(scene[name]) as session:
            seen[name] = tuple(session.connection().execute(query).one())
    assert seen == {"ana": (2, 10), "chaima": (1, 5), "moussa": (1, 4)}
    with scene.store.engine.connect() as connection:
        assert tuple(connection.execute(query).one()) == (0, 0)


def test_outside_the_operation_nothing_is_there(scene: Running) -> None:
    made = approve(scene, freeze(scene).id)
    for name in ("ana", "dov", "bruno"):
        scene.members[name] = Actor(**vars(scene[name]) | {"operations": frozenset()})
        assert states(scene, name) == {}
        with pytest.raises(NotFound):
            difference(scene, made.id, by=name)
        with pytest.raises(NotFound):
            freeze(scene, by=name)


def test_each_version_of_an_object_says_what_it_changed_and_who_did(scene: Running) -> None:
    first = draw(scene, "CP 1")
    second = draw(scene, "CP 2", of=first, shape=MOVED)
    third = draw(scene, "CP 2", of=second, shape=MOVED, state="active", note="Open at night.")
    with scene.store.reading(scene["ana"]) as session:
        steps = plan_changes.steps(places.history(session, first.object_id))
    assert set(steps) == {second.id, third.id}
    assert (steps[second.id].fields, steps[second.id].moved) == (("name",), True)
    assert (steps[third.id].fields, steps[third.id].moved) == (("state", "note"), False)
    assert steps[third.id].by == CAST["ana"][0]
