"""Webhooks: addresses of national systems that are told of each step of their country's reports, in order and once.

An event is stored in the unit of work of the step itself, for the webhooks of that country at that moment: none is told
of a step that was rolled back, and none misses one. It names the report and its step, and nothing that the report says;
a system reads that through the interface, by its token. An event is posted again under the same id until the address
accepts it, and the next one waits for it. A country whose system accepts nothing is told within the hour; after thirty
days the webhook ends.
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field as Rule
from sqlalchemy import UniqueConstraint, bindparam
from sqlmodel import Field, Session, SQLModel, col, func, select

from operations.core import installation_key, journal
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, NeededWords
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.ids import new_id
from operations.core.journal import Chain
from operations.core.noun import Noun
from operations.core.people import Account, Actor, System
from operations.core.permissions import Act, Subject, require
from operations.core.store import Store, locked, scoped, unscoped
from operations.core.vocabulary import MessageKind, Role
from operations.notices.messages import To, tell

MOST = 5
"""Webhooks of one country that live at once."""
LOT = 50
"""Events that are posted to one address before the next one's turn."""
KEPT = timedelta(days=30)
"""How long an event is kept after it was accepted, until a later one is."""
QUIET, GIVEN_UP = timedelta(hours=1), timedelta(days=30)
"""How long nothing is accepted until the country is told, and until the webhook ends."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
_TRIES = 3
"""Posts that failed before a country is told: one alone may be the network."""
_PAGE = "/interface"
_PURPOSE = "webhook"
_SECRET = "whsec_"  # noqa: S105 - the prefix by which receivers know a secret of Standard Webhooks
_MADE = "webhook.made"


class Webhook(SQLModel, table=True):
    """A webhook of a country. `seal` is its secret under the key of the installation."""

    id: UUID = Field(primary_key=True)
    country: str = Field(max_length=3, index=True)
    system: str = Field(max_length=40)
    address: str = Field(max_length=300)
    seal: str = Field(max_length=200)
    author_id: UUID = Field(foreign_key="account.id", index=True)
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    attempt: int = 0
    failure: str = Field(default="", max_length=80)


class WebhookEvent(SQLModel, table=True):
    """An event for a webhook: the step of a report, numbered without gaps. `sent_at` is when it was accepted."""

    __tablename__ = "webhook_event"
    __table_args__ = (UniqueConstraint("webhook_id", "number"),)
    id: UUID = Field(primary_key=True)
    webhook_id: UUID = Field(foreign_key="webhook.id")
    number: int
    country: str = Field(max_length=3)
    act: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)
    operation_id: UUID | None = None
    report_id: UUID | None = None
    version_id: UUID | None = None
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


@scoped(Webhook)
def _webhooks_seen(actor: Actor) -> Any:
    """A country's coordinator sees those of the country, an administrator all."""
    if actor.role is Role.ADMINISTRATOR:
        return col(Webhook.id).is_not(None)
    return (col(Webhook.country) == actor.country) & (actor.role is Role.NATIONAL_COORDINATOR)


@scoped(WebhookEvent)
def _events_seen(actor: Actor) -> Any:
    """A country's coordinator sees those of the country."""
    return (col(WebhookEvent.country) == actor.country) & (actor.role is Role.NATIONAL_COORDINATOR)


class WebhookDraft(Draft):
    """Draft of a webhook."""

    id: UUID
    system: Annotated[
        NeededWords,
        Rule(max_length=40),
        Label(N_("System"), N_("The name of the program that will be told, such as Border entry."), draws="text"),
    ]
    address: Annotated[
        NeededWords,
        Rule(max_length=300),
        Label(N_("Address"), N_("It begins with https:// and takes a POST of JSON."), draws="text"),
    ]


def _record(session: Session, by: Actor | System, act: str, kind: str, of: Webhook, /, **detail: Any) -> None:
    """Write an entry into the access trail."""
    journal.record(session, by, act, kind, of.id, country=of.country, chain=Chain.ACCESS, **detail)


WEBHOOK = Noun(
    Webhook,
    "webhook",
    _record,
    N_("This webhook was already made with other content. Reload the page to see it."),
)


@dataclass(frozen=True)
class NewWebhook:
    """A new webhook and its secret, which is shown once; no secret where the same draft had made it before."""

    webhook: Webhook
    secret: str


