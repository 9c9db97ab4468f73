"""The situation begins with three figures of its kind, who is silent, and one sign where a number needs remarks."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dash import no_update
from dash._callback_context import context_value
from dash._utils import AttributeDict

from dashboard.parts.figure_text import Tile
from dashboard.parts.kpi_board import OWN, WHOLE, BoardChoice, read_situation
from dashboard.parts.kpi_tile import tile_content
from dashboard.screens.situation import headlines, page
from dashboard.screens.situation.ids import Ids, tile_id
from dashboard.server.access import reading
from operations.catalogue.kpis import CATALOGUE, HEADLINES, Kpi, on_board
from operations.core import clock
from operations.core.people import System
from operations.core.vocabulary import Level, OperationType
from operations.policing.operation import plan
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, stores_of, texts
from tests.makers import Running, form, send, tally


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def tiles_in(shown: Any) -> list[str]:
    return [each.id for each in shown._traverse() if getattr(each, "className", "") == "kpi-tile"]


@pytest.mark.parametrize("kind", OperationType)
def test_the_situation_begins_with_three_figures_of_its_kind_and_folds_the_others(
    scene: Running, kind: OperationType
) -> None:
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).type = kind
    with at_desk(scene, "lena"):
        drawn = page.layout(str(scene.operation))
    [lead] = [each for each in found_in(drawn, "Section") if getattr(each, "className", "") == "headlines"]
    [folded] = [each for each in found_in(drawn, "Details") if getattr(each, "className", "") == "situation-all"]
    assert tiles_in(lead) == [tile_id(kpi) for kpi in HEADLINES[kind]]
    assert sorted(tiles_in(lead) + tiles_in(folded)) == sorted(map(tile_id, Kpi))
    assert "All key figures" in texts(folded)
    assert Ids.LATE in {getattr(each, "id", None) for each in lead._traverse()}, "who is silent stands beside coverage"
    kinds = frozenset().union(*(CATALOGUE[kpi].kinds for kpi in HEADLINES[kind]))
    assert set(HEADLINES[kind]) <= set(on_board(kind, kinds))


def late(scene: Running, name: str, moment: Any) -> str:
    with clock.at(moment), at_desk(scene, name, at=moment), reading() as session:
        operation = plan.operation(session, scene.operation, scene[name])
        choice = BoardChoice.of("V1", WHOLE, None, scene[name])
        return " ".join(
            texts(headlines.late_countries(read_situation(session, operation, choice, scene[name]))).split()
        )


def test_beside_coverage_stand_the_countries_without_a_report_as_far_as_the_reader_knows_them(scene: Running) -> None:
    send(scene, form(scene, lines=[tally(12)]), at=EVENING)
    assert late(scene, "lena", EVENING) == "1 country is silent: Mali Silent sites in 1 country: Niger"
    assert "Niger" not in late(scene, "moussa", EVENING + timedelta(hours=1))
    assert "Mali" not in late(scene, "chaima", EVENING)
    with scene.store.reading(scene["lena"]) as session:
        last = max(phase.ends for phase in plan.phases(session, scene.operation))
    assert late(scene, "lena", last + timedelta(days=2)) == ""  # nobody has to report any more


def drawn_tile(**more: Any) -> list[Any]:
    made = tile_content(
        Tile(Kpi.ARRESTS, "Arrests", "7", "arrests", Level.V3, "10:00", "2026-11-30T10:00", "preliminary", **more)
    )
    return [each for part in made for each in (part, *part._traverse()) if hasattr(each, "className")]


def test_all_remarks_of_a_tile_are_one_sign_with_its_words_on_demand() -> None:
    remarks = {"unreliable": "not reliable: half is missing", "restated": "restated +1", "why": "Hidden: few"}
    shown = drawn_tile(**remarks, released="It stands still.")
    signs = [each for each in shown if each.className.startswith("kpi-sign")]
    [words] = [each for each in shown if each.className == "kpi-why"]
    assert [each.className for each in signs] == ["kpi-sign kpi-sign--warns"]
    assert "Read with care" in str(signs[0])
    assert (texts(words), words.hidden) == ("not reliable: half is missing restated +1 Hidden: few", False)
    assert not any("half is missing" in texts(each) for each in shown if each.className == "kpi-notes m-num")
    plain = drawn_tile()
    assert not [each for each in plain if each.className.startswith("kpi-sign")]
    assert next(each for each in plain if each.className == "kpi-why").hidden
    [noted] = [each for each in drawn_tile(released="It stands still.") if each.className.startswith("kpi-sign")]
    assert noted.className == "kpi-sign"


def test_the_bar_of_a_goal_tells_no_share_that_the_words_hide() -> None:
    bars = {
        reached: [each for each in drawn_tile(goal="goal 20", reached=reached) if "target-bar" in each.className]
        for reached in (None, 0, 43, 108)
    }
    assert bars[None] == []
    widths = {reached: found[0].children.style["inlineSize"] for reached, found in bars.items() if found}
    assert widths == {0: "0%", 43: "43%", 108: "100%"}
    assert [found[0].className for found in bars.values() if found][-1] == "target-bar target-bar--reached"


def test_a_pressed_tile_is_selected_in_the_charts_and_in_the_address_and_opens_what_is_behind(scene: Running) -> None:
    def pressed(ident: str) -> tuple[Any, ...]:
        context = {"triggered_inputs": [{"prop_id": f"{ident}.n_clicks", "value": 1}], "updated_props": {}}
        token = context_value.set(AttributeDict(context))
        try:
            return page.open_definition([], 0, "V1", OWN, None, str(scene.operation))
        finally:
            context_value.reset(token)

    with at_desk(scene, "chaima"):
        hidden, name, words, opened, figure = pressed(tile_id(Kpi.ARRESTS))
        assert (hidden, name, opened, figure) == (False, "Arrests", "K11", "K11")
        assert "Reports behind the figure" in texts(words)
        assert pressed(tile_id(Kpi.COVERAGE))[3:] == ("K31", no_update)  # the charts draw what is counted
        assert pressed(Ids.DEFINITION_CLOSE)[3:] == ("", no_update)
        again = page.layout(str(scene.operation), level="V1", scope=OWN, opened="K11", figure="K11")
        plain = page.layout(str(scene.operation), opened="K99")
    for drawn, kpi in ((again, "K11"), (plain, "")):
        [panel] = [each for each in found_in(drawn, "Section") if getattr(each, "id", None) == Ids.DEFINITION]
        assert (panel.hidden, stores_of(drawn)[Ids.OPENED]) == (not kpi, kpi)
        assert ("Reports behind the figure" in texts(panel)) == bool(kpi)
