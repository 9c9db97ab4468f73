"""The cases of a sweep as they stood where a session looks: what its figures need of them, and who knew of which."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import history
from operations.core.people import Actor
from operations.core.store import unfenced, unscoped
from operations.policing.fugitives.case_rows import FugitiveCase
from operations.policing.leads.leads import LeadCountry
from operations.policing.operation.withholding import withheld_from

_WHOSE = ("id", "requesting_country")
_SENT = ("lead_id", "country", "subject_id", "origin_country", "shared_at", "revoked_at")


def cases(
    session: Session, operation_id: UUID, by: Actor, *names: str, sums: bool = False, country: str | None = None
) -> list[dict[str, Any]]:
    """These columns of the cases that the asker knows, or knew of at the entry at which the session looks.

    `sums`: of all of them, whoever asks; `country`: of those that it asks for. What a country withholds now, it
    withholds of the past as well.
    """
    columns = (col(getattr(FugitiveCase, name)) for name in (*_WHOSE, *names))
    query = select(*columns).where(FugitiveCase.operation_id == operation_id)
    if country is not None:
        query = query.where(FugitiveCase.requesting_country == country)
    if history.at(session) is None:
        return [dict(each) for each in session.execute(unscoped(query) if sums else query).mappings()]
    with unfenced(session):
        found = history.as_then(session, FugitiveCase, unscoped(query), operation_id)
        if sums or not by.national:
            return found
        asked = _asked_about(session, operation_id, by)
    return [each for each in found if each["requesting_country"] == by.country or each["id"] in asked]


def _asked_about(session: Session, operation_id: UUID, by: Actor) -> set[UUID]:
    """The cases about which the country was sent a lead, and that had not been taken back."""
    query = select(*(col(getattr(LeadCountry, name)) for name in _SENT)).where(
        LeadCountry.operation_id == operation_id, LeadCountry.country == by.country
    )
    kept = withheld_from(session, operation_id, by.country)
    return {
        each["subject_id"]
        for each in history.as_then(session, LeadCountry, unscoped(query), operation_id)
        if each["shared_at"] is not None and each["revoked_at"] is None and each["origin_country"] not in kept
    }
