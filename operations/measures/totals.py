"""Totals: what boards read instead of lines.

When a line begins or ceases to count, or changes its verification level, totals move in the same transaction by the
same amount. They are kept at five grains, so that a board reads a few rows however many lines stand behind it: the
operation, its official days, its countries, a country's days, and its sites. `policing.verification.recount` must
always find the same numbers from the lines.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, NamedTuple, get_type_hints
from uuid import UUID

import sqlalchemy as sa
from pydantic import create_model
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col

from operations.core.clock import UtcDateTime, now
from operations.core.hearing import moves_what_all_see
from operations.core.store import alone, unscoped
from operations.core.vocabulary import Level
from operations.lines.kinds import KINDS
from operations.lines.line import EXACTLY, told_by
from operations.measures.moves import GONE, moved

SILENT_AFTER = timedelta(hours=24)
"""A site is silent that was not heard from for so long."""


class Kept(StrEnum):
    """What becomes of the figures of a country that leaves: shown as before, in totals alone, or in nothing."""

    SHOWN = "shown"
    TOTALS = "totals"
    ERASED = "erased"


class Grain(StrEnum):
    """For what a total is kept."""

    OPERATION = "operation"
    DAY = "day"
    COUNTRY = "country"
    COUNTRY_DAY = "country_day"
    SITE = "site"


@dataclass(frozen=True)
class Side:
    """A side of lines by which key figures distinguish: how long its codes are."""

    length: int


class Facet(NamedTuple):
    """The sides of a line, each declared here once: columns of totals and of lines are made from it.

    Codes of the lists of domain 1.7; "" where a kind has none. The fields of a kind name the side that holds them; a
    kind that needs a side more takes a line here and a migration. "" stands in the channel of checks that were sent
    before it was counted. What has another `unit` is never added up. `qualifier` is "" where a quantity is exact.
    """

    kind: Annotated[str, Side(24)]
    phase_kind: Annotated[str, Side(24)] = ""
    check_kind: Annotated[str, Side(32)] = ""
    database: Annotated[str, Side(32)] = ""
    entity: Annotated[str, Side(24)] = ""
    offence: Annotated[str, Side(32)] = ""
    status: Annotated[str, Side(32)] = ""
    unit: Annotated[str, Side(16)] = ""
    qualifier: Annotated[str, Side(1)] = ""


FACETS = Facet._fields
SIDES: dict[str, Side] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(Facet, include_extras=True).items()
}
HELD = {kind: {field: by.side for field, by in told_by(model).items() if by.side} for kind, model in KINDS.items()}
"""By kind: the fields that totals keep, each with its side."""


def side(kind: str, held: str) -> int:
    """The place in a facet of this field of a kind of lines, or of its unit. Raises KeyError where totals lack it."""
    return FACETS.index("unit" if held == "unit" else HELD[kind][held])


def facet_of(line: Any, phase_kind: str) -> Facet:
    """The facet of a line: each side holds the field that says so."""
    sides = {name: getattr(line, field) or "" for field, name in HELD[line.kind].items()}
    if sides.get("qualifier") == EXACTLY:
        sides["qualifier"] = ""
    return Facet(line.kind, phase_kind, unit=line.unit, **sides)


def sided(name: str, base: type[SQLModel] = SQLModel, **rules: Any) -> Any:
    """A base for a table: the columns of `base`, then one for each side of lines, under `rules`."""
    columns: dict[str, Any] = {
        each: (str, Field(default=Facet._field_defaults.get(each, ...), max_length=side.length, **rules))
        for each, side in SIDES.items()
    }
    return create_model(name, __base__=base, **columns)


@dataclass(frozen=True)
class Counted:
    """A line as totals see it: where and when it belongs, its facet, and how much it is."""

    operation: UUID
    country: str
    site: UUID
    day: str
    facet: Facet
    quantity: int
    margins: tuple[tuple[str, str, int], ...] = ()
    """What it says besides: see `measures.margins`."""


class _Place(SQLModel):
    """Of what a total is."""

    grain: str = Field(primary_key=True, max_length=12)
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    country: str = Field(primary_key=True, max_length=3)
    day: str = Field(primary_key=True, max_length=10)
    site: str = Field(primary_key=True, max_length=36)
    level: int = Field(primary_key=True)


class Total(sided("_Sided", _Place, primary_key=True), table=True):  # type: ignore[misc, call-arg]
    """Records (lines) and quantity (their sum) of one facet at exactly one level, for one place of one grain."""

    records: int = Field(default=0, sa_type=sa.BigInteger)
    quantity: int = Field(default=0, sa_type=sa.BigInteger)


class SiteActivity(SQLModel, table=True):
    """When a planned site last sent a report (V1 or more; a nil report counts), for coverage and silence (K31)."""

    __tablename__ = "site_activity"
    site_id: UUID = Field(primary_key=True, foreign_key="site.id")
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str = Field(max_length=3)
    last_report_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CountryActivity(SQLModel, table=True):
    """A country that takes part: when it last reported and last validated, and whether others see its totals.

    One that left stays here with what became of its figures (`kept`, a `Kept`); "" stands for those that take part.
    """

    __tablename__ = "country_activity"
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    country: str = Field(primary_key=True, max_length=3)
    last_report_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_validated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    shares_totals: bool = False
    kept: str = Field(default="", max_length=8)


Key = tuple[Any, ...]


def keys(line: Counted, level: int) -> tuple[Key, ...]:
    """The rows that a line moves, one for each grain, in the order of Total's primary key."""
    where = {
        Grain.OPERATION: ("", "", ""),
        Grain.DAY: ("", line.day, ""),
        Grain.COUNTRY: (line.country, "", ""),
        Grain.COUNTRY_DAY: (line.country, line.day, ""),
        Grain.SITE: (line.country, "", str(line.site)),
    }
    return tuple((grain.value, line.operation, *place, level, *line.facet) for grain, place in where.items())


