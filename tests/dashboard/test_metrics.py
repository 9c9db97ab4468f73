"""/metrics answers a program of this machine or whoever has the token, counts by template, and tells no name."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from dashboard.__main__ import run
from dashboard.server import main_loop, metrics
from dashboard.settings import Settings
from operations.core import journal
from operations.core.people import System
from operations.core.storage_errors import FaultReason
from operations.timetable import signals
from tests.dashboard.conftest import ORIGIN, Site

ROOT = Path(__file__).parents[2]
GRAFANA = ROOT / "deploy" / "grafana.json"
NAMES = ("Ana Lima", "person", "quiet harbour")


def near(site: Site, **headers: str) -> TestClient:
    """A program on the machine of the server."""
    return TestClient(site.app, base_url=ORIGIN, client=("127.0.0.1", 50_000), headers=headers, follow_redirects=False)


def read(site: Site) -> str:
    answer = near(site).get("/metrics")
    assert answer.status_code == 200
    return answer.text


def value(text: str, name: str) -> float:
    return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name))


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "via"])
@pytest.mark.requirement("ASVS 13.4.5")
def test_what_a_proxy_hands_on_is_not_answered(site: Site, header: str) -> None:
    assert near(site, **{header: "203.0.113.5"}).get("/metrics").status_code == 404


def test_neither_the_public_nor_who_is_signed_in_is_answered(site: Site) -> None:
    assert site.visitor().get("/metrics").status_code == 404
    assert site.signed_in(role="administrator").get("/metrics").status_code == 404
    rebound = TestClient(site.app, base_url="http://evil.example", client=("127.0.0.1", 5))
    assert rebound.get("/metrics").status_code == 404, "a name that was made to mean this machine"


def test_the_token_opens_it_from_elsewhere_and_an_empty_one_nothing(site: Site) -> None:
    for token, given, status in (
        ("lanterns", "Bearer lanterns", 200),
        ("lanterns", "Bearer lantern", 404),
        ("", "Bearer ", 404),
        ("", "", 404),
    ):
        app = FastAPI()
        app.include_router(metrics.router(site.store, token))
        assert TestClient(app).get("/metrics", headers={"authorization": given}).status_code == status


@pytest.mark.requirement("ASVS 16.3.3")
def test_requests_are_counted_by_the_template_of_their_route_and_no_name_is_told(site: Site) -> None:
    before = read(site)
    client = site.signed_in()
    unknown = "699e1a57-151b-48bf-8288-62ded3164d55"
    client.get(f"/operations/{unknown}/reports?person=Ana%20Lima")
    client.get(f"/data/map/{unknown}/layers")
    client.get("/Ana%20Lima")
    client.request("ANALIMA", "/sign-in")
    after = read(site)

    def more(name: str) -> float:
        return value(after, name) - value(before, name)

    assert more('muster_requests_total{method="GET",route="/operations/<operation_id>/reports"') == 1
    assert more('muster_requests_total{method="GET",route="other",status="404"}') == 2
    assert more('muster_requests_total{method="other"') == 1
    assert more('muster_request_seconds_count{route="/sign-in"}') >= 1
    assert not [word for word in (*NAMES, unknown, "ANALIMA") if word in after]


def test_what_waits_and_how_long_writers_and_screens_wait_is_counted(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "KEPT", 0)
    client = site.signed_in()
    before = read(site)
    with journal.disclosing(site.store, System()) as session:
        journal.record(session, System(), "plan.export", "export", None, chain=journal.Chain.ACCESS)
    with site.socket(client) as socket:
        socket.receive_json()
        during = read(site)
        assert value(during, "muster_screens ") == value(before, "muster_screens ") + 1
    assert value(during, "muster_write_turn_seconds_count") > value(before, "muster_write_turn_seconds_count")
    assert value(during, "muster_write_wait_seconds_count") > value(before, "muster_write_wait_seconds_count")
    assert 'muster_door_requests{door="probes"} 1.0' in during, "this request itself"
    trail = 'muster_journal_entries{chain="access"}'
    assert value(during, trail) > value(before, trail)


def test_a_fault_of_the_storage_is_one_metric_and_the_others_are_those_of_before(site: Site) -> None:
    assert value(read(site), "muster_storage_fault") == 0
    site.store.fault = FaultReason.DISK_FULL
    try:
        assert 'muster_storage_fault{reason="disk_full"} 1.0' in read(site)
    finally:
        site.store.fault = None


def test_every_signal_is_a_metric(site: Site) -> None:
    text = read(site)
    assert [signal.metric for signal in signals.SIGNALS if f"# TYPE {signal.metric} gauge" not in text] == []


def test_every_query_of_the_dashboard_names_a_metric_that_exists(site: Site) -> None:
    """What is in no sample yet, such as a histogram's bucket before the first request, is known by its type."""
    known = set(re.findall(r"^# TYPE (\w+) ", read(site), re.MULTILINE))
    queries = [target["expr"] for panel in json.loads(GRAFANA.read_text())["panels"] for target in panel["targets"]]
    named = {query: re.findall(r"muster_\w+", query) for query in queries}
    assert len(queries) > 15
    assert all(named.values())
    asked = {name for names in named.values() for name in names}
    assert {re.sub(r"_(total|bucket)$", "", name) for name in asked} <= {name.removesuffix("_total") for name in known}


TOGETHER = """
import os
from dashboard.__main__ import run
from dashboard.settings import Settings
from operations.core import measures
for _child in range(2):
    if (child := os.fork()) == 0:
        measures.REQUESTS.labels("GET", "/x", "200").inc(3)
        measures.SCREENS.inc()
        os._exit(0)
    os.waitpid(child, 0)
measures.SCREENS.inc(2)
print(measures.text().decode())
"""


def test_processes_of_one_server_are_counted_together_and_gauges_of_ended_ones_are_forgotten(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", TOGETHER]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert (value(done.stdout, "muster_requests_total"), value(done.stdout, "muster_screens ")) == (6, 2)


def test_a_server_of_several_processes_has_a_folder_in_which_they_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR")
    monkeypatch.setattr(main_loop, "run", lambda *_given, **_named: None)
    run(Settings(workers=1))
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
    run(Settings(workers=2))
    assert Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).stat().st_mode & 0o077 == 0
