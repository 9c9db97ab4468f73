"""CPU seconds of a run: what each test file may cost, what it did cost, and the ten dearest tests.

The time on a clock says how busy the machine is; the time of the processor says what a test costs. `budgets.toml` has a
row for each file that costs more than most. A file that takes more than FACTOR times its budget fails the run.
"""

import math
import resource
import tomllib
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

TABLE = Path(__file__).with_name("budgets.toml")
DEFAULT = 5.0  # CPU seconds, for a file without a row
FACTOR = 8  # a processor that others use as well does less in a second, and most rows are of one run
SHOWN = 10
ON_DEMAND = ("tests/prove/", "tests/bench/")  # asked for by name, and as long as they need
HEAD = """\
# CPU seconds that a test file takes on a quiet machine, for those that take more than most (see budgets.py). Written by
# `pytest --raise-budgets`; what stands here also says which files begin first.
[seconds]"""

_reaped = 0.0


def of(node_id: str, table: dict[str, float]) -> float:
    """What the file of a test may cost, in CPU seconds of a quiet machine."""
    return table.get(node_id.partition("::")[0], DEFAULT)


def read(file: Path = TABLE) -> dict[str, float]:
    """The budgets by file."""
    return {name: float(seconds) for name, seconds in tomllib.loads(file.read_text())["seconds"].items()}


def raised(spent: dict[str, float], table: dict[str, float]) -> str:
    """The table as a file, with the rows that what was spent asks for. None becomes smaller."""
    rows = {name: max(seconds, spent.get(name, 0.0)) for name, seconds in (spent | table).items()}
    dear = sorted(
        (-math.ceil(seconds), name)
        for name, seconds in rows.items()
        if seconds > DEFAULT and not name.startswith(ON_DEMAND)
    )
    return "\n".join([HEAD, *(f'"{name}" = {-seconds}' for seconds, name in dear), ""])


def over(spent: dict[str, float], table: dict[str, float]) -> list[str]:
    """A sentence for each file that took too much."""
    said = "{} took {:.0f} CPU seconds. Its budget is {:.0f}, and {} times that is too much."
    return [
        said.format(name, seconds, of(name, table), FACTOR)
        for name, seconds in sorted(spent.items())
        if seconds > FACTOR * of(name, table) and not name.startswith(ON_DEMAND)
    ]


def reaped(seconds: float) -> None:
    """Count what a process took that somebody else waited for."""
    global _reaped
    _reaped += seconds


def total() -> float:
    """CPU seconds of this process and of all that it waited for."""
    each = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in each)


class Accounts:
    """What the tests of a run cost. A worker measures, and whoever hears its reports adds up."""

    def __init__(self, table: dict[str, float], written: Path | None = None) -> None:
        self.table, self.written = table, written
        self.files: dict[str, float] = defaultdict(float)
        self.tests: dict[str, float] = defaultdict(float)
        self.workers = 0.0
        self._from, self._shared, self._depth = 0.0, 0.0, 0
        self._last = False

    # ------------------------------------------------------------------------------------------------ measured

    def pytest_runtest_logstart(self) -> None:
        """A test begins."""
        self._from, self._shared, self._last = total() + _reaped, 0.0, False

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        """What is made for the whole run is nobody's cost."""
        if fixturedef.scope != "session" or self._depth:
            return (yield)
        before, self._depth = total() + _reaped, 1
        try:
            return (yield)
        finally:
            self._depth = 0
            self._shared += total() + _reaped - before

    def pytest_runtest_teardown(self, nextitem: pytest.Item | None) -> None:
        """After the last one the whole run is taken down."""
        self._last = nextitem is None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Each report says what its part cost."""
        report = yield
        now = total() + _reaped
        report.cpu = 0.0 if self._last else max(0.0, now - self._from - self._shared)  # type: ignore[attr-defined]
        self._from, self._shared = now, 0.0
        return report

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker hands over what it cost; the run fails when a file took too much."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["cpu"] = total()
        elif self.written is not None:
            self.written.write_text(raised(self.files, self.table))
        elif over(self.files, self.table) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    # ------------------------------------------------------------------------------------------------ added up

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up what was heard."""
        cost = getattr(report, "cpu", 0.0)
        self.files[report.nodeid.partition("::")[0]] += cost
        self.tests[report.nodeid] += cost

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker has ended."""
        self.workers += getattr(node, "workeroutput", {}).get("cpu", 0.0)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The dearest tests, the sum, and what took too much."""
        say = terminalreporter
        say.section("CPU seconds")
        for name, seconds in sorted(self.tests.items(), key=lambda row: -row[1])[:SHOWN]:
            say.line(f"{seconds:8.2f}  {name}")
        say.line(f"{self.workers or total():8.0f}  all together, with the processes that were started")
        for sentence in over(self.files, self.table):
            say.line(sentence, red=True)
