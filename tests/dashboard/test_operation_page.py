"""The pages of an operation: the frame puts the operation on each, and a layout gets what it names of the query."""

from collections.abc import Iterator
from typing import Any

import pytest
from dash import html
from dash.development.base_component import Component

from dashboard.app import _guarded
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.screens import pages
from operations.core.permissions import Act
from tests.dashboard.desks import at_desk, found_in, open_scene, texts
from tests.makers import Running

NAV = Nav(name="Trial", path_template="/operations/<operation_id>/trial", icon="bulb", act=Act.LEAD_READ)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    made = open_scene(tmp_path_factory.mktemp("operation-page"))
    yield made
    made.store.dispose()


@pytest.fixture(scope="module")
def shown(scene: Running) -> dict[tuple[str, str], Any]:
    """Every page, by who sees it and the name of its module."""
    found = {}
    for name in ("ana", "chaima", "ada"):
        with at_desk(scene, name):
            for module in pages():
                query = {"operation_id": str(scene.operation)} if module.NAV.of_operation else {}
                found[name, module.__name__] = _guarded(module)(**query)
    return found


def test_every_page_of_an_operation_has_its_store_once(scene: Running, shown: dict[tuple[str, str], Any]) -> None:
    wrong, whole = {}, 0
    for module in pages():
        if not module.NAV.of_operation:
            continue
        content = shown["ana", module.__name__]
        stores = [store.data for store in found_in(content, "Store") if store.id == OPERATION]
        whole += stores == [str(scene.operation)]
        if stores != [str(scene.operation)] and "Nothing here" not in texts(content):
            wrong[module.__name__] = stores
    assert wrong == {}
    assert whole > 25


def _lists_in_lists(part: Any) -> Iterator[str]:
    """The components that hold a list within their list of children: the browser draws no such page at all."""
    children = getattr(part, "children", None)
    for each in children if isinstance(children, list | tuple) else [children]:
        if isinstance(each, list | tuple):
            yield repr(part)[:160]
        elif isinstance(each, Component):
            yield from _lists_in_lists(each)


def test_every_page_holds_what_a_browser_can_draw(shown: dict[tuple[str, str], Any]) -> None:
    assert {of: found for of, content in shown.items() if (found := [*_lists_in_lists(content)])} == {}
    assert sum("Nothing here" not in texts(content) for content in shown.values()) > 100


def test_a_layout_gets_what_it_names_of_the_query_and_may_return_a_page_of_its_own(scene: Running) -> None:
    @operation_page(NAV, "What it is for.")
    def layout(_session: object, operation: object, _by: object, part: str = "") -> Parts:
        """Return the trial."""
        return page("Part") if part == "alone" else [html.P(f"{part} of {operation.title}")]  # type: ignore[attr-defined]

    with at_desk(scene, "ana"):
        shown = layout(str(scene.operation), part="head", other="<script>")
        assert texts(shown).startswith("Trial What it is for.")
        assert "head of " in texts(shown)
        assert texts(layout(str(scene.operation), part="alone")) == "Part"
