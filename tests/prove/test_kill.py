"""kill -9 in the middle of submissions: what was acknowledged is there, nothing is half-written, the chain holds."""

import contextlib
import random
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from dash import Input, Output
from dash._utils import create_callback_id
from sqlmodel import select

from operations.core import journal
from operations.core.ids import new_id
from operations.core.people import System
from operations.policing.reports import verification
from operations.policing.reports.reports import Line, Report
from tests.makers import Running
from tests.servers import PASSWORD, Serving, make_scene, serve

KILLS = 20
WRITERS = 3


def submission(scene: Running) -> dict[str, Any]:
    """A daily report as the entry form holds it: everything typed is text."""
    begins = scene.start + timedelta(hours=2)
    return {
        "id": str(new_id()),
        "report_id": str(new_id()),
        "supersedes_id": "",
        "correction_reason": "",
        "operation_id": str(scene.operation),
        "site_id": str(scene.sites["Niamey"]),
        "phase_id": str(scene.phase),
        "kind": "single_event",
        "period_from": f"{begins:%Y-%m-%dT%H:%M}",
        "period_to": f"{begins + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "zone": "Africa/Niamey",
        "remarks": "",
        "recorded_at": "",
        "confirmed": True,
        "lines": [
            {
                "id": str(new_id()),
                "kind": "check_tally",
                "count": "25",
                "check_kind": "database_query",
                "database": "sltd",
                "entity_type": "document",
                "channel": "fixed_workstation",
            }
        ],
    }


def submission_call(content: dict[str, Any]) -> dict[str, Any]:
    """The callback `send` of the reports page, as the browser calls it."""
    shown = Output("reports-view", "children", allow_duplicate=True)
    outputs, inputs = [Output("reports-answer", "data"), shown], [Input("reports-send", "data")]
    named = create_callback_id(outputs, inputs)
    return {
        "output": named,
        "outputs": [
            dict(zip(("id", "property"), each.rsplit(".", 1), strict=True)) for each in named.strip(".").split("...")
        ],
        "inputs": [{"id": "reports-send", "property": "data", "value": {"content": content}}],
        "changedPropIds": ["reports-send.data"],
        "parsedChangedPropsIds": ["reports-send"],
    }


def _client(server: Serving, cookies: httpx.Cookies | None = None) -> httpx.Client:
    return httpx.Client(base_url=server.address, headers={"Origin": server.address}, cookies=cookies, timeout=10)


def _signed_in(server: Serving) -> httpx.Client:
    client = _client(server)
    answer = client.post("/sign-in", data={"username": "bruno", "password": PASSWORD, "next": "/"})
    assert answer.status_code in (302, 303), answer.text[:300]
    return client


def _answer(response: httpx.Response) -> str | None:
    """The id of the version that the server says it has, if it says so."""
    told: str | None = response.json()["response"]["reports-answer"]["data"].get("sent")
    return told


def _write(
    client: httpx.Client, scene: Running, acknowledged: set[str], sent: dict[str, dict[str, Any]], stop: threading.Event
) -> None:
    """Send one report after another until the server is gone; note what it said it has."""
    while not stop.is_set():
        content = submission(scene)
        sent[content["id"]] = content
        try:
            answer = client.post("/_dash-update-component", json=submission_call(content))
        except httpx.HTTPError:
            return
        if (
            answer.status_code == 200
            and answer.json()["response"]["reports-answer"]["data"].get("sent") == content["id"]
        ):
            acknowledged.add(content["id"])


@pytest.mark.slow
@pytest.mark.requirement("R41", "R57")
def test_no_acknowledged_report_is_lost_when_the_server_is_killed_twenty_times(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'muster.sqlite'}"
    scene = make_scene(url)
    acknowledged: set[str] = set()
    sent: dict[str, dict[str, Any]] = {}
    chance = random.Random(7)
    server = serve(url, tmp_path)
    with contextlib.closing(_signed_in(server)) as client:
        cookies = client.cookies  # a session is kept in the database: it outlives the server
    for _kill in range(KILLS):
        stop = threading.Event()
        clients = [_client(server, cookies) for _ in range(WRITERS)]
        writers = [
            threading.Thread(target=_write, args=(client, scene, acknowledged, sent, stop)) for client in clients
        ]
        for writer in writers:
            writer.start()
        before = len(acknowledged)
        while len(acknowledged) == before:  # at least one, then somewhere in the middle of the next ones
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.25))
        server.kill()
        stop.set()
        for writer in writers:
            writer.join(30)
        for client in clients:
            client.close()
        server = serve(url, tmp_path)
    with _client(server, cookies) as client:
        some = sorted(acknowledged)[:5]
        again = [_answer(client.post("/_dash-update-component", json=submission_call(sent[each]))) for each in some]
    server.stop()
    assert again == some
    with scene.store.reading(System()) as session:
        stored = {str(each) for each in session.exec(select(Report.id)).all()}
        with_lines = {str(each) for each in session.exec(select(Line.version_id)).all()}
        assert len(acknowledged) >= KILLS
        assert acknowledged <= stored, "an acknowledged report is gone"
        assert stored == with_lines, "a report is half-written"
        assert stored <= sent.keys()
        assert verification.differences(session, scene.operation) == []
        assert journal.verify(session).broken_at is None
    scene.store.dispose()
