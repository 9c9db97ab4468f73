"""Message preferences of a person: inbox or mail, quiet hours, and a daily digest (domain 4).

Everybody sets their own.

The default is the inbox. Quiet hours hold mail back until they end; the inbox is never held back. Urgent messages are
sent at once.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Field, Session, SQLModel, col

from operations.core import rows
from operations.core.accounts import MailAddress
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, Zone, rule
from operations.core.errors import Stale
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import scoped
from operations.core.vocabulary import MessageWay

_NEVER = datetime.min.replace(tzinfo=UTC)
_ADDRESS_NEEDED = rule("address_needed", "Mail needs an address: give one, or choose the inbox alone.")
_QUIET_WHOLE = rule("quiet_whole", "Quiet hours need a beginning and an end: give both, or neither.")
_QUIET_EMPTY = rule("quiet_empty", "Quiet hours must end at another hour than they begin.")


class MessageHabits(SQLModel, table=True):
    """The message preferences of a person. `quiet_from`, `quiet_to` and `digest_at` are hours of the day in `zone`."""

    __tablename__ = "message_habits"
    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    way: str = Field(default=MessageWay.INBOX.value, max_length=8)
    address: str = Field(default="", max_length=254)
    zone: str = Field(default="UTC", max_length=64)
    quiet_from: time | None = None
    quiet_to: time | None = None
    digest_at: time | None = None
    changed_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def version(self) -> str:
        """When they were chosen, as text; "" for the default."""
        return self.changed_at.isoformat() if self.changed_at > _NEVER else ""

    @property
    def by_mail(self) -> bool:
        """Whether this person gets mail."""
        return self.way != MessageWay.INBOX and bool(self.address)


@scoped(MessageHabits)
def _habits_seen(actor: Actor) -> object:
    return col(MessageHabits.account_id) == actor.account_id


class HabitsDraft(Draft):
    """Draft of message preferences. Empty hours: no quiet hours, no digest."""

    way: Annotated[MessageWay, Label(N_("Where you are told"), listed="CL-MESSAGEWAY")] = MessageWay.INBOX
    address: Annotated[MailAddress, Label(N_("Mail address"))] = ""
    zone: Annotated[Zone, Label(N_("Time zone of these hours"), draws="zone")] = "UTC"
    quiet_from: Annotated[time | None, Label(N_("Quiet from"))] = None
    quiet_to: Annotated[time | None, Label(N_("Quiet until"))] = None
    digest_at: Annotated[time | None, Label(N_("One mail a day at"), N_("Empty: each message at once."))] = None

    @model_validator(mode="after")
    def _whole(self) -> "HabitsDraft":
        if self.way is not MessageWay.INBOX and not self.address:
            raise PydanticCustomError(_ADDRESS_NEEDED, "address needed")
        if (self.quiet_from is None) != (self.quiet_to is None):
            raise PydanticCustomError(_QUIET_WHOLE, "quiet hours are not whole")
        if self.quiet_from is not None and self.quiet_from == self.quiet_to:
            raise PydanticCustomError(_QUIET_EMPTY, "quiet hours are empty")
        return self


def habits(session: Session, by: Actor) -> MessageHabits:
    """Return the preferences of `by`, or the default."""
    return rows.find(session, MessageHabits, by.account_id) or MessageHabits(
        account_id=by.account_id, changed_at=_NEVER
    )


def choose(session: Session, draft: HabitsDraft, seen: str, by: Actor) -> MessageHabits:
    """Save the preferences of `by`, based on the version `seen`. Mail that waits already keeps its hour.

    Idempotent for the same draft. Raises Stale where this person chose otherwise meanwhile, as in another window.
    """
    require(by, Act.OWN_ACCOUNT)
    kept, said = rows.find_locked(session, MessageHabits, by.account_id) or habits(session, by), draft.model_dump()
    if kept.version and all(getattr(kept, name) == value for name, value in said.items()):
        return kept
    if kept.version != seen:
        raise Stale
    for name, value in said.items():
        setattr(kept, name, value.value if isinstance(value, MessageWay) else value)
    kept.changed_at = now()
    session.add(kept)
    session.flush()
    return kept


def mail_at(chosen: MessageHabits, moment: datetime, *, urgent: bool) -> tuple[datetime, bool]:
    """Return when a mail of `moment` is sent to this person, and whether with the digest.

    >>> from datetime import UTC
    >>> night = MessageHabits(quiet_from=time(22), quiet_to=time(6), zone="Africa/Niamey")
    >>> mail_at(night, datetime(2026, 3, 2, 23, 0, tzinfo=UTC), urgent=False)[0].hour
    5
    """
    if urgent:
        return moment, False
    if chosen.digest_at is not None:
        return _next(chosen.digest_at, chosen.zone, moment), True
    if _quiet(chosen, moment) and chosen.quiet_to is not None:
        return _next(chosen.quiet_to, chosen.zone, moment), False
    return moment, False


def _quiet(chosen: MessageHabits, moment: datetime) -> bool:
    if chosen.quiet_from is None or chosen.quiet_to is None:
        return False
    hour = moment.astimezone(ZoneInfo(chosen.zone)).time()
    if chosen.quiet_from < chosen.quiet_to:
        return chosen.quiet_from <= hour < chosen.quiet_to
    return hour >= chosen.quiet_from or hour < chosen.quiet_to


def _next(hour: time, zone: str, moment: datetime) -> datetime:
    """Return the first time after `moment` that clocks in `zone` show `hour`."""
    day = moment.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    while True:
        found = datetime.combine(day, hour, ZoneInfo(zone)).astimezone(moment.tzinfo)
        if found > moment:
            return found
        day += timedelta(days=1)
