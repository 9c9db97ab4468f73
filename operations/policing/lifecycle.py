"""The life cycle of an operation (domain 1.6.1): its states, steps and permissions, and the guards of each step.

Guards are evaluated in one place: `guards` lists all of them at once, with a message for each, so that a screen can say
"cannot be approved yet" before anybody tries. Approving an operation freezes its operational plan.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import object_session
from sqlmodel import Session, col, func, select

from operations.core import history, journal, rows
from operations.core.clock import now
from operations.core.errors import Flaw, NotFound, RuleBroken
from operations.core.field_labels import N_
from operations.core.people import Actor, System
from operations.core.permissions import Act, may, require
from operations.core.state_machine import Flaws, Life, Step, ways
from operations.core.store import locked, unscoped
from operations.core.vocabulary import Art3Screen, OperationState, ParticipationState, PhaseKind
from operations.core.worklist import DAYS, TO_COORDINATOR, TO_LEADERSHIP, CandidateRow, Waits
from operations.policing import readiness
from operations.policing.operation import oplan, outward_acts, participations
from operations.policing.operation.plan import Operation, Participation, Phase, held_states, phases, subject
from operations.policing.operation.plan import operation as plan_operation
from operations.policing.readiness import Guard
from operations.policing.reports import exclusions

S = OperationState
_RUNNING = (S.APPROVED, S.PRE_OPERATIONAL, S.ACTIVE, S.CONSOLIDATION)


Asks = Callable[[Session, Operation], Iterable[Guard]]
_asked: dict[OperationState, list[Asks]] = {}


def register_guards(to: OperationState) -> Callable[[Asks], Asks]:
    """Register guards of modules above this one for the step to `to`: `@lifecycle.asks(state)`."""

    def declared(asked: Asks) -> Asks:
        _asked.setdefault(to, []).append(asked)
        return asked

    return declared


Prepares = Callable[[Session, Operation], Any]
_preparing: dict[OperationState, Prepares] = {}


def prepared(to: OperationState) -> Callable[[Prepares], Prepares]:
    """Register what a module above this one works out before the step to `to`, so that no writer waits for it."""

    def declared(works: Prepares) -> Prepares:
        _preparing[to] = works
        return works

    return declared


def prepare(session: Session, operation_id: UUID, to: OperationState, by: Actor) -> Any:
    """Return what `move` takes as `ready`: read before its turn to write, in a session of its own. None for nothing."""
    works = _preparing.get(to)
    found = plan_operation(session, operation_id, by) if works else None
    step = LIFE.step(found.state, to) if found else None
    return works(session, found) if works and found and step and may(by, step.act, subject(found)) else None


Follows = Callable[[Session, Operation, int, Any], None]
_following: dict[OperationState, list[Follows]] = {}


def followed(to: OperationState) -> Callable[[Follows], Follows]:
    """Register an action of a module above this one, called when an operation reached `to`.

    It takes the entry's number, and what was `prepared` for it, or None.
    """

    def declared(does: Follows) -> Follows:
        _following.setdefault(to, []).append(does)
        return does

    return declared


def guards(session: Session, operation: Operation, to: OperationState, *, warned: bool = True) -> list[Guard]:
    """Everything that must be true before `to`, in the order in which a person would put it right (domain 1.6.1).

    The one place where this is decided: the verb refuses by it and the screen shows it. It is true or not whoever asks;
    a country alone is not told what waits in others. Without `warned` what would only be warned of is left out.
    """
    found: list[Guard] = []

    def need(holds: bool, field: str, template: str, act: Act, page: str, **params: Any) -> None:
        found.append(Guard(Flaw(field, template, params, act, f"/operations/{{operation}}/{page}"), holds))

    edit = Act.OPERATION_EDIT, "overview?edit=1"
    if to in (S.PROPOSED, S.APPROVED):
        need(bool(operation.aim), "aim", "The operational aim is not written yet.", *edit)
        scheduled = bool(phases(session, operation.id))
        need(scheduled, "phases", "No phase is scheduled yet.", Act.OPERATION_EDIT, "phases")
    if to is S.APPROVED:
        left = oplan.unfinished(session, operation.id)
        unfinished = oplan.UNFINISHED.template, Act.OPLAN_WRITE, "oplan"
        need(not left, "oplan", *unfinished, count=len(left), all=len(oplan.SECTIONS))
        passed = operation.art3_screen == Art3Screen.PASSED
        need(passed, "art3_screen", "The Article 3 screen has not been passed.", *edit)
        need(bool(operation.legal_basis), "legal_basis", "The legal basis is not written yet.", *edit)
        confirmed, asked = _confirmed(session, operation.id)
        answers = Act.PARTICIPATION_ANSWER if asked else Act.PARTICIPATION_INVITE
        wanted = answers, "countries"
        need(confirmed, "participations", "No country has confirmed that it takes part.", *wanted)
        need(
            bool(operation.line_kinds) and operation.daily_due is not None,
            "line_kinds",
            "The reporting scheme is not set: which results are reported, and when the daily report is due.",
            *edit,
        )
        found.append(readiness.unit(session, operation))
        found.extend(readiness.first_day(session, operation) if warned else ())
    if to is S.ACTIVE:
        starts = [phase.starts for phase in phases(session, operation.id) if phase.kind == PhaseKind.OPERATIONAL]
        begun = bool(starts) and min(starts) <= now()
        need(begun, "phases", "The operational phase has not begun yet.", Act.OPERATION_EDIT, "phases")
        found.append(readiness.unit(session, operation))
        found.extend(readiness.first_day(session, operation) if warned else ())
    if to is S.CONSOLIDATION:
        ends = [phase.ends for phase in phases(session, operation.id) if phase.kind == PhaseKind.OPERATIONAL]
        over = bool(ends) and max(ends) <= now()
        need(over, "phases", "The operational phase has not ended yet.", Act.OPERATION_EDIT, "phases")
    if to is S.DEBRIEFED and exclusions.sees_pending_counts(session.info.get("actor")):
        waiting = exclusions.unnamed(session, operation.id)
        need(
            not waiting,
            "reports",
            "{count} reports of {countries} are below V3. Ask their countries to validate "
            "them, or exclude them with a reason.",
            Act.OPERATION_RUN,
            "countries",
            count=waiting.total(),
            countries=sorted(waiting),
        )
        named = {each.country for each in exclusions.left_out(session, operation.id)}
        silent = [each for each in participations.missing_final_words(session, operation.id) if each not in named]
        need(
            not silent,
            "final_words",
            "{countries} did not declare the figures final yet. Wait for that, or continue with a reason.",
            Act.OPERATION_RUN,
            "countries",
            countries=silent,
        )
    for more in _asked.get(to, ()):
        found.extend(more(session, operation))
    return found


def obstacles(session: Session, operation: Operation, to: OperationState) -> list[Flaw]:
    """Every guard that stands before `to`, as sentences."""
    return [guard.flaw for guard in guards(session, operation, to, warned=False) if guard.blocks]


def warnings(session: Session, operation: Operation, to: OperationState) -> list[Flaw]:
    """Every guard that does not hold and lets `to` pass all the same, as sentences."""
    return [guard.flaw for guard in guards(session, operation, to) if guard.warns and not guard.holds]


def _ready(operation: Operation, to: OperationState) -> bool:
    """Return whether every condition of `to` holds, as far as the asker may know."""
    session = object_session(operation)
    return session is not None and not obstacles(cast(Session, session), operation, to)


def _needs(to: OperationState, said: str) -> Flaws:
    def missing(operation: Operation, session: Session) -> list[Flaw]:
        return obstacles(session, operation, to)

    missing.__doc__ = said
    return missing


def _may(operation: Operation, _session: Any, step: Step[OperationState], by: Actor) -> bool:
    return may(by, step.act, subject(operation)) and not _astray_back(operation, step)


def _astray_back(operation: Operation, step: Step[OperationState]) -> bool:
    """Return whether a step would resume a suspended operation into another state than it was suspended from."""
    return step.before is S.SUSPENDED and step.after not in (S.CANCELLED, operation.state_before)


_ASTRAY = Flaw("state", "This step is not possible now. Reload the page to see the current state.")
_RUN, _FORWARD = Act.OPERATION_RUN, "chevron-right"
_TO_APPROVE = "/operations/{operation}/approval"
_HERE, _DEBRIEF = "/operations/{operation}/overview", "/operations/{operation}/debrief"
_PROPOSED = _needs(S.PROPOSED, "The aim is written and phases are scheduled.")
_APPROVED = _needs(
    S.APPROVED, "All that an approval rests on is there: plan, legal basis, countries, reporting scheme, a manned unit."
)
_ACTIVE = _needs(S.ACTIVE, "The operational phase has begun, and a coordination unit is manned.")
_CONSOLIDATION = _needs(S.CONSOLIDATION, "The operational phase has ended.")
_DEBRIEFED = _needs(S.DEBRIEFED, "Reports are validated, countries have said their final word, the debrief is written.")
_FINAL = _needs(S.FINAL, "Somebody else than its author approves the debrief.")
_EVALUATED = _needs(S.EVALUATED, "A recommendation is decided, or none is needed.")
_ARCHIVED = _needs(S.ARCHIVED, "Every hit is answered, or named as unanswered with the reason.")
_GUARDS = {S.PROPOSED: _PROPOSED, S.APPROVED: _APPROVED, S.ACTIVE: _ACTIVE, S.CONSOLIDATION: _CONSOLIDATION}
LIFE: Life[OperationState] = Life(
    "operation",
    S.DRAFT,
    (
        Step(
            S.DRAFT,
            S.PROPOSED,
            "operation.proposed",
            _RUN,
            N_("Propose for approval"),
            _FORWARD,
            guard=_PROPOSED,
            waits=Waits(
                N_("All that an approval rests on is there: propose the operation."),
                _HERE,
                "checks",
                "moved",
                when=lambda operation, _at: _ready(operation, S.APPROVED),
                within=14 * DAYS,
                late=TO_COORDINATOR,
            ),
        ),
        Step(
            S.PROPOSED,
            S.APPROVED,
            "operation.approved",
            Act.OPERATION_APPROVE,
            N_("Approve"),
            _FORWARD,
            guard=_APPROVED,
            waits=Waits(
                N_("The operation is proposed: approve it."),
                _TO_APPROVE,
                "checks",
                "moved",
                within=2 * DAYS,
                late=TO_COORDINATOR,
            ),
        ),
        Step(
            S.APPROVED,
            S.PRE_OPERATIONAL,
            "operation.pre_operational",
            _RUN,
            N_("Begin the pre-operational work"),
            _FORWARD,
            waits=Waits(
                N_("The operation is approved: begin the pre-operational work."),
                _HERE,
                "player-play",
                "moved",
                within=7 * DAYS,
                late=TO_LEADERSHIP,
            ),
        ),
        Step(
            S.PRE_OPERATIONAL,
            S.ACTIVE,
            "operation.active",
            _RUN,
            N_("Start the operation"),
            _FORWARD,
            guard=_ACTIVE,
            waits=Waits(N_("The operational phase has begun: start the operation."), _HERE, "player-play", "moved"),
        ),
        Step(
            S.ACTIVE,
            S.CONSOLIDATION,
            "operation.consolidation",
            _RUN,
            N_("End the operation and consolidate"),
            _FORWARD,
            guard=_CONSOLIDATION,
            waits=Waits(N_("The operational phase has ended: end the operation."), _HERE, "player-stop", "moved"),
        ),
        Step(
            S.CONSOLIDATION,
            S.DEBRIEFED,
            "operation.debriefed",
            _RUN,
            N_("Close the debrief"),
            _FORWARD,
            guard=_DEBRIEFED,
            waits=Waits(
                N_("Figures are final and the debrief is written: close it."),
                _DEBRIEF,
                "clipboard-check",
                "moved",
                within=30 * DAYS,
                late=TO_LEADERSHIP,
            ),
        ),
        Step(
            S.DEBRIEFED,
            S.FINAL,
            "operation.final",
            Act.OPERATION_APPROVE,
            N_("Approve the debrief"),
            _FORWARD,
            guard=_FINAL,
            waits=Waits(
                N_("The debrief is closed: approve it."),
                _DEBRIEF,
                "clipboard-check",
                "moved",
                within=7 * DAYS,
                late=TO_COORDINATOR,
            ),
        ),
        Step(
            S.FINAL,
            S.EVALUATED,
            "operation.evaluated",
            _RUN,
            N_("Close the evaluation"),
            _FORWARD,
            guard=_EVALUATED,
            waits=Waits(
                N_("Recommendations are decided: close the evaluation."),
                _HERE,
                "bulb",
                "moved",
                within=30 * DAYS,
                late=TO_LEADERSHIP,
            ),
        ),
        Step(
            S.EVALUATED,
            S.ARCHIVED,
            "operation.archived",
            Act.OPERATION_APPROVE,
            N_("Archive the operation"),
            _FORWARD,
            guard=_ARCHIVED,
            waits=Waits(
                N_("The operation is evaluated: archive it."),
                _HERE,
                "archive",
                "moved",
                within=30 * DAYS,
                late=TO_COORDINATOR,
            ),
        ),
        *(
            Step(
                S.SUSPENDED,
                state,
                "operation.resume",
                Act.OPERATION_SUSPEND,
                N_("Resume: {state}"),
                _FORWARD,
                guard=_GUARDS.get(state),
            )
            for state in _RUNNING
        ),
        Step(
            S.PROPOSED,
            S.DRAFT,
            "operation.draft",
            _RUN,
            N_("Take back to draft"),
            "arrow-back-up",
            waits=Waits(
                N_("The operation is proposed and cannot be approved yet: see what is missing."),
                _HERE,
                "checks",
                "moved",
                when=lambda operation, _at: not _ready(operation, S.APPROVED),
                within=2 * DAYS,
                late=TO_COORDINATOR,
            ),
        ),
        *ways(
            _RUNNING,
            S.SUSPENDED,
            "operation.suspended",
            Act.OPERATION_SUSPEND,
            N_("Suspend"),
            "player-pause",
            N_("Reason"),
        ),
        *ways(
            (S.DRAFT, S.PROPOSED, *_RUNNING, S.SUSPENDED),
            S.CANCELLED,
            "operation.cancelled",
            Act.OPERATION_CANCEL,
            N_("Cancel the operation"),
            "ban",
            N_("Reason"),
        ),
    ),
    ends=(S.ARCHIVED, S.CANCELLED),
    may=_may,
    astray=_ASTRAY,
)
"""Steps forward first, then back, then those that stop the operation: the order in which a screen offers them."""
Operation.__table__.append_constraint(LIFE.known())  # type: ignore[attr-defined]


_MOVES = {step.act.value for step in LIFE.steps}


@LIFE.rows
def _in_states(
    session: Session, _by: Actor, states: Iterable[str], owners: Mapping[UUID, Operation]
) -> list[CandidateRow]:
    found = [each for each in owners.values() if each.state in states]
    history.read_ahead(session, Phase, [each.id for each in found])
    at = last_moves(session, [each.id for each in found])
    return [CandidateRow(each, session, each.id, {"moved": at.get(each.id)}) for each in found]


def last_moves(session: Session, ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when each operation reached its current state; operations that never moved are left out."""
    entry: Any = journal.Entry
    query = select(entry.object_id, func.max(entry.at)).where(
        entry.object_kind == "operation", col(entry.object_id).in_(ids), col(entry.act).in_(_MOVES)
    )
    found = session.exec(query.group_by(col(entry.object_id))).all() if ids else ()
    return {each: at for each, at in found if each is not None}