def move(session: Session, lines: Iterable[Counted], *, out_of: Level | None = None, into: Level | None = None) -> None:
    """Take `lines` out of the totals of one level and put them into those of another; None or V0 is "not counted"."""
    records: Counter[Key] = Counter()
    quantities: Counter[Key] = Counter()
    if max(out_of or Level.V0, into or Level.V0) >= Level.V3:
        lines = list(lines)
        if lines:
            moves_what_all_see(session)  # from here up the sums of the operation are everybody's
    for line in lines:
        for level, sign in ((out_of, -1), (into, 1)):
            if level is not None and level > Level.V0:
                cell = moved(session, line.operation).cells[
                    line.country, line.day, str(line.site), int(level), line.facet
                ]
                cell[0] += sign
                cell[1] += sign * line.quantity
                for key in keys(line, int(level)):
                    records[key] += sign
                    quantities[key] += sign * line.quantity
    _add(session, records, quantities)


_KEY = tuple(column.name for column in Total.__table__.primary_key.columns)


@cache
def _upsert(dialect: str) -> Any:
    return upsert(Total.__table__, dialect)


def upsert(table: sa.Table, dialect: str) -> Any:
    """The statement that adds differences (records, quantity) to a table, in the words of a storage."""
    insert = {"postgresql": postgresql, "sqlite": sqlite}[dialect].insert(table)
    sums = {name: table.c[name] + insert.excluded[name] for name in ("records", "quantity")}
    return insert.on_conflict_do_update(index_elements=[*table.primary_key.columns], set_=sums)


def _add(session: Session, records: Counter[Key], quantities: Counter[Key]) -> None:
    """Upsert the differences."""
    rows = [
        {**dict(zip(_KEY, key, strict=True)), "records": records[key], "quantity": quantities[key]}
        for key in records
        if records[key] or quantities[key]
    ]
    if not rows:
        return
    alone(session, rows[0]["operation_id"])  # totals of one operation move one by one: nobody waits in a circle
    connection = session.connection()
    connection.execute(_upsert(connection.dialect.name), rows)


