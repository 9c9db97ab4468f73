"""The pages of an operation: the frame puts the operation on each, and a layout gets what it names of the query."""

from collections.abc import Iterator

import pytest
from dash import html

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


def test_every_page_of_an_operation_has_its_store_once(scene: Running) -> None:
    wrong, whole = {}, 0
    with at_desk(scene, "ana"):
        for module in pages():
            if not module.NAV.of_operation:
                continue
            shown = _guarded(module)(operation_id=str(scene.operation))
            stores = [store.data for store in found_in(shown, "Store") if store.id == OPERATION]
            whole += stores == [str(scene.operation)]
            if stores != [str(scene.operation)] and "Nothing here" not in texts(shown):
                wrong[module.__name__] = stores
    assert wrong == {}
    assert whole > 25


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
