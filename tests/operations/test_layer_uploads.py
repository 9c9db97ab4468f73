"""Files that wait to be imported: their owner's only, few, for a while, and gone when their time is over."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import select

from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.people import Actor, System
from operations.policing.layers import uploads as layer_uploads
from operations.policing.layers.uploads import KEPT, SIZE_LIMIT, LayerUpload, LayerUploadDraft
from tests.makers import START, Running

pytestmark = pytest.mark.both_storages


def keep(scene: Running, by: str = "dov", data: bytes = b"table", name: str = "a.csv") -> UUID:
    with scene.store.unit_of_work(scene[by]) as session:
        draft = parse(LayerUploadDraft, {"id": uuid4(), "name": name})
        return layer_uploads.keep(session, scene.operation, draft, data, scene[by]).id


def found(scene: Running, upload: UUID, by: str = "dov") -> bytes:
    with scene.store.reading(scene[by]) as session:
        return layer_uploads.content(session, upload)


def waiting(scene: Running) -> set[UUID]:
    with scene.store.reading(System()) as session:
        return set(session.exec(select(LayerUpload.id)))


@pytest.mark.requirement("R36")
def test_a_file_is_its_owners_only(scene: Running) -> None:
    mine, theirs = keep(scene), keep(scene, "chaima")
    assert (found(scene, mine), found(scene, theirs, "chaima")) == (b"table", b"table")
    for upload, by in ((mine, "ana"), (mine, "chaima"), (theirs, "dov"), (theirs, "moussa"), (uuid4(), "dov")):
        with pytest.raises(RuleBroken, match="This file is no longer stored"):
            found(scene, upload, by)
        with scene.store.unit_of_work(scene[by]) as session:
            layer_uploads.drop(session, upload)
    assert waiting(scene) == {mine, theirs}
    with scene.store.unit_of_work(scene["dov"]) as session:
        layer_uploads.drop(session, mine)
    assert waiting(scene) == {theirs}


def test_the_newest_two_of_a_person_wait(scene: Running) -> None:
    other = keep(scene, "ana")
    kept = []
    for minute in range(4):
        with clock.at(START + timedelta(minutes=minute)):
            kept.append(keep(scene))
    assert waiting(scene) == {*kept[-2:], other}


def test_what_waited_too_long_is_gone_for_its_owner_and_is_swept_by_whoever_comes(scene: Running) -> None:
    with clock.at(START):
        mine, theirs = keep(scene), keep(scene, "chaima")
    with clock.at(START + KEPT - timedelta(seconds=1)):
        assert found(scene, mine) == b"table"
    with clock.at(START + KEPT):
        with pytest.raises(RuleBroken, match=r"[Cc]hoose it again"):
            found(scene, mine)
        newer = keep(scene, "moussa")
    assert waiting(scene) == {newer}
    assert theirs != newer


@pytest.mark.parametrize("data", [b"", b"x" * (SIZE_LIMIT + 1)])
def test_nothing_and_too_much_are_refused(scene: Running, data: bytes) -> None:
    with pytest.raises(RuleBroken) as refused:
        keep(scene, data=data)
    assert [each.field for each in refused.value.flaws] == ["file"]


@pytest.mark.parametrize("name", ["bruno", "boubacar", "lena", "otto"])
def test_who_brings_in_no_layers_keeps_no_files(scene: Running, name: str) -> None:
    with pytest.raises((NotPermitted, NotFound)):
        keep(scene, name)


def test_outside_the_operation_nothing_is_kept(scene: Running) -> None:
    scene.members["dov"] = Actor(**vars(scene["dov"]) | {"operations": frozenset()})
    with pytest.raises(NotFound):
        keep(scene)


@pytest.mark.requirement("ASVS 1.3.3")
def test_a_name_with_hidden_letters_or_too_long_is_refused(scene: Running) -> None:
    for name in ("a\u202ecsv", "x" * 201):
        with pytest.raises(RuleBroken):
            keep(scene, name=name)


@pytest.mark.parametrize("shelf", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_postgresql_itself_keeps_countries_apart(scene: Running) -> None:
    keep(scene), keep(scene, "chaima")
    query = sa.text("SELECT count(*) FROM layer_upload")
    seen = {}
    for name in ("dov", "chaima", "moussa"):
        with scene.store.reading(scene[name]) as session:
            seen[name] = session.connection().execute(query).scalar_one()
    assert seen == {"dov": 2, "chaima": 1, "moussa": 0}
