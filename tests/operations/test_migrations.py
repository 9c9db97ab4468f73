"""The SQL that makes and upgrades databases is what the models say, and what was released can no longer change."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, select

from operations.core import schema, state_machine
from operations.core.errors import RuleBroken
from operations.core.journal import Head
from operations.core.people import System
from operations.core.schema import upgrade
from operations.core.store import Store
from operations.core.vocabulary import OperationType
from operations.ddl import complete
from operations.ddl.difference import SchemaError, difference
from operations.templates.library import Template
from tests.prepared_databases import Shelf
from tests.schema_report import report
from tools.schema import Files

pytestmark = pytest.mark.both_storages
FOLDER = schema.FOLDER


@pytest.fixture
def made(shelf: Shelf) -> Iterator[Store]:
    """An empty database, without any schema."""
    store = shelf.bare()
    yield store
    store.dispose()


def _run(store: Store, statements: list[str]) -> None:
    with store._writing.begin() as connection:
        cursor = connection.connection.cursor()
        for statement in statements:
            cursor.execute(statement)


def _storage(store: Store) -> str:
    return store.engine.dialect.name


def test_a_database_made_by_the_files_reports_what_one_made_from_the_models_does(store: Store, made: Store) -> None:
    """Tables, columns, rules, indexes, triggers, functions, policies, and on which tables row security is forced."""
    _run(made, complete.statements(_storage(made)))
    found, said = report(store.engine), report(made.engine)
    assert {name: told for name, told in found.items() if said.get(name) != told} == {}
    assert {name: told for name, told in said.items() if name not in found} == {}
    assert {kind for kind, *_ in found} >= {"column", "constraint", "index", "trigger"}
    if _storage(store) == "postgresql":
        assert list(found.values()).count("t t") > 120, "tables on which row security is forced"


def test_the_files_hold_every_table_of_the_models(store: Store) -> None:
    assert set(SQLModel.metadata.tables) <= set(sa.inspect(store.engine).get_table_names())


@pytest.mark.parametrize("storage", complete.DIALECTS)
def test_the_files_say_what_the_models_say_today(storage: str, tmp_path: Path) -> None:
    """`make schema` writes the next version; without it the models would be ahead of every database."""
    copied = Path(shutil.copytree(schema.FOLDER, tmp_path / "migrations"))
    assert Files(copied).write() == [], "run make schema"


def test_what_was_released_is_what_it_was() -> None:
    assert Files(schema.FOLDER).changed() == []


def test_a_released_file_that_changes_is_named(tmp_path: Path) -> None:
    copied = Path(shutil.copytree(schema.FOLDER, tmp_path / "migrations"))
    files = Files(copied)
    files.list.unlink(missing_ok=True)
    files.freeze("1.0.0", again=False)
    assert files.changed() == []
    with pytest.raises(SchemaError, match=r"1\.0\.0 is frozen"):
        files.freeze("1.0.0", again=False)
    (copied / "0001.sqlite.sql").write_text("-- anything else")
    assert files.changed() == ["0001.sqlite.sql"]


def test_the_next_release_holds_the_difference_and_can_be_frozen_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that changes nothing, one that adds a noun, that one once more, and one after it."""
    files = Files(Path(shutil.copytree(schema.FOLDER, tmp_path / "migrations")))
    files.freeze("1.0.1", again=False)
    assert {file for version, file, _digest in files.released() if version == "1.0.1"} == {
        *("0001.sqlite.sql", "0001.postgresql.sql")
    }
    today = complete.statements
    monkeypatch.setattr(complete, "statements", lambda storage: CHANGES["a noun"](today(storage)))
    for again in (False, True):
        files.freeze("1.1.0", again=again)
        for storage in complete.DIALECTS:
            written = (files.folder / f"0002.{storage}.sql").read_text()
            assert [line.split(" (")[0] for line in written.split(schema.END) if line] == [
                *("CREATE TABLE thing", "CREATE INDEX ix_thing_id ON thing")
            ]
    assert (files.changed(), files.write(), files.last()) == ([], [], 2)
    column = "a column that may be empty"
    monkeypatch.setattr(complete, "statements", lambda storage: CHANGES[column](CHANGES["a noun"](today(storage))))
    assert files.write() == ["0003.sqlite.sql", "0003.postgresql.sql"]
    assert (files.folder / "0003.sqlite.sql").read_text() == f"ALTER TABLE post ADD COLUMN floor INTEGER{schema.END}"
    monkeypatch.setattr(complete, "statements", lambda storage: CHANGES[A_POLICY](CHANGES["a noun"](today(storage))))
    assert files.write() == ["0003.sqlite.sql", "0003.postgresql.sql"]
    assert "Nothing to do on this storage" in (files.folder / "0003.sqlite.sql").read_text()
    assert files.write() == []


