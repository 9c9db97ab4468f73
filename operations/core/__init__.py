"""The core that every part needs: clock, ids, errors, code lists, people, permissions, journal and store."""

from sqlmodel import SQLModel

# Set before the first table: migrations name constraints, and SQLite can drop a constraint only by its name.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# No row is ever validated, since rows are made from drafts: what would validate them is built for none of them.
SQLModel.model_config["defer_build"] = True
