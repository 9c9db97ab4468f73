"""A run says what its tests cost, and fails where a file takes more than its budget."""

import subprocess
import sys
from pathlib import Path

from tests import budgets

ROOT = Path(__file__).parents[1]
SPEND = """
import time
def test_spend():
    end = time.process_time() + 0.3
    while time.process_time() < end:
        pass
"""
CONFTEST = """
from tests import budgets
def pytest_configure(config):
    config.pluginmanager.register(budgets.Accounts({{"test_dear.py": {budget}}}))
"""


def run(folder: Path, budget: float) -> subprocess.CompletedProcess[str]:
    """One file that spends 0.3 CPU seconds, under a budget."""
    (folder / "test_dear.py").write_text(SPEND)
    (folder / "conftest.py").write_text(CONFTEST.format(budget=budget))
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", ".", "."]
    return subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )


def test_a_file_that_takes_more_than_its_budget_fails_the_run(tmp_path: Path) -> None:
    ran = run(tmp_path, 0.01)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "1 passed" in ran.stdout
    assert "test_dear.py took 0 CPU seconds. Its budget is 0, and 8 times that is too much." in ran.stdout


def test_one_within_its_budget_is_green_and_its_cost_is_said(tmp_path: Path) -> None:
    ran = run(tmp_path, 5)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "test_dear.py::test_spend" in ran.stdout
    assert "all together" in ran.stdout


def test_the_table_is_written_with_what_was_spent_and_no_row_becomes_smaller(tmp_path: Path) -> None:
    file = tmp_path / "budgets.toml"
    file.write_text(budgets.raised({"dear.py": 7.2, "cheap.py": 1.0, "known.py": 8.0}, {"known.py": 20.0}))
    assert budgets.read(file) == {"known.py": 20, "dear.py": 8}


def test_what_is_run_on_demand_takes_what_it_needs() -> None:
    spent = {"tests/bench/test_far.py": 900.0, "tests/prove/test_long.py": 900.0}
    assert budgets.over(spent, {}) == []
    assert "tests/" not in budgets.raised(spent, {})


def test_every_row_of_the_table_is_of_a_file() -> None:
    assert [name for name in budgets.read() if not (ROOT / name).is_file()] == []


def test_no_row_says_what_holds_without_it() -> None:
    assert [name for name, seconds in budgets.read().items() if seconds <= budgets.DEFAULT] == []
