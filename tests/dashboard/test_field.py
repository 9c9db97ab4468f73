"""The field form says what the form says, and its door takes each report once, from its own author."""

import base64
import gzip
import json
import re
import struct
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlmodel import col, select
from starlette.testclient import TestClient

from dashboard.field import device_seals, documents, map_pack, pages
from dashboard.field.routes import router
from dashboard.frame.sign_in import FILES, PUBLIC
from dashboard.papers import typesetter
from dashboard.parts.report.line_form import FieldEntry
from dashboard.screens.reports import form as report_form
from dashboard.screens.workbook import content as workbook
from dashboard.server.access import SCOPE, RequestContext
from dashboard.server.asset_bundle import HOUSE
from dashboard.wording import in_language
from operations.core import account_admin, clock, code_lists, journal, proof, sign_in
from operations.core.errors import HIDDEN, NotFound, NotPermitted
from operations.core.ids import new_id
from operations.core.journal import AccessEntry
from operations.core.people import System
from operations.policing.reports import reports
from operations.policing.reports.reports import Report
from operations.support import deployment_acts, deployments
from tests import pdf_text
from tests.makers import START, Running, add_task, form, send, tally
from tests.teams import keep_team, on_site

NOW = START + timedelta(days=2)


@pytest.fixture(autouse=True)
def _held() -> Iterator[None]:
    with clock.at(NOW):
        yield


def door(scene: Running, name: str) -> TestClient:
    """The routes of the field form as one of the cast reaches them behind the gate."""
    outer = FastAPI(openapi_url=None)
    outer.include_router(router(scene.store))

    async def asked(scope: Any, receive: Any, send_: Any) -> None:
        if scope["type"] == "http":
            scope[SCOPE] = RequestContext(scene[name], scene.store)
        await outer(scope, receive, send_)

    return TestClient(asked)


def written(work: dict[str, Any], count: object = 120, site: str = "Niamey", **changes: Any) -> dict[str, Any]:
    """What the page makes of the work of an officer and one count."""
    [operation] = work["operations"]
    place = next(each for each in operation["sites"] if each["name"] == site)
    day = operation["days"][-1] if operation["days"][-1]["starts"] <= NOW.isoformat() else None
    day = day or [each for each in operation["days"] if each["starts"] <= NOW.isoformat()][-1]
    starts, ends = operation["periods"][place["zone"]][day["day"]]
    line = {**place["lines"][0], "id": str(new_id()), "count": str(count)}
    del line["offered"]
    made = {"id": str(new_id()), "report_id": str(new_id()), "operation_id": operation["id"], "site_id": place["id"]}
    made |= {"phase_id": day["phase"], "kind": "daily", "period_from": starts, "period_to": ends, "zone": place["zone"]}
    return {
        **made,
        "remarks": "",
        "recorded_at": clock.now().isoformat(),
        "confirmed": False,
        "lines": [line],
        **changes,
    }


def brought(client: TestClient, scene: Running, name: str, content: dict[str, Any], **more: Any) -> Any:
    """The answer to a report that a device sends for one of the cast."""
    sent = {"officer": str(scene[name].account_id), "content": content, "device_time": clock.now().isoformat()}
    return client.post("/field/reports", json=sent | more)


# ------------------------------------------------------------------------------------------------ one declaration


@pytest.mark.parametrize("language", ["en", "ar"])
def test_its_declarations_are_those_of_the_form_and_of_the_workbook(scene: Running, language: str) -> None:
    with in_language(language):
        said = documents.declarations()
        kinds = {kind["kind"]: kind for kind in said["declaration"]}
        for name, declared in report_form.declarations(list(kinds)).items():
            assert said[name] == declared or (name == "words" and declared.items() <= said[name].items())
        with scene.store.reading(scene["bruno"]) as session:
            about = workbook.context(session, scene.operation, scene["bruno"])
        sheets = {sheet.code: sheet for sheet in workbook.book(about).sheets}
        assert set(about.kinds) <= set(kinds)
        for code in about.kinds:
            fields = [each["name"] for each in kinds[code]["fields"] if each["entry"] != FieldEntry.HIT]
            columns = [each.code for each in sheets[code].columns if each.code not in ("site", "day", "qualifier")]
            assert fields == columns
            lists = {each["codes"] for each in kinds[code]["fields"] if each["codes"]}
            assert lists <= set(said["choices"])


