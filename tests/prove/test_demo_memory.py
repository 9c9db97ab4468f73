"""The memory of all of `muster demo`, the server and what runs beside it, once its stories are told.

Nobody is there. How long the demo stands after that: MUSTER_PROVE_DEMO, in minutes.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bench.crowd import memory_of, processes
from tests.servers import ROOT, free_port

MINUTES = float(os.environ.get("MUSTER_PROVE_DEMO") or 2)
PATIENCE = 1200.0
GOAL_MB = 1024


def _parts(pid: int) -> dict[int, float]:
    """Megabytes of each of its processes."""
    return {each: memory_of(each) for each in processes(pid)}


def _beside(pid: int) -> bool:
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.slow
@pytest.mark.timeout(PATIENCE + MINUTES * 60 + 120)
def test_all_of_the_demo_takes_a_gigabyte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    port, log = free_port(), tmp_path / "demo.log"
    given = {"MUSTER_PORT": str(port), "MUSTER_DATA_DIR": str(tmp_path), "MUSTER_WARM": "true"}
    environment = {**os.environ, **given, "PYTHONPATH": str(ROOT)}
    most, parts = 0.0, dict[int, float]()
    with log.open("ab") as words:
        command = [sys.executable, "-m", "dashboard", "demo"]
        demo = subprocess.Popen(command, cwd=ROOT, stdout=words, stderr=words, env=environment)
    try:
        ends, stood, stories = time.monotonic() + PATIENCE, 0.0, 0
        while not stood or time.monotonic() - stood < MINUTES * 60:
            assert demo.poll() is None, log.read_text()[-4000:]
            assert time.monotonic() < ends + MINUTES * 60, parts
            time.sleep(2)
            parts = _parts(demo.pid)
            most = max(most, sum(parts.values()))
            stories = stories or min(filter(_beside, parts), default=0)  # the first that the demo starts
            if stories and not stood and not parts.get(stories):
                stood = time.monotonic()  # it has told all that is over
    finally:
        demo.terminate()
        demo.wait(60)
    each = ", ".join(f"{mb:.0f}" for mb in sorted(parts.values(), reverse=True))
    with capsys.disabled():
        sys.stdout.write(f"\nall of the demo: {sum(parts.values()):.0f} MB ({each}), at most {most:.0f} MB before\n")
    assert sum(parts.values()) <= GOAL_MB
