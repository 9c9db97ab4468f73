"""The pulse: who is told of what, how fast, how often, and that it ends with the session."""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from starlette.websockets import WebSocketDisconnect

from dashboard.server import change_listener, pulse_socket
from dashboard.server.access import RequestContext
from dashboard.server.pulse_socket import OperationChange, visible_operations
from dashboard.server.subscriptions import ReaderNews, Screen
from operations.core import clock, journal
from operations.core.change_tracking import ReadMark
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.store import open_store
from operations.core.vocabulary import Classification
from operations.policing.leads import leads
from operations.policing.operation import membership, plan
from tests.dashboard.desks import open_scene
from tests.makers import START, add_task, form, lead_of, send


def _operation(site, owner, classification: str = "for_official_use") -> str:
    """An operation that `owner`, a coordinator, has just drafted: one entry in the journal."""
    with site.store.reading(System()) as session:
        by = membership.actor(session, owner)
    content = {
        "id": new_id(),
        "code_name": f"Op {new_id().hex[:6]}",
        "type": "border_stop",
        "crime_scope": ["migrant_smuggling"],
        "zone": "Africa/Niamey",
        "classification": classification,
    }
    with site.store.unit_of_work(by) as session:
        return str(plan.create(session, parse(plan.OperationDraft, content), by=by).id)


def test_a_screen_hears_of_its_own_operations_at_once(site, monkeypatch):
    """Woken by the commit, not by the next look at the storage or at the session, each a minute away here."""
    monkeypatch.setattr(change_listener, "LOOK_EVERY", 60)
    monkeypatch.setattr(change_listener, "RECHECK_EVERY", 60)
    owner = site.account()
    with site.socket(site.signed_in(owner)) as socket:
        socket.receive_json()
        started = time.monotonic()
        operation = _operation(site, owner)
        said = socket.receive_json()
    assert time.monotonic() - started < 30
    assert said["operations"] == [operation]


def test_a_commit_of_another_process_is_heard_too(site):
    owner = site.account()
    operation = _operation(site, owner)
    program = (
        "import sys; from uuid import UUID; from operations.core import journal\n"
        "from operations.core.people import System\n"
        "from operations.core.store import open_store\n"
        "from dashboard.settings import Settings; Settings().use_keys()\n"
        "with open_store(sys.argv[1]).unit_of_work(System()) as s:\n"
        "    journal.record(s, System(), 'test.note', 'operation', operation=UUID(sys.argv[2]))\n"
    )
    with site.socket(site.signed_in(owner)) as socket:
        first = socket.receive_json()
        url = site.store.url.render_as_string(hide_password=False)
        subprocess.run([sys.executable, "-c", program, url, operation], check=True)
        said = first
        while said["seq"] == first["seq"]:  # on a busy machine what came before is heard as late as this
            said = socket.receive_json()
    assert said["operations"] == [operation]
    assert said["seq"] > first["seq"]


def test_nobody_hears_of_what_they_may_not_see(site):
    stranger, administrator = site.signed_in(), site.signed_in(role="administrator")
    before = stranger.get("/pulse/now").json()["seq"]
    operation = _operation(site, site.account())
    for client in (stranger, administrator):
        assert client.get(f"/pulse/now?since={before}").json() == {"seq": before, "operations": []}
    assert operation in site.signed_in(role="leadership").get("/pulse/now?since=0").json()["operations"]


@pytest.mark.parametrize("text", ["0", "-1", "", "x", "1.5", "9" * 30, "١", "4611686018427387904"])
def test_what_is_no_number_of_ones_own_counts_as_nothing_known(site, text):
    owner = site.account()
    operation, client = _operation(site, owner), site.signed_in(owner)
    said = client.get("/pulse/now").json()
    assert said["operations"] == []
    found = client.get("/pulse/now", params={"since": text}).json()
    assert (found["seq"], found["operations"]) == (said["seq"], [operation])
    with site.socket(client, f"/pulse?since={text}") as socket:
        assert socket.receive_json() == found


def test_leadership_hears_only_of_what_it_is_cleared_for(site):
    with site.store.reading(System()) as session:
        leader = membership.actor(session, site.account("leadership"))
    open_one, closed_one = new_id(), new_id()
    marks = {
        open_one: OperationChange(Classification.FOR_OFFICIAL_USE, {"*": 1}),
        closed_one: OperationChange(Classification.CONFIDENTIAL, {"*": 1}),
    }
    assert pulse_socket.visible_operations(leader, marks) == [str(open_one)]


def test_what_happened_between_page_and_socket_is_not_lost(site):
    owner = site.account()
    client = site.signed_in(owner)
    seen = client.get("/pulse/now").json()["seq"]
    operation = _operation(site, owner)
    time.sleep(0.3)
    with site.socket(client, f"/pulse?since={seen}") as socket:
        assert operation in socket.receive_json()["operations"]


