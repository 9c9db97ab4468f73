"""Tables of equipment and links, with the state machine of each (domain 1.6.10).

Nothing commissions equipment but its first sign of life (`signs_of_life`), and nothing makes a link live but traffic
over it: boxes delivered are not queries made.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from operations.core import state_machine
from operations.core.clock import UtcDateTime
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.state_tables import AuthoredStateRow, StepTaken
from operations.core.worklist import since_move
from operations.posts import register


class EquipmentState(StrEnum):
    """States of a piece of equipment."""

    PLANNED = "planned"
    APPROVED = "approved"
    PROCURED = "procured"
    SHIPPED = "shipped"
    CUSTOMS = "customs"
    HANDED_OVER = "handed_over"
    INSTALLED = "installed"
    COMMISSIONED = "commissioned"
    IN_USE = "in_use"
    DORMANT = "dormant"
    OUT_OF_SERVICE = "out_of_service"
    RETIRED = "retired"
    LOST = "lost"
    DROPPED = "dropped"


_E = EquipmentState
QUERIED_STATES = (_E.COMMISSIONED, _E.IN_USE, _E.DORMANT)
"""It gave a sign of life, at least once."""
HANDED_OVER_STATES = (_E.HANDED_OVER, _E.INSTALLED, *QUERIED_STATES, _E.OUT_OF_SERVICE)
"""The states in which the country has it."""
PENDING_STATES = (_E.PLANNED, _E.APPROVED, _E.PROCURED, _E.SHIPPED, _E.CUSTOMS)
"""The states in which it is on its way."""


def _may(found: Any, _facts: Any, step: state_machine.Step[Any], by: Actor) -> bool:
    return may(by, step.act, register.subject(found))


_waits = since_move("/equipment?show={id}")
_TO_APPROVE = _waits(N_("Equipment for {post} is planned: approve or drop it."), "rubber-stamp", 14)
_TO_ORDER = _waits(N_("Equipment for {post} is approved: order it."), "package", 60)
_TO_SHIP = _waits(N_("Equipment for {post} is ordered: say when it is shipped."), "truck", 90)
_TO_SIGN = _waits(N_("Equipment for {post} is on its way: sign when it is handed over."), "truck", 90)
_TO_INSTALL = _waits(N_("Equipment of {post} is handed over: install it."), "tool", 30)
_PLAN, _TAKE, _STATUS = Act.EQUIPMENT_PLAN, Act.EQUIPMENT_TAKE, Act.EQUIPMENT_STATUS
_BY_QUERY = N_("Nothing commissions equipment but its first sign of life: report the day of that.")
_BY_LATER = N_("It is in use with its next sign of life: report the day of that.")
_BY_TIME = N_("Muster says so itself when no sign of life was reported for 30 days.")
_GONE = Flaw("", "This step is not possible now. Reload the page to see the current state.")
_TWICE = Flaw("", "This equipment was handed over already: it cannot be handed over twice.")


def _astray(before: EquipmentState, after: EquipmentState) -> Flaw:
    return _TWICE if after is _E.HANDED_OVER and before in HANDED_OVER_STATES else _GONE


LIFE = state_machine.Life(
    "equipment",
    _E.PLANNED,
    (
        state_machine.Step(
            _E.PLANNED,
            _E.APPROVED,
            "equipment.approve",
            Act.EQUIPMENT_APPROVE,
            N_("Approve"),
            "check",
            waits=_TO_APPROVE,
        ),
        state_machine.Step(
            _E.APPROVED,
            _E.PROCURED,
            "equipment.procure",
            _PLAN,
            N_("It is ordered"),
            "package",
            waits=_TO_ORDER,
        ),
        state_machine.Step(
            _E.PROCURED, _E.SHIPPED, "equipment.ship", _PLAN, N_("It is shipped"), "truck", waits=_TO_SHIP
        ),
        state_machine.Step(_E.SHIPPED, _E.CUSTOMS, "equipment.customs", _TAKE, N_("It is at customs"), "building-bank"),
        *state_machine.ways(
            (_E.SHIPPED, _E.CUSTOMS),
            _E.HANDED_OVER,
            "equipment.hand_over",
            _TAKE,
            icon="clipboard-check",
            waits=_TO_SIGN,
        ),
        state_machine.Step(
            _E.HANDED_OVER,
            _E.INSTALLED,
            "equipment.install",
            _STATUS,
            N_("It is installed"),
            "tool",
            waits=_TO_INSTALL,
        ),
        state_machine.Step(
            _E.INSTALLED, _E.COMMISSIONED, "equipment.commission", _STATUS, elsewhere=_BY_QUERY, icon="check"
        ),
        *state_machine.ways(
            (_E.COMMISSIONED, _E.DORMANT),
            _E.IN_USE,
            "equipment.use",
            _STATUS,
            elsewhere=_BY_LATER,
            icon="plug-connected",
        ),
        *state_machine.ways(
            (_E.COMMISSIONED, _E.IN_USE),
            _E.DORMANT,
            "equipment.dormant",
            _STATUS,
            elsewhere=_BY_TIME,
            icon="player-pause",
        ),
        *state_machine.ways(
            QUERIED_STATES,
            _E.OUT_OF_SERVICE,
            "equipment.fail",
            _STATUS,
            N_("It is out of service"),
            "plug-connected-x",
            N_("What is broken"),
        ),
        state_machine.Step(_E.OUT_OF_SERVICE, _E.DORMANT, "equipment.repair", _STATUS, N_("It works again"), "tool"),
        *state_machine.ways(
            HANDED_OVER_STATES,
            _E.RETIRED,
            "equipment.retire",
            _TAKE,
            N_("Retire it"),
            "package",
            N_("Why it is retired"),
        ),
        *state_machine.ways(
            HANDED_OVER_STATES, _E.LOST, "equipment.lose", _TAKE, N_("It is lost"), "ban", N_("How it was lost")
        ),
        state_machine.Step(
            _E.PLANNED,
            _E.DROPPED,
            "equipment.drop",
            Act.EQUIPMENT_APPROVE,
            N_("Do not approve"),
            "ban",
            N_("Why it is dropped"),
        ),
        *state_machine.ways(
            (_E.APPROVED, _E.PROCURED),
            _E.DROPPED,
            "equipment.drop",
            _PLAN,
            N_("Drop it"),
            "ban",
            N_("Why it is dropped"),
        ),
    ),
    ends=(_E.RETIRED, _E.LOST, _E.DROPPED),
    may=_may,
    astray=_astray,
    words={
        _E.PLANNED: N_("Planned"),
        _E.APPROVED: N_("Approved"),
        _E.PROCURED: N_("Ordered"),
        _E.SHIPPED: N_("Shipped"),
        _E.CUSTOMS: N_("At customs"),
        _E.HANDED_OVER: N_("Handed over"),
        _E.INSTALLED: N_("Installed"),
        _E.COMMISSIONED: N_("Commissioned"),
        _E.IN_USE: N_("In use"),
        _E.DORMANT: N_("Dormant"),
        _E.OUT_OF_SERVICE: N_("Out of service"),
        _E.RETIRED: N_("Retired"),
        _E.LOST: N_("Lost"),
        _E.DROPPED: N_("Dropped"),
    },
)


class Equipment(AuthoredStateRow, table=True):
    """A piece of equipment for a post. `promised`, `handed_on` and `first_query` are read beside each other.

    `first_query` and `last_query` are days of a sign of life of its kind (`signs_of_life`): of a query, where it asks
    databases. `power_hours` are those of power on the last such day.
    """

    __table_args__ = (
        LIFE.known(),
        LIFE.exactly(LIFE.needing_reason(), "reason <> ''", "reason_given"),
        CheckConstraint("state NOT IN ('commissioned', 'in_use', 'dormant') OR first_query IS NOT NULL", name="asked"),
        CheckConstraint("(handed_on IS NULL) = (serial = '')", name="known_by_serial"),
        CheckConstraint("first_query IS NULL OR first_query >= handed_on", name="asked_after"),
        CheckConstraint("last_query >= first_query", name="in_order"),
        CheckConstraint("(price IS NULL) = (currency = '')", name="price_in_currency"),
        CheckConstraint("power_hours BETWEEN 1 AND 24", name="power_hours"),
        Index(
            "uq_equipment_serial",
            "kind",
            "serial",
            unique=True,
            sqlite_where=text("serial <> ''"),
            postgresql_where=text("serial <> ''"),
        ),
    )
    post_id: UUID = Field(foreign_key="post.id", index=True)
    country: str = Field(max_length=3, index=True)
    kind: str = Field(max_length=24)
    donor: str = Field(max_length=120)
    purpose: str = Field(default="", max_length=2000)
    promised: date
    state: str = Field(default=EquipmentState.PLANNED.value, max_length=16)
    approved_on: date | None = None
    serial: str = Field(default="", max_length=60)
    handed_on: date | None = None
    condition: str = Field(default="", max_length=2000)
    price: int | None = None
    currency: str = Field(default="", max_length=3)
    installed_on: date | None = None
    first_query: date | None = None
    last_query: date | None = None
    power_hours: int | None = None

    @property
    def certificate(self) -> str:
        """The number of its handover certificate, the same whenever it is printed."""
        return f"H-{self.id.hex[:8].upper()}"


class EquipmentStep(StepTaken, table=True):
    """A step of a piece of equipment or of a link."""

    __tablename__ = "equipment_step"
    country: str = Field(max_length=3, index=True)


# ------------------------------------------------------------------------------------------------------ links


class LinkState(StrEnum):
    """States of a post's link to I-24/7."""

    FEASIBLE = "feasible"
    AGREED = "agreed"
    BUILT = "built"
    TESTED = "tested"
    LIVE = "live"
    DOWN = "down"
    CLOSED = "closed"


