"""Equipment (pillar 3): planned, approved, delivered, handed over by certificate, commissioned by a sign of life."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, or_, select

from operations.core.clock import now, official_day
from operations.core.drafts import FIELD, Draft, NeededLine, Plain, Words, rule
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor, System
from operations.core.permissions import Act, may, require
from operations.core.session_cache import once
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import InList
from operations.infrastructure.rows import (
    EQUIPMENT,
    HANDED_OVER_STATES,
    LIFE,
    PENDING_STATES,
    QUERIED_STATES,
    Equipment,
    EquipmentState,
)
from operations.infrastructure.signs_of_life import sign_of
from operations.posts import register

_E = EquipmentState
MOST_HOURS = 24
DORMANT_AFTER = 30
"""Days without a sign of life after which equipment is dormant."""

# ---------------------------------------------------------------------------------------------------- drafts


_CURRENCY = rule("price_without_currency", "Choose the currency of this price.")
_PRICELESS = rule("currency_without_price", "Give the price, or leave the currency empty.")


class EquipmentDraft(Draft):
    """Draft of planned equipment for a post."""

    id: UUID
    post_id: Annotated[UUID, Label(N_("Post"))]
    kind: Annotated[str, InList("CL-EQUIPMENT"), Label(N_("Equipment"))]
    donor: Annotated[NeededLine, Rule(max_length=120), Label(N_("Donor"), N_("The organisation that pays for it."))]
    promised: Annotated[date, Label(N_("Promised for"))]
    purpose: Annotated[Words, Label(N_("What for"))] = ""


class HandoverDraft(Draft):
    """Draft of the handover, as the country signs it."""

    serial: Annotated[Plain, Rule(min_length=1, max_length=60), Label(N_("Serial number"), draws="text")]
    handed_on: Annotated[date, Label(N_("Handed over on"))]
    condition: Annotated[Words, Label(N_("Condition"), N_("What is missing or damaged; empty: nothing."))] = ""
    price: Annotated[int | None, Rule(ge=0, le=1_000_000_000), Label(N_("Price"), N_("As the donor paid it."))] = None
    currency: Annotated[Annotated[str, InList("CL-CURRENCY")] | None, Label(N_("Currency"))] = None

    @model_validator(mode="after")
    def _together(self) -> "HandoverDraft":
        if self.price is not None and not self.currency:
            raise PydanticCustomError(_CURRENCY, "no currency", {FIELD: "currency"})
        if self.currency and self.price is None:
            raise PydanticCustomError(_PRICELESS, "no price", {FIELD: "price"})
        return self


# ------------------------------------------------------------------------------------------------- questions


def equipment(session: Session, post_id: UUID | None = None) -> list[Equipment]:
    """Return the equipment that the asker may see, of one post or of all, by promised day."""
    query = select(Equipment).order_by(col(Equipment.promised), col(Equipment.id))
    query = query if post_id is None else query.where(Equipment.post_id == post_id)
    return list(once(session, (Equipment, post_id), lambda: session.exec(query).all()))


def overlaps(session: Session, found: Equipment) -> list[Equipment]:
    """Return equipment of the same kind by another donor at the same post, while it is there or on its way."""
    same = (Equipment.post_id == found.post_id, Equipment.kind == found.kind, Equipment.donor != found.donor)
    states = [each.value for each in (*PENDING_STATES, *HANDED_OVER_STATES)]
    return list(session.exec(select(Equipment).where(*same, col(Equipment.state).in_(states))))


def may_report(found: Equipment, by: Actor) -> bool:
    """Whether `by` may report a day on which it gave a sign of life."""
    return found.state in (_E.INSTALLED, *QUERIED_STATES) and may(by, Act.USAGE_COUNT, register.subject(found))


# ----------------------------------------------------------------------------------------------------- verbs


def plan(session: Session, draft: EquipmentDraft, by: Actor) -> Equipment:
    """Plan equipment for a post. Idempotent for the same draft. `overlaps` finds that of other donors."""
    post = register.hold(session, draft.post_id, by, Act.EQUIPMENT_PLAN)
    if known := EQUIPMENT.known(session, said := draft.model_dump()):
        return known
    said |= {"country": post.country}
    return EQUIPMENT.write(session, by, "equipment.plan", said, what=draft.kind, due=draft.promised.isoformat())


def take(session: Session, equipment_id: UUID, to: EquipmentState, by: Actor, words: str = "") -> Equipment:
    """Take equipment a step further by hand. Raises RuleBroken with the obstacles, and NotPermitted."""
    found = EQUIPMENT.hold(session, equipment_id)
    if to is _E.HANDED_OVER:
        LIFE.allow(found, None, to, by, words)
        raise RuleBroken("serial", "Give the serial number and the day. The certificate needs both.")
    day = {_E.APPROVED: "approved_on", _E.INSTALLED: "installed_on"}.get(to)
    return EQUIPMENT.take(session, found, to, by, words, **({day: _today(session, found)} if day else {}))


def hand_over(session: Session, equipment_id: UUID, draft: HandoverDraft, by: Actor) -> Equipment:
    """The country signs that it has it. The same again: the same answer.

    Raises RuleBroken where it was handed over already, or another with this serial number was, and for days to come.
    """
    found = EQUIPMENT.hold(session, equipment_id)
    require(by, Act.EQUIPMENT_TAKE, register.subject(found))
    said = draft.model_dump() | {"currency": draft.currency or ""}
    if found.state == _E.HANDED_OVER and all(getattr(found, name) == value for name, value in said.items()):
        return found
    LIFE.allow(found, None, _E.HANDED_OVER, by)
    if draft.handed_on > _today(session, found):
        raise RuleBroken("handed_on", "This day is in the future. Sign on the day of the handover.")
    same = (Equipment.kind == found.kind, Equipment.post_id == found.post_id, Equipment.donor == found.donor)
    twin = select(Equipment.id).where(Equipment.serial == draft.serial, or_(*same))
    with unfenced(session):
        taken = session.exec(unscoped(twin)).first() is not None
    if taken:
        raise RuleBroken("serial", "Equipment with this serial number was already handed over. Check the number.")
    return EQUIPMENT.go(session, found, _E.HANDED_OVER, by, **said)


def report_sign(session: Session, equipment_id: UUID, day: date, by: Actor, hours: int | None = None) -> Equipment:
    """Report a day of a sign of life (`signs_of_life`): the first one commissions it, a later one puts it in use.

    Raises RuleBroken before it is installed, where it is out of service, for a day before that or to come, and for
    power without its `hours`.
    """
    found = EQUIPMENT.hold(session, equipment_id)
    require(by, Act.USAGE_COUNT, register.subject(found))
    if sign_of(found.kind).hours and (hours is None or not 1 <= hours <= MOST_HOURS):
        raise RuleBroken("hours", "Give the hours of power on this day, from 1 to 24.")
    made = shown(session, found, day, by)
    if sign_of(found.kind).hours and made.last_query == day:
        made.power_hours = hours
        session.add(made)
    return made


def shown(session: Session, found: Equipment, day: date, by: Actor) -> Equipment:
    """It gave a sign of life on a day."""
    if found.state not in (_E.INSTALLED, *QUERIED_STATES):
        raise RuleBroken(
            "day", "You cannot record a sign of life: the equipment is not installed, out of service or gone."
        )
    if found.handed_on is None or day < found.handed_on:
        raise RuleBroken("day", "This day is before the handover. Check the day.")
    if day > _today(session, found):
        raise RuleBroken("day", "This day is in the future.")
    if found.first_query is not None and day < found.first_query:
        raise RuleBroken("day", "The first sign of life is already recorded for a later day.")
    first = found.first_query is None
    found.first_query = day if found.first_query is None else found.first_query
    newer = found.last_query is None or day > found.last_query
    if newer:
        found.last_query = day
    if first:
        return EQUIPMENT.go(session, found, _E.COMMISSIONED, by)
    fresh = (_today(session, found) - day).days < DORMANT_AFTER
    if newer and fresh and found.state in (_E.COMMISSIONED, _E.DORMANT):
        return EQUIPMENT.go(session, found, _E.IN_USE, by)
    session.add(found)
    if newer:
        register.record(session, by, "equipment.query", "equipment", found, day=day.isoformat())
    return found


def fall_silent(session: Session, found: Equipment) -> Equipment:
    """No sign of life was reported for 30 days: Muster itself says that it is dormant."""
    return EQUIPMENT.go(session, found, _E.DORMANT, System())


def _today(session: Session, found: Equipment) -> date:
    return official_day(now(), register.post(session, found.post_id).zone)
