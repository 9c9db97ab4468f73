"""What an import brings with it: a test of one part waits for no other, and a server starts with what it needs."""

import subprocess
import sys

import pytest

DEAR = {"geopandas", "highspy", "numpy", "openpyxl", "ortools", "pandas", "pyarrow", "scipy", "shapely", "statsmodels"}
"""What takes as long to import as half of the rest."""
OF_PAPERS = {"docx", "fontTools", "lxml", "pyhanko", "typst"}
"""What makes a paper: nobody waits for it who wants none."""
PURE = {"geodata", "geodata.ground", "geodata.ground.formats"}
"""How coordinates are written: text alone."""


def loaded(code: str) -> set[str]:
    """The modules that a process of its own has when it did that."""
    command = [sys.executable, "-c", f"import sys; {code}; print(*sys.modules)"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


@pytest.fixture(scope="module")
def of_screens() -> set[str]:
    return loaded("from dashboard import screens; screens.modules()")


def test_the_tables_of_operations_need_no_screen_and_nothing_dear() -> None:
    found = loaded("import operations.tables")
    assert DEAR & found == set()
    assert {
        name for name in found if name.split(".")[0] in {"dash", "dashboard", "fastapi", "flask", "plotly"}
    } == set()
    assert {name for name in found if name.split(".")[0] in {"geodata", "scenarios"}} == set()


def test_the_screens_need_no_geodata_and_nothing_dear(of_screens: set[str]) -> None:
    assert (DEAR | OF_PAPERS) & of_screens == set()
    assert {name for name in of_screens if name.split(".")[0] == "geodata"} - PURE == set()


def test_layers_are_made_by_another_process_and_places_read_and_bring_nothing_dear_but_numpy() -> None:
    code = """
from geodata.ground import gazetteer, map_layers, prepared
prepared.prepare(['en', 'fr'])
assert gazetteer.search('agadez', locale='fr')[0].ref == 'place:2448085'
assert 'Allemagne' in map_layers.layer('countries', 'fr').body.decode()
assert map_layers.layer('ports').packed
"""
    assert DEAR & loaded(code.strip().replace("\n", "; ")) == {"numpy"}


def test_help_of_the_command_needs_neither_the_domain_nor_a_server() -> None:
    code = "from dashboard.__main__ import cli; cli(['--help'], standalone_mode=False)"
    found = loaded(code)
    assert {"typer", "scenarios"} <= found
    assert {"dash", "pydantic", "sqlmodel", "sqlalchemy", "uvicorn", "operations.core"} & found == set()
    assert DEAR & found == set()


def test_what_a_command_imports_when_it_is_used_can_be_imported_first() -> None:
    """Two modules that import each other work in one order only: `muster demo` found the other one."""
    code = """
import sys
import dashboard.__main__
for name in ("dashboard.server.demo", "dashboard.server.installation_checks", "dashboard.server.timetable"):
    for module in [each for each in sys.modules if each.startswith("dashboard.server")]:
        del sys.modules[module]
    __import__(name)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_change_in_queries_is_fitted_outside_the_server() -> None:
    code = """
from datetime import date
from dashboard.papers import query_change
from operations.infrastructure.usage import Month
months = [Month(date(2025 + each // 12, each % 12 + 1, 1), 100 + each * (1 + each // 12), 0) for each in range(24)]
answer = query_change.before_and_after(months, date(2026, 1, 1), date(2026, 1, 31))
assert len(answer.changes) == 1 and answer.changes[0].month == 6, answer
"""
    assert DEAR & loaded(f"exec({code!r})") == set()
