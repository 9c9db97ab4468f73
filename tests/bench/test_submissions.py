"""Submissions a second with 8 writers, in one run: the whole verb, the verb that moves its totals but not what lets
them be read as of then (steps) and broken down (margins), and the same rows through bare SQLModel.

The writers are the threads of one server, which is what the people at a post wait for; and so many servers.
"""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from uuid import UUID

import pytest
from sqlmodel import Session

from operations.core import clock, history, installation_key
from operations.core.drafts import parse
from operations.core.ids import fingerprint, new_id
from operations.core.schema import upgrade
from operations.core.store import Store, open_store
from operations.policing.reports import reports, verification
from operations.policing.reports.reports import Report
from operations.totals import margins, totals
from tests.bench.conftest import Ledger
from tests.makers import Running, arrest, form, put_cast, running
from tests.storages import KEY

WRITERS = 8
STANDS = {"one server": (1, WRITERS), "8 servers": (WRITERS, 1)}  # processes, and threads in each
SECONDS = 6.0
ROUNDS = 3
ALONE = 150


def _draft(scene: Running) -> reports.ReportDraft:
    """A report of arrests: they are broken down by legal basis, as checks are by nothing that margins hold."""
    return parse(reports.ReportDraft, form(scene, lines=[arrest(2)]))


def _through_verbs(store: Store, scene: Running) -> None:
    bruno = scene["bruno"]
    draft = _draft(scene)
    with clock.at(draft.period_to), store.unit_of_work(bruno) as session:
        reports.submit(session, draft, bruno)


def _climb(store: Store, scene: Running, version: UUID, by: str) -> None:
    """Another level of a report, by who answers for it."""
    with clock.at(scene.start + timedelta(hours=13)), store.unit_of_work(scene[by]) as session:
        verification.verify(session, version, scene[by])


def _bare(store: Store, scene: Running) -> None:
    """A report and its line through SQLModel alone: no permission, no journal, no totals."""
    draft = _draft(scene)
    moment = draft.period_to
    made = Report(
        id=draft.id,
        report_id=draft.report_id,
        version=1,
        operation_id=draft.operation_id,
        country="NER",
        site_id=draft.site_id,
        phase_id=draft.phase_id,
        kind="daily",
        period_from=draft.period_from,
        period_to=moment,
        zone=draft.zone,
        official_day=moment.date(),
        state="submitted",
        level=1,
        author_id=scene["bruno"].account_id,
        author_name="Bruno",
        recorded_at=moment,
        received_at=moment,
        content_hash=fingerprint(str(draft.id)),
    )
    line = draft.lines[0]
    row = reports.Line(
        version_id=made.id,
        id=new_id(),
        position=0,
        operation_id=made.operation_id,
        country="NER",
        site_id=made.site_id,
        phase_id=made.phase_id,
        official_day=made.official_day,
        kind=line.kind,
        quantity=line.quantity,
        unit="count",
        attributes=line.model_dump(mode="json"),
    )
    with store.unit_of_work(scene["bruno"]) as session:
        Session.add(session, made)
        session.flush()
        Session.add(session, row)


WAYS: dict[str, Callable[[Store, Running], None]] = {
    "verbs": _through_verbs,
    "verbs without steps and margins": _through_verbs,
    "bare": _bare,
}


def _without_steps_and_margins(patch: pytest.MonkeyPatch) -> None:
    """Totals move as ever."""
    for name in ("_drains", "_remembered", "_PENDING"):
        patch.setattr(history, name, type(getattr(history, name))())
    patch.setattr(history, "note", lambda *_given, **_more: None)
    patch.setattr(margins, "move", totals.move)


