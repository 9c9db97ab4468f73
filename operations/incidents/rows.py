"""Tables of serious incidents, the state machine of each (domain 1.6.9), and their visibility.

An incident belongs to no operation's journal or feeds: its entries are of the programme, addressed to single people.
Those of an ended one also move leadership's numbers of its operation, whose figures count it (K22). Its reporter sees
its state. People complained about, and people who verify or command there, are excluded (`IncidentApart`) and see
nothing in whatever role they have then or later.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, CheckConstraint, UniqueConstraint, false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import history, journal, state_machine
from operations.core.clock import UtcDateTime
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import Role
from operations.core.worklist import DAYS, HOURS, CandidateRow, Late, Waits, Whom

KIND, RESTRICTING = "serious_incident", "incident_restriction"
SCHEME = "2021"
"""The version of the category codes: they changed over the years, and old files keep theirs."""


class IncidentState(StrEnum):
    """States of a serious incident."""

    RECEIVED = "received"
    THRESHOLD_CHECK = "threshold_check"
    INITIAL = "initial"
    FACT_FINDING = "fact_finding"
    FORMAL = "formal"
    FINAL = "final"
    CLOSED = "closed"
    NOT_LAUNCHED = "not_launched"


_S = IncidentState
HELD = (_S.THRESHOLD_CHECK, _S.INITIAL, _S.FACT_FINDING, _S.FORMAL, _S.FINAL, _S.CLOSED, _S.NOT_LAUNCHED)
"""The states in which it has a handler."""
ENDED = (_S.FINAL, _S.CLOSED)


class IncidentFacts(NamedTuple):
    """Facts that the guards check beside the row: the subjects of its versions, and the asker."""

    abouts: frozenset[str]
    by: Actor


def _assessed(_found: "SeriousIncident", facts: IncidentFacts) -> Iterator[Flaw]:
    """The handler has assessed the findings."""
    if "assessment" not in facts.abouts:
        yield Flaw("", N_("Write your assessment in the file first. The formal report is based on it."))


def _concluded(_found: "SeriousIncident", facts: IncidentFacts) -> Iterator[Flaw]:
    """The outcome is recorded."""
    if "outcome" not in facts.abouts:
        yield Flaw("", N_("Write the outcome with its recommendations into the file first."))


def _may(found: "SeriousIncident", _facts: IncidentFacts, step: state_machine.Step[IncidentState], by: Actor) -> bool:
    """Return whether `by` may take the step: its handler; without one, any possible handler. Never its reporter."""
    theirs = found.handler_id in (None, by.account_id) and not by.is_one_of(found.author_id)
    return may(by, step.act, Subject()) and theirs and found.erased_at is None


_HERE = "/incidents?show={id}"
_AGAIN = (Late(Whom.OWNERS),)
_TO_CHECK = Waits(
    N_("Serious incident {reference} came in: take it and check the threshold."),
    _HERE,
    "urgent",
    "made_at",
    within=24 * HOURS,
    late=_AGAIN,
)
_TO_LAUNCH = Waits(
    N_("Serious incident {reference}: launch it, or say why not."),
    _HERE,
    "urgent",
    "moved_at",
    within=3 * DAYS,
    late=_AGAIN,
)
_TO_GO_ON = Waits(
    N_("Serious incident {reference}: take it further."), _HERE, "urgent", "moved_at", within=30 * DAYS, late=_AGAIN
)
_HANDLE = Act.INCIDENT_HANDLE
_ASTRAY = Flaw("", "This step is not possible now. Reload the page to see the current state.")
LIFE = state_machine.Life(
    "serious incident",
    _S.RECEIVED,
    (
        state_machine.Step(
            _S.RECEIVED,
            _S.THRESHOLD_CHECK,
            "incident.check",
            _HANDLE,
            N_("Take it and check the threshold"),
            "player-play",
            waits=_TO_CHECK,
        ),
        state_machine.Step(
            _S.THRESHOLD_CHECK,
            _S.INITIAL,
            "incident.launch",
            _HANDLE,
            N_("Launch it: initial report"),
            "check",
            waits=_TO_LAUNCH,
        ),
        state_machine.Step(
            _S.THRESHOLD_CHECK,
            _S.NOT_LAUNCHED,
            "incident.not_launch",
            _HANDLE,
            N_("Do not launch"),
            "ban",
            N_("Why it is not launched"),
        ),
        state_machine.Step(
            _S.INITIAL,
            _S.FACT_FINDING,
            "incident.investigate",
            _HANDLE,
            N_("Begin fact-finding"),
            "search",
            waits=_TO_GO_ON,
        ),
        state_machine.Step(
            _S.FACT_FINDING,
            _S.FORMAL,
            "incident.formal",
            _HANDLE,
            N_("Make the formal report"),
            "file-text",
            guard=_assessed,
            waits=_TO_GO_ON,
        ),
        state_machine.Step(
            _S.FORMAL,
            _S.FINAL,
            "incident.finalise",
            _HANDLE,
            N_("Make the final report"),
            "rubber-stamp",
            guard=_concluded,
            waits=_TO_GO_ON,
        ),
        state_machine.Step(_S.FINAL, _S.CLOSED, "incident.close", _HANDLE, N_("Close"), "check", waits=_TO_GO_ON),
    ),
    ends=(_S.CLOSED, _S.NOT_LAUNCHED),
    may=_may,
    astray=lambda _before, _after: _ASTRAY,
    words={
        _S.RECEIVED: N_("Report received"),
        _S.THRESHOLD_CHECK: N_("Threshold check"),
        _S.INITIAL: N_("Initial report"),
        _S.FACT_FINDING: N_("Fact-finding"),
        _S.FORMAL: N_("Formal report"),
        _S.FINAL: N_("Final report"),
        _S.CLOSED: N_("Closed"),
        _S.NOT_LAUNCHED: N_("Not launched"),
    },
)

# ---------------------------------------------------------------------------------------------------- tables


@history.versioned("state", "counted", screened=True)
class SeriousIncident(SQLModel, table=True):
    """A serious incident without its content. `country`: whose data it is, None for one of the centre.

    `concerns` is the country complained about. `counted`: it is in the counts, from which its country may remove it.
    """

    __tablename__ = "serious_incident"
    __table_args__ = (
        LIFE.known(),
        LIFE.exactly(HELD, "handler_id IS NOT NULL", "held_by_somebody"),
        CheckConstraint("handler_id <> author_id", name="other_eyes"),
        CheckConstraint("channel IN ('normal', 'exceptional')", name="channel_known"),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str | None = Field(default=None, max_length=3)
    concerns: str = Field(max_length=3)
    channel: str = Field(max_length=12)
    scheme: str = Field(default=SCHEME, max_length=8)
    category: str = Field(max_length=24)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    detected_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(default=IncidentState.RECEIVED.value, max_length=16)
    versions: int = 1
    handler_id: UUID | None = None
    handler_name: str = Field(default="", max_length=120)
    counted: bool = True
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    content_hash: str = Field(max_length=64)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    moved_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def reference(self) -> str:
        """The reference that people use. It reveals neither the number of incidents nor their dates."""
        return f"SI-{fingerprint([str(self.id)])[:8].upper()}"


class IncidentVersion(SQLModel, table=True):
    """A version in a file, with its subject. The first is the report; none is ever changed, but all can be erased."""

    __tablename__ = "incident_version"
    __table_args__ = (UniqueConstraint("incident_id", "version"),)
    id: UUID = Field(primary_key=True)
    incident_id: UUID = Field(foreign_key="serious_incident.id", index=True)
    version: int
    about: str = Field(max_length=16)
    content: dict[str, Any] = Field(sa_type=JSON)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class IncidentApart(SQLModel, table=True):
    """A person who had a part in an incident when it was reported, and never handles or reads it."""

    __tablename__ = "incident_apart"
    incident_id: UUID = Field(primary_key=True, foreign_key="serious_incident.id")
    account_id: UUID = Field(primary_key=True, foreign_key="account.id", index=True)
    part: str = Field(max_length=12)


class IncidentGrant(SQLModel, table=True):
    """Temporary access to a file, granted by the handler with a reason."""

    __tablename__ = "incident_grant"
    id: UUID = Field(primary_key=True)
    incident_id: UUID = Field(foreign_key="serious_incident.id", index=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    reason: str = Field(max_length=2000)
    until: datetime = Field(sa_type=UtcDateTime)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class IncidentRestriction(SQLModel, table=True):
    """A country's restriction of what its people reported in an operation, whether or not there is anything."""

    __tablename__ = "incident_restriction"
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    country: str = Field(primary_key=True, max_length=3)
    reason: str = Field(max_length=2000)
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


