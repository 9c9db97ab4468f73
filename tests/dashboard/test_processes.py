"""The processes beside the one that serves pages know every table that they may write to."""

import subprocess
import sys

import pytest

_KNOWN = "{code}; from sqlmodel import SQLModel; print(len(SQLModel.metadata.sorted_tables))"


@pytest.mark.sample(1)
@pytest.mark.parametrize(
    "code",
    [
        "import dashboard.server.timetable",
        "import dashboard.server.demo",
        "import dashboard.__main__ as muster; muster._begin()",
    ],
)
def test_a_process_knows_every_table_that_its_own_tables_refer_to(code: str) -> None:
    """A process of its own, as tests have imported everything: writing needs the tables that foreign keys name."""
    found = subprocess.run([sys.executable, "-c", _KNOWN.format(code=code)], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr[-400:]
    assert int(found.stdout) > 60
