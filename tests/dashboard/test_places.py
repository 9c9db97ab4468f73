"""Places: the table of what stands where, how many addresses a role has in sight, and where old addresses lead."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import dash
import pytest
from dash._pages import _path_to_page
from fontTools.ttLib import TTFont
from PIL import ImageFont

from dashboard import places, screens, theme
from dashboard.frame import shell
from dashboard.navigation import OperationView, menu, rail
from dashboard.wording import _, in_language
from operations.core.ids import new_id
from operations.core.permissions import Subject
from operations.core.vocabulary import OperationState, OperationType
from operations.policing.operation import plan
from tests.dashboard.conftest import Site
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, texts
from tests.makers import Running
from tests.people import actor

ROLES = {
    "bruno": ("officer", 4),
    "boubacar": ("team leader", 6),
    "chaima": ("national coordinator", 8),
    "dov": ("analyst", 8),
    "ana": ("coordinator", 8),
    "lena": ("leadership", 8),
    "otto": ("auditor", 8),
    "frida": ("rights officer", 2),
    "ada": ("administrator", 2),
}
"""The role of each of the cast, and the most places that its rail shows, in and outside an operation."""
BEFORE = (
    *("situation", "overview", "figures", "official", "history", "plan", "layers", "analysis", "oplan", "approval"),
    *("countries", "people", "units", "training", "timeline", "phases", "shifts", "journal", "teams", "assignment"),
    *("my-team", "reports", "verify", "claims", "intelligence", "leads", "lead-results", "fugitives", "debrief"),
    *("recommendations", "snapshots", "costs", "hand-over"),
)
OUTSIDE_BEFORE = (
    *("/", "/waiting", "/inbox", "/timeline", "/history", "/templates", "/start", "/programme", "/posts", "/needs"),
    *("/posts/usage", "/needs/where-next", "/needs/connect", "/needs/stakeholders", "/equipment", "/equipment/links"),
    *("/equipment/reviews", "/equipment/projects", "/courses", "/courses/runs", "/courses/certificates"),
    *("/courses/trainers", "/courses/cascades", "/courses/trained", "/directory", "/messages", "/products"),
    *("/partners", "/deconfliction", "/evaluations", "/recommendations", "/incidents", "/data-protection"),
    *("/data-protection/kept", "/access", "/people", "/account", "/where-you-work", "/own-figures"),
)
"""The addresses of all pages as Muster had them when a rail had seventeen places."""

FONTS = Path(theme.__file__).parent / "assets" / "vendor" / "fonts"


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def drawn(name: str, pathname: str, scene: Running, waits: int = 0) -> tuple[list[str], list[str]]:
    """The names in somebody's rail, and those of the tabs, at an address."""
    with at_desk(scene, name):
        found, tabs = shell.show_places(pathname, waits)
    return [texts(each) for each in found_in(found, "Link")], [texts(each) for each in found_in(tabs, "Link")]


def most(name: str, *, near_end: bool = False, kind: OperationType = OperationType.REGIONAL) -> list[str]:
    """The places of an operation in somebody's rail."""
    operation: UUID = new_id()
    by = actor(name, operation)
    return [
        place.name
        for place in rail(
            places.OPERATION, by, OperationView(operation, kind, Subject(by.country, operation), near_end)
        )
    ]


def test_an_officer_has_four_places_and_a_coordinator_eight() -> None:
    assert most("bruno") == ["Today", "Situation", "Plan", "Reports"]
    assert most("ana") == [
        *("Today", "Situation", "Plan", "People and countries", "Timeline", "Teams", "Reports", "Intelligence"),
    ]
    for name, (role, count) in ROLES.items():
        outside = rail(places.OUTSIDE, actor(name))
        assert len(outside) <= count, role
        assert len(most(name)) <= count, role
    assert [place.name for place in rail(places.OUTSIDE, actor("bruno"))] == [
        "Today",
        "Operations",
        "Needs",
        "Training",
    ]
    assert [place.name for place in rail(places.OUTSIDE, actor("ana"))] == [
        *("Today", "Operations", "Strategy", "Support", "Needs", "Infrastructure", "Training", "Evaluation"),
    ]


def test_the_addresses_in_sight_are_half_of_what_they_were() -> None:
    """Rail and tabs together, at the page with most: 64 for a coordinator and 39 for an officer before."""
    for name, most_in_sight in (("ana", 13), ("bruno", 9), ("chaima", 13)):
        operation = new_id()
        by = actor(name, operation)
        view = OperationView(operation, OperationType.REGIONAL, Subject(by.country, operation), near_end=True)
        inside, outside = rail(places.OPERATION, by, view), rail(places.OUTSIDE, by)
        in_sight = [len(inside) + len(place.tabs(by, view)) for place in inside]
        in_sight += [len(outside) + len(place.tabs(by)) for place in outside]
        assert max(in_sight) <= most_in_sight + 1, (name, in_sight)


def test_a_place_has_five_tabs_at_most_and_a_page_one_place() -> None:
    assert [place.name for place in places.PLACES if len(place.pages) > 5] == []
    pages = [page for place in places.PLACES for page in (*place.pages, *place.subpages)]
    assert [page.href("x") for page, count in Counter(pages).items() if count > 1] == []
    of_screens = {module.NAV for module in screens.pages()}
    assert set(pages) <= of_screens, "a place leads to pages that are there"
    assert of_screens - set(pages) == set(), "to each page a place leads"


