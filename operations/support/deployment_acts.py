"""Verbs of deployments: order, reports of each step, stand-down, debriefing, check-ins and handover notes.

Each verb takes one step of `deployments.LIFE` and writes it into the log. A step that the state machine does not have
is refused with a message that says what to do instead.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from operations.core import rows
from operations.core.clock import now
from operations.core.drafts import reason
from operations.core.errors import Conflict, NotPermitted, RuleBroken
from operations.core.field_labels import N_
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.permissions import Act, require
from operations.core.state_machine import Step
from operations.core.store import alone, unscoped
from operations.policing.operation import plan
from operations.support import deployments, requests
from operations.support.deployments import LIFE, Deployment, DeploymentEntry, DutyDraft, OrderDraft
from operations.support.states import ON_DUTY, DeploymentState, EntryKind

_S = DeploymentState
_AHEAD = timedelta(minutes=5)
"""The tolerance for a telephone's clock that is ahead."""

# ----------------------------------------------------------------------------------------------------- verbs


def order(session: Session, deployment_id: UUID, draft: OrderDraft, by: Actor) -> Deployment:
    """Order an accepted team to go. Idempotent."""
    found = _held(session, deployment_id, Act.DEPLOYMENT_ORDER, by)
    said = draft.model_dump()
    if found.approved_at is not None and all(getattr(found, name) == value for name, value in said.items()):
        return found
    LIFE.way(found, _S.APPROVED)
    if not draft.tasks:
        raise RuleBroken("tasks", "Say what the team does there: it stands in the order and in the letter.")
    for name, value in said.items():
        setattr(found, name, value)
    found.approved_at = now()
    _moves(session, found, _S.APPROVED, DutyDraft(id=new_id(), words=draft.tasks), by, "deployment.order")
    return found


def leave_base(session: Session, deployment_id: UUID, draft: DutyDraft, by: Actor) -> Deployment:
    """Report that the team has left its base."""
    return _reports(session, deployment_id, draft, by, _S.MOBILISING, "left_base_at")


def arrive(session: Session, deployment_id: UUID, draft: DutyDraft, by: Actor) -> Deployment:
    """Report that the team is on site; check-ins are due from here on."""
    return _reports(session, deployment_id, draft, by, _S.ON_SITE, "on_site_at")


def leave_site(session: Session, deployment_id: UUID, draft: DutyDraft, by: Actor) -> Deployment:
    """Report that the team has left the place."""
    return _reports(session, deployment_id, draft, by, _S.WITHDRAWN, "left_at")


def check_in(session: Session, deployment_id: UUID, draft: DutyDraft, by: Actor) -> Deployment:
    """Check in: all is well. A team that was out of contact is on site again."""
    found = _held(session, deployment_id, Act.DEPLOYMENT_REPORT, by)
    if _said_before(session, found, draft, EntryKind.CHECKED_IN):
        return found
    if _S(found.state) not in ON_DUTY:
        raise RuleBroken("", "Only a team that is on site checks in: report the arrival first.")
    at = _moment(session, found, draft)
    LIFE.go(found, _S.ON_SITE)
    found.contact_at = max(at, found.contact_at or at)
    _write(session, found, EntryKind.CHECKED_IN, draft, at, by)
    deployments.record(session, by, "deployment.check_in", found)
    return found


def hand_over(session: Session, deployment_id: UUID, draft: DutyDraft, by: Actor) -> Deployment:
    """Write a handover note for the next team: the situation, and things to attend to. It names no person."""
    found = _held(session, deployment_id, Act.DEPLOYMENT_REPORT, by)
    if _said_before(session, found, draft, EntryKind.HANDOVER):
        return found
    if not draft.words:
        raise RuleBroken("words", "The note is empty. Write what the next team needs to know.")
    if found.approved_at is None or found.state == _S.STOOD_DOWN:
        raise RuleBroken("", "The team was not ordered to go, so there is nothing to hand over.")
    _write(session, found, EntryKind.HANDOVER, draft, _moment(session, found, draft), by)
    deployments.record(session, by, "deployment.hand_over", found)
    return found


