"""An upgrade that is killed at every step is undone, and finished by the next start; every row is what it was."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from operations.core import schema
from operations.ddl import complete
from operations.ddl.difference import difference
from operations.timetable import maintenance
from tests.operations.test_backups import contents
from tests.operations.test_migrations import A_POLICY, CHANGES
from tests.prepared_databases import Shelf
from tests.servers import ROOT


@pytest.mark.slow
@pytest.mark.both_storages
@pytest.mark.timeout(3600)
def test_an_upgrade_that_is_killed_before_each_statement_is_finished_by_the_next(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = shelf.new(shelf.scene)
    storage = store.engine.dialect.name
    before = after = complete.statements(storage)
    for named, change in CHANGES.items():
        if named != A_POLICY:  # it hides reports from who coordinates
            after = change(after)
    folder = Path(shutil.copytree(schema.FOLDER, tmp_path / "migrations"))
    steps = difference(storage, before, after)
    (folder / f"9001.{storage}.sql").write_text("".join(f"{statement}{schema.END}" for statement in steps))
    held = contents(store)
    store.engine.dispose()
    url = store.url.render_as_string(hide_password=False)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.prove.killed_upgrade", url, str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert int(ran.stdout) == len(steps) + 1
    print(f"\n{len(steps) + 1} upgrades killed, each undone, the next finished")  # noqa: T201 - what was proved
    monkeypatch.setattr(schema, "FOLDER", folder)
    assert schema.missing(store) == (9001, ())
    assert contents(store) == held
    assert maintenance.verify_all(store, None).sound
    store.dispose()