def make(session: Session, draft: WebhookDraft, by: Actor) -> NewWebhook:
    """Make a webhook of the own country, whose first event says that it was made. Raises RuleBroken."""
    require(by, Act.WEBHOOK_OPEN, Subject(country=by.country))
    said = {**draft.model_dump(), "country": by.country}
    if known := WEBHOOK.known(session, said):
        return NewWebhook(known, "")
    place = urlsplit(draft.address)
    if place.scheme != "https" or not place.hostname or place.username or place.password or place.fragment:
        raise RuleBroken("address", "Give an address that begins with https:// and holds no password.")
    living = select(func.count()).where(Webhook.country == by.country, col(Webhook.ended_at).is_(None))
    if session.exec(living).one() >= MOST:
        raise RuleBroken("", "Your country has {most} webhooks. End one that is not used any more.", most=MOST)
    secret = _SECRET + base64.b64encode(secrets.token_bytes(24)).decode()
    more = {"seal": installation_key.sealed(_PURPOSE, secret, str(draft.id)), "due_at": now()}
    made = WEBHOOK.write(session, by, "webhook.open", said | more, system=draft.system)
    session.add(WebhookEvent(id=new_id(), webhook_id=made.id, number=1, country=made.country, act=_MADE, at=now()))
    return NewWebhook(made, secret)


def end(session: Session, webhook_id: UUID, by: Actor) -> Webhook:
    """End a webhook, of the country as its coordinator or any as an administrator. Idempotent."""
    found = WEBHOOK.hold(session, webhook_id)
    require(by, Act.WEBHOOK_END, Subject(country=found.country))
    if found.ended_at is None:
        found.ended_at = now()
        session.add(found)
        _record(session, by, "webhook.end", "webhook", found, system=found.system)
    return found


def webhooks(session: Session) -> Sequence[Webhook]:
    """Return the webhooks that live and that the asker may see, the newest first."""
    query = select(Webhook).where(col(Webhook.ended_at).is_(None))
    return session.exec(query.order_by(col(Webhook.made_at).desc(), col(Webhook.id))).all()


def events(session: Session, webhook_id: UUID, limit: int = 20) -> Sequence[WebhookEvent]:
    """Return the last events of a webhook, as far as the asker may see them, the newest first."""
    query = select(WebhookEvent).where(WebhookEvent.webhook_id == webhook_id)
    return session.exec(query.order_by(col(WebhookEvent.number).desc()).limit(limit)).all()


def unsent(session: Session) -> Mapping[UUID, int]:
    """Return how many events of each webhook were not accepted yet, for those that the asker may see."""
    query = select(WebhookEvent.webhook_id, func.count()).where(col(WebhookEvent.sent_at).is_(None))
    return dict(session.exec(query.group_by(col(WebhookEvent.webhook_id))).all())


# -------------------------------------------------------------------------------------------- what becomes an event


_LIVING = unscoped(
    select(Webhook)
    .where(col(Webhook.country) == bindparam("country"), col(Webhook.ended_at).is_(None))
    .order_by(col(Webhook.id))
)


@journal.after
def _with_entry(session: Session, _seq: int, link: Mapping[str, Any]) -> None:
    """Store an event of a report's step for each webhook of its country."""
    if link["object_kind"] != "report" or link["operation_id"] is None or "report" not in link["detail"]:
        return
    for webhook in session.exec(_LIVING, params={"country": link["country"]}).all():
        if not _of_coordinator(session, webhook):
            continue
        last = select(func.coalesce(func.max(WebhookEvent.number), 0)).where(WebhookEvent.webhook_id == webhook.id)
        event = WebhookEvent(
            id=new_id(),
            webhook_id=webhook.id,
            number=session.exec(unscoped(last)).one() + 1,
            country=webhook.country,
            act=link["act"],
            at=link["at"],
            operation_id=link["operation_id"],
            report_id=UUID(link["detail"]["report"]),
            version_id=link["object_id"],
        )
        session.add(event)
        session.flush()


def _of_coordinator(session: Session, webhook: Webhook) -> bool:
    """Return whether the maker of a webhook still coordinates its country: with that the right to be told ends."""
    account = session.exec(unscoped(select(Account).where(Account.id == webhook.author_id))).one_or_none()
    if account is None or account.role != Role.NATIONAL_COORDINATOR or account.country != webhook.country:
        return False
    return bool(account.may_enter)


# ------------------------------------------------------------------------------------------------- how events leave


class Undelivered(Exception):
    """An event was not accepted: why, in a few words of Muster."""


class EventPost(Protocol):
    """A function that posts a body, signed with a secret, to an address. It raises Undelivered."""

    def __call__(self, address: str, secret: str, event: UUID, body: Mapping[str, Any]) -> None:
        """Post it."""