def steps_for(operation: Operation, actor: Actor) -> list[Step[OperationState]]:
    """Return the steps that `actor` may take from here.

    A suspended operation goes back to the state it was suspended from.
    """
    return [step for step in LIFE.out_of(operation.state) if _may(operation, None, step, actor)]


def move(
    session: Session, operation_id: UUID, to: OperationState, by: Actor, reason: str = "", ready: Any = None
) -> Operation:
    """Take the step of an operation to another state; `ready` is what `prepare` returned before.

    Raises RuleBroken with every obstacle when a guard does not hold.

    Suspending and cancelling need a reason.
    """
    operation = rows.hold(session, Operation, operation_id)
    step = LIFE.step(operation.state, to)
    require(by, step.act if step else Act.OPERATION_READ, subject(operation))
    if step and _astray_back(operation, step):
        raise RuleBroken("state", "A suspended operation goes back to the state it was suspended from.")
    step, reason = LIFE.take(operation, session, to, by, reason)
    _made(session, operation, step, by, reason, ready)
    return operation


BY_CALENDAR = frozenset({(S.PRE_OPERATIONAL, S.ACTIVE), (S.ACTIVE, S.CONSOLIDATION)})
"""The steps that a coordinator may leave to the calendar: none that anybody approves, suspends or cancels."""


