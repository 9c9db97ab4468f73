"""Stakeholder engagement: the counterparts the programme spoke with, at which level, promises and follow-ups."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field as Rule
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core.clock import UtcDateTime, now, today
from operations.core.drafts import Draft, NeededWords, Words
from operations.core.drafts import reason as checked_reason
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, require
from operations.core.vocabulary import Country, InList
from operations.posts import register


class Engagement(SQLModel, table=True):
    """A talk with a counterpart. Its content never changes; a follow-up adds the outcome."""

    id: UUID = Field(primary_key=True)
    country: str = Field(max_length=3, index=True)
    counterpart: str = Field(max_length=160)
    level: str = Field(max_length=16)
    held_on: date
    commitment: str = Field(max_length=2000)
    follow_up: str = Field(default="", max_length=2000)
    due: date | None = None
    outcome: str = Field(default="", max_length=2000)
    followed_up_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


SOON = timedelta(days=30)


class Due(StrEnum):
    """When a follow-up is due, in the order of the agenda."""

    LATE = "late"
    SOON = "soon"
    LATER = "later"
    OPEN = "open"


register.own_rows(Engagement, Act.NEEDS_READ)
register.own_entries("engagement", Act.NEEDS_READ)
ENGAGEMENT = Noun(
    Engagement,
    "engagement",
    register.record,
    N_("This talk was already written down with other content. Reload the page to see it."),
)


class EngagementDraft(Draft):
    """Draft of a talk. The counterpart is an office, never a person."""

    id: UUID
    country: Annotated[Country, Label(N_("Country"))]
    counterpart: Annotated[
        NeededWords, Rule(max_length=160), Label(N_("Counterpart"), N_("The office, not the person."), draws="text")
    ]
    level: Annotated[str, InList("CL-ENGAGEMENT"), Label(N_("Level"))]
    held_on: Annotated[date, Label(N_("Held on"))]
    commitment: Annotated[NeededWords, Label(N_("Commitment"), N_("What was promised, or refused."))]
    follow_up: Annotated[Words, Label(N_("What follows"))] = ""
    due: Annotated[date | None, Label(N_("Due"))] = None


def engagements(session: Session) -> Sequence[Engagement]:
    """Return the talks that the asker may see: those to follow up first, then the newest."""
    found = session.exec(select(Engagement).order_by(col(Engagement.held_on).desc(), col(Engagement.id))).all()
    return sorted(found, key=lambda each: each.followed_up_at is not None or not each.follow_up)


def agenda(found: Iterable[Engagement]) -> tuple[dict[Due, list[Engagement]], list[Engagement]]:
    """Return what is to follow up by when it is due, soonest first, and the talks of which nothing is left to do."""
    due, done = {part: list[Engagement]() for part in Due}, list[Engagement]()
    for each in sorted(found, key=lambda each: (each.due or date.max, each.held_on)):
        open_ = each.follow_up and each.followed_up_at is None
        (due[_due(each.due)] if open_ else done).append(each)
    return due, done[::-1]


def _due(day: date | None) -> Due:
    if day is None:
        return Due.OPEN
    return Due.LATE if day < today() else Due.SOON if day <= today() + SOON else Due.LATER


def engage(session: Session, draft: EngagementDraft, by: Actor) -> Engagement:
    """Record a talk. Idempotent for the same draft. Raises RuleBroken for a day in the future."""
    require(by, Act.NEEDS_ENGAGE, Subject(country=draft.country))
    if known := ENGAGEMENT.known(session, said := draft.model_dump()):
        return known
    if draft.held_on > now().date():
        raise RuleBroken("held_on", "This day is in the future. Record it when it has taken place.")
    return ENGAGEMENT.write(session, by, "engagement.write", said, level=draft.level)


def follow_up(session: Session, engagement_id: UUID, words: str, by: Actor) -> Engagement:
    """Record the outcome of a talk. Raises RuleBroken where there is one already, or no follow-up is due."""
    found = ENGAGEMENT.hold(session, engagement_id)
    require(by, Act.NEEDS_ENGAGE, Subject(country=found.country))
    if found.followed_up_at is not None or not found.follow_up:
        raise RuleBroken("", "Nothing is left to follow up here.")
    found.outcome, found.followed_up_at = checked_reason(words), now()
    session.add(found)
    register.record(session, by, "engagement.follow_up", "engagement", found)
    return found
