"""Corrections that are climbing: they count nowhere yet, as what they replace stands higher, and boards say that."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel

from operations.core import history


@history.remembered(screened=True)
class Climbing(SQLModel, table=True):
    """A correction that waits, and the kinds of lines that it or what it replaces has."""

    version_id: UUID = Field(primary_key=True, foreign_key="report.id")
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str = Field(max_length=3)
    kinds: list[str] = Field(sa_type=JSON)


def wait(session: Session, version: UUID, operation: UUID, country: str, kinds: Collection[str] | None) -> None:
    """Note that a correction waits, or with None that it does not any more."""
    known = session.get(Climbing, version)
    if kinds is None:
        if known is not None:
            session.delete(known)
    elif known is None:
        session.add(Climbing(version_id=version, operation_id=operation, country=country, kinds=sorted(kinds)))


def climbing(session: Session, operation: UUID, country: str | None = None) -> Counter[frozenset[str]]:
    """How many corrections wait, of all countries or one, by the kinds of lines that they concern; whoever asks."""
    found = history.read(session, Climbing, operation)
    return Counter(frozenset(each.kinds) for each in found if country in (None, each.country))
