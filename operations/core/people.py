"""People: accounts, where officers are posted, and who is asking.

Accounts of officers of a country carry that country; central roles (analyst, coordinator, leadership, auditor,
administrator) carry none, except an analyst seconded by a country, who never consolidates that country.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from operations.core.clock import UtcDateTime, now
from operations.core.vocabulary import Classification, Role

NATIONAL_ROLES = frozenset({Role.NATIONAL_OFFICER, Role.TEAM_LEADER, Role.NATIONAL_COORDINATOR})


class Account(SQLModel, table=True):
    """One person's account. `expires_at` is the end of the mandate; `disabled_at` ends it at once.

    `password_hash` is empty until the person has set a password. `handed_by` had the link in hand by which it was set
    (None: nobody but the person and who keeps the server), `vouched_by` is another who knows since that the person has
    the account. `proposed_by` gave it a privileged role that nobody else has confirmed yet. `version` counts changes.
    """

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
        """Whether the person may act now: not closed, within the mandate, and confirmed where that takes two."""
        within = self.expires_at is None or self.expires_at > now()
        return self.disabled_at is None and self.proposed_by is None and within

    @property
    def in_other_hands(self) -> bool:
        """Whether whoever had the link in hand may still be the one who uses the account."""
        return self.handed_by is not None and self.vouched_by is None


class Posting(SQLModel, table=True):
    """An officer works at a site. An officer with postings sees and reports for these sites only."""

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    site_id: UUID = Field(primary_key=True, foreign_key="site.id")


class Assignment(SQLModel, table=True):
    """A person of a central role works for an operation."""

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")


@dataclass(frozen=True)
class Actor:
    """Who is asking: the only source of role, country and reach. Made by `membership.actor`, never from a form.

    `operations` are those the person works for; `sites` are the postings (empty: the whole country); `alike` are the
    accounts that the same person may be using, as far as nobody else has vouched for them.
    """

    account_id: UUID
    name: str
    role: Role
    country: str | None
    clearance: Classification
    language: str = "en"
    operations: frozenset[UUID] = field(default_factory=frozenset)
    sites: frozenset[UUID] = field(default_factory=frozenset)
    alike: frozenset[UUID] = field(default_factory=frozenset)

    def is_one_of(self, *accounts: UUID | None) -> bool:
        """Whether one of `accounts` is this person's own or may be, where four eyes are needed."""
        return self.account_id in accounts or not self.alike.isdisjoint(accounts)

    @property
    def national(self) -> bool:
        """Whether this person acts for a country."""
        return self.role in NATIONAL_ROLES


@dataclass(frozen=True)
class System:
    """Muster itself: migrations, recounts, the timetable. Reads everything; decides nothing that a person decides."""

    name: str = "Muster"