def due(store: Store, moment: datetime) -> list[UUID]:
    """Return the webhooks that have an event to post now."""
    waits = select(WebhookEvent.webhook_id).where(col(WebhookEvent.sent_at).is_(None))
    query = select(Webhook.id).where(
        col(Webhook.ended_at).is_(None), col(Webhook.due_at) <= moment, col(Webhook.id).in_(waits)
    )
    with store.reading(System()) as session:
        return list(session.exec(query.order_by(col(Webhook.due_at))))


def send_due(store: Store, webhook_id: UUID, post: EventPost, moment: datetime) -> int:
    """Post the waiting events of a webhook in order, until one is not accepted. Return how many were accepted."""
    with store.reading(System()) as session:
        webhook = session.get_one(Webhook, webhook_id)
        secret = installation_key.opened(_PURPOSE, webhook.seal, str(webhook.id))
        query = select(WebhookEvent).where(WebhookEvent.webhook_id == webhook.id, col(WebhookEvent.sent_at).is_(None))
        waiting = session.exec(query.order_by(col(WebhookEvent.number)).limit(LOT)).all()
        entitled = _of_coordinator(session, webhook)
    if not entitled:
        with store.unit_of_work(System()) as session:
            session.get_one(Webhook, webhook_id).ended_at = moment
        return 0
    accepted = 0
    for event in waiting:
        try:
            post(webhook.address, secret, event.id, body(event))
        except Undelivered as why:
            _note(store, webhook_id, moment, failure=str(why)[:80])
            return accepted
        _note(store, webhook_id, moment, event.id)
        accepted += 1
    return accepted


def body(event: WebhookEvent) -> dict[str, Any]:
    """Return what an event tells: which step of which report, and no content of it."""
    told = {
        "id": event.id,
        "number": event.number,
        "type": event.act,
        "timestamp": event.at.isoformat(),
        "operation": event.operation_id,
        "report": event.report_id,
        "version": event.version_id,
    }
    return {name: str(value) if isinstance(value, UUID) else value for name, value in told.items() if value is not None}


def _note(store: Store, webhook_id: UUID, moment: datetime, accepted: UUID | None = None, failure: str = "") -> None:
    with store.unit_of_work(System()) as session:
        webhook = session.exec(locked(select(Webhook).where(Webhook.id == webhook_id))).one()
        webhook.failure, webhook.attempt = failure, webhook.attempt + 1 if failure else 0
        wait = min(_FIRST_WAIT * 2 ** min(webhook.attempt - 1, 10), _LONGEST_WAIT) if failure else timedelta(0)
        webhook.due_at = moment + wait
        session.add(webhook)
        if failure:
            _tell_of_silence(session, webhook, moment)
        if accepted is not None:
            event = session.get_one(WebhookEvent, accepted)
            event.sent_at = moment
            session.add(event)
            session.execute(
                sa.delete(WebhookEvent).where(
                    col(WebhookEvent.webhook_id) == webhook_id,
                    col(WebhookEvent.number) < event.number,
                    col(WebhookEvent.sent_at) < moment - KEPT,
                )
            )


_QUIET = N_("{system} has accepted nothing since {since}: see whether its address still answers.")
_GIVEN_UP = N_("{system} accepted nothing for {days} days. It is told no more: connect it again once it answers.")


def _tell_of_silence(session: Session, webhook: Webhook, moment: datetime) -> None:
    """Tell the country that a system accepts nothing, once for an event that waits; end the webhook after long."""
    waits = select(WebhookEvent).where(WebhookEvent.webhook_id == webhook.id, col(WebhookEvent.sent_at).is_(None))
    oldest = session.exec(waits.order_by(col(WebhookEvent.number)).limit(1)).one()
    waited = moment - oldest.at
    if waited < QUIET or webhook.attempt < _TRIES:
        return
    said = Flaw("", _QUIET, {"system": webhook.system, "since": oldest.at.date()})
    if waited >= GIVEN_UP:
        said = Flaw("", _GIVEN_UP, {"system": webhook.system, "days": GIVEN_UP.days})
        webhook.ended_at = moment
        _record(session, System(), "webhook.end", "webhook", webhook, system=webhook.system)
    to = To(roles=frozenset({Role.NATIONAL_COORDINATOR}), country=webhook.country)
    key = f"webhook:{oldest.id}:{webhook.ended_at is not None}"
    tell(session, to, MessageKind.WEBHOOK_SILENT, _PAGE, key=key, by=System(), about=said)
