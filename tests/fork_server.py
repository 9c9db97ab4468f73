"""A process that has imported the application, and forks a server wherever one is asked for.

An import costs seconds of a processor, and every server of a run needs the same. What is forked shares nothing with the
others: it builds an application of its own, for the database and the environment that it is given. Python's own
`multiprocessing` calls such a process a fork server.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tests import budgets

ROOT = Path(__file__).parents[1]
AVAILABLE = hasattr(os, "fork") and sys.platform != "darwin"  # frameworks of macOS do not outlive a fork


class ForkServer:
    """The process, as those see it who ask it for servers."""

    def __init__(self) -> None:
        # Without bytecode every start would compile all that it imports, which takes longer than the start.
        known = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fork_server"],
            cwd=ROOT,
            env=known | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> "ForkedProcess":
        """A uvicorn with these arguments, which speaks into `log`."""
        asked = {"arguments": list(arguments), "environment": dict(environment), "log": str(log)}
        return ForkedProcess(self, self.ask(asked)["pid"])

    def ask(self, asked: dict[str, Any]) -> Any:
        """Its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """It ends when nobody can ask it any more."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(15)
        self._process.stdout.close()


class ForkedProcess:
    """A server, with what of `subprocess.Popen` is asked of one."""

    def __init__(self, parent: ForkServer, pid: int) -> None:
        self.pid, self._parent, self.returncode = pid, parent, None

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        if self.returncode is None:
            ended = self._parent.ask({"ended": self.pid})
            if ended:
                self.returncode = ended["code"]
                budgets.reaped(ended["seconds"])
        return self.returncode

    def wait(self, timeout: float) -> int:
        """How it ended, at the latest after so many seconds."""
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("uvicorn", timeout)
            time.sleep(0.02)
        return code

    def send_signal(self, number: int) -> None:
        """Unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


@cache
def fork_server() -> ForkServer:
    """The one of this process, started when it is asked for first."""
    return ForkServer()


def close() -> None:
    """End the one of this process."""
    if fork_server.cache_info().currsize:
        fork_server().close()
        fork_server.cache_clear()


# ----------------------------------------------------------------------------------------------- in the process itself


def _main() -> None:
    import uvicorn.main  # noqa: F401 - what serves it

    import dashboard.app  # noqa: F401 - what each of them serves
    from dashboard import screens
    from operations import lazy_import

    screens.modules()
    lazy_import.load()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        if "ended" in asked:
            answer = _ended(asked["ended"])
        else:
            pid = os.fork()
            if not pid:
                _serve(**asked)
            answer = {"pid": pid}
        print(json.dumps(answer), flush=True)  # noqa: T201 - how it answers


def _ended(pid: int) -> dict[str, float] | None:
    found, status, usage = os.wait4(pid, os.WNOHANG)
    if not found:
        return None
    return {"code": os.waitstatus_to_exitcode(status), "seconds": usage.ru_utime + usage.ru_stime}


def _serve(arguments: list[str], environment: dict[str, str], log: str) -> None:
    """In the forked process, which does not go back to the loop."""
    import uvicorn

    try:
        os.environ.clear()
        os.environ.update(environment)
        words = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (words, 1), (words, 2)):
            os.dup2(source, target)
        uvicorn.main.main(arguments, standalone_mode=False)
    finally:
        os._exit(1 if sys.exc_info()[0] else 0)


if __name__ == "__main__":
    _main()