def move_by_calendar(session: Session, operation_id: UUID, to: OperationState) -> bool:
    """Take a step that the coordinator left to the calendar; return False where the operation is in another state.

    Raises RuleBroken with every obstacle, as for a person. For Muster's own sessions.
    """
    if not isinstance(session.info.get("actor"), System):
        raise NotFound
    operation: Operation = session.exec(locked(select(Operation).where(Operation.id == operation_id))).one()
    if (operation.state, to) not in BY_CALENDAR:
        return False
    if blocked := obstacles(session, operation, to):
        raise RuleBroken.all(blocked)
    _made(session, operation, LIFE.go(operation, to), System(), "")
    return True


def _made(
    session: Session,
    operation: Operation,
    step: Step[OperationState],
    by: Actor | System,
    reason: str,
    ready: Any = None,
) -> None:
    """Carry out the effects of a step that was taken, and write its journal entry."""
    held_states(session).pop(operation.id, None)
    operation.state_before = step.before.value
    operation.version += 1
    session.add(operation)
    if isinstance(by, Actor) and step.before is S.PROPOSED and step.after is S.APPROVED:
        oplan.freeze(session, operation, by)
    if step.after is S.ACTIVE:
        _activate_participations(session, operation.id)
    more: dict[str, Any] = {}
    if step.after is S.DEBRIEFED and (left := exclusions.settle_left_out(session, operation.id)):
        more["left_out"] = left
    seq = journal.record(
        session,
        by,
        step.act,
        "operation",
        operation.id,
        operation=operation.id,
        before=step.before.value,
        after=step.after.value,
        reason=reason,
        **more,
    )
    for does in _following.get(step.after, ()):
        does(session, operation, seq, ready)


