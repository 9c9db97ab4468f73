"""What migrations make is what the models say, on both storages."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel, select

from operations import tables
from operations.core import state_machine
from operations.core.errors import RuleBroken
from operations.core.journal import Head
from operations.core.people import System
from operations.core.schema import alembic_config, upgrade
from operations.core.store import Store
from operations.core.vocabulary import OperationType
from operations.templates.library import Template


def test_the_models_and_the_migrations_say_the_same(store: Store) -> None:
    assert tables.__all__
    with store.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), SQLModel.metadata)
    assert found == []


def test_the_database_repeats_every_rule_of_the_models(store: Store) -> None:
    """Alembic compares no CHECKs: the names of those that the database holds are those of the models."""
    found = sa.inspect(store.engine)
    for name, table in SQLModel.metadata.tables.items():
        said = {str(rule.name) for rule in table.constraints if isinstance(rule, sa.CheckConstraint) and rule.name}
        assert {each["name"] for each in found.get_check_constraints(name)} == said, name


@pytest.mark.parametrize("declared", [*state_machine.every(), *state_machine.wholes()], ids=lambda each: each.noun)
def test_the_database_knows_the_states_of_a_life(store: Store, declared: Any) -> None:
    """What the migration wrote down is what the table of steps says today."""
    states = set(re.findall(r"'(\w+)'", str(declared.known().sqltext)))
    found = sa.inspect(store.engine)
    for table in SQLModel.metadata.tables.values():
        for rule in table.constraints:
            if declared in rule.info.values():
                kept = {each["name"]: each["sqltext"] for each in found.get_check_constraints(table.name)}
                assert set(re.findall(r"'(\w+)'", kept[str(rule.name)])) == states


def test_upgrading_again_changes_nothing(store: Store) -> None:
    upgrade(store)
    assert set(SQLModel.metadata.tables) <= set(sa.inspect(store.engine).get_table_names())


@pytest.mark.parametrize(
    ("revision", "why"),
    [
        ("0014", "before Muster's first release"),
        ("r0001", "before Muster's first release"),
        ("r0001_0123456789ab", "before Muster's first release"),
        ("r9999", "newer Muster"),
    ],
)
def test_a_database_of_another_chain_is_refused_in_words_and_left_as_it_is(
    store: Store, revision: str, why: str
) -> None:
    moved = sa.text("UPDATE alembic_version SET version_num = :to")
    with store.engine.begin() as connection:
        own = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        connection.execute(moved, {"to": revision})
    with pytest.raises(RuleBroken, match=why):
        upgrade(store)
    with store.engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == revision
        connection.execute(moved, {"to": own})


def test_no_revision_bears_the_number_of_one_from_before_the_first_release() -> None:
    revisions = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    assert not [each.revision for each in revisions if each.revision.isdecimal()]


def test_what_muster_ships_is_there_from_the_start(store: Store) -> None:
    with store.reading(System()) as session:
        assert {each.chain for each in session.exec(select(Head)).all()} == {"journal", "access"}
        kinds = {each.kind for each in session.exec(select(Template)).all() if each.author_name == "Muster"}
    assert kinds == {each.value for each in OperationType}