# --------------------------------------------------------------------------------------------- who sees what

_APART: sa.Table = IncidentApart.__table__  # type: ignore[attr-defined]
_GRANT: sa.Table = IncidentGrant.__table__  # type: ignore[attr-defined]
_INCIDENT: sa.Table = SeriousIncident.__table__  # type: ignore[attr-defined]
SUPERVISORS = (Role.RIGHTS_OFFICER, Role.AUDITOR)
"""Roles that know of every incident in which they have no part."""


def _own(actor: Actor) -> frozenset[UUID]:
    return actor.alike | {actor.account_id}


def excluded_incidents(actor: Actor) -> Any:
    """Return the incidents in which this person, or a possible other account of theirs, has a part; reads unscoped."""
    return sa.select(_APART.c.incident_id).where(_APART.c.account_id.in_(_own(actor)))


def _read_by(ident: Any, state: Any, actor: Actor) -> Any:
    """Return an SQL condition: the incident is one that this person reads as more than its reporter."""
    if actor.only is not None or not may(actor, Act.INCIDENT_READ):
        return false()
    free = ident.not_in(excluded_incidents(actor))
    if actor.role in SUPERVISORS:
        return free
    if actor.role is Role.LEADERSHIP:
        return free & state.in_([each.value for each in ENDED])
    return free & ident.in_(sa.select(_GRANT.c.incident_id).where(_GRANT.c.account_id == actor.account_id))


