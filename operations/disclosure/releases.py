"""Releases: guarded figures as an audience is shown them, updated in steps that reveal nothing.

There are two audiences: leadership, and everybody else. What is told outside is told to everybody, and countries read
it beside their own results.

A release is a recorded fact: from a journal entry on, this audience reads this figure as of an earlier entry, in
exactly these numbers. It holds the numbers as of that entry, hidden cells included, so nothing is computed again when
somebody reads it, now or later. `figures.releases.decision` decides whether one may be made.

News of single reports moves with releases: readers of guarded figures see journal entries only as far as a release goes
(`told`).
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
from operations.core.session_cache import once_for_all
from operations.core.store import unscoped
from operations.core.vocabulary import Level, Role
from operations.disclosure.figure_cube import Cube, Reader

SUMS, TABLES = "sums", "tables"
"""The scope of a release: the sums of the whole operation alone, or countries, days and parts with them."""
UNDECIDED = "pending"
"""The scope of a decision that took too long: the figure stands as it was told."""
FEED = "feed"
"""Takes the place of a figure: up to which entry an audience may read about reports and claims."""
IN_STEPS = ("report", "claim")
"""The kinds of objects whose journal entries appear with releases: reports, and claims that two are the same."""
LEVELS = tuple(int(level) for level in Level if level > Level.V0)


class Release(SQLModel, table=True):
    """From entry `seq` on, an audience is shown a figure as of entry `state`. `content` is packed JSON."""

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
    """Return the audience of this reader. Countries read what is told outside, and their own results beside it."""
    return str(reader.audience or "") if reader.home is None else str(Audience.OUTSIDE)


class ReleaseView(NamedTuple):
    """A release, as read."""

    seq: int
    scope: str
    state: int
    state_at: datetime
    content: dict[str, Any]
    at: datetime


def packed(content: Mapping[str, Any]) -> bytes:
    """Return a content in its stored form."""
    return zlib.compress(json.dumps(content, separators=(",", ":"), sort_keys=True).encode())


def _told(row: Any) -> ReleaseView:
    return ReleaseView(row.seq, row.scope, row.state, row.state_at, json.loads(zlib.decompress(row.content)), row.at)


_HISTORY = unscoped(
    sa.select(*(_TABLE.c[name] for name in ("seq", "scope", "state", "state_at", "content", "at")))
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
    sa.select(*(_TABLE.c[name] for name in ("kpi", "seq", "scope", "state", "state_at", "content", "at")))
    .join_from(_TABLE, _NEWEST, (_TABLE.c.kpi == _NEWEST.c.kpi) & (_TABLE.c.seq == _NEWEST.c.seq))
    .where(_TABLE.c.operation_id == sa.bindparam("operation"), _TABLE.c.audience == sa.bindparam("audience"))
)


def history(session: Session, operation: UUID, audience: str, kpi: str) -> list[ReleaseView]:
    """Return every release of a figure, or of the FEED, to an audience, oldest first. Applies no permissions."""
    values = {"operation": operation, "audience": audience, "kpi": kpi}
    return [_told(row) for row in session.execute(_HISTORY, values)]


def readable_entries(actor: Actor, at: int | None = None) -> Any:
    """Return an SQL condition on journal entries: those of reports and claims only as far as this person may read.

    With `at`, as of that entry. National users, and desks that answer for all countries, read of their reports at once;
    leadership reads with its releases, and others who serve all countries with those for outside.
    """
    if _at_once(actor):
        return sa.true()
    return col(Entry.object_kind).not_in(IN_STEPS) | (col(Entry.seq) <= _fed(actor, col(Entry.operation_id), at))


def told_of(actor: Actor, kind: str, object_id: Any) -> Any:
    """Return an SQL condition on objects of a kind that moves IN_STEPS: this person may read all its entries.

    An object with entries in several operations is shown once those of all of them may be read.
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
    """Return the entry up to which a person may read the journal of an operation."""
    audience = Audience.LEADERSHIP if actor.role is Role.LEADERSHIP else Audience.OUTSIDE
    feed = sa.select(sa.func.max(_TABLE.c.state)).where(
        _TABLE.c.operation_id == operation_id, _TABLE.c.audience == audience, _TABLE.c.kpi == FEED
    )
    if at is not None:
        feed = feed.where(_TABLE.c.seq <= at)
    return feed.scalar_subquery()


