"""The register of posts: once each, described anew and never rewritten, and joined to sites of operations."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from operations.core import pulse
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.name_search import NameSearch
from operations.posts import register
from tests.makers import Running
from tests.people import CAST
from tests.programme import condition_draft, does, post_draft, post_of, reads


def test_a_post_is_registered_once_and_the_same_again_is_answered_as_before(scene: Running) -> None:
    said = post_draft()
    made = does(scene, "chaima", register.register, said)
    assert does(scene, "chaima", register.register, said).id == made.id
    with pytest.raises(Conflict):
        does(scene, "chaima", register.register, said.model_copy(update={"name": "Another"}))
    with pytest.raises(RuleBroken, match="in the register already, as Niamey airport"):
        post_of(scene, name="Diori Hamani")
    with pytest.raises(RuleBroken, match="of this name already"):
        post_of(scene, ref="")
    assert post_of(scene, "ana", name="Gaya bridge", ref="").country == "NER"


@pytest.mark.both_storages
def test_posts_are_searched_by_a_part_of_the_name_among_those_that_the_asker_may_see(scene: Running) -> None:
    post_of(scene, name="Élan bridge", ref="")
    closed = post_of(scene, name="Élan ferry", ref="")
    does(scene, "chaima", register.close, closed.id)
    foreign = post_of(scene, "moussa", country="MLI", name="Élan road", ref="")
    for typed, ana, chaima in (
        ("élan", ["Élan bridge", "Élan road"], ["Élan bridge"]),
        ("50%", [], []),
        ("", ["Élan bridge", "Élan road"], ["Élan bridge"]),
    ):
        for name, known in (("ana", ana), ("chaima", chaima)):
            found = reads(scene, name, register.search_posts, NameSearch(typed))
            assert [each.name for each in found.rows] == known
            assert not found.more
    asked = NameSearch("bridge", [foreign.id])
    assert [each.name for each in reads(scene, "ana", register.search_posts, asked).rows] == [
        "Élan road",
        "Élan bridge",
    ]
    assert [each.name for each in reads(scene, "chaima", register.search_posts, asked).rows] == ["Élan bridge"]


def test_a_post_lies_in_its_country_or_just_outside_of_it(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="This position is not in the country of") as refused:
        post_of(scene, lat=48.85, lon=2.35, near=["FRA"], ref="")
    assert [flaw.field for flaw in refused.value.flaws] == ["position"]
    assert post_of(scene, name="Gaya", near=["BEN", "NER"], ref="").country == "NER"


def test_who_keeps_the_register_and_who_sees_what_of_it(scene: Running) -> None:
    post_of(scene)
    post_of(scene, "moussa", country="MLI", name="Bamako airport", ref="")
    for name in ("bruno", "boubacar", "dov", "lena", "otto", "moussa"):
        with pytest.raises(NotPermitted):
            post_of(scene, name, name="Elsewhere", ref="")
    seen = {name: len(reads(scene, name, register.posts)) for name in CAST}
    assert seen == {
        "ana": 2,
        "dov": 2,
        "lena": 2,
        "otto": 2,
        "chaima": 1,
        "bruno": 1,
        "binta": 1,
        "boubacar": 1,
        "moussa": 1,
        "mateo": 1,
        "marie": 1,
        "ada": 0,
        "frida": 0,
    }


def test_what_a_post_has_is_written_down_anew_and_the_state_before_stays(scene: Running) -> None:
    made = post_of(scene)
    first = does(scene, "chaima", register.describe, made.id, condition_draft(), 0)
    does(scene, "ana", register.describe, made.id, condition_draft(connectivity="fixed", online_hours=24), 1)
    with pytest.raises(Conflict):
        does(scene, "chaima", register.describe, made.id, condition_draft(), 1)
    with pytest.raises(NotFound):
        does(scene, "moussa", register.describe, made.id, condition_draft(), 2)
    found = reads(scene, "chaima", register.conditions, made.id)
    assert [(each.version, each.connectivity) for each in found] == [(2, "fixed"), (1, first.connectivity)]


def test_a_site_of_an_operation_is_one_post_of_its_own_country(scene: Running) -> None:
    made, other = post_of(scene), post_of(scene, name="Agadez", ref="")
    does(scene, "chaima", register.link, made.id, scene.sites["Niamey"])
    assert does(scene, "ana", register.link, made.id, scene.sites["Niamey"]).post_id == made.id
    with pytest.raises(RuleBroken, match="This site is already joined to another post"):
        does(scene, "chaima", register.link, other.id, scene.sites["Niamey"])
    with pytest.raises(RuleBroken, match="This site is of another country than the post"):
        does(scene, "ana", register.link, made.id, scene.sites["Bamako"])
    [(site, operation)] = reads(scene, "lena", register.sites_of, made.id)
    assert (site.name, operation.id) == ("Niamey", scene.operation)
    assert [each.name for each, _of in reads(scene, "ana", register.candidates, made)] == ["Agadez"]


def test_a_closed_post_stays_and_nothing_is_written_of_it(scene: Running) -> None:
    made = post_of(scene)
    does(scene, "chaima", register.close, made.id)
    assert reads(scene, "ana", register.posts) == []
    assert reads(scene, "ana", register.post, made.id).closed_at is not None
    with pytest.raises(RuleBroken, match="closed"):
        does(scene, "chaima", register.describe, made.id, condition_draft(), 0)


def test_its_country_and_the_centre_hear_of_it_and_nobody_else(scene: Running) -> None:
    def numbers() -> dict[str, int]:
        return {name: pulse.number(reads(scene, name, pulse.counts_of, scene[name])) for name in CAST}

    before = numbers()
    post_of(scene)
    after = numbers()
    moved = {name for name in CAST if after[name] > before[name]}
    assert moved == {"chaima", "bruno", "binta", "boubacar", "ana", "dov", "lena", "otto"}


def test_the_database_refuses_a_rewritten_post(scene: Running) -> None:
    made = post_of(scene)
    does(scene, "chaima", register.describe, made.id, condition_draft(), 0)
    for statement in (
        "UPDATE post SET name = 'Another'",
        "DELETE FROM post",
        "UPDATE post_condition SET passages = 5",
        "DELETE FROM post_condition",
    ):
        with scene.store.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT set_config('muster.reach', 'all', true)"))
            with pytest.raises(DBAPIError):
                connection.exec_driver_sql(statement)
            connection.rollback()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"online_hours": 25}, "must be 24 or less"),
        ({"passages": -1}, "must be 0 or more"),
        ({"power": "wind"}, "is not one of the choices"),
        ({"note": "Ask Mr Amadou Diallo, born 3 March 1985"}, "personal data"),
    ],
)
def test_what_a_post_cannot_have_is_said(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        condition_draft(**changes)