_STATE = sa.select(col(Operation.state)).where(col(Operation.id) == sa.bindparam("operation"))


@journal.before
def _state_allows(
    session: Session, by: Actor | System, operation_id: UUID, act: str, kind: str, detail: Mapping[str, Any]
) -> None:
    """Whatever is written is journalled: in an archived operation nobody writes, but Muster as its times run out, and
    nothing goes outward in a state in which it may not (`outward_acts`).

    Recommendations are still followed up: that takes longer than the operation.
    """
    if (
        isinstance(by, System)
        or kind == "recommendation"
        or (kind == "operation" and detail.get("after") == S.ARCHIVED)
    ):
        return
    held = held_states(session).get(operation_id)
    state = held or session.connection().execute(_STATE, {"operation": operation_id}).scalar()
    if state == S.ARCHIVED:
        raise RuleBroken("", "The operation is archived. It can be read, but no longer changed.")
    if state and not outward_acts.at_home(act, detail) and (refused := outward_acts.flaw(act, state)):
        raise RuleBroken.all([refused])


def _confirmed(session: Session, operation_id: UUID) -> tuple[bool, bool]:
    """Whether a country has said yes, and whether one is asked."""
    query = select(Participation.state).where(Participation.operation_id == operation_id)
    states = set(session.exec(unscoped(query)))
    return not states.isdisjoint(participations.WORKING), ParticipationState.INVITED in states


def _activate_participations(session: Session, operation_id: UUID) -> None:
    query = select(Participation).where(
        Participation.operation_id == operation_id, Participation.state == ParticipationState.CONFIRMED.value
    )
    for participation in session.exec(query).all():
        participations.LIFE.go(participation, ParticipationState.ACTIVE)
        session.add(participation)
