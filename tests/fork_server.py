"""Processes that have imported what others need, and fork one wherever it is asked for.

An import costs seconds of a processor, and every process of a run needs the same. What is forked shares nothing with
the others: a server builds an application of its own, for the database and the environment that it is given. Python's
own `multiprocessing` calls such a process a fork server.
"""

import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from tests import budgets

ROOT = Path(__file__).parents[1]
AVAILABLE = hasattr(os, "fork") and sys.platform != "darwin"  # frameworks of macOS do not outlive a fork


class ForkServer:
    """The process, as those see it who ask it for servers, or for commands."""

    def __init__(self, kind: str) -> None:
        # Without bytecode every start would compile all that it imports, which takes longer than the start.
        known = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fork_server", kind],
            cwd=ROOT,
            env=known | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(
        self,
        module: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        errors: Path | None = None,
    ) -> "ForkedProcess":
        """What `python -m module arguments` does, and speaks into `log`, or of errors into another file."""
        asked = {"module": module, "arguments": list(arguments), "environment": dict(environment)}
        return ForkedProcess(self, self.ask(asked | {"said": [str(log), str(errors or log)]})["pid"])

    def load(self, module: str) -> None:
        """Import what the processes that are started from now on need besides."""
        self.ask({"load": module})

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """A `muster` command with these arguments, from its first line to its end; `timeout` is in seconds."""
        with tempfile.TemporaryDirectory() as folder:
            said = [Path(folder) / name for name in ("stdout", "stderr")]
            process = self.start("dashboard", arguments, environment, *said)
            try:
                code = process.wait(timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            words = [each.read_text(encoding="utf-8") for each in said]
        return subprocess.CompletedProcess(["muster", *arguments], code, *words)

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
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
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


_started: list[ForkServer] = []


@cache
def fork_server(kind: str = "server") -> ForkServer:
    """The one of this process for servers, or for each `command`, started when it is asked for first."""
    _started.append(ForkServer(kind))
    return _started[-1]


def close() -> None:
    """End those of this process."""
    while _started:
        _started.pop().close()
    fork_server.cache_clear()


# ----------------------------------------------------------------------------------------------- in the process itself


def _main(kind: str) -> None:
    (_import_application if kind == "server" else _import_commands)()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        if "ended" in asked:
            answer: object = _ended(asked["ended"])
        elif "load" in asked:
            answer = _load(asked["load"])
        else:
            pid = os.fork()
            if not pid:
                _become(**asked)
            answer = {"pid": pid}
        print(json.dumps(answer), flush=True)  # noqa: T201 - how it answers


def _import_application() -> None:
    import uvicorn.main  # noqa: F401 - what serves it

    import dashboard.app  # noqa: F401 - what each of them serves
    from dashboard import screens
    from operations import lazy_import

    screens.modules()
    lazy_import.load()


def _import_commands() -> None:
    import dashboard.__main__  # noqa: F401 - the commands
    import operations.tables  # noqa: F401 - what every command imports before it begins

    del sys.modules["dashboard.__main__"]  # each command runs it


def _ended(pid: int) -> dict[str, float] | None:
    found, status, usage = os.wait4(pid, os.WNOHANG)
    if not found:
        return None
    return {"code": os.waitstatus_to_exitcode(status), "seconds": usage.ru_utime + usage.ru_stime}


def _load(module: str) -> str:
    from operations import lazy_import

    name = import_module(module).__name__
    lazy_import.load()
    return name


def _become(module: str, arguments: list[str], environment: dict[str, str], said: list[str]) -> None:
    """In the forked process, which does not go back to the loop."""
    code = 1
    try:
        os.environ.clear()
        os.environ.update(environment)
        words = [os.open(each, os.O_WRONLY | os.O_APPEND | os.O_CREAT) for each in said]
        for source, target in zip((os.open(os.devnull, os.O_RDONLY), *words), range(3), strict=True):
            os.dup2(source, target)
        _site()
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - as an interpreter ends
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _site() -> None:
    """What an interpreter begins with, where the environment has it."""
    for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        site = Path(folder) / "sitecustomize.py"
        if folder and site.exists():
            runpy.run_path(str(site))


if __name__ == "__main__":
    _main(sys.argv[1])
