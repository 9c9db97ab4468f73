"""People: accounts, where officers are posted, and the person who asks.

Accounts of officers of a country carry that country; central roles (analyst, coordinator, leadership, auditor,
administrator) carry none, except an analyst seconded by a country, who never consolidates that country.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel, col

from operations.core.clock import UtcDateTime, now
from operations.core.ids import new_id
from operations.core.vocabulary import Classification, Role

NATIONAL_ROLES = frozenset({Role.NATIONAL_OFFICER, Role.TEAM_LEADER, Role.NATIONAL_COORDINATOR})


class Account(SQLModel, table=True):
    """One person's account. `expires_at` is the end of the mandate; `disabled_at` ends it at once.

    `password_hash` is empty until the person has set a password. `handed_by` had the link in hand by which it was set
    (None: nobody but the person and the keeper of the server); `vouched_by` has confirmed since that the person has the
    account. `proposed_by` gave it a privileged role that nobody else has confirmed yet. `version` counts changes.
    """

    __table_args__ = (
        Index(
            "ix_account_unconfirmed",
            "handed_by",
            sqlite_where=text("vouched_by IS NULL AND handed_by IS NOT NULL"),
            postgresql_where=text("vouched_by IS NULL AND handed_by IS NOT NULL"),
        ),
    )
    id: UUID = Field(primary_key=True)
    username: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=120)
    role: str = Field(max_length=32)
    country: str | None = Field(default=None, max_length=3, index=True)
    clearance: str = Field(max_length=20)
    password_hash: str = Field(max_length=200)
    language: str = Field(default="en", max_length=2)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unit: str = Field(default="", max_length=120)
    emergency: bool = False
    handed_by: UUID | None = None
    vouched_by: UUID | None = None
    proposed_by: UUID | None = None
    reopened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1

    @property
    def may_enter(self) -> bool:
        """Whether the person may act now: not closed, within the mandate, and confirmed if a confirmation is needed."""
        within = self.expires_at is None or self.expires_at > now()
        return self.disabled_at is None and self.proposed_by is None and within

    @property
    def in_other_hands(self) -> bool:
        """Whether the person who had the link in hand may still be the one who uses the account."""
        return self.handed_by is not None and self.vouched_by is None


class Timed(Protocol):
    """A period from `starts` to before `ends`; None means no limit."""

    starts: datetime | None
    ends: datetime | None


class Posting(SQLModel, table=True):
    """An officer's posting to a site from `starts` to before `ends` (UTC, limits of the operation's official days).

    None means no limit. An officer who was ever posted sees and reports for the sites of the present postings and no
    others; ending a posting early sets `ends` to that moment.
    """

    __table_args__ = (CheckConstraint("starts <= ends", name="in_order"),)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    site_id: UUID = Field(foreign_key="site.id", index=True)
    starts: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends: datetime | None = Field(default=None, sa_type=UtcDateTime)
    made_by: UUID | None = Field(default=None, foreign_key="account.id")
    version: int = 1


class Assignment(SQLModel, table=True):
    """The work of a person of a central role for an operation; `starts` and `ends` as in a `Posting`.

    A `deputy` stands in during absences. `countries` are those that an analyst serves; without any, all except the one
    that seconded the analyst.
    """

    __table_args__ = (CheckConstraint("starts <= ends", name="in_order"),)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    starts: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deputy: bool = False
    countries: list[str] = Field(default_factory=list, sa_type=JSON)
    made_by: UUID | None = Field(default=None, foreign_key="account.id")
    version: int = 1


def begun(period: type[Timed], moment: datetime) -> Any:
    """An SQL condition: it has begun at `moment`, whether or not it has ended since. What ended before never does."""
    return col(period.starts).is_(None) | ((col(period.starts) <= moment) & held(period))


def ahead(period: type[Timed], moment: datetime) -> Any:
    """An SQL condition: it has not ended at `moment`, whether or not it has begun."""
    return col(period.ends).is_(None) | ((col(period.ends) > moment) & held(period))


def held(period: type[Timed]) -> Any:
    """An SQL condition: it holds at some moment, past or to come."""
    return col(period.starts).is_(None) | col(period.ends).is_(None) | (col(period.starts) < col(period.ends))


def in_effect(period: type[Timed], moment: datetime) -> Any:
    """Return an SQL condition: in effect at `moment`."""
    return begun(period, moment) & ahead(period, moment)


@dataclass(frozen=True)
class Actor:
    """The person who asks: the only source of role, country and reach. Made by `membership.actor`, never from a form.

    `operations` are those the person works for; `sites` those of the postings that hold now. Whoever was `posted` once,
    or is somewhere, is bound to them, though there may be none left; all others work for the whole country. `serves`:
    the countries, each with its operation, that an analyst works for where that is not all. `alike` are the accounts
    that the same person may be using, as far as nobody else has vouched for them. `left`: operations that the country
    has left, in which it reads its own figures and nothing else. `only`: the one operation that a screen on a wall
    shows; such an actor reads no other and writes nothing. `sign_in_id`: the session of a browser through which the
    person asks; every transaction asks anew whether that still stands. `idle` is how long that session lasts without a
    request, and `session_ends` when it ends whatever happens; `proven_at` is when the person last gave their password.
    """

    account_id: UUID
    name: str
    role: Role
    country: str | None
    clearance: Classification
    language: str = "en"
    operations: frozenset[UUID] = field(default_factory=frozenset)
    sites: frozenset[UUID] = field(default_factory=frozenset)
    posted: bool = False
    serves: frozenset[tuple[UUID, str]] = field(default_factory=frozenset)
    alike: frozenset[UUID] = field(default_factory=frozenset)
    left: frozenset[UUID] = field(default_factory=frozenset)
    only: UUID | None = None
    sign_in_id: UUID | None = field(default=None, compare=False)
    idle: timedelta | None = field(default=None, compare=False)
    session_ends: datetime | None = field(default=None, compare=False)
    proven_at: datetime | None = field(default=None, compare=False)

    def __hash__(self) -> int:
        """Hash the attributes that nearly always differ: actors are looked up for each screen at each pulse."""
        return hash((self.account_id, self.role, self.country, self.only))

    def is_one_of(self, *accounts: UUID | None) -> bool:
        """Whether one of `accounts` is, or may be, this person's own, where four eyes are needed."""
        return self.account_id in accounts or not self.alike.isdisjoint(accounts)

    def within(self, fresh: "Actor") -> bool:
        """Whether the same person, read anew, may still do all that this actor may."""
        return (
            (self.role, self.country, self.clearance) == (fresh.role, fresh.country, fresh.clearance)
            and (self.posted, self.serves) == (fresh.posted, fresh.serves)
            and self.operations <= fresh.operations
            and self.sites <= fresh.sites
            and self.left <= fresh.left | fresh.operations
            and self.alike >= fresh.alike
        )

    @property
    def bound(self) -> bool:
        """Whether this officer is limited to the sites of postings, even if none is left."""
        return self.posted or bool(self.sites)

    @property
    def national(self) -> bool:
        """Whether this person acts for a country."""
        return self.role in NATIONAL_ROLES


@dataclass(frozen=True)
class System:
    """Muster itself: migrations, recounts, the timetable. Reads everything; takes no decisions that people take."""

    name: str = "Muster"
