"""Addresses and titles: what is chosen stands in the address, and a page is named by its title."""

from pathlib import Path

import dash
import pytest

from dashboard import places
from dashboard.frame import address
from dashboard.screens.teams import page as teams
from dashboard.screens.timeline import page as timeline
from dashboard.screens.verify import page as verify
from dashboard.wording import in_language
from tests.dashboard.conftest import Site
from tests.dashboard.desks import at_desk, found_in, open_scene
from tests.makers import Running, form, send


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


@pytest.mark.requirement("R77")
def test_each_title_names_the_page_in_the_language_of_the_reader_and_no_operation(site: Site) -> None:
    assert site.app
    entries = [entry for entry in dash.page_registry.values() if entry.get("nav")]
    with in_language("en"):
        titles = {entry["nav"].href("x"): entry["title"](operation_id="x") for entry in entries}
    assert titles[places.VERIFY.href("x")] == "Verify · Muster"
    assert titles["/today"] == "Today · Muster"
    assert all(title.endswith(" · Muster") for title in titles.values())
    assert len(set(titles.values())) > 60
    [verify_page] = [entry for entry in entries if entry["nav"] is places.VERIFY]
    with in_language("fr"):
        assert verify_page["title"]() != "Verify · Muster"
        assert verify_page["title"]().endswith(" · Muster")


def test_the_address_says_which_tab_is_open(scene: Running) -> None:
    with at_desk(scene, "ana"):
        for page, element, usual, other in (
            (teams, teams.TABS, "requests", "status"),
            (timeline, timeline.VIEW, "bars", "board"),
        ):
            for asked, opened in (("", usual), (other, other), ("<script>", usual)):
                shown = page.layout(str(scene.operation), view=asked)
                [tabs] = [each for each in found_in(shown, "Tabs") if getattr(each, "id", None) == element]
                assert tabs.value == opened


def test_the_address_says_which_report_is_open(scene: Running) -> None:
    made = [str(send(scene, form(scene, site), by=by).id) for site, by in (("Niamey", "bruno"), ("Agadez", "binta"))]
    with at_desk(scene, "boubacar"):
        for ident in made:
            [chosen] = [
                store.data
                for store in found_in(verify.layout(str(scene.operation), show=ident), "Store")
                if store.id == verify.Ids.CHOSEN
            ]
            assert chosen["id"] == ident
        assert found_in(verify.layout(str(scene.operation), show="nobody"), "Store")


def test_the_shell_knows_the_parameter_of_each_choice() -> None:
    known = address.parameters().data
    assert known[verify.Ids.CHOSEN] == ("show", "")
    assert known[teams.TABS] == ("view", "requests")