@scoped(SeriousIncident)
def _incidents_seen(actor: Actor) -> Any:
    read = _read_by(col(SeriousIncident.id), col(SeriousIncident.state), actor)
    return read | (col(SeriousIncident.author_id) == actor.account_id) if actor.only is None else read


def _of_those_read(model: Any) -> None:
    def seen(actor: Actor) -> Any:
        return col(model.incident_id).in_(
            sa.select(_INCIDENT.c.id).where(_read_by(_INCIDENT.c.id, _INCIDENT.c.state, actor))
        )

    scoped(model)(seen)


for _model in (IncidentVersion, IncidentApart, IncidentGrant):
    _of_those_read(_model)


@scoped(IncidentRestriction)
def _restrictions_seen(actor: Actor) -> Any:
    if actor.role in SUPERVISORS or actor.role is Role.LEADERSHIP:
        return sa.true()
    own = col(IncidentRestriction.country) == actor.country
    return own if may(actor, Act.INCIDENT_RESTRICT) and actor.only is None else false()


def _entries_seen(actor: Actor) -> Any:
    if actor.role not in SUPERVISORS:
        return false()
    return col(journal.Entry.object_id).not_in(excluded_incidents(actor))


def _restricting_seen(actor: Actor) -> Any:
    if actor.role in SUPERVISORS:
        return sa.true()
    own = col(journal.Entry.country) == actor.country
    return own if may(actor, Act.INCIDENT_RESTRICT) and actor.only is None else false()


def _nobody(_session: Session, _id: UUID | None, _country: str | None) -> frozenset[str]:
    return frozenset()


journal.need_to_know(KIND, seen=_entries_seen, countries=_nobody, roles=frozenset())
journal.need_to_know(RESTRICTING, seen=_restricting_seen, countries=_nobody, roles=frozenset())
journal.kept_from(KIND, lambda actor: col(journal.AccessEntry.object_id).in_(excluded_incidents(actor)))


# ------------------------------------------------------------------------------------------------- questions


@LIFE.rows
def _in_states(session: Session, by: Actor, states: Iterable[str], _owners: Any) -> list[CandidateRow]:
    if by.role is not Role.RIGHTS_OFFICER:
        return []
    found = session.exec(select(SeriousIncident).where(col(SeriousIncident.state).in_(states))).all()
    facts = facts_of(session, found, by)
    return [CandidateRow(each, facts[each.id], None, {"reference": each.reference, "country": None}) for each in found]


def version_subjects(session: Session, incidents: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """Return the subjects of the versions of each incident: the rules need no more of them."""
    query = select(IncidentVersion.incident_id, IncidentVersion.about)
    found: dict[UUID, frozenset[str]] = {}
    for each, about in session.exec(unscoped(query.where(col(IncidentVersion.incident_id).in_(list(incidents))))):
        found[each] = found.get(each, frozenset()) | {about}
    return found


def facts_of(session: Session, found: Sequence[SeriousIncident], by: Actor) -> dict[UUID, IncidentFacts]:
    """Return the facts of the guards of each."""
    abouts = version_subjects(session, [each.id for each in found])
    return {each.id: IncidentFacts(abouts.get(each.id, frozenset()), by) for each in found}