def test_close_is_there_when_the_operation_nears_its_end(scene: Running) -> None:
    assert "Closure" not in most("ana")
    assert most("ana", near_end=True)[-1] == "Closure"
    assert "Closure" not in most("bruno", near_end=True)
    with at_desk(scene, "ana"), scene.store.reading(scene["ana"]) as session:
        owner = session.get_one(plan.Operation, scene.operation)
        last = max(phase.ends for phase in plan.phases(session, owner.id))
        assert owner.state == OperationState.ACTIVE
        assert [plan.nears_end(session, owner, last - timedelta(days=days)) for days in (3, 1)] == [False, True]


def test_a_place_out_of_the_rail_is_in_it_while_somebody_stands_there(scene: Running) -> None:
    base = f"/operations/{scene.operation}"
    assert "Timeline" not in drawn("bruno", f"{base}/reports", scene)[0]
    shown, tabs = drawn("bruno", f"{base}/timeline", scene)
    assert "Timeline" in shown
    assert tabs[:2] == ["Timeline", "Phases"]


def test_nobody_sees_what_this_kind_of_operation_cannot_use() -> None:
    by = actor("ana", operation := new_id())
    tabs = {
        kind: {
            page.name
            for place in places.OPERATION
            for page in place.tabs(by, OperationView(operation, kind, Subject(None, operation), near_end=True))
        }
        for kind in OperationType
    }
    assert {kind for kind in OperationType if "Fugitives" not in tabs[kind]} == {OperationType.BORDER_STOP}
    assert {kind for kind in OperationType if "Training" in tabs[kind]} == {
        OperationType.BORDER_STOP,
        OperationType.REGIONAL,
    }


def test_tabs_are_the_pages_of_the_place_and_one_page_has_none(scene: Running) -> None:
    shown, tabs = drawn("lena", f"/operations/{scene.operation}/figures", scene)
    assert tabs == ["Situation", "Overview", "Key figures", "Official figures", "Earlier operations"]
    assert shown[1] == "Situation"
    assert drawn("lena", "/programme", scene)[1] == []
    assert drawn("ana", "/needs/connect", scene)[1] == ["Equipment", "Links", "Reviews", "Projects"]


def test_an_operation_that_is_not_theirs_leaves_people_outside(scene: Running) -> None:
    shown, _tabs = drawn("ana", f"/operations/{new_id()}/plan", scene)
    assert "Operations" in shown
    assert "Situation" not in shown


@pytest.mark.parametrize("name", ["ana", "bruno", "ada", "frida", "chaima"])
@pytest.mark.requirement("ASVS 7.4.4")
def test_the_menu_leads_to_what_stands_in_no_rail(name: str) -> None:
    """Whatever a role may work on outside operations is in its rail or in its menu, never in both."""
    by = actor(name)
    in_rail = {place.name for place in rail(places.OUTSIDE, by)}
    in_menu = {place.name for place in menu(places.OUTSIDE, by)}
    assert not in_rail & in_menu
    assert "My account" in in_menu
    if name in ("ana", "bruno", "chaima", "frida"):
        assert "Protection" in in_rail | in_menu
    assert ("People" in in_rail | in_menu) == (name in ("ada", "chaima"))


def test_every_old_address_leads_somewhere(site: Site) -> None:
    client = site.signed_in()
    for address in (*OUTSIDE_BEFORE, *(f"/operations/{UUID(int=1)}/{part}" for part in BEFORE)):
        answer = client.get(f"{address}?show=7&other=a%20b")
        now_at = places.OLD_ADDRESSES.get(address, address)
        if address in places.OLD_ADDRESSES:
            moved = (answer.status_code, answer.headers["location"])
            assert moved == (308, f"{now_at}?show=7&other=a%20b")
        else:
            assert answer.status_code == 200, address
        pages = [page for place in places.PLACES for page in (*place.pages, *place.subpages)]
        assert any(page.is_at(now_at) for page in pages), address
        known: Any = _path_to_page(now_at.strip("/"))[0]
        assert known["module"] != "not_found_404", address


def test_the_count_of_what_waits_stands_at_today(scene: Running) -> None:
    with at_desk(scene, "chaima", EVENING):
        assert texts(found_in(shell.show_places("/", 3)[0], "Link")[0]) == "Today 3"
        assert texts(found_in(shell.show_places("/", 250)[0], "Link")[0]) == "Today 99+"


def width(face: str) -> Callable[[str], float]:
    """The width in pixels of a word in the rail, in a face of the browser's fonts."""
    font, plain = TTFont(FONTS / f"muster-sans-{face}.woff2"), BytesIO()
    font.flavor = None
    font.save(plain)
    plain.seek(0)
    drawn = ImageFont.truetype(plain, 105)  # the rail's 10.5 px, tenfold
    drawn.set_variation_by_axes([550])
    return lambda word: drawn.getlength(word) / 10


def test_no_word_of_a_place_breaks_in_the_rail() -> None:
    inside = int(theme.css().split("--m-rail:")[1].split("px")[0]) - 1 - 2 * 3  # its border, and a place's margins
    for face, languages in {"latin": ("en", "fr", "es"), "arabic-arabic": ("ar",)}.items():
        wide = width(face)
        for language in languages:
            with in_language(language):
                words = {word for place in places.PLACES for word in _(place.name).split()}
            assert {word: wide(word) for word in words if wide(word) > inside} == {}, language


def test_every_page_has_a_title_of_its_own_in_the_language_of_the_reader(site: Site) -> None:
    pages = [page for page in dash.page_registry.values() if page.get("nav")]
    assert len(pages) > 60
    for language in ("en", "ar"):
        with in_language(language):
            titles = Counter((page["title"](), page["nav"].of_operation) for page in pages)
        assert all(title.endswith(" · Muster") for title, _of_operation in titles)
        assert [title for title, times in titles.items() if times > 1] == []