class EarlierNumber(NamedTuple):
    """A number from a level up that the newest release hides, as an earlier one told it last."""

    amount: int
    state: int
    state_at: datetime


@dataclass(frozen=True)
class ReleasedFigure(Cube):
    """A guarded figure as released. `sums` and `tables` are the releases that hold it, None before the first.

    A country or day whose newest number would reveal a hidden one keeps its earlier number in them. A country that
    began to keep its totals back since then hides the whole figure until the next release.
    """

    sums: ReleaseView | None = None
    tables: ReleaseView | None = None
    undecided: bool = False
    """Whether the newest decision took too long."""

    @classmethod
    def of(cls, found: Collection[ReleaseView], reader: Reader) -> "ReleasedFigure":
        """Return the figure from the newest release of each scope."""
        known = [
            release
            for release in found
            if release.scope != UNDECIDED and reader.kept_back <= set(release.content["kept"])
        ]
        sums = max(known, key=lambda each: each.seq, default=None)
        tables = max((each for each in known if each.scope == TABLES), key=lambda each: each.seq, default=None)
        return cls(
            dict.fromkeys(LEVELS, None) if sums is None else _leveled(sums.content["totals"]),
            _by_level(tables.content["countries"]) if tables else {},
            _by_level(tables.content["days"]) if tables else {},
            sums=sums,
            tables=tables,
            undecided=bool(found) and max(found, key=lambda release: release.seq).scope == UNDECIDED,
        )

    def country(self, country: str, wanted: Callable[[int], bool]) -> int | None:
        """Return the amount of one country; None where no table was released."""
        return super().country(country, wanted) if self.tables else None

    def by_day(self, wanted: Callable[[int], bool]) -> dict[str, int | None] | None:
        """Return the amount of each official day that has any; None where days are hidden."""
        told = super().by_day(wanted) if self.tables else None
        return None if told and not any(count is not None for count in told.values()) else told

    def earlier(self, level: Level, country: str | None) -> EarlierNumber | None:
        """Return what was told last of a number that is hidden now: the total, or that of a country."""
        told = self.tables if country else self.sums
        found = told and told.content.get("earlier", {}).get(country or "", {}).get(str(int(level)))
        return EarlierNumber(found[0], found[1], datetime.fromisoformat(found[2])) if found else None

    def is_few(self, level: Level, country: str | None) -> bool:
        """Whether a hidden number may be labelled as 1 to 10 persons."""
        told = self.tables if country else self.sums
        return told is not None and int(level) in told.content["few"].get(country or "", ())

    def qualifier(self, level: Level) -> str:
        """Return the qualifier of the sum."""
        return self.sums.content["qualifiers"].get(str(int(level)), "") if self.sums else ""

    def parts_at(self, level: Level) -> Mapping[str, int] | None:
        """Return the parts of its share from a level up; None where they are hidden."""
        return self.tables.content["parts"].get(str(int(level))) if self.tables else None


def _leveled(found: Mapping[str, Any]) -> dict[int, Any]:
    return {int(level): cells for level, cells in found.items()}


def _by_level(columns: Mapping[str, Mapping[str, int | None]]) -> dict[int, dict[str, int | None]]:
    levels: dict[int, dict[str, int | None]] = {}
    for name, column in columns.items():
        for level, amount in column.items():
            levels.setdefault(int(level), {})[name] = amount
    return levels


def released_figures(session: Session, operation: UUID, reader: Reader) -> dict[Kpi, ReleasedFigure]:
    """Return the figures released to this reader as of the session's entry; figures never released are left out."""
    at = past.at(session)
    values = {"operation": operation, "audience": audience_of(reader), "until": _LAST if at is None else at}
    found: dict[Kpi, list[ReleaseView]] = {}
    for kpi, release in once_for_all(session, (released_figures, *values.values()), lambda: _read(session, values)):
        found.setdefault(kpi, []).append(release)
    return {kpi: ReleasedFigure.of(releases, reader) for kpi, releases in found.items()}


def _read(session: Session, values: Mapping[str, Any]) -> list[tuple[Kpi, ReleaseView]]:
    return [(Kpi(row.kpi), _told(row)) for row in session.execute(_READ, values)]


NOTHING = ReleasedFigure.of((), Reader(full=False))
