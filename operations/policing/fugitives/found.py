"""What countries say of where a wanted person is: the rows, and who sees them.

A location belongs to the country of the place and to the requesting one; other countries that were asked see neither
that it was reported nor where.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core.clock import UtcDateTime
from operations.core.people import Actor
from operations.core.store import scoped
from operations.core.vocabulary import LocationState
from operations.policing.fugitives.cases import of_both_sides


class FugitiveLocation(SQLModel, table=True):
    """A country's word that the person of a case is there, and what came of it.

    The place is the country: a map shows no more, and nothing finer is kept. When the requesting country says that it
    is not the person, `remark` and the time of the arrest are erased.
    """

    __tablename__ = "fugitive_location"
    __table_args__ = (
        CheckConstraint("country <> requesting_country", name="two_countries"),
        CheckConstraint("erased_at IS NULL OR (remark = '' AND state = 'negative')", name="erased_is_gone"),
        CheckConstraint(
            "(state IN ('arrest_reported', 'arrest_confirmed')) = (arrested_at IS NOT NULL)", name="arrest_has_a_time"
        ),
    )
    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="fugitive_case.id", index=True)
    country: str = Field(max_length=3)
    requesting_country: str = Field(max_length=3)
    state: str = Field(default=LocationState.REPORTED.value, max_length=20)
    remark: str = Field(default="", max_length=2000)
    content_hash: str = Field(max_length=64)
    author_name: str = Field(max_length=120)
    reported_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    arrested_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@scoped(FugitiveLocation)
def _locations_seen(actor: Actor) -> Any:
    return of_both_sides(FugitiveLocation, actor)


def locations(session: Session, case_id: UUID) -> list[FugitiveLocation]:
    """What was reported about a case, as far as the asker may see it, in its order."""
    query = select(FugitiveLocation).where(FugitiveLocation.case_id == case_id)
    return list(session.exec(query.order_by(col(FugitiveLocation.reported_at), col(FugitiveLocation.id))))