_L = LinkState
_waits = since_move("/equipment/links?show={id}")
_TO_AGREE = _waits(N_("A link for {post} is feasible: agree to it."), "link", 30)
_TO_BUILD = _waits(N_("The link for {post} is agreed: say when it is built."), "link", 180)
_TO_TEST = _waits(N_("The link for {post} is built: test it."), "link", 30)
LINKS = state_machine.Life(
    "link",
    _L.FEASIBLE,
    (
        state_machine.Step(_L.FEASIBLE, _L.AGREED, "link.agree", _TAKE, N_("Agree"), "check", waits=_TO_AGREE),
        state_machine.Step(_L.AGREED, _L.BUILT, "link.build", _TAKE, N_("It is built"), "tool", waits=_TO_BUILD),
        state_machine.Step(_L.BUILT, _L.TESTED, "link.test", _PLAN, N_("It is tested"), "check", waits=_TO_TEST),
        state_machine.Step(
            _L.TESTED,
            _L.LIVE,
            "link.live",
            _STATUS,
            icon="plug-connected",
            elsewhere=N_("Nothing makes a link live but the first query over it: report the day of that."),
        ),
        state_machine.Step(
            _L.LIVE,
            _L.DOWN,
            "link.down",
            _STATUS,
            icon="plug-connected-x",
            elsewhere=N_("A link is down from the hour on at which an outage begins: report the outage."),
        ),
        state_machine.Step(
            _L.DOWN,
            _L.LIVE,
            "link.up",
            _STATUS,
            icon="plug-connected",
            elsewhere=N_("A link is live again when its outage ends: report the end of the outage."),
        ),
        *state_machine.ways(
            (_L.AGREED, _L.BUILT, _L.TESTED, _L.LIVE, _L.DOWN),
            _L.CLOSED,
            "link.close",
            _TAKE,
            N_("Close it"),
            "ban",
            N_("Why it is closed"),
        ),
        state_machine.Step(_L.FEASIBLE, _L.CLOSED, "link.refuse", _TAKE, N_("Refuse"), "ban", N_("Why it is refused")),
    ),
    ends=(_L.CLOSED,),
    may=_may,
    astray=Flaw("", "This step is not possible now. Reload the page to see the current state."),
    words={
        _L.FEASIBLE: N_("Feasible"),
        _L.AGREED: N_("Agreed"),
        _L.BUILT: N_("Built"),
        _L.TESTED: N_("Tested"),
        _L.LIVE: N_("Live"),
        _L.DOWN: N_("Down"),
        _L.CLOSED: N_("Closed"),
    },
)


