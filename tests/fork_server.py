"""A process that has imported the application, and forks one of its processes wherever one is asked for.

An import costs seconds of a processor, and every process of a run needs the same. What is forked shares nothing with
the others: it builds an application of its own, for the database and the environment that it is given. Python's own
`multiprocessing` calls such a process a fork server.
"""

import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
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

    def start(
        self, module: str, arguments: Sequence[str], environment: Mapping[str, str], log: Path
    ) -> "ForkedProcess":
        """What `python -m module arguments` does, and speaks into `log`."""
        asked = {"module": module, "arguments": list(arguments), "environment": dict(environment), "log": str(log)}
        return ForkedProcess(self, self.ask(asked)["pid"])

    def load(self, module: str) -> None:
        """Import what the processes that are started from now on need besides."""
        self.ask({"load": module})

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
    """A process, with what of `subprocess.Popen` is asked of one."""

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
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
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
            answer: Any = _ended(asked["ended"])
        elif "load" in asked:
            answer = import_module(asked["load"]).__name__
            lazy_import.load()
        else:
            pid = os.fork()
            if not pid:
                _run(**asked)
            answer = {"pid": pid}
        print(json.dumps(answer), flush=True)  # noqa: T201 - how it answers


def _ended(pid: int) -> dict[str, float] | None:
    found, status, usage = os.wait4(pid, os.WNOHANG)
    if not found:
        return None
    return {"code": os.waitstatus_to_exitcode(status), "seconds": usage.ru_utime + usage.ru_stime}


def _run(module: str, arguments: list[str], environment: dict[str, str], log: str) -> None:
    """In the forked process, which does not go back to the loop."""
    code: object = 1
    try:
        os.environ.clear()
        os.environ.update(environment)
        words = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (words, 1), (words, 2)):
            os.dup2(source, target)
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__")
        code = 0
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:  # noqa: BLE001 - its own words, before it ends
        traceback.print_exc()
    finally:
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    _main()
