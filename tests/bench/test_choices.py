"""A verified or validated report in the demo and in the operation ten times as large, seen by many screens.

Leadership with 24 choices of level and figure; then each country's own coordinator, who sees what no other sees.
From the entry in the journal, which is written just before the commit, until the last screen has what changed on it.
"""

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import Session

from dashboard.parts.kpi_board import chart_figures
from operations.core import sign_in
from operations.core.people import Account, System
from operations.core.store import Store, open_store
from operations.core.vocabulary import Role
from operations.policing.operation.plan import Operation
from tests.bench import kept_demo, ten_times
from tests.bench.conftest import Ledger
from tests.bench.crowd import Verifiers, cpu_of, sessions
from tests.bench.test_watching import Sockets
from tests.servers import Serving, serve_as_product

SCREENS, LEVELS, FIGURES, TRIALS = 100, ("V1", "V2", "V3"), 8, 10
SETTLED = 4.0
"""Seconds without anything new after which a trial is over, and between two of them."""


@pytest.fixture(params=["demo", "ten times"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Store, UUID]]:
    size: str = request.param
    kept, operation = kept_demo.made() if size == "demo" else ten_times.made()
    copy = tmp_path / "muster.sqlite"
    shutil.copy(kept, copy)
    store = open_store(f"sqlite:///{copy}")
    yield size, store, operation
    store.dispose()


def figures(session: Session, operation: UUID) -> list[dict[str, str]]:
    """The choices: each level with each of the first figures of the charts."""
    shown = chart_figures(session, session.get_one(Operation, operation))[:FIGURES]
    return [{"level": level, "scope": "whole", "figure": figure.value} for level in LEVELS for figure in shown]


def _trials(server: Serving, screens: Sockets, verifiers: Verifiers, ledger: Ledger, what: str, size: str) -> None:
    last, told, cpu = [], [], []
    for trial in range(TRIALS + 1):  # the first warms up
        screens.heard.clear()
        spent = cpu_of(server)
        written, seen, since = verifiers.verify_one(), 0, time.monotonic()
        assert written is not None
        while time.monotonic() - since < SETTLED:
            time.sleep(0.05)
            if len(screens.heard) > seen:
                seen, since = len(screens.heard), time.monotonic()
        assert not [each.exception() for each in screens.tasks if each.done()]
        if trial and seen:
            last.append(max(screens.heard.values()) - written)
            told.append(seen)
            cpu.append(cpu_of(server) - spent)
    note = f"{min(told)} to {max(told)} of {len(screens.tokens)} drew, {statistics.median(cpu):.0f} ms of CPU a report"
    note += f", load {os.getloadavg()[0]:.0f}"
    ledger.note(f"{what}: the last has drawn, median", size, statistics.median(last), "ms", len(last), note)
    ledger.note(f"{what}: the last has drawn, longest", size, max(last), "ms", len(last), note)


@pytest.mark.timeout(1200)
def test_screens_with_24_choices(made: tuple[str, Store, UUID], tmp_path: Path, ledger: Ledger) -> None:
    size, store, operation = made
    with store.reading(System()) as session:
        choices = figures(session, operation)
    tokens = [token for token, _by in sessions(store, SCREENS)]
    server = serve_as_product(store.url.render_as_string(hide_password=False), tmp_path)
    screens = Sockets(server, operation, tokens, board=True, choices=choices)
    what = f"{SCREENS} screens of leadership with {len(choices)} choices"
    try:
        _trials(server, screens, Verifiers(store, operation), ledger, what, size)
    finally:
        screens.stop()
        server.stop()


@pytest.mark.timeout(1200)
def test_each_countrys_coordinator(made: tuple[str, Store, UUID], tmp_path: Path, ledger: Ledger) -> None:
    size, store, operation = made
    leaders, tokens, seen = Verifiers(store, operation), [], set[str | None]()
    while leaders.verify_one() is not None:
        pass
    verifiers = Verifiers(store, operation, Role.NATIONAL_COORDINATOR)
    with store.unit_of_work(System()) as session:
        for by in verifiers.people:
            if by.country not in seen:
                seen.add(by.country)
                account = session.get_one(Account, by.account_id)
                tokens.append(sign_in._opened(session, account, "", "", frozenset())[0])
    server = serve_as_product(store.url.render_as_string(hide_password=False), tmp_path)
    screens = Sockets(server, operation, tokens, board=True)
    try:
        _trials(server, screens, verifiers, ledger, f"the coordinators of {len(tokens)} countries", size)
    finally:
        screens.stop()
        server.stop()
