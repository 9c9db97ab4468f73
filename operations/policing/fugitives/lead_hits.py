"""Lead hits: links between a lead and a positive location, also across operations (R S39).

A link is visible only to readers of both its lead and its location. If the person turns out to be somebody else, the
link is undone and its note erased.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Index, false, text
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, Words, reason
from operations.core.errors import NotFound, RuleBroken
from operations.core.field_labels import N_
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import LeadSubject, LocationState, Role
from operations.policing.fugitives.case_rows import FugitiveCase, party_condition
from operations.policing.fugitives.cases import case, hold, record
from operations.policing.fugitives.sightings import FugitiveLocation
from operations.policing.leads import leads

POSITIVE = tuple(
    state.value for state in (LocationState.CONFIRMED, LocationState.ARREST_REPORTED, LocationState.ARREST_CONFIRMED)
)
"""The states of a location that the requesting country has confirmed."""


class LeadFind(SQLModel, table=True):
    """A link between a lead and a positive location that came from it. The lead may be of another operation."""

    __tablename__ = "lead_find"
    __table_args__ = (
        Index(
            "uq_lead_find_once",
            "lead_id",
            "location_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )
    id: UUID = Field(primary_key=True)
    lead_id: UUID = Field(foreign_key="lead.id", index=True)
    lead_operation_id: UUID = Field(foreign_key="operation.id", index=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    case_id: UUID = Field(foreign_key="fugitive_case.id", index=True)
    location_id: UUID = Field(foreign_key="fugitive_location.id")
    country: str = Field(max_length=3)
    requesting_country: str = Field(max_length=3)
    note: str = Field(default="", max_length=2000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_reason: str = Field(default="", max_length=2000)


class FindDraft(Draft):
    """Draft of a link: this location came from that lead."""

    id: UUID
    lead_id: UUID
    location_id: UUID
    note: Words = ""


_LOCATION: sa.Table = FugitiveLocation.__table__  # type: ignore[attr-defined]


@scoped(LeadFind)
def _finds_seen(actor: Actor) -> Any:
    """Links are visible to those who know the location and the lead."""
    if actor.role not in (Role.NATIONAL_COORDINATOR, Role.OCU_ANALYST, Role.OPERATION_COORDINATOR):
        return false()
    places = sa.select(_LOCATION.c.id).where(party_condition(FugitiveLocation, actor))
    return col(LeadFind.location_id).in_(places) & col(LeadFind.lead_id).in_(leads.known_leads(actor))


# ------------------------------------------------------------------------------------------------- questions


def standing(session: Session, operation_id: UUID) -> list[tuple[LeadFind, FugitiveLocation, FugitiveCase]]:
    """Return the standing links of an operation's cases, or of its leads, that the asker may see, by time."""
    query = _joined().where((LeadFind.operation_id == operation_id) | (LeadFind.lead_operation_id == operation_id))
    return [(link, place, case) for link, place, case in session.exec(query)]


def counted(session: Session, *, sums: bool) -> list[tuple[LeadFind, str]]:
    """Return the standing links of cases that count as located or arrested, each with which of the two.

    Limited to links that the asker may see; with `sums` all of them, for counts only.
    """
    query = (
        select(LeadFind, FugitiveCase.counts_as)
        .join(FugitiveCase, col(FugitiveCase.id) == col(LeadFind.case_id))
        .where(col(LeadFind.undone_at).is_(None), col(FugitiveCase.counts_as).in_(("located", "arrested")))
    )
    return [(link, counts_as) for link, counts_as in session.exec(unscoped(query) if sums else query)]


def of_case(session: Session, case_id: UUID) -> list[LeadFind]:
    """Return the standing links of one case that the asker may see."""
    query = select(LeadFind).where(LeadFind.case_id == case_id, col(LeadFind.undone_at).is_(None))
    return list(session.exec(query.order_by(col(LeadFind.made_at), col(LeadFind.id))))


def may_connect(found: FugitiveLocation, operation_id: UUID, by: Actor) -> bool:
    """Return whether this person may link a location to a lead: the two countries, and the operation's analyst."""
    mine = by.country if by.country in (found.country, found.requesting_country) else None
    return may(by, Act.RESULT_LINK, Subject(country=mine if by.national else found.country, operation=operation_id))


