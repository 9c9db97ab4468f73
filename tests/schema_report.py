"""What a database reports of its own schema, as one mapping that can be compared with that of another database."""

import re
from collections.abc import Iterator

from sqlalchemy.engine import Connection, Engine

Report = dict[tuple[str, str], str]

_POSTGRES = {
    "column": """SELECT table_name || '.' || column_name,
        concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public'""",
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
    "column": "SELECT m.name || '.' || c.name, c.type || ' ' || c.\"notnull\" || ' ' || ifnull(c.dflt_value, '') || ' '"
    " || c.pk FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS c WHERE m.type = 'table'",
    "trigger": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "index": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
}
_CONSTRAINT = re.compile(r"CONSTRAINT (\w+) (.*?)(?=,\n\t|\n\)|\n, )", re.DOTALL)


def report(engine: Engine) -> Report:
    """Everything a database says of its columns, constraints, indexes, triggers, functions and policies."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        told = {
            (kind, str(name)): _plain(words)
            for kind, query in (_SQLITE if sqlite else _POSTGRES).items()
            for name, words in connection.exec_driver_sql(query.replace("%", "%%")).all()
        }
        return told | dict(_constraints(connection)) if sqlite else told


def _constraints(connection: Connection) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the constraints of SQLite, which stand in the words of its tables."""
    tables = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
    for table, words in tables:
        for name, rule in _CONSTRAINT.findall(words or ""):
            yield ("constraint", f"{table}.{name}"), _plain(rule)


def _plain(sql: object) -> str:
    return re.sub(r"\s+", " ", str(sql)).replace('"', "")


def without_casts(told: Report) -> Report:
    """A report without the casts and brackets that PostgreSQL puts elsewhere when it reads its own words again."""
    casts = re.compile(r"::(character varying|text)(\[\])?|[()]")
    return {name: casts.sub("", words) for name, words in told.items()}
