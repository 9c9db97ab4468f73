"""The schema of a database: upgraded by migrations, refused where no migration leads to the newest version."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from operations.core.errors import RuleBroken
from operations.core.scope import _ALONE
from operations.core.store import Store

_UPGRADE_PATIENCE = 600.0
_UPGRADE = UUID("6d757374-6572-4000-8000-757067726164")


def upgrade(store: Store) -> None:
    """Upgrade the database to the newest schema, creating it if there is none.

    Several processes may call this at once: one upgrades while the others wait and find it done. Raises RuleBroken for
    a database from which no migration leads to the newest schema; then nothing is changed.
    """
    from alembic import command  # only upgrades need Alembic
    from alembic.migration import MigrationContext

    with store._waiting(_UPGRADE_PATIENCE), store._writing.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.execute(_ALONE, {"key": _UPGRADE.int % 2**63})
        refuse_strange(MigrationContext.configure(connection).get_current_heads())
        command.upgrade(alembic_config(connection), "head")


def refuse_strange(revisions: Iterable[str]) -> None:
    """Raise RuleBroken if a database is at a revision that this Muster does not know."""
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    for strange in sorted(set(revisions) - known):
        if strange.isdecimal() or strange.startswith("r0001"):  # see the file of the first version
            raise RuleBroken(
                "",
                "This database was made before Muster's first release (schema {schema}), and nothing brings it from "
                "there to this version. Keep it with the version that made it, or begin with an empty one: set "
                "MUSTER_DATABASE_URL to another place. Nothing was changed.",
                schema=strange,
            )
        raise RuleBroken(
            "",
            "This database was made by a newer Muster (schema {schema}). Install that version again.",
            schema=strange,
        )


def alembic_config(connection: Connection | None = None) -> Any:
    """Alembic's configuration for Muster's own migrations."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
