"""Operations and their phases: drafts and verbs (domain 1.3, 1.6.1).

The life cycle is in `lifecycle`; the tables and their visibility are in `rows`, the countries in `participations`.
"""

from datetime import datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from operations.core import history, journal, rows
from operations.core.clock import now
from operations.core.drafts import FIELD, Draft, Moment, Name, Words, Zone, rule
from operations.core.errors import Conflict, NotFound, RuleBroken, Stale
from operations.core.field_labels import N_, Label
from operations.core.people import Actor, Assignment
from operations.core.permissions import Act, Subject, may, require
from operations.core.store import unscoped
from operations.core.vocabulary import (
    Art3Screen,
    Classification,
    InList,
    OperationState,
    OperationType,
    PhaseKind,
    label,
)
from operations.policing.operation.participations import (
    OUT,
    TAKING_PART,
    CountryInvitation,
    Leaving,
    Participation,
    answer,
    countries,
    countries_of_operations,
    hidden_departure,
    invite,
    participations,
    refuse_outsiders,
    register_open_count,
    register_removal,
    taking_part,
    withdraw,
)
from operations.policing.operation.rows import (
    ENDED,
    Operation,
    Phase,
    former_reach,
    held_states,
    hold,
    operation,
    subject,
    within_reach,
)

__all__ = [
    "ENDED",
    "OUT",
    "TAKING_PART",
    "CountryInvitation",
    "Leaving",
    "Operation",
    "OperationDraft",
    "Participation",
    "Phase",
    "PhaseDraft",
    "answer",
    "countries",
    "countries_of_operations",
    "create",
    "edit",
    "former_reach",
    "held_states",
    "hidden_departure",
    "hold",
    "invite",
    "operation",
    "operations",
    "participations",
    "phases",
    "refuse_outsiders",
    "register_open_count",
    "register_removal",
    "schedule",
    "subject",
    "taking_part",
    "withdraw",
    "within_reach",
]

_PHASE_ORDER = rule("phase_reversed", "The phase must end after it begins.")

# ---------------------------------------------------------------------------------------------------- drafts


LAST_DAYS = timedelta(days=2)
"""So long before the end of its last phase an operation is prepared to be closed."""
_RUNNING = (OperationState.ACTIVE, OperationState.SUSPENDED)


class Purpose(Draft):
    """Purpose of an operation, and its criterion to end: asked at its beginning, needed for its approval."""

    reason_to_open: Annotated[
        Words, Label(N_("Reason to open"), N_("What happened, or is expected, that calls for this operation."))
    ] = ""
    measured_goal: Annotated[
        Words, Label(N_("Measured goal"), N_("What will have been reached, in a number that can be counted."))
    ] = ""
    end_criterion: Annotated[
        Words,
        Label(N_("Criterion to end"), N_("What must be true for the operation to end, or by when at the latest.")),
    ] = ""


class OperationDraft(Purpose):
    """Draft of an operation. `zone` and `day_cut` say when its official days begin."""

    id: UUID
    code_name: Annotated[Name, Label(N_("Code name"))]
    edition: Annotated[int, Rule(ge=1, le=99), Label(N_("Edition"))] = 1
    type: Annotated[OperationType, Label(N_("Type"), listed="CL-OPTYPE")]
    crime_scope: Annotated[list[Annotated[str, InList("CL-CRIMESCOPE")]], Rule(min_length=1), Label(N_("Crime scope"))]
    aim: Annotated[
        Words, Label(N_("Operational aim"), N_("What the operation is to achieve. No names of persons."))
    ] = ""
    legal_basis: Annotated[Words, Label(N_("Legal basis"))] = ""
    zone: Annotated[
        Zone,
        Label(N_("Time zone"), N_("The official days of the operation are counted in this zone."), draws="zone"),
    ]
    day_cut: Annotated[time, Label(N_("The official day begins at"))] = time(0)
    classification: Annotated[Classification, Label(N_("Classification"), listed="CL-CLASS")] = (
        Classification.FOR_OFFICIAL_USE
    )
    art3_screen: Annotated[
        Art3Screen,
        Label(
            N_("Article 3 screen"),
            N_("Nothing political, military, religious or racial (INTERPOL's Constitution, article 3)."),
            listed="CL-ART3",
        ),
    ] = Art3Screen.NOT_SCREENED
    line_kinds: Annotated[tuple[Annotated[str, InList("CL-LINE")], ...], Label(N_("Results reported"))] = ()
    daily_due: Annotated[time | None, Label(N_("Daily report due at"))] = None
    invented: Annotated[Words, Label(N_("What is invented"), typed=False)] = ""