def expect_site(session: Session, operation: UUID, country: str, site: UUID) -> None:
    """A site is planned: it is silent until it reports."""
    session.add(SiteActivity(site_id=site, operation_id=operation, country=country))
    moved(session, operation).site(site, country, None)


def release_site(session: Session, operation: UUID, site: UUID) -> None:
    """A site was taken out of the plan: it is not waited for any more."""
    known = session.get(SiteActivity, site)
    if known is not None:
        session.delete(known)
        moved(session, operation).sites[str(site)] = GONE


def expect_country(session: Session, operation: UUID, country: str, shares_totals: bool) -> None:
    """A country takes part: it has not reported until it does. Called again, it changes the sharing of totals only."""
    known = session.get(CountryActivity, (operation, country))
    if known is None:
        known = CountryActivity(operation_id=operation, country=country)
    known.shares_totals, known.kept = shares_totals, ""
    session.add(known)
    _note(session, known)


def _note(session: Session, known: CountryActivity) -> None:
    validated = known.last_validated_at is not None
    moved(session, known.operation_id).country(known.country, known.shares_totals, validated, known.kept)


def release_country(session: Session, operation: UUID, country: str, kept: Kept | None = None) -> None:
    """A country takes part no longer and is not waited for. `kept`: it leaves, and that becomes of its figures."""
    known = session.get(CountryActivity, (operation, country))
    if known is not None and kept is None and not known.kept:
        session.delete(known)
        moved(session, operation).countries[country] = GONE
    elif known is not None and kept is not None:
        known.kept = kept.value
        session.add(known)
        _note(session, known)


def _mark(table: type[SQLModel], moment: str, *names: str) -> Any:
    """An update that sets a moment of the row that these columns name, unless it has a later one."""
    row: sa.Table = table.__table__  # type: ignore[attr-defined]
    given = sa.bindparam("moment", type_=UtcDateTime)
    known = row.c[moment]
    update = row.update().where(*(row.c[name] == sa.bindparam(f"the_{name}") for name in names))
    return update.where(known.is_(None) | (known < given)).values({moment: given}).returning(known)


