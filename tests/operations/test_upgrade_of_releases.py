"""A database of every released version is upgraded to the newest: it verifies before and after, its boards the same."""

import shutil
from pathlib import Path

import pytest

from dashboard import __main__ as muster
from operations.core import schema
from operations.core.store import Store, open_store
from operations.ddl import complete
from operations.ddl.difference import difference
from tests.operations.test_migrations import A_POLICY, CHANGES
from tests.releases import BOARDS, KEPT, restored, told
from tools.schema import Files

pytestmark = pytest.mark.both_storages
VERSIONS = sorted({version for version, _file, _digest in Files(schema.FOLDER).released()})


def _verified(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `muster verify` says: it raises where something is not as it was written."""
    monkeypatch.setattr(muster, "_store", lambda: store)
    muster.verify(head="")


@pytest.fixture
def released(database_url: str) -> Store:
    return open_store(database_url)


def test_every_released_version_is_kept() -> None:
    assert sorted(folder.name for folder in KEPT.iterdir()) == VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.requirement("R61")
def test_a_released_database_is_upgraded_and_its_boards_say_the_same(
    version: str, released: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = KEPT / version
    store = restored(folder, released.engine.dialect.name, released, tmp_path)
    _verified(store, monkeypatch)
    schema.upgrade(store)
    assert schema.missing(store)[1] == ()
    _verified(store, monkeypatch)
    assert told(store) == (folder / BOARDS).read_text(encoding="utf-8")
    store.dispose()


@pytest.mark.parametrize("version", VERSIONS)
def test_it_says_the_same_after_a_version_that_changes_many_tables(
    version: str, released: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the next release may be: new nouns and columns, tables that SQLite has to make anew, other triggers."""
    storage = released.engine.dialect.name
    store = restored(KEPT / version, storage, released, tmp_path)
    before = after = complete.statements(storage)
    for named, change in CHANGES.items():
        if named != A_POLICY:  # it hides reports from who coordinates
            after = change(after)
    changed = Path(shutil.copytree(schema.FOLDER, tmp_path / "migrations"))
    text = "".join(f"{statement}{schema.END}" for statement in difference(storage, before, after))
    (changed / f"9001.{storage}.sql").write_text(text)
    monkeypatch.setattr(schema, "FOLDER", changed)
    schema.upgrade(store)
    assert schema.missing(store) == (9001, ())
    _verified(store, monkeypatch)
    assert told(store) == (KEPT / version / BOARDS).read_text(encoding="utf-8")
    store.dispose()
