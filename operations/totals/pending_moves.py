"""Pending moves: changes of totals in this transaction, collected until their journal entry is written."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from operations.core import history

_MOVED = history.pending("muster_moved")
GONE = ""
"""The value of a site or country from which no report is expected any more."""

Cell = tuple[str, str, str, int, tuple[str, ...]]
"""The finest cell of totals: country, official day, site, level and the sides of a line."""

Side = tuple[str, int, tuple[str, ...], str, str]
"""The key of a margin: country, level and the sides of a line, then dimension and code."""


def _sums() -> defaultdict[Any, list[int]]:
    return defaultdict(lambda: [0, 0])


@dataclass
class Moves:
    """Changes of cells and margins (records, quantity), of sites' last reports, and of participating countries."""

    cells: dict[Cell, list[int]] = field(default_factory=_sums)
    margins: dict[Side, list[int]] = field(default_factory=_sums)
    sites: dict[str, list[Any] | str] = field(default_factory=dict)
    countries: dict[str, list[Any] | str] = field(default_factory=dict)

    def site(self, site: UUID, country: str, last: datetime | None) -> None:
        """Note a planned site, with its last report if there is one."""
        self.sites[str(site)] = [country, last.isoformat() if last else None]

    def country(self, country: str, shares: bool, validated: bool, kept: str) -> None:
        """Note a country: whether it shares its totals and has validated, and its choice in `kept` if it left."""
        self.countries[country] = [shares, validated, kept]


def moves_of(session: Session, operation: UUID) -> Moves:
    """Return the object that collects an operation's moves in this transaction."""
    by_operation: defaultdict[UUID, Moves] = session.info.setdefault(_MOVED, defaultdict(Moves))
    return by_operation[operation]


def taken(session: Session) -> dict[UUID, Moves]:
    """Return the moves since the last entry by operation, and clear them."""
    by_operation: dict[UUID, Moves] = session.info.pop(_MOVED, {})
    return by_operation
