"""Reported locations of wanted persons: their table, state machine and visibility.

A location belongs to the country of the place and to the requesting one; other countries that were asked see neither
that it was reported nor where.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core.clock import UtcDateTime
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.state_machine import Life, Step
from operations.core.store import scoped
from operations.core.vocabulary import FugitiveState, LocationState
from operations.core.worklist import DAYS, TO_COORDINATOR, CandidateRow, Waits
from operations.policing.fugitives.case_rows import FugitiveCase, party_condition, subject

_S = LocationState


def _may(found: "FugitiveLocation", case: FugitiveCase, step: Step[LocationState], by: Actor) -> bool:
    """The requesting country answers; the country of the place reports the arrest."""
    whose = found.country if step.act is Act.FUGITIVE_FIND else found.requesting_country
    return case.erased_at is None and by.country == whose and may(by, step.act, subject(case, whose))


def _sought(_found: "FugitiveLocation", case: FugitiveCase) -> Iterator[Flaw]:
    """The case still has a lead out."""
    if case.state != FugitiveState.LEAD_OUT:
        yield Flaw("state", "The case has moved on. Answer that this location is negative.")


def _located(_found: "FugitiveLocation", case: FugitiveCase) -> Iterator[Flaw]:
    """The case still counts as located."""
    if case.state != FugitiveState.LOCATED:
        yield Flaw("state", "The case has moved on. Reload the page to see its state.")


def _astray(_before: LocationState, after: LocationState) -> Flaw:
    if after is _S.ARREST_REPORTED:
        return Flaw("state", "An arrest needs a location that the requesting country has confirmed.")
    if after is _S.ARREST_CONFIRMED:
        return Flaw("state", "No arrest waits for an answer here. Reload the page to see where the case stands.")
    return Flaw("state", "This location was answered already. Reload the page to see how.")


_CONFIRM = Act.FUGITIVE_CONFIRM
_BOARD = "/operations/{operation}/fugitives?case={of}"
_DAY: Any = {"within": DAYS, "late": TO_COORDINATOR}
_REPORTED = Waits(
    N_("{country} reports the person of case {case}: say yes or no."), _BOARD, "map-pin", "reported_at", **_DAY
)
_LOCATED = Waits(
    N_("The person of case {case} is located: report the arrest."),
    _BOARD,
    "map-pins",
    "answered_at",
    within=7 * DAYS,
    late=TO_COORDINATOR,
)
_ARRESTED = Waits(
    N_("{country} reports an arrest in case {case}: confirm the identity."), _BOARD, "id", "arrested_at", **_DAY
)
LIFE: Life[LocationState] = Life(
    "location",
    _S.REPORTED,
    (
        Step(_S.REPORTED, _S.CONFIRMED, "location.yes", _CONFIRM, guard=_sought, waits=_REPORTED),
        Step(_S.REPORTED, _S.NEGATIVE, "location.no", _CONFIRM, waits=_REPORTED),
        Step(_S.CONFIRMED, _S.ARREST_REPORTED, "location.arrest", Act.FUGITIVE_FIND, guard=_located, waits=_LOCATED),
        Step(
            _S.ARREST_REPORTED, _S.ARREST_CONFIRMED, "location.same_person", _CONFIRM, guard=_located, waits=_ARRESTED
        ),
        Step(_S.ARREST_REPORTED, _S.NEGATIVE, "location.somebody_else", _CONFIRM, guard=_located, waits=_ARRESTED),
    ),
    ends=(_S.ARREST_CONFIRMED, _S.NEGATIVE),
    may=_may,
    astray=_astray,
)


class FugitiveLocation(SQLModel, table=True):
    """A country's report that the person of a case is there, and its state.

    The place is the country: a map shows no more, and no finer position is stored. When the requesting country says
    that it is not the person, `remark` and the time of the arrest are erased.
    """

    __tablename__ = "fugitive_location"
    __table_args__ = (
        LIFE.known(),
        CheckConstraint("country <> requesting_country", name="two_countries"),
        CheckConstraint("erased_at IS NULL OR (remark = '' AND state = 'negative')", name="erased_is_gone"),
        CheckConstraint(
            "(state IN ('arrest_reported', 'arrest_confirmed')) = (arrested_at IS NOT NULL)", name="arrest_has_a_time"
        ),
    )
    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="fugitive_case.id", index=True)
    country: str = Field(max_length=3)
    requesting_country: str = Field(max_length=3)
    state: str = Field(default=LocationState.REPORTED.value, max_length=20)
    remark: str = Field(default="", max_length=2000)
    content_hash: str = Field(max_length=64)
    author_name: str = Field(max_length=120)
    reported_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    arrested_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@scoped(FugitiveLocation)
def _locations_seen(actor: Actor) -> Any:
    return party_condition(FugitiveLocation, actor)


@LIFE.rows
def _in_states(session: Session, _by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    query = (
        select(FugitiveLocation, FugitiveCase)
        .join(FugitiveCase, col(FugitiveCase.id) == col(FugitiveLocation.case_id))
        .where(col(FugitiveLocation.state).in_(states), col(FugitiveCase.operation_id).in_(owners.keys()))
    )
    return [
        CandidateRow(
            location, case, case.operation_id, {"case": case.case_no, "of": case.id, "country": location.country}
        )
        for location, case in session.exec(query)
    ]


def locations(session: Session, case_id: UUID) -> list[FugitiveLocation]:
    """Return the reports about a case that the asker may see, by time."""
    query = select(FugitiveLocation).where(FugitiveLocation.case_id == case_id)
    return list(session.exec(query.order_by(col(FugitiveLocation.reported_at), col(FugitiveLocation.id))))
