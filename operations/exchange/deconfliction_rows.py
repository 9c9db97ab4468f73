"""Tables of deconfliction: rooms, opaque entries, matches of two countries, and their visibility.

An entry is a tag that a browser made (`docs/deconfliction.md`). A country's coordinators see its own entries and the
matches that concern it. People who work for no country see nothing; auditors read in the journal that entries exist,
without their content.
"""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal
from operations.core.clock import UtcDateTime
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.core.state_machine import Life, Step, Whole
from operations.core.store import scoped
from operations.core.vocabulary import Role
from operations.core.worklist import DAYS, CandidateRow, Late, Waits, Whom
from operations.policing.operation import plan

ROUNDS, STRETCH = 600_000, 20_000
"""Iterations of PBKDF2 for the key of a room, and for each value: the cost of one guess."""
SAME = {
    "route": N_("the same route"),
    "site": N_("the same site"),
    "notice": N_("the same notice"),
    "group": N_("the same group"),
}
"""The labels of matches, by the code of CL-DECONFLICT."""


class RoomState(StrEnum):
    """States of a room."""

    OPEN = "open"
    CLOSED = "closed"


class SideState(StrEnum):
    """Answers of a country to a match."""

    TOLD = "told"
    SPOKEN = "spoken"
    NOTHING = "nothing"


_R, _S = RoomState, SideState


def subject(of: Any) -> Subject:
    """Return the permission subject of a row of a country."""
    return Subject(country=of.country, operation=of.operation_id)


def _own(row: Any, _facts: Any, step: Step[Any], by: Actor) -> bool:
    return row.country == by.country and may(by, step.act, subject(row))


ROOM: Life[RoomState] = Life(
    "deconfliction room",
    _R.OPEN,
    (
        Step(
            _R.OPEN,
            _R.CLOSED,
            "deconfliction.close",
            Act.DECONFLICT,
            N_("Close the room and erase its entries"),
            "lock",
        ),
    ),
    ends=(_R.CLOSED,),
    may=_own,
    astray=Flaw("", "This room is closed: its entries are erased."),
    words={_R.OPEN: N_("Room open"), _R.CLOSED: N_("Closed, its entries erased")},
)
_TALK = Waits(
    N_("{countries} and your country work on {what}: talk to each other ({contact})."),
    "/deconfliction?show={room}",
    "phone",
    "told_at",
    within=7 * DAYS,
    late=(Late(Whom.OWNERS),),
)
_SPEAK, _NOTHING = N_("We spoke to each other"), N_("Nothing in common")
SIDE: Life[SideState] = Life(
    "country in a match",
    _S.TOLD,
    (
        Step(_S.TOLD, _S.SPOKEN, "deconfliction.speak", Act.DECONFLICT, _SPEAK, "phone", waits=_TALK),
        Step(_S.TOLD, _S.NOTHING, "deconfliction.nothing", Act.DECONFLICT, _NOTHING, "circle-x", waits=_TALK),
        Step(_S.SPOKEN, _S.NOTHING, "deconfliction.nothing", Act.DECONFLICT, _NOTHING, "circle-x"),
        Step(_S.NOTHING, _S.SPOKEN, "deconfliction.speak", Act.DECONFLICT, _SPEAK, "phone"),
    ),
    ends=(_S.SPOKEN, _S.NOTHING),
    may=_own,
    astray=Flaw("", "Your country has already answered this match. Reload the page to see its answer."),
    words={_S.TOLD: N_("Not spoken yet"), _S.SPOKEN: N_("Spoken"), _S.NOTHING: N_("Nothing in common")},
)
MATCH: Whole[SideState] = Whole("match of two countries", SIDE, (_S.TOLD, _S.SPOKEN, _S.NOTHING), empty=_S.TOLD)
"""A match waits until both countries have answered; "spoken" takes precedence over "nothing in common"."""

# ---------------------------------------------------------------------------------------------------- tables


class DeconflictionRoom(SQLModel, table=True):
    """A room of countries that share a phrase outside of Muster. `countries` are their codes, separated by spaces.

    `check_value` identifies their phrase and discloses only 32 bits of it. After `until` nothing can be entered.
    """

    __tablename__ = "deconfliction_room"
    __table_args__ = (ROOM.known(), ROOM.exactly((_R.CLOSED,), "closed_at IS NOT NULL", "closed_once"))
    id: UUID = Field(primary_key=True)
    operation_id: UUID | None = Field(default=None, foreign_key="operation.id", index=True)
    country: str = Field(max_length=3, index=True)
    name: str = Field(max_length=160)
    countries: str = Field(max_length=200)
    check_value: str = Field(max_length=8)
    rounds: int
    stretch: int
    until: date
    state: str = Field(default=_R.OPEN.value, max_length=12)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def members(self) -> list[str]:
        """The codes of its countries."""
        return self.countries.split()