class Link(AuthoredStateRow, table=True):
    """The link of a post to its National Central Bureau. `live_on` is the day of the first query over it."""

    __table_args__ = (
        LINKS.known(),
        LINKS.exactly(LINKS.needing_reason(), "reason <> ''", "reason_given"),
        CheckConstraint("state NOT IN ('live', 'down') OR live_on IS NOT NULL", name="asked"),
    )
    post_id: UUID = Field(foreign_key="post.id", index=True)
    country: str = Field(max_length=3, index=True)
    technology: str = Field(max_length=24)
    provider: str = Field(default="", max_length=120)
    hours: int
    promised: date
    state: str = Field(default=LinkState.FEASIBLE.value, max_length=12)
    built_on: date | None = None
    live_on: date | None = None
    closed_on: date | None = None


class Outage(SQLModel, table=True):
    """An outage of a link. `planned`: it was announced, as a power cut is. Only `ends` changes."""

    __table_args__ = (CheckConstraint("ends IS NULL OR ends > starts", name="in_order"),)
    id: UUID = Field(primary_key=True)
    link_id: UUID = Field(foreign_key="link.id", index=True)
    country: str = Field(max_length=3, index=True)
    starts: datetime = Field(sa_type=UtcDateTime)
    ends: datetime | None = Field(default=None, sa_type=UtcDateTime)
    planned: bool = False
    cause: str = Field(max_length=300)
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


for _model in (Equipment, EquipmentStep, Link, Outage):
    register.own_rows(_model, Act.EQUIPMENT_READ)
for _kind in ("equipment", "link"):
    register.own_entries(_kind, Act.EQUIPMENT_READ)


EQUIPMENT = Noun(
    Equipment,
    "equipment",
    register.record,
    N_("This equipment was already planned with other content. Reload the page to see it."),
    LIFE,
    EquipmentStep,
)
LINK = Noun(
    Link,
    "link",
    register.record,
    N_("This link was already written down with other content. Reload the page to see it."),
    LINKS,
    EquipmentStep,
)
OUTAGE = Noun(
    Outage,
    "link",
    register.record,
    N_("This outage was already reported with other content. Reload the page to see it."),
    owner=(LINK, "link_id"),
)
EQUIPMENT.waits(register.with_post(Equipment))
LINK.waits(register.with_post(Link))
