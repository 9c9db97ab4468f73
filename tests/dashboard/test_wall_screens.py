"""A screen on a wall at every door: one page with what is drawn on it, and nothing else, whoever asks for it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from dashboard import screens
from dashboard.screens.account import page as account_page
from dashboard.screens.people import acts as people_acts
from dashboard.screens.people import page as people_page
from dashboard.screens.people.ids import Ids as PeopleIds
from dashboard.screens.situation import page as situation_page
from dashboard.server import change_listener
from operations.core import account_admin, clock, sign_in
from operations.core.errors import HIDDEN, NotFound
from operations.core.people import Account, System
from operations.policing.operation import membership, plan, wall_screens
from tests.dashboard.desks import at_desk, open_scene, press, texts
from tests.dashboard.test_people_doors import DOORS, Desk, _closing
from tests.dashboard.test_policy import OWN_OF_DASH
from tests.makers import Running


class Wall:
    """A leader who opened a screen, and the browser of the wall."""

    def __init__(self, site) -> None:
        self.site, self.operation = site, Desk(site).operation
        self.other = Desk(site).operation
        self.account: Account = site.account(role="leadership")
        with site.store.reading(System()) as session:
            self.by = membership.actor(session, self.account)
        self.client: TestClient = site.visitor()
        answer = self.client.post("/wall", data={"code": self.link()})
        assert (answer.status_code, answer.headers["location"]) == (303, self.page)

    def link(self) -> str:
        with self.site.store.unit_of_work(self.by) as session:
            return wall_screens.make_link(session, self.operation, self.by)

    @property
    def page(self) -> str:
        return f"/operations/{self.operation}/situation"


@pytest.fixture(scope="module")
def wall(site) -> Wall:
    return Wall(site)


def callback(site, output: str, **values: Any) -> dict[str, Any]:
    """What a browser sends to call a callback of the page, with `values` for its inputs and states by their ids."""
    entry = site.app.inside.dash.callback_map[output]

    def given(each: dict[str, Any]) -> Any:
        ident = each["id"]
        if ident.startswith("{"):
            ident = json.loads(ident)
            if "ALL" in str(each["id"]):
                return []
        return {"id": ident, "property": each["property"], "value": values.get(str(ident))}

    outputs = entry["output"]
    said = [
        {"id": each.component_id, "property": each.component_property}
        for each in (outputs if isinstance(outputs, list | tuple) else [outputs])
    ]
    return {
        "output": output,
        "outputs": said if output.startswith("..") else said[0],
        "inputs": [given(each) for each in entry["inputs"]],
        "state": [given(each) for each in entry["state"]],
        "changedPropIds": [],
    }


def test_the_page_and_what_is_drawn_on_it_answer(wall: Wall) -> None:
    for path in (
        wall.page,
        f"{wall.page}?level=V2",
        "/_dash-layout",
        "/_dash-dependencies",
        "/pulse/now",
        "/data/map/tiles/ground/0/0/0",
        "/assets/muster.css",
        f"/data/map/{wall.operation}/events?bbox=0,0,1,1&zoom=3",
    ):
        assert wall.client.get(path).status_code == 200, path


def every_page(wall: Wall) -> list[str]:
    found = [module.NAV.href(wall.operation) for module in screens.pages()]
    return [*(path for path in found if path != wall.page), f"/operations/{wall.other}/situation", "/nothing"]


def test_no_other_page_no_export_and_no_data_answers(site, wall: Wall) -> None:
    doors = [path.format(operation=wall.operation) for name, path in DOORS.items() if path.startswith("/export")]
    for path in (
        *every_page(wall),
        *doors,
        "/data/map/search?q=nia",
        f"/data/map/{wall.other}/events?bbox=0,0,1,1&zoom=3",
        f"/export/operations/{wall.operation}/hand-over/figures.xlsx",
        "/signed-in",
        f"/message/{wall.operation}",
        f"{wall.page}/",
        f"{wall.page}/../plan",
        "/_favicon.ico",
        "/_reload-hash",
    ):
        assert wall.client.get(path).status_code in (403, 404), path


def routes(site) -> list[tuple[str, str]]:
    """Method and path of every route of the outer application."""
    found: list[tuple[str, str]] = []

    def walk(inside: Any) -> None:
        for route in inside:
            if hasattr(route, "original_router"):
                walk(route.original_router.routes)
            found.extend((method, route.path) for method in sorted(getattr(route, "methods", None) or ()))

    walk(site.app.inside.fastapi.routes)
    return found


def test_every_route_of_the_server_is_shut_but_for_reading_what_is_drawn(site, wall: Wall) -> None:
    from dashboard.frame.sign_in import PUBLIC
    from dashboard.server.gate import on_wall

    assert len(routes(site)) > 30
    open_ = {path for method, path in routes(site) if path not in PUBLIC and on_wall(wall.page, method, path)}
    assert {path for path in open_ if not path.startswith("/assets/")} == {
        "/pulse/now",
        "/data/map/tiles/{name}/{z}/{x}/{y}",
        "/_dash-component-suites/{path:path}",
        "/data/map/base/{layer}",
    }
    for method, path in routes(site):
        if path in PUBLIC or path.startswith("/calendar/") or method not in ("POST", "PUT", "DELETE", "PATCH"):
            continue
        answer = wall.client.request(method, path.replace("{operation_id}", str(wall.operation)))
        assert answer.status_code == 404, (method, path)


def reads(output: str) -> bool:
    """Whether a callback is one of those that the wall needs: the frame's and the situation's."""
    frame, board = "shell-frame.data", "..situation-as-of.children"
    return output.startswith((frame, board, "..situation-definition.hidden", "..situation-chosen-figures.children"))


def test_the_callbacks_that_a_wall_may_call_are_these(site) -> None:
    called = {
        output
        for output, entry in site.app.inside.dash.callback_map.items()
        if entry.get("callback") and getattr(entry["callback"].__wrapped__, "_wall", False)
    }
    assert {each for each in called if not reads(each)} == set()
    assert len(called) == 4


def test_every_other_callback_is_refused(site, wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked through the server as Dash's own script asks, each of them."""
    asked = 0
    for output, entry in site.app.inside.dash.callback_map.items():
        if not entry.get("callback") or reads(output) or any(own in output for own in OWN_OF_DASH):
            continue
        guarded = entry["callback"].__wrapped__
        with _acting(wall), pytest.raises(Exception) as refused:  # noqa: PT011 - which one is asserted next
            guarded()
        assert type(refused.value).__name__ == "NotPermitted", output
        asked += 1
    assert asked > 100