_SITE_HEARD = _mark(SiteActivity, "last_report_at", "site_id")
_COUNTRY_HEARD = _mark(CountryActivity, "last_report_at", "operation_id", "country")
_SITE_LAST = unscoped(
    sa.select(col(SiteActivity.last_report_at)).where(col(SiteActivity.site_id) == sa.bindparam("the_site_id"))
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
    """As of when a report that was sent then says something of its site: of an old day, as of the end of that day."""
    return sent if sent - period_to <= SILENT_AFTER else period_to


def heard(session: Session, operation: UUID, country: str, site: UUID, level: Level, at: datetime) -> None:
    """A report of the site reached V1 (it is heard from, as of `at`) or V3 (its country stands behind it)."""
    moment = {"moment": at}
    of_country = {"the_operation_id": operation, "the_country": country}
    connection = session.connection()
    if level is Level.V1:
        last = session.execute(_SITE_LAST, {"the_site_id": site}).scalar()
        if last is None or last < moment["moment"] - SILENT_AFTER:
            moves_what_all_see(session)  # it counts as covered from now on
        if connection.execute(_SITE_HEARD, moment | {"the_site_id": site}).first() is not None:
            moved(session, operation).site(site, country, at)
        connection.execute(_COUNTRY_HEARD, moment | of_country)
    if level is Level.V3:
        known = session.execute(_COUNTRY_LAST, of_country).first()
        connection.execute(_COUNTRY_VALIDATED, moment | of_country)
        if known is not None and known[0] is None:
            moves_what_all_see(session)  # one country more that has validated
            moved(session, operation).country(country, known[1], True, known[2])


def unheard(
    session: Session, operation: UUID, country: str, site: UUID, last: datetime | None, *, validated: bool
) -> None:
    """Something of the site ceased to stand: it was last heard from at `last`; `validated`: its country still stands
    behind something.
    """
    known = session.get(SiteActivity, site, populate_existing=True)
    if known is not None:
        recent = now() - SILENT_AFTER
        if known.last_report_at and known.last_report_at >= recent and (last is None or last < recent):
            moves_what_all_see(session)  # it counts as covered no more
        known.last_report_at = last
        session.add(known)
        session.flush()
        moved(session, operation).site(site, country, last)
    whole = session.get(CountryActivity, (operation, country), populate_existing=True)
    if whole is not None:
        of_country = (col(SiteActivity.operation_id) == operation, col(SiteActivity.country) == country)
        query = sa.select(sa.func.max(col(SiteActivity.last_report_at))).where(*of_country)
        whole.last_report_at = session.execute(unscoped(query)).scalar_one()
        if not validated:
            if whole.last_validated_at is not None:
                moves_what_all_see(session)  # one country fewer that has validated
            whole.last_validated_at = None
        session.add(whole)
        session.flush()
        _note(session, whole)


class Row(NamedTuple):
    """A total as boards read it: country, day and site ("" where the grain has none), level, what, and how much."""

    country: str
    day: str
    site: str
    level: int
    facet: Facet
    records: int
    quantity: int


_TABLE: sa.Table = Total.__table__
_SHOWN = ("country", "day", "site", "level", *FACETS, "records", "quantity")
_READ_ANY = unscoped(
    sa.select(*(_TABLE.c[name] for name in _SHOWN)).where(
        _TABLE.c.operation_id == sa.bindparam("operation"), _TABLE.c.records != 0
    )
)
_READ = _READ_ANY.where(_TABLE.c.grain == sa.bindparam("grain"))
_OF_COUNTRY = _TABLE.c.country == sa.bindparam("of_country")
_OF_KINDS = _TABLE.c.kind.in_(sa.bindparam("kinds", expanding=True))


def read(
    session: Session, operation: UUID, grain: Grain, country: str | None = None, kinds: Collection[str] = ()
) -> list[Row]:
    """The totals of an operation at one grain, of one country or some kinds of line where given; zeros left out.

    All of them, whoever asks: disclosure control must see every cell. What leaves is for the board to decide.
    """
    query = _READ
    values: dict[str, Any] = {"grain": grain.value, "operation": operation}
    if country is not None:
        query, values["of_country"] = query.where(_OF_COUNTRY), country
    if kinds:
        query, values["kinds"] = query.where(_OF_KINDS), [*kinds]
    return _rows(session, query, values)


_HERE = (_TABLE.c.grain == Grain.SITE.value) & (_TABLE.c.site == sa.bindparam("site"))
_OF_PLACES = _READ_ANY.where(_HERE | (_TABLE.c.grain == Grain.COUNTRY.value), _OF_COUNTRY, _OF_KINDS)


def of_places(session: Session, operation: UUID, country: str, site: UUID, kinds: Collection[str]) -> list[Row]:
    """The totals of some kinds of line at one site, and those of its country (whose rows have no site)."""
    values = {"operation": operation, "of_country": country, "site": str(site), "kinds": [*kinds]}
    return _rows(session, _OF_PLACES, values)


def _rows(session: Session, query: Any, values: dict[str, Any]) -> list[Row]:
    facets: dict[tuple[str, ...], Facet] = {}  # few facets stand in many rows
    rows = []
    for found in session.execute(query, values).all():
        sides = found[4:-2]
        facet = facets.get(sides) or facets.setdefault(sides, Facet(*sides))
        rows.append(Row(found[0], found[1], found[2], found[3], facet, found[-2], found[-1]))
    return rows
