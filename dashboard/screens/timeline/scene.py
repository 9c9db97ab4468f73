"""Scene of the timeline: everything that the page of one operation shows, read at one moment for one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts.timeline import bars as timeline_bars
from dashboard.parts.timeline import zones as timeline_zones
from dashboard.parts.timeline.zones import ZoneName
from dashboard.screens.timeline import task_board
from operations.core import clock
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.state_machine import StepOffer
from operations.core.vocabulary import TaskState
from operations.policing.calendar import tasks, timeline
from operations.policing.calendar.task_rows import ChecklistStep, Task
from operations.policing.calendar.timeline import Rows
from operations.policing.map_plan import places
from operations.policing.map_plan.places import Site
from operations.policing.operation import membership, plan
from operations.policing.operation.plan import Operation


@dataclass(frozen=True)
class TimelineScene:
    """The operation, its phases and tasks, and the places and names of people, as far as the reader may know them."""

    operation: Operation
    rows: Rows
    steps: Mapping[UUID, Sequence[ChecklistStep]]
    sites: Sequence[Site]
    zones: Sequence[ZoneName]
    names: Mapping[UUID, str]
    by: Actor

    @property
    def plans(self) -> bool:
        """Whether the reader moves phases and plans tasks."""
        return may(self.by, Act.OPERATION_EDIT, plan.subject(self.operation))

    def chart(self) -> dict[str, Any]:
        """Return the data of the timeline chart."""
        return timeline_bars.chart_of(self.operation, self.rows, self.zones, self.names, movable=self.plans)

    def board(self, session: Session, more: int) -> Component:
        """Return the tasks on their board; `more`: how often more cards were asked for."""
        offered, zone = partial(self._works, session), self.operation.zone
        return task_board.board(self.rows.tasks, self.steps, self.names, zone, clock.now(), offered, more)

    def list_rows(self) -> list[dict[str, Any]]:
        """Return the rows of the list."""
        return task_board.rows(self.rows.phases, self.rows.tasks, self.steps, self.names, self.operation.zone)

    def list_columns(self) -> list[dict[str, Any]]:
        """Return the columns of the list."""
        return task_board.columns(self.zones)

    def _works(self, session: Session, task: Task) -> list[StepOffer[TaskState]]:
        """Return the steps of a task for a reader who works on it; planners' steps are in the task's form."""
        found = tasks.offers(session, task, self.steps.get(task.id, ()), self.by)
        return [offer for offer in found if offer.step.act is Act.TASK_WORK]


def scene(session: Session, operation_id: UUID, by: Actor) -> TimelineScene:
    """Read the scene. Raises NotFound."""
    operation = plan.operation(session, operation_id, by)
    countries, sites = countries_of(session, operation, by), places.sites(session, operation.id)
    rows = timeline.rows(session, [operation.id])[operation.id]
    return TimelineScene(
        operation,
        rows,
        tasks.steps(session, operation.id),
        sites,
        timeline_zones.places(countries, sites, clock.now()),
        membership.names(session, operation.id, countries, {each.account_id for each in rows.tasks}),
        by,
    )


def countries_of(session: Session, operation: Operation, by: Actor) -> list[str]:
    """Return the countries that the timeline shows to a reader: those of the operation, or their own."""
    if by.national:
        return [by.country or ""]
    sites = places.sites(session, operation.id)
    return sorted({*plan.countries(session, operation.id), *(site.country for site in sites)})
