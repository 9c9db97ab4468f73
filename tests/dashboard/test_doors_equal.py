"""What enters at one door appears at the others, equal: form, workbook, own sheet, interface, field form and voice."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from dashboard.screens.reports import entry, open_item
from dashboard.screens.workbook import files
from dashboard.screens.workbook.own_sheet_view import ADDRESS
from dashboard.server.access import SCOPE, RequestContext
from dashboard.server.upload_queue import UploadQueue
from operations.core import clock
from operations.core.errors import RuleBroken
from operations.policing.reports import reports
from tests import pdf_text
from tests.dashboard import test_map_files as map_files
from tests.dashboard import test_situation_report as situation_report
from tests.dashboard.desks import at_desk
from tests.dashboard.test_field import brought, door, written
from tests.dashboard.test_own_sheet import FIXED, Desk, book, usual
from tests.dashboard.test_reports import filled, opened
from tests.dashboard.test_snapshots_page import reported
from tests.dashboard.test_workbook import Filler
from tests.interface import interface
from tests.makers import START, Running, form, tally
from tests.operations.test_voice import code, keyed

NOW = START + timedelta(days=2, hours=10)
DAY = START.date()
COUNT = 140


@pytest.fixture(autouse=True)
def _held() -> Iterator[None]:
    with clock.at(NOW):
        yield


def same_check(line: dict[str, Any]) -> dict[str, Any]:
    """A line of a form with the codes of `tally`, counted."""
    codes = {name: value for name, value in tally().items() if name not in ("id", "kind", "count")}
    return {**line, **codes, "kind": "check_tally", "count": str(COUNT)}


def typed(scene: Running) -> None:
    content = filled(opened(scene)["content"])
    content["lines"] = [same_check(content["lines"][0])]
    with at_desk(scene, "bruno", NOW):
        answer = entry.send({"content": content, "turn": 1})[0]
    assert "sent" in answer, answer


def by_workbook(scene: Running) -> None:
    assert Filler(scene).tally(count=COUNT).bring()["read"]["new"] == 1


def by_own_sheet(scene: Running) -> None:
    desk, outer = Desk(scene, moment=NOW), FastAPI(openapi_url=None)
    desk.mapped(book(usual(COUNT)), **FIXED)
    outer.include_router(files.router(scene.store, UploadQueue()))

    async def asked(scope: Any, receive: Any, send: Any) -> None:
        await outer(scope | {SCOPE: RequestContext(scene["bruno"], scene.store)}, receive, send)

    order = {"token": desk.brought["token"], "sheet": "0"}
    answer = TestClient(asked).post(f"{ADDRESS}{scene.operation}?name=checks.xlsx", json=order)
    assert '"new": 1' in answer.text, answer.text


def by_interface(scene: Running) -> None:
    content = form(scene, lines=[tally(COUNT)])
    assert interface(scene).of("bruno").post("/reports", json=content).status_code == 201


def by_device(scene: Running) -> None:
    client = door(scene, "bruno")
    content = written(client.get("/field/work").json())
    content["lines"] = [same_check(content["lines"][0])]
    answer = brought(client, scene, "bruno", content)
    assert "sent" in answer.json(), answer.text


def by_voice(scene: Running) -> None:
    keyed(scene, code(scene, count=COUNT, day=DAY))


DOORS: dict[str, Callable[[Running], None]] = {
    "form": typed,
    "workbook": by_workbook,
    "own sheet": by_own_sheet,
    "interface": by_interface,
    "device": by_device,
    "voice": by_voice,
}


@pytest.mark.both_storages
def test_a_check_is_the_same_line_by_whichever_door_it_came_and_is_read_alike_at_all(scene: Running) -> None:
    system, device = interface(scene).of("boubacar"), door(scene, "boubacar")
    codes = {name: value for name, value in tally(COUNT).items() if name != "id"}
    seen: set[UUID] = set()
    for name, enters in DOORS.items():
        enters(scene)
        with scene.store.reading(scene["boubacar"]) as session:
            [made] = [each for each in reports.newest(session, scene.operation) if each.id not in seen]
            [line] = reports.lines_of(session, made.id)
        seen.add(made.id)
        assert made.author_name.partition(" · ")[0] == scene["bruno"].name, name
        assert (made.kind, made.level, made.counted) == ("daily", 1, True), name
        stored = {key: value for key, value in line.attributes.items() if key in codes and value is not None}
        untold = ("entity_type", "channel") if name == "voice" else ()  # a card has no room for them
        assert stored == codes | dict.fromkeys(untold, "unknown"), name

        [told] = system.get(f"/reports/{made.report_id}").json()["items"]
        assert [{key: each[key] for key in codes} for each in told["lines"]] == [stored], f"{name}: by the interface"
        with at_desk(scene, "boubacar", NOW):
            given = open_item.open_asked({"what": "correct", "id": str(made.id)}, str(scene.operation))[0]
        on_device = device.get(f"/field/reports/{made.id}").json()
        for where, content in (("the form", given["content"]), ("the device", on_device["content"])):
            [shown] = content["lines"]
            assert {key: shown[key] for key in codes} == stored | {"count": str(COUNT)}, f"{name}: on {where}"
    assert len(seen) == len(DOORS)


@pytest.mark.both_storages
def test_a_map_of_others_is_on_the_plan_and_at_the_interface_and_is_brought_in_once(scene: Running) -> None:
    map_files.bring(scene, map_files.sent(scene, map_files.FOLDERS))
    assert set(map_files.objects(scene)) == {"North", "Road"}
    told = interface(scene).of("chaima").get(f"/operations/{scene.operation}/plan").json()
    assert {each["properties"]["name"] for each in told["features"]} >= {"North", "Road"}
    with pytest.raises(RuleBroken, match="Nothing in the file can be brought in"):
        map_files.bring(scene, map_files.sent(scene, map_files.FOLDERS))


@pytest.mark.both_storages
def test_the_paper_says_what_was_reported(scene: Running) -> None:
    words = pdf_text.words(situation_report.made(reported(scene)))
    for said in ("Arrests 53 arrests", "Niger 100 0", "Mali 900 0", "V3 · Preliminary"):
        assert said in words, said
