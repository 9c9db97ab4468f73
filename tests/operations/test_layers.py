"""Layers: what is said of them stays with them, every change is a version, and each sees what is meant for them."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from operations.core import clock, journal
from operations.core.errors import Conflict, Flaw, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.vocabulary import Classification
from operations.policing.layers import imports as layer_imports
from operations.policing.layers import layers
from operations.policing.layers.imports import MarksBlock
from operations.policing.layers.layers import EventLayer, LayerContent, LayerMarks
from tests.makers import START, Running, add_layer, layer_draft, packed
from tests.people import CAST

NATIONAL = ("bruno", "boubacar", "chaima", "mateo", "marie", "moussa")


def names(scene: Running, by: str) -> set[str]:
    with scene.store.reading(scene[by]) as session:
        return {each.name for each in layers.layers(session, scene.operation)}


def content(scene: Running, version: UUID, by: str) -> bytes:
    with scene.store.reading(scene[by]) as session:
        return layers.content(session, version)


def entries(scene: Running) -> int:
    with scene.store.reading(System()) as session:
        return journal.count(session)


def change(scene: Running, how: str, layer_id: UUID, by: str = "dov", version_id: UUID | None = None) -> EventLayer:
    with scene.store.unit_of_work(scene[by]) as session:
        verb = {"remove": layer_imports.remove, "restore": layer_imports.restore}[how]
        return verb(session, layer_id, version_id or new_id(), scene[by])


# ------------------------------------------------------------------------------------------------------ importing


def test_what_is_said_of_a_layer_stays_with_it(scene: Running) -> None:
    said = [Flaw("", "{rows} rows lie at 0, 0.", {"rows": 1})]
    made = add_layer(scene, layer_draft(licence="CC BY 4.0"), packed(b"abc", findings=said))
    with scene.store.reading(scene["ana"]) as session:
        [found] = layers.layers(session, scene.operation)
    assert found == made
    assert (found.source, found.licence, found.accuracy_m) == ("Invented for tests", "CC BY 4.0", 500)
    assert (found.period_from.isoformat(), found.retrieved.isoformat()) == ("2025-01-01", "2026-01-15")
    assert (found.accepted, found.refused, found.size) == (3, 1, 3)
    assert (found.west, found.south, found.east, found.north) == (2.0, 13.0, 3.0, 14.0)
    assert found.findings == [{"template": "{rows} rows lie at 0, 0.", "params": {"rows": 1}}]
    assert found.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert content(scene, found.id, "ana") == b"abc"


def test_the_same_import_again_is_answered_as_before(scene: Running) -> None:
    draft = layer_draft()
    made, before = add_layer(scene, draft), entries(scene)
    assert add_layer(scene, draft).id == made.id
    assert entries(scene) == before


@pytest.mark.parametrize(
    "other",
    [
        {"draft": {"name": "Other"}},
        {"content": packed(b"other")},
        {"content": packed(refused=2)},
        {"by": "ana"},
    ],
)
def test_the_same_id_with_other_content_is_a_conflict(scene: Running, other: dict[str, Any]) -> None:
    draft = layer_draft()
    add_layer(scene, draft)
    changed = layer_draft(**draft.model_dump() | other.get("draft", {}))
    with pytest.raises(Conflict, match="This layer was already imported with other content"):
        add_layer(scene, changed, other.get("content"), by=other.get("by", "dov"))


def test_importing_anew_is_a_new_version_with_content_of_its_own(scene: Running) -> None:
    first = add_layer(scene, content=packed(b"first"))
    second = add_layer(scene, layer_draft(layer_id=first.layer_id, supersedes_id=first.id), packed(b"second"))
    assert (second.version, second.supersedes_id) == (2, first.id)
    with scene.store.reading(scene["dov"]) as session:
        assert [each.id for each in layers.layers(session, scene.operation)] == [second.id]
        assert [each.version for each in layers.history(session, first.layer_id)] == [2, 1]
    assert (content(scene, first.id, "dov"), content(scene, second.id, "dov")) == (b"first", b"second")


def test_a_re_import_names_what_it_replaces(scene: Running) -> None:
    first = add_layer(scene)
    add_layer(scene, layer_draft(layer_id=first.layer_id, supersedes_id=first.id))
    for stale in (first.id, None):
        with pytest.raises(Conflict, match="Somebody changed this layer meanwhile"):
            add_layer(scene, layer_draft(layer_id=first.layer_id, supersedes_id=stale))
    with pytest.raises(NotFound):
        add_layer(scene, layer_draft(supersedes_id=first.id))


@pytest.mark.parametrize(
    ("changes", "sentence", "field"),
    [
        ({"period_to": "2024-12-31"}, "must not lie before its first", ""),
        ({"accuracy_m": None}, "how accurate the places are", ""),
        ({"accuracy_m": -1}, "must be 0 or more", "accuracy_m"),
        ({"accuracy_m": float("nan")}, "This must be", "accuracy_m"),
        ({"source": " "}, "This field is needed", "source"),
        ({"licence": ""}, "This field is needed", "licence"),
        ({"name": "x" * 121}, "120 characters at most", "name"),
        ({"kind": "persons"}, "not one of the choices", "kind"),
        ({"retrieved": "yesterday"}, "not a date", "retrieved"),
        ({"kind": "own_results", "audience": "participants"}, "coordination only", ""),
    ],
)
def test_a_layer_draft_says_what_is_wrong(changes: dict[str, Any], sentence: str, field: str) -> None:
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        layer_draft(**changes)
    assert refusal.value.flaws[0].field == field


@pytest.mark.parametrize(
    ("draft", "measured", "sentence", "field"),
    [
        ({}, {"accepted": 0}, "No row of this file can be used", "content"),
        ({}, {"data": bytes(layer_imports.CONTENT_LIMIT + 1)}, "it has 65 MiB, and 64 can be kept", "content"),
        ({"retrieved": "2026-03-04"}, {}, "lies in the future", "retrieved"),
        ({"mapping": {"columns": ["x" * 70_000]}}, {}, "too many columns", "mapping"),
        ({"mapping": {"note": "+227 90 12 34 56 78"}}, {}, "a telephone number", "mapping.note"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence_and_nothing_is_written(
    scene: Running, draft: dict[str, Any], measured: dict[str, Any], sentence: str, field: str
) -> None:
    before = entries(scene)
    with clock.at(START), pytest.raises(RuleBroken, match=sentence) as refusal:
        add_layer(scene, layer_draft(**draft), packed(**measured))
    assert refusal.value.flaws[0].field == field
    assert entries(scene) == before
    assert names(scene, "dov") == set()


def test_a_large_layer_is_kept_whole_and_no_list_loads_it(scene: Running) -> None:
    data = bytes(range(256)) * 2**12  # 1 MiB
    made = add_layer(scene, content=packed(data))
    with scene.store.reading(scene["dov"]) as session:
        listed = layers.layers(session, scene.operation)
        assert list(session.identity_map.values()) == listed
    assert content(scene, made.id, "dov") == data


# ------------------------------------------------------------------------------------------------ marks for the map

WORLD = (-180.0, -90.0, 180.0, 90.0)


def block(zoom: int = 30, number: int = 0, data: bytes = b"marks", **changes: Any) -> MarksBlock:
    """A piece of what was counted, around Niamey unless said otherwise."""
    content: dict[str, Any] = {"bounds": (2.0, 13.0, 3.0, 14.0), "marks": 5}
    return MarksBlock(zoom=zoom, number=number, data=data, **content | changes)


def marks(scene: Running, content_id: UUID, by: str, zoom: int = 30, box: layers.Box = WORLD) -> list[bytes]:
    with scene.store.reading(scene[by]) as session:
        assert layers.counted(session, content_id) == bool(layers.marks(session, content_id, 0, WORLD))
        return [data for _many, data in layers.marks(session, content_id, zoom, box)]


def test_the_nearest_finer_level_answers_with_the_pieces_in_the_box(scene: Running) -> None:
    pieces = [
        block(4, 0, b"coarse"),
        block(30, 0, b"west", bounds=(-170.0, 0.0, -160.0, 10.0)),
        block(30, 1, b"middle", bounds=(2.0, 13.0, 3.0, 14.0)),
        block(30, 2, b"east", bounds=(170.0, 0.0, 175.0, 10.0)),
    ]
    made = add_layer(scene, content=packed(marks=pieces))
    for zoom in (0, 3, 4):
        assert marks(scene, made.id, "dov", zoom) == [b"coarse"]
    for zoom in (5, 22, 30):
        assert marks(scene, made.id, "dov", zoom) == [b"west", b"middle", b"east"]
    for box, found in {
        (2.5, 13.5, 2.6, 13.6): [b"middle"],
        (3.0, 14.0, 4.0, 15.0): [b"middle"],
        (3.1, 13.0, 4.0, 14.0): [],
        (2.0, 14.1, 3.0, 15.0): [],
        (172.0, 0.0, -165.0, 5.0): [b"west", b"east"],
        (179.0, 0.0, -165.0, 5.0): [b"west"],
        (179.0, 20.0, -165.0, 25.0): [],
    }.items():
        assert marks(scene, made.id, "dov", 30, box) == found, box
    with scene.store.reading(scene["dov"]) as session:
        inside = {
            box: layers.marks_inside(session, made.id, 30, box)
            for box in (WORLD, (2.5, 13.0, 180.0, 14.0), (165.0, -5.0, -150.0, 20.0), (172.0, 0.0, -150.0, 20.0))
        }
    assert list(inside.values()) == [15, 0, 10, 5]


def test_marks_are_seen_by_those_who_see_the_layer(scene: Running) -> None:
    made = add_layer(scene, layer_draft(name="For us"), packed(marks=[block()]))
    shared = add_layer(scene, layer_draft(name="For all", audience="participants"), packed(marks=[block()]))
    own = add_layer(scene, layer_draft(kind="own_results"), packed(marks=[block()]))
    for name in CAST:
        seen = {each.id for each in (made, shared, own) if marks(scene, each.id, name)}
        with scene.store.reading(scene[name]) as session:
            everything = {row.content_id for row in session.exec(select(LayerMarks))}
        assert everything == seen, name
        if scene[name].national:
            assert everything == {shared.id}
        elif name in ("otto", "frida", "ada"):
            assert everything == set()
        else:
            assert everything == {made.id, shared.id} | ({own.id} if name != "lena" else set())


def test_a_removed_layer_keeps_its_marks_and_a_re_import_has_its_own(scene: Running) -> None:
    first = add_layer(scene, content=packed(b"first", marks=[block(data=b"first")]))
    change(scene, "remove", first.layer_id)
    back = change(scene, "restore", first.layer_id)
    assert marks(scene, back.content_id, "dov") == [b"first"]
    draft = layer_draft(layer_id=first.layer_id, supersedes_id=back.id)
    second = add_layer(scene, draft, packed(b"second", marks=[block(data=b"second")]))
    assert (marks(scene, first.id, "dov"), marks(scene, second.id, "dov")) == ([b"first"], [b"second"])


def test_the_same_import_again_writes_no_marks_again(scene: Running) -> None:
    draft, content = layer_draft(), packed(marks=[block(), block(4)])
    add_layer(scene, draft, content)
    add_layer(scene, draft, content)
    with scene.store.reading(System()) as session:
        assert session.exec(select(sa.func.count()).select_from(LayerMarks)).one() == 2


def test_what_was_never_counted_is_known_and_can_be_counted_later(scene: Running) -> None:
    older, counted = add_layer(scene), add_layer(scene, content=packed(marks=[block()]))
    add_layer(scene, content=packed(bounds=None))
    change(scene, "remove", older.layer_id)
    with scene.store.reading(System()) as session:
        assert layers.uncounted(session) == [older.id]
        assert layers.content_of(session, older.id) == b"packed events"
        with pytest.raises(NotFound):
            layers.content_of(session, new_id())
    with scene.store.unit_of_work(System()) as session:
        layer_imports.keep_marks(session, older.id, [block()])
    with scene.store.reading(System()) as session:
        assert layers.uncounted(session) == []
    with pytest.raises(Conflict), scene.store.unit_of_work(System()) as session:
        layer_imports.keep_marks(session, counted.id, [block()])


# ---------------------------------------------------------------------------------------------- removing, restoring


def test_a_removed_layer_comes_back_with_its_content(scene: Running) -> None:
    made = add_layer(scene, content=packed(b"kept"))
    gone = change(scene, "remove", made.layer_id)
    assert names(scene, "dov") == set()
    with scene.store.reading(scene["dov"]) as session:
        assert [each.id for each in layers.removed_layers(session, scene.operation)] == [gone.id]
    with pytest.raises(NotFound):
        content(scene, gone.id, "dov")
    back = change(scene, "restore", made.layer_id)
    assert (back.version, back.content_id, back.removed) == (3, made.id, False)
    assert content(scene, back.id, "dov") == b"kept"
    with scene.store.reading(System()) as session:
        assert session.exec(select(sa.func.count()).select_from(LayerContent)).one() == 1
        acts = [each.act for each in journal.latest(session, scene.operation, limit=3)]
    assert acts == ["layer.restore", "layer.remove", "layer.add"]


@pytest.mark.parametrize("how", ["remove", "restore"])
def test_a_double_click_changes_once(scene: Running, how: str) -> None:
    made, version = add_layer(scene), new_id()
    if how == "restore":
        change(scene, "remove", made.layer_id)
    first = change(scene, how, made.layer_id, version_id=version)
    before = entries(scene)
    assert change(scene, how, made.layer_id, version_id=version).id == first.id
    assert entries(scene) == before
    with pytest.raises(NotFound):
        change(scene, how, made.layer_id)


def test_what_never_was_is_neither_removed_nor_restored(scene: Running) -> None:
    for how in ("remove", "restore"):
        with pytest.raises(NotFound):
            change(scene, how, new_id())


def test_the_database_refuses_to_change_a_layer(scene: Running) -> None:
    add_layer(scene, content=packed(marks=[block()]))
    for statement in (
        "UPDATE event_layer SET source = 'x'",
        "UPDATE event_layer SET mapping = '{}'",
        "DELETE FROM event_layer",
        "UPDATE layer_content SET data = ''",
        "DELETE FROM layer_content",
        "UPDATE layer_marks SET data = ''",
        "DELETE FROM layer_marks",
    ):
        with pytest.raises(sa.exc.DBAPIError, match="never changed"), scene.store.unit_of_work(System()) as session:
            session.connection().execute(sa.text(statement))


def test_one_version_is_current_whatever_the_code_does(scene: Running) -> None:
    made = add_layer(scene)
    change(scene, "remove", made.layer_id)
    made.current = True
    with pytest.raises(Conflict), scene.store.unit_of_work(System()) as session:
        session.merge(made)


# ------------------------------------------------------------------------------------------------- who may, who sees


def test_nobody_else_imports(scene: Running) -> None:
    for name in [each for each in CAST if each not in ("ana", "dov", "chaima", "moussa")]:
        with pytest.raises(NotFound):
            add_layer(scene, by=name)


def test_a_layer_for_the_coordination_stays_there(scene: Running) -> None:
    made = add_layer(scene, layer_draft(name="For us"))
    shared = add_layer(scene, layer_draft(name="For all", audience="participants"))
    for name in ("ana", "dov", "lena"):
        assert names(scene, name) == {"For us", "For all"}
        assert content(scene, made.id, name) == b"packed events"
    for name in NATIONAL:
        assert names(scene, name) == {"For all"}
        assert content(scene, shared.id, name) == b"packed events"
        with pytest.raises(NotFound):
            content(scene, made.id, name)
    for name in ("otto", "ada"):
        assert names(scene, name) == set()


def test_a_countrys_layer_is_its_own(scene: Running) -> None:
    made = add_layer(scene, layer_draft(name="Ours"), by="chaima")
    assert made.country == "NER"
    assert [name for name in CAST if "Ours" in names(scene, name)] == [
        "ana",
        "bruno",
        "binta",
        "boubacar",
        "chaima",
        "dov",
        "lena",
    ]
    for name in ("ana", "dov", "moussa"):
        with pytest.raises(NotFound):
            change(scene, "remove", made.layer_id, by=name)
    with pytest.raises(NotFound):
        add_layer(scene, layer_draft(layer_id=made.layer_id, supersedes_id=made.id), by="ana")
    change(scene, "remove", made.layer_id, by="chaima")


def test_leadership_sees_no_single_results(scene: Running) -> None:
    made = add_layer(scene, layer_draft(kind="own_results"))
    assert names(scene, "dov") == {"Crossings"}
    assert names(scene, "lena") == set()
    with pytest.raises(NotFound):
        content(scene, made.id, "lena")


def test_above_the_clearance_a_layer_is_not_there(scene: Running) -> None:
    made = add_layer(scene, layer_draft(classification="confidential", audience="participants"))
    for name in ("dov", "bruno", "lena"):
        scene.members[name] = Actor(**vars(scene[name]) | {"clearance": Classification.RESTRICTED})
        assert names(scene, name) == set()
        with pytest.raises(NotFound):
            content(scene, made.id, name)
    with pytest.raises(NotFound):
        add_layer(scene, layer_draft(classification="confidential"))


def test_outside_the_operation_nothing_is_there(scene: Running) -> None:
    made = add_layer(scene, layer_draft(audience="participants"))
    for name in ("ana", "dov", "bruno"):
        scene.members[name] = Actor(**vars(scene[name]) | {"operations": frozenset()})
        assert names(scene, name) == set()
        with pytest.raises(NotFound):
            content(scene, made.id, name)
        with pytest.raises(NotFound):
            change(scene, "remove", made.layer_id, by=name)
        with pytest.raises(NotFound):
            add_layer(scene, by=name)


def test_the_journal_does_not_tell_countries_of_layers_of_the_coordination(scene: Running) -> None:
    made = add_layer(scene)
    own = add_layer(scene, by="chaima")
    told = {}
    for name in ("ana", "chaima", "moussa"):
        with scene.store.reading(scene[name]) as session:
            found = {each.object_id for each in journal.latest(session, scene.operation)}
        told[name] = found & {made.layer_id, own.layer_id}
    assert told == {"ana": {made.layer_id, own.layer_id}, "chaima": {own.layer_id}, "moussa": set()}


@pytest.mark.parametrize("shelf", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_postgresql_itself_keeps_countries_apart(scene: Running) -> None:
    content = packed(marks=[block()])
    add_layer(scene, layer_draft(name="For us"), content)
    add_layer(scene, layer_draft(name="For all", audience="participants"), content)
    own = add_layer(scene, layer_draft(name="Ours"), content, by="chaima")
    query = sa.text("SELECT name, length(data) FROM event_layer LEFT JOIN layer_content ON version_id = content_id")
    seen = {}
    for name in ("ana", "chaima", "moussa"):
        with scene.store.reading(scene[name]) as session:
            seen[name] = {(title, size) for title, size in session.connection().execute(query)}
            for table in ("layer_content", "layer_marks"):
                rows = session.connection().execute(sa.text(f"SELECT count(*) FROM {table}")).scalar()  # noqa: S608
                assert rows == len(seen[name])
    assert seen == {
        "ana": {("For us", 13), ("For all", 13), ("Ours", 13)},
        "chaima": {("For all", 13), ("Ours", 13)},
        "moussa": {("For all", 13)},
    }
    with scene.store.engine.connect() as connection:
        assert connection.execute(query).all() == []
    forged = EventLayer(**own.model_dump() | {"id": new_id(), "layer_id": new_id(), "audience": "participants"})
    with (
        pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        scene.store.unit_of_work(scene["moussa"]) as session,
    ):
        session.add(forged)


def test_a_raw_select_returns_nothing_of_another_country(scene: Running) -> None:
    add_layer(scene, by="chaima")
    with scene.store.reading(scene["moussa"]) as session:
        assert session.exec(select(EventLayer)).all() == []
        assert session.exec(select(LayerContent)).all() == []
        assert session.exec(select(col(LayerContent.data))).all() == []