class PhaseDraft(Draft):
    """Draft of a phase: aware moments, the end after the start. Without a name it has that of its kind."""

    id: UUID
    kind: Annotated[PhaseKind, Label(N_("Kind of phase"), listed="CL-PHASE")]
    name: Annotated[Name, Label(N_("Name"), N_("Empty: the name of its kind."))] = ""
    starts: Annotated[
        Moment,
        Label(N_("Begins"), N_("local time in {zone}"), parts=(N_("Begins on"), N_("Begins at"))),
    ]
    ends: Annotated[
        Moment,
        Label(N_("Ends"), N_("local time in {zone}"), parts=(N_("Ends on"), N_("Ends at"))),
    ]

    @model_validator(mode="before")
    @classmethod
    def _named(cls, content: Any) -> Any:
        if not isinstance(content, dict) or content.get("name"):
            return content
        rest = {field: value for field, value in content.items() if field != "name"}
        kind = content.get("kind")
        return rest | {"name": label("CL-PHASE", str(kind))} if kind in list(PhaseKind) else rest

    @model_validator(mode="after")
    def _in_order(self) -> "PhaseDraft":
        if self.ends <= self.starts:
            raise PydanticCustomError(_PHASE_ORDER, "phase reversed", {FIELD: "ends"})
        return self


_WRITABLE = (OperationState.DRAFT.value, OperationState.PROPOSED.value)
# ------------------------------------------------------------------------------------------------- questions


def operations(session: Session, by: Actor) -> list[Operation]:
    """Return the operations that `by` may read, newest created first."""
    found = session.exec(select(Operation).order_by(col(Operation.created_at).desc())).all()
    return [each for each in found if may(by, Act.OPERATION_READ, subject(each))]


def phases(session: Session, operation_id: UUID) -> list[Phase]:
    """Return the phases in the order of their beginning, now or as of the session's entry."""
    return sorted(history.read(session, Phase, operation_id), key=lambda phase: phase.starts)


def nears_end(session: Session, owner: Operation, at: datetime) -> bool:
    """Return whether the operation has ended, or its last phase ends within `LAST_DAYS`: then it is to be closed."""
    if owner.state in (OperationState.CONSOLIDATION, *ENDED):
        return True
    ends = [phase.ends for phase in phases(session, owner.id)]
    return owner.state in _RUNNING and bool(ends) and max(ends) - at <= LAST_DAYS


# ----------------------------------------------------------------------------------------------------- verbs


def create(session: Session, draft: OperationDraft, by: Actor) -> Operation:
    """Create an operation as a draft, and assign its author to it.

    Idempotent: the same draft again returns the operation; the same id with other content raises Conflict.
    """
    require(by, Act.OPERATION_CREATE, Subject(classification=draft.classification))
    otherwise = Conflict("This operation was already created with other content. Reload the page and edit it instead.")
    if known := rows.same_draft(session, Operation, draft.id, _columns(draft), otherwise):
        return known
    _refuse_taken_name(session, draft)
    made = Operation(**_columns(draft), created_at=now())
    session.add(made)
    session.flush()
    session.add(Assignment(account_id=by.account_id, operation_id=made.id))
    journal.record(session, by, Act.OPERATION_CREATE, "operation", made.id, operation=made.id, type=made.type)
    return made


