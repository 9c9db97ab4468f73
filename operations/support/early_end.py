"""The end of a running operation before the day that was planned: its phases, tasks and teams, in one transaction."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple
from uuid import UUID

from sqlmodel import Session

from operations.core.clock import now
from operations.core.drafts import Draft, NeededWords
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.vocabulary import OperationState, PhaseKind
from operations.policing import lifecycle
from operations.policing.calendar import tasks, timeline
from operations.policing.calendar.task_rows import Task
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation, Phase, PhaseDraft
from operations.support import deployment_acts, deployments
from operations.support.deployments import Deployment
from operations.support.states import DeploymentState


class TasksLeft(StrEnum):
    """The fate of open tasks that are due after an early end."""

    KEEP = "keep"
    DROP = "drop"


class TeamsLeft(StrEnum):
    """The fate of teams that are on site at an early end."""

    RELEASE = "release"
    STAY = "stay"


_TASKS = {
    TasksLeft.KEEP.value: N_("Keep them: they are done after the end"),
    TasksLeft.DROP.value: N_("Drop them"),
}
_TEAMS = {
    TeamsLeft.RELEASE.value: N_("Release them now"),
    TeamsLeft.STAY.value: N_("They stay until they report that they left"),
}


class EndDraft(Draft):
    """Draft of an early end: its reason, and the fate of remaining tasks and teams."""

    reason: Annotated[NeededWords, Label(N_("Why it ends early"), N_("It is written into the journal."))]
    tasks: Annotated[TasksLeft, Label(N_("Open tasks"), choices=_TASKS)] = TasksLeft.KEEP
    teams: Annotated[TeamsLeft, Label(N_("Teams on site"), choices=_TEAMS)] = TeamsLeft.RELEASE


class Left(NamedTuple):
    """A preview of an early end: running and coming phases, their open tasks, and teams on site or on their way."""

    running: list[Phase]
    coming: list[Phase]
    tasks: list[Task]
    on_site: list[Deployment]
    on_the_way: list[Deployment]


def offered(operation: Operation, phases: list[Phase], by: Actor) -> bool:
    """Whether `by` may end the operation before its operational phases are over."""
    early = any(each.kind == PhaseKind.OPERATIONAL and each.ends > now() for each in phases)
    runs = operation.state == OperationState.ACTIVE
    return runs and early and may(by, Act.OPERATION_RUN, plan.subject(operation))


def left(session: Session, operation: Operation, at: datetime) -> Left:
    """What is left of an operation at a moment, as far as the asker sees it."""
    phases = [each for each in plan.phases(session, operation.id) if each.kind == PhaseKind.OPERATIONAL]
    running = [each for each in phases if each.starts < at < each.ends]
    coming = [each for each in phases if each.starts >= at]
    ids, dropped = {each.id for each in (*running, *coming)}, {each.id for each in coming}
    still_open = [
        each
        for each in tasks.tasks(session, operation.id)
        if each.phase_id in ids and not each.ended and (each.due > at or each.phase_id in dropped)
    ]
    there = deployments.teams_on_site(session, operation)
    bound = (DeploymentState.REQUESTED, DeploymentState.APPROVED, DeploymentState.MOBILISING)
    coming_teams = [each for each in deployments.deployments(session, operation.id) if each.state in bound]
    return Left(running, coming, still_open, there, coming_teams)


def end_now(session: Session, operation_id: UUID, draft: EndDraft, by: Actor) -> Operation:
    """End a running operation now and go on to its consolidation.

    The running phase ends, phases that have not begun are dropped, open tasks leave the phase or are dropped, teams on
    site are released or stay, and teams that have not arrived are stood down.
    """
    owner = plan.hold(session, operation_id, by)
    require(by, Act.OPERATION_RUN, plan.subject(owner))
    if owner.state != OperationState.ACTIVE:
        raise RuleBroken("", "The operation is not running: there is nothing to end now.")
    moment = now()
    found = left(session, owner, moment)
    for task in found.tasks:
        if draft.tasks is TasksLeft.DROP:
            tasks.cancel(session, task.id, draft.reason, by)
        else:
            tasks.leave_phase(session, task.id, by)
    for phase in found.coming:
        timeline.drop(session, phase.id, by)
    for phase in found.running:
        columns = phase.model_dump(include={"id", "kind", "name", "starts"})
        timeline.schedule(session, owner.id, PhaseDraft(**columns, ends=moment), by)
    for team in found.on_the_way:
        deployment_acts.stand_down(session, team.id, draft.reason, by)
    if draft.teams is TeamsLeft.RELEASE:
        for team in found.on_site:
            deployment_acts.release(session, team.id, draft.reason, by)
    return lifecycle.move(session, owner.id, OperationState.CONSOLIDATION, by, draft.reason)