@pytest.mark.parametrize("declared", [*state_machine.every(), *state_machine.wholes()], ids=lambda each: each.noun)
@pytest.mark.requirement("R24")
def test_every_life_is_known_to_a_column_that_the_database_checks(declared: Any) -> None:
    rules = [rule for table in SQLModel.metadata.tables.values() for rule in table.constraints]
    assert [rule for rule in rules if declared in rule.info.values()]


def test_upgrading_again_changes_nothing(store: Store) -> None:
    before = report(store.engine)
    upgrade(store)
    assert report(store.engine) == before


@pytest.mark.parametrize("revision", ["0014", "r0001", "r0001_0123456789ab"])
def test_a_database_from_before_the_first_release_is_refused_in_words_and_left_as_it_is(
    made: Store, revision: str
) -> None:
    _run(made, ["CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"])
    _run(made, [f"INSERT INTO alembic_version VALUES ('{revision}')"])  # noqa: S608 - ours
    for way in (upgrade, schema.require):
        with pytest.raises(RuleBroken, match="before Muster's first release"):
            way(made)
    assert sa.inspect(made.engine).get_table_names() == ["alembic_version"]


def test_a_database_of_a_newer_muster_is_refused_in_words(store: Store) -> None:
    _run(store, ["INSERT INTO schema_version (number) VALUES (9999)"])
    for way in (upgrade, schema.require):
        with pytest.raises(RuleBroken, match="newer Muster"):
            way(store)
    _run(store, ["DELETE FROM schema_version WHERE number = 9999"])


def test_what_muster_ships_is_there_from_the_start(store: Store) -> None:
    with store.reading(System()) as session:
        assert {each.chain for each in session.exec(select(Head)).all()} == {"journal", "access"}
        kinds = {each.kind for each in session.exec(select(Template)).all() if each.author_name == "Muster"}
    assert kinds == {each.value for each in OperationType}


# ---------------------------------------------------------------------------------------- what the tool writes next


def _changed(storage: str, change: Callable[[list[str]], list[str]]) -> list[str]:
    before = complete.statements(storage)
    return difference(storage, before, change(before))


def _with(before: list[str], table: str, old: str, new: str) -> list[str]:
    return [
        text.replace(old, new, 1) if text.startswith(f"CREATE TABLE {table} (") and old in text else text
        for text in before
    ]


A_POLICY = "a policy that says something else"
CHANGES: dict[str, Callable[[list[str]], list[str]]] = {
    "a noun": lambda before: [
        *before,
        "CREATE TABLE thing (\n\tid INTEGER NOT NULL,\n\tCONSTRAINT pk_thing PRIMARY KEY (id)\n)",
        "CREATE INDEX ix_thing_id ON thing (id)",
    ],
    "a column that may be empty": lambda before: _with(
        before, "post", ",\n\tCONSTRAINT", ",\n\tfloor INTEGER,\n\tCONSTRAINT"
    ),
    "a column with a value for what is there": lambda before: _with(
        before, "post", ",\n\tCONSTRAINT", ",\n\tstorey INTEGER DEFAULT '3' NOT NULL,\n\tCONSTRAINT"
    ),
    "a state of a life": lambda before: _with(before, "report", "IN ('submitted'", "IN ('waiting', 'submitted'"),
    "a longer text": lambda before: _with(before, "report", "author_name VARCHAR(120)", "author_name VARCHAR(400)"),
    "a rule that is gone": lambda before: _with(
        before, "phase", ",\n\tCONSTRAINT ck_phase_in_order CHECK (ends > starts)", ""
    ),
    "a trigger that says something else": lambda before: [
        text.replace("OLD.state IN ('done', ", "OLD.state IN (") if text.startswith("CREATE TRIGGER") else text
        for text in before
    ],
    A_POLICY: lambda before: [
        text.replace("'all'", "'none'") if text.startswith("CREATE POLICY report_by") else text for text in before
    ],
    "an index that is gone": lambda before: [text for text in before if "CREATE INDEX ix_entry_country " not in text],
}


