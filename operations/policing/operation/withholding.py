"""Withholding: a country hides its own figures, layers and leads from another country.

It can also withhold from a partner organisation admitted to the operation: `partner` is its code then.

The rows are the whole rule: visibility conditions read them at every request. A country's answers to the other's own
questions stay visible.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, pulse, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft
from operations.core.errors import NotPermitted, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.session_cache import once_for_all
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import Country
from operations.policing.operation.participations import Participation
from operations.policing.operation.rows import operation, subject, within_reach


class Withholding(SQLModel, table=True):
    """A withholding: `country` withholds from `partner` in an operation, since a moment."""

    __table_args__ = (sa.CheckConstraint("country <> partner", name="from_another"),)
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    country: str = Field(primary_key=True, max_length=3)
    partner: str = Field(primary_key=True, max_length=24)
    since: datetime = Field(sa_type=UtcDateTime)
    by_id: UUID
    by_name: str = Field(max_length=120)


class WithholdingDraft(Draft):
    """Draft of a withholding: the country withheld from."""

    partner: Annotated[
        Country,
        Label(
            N_("Withhold from"),
            N_("Your figures, layers and leads are out of this country's reach from its next request on."),
        ),
    ]


@scoped(Withholding)
def _withholdings_seen(actor: Actor) -> object:
    """Visible to the own country's coordinators and the central roles; never to the country that is withheld from."""
    if not may(actor, Act.PARTICIPATION_READ):
        return sa.false()
    reach = within_reach(Withholding.operation_id, actor)
    return reach & (col(Withholding.country) == actor.country) if actor.national else reach


# ------------------------------------------------------------------------------------------------- questions


def withheld(operation_id: Any, country: Any, partner: Any) -> Any:
    """Return an SQL condition: `country` withholds from `partner`. Unscoped: it reads the bare table."""
    of = Withholding.__table__  # type: ignore[attr-defined]
    found = sa.select(of.c.since).where(of.c.operation_id == operation_id, of.c.country == country)
    return found.where(of.c.partner == partner).exists()


def withheld_from(session: Session, operation_id: UUID, partner: str | None) -> frozenset[str]:
    """Return the countries that withhold from this one, or from this organisation: for the server alone."""
    return frozenset(country for country, other in _pairs(session, operation_id) if other == partner)


def withholding_countries(session: Session, operation_id: UUID) -> frozenset[str]:
    """Return the countries that withhold from anybody: for the server alone."""
    return frozenset(country for country, _partner in _pairs(session, operation_id))


def _pairs(session: Session, operation_id: UUID) -> Sequence[tuple[str, str]]:
    """Return who withholds from whom, in countries and organisations."""
    query = select(Withholding.country, Withholding.partner).where(Withholding.operation_id == operation_id)
    return once_for_all(session, (_pairs, operation_id), lambda: session.exec(unscoped(query)).all())


def withholdings(session: Session, operation_id: UUID) -> Sequence[Withholding]:
    """Return the withholdings that the asker may know."""
    query = select(Withholding).where(Withholding.operation_id == operation_id)
    return session.exec(query.order_by(Withholding.country, Withholding.partner)).all()


def partners(session: Session, operation_id: UUID, country: str | None) -> frozenset[str]:
    """Return the countries and organisations from which a country withholds: for the server alone."""
    query = select(Withholding.partner).where(Withholding.operation_id == operation_id, Withholding.country == country)
    return frozenset(session.exec(unscoped(query)))


def country_audience(session: Session, operation_id: UUID, country: str | None) -> pulse.Audience:
    """Who hears of what a country shows to all: everybody but those from whom it is withheld.

    Countries that have not answered yet are among them, so that none of their numbers tells that something is withheld.
    """
    left_out = partners(session, operation_id, country)
    if not left_out:
        return pulse.EVERYBODY
    known = select(Participation.country).where(Participation.operation_id == operation_id)
    return pulse.CENTRE | pulse.countries(*(set(session.exec(unscoped(known))) - left_out))


# ----------------------------------------------------------------------------------------------------- verbs


def withhold(session: Session, operation_id: UUID, draft: WithholdingDraft, by: Actor) -> Withholding:
    """Withhold from a country, from its next request on. Idempotent: the first moment is kept."""
    if draft.partner == by.country:
        raise RuleBroken("partner", "A country cannot withhold data from itself. Choose another.")
    return withhold_from(session, operation_id, draft.partner, by)


def withhold_from(session: Session, operation_id: UUID, partner: str, by: Actor) -> Withholding:
    """Withhold from any `partner`, a country or an organisation that the caller has checked."""
    owner = operation(session, operation_id, by)
    require(by, Act.PARTICIPATION_WITHHOLD, subject(owner, by.country))
    if by.country is None:
        raise NotPermitted
    known = rows.find_locked(session, Withholding, operation_id, by.country, partner)
    if known is not None:
        return known
    known = Withholding(
        operation_id=operation_id,
        country=by.country,
        partner=partner,
        since=now(),
        by_id=by.account_id,
        by_name=by.name,
    )
    session.add(known)
    _record(session, known, "participation.withhold", by)
    return known


def lift(session: Session, operation_id: UUID, partner: str, by: Actor) -> None:
    """Lift a withholding. Idempotent."""
    owner = operation(session, operation_id, by)
    require(by, Act.PARTICIPATION_WITHHOLD, subject(owner, by.country))
    found = rows.find_locked(session, Withholding, operation_id, by.country, partner)
    if found is not None:
        session.delete(found)
        _record(session, found, "participation.lift", by)


def _record(session: Session, found: Withholding, act: str, by: Actor) -> None:
    """Those hear of it who may know of it, and the country whose boards change: no other learns that it was done."""
    journal.record(
        session,
        by,
        act,
        "participation",
        operation=found.operation_id,
        country=found.country,
        audience=pulse.CENTRE | pulse.countries(found.country, found.partner),
        partner=found.partner,
    )
