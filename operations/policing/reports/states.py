"""State machine of a report (domain 1.6.4), and the acts on reports allowed in each state of their operation.

V1 submitted, V2 locally verified, V3 nationally validated, V4 consolidated by an analyst whom another country or none
has seconded; no level is skipped. Four eyes: author, local verifier, national validator and consolidator are four
persons, and the person who answers a hit is none of them.

While an operation is suspended or cancelled no report changes. Once it is debriefed its figures are final: a
correction, answer or withdrawal by its country is then a late change, which is marked and verified again; nothing else
changes.
"""

from collections.abc import Iterator, Set
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.core.state_machine import Life, Step, ways
from operations.core.store import unscoped
from operations.core.vocabulary import Level, OperationState, ReportState, Role
from operations.core.worklist import DAYS, TO_COORDINATOR, UP, Waits
from operations.policing.operation.plan import Operation, held_states

S = OperationState
RUNNING = (S.PRE_OPERATIONAL, S.ACTIVE, S.CONSOLIDATION)
AFTERWARDS = (S.DEBRIEFED, S.FINAL, S.EVALUATED)


class Deed(StrEnum):
    """The acts on reports that depend on the state of the operation."""

    REPORT = "report"
    CORRECT = "correct"
    CLIMB = "climb"
    CONSOLIDATE = "consolidate"
    RETURN = "return"
    REJECT = "reject"
    ANSWER = "answer"
    WITHDRAW = "withdraw"


LATE = (Deed.CORRECT, Deed.ANSWER, Deed.WITHDRAW)
"""Acts a country may still do after the debriefing. All others then need a version that is itself late."""


def obstacle(state: str, deed: Deed, *, late: bool = False) -> Flaw | None:
    """Return why `deed` cannot be done in an operation of this state, or None.

    `late`: the version is itself a late change.
    """
    if state in RUNNING:
        return None
    if state == S.SUSPENDED:
        return Flaw("", "The operation is suspended. Nothing can change until it is resumed.")
    if state == S.CANCELLED:
        return Flaw("", "The operation is cancelled. Its reports can no longer change.")
    if state not in AFTERWARDS:
        return Flaw("", "Reporting is not open: the operation is not running.")
    if deed is Deed.REPORT:
        return Flaw("", "The operation is debriefed. You can correct sent reports, but not send new ones.")
    if deed in LATE or late or (deed is Deed.CONSOLIDATE and state == S.DEBRIEFED):
        return None
    return Flaw(
        "",
        "The operation is debriefed, so this step is not possible. If the report is wrong, its country can correct it.",
    )


def require_open(state: str, deed: Deed, *, late: bool = False) -> bool:
    """Return whether `deed` is a late change. Raises RuleBroken where it cannot be done in this state."""
    flaw = obstacle(state, deed, late=late)
    if flaw is not None:
        raise RuleBroken.all([flaw])
    return state in AFTERWARDS


def marked(*, late: bool) -> dict[str, Any]:
    """Return the mark of a late change for the detail of a journal entry."""
    return {"late": True} if late else {}


# --------------------------------------------------------------------------------------------- state machine

_R = ReportState


class ReportFacts(NamedTuple):
    """Inputs to the guards of a report's steps, beside the version.

    `state` is that of its operation, `by` who takes the step, `answered` the versions in which that person answered
    hits. `corrects`: their role may correct this version, at its site.
    """

    state: str
    by: Actor
    answered: Set[UUID] = frozenset()
    corrects: bool = True


def _climbs(found: Any, facts: ReportFacts) -> Iterator[Flaw]:
    """The operation lets reports climb, and other eyes look than those before."""
    yield from _lifted(found, facts, Deed.CLIMB)


def _is_consolidated(found: Any, facts: ReportFacts) -> Iterator[Flaw]:
    """The operation lets reports be consolidated, and other eyes look than those before."""
    yield from _lifted(found, facts, Deed.CONSOLIDATE)


def _lifted(found: Any, facts: ReportFacts, deed: Deed) -> Iterator[Flaw]:
    if (closed := obstacle(facts.state, deed, late=found.late)) is not None:
        yield closed
    if facts.by.is_one_of(found.author_id, found.verified_by, found.validated_by):
        yield Flaw("", "You wrote or verified this report, so somebody else must do this step.")
    if found.id in facts.answered:
        yield Flaw("", "You answered a hit of this report, so somebody else must verify it.")


def _goes_back(found: Any, facts: ReportFacts) -> Iterator[Flaw]:
    """The operation lets reports be returned."""
    if (closed := obstacle(facts.state, Deed.RETURN, late=found.late)) is not None:
        yield closed


def _is_refused(found: Any, facts: ReportFacts) -> Iterator[Flaw]:
    """The operation lets reports be rejected."""
    if (closed := obstacle(facts.state, Deed.REJECT, late=found.late)) is not None:
        yield closed


def _is_corrected(found: Any, facts: ReportFacts) -> Iterator[Flaw]:
    """Its author corrects it, where the operation and the site are open."""
    if (closed := obstacle(facts.state, Deed.CORRECT)) is not None:
        yield closed
    if facts.by.account_id != found.author_id or not facts.corrects:
        yield Flaw("", "Only its author can correct it.")


def _is_taken_back(_found: Any, facts: ReportFacts) -> Iterator[Flaw]:
    """The operation lets reports be withdrawn."""
    if (closed := obstacle(facts.state, Deed.WITHDRAW)) is not None:
        yield closed


