"""Cases of a sweep as of a journal entry: the columns that figures need, and which country knew of which case."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import history, session_cache
from operations.core.people import Actor
from operations.core.store import unfenced, unscoped
from operations.policing.fugitives.case_rows import FugitiveCase
from operations.policing.leads.leads import LeadCountry
from operations.policing.operation.withholding import withheld_from

_MOMENTS = ("accepted_at", "reviewed_at", "news_at", "located_at", "arrested_at", "surrendered_at")
_COLUMNS = tuple(
    col(getattr(FugitiveCase, name)) for name in ("id", "requesting_country", "state", "counts_as", *_MOMENTS)
)
_SENT = ("lead_id", "country", "subject_id", "origin_country", "shared_at", "revoked_at")


def cases(
    session: Session, operation_id: UUID, by: Actor, *, sums: bool = False, country: str | None = None
) -> list[dict[str, Any]]:
    """Return the cases known to the asker, now or as of the session's entry, read once for all figures of a page.

    `sums`: all cases, unscoped; `country`: only those that it requests. A case withheld now is withheld from the past
    as well.
    """
    key = (cases, operation_id, by, sums, country, history.at(session))
    return session_cache.once(session, key, lambda: _cases(session, operation_id, by, sums, country), lasting=False)


def _cases(session: Session, operation_id: UUID, by: Actor, sums: bool, country: str | None) -> list[dict[str, Any]]:
    query = select(*_COLUMNS).where(FugitiveCase.operation_id == operation_id)
    if country is not None:
        query = query.where(FugitiveCase.requesting_country == country)
    if history.at(session) is None:
        return [dict(each) for each in session.execute(unscoped(query) if sums else query).mappings()]
    with unfenced(session):
        remembered = history.query_as_of(session, FugitiveCase, unscoped(query), operation_id)
        if sums or not by.national:
            return remembered
        asked = _asked_about(session, operation_id, by)
    return [each for each in remembered if each["requesting_country"] == by.country or each["id"] in asked]


def _asked_about(session: Session, operation_id: UUID, by: Actor) -> set[UUID]:
    """Return the cases about which the country had been sent a lead that was not revoked."""
    query = select(*(col(getattr(LeadCountry, name)) for name in _SENT)).where(
        LeadCountry.operation_id == operation_id, LeadCountry.country == by.country
    )
    kept = withheld_from(session, operation_id, by.country)
    return {
        share["subject_id"]
        for share in history.query_as_of(session, LeadCountry, unscoped(query), operation_id)
        if share["shared_at"] is not None and share["revoked_at"] is None and share["origin_country"] not in kept
    }
