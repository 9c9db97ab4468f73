"""The pulse: who is notified of a journal entry, and the number that each reader counts by.

A reader's number counts the entries that this reader may know, so a secret entry moves nobody else's number. Each entry
is addressed, in its own transaction, to an audience: a set of keys, of which a reader has at most one. One row for each
operation and key holds the count. A reader's number is the sum of a few rows, the same in every process, and grows only
with entries that the reader may know; otherwise it changes only with the reader's own reach.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core.clock import UtcDateTime
from operations.core.people import Actor
from operations.core.vocabulary import Role

Audience = frozenset[str]

EVERYBODY: Audience = frozenset({"*"})
"""Everybody within whose reach the operation is."""
CENTRE: Audience = frozenset({"+"})
"""All central roles within whose reach the operation is."""


PROGRAMME = UUID(int=0)
"""Takes the place of an operation for entries of the programme, which belong to none."""


def centre(*roles: Role) -> Audience:
    """Return the audience of these roles, of any country. Never combine it with `CENTRE` or a country of theirs."""
    return frozenset(role.value for role in roles)


def countries(*known: str | None, role: Role | None = None) -> Audience:
    """Return the audience of these countries' people, or of one role in them; a country that is None is nobody."""
    return frozenset(country if role is None else f"{country}:{role.value}" for country in known if country)


def people(*accounts: UUID) -> Audience:
    """Return the audience of these persons alone."""
    return frozenset(f"@{account}" for account in accounts)


@lru_cache(maxsize=4096)
def keys_of(actor: Actor) -> Audience:
    """Return the keys by which this person is addressed. No operation is within an administrator's reach."""
    own = EVERYBODY if actor.only else EVERYBODY | people(actor.account_id)
    if not actor.national:
        return own | CENTRE | {actor.role.value}
    return own | {actor.role.value, str(actor.country), f"{actor.country}:{actor.role.value}"}


class Heard(SQLModel, table=True):
    """The number of entries of an operation, or of the programme, addressed to an audience, and the last of them.

    `seq` is for the server alone.
    """

    operation_id: UUID = Field(primary_key=True)
    audience: str = Field(primary_key=True, max_length=40)
    number: int
    seq: int = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class HeardStep(SQLModel, table=True):
    """An entry addressed to an audience, with the audience's number in its operation from then on."""

    __tablename__ = "heard_step"
    __table_args__ = (sa.Index("ix_heard_step_at", "operation_id", "audience", "at"),)
    operation_id: UUID = Field(primary_key=True)
    audience: str = Field(primary_key=True, max_length=40)
    seq: int = Field(primary_key=True)
    number: int
    at: datetime = Field(sa_type=UtcDateTime)


_HEARD: sa.Table = Heard.__table__  # type: ignore[attr-defined]
_STEPS: sa.Table = HeardStep.__table__  # type: ignore[attr-defined]
_KEEP = _STEPS.insert().from_select(
    ("operation_id", "audience", "seq", "number", "at"),
    sa.select(*(_HEARD.c[name] for name in ("operation_id", "audience", "seq", "number", "at"))).where(
        _HEARD.c.seq == sa.bindparam("entry"), _HEARD.c.operation_id == sa.bindparam("operation")
    ),
)

_SHARED = "muster_shared"


def moves_what_all_see(session: Session) -> None:
    """Mark the current change as moving figures that everybody in its operation sees: its entry goes to everybody."""
    session.info[_SHARED] = True


@cache
def _count(dialect: str) -> Any:
    insert = {"postgresql": postgresql, "sqlite": sqlite}[dialect].insert(Heard.__table__)  # type: ignore[attr-defined]
    moved = {name: insert.excluded[name] for name in ("seq", "at")}
    return insert.on_conflict_do_update(
        index_elements=("operation_id", "audience"), set_={"number": Heard.number + 1, **moved}
    )


