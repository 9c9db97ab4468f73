"""Whoever holds the end of a request back acts as who the account is when that end comes, and not as who it was.

The requests are held at a real server, by connections of this process; the account changes in the database meanwhile.
"""

import json
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from sqlmodel import col, func, select

from operations.core import account_admin, sign_in
from operations.core.people import Account, System
from operations.exchange import api_tokens
from operations.policing.layers.uploads import LayerUpload
from operations.policing.reports.reports import Report
from tests.interface import token
from tests.makers import Running, form
from tests.prove.load import submission, submission_call
from tests.servers import PASSWORD, Serving, make_scene, serve_as_product

pytestmark = [pytest.mark.both_storages, pytest.mark.timeout(300)]

HELD = 1.0  # seconds for which the last bytes are kept back, at least
LAST = 20  # bytes


class Door(NamedTuple):
    """A way in that writes: its address, whose it is, how they are known to it, and what they send."""

    path: str
    who: str
    header: Callable[[Running], str]
    body: Callable[[Running], bytes]


def _session_of(name: str) -> Callable[[Running], str]:
    return lambda scene: f"Cookie: muster={sign_in.sign_in(scene.store, name, PASSWORD)}"


DOORS = {
    "callback": Door(
        "/_dash-update-component",
        "bruno",
        _session_of("bruno"),
        lambda scene: json.dumps(submission_call(submission(scene))).encode(),
    ),
    "upload": Door(
        "/data/files/{operation}?name=events.csv", "dov", _session_of("dov"), lambda _scene: b"lat,lon\n" * 50
    ),
    "interface": Door(
        "/api/v1/reports",
        "bruno",
        lambda scene: f"Authorization: Bearer {token(scene, 'bruno').key}",
        lambda scene: json.dumps(form(scene), default=str).encode(),
    ),
}


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[tuple[Running, Serving]]:
    made = make_scene(database_url)
    server = serve_as_product(database_url, tmp_path)
    yield made, server
    server.stop()
    made.store.dispose()


def _held(scene: Running, server: Serving, door: Door, meanwhile: Callable[[], None]) -> str:
    """Send all of a request but its last bytes, do something else, then send them: the answer, head and body."""
    place, body = urlsplit(server.address), door.body(scene)
    head = (
        f"POST {door.path.format(operation=scene.operation)} HTTP/1.1\r\nHost: {place.netloc}\r\n"
        f"Origin: {server.address}\r\n{door.header(scene)}\r\nContent-Type: application/json\r\n"
        f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((place.hostname or "", place.port or 80), timeout=60) as line:
        line.sendall(head.encode() + body[:-LAST])
        time.sleep(HELD)
        meanwhile()
        line.sendall(body[-LAST:])
        pieces = iter(lambda: line.recv(65_536), b"")
        return b"".join(pieces).decode(errors="replace")


def _close(scene: Running, who: str) -> None:
    with scene.store.unit_of_work(System()) as session:
        account_admin.close(session, scene[who].account_id, System())


def _end_session(scene: Running, who: str) -> None:
    with scene.store.unit_of_work(System()) as session:
        account_admin.end_sessions(session, scene[who].account_id, System())
        for each in session.exec(select(api_tokens.ApiToken)).all():
            api_tokens.end(session, each.id, scene[who])


def _change_role(scene: Running, who: str) -> None:
    with scene.store.unit_of_work(System()) as session:
        session.get_one(Account, scene[who].account_id).role = "auditor"


def _written(scene: Running) -> int:
    with scene.store.reading(System()) as session:
        return sum(session.exec(select(func.count(col(table.id)))).one() for table in (Report, LayerUpload))


@pytest.mark.parametrize("change", [_close, _end_session, _change_role])
@pytest.mark.parametrize("door", DOORS)
def test_what_is_held_writes_nothing_for_who_may_no_longer_act(
    served: tuple[Running, Serving], door: str, change: Callable[[Running, str], None]
) -> None:
    scene, server = served
    entered = _held(scene, server, DOORS[door], lambda: None)
    assert entered.split(" ", 2)[1] in ("200", "201"), entered
    assert _written(scene) == 1, entered
    refused = _held(scene, server, DOORS[door], lambda: change(scene, DOORS[door].who))
    assert _written(scene) == 1, refused