def _acting(wall: Wall):
    """Ask as the gate lets a wall ask."""
    from contextlib import contextmanager
    from dataclasses import replace

    from dashboard.server import access

    @contextmanager
    def acting():
        with access.acting_as(replace(wall.by, only=wall.operation), wall.site.store) as asking:
            token = access._acting.set(replace(asking, only=wall.page))
            try:
                yield
            finally:
                access._acting.reset(token)

    return acting()


def test_through_the_server_a_deed_and_a_page_of_another_place_are_refused(site, wall: Wall) -> None:
    output = next(each for each in site.app.inside.dash.callback_map if "situation-wall-link" in each)
    deed = wall.client.post("/_dash-update-component", json=callback(site, output))
    assert "people-address" not in deed.text
    with site.store.reading(System()) as session:
        assert len(wall_screens.own(session, wall.by)) == 1
    pages = next(each for each in site.app.inside.dash.callback_map if "_pages_content.children" in each)

    def shown(path: str) -> str:
        body = callback(site, pages, _pages_location=path)
        for each in body["inputs"]:
            each["value"] = path if each["property"] == "pathname" else ""
        answer = wall.client.post("/_dash-update-component", json=body)
        assert answer.status_code == 200, answer.text
        return answer.text

    assert "situation-strip" in shown(wall.page)
    for path in every_page(wall):
        text = shown(path)
        assert HIDDEN in text, path
        assert "situation-strip" not in text


def test_the_frame_has_no_places_no_inbox_and_no_menus(wall: Wall) -> None:
    drawn = wall.client.get("/_dash-layout").text
    for word in ("m-on-wall", "shell-clock"):
        assert word in drawn
    for word in ('"/today', '"/account"', "/sign-out", "/preferences", wall.account.name):
        assert word not in drawn, word


def test_a_link_that_was_used_opens_nothing(site, wall: Wall) -> None:
    secret = wall.link()
    first, second = site.visitor(), site.visitor()
    assert first.post("/wall", data={"code": secret}).status_code == 303
    again = second.post("/wall", data={"code": secret})
    assert again.status_code == 410
    assert "This link does not work" in again.text
    assert not second.cookies
    assert site.visitor().get("/wall").status_code == 200


