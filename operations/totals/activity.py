"""Activity: when each site last reported, and when each participating country last reported and validated.

Coverage and silence (K31) are computed from it. It is updated in the transaction of the change, as totals are.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col

from operations.core.clock import UtcDateTime, now
from operations.core.pulse import moves_what_all_see
from operations.core.store import unscoped
from operations.core.vocabulary import Level
from operations.totals.pending_moves import GONE, moves_of

SILENT_AFTER = timedelta(hours=24)
"""How long a site may go without a report before it counts as silent."""


class DepartureChoice(StrEnum):
    """How the figures of a country that leaves are shown: as before, in totals only, or not at all."""

    SHOWN = "shown"
    TOTALS = "totals"
    ERASED = "erased"


class SiteActivity(SQLModel, table=True):
    """The last report of a planned site (V1 or more; a nil report counts), for coverage and silence (K31)."""

    __tablename__ = "site_activity"
    site_id: UUID = Field(primary_key=True, foreign_key="site.id")
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str = Field(max_length=3)
    last_report_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CountryActivity(SQLModel, table=True):
    """A participating country: its last report, its last validation, and whether it shares its totals with others.

    A country that left stays here, with the choice for its figures in `kept` (a `DepartureChoice`); "" means that it
    takes part.
    """

    __tablename__ = "country_activity"
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    country: str = Field(primary_key=True, max_length=3)
    last_report_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_validated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    shares_totals: bool = False
    kept: str = Field(default="", max_length=8)


def expect_site(session: Session, operation: UUID, country: str, site: UUID) -> None:
    """Add a planned site; it is silent until it reports."""
    session.add(SiteActivity(site_id=site, operation_id=operation, country=country))
    moves_of(session, operation).site(site, country, None)


def release_site(session: Session, operation: UUID, site: UUID) -> None:
    """Remove a site that was taken out of the plan; no report is expected from it any more."""
    known = session.get(SiteActivity, site)
    if known is not None:
        session.delete(known)
        moves_of(session, operation).sites[str(site)] = GONE


def expect_country(session: Session, operation: UUID, country: str, shares_totals: bool) -> None:
    """Add a participating country, which has not reported yet. Called again, it only changes the sharing of totals."""
    known = session.get(CountryActivity, (operation, country))
    if known is None:
        known = CountryActivity(operation_id=operation, country=country)
    known.shares_totals, known.kept = shares_totals, ""
    session.add(known)
    _note(session, known)


def _note(session: Session, known: CountryActivity) -> None:
    validated = known.last_validated_at is not None
    moves_of(session, known.operation_id).country(known.country, known.shares_totals, validated, known.kept)


def release_country(session: Session, operation: UUID, country: str, kept: DepartureChoice | None = None) -> None:
    """Remove a country that no longer takes part, or mark it as left with `kept` as the choice for its figures."""
    known = session.get(CountryActivity, (operation, country))
    if known is not None and kept is None and not known.kept:
        session.delete(known)
        moves_of(session, operation).countries[country] = GONE
    elif known is not None and kept is not None:
        known.kept = kept.value
        session.add(known)
        _note(session, known)


def _mark(table: type[SQLModel], moment: str, *names: str) -> Any:
    """Return an UPDATE that sets the moment of the row with these key columns, unless it has a later one."""
    row: sa.Table = table.__table__  # type: ignore[attr-defined]
    given = sa.bindparam("moment", type_=UtcDateTime)
    known = row.c[moment]
    update = row.update().where(*(row.c[name] == sa.bindparam(f"the_{name}") for name in names))
    return update.where(known.is_(None) | (known < given)).values({moment: given}).returning(known)


_SITE_HEARD = _mark(SiteActivity, "last_report_at", "site_id")
_COUNTRY_HEARD = _mark(CountryActivity, "last_report_at", "operation_id", "country")
_SITE: sa.Table = SiteActivity.__table__  # type: ignore[attr-defined]
_COUNTRY: sa.Table = CountryActivity.__table__  # type: ignore[attr-defined]
_LAST = sa.select(
    sa.select(_SITE.c.last_report_at).where(_SITE.c.site_id == sa.bindparam("the_site_id")).scalar_subquery(),
    sa.select(_COUNTRY.c.last_report_at)
    .where(
        _COUNTRY.c.operation_id == sa.bindparam("the_operation_id"), _COUNTRY.c.country == sa.bindparam("the_country")
    )
    .scalar_subquery(),
)
_COUNTRY_LAST = unscoped(
    sa.select(
        col(CountryActivity.last_validated_at), col(CountryActivity.shares_totals), col(CountryActivity.kept)
    ).where(
        col(CountryActivity.operation_id) == sa.bindparam("the_operation_id"),
        col(CountryActivity.country) == sa.bindparam("the_country"),
    )
)
_COUNTRY_VALIDATED = _mark(CountryActivity, "last_validated_at", "operation_id", "country")


def heard_at(sent: datetime, period_to: datetime) -> datetime:
    """Return the moment at which a report is a sign of its site: when sent, or the end of its period if older."""
    return sent if sent - period_to <= SILENT_AFTER else period_to


def heard(session: Session, operation: UUID, country: str, site: UUID, level: Level, at: datetime) -> None:
    """Record that a report of the site reached V1 (a sign of the site as of `at`) or V3 (validated by its country)."""
    moment = {"moment": at}
    of_site, of_country = {"the_site_id": site}, {"the_operation_id": operation, "the_country": country}
    connection = session.connection()
    if level is Level.V1:
        last, last_of_country = connection.execute(_LAST, of_site | of_country).one()
        if last is None or last < at - SILENT_AFTER:
            moves_what_all_see(session)  # the site counts as covered from now on
        later = last is None or last < at
        if later and connection.execute(_SITE_HEARD, moment | of_site).first() is not None:
            moves_of(session, operation).site(site, country, at)
        if last_of_country is None or last_of_country < at:
            connection.execute(_COUNTRY_HEARD, moment | of_country)
    if level is Level.V3:
        known = session.execute(_COUNTRY_LAST, of_country).first()
        connection.execute(_COUNTRY_VALIDATED, moment | of_country)
        if known is not None and known[0] is None:
            moves_what_all_see(session)  # one more country has validated
            moves_of(session, operation).country(country, known[1], True, known[2])


def unheard(
    session: Session, operation: UUID, country: str, site: UUID, last: datetime | None, *, validated: bool
) -> None:
    """Record that a report of the site no longer counts: the site was last heard from at `last`, or never.

    `validated`: whether any report of the country still counts as validated.
    """
    known = session.get(SiteActivity, site, populate_existing=True)
    if known is not None:
        recent = now() - SILENT_AFTER
        if known.last_report_at and known.last_report_at >= recent and (last is None or last < recent):
            moves_what_all_see(session)  # the site no longer counts as covered
        known.last_report_at = last
        session.add(known)
        session.flush()
        moves_of(session, operation).site(site, country, last)
    whole = session.get(CountryActivity, (operation, country), populate_existing=True)
    if whole is not None:
        of_country = (col(SiteActivity.operation_id) == operation, col(SiteActivity.country) == country)
        query = sa.select(sa.func.max(col(SiteActivity.last_report_at))).where(*of_country)
        whole.last_report_at = session.execute(unscoped(query)).scalar_one()
        if not validated:
            if whole.last_validated_at is not None:
                moves_what_all_see(session)  # one country fewer has validated
            whole.last_validated_at = None
        session.add(whole)
        session.flush()
        _note(session, whole)
