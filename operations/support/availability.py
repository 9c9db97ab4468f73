"""Absences of teams. Deployments are not among them; they bind a team by themselves."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import FIELD, Draft, Moment, rule
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.store import scoped
from operations.core.vocabulary import InList
from operations.support import teams

_ORDER = rule("absence_reversed", "The absence must end after it begins: check the two times.")


class Absence(SQLModel, table=True):
    """An absence: a team cannot go from `starts` to before `ends`. `cancelled_at`: withdrawn."""

    __tablename__ = "team_absence"
    __table_args__ = (CheckConstraint("ends > starts", name="in_order"),)
    id: UUID = Field(primary_key=True)
    team_id: UUID = Field(foreign_key="team.id", index=True)
    country: str = Field(max_length=3, index=True)
    kind: str = Field(max_length=24)
    starts: datetime = Field(sa_type=UtcDateTime)
    ends: datetime = Field(sa_type=UtcDateTime)
    written_at: datetime = Field(sa_type=UtcDateTime)
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AbsenceDraft(Draft):
    """Draft of an absence: aware moments, the end after the start."""

    id: UUID
    kind: Annotated[str, InList("CL-ABSENCE"), Label(N_("Why"))]
    starts: Annotated[Moment, Label(N_("Begins"), N_("local time in {zone}"), parts=(N_("Begins on"), N_("Begins at")))]
    ends: Annotated[Moment, Label(N_("Ends"), N_("local time in {zone}"), parts=(N_("Ends on"), N_("Ends at")))]

    @model_validator(mode="after")
    def _in_order(self) -> "AbsenceDraft":
        if self.ends <= self.starts:
            raise PydanticCustomError(_ORDER, "absence reversed", {FIELD: "ends"})
        return self


ABSENCE = Noun(
    Absence,
    "team",
    teams.record,
    N_("This absence was already written down with other content. Reload the page to see it."),
    owner=(teams.TEAM, "team_id"),
)


@scoped(Absence)
def _absences_seen(actor: Actor) -> Any:
    return teams.seen(actor, Absence.team_id, Absence.country)


def absences(session: Session, team_id: UUID, after: datetime | None = None) -> list[Absence]:
    """Return the absences of a team that were not cancelled, by time; optionally only those that end after a moment."""
    query = select(Absence).where(Absence.team_id == team_id, col(Absence.cancelled_at).is_(None))
    if after is not None:
        query = query.where(Absence.ends > after)
    return list(session.exec(query.order_by(col(Absence.starts))))


def add_absence(session: Session, team_id: UUID, draft: AbsenceDraft, by: Actor) -> Absence:
    """Record an absence of a team. Absences of a team do not overlap.

    Idempotent.
    """
    team = teams.hold(session, team_id, by)
    said = draft.model_dump() | {"team_id": team_id}
    if known := ABSENCE.known(session, said):
        return known
    for other in absences(session, team_id):
        if draft.starts < other.ends and other.starts < draft.ends:
            raise RuleBroken("starts", "The calendar has an absence at this time already: cancel that one first.")
    times = {"starts": draft.starts.isoformat(), "ends": draft.ends.isoformat()}
    said |= {"country": team.country, "written_at": now()}
    return ABSENCE.write(session, by, "team.absence", said, absence=draft.kind, **times)


def cancel_absence(session: Session, absence_id: UUID, by: Actor) -> Absence:
    """Cancel an absence; it stays on record."""
    known = rows.one(session, Absence, absence_id)
    found = teams.hold(session, known.team_id, by)
    if known.cancelled_at is None:
        known.cancelled_at = now()
        session.add(known)
        teams.record(session, by, "team.back", "team", found, absence=known.kind)
    return known
