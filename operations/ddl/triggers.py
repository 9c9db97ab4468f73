"""Triggers: the database refuses to change what never changes, and tells the journal's number to whoever listens."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import SQLModel

from operations.ddl.immutable import APPEND_ONLY, DELETED, EMPTIED, FACTS, KEPT, NOTICE

REFUSAL = "What was written here is never changed."
ENDED = "OLD.state IN ('done', 'failed', 'cancelled') AND NEW.state <> OLD.state"
RESIGNED = "NEW.signed_by <> OLD.signed_by OR NEW.approved_by <> OLD.approved_by"  # a signature stays whose it is
REWRITTEN = "NEW.remark <> OLD.remark AND NEW.remark <> ''"  # a remark is erased or stays

# Who answered a hit neither wrote nor verified nor validated the version: the answer and the eyes stand in two tables.
OTHER_EYES = "The answer to a hit needs other eyes than its report."
ANSWERED = "NEW.kind = 'hit' AND NEW.status <> 'pending'"
NO_OTHER_EYES = """NEW.answered_by IS NULL OR EXISTS (
    SELECT 1 FROM report WHERE report.id = NEW.version_id
    AND NEW.answered_by IN (report.author_id, report.verified_by, report.validated_by, report.consolidated_by))"""
EYES = "verified_by, validated_by, consolidated_by"
ANSWERER = """EXISTS (
    SELECT 1 FROM line WHERE line.version_id = NEW.id
    AND line.answered_by IN (NEW.verified_by, NEW.validated_by, NEW.consolidated_by))"""


def statements(storage: str) -> Iterator[str]:
    """Yield the SQL of every trigger, and on PostgreSQL of the functions that they call before them."""
    made = _Triggers(postgres=storage == "postgresql")
    yield from made.functions()
    yield from made.guards()
    yield from made.other_eyes()
    if made.postgres:
        yield (
            "CREATE TRIGGER journal_head_tells AFTER UPDATE ON journal_head "
            "FOR EACH ROW WHEN (NEW.chain = 'journal') EXECUTE FUNCTION muster_tell()"
        )


class _Triggers:
    def __init__(self, *, postgres: bool) -> None:
        self.postgres = postgres

    def functions(self) -> Iterator[str]:
        if not self.postgres:
            return
        yield _function("muster_refuse", f"RAISE EXCEPTION '{REFUSAL}';")
        for name, condition in (("line_answered", NO_OTHER_EYES), ("report_answered", ANSWERER)):
            yield _function(name, f"IF {condition} THEN RAISE EXCEPTION '{OTHER_EYES}'; END IF; RETURN NEW;")
        yield _function("muster_tell", "PERFORM pg_notify('muster_pulse', NEW.seq::text); RETURN NEW;")

    def guards(self) -> Iterator[str]:
        for table in APPEND_ONLY:
            yield self._refuse(f"{table}_keeps", table)
        for table, facts in FACTS.items():
            yield self._refuse(f"{table}_keeps", table, self._changed(table, facts) if self.postgres else "", of=facts)
        for table, (facts, emptied) in EMPTIED.items():
            rewritten = [
                f"({self._changed(table, name)}) AND {self._side('NEW', table, name)} <> '{to}'"
                for name, to in emptied.items()
            ]
            notice = [f"({NOTICE})"] if table == "fugitive_case" else []
            yield self._refuse(f"{table}_keeps", table, " OR ".join((self._changed(table, facts), *rewritten, *notice)))
        for table in (*APPEND_ONLY, *FACTS, *EMPTIED, *KEPT):
            if table not in DELETED:
                yield self._refuse(f"{table}_stays", table, act="DELETE")
                if self.postgres:
                    yield self._refuse(f"{table}_lasts", table, act="TRUNCATE")
        yield self._refuse("snapshot_signed", "snapshot", RESIGNED, of="signed_by, approved_by")
        for table in ("analysis", "connection_plan"):
            yield self._refuse(f"{table}_ends", table, ENDED, of="state")
        yield self._refuse("fugitive_location_erases", "fugitive_location", REWRITTEN, of="remark")

    def other_eyes(self) -> Iterator[str]:
        if self.postgres:
            yield self._trigger("line_answered", "INSERT ON line", ANSWERED, "EXECUTE FUNCTION line_answered()")
            changed = self._changed("report", EYES)
            yield self._trigger("report_answered", "UPDATE ON report", changed, "EXECUTE FUNCTION report_answered()")
        else:
            refuse = f"BEGIN SELECT RAISE(ABORT, '{OTHER_EYES}') WHERE"
            yield self._trigger("line_answered", "INSERT ON line", ANSWERED, f"{refuse} {NO_OTHER_EYES}; END")
            yield self._trigger("report_answered", f"UPDATE OF {EYES} ON report", "", f"{refuse} {ANSWERER}; END")

    def _refuse(self, name: str, table: str, condition: str = "", *, act: str = "UPDATE", of: str = "") -> str:
        """Refuse an act where the condition holds; SQLite looks only where a column `of` these is written."""
        if self.postgres:
            return self._trigger(name, f"{act} ON {table}", condition, "EXECUTE FUNCTION muster_refuse()")
        columns = f" OF {of}" if of else ""
        return self._trigger(
            name, f"{act}{columns} ON {table}", condition, f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )

    def _trigger(self, name: str, event: str, condition: str, does: str) -> str:
        each = f"FOR EACH {'STATEMENT' if event.startswith('TRUNCATE') else 'ROW'} " if self.postgres else ""
        when = f"WHEN ({condition}) " if condition else ""
        return f"CREATE TRIGGER {name} BEFORE {event} {each}{when}{does}"

    def _changed(self, table: str, facts: str) -> str:
        """Return an SQL condition: one of these columns gets another value."""
        other = "IS DISTINCT FROM" if self.postgres else "IS NOT"
        return " OR ".join(
            f"{self._side('OLD', table, name)} {other} {self._side('NEW', table, name)}" for name in facts.split(", ")
        )

    def _side(self, side: str, table: str, name: str) -> str:
        """Return a column before or after; PostgreSQL compares no json, but its text."""
        column = SQLModel.metadata.tables[table].columns[name]
        return f"{side}.{name}::text" if self.postgres and isinstance(column.type, sa.JSON) else f"{side}.{name}"


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
