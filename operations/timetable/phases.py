"""Jobs at the beginning and end of phases: a journal entry, messages, and the operation's step where its coordinator
left that to the calendar.

Nothing is approved here; an obstacle stops the step as it would a person's.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from operations.core import journal
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import N_
from operations.core.people import System
from operations.core.vocabulary import Classification, MessageKind, OperationState, PhaseKind, Role
from operations.notices.messages import To, tell
from operations.policing import lifecycle
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation, Phase
from operations.timetable.effects import DueEffect, Outcome, TimetableJob
from operations.timetable.rules import rules

_BEGAN, _OVER = N_("{phase} has begun."), N_("{phase} is over.")
_LIVE = (
    OperationState.APPROVED.value,
    OperationState.PRE_OPERATIONAL.value,
    OperationState.ACTIVE.value,
    OperationState.CONSOLIDATION.value,
)


def _begun(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    return _dues(session, "phase.begin", col(Phase.starts), since, moment)


def _over(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    return _dues(session, "phase.end", col(Phase.ends), since, moment)


def _dues(session: Session, name: str, edge: Any, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    """Return the beginnings or ends of phases of running operations; at equal moments ends come first."""
    query = select(Phase, edge).join(Operation, col(Operation.id) == col(Phase.operation_id))
    found = session.exec(query.where(col(Operation.state).in_(_LIVE), edge >= since, edge <= moment))
    return [DueEffect(f"{name}:{phase.id}", at, at, phase) for phase, at in found]


def _begin(session: Session, due: DueEffect, moment: datetime, _made: Any) -> Outcome:
    phase = session.get(Phase, due.about.id)
    if phase is None or phase.starts != due.due:
        return {}
    to = OperationState.ACTIVE if phase.kind == PhaseKind.OPERATIONAL else None
    return _pass(session, due, phase, moment, "phase.begin", MessageKind.PHASE_BEGAN, to)


def _end(session: Session, due: DueEffect, moment: datetime, _made: Any) -> Outcome:
    phase = session.get(Phase, due.about.id)
    if phase is None or phase.ends != due.due:  # moved or dropped since the timetable looked
        return {}
    last = phase.kind == PhaseKind.OPERATIONAL and not any(
        other.kind == PhaseKind.OPERATIONAL and other.ends > phase.ends
        for other in plan.phases(session, phase.operation_id)
    )
    to = OperationState.CONSOLIDATION if last else None
    return _pass(session, due, phase, moment, "phase.end", MessageKind.PHASE_ENDED, to)


def _pass(
    session: Session,
    due: DueEffect,
    phase: Phase,
    moment: datetime,
    act: str,
    kind: MessageKind,
    to: OperationState | None,
) -> Outcome:
    operation = session.get_one(Operation, phase.operation_id)
    waits = []
    if to is not None and rules(session, operation.id).by_calendar:
        try:
            lifecycle.move_by_calendar(session, operation.id, to)
        except RuleBroken as held_up:
            waits = [flaw.field for flaw in held_up.flaws]
    told = tell(
        session,
        _concerned(session, operation),
        kind,
        f"/operations/{operation.id}/overview",
        key=f"{due.job}:{due.due.isoformat()}",
        by=System(),
        operation=operation.id,
        classification=Classification(operation.classification),
        about=Flaw("", _BEGAN if kind is MessageKind.PHASE_BEGAN else _OVER, {"phase": phase.name}),
    )
    journal.record(
        session,
        System(),
        act,
        "phase",
        phase.id,
        operation=operation.id,
        phase=phase.kind,
        late=due.late(moment),
        waits=waits,
    )
    return {"told": told, "waits": waits}


def _concerned(session: Session, operation: Operation) -> list[To]:
    countries = [
        participation.country
        for participation in plan.participations(session, operation.id)
        if participation.state in [state.value for state in plan.TAKING_PART]
    ]
    coordinators = frozenset({Role.NATIONAL_COORDINATOR})
    return [
        To(roles=frozenset({Role.OPERATION_COORDINATOR}), operation=operation.id),
        *(To(roles=coordinators, country=country) for country in countries),
    ]


JOBS = (TimetableJob("phase.end", _over, _end), TimetableJob("phase.begin", _begun, _begin))
