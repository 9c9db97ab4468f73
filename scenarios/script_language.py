"""Data model of scenarios: cast, published figures, and timed steps."""

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
Verb = Callable[..., object]
"""Does a step, as `verb(session, actor)`; what was worked out before it is handed to it as well."""
Before = Callable[[Session, Actor], object]
MUSTER = "muster"
"""The actor of steps that Muster itself takes, as its clock or one of its workers."""


@dataclass(frozen=True)
class StorySource:
    """A publication of figures."""

    title: str
    url: str


@dataclass(frozen=True)
class StoryFigure:
    """A published figure with its qualifier, as everything published is preliminary (domain 0.4).

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
    """The description of a story. `past` is the number of the past operation that it tells, if any."""

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
    """A member of the cast: a role at work, not a person who exists."""

    username: str
    name: str
    role: Role
    country: str | None = None


@dataclass(frozen=True)
class ScriptStep:
    """An act of a person, or of MUSTER, at a moment. A person's steps have distinct moments, which identify them.

    `can_wait`: nobody is missed who does it later, as a verification; a report or a sign of life that is late is.
    `before` works out what takes long, so that nobody waits for it: it reads alone, and what it returns is handed to
    the verb.
    """

    at: datetime
    by: str
    what: str
    verb: Verb
    can_wait: bool = False
    before: Before | None = None


@dataclass(frozen=True)
class Scenario:
    """A story of one operation. `steps` are sorted by time; those before `opens` prepare the plan.

    `compose` builds the same story anew for another first day.
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
    """Return the deterministic identifier of `parts`: the same parts, the same identifier."""
    return uuid5(HOUSE, "/".join(str(part) for part in parts))
