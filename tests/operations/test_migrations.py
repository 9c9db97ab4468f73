"""What migrations make is what the models say, on both storages."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import SQLModel

from operations import tables
from operations.core import journal
from operations.core.people import System
from operations.core.store import Store, alembic_config, upgrade
from operations.policing.map_plan import places
from tests.makers import Running, add_layer, freeze


def test_the_models_and_the_migrations_say_the_same(store: Store) -> None:
    assert tables.__all__
    with store.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), SQLModel.metadata)
    assert found == []


def test_upgrading_again_changes_nothing(store: Store) -> None:
    upgrade(store)
    assert set(SQLModel.metadata.tables) <= set(inspect(store.engine).get_table_names())


def test_a_filled_database_of_the_version_before_moves_up_and_keeps_what_it_holds(scene: Running) -> None:
    with scene.store.engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0002")
    upgrade(scene.store)
    upgrade(scene.store)
    add_layer(scene)
    assert freeze(scene).number == 1
    with scene.store.reading(System()) as session:
        assert journal.verify(session).broken_at is None
        assert len(places.sites(session, scene.operation)) == 3


def test_the_way_back_leaves_nothing(store: Store) -> None:
    with store.engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    left = set(inspect(store.engine).get_table_names()) - {"alembic_version"}
    upgrade(store)
    assert left == set()
