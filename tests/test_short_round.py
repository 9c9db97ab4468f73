"""The short round and the rest together are the whole, and each test function is in the short round."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests import short_round

ROOT = Path(__file__).parents[1]

LEFT = (
    "tests/dashboard/test_non_interference.py::",
    "tests/dashboard/test_open_screens.py::",
    "tests/operations/test_restore_to_a_moment.py::test_postgresql_is_restored_to_between_two_acknowledged_writes",
    "tests/test_contributing.py::",
    "tests/test_deploy.py::test_the_image_is_built_and_runs_on_a_root_that_cannot_be_written",
)
"""What is left to `make test-all`: the three longest, what needs a PostgreSQL of its own, and what builds an image."""

CASES = """
import pytest

@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.rest)])
def shelf(request):
    return request.param

@pytest.mark.parametrize("number", range(9))
def test_cheap(number):
    pass

@pytest.mark.parametrize("number", range(9))
def test_dear(shelf, number):
    pass

@pytest.mark.sample(3)
@pytest.mark.parametrize("number", range(9))
def test_with_its_own_number(number):
    pass

@pytest.mark.parametrize("examples", [1, pytest.param(9, marks=pytest.mark.rest)])
@pytest.mark.parametrize("number", range(9))
def test_with_few_examples(tmp_path, number, examples):
    pass
"""
CONFTEST = """
from tests import short_round
def pytest_configure(config):
    config.addinivalue_line("markers", "sample(number): a number of cases")
    config.addinivalue_line("markers", "rest: the rest")
def pytest_collection_modifyitems(items):
    short_round.mark(items)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cases")
    (made / "test_cases.py").write_text(CASES)
    (made / "conftest.py").write_text(CONFTEST)
    return made


def collected(folder: Path, *arguments: str) -> Sequence[str]:
    """The tests that a run of that folder would run."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", "."]
    ran = subprocess.run(
        [*command, "--collect-only", "-q", *arguments, "."],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return [line for line in ran.stdout.splitlines() if "::" in line]


def test_no_case_is_lost_or_run_twice(folder: Path) -> None:
    short, rest = (collected(folder, "-m", asked) for asked in ("not rest", "rest"))
    assert len({*short, *rest}) == len(short) + len(rest) == 9 + 18 + 9 + 18
    number = {name: sum(name == short_round.function(case).partition("::")[2] for case in short) for name in _names()}
    assert number == {
        "test_cheap": 9,
        "test_dear": short_round.SAMPLE,
        "test_with_its_own_number": 3,
        "test_with_few_examples": short_round.SAMPLE,
    }
    assert not [case for case in short if "postgres" in case or case.endswith("9]")]


def _names() -> list[str]:
    return [line.split("(")[0].removeprefix("def ") for line in CASES.splitlines() if line.startswith("def test")]


def test_the_choice_depends_on_the_names_alone() -> None:
    names = [f"test[{number}]" for number in range(40)]
    few = short_round.chosen(names, 5)
    assert len(few) == 5
    assert short_round.chosen(reversed(names), 5) == few
    assert len(short_round.chosen([*names, "test[new]"], 5) & few) >= 4
    assert short_round.chosen(names[:2], 5) == set(names[:2])


def test_each_function_of_this_run_is_in_the_short_round(request: pytest.FixtureRequest) -> None:
    """In a run of the whole house, each of the house."""
    marked = request.config.stash[short_round.marked]
    functions = {short_round.function(name) for name in marked}
    short = {short_round.function(name) for name, chosen in marked.items() if chosen}
    assert request.node.nodeid in marked
    assert [name for name in sorted(functions - short) if not name.startswith(LEFT)] == []