def debrief(session: Session, deployment_id: UUID, draft: DutyDraft, by: Actor) -> Deployment:
    """Write the debriefing of a deployment that is over."""
    if not draft.words:
        raise RuleBroken("words", "Write what was learnt: the debriefing is kept with the deployment.")
    return _reports(session, deployment_id, draft, by, _S.DEBRIEFED, "ended_at")


REPORTS = {
    "deployment.mobilising": leave_base,
    "deployment.on_site": arrive,
    "deployment.check_in": check_in,
    "deployment.hand_over": hand_over,
    "deployment.withdrawn": leave_site,
    "deployment.debriefed": debrief,
}
"""The verbs by which a team leader reports, by their act in the journal."""


def stand_down(session: Session, deployment_id: UUID, why: str, by: Actor) -> Deployment:
    """Stand down a deployment that has not arrived, with a reason: its need is open again. Idempotent."""
    found = _held(session, deployment_id, Act.DEPLOYMENT_STAND_DOWN, by)
    if found.state == _S.STOOD_DOWN:
        return found
    LIFE.way(found, _S.STOOD_DOWN)
    why = reason(why)
    need, _asked = requests.hold_need(session, found.need_id)
    need.accepted -= 1
    session.add(need)
    found.ended_at = now()
    _moves(session, found, _S.STOOD_DOWN, DutyDraft(id=new_id(), words=why), by, "deployment.stand_down", reason=why)
    return found


RELEASE = Step(
    _S.ON_SITE,
    _S.WITHDRAWN,
    "deployment.release",
    Act.DEPLOYMENT_STAND_DOWN,
    N_("Release this team, or name it as left"),
    "logout",
    N_("Why it leaves, or how it is known that it left"),
)
"""How those who coordinate end the stay of a team: what its leader reports by the step of the life."""


def release(session: Session, deployment_id: UUID, why: str, by: Actor) -> Deployment:
    """Let a team on site leave it now, as whoever may stand teams down says. The same again changes nothing."""
    found = _held(session, deployment_id, Act.DEPLOYMENT_STAND_DOWN, by)
    if found.state == _S.WITHDRAWN:
        return found
    LIFE.way(found, _S.WITHDRAWN)
    why = reason(why)
    found.left_at = now()
    _moves(session, found, _S.WITHDRAWN, DutyDraft(id=new_id(), words=why), by, "deployment.release", reason=why)
    return found


def lose_contact(session: Session, deployment_id: UUID, by: System) -> Deployment:
    """Mark a team on site as offline when it is late by more than the check-in interval. For Muster itself."""
    if not isinstance(by, System):
        raise NotPermitted
    found = deployments.hold(session, deployment_id)
    if found.state == _S.ON_SITE and lost(found, now()):
        _moves(session, found, _S.OFFLINE, DutyDraft(id=new_id()), by, "deployment.lose_contact")
    return found


def lost(found: Deployment, at: datetime) -> bool:
    """Return whether a check-in is late by more than the whole check-in interval."""
    return found.due_at is not None and at > found.due_at + timedelta(hours=found.check_in_hours)


def accredit(session: Session, deployment_id: UUID, by: Actor) -> Deployment:
    """Give an ordered deployment the number of its accreditation letter. Idempotent: the number stays."""
    ordered = deployments.hold(session, deployment_id)
    plan.operation(session, ordered.operation_id, by)
    require(by, Act.DEPLOYMENT_ACCREDIT, deployments.subject(session, ordered))
    if ordered.accreditation is not None:
        return ordered
    if ordered.approved_at is None or ordered.state == _S.STOOD_DOWN:
        raise RuleBroken("", "A letter is written for a team that was ordered to go: give the order first.")
    alone(session, ordered.operation_id)
    of_operation = (Deployment.operation_id == ordered.operation_id, col(Deployment.accreditation).is_not(None))
    given = session.exec(unscoped(select(func.count()).select_from(Deployment).where(*of_operation))).one()
    ordered.accreditation = f"{ordered.country}-{ordered.operation_id.hex[:4].upper()}-{given + 1:04d}"
    ordered.accredited_at = now()
    session.add(ordered)
    deployments.record(session, by, Act.DEPLOYMENT_ACCREDIT, ordered, number=ordered.accreditation)
    return ordered