def _write(
    url: str, scene: Running, way: str, threads: int, start_at: float, results: "multiprocessing.Queue[list[float]]"
) -> None:
    installation_key.use(KEY.encode)
    if way != "verbs":  # bare SQLModel remembers no rows either
        _without_steps_and_margins(pytest.MonkeyPatch())
    store = open_store(url)
    mine = Running(store, scene.operation, scene.training, scene.phase, scene.sites, scene.start)
    WAYS[way](store, mine)  # opens the connection
    time.sleep(max(0.0, start_at - time.time()))
    ends, waits = time.perf_counter() + SECONDS, []

    def write() -> None:
        while (begun := time.perf_counter()) < ends:
            WAYS[way](store, mine)
            waits.append(time.perf_counter() - begun)

    writers = [threading.Thread(target=write) for _ in range(threads)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    results.put(waits)


def _rate(url: str, scene: Running, way: str, processes: int, threads: int) -> tuple[float, float]:
    """Submissions a second of all writers together, and the 99th percentile of one submission in ms."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    bare = Running(None, scene.operation, scene.training, scene.phase, scene.sites, scene.start)  # type: ignore[arg-type]
    start_at = time.time() + 6
    given = (url, bare, way, threads, start_at, results)
    servers = [context.Process(target=_write, args=given) for _ in range(processes)]
    for server in servers:
        server.start()
    waits = sorted(wait for _ in servers for wait in results.get(timeout=120))
    for server in servers:
        server.join()
    return len(waits) / SECONDS, waits[int(len(waits) * 0.99)] * 1000


@pytest.mark.parametrize("stand", STANDS)
def test_submissions_a_second_with_eight_writers(database_url: str, ledger: Ledger, stand: str) -> None:
    store = open_store(database_url)
    upgrade(store)
    put_cast(store)
    scene = running(store)
    backend = store.url.get_backend_name()
    rates: dict[str, list[float]] = {way: [] for way in WAYS}
    late: dict[str, list[float]] = {way: [] for way in WAYS}
    for turn in range(ROUNDS):  # in turn, so that what else the machine does falls on all of them
        for way in [*WAYS][:: 1 if turn % 2 else -1]:
            rate, wait = _rate(database_url, scene, way, *STANDS[stand])
            rates[way].append(rate)
            late[way].append(wait)
    load = f"load {os.getloadavg()[0]:.0f}"
    where = f"{backend}, {stand}, {WRITERS} writers"
    for way, found in rates.items():
        ledger.note(f"submissions through {way}", where, median(found), "per s", ROUNDS, load)
        ledger.note(f"p99 of one through {way}", where, median(late[way]), "ms", ROUNDS, load)
    verbs, without, bare = (median(rates[way]) for way in WAYS)
    ledger.note("verbs against verbs without steps and margins", where, verbs / without, "ratio")
    ledger.note("verbs against bare SQLModel", where, verbs / bare, "ratio")
    assert verbs > 0
    store.dispose()


def test_what_a_submission_costs(database_url: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processor time of one writer, all ways by turns: the same on a machine that others use."""
    store = open_store(database_url)
    upgrade(store)
    put_cast(store)
    scene = running(store)
    backend = store.url.get_backend_name()
    spent: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(ALONE):
        for way, write in WAYS.items():
            with monkeypatch.context() as patch:
                if way != "verbs":
                    _without_steps_and_margins(patch)
                begun = time.process_time()
                write(store, scene)
                spent[way].append((time.process_time() - begun) * 1000)
    whole, without, bare = (median(each[10:]) for each in spent.values())
    load = f"load {os.getloadavg()[0]:.0f}"
    for way, cost in zip(WAYS, (whole, without, bare), strict=True):
        ledger.note(f"a submission through {way}", f"{backend}, one writer", cost, "ms of CPU", ALONE, load)
    ledger.note("processor of verbs without steps and margins against verbs", backend, without / whole, "ratio")
    ledger.note("processor of bare SQLModel against verbs", backend, bare / whole, "ratio")
    store.dispose()


def test_what_a_climb_costs(database_url: str, ledger: Ledger) -> None:
    """Processor time of a verification and of a validation against the submission before them, by turns."""
    store = open_store(database_url)
    upgrade(store)
    put_cast(store)
    scene = running(store)
    spent: dict[str, list[float]] = {"bruno": [], "boubacar": [], "chaima": []}
    for _ in range(ALONE):
        draft = _draft(scene)
        for name in spent:
            begun = time.process_time()
            if name == "bruno":
                with clock.at(draft.period_to), store.unit_of_work(scene[name]) as session:
                    version = reports.submit(session, draft, scene[name]).id
            else:
                _climb(store, scene, version, name)
            spent[name].append((time.process_time() - begun) * 1000)
    sent, verified, validated = (median(each[10:]) for each in spent.values())
    where, load = f"{store.url.get_backend_name()}, one writer", f"load {os.getloadavg()[0]:.0f}"
    for what, cost in (("a submission", sent), ("a verification", verified), ("a validation", validated)):
        ledger.note(what, where, cost, "ms of CPU", ALONE, load)
    ledger.note("a verification against a submission", where, verified / sent, "ratio")
    assert verified > 0
    store.dispose()