def tell(session: Session, operation: UUID, audience: Audience, seq: int, at: datetime) -> None:
    """Count an entry for its audience, in the transaction of the entry, which holds the lock on the chain's head."""
    keys = EVERYBODY if session.info.pop(_SHARED, False) else audience
    rows = [{"operation_id": operation, "audience": key, "number": 1, "seq": seq, "at": at} for key in sorted(keys)]
    if rows:
        connection = session.connection()
        connection.execute(_count(connection.dialect.name), rows)
        connection.execute(_KEEP, {"entry": seq, "operation": operation})


class ReaderCount(NamedTuple):
    """One reader's count of one operation: number of entries, moment of the last, and its number for the server."""

    number: int
    at: datetime
    seq: int


def counts_of(session: Session, actor: Actor, operation: UUID | None = None) -> dict[UUID, ReaderCount]:
    """Return the counts of `actor`, the asker, by operation, of all in reach or of one; without empty ones."""
    query = select(Heard.operation_id, Heard.number, Heard.at, Heard.seq).where(col(Heard.audience).in_(keys_of(actor)))
    if operation is not None:
        query = query.where(Heard.operation_id == operation)
    counts: dict[UUID, ReaderCount] = {}
    for operation_id, number, at, seq in session.exec(query):
        before = counts.get(operation_id, ReaderCount(0, at, 0))
        counts[operation_id] = ReaderCount(before.number + number, max(before.at, at), max(before.seq, seq))
    return counts


def told_alone(session: Session, actor: Actor) -> bool:
    """Whether an entry was ever addressed to `actor`, the asker, alone."""
    own = select(Heard.operation_id).where(col(Heard.audience).in_(people(actor.account_id)))
    return session.exec(own.limit(1)).first() is not None


def told_until(
    session: Session, actor: Actor, operation: UUID, seq: int | None = None, moment: datetime | None = None
) -> ReaderCount | None:
    """Return the count of `actor` in an operation as of entry `seq`, or at a moment; None for nothing."""
    total: ReaderCount | None = None
    for key in sorted(keys_of(actor)):
        query = select(HeardStep.number, HeardStep.at, HeardStep.seq).where(
            HeardStep.operation_id == operation, HeardStep.audience == key
        )
        if seq is not None:
            query = query.where(HeardStep.seq <= seq).order_by(col(HeardStep.seq).desc())
        if moment is not None:
            query = query.where(HeardStep.at <= moment).order_by(col(HeardStep.at).desc(), col(HeardStep.seq).desc())
        last = session.exec(query.limit(1)).first()
        if last is not None:
            before = total or ReaderCount(0, last[1], 0)
            total = ReaderCount(before.number + last[0], max(before.at, last[1]), max(before.seq, last[2]))
    return total


def entry_numbered(session: Session, actor: Actor, operation: UUID, number: int) -> ReaderCount | None:
    """Return the entry that made the number of `actor` in an operation `number`; None if there is none.

    Its moment is its own, whatever was written before it: a clock that is set back does not hide it.
    """
    last = counts_of(session, actor, operation).get(operation)
    if last is None or not 1 <= number <= last.number:
        return None
    low, high = 0, last.seq  # too few at `low`, enough at `high`
    while high - low > 1:
        middle = (low + high) // 2
        known = told_until(session, actor, operation, middle)
        low, high = (low, middle) if known is not None and known.number >= number else (middle, high)
    own = select(HeardStep.at).where(HeardStep.operation_id == operation, HeardStep.seq == high)
    count_then, at = told_until(session, actor, operation, high), session.exec(own).first()
    return count_then._replace(at=at) if count_then is not None and at is not None else count_then


def number(found: Mapping[UUID, ReaderCount]) -> int:
    """Return the reader's number over all these operations."""
    return sum(count_of.number for count_of in found.values())


def moved_since(found: Mapping[UUID, ReaderCount], since: int) -> list[UUID]:
    """Return the operations of the reader's entries after the own number `since`.

    They are among those that moved last, at most one for each entry, so nothing of the past needs to be stored. A
    number that this reader never had counts as 0: then it is all operations with an entry for the reader.
    """
    newer = number(found) - (since if 0 <= since <= number(found) else 0)
    latest: Iterable[UUID] = sorted(found, key=lambda operation: found[operation].seq, reverse=True)
    return list(latest)[:newer]
