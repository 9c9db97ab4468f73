"""The demo on a machine that has no time for it: eight processes load it, stories play, and a hundred people sign in.

Every one of them enters, no page says that Muster cannot store, and the stories go on: also after the process that
plays them was killed. How long a sign-in took is printed; it is judged by nothing but that it was answered.
"""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
import pytest
from sqlmodel import col, func, select

from dashboard.server.demo import demo_password
from dashboard.server.demo_accounts import WHO
from operations.core import journal
from operations.core.journal import Entry
from operations.core.people import System
from operations.core.store import Store, open_store
from tests.servers import ROOT, free_port

LOADING = 8
SIGN_INS = 100
PATIENCE = 600.0
KNOWN_TO_BE_LONG = {"operation.run"}
"""Acts that hold their turn longer than `turns.LONG`: reporting opens once in an operation, and all are told then."""


@dataclass
class Demo:
    """`muster demo` as a newcomer starts it; `log` is what they read."""

    address: str
    process: "subprocess.Popen[bytes]"
    log: Path
    store: Store

    @property
    def words(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def player(self) -> int:
        """The process of the stories: the first that the demo started."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        pids = sorted(int(pid) for each in children for pid in each.read_text().split())
        return next(pid for pid in pids if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes())

    def entries(self) -> int:
        with self.store.reading(System()) as session:
            return journal.pulse(session)


@contextmanager
def loaded_machine(number: int) -> Iterator[None]:
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _process in range(number)]
    try:
        yield
    finally:
        for each in busy:
            each.kill()
            each.wait()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """The demo, from the moment at which it says its address; from then on the machine is busy."""
    port, log = free_port(), tmp_path / "demo.log"
    given = {"MUSTER_PORT": str(port), "MUSTER_DATA_DIR": str(tmp_path), "MUSTER_WARM": "false"}
    environment = {**os.environ, **given, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "dashboard", "demo"]
    with log.open("ab") as words:
        process = subprocess.Popen(command, cwd=ROOT, stdout=words, stderr=words, env=environment)
        made = Demo(f"http://127.0.0.1:{port}", process, log, open_store(f"sqlite:///{tmp_path / 'demo.sqlite'}"))
        try:
            until(lambda: f"Muster: {made.address}" in made.words, made)
            with loaded_machine(LOADING):
                yield made
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
            made.store.dispose()


def until(holds: Callable[[], object], demo: Demo) -> None:
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert demo.process.poll() is None, demo.words[-4000:]
        assert time.monotonic() < ends, demo.words[-4000:]
        time.sleep(0.2)


@pytest.mark.slow
@pytest.mark.requirement("R3")
def test_a_hundred_people_sign_in_while_stories_play_and_the_machine_is_busy(
    demo: Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    with httpx.Client(base_url=demo.address, headers={"Origin": demo.address}, timeout=120) as visitor:
        assert visitor.get("/health").text == "ok"  # at the moment at which the address was said
        took, told = list[float](), set[str]()
        for number in range(SIGN_INS):
            username = WHO[number % len(WHO)][0]
            begun = time.monotonic()
            answer = visitor.post("/sign-in", data={"username": username, "password": demo_password(username)})
            took.append(time.monotonic() - begun)
            assert answer.status_code == 303, (number, username, answer.status_code, demo.words[-2000:])
            told |= {name for name in answer.headers if name == "muster-storing"}
            page = visitor.get("/pulse/now")
            assert page.status_code == 200
            told |= {name for name in page.headers if name == "muster-storing"}
            if number == SIGN_INS // 2:
                os.kill(demo.player(), signal.SIGKILL)
        assert not told
    p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    said = f"median {p50:.2f} s, p95 {p95:.2f} s, longest {max(took):.2f} s"
    with capsys.disabled():
        sys.stdout.write(f"\n{SIGN_INS} sign-ins beside {LOADING} busy processes: {said}\n")

    killed_at = demo.entries()
    until(lambda: demo.entries() > killed_at + 50, demo)  # another plays on
    with demo.store.reading(System()) as session:
        assert journal.verify(session).broken_at is None
        done = select(Entry.actor_id, Entry.at, Entry.act, Entry.object_id, func.count()).where(
            col(Entry.actor_id).is_not(None), Entry.act == "report.submit"
        )
        twice = done.group_by(col(Entry.actor_id), col(Entry.at), col(Entry.act), col(Entry.object_id))
        assert session.exec(twice.having(func.count() > 1)).all() == []
    long = [line.rsplit(": ", 1)[1] for line in demo.words.splitlines() if "turn to write was held" in line]
    assert [acts for acts in long if not KNOWN_TO_BE_LONG & set(acts.split(", "))] == []
