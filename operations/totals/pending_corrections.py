"""Pending corrections: corrections that do not count yet because the version they replace has a higher level."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel

from operations.core import history


@history.versioned(screened=True)
class PendingCorrection(SQLModel, table=True):
    """A pending correction, and the kinds of lines in it or in the version that it replaces."""

    __tablename__ = "pending_correction"
    version_id: UUID = Field(primary_key=True, foreign_key="report.id")
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str = Field(max_length=3)
    kinds: list[str] = Field(sa_type=JSON)


def wait(session: Session, version: UUID, operation: UUID, country: str, kinds: Collection[str] | None) -> None:
    """Record that a correction is pending, or, with None, that it no longer is."""
    known = session.get(PendingCorrection, version)
    if kinds is None:
        if known is not None:
            session.delete(known)
    elif known is None:
        session.add(PendingCorrection(version_id=version, operation_id=operation, country=country, kinds=sorted(kinds)))


def count_pending(session: Session, operation: UUID, country: str | None = None) -> Counter[frozenset[str]]:
    """Count the pending corrections, of all countries or one, by kinds of lines concerned. Applies no permissions."""
    pending = history.read(session, PendingCorrection, operation)
    return Counter(frozenset(correction.kinds) for correction in pending if country in (None, correction.country))