# ------------------------------------------------------------------------------------------------------ steps


def _held(session: Session, deployment_id: UUID, act: Act, by: Actor) -> Deployment:
    """Return the deployment, locked for update, where `by` may do `act` to it; a team leader only for the own team."""
    found = deployments.hold(session, deployment_id)
    if not deployments.lets(session, found, act, by):
        raise NotPermitted
    return found


def _reports(
    session: Session, deployment_id: UUID, draft: DutyDraft, by: Actor, after: DeploymentState, column: str
) -> Deployment:
    """Take a step that a team leader reports, at the given moment."""
    found = _held(session, deployment_id, Act.DEPLOYMENT_REPORT, by)
    if _said_before(session, found, draft, EntryKind.MOVED):
        return found
    if LIFE.way(found, after).before is after:
        raise RuleBroken.all([deployments.PAST])  # a team on site checks in, and does not arrive again
    at = _moment(session, found, draft)
    setattr(found, column, at)
    if after is _S.ON_SITE:
        found.contact_at = at
    _moves(session, found, after, draft, by, f"deployment.{after.value}", at=at)
    return found


def _moment(session: Session, found: Deployment, draft: DutyDraft) -> datetime:
    """Return the moment of a report: not in the future, and not before the last step. Raises RuleBroken on `at`.

    That Muster lost contact is no step of the team, whose check-in may have waited for a network since before.
    """
    at = draft.at or now()
    if at > now() + _AHEAD:
        raise RuleBroken("at", "This moment lies in the future: give the time at which it happened.")
    moved = (
        DeploymentEntry.deployment_id == found.id,
        DeploymentEntry.kind == EntryKind.MOVED.value,
        DeploymentEntry.state != _S.OFFLINE.value,
    )
    last = session.exec(select(DeploymentEntry.at).where(*moved).order_by(col(DeploymentEntry.at).desc())).first()
    if last is not None and draft.at is not None and at < last:
        raise RuleBroken("at", "This time is before the last reported step. Check the time.")
    return at if last is None else max(at, last)


def _said_before(session: Session, found: Deployment, draft: DutyDraft, kind: EntryKind) -> bool:
    """Return whether this very report is in the log already. Raises Conflict for its id with other content."""
    said = {"deployment_id": found.id, "kind": kind.value, "words": draft.words, "place": draft.place or found.place}
    otherwise = Conflict("This was already reported with other content. Reload the page to see it.")
    return rows.same_draft(session, DeploymentEntry, draft.id, said, otherwise) is not None


def _moves(
    session: Session,
    found: Deployment,
    after: DeploymentState,
    draft: DutyDraft,
    by: Actor | System,
    act: str,
    at: datetime | None = None,
    **detail: Any,
) -> None:
    LIFE.go(found, after)
    _write(session, found, EntryKind.MOVED, draft, at or now(), by)
    deployments.record(session, by, act, found, **detail)


def _write(
    session: Session, found: Deployment, kind: EntryKind, draft: DutyDraft, at: datetime, by: Actor | System
) -> None:
    session.add(found)
    session.add(
        DeploymentEntry(
            id=draft.id,
            deployment_id=found.id,
            request_id=found.request_id,
            operation_id=found.operation_id,
            country=found.country,
            host_country=found.host_country,
            kind=kind.value,
            state=found.state,
            place=draft.place or found.place,
            words=draft.words,
            at=at,
            recorded_at=now(),
            author_id=by.account_id if isinstance(by, Actor) else None,
            author_name=by.name,
        )
    )
    session.flush()