def test_many_changes_are_told_together():
    screen = Screen(RequestContext(_leader(), None))
    one, two = new_id(), new_id()
    for seq, operation in ((5, one), (6, two), (7, one)):
        change = {operation: OperationChange(Classification.FOR_OFFICIAL_USE, {"*": seq})}
        screen.tell(change, lambda actor, seq=seq, change=change: ReaderNews(visible_operations(actor, change), seq))
    said = json.loads(screen.take())
    assert (said["seq"], said["operations"]) == (7, sorted([str(one), str(two)]))
    assert screen.take() is None
    assert not screen.woken.is_set()


def test_what_waits_is_not_counted_while_boards_are_drawn(monkeypatch):
    watching, counted = change_listener.Watcher(own := object()), []

    def pieces(store, _people):
        for _piece in range(2 if store is own else 0):  # others of this process count as well
            counted.append(time.monotonic())
            watching.changed_at = time.monotonic()
            yield {}

    async def run():
        counting = asyncio.create_task(watching._count())
        watching._moved.set()
        while len(counted) < 2:
            await asyncio.sleep(0.01)
        counting.cancel()

    monkeypatch.setattr(change_listener.badge_counts, "count_batches", pieces)
    asyncio.run(run())
    assert counted[1] - counted[0] >= change_listener.CALM


def _leader():
    from tests.people import actor

    return actor("lena")


def test_a_burst_reaches_a_screen_as_at_most_four_messages_a_second(site):
    owner = site.account()
    with site.socket(site.signed_in(owner)) as socket:
        socket.receive_json()
        started, operations, messages = time.monotonic(), set(), 0
        made = {_operation(site, owner) for _number in range(12)}
        while operations != made:
            operations.update(socket.receive_json()["operations"])
            messages += 1
        assert messages <= 2 + (time.monotonic() - started) / change_listener.SCREEN_EVERY


@pytest.mark.requirement("ASVS 4.4.3")
def test_a_socket_closes_when_its_session_ends(site, monkeypatch):
    monkeypatch.setattr(change_listener, "RECHECK_EVERY", 0.2)
    client = site.signed_in()
    with site.socket(client) as socket:
        socket.receive_json()
        client.post("/sign-out")
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert closed.value.code == 4401


def test_who_may_not_know_of_a_lead_does_not_hear_that_something_happened(tmp_path):
    scene = open_scene(tmp_path)
    with scene.store.reading(System()) as session:
        before = journal.pulse(session)
    lead = lead_of(scene)
    names = ("bruno", "chaima", "mateo", "moussa", "dov", "ana", "lena")

    def heard():
        _head, changed, _reach = pulse_socket.changed_since(scene.store, before)
        return {name for name in names if pulse_socket.visible_operations(scene[name], changed)}

    assert heard() == {"chaima", "dov", "ana"}
    with clock.at(START), scene.store.unit_of_work(scene["chaima"]) as session:
        leads.share(session, lead.id, scene["chaima"])
    assert heard() == {"chaima", "moussa", "dov", "ana"}
    send(scene, form(scene))
    assert heard() == set(names)  # the site had been silent: all see that it is covered now
    with scene.store.reading(System()) as session:
        before = journal.pulse(session)
    send(scene, form(scene))
    assert heard() == {"bruno", "chaima", "dov", "ana", "lena"}


@pytest.mark.both_storages
def test_a_report_of_another_process_concerns_those_alone_who_read_what_reports_write(scene):
    """Once its entry is noted, as it is before any screen is told; before that it concerns everybody."""

    def entry():
        with scene.store.reading(System()) as session:
            return journal.pulse(session)

    def concerned():
        return {name for name, mark in before.items() if scene.store.written.concerns(mark, entry())}

    names = ("phase", "site", "report", "total", "report.submit", "report.export")
    before = {name: ReadMark(frozenset({name}), scene.store.written.place, entry()) for name in names}
    other = open_store(scene.store.url)
    send(replace(scene, store=other), form(scene))
    assert concerned() == set(names)
    pulse_socket.changed_since(scene.store, before["site"].entry)
    assert concerned() == {"report", "total", "report.submit", "report.export"}
    add_task(replace(scene, store=other))
    pulse_socket.changed_since(scene.store, 0)
    assert concerned() == set(names), "nobody declared what a task writes"
    other.dispose()


@pytest.mark.parametrize("since", [None, "0", "-1", "1", str(2**31 - 1), str(2**31), str(2**62), str(10**30)])
def test_the_pulse_is_told_once_on_both_storages_whatever_number_is_named(store, since):
    now = next(
        route
        for route in change_listener.router(store, change_listener.Watcher(store)).routes
        if route.path == "/pulse/now"
    ).endpoint
    assert now(_leader(), since)["operations"] == []