def test_an_upgrade_by_what_the_tool_writes_ends_where_a_new_database_begins(
    shelf: Shelf, made: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By every kind of change: a database with a running operation, upgraded, reports what a new one does, and keeps
    its rows. Where it is broken off, it is what it was."""
    storage = _storage(made)
    before = complete.statements(storage)
    after = before
    for named, change in CHANGES.items():
        assert difference(storage, after, change(after)) or (storage, named) == ("sqlite", A_POLICY), named
        after = change(after)
    written = difference(storage, before, after)
    old = shelf.new(shelf.scene)
    kept, reported = _rows(old), report(old.engine)
    for statement in (1, len(written) // 2, len(written)):
        _as_next(monkeypatch, tmp_path / str(statement), storage, [*written[:statement], "SELECT * FROM nowhere"])
        with pytest.raises(Exception, match="nowhere"):
            upgrade(old)
        assert report(old.engine) == reported
    assert _rows(old) == kept
    _as_next(monkeypatch, tmp_path / "whole", storage, written)
    with pytest.raises(RuleBroken, match="run: muster upgrade"):
        schema.require(old)
    upgrade(old)
    _run(made, after)
    assert report(old.engine) == report(made.engine)
    assert _rows(old) == kept
    schema.require(old)
    old.dispose()


@pytest.mark.parametrize("shelf", ["sqlite"], indirect=True)
def test_an_upgrade_that_would_leave_a_row_without_its_owner_is_undone(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = shelf.new(shelf.scene)
    kept = _rows(old)
    _as_next(monkeypatch, tmp_path, "sqlite", ["DROP TRIGGER IF EXISTS entry_stays", "DELETE FROM account"])
    with pytest.raises(RuleBroken, match="After the upgrade a row would point to one that is gone"):
        upgrade(old)
    assert _rows(old) == kept
    old.dispose()


def _rows(store: Store) -> dict[str, int]:
    count = sa.select(sa.func.count())
    with store.reading(System()) as session:
        tables = SQLModel.metadata.tables.items()
        return {name: session.execute(count.select_from(table)).scalar_one() for name, table in tables}


def _as_next(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, storage: str, statements: list[str]) -> None:
    """Make these statements the next version of the schema, for this test."""
    folder = Path(shutil.copytree(FOLDER, tmp_path / "migrations"))
    (folder / f"9001.{storage}.sql").write_text("".join(f"{text}{schema.END}" for text in statements))
    monkeypatch.setattr(schema, "FOLDER", folder)


LOSSES: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "a table": (lambda before: [text for text in before if "CREATE TABLE milestone (" not in text], "Keep it"),
    "a column": (
        lambda before: _with(before, "phase", "\tname VARCHAR(120) NOT NULL,\n", ""),
        "phase.name was released: databases hold it",
    ),
    "a shorter text": (
        lambda before: _with(before, "phase", "name VARCHAR(120)", "name VARCHAR(20)"),
        "it can be wider",
    ),
    "a column that nobody can fill": (
        lambda before: _with(before, "phase", ",\n\tCONSTRAINT", ",\n\tfloor INTEGER NOT NULL,\n\tCONSTRAINT"),
        "must say what it is in rows that are there already",
    ),
    "a row that ships": (
        lambda before: [text.replace('"kind": "regional"', '"kind": "other"') for text in before],
        "Ship another beside it",
    ),
}


@pytest.mark.parametrize("lost", LOSSES)
@pytest.mark.parametrize("storage", complete.DIALECTS)
def test_what_would_lose_something_is_refused_in_a_sentence(lost: str, storage: str) -> None:
    change, why = LOSSES[lost]
    before = complete.statements(storage)
    with pytest.raises(SchemaError, match=why):
        difference(storage, before, change(before))
