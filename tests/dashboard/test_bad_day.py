"""When nothing can be stored, or nothing read: reading goes on, every door says so in words, machines get a code."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from starlette.websockets import WebSocketDisconnect

from dashboard.server.health import Prober
from operations.core import deferred_writes, sign_in
from operations.core.clock import now
from operations.core.people import System
from operations.core.storage_errors import CANNOT_STORE, FaultReason, Unavailable
from operations.core.store import StorageHealth
from operations.timetable import heartbeats
from operations.timetable.heartbeats import Watched
from tests.dashboard.conftest import PASSWORD, Site

PAGE = {"accept": "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


def read_all(site: Site) -> dict[str, Any]:
    """The callback that notes that everything in the inbox was seen, as the browser calls it."""
    asked = "inbox-read-all"
    output = next(
        output
        for output, entry in site.app.inside.dash.callback_map.items()
        if [each["id"] for each in entry["inputs"]] == [asked]
    )
    names = [each.split("@")[0].rsplit(".", 1) for each in output.strip(".").split("...")]
    return {
        "output": output,
        "outputs": [{"id": name, "property": what} for name, what in names],
        "inputs": [{"id": asked, "property": "n_clicks", "value": 1}],
        "changedPropIds": [f"{asked}.n_clicks"],
        "parsedChangedPropsIds": [asked],
    }


@contextmanager
def locked(site: Site) -> Iterator[None]:
    """Another connection writes, and does not end."""
    with closing(sqlite3.connect(str(site.store.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture(autouse=True)
def well_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Writers wait for a moment only; afterwards the store is well, whatever a test did."""
    monkeypatch.setattr(site.store, "patience", 0.3)
    yield
    assert site.store.ready().write
    assert site.store.fault is None


def long_ago(site: Site) -> None:
    """Nobody's session was renewed for two minutes."""
    with site.store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE sign_in SET last_seen_at = datetime(last_seen_at, '-2 minutes')"))


def test_that_somebody_is_there_is_stored_beside_the_answer_once_it_can_be(site: Site) -> None:
    client, seen = site.signed_in(), "SELECT last_seen_at FROM sign_in"
    long_ago(site)
    with site.store.engine.begin() as connection:
        before = set(connection.execute(sa.text(seen)).scalars())
    with locked(site):
        begun = time.monotonic()
        assert client.get("/account").status_code == 200
        assert not deferred_writes.of(site.store).done(0.6)  # it is tried again
        assert site.store.fault is None  # who reads is not told that nothing can be stored
        assert "muster-storing" not in client.get("/pulse/now").headers
    assert time.monotonic() - begun < 30
    assert deferred_writes.of(site.store).done(30)
    with site.store.engine.begin() as connection:
        [renewed] = set(connection.execute(sa.text(seen)).scalars()) - before
        assert renewed


@pytest.mark.requirement("ASVS 16.5.2", "R64")
def test_reading_goes_on_while_nothing_can_be_stored(site: Site) -> None:
    client = site.signed_in()
    long_ago(site)
    with locked(site):
        answers = [client.get(path).status_code for path in ("/", "/_dash-layout", "/_dash-dependencies", "/pulse/now")]
    assert answers == [200] * 4
    assert client.get("/pulse/now").status_code == 200


