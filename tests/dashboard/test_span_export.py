"""Spans reach a collector on loopback: a request and its unit of work under the number that the log has; no content."""

import logging
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from pydantic import SecretStr, ValidationError

from dashboard.server import span_export
from dashboard.server.installation_checks import Verdict, settings_together
from dashboard.server.observation import HEADER
from dashboard.settings import Settings
from operations.analyses import worker
from operations.analyses.questions.hotspots import HotspotQuestion
from operations.core import clock, traces
from operations.core.errors import RuleBroken
from operations.core.store import Store
from operations.core.vocabulary import AnalysisKind
from operations.timetable import effects, lease
from operations.timetable.effects import TimetableJob
from operations.timetable.runner import Timetable
from tests.dashboard.conftest import PASSWORD, Site
from tests.dashboard.test_logs import read, written
from tests.dashboard.test_pulse_socket import _operation as drafted
from tests.dashboard.test_webhook_post import certificate
from tests.makers import START, Running, analysis_draft, ask, form, send
from tests.servers import free_port

NAME = "Oumarou Quarterstaff"
REMARK = "Nine persons behind the lanterns"


@dataclass
class Collector:
    """What a collector was sent: bodies with their headers, and the address to send to."""

    address: str
    to: str = ""
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def spans(self) -> list[dict[str, Any]]:
        """Return all spans that came so far, with their attributes as values."""
        traces.flush()
        found = []
        for body in self.bodies:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    found += [_read(each) for each in scope.spans]
        return found

    def named(self, name: str) -> list[dict[str, Any]]:
        return [each for each in self.spans() if each["name"] == name]


def _read(each: Any) -> dict[str, Any]:
    values = {}
    for attribute in each.attributes:
        kind = attribute.value.WhichOneof("value")
        value = getattr(attribute.value, kind)
        values[attribute.key] = [item.string_value for item in value.values] if kind == "array_value" else value
    about = {
        "name": each.name,
        "trace": each.trace_id.hex(),
        "span": each.span_id.hex(),
        "of": each.parent_span_id.hex(),
    }
    return {
        **about,
        "seconds": (each.end_time_unix_nano - each.start_time_unix_nano) / 1e9,
        "error": each.status.code == 2,
        **values,
    }


@pytest.fixture
def collector(told: Collector) -> Iterator[Collector]:
    """A collector, to which this process sends."""
    span_export.begin(Settings(otlp_endpoint=told.address, otlp_headers=SecretStr("Authorization=Bearer lanterns")))
    yield told
    traces.stop()


@pytest.fixture
def told() -> Iterator[Collector]:
    """A collector that listens."""
    with listening() as found:
        yield found