def linkable(
    session: Session, operation_id: UUID, by: Actor, case_id: UUID | None = None
) -> list[tuple[FugitiveLocation, FugitiveCase]]:
    """Return the positive locations of an operation, or of one case, that the asker may link to leads, newest first."""
    query = (
        select(FugitiveLocation, FugitiveCase)
        .join(FugitiveCase, col(FugitiveCase.id) == col(FugitiveLocation.case_id))
        .where(
            FugitiveCase.operation_id == operation_id,
            col(FugitiveCase.erased_at).is_(None),
            col(FugitiveLocation.state).in_(POSITIVE),
        )
        .order_by(col(FugitiveLocation.reported_at).desc(), col(FugitiveLocation.id))
    )
    if case_id is not None:
        query = query.where(FugitiveCase.id == case_id)
    return [(place, case) for place, case in session.exec(query) if may_connect(place, operation_id, by)]


def _record(session: Session, by: Actor, act: str, _kind: str, of: LeadFind, /, **detail: Any) -> None:
    record(session, case(session, of.case_id), by, act, of.country, **detail)


FIND = Noun(
    LeadFind,
    "fugitive_case",
    _record,
    N_("This link was already made with other content. Reload the page to see it."),
)

# ----------------------------------------------------------------------------------------------------- verbs


def connect(session: Session, draft: FindDraft, by: Actor) -> LeadFind:
    """Link a positive location to the lead it came from. The person must see both.

    Idempotent; the same id with other content raises Conflict.
    """
    said = draft.model_dump(include={"id", "lead_id", "location_id", "note"})
    if known := FIND.known(session, said):
        return known
    lead = leads.lead(session, draft.lead_id)
    place = _location(session, draft.location_id)
    about = hold(session, place.case_id)
    if not may_connect(place, about.operation_id, by):
        raise NotFound
    if place.state not in POSITIVE:
        raise RuleBroken("line", "Only a location that the requesting country has confirmed is a result.")
    leads.refuse_erased(lead, "lead_id")
    if lead.subject_kind == LeadSubject.FUGITIVE_CASE and lead.subject_id != about.id:
        raise RuleBroken("lead_id", "This lead is about another case: choose one about this case, or about none.")
    twin = select(LeadFind.id).where(
        LeadFind.lead_id == lead.id, LeadFind.location_id == place.id, col(LeadFind.undone_at).is_(None)
    )
    if session.exec(unscoped(twin)).first() is not None:
        raise RuleBroken("", "This result is linked to the lead already.")
    said |= {"lead_operation_id": lead.operation_id, "operation_id": about.operation_id, "case_id": about.id}
    said |= {"country": place.country, "requesting_country": place.requesting_country}
    return FIND.write(session, by, "fugitive.link", said)


def disconnect(session: Session, find_id: UUID, why: str, by: Actor) -> LeadFind:
    """Undo a link, with the reason. Idempotent."""
    found = FIND.hold(session, find_id)
    if not may_connect(_location(session, found.location_id), found.operation_id, by):
        raise NotFound
    if found.undone_at is None:
        found.undone_reason, found.undone_at = reason(why), now()
        session.add(found)
        FIND.entry(session, by, "fugitive.unlink", found)
    return found


def forget(session: Session, location_id: UUID) -> None:
    """Undo the links of a location that was somebody else, and erase their notes."""
    query = select(LeadFind).where(LeadFind.location_id == location_id)
    for link in session.exec(unscoped(query)).all():
        link.undone_at = link.undone_at or now()
        link.note = link.undone_reason = ""
        session.add(link)


def _joined() -> Any:
    return (
        select(LeadFind, FugitiveLocation, FugitiveCase)
        .join(FugitiveLocation, col(FugitiveLocation.id) == col(LeadFind.location_id))
        .join(FugitiveCase, col(FugitiveCase.id) == col(LeadFind.case_id))
        .where(col(LeadFind.undone_at).is_(None))
        .order_by(col(LeadFind.made_at), col(LeadFind.id))
    )


def _location(session: Session, location_id: UUID) -> FugitiveLocation:
    return rows.one(session, FugitiveLocation, location_id)