def test_the_work_of_an_officer_is_their_own_sites_and_days(scene: Running) -> None:
    send(scene, form(scene, "Niamey", lines=[tally(7)]), by="bruno")
    work = door(scene, "bruno").get("/field/work").json()
    [operation] = work["operations"]
    assert {site["country"] for site in operation["sites"]} == {"Niger"}
    assert [each["day"] for each in operation["days"]] == sorted(each["day"] for each in operation["days"])
    assert operation["sent"][0]["site"] == str(scene.sites["Niamey"])
    assert work["officer"]["id"] == str(scene["bruno"].account_id)
    with scene.store.reading(scene["ana"]) as session, pytest.raises(NotPermitted):
        documents.work(session, scene["ana"])


# ------------------------------------------------------------------------------------------------ the door


@pytest.mark.both_storages
def test_a_report_sent_three_times_is_one_and_other_content_under_its_id_is_a_conflict(scene: Running) -> None:
    client = door(scene, "bruno")
    content = written(client.get("/field/work").json())
    answers = [brought(client, scene, "bruno", content) for _turn in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len({answer.json()["sent"] for answer in answers}) == 1
    lines = [{**content["lines"][0], "count": "9"}]
    other = brought(client, scene, "bruno", {**content, "lines": lines})
    assert other.status_code == 409
    assert "already sent with other content" in other.json()["found"]["general"][0]
    with scene.store.reading(System()) as session:
        [kept] = session.exec(select(Report)).all()
        assert [line.quantity for line in reports.lines_of(session, kept.id)] == [120]


@pytest.mark.both_storages
def test_the_clock_of_the_device_its_offset_and_the_time_of_the_server_are_kept(scene: Running) -> None:
    client = door(scene, "bruno")
    content = written(client.get("/field/work").json())
    wrote = NOW - timedelta(hours=19, minutes=40)  # on a clock that is 40 minutes slow
    content["recorded_at"] = wrote.isoformat()
    slow = (NOW - timedelta(minutes=40)).isoformat()
    assert brought(client, scene, "bruno", content, device_time=slow).status_code == 200
    assert brought(client, scene, "bruno", content).status_code == 200  # sent again by a clock that was put right
    with scene.store.reading(System()) as session:
        [kept] = session.exec(select(Report)).all()
    assert (kept.clock_offset, kept.received_at, kept.recorded_at) == (2400, NOW, wrote + timedelta(minutes=40))
    nonsense = written(client.get("/field/work").json(), site="Agadez", recorded_at="9999-12-31T23:59:59+00:00")
    assert brought(client, scene, "bruno", nonsense, device_time="9999-12-31").status_code == 200
    with scene.store.reading(System()) as session:
        last = session.exec(select(Report).where(col(Report.id) != kept.id)).one()
    assert (last.clock_offset, last.recorded_at) == (None, NOW)


def test_a_refusal_comes_back_beside_its_field_and_changes_nothing(scene: Running) -> None:
    client = door(scene, "bruno")
    content = written(client.get("/field/work").json(), count="many")
    refused = brought(client, scene, "bruno", content)
    assert refused.status_code == 422
    [(place, sentences)] = refused.json()["found"]["fields"].items()
    assert place == f"{content['lines'][0]['id']}.count"
    assert sentences[0]
    with scene.store.reading(System()) as session:
        assert session.exec(select(Report)).all() == []


def test_a_report_of_another_officer_is_not_sent_under_the_name_of_who_is_signed_in(scene: Running) -> None:
    content = written(door(scene, "bruno").get("/field/work").json())
    refused = door(scene, "binta").post(
        "/field/reports", json={"officer": str(scene["bruno"].account_id), "content": content}
    )
    assert (refused.status_code, refused.json()["error"]) == (
        403,
        "Another officer wrote this report. It is sent when they sign in.",
    )
    with scene.store.reading(System()) as session:
        assert session.exec(select(Report)).all() == []


def test_what_a_colleague_took_in_from_a_file_is_sent_once_and_the_device_is_told_so(scene: Running) -> None:
    content = written(door(scene, "bruno").get("/field/work").json())
    taken = brought(door(scene, "binta"), scene, "binta", content)
    late = brought(door(scene, "bruno"), scene, "bruno", content)
    assert (taken.status_code, late.status_code, late.json()["sent"]) == (200, 200, content["id"])
    with scene.store.reading(System()) as session:
        [kept] = session.exec(select(Report)).all()
    assert kept.author_name == scene["binta"].name


@pytest.mark.both_storages
def test_a_correction_of_what_was_corrected_meanwhile_brings_both_versions_and_merges_nothing(scene: Running) -> None:
    client = door(scene, "bruno")
    content = written(client.get("/field/work").json())
    assert brought(client, scene, "bruno", content).status_code == 200
    given = client.get(f"/field/reports/{content['id']}").json()["content"]
    assert given["supersedes_id"] == content["id"]
    theirs = {**given, "id": str(new_id()), "correction_reason": "typing"}
    theirs["lines"] = [{**given["lines"][0], "count": "130"}]
    assert brought(door(scene, "binta"), scene, "binta", theirs).status_code == 200
    mine = {**given, "correction_reason": "typing", "lines": [{**given["lines"][0], "count": "140"}]}
    parted = brought(client, scene, "bruno", mine)
    assert parted.status_code == 409
    newest = parted.json()["newest"]
    assert (newest["id"], newest["by"], newest["lines"][0]["count"]) == (theirs["id"], scene["binta"].name, "130")
    again = brought(client, scene, "bruno", {**mine, "supersedes_id": newest["id"]})
    assert again.json()["version"] == 3


@pytest.mark.both_storages
def test_a_conflict_says_what_came_since_the_device_had_the_report_and_its_chain_is_journalled(scene: Running) -> None:
    client = door(scene, "bruno")
    content = written(client.get("/field/work").json())
    branch = str(new_id())
    first = {"trunk": 0, "branch": branch, "base": 0}
    assert brought(client, scene, "bruno", content, chain=first).status_code == 200
    given = client.get(f"/field/reports/{content['id']}").json()
    assert given["version"] == 1
    mine = {**given["content"], "correction_reason": "typing", "lines": [{**content["lines"][0], "count": "140"}]}
    for count, name in (("130", "binta"), ("131", "bruno")):
        last = client.get("/field/work").json()["operations"][0]["sent"][0]["id"]
        theirs = client.get(f"/field/reports/{last}").json()["content"] | {"correction_reason": "typing"}
        theirs["lines"] = [{**theirs["lines"][0], "count": count}]
        assert brought(door(scene, name), scene, name, theirs).status_code == 200
    parted = brought(client, scene, "bruno", mine, chain={"trunk": 1, "branch": branch, "base": 1})
    assert parted.status_code == 409
    assert [(each["version"], each["by"]) for each in parted.json()["since"]] == [
        (2, scene["binta"].name),
        (3, scene["bruno"].name),
    ]
    assert parted.json()["newest"]["lines"][0]["count"] == "131"
    with scene.store.reading(System()) as session:
        assert [each.version for each in session.exec(select(Report)).all()] == [1, 2, 3]
        kept = next(each for each in journal.latest(session, limit=50) if each.act == "report.submit")
    assert {name: kept.detail[name] for name in first} == first


def test_other_content_under_a_known_id_comes_back_beside_what_stands(scene: Running) -> None:
    client = door(scene, "bruno")
    content = written(client.get("/field/work").json())
    assert brought(client, scene, "bruno", content).status_code == 200
    other = brought(client, scene, "bruno", {**content, "lines": [{**content["lines"][0], "count": "9"}]})
    assert (other.status_code, other.json()["newest"]["id"]) == (409, content["id"])
    assert other.json()["newest"]["lines"][0]["count"] == "120"


def test_a_correction_of_what_was_withdrawn_meanwhile_may_become_a_report_of_its_own(scene: Running) -> None:
    client = door(scene, "bruno")
    content = written(client.get("/field/work").json())
    assert brought(client, scene, "bruno", content).status_code == 200
    mine = client.get(f"/field/reports/{content['id']}").json()["content"] | {"correction_reason": "typing"}
    with scene.store.unit_of_work(scene["bruno"]) as session:
        reports.withdraw(session, UUID(content["id"]), "typing", scene["bruno"])
    late = brought(client, scene, "bruno", mine)
    assert (late.status_code, late.json()["gone"], "newest" in late.json()) == (409, True, False)


# ------------------------------------------------------------------------------------------------ old code lists


@pytest.fixture
def old_lists(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two databases are retired: one has a successor in its list, one has none."""
    retired = {("CL-DB", "sltd"): "nominal", ("CL-DB", "tdawn"): ""}
    monkeypatch.setattr(code_lists, "_successors", lambda: retired)
    code_lists._choices.cache_clear()
    yield
    code_lists._choices.cache_clear()


def test_a_code_that_was_replaced_meanwhile_is_stored_as_its_successor_and_the_device_is_told(
    scene: Running, old_lists: None
) -> None:
    client = door(scene, "bruno")
    content = written(client.get("/field/work").json())
    content["lines"] = [{**content["lines"][0], "database": "sltd", "entity_type": "document"}]
    answers = [brought(client, scene, "bruno", content) for _turn in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    old, new = (code_lists.label("CL-DB", code) for code in ("sltd", "nominal"))
    assert [answer.json()["mapped"] for answer in answers] == [[f"Database: {old} is now {new}."]] * 2
    with scene.store.reading(System()) as session:
        [kept] = session.exec(select(Report)).all()
        assert [line.attributes["database"] for line in reports.lines_of(session, kept.id)] == ["nominal"]
        [entry] = [each for each in journal.latest(session, limit=50) if each.act == "report.submit"]
    assert entry.detail["codes"] == ["CL-DB:sltd:nominal"]


def test_a_code_that_was_retired_without_a_successor_comes_back_with_its_place_and_the_choices(
    scene: Running, old_lists: None
) -> None:
    client = door(scene, "bruno")
    content = written(client.get("/field/work").json())
    content["lines"] = [{**content["lines"][0], "database": "tdawn", "entity_type": "document"}]
    refused = brought(client, scene, "bruno", content)
    assert refused.status_code == 422
    [(place, [sentence])] = refused.json()["found"]["fields"].items()
    assert place == f"{content['lines'][0]['id']}.database"
    assert sentence.startswith("tdawn is not one of the choices: ")
    assert code_lists.label("CL-DB", "nominal") in sentence
    assert code_lists.label("CL-DB", "tdawn") not in sentence
    offered = client.get("/field/forms/en").json()["choices"]["CL-DB"]["options"]
    assert not {"sltd", "tdawn"} & {each["value"] for each in offered}


# ------------------------------------------------------------------------------------------------ duties


def pressed(client: TestClient, scene: Running, name: str, content: dict[str, Any], **more: Any) -> Any:
    """The answer to a step of a team or a task that a device sends for one of the cast."""
    sent = {"officer": str(scene[name].account_id), "content": content, "device_time": clock.now().isoformat()}
    return client.post("/field/duties", json=sent | more)


@pytest.mark.both_storages
def test_a_team_leader_checks_in_from_a_device_once_and_at_the_time_of_pressing(scene: Running) -> None:
    made = on_site(scene, keep_team(scene, leader_id=scene["boubacar"].account_id))
    client = door(scene, "boubacar")
    work = client.get("/field/work").json()
    [team] = work["teams"]
    assert (team["id"], team["state"]) == (str(made.id), "on_site")
    assert [step["verb"] for step in work["steps"]["on_site"]] == ["deployment.check_in", "deployment.withdrawn"]
    at = NOW - timedelta(hours=3)
    content = {"id": str(new_id()), "verb": "deployment.check_in", "of": team["id"], "at": at.isoformat(), "words": ""}
    slow = (NOW - timedelta(minutes=40)).isoformat()  # the clock of the device is 40 minutes slow
    answers = [pressed(client, scene, "boubacar", content, device_time=slow) for _turn in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    with scene.store.reading(scene["ana"]) as session:
        kept = deployments.log(session, made.id)
    assert [(each.kind, each.at) for each in kept if each.kind == "checked_in"] == [
        ("checked_in", at + timedelta(minutes=40))
    ]


def test_a_step_that_is_not_possible_any_more_comes_back_in_a_sentence(scene: Running) -> None:
    made = on_site(scene, keep_team(scene, leader_id=scene["boubacar"].account_id))
    with scene.store.unit_of_work(scene["ana"]) as session:
        deployment_acts.release(session, made.id, "The need is over.", scene["ana"])
    content = {"id": str(new_id()), "verb": "deployment.check_in", "of": str(made.id), "at": NOW.isoformat()}
    refused = pressed(door(scene, "boubacar"), scene, "boubacar", content)
    assert refused.status_code == 422
    [sentence] = refused.json()["found"]["general"]
    assert sentence.startswith("Only a team that is on site checks in")
    stranger = pressed(door(scene, "marie"), scene, "marie", content)
    assert (stranger.status_code, stranger.json()["found"]["general"][0]) == (422, HIDDEN)


def test_an_officer_who_leads_no_team_has_none(scene: Running) -> None:
    on_site(scene, keep_team(scene, leader_id=scene["boubacar"].account_id))
    assert door(scene, "bruno").get("/field/work").json()["teams"] == []


def test_the_tasks_of_today_are_ticked_and_done_from_a_device(scene: Running) -> None:
    of = {"role": "national_officer", "country": "NER"}
    add_task(scene, due=NOW + timedelta(hours=3), title="Check the generator", steps=("Fuel", "Oil"), **of)
    add_task(scene, starts=NOW + timedelta(days=3), due=NOW + timedelta(days=4), title="Later", **of)
    add_task(scene, due=NOW + timedelta(days=1), title="Of the coordinator")
    client = door(scene, "bruno")
    [task] = client.get("/field/work").json()["operations"][0]["tasks"]
    assert (task["title"], [line["text"] for line in task["lines"]]) == ("Check the generator", ["Fuel", "Oil"])
    done = {"id": str(new_id()), "verb": "task.finish", "of": task["id"]}
    assert "still open: 2" in pressed(client, scene, "bruno", done).json()["found"]["general"][0]
    ticks = [{"id": str(new_id()), "verb": "task.tick", "of": line["id"]} for line in task["lines"]]
    for content in [*ticks, *ticks, done, done]:
        assert pressed(client, scene, "bruno", content).status_code == 200
    assert client.get("/field/work").json()["operations"][0]["tasks"] == []
    unknown = pressed(client, scene, "bruno", {"id": str(new_id()), "verb": "task.cancel", "of": task["id"]})
    assert unknown.status_code == 422


def test_what_another_officer_pressed_waits_for_them(scene: Running) -> None:
    sent = {"officer": str(scene["boubacar"].account_id), "content": {"verb": "task.tick", "of": str(new_id())}}
    assert door(scene, "bruno").post("/field/duties", json=sent).status_code == 403


def test_the_map_sheet_of_a_post_shows_its_surroundings_and_enters_the_access_trail(scene: Running) -> None:
    answer = door(scene, "bruno").post(f"/field/sheets/{scene.sites['Niamey']}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    words = pdf_text.words(answer.content)
    assert "Niamey" in words
    assert "Bamako" not in words  # far away, and in the plan
    with scene.store.reading(System()) as session:
        entries = session.exec(select(AccessEntry).where(AccessEntry.act == "plan.export")).all()
        assert [each.actor_id for each in entries] == [scene["bruno"].account_id]


def test_the_map_of_a_post_holds_the_ground_and_the_plan_around_it_and_enters_the_access_trail(scene: Running) -> None:
    answer = door(scene, "bruno").post(f"/field/maps/{scene.sites['Niamey']}")
    assert answer.status_code == 200
    assert len(answer.content) < 500_000
    said = answer.json()
    names = {each["properties"]["name"] for each in said["scene"]["features"]}
    assert names == {"Agadez", "Niamey", "OCU Niamey"}  # the scene has them at one place, and Bamako far away
    assert {int(place.split("/")[0]) for place in said["tiles"]} == {0, 2, 4, 6, 8}
    assert all(b"land" in gzip.decompress(base64.b64decode(tile)) for tile in said["tiles"].values() if tile)
    assert [source["name"] for source in said["settings"]["tiles"]] == ["ground"]
    with scene.store.reading(System()) as session:
        entries = session.exec(select(AccessEntry).where(AccessEntry.act == "plan.export")).all()
        assert [each.actor_id for each in entries] == [scene["bruno"].account_id]


def test_a_map_is_bounded_and_keeps_its_coarse_ground(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_pack, "MOST_GROUND", 60_000)
    monkeypatch.setattr(map_pack, "MOST_OBJECTS", 0)
    said = door(scene, "bruno").post(f"/field/maps/{scene.sites['Niamey']}").json()
    assert sum(len(base64.b64decode(tile)) for tile in said["tiles"].values()) <= 60_000
    assert {"0/0/0"} <= set(said["tiles"])
    assert not any(place.startswith("8/") for place in said["tiles"])
    assert said["scene"]["features"] == []


def test_who_does_not_see_a_plan_gets_no_map_of_it(scene: Running) -> None:
    for name in ("ada", "otto"):
        with pytest.raises(NotFound):
            door(scene, name).post(f"/field/maps/{scene.sites['Niamey']}")


def test_every_sign_of_the_map_is_kept_on_the_device() -> None:
    drawn = (HOUSE / "map" / "scene.js").read_text()
    icons = drawn[drawn.index("const ICONS") : drawn.index("const DASH")]
    assert set(re.findall(r": '([a-z-]+)'", icons)) | {"map-pin"} == set(pages.SIGNS)


# ------------------------------------------------------------------------------------------------ what must go


def test_a_device_erases_what_it_keeps_where_the_account_is_closed_or_an_administrator_signed_it_out(
    scene: Running,
) -> None:
    client = door(scene, "bruno")
    seal = client.get("/field/work").json()["seal"]

    def asked(said: str) -> bool:
        return bool(client.post("/field/standing", json={"seal": said}).json()["ended"])

    assert (asked(seal), asked("what is no seal"), asked("")) == (False, False, False)
    bruno = scene["bruno"].account_id
    with clock.at(NOW + timedelta(minutes=1)):
        with scene.store.unit_of_work(scene["bruno"]) as session:
            sign_in.sign_out_everywhere(session, bruno, scene["bruno"])
        assert not asked(seal)  # the person did it, who has the reports to send
        with scene.store.unit_of_work(scene["ada"]) as session:
            account_admin.end_sessions(session, bruno, scene["ada"])
        assert asked(seal)
    with clock.at(NOW + timedelta(minutes=2)):
        assert not asked(device_seals.seal(bruno))  # signed in again since
        with scene.store.unit_of_work(scene["ada"]) as session:
            account_admin.close(session, bruno, scene["ada"], "The device is lost.")
        assert asked(device_seals.seal(bruno))


# ------------------------------------------------------------------------------------------------ gate and headers


@pytest.mark.parametrize("path", [*pages.files(), pages.WORKER, "/field/work", "/field/forms/en"])
def test_its_files_need_a_session_and_carry_the_headers_of_all_pages(site: Any, path: str) -> None:
    assert site.visitor().get(path).status_code == 401
    answer = site.signed_in(role="national_officer", country="NER").get(path)
    assert answer.status_code == 200
    assert "unsafe-eval" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers.get("service-worker-allowed") == ("/field" if path == pages.WORKER else None)


def test_a_stranger_who_opens_it_is_led_to_the_sign_in_page_and_back(site: Any) -> None:
    answer = site.visitor().get("/field", headers={"accept": "text/html", "sec-fetch-mode": "navigate"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/field")


def test_everything_that_the_service_worker_keeps_is_there(site: Any) -> None:
    client = site.signed_in(role="national_officer", country="NER")
    kept = next(line for line in pages.worker().splitlines() if line.startswith("const KEPT"))
    addresses = json.loads(kept.removeprefix("const KEPT = ").removesuffix(";"))
    assert "/assets/vendor/later/idb.js" in addresses
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


def test_nothing_is_sent_from_another_site(site: Any) -> None:
    client = site.signed_in(role="national_officer", country="NER")
    answer = client.post("/field/reports", json={}, headers={"origin": "http://elsewhere.example"})
    assert answer.status_code == 403


def test_the_home_screen_of_ios_gets_a_picture_of_the_logo_that_is_open_to_all() -> None:
    """It takes no SVG, and asks without a session. The corners are its own to cut."""
    address = "/sign-in/icon.png"
    file, kind = FILES[address]
    logo = FILES["/sign-in/logo.svg"][0].read_text().replace(' rx="7"', "")
    assert file.read_bytes() == typesetter.picture(logo, 59.11)
    assert (kind, struct.unpack(">2I", file.read_bytes()[16:24])) == ("image/png", (512, 512))
    assert f'<link rel="apple-touch-icon" href="{address}">' in pages.files()[pages.PAGE][0]
    assert address in json.loads(pages.files()[pages.MANIFEST][0])["icons"][1]["src"]
    assert address in pages.worker()
    assert address in PUBLIC


def test_a_device_sends_and_renews_where_the_last_proof_is_old(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does so hours after somebody signed in, and nobody is there to type a password."""
    monkeypatch.setattr(proof, "fresh", lambda _by: False)
    officer = door(scene, "bruno")
    assert officer.post(f"/field/maps/{scene.sites['Niamey']}").json()["name"] == "Niamey"
    assert officer.get("/field/work").json()["officer"]["name"] == scene["bruno"].name
