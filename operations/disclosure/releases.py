"""Releases: what an audience is shown of guarded figures, which moves in steps that give nothing away.

A release is a recorded fact: from an entry of the journal on, this audience reads this figure as it was with an
earlier entry, in exactly these numbers. What stood at that entry is told by it, hidden cells included, so nothing is
worked out again when somebody reads it, now or later. Whether one may be made is decided in `decision`.

What happened to single reports moves with them: who sees guarded figures reads of it as far as a release goes (`told`).
"""

import json
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import LargeBinary
from sqlmodel import Field, Session, SQLModel, col

from operations.catalogue.definition import Audience
from operations.catalogue.kpis import Kpi
from operations.core import history as past
from operations.core.clock import UtcDateTime
from operations.core.journal import Entry
from operations.core.people import Actor
from operations.core.permissions import GRANTS, Act
from operations.core.session_cache import once
from operations.core.store import unscoped
from operations.core.vocabulary import Level, Role
from operations.disclosure.figure_cube import Cube, Reader

SUMS, TABLES = "sums", "tables"
"""What a release tells: the sums of the whole operation alone, or countries and days and parts with them."""
FEED = "feed"
"""Stands where a figure would: until which entry an audience was told what happened to reports and claims."""
IN_STEPS = ("report", "claim")
"""The kinds of objects whose entries are told with releases: what a report says, and that two may say the same."""
LEVELS = tuple(int(level) for level in Level if level > Level.V0)


class Release(SQLModel, table=True):
    """From entry `seq` on an audience is shown a figure as it was with entry `state`. `content` is packed JSON."""

    __tablename__ = "release"
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    audience: str = Field(primary_key=True, max_length=16)
    kpi: str = Field(primary_key=True, max_length=8)
    seq: int = Field(primary_key=True)
    scope: str = Field(max_length=8)
    state: int
    state_at: datetime = Field(sa_type=UtcDateTime)
    at: datetime = Field(sa_type=UtcDateTime)
    content: bytes = Field(sa_type=LargeBinary)


_TABLE: sa.Table = Release.__table__  # type: ignore[attr-defined]
_ENTRIES: sa.Table = Entry.__table__  # type: ignore[attr-defined]
_LAST = 2**31 - 1


def audience_of(reader: Reader) -> str:
    """The name under which releases are made for this reader: each country is an audience, and in it who answers."""
    if reader.home is None:
        return str(reader.audience or "")
    return reader.home if reader.own else f"{reader.home}:post"


class ToldRelease(NamedTuple):
    """A release as it is read."""

    seq: int
    scope: str
    state: int
    state_at: datetime
    content: dict[str, Any]


def packed(content: Mapping[str, Any]) -> bytes:
    """A content as it is kept."""
    return zlib.compress(json.dumps(content, separators=(",", ":"), sort_keys=True).encode())


def _told(row: Any) -> ToldRelease:
    return ToldRelease(row.seq, row.scope, row.state, row.state_at, json.loads(zlib.decompress(row.content)))


_HISTORY = unscoped(
    sa.select(*(_TABLE.c[name] for name in ("seq", "scope", "state", "state_at", "content")))
    .where(
        _TABLE.c.operation_id == sa.bindparam("operation"),
        _TABLE.c.audience == sa.bindparam("audience"),
        _TABLE.c.kpi == sa.bindparam("kpi"),
    )
    .order_by(_TABLE.c.seq)
)
_NEWEST = (
    sa.select(_TABLE.c.kpi, _TABLE.c.scope, sa.func.max(_TABLE.c.seq).label("seq"))
    .where(
        _TABLE.c.operation_id == sa.bindparam("operation"),
        _TABLE.c.audience == sa.bindparam("audience"),
        _TABLE.c.kpi != FEED,
        _TABLE.c.seq <= sa.bindparam("until"),
    )
    .group_by(_TABLE.c.kpi, _TABLE.c.scope)
    .subquery()
)
_READ = unscoped(
    sa.select(*(_TABLE.c[name] for name in ("kpi", "seq", "scope", "state", "state_at", "content")))
    .join_from(_TABLE, _NEWEST, (_TABLE.c.kpi == _NEWEST.c.kpi) & (_TABLE.c.seq == _NEWEST.c.seq))
    .where(_TABLE.c.operation_id == sa.bindparam("operation"), _TABLE.c.audience == sa.bindparam("audience"))
)


def history(session: Session, operation: UUID, audience: str, kpi: str) -> list[ToldRelease]:
    """Every release of a figure, or of the FEED, to an audience, the oldest first; whoever asks."""
    values = {"operation": operation, "audience": audience, "kpi": kpi}
    return [_told(row) for row in session.execute(_HISTORY, values)]