@contextmanager
def listening(files: tuple[str, str] | None = None) -> Iterator[Collector]:
    """A collector; with the files of a certificate and its key over TLS."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.paths.append(self.path)
            told.headers.append({name.lower(): value for name, value in self.headers.items()})
            told.bodies.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(307 if told.to else 200)
            if told.to:
                self.send_header("location", told.to)
            self.end_headers()

        def log_message(self, *_given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if files:
        secured = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        secured.load_cert_chain(*files)
        server.socket = secured.wrap_socket(server.socket, server_side=True)
    told = Collector(f"{'https' if files else 'http'}://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.requirement("ASVS 16.2.1", "R42")
def test_a_request_and_its_unit_of_work_are_spans_under_the_number_of_the_log(
    site: Site, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = site.account()
    with written(monkeypatch) as lines:
        answer = site.visitor().post("/sign-in?next=/people", data={"username": account.username, "password": PASSWORD})
    number = answer.headers[HEADER]
    [request] = collector.named("POST /sign-in")
    [unit] = [each for each in collector.named("unit of work") if each.get("muster.request") == number]
    about = {name: value for name, value in request.items() if "." in name}
    assert about == {
        "http.request.method": "POST",
        "http.route": "/sign-in",
        "http.response.status_code": 303,
        "muster.request": number,
    }
    assert unit["muster.acts"] == ["account.sign_in"]
    assert (unit["trace"], unit["of"]) == (request["trace"], request["span"])
    assert 0 <= unit["seconds"] <= request["seconds"]
    [answered] = read(lines, "muster.requests")
    [entered] = read(lines, "muster.entries")
    assert {(event["request"], event["trace"]) for event in (answered, entered)} == {(number, request["trace"])}
    assert {*collector.paths} == {"/v1/traces"}
    assert {each["authorization"] for each in collector.headers} == {"Bearer lanterns"}


@pytest.mark.requirement("ASVS 14.2.4", "ASVS 16.2.5", "R77")
def test_no_name_and_no_content_is_in_a_byte_that_is_sent(site: Site, scene: Running, collector: Collector) -> None:
    account = site.account()
    client = site.signed_in(account)
    client.get(f"/people?person={NAME}", headers={"user-agent": NAME, "referer": f"https://x.example/{NAME}"})
    client.get(f"/{NAME}")
    client.post("/sign-in", data={"username": NAME, "password": PASSWORD})
    client.post("/_dash-update-component", json={"output": NAME, "inputs": [{"id": NAME, "value": REMARK}]})
    client.post("/preferences", data={"language": NAME})
    client.request("OUMAROU", "/sign-in")
    client.get("/sign-in", headers={"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"})
    send(scene, form(scene, remarks=REMARK))
    with pytest.raises(ValueError, match=NAME), traces.span("solver", kind="placement"):
        raise ValueError(NAME)
    names = {each["name"] for each in collector.spans()}
    assert "report.submit" in {act for each in collector.named("unit of work") for act in each["muster.acts"]}
    assert {"GET /people", "POST /_dash-update-component", "POST /preferences", "GET other"} <= names
    sent = b"".join(collector.bodies)
    about = (NAME, "Oumarou", "OUMAROU", "Quarterstaff", REMARK, PASSWORD, account.username, account.name)
    assert [each for each in (*about, str(account.id)) if each.encode() in sent] == []
    assert bytes.fromhex("ab" * 16) not in sent, "nobody else chooses a trace"
    [solver] = collector.named("solver")
    assert (solver["error"], solver["error.type"]) == (True, "ValueError")


def test_what_machines_ask_all_the_time_makes_no_span(site: Site, collector: Collector) -> None:
    for path in ("/health", "/metrics", "/assets/none.css"):
        site.visitor().get(path)
    assert not [each["name"] for each in collector.spans() if each["name"] != "unit of work"]


def test_a_job_of_the_timetable_is_a_span_above_its_unit_of_work_and_one_that_fails_is_marked(
    store: Store, collector: Collector
) -> None:
    def nothing(_session: object, _due: object, _moment: object, _made: object) -> dict[str, int]:
        return {}

    def breaks(*_given: object) -> None:
        raise RuleBroken("", "{name} is gone.", name=NAME)

    keeper = Timetable(store, lease.LeaseCandidate("one"))
    with clock.at(START):
        keeper.beat()
        period = timedelta(minutes=15)
        jobs = [
            TimetableJob("sound", effects.every("sound", period), nothing),
            TimetableJob("broken", effects.every("broken", period), nothing, breaks),
        ]
        assert keeper.tick(jobs) == 1
    told = {each["muster.job"]: each for each in collector.named("timetable job")}
    assert {job: each.get("error.type") for job, each in told.items()} == {"sound": None, "broken": "RuleBroken"}
    [unit] = [each for each in collector.named("unit of work") if each["of"] == told["sound"]["span"]]
    assert "timetable_effect" in unit["muster.acts"]
    assert all(NAME.encode() not in body for body in collector.bodies)


def test_an_answer_of_a_worker_is_a_span_with_its_solver_below(scene: Running, collector: Collector) -> None:
    ask(scene, analysis_draft(kind=AnalysisKind.HOTSPOTS, layer_versions=[]), HotspotQuestion())
    with clock.at(START):
        assert worker.step(scene.store, "test")
    [job], [solver] = collector.named("worker job"), collector.named("solver")
    assert (job["muster.kind"], solver["muster.kind"]) == ("hotspots", "hotspots")
    assert (solver["of"], solver["trace"]) == (job["span"], job["trace"])
    below = [each["muster.acts"] for each in collector.named("unit of work") if each["of"] == job["span"]]
    assert below, "what it found is stored below it"


def test_screens_that_are_told_of_a_change_are_a_span(site: Site, collector: Collector) -> None:
    owner = site.account()
    with site.socket(site.signed_in(owner)) as socket:
        socket.receive_json()
        operation = drafted(site, owner)
        assert operation in socket.receive_json()["operations"]
        until = time.monotonic() + 5
        while not (told := collector.named("pulse")) and time.monotonic() < until:
            time.sleep(0.02)
    assert (told[0]["muster.screens"], told[0]["muster.operations"]) == (1, 1)
    assert all(operation.encode() not in body for body in collector.bodies)


@pytest.mark.requirement("ASVS 15.3.2")
def test_a_collector_leads_nowhere_else(collector: Collector) -> None:
    collector.to = f"{collector.address}/elsewhere"
    with traces.span("solver", kind="placement"):
        pass
    traces.flush()
    assert {*collector.paths} == {"/v1/traces"}


@pytest.mark.requirement("ASVS 12.3.2")
def test_a_collector_over_tls_is_believed_by_its_own_authority_alone(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By another one nothing is sent, the log says so, and people are answered."""
    monkeypatch.setattr(traces, "PATIENCE", 1.0)
    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    other.mkdir()
    files = certificate(own)
    with listening(files) as told:
        for authority in (certificate(other)[0], "", files[0]):
            caplog.clear()
            span_export.begin(Settings(otlp_endpoint=told.address, otlp_ca=authority))
            try:
                assert site.visitor().get("/sign-in").status_code == 200
                traces.flush()
            finally:
                traces.stop()
            assert bool(told.bodies) is (authority == files[0])
            failed = any(message.startswith("Failed to export") for message in caplog.messages)
            assert failed is (authority != files[0])


