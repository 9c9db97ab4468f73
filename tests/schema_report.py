"""What a database reports of its own schema, as one mapping that can be compared with that of another database."""

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

_POSTGRES = {
    "trigger": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "function": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "policy": "SELECT tablename || '.' || policyname, concat_ws(' | ', cmd, permissive, roles, qual, with_check)"
    " FROM pg_policies",
    "row security": "SELECT relname, concat_ws(' ', relrowsecurity, relforcerowsecurity) FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
    "constraint": "SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "storage": "SELECT attrelid::regclass || '.' || attname, attstorage FROM pg_attribute WHERE attnum > 0 AND attrelid"
    " IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r')",
}
_SQLITE = {
    "trigger": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "index": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
}


def report(engine: Engine) -> dict[tuple[str, ...], Any]:
    """Everything a database says of its tables, columns, constraints, indexes, triggers, functions and policies."""
    with engine.connect() as connection:
        return {**_tables(connection), **_named(connection)}


def _tables(connection: Connection) -> dict[tuple[str, ...], Any]:
    asked, found = sa.inspect(connection), dict[tuple[str, ...], Any]()
    for table in asked.get_table_names():
        for column in asked.get_columns(table):
            told = (str(column["type"]), column["nullable"], column["default"])
            found["column", table, column["name"]] = told
        found["key", table] = asked.get_pk_constraint(table)["constrained_columns"]
        for key in asked.get_foreign_keys(table):
            found["points", table, *key["constrained_columns"]] = (key["referred_table"], key["referred_columns"])
        for rule in asked.get_check_constraints(table):
            found["check", table, str(rule["name"])] = _plain(rule["sqltext"])
        for unique in asked.get_unique_constraints(table):
            found["unique", table, *unique["column_names"]] = unique["name"]
    return found


def _named(connection: Connection) -> dict[tuple[str, ...], Any]:
    asked = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES
    return {
        (kind, str(name)): _plain(told)
        for kind, query in asked.items()
        for name, told in connection.exec_driver_sql(query.replace("%", "%%")).all()
    }


def _plain(sql: object) -> str:
    return re.sub(r"\s+", " ", str(sql)).replace('"', "")


def without_casts(told: dict[tuple[str, ...], Any]) -> dict[tuple[str, ...], Any]:
    """A report without the casts and brackets that PostgreSQL puts elsewhere when it reads its own words again."""
    return {
        name: re.sub(r"::(character varying|text)(\[\])?|[()]", "", words) if isinstance(words, str) else words
        for name, words in told.items()
    }