def test_it_outlives_the_idle_limit_of_people(site, wall: Wall) -> None:
    person = site.signed_in(wall.account)
    with clock.at(clock.now() + timedelta(hours=13)):
        assert wall.client.get(wall.page).status_code == 200
        assert person.get("/account").status_code == 401
    with clock.at(clock.now() + timedelta(days=8)):
        assert wall.client.get(wall.page).status_code == 401


def test_closing_it_ends_it_at_the_next_request_and_its_socket(site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_listener, "RECHECK_EVERY", 0.05)
    wall = Wall(site)
    with site.socket(wall.client) as socket:
        socket.receive_json()
        with site.store.unit_of_work(wall.by) as session:
            [found] = wall_screens.own(session, wall.by)
            sign_in.end_session(session, found.entry.id, wall.by)
        assert _closing(socket) == 4401
    assert wall.client.get(wall.page).status_code == 401


def test_it_dies_with_the_account(site) -> None:
    wall = Wall(site)
    with site.store.unit_of_work(System()) as session:
        account_admin.close(session, wall.account.id, System(), "Left the service.")
    assert wall.client.get(wall.page).status_code == 401
    with pytest.raises(WebSocketDisconnect), site.socket(wall.client) as socket:
        socket.receive_json()


def test_what_it_changes_stays_unchanged_below_every_screen(site, wall: Wall) -> None:
    with _acting(wall):
        from dashboard.server import access

        with pytest.raises(Exception, match=HIDDEN), access.unit_of_work():
            pass
        with access.reading() as session, pytest.raises(Exception, match=HIDDEN):
            plan.operation(session, wall.other, access.actor())


# ------------------------------------------------------------------------------------- who opens and closes it


def opened(scene: Running, name: str = "lena") -> UUID:
    """A screen that somebody opened and that shows: its session."""
    with scene.store.unit_of_work(scene[name]) as session:
        secret = wall_screens.make_link(session, scene.operation, scene[name])
    wall_screens.enter(scene.store, secret, "192.0.2.9")
    with scene.store.reading(System()) as session:
        return wall_screens.own(session, scene[name])[0].entry.id


def still_there(scene: Running) -> int:
    with scene.store.reading(System()) as session:
        return len(wall_screens.all_walls(session, scene["ada"]))


def test_who_opened_it_closes_it_on_the_account_page(tmp_path: Path) -> None:
    scene = open_scene(tmp_path)
    with at_desk(scene, "lena"):
        wall = opened(scene)
        words = texts(account_page.layout())
        assert "Screens on walls" in words
        assert "192.0.2.9" in words
    with at_desk(scene, "ana"):
        assert "No screen shows a situation" in texts(account_page.layout())
        with pytest.raises(NotFound):
            press(account_page.close_wall, {"type": account_page.Ids.CLOSE, "session": str(wall)})
    with at_desk(scene, "bruno"):
        assert "Screens on walls" not in texts(account_page.layout())
    with at_desk(scene, "lena"):
        assert still_there(scene) == 1
        press(account_page.close_wall, {"type": account_page.Ids.CLOSE, "session": str(wall)})
        assert still_there(scene) == 0


def test_administrators_close_it_on_the_people_page_and_national_coordinators_see_none(tmp_path: Path) -> None:
    scene = open_scene(tmp_path)
    with at_desk(scene, "lena"):
        wall = opened(scene)
        asked = {"type": PeopleIds.CLOSE_WALL, "session": str(wall)}
    with at_desk(scene, "chaima"):
        assert "Screens on walls" not in texts(people_page.layout())
        with pytest.raises(NotFound):
            press(people_acts.close_wall, asked)
    with at_desk(scene, "ada"):
        words = texts(people_page.layout())
        assert "Lena Okafor" in words
        with pytest.raises(NotFound):
            press(people_acts.close_wall, {"type": PeopleIds.CLOSE_WALL, "session": str(scene.operation)})
        press(people_acts.close_wall, asked)
        assert still_there(scene) == 0


def test_the_button_is_for_those_who_may_open_a_screen(tmp_path: Path) -> None:
    scene = open_scene(tmp_path)
    for name in ("lena", "ana", "dov", "chaima", "bruno"):
        with at_desk(scene, name):
            there = "Open on a wall" in texts(situation_page.layout(str(scene.operation)))
        assert there is (name in ("lena", "ana")), name