class DeconflictionEntry(SQLModel, table=True):
    """An entry of a country, as a tag; `number` is its number in the country's own list.

    The tag is None once it is withdrawn or the room is closed.
    """

    __tablename__ = "deconfliction_entry"
    __table_args__ = (
        UniqueConstraint("room_id", "country", "number"),
        CheckConstraint("(tag IS NULL) = (withdrawn_at IS NOT NULL)", name="tag_until_withdrawn"),
        Index("uq_deconfliction_entry_tag", "room_id", "tag", "country", unique=True),
    )
    id: UUID = Field(primary_key=True)
    room_id: UUID = Field(foreign_key="deconfliction_room.id")
    operation_id: UUID | None = Field(default=None, foreign_key="operation.id")
    country: str = Field(max_length=3, index=True)
    number: int
    kind: str = Field(max_length=16)
    tag: str | None = Field(default=None, max_length=64)
    contact: str = Field(max_length=160)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DeconflictionMatch(SQLModel, table=True):
    """A match: two countries entered the same value. Its state is derived from both answers."""

    __tablename__ = "deconfliction_match"
    __table_args__ = (MATCH.known(), CheckConstraint("country <> other", name="of_two"))
    id: UUID = Field(primary_key=True)
    room_id: UUID = Field(foreign_key="deconfliction_room.id", index=True)
    operation_id: UUID | None = Field(default=None, foreign_key="operation.id")
    kind: str = Field(max_length=16)
    country: str = Field(max_length=3)
    other: str = Field(max_length=3)
    state: str = Field(default=_S.TOLD.value, max_length=12)
    made_at: datetime = Field(sa_type=UtcDateTime)


class DeconflictionSide(SQLModel, table=True):
    """A country's side of a match: the `other` country, the office to contact there, the own entry, and the answer."""

    __tablename__ = "deconfliction_side"
    __table_args__ = (SIDE.known(),)
    match_id: UUID = Field(primary_key=True, foreign_key="deconfliction_match.id")
    country: str = Field(primary_key=True, max_length=3)
    other: str = Field(max_length=3)
    room_id: UUID = Field(foreign_key="deconfliction_room.id", index=True)
    operation_id: UUID | None = Field(default=None, foreign_key="operation.id")
    entry_id: UUID = Field(foreign_key="deconfliction_entry.id", index=True)
    kind: str = Field(max_length=16)
    contact: str = Field(max_length=160)
    state: str = Field(default=_S.TOLD.value, max_length=12)
    said_by: str = Field(default="", max_length=120)
    told_at: datetime = Field(sa_type=UtcDateTime)
    said_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


# ------------------------------------------------------------------------------------------------ visibility


def _reach(model: Any, actor: Actor, whose: Any) -> Any:
    """Return an SQL condition: rows that satisfy `whose`, of no operation or of one that the actor works for.

    For countries only.
    """
    if not may(actor, Act.DECONFLICT) or actor.only is not None or not actor.national:
        return false()
    return whose & (col(model.operation_id).is_(None) | plan.within_reach(model.operation_id, actor))


@scoped(DeconflictionRoom)
def _rooms_seen(actor: Actor) -> Any:
    return _reach(DeconflictionRoom, actor, col(DeconflictionRoom.countries).contains(actor.country or "-"))


@scoped(DeconflictionEntry)
def _entries_seen(actor: Actor) -> Any:
    return _reach(DeconflictionEntry, actor, col(DeconflictionEntry.country) == actor.country)


def _two(model: Any, actor: Actor) -> Any:
    return _reach(model, actor, (col(model.country) == actor.country) | (col(model.other) == actor.country))


@scoped(DeconflictionMatch)
def _matches_seen(actor: Actor) -> Any:
    return _two(DeconflictionMatch, actor)


@scoped(DeconflictionSide)
def _sides_seen(actor: Actor) -> Any:
    return _two(DeconflictionSide, actor)


_ROOM: sa.Table = DeconflictionRoom.__table__  # type: ignore[attr-defined]
_MATCH: sa.Table = DeconflictionMatch.__table__  # type: ignore[attr-defined]


def _told(kind: str, known: Any) -> None:
    """Declare the readers of the journal of `kind`: countries selected by `known`, and auditors, without content."""

    def seen(actor: Actor) -> Any:
        if actor.only is not None:
            return false()
        if actor.role is Role.AUDITOR:
            return sa.true()
        return known(actor) if actor.national and may(actor, Act.DECONFLICT) else false()

    journal.need_to_know(
        kind,
        seen=seen,
        countries=lambda _session, _id, country: frozenset({country} if country else ()),
        roles=frozenset({Role.AUDITOR}),
    )


_told(
    "deconfliction_room",
    lambda actor: col(journal.Entry.object_id).in_(
        sa.select(_ROOM.c.id).where(_ROOM.c.countries.contains(actor.country))
    ),
)
_told("deconfliction_entry", lambda actor: col(journal.Entry.country) == actor.country)
_told(
    "deconfliction_match",
    lambda actor: col(journal.Entry.object_id).in_(
        sa.select(_MATCH.c.id).where((_MATCH.c.country == actor.country) | (_MATCH.c.other == actor.country))
    ),
)


# ---------------------------------------------------------------------------------------------------- worklist


@SIDE.rows
def _in_states(session: Session, by: Actor, states: Iterable[str], _owners: Any) -> list[CandidateRow]:
    query = select(DeconflictionSide).where(
        col(DeconflictionSide.state).in_(states), DeconflictionSide.country == by.country
    )
    return [
        CandidateRow(
            side,
            None,
            side.operation_id,
            {
                "id": side.match_id,
                "room": side.room_id,
                "countries": side.other,
                "what": SAME[side.kind],
                "contact": side.contact,
            },
        )
        for side in session.exec(query)
    ]
