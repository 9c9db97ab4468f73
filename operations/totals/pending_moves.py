"""What a change moves on boards, gathered until the entry that tells of it is written."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from operations.core import history

_MOVED = history.pending("muster_moved")
GONE = ""
"""What stands for a site or a country that is waited for no longer."""

Cell = tuple[str, str, str, int, tuple[str, ...]]
"""The finest cell of totals: country, official day, site, level and the sides of a line."""

Side = tuple[str, int, tuple[str, ...], str, str]
"""What a margin is of: country, level and the sides of a line, then dimension and code."""


def _sums() -> defaultdict[Any, list[int]]:
    return defaultdict(lambda: [0, 0])


@dataclass
class Moves:
    """By how much cells and margins moved (records, quantity); when sites were last heard from; which countries take
    part, how.
    """

    cells: dict[Cell, list[int]] = field(default_factory=_sums)
    margins: dict[Side, list[int]] = field(default_factory=_sums)
    sites: dict[str, list[Any] | str] = field(default_factory=dict)
    countries: dict[str, list[Any] | str] = field(default_factory=dict)

    def site(self, site: UUID, country: str, last: datetime | None) -> None:
        """A site is waited for, or was last heard from then."""
        self.sites[str(site)] = [country, last.isoformat() if last else None]

    def country(self, country: str, shares: bool, validated: bool, kept: str) -> None:
        """A country takes part, or left and `kept` its figures so; whether it shares them and has validated any."""
        self.countries[country] = [shares, validated, kept]


def moved(session: Session, operation: UUID) -> Moves:
    """Where what moves in an operation is noted."""
    found: defaultdict[UUID, Moves] = session.info.setdefault(_MOVED, defaultdict(Moves))
    return found[operation]


def taken(session: Session) -> dict[UUID, Moves]:
    """What was noted since the last entry, by operation; it is forgotten with this."""
    found: dict[UUID, Moves] = session.info.pop(_MOVED, {})
    return found