def told(actor: Actor, at: int | None = None) -> Any:
    """An SQL condition on entries of the journal: of single reports and claims only as far as this person was told.

    With `at` as it was when that entry was the newest. A country's people, and desks that answer for all, read of the
    reports that are theirs at once; leadership with its releases, and whoever else serves all countries as outside.
    """
    if _at_once(actor):
        return sa.true()
    return col(Entry.object_kind).not_in(IN_STEPS) | (col(Entry.seq) <= _fed(actor, col(Entry.operation_id), at))


def told_of(actor: Actor, kind: str, object_id: Any) -> Any:
    """An SQL condition on objects of a kind that is told IN_STEPS: this person was told all that happened to one.

    What happened in several operations stands in each of them, and is told when all of them were.
    """
    if _at_once(actor):
        return sa.true()
    untold = sa.select(_ENTRIES.c.seq).where(
        _ENTRIES.c.object_kind == kind,
        _ENTRIES.c.object_id == object_id,
        _ENTRIES.c.seq > sa.func.coalesce(_fed(actor, _ENTRIES.c.operation_id), 0),
    )
    return ~untold.exists()


def _at_once(actor: Actor) -> bool:
    return actor.national or actor.role in GRANTS[Act.TOTALS_UNSUPPRESSED]


def _fed(actor: Actor, operation_id: Any, at: int | None = None) -> Any:
    """Until which entry a person was told what happened, in an operation."""
    audience = Audience.LEADERSHIP if actor.role is Role.LEADERSHIP else Audience.OUTSIDE
    feed = sa.select(sa.func.max(_TABLE.c.state)).where(
        _TABLE.c.operation_id == operation_id, _TABLE.c.audience == audience, _TABLE.c.kpi == FEED
    )
    if at is not None:
        feed = feed.where(_TABLE.c.seq <= at)
    return feed.scalar_subquery()


@dataclass(frozen=True)
class Stands(Cube):
    """A guarded figure as it was released: `sums` and `tables` are the releases that tell it, None before the first.

    A country or a day whose newest number would give something away stands in them as it was before. What a country
    keeps back since, and did not then, hides the whole figure until the next release.
    """

    sums: ToldRelease | None = None
    tables: ToldRelease | None = None

    @classmethod
    def of(cls, found: Collection[ToldRelease], reader: Reader) -> "Stands":
        """From the newest of each scope."""
        known = [each for each in found if reader.kept_back <= set(each.content["kept"])]
        sums = max(known, key=lambda each: each.seq, default=None)
        tables = max((each for each in known if each.scope == TABLES), key=lambda each: each.seq, default=None)
        return cls(
            dict.fromkeys(LEVELS, None) if sums is None else _leveled(sums.content["totals"]),
            _by_level(tables.content["countries"]) if tables else {},
            _by_level(tables.content["days"]) if tables else {},
            sums=sums,
            tables=tables,
        )

    def country(self, country: str, wanted: Callable[[int], bool]) -> int | None:
        """The amount of one country; None where no table was released."""
        return super().country(country, wanted) if self.tables else None

    def by_day(self, wanted: Callable[[int], bool]) -> dict[str, int | None] | None:
        """The amount of each official day that has any; None where no day is told."""
        told = super().by_day(wanted) if self.tables else None
        return None if told and not any(count is not None for count in told.values()) else told

    def is_few(self, level: Level, country: str | None) -> bool:
        """Whether a hidden number may be called one of 1 to 10 persons."""
        told = self.tables if country else self.sums
        return told is not None and int(level) in told.content["few"].get(country or "", ())

    def qualifier(self, level: Level) -> str:
        """What the sum may be called."""
        return self.sums.content["qualifiers"].get(str(int(level)), "") if self.sums else ""

    def parts_at(self, level: Level) -> Mapping[str, int] | None:
        """What the parts of its share hold from a level on; None where that is not told."""
        return self.tables.content["parts"].get(str(int(level))) if self.tables else None


def _leveled(found: Mapping[str, Any]) -> dict[int, Any]:
    return {int(level): cells for level, cells in found.items()}


def _by_level(columns: Mapping[str, Mapping[str, int | None]]) -> dict[int, dict[str, int | None]]:
    levels: dict[int, dict[str, int | None]] = {}
    for name, column in columns.items():
        for level, amount in column.items():
            levels.setdefault(int(level), {})[name] = amount
    return levels


def stands(session: Session, operation: UUID, reader: Reader) -> dict[Kpi, Stands]:
    """What was released to this reader, by figure, at the entry at which the session looks. None is what never was."""
    at = past.at(session)
    values = {"operation": operation, "audience": audience_of(reader), "until": _LAST if at is None else at}
    found: dict[Kpi, list[ToldRelease]] = {}
    for kpi, each in once(session, (stands, *values.values()), lambda: _read(session, values)):
        found.setdefault(kpi, []).append(each)
    return {kpi: Stands.of(each, reader) for kpi, each in found.items()}


def _read(session: Session, values: Mapping[str, Any]) -> list[tuple[Kpi, ToldRelease]]:
    return [(Kpi(row.kpi), _told(row)) for row in session.execute(_READ, values)]


NOTHING = Stands.of((), Reader(full=False))
