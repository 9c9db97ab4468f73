"""The register of posts on the screen, as functions: what each role has there, and that a press does what it says."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dashboard.parts.list_page import FIRST
from dashboard.screens.posts import conditions, page, usage, usage_posts
from dashboard.screens.posts.page import FORM, SITE, Ids
from operations.core.errors import NotFound, RuleBroken
from operations.posts import register
from tests.dashboard.desks import at_desk, found_in, open_scene, press, stores_of, texts
from tests.makers import Running
from tests.programme import condition_draft, does, post_of, reads

TYPED: dict[str, Any] = {
    "country": "NER",
    "known": "airport:DRRN",
    "name": "Niamey airport",
    "site_type": "airport",
    "border_kind": "air",
    "position": "13.48, 2.18",
}


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def test_a_known_place_fills_in_the_form_and_becomes_a_post(scene: Running) -> None:
    with at_desk(scene, "chaima"):
        assert "Register a post" in texts(page.layout())
        assert page.fill_in("airport:DRRN", "NER")["site_type"] == "airport"
        assert page.fill_in(None, "NER")["name"] == ""
        assert any(each["value"] == "airport:DRRN" for each in page.offer_known("NER"))
        gone = press(page.put, page.FORM.send, None, TYPED, uuid4())
        assert gone["to"].startswith("/posts?show=")
        [grid] = found_in(page.layout(), "AgGrid")
    assert [(row["name"], row["access"]) for row in grid.rowData] == [("Niamey airport", "Not known")]
    with at_desk(scene, "bruno"):
        assert "Register a post" not in texts(page.layout())


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"known": None, "position": ""}, "position", "."),
        ({"known": None, "position": "48.85, 2.35"}, "position", "This position is not in the country of"),
        ({"known": "airport:LFPG"}, "position", "This position is not in the country of"),  # chosen before the country
        ({"name": " ", "site_type": None}, "name", "needed"),
    ],
)
def test_what_is_no_post_is_said_beside_its_field(
    scene: Running, changes: dict[str, Any], field: str, said: str
) -> None:
    with at_desk(scene, "chaima"), pytest.raises(RuleBroken, match=said) as refused:
        press(page.put, page.FORM.send, None, TYPED | changes, uuid4())
    assert field in {flaw.field for flaw in refused.value.flaws}
    assert reads(scene, "ana", register.posts) == []


def test_a_post_says_what_it_has_and_takes_what_is_written_down(scene: Running) -> None:
    made = post_of(scene)
    typed = condition_draft().model_dump(mode="json", exclude={"id"})
    with at_desk(scene, "chaima"):
        press(conditions.describe, conditions.FORM.send, None, typed, uuid4(), shown=str(made.id), version=0)
        told = texts(page.layout(show=str(made.id)))
        press(page.join, Ids.LINK, shown=str(made.id), site=str(scene.sites["Niamey"]))
        with pytest.raises(RuleBroken, match="Choose the site"):
            press(page.join, Ids.LINK, shown=str(made.id), site=None)
        assert ": Niamey" in texts(page.layout(show=str(made.id)))
    assert all(words in told for words in ("Mobile data, 12 hours a day", "By a call to the NCB", "1,200"))
    with at_desk(scene, "moussa"), pytest.raises(NotFound):
        page.layout(show=str(made.id))


def test_a_closed_post_has_no_forms(scene: Running) -> None:
    made = post_of(scene)
    with at_desk(scene, "chaima"):
        assert found_in(page.layout(show=str(made.id)), "Textarea")[0].id == conditions.FORM.id("note")
        press(page.close, Ids.CLOSE, shown=str(made.id))
        shown = page.layout(show=str(made.id))
    assert "This post is closed." in texts(shown)
    assert found_in(shown, "Textarea") == found_in(shown, "Select") == []
    assert SITE.id("site") == "post-join-site"
    assert list(FORM.said)[:2] == ["country", "known"]
    assert does(scene, "chaima", register.close, made.id).closed_at is not None


def test_what_another_wrote_meanwhile_is_not_written_over(scene: Running) -> None:
    """The page of the second is open while the first saves: the pulse draws the file again, and not the form."""
    made = post_of(scene)
    typed = condition_draft().model_dump(mode="json", exclude={"id"})
    with at_desk(scene, "chaima") as told:
        stores = stores_of(page.layout(show=str(made.id)))
        does(scene, "chaima", register.describe, made.id, condition_draft(passages=900, officers=7), 0)
        with scene.store.reading(scene["chaima"]) as session:
            stores |= stores_of(page.file(session, scene["chaima"], str(made.id)))
        given = {
            "shown": str(made.id),
            "version": stores[conditions.VERSIONS.version],
            "base": stores[conditions.VERSIONS.base],
        }
        met = press(conditions.describe, conditions.FORM.send, None, typed, uuid4(), **given)
        assert "Somebody changed this while you were writing" in str(told)
    version, _base, both, place, *_fields = met["shown"]
    assert version == 1
    assert both == {
        name: {"mine": typed[name], "theirs": other} for name, other in (("passages", 900), ("officers", 7))
    }
    assert "Take yours" in texts(place)
    with at_desk(scene, "chaima"):
        press(conditions.describe, conditions.FORM.send, None, typed, uuid4(), **given | {"version": version})
    assert [each.passages for each in reads(scene, "chaima", register.conditions, made.id)] == [1200, 900]


def test_a_long_register_comes_with_its_first_rows_and_all_of_them_when_they_are_needed(scene: Running) -> None:
    for number in range(FIRST + 2):
        post_of(scene, name=f"Post {number:02}", ref="")
    with at_desk(scene, "ana"):
        for listing, refresh in ((page.PAGE.layout(), page.PAGE.refresh), (usage.layout(), usage_posts.refresh)):
            [grid] = found_in(listing, "AgGrid")
            few, whole = (refresh(1, drawn=[None], all_rows=every)["shown"][0] for every in (None, True))
            assert grid.rowData == few == whole[:FIRST]
            assert len(whole) == FIRST + 2
            assert "press Ctrl+P" in grid.dashGridOptions["context"]["more"]
