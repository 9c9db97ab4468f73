"""Facts of teams as plain values: team, needs, engagements, rules of rest, hours of travel.

`suitability` compares them.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

Travel = Callable[[str, str], float | None]
"""Hours from one place to another, by their keys; None where no way is known."""


@dataclass(frozen=True, order=True, slots=True)
class TimeWindow:
    """A window from one moment to another (aware); the end is exclusive."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None or self.end <= self.start:
            raise ValueError("A window runs from an aware moment to a later one.")

    def holds(self, start: datetime, end: datetime) -> bool:
        """Return whether all of start to end lies inside."""
        return self.start <= start and end <= self.end

    def meets(self, start: datetime, end: datetime) -> bool:
        """Return whether any of start to end lies inside."""
        return self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """A team. `certificates`: code to its end, None without one. `ready_at`: the earliest departure.

    `home` is the key of the place it starts from and returns to. Costs are in the currency of the budget.
    """

    id: str
    country: str
    home: str
    specialisms: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    certificates: Mapping[str, datetime | None] = field(default_factory=dict)
    unavailable: tuple[TimeWindow, ...] = ()
    persons: int = 1
    ready_at: datetime | None = None
    cost_per_day: float = 0.0
    cost_per_travel_hour: float = 0.0


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """A need: `hours` of work at a place without a break inside one of `windows`, by one team with all listed
    qualities.

    `priority`: 1 to 5, 5 the most pressing. `country`: where the place lies. `beside`: ids of needs that stand together
    with it, met all or none and from the same moment; `one_base`: their teams come from one base, which is `base` where
    that is decided.
    """

    id: str
    site: str
    windows: tuple[TimeWindow, ...]
    hours: float
    specialisms: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    persons: int = 1
    priority: int = 3
    country: str = ""
    beside: frozenset[str] = frozenset()
    one_base: bool = False
    base: str = ""

    def __post_init__(self) -> None:
        if not self.windows or not 0 < self.hours < math.inf:
            raise ValueError("A need has a window and takes time.")


@dataclass(frozen=True, order=True, slots=True)
class TeamEngagement:
    """A team at a place for a need, from `start` to `end` (aware)."""

    start: datetime
    end: datetime
    team: str
    need: str
    site: str

    @classmethod
    def of(cls, team: TeamFacts, need: NeedFacts, start: datetime) -> "TeamEngagement":
        """Return the engagement that begins at `start` and lasts as long as the need."""
        return cls(start, start + timedelta(hours=need.hours), team.id, need.id, need.site)

    @property
    def hours(self) -> float:
        """The duration in hours."""
        return (self.end - self.start) / timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class RestRules:
    """Rules of rest. Work without `rest` hours free of travel in between is one duty, of `longest_duty` hours at most.

    Work longer than that is done in shifts at its place: it takes its rest there, but needs one before and after. Of
    any `of_days` days in a row a duty may begin on at most `most_days`; work in shifts does not count. Days are those
    of `zone`.
    """

    rest: float = 11.0
    longest_duty: float = 12.0
    most_days: int = 5
    of_days: int = 7
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if not (self.rest >= 0 and self.longest_duty > 0 and 1 <= self.most_days <= self.of_days):
            raise ValueError("Rules of rest need hours of 0 or more and at least one day of duty.")

    def in_shifts(self, hours: float) -> bool:
        """Return whether work this long is done in shifts at its place."""
        return hours > self.longest_duty

    def day(self, moment: datetime) -> date:
        """Return the day of a moment."""
        return moment.astimezone(ZoneInfo(self.zone)).date()


class Hours:
    """Hours of travel from a table. Where only one direction is known, it serves for both; 0 to the same place.

    >>> hours = Hours({("Niamey", "Agadez"): 12.5})
    >>> hours("Agadez", "Niamey"), hours("Niamey", "Niamey"), hours("Niamey", "Tunis")
    (12.5, 0.0, None)
    """

    def __init__(self, table: Mapping[tuple[str, str], float]) -> None:
        self.table = dict(table)

    def __call__(self, a: str, b: str) -> float | None:
        """Return the hours from `a` to `b`; None where no way is known."""
        if a == b:
            return 0.0
        return self.table.get((a, b), self.table.get((b, a)))