def test_who_reads_stays_signed_in_although_it_cannot_be_noted(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.signed_in()
    long_ago(site)
    with locked(site):
        assert client.get("/account").status_code == 200
        later = sign_in.now() + site.app.settings.limits.idle - sign_in.TOUCH_EVERY
        monkeypatch.setattr(sign_in, "now", lambda: later)
        assert client.get("/account").status_code == 200


@pytest.mark.requirement("ASVS 16.5.1", "R58")
def test_what_cannot_be_stored_is_answered_with_one_sentence_and_when_to_come_back(site: Site) -> None:
    client = site.signed_in()
    with locked(site):
        refused = client.post("/_dash-update-component", json=read_all(site))
        also = client.post("/preferences", data={"language": "fr"})
        read = client.get("/pulse/now")
    for answer in (refused, also):
        assert (answer.status_code, answer.json()) == (503, {"error": CANNOT_STORE})
        assert answer.headers["retry-after"] == "5"
        assert answer.headers["muster-storing"] == "locked"
    assert (read.status_code, read.headers["muster-storing"]) == (200, "locked")
    again = client.post("/_dash-update-component", json=read_all(site))
    assert again.status_code == 200
    assert "muster-storing" not in again.headers


@pytest.mark.parametrize(("language", "said"), [("en", "nobody can sign in"), ("ar", 'dir="rtl"')])
def test_the_sign_in_page_says_it_and_keeps_the_name(site: Site, language: str, said: str) -> None:
    account, visitor = site.account(), site.visitor()
    visitor.get(f"/sign-in?language={language}")
    with locked(site):
        answer = visitor.post("/sign-in", data={"username": account.username, "password": PASSWORD})
        before = visitor.get("/sign-in")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    for page in (answer, before):
        assert said in page.text
        assert 'role="alert"' in page.text
    assert f'value="{account.username}"' in answer.text
    assert visitor.post("/sign-in", data={"username": account.username, "password": PASSWORD}).status_code == 303


def test_a_form_that_was_sent_gets_a_page_that_leads_back(site: Site) -> None:
    client = site.signed_in()
    with locked(site):
        form = {**PAGE, "referer": "http://127.0.0.1:8060/account"}
        answer = client.post("/preferences", data={"language": "fr"}, headers=form)
        left = client.post("/sign-out", headers=form)
    assert (answer.status_code, answer.headers["refresh"]) == (503, "5; url=/account")
    assert CANNOT_STORE in answer.text
    assert (left.status_code, left.headers["location"]) == (303, "/sign-in")
    assert not client.cookies.get("muster")


def test_where_not_even_who_asks_can_be_read_a_page_says_so_and_loads_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = site.signed_in()

    def gone(_actor: object) -> object:
        raise Unavailable(FaultReason.GONE)

    with monkeypatch.context() as away:
        away.setattr(site.store, "reading", gone)
        away.setattr("dashboard.server.gate._ASK_AGAIN", (0.0,))
        page, script = client.get("/account", headers=PAGE), client.get("/pulse/now")
        with pytest.raises(WebSocketDisconnect) as closed, site.socket(client):
            pass
    assert (page.status_code, page.headers["refresh"]) == (503, "5")
    assert CANNOT_STORE in page.text
    assert "<title>Muster</title>" in page.text
    assert (script.status_code, script.json()) == (503, {"error": CANNOT_STORE})
    assert closed.value.code == 1013


def test_a_storage_that_is_away_for_a_moment_is_asked_once_more(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client, reading, tries = site.signed_in(), site.store.reading, []

    def away_once(actor: object) -> object:
        tries.append(actor)
        if len(tries) == 1:
            raise Unavailable(FaultReason.GONE)
        return reading(actor)

    monkeypatch.setattr(site.store, "reading", away_once)
    assert client.get("/pulse/now").status_code == 200
    assert len(tries) > 1


def test_health_says_that_it_lives_and_ready_whether_it_reads_and_writes(site: Site) -> None:
    visitor = site.visitor()
    well = visitor.get("/ready")
    assert (well.status_code, well.json()) == (200, {"read": True, "write": True, "reason": None, "silent": []})
    with locked(site):
        anyio.run(anyio.sleep, 1.1)  # an answer holds for a second
        found = visitor.get("/ready")
        assert visitor.get("/health").text == "ok"
    assert found.status_code == 503
    assert found.json() == {"read": True, "write": False, "reason": "locked", "silent": []}
    assert found.headers["retry-after"] == "5"


def test_ready_names_what_lived_once_and_gives_no_sign_any_more(site: Site) -> None:
    def lived(watched: Watched, ago: timedelta) -> None:
        with site.store.unit_of_work(System()) as session:
            heartbeats.succeeded(session, watched, now() - ago, timedelta(seconds=20))

    def silent() -> Any:
        anyio.run(anyio.sleep, 1.1)  # an answer holds for a second
        return site.visitor().get("/ready").json()["silent"]

    lived(Watched.STORIES, timedelta(0))
    lived(Watched.ANSWERS, timedelta(minutes=2))
    assert silent() == ["answers"]
    with site.store.unit_of_work(System()) as session:
        heartbeats.over(session, Watched.ANSWERS)  # it was ended as it should
    assert silent() == []
    with site.store.unit_of_work(System()) as session:
        heartbeats.over(session, Watched.STORIES)


def test_however_many_ask_the_storage_is_tried_once() -> None:
    tries: list[str] = []
    go = threading.Event()

    class Slow:
        def ready(self) -> StorageHealth:
            tries.append(threading.current_thread().name)
            go.wait(20)
            return StorageHealth(read=True, write=True)

        @contextmanager
        def reading(self, _actor: object) -> Iterator[None]:
            raise Unavailable(FaultReason.GONE)
            yield

    async def many() -> list[StorageHealth]:
        prober, found = Prober(Slow()), []  # type: ignore[arg-type]

        async def ask() -> None:
            found.append(await prober.look())

        async with anyio.create_task_group() as group:
            for _asker in range(200):
                group.start_soon(ask)
            await anyio.sleep(0.05)
            go.set()
        found.append(await prober.look())
        return found

    assert anyio.run(many) == [StorageHealth(read=True, write=True)] * 201
    assert len(tries) == 1
