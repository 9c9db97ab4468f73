"""Reports, home and timeline are pushed: what is sent, to whom it is the same, and that nobody asks for it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import dash
import plotly.graph_objects as go
import pytest
from dash import dcc
from hypothesis import given
from hypothesis import strategies as st
from plotly.io.json import to_json_plotly

from dashboard.frame import live_parts
from dashboard.parts.datetimes import address_of
from dashboard.screens.figures import page as figures
from dashboard.screens.home import page as home
from dashboard.screens.reports import page as reports
from dashboard.screens.timeline import page as timeline
from dashboard.server import live_boards
from dashboard.server.access import RequestContext
from dashboard.server.diff import patched
from dashboard.server.live_boards import Sight
from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.policing.calendar import tasks
from tests.dashboard import pushed
from tests.dashboard.conftest import Site
from tests.dashboard.desks import EVENING, at_desk, open_scene
from tests.dashboard.held import draw_anew
from tests.dashboard.open_page import Browser, OpenPage
from tests.makers import START, Running, form, send, tally

SCREENS = {"home": home, "reports": reports, "timeline": timeline, "figures": figures}
READERS = ("ana", "lena", "chaima", "moussa", "bruno", "dov")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Running]:
    made = open_scene(tmp_path)
    yield made
    made.store.dispose()


# -------------------------------------------------------------------------------------------------- what differs

LEAVES = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b", "1", ""])
COMPONENT = lambda inside: st.fixed_dictionaries(  # noqa: E731
    {
        "type": st.sampled_from(["Div", "Span"]),
        "namespace": st.just("dash_html_components"),
        "props": st.fixed_dictionaries({"children": inside}, optional={"id": st.sampled_from(["x", "y"])}),
    }
)
TREES = st.recursive(
    LEAVES,
    lambda inside: (
        st.lists(inside, max_size=6)
        | st.dictionaries(st.sampled_from("abc"), inside, max_size=3)
        | COMPONENT(st.lists(inside, max_size=4))
    ),
    max_leaves=25,
)


@given(TREES, TREES)
def test_a_patch_of_one_state_is_the_other(one: Any, other: Any) -> None:
    patch = json.loads(patched(json.dumps(one), json.dumps(other)))
    assert json.dumps(pushed.patched(one, patch), sort_keys=True) == json.dumps(other, sort_keys=True)


def test_of_a_list_only_the_rows_that_differ_are_sent() -> None:
    rows = [
        {"id": str(number), "name": f"A site with a name {number}", "days": list(range(14))} for number in range(200)
    ]
    now = [*rows[:40], {**rows[40], "name": "Another name"}, *rows[41:90], *rows[91:150], {"id": "new"}, *rows[150:]]
    patch = patched(json.dumps(rows), json.dumps(now))
    assert pushed.patched(rows, json.loads(patch)) == now
    assert len(patch) < 600 < len(json.dumps(rows)) / 30
    assert [each["operation"] for each in json.loads(patch)["operations"]] == ["Insert", "Delete", "Assign"]


# ------------------------------------------------------------------------------------------------- what is pushed


def test_the_frame_pushes_what_has_an_audience_and_lets_browsers_ask_for_the_rest() -> None:
    alike, seen = live_parts.same_for_role, live_parts.own_for_user
    assert [live_parts._is_pushed(audience, None, None) for audience in (alike, seen, None)] == [True, True, False]
    assert not live_parts._is_pushed(alike, seen, None), "not under the hands of who types"
    assert not live_parts._is_pushed(alike, None, "those who have it on the page")
    for screen in ("figures", "home", "reports", "situation", "timeline"):
        import_module(f"dashboard.screens.{screen}.page")
    boards = {"figures-content", "home-invitations", "reports-unsent", "situation-shown", "timeline-bars"}
    assert live_boards.BOARDS.keys() == boards | {"situation-chosen-figures", "timeline-board"}


def test_a_chart_in_a_part_that_is_asked_for_is_drawn_again_in_another_theme() -> None:
    """Of its template, where the theme stands, a figure says nothing when it is written as a text."""
    light, dark = (
        live_parts.property_hash(
            dcc.Graph(figure=go.Figure(layout={"template": {"layout": {"paper_bgcolor": colour}}}))
        )
        for colour in ("white", "black")
    )
    assert light != dark


def test_no_screen_knows_how_a_change_reaches_its_parts() -> None:
    folder, ways = Path(live_parts.__file__).parent.parent, re.compile("live_boards|PULSE_ASKS|muster.watch|pulse-asks")
    files = [path for room in ("screens", "parts", "map") for path in (folder / room).rglob("*.[pj][ys]")]
    assert len(files) > 300
    assert [path for path in files if ways.search(path.read_text())] == []


def test_a_board_of_values_that_no_page_sends_is_not_drawn_and_is_no_fault(
    scene: Running, caplog: pytest.LogCaptureFixture
) -> None:
    asking = RequestContext(scene["ana"], scene.store)
    for until in (7, ""):
        chosen = [str(scene.operation), until, None, None]
        shown = {"board": "reports-unsent", "chosen": chosen, "marks": {}, "number": -1, "since": 0, "turn": 1}
        watch = live_boards.Watch.read(shown)
        assert watch is not None
        assert (live_boards.draw_board(Sight.of(watch, asking), asking) is None) == (until == 7)
    assert [each for each in caplog.records if each.levelname == "ERROR"] == []


class Desk:
    """One person with a page open, in a browser that counts what it asks for."""

    def __init__(self, site: Site, scene: Running, screen: str, name: str) -> None:
        self.scene, self.asking, self.asked = scene, RequestContext(scene[name], scene.store, theme="light"), 0
        self.browser = Browser(site.app.inside.dash, {})
        asks = self.browser.asks
        self.browser.asks = lambda *given: (setattr(self, "asked", self.asked + 1), asks(*given))[1]  # type: ignore[method-assign]
        self.module = SCREENS[screen].__name__
        self.page = self.loaded()
        self.asked = 0

    def loaded(self) -> OpenPage:
        of_one = dash.page_registry[self.module]["path_template"]
        values = {"operation_id": str(self.scene.operation)} if of_one else {}
        with clock.at(EVENING):
            return self.browser.loads(self.asking, self.module, values)

    def pushes(self) -> int:
        """What would be sent with a pulse now, in characters."""
        size = 0
        with clock.at(EVENING):
            for watch in pushed.on_page(self.browser.callbacks, self.page.pool):
                came = pushed.differing(watch, self.asking)
                assert came is not None
                size += len(came[0])
        return size

    def numbers(self) -> list[int]:
        """What the boards of the page count by: a reader learns of it with each of them."""
        with clock.at(EVENING):
            boards = [
                live_boards.draw_board(Sight.of(watch, self.asking), self.asking)
                for watch in pushed.on_page(self.browser.callbacks, self.page.pool)
            ]
        return [each.number for each in boards if each is not None]

    def hears(self) -> None:
        with clock.at(EVENING):
            self.page.hears(self.asking, str(self.scene.operation))


def reports_one(scene: Running, name: str = "bruno") -> None:
    send(scene, form(scene, lines=[tally(500)]), by=name)


def adds_a_task(scene: Running) -> None:
    content = {
        "id": new_id(),
        "title": "Brief the posts",
        "due": (START + timedelta(days=2)).isoformat(),
        "country": "NER",
    }
    with scene.store.unit_of_work(scene["ana"]) as session, clock.at(EVENING):
        tasks.add(session, scene.operation, parse(tasks.TaskDraft, content), scene["ana"])


ACTS = {"home": reports_one, "reports": reports_one, "timeline": adds_a_task, "figures": reports_one}
SEES_NOTHING = {
    ("lena", "reports"),
    ("moussa", "reports"),
    ("moussa", "home"),
    ("moussa", "timeline"),
    ("moussa", "figures"),
}
"""Of an act of Niger: those who may not read its reports, and Mali, which sees of others what is released."""
HEARS_NOTHING = {("moussa", "timeline"), ("lena", "reports")}
"""Those who are not told that it was done: what their boards count by says nothing of it either."""


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("name", READERS)
def test_what_differs_is_pushed_small_and_nothing_is_asked(site: Site, scene: Running, screen: str, name: str) -> None:
    desk = Desk(site, scene, screen, name)
    whole = len(to_json_plotly(desk.page.tree))
    assert desk.pushes() == 0
    before = desk.numbers()
    ACTS[screen](scene)
    sent = desk.pushes()
    assert (desk.numbers() == before) == ((name, screen) in HEARS_NOTHING)
    desk.hears()
    assert desk.asked == 0
    assert sent < whole / 2
    assert (sent == 0) == ((name, screen) in SEES_NOTHING)
    assert desk.pushes() == 0
    fresh = desk.loaded()
    for board in pushed.on_page(desk.browser.callbacks, fresh.pool):
        [beside] = [
            each for each in pushed.on_page(desk.browser.callbacks, desk.page.pool) if each.board == board.board
        ]
        assert board.marks == beside.marks
        for place in live_boards.BOARDS[board.board].places.values():
            shows = [each.pool[place.component_id].get(place.component_property) for each in (desk.page, fresh)]
            assert json.dumps(shows[0], sort_keys=True) == json.dumps(shows[1], sort_keys=True)


@pytest.mark.parametrize("screen", SCREENS)
def test_what_does_not_concern_a_page_sends_it_nothing(site: Site, scene: Running, screen: str) -> None:
    desk = Desk(site, scene, screen, "lena")
    {"timeline": reports_one}.get(screen, adds_a_task)(scene)
    assert desk.pushes() == 0
    desk.hears()
    assert desk.asked == 0


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("name", READERS)
def test_what_is_drawn_once_looks_alike_to_all_of_an_audience(
    site: Site, scene: Running, screen: str, name: str
) -> None:
    reports_one(scene)
    adds_a_task(scene)
    desk = Desk(site, scene, screen, name)
    other = replace(desk.asking, actor=replace(desk.asking.actor, account_id=new_id(), name="Somebody Else"))
    for watch in pushed.on_page(desk.browser.callbacks, desk.page.pool):
        mine, theirs = Sight.of(watch, desk.asking), Sight.of(watch, other)
        if live_boards.BOARDS[watch.board].apart(desk.asking.actor):
            assert mine != theirs
            continue
        assert mine == theirs
        with clock.at(EVENING):
            assert draw_anew(mine, desk.asking).marks == draw_anew(theirs, other).marks


def test_the_catalogue_is_drawn_anew_only_where_something_moved_of_which_it_tells(site: Site, scene: Running) -> None:
    desk = Desk(site, scene, "figures", "ana")
    [watch] = pushed.on_page(desk.browser.callbacks, desk.page.pool)
    sight = Sight.of(watch, desk.asking)
    with clock.at(EVENING):
        first = live_boards.draw_board(sight, desk.asking)
        adds_a_task(scene)
        after_a_task = live_boards.draw_board(sight, desk.asking, before=first)
        reports_one(scene)
        after_a_report = live_boards.draw_board(sight, desk.asking, before=after_a_task)
    assert first.at == after_a_task.at < after_a_report.at
    assert first.marks == after_a_task.marks != after_a_report.marks


def test_the_catalogue_of_an_earlier_moment_is_watched_by_nobody(site: Site, scene: Running) -> None:
    reports_one(scene)
    desk = Desk(site, scene, "figures", "ana")
    values = {"operation_id": str(scene.operation), "at": address_of(EVENING)}
    with clock.at(EVENING):
        past = desk.browser.loads(desk.asking, desk.module, values)
    assert [*pushed.on_page(desk.browser.callbacks, past.pool)] == []


def test_a_report_that_is_open_is_asked_for_and_none_that_is_not(site: Site, scene: Running) -> None:
    """The script of the page hands the pulse on to what follows a report only while one stands in the middle."""
    with at_desk(scene, "lena"):
        assert reports.open_item.follow(1, None, str(scene.operation)) == (dash.no_update,) * 3
    listens = [
        each
        for each in Desk(site, scene, "reports", "lena").browser.callbacks
        if "reports-view.children" in each["output"] and {"id": "pulse", "property": "data"} in each["inputs"]
    ]
    assert listens == []
