"""The process that makes papers: at the moment of who asks, with its errors, again after an end, never alone."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.papers import paper_process
from dashboard.papers.sheet_order import CannotPrint
from operations.core import clock
from tests.servers import ROOT


def who() -> bytes:
    """The process that makes it, its niceness and its moment."""
    return f"{os.getpid()} {os.nice(0)} {clock.now().isoformat()}".encode()


def refuse(why: str) -> bytes:
    """A paper that cannot be made."""
    raise CannotPrint(why)


@pytest.mark.requirement("R23")
def test_a_paper_is_made_apart_below_all_others_at_the_moment_of_who_asks() -> None:
    with clock.at(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        process, niceness, moment = paper_process.run_in_process(who).decode().split()
    assert int(process) != os.getpid()
    assert int(niceness) > os.nice(0)
    assert moment == "2026-03-01T12:00:00+00:00"


def test_what_is_refused_there_is_refused_here() -> None:
    with pytest.raises(CannotPrint, match="nothing to print"):
        paper_process.run_in_process(refuse, "nothing to print")


def test_a_process_that_somebody_ended_is_followed_by_another() -> None:
    first = int(paper_process.run_in_process(who).split()[0])
    os.kill(first, signal.SIGKILL)
    assert int(paper_process.run_in_process(who).split()[0]) != first


def test_it_ends_with_its_parent_however_that_ends() -> None:
    script = (
        "import time; from dashboard.papers import paper_process; from tests.dashboard.test_papers_apart import who; "
    )
    script += "print(paper_process.run_in_process(who).decode(), flush=True); time.sleep(300)"
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline().split()[0])
        parent.kill()
    for _try in range(300):
        if _gone(child):
            return
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    pytest.fail("The process outlived its parent.")


def _gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True
