"""Roles of countries on the routes: origin, transit, destination; often several of these.

A role is never changed: a new version is added, and the newest counts, for each of the years after.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core.clock import UtcDateTime
from operations.core.drafts import FIELD, Draft, NeededWords, rule
from operations.core.field_labels import N_, Label
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, require
from operations.core.store import alone
from operations.core.vocabulary import Country
from operations.posts import register

ROLES = {"source": N_("Source"), "transit": N_("Transit"), "destination": N_("Destination")}
"""The possible roles on a route, in the order of a journey."""
_SPACE = UUID("5c1f6a50-0f1b-4a4e-9a3e-7d6b6f0a9e11")
"""Namespace of the lock by which two writers about one country wait for each other."""


class CountryRole(SQLModel, table=True):
    """A version of a country's roles. Immutable; the newest version counts."""

    __tablename__ = "country_role"
    __table_args__ = (
        UniqueConstraint("country", "version"),
        CheckConstraint("source OR transit OR destination", name="something"),
    )
    id: UUID = Field(primary_key=True)
    country: str = Field(max_length=3, index=True)
    version: int
    source: bool
    transit: bool
    destination: bool
    basis: str = Field(max_length=2000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def roles(self) -> list[str]:
        """The roles, in the order of a journey."""
        return [name for name in ROLES if getattr(self, name)]


register.own_rows(CountryRole, Act.POST_READ)
register.own_entries("country role", Act.POST_READ)
ROLE = Noun(
    CountryRole,
    "country role",
    register.record,
    N_("This was already recorded with other content. Reload the page to see it."),
)

_NOTHING = rule("no_role", "Choose at least one: source, transit or destination.")


class RoleDraft(Draft):
    """Draft of a country's roles, with their source."""

    id: UUID
    country: Annotated[Country, Label(N_("Country"))]
    source: Annotated[bool, Label(N_("Source"), N_("Journeys begin there."))] = False
    transit: Annotated[bool, Label(N_("Transit"), N_("Journeys lead through it."))] = False
    destination: Annotated[bool, Label(N_("Destination"), N_("Journeys end there."))] = False
    basis: Annotated[NeededWords, Label(N_("What it rests on"), N_("A report, figures, an analysis, with its date."))]

    @model_validator(mode="after")
    def _something(self) -> "RoleDraft":
        if not (self.source or self.transit or self.destination):
            raise PydanticCustomError(_NOTHING, "no role", {FIELD: "source"})
        return self


def said_of(session: Session, country: str) -> Sequence[CountryRole]:
    """Return all versions of a country's roles, newest first."""
    query = select(CountryRole).where(CountryRole.country == country)
    found: Sequence[CountryRole] = session.exec(query.order_by(col(CountryRole.version).desc())).all()
    return found


def current_roles(session: Session) -> Mapping[str, CountryRole]:
    """Return the current roles of each country that the asker may know."""
    return {each.country: each for each in session.exec(select(CountryRole).order_by(col(CountryRole.version)))}


def set_roles(session: Session, draft: RoleDraft, by: Actor) -> CountryRole:
    """Set the roles of a country. Idempotent for the same draft; other content under its id is a Conflict."""
    require(by, Act.POST_KEEP, Subject(country=draft.country))
    alone(session, uuid5(_SPACE, draft.country))
    if known := ROLE.known(session, said := draft.model_dump()):
        return known
    before = said_of(session, draft.country)
    said |= {"version": before[0].version + 1 if before else 1}
    return ROLE.write(session, by, "role.say", said, roles=[name for name in ROLES if said[name]])