def edit(session: Session, draft: OperationDraft, by: Actor, version: int) -> Operation:
    """Change what an operation says about itself, while it is not yet running.

    `version` is the one that was on the screen; Conflict when somebody changed it meanwhile.
    """
    found = rows.hold(session, Operation, draft.id)
    require(by, Act.OPERATION_EDIT, subject(found))
    require(by, Act.OPERATION_EDIT, Subject(operation=found.id, classification=draft.classification))
    if found.version != version:
        raise Stale
    if found.state not in _WRITABLE:
        raise RuleBroken("", "An approved operation is not edited: its approval froze it.")
    _refuse_taken_name(session, draft)
    changes = {}
    for name, value in _columns(draft).items():
        if getattr(found, name) != value:
            changes[name] = value
            setattr(found, name, value)
    if changes:
        found.version += 1
        session.add(found)
        journal.record(
            session, by, Act.OPERATION_EDIT, "operation", found.id, operation=found.id, changed=sorted(changes)
        )
    return found


def schedule(session: Session, operation_id: UUID, draft: PhaseDraft, by: Actor) -> Phase:
    """Schedule a phase, or move the one with the same id.

    Phases of one operation do not overlap. A phase keeps its kind from the approval on, because results are counted by
    it; an operation that has ended keeps its calendar. Idempotent.
    """
    owner = operation(session, operation_id, by)
    require(by, Act.OPERATION_EDIT, subject(owner))
    if owner.state in ENDED:
        raise RuleBroken("", "The operation has ended. Its calendar can no longer change.")
    for other in phases(session, operation_id):
        if other.id != draft.id and draft.starts < other.ends and other.starts < draft.ends:
            raise RuleBroken("starts", "This overlaps with the phase {name}: choose other times.", name=other.name)
    phase = rows.find_locked(session, Phase, draft.id)
    if phase is not None and phase.operation_id != operation_id:
        raise NotFound
    if phase is not None and phase.kind != draft.kind and owner.state not in _WRITABLE:
        raise RuleBroken("kind", "The approval froze the kind of this phase: schedule another phase.")
    if phase is not None and all(getattr(phase, name) == value for name, value in draft):
        return phase
    before = None if phase is None else [phase.starts.isoformat(), phase.ends.isoformat()]
    phase = phase or Phase(
        id=draft.id, operation_id=operation_id, kind="", name="", starts=draft.starts, ends=draft.ends, version=0
    )
    phase.version += 1
    phase.kind, phase.name, phase.starts, phase.ends = draft.kind.value, draft.name, draft.starts, draft.ends
    session.add(phase)
    journal.record(
        session,
        by,
        "phase.schedule",
        "phase",
        phase.id,
        operation=operation_id,
        phase=phase.kind,
        starts=draft.starts.isoformat(),
        ends=draft.ends.isoformat(),
        before=before,
    )
    return phase


def drop_phase(session: Session, phase_id: UUID, by: Actor) -> None:
    """Take a phase that has not begun off the calendar; nothing may refer to it any more."""
    phase = rows.hold(session, Phase, phase_id)
    owner = operation(session, phase.operation_id, by)
    require(by, Act.OPERATION_EDIT, subject(owner))
    if owner.state in ENDED:
        raise RuleBroken("", "The operation has ended. Its calendar can no longer change.")
    if phase.starts <= now():
        raise RuleBroken("", "This phase has begun: move its end instead.")
    session.delete(phase)
    session.flush()
    journal.record(session, by, "phase.drop", "phase", phase.id, operation=owner.id, phase=phase.kind)


def _columns(draft: OperationDraft) -> dict[str, Any]:
    columns = draft.model_dump()
    for name in ("type", "classification", "art3_screen"):
        columns[name] = columns[name].value
    columns["line_kinds"] = [*draft.line_kinds]
    return columns


def _refuse_taken_name(session: Session, draft: OperationDraft) -> None:
    """Raise RuleBroken where code name and edition are taken.

    Unscoped: also by an operation that the asker cannot see.
    """
    taken = session.exec(
        unscoped(
            select(Operation.id).where(
                Operation.code_name == draft.code_name, Operation.edition == draft.edition, Operation.id != draft.id
            )
        )
    ).first()
    if taken is not None:
        raise RuleBroken("code_name", "This code name and edition are taken: choose another.")
