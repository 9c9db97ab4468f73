"""The little language of scenarios: who takes part, what was published, and what happens when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid5

from sqlmodel import Session

from operations.catalogue.kpis import Kpi
from operations.core.people import Actor
from operations.core.vocabulary import OperationType, Role

HOUSE = UUID("6d757374-6572-4000-8000-736365656e65")
"""The namespace of every identifier that a scenario makes."""

Qualifier = Literal["=", ">", "≥", "~", "<"]
Verb = Callable[[Session, Actor], object]
MUSTER = "muster"
"""By whom a step is done that nobody does: Muster itself, as its clock or one of its workers."""


@dataclass(frozen=True)
class StorySource:
    """Where figures were published."""

    title: str
    url: str


@dataclass(frozen=True)
class StoryFigure:
    """A figure as it was published: with its qualifier, as everything published is preliminary (domain 0.4).

    `kpi` is the key figure that the scenario's reports end in; None where no table carries it yet, and then the figure
    is shown as published and never as reported.
    """

    name: str
    value: int
    unit: str
    source: StorySource
    qualifier: Qualifier = "="
    kpi: Kpi | None = None


@dataclass(frozen=True)
class Title:
    """What a story says about itself. `past` is the number of the past operation that it tells, if any."""

    name: str
    title: str
    kind: OperationType
    summary: str
    sources: tuple[StorySource, ...]
    published: tuple[StoryFigure, ...]
    invented: str
    past: int | None = None


@dataclass(frozen=True)
class CastMember:
    """One of the cast: a role at work, not a person who exists."""

    username: str
    name: str
    role: Role
    country: str | None = None


@dataclass(frozen=True)
class ScriptStep:
    """Something that a person, or MUSTER, does at a moment. No two steps of one share a moment: it tells them apart.

    `can_wait`: nobody is missed who does it later, as a verification; a report or a sign of life that is late is.
    """

    at: datetime
    by: str
    what: str
    verb: Verb
    can_wait: bool = False


@dataclass(frozen=True)
class Scenario:
    """A story of one operation. `steps` are in the order of time; before `opens` they prepare the plan.

    `compose` writes the same story anew for another first day.
    """

    name: str
    title: str
    kind: OperationType
    summary: str
    sources: tuple[StorySource, ...]
    published: tuple[StoryFigure, ...]
    invented: str
    zone: str
    first_day: date
    operation: UUID
    opens: datetime
    cast: tuple[CastMember, ...]
    steps: tuple[ScriptStep, ...]
    compose: Callable[[date], "Scenario"]

    @property
    def starts(self) -> datetime:
        """The moment of the first step."""
        return self.steps[0].at

    @property
    def ends(self) -> datetime:
        """The moment of the last step."""
        return self.steps[-1].at


def identifier(*parts: object) -> UUID:
    """The identifier of what `parts` name: the same parts, the same identifier."""
    return uuid5(HOUSE, "/".join(str(part) for part in parts))
