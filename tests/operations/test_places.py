"""Sites, and objects drawn on the plan: versions, undo, who draws and who sees what."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from operations.core import journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import MapObjectKind
from operations.policing.map_plan import places, postings
from operations.policing.operation import plan
from operations.totals.activity import SiteActivity
from tests.makers import Running, Shape, form, operation_draft, posting_draft, send, site_draft
from tests.people import CAST

POINT = Shape({"type": "Point", "coordinates": [2.1, 13.5]})
MOVED = Shape({"type": "Point", "coordinates": [2.2, 13.6]})


def draft(**changes: Any) -> places.MapObjectDraft:
    content = {"id": new_id(), "object_id": new_id(), "kind": "checkpoint", "name": "Kilometre 5"}
    return parse(places.MapObjectDraft, content | changes)


def draw(scene: Running, what: places.MapObjectDraft, by: str = "ana", shape: Shape = POINT) -> places.MapObject:
    with scene.store.unit_of_work(scene[by]) as session:
        return places.draw(session, scene.operation, what, shape, scene[by])


def next_version(made: places.MapObject, **changes: Any) -> places.MapObjectDraft:
    return draft(object_id=made.object_id, supersedes_id=made.id, **changes)


def undo(scene: Running, object_id: UUID, by: str = "ana", version_id: UUID | None = None) -> places.MapObject:
    with scene.store.unit_of_work(scene[by]) as session:
        return places.undo(session, object_id, version_id or new_id(), scene[by])


def delete(scene: Running, object_id: UUID, by: str = "ana", version_id: UUID | None = None) -> places.MapObject:
    with scene.store.unit_of_work(scene[by]) as session:
        return places.delete(session, object_id, version_id or new_id(), scene[by])


def names(scene: Running, by: str) -> set[str]:
    with scene.store.reading(scene[by]) as session:
        return {each.name for each in places.objects(session, scene.operation)}


def entries(scene: Running) -> int:
    with scene.store.reading(System()) as session:
        return journal.count(session)


# --------------------------------------------------------------------------------------------------------- sites


def place(scene: Running, what: places.SiteDraft, by: str = "ana") -> places.Site:
    with scene.store.unit_of_work(scene[by]) as session:
        return places.place_site(session, scene.operation, what, scene[by])


def test_a_country_places_its_own_sites(scene: Running) -> None:
    made = place(scene, site_draft("NER", "Zinder"), by="chaima")
    with scene.store.reading(scene["mateo"]) as session:
        assert made.id in {site.id for site in places.sites(session, scene.operation)}
    with pytest.raises(NotFound):
        place(scene, site_draft("MLI", "Gao"), by="chaima")


def test_nobody_else_places_a_site_in_niger(scene: Running) -> None:
    for name in [each for each in CAST if each not in ("ana", "chaima")]:
        with pytest.raises(NotFound):
            place(scene, site_draft("NER", "Zinder"), by=name)


def test_the_same_site_again_is_answered_as_before(scene: Running) -> None:
    what = site_draft("NER", "Zinder")
    made, before = place(scene, what), entries(scene)
    assert place(scene, what).id == made.id
    assert entries(scene) == before


def test_the_same_id_for_another_site_is_a_conflict(scene: Running) -> None:
    with pytest.raises(Conflict):
        place(scene, site_draft("NER", "Zinder", id=scene.sites["Bamako"]))


def test_a_site_needs_a_country_that_takes_part_and_a_name_of_its_own(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="invite it first") as refusal:
        place(scene, site_draft("TCD", "Faya"))
    assert refusal.value.flaws[0].field == "country"
    with pytest.raises(RuleBroken, match="another name") as refusal:
        place(scene, site_draft("NER", "Niamey"))
    assert refusal.value.flaws[0].field == "name"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("lat", 90.1, "must be 90 or less"),
        ("lon", -180.5, "must be -180 or more"),
        ("lat", float("nan"), "This must be"),
        ("lat", "north", "must be a number"),
        ("country", "ZZZ", "ZZZ is not one of the choices"),
        ("site_type", "castle", "not one of the choices"),
        ("zone", "Africa/Atlantis", "not a time zone"),
        ("name", "Nia\u202emey", "cannot be seen"),
        ("ref", "air\u200bport", "cannot be seen"),
    ],
)
def test_a_site_draft_says_what_is_wrong(field: str, value: object, sentence: str) -> None:
    good = site_draft("NER", "Niamey").model_dump(mode="json")
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        parse(places.SiteDraft, good | {field: value})
    assert refusal.value.flaws[0].field == field


def test_a_closed_site_is_not_waited_for_and_keeps_its_history(scene: Running) -> None:
    agadez = scene.sites["Agadez"]
    with scene.store.unit_of_work(scene["chaima"]) as session:
        places.close_site(session, agadez, scene["chaima"])
        places.close_site(session, agadez, scene["chaima"])
    with scene.store.reading(System()) as session:
        assert session.get(SiteActivity, agadez) is None
        assert places.site(session, agadez).closed_at is not None
        assert agadez not in {site.id for site in places.sites(session, scene.operation)}


def correct(scene: Running, site_id: UUID, by: str = "ana", version: int = 1, **changes: Any) -> places.Site:
    with scene.store.unit_of_work(scene[by]) as session:
        content = places.site(session, site_id).model_dump(mode="json", include=set(places.CORRECTED)) | changes
        return places.correct_site(session, parse(places.SiteDraft, content | {"id": site_id}), scene[by], version)


def test_a_site_of_the_wrong_country_is_corrected_while_nothing_was_reported_there(scene: Running) -> None:
    made = place(scene, site_draft("NER", "Labbezanga"))
    mended = correct(scene, made.id, country="MLI", name="Labbézanga", zone="Africa/Bamako")
    assert (mended.country, mended.name, mended.zone, mended.version) == ("MLI", "Labbézanga", "Africa/Bamako", 2)
    with scene.store.reading(System()) as session:
        waited = session.get(SiteActivity, made.id)
        assert waited is not None
        assert waited.country == "MLI"
        [entry] = session.exec(select(journal.Entry).where(journal.Entry.act == "site.correct")).all()
    assert entry.detail["changed"] == ["name", "country", "zone"]
    before = entries(scene)
    assert correct(scene, made.id, version=1).version == 2  # said again: nothing is changed
    assert entries(scene) == before
    with pytest.raises(Conflict, match="while you were writing"):
        correct(scene, made.id, version=1, name="Ansongo")


def test_of_a_site_that_reported_the_name_alone_is_corrected(scene: Running) -> None:
    niamey = scene.sites["Niamey"]
    send(scene, form(scene))
    with pytest.raises(RuleBroken, match="only its name can be corrected") as refused:
        correct(scene, niamey, site_type="market", zone="Africa/Lagos", name="Niamey airport")
    assert [flaw.field for flaw in refused.value.flaws] == ["site_type", "zone"]
    assert correct(scene, niamey, name="Niamey airport").name == "Niamey airport"


def test_a_site_where_somebody_is_posted_stays_in_its_country(scene: Running) -> None:
    with scene.store.unit_of_work(scene["chaima"]) as session:
        draft = posting_draft(["binta"], [scene.sites["Agadez"]])
        [posting] = postings.post(session, scene.operation, draft, scene["chaima"])
    with pytest.raises(RuleBroken, match="Somebody is posted here") as refused:
        correct(scene, scene.sites["Agadez"], country="MLI")
    assert refused.value.flaws[0].field == "country"
    with scene.store.unit_of_work(scene["chaima"]) as session:
        postings.relieve(session, posting.id, scene["chaima"], version=1)
    assert correct(scene, scene.sites["Agadez"], country="MLI").country == "MLI"


def test_a_correction_keeps_the_rules_of_a_new_site(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="invite it first"):
        correct(scene, scene.sites["Agadez"], country="TCD")
    with pytest.raises(RuleBroken, match="another name"):
        correct(scene, scene.sites["Agadez"], name="Niamey")
    with pytest.raises(NotFound):
        correct(scene, scene.sites["Agadez"], by="chaima", country="MLI")
    with scene.store.unit_of_work(scene["ana"]) as session:
        places.close_site(session, scene.sites["Agadez"], scene["ana"])
    with pytest.raises(RuleBroken, match="removed from the plan"):
        correct(scene, scene.sites["Agadez"], name="Agadez 2")


@pytest.mark.parametrize("name", ["moussa", "bruno", "lena", "mateo"])
def test_nobody_corrects_the_sites_of_others(scene: Running, name: str) -> None:
    with pytest.raises(NotFound):
        correct(scene, scene.sites["Niamey"], by=name, name="Elsewhere")


@pytest.mark.parametrize("name", ["moussa", "bruno", "lena"])
def test_nobody_closes_the_sites_of_others(scene: Running, name: str) -> None:
    with scene.store.unit_of_work(scene[name]) as session, pytest.raises(NotFound):
        places.close_site(session, scene.sites["Niamey"], scene[name])


# ------------------------------------------------------------------------------------------------------ drawing


def test_what_is_drawn_is_on_the_map_of_every_participant(scene: Running) -> None:
    draw(scene, draft())
    for name in ("ana", "dov", "lena", "bruno", "mateo", "moussa"):
        assert "Kilometre 5" in names(scene, name)
    for name in ("otto", "ada"):
        assert names(scene, name) == set()


def test_only_coordinators_draw(scene: Running) -> None:
    for name in [each for each in CAST if each not in ("ana", "chaima", "moussa")]:
        with pytest.raises(NotFound):
            draw(scene, draft(), by=name)


def test_a_drawing_for_the_coordination_stays_there(scene: Running) -> None:
    draw(scene, draft(name="For us", audience="coordination"))
    draw(scene, draft(name="Ours", audience="coordination"), by="chaima")
    assert {"For us", "Ours"} <= names(scene, "ana")
    assert {"For us", "Ours"} & names(scene, "bruno") == {"Ours"}
    assert {"For us", "Ours"} & names(scene, "mateo") == set()


def test_the_journal_does_not_tell_of_drawings_that_one_does_not_see(scene: Running) -> None:
    secret = draw(scene, draft(name="For us", audience="coordination"))
    shown = draw(scene, draft())
    for name, known in (("ana", {secret.object_id, shown.object_id}), ("chaima", {shown.object_id})):
        with scene.store.reading(scene[name]) as session:
            told = {entry.object_id for entry in journal.latest(session, scene.operation)}
        assert told & {secret.object_id, shown.object_id} == known


def test_the_same_version_again_is_answered_as_before(scene: Running) -> None:
    what = draft()
    made, before = draw(scene, what), entries(scene)
    assert draw(scene, what).id == made.id
    assert entries(scene) == before


@pytest.mark.parametrize(("by", "change"), [("ana", {"name": "Other"}), ("chaima", {})])
def test_the_same_version_with_other_content_is_a_conflict(scene: Running, by: str, change: dict[str, str]) -> None:
    made = draw(scene, draft())
    forged = draft(id=made.id, object_id=made.object_id, **change)
    with pytest.raises(Conflict):
        draw(scene, forged, by=by)


def test_a_move_is_a_new_version(scene: Running) -> None:
    first = draw(scene, draft())
    second = draw(scene, next_version(first), shape=MOVED)
    assert (second.version, second.supersedes_id, second.geometry) == (2, first.id, MOVED.geometry)
    with scene.store.reading(scene["ana"]) as session:
        assert [each.version for each in places.history(session, first.object_id)] == [2, 1]
        assert [each.id for each in places.objects(session, scene.operation) if each.object_id == first.object_id] == [
            second.id
        ]


def test_a_change_of_a_replaced_version_is_a_conflict(scene: Running) -> None:
    first = draw(scene, draft())
    draw(scene, next_version(first), shape=MOVED)
    with pytest.raises(Conflict, match="Somebody changed this object while you were drawing"):
        draw(scene, next_version(first, name="Late"))
    with pytest.raises(Conflict):
        draw(scene, draft(object_id=first.object_id))


def test_a_version_of_nothing_is_not_there(scene: Running) -> None:
    with pytest.raises(NotFound):
        draw(scene, draft(supersedes_id=new_id()))


@pytest.mark.parametrize(
    "change", [delete, undo, lambda scene, object_id, by: draw(scene, draft(object_id=object_id), by=by)]
)
@pytest.mark.parametrize(("drawn_by", "other"), [("chaima", "ana"), ("chaima", "moussa"), ("ana", "chaima")])
def test_everybody_changes_only_what_is_theirs(scene: Running, change: Any, drawn_by: str, other: str) -> None:
    made = draw(scene, draft(), by=drawn_by)
    with pytest.raises(NotFound):
        change(scene, made.object_id, by=other)


def test_undo_takes_back_a_move_and_undo_again_repeats_it(scene: Running) -> None:
    first = draw(scene, draft())
    draw(scene, next_version(first), shape=MOVED)
    back = undo(scene, first.object_id)
    assert (back.version, back.geometry) == (3, POINT.geometry)
    assert undo(scene, first.object_id).geometry == MOVED.geometry


def test_undo_brings_back_what_was_deleted(scene: Running) -> None:
    made = draw(scene, draft())
    assert delete(scene, made.object_id).deleted
    assert "Kilometre 5" not in names(scene, "ana")
    with pytest.raises(NotFound):
        delete(scene, made.object_id)
    assert not undo(scene, made.object_id).deleted
    assert "Kilometre 5" in names(scene, "ana")


def test_undo_of_the_only_version_takes_the_object_away(scene: Running) -> None:
    made = draw(scene, draft())
    assert undo(scene, made.object_id).deleted
    assert "Kilometre 5" not in names(scene, "ana")


@pytest.mark.parametrize("change", [delete, undo])
def test_a_double_click_changes_once(scene: Running, change: Any) -> None:
    made = draw(scene, draft())
    version = new_id()
    first = change(scene, made.object_id, version_id=version)
    before = entries(scene)
    assert change(scene, made.object_id, version_id=version).id == first.id
    assert entries(scene) == before


def test_an_object_that_never_was_is_neither_deleted_nor_undone(scene: Running) -> None:
    for change in (delete, undo):
        with pytest.raises(NotFound):
            change(scene, new_id())


@dataclass(frozen=True)
class CrossesItself:
    template: str = "The outline crosses itself near {place}."
    params: Any = None


def test_a_flawed_shape_is_refused_beside_its_field_and_nothing_is_written(scene: Running) -> None:
    bow = Shape({"type": "Polygon", "coordinates": []}, flaw=CrossesItself(params={"place": "13.5 N"}))
    before = entries(scene)
    with pytest.raises(RuleBroken, match=r"crosses itself near 13\.5 N") as refusal:
        draw(scene, draft(kind="area"), shape=bow)
    assert refusal.value.flaws[0].field == "geometry"
    assert "Kilometre 5" not in names(scene, "ana")
    assert entries(scene) == before


@pytest.mark.parametrize("kind", MapObjectKind)
def test_every_kind_has_its_shapes(scene: Running, kind: MapObjectKind) -> None:
    for geometry in ("Point", "LineString", "Polygon", "MultiPolygon", "MultiLineString", "GeometryCollection"):
        shape = Shape({"type": geometry, "coordinates": []})
        if geometry in places.SHAPES[kind]:
            assert draw(scene, draft(kind=kind), shape=shape).kind == kind
        else:
            with pytest.raises(RuleBroken, match="cannot have this shape"):
                draw(scene, draft(kind=kind), shape=shape)


def test_a_country_draws_on_its_own_territory(scene: Running) -> None:
    abroad = Shape(POINT.geometry, countries=("MLI",))
    with pytest.raises(RuleBroken, match="own territory"):
        draw(scene, draft(), by="chaima", shape=abroad)
    assert draw(scene, draft(), by="chaima", shape=Shape(POINT.geometry, countries=("MLI", "NER"))).country == "NER"
    assert draw(scene, draft(), by="ana", shape=abroad).country is None


def test_every_kind_is_in_one_group_of_the_map() -> None:
    assert sorted(kind for kinds in places.GROUPS.values() for kind in kinds) == sorted(MapObjectKind)


def test_one_version_is_current_whatever_the_code_does(scene: Running) -> None:
    first = draw(scene, draft())
    draw(scene, next_version(first), shape=MOVED)
    first.current = True
    with pytest.raises(Conflict), scene.store.unit_of_work(System()) as session:
        session.merge(first)


def test_the_operation_of_an_object_cannot_be_forged(scene: Running) -> None:
    made = draw(scene, draft())
    with scene.store.unit_of_work(scene["ana"]) as session:
        other = plan.create(session, operation_draft(), scene["ana"])
    scene.members["ana"] = type(scene["ana"])(
        **vars(scene["ana"]) | {"operations": frozenset({scene.operation, other.id})}
    )
    with scene.store.unit_of_work(scene["ana"]) as session, pytest.raises(NotFound):
        places.draw(session, other.id, next_version(made), POINT, scene["ana"])