@pytest.mark.parametrize("needed", ["opentelemetry.absent", "absent.thing"])
def test_where_the_libraries_are_missing_the_start_and_the_check_say_so(
    store: Store, needed: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(traces, "_NEEDED", (needed,))
    settings = Settings(otlp_endpoint="https://collector.example:4318")
    with caplog.at_level(logging.WARNING, "muster.spans"):
        span_export.begin(settings)
    assert caplog.messages == [span_export.MISSING]
    assert traces.ids() == {}
    words = [words for verdict, words in settings_together(settings, store) if verdict is Verdict.WRONG]
    assert words == [f"{span_export.MISSING}."]


def test_settings_of_a_collector_that_do_not_fit_are_named(store: Store) -> None:
    with pytest.raises(ValidationError, match="MUSTER_OTLP_ENDPOINT is an address"):
        Settings(otlp_endpoint="collector:4317")
    with pytest.raises(ValidationError, match="MUSTER_OTLP_HEADERS is a list"):
        Settings(otlp_headers=SecretStr("lanterns"))
    found = settings_together(Settings(otlp_endpoint="http://collector.example:4318"), store)
    assert "Spans travel in the open: set MUSTER_OTLP_ENDPOINT to https://." in [words for _verdict, words in found]


def test_a_collector_that_is_away_holds_nothing_up_for_long(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "PATIENCE", 0.3)
    span_export.begin(Settings(otlp_endpoint=f"http://127.0.0.1:{free_port()}"))
    try:
        assert site.visitor().get("/sign-in").status_code == 200
        began = time.monotonic()
    finally:
        traces.stop()
    assert time.monotonic() - began < 5


def test_fastapi_makes_no_spans_of_its_own_even_where_its_variable_asks_for_them(
    site: Site, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its spans hold addresses and queries."""
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", traces._provider)
    site.visitor().get(f"/sign-in?next={NAME}")
    site.visitor().get("/api/v1/openapi.json")
    assert {each["name"] for each in collector.spans()} <= {
        "GET /sign-in",
        "GET other",
        "GET /openapi.json",
        "unit of work",
    }
    assert all(NAME.split()[0].encode() not in body for body in collector.bodies)


@pytest.mark.parametrize(("given", "imported"), [("", False), ("otlp_endpoint='http://127.0.0.1:9'", True)])
def test_the_libraries_are_imported_only_where_a_setting_names_a_collector(given: str, imported: bool) -> None:
    program = (
        "import sys; from dashboard.server import observation, span_export; from dashboard.settings import Settings;"
        "import fastapi; from operations.core import store;"
        f"span_export.begin(Settings({given}));"
        "print([name for name in sys.modules if name.startswith(('opentelemetry.sdk', 'opentelemetry.exporter'))])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (answer.stdout.strip() != "[]") is imported