_DESK = {Role.TEAM_LEADER: (_R.SUBMITTED,), Role.NATIONAL_COORDINATOR: (_R.SUBMITTED, _R.LOCALLY_VERIFIED)}
"""States from which a role returns or rejects reports; the analyst from validated ones."""


def _may(found: Any, _facts: ReportFacts, step: Step[ReportState], by: Actor) -> bool:
    if step.act in (Act.REPORT_RETURN, Act.REPORT_REJECT) and step.before not in _DESK.get(
        by.role, (_R.NATIONALLY_VALIDATED, _R.CONSOLIDATED)
    ):
        return False
    others = by.role is not Role.NATIONAL_COORDINATOR and found.author_id != by.account_id
    if step.act is Act.REPORT_WITHDRAW and others:
        return False
    return may(by, step.act, Subject(country=found.country, operation=found.operation_id, site=found.site_id))


STANDING = (_R.SUBMITTED, _R.LOCALLY_VERIFIED, _R.NATIONALLY_VALIDATED, _R.CONSOLIDATED)
"""The states of valid versions: not set aside, withdrawn or replaced."""
_REPLACED = "A correction replaces it."
_SITUATION = "/operations/{operation}/situation"
_VERIFY, _CORRECT = "/operations/{operation}/verify?show={id}", "/operations/{operation}/reports?report={id}"
_SENT = Waits(
    N_("Report of {site}, {day}: verify it locally."),
    _VERIFY,
    "shield-check",
    "received_at",
    within=DAYS,
    late=UP,
    above=_SITUATION,
)
_VERIFIED = Waits(
    N_("Report of {site}, {day}: validate it for your country."),
    _VERIFY,
    "shield-check",
    "received_at",
    within=2 * DAYS,
    late=TO_COORDINATOR,
    above=_SITUATION,
)
_BACK = Waits(
    N_("Your report of {site}, {day}, came back: correct it."),
    _CORRECT,
    "arrow-back-up",
    "received_at",
    within=2 * DAYS,
    late=UP,
    above=_SITUATION,
)
LIFE: Life[ReportState] = Life(
    "report",
    _R.SUBMITTED,
    (
        Step(
            _R.SUBMITTED,
            _R.LOCALLY_VERIFIED,
            "report.verify",
            Act.REPORT_VERIFY,
            N_("Verify locally"),
            "check",
            guard=_climbs,
            waits=_SENT,
        ),
        Step(
            _R.LOCALLY_VERIFIED,
            _R.NATIONALLY_VALIDATED,
            "report.validate",
            Act.REPORT_VALIDATE,
            N_("Validate for the country"),
            "check",
            guard=_climbs,
            waits=_VERIFIED,
        ),
        Step(
            _R.NATIONALLY_VALIDATED,
            _R.CONSOLIDATED,
            "report.consolidate",
            Act.REPORT_CONSOLIDATE,
            N_("Consolidate"),
            "check",
            guard=_is_consolidated,
        ),
        *ways(
            STANDING,
            _R.RETURNED,
            "report.return",
            Act.REPORT_RETURN,
            guard=_goes_back,
        ),
        *ways(STANDING, _R.REJECTED, "report.reject", Act.REPORT_REJECT, guard=_is_refused),
        *ways(
            (*STANDING, _R.RETURNED),
            _R.WITHDRAWN,
            "report.withdraw",
            Act.REPORT_WITHDRAW,
            why=N_("Reason"),
            guard=_is_taken_back,
        ),
        *ways(STANDING, _R.SUPERSEDED, "report.supersede", Act.REPORT_CORRECT, elsewhere=_REPLACED),
        Step(
            _R.RETURNED,
            _R.SUPERSEDED,
            "report.supersede",
            Act.REPORT_CORRECT,
            elsewhere=_REPLACED,
            guard=_is_corrected,
            waits=_BACK,
        ),
    ),
    ends=(_R.REJECTED, _R.WITHDRAWN, _R.SUPERSEDED, _R.NATIONALLY_VALIDATED, _R.CONSOLIDATED),
    may=_may,
    astray=Flaw("", "This step is no longer possible for this report. Reload the page to see its state."),
    never=(_R.DRAFT, _R.FROZEN),
)
"""The state machine of report versions.

An unsent form is no version; a frozen one is a copy in a snapshot, while the report itself may still be corrected.

A validated report may still be corrected, returned or withdrawn.
"""

LEVELS = {
    _R.SUBMITTED: Level.V1,
    _R.LOCALLY_VERIFIED: Level.V2,
    _R.NATIONALLY_VALIDATED: Level.V3,
    _R.CONSOLIDATED: Level.V4,
}
"""The level of a valid version in each state."""
CLIMBS = tuple(step for step in LIFE.steps if step.after in LEVELS)
"""The steps to a higher level."""
EYES = {Level.V1: "author_id", Level.V2: "verified_by", Level.V3: "validated_by", Level.V4: "consolidated_by"}
"""The column of a version that names the person who answers for each level."""


# ------------------------------------------------------------------------------------------- the operation's state


_STATE = unscoped(select(Operation.state).where(col(Operation.id) == bindparam("operation")).with_for_update(read=True))


def hold_state(session: Session, operation_id: UUID) -> str:
    """Return the state of an operation, under a shared lock until the transaction ends.

    Take this lock before any other: a step of the operation waits for it, and waiting for that step would deadlock.
    """
    state: str = session.exec(_STATE, params={"operation": operation_id}).one()
    held_states(session)[operation_id] = state
    return state
